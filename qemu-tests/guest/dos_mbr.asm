; SPDX-License-Identifier: BSD-2-Clause-Patent
; A master boot record that works like DOS's: out of its own way to 0:0600, the active entry's first sector by the cylinder,
; head and sector that the table has for it, AH=02h. The partition table is written behind it by qemu-tests/dosdisk.py.
bits 16
org 600h
	cli
	xor ax, ax
	mov ss, ax
	mov sp, 7C00h
	sti
	mov ds, ax
	mov es, ax
	cld
	mov si, sp
	mov di, 600h
	mov cx, 256
	rep movsw
	jmp 0:.moved
.moved:
	mov si, 7BEh                    ; as DOS leaves it: the entry we start
	mov cx, 4
.entry:
	cmp byte [si], 80h
	je .active
	add si, 16
	loop .entry
	jmp .wrong
.active:
	mov dh, [si + 1]
	mov cx, [si + 2]
	mov bx, 7C00h
	mov ax, 201h
	int 13h
	jc .wrong
	cmp word [7DFEh], 0AA55h
	jne .wrong
	jmp 0:7C00h
.wrong:
	mov si, t_wrong
	call say
	mov al, 11h
	out 0F4h, al                    ; QEMU's isa-debug-exit
	hlt

%include "serial.inc"

t_wrong	db 13, 10, "dos: no active partition could be read by CHS", 13, 10, 0
	times 446 - ($ - $$) db 0
