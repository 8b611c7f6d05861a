/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define MUSTER_TXT_MAX_ENTRIES 64
#define MUSTER_TXT_MAX_BYTES 8192 /* of all entries kept */

/**
 * MusterTxt:
 *
 * The TXT record of a DNS-SD service (RFC 6763 §6): `key=value` entries. Keys are printable ASCII
 * without "=", compared without regard to case; of several entries with one key the first counts;
 * values are any bytes. Entries beyond the limits, with an empty or impossible key, or of more than
 * 255 bytes are left out. Immutable once handed on; reference counted, safe to hand to another
 * thread.
 */
typedef struct _MusterTxt MusterTxt;

#define MUSTER_TYPE_TXT (muster_txt_get_type ())
GType      muster_txt_get_type (void);
MusterTxt *muster_txt_new (void);
/* From the record's wire form: strings of up to 255 bytes, each after its length. NULL with
 * MUSTER_ERROR_MALFORMED when a length reaches beyond the end. */
MusterTxt *muster_txt_new_from_wire (const guint8 *data, gsize length, GError **error);
MusterTxt *muster_txt_ref (MusterTxt *self);
void       muster_txt_unref (MusterTxt *self);

/* Adds one entry, for instance `id=17` or `flag`. FALSE when it was left out. */
gboolean muster_txt_add (MusterTxt *self, const guint8 *entry, gsize length);
/* Adds KEY with VALUE (nullable: a key without value). */
gboolean muster_txt_set (MusterTxt *self, const char *key, const char *value);

gboolean muster_txt_has (MusterTxt *self, const char *key);
/* The value where it is non-empty UTF-8 text without control characters, else NULL. Borrowed. */
const char *muster_txt_get_text (MusterTxt *self, const char *key);
/* The value's bytes, NULL when there is no such key or it has no value. Borrowed. */
const guint8 *muster_txt_get_bytes (MusterTxt *self, const char *key, gsize *length);
unsigned      muster_txt_get_count (MusterTxt *self);
/* In order of the record: keys in lower case. */
const char *muster_txt_get_key (MusterTxt *self, unsigned index);
gboolean    muster_txt_equal (MusterTxt *a, MusterTxt *b);

/* Appends a JSON object: text as it is, a key without value as "", other bytes as "0x" and
 * hexadecimal digits. */
void muster_txt_encode (MusterTxt *self, GString *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTxt, muster_txt_unref)

G_END_DECLS
