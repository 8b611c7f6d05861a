/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The 128-bit secret printed on a device's label; its form is fixed by firmware/PAIRING.md. */
#define MUSTER_LABEL_SECRET_LENGTH 16
#define MUSTER_LABEL_PSK_LENGTH 32
/* 28 characters, six hyphens. */
#define MUSTER_LABEL_TEXT_LENGTH 34

/* Crockford's: a character stands for its place. */
#define MUSTER_LABEL_ALPHABET "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
/* Characters that count in the printed form. */
#define MUSTER_LABEL_N_CHARACTERS 28

/* The place of CHARACTER in the alphabet as people read it (any case, O is 0, I and L are 1), or
 * -1. */
int muster_label_secret_read_character (gunichar character);
/* Reads TEXT as a person types or pastes it: any case, hyphens and spaces anywhere, O for 0, I and
 * L for 1. MUSTER_ERROR_INVALID with one row at `/secret` that says what to mend: length, the
 * character that cannot be, or a typing error by the check characters. SECRET is
 * MUSTER_LABEL_SECRET_LENGTH bytes, untouched on failure; wipe it after use. */
gboolean muster_label_secret_parse (const char *text, guint8 *secret, GError **error);
/* As printed: "ABCD-EFGH-…". Wipe before freeing. */
char *muster_label_secret_format (const guint8 *secret);
/* A new one. */
void muster_label_secret_generate (guint8 *secret);
/* The pre-shared key of the pairing channel, MUSTER_LABEL_PSK_LENGTH bytes. */
void muster_label_secret_derive_psk (const guint8 *secret, guint8 *psk);

G_END_DECLS
