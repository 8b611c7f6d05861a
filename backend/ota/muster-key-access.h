/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mf_image.h"
#include "mf_ed25519.h"

#include <glib.h>

G_BEGIN_DECLS

/* How one signature is had of a key: of one that is kept here, under its passphrase, or of one in a
 * token, under its PIN. */
typedef struct
{
  char       *sealed;         /* (owned) (nullable): the key, kept here */
  char       *token_uri;      /* (owned) (nullable): or where a token holds it */
  char       *module;         /* (owned) (nullable): of PKCS #11, for the token */
  char       *secret;         /* (owned) (nullable): passphrase or PIN; wiped */
  const char *uri_pointer;    /* where errors of the place point at; static */
  const char *secret_pointer; /* and those of the secret */
  guint8      public_key[MF_ED25519_KEY_SIZE];
  gboolean    is_known; /* what the public half must be; else it is filled in */
} MusterKeyAccess;

/* Signs the parts as if they were one, and checks what came of it by the public half, so that a
 * token whose halves are no pair signs nothing. Blocks: for tenths of a second, or as long as the
 * token takes. FALSE with MUSTER_ERROR_FORBIDDEN at the secret's pointer: it is wrong;
 * MUSTER_ERROR_CONFLICT: the token holds another key now; otherwise as muster_token_key_open()
 * says. */
gboolean muster_key_access_sign (MusterKeyAccess       *self,
                                 const struct mf_bytes *parts,
                                 gsize                  n_parts,
                                 guint8                 signature[MF_ED25519_SIGNATURE_SIZE],
                                 GError               **error);
/* Wipes and frees what it owns. */
void muster_key_access_clear (MusterKeyAccess *self);

G_END_DECLS
