; SPDX-License-Identifier: BSD-2-Clause-Patent
; The code page of the low block: CPU modes, calls into real mode, and the way back to the ROM.
; Assembled at offset 0 of its own segment; start.asm copies it to its place and applies the fixups.
; Nothing here is written to after that: variables live from LOW_VARS on, in another 4 KiB page.
%include "firmware/bios/low.inc"

bits 16
org 0

; What C and start.asm need to know of this page; struct low_code in low.h.
	dw fixups
	dw low_start
	dw real32
	dw real_interrupt
	dw real_pxe_call
	dw real_burst
	dw real_hook
	dw unhook
	dw real_start_disk
	dw real_start_program
	dw real_breathe
	dw api_code
	dw api_bang
	dw real_start_nbp
	dw int15_entry
	dw int18_entry
	dw int1a_entry
	dw real_undi_load
	dw code_end

%include "firmware/bios/modes.inc"
%include "firmware/bios/a20.inc"
%include "firmware/bios/hooks.inc"
%include "firmware/bios/pxe_entry.inc"

; low_start: from start.asm, once the block stands.
;
; In      EAX = linear address of the 32-bit code that unpacks the image and calls C
; Out     back to the ROM, when C returns, with everything as it was
low_start:
	mov cx, cs
	mov ds, cx
	mov es, cx
	mov ss, cx
	mov esp, LOW_STACK_TOP
	sti
	push eax
	call a20_on
	pop eax
	jc .no_a20
	mov edx, [V(base)]
	call pm_run
	jmp to_rom
.no_a20:
	mov si, no_a20
	call say
	jmp to_rom

; say: the text at DS:SI on the screen. Loses AX, BX, SI.
say:
	cld
.char:
	lodsb
	test al, al
	jz .said
	mov ah, 0Eh
	mov bx, 7
	int 10h
	jmp .char
.said:
	ret

no_a20  db 13, 10, "Rill: address line A20 cannot be opened; memory above 1 MiB is out of reach.", 13, 10, 0

%include "firmware/bios/leave.inc"

code_end:
	times -(($ - $$) > LOW_VARS) db 0       ; an error here: more than one page of code
