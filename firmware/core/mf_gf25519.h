/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_GF25519_H
#define MF_GF25519_H

#include <stdbool.h>
#include <stdint.h>

/* Arithmetic modulo p = 2^255 - 19, for mf_ed25519 alone. An element is 256 bits in eight words,
 * the lowest first, and need not be below p except where said. Eight words rather than ten of 25.5
 * bits: a multiplication is 64 products in a loop, which is the smallest code on every 32-bit
 * board. Nothing here branches on values. Results may be written over operands. */

#define MF_GF_WORDS 8u

typedef uint32_t mf_gf[MF_GF_WORDS];

void mf_gf_small (mf_gf out, uint32_t value);
void mf_gf_add (mf_gf out, const mf_gf a, const mf_gf b);
void mf_gf_sub (mf_gf out, const mf_gf a, const mf_gf b);
void mf_gf_mul (mf_gf out, const mf_gf a, const mf_gf b);

/* a^(2^252 - 3), from which roots are made; and 1/a, 0 for 0. */
void mf_gf_root_power (mf_gf out, const mf_gf a);
void mf_gf_invert (mf_gf out, const mf_gf a);

/* Reads 32 bytes, the top bit left out: whatever they are, or canonical when that is true. */
bool mf_gf_read (mf_gf out, const uint8_t in[32]);
/* Writes the element below p. */
void mf_gf_write (uint8_t out[32], const mf_gf a);

bool mf_gf_same (const mf_gf a, const mf_gf b);
bool mf_gf_is_odd (const mf_gf a);

/* Sets `out` to `a` where `choose` is 1, leaves it where it is 0. */
void mf_gf_choose (mf_gf out, const mf_gf a, uint32_t choose);

#endif
