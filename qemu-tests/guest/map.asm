; SPDX-License-Identifier: BSD-2-Clause-Patent
; The boot sector of the device that comes next: what memory it is told of, then it stops for good with interrupts off, so that
; memory can be looked at from outside.
bits 16
org 7C00h
%include "e820.inc"
	cli
	xor ax, ax
	mov ds, ax
	mov es, ax
	mov ss, ax
	mov sp, 7C00h
	sti
	mov si, t_kb
	call say
	int 12h
	call hex16
	mov si, t_88
	call say
	mov ah, 88h
	int 15h
	call hex16
	mov si, t_e801
	call say
	mov ax, 0E801h
	int 15h
	call hex16
	mov ax, bx
	call hex16
	mov ax, cx
	call hex16
	mov ax, dx
	call hex16
	xor ebx, ebx
.entry:
	e820_next
	jc .end
	mov si, t_e820
	call say
	mov di, E820_AT
	mov cx, 5
.dword:
	mov eax, [di]
	call hex32
	add di, 4
	loop .dword
	test ebx, ebx
	jnz .entry
.end:
	mov si, t_end
	call say
	cli
	hlt

%include "serial.inc"

t_kb    db 10, "map: 12 ", 0
t_88    db 10, "map: 88 ", 0
t_e801  db 10, "map: e801 ", 0
t_e820  db 10, "map: e820 ", 0
t_end   db 10, "map: end", 10, 0
	times 510 - ($ - $$) db 0
	dw 0AA55h
