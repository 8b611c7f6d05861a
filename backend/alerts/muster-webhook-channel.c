/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-webhook-channel"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-channel.h"
#include "muster-webhook-signature.h"

/* clang-format off */
static const MusterField fields[] = {
  { "url", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 2000, .label = N_("Address"), .doc = "Where it is posted to." },
  { "ca_file", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Certificate authority"), .doc = "PEM file on the daemon's machine of the authority that signed that server; left out: those of the machine." },
};
static const char *const destination[] = { "url", "ca_file", NULL };
/* clang-format on */

static void
check (JsonObject *config, MusterFieldErrors *errors)
{
  muster_channel_check_url (config, "url", errors);
}

static DexFuture *
deliver (const MusterChannelParts *parts,
         MusterEntity             *record,
         JsonObject               *config,
         MusterNotice             *notice)
{
  const char      *secret = muster_entity_get_string (record, "secret");
  gint64           now = g_get_real_time () / G_USEC_PER_SEC;
  char            *body = muster_notice_make_json (notice);
  g_autofree char *id = g_strdup_printf ("Webhook-Id: %s", muster_notice_get_id (notice));
  g_autofree char *timestamp = g_strdup_printf ("Webhook-Timestamp: %" G_GINT64_FORMAT, now);
  g_autofree char *signature =
    secret != NULL ? muster_webhook_sign (secret, muster_notice_get_id (notice), now, body) : NULL;
  g_autofree char  *signed_header = g_strconcat ("Webhook-Signature: ", signature, NULL);
  const char *const headers[] = { "Content-Type: application/json", id, timestamp,
                                  signature != NULL ? signed_header : NULL, NULL };

  return muster_channel_post (parts, config, muster_channel_get_text (config, "url"), headers, body,
                              notice);
}

const MusterChannel muster_webhook_channel = {
  .kind = MUSTER_CHANNEL_WEBHOOK,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .takes_secret = TRUE,
  .destination = destination,
  .check = check,
  .deliver = deliver,
};
