# SPDX-License-Identifier: BSD-2-Clause-Patent
# The two commands of the README. Each may be the first thing that ever happens on a machine: nothing may be built before
# build/deps has been asked, so they call make again for what comes after.
.PHONY: run test qemu-tests qemu-ready qemu-guests

run:
	$(Q)build/deps check >/dev/null || build/deps install
	$(Q)$(MAKE) -s --no-print-directory qemu-ready
	$(Q)qemu-tests/run

test:
	$(Q)build/deps check >/dev/null || build/deps install
	$(Q)MAKE='$(MAKE)' qemu-tests/stages check sim fuzz driver-test qemu-tests

# All that a boot in QEMU needs.
qemu-ready: $(OUT)/rill.kpxe $(OUT)/rill-config $(OUT)/rilld $(OUT)/frameswitch image

# What the cases need beside it.
qemu-guests: $(OUT)/rill-host $(OUT)/bench-payload.bin $(OUT)/soak-guest.bin $(OUT)/blaster

qemu-tests: qemu-ready qemu-guests
	$(Q)qemu-tests/image/proof $(OUT)/image
	$(Q)qemu-tests/run-cases $(CASE)

$(OUT)/frameswitch: $(OUT)/host/qemu-tests/net/frameswitch.o
	$(Q)$(host_cc) $^ -o $@

$(OUT)/soak-guest.bin: qemu-tests/guest/soak.asm $(wildcard qemu-tests/guest/soak_*.inc bench/payload/*.inc)
	@echo '  NASM    $@'
	$(Q)mkdir -p $(@D)
	$(Q)nasm -f bin -o $@ $<
