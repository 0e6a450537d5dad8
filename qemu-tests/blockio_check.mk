# SPDX-License-Identifier: BSD-2-Clause-Patent
# The UEFI program that holds a disk to the Block IO chapters, made with gnu-efi: headers, entry code and linker script.
blockio_check := $(wildcard qemu-tests/guest/efi/*.c) lib/fmt.c lib/mem.c lib/mem_x86.c
GNU_EFI_LIB   := /usr/lib

# -fpic and no base: the entry code relocates the program. ms_abi is what the firmware's functions are called by.
guest_efi_cc = $(CC) -O2 -g -ffreestanding -fpic -fshort-wchar -mno-red-zone -fno-stack-protector -fno-strict-aliasing \
               -DGNU_EFI_USE_MS_ABI -isystem /usr/include/efi -isystem /usr/include/efi/x86_64
WORLDS += guest_efi
$(eval $(call compile_for,guest_efi))

$(OUT)/blockio_check.efi: $(blockio_check:%.c=$(OUT)/guest_efi/%.o)
	@echo '  LINK    $@'
	$(Q)ld -nostdlib --no-undefined -znocombreloc -shared -Bsymbolic -T $(GNU_EFI_LIB)/elf_x86_64_efi.lds \
		$(GNU_EFI_LIB)/crt0-efi-x86_64.o $^ -L $(GNU_EFI_LIB) -lgnuefi -o $@.debug
	$(Q)objcopy -j .text -j .sdata -j .data -j .dynamic -j .rodata -j .dynsym -j '.rel*' -j '.rela*' -j .reloc \
		--target=efi-app-x86_64 --subsystem=10 $@.debug $@

qemu-guests: $(OUT)/blockio_check.efi
