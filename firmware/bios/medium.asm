; SPDX-License-Identifier: BSD-2-Clause-Patent
; What a BIOS loads from our stick or CD: reads rill.kpxe from there to 0:7C00 and calls it as one without a PXE ROM.
;
; build/media puts it in front of rill.kpxe, MEDIUM_BYTES of it. On a stick that is the disk's first sectors, on a CD the El
; Torito boot image, of which the BIOS loads so much. The code is in the first 440 bytes, for the table of partitions
; comes behind them.
%include "firmware/bios/low.inc"
MEDIUM_BYTES    equ 2048
RUN_AT          equ 600h                ; we go there, out of rill.kpxe's way
PROGRAM_AT      equ 7C00h
BASE_KB         equ 413h
CHUNK           equ 4000h               ; bytes at a time: 8 sectors of a CD, 32 of a disk
TRIES           equ 4                   ; a CD drive that has to turn first refuses a time or two

bits 16
org RUN_AT
begin:
	jmp short start
	align 8, db 0

; The boot information table, as CD makers write it (xorriso -boot-info-table); build/media fills in a stick's the same way.
	dd 0                            ; the CD's volume descriptor
first   dd 0                            ; the sector of the medium that begins with `begin`
bytes   dd 0                            ; from `begin` to the end of rill.kpxe
	times 64 - ($ - begin) db 0
sector  dw 0                            ; bytes of one, of the medium's; build/media

; In      DL = the drive we come from, memory from 0:7C00 on
; Out     INT 18h: the BIOS goes on with its next device
start:
	cli
	xor ax, ax
	mov ss, ax
	mov sp, PROGRAM_AT
	mov ds, ax
	mov es, ax
	sti
	cld
	mov si, PROGRAM_AT
	mov di, RUN_AT
	mov cx, 512 / 2
	rep movsw
	jmp 0:moved

moved:
	mov [drive], dl
	movzx ebx, word [sector]
	mov eax, MEDIUM_BYTES
	xor edx, edx
	div ebx
	add eax, [first]
	mov [packet.sector], eax
	mov eax, [bytes]
	lea eax, [eax + ebx - MEDIUM_BYTES - 1]
	xor edx, edx
	div ebx
	mov [left], ax
	mov ax, CHUNK
	xor dx, dx
	div bx
	mov [chunk], ax

next:
	mov ax, [BASE_KB]
	shl ax, 6
	sub ax, CHUNK / 16
	mov si, no_room
	cmp [packet.segment], ax
	ja say
	mov byte [tries], TRIES
again:
	mov ax, [chunk]
	cmp ax, [left]
	jbe .whole
	mov ax, [left]
.whole:
	mov [packet.count], ax          ; anew each time: a BIOS says there how many came
	push ax
	mov ah, 42h
	mov dl, [drive]
	mov si, packet
	int 13h
	pop cx
	jnc good
	mov bl, ah
	xor ax, ax
	mov dl, [drive]
	int 13h
	dec byte [tries]
	jnz again

	mov al, bl
	aam 16                          ; AH, AL = the two digits
	call digit
	mov [code + 1], al
	mov al, ah
	call digit
	mov [code], al
	mov si, unreadable
	jmp say

good:
	movzx eax, cx
	add [packet.sector], eax
	add word [packet.segment], CHUNK / 16
	sub [left], cx
	jnz next

	mov eax, LOW_ENTRY_RILL
	mov bx, ANY_CARD
	call 0:PROGRAM_AT
leave_it:
	int 18h                         ; nobody returns from there
	jmp leave_it

digit:
	cmp al, 10
	sbb al, 69h                     ; 96h..9Fh with carry, A1h..A6h without: what DAS makes "0".."9", "A".."F" of
	das
	ret

; The text at SI, and the machine to the BIOS's next device.
say:
	lodsb
	test al, al
	jz leave_it
	mov ah, 0Eh
	mov bx, 7
	int 10h
	jmp say

unreadable      db 13, 10, "Rill: the BIOS cannot read this medium, INT 13h says "
code            db "00h", 13, 10, 0
no_room         db 13, 10, "Rill: too little base memory", 13, 10, 0

packet:                                 ; INT 13h AH=42h
	dw 16
.count  dw 0
	dw 0
.segment dw PROGRAM_AT / 16
.sector dq 0
code_end:
	times -(code_end - begin > 440) db 0    ; an error here: it reaches into the partition table

absolute RUN_AT + 512
drive   resb 1
tries   resb 1
left    resw 1
chunk   resw 1
