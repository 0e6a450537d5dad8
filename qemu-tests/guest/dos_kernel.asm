; SPDX-License-Identifier: BSD-2-Clause-Patent
; The beginning of KERNEL.SYS; bytes of this run follow it, and its last 32 are a token. On COM1:
;
;     dos: at 0070 drive 80
;     dos: parameters fe3f 82fe         AH=08h: CX and DX
;     dos: last TOKEN                   of the partition's last sector, found by the CHS in the partition table
;     dos: crc 8d1f22aa                 of the whole file
;     dos: token TOKEN                  the file's last 32 bytes
bits 16
org 0
TABLES     equ 0
POLYNOMIAL equ 0EDB88320h
WORK       equ 3000h                    ; our data: no byte of the file may change before its CRC is taken
BUFFER     equ 1000h
DRIVE      equ 1200h
TOKEN      equ 32

	jmp short start
	times 4 - ($ - $$) db 0
bytes   dd 0                            ; of the file, a multiple of 4; qemu-tests/dosdisk.py writes it

start:
	mov ax, WORK
	mov ds, ax
	mov es, ax
	mov [DRIVE], dl
	mov si, t_at
	call say
	mov ax, cs
	call hex16
	mov si, t_drive
	call say
	mov al, dl
	call hex8

	mov ah, 8
	int 13h
	jc wrong
	push WORK
	pop es                          ; AH=08h may answer in ES:DI
	mov si, t_parameters
	call say
	mov ax, cx
	call hex16
	mov si, t_space
	call say
	mov ax, dx
	call hex16

	mov cx, 1
	mov dh, 0
	call read
	mov dh, [BUFFER + 1BEh + 5]     ; where the partition ends
	mov cx, [BUFFER + 1BEh + 6]
	call read
	mov si, t_last
	call say
	mov bx, BUFFER
	call say_token

	call tables_init
	mov ax, cs
	mov es, ax
	mov ebx, -1
	mov ebp, [cs:bytes]
	xor di, di
.dword:
	mov eax, [es:di]
	call crc_dword
	add di, 4
	jnc .same
	mov ax, es
	add ax, 1000h
	mov es, ax
.same:
	sub ebp, 4
	jnz .dword
	mov si, t_crc
	call say
	mov eax, ebx
	not eax
	call hex32
	mov si, t_token
	call say
	mov eax, [cs:bytes]
	sub eax, TOKEN
	mov bx, ax
	and bx, 15
	shr eax, 4
	mov cx, cs
	add ax, cx
	mov ds, ax
	call say_token
	mov si, t_end
	call say
	mov al, 10h
end_with:
	out 0F4h, al                    ; QEMU's isa-debug-exit
	hlt

; read: the sector at CX, DH to WORK:BUFFER.
read:
	mov bx, BUFFER
	mov dl, [DRIVE]
	mov ax, 201h
	int 13h
	jc wrong
	ret
wrong:
	mov si, t_wrong
	call say
	mov al, 11h
	jmp end_with

; say_token: the TOKEN characters at DS:BX. Loses AX BX CX.
say_token:
	mov cx, TOKEN
.next:
	mov al, [bx]
	call put
	inc bx
	loop .next
	ret

%include "serial.inc"
%include "bench/payload/crc.inc"

t_at         db 10, "dos: at ", 0
t_drive      db " drive ", 0
t_parameters db 10, "dos: parameters ", 0
t_space      db " ", 0
t_last       db 10, "dos: last ", 0
t_crc        db 10, "dos: crc ", 0
t_token      db 10, "dos: token ", 0
t_end        db 10, 0
t_wrong      db 10, "dos: the kernel could not read", 10, 0
