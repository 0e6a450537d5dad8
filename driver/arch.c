/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/arch.h"
#include <sys/utsname.h>
#include <unistd.h>
#include "lib/fmt.h"

enum { ARCH_BIOS = 0, ARCH_EFI_IA32 = 6, ARCH_EFI_X64 = 7, ARCH_EFI_ARM64 = 11 };

uint16_t arch_of(bool has_uefi, const char *machine)
{
	static const struct { const char *machine; uint16_t arch; } known[] = {
		{ "x86_64", ARCH_EFI_X64 }, { "i686", ARCH_EFI_IA32 }, { "aarch64", ARCH_EFI_ARM64 },
	};

	for (size_t i = 0; has_uefi && i < COUNT_OF(known); i++)
		if (!strcmp(known[i].machine, machine))
			return known[i].arch;
	return ARCH_BIOS;
}

uint16_t arch_here(const char *firmware)
{
	char efi[256];
	struct utsname name;

	fmt_text(efi, sizeof efi, "%s/efi", firmware);
	return arch_of(access(efi, F_OK) == 0, uname(&name) == 0 ? name.machine : "");
}

void arch_fill_in(struct handover *h, const char *firmware)
{
	if (!h->has_arch) {
		h->arch = arch_here(firmware);
		h->has_arch = true;
	}
	if (!h->undi_major) {
		h->undi_major = h->arch == ARCH_BIOS ? 2 : 3;
		h->undi_minor = h->arch == ARCH_BIOS ? 1 : 0;
	}
}
