# SPDX-License-Identifier: BSD-2-Clause-Patent
# Each driver's tests run against a fake of its card, at the level of registers.
VIRTIO_TESTS := undi/drivers/virtio_net_test
INTEL_TESTS  := undi/drivers/intel_test
$(VIRTIO_TESTS:%=$(OUT)/asan/%): $(OUT)/asan/undi/drivers/virtio_fake.o
$(VIRTIO_TESTS:%=$(OUT)/m32/%): $(OUT)/m32/undi/drivers/virtio_fake.o
$(INTEL_TESTS:%=$(OUT)/asan/%): $(OUT)/asan/undi/drivers/intel_fake.o
$(INTEL_TESTS:%=$(OUT)/m32/%): $(OUT)/m32/undi/drivers/intel_fake.o
