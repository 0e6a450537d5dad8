; SPDX-License-Identifier: BSD-2-Clause-Patent
; The boot sector of a FAT16 partition that starts KERNEL.SYS as DOS does: geometry from the BPB, every sector by AH=02h,
; the root directory searched, the file's clusters followed through the FAT, loaded at 0070:0000, started with DL = the drive.
; What mkfs.fat wrote into the BPB stays (qemu-tests/dosdisk.py puts the two together).
bits 16
org 7C00h
AWAY    equ 1FE0h                       ; our segment while a kernel of up to 150 KiB comes in below
SECTOR  equ 2800h                       ; segment of the sector being looked at
KERNEL  equ 0070h
END     equ 0FFF8h                      ; FAT16: this cluster number, or a higher one, ends a chain

	jmp short boot
	nop
	times 0Dh - ($ - $$) db 0
cluster_sectors db 0
reserved        dw 0
fats            db 0
root_entries    dw 0
	times 16h - ($ - $$) db 0
fat_sectors     dw 0
track_sectors   dw 0
heads           dw 0
hidden          dd 0
	times 24h - ($ - $$) db 0
drive           db 0
	times 3Eh - ($ - $$) db 0
boot:
	cli
	xor ax, ax
	mov ds, ax
	mov ax, AWAY
	mov es, ax
	mov si, 7C00h
	mov di, si
	mov cx, 256
	cld
	rep movsw
	mov ss, ax
	mov sp, 7C00h
	sti
	jmp AWAY:.moved
.moved:
	mov ds, ax
	mov [drive], dl
	movzx eax, word [reserved]
	add eax, [hidden]
	mov [fat_lba], eax
	movzx ecx, byte [fats]
	movzx edx, word [fat_sectors]
	imul ecx, edx
	add eax, ecx
	mov ebx, eax                    ; EBX = the root directory's next sector
	movzx ecx, word [root_entries]
	shr cx, 4
	add eax, ecx
	mov [clusters_lba], eax

.directory:
	mov ax, SECTOR
	mov es, ax
	mov eax, ebx
	call read
	xor di, di
.entry:
	mov si, name
	push cx
	push di
	mov cx, 11
	repe cmpsb
	pop di
	pop cx
	je .found
	add di, 32
	cmp di, 512
	jb .entry
	inc ebx
	loop .directory
	mov si, t_none
	jmp wrong

.found:
	mov si, [es:di + 1Ah]           ; SI = the cluster
	mov bp, KERNEL                  ; BP = the segment where it goes
.cluster:
	movzx eax, si
	sub ax, 2
	movzx ecx, byte [cluster_sectors]
	mul ecx
	add eax, [clusters_lba]
.sector:
	mov es, bp
	call read
	inc eax
	add bp, 512 / 16
	cmp bp, AWAY
	ja .too_long
	loop .sector
	mov ax, SECTOR                  ; the next cluster's number stands in the FAT
	mov es, ax
	movzx eax, si
	shr ax, 8
	add eax, [fat_lba]
	call read
	and si, 0FFh
	shl si, 1
	mov si, [es:si]
	cmp si, END
	jb .cluster
	mov dl, [drive]
	jmp KERNEL:0
.too_long:
	mov si, t_long
	jmp wrong

; read: sector EAX to ES:0. Keeps all registers.
read:
	pushad
	xor edx, edx
	movzx ecx, word [track_sectors]
	div ecx
	push dx                         ; sector, from 0
	xor edx, edx
	movzx ecx, word [heads]
	div ecx                         ; EAX cylinder, EDX head
	pop cx
	inc cx
	mov dh, dl
	mov dl, [drive]
	mov ch, al
	shl ah, 6
	or cl, ah
	xor bx, bx
	mov ax, 201h
	int 13h
	mov si, t_read
	jc wrong
	popad
	ret

wrong:
	call say
	mov al, 11h
	out 0F4h, al                    ; QEMU's isa-debug-exit
	hlt

%include "serial.inc"

name    db "KERNEL  SYS"
t_none  db "dos: no KERNEL.SYS", 10, 0
t_long  db "dos: too long", 10, 0
t_read  db "dos: a read failed", 10, 0
fat_lba      dd 0
clusters_lba dd 0
	times 510 - ($ - $$) db 0
	dw 0AA55h
