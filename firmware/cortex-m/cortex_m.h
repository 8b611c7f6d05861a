/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CORTEX_M_H
#define CORTEX_M_H

#include "memory.h"

/* What the boards with a Cortex-M share. Everything is polled: interrupts stay masked, and only
 * wake the processor. */

#define NVIC_ISER(n) REG (0xE000E100u + 4u * (n))
#define NVIC_ICPR(n) REG (0xE000E280u + 4u * (n))

/* This program's vectors, with which it begins: only the processor's own exceptions, for no other
 * is taken. */
extern const void *const cortex_m_vectors[16];

/* Masks interrupts, and has the processor wake each millisecond. */
void cortex_m_init (uint32_t hz);

/* Sleeps until the millisecond is over or an interrupt waits; its peripheral's is the caller's. */
void cortex_m_sleep (void);

void cortex_m_reset (void);

/* Hands over to the program whose vectors are there. */
void cortex_m_start (uint32_t vectors);

#endif
