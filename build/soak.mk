# SPDX-License-Identifier: BSD-2-Clause-Patent
# make soak: the long proof, hours. One result file per case in build/out/soak/; a case that has one is not run again, so a
# soak that was interrupted goes on where it was. `make soak-again` forgets the results.
.PHONY: soak soak-again soak-fuzz soak-boots soak-long

SOAK_FUZZ_SECONDS ?= 60
soak_cases := $(patsubst qemu-tests/cases/%.py,%,$(wildcard qemu-tests/cases/*.py))
soak_long := $(patsubst qemu-tests/soaks/%.py,%,$(wildcard qemu-tests/soaks/*.py))

# One after the other: each wants the machine for itself.
soak:
	$(Q)build/deps check >/dev/null || build/deps install
	$(Q)for part in soak-sim soak-fuzz soak-boots soak-long; do $(MAKE) --no-print-directory -k $$part || exit 1; done
	@ls $(OUT)/soak/*.ok | wc -l | sed 's/$$/ cases passed/'

soak-again:
	$(Q)rm -rf $(OUT)/soak

soak-fuzz: $(foreach fuzzer,$(FUZZERS),$(OUT)/soak/fuzz-$(notdir $(fuzzer)).ok)

define soak_fuzz
$(OUT)/soak/fuzz-$(notdir $(1)).ok: $(OUT)/fuzz/$(1) $(filter $(OUT)/plant/$(1),$(FUZZ_PLANTED:%=$(OUT)/plant/%))
	$(Q)mkdir -p $$(@D)
	$(Q)build/fuzz $(OUT) $(SOAK_FUZZ_SECONDS) $(1) >$$(@:.ok=.log) 2>&1 || { cat $$(@:.ok=.log); exit 1; }
	$(Q)cat $$(@:.ok=.log)
	$(Q)mv $$(@:.ok=.log) $$@
endef
$(foreach fuzzer,$(FUZZERS),$(eval $(call soak_fuzz,$(fuzzer))))

soak-boots: $(soak_cases:%=$(OUT)/soak/boot-%.ok)

$(OUT)/soak/boot-%.ok: | qemu-ready qemu-guests image-full $(OUT)/driver-test/ready
	$(Q)mkdir -p $(@D)
	$(Q)qemu-tests/run-cases $* >$(@:.ok=.log) 2>&1 || { cat $(@:.ok=.log); exit 1; }
	$(Q)cat $(@:.ok=.log)
	$(Q)mv $(@:.ok=.log) $@

# 20 minutes of reads and writes, an hour of overload and silence, a seventh of it for each card; and cases whose like
# is in make test, and that take a minute.
soak-long: $(soak_long:%=$(OUT)/soak/long-%.ok)

$(OUT)/soak/long-%.ok: | qemu-ready qemu-guests
	$(Q)mkdir -p $(@D)
	$(Q)CASES=qemu-tests/soaks qemu-tests/run-cases $* >$(@:.ok=.log) 2>&1 || { cat $(@:.ok=.log); exit 1; }
	$(Q)cat $(OUT)/qemu-tests/$*/result.txt $(@:.ok=.log)
	$(Q)mv $(@:.ok=.log) $@
