; SPDX-License-Identifier: BSD-2-Clause-Patent
; rill.kpxe: what a PXE ROM loads at 0:7C00 and far-calls. So do programs without one: a boot sector of ours (medium.asm), an
; option ROM of ours; they say which card is to be driven.
;
; Keeps the ROM's registers, finds room for the low block below 40:13 and for the image above 1 MiB, saves what lies in the
; low block's place, copies both there and goes on in the low block. No byte of the file in memory is changed for good, so
; that giving back means giving back as it was. The file is this code, the low block's code page,
; the image and its relocations, in that order; image.inc says how long each is.
%include "firmware/bios/low.inc"
%include "firmware/bios/flat.inc"
%include "image.inc"
DRAFT_BYTES     equ LOW_MAP_TOLD - LOW_VARS
UNDI_ROOM       equ 300000h
DRAFT           equ (7C00h + draft - $$ - LOW_VARS) / 16       ; as FS it has variables and map found where the low block has them

bits 16
org 7C00h
	jmp near start
	align 8, db 0
	db "RILLSELF"                   ; at 8: loader/config.h, SELF_MARK; nobody chains himself
	align 8, db 0

; In      return address at SS:[SP], and either
;           AX = 0, ES:BX = PXENV+, EDX = its linear address, !PXE at SS:[SP+4]: the card is driven by that ROM's UNDI
;           EAX = LOW_ENTRY_RILL, BX = PCI address (bus[8] device[5] function[3]) of the card, FFFFh: any: by our own driver
; Out     to low_start, which comes back with AX = 0; or far return with AX = 1 and a message
start:
	pushf
	push ds
	push es
	push fs
	push gs
	pushad
	mov bp, sp                      ; edi 0 esi 4 ebp 8 esp 12 ebx 16 edx 20 ecx 24 eax 28
	cld                             ; gs 32 fs 34 es 36 ds 38 flags 40 ip 42 cs 44 !PXE 46
	xor ax, ax
	mov ds, ax

	; The low block: as high as base memory goes, on a page, and clear of this file.
	movzx eax, word [413h]
	shl eax, 10
	sub eax, LOW_BYTES
	jc .no_low
	and eax, ~0FFFh
	cmp eax, 7C00h + file_bytes
	jb .no_low
	mov ebx, eax                    ; EBX = linear address of the low block from here on
	mov ax, DRAFT
	mov fs, ax
	mov [fs:V(base)], ebx
	call keep_entry
	push bp
	call read_map
	call leave_room
	call place_image
	pop bp
	jc .no_high
	call save_block

	mov eax, ebx
	shr eax, 4
	mov [fs:V(seg)], ax
	mov es, ax
	xor di, di
	mov cx, LOW_BYTES / 4
	xor eax, eax
	rep stosd
	mov si, low_block
	xor di, di
	mov cx, low_block_end - low_block
	rep movsb
	mov si, draft
	mov di, LOW_VARS
	mov cx, DRAFT_BYTES / 4
	rep movsd
	push es
	pop fs                          ; FS = segment of the low block from here on
	mov es, cx
	mov di, draft
	mov cx, DRAFT_BYTES / 4
	rep stosd
	call fix_low

	lea sp, [bp + 42]
	mov eax, unpack
	mov bx, fs
	push bx
	push word [fs:2]                ; low_start
	retf

.no_low:
	mov si, no_low
	jmp give_up
.no_high:
	mov si, no_high
give_up:
	lodsb
	test al, al
	jz .said
	mov ah, 0Eh
	mov bx, 7
	int 10h
	jmp give_up
.said:
	mov sp, bp
	popad
	pop gs
	pop fs
	pop es
	pop ds
	popf
	mov ax, 1
	retf

no_low  db 13, 10, "PXE-E00: Could not find enough free base memory (Rill needs 48 KiB below 40:13)", 13, 10, 0
no_high db 13, 10, "Rill: no room above 1 MiB in the memory map (INT 15h)", 13, 10, 0

; fix_low: add the block's linear address (EBX) and segment (FS) where low.asm's list says. Loses AX SI.
fix_low:
	mov si, [fs:0]
.dwords:
	mov di, [fs:si]
	add si, 2
	test di, di
	jz .words
	add [fs:di], ebx
	jmp .dwords
.words:
	mov di, [fs:si]
	add si, 2
	test di, di
	jz .done
	mov [fs:di], fs
	jmp .words
.done:
	ret

; keep_entry: the caller's registers, and the ways to a ROM's structures, into the low block. BP as in start.
keep_entry:
	mov eax, [bp]
	mov [fs:V(entry_edi)], eax
	mov eax, [bp + 4]
	mov [fs:V(entry_esi)], eax
	mov eax, [bp + 8]
	mov [fs:V(entry_ebp)], eax
	mov eax, [bp + 16]
	mov [fs:V(entry_ebx)], eax
	mov eax, [bp + 20]
	mov [fs:V(entry_edx)], eax
	mov eax, [bp + 32]
	mov [fs:V(entry_gs)], ax
	shr eax, 16
	mov [fs:V(entry_fs)], ax
	mov eax, [bp + 36]
	mov [fs:V(entry_es)], ax
	shr eax, 16
	mov [fs:V(entry_ds)], ax
	mov ax, [bp + 40]
	mov [fs:V(entry_flags)], ax
	lea eax, [esp + 42 + 2]         ; beyond our return address, with the upper half a caller may count on
	mov [fs:V(entry_esp)], eax
	mov [fs:V(entry_ss)], ss
	mov eax, [bp + 28]
	mov [fs:V(entry_eax)], eax
	cmp eax, LOW_ENTRY_RILL
	je .no_rom
	mov eax, [bp + 46]
	mov [fs:V(stack_pxe)], eax
	pushad
	push fs
	mov ax, 5650h                   ; the third way to the structures
	int 1Ah
	pop fs
	jc .none
	mov [fs:V(int1a_found)], ax
	mov [fs:V(int1a_pxenv)], bx
	mov [fs:V(int1a_pxenv) + 2], es
.none:
	popad
.no_rom:
	xor ax, ax
	mov ds, ax
	ret

; read_map: what INT 15h tells now, through whoever hooked it before us (iPXE hides its own memory so).
read_map:
	push ebx
	xor ebx, ebx
	mov di, LOW_MAP_FOUND
.next:
	push fs
	pop es
	mov dword [es:di + 20], 1
	mov eax, 0E820h
	mov edx, 534D4150h
	mov ecx, MAP_ENTRY
	push di
	int 15h
	pop di
	jc .end
	cmp eax, 534D4150h
	jne .end
	cmp ecx, 20
	jb .end
	add di, MAP_ENTRY
	inc word [fs:V(map_found)]
	test ebx, ebx
	jz .end
	cmp word [fs:V(map_found)], MAP_FOUND_MAX
	jb .next
.end:
	cld
	pop ebx
	xor ax, ax
	mov ds, ax
	mov word [fs:V(map_source)], 0E820h
	cmp word [fs:V(map_found)], 0
	jne .done
	mov ah, 88h                     ; before 1996: so many KiB above 1 MiB
	int 15h
	jc .done
	movzx eax, ax
	shl eax, 10
	jz .done
	mov dword [fs:LOW_MAP_FOUND], 100000h
	mov [fs:LOW_MAP_FOUND + 8], eax
	mov dword [fs:LOW_MAP_FOUND + 16], 1
	inc word [fs:V(map_found)]
	mov word [fs:V(map_source)], 88h
.done:
	ret

; leave_room: into .image, for now, what a UNDI ROM needs above the image, if one can be loaded at all. iPXE's has most of
; itself in memory that is free since POST, at the top of the same range, and goes there (docs/pxe-notes.md).
; Loses AX DI, ES.
leave_room:
	mov dword [fs:V(image)], 0
	cmp dword [fs:V(entry_eax)], LOW_ENTRY_RILL
	jne .done
	mov ax, 0C000h
.rom:
	mov es, ax
	cmp word [es:0], 0AA55h
	jne .next
	mov di, [es:16h]
	cmp di, -4
	ja .next
	cmp dword [es:di], 49444E55h    ; "UNDI"
	je .room
.next:
	add ax, 2048 / 16
	cmp ax, 0F000h
	jb .rom
.done:
	ret
.room:
	mov dword [fs:V(image)], UNDI_ROOM
	ret

; place_image: the highest usable range below 4 GiB that holds the image. Out CF=1: there is none.
place_image:
	mov cx, [fs:V(map_found)]
	mov si, LOW_MAP_FOUND
	xor edi, edi                    ; best place so far
	jcxz .end
.entry:
	cmp dword [fs:si + 16], 1
	jne .next
	cmp dword [fs:si + 4], 0
	jne .next
	mov eax, [fs:si]
	mov edx, eax
	add edx, [fs:si + 8]
	mov ebp, 0
	adc ebp, [fs:si + 12]
	jz .below_4g
	mov edx, 0FFFFF000h
.below_4g:
	and edx, ~0FFFh
	sub edx, image_bytes
	jc .next
	cmp edx, eax
	jb .next
	cmp edx, 100000h
	jb .next
	mov ebp, edx
	sub ebp, [fs:V(image)]          ; below what leave_room said, if the range is so large
	jc .top
	cmp ebp, eax
	jb .top
	cmp ebp, 100000h
	jb .top
	mov edx, ebp
.top:
	cmp edx, edi
	jbe .next
	mov edi, edx
.next:
	add si, MAP_ENTRY
	loop .entry
.end:
	mov [fs:V(image)], edi
	mov dword [fs:V(image_bytes)], image_bytes
	lea eax, [edi + image_stack_top]
	mov [fs:V(stack32)], eax
	lea eax, [edi + image_resident]
	mov [fs:V(resident)], eax
	cmp edi, 1                      ; CF=1 if 0
	ret

; save_block: what lies in the low block's place to the image's room for it. A20 is left open.
; A machine where neither BIOS nor port 92h opens A20 gets that place back as we leave it.
; In      EBX = linear address, FS = DRAFT, DS = 0
; Loses   EAX CX DX SI DI, ES
save_block:
	call a20_open
	mov [fs:V(a20_was_on)], al
	test al, al
	jnz .open
	mov ax, 2401h
	int 15h
	call a20_open
	jnz .open
	in al, 92h
	or al, 2
	and al, 0FEh                    ; bit 0 would reset the machine
	out 92h, al
	xor cx, cx
.soon:
	call a20_open
	loopz .soon
	jnz .open
	ret
.open:
	pushfd
	cli
	cld
	mov esi, ebx
	mov edi, [fs:V(image)]
	add edi, image_saved
	mov [fs:V(saved)], edi
	mov ecx, LOW_BYTES / 4
	flat_copy flat_pointer
	xor ax, ax
	mov ds, ax
	mov es, ax
	popfd
	ret

; a20_open: does memory at 1 MiB differ from that at 0? Out AL = 1 and ZF=0 if so. Loses AH, ES.
a20_open:
	push cx
	mov ax, 0FFFFh
	mov es, ax
	mov cx, 2                       ; equal by chance the first time?
.again:
	inc word [fs:V(a20_probe)]
	mov ax, [fs:V(a20_probe)]
	cmp ax, [es:draft - LOW_VARS + V(a20_probe) + 10h]
	loope .again
	setne al
	pop cx
	test al, al
	ret

align 4, db 0
flat_gdt:
	flat_table
flat_pointer:
	dw FLAT_BYTES - 1
	dd flat_gdt

; unpack: uint32_t unpack(struct low *), 32-bit, flat. Zeroes, copies and relocates the image, calls C.
; The 32-bit stack is at the end of the image and is not cleared.
bits 32
unpack:
	mov ebx, [esp + 4]
	push ebx
	mov ebp, [ebx + V(image)]
	xor eax, eax
	mov edi, ebp
	mov ecx, image_load / 4         ; the linker script rounds all of these to 16
	rep stosd
	mov esi, image
	mov ecx, (image_load_end - image_load) / 4
	rep movsd
	mov ecx, (image_zeroed - image_load_end) / 4
	rep stosd
	mov esi, relocations
	mov ecx, (relocations_end - relocations) / 4
.relocate:
	jecxz .relocated
	lodsd
	add [ebp + eax], ebp
	dec ecx
	jmp .relocate
.relocated:
	lea eax, [ebp + image_entry]
	call eax                        ; main_bios(low)
	add esp, 4
	ret

align 16, db 0
draft:
	times DRAFT_BYTES db 0
low_block:
	incbin "low.bin"
low_block_end:
align 4, db 0
relocations:
	incbin "image.rel"
relocations_end:
align 16, db 0
image:
	incbin "image.bin"
image_end:
	times -(image_saved_bytes != LOW_BYTES) db 0    ; an error here: the linker script reckons with another low block
	times -(image_end - image != image_load_end - image_load) db 0  ; an error here: image.inc is of another image
file_bytes equ image_end - $$
