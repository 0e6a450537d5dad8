# SPDX-License-Identifier: BSD-2-Clause-Patent
# The driver in a card's ROM (docs/uefi-rom.md): firmware/efi with another main; what that does not use the linker leaves out.
# It stays in memory when its start is over, which is what another subsystem says.
ROM_EFI_OBJ := $(patsubst %.c,$(OUT)/efi/%.o,$(wildcard firmware/efi/rom/*.c)) $(filter-out %/efi/main.o,$(EFI_OBJ))
PRODUCTS += $(OUT)/rill-rom-x64.efi
REPRODUCIBLE += rill-rom-x64.efi

$(OUT)/rill-rom-x64.efi: $(ROM_EFI_OBJ)
	@echo '  LD      $@'
	$(Q)$(subst efi_application,efi_boot_service_driver,$(efi_ld)) /out:$@ $^
	$(Q)$(mark_self)

cross: $(OUT)/rill-rom-x64.efi
qemu-guests: $(OUT)/rill-rom-x64.efi

$(OUT)/efi/firmware/efi/rom/snp_efi.o $(OUT)/efi/undi/snp_provider.o: EXTRA_CFLAGS += -O2
