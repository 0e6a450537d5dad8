# SPDX-License-Identifier: BSD-2-Clause-Patent
# count.kpxe and count.efi: the firmware with another main; what that does not use the linker leaves out.
count_obj = $(patsubst %,$(OUT)/$(1)/firmware/count/%.o,$(1)_main count counter)
COUNT_OBJ := $(filter-out %/firmware/bios/main.o,$(BIOS_OBJ)) $(call count_obj,bios)
PRODUCTS += $(OUT)/count.kpxe $(OUT)/count.efi

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

$(OUT)/efi/firmware/count/efi_main.o: EXTRA_CFLAGS += $(efi_headers)
count_efi_c := $(filter-out firmware/efi/main.c %_test.c,$(wildcard firmware/efi/*.c firmware/efi/x86_64/*.c firmware/*.c))
$(OUT)/count.efi: $(count_efi_c:%.c=$(OUT)/efi/%.o) $(call count_obj,efi) $(OUT)/efi/core.a
	@echo '  LD      $@'
	$(Q)$(efi_ld) /out:$@ $^
