; SPDX-License-Identifier: BSD-2-Clause-Patent
; The ROM of an rtl8139 whose UNDI cannot be had: there is a UNDI ROM ID, and its loader does nothing but answer STATUS, with
; AX the same, or, with SPOILS, POST leaves the ROM with a byte changed. Both sums are the case's to put right.
%ifndef STATUS
%define STATUS 0
%endif
ROM_BYTES       equ 1024
STATUS_AT       equ 0                   ; of the loader's block

bits 16
org 0
	dw 0AA55h
	db ROM_BYTES / 512
	jmp near post
	db 0                            ; at 6: the ROM's sum
	times 16h - ($ - $$) db 0
	dw undi_id, pci
	times 20h - ($ - $$) db 0

pci:
	db "PCIR"
	dw 10ECh, 8139h, 0, pci_end - pci
	db 0, 0, 0, 2                   ; revision, class
	dw ROM_BYTES / 512, 1
	db 0, 80h
	dw 0
pci_end:

align 16, db 0
undi_id:                                ; at 40h
	db "UNDI", undi_id_end - undi_id
	db 0                            ; its sum
	db 0, 0, 1, 2
	dw loader, 4096, 4096, 4096
	db "PCIR"
undi_id_end:

post:
%ifdef SPOILS
	inc byte [cs:spoilt]
%endif
	xor ax, ax
	retf

; On the stack: where we come from, then the block.
loader:
	push bp
	push es
	mov bp, sp
	les bx, [bp + 8]
	mov word [es:bx + STATUS_AT], STATUS
	mov ax, STATUS
	pop es
	pop bp
	retf

spoilt	db 0
	times ROM_BYTES - ($ - $$) db 0
