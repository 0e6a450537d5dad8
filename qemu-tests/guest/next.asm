; SPDX-License-Identifier: BSD-2-Clause-Patent
; The boot sector of the device that a BIOS goes on with: says the word WORD over COM1, and stops.
bits 16
org 7C00h
	xor ax, ax
	mov ds, ax
	mov si, text
	call say
.stop:
	hlt
	jmp .stop

%include "serial.inc"

text	db 13, 10, "next: ", WORD, 13, 10, 0
	times 510 - ($ - $$) db 0
	dw 0AA55h
