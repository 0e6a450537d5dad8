# SPDX-License-Identifier: BSD-2-Clause-Patent
# rill-attach: the disk driver inside Linux, one static program that runs from memory.
PRODUCTS += $(OUT)/rill-attach

DRIVER := $(filter-out %_test.c %_fuzz.c,$(wildcard driver/*.c))

# The kernel's headers (nbd, netlink) after musl's own.
kernel_headers := -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu
$(DRIVER:%.c=$(OUT)/musl/%.o): EXTRA_CFLAGS := $(kernel_headers)

$(OUT)/rill-attach: $(DRIVER:%.c=$(OUT)/musl/%.o) $(OUT)/musl/core.a
	@echo '  LINK    rill-attach'
	$(Q)$(musl_cc) $^ -o $@.debug
	$(Q)objcopy --strip-debug $@.debug $@

# What the unit tests need besides the core.
define driver_test
$(OUT)/asan/driver/$(1)_test: $(2:%=$(OUT)/asan/driver/%.o)
$(OUT)/m32/driver/$(1)_test: $(2:%=$(OUT)/m32/driver/%.o)
endef
$(eval $(call driver_test,nbd,nbd))
$(eval $(call driver_test,genl,genl))
$(eval $(call driver_test,memory_find,memory kmsg))
$(eval $(call driver_test,acpi,acpi kmsg))
$(eval $(call driver_test,options,options))
$(eval $(call driver_test,memory,memory kmsg))
$(eval $(call driver_test,arch,arch))
$(eval $(call driver_test,card_vlan,card_vlan kmsg))
$(eval $(call driver_test,lease,lease kmsg))
$(eval $(call driver_test,export,export nbd kmsg))

# What the fuzzers need besides the core.
$(foreach world,fuzz plant,$(eval $(OUT)/$(world)/driver/fuzz/nbd_fuzz: $(OUT)/$(world)/driver/nbd.o))
$(foreach world,fuzz plant,$(eval $(OUT)/$(world)/driver/fuzz/genl_fuzz: $(OUT)/$(world)/driver/genl.o))
$(OUT)/plant/driver/nbd.o $(OUT)/plant/driver/genl.o: | $(OUT)/plant/include/lib/bytes.h

# rill-attach in a real kernel: needs QEMU and, once, a Debian mirror for kernel and busybox (no root, no network namespace).
.PHONY: driver-test
driver-test: $(OUT)/rill-attach $(OUT)/rilld $(OUT)/driver-test/ready
	@echo '  RUN     driver/attach_test'
	$(Q)timeout 600 driver/attach_test $(OUT)/driver-test/log

# The newest cloud kernel: a meta package names it.
$(OUT)/driver-test/ready: driver/attach_guest_fetch
	@echo '  FETCH   a kernel and busybox for driver/attach_test'
	$(Q)$< $(@D)
	$(Q)touch $@
