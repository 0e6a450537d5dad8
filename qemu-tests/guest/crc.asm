; SPDX-License-Identifier: BSD-2-Clause-Patent
; A program that a BIOS machine chains: it says over COM1 the CRC-32 of itself, of as many bytes as stand at LENGTH_AT.
; What is behind these few bytes, and that number, the case has put there.
bits 16
org 7C00h
	jmp start
	times 4 - ($ - $$) db 0
length	dd 0
start:
	xor ax, ax
	mov ds, ax
	mov ecx, [length]
	mov esi, 7C00h
	mov ebp, -1
.byte:
	mov eax, esi
	shr eax, 4
	mov es, ax
	mov bx, si
	and bx, 15
	movzx eax, byte [es:bx]
	xor ebp, eax
	mov di, 8
.bit:
	shr ebp, 1
	jnc .even
	xor ebp, 0EDB88320h
.even:
	dec di
	jnz .bit
	inc esi
	dec ecx
	jnz .byte
	mov si, t_crc
	call say
	mov eax, ebp
	not eax
	call hex32
	mov si, t_end
	call say
.stay:
	hlt
	jmp .stay

%include "serial.inc"

t_crc	db 13, 10, "crc: ", 0
t_end	db 13, 10, 0
