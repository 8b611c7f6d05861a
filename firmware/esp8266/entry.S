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
	movi a2, 15 /* no interrupt is taken but where the board waits for one */
	wsr a2, ps
	rsync
	movi a2, vectors
	wsr a2, vecbase
	call0 board_begin

/* What ends a wait comes here: it is told off, and what waited goes on. */
	.align 256
vectors:
	.org vectors + 0x30
	wsr a2, excsave1
	movi a2, 0
	wsr a2, intenable
	rsr a2, excsave1
	rfe
