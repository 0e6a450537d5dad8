# SPDX-License-Identifier: BSD-2-Clause-Patent
# Everything this project can do. `make` alone prints this list.
#
#: run          a machine without a disk boots Debian from this tree: rilld, QEMU, a login prompt
#:              NIC=e1000: with another card; FW=efi: by UEFI
#: test         the whole proof, 35 minutes: check, simulation, fuzzers, boots in QEMU
#:
#: all          every product, into build/out/
#: check        all that needs no root, network or emulator: layers, style, unit tests, short simulation, stack
#: sim          whole boots in a bad simulated network, SIM_SEEDS seeds (default 200)
#: fuzz         every parser for FUZZ_SECONDS each (default 7)
#: soak         the long proof (hours, resumable): 10,000 seeds, fuzzers 60 s each, every boot, soaks; soak-again: from the start
#: rom          option ROMs for QEMU's cards; NIC=vvvv:dddd: for that card alone (docs/rom.md); rom-check shows and verifies one
#: sign         rill.signed.efi for Secure Boot: KEY=db.key CERT=db.crt; same: UEFI's images, built twice, are the same
#: image        the Debian disk image the tests and `make run` boot (built once, cached); image-full: for any card
#: qemu-tests   whole boots in QEMU; CASE=name for one
#: driver-test  rill-attach in a real kernel in QEMU: takeover, STOP/CONT, server restart, ACPI tables (two minutes)
#: size         resident size, low memory and stack depth of the firmware
#: bench-bios   measure Rill over UNDI against iPXE, interleaved, into docs/performance.md (BENCH_RUNS=1: a short try)
#: bench-efi    the same on UEFI, over SNP, against snponly.efi and EDK2's TFTP client
#: bench-rom    the same in a card's option ROM, on both, against the iPXE that QEMU has there (50 minutes)
#: bench-login  measure how long Rill and iPXE take from DISCOVER to the server of their disk, into docs/performance.md
#: pxe-notes    the table of cards in docs/pxe-notes.md, anew from a run
#: pictures     docs/pictures anew: the screens of menu, progress and failures, whose words must be golden
#: mutants      break the code on purpose; every break must be noticed
#: tidy         licences, long functions and files, documents that name tests which are not there (part of check)
#: deps         install the Debian packages all this needs
#: clean        remove build/out
#
# V=1 shows the commands. CC= and CLANG= choose the compilers.

CC    := gcc
CLANG := clang
OUT   := build/out
PRODUCTS :=
REPRODUCIBLE :=
Q     := $(if $(V),,@)
SHELL := /bin/bash
FUZZ_SECONDS ?= 7
SIM_SEEDS    ?= 200

# The portable core: what is compiled, unchanged, for BIOS, UEFI, Linux, the simulator and the fuzzers.
not_core := %_test.c %_fuzz.c %_fake.c lib/mem%
CORE  := $(filter-out $(not_core),$(wildcard lib/*.c netstack/*.c netstack/wire/*.c loader/*.c undi/*.c undi/drivers/*.c \
                                     pxe/*.c))
TESTS := $(patsubst %.c,%,$(wildcard lib/*_test.c netstack/*_test.c netstack/wire/*_test.c \
                                    loader/*_test.c undi/*_test.c undi/drivers/*_test.c pxe/*_test.c server/*_test.c \
                                    driver/*_test.c sim/*_test.c))

.DEFAULT_GOAL := help
.PHONY: help
.DELETE_ON_ERROR:
.SECONDARY:

help:
	@sed -n 's/^#: \{0,1\}//p' Makefile

include build/worlds.mk
include build/check.mk
include build/fuzz.mk
include $(wildcard server/server.mk driver/driver.mk undi/drivers/drivers.mk firmware/*/*.mk sim/sim.mk \
                   qemu-tests/*.mk qemu-tests/image/*.mk bench/bench.mk)
include build/soak.mk

all: $(PRODUCTS)

-include $(shell find $(WORLDS:%=$(OUT)/%) -name "*.d" -type f 2>/dev/null)
