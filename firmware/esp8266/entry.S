/* SPDX-License-Identifier: GPL-3.0-or-later */
	.section .entry, "ax"
	.literal_position
	.globl board_entry
	.align 4
board_entry:
	movi a1, board_stack
	call0 board_begin
