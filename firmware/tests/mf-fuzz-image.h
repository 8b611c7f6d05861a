/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Gives the bytes to what reads images and their way: as the header of an image, as flash full of
 * boot records, as the store's record of an update, and as a file that is downloaded in ranges
 * which they choose themselves. Returns 0. */
int mf_fuzz_image (const uint8_t *data, size_t size);
