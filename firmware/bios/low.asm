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
	dw code_end

%include "firmware/bios/modes.inc"
%include "firmware/bios/a20.inc"
%include "firmware/bios/hooks.inc"

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
	call a20_test
	mov [V(a20_was_on)], al
	call a20_on
	pop eax
	jc .no_a20
	mov edx, [V(base)]
	call pm_run
.back:
	call as_found
	retf                            ; AX = 0: the ROM goes on to the next boot device
.no_a20:
	mov si, no_a20
	call say
	jmp .back

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

; real_start_program: another program stands at 0:7C00; start it as the ROM would have.
; It returns straight to the ROM, so nothing of ours has to survive it.
real_start_program:
	call as_found
	jmp 0:7C00h

; as_found: everything of ours undone, registers and stack as the ROM called us; then AX = 0.
; In      near call on the low stack
; Out     SS:SP = the ROM's; all registers as on entry to 0:7C00, EAX = 0
as_found:
	call unhook
	call a20_restore
	pop ax                          ; where to go on, on the other stack
	mov ss, [V(entry_ss)]
	mov esp, [V(entry_esp)]
	push word [V(entry_flags)]
	popf
	push ax
	mov ebx, [V(entry_ebx)]
	mov edx, [V(entry_edx)]
	mov esi, [V(entry_esi)]
	mov edi, [V(entry_edi)]
	mov ebp, [V(entry_ebp)]
	mov es, [V(entry_es)]
	mov fs, [V(entry_fs)]
	mov gs, [V(entry_gs)]
	mov ds, [V(entry_ds)]
	xor eax, eax
	xor ecx, ecx
	ret
code_end:
	times -(($ - $$) > LOW_VARS) db 0       ; an error here: more than one page of code
