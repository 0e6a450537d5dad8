# SPDX-License-Identifier: BSD-2-Clause-Patent
# rill.efi on a stick and on a CD, for machines whose firmware starts nothing from the network.
MEDIA := $(OUT)/rill.img $(OUT)/rill.iso
PRODUCTS += $(MEDIA)
REPRODUCIBLE += $(notdir $(MEDIA))

$(MEDIA): $(OUT)/rill.efi build/media
	@echo '  MEDIA   $@'
	$(Q)build/media $< $@

qemu-guests: $(MEDIA)
