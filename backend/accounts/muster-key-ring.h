/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"

G_BEGIN_DECLS

#define MUSTER_KEY_LENGTH 32 /* bytes */
/* How long a key signs. The one before stays good for as long as what it signed lives. */
#define MUSTER_KEY_ROTATION (30 * G_TIME_SPAN_DAY)

/* What a key is for, so that none does two things. */
typedef enum
{
  MUSTER_KEY_BADGE,   /* hashes the codes of badges */
  MUSTER_KEY_REFRESH, /* marks refresh tokens as ours */
} MusterKeyPurpose;

/* One that signs access tokens. */
typedef struct
{
  char   id[17];
  gint64 created_at; /* UTC microseconds */
  guint8 secret[MUSTER_KEY_LENGTH];
} MusterSigningKey;

/* The secrets of the accounts, in one file that the daemon alone may read. Main thread, but for
 * what blocks: muster_key_ring_load() and muster_key_ring_rotate(), which must not run beside
 * anything else. */
typedef struct _MusterKeyRing MusterKeyRing;

/* PATH: of the file; its folder is made 0700 where it is missing. */
MusterKeyRing *muster_key_ring_new (const char *path, MusterClock *clock);
void           muster_key_ring_free (MusterKeyRing *self);
/* Reads the file, or makes it; then rotates. Blocks. MUSTER_ERROR_CORRUPT when it cannot be read.
 */
gboolean muster_key_ring_load (MusterKeyRing *self, GError **error);
/* Whether a new signing key is due. */
gboolean muster_key_ring_needs_rotation (MusterKeyRing *self);
/* Makes a new signing key when one is due, forgets those that no token can need, and writes the
 * file. KEEP: how long tokens live, µs. Blocks. */
gboolean muster_key_ring_rotate (MusterKeyRing *self, gint64 keep, GError **error);

/* Borrowed until the next load or rotation. */
const MusterSigningKey *muster_key_ring_get_signing_key (MusterKeyRing *self);
/* NULL where ID is no key that is still good. */
const MusterSigningKey *muster_key_ring_find (MusterKeyRing *self, const char *id);
const guint8           *muster_key_ring_get_secret (MusterKeyRing *self, MusterKeyPurpose purpose);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterKeyRing, muster_key_ring_free)

G_END_DECLS
