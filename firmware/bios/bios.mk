# SPDX-License-Identifier: BSD-2-Clause-Patent
# rill.kpxe: start.asm + low.asm + the image (C, linked at 0 by linker/bios.ld).
BIOS_C   := $(wildcard firmware/bios/*.c)
BIOS_C   := $(filter-out %_test.c,$(BIOS_C)) $(wildcard firmware/*.c)
# A crc32c() of its own stands in for the core's.
BIOS_OBJ := $(patsubst %.c,$(OUT)/bios/%.o,$(BIOS_C) $(filter-out netstack/wire/crc32c.c,$(CORE))) $(OUT)/bios/lib/mem.o \
            $(OUT)/bios/lib/mem_x86.o $(OUT)/bios/firmware/bios/cpu.o
$(OUT)/bios/firmware/bios/crc32c.o: EXTRA_CFLAGS += -O2
unit: $(OUT)/asan/firmware/bios/crc32c_test.ok $(OUT)/m32/firmware/bios/crc32c_test.ok
$(OUT)/asan/firmware/bios/crc32c_test $(OUT)/m32/firmware/bios/crc32c_test: %_test: %.o
BIOS_ASM := $(wildcard firmware/bios/*.inc)
PRODUCTS += $(OUT)/rill.kpxe $(OUT)/rill-config

$(OUT)/bios/firmware/bios/cpu.o: firmware/bios/cpu.asm
	@echo '  NASM    $<'
	$(Q)mkdir -p $(@D)
	$(Q)nasm -f elf32 -o $@ $<

# Non-PIC objects linked as PIE: what is left to do at run time is to add the load address (R_386_RELATIVE).
bios_ld := ld -m elf_i386 -pie -z notext -z norelro --no-dynamic-linker -Bsymbolic --gc-sections --warn-common \
           -z noexecstack --fatal-warnings --no-warn-rwx-segments -T linker/bios.ld

$(OUT)/bios/image.elf: $(BIOS_OBJ) linker/bios.ld
	@echo '  LD      $@'
	$(Q)$(bios_ld) -Map $(OUT)/bios/image.map -o $@ $(BIOS_OBJ)

$(OUT)/bios/image.inc $(OUT)/bios/image.rel $(OUT)/bios/image.bin &: $(OUT)/bios/image.elf build/image-parts
	$(Q)build/image-parts $< $(OUT)/bios
	$(Q)objcopy -O binary -j .init -j .resident $< $(OUT)/bios/image.bin

$(OUT)/bios/low.bin: firmware/bios/low.asm $(BIOS_ASM)
	@echo '  NASM    $<'
	$(Q)mkdir -p $(@D)
	$(Q)nasm -f bin -o $@ $<

$(OUT)/rill.kpxe: firmware/bios/start.asm $(BIOS_ASM) $(OUT)/bios/low.bin $(OUT)/bios/image.inc \
                  $(OUT)/bios/image.rel $(OUT)/bios/image.bin
	@echo '  NASM    $@'
	$(Q)nasm -f bin -I $(OUT)/bios/ -o $@ $<

# Compiled in every check, so that a changed contract is noticed at once.
cross: $(OUT)/rill.kpxe
bios_tested := map calibration pci_scan pci_hardware pnp
unit: $(bios_tested:%=$(OUT)/asan/firmware/bios/%_test.ok) $(bios_tested:%=$(OUT)/m32/firmware/bios/%_test.ok)
$(bios_tested:%=$(OUT)/asan/firmware/bios/%_test): %_test: %.o
$(bios_tested:%=$(OUT)/m32/firmware/bios/%_test): %_test: %.o

.PHONY: check-low check-stack
check: check-low check-stack
check-low:
	@echo '  LOW     one layout in low.inc, low.h and docs/memory-map.md'
	$(Q)build/check-low $(filter-out -fstack-usage,$(bios_cc))

check-stack: $(OUT)/rill.kpxe
	@echo '  STACK   the deepest path fits'
	$(Q)build/check-stack $(OUT)/bios/image.elf $(OUT)/bios/image.map build/stack-calls

# The UNDI tests run against an UNDI made of quirks.
UNDI_TESTS := undi/pxe_test undi/pxe_receive_test undi/pxe_burst_test undi/pxe_quirks_test undi/pxe_watchdog_test
$(UNDI_TESTS:%=$(OUT)/asan/%): $(OUT)/asan/undi/pxe_fake.o
$(UNDI_TESTS:%=$(OUT)/m32/%): $(OUT)/m32/undi/pxe_fake.o

.PHONY: size
size: $(OUT)/rill.kpxe build/check-stack build/stack-calls
	$(Q)build/image-size $(OUT)/bios/image.elf $(OUT)/bios/low.bin $(OUT)/rill.kpxe
	$(Q)build/check-stack $(OUT)/bios/image.elf $(OUT)/bios/image.map build/stack-calls

# What changes the configuration block of an image that is there.
.PHONY: check-config
check: check-config
check-config:
	@echo '  CHECK   firmware/rill-config'
	$(Q)firmware/config_test.py

$(OUT)/rill-config: firmware/rill-config
	$(Q)cp $< $@

# The road a sector travels is compiled for speed, all else for size; for UEFI, too.
BIOS_FAST := netstack/net netstack/stream_request netstack/stream_window netstack/wire/crc32c netstack/wire/eth \
             netstack/wire/ipv4 netstack/wire/stream netstack/wire/udp undi/drivers/intel undi/drivers/virtio_net \
             undi/drivers/virtio_pci undi/drivers/virtqueue
$(BIOS_FAST:%=$(OUT)/bios/%.o): EXTRA_CFLAGS += -O2
