/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a RISC-V board begins: a stack, the global pointer, then memory.h's board_run(). */
	.section .entry, "ax"
	.globl board_entry
board_entry:
	la sp, board_stack
	.option push
	.option norelax
	la gp, __global_pointer$
	.option pop
	j board_begin
