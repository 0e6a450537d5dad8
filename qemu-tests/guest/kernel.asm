; SPDX-License-Identifier: BSD-2-Clause-Patent
; A kernel as Linux' boot protocol 2.03 has it, for loaders that come by the network: they start it in real mode, or, on UEFI, its
; 32-bit code at once. It says over COM1
;     kernel: words COMMAND LINE
;     kernel: crc KERNEL INITRD           CRC-32 of what is behind its code, and of its initrd
; and stops. The case appends bytes of this moment, and puts the size of all behind the setup at SYSSIZE.
bits 16
org 0
SECTORS	equ 2
HIGH	equ 100000h
SYSSIZE	equ 1F4h                        ; in the header
INITRD	equ 218h
WORDS	equ 228h

	times 1F1h - ($ - $$) db 0
	db SECTORS - 1                  ; setup_sects
	dw 0
	dd 0                            ; syssize, in paragraphs
	dw 0, 0, 0
	dw 0AA55h
	jmp short start                 ; 200h
	db "HdrS"
	dw 203h
	dd 0                            ; realmode_swtch
	dw 0, 0                         ; start_sys, kernel_version
	db 0                            ; type_of_loader
	db 1                            ; loadflags: at 1 MiB
	dw 0
	dd HIGH                         ; code32_start
	dd 0, 0                         ; ramdisk_image, ramdisk_size
	dd 0
	dw 0, 0                         ; heap_end_ptr
	dd 0                            ; cmd_line_ptr
	dd 37FFFFFFh                    ; initrd_addr_max

; CS is 20h paragraphs behind the boot sector, DS is at it; everything is addressed from there.
start:
	cli
	mov ax, ds
	movzx esi, ax
	shl esi, 4
	lea eax, [esi + gdt]
	mov [gdt + 2], eax
	lgdt [gdt]
	mov eax, cr0
	or al, 1
	mov cr0, eax
	mov ax, 16
	mov ds, ax
	mov es, ax
	mov ss, ax
	jmp dword 8:HIGH

	align 8
; The first entry is where the table itself lies.
gdt:
	dw .end - gdt - 1
	dd 0
	dw 0
	dw 0FFFFh, 0
	db 0, 9Bh, 0CFh, 0
	dw 0FFFFh, 0
	db 0, 93h, 0CFh, 0
.end:
	times SECTORS * 512 - ($ - $$) db 0

; Flat; ESI is where the boot sector, or a copy of its header, lies.
section high vstart=HIGH follows=.text align=1
bits 32
	cld
	mov esp, stack_end
	mov ebp, esi
	mov esi, t_words
	call say
	mov esi, [ebp + WORDS]
	call say
	mov esi, t_crc
	call say
	mov edi, stack_end
	mov ecx, [ebp + SYSSIZE]
	shl ecx, 4
	sub ecx, stack_end - HIGH
	call crc
	mov al, ' '
	call put
	mov edi, [ebp + INITRD]
	mov ecx, [ebp + INITRD + 4]
	call crc
	mov esi, t_end
	call say
.stay:
	hlt
	jmp .stay

; crc: says that of ECX bytes at EDI
crc:
	or eax, -1
	jecxz .done
.byte:
	xor al, [edi]
	inc edi
	mov bl, 8
.bit:
	shr eax, 1
	jnc .even
	xor eax, 0EDB88320h
.even:
	dec bl
	jnz .bit
	loop .byte
.done:
	not eax
	mov ecx, 8
.digit:
	rol eax, 4
	push eax
	and al, 15
	cmp al, 10
	jb .number
	add al, 'a' - '0' - 10
.number:
	add al, '0'
	call put
	pop eax
	loop .digit
	ret

say:
	lodsb
	test al, al
	jz .done
	call put
	jmp say
.done:
	ret

; put: AL to COM1
put:
	push eax
	mov edx, 3FDh
.wait:
	in al, dx
	test al, 20h
	jz .wait
	pop eax
	mov edx, 3F8h
	out dx, al
	ret

t_words	db 13, 10, "kernel: words ", 0
t_crc	db 13, 10, "kernel: crc ", 0
t_end	db 13, 10, 0
	times 256 db 0
	align 16, db 0
stack_end:
