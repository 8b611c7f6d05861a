/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Takes the bytes as what a server says to a client that wants a range, behind two: of how many
 * bytes the pieces are, and from where on it wants it; then again, on the connection if that was
 * kept. It gives at most what was asked for, says once that it is over, and writes no more than
 * there is room for. Returns 0. */
int mf_fuzz_http (const uint8_t *data, size_t size);
