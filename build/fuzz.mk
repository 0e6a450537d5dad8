# SPDX-License-Identifier: BSD-2-Clause-Patent
# make fuzz: every parser under libFuzzer with the sanitizers, FUZZ_SECONDS each, two at a time. What must come out
# stands in the `targets` beside the fuzzers: nothing found, 90 % of the lines covered, a planted bug noticed.
.PHONY: fuzz

FUZZERS      := $(patsubst %.c,%,$(wildcard netstack/fuzz/*_fuzz.c loader/fuzz/*_fuzz.c server/fuzz/*_fuzz.c \
                 driver/fuzz/*_fuzz.c pxe/fuzz/*_fuzz.c undi/fuzz/*_fuzz.c firmware/rom/fuzz/*_fuzz.c))
FUZZ_LISTS   := $(wildcard netstack/fuzz/targets loader/fuzz/targets server/fuzz/targets driver/fuzz/targets \
                 pxe/fuzz/targets undi/fuzz/targets firmware/rom/fuzz/targets)
FUZZ_PLANTED := $(shell awk '$$2 == "plant" { print $$1 "_fuzz" }' $(FUZZ_LISTS))

# A world of its own for the planted bug: the same compiler, but this lib/bytes.h comes first.
plant_cc    = $(fuzz_cc) -I$(OUT)/plant/include
PLANT_BYTES := $(OUT)/plant/include/lib/bytes.h
$(eval $(call compile_for,plant))

# The one length check everything rests on lets one byte too many through.
$(PLANT_BYTES): lib/bytes.h
	$(Q)mkdir -p $(@D)
	$(Q)sed '/rd_take(struct rd \*r/,/^}/s/if (len > r->left)/if (len > r->left + 1)/' $< >$@
	$(Q)! cmp -s $< $@ || { echo 'fuzz: nothing to plant the bug into: rd_take has changed'; exit 1; }

$(CORE:%.c=$(OUT)/plant/%.o) $(FUZZ_PLANTED:%=$(OUT)/plant/%.o): | $(PLANT_BYTES)

# What a fuzzer needs besides the core: further prerequisites, and FUZZ_LIBS_path/name_fuzz.
define fuzzer_for
$(OUT)/$(1)/%_fuzz: $(OUT)/$(1)/%_fuzz.o $(OUT)/$(1)/core.a
	@echo '  LD      $(1)/$$*_fuzz'
	$(Q)$$($(1)_cc) -fsanitize=fuzzer $$(filter %.o,$$^) $(OUT)/$(1)/core.a $$(FUZZ_LIBS_$$*_fuzz) -o $$@
endef
$(foreach world,fuzz plant,$(eval $(call fuzzer_for,$(world))))

fuzz: $(FUZZERS:%=$(OUT)/fuzz/%) $(FUZZ_PLANTED:%=$(OUT)/plant/%)
	$(Q)build/fuzz $(OUT) $(FUZZ_SECONDS) $(FUZZERS)
