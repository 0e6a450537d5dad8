# SPDX-License-Identifier: BSD-2-Clause-Patent
# rill-host: the whole firmware as a Linux process.
PRODUCTS += $(OUT)/rill-host
HOST_C := $(wildcard firmware/host/*.c)

define host_program
$(OUT)/$(1)/firmware/host/rill-host: $(HOST_C:%.c=$(OUT)/$(1)/%.o) $(OUT)/$(1)/core.a
	@echo '  LD      $$(@:$(OUT)/%=%)'
	$(Q)$$($(1)_cc) $$^ -lsodium -o $$@
endef
$(foreach world,host asan,$(eval $(call host_program,$(world))))

$(OUT)/rill-host: $(OUT)/host/firmware/host/rill-host
	$(Q)cp $< $@

# Compiled in every check, so that a changed contract is noticed at once.
cross: $(HOST_C:%.c=$(OUT)/host/%.o)
