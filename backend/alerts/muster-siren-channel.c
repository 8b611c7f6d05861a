/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-siren-channel"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-error.h"
#include "muster-channel.h"

/* A siren or a light: a device that is told to write one value, and another one when it is over. */

/* clang-format off */
static const MusterField fields[] = {
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .references = "device", .label = N_("Device"), .doc = "The siren, or what it is wired to." },
  { "metric", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 200, .label = N_("Metric"), .doc = "What is written." },
  { "value", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, 0, 1000, .label = N_("On"), .doc = "The value that lets it sound." },
  { "off_value", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Off"), .doc = "The value that makes it stop; left out: it stops by itself." },
  { "seconds", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 86400, .unit = "s", .label = N_("For"), .doc = "After how long it is told to stop, unless somebody acknowledges before; left out: when the alert is acknowledged or resolved." },
};
/* clang-format on */

static gboolean
is_off (MusterNotice *notice)
{
  int kind = muster_notice_get_kind (notice);

  return kind == MUSTER_NOTIFICATION_OFF || kind == MUSTER_NOTIFICATION_RESOLVE;
}

static DexFuture *
written_cb (DexFuture *future, gpointer user_data)
{
  return dex_future_new_for_string ("");
}

static DexFuture *
deliver (const MusterChannelParts *parts,
         MusterEntity             *record,
         JsonObject               *config,
         MusterNotice             *notice)
{
  JsonNode        *value = json_object_get_member (config, is_off (notice) ? "off_value" : "value");
  g_autofree char *text = value != NULL ? json_to_string (value, FALSE) : NULL;

  if (parts->siren == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                  "devices cannot be reached from here");
  if (text == NULL)
    return dex_future_new_for_string ("");
  return dex_future_then (parts->siren (muster_channel_get_text (config, "device_id"),
                                        muster_channel_get_text (config, "metric"), text,
                                        parts->siren_data),
                          written_cb, NULL, NULL);
}

const MusterChannel muster_siren_channel = {
  .kind = MUSTER_CHANNEL_SIREN,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .deliver = deliver,
};
