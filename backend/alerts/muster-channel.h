/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "core/muster-actor.h"
#include "core/muster-bus.h"
#include "model/muster-notification-channel.h"
#include "muster-curl.h"
#include "muster-notice.h"

G_BEGIN_DECLS

/* Writes VALUE (JSON) to METRIC of a device: resolves to anything once it is on its way. What room
 * knows the devices is the daemon's to say. */
typedef DexFuture *(*MusterSirenFunc) (const char *device_id,
                                       const char *metric,
                                       const char *value,
                                       gpointer    user_data);

/* What channels deliver by. */
typedef struct
{
  MusterCurl     *curl;
  MusterBus      *bus;   /* (nullable) */
  MusterSirenFunc siren; /* (nullable) */
  gpointer        siren_data;
} MusterChannelParts;

/**
 * MusterChannel:
 *
 * A kind of way in which people are told; one static table each. RECORD is the channel's record,
 * with its secret.
 */
typedef struct
{
  MusterChannelKind  kind;
  const MusterField *fields; /* of the record's `config` */
  unsigned           n_fields;
  gboolean           takes_secret;
  /* (nullable): the field of a person that it reaches them by; NULL: it reaches whoever is there */
  const char *person_field;
  /* (nullable): what the table of fields does not say; pointers begin with /config/ */
  void (*check) (JsonObject *config, MusterFieldErrors *errors);
  /* (nullable): of `config`, the members that say where the secret is sent to; ends with NULL */
  const char *const *destination;
  /* Resolves to a string: what the other side said, or ""; rejects with what went wrong. In a
   * fiber or not; must not keep RECORD beyond. */
  DexFuture *(*deliver) (const MusterChannelParts *parts,
                         MusterEntity             *record,
                         JsonObject               *config,
                         MusterNotice             *notice);
} MusterChannel;

const MusterChannel *muster_channel_get (MusterChannelKind kind);

/* Adds what is wrong with RECORD's config and secret. */
void muster_channel_check (MusterEntity *record, MusterFieldErrors *errors);

/* Tells NOTICE over the channel RECORD: as deliver() above. */
DexFuture *muster_channel_deliver (MusterEntity             *record,
                                   const MusterChannelParts *parts,
                                   MusterNotice             *notice);

/* Why PERSON cannot be told over CHANNEL, which has a field of persons, or NULL: (transfer full).
 */
char *muster_channel_find_obstacle (const MusterChannel *channel, MusterEntity *person);

/* Whether trying again could not help: the other side understood, and does not want it. */
gboolean muster_channel_error_is_final (const GError *error);

/* --- for the kinds --- */

/* The member NAME of CONFIG, "" and NULL alike. */
const char *muster_channel_get_text (JsonObject *config, const char *name);
void muster_channel_check_url (JsonObject *config, const char *name, MusterFieldErrors *errors);
/* A POST whose answer matters only as taken or not; HEADERS (nullable), BODY taken. Resolves as
 * deliver() does. */
DexFuture *muster_channel_post (const MusterChannelParts *parts,
                                JsonObject               *config,
                                const char               *url,
                                const char *const        *headers,
                                char                     *body,
                                MusterNotice             *notice);

extern const MusterChannel muster_console_channel;
extern const MusterChannel muster_desktop_channel;
extern const MusterChannel muster_kiosk_channel;
extern const MusterChannel muster_siren_channel;
extern const MusterChannel muster_email_channel;
extern const MusterChannel muster_webhook_channel;
extern const MusterChannel muster_ntfy_channel;
extern const MusterChannel muster_sms_channel;

G_END_DECLS
