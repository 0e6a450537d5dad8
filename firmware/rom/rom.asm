; SPDX-License-Identifier: BSD-2-Clause-Patent
; The BIOS image of an option ROM around rill.kpxe (docs/rom.md): all but the payload, which build/rom packs and puts
; behind it, or, if the ROM is split, in the last image.
;
; POST far-calls init (at 3), which moves the payload above 1 MiB and leaves only this in upper memory; of a ROM that is split
; there was never more. When the machine is started from this card, its BIOS far-calls bev, which unpacks the payload to 0:7C00
; and far-calls that as it wants to be called by us: EAX = "RILL", BX = the card. What is 0 here and not said to be is filled in
; by build/rom.
%include "firmware/rom/rom.inc"
%include "firmware/rom/pci.inc"
bits 16
org 0
; ---- the head: PCI Firmware Specification 3.0
	dw 0AA55h
rom_size:
	db 0                            ; of the whole image, in units of 512 bytes; after POST of what stays
	jmp near init
	db 0                            ; at 6: the checksum
	times 16h - ($ - $$) db 0
	dw 0                            ; no UNDI ROM ID: nobody else can load a driver out of this ROM
	dw pcir
	dw pnp
	times ROM_ABOUT_AT - ($ - $$) db 0
about_rom:
	db "RROM"                       ; struct rom_about
	dw resident_bytes
	dw config
	dd 0                            ; config_in_program
	dd resident_bytes               ; payload_at
	dd 0                            ; payload_bytes
moved_to:
	dd 0

; ---- PCI data structure, revision 3
align 4, db 0
pcir:
	db "PCIR"
vendor_device:
	dd 0
	dw device_list - pcir
	dw pcir_end - pcir
	db 3
	db 0, 0, 2                      ; class: Ethernet controller
	dw 0                            ; image length
	dw 1                            ; revision of the code
	db 0                            ; code type: PC-AT
	db 0                            ; 80h: the last image
	dw resident_bytes / ROM_UNIT    ; the longest it will be after POST
	dw 0, 0                         ; no configuration utility, no CLP
pcir_end:
device_list:
	dw 0                            ; none but the card above: SeaBIOS would not look

; ---- PnP expansion header. IBM's BIOSes look for it at multiples of 16.
align 16, db 0
pnp:
	db "$PnP", 1, (pnp_end - pnp) / 16
	dw 0                            ; no other
	db 0
	db 0                            ; checksum
	dd 0
	dw manufacturer, product
	db 2, 0, 0                      ; Ethernet controller
	db 0F4h                         ; supports DDIM, may be shadowed and cached, needed only to boot from it, boots
	dw 0, 0                         ; no BCV, no disconnect vector
pnp_bev:
	dw bev
	dw 0, 0
pnp_end:

manufacturer    db "Rill", 0
product         db "Rill (PCI "
product_bus     db "xx:"
product_device  db "xx."
product_function db "x)", 0

align 4, db 0
writable        dw 0                    ; written to, to see whether that is possible
card            dw 0                    ; bus[8] device[5] function[3]

; pci: AX = the call, DI = the register, of this card. Loses AX BX DX, and ECX if it reads.
pci:
	mov bx, [card]
	int 1Ah
	ret

%include "firmware/rom/call32.inc"
%include "firmware/rom/flash.inc"
%include "firmware/rom/init.inc"
%include "firmware/rom/bev.inc"

; print: the text at CS:SI, to the screen.
print:
	pusha
.next:
	cs lodsb
	test al, al
	jz .done
	mov ah, 0Eh
	mov bx, 7
	int 10h
	jmp .next
.done:
	popa
	ret

align 4, db 0
code32:
	incbin "rom32.bin"
align 16, db 0
config:
	db "RILLCONF", 0, 1, 0, 0       ; docs/configuration.md; build/rom puts the payload's here
	times ROM_CONFIG_BYTES - ($ - config) db 0

align ROM_UNIT, db 0
resident_bytes  equ $ - $$
	times -(resident_bytes > 6144) db 0     ; an error here: more than 6 KiB would stay in upper memory
