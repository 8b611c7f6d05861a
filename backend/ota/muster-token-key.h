/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A private key of Ed25519 in a PKCS #11 token, ready to sign. Every function here blocks for as
 * long as the token takes, which may be for ever: call them on a thread of its own. */
typedef struct _MusterTokenKey MusterTokenKey;

/* Where the key is, and what opens it. All borrowed, until the key is closed. */
typedef struct
{
  const char *uri;         /* as muster_token_uri_normalize() leaves it */
  const char *module;      /* (nullable): of PKCS #11, beside those that p11-kit knows */
  const char *pin;         /* the user's, in UTF-8 */
  const char *uri_pointer; /* where errors point at */
  const char *pin_pointer;
} MusterTokenPlace;

/* Logs in by one try of the PIN and finds the key, whose public half goes into PUBLIC_KEY. Only one
 * key is open at a time: a token that one of its program's threads has logged in to asks no other
 * for the PIN. NULL with MUSTER_ERROR_FORBIDDEN: a wrong PIN; MUSTER_ERROR_CONFLICT: the PIN is
 * locked; MUSTER_ERROR_UNAVAILABLE: there is no such token now, it fails, is in use, or the module
 * cannot be loaded; MUSTER_ERROR_INVALID: the token has no such key, or one of another kind. */
MusterTokenKey *muster_token_key_open (const MusterTokenPlace *place,
                                       guint8                  public_key[32],
                                       GError                **error);
gboolean        muster_token_key_sign (MusterTokenKey *self,
                                       const guint8   *data,
                                       gsize           size,
                                       guint8          signature[64],
                                       GError        **error);
/* Logs out. */
void muster_token_key_close (MusterTokenKey *self);

/* Whether PATH may be loaded into the daemon, where it can do whatever the daemon can: an absolute
 * path to a file that root installed for everybody to read, which only root can change, as the
 * folders above it. So it is never one that somebody brought through the API. NULL with
 * MUSTER_ERROR_UNAVAILABLE says why not, else the path without links: (transfer full). */
char *muster_token_module_check (const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTokenKey, muster_token_key_close)

G_END_DECLS
