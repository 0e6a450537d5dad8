; SPDX-License-Identifier: BSD-2-Clause-Patent
; A network boot program that calls the PXE API in real mode as it is told: what is called, with which registers, on whose
; stack, is the case's (qemu-tests/nbp.py), which sees and writes this memory from outside. Says "nbp: entry" over COM1, and then
; does what ORDER says, and clears it:
;     c       loads the registers of GIVEN, makes a far call, and keeps what came back there
;     x       returns to whoever started it, with AX = 0
; What is behind these bytes the case has put there.
bits 16
org 7C00h

struc frame
.eax	resd 1
.ebx	resd 1
.ecx	resd 1
.edx	resd 1
.esi	resd 1
.edi	resd 1
.ebp	resd 1
.flags	resd 1
.sp	resw 1
.ss	resw 1
.ds	resw 1
.es	resw 1
.fs	resw 1
.gs	resw 1
.ip	resw 1
.cs	resw 1
endstruc

; keep: every register into a frame, and our own stack. Changes no flag before they are kept.
%macro keep 1
	mov [cs:%1 + frame.eax], eax
	mov [cs:%1 + frame.ebx], ebx
	mov [cs:%1 + frame.ecx], ecx
	mov [cs:%1 + frame.edx], edx
	mov [cs:%1 + frame.esi], esi
	mov [cs:%1 + frame.edi], edi
	mov [cs:%1 + frame.ebp], ebp
	mov [cs:%1 + frame.sp], sp
	mov [cs:%1 + frame.ss], ss
	mov [cs:%1 + frame.ds], ds
	mov [cs:%1 + frame.es], es
	mov [cs:%1 + frame.fs], fs
	mov [cs:%1 + frame.gs], gs
	mov ax, cs
	mov ss, ax
	mov sp, stack_end
	pushfd
	pop dword [cs:%1 + frame.flags]
	mov ds, ax
	mov es, ax
	cld
%endmacro

; load: the registers of a frame, flags last
%macro load 1
	mov ss, [cs:%1 + frame.ss]
	mov sp, [cs:%1 + frame.sp]
	mov eax, [cs:%1 + frame.eax]
	mov ebx, [cs:%1 + frame.ebx]
	mov ecx, [cs:%1 + frame.ecx]
	mov edx, [cs:%1 + frame.edx]
	mov esi, [cs:%1 + frame.esi]
	mov edi, [cs:%1 + frame.edi]
	mov ebp, [cs:%1 + frame.ebp]
	mov ds, [cs:%1 + frame.ds]
	mov es, [cs:%1 + frame.es]
	mov fs, [cs:%1 + frame.fs]
	mov gs, [cs:%1 + frame.gs]
	push dword [cs:%1 + frame.flags]
	popfd
%endmacro

	jmp entry
	align 16, db 0
; nbp.py knows these places.
first	times frame_size db 0           ; 7C10h: the registers it was started with
given	times frame_size db 0           ; 7C40h
order	db 0                            ; 7C70h
	times 7E80h - 7C00h - ($ - $$) db 0
stack_end:

entry:
	keep first
	mov [first + frame.cs], cs
	mov word [first + frame.ip], 7C00h
	mov byte [order], 0
	mov si, t_entry
	call say
next:
	cmp byte [order], 'c'
	je far_call
	cmp byte [order], 'x'
	je leave_it
	jmp next

far_call:
	load given
	call far [cs:given + frame.ip]
	keep given
	mov byte [order], 0
	jmp next

leave_it:
	mov byte [order], 0
	mov dword [first + frame.eax], 0
	load first
	retf

%include "serial.inc"

t_entry	db 13, 10, "nbp: entry", 13, 10, 0
