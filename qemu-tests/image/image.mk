# SPDX-License-Identifier: BSD-2-Clause-Patent
# The Debian disk that `make run` and the boots in QEMU stream. Built once; README.md beside this says what is in it.
.PHONY: image image-full
image: $(OUT)/rill-attach
	$(Q)qemu-tests/image/build $(OUT)/image

# The same with the kernel that has a driver for every card: only built for a card that needs it.
image-full: $(OUT)/rill-attach
	$(Q)qemu-tests/image/build $(OUT)/image-full linux-image-amd64
