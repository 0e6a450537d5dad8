# SPDX-License-Identifier: BSD-2-Clause-Patent
# The Debian disk that `make run` and the boots in QEMU stream. Built once; README.md beside this says what is in it.
.PHONY: image
image: $(OUT)/rill-attach
	$(Q)qemu-tests/image/build $(OUT)/image
