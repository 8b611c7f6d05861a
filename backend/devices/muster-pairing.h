/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-http-fetch.h"

G_BEGIN_DECLS

/* Longest body of the pairing protocol, either way. */
#define MUSTER_PAIRING_BODY_MAX 4096

/* How far a pairing got. */
typedef enum
{
  MUSTER_PAIRING_CONNECTING,  /* asking the device who it is */
  MUSTER_PAIRING_HANDSHAKE,   /* proving the label secret to each other */
  MUSTER_PAIRING_READY,       /* the secret is right: the device waits for its credentials */
  MUSTER_PAIRING_CREDENTIALS, /* telling it its credentials */
  MUSTER_PAIRING_DONE,        /* it keeps them */
  MUSTER_PAIRING_FAILED,
} MusterPairingStep;

/* What a device says of itself before anything is proved. */
typedef struct
{
  char    *serial;
  char    *mac;      /* (nullable): as in a record, six pairs with colons */
  char    *model;    /* (nullable) */
  char    *firmware; /* (nullable) */
  char    *hardware; /* (nullable) */
  char    *name;     /* (nullable) */
  gboolean adopted;  /* it has credentials of some site already */
} MusterPairingIdentity;

/* What it is told; see data/protocol/pairing.proto. Borrowed for the call. */
typedef struct
{
  const char        *adoption_id;
  const char        *site_name;
  const char *const *broker_hosts;
  unsigned           broker_port;
  const char        *username;
  const char        *password;
  GBytes            *ca_certificate; /* DER */
  const char        *group_id;
  const char        *host_id;
  gint64             now; /* UTC microseconds */
  const char        *tls_name;
} MusterPairingCredentials;

/**
 * MusterPairing:
 *
 * The console's end of firmware/PAIRING.md: one pairing with one device, from the first question to
 * its word that it keeps its credentials. Two steps, so that nothing is recorded before the label
 * secret has proved right. Notifies `step`.
 */
#define MUSTER_TYPE_PAIRING (muster_pairing_get_type ())
G_DECLARE_FINAL_TYPE (MusterPairing, muster_pairing, MUSTER, PAIRING, GObject)

/* ADDRESS: "host:port" of the pairing endpoint ("192.0.2.7:8080", "[2001:db8::7]:8080"). */
MusterPairing *muster_pairing_new (MusterHttpFetch *fetch, const char *address);

/* Proves SECRET (MUSTER_LABEL_SECRET_LENGTH bytes, copied). SERIAL (nullable): of the device that
 * must answer. Resolves to TRUE; rejects with MUSTER_ERROR_FORBIDDEN (the secret is not that of
 * this device), _CONFLICT (another device answers there, or it is adopted and RETRY is FALSE),
 * _RATE_LIMITED (too many wrong secrets; the message says how long to wait), _UNAVAILABLE,
 * _TIMED_OUT, _PROTOCOL. RETRY: an earlier pairing of this site was interrupted, so that it may be
 * adopted by us already. */
DexFuture *muster_pairing_prove (MusterPairing *self,
                                 const guint8  *secret,
                                 const char    *serial,
                                 gboolean       retry);

/* Tells the device its credentials, again when the answer was lost. Resolves to TRUE once the
 * device keeps them. Rejects with MUSTER_ERROR_CONFLICT (adopted by another site: it keeps those
 * credentials), _FAILED (it refuses, saying why), both definite; with _UNAVAILABLE, _TIMED_OUT or
 * _PROTOCOL nobody knows whether it kept them: try again with the same `adoption_id`. */
DexFuture *muster_pairing_tell (MusterPairing *self, const MusterPairingCredentials *credentials);

MusterPairingStep muster_pairing_get_step (MusterPairing *self);
/* Once proved. Borrowed. */
const MusterPairingIdentity *muster_pairing_get_identity (MusterPairing *self);
/* The firmware version of the device's last word, else of its first; NULL: it said none. Borrowed.
 */
const char *muster_pairing_get_firmware (MusterPairing *self);

/* Whether a failure of muster_pairing_tell() is certain: the device did not take the credentials.
 */
gboolean muster_pairing_error_is_definite (const GError *error);

G_END_DECLS
