; SPDX-License-Identifier: BSD-2-Clause-Patent
; Code of a boot sector, in front of its partition table, that says over COM1 the text in the last of 16 sectors, and stops.
bits 16
org 7C00h

FIRST	equ 85
SECTORS	equ 16
READ_AT	equ 8000h

	xor ax, ax
	mov ds, ax
	mov si, packet
	mov ah, 42h
	int 13h
	mov si, t_failed
	jc .say
	mov si, t_secret
	call say
	mov si, READ_AT + (SECTORS - 1) * 512
	call say
	mov si, t_end
.say:
	call say
.stop:
	hlt
	jmp .stop

%include "serial.inc"

packet	db 16, 0
	dw SECTORS, READ_AT, 0
	dq FIRST
t_secret db 13, 10, "secret: ", 0
t_failed db 13, 10, "the sectors cannot be read"
t_end	db 13, 10, 0
	times 440 - ($ - $$) db 0
