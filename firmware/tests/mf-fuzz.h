/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Gives the bytes to every place of the core, and of the desk port, where bytes of others come in:
 * a command to a node that is online, STATE, both pairing requests, credentials, the text of a
 * label, the head of an HTTP request, and flash. Returns 0. */
int mf_fuzz (const uint8_t *data, size_t size);
