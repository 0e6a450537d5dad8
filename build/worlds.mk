# SPDX-License-Identifier: BSD-2-Clause-Patent
# The worlds a source is compiled for: a compiler and its flags each.
# $(OUT)/WORLD/PATH.o exists for every world and every source; $(OUT)/WORLD/core.a is the portable core.

WARN := -std=gnu11 -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wvla -Wundef -Werror
CPPFLAGS := -I. -MMD -MP

bare := -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -fno-strict-aliasing \
        -fno-delete-null-pointer-checks

host_cc = $(CC) -O2 -g -D_GNU_SOURCE
asan_cc = $(CC) -O1 -g -D_GNU_SOURCE -fsanitize=address,undefined -fno-sanitize-recover=all
m32_cc  = $(CC) -O2 -g -m32 -D_GNU_SOURCE -Ibuild/m32
fuzz_cc = $(CLANG) -O1 -g -D_GNU_SOURCE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
          -fprofile-instr-generate -fcoverage-mapping
musl_cc = musl-gcc -O2 -g -D_GNU_SOURCE -static
bios_cc = $(CC) -Os -m32 -march=i586 -mtune=generic -mpreferred-stack-boundary=2 $(bare) -ffunction-sections \
          -fdata-sections -fstack-usage -fcf-protection=none -mno-sse -mno-mmx
# UEFI's objects are what UEFI images are made of, COFF with Microsoft's calling convention, so every function may stand in a
# protocol table. Of gnu-efi only the headers: its crt0 and linker script make an ELF library that moves itself, which
# objcopy then dresses as PE; lld-link makes sections with their own rights, relocations the firmware applies, and the
# mark that says so (NX_COMPAT), which Secure Boot's signers want. Another machine is another --target.
coff    = -ffreestanding -mno-stack-arg-probe -fshort-wchar -ffunction-sections -fdata-sections -fno-ms-extensions \
          -fno-ms-compatibility
# No SSE: emulators, and all tests and measurements run in one, do a vector's work in calls: a frame's sum took three times
# as long with it.
efi_cc  = $(CLANG) -Os --target=x86_64-unknown-windows $(coff) -mno-red-zone -mgeneral-regs-only
aa64_cc = $(CLANG) -Os --target=aarch64-unknown-windows $(coff)
# Binutils read no names out of COFF objects for ARM.
aa64_ar = llvm-ar

WORLDS := host asan m32 fuzz musl bios efi aa64

# Where the flags stand is a source, too: a tree that is pulled anew must not link what was compiled by the old ones.
FLAGS_FROM := Makefile build/worlds.mk $(wildcard firmware/*/*.mk)

define compile_for
$(OUT)/$(1)/%.o: %.c $(FLAGS_FROM)
	@echo '  CC      $(1)/$$*'
	$(Q)mkdir -p $$(@D)
	$(Q)$$($(1)_cc) $(WARN) $(CPPFLAGS) $$(EXTRA_CFLAGS) -c $$< -o $$@

# q, not r: netstack/arp.o and netstack/wire/arp.o share a name, and both belong in it.
$(OUT)/$(1)/core.a: $(CORE:%.c=$(OUT)/$(1)/%.o)
	$(Q)rm -f $$@
	$(Q)$$(or $$($(1)_ar),ar) qcs $$@ $$^
endef
$(foreach world,$(WORLDS),$(eval $(call compile_for,$(world))))

# Freestanding worlds need their own memcpy and friends.
$(OUT)/bios/core.a: $(OUT)/bios/lib/mem.o $(OUT)/bios/lib/mem_x86.o
$(OUT)/efi/core.a: $(OUT)/efi/lib/mem.o $(OUT)/efi/lib/mem_x86.o
$(OUT)/aa64/core.a: $(OUT)/aa64/lib/mem.o $(OUT)/aa64/lib/mem_aarch64.o
