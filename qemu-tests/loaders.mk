# SPDX-License-Identifier: BSD-2-Clause-Patent
# The loaders' cases boot the kernel and busybox that driver-test has fetched.
qemu-tests: $(OUT)/driver-test/ready

# And cases that chain them Debian's signed shim and GRUB.
qemu-tests: $(OUT)/debian-efi/ready
$(OUT)/debian-efi/ready: qemu-tests/loaders/fetch_efi
	@echo "  FETCH   Debian's signed shim and GRUB"
	$(Q)$< $(@D)
	$(Q)touch $@

# A TFTP server that is no package of ours.
qemu-tests: $(OUT)/tftpd-hpa/ready
$(OUT)/tftpd-hpa/ready: qemu-tests/loaders/fetch_tftpd
	@echo "  FETCH   tftpd-hpa"
	$(Q)$< $(@D)
	$(Q)touch $@
