/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First in the program, whose first byte is where it is begun; what it loads lies behind that. */
	.section .entry, "ax"
	.globl board_entry
	.align 4
board_entry:
	j begin
	.align 4
	.literal_position
	.align 4
begin:
	movi a1, board_stack
	call0 board_begin
