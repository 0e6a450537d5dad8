# SPDX-License-Identifier: BSD-2-Clause-Patent
# The two commands of the README. Each may be the first thing that ever happens on a machine: nothing may be built before
# build/deps has been asked, so they call make again for what comes after.
.PHONY: run test qemu-tests qemu-ready qemu-guests machine-ready pxe-notes pictures

run:
	$(Q)build/deps check >/dev/null || build/deps install
	$(Q)image=$$(qemu-tests/run --image) && $(MAKE) -s --no-print-directory machine-ready $$image && qemu-tests/run

test:
	$(Q)build/deps check >/dev/null || build/deps install
	$(Q)MAKE='$(MAKE)' qemu-tests/stages check sim fuzz driver-test qemu-tests

# All that a boot in QEMU needs: without a disk, with the usual one.
machine-ready: $(OUT)/rill.kpxe $(OUT)/rill.efi $(OUT)/rill-config $(OUT)/rilld $(OUT)/frameswitch
qemu-ready: machine-ready image

# What the cases need beside it.
qemu-guests: $(OUT)/driver-test/ready $(OUT)/rill-attach \
            $(OUT)/rill-host $(OUT)/bench-payload.bin $(OUT)/soak-guest.bin $(OUT)/blaster \
            $(OUT)/rill.efi $(OUT)/blocks.efi $(OUT)/chained.efi $(OUT)/crc.efi $(OUT)/driver.efi $(OUT)/held.efi \
            $(OUT)/said.efi $(OUT)/secret.efi $(OUT)/rill-aa64.efi $(OUT)/secret-aa64.efi

# Some cases boot the large image; nobody else waits until it is built.
large_cases := $(patsubst qemu-tests/cases/%.py,%,$(shell grep -ls image-full qemu-tests/cases/*.py))
large_image := $(if $(CASE),$(if $(filter $(large_cases),$(CASE)),image-full),image-full)

qemu-tests: qemu-ready qemu-guests $(large_image)
	$(Q)qemu-tests/image/proof $(OUT)/image
	$(Q)qemu-tests/run-cases $(CASE)

# The table of cards in docs/pxe-notes.md, from a run.
undi_cases := $(patsubst qemu-tests/cases/%.py,%,$(wildcard qemu-tests/cases/int13_reads_right_over_the_undi_of_*.py))

pxe-notes: qemu-ready qemu-guests
	$(Q)PXE_NOTES=write JOBS=1 qemu-tests/run-cases $(undi_cases)
	$(Q)qemu-tests/seen

# What the screens look like; GOLDEN=write, too, when the words have changed. The menus' are made by their cases.
pictures: machine-ready
	$(Q)CASES=qemu-tests/scenes PICTURES=write JOBS=1 qemu-tests/run-cases
	$(Q)PICTURES=write JOBS=1 qemu-tests/run-cases a_boot_menu_is_shown_by_f8_and_chosen_from_by_key \
		on_uefi_a_boot_menu_is_chosen_from_by_key

$(OUT)/frameswitch: $(OUT)/host/qemu-tests/net/frameswitch.o $(OUT)/host/qemu-tests/net/switchport.o
	$(Q)$(host_cc) $^ -o $@

$(OUT)/soak-guest.bin: qemu-tests/guest/soak.asm $(wildcard qemu-tests/guest/soak_*.inc bench/payload/*.inc)
	@echo '  NASM    $@'
	$(Q)mkdir -p $(@D)
	$(Q)nasm -f bin -o $@ $<

# UEFI programs that the machines run.
$(OUT)/efi/qemu-tests/guest/%.o: EXTRA_CFLAGS += $(efi_headers)
$(OUT)/blocks.efi $(OUT)/chained.efi $(OUT)/crc.efi $(OUT)/driver.efi $(OUT)/held.efi $(OUT)/said.efi $(OUT)/secret.efi: \
$(OUT)/%.efi: $(OUT)/efi/qemu-tests/guest/%.o
	@echo '  LD      $@'
	$(Q)$(efi_ld) /out:$@ $^

$(OUT)/aa64/qemu-tests/guest/%.o: EXTRA_CFLAGS += $(aa64_headers)
$(OUT)/secret-aa64.efi: $(OUT)/%-aa64.efi: $(OUT)/aa64/qemu-tests/guest/%.o
	@echo '  LD      $@'
	$(Q)$(aa64_ld) /out:$@ $^
