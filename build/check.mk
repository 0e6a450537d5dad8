# SPDX-License-Identifier: BSD-2-Clause-Patent
# The first tier: seconds, no root, no network, no emulator.
.PHONY: check unit layers tidy cross deps all clean mutants

check: layers tidy unit cross same

layers:
	@echo '  LAYERS'
	$(Q)build/check-layers

tidy:
	@echo '  TIDY'
	$(Q)build/check-tidy
	$(Q)build/check-musts
	$(Q)build/check-notes
	$(Q)build/mutants places

# Tests run twice: under the address and undefined-behaviour sanitizers, and as 32-bit code, which the BIOS is.
# The server is host code with libsodium, which Debian has for this architecture only; a test that lets instructions through
# one by one asks the kernel for it, and QEMU's user mode may stand in for that.
NOT_M32 := server/% pxe/undi_fetch_test
unit: $(TESTS:%=$(OUT)/asan/%.ok) $(patsubst %,$(OUT)/m32/%.ok,$(filter-out $(NOT_M32),$(TESTS)))

# 64 bits use cmocka itself; 32 bits its stand-in, see build/m32/cmocka.h.
asan_cmocka := -lcmocka
m32_cmocka  :=

# What a test needs besides the core: TEST_EXTRA_path/name_test := other objects, without world and .o
define test_for
$(OUT)/$(1)/%_test: $(OUT)/$(1)/%_test.o $(OUT)/$(1)/core.a
	$(Q)$$($(1)_cc) $$(filter-out %.a,$$^) $(OUT)/$(1)/core.a $$($(1)_cmocka) $$(TEST_LIBS_$$*_test) -o $$@
endef
$(foreach world,asan m32,$(eval $(call test_for,$(world))))

%.ok: %
	@echo '  RUN     $(<:$(OUT)/%=%)'
	$(Q)$(if $(filter $(OUT)/m32/%,$<),build/run32) $< >$<.log 2>&1 || { cat $<.log; exit 1; }
	$(Q)touch $@

# The core as BIOS and UEFI objects: the worlds without a C library must build, too.
cross: $(OUT)/bios/core.a $(OUT)/efi/core.a

deps:
	$(Q)build/deps install

clean:
	$(Q)rm -rf $(OUT)

mutants:
	$(Q)build/mutants
