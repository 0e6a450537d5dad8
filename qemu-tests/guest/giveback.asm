; SPDX-License-Identifier: BSD-2-Clause-Patent
; A program that stands between the ROM and rill.kpxe: it starts Rill as the ROM would, with A20 closed, and when it
; gets the machine back tells over COM1 what is not as it was before, of a pattern in base memory, too.
; rill.kpxe is appended to it.
; An INT 18h that comes instead (the disk's boot code gave up) is judged in the same way.
bits 16
org 7C00h
KEEP    equ 5000h                       ; our segment while Rill runs: below any low block
PATTERN equ 6000h                       ; from this segment to 40:13 memory has a pattern
COPY    equ 2000h                       ; there: vectors and BIOS data as they were, 500h bytes

	mov [cs:saved_edx], edx
	mov [cs:saved_bx], bx
	mov [cs:saved_es], es
	mov bp, sp
	mov eax, [bp + 4]
	mov [cs:saved_pxe], eax
	mov ax, KEEP
	mov es, ax
	xor ax, ax
	mov ds, ax
	mov si, 7C00h
	mov di, si
	mov cx, end - 7C00h
	cld
	rep movsb
	jmp KEEP:.moved
.moved:
	; rill.kpxe down to 0:7C00, in pieces of 1 KiB
	mov ax, 7C0h + (end - $$) / 16
	mov dx, 7C0h
	mov bx, (rill_bytes + 1023) / 1024
.piece:
	mov ds, ax
	mov es, dx
	xor si, si
	xor di, di
	mov cx, 256
	rep movsd
	add ax, 64
	add dx, 64
	dec bx
	jnz .piece

	push cs
	pop ds
	xor ax, ax
	mov es, ax
	mov word [es:18h * 4], int18
	mov [es:18h * 4 + 2], cs
	in al, 92h
	and al, 0FCh
	out 92h, al
	call copy_low
	xor dx, dx
	call pattern
	call a20
	mov [a20_before], al
	mov si, t_start
	call say
	call hex8
	mov si, t_end
	call say

	mov [saved_sp], sp
	mov [saved_ss], ss
	push dword [saved_pxe]
	mov bx, [saved_bx]
	mov es, [saved_es]
	mov edx, [saved_edx]
	mov esi, 11112222h
	mov edi, 33334444h
	mov ebp, 55556666h
	mov ax, 7777h
	mov fs, ax
	mov ax, 8888h
	mov gs, ax
	xor eax, eax
	call 0:7C00h
	add sp, 4
	; registers
	mov cx, 0
	cmp ax, 0
	je .r1
	or cx, 1
.r1:	cmp bx, [cs:saved_bx]
	je .r2
	or cx, 2
.r2:	cmp edx, [cs:saved_edx]
	je .r3
	or cx, 4
.r3:	cmp esi, 11112222h
	je .r4
	or cx, 8
.r4:	cmp edi, 33334444h
	je .r5
	or cx, 10h
.r5:	cmp ebp, 55556666h
	je .r6
	or cx, 20h
.r6:	mov ax, es
	cmp ax, [cs:saved_es]
	je .r7
	or cx, 40h
.r7:	mov ax, ds
	cmp ax, KEEP
	je .r8
	or cx, 80h
.r8:	mov ax, fs
	cmp ax, 7777h
	je .r9
	or cx, 100h
.r9:	mov ax, gs
	cmp ax, 8888h
	je .r10
	or cx, 200h
.r10:	cmp sp, [cs:saved_sp]
	je .r11
	or cx, 400h
.r11:	mov ax, ss
	cmp ax, [cs:saved_ss]
	je .r12
	or cx, 800h
.r12:
	mov si, t_registers
	call say
	mov ax, cx
	call hex16
	call judge
	mov si, t_back
	call say
.stop:
	hlt
	jmp .stop

int18:
	mov si, t_int18
	call say
	call judge
	mov si, t_back
	call say
.stop:
	hlt
	jmp .stop

; vectors and BIOS data into our copy
copy_low:
	push ds
	push es
	push cs
	pop es
	xor ax, ax
	mov ds, ax
	mov si, ax
	mov di, COPY
	mov cx, 500h / 4
	rep movsd
	pop es
	pop ds
	ret

; A dword in every 16 bytes from PATTERN to 40:13: its own address, times an odd number.
; In      DX = 0: write it; 1: count in ECX what is not so
pattern:
	push ds
	push es
	xor ax, ax
	mov es, ax
	movzx ebp, word [es:413h]
	shl ebp, 10
	mov edi, PATTERN * 16
	xor ecx, ecx
.segment:
	mov eax, edi
	shr eax, 4
	mov ds, ax
	imul eax, edi, 8088405h
	xor bx, bx
	test dx, dx
	jnz .compare
	mov [bx], eax
.compare:
	cmp [bx], eax
	je .same
	inc ecx
.same:
	add edi, 16
	cmp edi, ebp
	jb .segment
	pop es
	pop ds
	ret

; What differs from the copy, but for the tick count, the keyboard's buffer and where the cursor is; and A20.
judge:
	push cs
	pop ds
	xor ax, ax
	mov es, ax
	xor bx, bx
	xor di, di
.byte:
	mov al, [di + COPY]
	cmp al, [es:di]
	je .same
	cmp di, 46Ch
	jb .not_tick
	cmp di, 470h
	jbe .same
.not_tick:
	cmp di, 41Ah
	jb .differs
	cmp di, 43Eh
	jb .same
	cmp di, 450h
	jb .differs
	cmp di, 460h
	jb .same
.differs:
	inc bx
	mov si, t_at
	call say
	mov ax, di
	call hex16
.same:
	inc di
	cmp di, 500h
	jb .byte
	push bx
	mov dx, 1
	call pattern
	mov si, t_end
	call say
	mov eax, ecx
	call hex32
	mov si, t_pattern
	call say
	pop bx
	mov si, t_bytes
	call say
	mov ax, bx
	call hex16
	mov si, t_a20
	call say
	mov al, [a20_before]
	call hex8
	call a20
	call hex8
	ret

; Out AL = 1 if address line 20 is open
a20:
	push ds
	push es
	push bx
	xor ax, ax
	mov ds, ax
	dec ax
	mov es, ax
	mov bx, [500h]
	mov ax, [es:510h]
	not word [500h]
	cmp bx, ax
	mov al, 1
	jne .out                        ; different already
	mov ax, [es:510h]
	cmp ax, [500h]
	mov al, 1
	jne .out
	mov al, 0
.out:
	not word [500h]
	pop bx
	pop es
	pop ds
	ret

%include "serial.inc"

saved_edx  dd 0
saved_pxe  dd 0
saved_bx   dw 0
saved_es   dw 0
saved_sp   dw 0
saved_ss   dw 0
a20_before db 0
t_start    db 13, 10, "giveback: starting Rill, A20 ", 0
t_end      db 13, 10, 0
t_registers db 13, 10, "giveback: registers that differ ", 0
t_int18    db 13, 10, "giveback: INT 18h", 0
t_at       db " at ", 0
t_pattern  db " dwords below 40:13 differ", 0
t_bytes    db ", bytes of vectors and BIOS data that differ ", 0
t_a20      db ", A20 before and after ", 0
t_back     db 13, 10, "giveback: done", 13, 10, 0

align 16, db 0
end:
	incbin RILL
rill_bytes equ $ - end
