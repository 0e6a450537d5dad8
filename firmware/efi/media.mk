# SPDX-License-Identifier: BSD-2-Clause-Patent
# rill.efi and rill.kpxe on a stick and on a CD, for machines whose firmware starts nothing from the network.
MEDIA := $(OUT)/rill.img $(OUT)/rill.iso
PRODUCTS += $(MEDIA)
REPRODUCIBLE += $(notdir $(MEDIA))

$(OUT)/bios/medium.bin: firmware/bios/medium.asm
	@echo '  NASM    $<'
	$(Q)mkdir -p $(@D)
	$(Q)nasm -f bin -o $@ $<

MEDIUM_OF := $(OUT)/bios/medium.bin $(OUT)/rill.kpxe
$(MEDIA): $(MEDIUM_OF) $(OUT)/rill.efi build/media
	@echo '  MEDIA   $@'
	$(Q)build/media $(MEDIUM_OF) $(OUT)/rill.efi $@

qemu-guests: $(MEDIA)
