# SPDX-License-Identifier: BSD-2-Clause-Patent
# Measurements against peers; their packages (build/packages-bench) are installed by these rules only.
$(OUT)/blaster: $(OUT)/host/bench/blaster.o
	$(Q)$(host_cc) $^ -o $@

$(OUT)/bench-payload.bin: bench/payload/payload.asm $(wildcard bench/payload/*.inc)
	@echo '  NASM    $@'
	$(Q)mkdir -p $(@D)
	$(Q)nasm -f bin -o $@ $<
