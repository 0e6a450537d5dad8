; SPDX-License-Identifier: BSD-2-Clause-Patent
; A boot sector that tells over COM1 how it was started and what INT 13h and INT 15h say, prints the text of the next
; sector, and gives up with INT 18h.
bits 16
org 7C00h
%include "e820.inc"
	push sp                         ; first of all: 7C00h
	mov si, t_start
	call say
	mov al, dl
	call hex8
	pop ax
	call hex16
	pushf
	pop ax
	shr ax, 9
	and al, 1
	call hex8                       ; interrupts are on
	mov si, t_41
	call say
	mov ah, 41h
	mov bx, 55AAh
	call disk
	mov ax, bx
	call hex16
	mov si, t_42
	call say
	mov si, packet
	mov ah, 42h
	call disk
	mov si, 8000h
	call say
	mov si, t_02
	call say
	mov byte [8000h], 0
	mov ax, 0201h
	mov bx, 8000h
	mov cx, 2
	mov dh, 0
	call disk
	mov si, 8000h
	call say
	mov si, t_08
	call say
	mov ah, 8
	call disk
	mov al, dl
	call hex8
	mov si, t_81                    ; the machine's own first disk, if it has one
	call say
	inc byte [drive]
	mov byte [8000h], 0
	mov ax, 0201h
	mov bx, 8000h
	mov cx, 2
	mov dh, 0
	call disk
	mov al, dl
	call hex8
	mov si, 8000h
	call say
	mov si, t_e0                    ; and its CD, a drive that nobody renumbers
	call say
	mov byte [drive], 0E0h
	mov si, packet
	mov ah, 42h
	call disk
	mov al, dl
	call hex8
	mov si, 8000h
	call say
	mov si, t_kb
	call say
	int 12h
	call hex16
	xor ebx, ebx
.entry:
	e820_next
	jc .end
	mov si, t_map
	call say
	mov eax, [E820_AT + 4]
	call hex8
	mov eax, [E820_AT]
	call hex32
	mov si, t_plus
	call say
	mov eax, [E820_AT + 8]
	call hex32
	mov si, t_plus
	call say
	mov al, [E820_AT + 16]
	call hex8
	test ebx, ebx
	jnz .entry
.end:
	mov si, t_end
	call say
	int 18h

; INT 13h; its AH and carry
disk:
	mov dl, [drive]
	int 13h
	pushf
	mov al, ah
	call hex8
	pop ax
	and al, 1
	call hex8
	ret

%include "serial.inc"

drive	db 80h
packet	db 16, 0
	dw 1, 8000h, 0
	dq 1
t_start	db 13, 10, "mbr: ", 0
t_41	db 13, 10, "41 ", 0
t_42	db 13, 10, "42 ", 0
t_02	db 13, 10, "02 ", 0
t_08	db 13, 10, "08 ", 0
t_81	db 13, 10, "81 ", 0
t_e0	db 13, 10, "E0 ", 0
t_kb	db 13, 10, "KB ", 0
t_map	db 13, 10, "map ", 0
t_plus	db " ", 0
t_end	db 13, 10, 0
	times 510 - ($ - $$) db 0
	dw 0AA55h
