# SPDX-License-Identifier: BSD-2-Clause-Patent
# The simulator, in two builds: with the sanitizers for `make sim`, optimized for the soak.
.PHONY: sim sim-short soak-sim

SIM := sim/main sim/tally sim/air sim/weather sim/provider sim/reader sim/trouble sim/machine sim/host sim/card

define sim_program
$(OUT)/$(1)/sim/sim: $(SIM:%=$(OUT)/$(1)/%.o) $(OUT)/$(1)/server/core.a $(OUT)/$(1)/core.a
	@echo '  LD      $$(@:$(OUT)/%=%)'
	$(Q)$$($(1)_cc) $$^ -lsodium -lpthread -o $$@
endef
$(foreach world,asan host,$(eval $(call sim_program,$(world))))

# A unit test of firmware and driver together: only here may one see both.
$(foreach world,asan m32,$(eval $(OUT)/$(world)/sim/handover_test: \
        $(patsubst %,$(OUT)/$(world)/driver/%.o,lease kmsg)))

# The one a failure's last line names.
$(OUT)/sim/sim: $(OUT)/asan/sim/sim
	$(Q)mkdir -p $(@D)
	$(Q)cp $< $@

# In `make check`: a second's worth, enough to see that a change broke the data path.
check: sim-short
sim-short: $(OUT)/sim/sim
	@echo '  SIM     30 seeds'
	$(Q)timeout 120 $< --seeds 1:30 >$<.log || { cat $<.log; exit 1; }

sim: $(OUT)/sim/sim
	@echo '  SIM     $(SIM_SEEDS) seeds'
	$(Q)$< --seeds 1:$(SIM_SEEDS)

# 10,000 seeds in ranges of 500; a range that was done is not done again.
SOAK_SEEDS  ?= 10000
soak_ranges := $(shell seq 0 500 $$(($(SOAK_SEEDS) - 1)))

soak-sim: $(soak_ranges:%=$(OUT)/soak/sim-%.ok)

$(OUT)/soak/sim-%.ok: $(OUT)/host/sim/sim $(OUT)/sim/sim
	@echo '  SOAK    sim, 500 seeds from $*'
	$(Q)mkdir -p $(@D)
	$(Q)$< --seeds $*:500 >$(@:.ok=.log) || { cat $(@:.ok=.log); exit 1; }
	$(Q)mv $(@:.ok=.log) $@
