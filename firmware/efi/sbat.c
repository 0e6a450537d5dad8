/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * What Secure Boot's shim wants to know of a program that it starts: names with a number each, which goes up when a
 * hole is closed, so that what has the hole can be refused by its number. Without it shim starts nothing.
 *
 * Source: shim's SBAT.md. A line: component, its number, vendor, its name for the package, version, where to read more.
 * All six must say something.
 */
#define SBAT "sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md\n" \
             "rill,1,Rill,rill,0.1,docs/configuration.md\n"

/* A text: no 0 at its end. */
__attribute__((section(".sbat"), used)) static const char sbat[sizeof(SBAT) - 1] = SBAT;
