/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * SBAT (Secure Boot Advanced Targeting): the components of this program, each with a generation number that goes up
 * when a hole is closed, so that shim can refuse all older generations at once. Without it shim starts nothing.
 *
 * Source: shim's SBAT.md. A line: component, generation, vendor, package, version, URL. No field may be empty.
 */
#define SBAT "sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md\n" \
             "rill,1,Rill,rill,0.1,docs/configuration.md\n"

/* A text: no 0 at its end, which newer compilers want to be told. */
#if __has_attribute(nonstring)
#define TEXT nonstring,
#else
#define TEXT
#endif
__attribute__((TEXT section(".sbat"), used)) static const char sbat[sizeof(SBAT) - 1] = SBAT;
