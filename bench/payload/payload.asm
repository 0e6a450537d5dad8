; SPDX-License-Identifier: BSD-2-Clause-Patent
; A neutral guest: a boot sector that reads its disk through interrupt 13h, says how long that took and what it read.
;
; It stands at the start of a raw image (bench/image.py) and knows nothing of who provides the disk. On COM1:
;
;     bench start drive=128 base_kb=560 tsc_khz=2000000
;     bench seq requests=512 timed=412 bytes=16777216 us=4210033 max_us=20311 wall_us=5100200 crc=8d1f22aa
;     bench rnd requests=1000 timed=900 bytes=4096000 us=2270013 max_us=7103 wall_us=2400100 crc=...
;     bench chs requests=200 timed=100 bytes=... us=... max_us=... wall_us=... crc=... heads=255 sectors=63
;     bench ticks=512 us=28100200
;     bench end
;
; A phase begins with requests that are read and checked, but not timed (p_warmup). us is time inside the timed calls,
; max_us the longest of them, wall_us the time of the whole phase; the CRC-32 runs over each request's LBA (4 bytes,
; little-endian) and data. Buffers lie at odd places, some across 64 KiB boundaries, with a word before and after that
; must stay. Anything wrong is one line `bench error ...`. Either way QEMU ends by its isa-debug-exit.
bits 16
org 7C00h

; Code and data never share a page: an emulator pays for each store beside code.
STACK           equ 6000h
VARS            equ 9000h
TABLES          equ 0A000h              ; four CRC tables of 256 dwords
PAYLOAD_SECTORS equ 8
SEQ_SECTORS     equ 64
RND_SECTORS     equ 8
CANARY          equ 5AA5C33Ch
POLYNOMIAL      equ 0EDB88320h
%define TEXT_LOAD "bench error phase=load"

struc vars
	.packet         resb 16         ; AH=42h
	.lba            resd 1
	.count          resw 1          ; sectors of this request
	.place          resw 1          ; which buffer
	.buffer         resd 1          ; far pointer
	.phase          resw 1
	.drive          resb 1
	.chs            resb 1          ; 1: AH=02h
	.index          resd 1
	.requests       resd 1
	.timed          resd 1
	.seed           resd 1
	.crc            resd 1
	.sectors        resd 1          ; read in this phase
	.before         resq 1
	.taken          resq 1
	.longest        resq 1
	.began          resq 1
	.tsc_khz        resd 1
	.first_tick     resd 1
	.first_tsc      resq 1
	.heads          resd 1
	.track          resd 1
	.cx             resw 1
	.head           resb 1
	.pad            resb 1
endstruc
%define V(name) (VARS + vars. %+ name)

%include "bench/payload/boot.inc"

; ---- 0:7E00: what bench/image.py fills in, all dwords ----
params:
	db "RILLPLD1"
p_seq_lba       dd 64
p_seq_requests  dd 0
p_rnd_lba       dd 64
p_rnd_blocks    dd 1                    ; of 4 KiB
p_rnd_requests  dd 0
p_chs_requests  dd 0
p_seed          dd 1
p_warmup        dd 0                    ; requests at the beginning of each phase that are not timed

run:
	call tables_init
	call calibrate
	rdtsc
	mov [V(first_tsc)], eax
	mov [V(first_tsc) + 4], edx
	mov eax, [46Ch]
	mov [V(first_tick)], eax
	call say_start
	call seq
	call rnd
	call chs
	call say_ticks
	mov si, text_end
	call say
	mov al, EXIT_WELL
	jmp end_with

; ---- the phases ----

; phase_begin: SI its name, EAX requests.
phase_begin:
	mov [V(phase)], si
	mov [V(requests)], eax
	xor eax, eax
	mov [V(index)], eax
	mov [V(timed)], eax
	mov [V(sectors)], eax
	mov [V(taken)], eax
	mov [V(taken) + 4], eax
	mov [V(longest)], eax
	mov [V(longest) + 4], eax
	dec eax
	mov [V(crc)], eax
	mov eax, [p_seed]
	mov [V(seed)], eax
	rdtsc
	mov [V(began)], eax
	mov [V(began) + 4], edx
	ret

seq:
	mov si, name_seq
	mov eax, [p_seq_requests]
	call phase_begin
	mov word [V(count)], SEQ_SECTORS
.next:
	mov eax, [V(index)]
	cmp eax, [V(requests)]
	jae phase_end
	shl eax, 6
	add eax, [p_seq_lba]
	mov [V(lba)], eax
	call one
	jmp .next

rnd:
	mov si, name_rnd
	mov eax, [p_rnd_requests]
	call phase_begin
	mov word [V(count)], RND_SECTORS
.next:
	mov eax, [V(index)]
	cmp eax, [V(requests)]
	jae phase_end
	call random
	mul dword [p_rnd_blocks]
	shl edx, 3
	add edx, [p_rnd_lba]
	mov [V(lba)], edx
	call one
	jmp .next

; 1 to 8 sectors of the sequential area, never across the end of a track.
chs:
	call geometry
	mov si, name_chs
	mov eax, [p_chs_requests]
	call phase_begin
	mov byte [V(chs)], 1
.next:
	mov eax, [V(index)]
	cmp eax, [V(requests)]
	jae phase_end
	call random
	mov ecx, eax
	mov ebx, [p_seq_requests]
	shl ebx, 6
	mul ebx
	add edx, [p_seq_lba]
	mov [V(lba)], edx
	mov eax, edx
	xor edx, edx
	div dword [V(track)]            ; EDX: sector in its track
	and ecx, 7
	inc ecx
	mov ebx, [V(track)]
	sub ebx, edx
	cmp ecx, ebx
	jbe .fits
	mov ecx, ebx
.fits:
	mov [V(count)], cx
	mov ebx, edx
	inc ebx
	xor edx, edx
	div dword [V(heads)]            ; EAX cylinder, EDX head
	mov [V(head)], dl
	mov ch, al
	shl ah, 6
	or bl, ah
	mov cl, bl
	mov [V(cx)], cx
	call one
	jmp .next

geometry:
	mov ah, 8
	mov dl, [V(drive)]
	xor di, di
	mov es, di
	int 13h
	jc wrong
	movzx eax, dh
	inc eax
	mov [V(heads)], eax
	and ecx, 3Fh
	mov [V(track)], ecx
	jz wrong
	xor ax, ax
	mov es, ax
	ret

; one: .count sectors from .lba on, timed, checked, into the sum. Then the next buffer and index.
one:
	mov si, [V(place)]
	mov eax, [places + si]
	mov [V(buffer)], eax
	add si, 4
	and si, 31
	mov [V(place)], si
	call canaries_put
	cmp byte [V(chs)], 0
	jne .chs
	mov si, V(packet)
	mov word [si], 16
	mov ax, [V(count)]
	mov [si + 2], ax
	mov [si + 4], ebx
	mov eax, [V(lba)]
	mov [si + 8], eax
	mov dword [si + 12], 0
	call stamp
	mov ah, 42h
	mov dl, [V(drive)]
	int 13h
	jc wrong
	jmp .read
.chs:
	call stamp
	les bx, [V(buffer)]
	mov cx, [V(cx)]
	mov dh, [V(head)]
	mov dl, [V(drive)]
	mov al, [V(count)]
	mov ah, 2
	int 13h
	jc wrong
.read:
	call account
	call canaries_check
	movzx eax, word [V(count)]
	add [V(sectors)], eax
	inc dword [V(index)]
	mov eax, [V(lba)]
	mov ebx, [V(crc)]
	call crc_dword
	les di, [V(buffer)]
	mov cx, [V(count)]
	shl cx, 7
.sum:
	mov eax, [es:di]
	add di, 4
	call crc_dword
	dec cx
	jnz .sum
	mov [V(crc)], ebx
	xor ax, ax
	mov es, ax
	ret

; A word in front of the buffer and one behind it. Out EBX = the buffer, far.
canaries_put:
	mov ebx, [V(buffer)]
	call canary_places
	mov dword [es:di - 4], CANARY
	mov dword [es:si], CANARY
	ret

canaries_check:
	mov ebx, [V(buffer)]
	call canary_places
	cmp dword [es:di - 4], CANARY
	jne wrong_canary
	cmp dword [es:si], CANARY
	jne wrong_canary
	ret

; Out ES:DI the buffer, ES:SI its end. Loses AX.
canary_places:
	les di, [V(buffer)]
	mov si, [V(count)]
	shl si, 9
	add si, di
	ret

; account: the time since stamp to the phase, but not of its warm-up. Loses EAX, ECX, EDX.
account:
	rdtsc
	mov ecx, [V(index)]
	cmp ecx, [p_warmup]
	jb .done
	inc dword [V(timed)]
	sub eax, [V(before)]
	sbb edx, [V(before) + 4]
	add [V(taken)], eax
	adc [V(taken) + 4], edx
	cmp edx, [V(longest) + 4]
	jb .done
	ja .longer
	cmp eax, [V(longest)]
	jbe .done
.longer:
	mov [V(longest)], eax
	mov [V(longest) + 4], edx
.done:
	ret

%include "bench/payload/crc.inc"
%include "bench/payload/time.inc"
%include "bench/payload/numbers.inc"
%include "bench/payload/words.inc"

	align 4, db 0
; Where the buffers are: odd, and every second across a 64 KiB boundary of memory; none wraps in its segment.
places:
	dw 00010h, 2000h
	dw 00007h, 2801h
	dw 07FF5h, 3000h
	dw 0000Dh, 3ABDh
	dw 00FFBh, 2FFFh
	dw 01235h, 4DEFh
	dw 04321h, 2345h
	dw 00009h, 3FFFh

	times PAYLOAD_SECTORS * 512 - ($ - $$) db 0
