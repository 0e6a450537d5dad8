# SPDX-License-Identifier: BSD-2-Clause-Patent
# count.kpxe: the BIOS firmware with another main; what that does not use the linker leaves out.
COUNT_OBJ := $(filter-out %/firmware/bios/main.o,$(BIOS_OBJ)) $(OUT)/bios/firmware/count/main.o \
             $(OUT)/bios/firmware/count/counter.o
PRODUCTS += $(OUT)/count.kpxe

$(OUT)/count/image.elf: $(COUNT_OBJ) linker/bios.ld
	@echo '  LD      $@'
	$(Q)mkdir -p $(@D)
	$(Q)$(bios_ld) -Map $(OUT)/count/image.map -o $@ $(COUNT_OBJ)

$(OUT)/count/image.inc $(OUT)/count/image.rel $(OUT)/count/image.bin &: $(OUT)/count/image.elf build/image-parts
	$(Q)build/image-parts $< $(OUT)/count
	$(Q)objcopy -O binary -j .init -j .resident $< $(OUT)/count/image.bin

$(OUT)/count.kpxe: firmware/bios/start.asm $(BIOS_ASM) $(OUT)/bios/low.bin $(OUT)/count/image.inc \
                   $(OUT)/count/image.rel $(OUT)/count/image.bin
	@echo '  NASM    $@'
	$(Q)nasm -f bin -I $(OUT)/count/ -I $(OUT)/bios/ -o $@ $<
