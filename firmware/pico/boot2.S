/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first 256 bytes of flash: the RP2040's ROM copies them to the end of its memory, checks their
 * CRC and runs them. They have the flash read like memory, one bit at a time by command 03, which
 * every chip understands, and start the program behind them. */
#ifdef BOARD_IS_BOOT
	.syntax unified
	.cpu cortex-m0plus
	.thumb
	.section .boot2, "ax"
	.balign 4
boot2:
	ldr r3, ssi
	movs r0, #0
	str r0, [r3, #0x08] /* SSIENR: off while it is told */
	movs r1, #4
	str r1, [r3, #0x14] /* BAUDR: a quarter of the system's clock */
	ldr r1, ctrlr0
	str r1, [r3]
	str r0, [r3, #0x04] /* CTRLR1: one word at a time */
	ldr r1, spi_ctrlr0
	movs r2, #0xF4
	str r1, [r3, r2]
	movs r0, #1
	str r0, [r3, #0x08]
	ldr r0, program
	ldr r1, vtor
	str r0, [r1]
	ldmia r0!, {r1, r2}
	msr msp, r1
	bx r2
	.balign 4
ssi:        .word 0x18000000
ctrlr0:     .word 31 << 16 | 3 << 8 /* words of 32 bits, each after a command and an address */
spi_ctrlr0: .word 0x03 << 24 | 2 << 8 | 6 << 2 /* the command, of 8 bits; addresses of 24 */
program:    .word 0x10000100
vtor:       .word 0xE000ED08
	.org 252
	.word 0x4A5E4B82 /* CRC-32/MPEG-2 of the bytes before */
#endif
