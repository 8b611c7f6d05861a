/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Takes the bytes as the index of a file, in pieces as long as the first of them says, and searches
 * an old image by it: it comes to an end, and what is found lies within that. Returns 0. */
int mf_fuzz_index (const uint8_t *data, size_t size);
