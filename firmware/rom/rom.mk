# SPDX-License-Identifier: BSD-2-Clause-Patent
# Option ROMs (docs/rom.md): rom.asm with rom32.c in it, then rill.kpxe, packed; one file for each card, since SeaBIOS
# looks at no card's id but the first. make rom NIC=vvvv:dddd makes one for any other. ROM_EFI is the driver for UEFI that comes
# to lie behind it; without a word behind the sign there is none. ROM_SPLIT=yes: the payload is in an image of its
# own (docs/rom.md).
.PHONY: rom check-rom

ROM_LINKS := virtio=1af4-1000 virtio1=1af4-1041 e1000=8086-100e e1000e=8086-10d3
ROMS      := $(foreach link,$(ROM_LINKS),$(OUT)/rill-$(word 2,$(subst =, ,$(link))).rom)
ROM_NAMES := $(foreach link,$(ROM_LINKS),$(OUT)/rill-$(word 1,$(subst =, ,$(link))).rom)
PRODUCTS  += $(ROMS) $(ROM_NAMES) $(OUT)/rom-check
ROM_EFI   ?= $(filter %/rill-rom-x64.efi,$(PRODUCTS))
ROM_SPLIT ?=
$(if $(filter-out yes,$(ROM_SPLIT)),$(error ROM_SPLIT=$(ROM_SPLIT): "yes", or nothing behind the sign))

ROM32     := rom32 payload lzma
ROM32_OBJ := $(ROM32:%=$(OUT)/bios/firmware/rom/%.o) $(OUT)/bios/lib/mem.o $(OUT)/bios/lib/mem_x86.o

# A table of jumps would have addresses, and this code has none.
$(ROM32:%=$(OUT)/bios/firmware/rom/%.o): EXTRA_CFLAGS += -fno-jump-tables

$(OUT)/bios/rom32.elf: $(ROM32_OBJ) linker/rom32.ld
	@echo '  LD      $@'
	$(Q)$(subst linker/bios.ld,linker/rom32.ld,$(bios_ld)) -o $@ $(ROM32_OBJ)

$(OUT)/bios/rom32.bin: $(OUT)/bios/rom32.elf
	$(Q)objcopy -O binary -j .text $< $@

$(OUT)/bios/rom.bin: firmware/rom/rom.asm $(wildcard firmware/rom/*.inc) $(OUT)/bios/rom32.bin
	@echo '  NASM    $@'
	$(Q)nasm -f bin -w+all -I $(OUT)/bios/ -o $@ $<

# Another word for one of these makes another file.
rom_words = $(ROM_EFI:%=--efi %) $(ROM_SPLIT:%=--split)
.PHONY: rom-words
$(OUT)/bios/rom.words: rom-words
	$(Q)mkdir -p $(@D)
	$(Q)echo '$(rom_words)' | cmp -s - $@ || echo '$(rom_words)' > $@

$(OUT)/rill-%.rom: $(OUT)/bios/rom.bin $(OUT)/rill.kpxe $(ROM_EFI) $(OUT)/bios/rom.words build/rom firmware/rom/eficompress.py
	@echo '  ROM     $@'
	$(Q)build/rom --nic $(subst -,:,$*) --bios $(OUT)/bios/rom.bin --payload $(OUT)/rill.kpxe $(rom_words) $@

define rom_link
$(OUT)/rill-$(1).rom: $(OUT)/rill-$(2).rom
	$(Q)ln -sf rill-$(2).rom $$@
endef
$(foreach link,$(ROM_LINKS),$(eval $(call rom_link,$(word 1,$(subst =, ,$(link))),$(word 2,$(subst =, ,$(link))))))

rom: $(if $(NIC),$(OUT)/rill-$(subst :,-,$(NIC)).rom,$(ROMS) $(ROM_NAMES))

$(OUT)/rom-check: firmware/rom/rom-check firmware/rom/eficompress.py
	$(Q)cp $^ $(@D)

qemu-guests: $(ROMS) $(OUT)/bios/rom.bin

check: check-rom
check-rom: $(OUT)/bios/rom.bin $(OUT)/rill-1af4-1000.rom $(OUT)/rill.kpxe
	@echo '  CHECK   firmware/rom/rom-check'
	$(Q)firmware/rom/eficompress_test.py
	$(Q)firmware/rom/rom_check_test.py $^

# The parts that tests and fuzzers have in common with the ROM.
rom_tests := lzma payload rom
unit: $(rom_tests:%=$(OUT)/asan/firmware/rom/%_test.ok) $(rom_tests:%=$(OUT)/m32/firmware/rom/%_test.ok)
define rom_parts
$(rom_tests:%=$(OUT)/$(1)/firmware/rom/%_test): $(ROM32:%=$(OUT)/$(1)/firmware/rom/%.o)
endef
$(foreach world,asan m32,$(eval $(call rom_parts,$(world))))

define rom_fuzzed
$(OUT)/$(1)/firmware/rom/fuzz/payload_fuzz: $(OUT)/$(1)/firmware/rom/payload.o $(OUT)/$(1)/firmware/rom/lzma.o
endef
$(foreach world,fuzz plant,$(eval $(call rom_fuzzed,$(world))))
$(OUT)/plant/firmware/rom/payload.o $(OUT)/plant/firmware/rom/lzma.o: | $(PLANT_BYTES)
