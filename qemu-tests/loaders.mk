# SPDX-License-Identifier: BSD-2-Clause-Patent
# The loaders' cases boot the kernel and busybox that driver-test has fetched.
qemu-tests: $(OUT)/driver-test/ready
