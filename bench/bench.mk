# SPDX-License-Identifier: BSD-2-Clause-Patent
# Measurements against peers; their packages (build/packages-bench) are installed by these rules only.
.PHONY: bench-bios bench-login bench-ready
bench-bios:
	$(Q)build/deps check >/dev/null || build/deps install
	$(Q)build/deps check bench >/dev/null || build/deps install bench
	$(Q)$(MAKE) -s --no-print-directory bench-ready
	$(Q)bench/bench-bios

bench-login:
	$(Q)build/deps check >/dev/null || build/deps install
	$(Q)build/deps check bench >/dev/null || build/deps install bench
	$(Q)$(MAKE) -s --no-print-directory bench-ready
	$(Q)bench/bench-login

bench-ready: $(OUT)/rill.kpxe $(OUT)/count.kpxe $(OUT)/rilld $(OUT)/frameswitch $(OUT)/blaster $(OUT)/bench-payload.bin

$(OUT)/blaster: $(OUT)/host/bench/blaster.o
	$(Q)$(host_cc) $^ -o $@

$(OUT)/bench-payload.bin: bench/payload/payload.asm $(wildcard bench/payload/*.inc)
	@echo '  NASM    $@'
	$(Q)mkdir -p $(@D)
	$(Q)nasm -f bin -o $@ $<
