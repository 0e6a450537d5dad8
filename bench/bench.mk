# SPDX-License-Identifier: BSD-2-Clause-Patent
# Measurements against peers; their packages (build/packages-bench) are installed by these rules only.
.PHONY: bench-bios bench-efi bench-rom bench-login bench-ready
bench-bios bench-efi bench-rom bench-login:
	$(Q)build/deps check >/dev/null || build/deps install
	$(Q)build/deps check bench >/dev/null || build/deps install bench
	$(Q)$(MAKE) -s --no-print-directory bench-ready
	$(Q)bench/$@

bench-ready: $(OUT)/rill.kpxe $(OUT)/count.kpxe $(OUT)/rill-config $(OUT)/rill.efi $(OUT)/count.efi $(OUT)/rilld \
             $(OUT)/frameswitch $(OUT)/blaster $(OUT)/bench-payload.bin $(OUT)/bench-payload.efi $(OUT)/fetched.efi $(ROMS)

$(OUT)/blaster: $(OUT)/host/bench/blaster.o
	$(Q)$(host_cc) $^ -o $@

$(OUT)/bench-payload.bin: bench/payload/payload.asm $(wildcard bench/payload/*.inc)
	@echo '  NASM    $@'
	$(Q)mkdir -p $(@D)
	$(Q)nasm -f bin -o $@ $<

# UEFI programs that need no more of the tree than memcpy and text.
bench_efi := $(filter-out %/main.c %/fetched.c,$(wildcard bench/payload/efi/*.c)) lib/fmt.c lib/mem.c lib/mem_x86.c
bench_efi := $(bench_efi:%.c=$(OUT)/efi/%.o)
$(OUT)/efi/bench/payload/efi/%.o: EXTRA_CFLAGS += -O2 $(efi_headers)

$(OUT)/bench-payload.efi: $(OUT)/efi/bench/payload/efi/main.o $(bench_efi)
$(OUT)/fetched.efi: $(OUT)/efi/bench/payload/efi/fetched.o $(bench_efi)
$(OUT)/bench-payload.efi $(OUT)/fetched.efi:
	@echo '  LD      $@'
	$(Q)$(efi_ld) /out:$@ $^
