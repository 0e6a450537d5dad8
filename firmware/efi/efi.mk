# SPDX-License-Identifier: BSD-2-Clause-Patent
# rill.efi: the core and firmware/efi, linked as the PE file it is (build/worlds.mk says why not by gnu-efi's way).
EFI_C   := $(wildcard firmware/efi/*.c firmware/*.c)
EFI_OBJ := $(EFI_C:%.c=$(OUT)/efi/%.o) $(OUT)/efi/core.a
PRODUCTS += $(OUT)/rill.efi
REPRODUCIBLE += rill.efi

# Nobody else sees <efi.h>; build/check-layers looks, too.
efi_headers := -DGNU_EFI_USE_MS_ABI -isystem /usr/include/efi -isystem /usr/include/efi/x86_64
$(OUT)/efi/firmware/efi/%.o: EXTRA_CFLAGS += $(efi_headers)

# No time in the file's head: the same sources make the same file (`make same`). What is not used is left out, as in the
# BIOS image.
efi_ld := lld-link /nologo /machine:x64 /subsystem:efi_application /entry:efi_main /nodefaultlib /opt:ref /timestamp:0

# Bytes 8 to 15 are of the DOS head that nobody reads any more: our own mark, as in rill.kpxe (loader/config.h).
$(OUT)/rill.efi: $(EFI_OBJ)
	@echo '  LD      $@'
	$(Q)$(efi_ld) /out:$@ $^
	$(Q)printf RILLSELF | dd of=$@ bs=1 seek=8 conv=notrunc status=none

# Linked in every check, so that a changed contract is noticed at once.
cross: $(OUT)/rill.efi

# The road a sector travels is compiled for speed, all else for size.
$(BIOS_FAST:%=$(OUT)/efi/%.o): EXTRA_CFLAGS += -O2

# The card's tests run against a Simple Network Protocol made of quirks.
SNP_TESTS := undi/snp_test undi/snp_frames_test
$(SNP_TESTS:%=$(OUT)/asan/%): $(OUT)/asan/undi/snp_fake.o
$(SNP_TESTS:%=$(OUT)/m32/%): $(OUT)/m32/undi/snp_fake.o
