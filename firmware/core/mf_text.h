/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_TEXT_H
#define MF_TEXT_H

#include "mf_port.h"

/* Appends `text` to the string in `out` (of `size` bytes). False and unchanged when it does not
 * fit. */
bool mf_text_append (char *out, size_t size, const char *text);

/* Copies `text`, which may hold no NUL, into `out` as a string. False, and out is "", when it does
 * not fit. */
bool mf_text_copy (char *out, size_t size, struct mf_bytes text);

/* Whether `text` is well-formed UTF-8 without NUL. */
bool mf_text_is_utf8 (struct mf_bytes text);

/* Whether `text` may stand as one level of an MQTT topic: UTF-8, not empty, none of + / #. */
bool mf_text_is_topic_level (const char *text);

/* `text` as bytes, without its NUL. */
struct mf_bytes mf_text_bytes (const char *text);

/* Whether the bytes are the same; takes as long whatever they are. */
bool mf_bytes_same_secret (const uint8_t *a, const uint8_t *b, size_t size);

#endif
