; SPDX-License-Identifier: BSD-2-Clause-Patent
; An option ROM that plays BIOSes which SeaBIOS is not. It calls POST and boot of a ROM of ours, ROM, in a copy in base memory,
; for a card that is not to answer at its memory: as a BIOS of PCI 3.0, which wants what stays at another place; as one without
; PMM; as one with neither; with SPLIT, which says that the ROM's payload is in the card's flash, as one that gives that no
; address, and as one that takes it back behind POST; and for the wrong card. Over COM1 it tells what came of it. The case
; puts the checksum into byte 6.
COPY    equ 2000h                       ; the segment of the copy
CARD    equ 0028h                       ; PCI 00:05.0
MOVED_TO equ 34h                        ; firmware/rom/rom.h
%include "firmware/rom/pci.inc"
bits 16
org 0
	dw 0AA55h
	db (end - $$) / 512
	jmp near start
	times 1Ah - ($ - $$) db 0
	dw pnp
align 16, db 0
pnp:
	db "$PnP", 1, 2
	times 26 db 0

start:
	pushad
	push ds
	push es
	cld
	push cs
	pop ds
	call find_pmm
	call ready_card
	mov si, t_pci3
	call say
	mov byte [pci3], 1
	call post
	call tell_stays
	call boot

	mov si, t_over
	call say
	mov byte [pci3], 0
	call post
	call tell_copy
	call overwrite
	call boot

	mov si, t_no_pmm
	call say
	call spoil_pmm
	mov byte [pci3], 0
	call post
	call tell_copy
	call boot

	mov si, t_neither
	call say
	mov byte [pci3], 1
	call post
%ifdef SPLIT
	call tell_stays
	call boot
	mov si, t_no_flash
	call say
	xor ecx, ecx
	call flash_to
	mov byte [pci3], 0
	call post
	call tell_copy
	mov si, t_lost
	call say
	mov ecx, [flash]
	call flash_to
	call post
	call tell_copy
	mov ecx, 0FFFFFFFEh             ; as EDK2 leaves it; read back it is minus the size
	call flash_to
	call boot
	mov ecx, [flash]
	call flash_to
%else
	call tell_copy
%endif
	call spoil_pmm                  ; right again

	mov si, t_card
	call say
	mov byte [pci3], 0
	mov word [card], 0010h
	call post
	call tell_copy
	mov si, t_done
	call say
	pop es
	pop ds
	popad
	xor ax, ax
	retf

; ready_card: the card does not answer at its memory (command bit 1), as where no driver was. Out flash, flash_now, command =
; its registers as the ROM must leave them. Loses AX BX ECX DI.
ready_card:
	mov di, PCI_ROM
	call register
	mov [flash], ecx
	mov [flash_now], ecx
	mov di, PCI_COMMAND
	call register
	and cl, 0FDh
	mov [command], cx
	mov ax, PCI_WRITE_WORD
	mov bx, CARD
	int 1Ah
	ret

; A fresh copy, and its POST. Says AX.
post:
	push ds
	mov ax, cs
	add ax, (image - $$) / 16
	mov bx, COPY
	mov cx, (image_bytes + 511) / 512
.unit:
	mov ds, ax
	mov es, bx
	push cx
	xor si, si
	xor di, di
	mov cx, 128
	rep movsd
	pop cx
	add ax, 32
	add bx, 32
	loop .unit
	pop ds
	mov ax, cs
	add ax, (hole - $$) / 16
	mov [stays], ax
	xor bx, bx
	mov es, bx
	push dword [es:1Ah * 4]
	mov word [es:1Ah * 4], int1a
	mov [es:1Ah * 4 + 2], cs
	pop dword [chained]
	mov bx, [stays]
	mov ax, [card]
	call COPY:3
	push ax
	xor bx, bx
	mov es, bx
	push dword [chained]
	pop dword [es:1Ah * 4]
	mov si, t_answer
	call say
	pop ax
	jmp hex16

int1a:
	cmp byte [cs:pci3], 0
	je .real
	cmp ax, PCI_PRESENT
	jne .real
	push bp
	mov bp, sp
	and byte [bp + 6], 0FEh         ; CF=0
	pop bp
	mov edx, 20494350h
	mov bx, 300h
	mov ah, 0
	iret
.real:
	jmp far [cs:chained]

; Both: ES is where it is, then.
tell_copy:
	mov ax, COPY
	mov es, ax
	jmp tell
tell_stays:
	mov es, [stays]
; Of the ROM at ES: size, sum, whether it can boot, whether its payload is elsewhere.
tell:
	mov si, t_size
	call say
	mov al, [es:2]
	call hex8
	mov si, t_sum
	call say
	movzx cx, byte [es:2]
	push es
	mov bl, 0
.unit:
	xor di, di
.byte:
	add bl, [es:di]
	inc di
	cmp di, 512
	jb .byte
	mov ax, es
	add ax, 32
	mov es, ax
	loop .unit
	pop es
	mov al, bl
	call hex8
	mov si, t_bev
	call say
	mov bx, [es:1Ah]
	cmp word [es:bx + 1Ah], 0
	setne al
	call hex8
	mov si, t_moved
	call say
	cmp dword [es:MOVED_TO], 0
	setne al
	jmp hex8

; The boot of the ROM at ES; then, by say_card, whether the card is as before.
boot:
	mov bx, [es:1Ah]
	push word [es:bx + 1Ah]
	pop word [entry]
	mov [entry + 2], es
	call far [entry]
; falls into say_card

; say_card: 01 if the card's command and ROM registers are as start left them, and the flash is not open.
say_card:
	mov si, t_as_before
	call say
	mov di, PCI_COMMAND
	call register
	cmp [command], cx
	jne .other
	mov di, PCI_ROM
	call register
	cmp [flash_now], ecx
	jne .other
	test cl, 1                      ; it is not left open
.other:
	sete al
	jmp hex8

; Over the first of the payload that the ROM at ES has moved comes the first of this program.
overwrite:
	mov eax, [es:MOVED_TO]
	mov [moves_to + 2], eax
	rol eax, 8
	mov [moves_to + 7], al
	mov byte [moves_to + 5], 93h
	xor eax, eax
	mov ax, cs
	shl eax, 4
	mov [moves_from + 2], eax
	mov byte [moves_from + 5], 93h
	push es
	push cs
	pop es
	mov si, moves
	mov cx, 256
	mov ah, 87h
	int 15h
	pop es
	ret

; register: In DI = the card's register. Out ECX. Loses AX BX.
register:
	mov ax, PCI_READ_DWORD
	mov bx, CARD
	int 1Ah
	ret

; flash_to: the flash gets the address ECX, not open. Loses AX BX ECX DI.
flash_to:
	mov ax, PCI_WRITE_DWORD
	mov bx, CARD
	mov di, PCI_ROM
	int 1Ah
	call register
	mov [flash_now], ecx
	ret

find_pmm:
	mov ax, 0E000h
.next:
	mov es, ax
	cmp dword [es:0], 4D4D5024h
	je .found
	inc ax
	jnz .next
.found:
	mov [pmm], es
	ret

; There and back.
spoil_pmm:
	push es
	mov es, [pmm]
	xor byte [es:0], 1
	pop es
	ret

%include "serial.inc"

pmm     dw 0
stays   dw 0
card    dw CARD
pci3    db 0
chained dd 0
entry   dd 0
flash   dd 0
flash_now dd 0
command dw 0
moves   times 16 db 0                   ; INT 15h AH=87h's table
moves_from dw 0FFFFh, 0, 0, 0
moves_to dw 0FFFFh, 0, 0, 0
	times 16 db 0
t_over  db 13, 10, "bios: overwritten", 0
t_pci3  db 13, 10, "bios: PCI 3.0", 0
t_no_pmm db 13, 10, "bios: no PMM", 0
t_neither db 13, 10, "bios: PCI 3.0, no PMM", 0
t_no_flash db 13, 10, "bios: flash without address", 0
t_lost  db 13, 10, "bios: flash that loses its address", 0
t_card  db 13, 10, "bios: wrong card", 0
t_answer db " answer ", 0
t_size  db " size ", 0
t_sum   db " sum ", 0
t_bev   db " boots ", 0
t_moved db " moved ", 0
t_as_before db 13, 10, "bios: card as before ", 0
t_done  db 13, 10, "bios: done", 13, 10, 0

align 2048, db 0
hole:
	times 6144 db 0
image:
	incbin ROM
image_bytes equ $ - image
align 2048, db 0
end:
