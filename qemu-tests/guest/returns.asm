; SPDX-License-Identifier: BSD-2-Clause-Patent
; A program that a PXE ROM starts: tells what base memory is left and what the API answered by each of its entries, and
; returns; with INT_18 it calls that instead; with STAYS it has put a handler of its own before the API's, and asks it to go;
; with WIPES it has taken all memory below itself, and leaves nothing of what was there.
bits 16
org 7C00h
ARE_YOU_THERE   equ 5650h
GET_CACHED_INFO equ 71h
STOP_UNDI       equ 15h
UNLOAD_STACK    equ 70h
HANDLER         equ 580h                ; memory that nobody uses any more
WIPED           equ 500h                ; from here on; before it are the BIOS's variables
THE_ACK         equ 2
ENTRY_ENV       equ 0Ah                 ; places in PXENV+ and !PXE
ENTRY_BANG      equ 10h

	mov bp, sp
	mov eax, [bp + 4]               ; !PXE
	push cs
	pop ds
	mov [bang], eax
	mov si, t_kb
	call say
	int 12h
	call hex16
	mov si, t_1a
	call say
	mov ax, ARE_YOU_THERE
	int 1Ah
	call hex16
	mov eax, [es:bx + ENTRY_ENV]
	mov [entry], eax
	push eax

	mov si, t_bang
	call say
	les bx, [bang]
	mov eax, [es:bx + ENTRY_BANG]
	mov [entry], eax
	call block
	push cs
	push di
	push word GET_CACHED_INFO
	call far [entry]
	add sp, 6
	call answer

	mov si, t_env
	call say
	pop dword [entry]
	call block
	push cs
	pop es
	mov bx, GET_CACHED_INFO
	call far [entry]
	call answer

	mov si, t_end
	call say
%ifdef STAYS
	xor ax, ax
	mov es, ax
	mov eax, [es:1Ah * 4]
	mov byte [HANDLER], 0EAh        ; a jump to the one before
	mov [HANDLER + 1], eax
	mov dword [es:1Ah * 4], HANDLER
	mov bx, STOP_UNDI
	call go_away
	mov bx, UNLOAD_STACK
	call go_away
	mov si, t_end
	call say
%endif
%ifdef INT_18
	int 18h
%endif
	mov si, t_back
	call say
%ifdef WIPES
	xor ax, ax
	mov es, ax
	mov di, WIPED
	mov cx, (7C00h - WIPED) / 2
	rep stosw
%endif
	xor ax, ax
	retf

; go_away: the call BX, AX and Status
go_away:
	mov si, t_stays
	call say
	push cs
	pop es
	mov di, cached
	call far [entry]
	call hex16
	mov si, t_space
	call say
	mov ax, [cached]
	jmp hex16

; block: Out DI = a block that asks for the ACK
block:
	mov di, cached
	mov word [di], 0FFFFh
	mov word [di + 2], THE_ACK
	mov dword [di + 4], 0
	mov word [di + 8], 0
	ret

; answer: AX, then Status; a buffer that has no ACK in it counts as a failure of its own
answer:
	call hex16
	mov si, t_space
	call say
	mov ax, [cached]
	les bx, [cached + 6]
	cmp byte [es:bx], 2             ; BOOTREPLY
	je .reply
	mov ax, 0EEEEh
.reply:
	jmp hex16

%include "serial.inc"

bang    dd 0
entry   dd 0
cached  times 12 db 0
t_kb    db 10, "returns: 12 ", 0
t_1a    db " 1a ", 0
t_bang  db " bang ", 0
t_env   db " env ", 0
t_end   db 10, 0
t_back  db "returns: back", 10, 0
t_space db " ", 0
t_stays db " stays ", 0
