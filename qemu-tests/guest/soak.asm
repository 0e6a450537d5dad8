; SPDX-License-Identifier: BSD-2-Clause-Patent
; A guest that reads and writes its disk through interrupt 13h at random until it is told to stop, and trusts nobody:
; each byte read, each register, all the memory it was promised and every timer tick is checked, in the guest, at once.
;
; The boot sector of a raw image that qemu-tests/soak.py makes: what a sector holds follows from the seed, its LBA and how
; often it was written (soak_disk.inc), so nothing is remembered but that number. On COM1:
;
;     soak start ...          drive, base memory, what of the memory is ours to guard
;     soak notices ...        what was wrong on purpose was found: one bit of a sector, one word of memory
;     soak at ...             once a second, figures
;     soak full ...           from here on it writes more than the overlay can hold
;     soak sum ... / soak end
;     soak error what=N ...   and the machine ends by its isa-debug-exit. The numbers: WRONG_* below
;
; It is told by single bytes on COM1: f as above, p pauses (no call at all, interrupts on), g goes on, q ends.
bits 16
org 7C00h

; Code and data never share a page: an emulator pays for each store beside code.
STACK           equ 6000h
STACK_FLOOR     equ 5000h
VARS            equ 0B000h
CONTENTS        equ 0B400h              ; 128 dwords of every sector, before its own word comes in
GENERATIONS     equ 0B800h              ; a word for each sector of the window: how often it was written
TOUCHED         equ 0CC00h              ; a byte for each 4 KiB block of the window: the overlay has it
VECTORS         equ 0D000h              ; the interrupt vectors as they are to stay
MAP             equ 0D400h              ; 64 entries of E820h, 24 bytes each
GUARDED         equ 0DC00h              ; pairs of dwords, from and to: memory that is ours to guard
PAYLOAD_SECTORS equ 12
WINDOW_MAX      equ 2560
BLOCK_SECTORS   equ 8                   ; of the overlay
REQUEST_MAX     equ 127                 ; sectors
EDGE            equ 8                   ; bytes looked at before and after a buffer
STACK_USE_MAX   equ 10                  ; firmware/bios/hooks.inc: what interrupt 13h takes of the caller's
STACK_WATCHED   equ 256
STACK_PAINT     equ 0A5h
TICKS_A_LINE    equ 18
TICKS_A_SWEEP   equ 180
%define TEXT_LOAD "soak error what=load"

WRONG_DATA      equ 1                   ; lba, byte in its sector, want, got
WRONG_STATUS    equ 2                   ; want, got: AH
WRONG_REGISTER  equ 3                   ; byte: which of struct regs; want, got
WRONG_STACK     equ 4                   ; got: bytes of the caller's stack
WRONG_MEMORY    equ 5                   ; lba: the address; want, got
WRONG_VECTOR    equ 6                   ; byte: its address
WRONG_MAP       equ 7                   ; the memory map has changed
WRONG_NOTHING   equ 8                   ; what was wrong on purpose was not found
WRONG_NESTED    equ 9                   ; a call from inside a call was not turned away
WRONG_EDGE      equ 10                  ; lba: the address beside a buffer

struc regs
	.eax resd 1
	.ebx resd 1
	.ecx resd 1
	.edx resd 1
	.esi resd 1
	.edi resd 1
	.ebp resd 1
	.ds  resw 1
	.es  resw 1
	.fs  resw 1
	.gs  resw 1
	.ss  resw 1
	.sp  resw 1
	.flags resw 1
endstruc

struc vars
	.packet         resb 16         ; AH=42h
	.packet_flat    resb 8          ; ... its second half
	.drive          resb 1
	.mode           resb 1          ; 0 CHS, 1 AH=42h and segments, 2 AH=42h and a flat address
	.write          resb 1
	.ahead          resb 1          ; 1: contents as the next write makes them
	.in_call        resb 1
	.call_since     resb 1          ; a call was under way at some time since the last tick
	.want_ah        resb 1
	.pad            resb 1
	.in             resb regs_size
	.out            resb regs_size
	.seed           resd 1          ; bench/payload/numbers.inc
	.before         resq 1          ; bench/payload/time.inc
	.tsc_khz        resd 1
	.late           resd 1          ; TSC ticks between two timer ticks that mean one was lost
	.lba            resd 1
	.count          resd 1
	.bytes          resd 1
	.linear         resd 1          ; the buffer
	.limit          resd 1          ; sectors of the window that are written
	.needed         resd 1          ; new blocks this write wants
	.heads          resd 1
	.track          resd 1
	.cylinders      resd 1
	.base           resd 1          ; end of conventional memory
	.high           resd 1          ; the largest range above 1 MiB, from and to
	.high_end       resd 1
	.hole           resd 1          ; what Rill reserved there
	.guarded_kb     resd 1
	.map_entries    resd 1
	.map_sum        resd 1
	.tick_line      resd 1          ; when the next line, the next sweep are due
	.tick_sweep     resd 1
	.tick_tsc       resq 1          ; when the last tick came
	.old8           resd 1
	.first_tick     resd 1
	.first_tsc      resq 1
	.first_rtc      resd 1
	.bad_lba        resd 1          ; what was wrong, where
	.bad_byte       resd 1
	.bad_want       resd 1
	.bad_got        resd 1
	; figures
	.calls          resd 1
	.reads          resd 1
	.writes         resd 1
	.refused        resd 1
	.sectors        resd 1          ; read and found right
	.touched        resd 1          ; blocks of the overlay in use
	.sweeps         resd 1
	.ticks          resd 1
	.ticks_in       resd 1          ; that landed while Rill was at work
	.gap_in         resd 1          ; longest time between two ticks with a call under way, TSC ticks
	.gap_out        resd 1          ; ... without
	.late_in        resd 1          ; gaps that lost a tick
	.late_out       resd 1
	.nested         resd 1          ; calls from inside a call that were turned away
	.nested_wrong   resd 1
	.stack_use      resd 1
	.longest        resq 1          ; call since the last line
	.shown          resd 1
endstruc
%define V(name) (VARS + vars. %+ name)
%define IN(name) (VARS + vars.in + regs. %+ name)
%define OUT(name) (VARS + vars.out + regs. %+ name)

%include "bench/payload/boot.inc"

; ---- 0:7E00: what qemu-tests/soak.py fills in, all dwords ----
params:
	db "RILLSOAK"
p_seed          dd 1
p_area          dd 128                  ; the sectors that are read
p_area_sectors  dd 4096
p_window        dd 128                  ; those that are written, too; a whole number of blocks
p_window_sectors dd WINDOW_MAX
p_calm_sectors  dd 1536                 ; of them, until full is asked for
p_blocks        dd 256                  ; what the overlay holds (loader/limits.h)
p_wrong         dd 127                  ; a sector in which one bit is wrong

run:
	mov eax, [p_seed]
	mov [V(seed)], eax
	mov eax, [p_calm_sectors]
	mov [V(limit)], eax
	call calibrate
	call contents_init
	call geometry
	call ticks_init                 ; before it: the vectors must stay as they are from then on
	call memory_init
	call say_start
	call notice_data
	call notice_memory
.next:
	call request
	call lines
	call command
	jmp .next

; lines: what is due each second, and each ten.
lines:
	mov eax, [V(ticks)]
	cmp eax, [V(tick_sweep)]
	jb .line
	add eax, TICKS_A_SWEEP
	mov [V(tick_sweep)], eax
	call sweep
	jc wrong_memory
	mov eax, [V(ticks)]
.line:
	cmp eax, [V(tick_line)]
	jb .none
	add eax, TICKS_A_LINE
	mov [V(tick_line)], eax
	mov si, line_at
	call say_fields
	mov eax, [V(longest)]
	mov edx, [V(longest) + 4]
	mov si, text_max
	call field_us
	xor eax, eax
	mov [V(longest)], eax
	mov [V(longest) + 4], eax
	jmp newline
.none:
	ret

; heard: AL = the byte that came, or 0.
heard:
	mov dx, COM1 + 5
	in al, dx
	test al, 1
	mov al, 0
	jz .none
	mov dx, COM1
	in al, dx
.none:
	ret

command:
	call heard
	cmp al, 'f'
	je .full
	cmp al, 'p'
	je .pause
	cmp al, 'q'
	je finish
	ret
.full:
	mov eax, [p_window_sectors]
	mov [V(limit)], eax
	mov si, line_full
	call say_fields
	jmp newline
.pause:
	mov si, text_pause
	call say
.wait:
	hlt
	call heard
	cmp al, 'g'
	jne .wait
	mov si, text_on
	jmp say

; finish: all that was ever written is read once more, the memory is looked at, the clocks are compared.
finish:
	mov eax, [p_window]
	mov [V(lba)], eax
	mov byte [V(write)], 0
	mov byte [V(want_ah)], 0
.window:
	mov eax, [p_window]
	add eax, [p_window_sectors]
	sub eax, [V(lba)]
	jz .read
	cmp eax, REQUEST_MAX
	jbe .fits
	mov eax, REQUEST_MAX
.fits:
	mov [V(count)], eax
	mov byte [V(mode)], 1
	call transfer
	mov eax, [V(count)]
	add [V(lba)], eax
	jmp .window
.read:
	call reach_ours
	call sweep
	jc wrong_memory
	call ticks_sum
	mov si, line_sum
	call say_fields
	mov eax, [V(gap_in)]
	xor edx, edx
	mov si, text_gap_in
	call field_us
	mov eax, [V(gap_out)]
	xor edx, edx
	mov si, text_gap_out
	call field_us
	mov si, text_end
	call say
	mov al, EXIT_WELL
	jmp end_with

say_start:
	movzx eax, byte [V(drive)]
	mov [V(shown)], eax
	mov si, line_start
	call say_fields
	jmp newline

; The sector with the wrong bit must be found wrong, just there.
notice_data:
	mov eax, [p_wrong]
	mov [V(lba)], eax
	mov dword [V(count)], 1
	mov byte [V(write)], 0
	mov byte [V(want_ah)], 0
	mov byte [V(mode)], 1
	call place
	call call_disk
	call contents_check
	mov ax, WRONG_NOTHING
	jnc wrong
	mov si, line_notices
	call say_fields
	call newline
	jmp repaint

; So must a word of memory that somebody wrote to.
notice_memory:
	call flat_on
	mov edi, [V(high_end)]
	sub edi, 4096
	mov eax, [fs:edi]
	push eax
	not dword [fs:edi]
	push edi
	sti
	call sweep
	mov ax, WRONG_NOTHING
	jnc wrong
	call flat_on
	pop edi
	pop dword [fs:edi]
	sti
	mov ax, WRONG_NOTHING
	cmp edi, [V(bad_lba)]
	jne wrong
	mov si, line_notices
	call say_fields
	jmp newline

; say_fields: the list at SI, words: a text, where its dword is; 0.
say_fields:
	lodsw
	test ax, ax
	jz .done
	mov bx, ax
	lodsw
	push si
	mov si, bx
	mov bx, ax
	mov eax, [bx]
	call field
	pop si
	jmp say_fields
.done:
	ret

; field_us: the text at SI, EDX:EAX of the TSC in microseconds.
field_us:
	call microseconds
	jmp field

wrong_memory:
	mov ax, [V(shown)]
; wrong: AX = WRONG_*
wrong:
	cli
	movzx eax, ax
	mov [V(shown)], eax
	mov si, line_error
	call say_fields
	call newline
	jmp end_wrong

%include "qemu-tests/guest/soak_disk.inc"
%include "qemu-tests/guest/soak_call.inc"
%include "qemu-tests/guest/soak_tick.inc"
%include "qemu-tests/guest/soak_memory.inc"
%include "bench/payload/time.inc"
%include "bench/payload/numbers.inc"

line_start	dw text_start, V(shown), text_base, V(base), text_guarded, V(guarded_kb), text_hole, V(hole)
		dw text_khz, V(tsc_khz), 0
line_notices	dw text_notices, V(bad_lba), text_byte, V(bad_byte), text_want, V(bad_want), text_got, V(bad_got), 0
line_at		dw text_at, V(ticks), text_calls, V(calls), text_reads, V(reads), text_sectors, V(sectors)
		dw text_writes, V(writes), text_refused, V(refused), text_touched, V(touched), text_sweeps, V(sweeps)
		dw text_in, V(ticks_in), text_late_in, V(late_in), 0
line_full	dw text_full, V(touched), 0
line_sum	dw text_sum, V(ticks), text_bios, V(first_tick), text_rtc, V(first_rtc), text_calls, V(calls)
		dw text_reads, V(reads), text_sectors, V(sectors), text_writes, V(writes), text_refused, V(refused)
		dw text_touched, V(touched), text_sweeps, V(sweeps), text_in, V(ticks_in), text_late_in, V(late_in)
		dw text_late_out, V(late_out), text_nested, V(nested), text_stack, V(stack_use), 0
line_error	dw text_error, V(shown), text_lba, V(bad_lba), text_byte, V(bad_byte), text_want, V(bad_want)
		dw text_got, V(bad_got), text_call, V(lba), text_count, V(count), text_calls, V(calls)
		dw text_linear, V(linear), 0

text_start	db "soak start drive=", 0
text_base	db " base=", 0
text_guarded	db " guarded_kb=", 0
text_hole	db " hole=", 0
text_khz	db " tsc_khz=", 0
text_notices	db "soak notices lba=", 0
text_at		db "soak at ticks=", 0
text_full	db "soak full touched=", 0
text_sum	db "soak sum ticks=", 0
text_error	db "soak error what=", 0
text_pause	db "soak pauses", 10, 0
text_on		db "soak goes on", 10, 0
text_end	db 10, "soak end", 10, 0
text_bios	db " bios_ticks=", 0
text_rtc	db " rtc_s=", 0
text_calls	db " calls=", 0
text_reads	db " reads=", 0
text_sectors	db " sectors=", 0
text_writes	db " writes=", 0
text_refused	db " refused=", 0
text_touched	db " touched=", 0
text_sweeps	db " sweeps=", 0
text_in		db " ticks_in=", 0
text_late_in	db " late_in=", 0
text_late_out	db " late_out=", 0
text_nested	db " nested=", 0
text_stack	db " stack=", 0
text_gap_in	db " gap_in_us=", 0
text_gap_out	db " gap_out_us=", 0
text_max	db " max_us=", 0
text_lba	db " lba=", 0
text_byte	db " byte=", 0
text_want	db " want=", 0
text_got	db " got=", 0
text_call	db " call_lba=", 0
text_count	db " count=", 0
text_linear	db " linear=", 0

	times PAYLOAD_SECTORS * 512 - ($ - $$) db 0
