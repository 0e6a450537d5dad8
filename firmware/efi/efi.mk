# SPDX-License-Identifier: BSD-2-Clause-Patent
# rill.efi, and rill-aa64.efi for 64-bit ARM: the core and firmware/efi, linked as the PE files they are (build/worlds.mk says
# why not by gnu-efi's way). What differs between processors is in a folder of firmware/efi for each.
EFI_C    := $(filter-out %_test.c,$(wildcard firmware/efi/*.c firmware/*.c))
EFI_OBJ  := $(patsubst %.c,$(OUT)/efi/%.o,$(EFI_C) $(wildcard firmware/efi/x86_64/*.c)) $(OUT)/efi/core.a
AA64_OBJ := $(patsubst %.c,$(OUT)/aa64/%.o,$(EFI_C) $(wildcard firmware/efi/aarch64/*.c)) $(OUT)/aa64/core.a
PRODUCTS += $(OUT)/rill.efi $(OUT)/rill-aa64.efi
REPRODUCIBLE += rill.efi rill-aa64.efi

# Nobody else sees <efi.h>; build/check-layers looks, too. It includes the processor's efibind.h by the folder's name.
efi_headers  := -DGNU_EFI_USE_MS_ABI -isystem /usr/include/efi -isystem /usr/include/efi/x86_64
aa64_headers := -isystem /usr/include/efi -isystem firmware/efi
$(OUT)/efi/firmware/efi/%.o: EXTRA_CFLAGS += $(efi_headers)
$(OUT)/aa64/firmware/efi/%.o: EXTRA_CFLAGS += $(aa64_headers)
$(OUT)/asan/firmware/efi/%.o: EXTRA_CFLAGS += $(efi_headers)

# No time in the file's head: the same sources make the same file (`make same`). What is not used is left out, as in the
# BIOS image.
pe_ld   := lld-link /nologo /subsystem:efi_application /entry:efi_main /nodefaultlib /opt:ref /timestamp:0
efi_ld  := $(pe_ld) /machine:x64
aa64_ld := $(pe_ld) /machine:arm64

# Bytes 8 to 15 are of the DOS head that nobody reads any more: our own mark, as in rill.kpxe (loader/config.h).
mark_self = printf RILLSELF | dd of=$@ bs=1 seek=8 conv=notrunc status=none

$(OUT)/rill.efi: $(EFI_OBJ)
	@echo '  LD      $@'
	$(Q)$(efi_ld) /out:$@ $^
	$(Q)$(mark_self)

$(OUT)/rill-aa64.efi: $(AA64_OBJ)
	@echo '  LD      $@'
	$(Q)$(aa64_ld) /out:$@ $^
	$(Q)$(mark_self)

# Linked in every check, so that a changed contract is noticed at once.
cross: $(OUT)/rill.efi $(OUT)/rill-aa64.efi

# The road a sector travels is compiled for speed, all else for size. There is room for all of it here, from Block IO to SNP.
EFI_FAST := $(BIOS_FAST) firmware/efi/blockio_efi firmware/efi/clock firmware/efi/snp_env loader/attachment \
            loader/blockio loader/disk_cache loader/disk_overlay loader/disk_stream netstack/arp netstack/stream \
            undi/snp
$(EFI_FAST:%=$(OUT)/efi/%.o) $(EFI_FAST:%=$(OUT)/aa64/%.o): EXTRA_CFLAGS += -O2

# The card's tests run against a Simple Network Protocol made of quirks.
SNP_TESTS := undi/snp_test undi/snp_frames_test
$(SNP_TESTS:%=$(OUT)/asan/%): $(OUT)/asan/undi/snp_fake.o
$(SNP_TESTS:%=$(OUT)/m32/%): $(OUT)/m32/undi/snp_fake.o

# And against a UNDI 3.1.
NII_TESTS := undi/nii_test undi/nii_frames_test
$(NII_TESTS:%=$(OUT)/asan/%): $(OUT)/asan/undi/nii_fake.o
$(NII_TESTS:%=$(OUT)/m32/%): $(OUT)/m32/undi/nii_fake.o

# What of firmware/efi is tested on the host; it is never built for 32 bits.
efi_tested := clock
unit: $(efi_tested:%=$(OUT)/asan/firmware/efi/%_test.ok)
$(efi_tested:%=$(OUT)/asan/firmware/efi/%_test): %_test: %.o
