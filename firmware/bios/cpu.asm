; SPDX-License-Identifier: BSD-2-Clause-Patent
; The few instructions C has no words for; cpu.h is the manual. cdecl, 32-bit; all keep EBX ESI EDI EBP.
bits 32
section .note.GNU-stack noalloc noexec nowrite progbits
section .text.cpu
global cpu_tsc, cpu_in8, cpu_in16, cpu_in32, cpu_out8, cpu_out16, cpu_out32, cpu_divide

cpu_tsc:                                ; uint64_t cpu_tsc(void)
	rdtsc
	ret

cpu_in8:                                ; uint8_t cpu_in8(uint16_t port)
	mov edx, [esp + 4]
	xor eax, eax
	in al, dx
	ret

cpu_in16:                               ; uint16_t cpu_in16(uint16_t port)
	mov edx, [esp + 4]
	xor eax, eax
	in ax, dx
	ret

cpu_in32:                               ; uint32_t cpu_in32(uint16_t port)
	mov edx, [esp + 4]
	in eax, dx
	ret

cpu_out8:                               ; void cpu_out8(uint16_t port, uint8_t value)
	mov edx, [esp + 4]
	mov eax, [esp + 8]
	out dx, al
	ret

cpu_out16:                              ; void cpu_out16(uint16_t port, uint16_t value)
	mov edx, [esp + 4]
	mov eax, [esp + 8]
	out dx, ax
	ret

cpu_out32:                              ; void cpu_out32(uint16_t port, uint32_t value)
	mov edx, [esp + 4]
	mov eax, [esp + 8]
	out dx, eax
	ret

cpu_divide:                             ; uint32_t cpu_divide(uint32_t high, uint32_t low, uint32_t by)
	mov edx, [esp + 4]
	mov eax, [esp + 8]
	div dword [esp + 12]
	ret
