/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_OCTETS_H
#define MF_OCTETS_H

#include <stddef.h>
#include <stdint.h>

/* Numbers as they stand in flash and in images: little-endian, at any address. */
uint16_t mf_get16 (const uint8_t *in);
uint32_t mf_get32 (const uint8_t *in);
void     mf_put16 (uint8_t *out, uint16_t value);
void     mf_put32 (uint8_t *out, uint32_t value);

/* Overwrites a secret; no compiler leaves this out. */
void mf_forget (void *data, size_t size);

#endif
