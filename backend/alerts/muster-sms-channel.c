/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sms-channel"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-error.h"
#include "muster-channel.h"
#include "muster-modem.h"

/* Characters; three parts of a message in UCS-2, one or two otherwise. */
#define MAX_TEXT 200

/* clang-format off */
static const MusterEnumValue ways[] = { { "modem", N_("Modem") }, { "http", N_("HTTP gateway") }, { NULL, NULL } };
static const MusterEnum way_enum = { "SmsVia", ways };

static const MusterField fields[] = {
  { "via", MUSTER_FIELD_ENUM, MUSTER_FIELD_NULLABLE, .enumeration = &way_enum, .label = N_("Over"), .doc = "A modem of ModemManager on the daemon's machine, which is meant when left out; or a gateway that takes {\"to\",\"text\"} as JSON." },
  { "url", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 2000, .label = N_("Gateway"), .doc = "Of a gateway: where it is posted to." },
  { "number", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 40, .label = N_("Number"), .doc = "Who is told where an escalation names no people." },
  { "ca_file", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Certificate authority"), .doc = "PEM file on the daemon's machine of the authority that signed the gateway; left out: those of the machine." },
};
static const char *const destination[] = { "url", "ca_file", NULL };
/* clang-format on */

static gboolean
is_http (JsonObject *config)
{
  return g_strcmp0 (muster_channel_get_text (config, "via"), "http") == 0;
}

static void
check (JsonObject *config, MusterFieldErrors *errors)
{
  if (is_http (config))
    muster_channel_check_url (config, "url", errors);
}

static char *
make_text (MusterNotice *notice)
{
  g_autofree char *text =
    g_strdup_printf ("%s: %s", notice->site_name, muster_notice_get_subject (notice));

  return g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_TEXT));
}

static DexFuture *
post (const MusterChannelParts *parts,
      MusterEntity             *record,
      JsonObject               *config,
      MusterNotice             *notice,
      const char               *number,
      const char               *text)
{
  const char       *secret = muster_entity_get_string (record, "secret");
  g_autofree char  *authorization = g_strconcat ("Authorization: Bearer ", secret, NULL);
  g_autofree char  *id = g_strconcat ("Idempotency-Key: ", muster_notice_get_id (notice), NULL);
  const char *const headers[] = { "Content-Type: application/json", id,
                                  secret != NULL ? authorization : NULL, NULL };
  GString          *json = g_string_new ("{\"to\":");

  muster_json_append_string (json, number, -1);
  g_string_append (json, ",\"text\":");
  muster_json_append_string (json, text, -1);
  g_string_append_c (json, '}');
  return muster_channel_post (parts, config, muster_channel_get_text (config, "url"), headers,
                              g_string_free_and_steal (json), notice);
}

static DexFuture *
sent_cb (DexFuture *future, gpointer user_data)
{
  return dex_future_new_for_string ("");
}

static DexFuture *
deliver (const MusterChannelParts *parts,
         MusterEntity             *record,
         JsonObject               *config,
         MusterNotice             *notice)
{
  const char *number =
    notice->person_name != NULL ? notice->phone : muster_channel_get_text (config, "number");
  g_autofree char *text = make_text (notice);

  if (number == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_INVALID,
                                  "nobody is to be told: give the channel a `number`, or the step "
                                  "of the escalation people");
  if (is_http (config))
    return post (parts, record, config, notice, number, text);
  return dex_future_then (muster_modem_send (number, text), sent_cb, NULL, NULL);
}

const MusterChannel muster_sms_channel = {
  .kind = MUSTER_CHANNEL_SMS,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .takes_secret = TRUE,
  .person_field = "phone",
  .destination = destination,
  .check = check,
  .deliver = deliver,
};
