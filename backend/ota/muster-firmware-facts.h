/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-firmware-artifact.h"
#include "model/muster-signing-key.h"

G_BEGIN_DECLS

/* A key that signatures are checked by. */
typedef struct
{
  char            id[37]; /* of its record */
  guint8          public_key[32];
  char           *certificate; /* (owned) (nullable): PEM: it is checked by that, not by the key */
  MusterKeyStatus status;
} MusterFirmwareKey;

/* What a file of firmware says of itself, and what was found to be true of it. */
typedef struct
{
  MusterArtifactFormat format;
  MusterArtifactTrust  trust;
  char                *version;          /* (nullable) */
  char               **models;           /* (nullable): those it fits */
  char                *hardware_from;    /* (nullable) */
  char                *hardware_to;      /* (nullable) */
  char                 key_id[37];       /* of the record of the key that signed it; "" for none */
  gint64               security_counter; /* -1: not told */
  JsonObject          *manifest;         /* (owned): for people to read */
  char chunks[65]; /* the SHA-256 of a file of zchunk, which is no firmware by itself;
                    * "" for all else */
} MusterFirmwareFacts;

void muster_firmware_facts_clear (MusterFirmwareFacts *self);

/* An array of MusterFirmwareKey that owns what they own. */
GArray *muster_firmware_keys_new (void);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterFirmwareFacts, muster_firmware_facts_clear)

/* Reads the file FD, which is not moved, from its beginning to its end, and finds out what it is: a
 * Muster image (firmware/IMAGE.md), an archive of SWUpdate (cpio that begins with sw-description),
 * a bundle of RAUC (squashfs with a signature behind it), UF2, Intel HEX, zchunk, or else raw
 * bytes. KEYS (element-type MusterFirmwareKey): those of the site. Blocks, for as long as reading
 * takes; safe on any thread. FALSE with MUSTER_ERROR_INVALID at `/file`: it begins like one of
 * these and is not whole, holds other files than it says, or its signature is broken; with
 * MUSTER_ERROR_FAILED: it cannot be read. */
gboolean muster_firmware_facts_read (MusterFirmwareFacts *self,
                                     int                  fd,
                                     GArray              *keys,
                                     GError             **error);

/* What the signatures of the Muster image FD are worth by KEYS, into `trust` and `key_id` of SELF,
 * which is empty else. Reads its header alone: safe on any thread. MUSTER_ERROR_INVALID. */
gboolean muster_firmware_facts_weigh_image (MusterFirmwareFacts *self,
                                            int                  fd,
                                            GArray              *keys,
                                            GError             **error);

/* Compares versions as people write them: numbers by their value, what lies between them by its
 * bytes; 1.2 is less than 1.10, 1.0-rc1 less than 1.0. Below 0, 0, or above. */
int muster_version_compare (const char *a, const char *b);

G_END_DECLS
