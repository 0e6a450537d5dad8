; SPDX-License-Identifier: BSD-2-Clause-Patent
; In an option ROM in the place of rill.kpxe: it tells over COM1 how it was called, what it is configured with and the sum of the
; bytes the case has put behind it, writes over all of them, and gives the machine back.
bits 16
org 7C00h
	jmp near start
	align 8, db 0
	db "RILLSELF"
start:
	pushf
	pushad
	push ds
	push es
	mov bp, sp
	push cs
	pop ds
	mov si, t_called
	call say
	mov eax, [bp + 4 + 28]
	call hex32
	mov si, t_card
	call say
	mov ax, [bp + 4 + 16]
	call hex16
	mov si, t_at
	call say
	mov ax, cs
	call hex16
	mov si, t_block
	call say
	mov ax, [block + 10]
	xchg al, ah
	call hex16
	mov si, t_vlan
	call say
	mov eax, [block + 12]
	call hex32
	mov si, t_sum
	call say
	mov ax, 7C0h + (filling - $$) / 16
	mov es, ax
	xor eax, eax
	mov cx, (filling_bytes + 15) / 16
.paragraph:
	xor bx, bx
.dword:
	add eax, [es:bx]
	mov dword [es:bx], 0A5A5A5A5h
	add bx, 4
	cmp bx, 16
	jb .dword
	mov dx, es
	inc dx
	mov es, dx
	loop .paragraph
	call hex32
	mov si, t_end
	call say
	pop es
	pop ds
	popad
	popf
	mov ax, 0
	retf

%include "serial.inc"

t_called db 13, 10, "payload: EAX ", 0
t_card  db " card ", 0
t_at    db " segment ", 0
t_block db " configured ", 0
t_vlan  db " by ", 0
t_sum   db " sum ", 0
t_end   db 13, 10, "payload: done", 13, 10, 0

align 16, db 0
block:
	db "RILLCONF", 0, 1, 0, 0
	times 512 - ($ - block) db 0
align 16, db 0
filling:
	incbin FILLING
filling_bytes equ $ - filling
