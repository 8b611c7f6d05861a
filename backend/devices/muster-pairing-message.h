/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-pairing.h"

G_BEGIN_DECLS

/* The device's answer to its credentials. */
typedef struct
{
  gboolean ok;
  char    *error;    /* (nullable): why not */
  char    *firmware; /* (nullable) */
} MusterPairingResult;

MusterPairingIdentity *muster_pairing_identity_parse (const char *json,
                                                      gsize       length,
                                                      GError    **error);
void                   muster_pairing_identity_free (MusterPairingIdentity *self);
/* The prologue of the handshake with the device SERIAL. */
GBytes *muster_pairing_make_prologue (const char *serial);

GBytes *muster_pairing_credentials_encode (const MusterPairingCredentials *credentials);
MusterPairingResult *muster_pairing_result_decode (const guint8 *data, gsize size, GError **error);
void                 muster_pairing_result_free (MusterPairingResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterPairingIdentity, muster_pairing_identity_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterPairingResult, muster_pairing_result_free)

G_END_DECLS
