/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_SHA2_H
#define MF_SHA2_H

#include <stddef.h>
#include <stdint.h>

/* SHA-256 and SHA-512 of FIPS 180-4. In this order: init, update as often as there are bytes, final
 * (which also forgets what it was fed). */

#define MF_SHA256_SIZE 32u
#define MF_SHA256_BLOCK 64u
#define MF_SHA512_SIZE 64u
#define MF_SHA512_BLOCK 128u

/* What counts the bytes of one SHA-256: less where a processor of eight bits hashes kilobytes. */
#ifndef MF_SHA256_COUNT
#define MF_SHA256_COUNT uint64_t
#endif

struct mf_sha256
{
  uint32_t        h[8];
  MF_SHA256_COUNT size;
  uint8_t         block[MF_SHA256_BLOCK];
};

struct mf_sha512
{
  uint64_t h[8];
  uint64_t size;
  uint8_t  block[MF_SHA512_BLOCK];
};

void mf_sha256_init (struct mf_sha256 *self);
void mf_sha256_update (struct mf_sha256 *self, const void *data, size_t size);
void mf_sha256_final (struct mf_sha256 *self, uint8_t out[MF_SHA256_SIZE]);

void mf_sha512_init (struct mf_sha512 *self);
void mf_sha512_update (struct mf_sha512 *self, const void *data, size_t size);
void mf_sha512_final (struct mf_sha512 *self, uint8_t out[MF_SHA512_SIZE]);

#endif
