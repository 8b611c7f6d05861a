/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ntfy-channel"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-channel.h"

/* ntfy, https://docs.ntfy.sh/publish/#publish-as-json */

/* clang-format off */
static const MusterField fields[] = {
  { "url", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 2000, .label = N_("Server"), .doc = "Of ntfy: https://ntfy.sh." },
  { "topic", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 64, .label = N_("Topic"), .doc = "What people subscribe to; who knows it can read it." },
  { "link", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 2000, .label = N_("Link"), .doc = "What a button of the notification opens; {alert_id} stands for the id of the alert." },
  { "ca_file", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Certificate authority"), .doc = "PEM file on the daemon's machine of the authority that signed that server; left out: those of the machine." },
};
static const char *const destination[] = { "url", "ca_file", NULL };
/* clang-format on */

static void
check (JsonObject *config, MusterFieldErrors *errors)
{
  const char *topic = muster_channel_get_text (config, "topic");

  muster_channel_check_url (config, "url", errors);
  for (const char *p = topic; p != NULL && *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_')
      {
        muster_field_errors_add (errors, "/config/topic",
                                 "must be letters, digits, hyphens and underscores");
        break;
      }
}

/* 1 (least) to 5. */
static int
get_priority (MusterNotice *notice)
{
  int kind = muster_notice_get_kind (notice);

  if (kind == MUSTER_NOTIFICATION_RESOLVE || kind == MUSTER_NOTIFICATION_TEST)
    return 3;
  return 3 + muster_notice_get_severity (notice);
}

/* The name of an emoji that ntfy shows before the title. */
static const char *
get_emoji (MusterNotice *notice)
{
  static const char *const by_severity[] = { "information_source", "warning", "rotating_light" };

  switch ((MusterNotificationKind)muster_notice_get_kind (notice))
    {
    case MUSTER_NOTIFICATION_RESOLVE:
      return "white_check_mark";
    case MUSTER_NOTIFICATION_TEST:
    case MUSTER_NOTIFICATION_OFF:
      return "bell";
    case MUSTER_NOTIFICATION_RAISE:
    case MUSTER_NOTIFICATION_REPEAT:
    case MUSTER_NOTIFICATION_DIGEST:
    default:
      return by_severity[muster_notice_get_severity (notice)];
    }
}

static void
append_link (GString *json, JsonObject *config, MusterNotice *notice)
{
  const char *alert_id = muster_entity_get_string (notice->notification, "alert_id");
  g_autoptr (GString) link = g_string_new (muster_channel_get_text (config, "link"));

  if (link->len == 0)
    return;
  g_string_replace (link, "{alert_id}", alert_id != NULL ? alert_id : "", 0);
  g_string_append (json, ",\"click\":");
  muster_json_append_string (json, link->str, -1);
  g_string_append (json, ",\"actions\":[{\"action\":\"view\",\"label\":");
  muster_json_append_string (json, _ ("Open"), -1);
  g_string_append (json, ",\"url\":");
  muster_json_append_string (json, link->str, -1);
  g_string_append (json, "}]");
}

static char *
make_body (JsonObject *config, MusterNotice *notice)
{
  const char *body = muster_notice_get_body (notice);
  GString    *json = g_string_new ("{\"topic\":");

  muster_json_append_string (json, muster_channel_get_text (config, "topic"), -1);
  g_string_append (json, ",\"title\":");
  muster_json_append_string (json, muster_notice_get_subject (notice), -1);
  g_string_append (json, ",\"message\":");
  muster_json_append_string (json, *body != '\0' ? body : muster_notice_get_subject (notice), -1);
  g_string_append_printf (json, ",\"priority\":%d,\"tags\":[\"%s\",\"%s\"]", get_priority (notice),
                          get_emoji (notice),
                          muster_entity_get_string (notice->notification, "severity"));
  append_link (json, config, notice);
  g_string_append_c (json, '}');
  return g_string_free_and_steal (json);
}

static DexFuture *
deliver (const MusterChannelParts *parts,
         MusterEntity             *record,
         JsonObject               *config,
         MusterNotice             *notice)
{
  const char       *secret = muster_entity_get_string (record, "secret");
  g_autofree char  *authorization = g_strconcat ("Authorization: Bearer ", secret, NULL);
  const char *const headers[] = { "Content-Type: application/json",
                                  secret != NULL ? authorization : NULL, NULL };

  return muster_channel_post (parts, config, muster_channel_get_text (config, "url"), headers,
                              make_body (config, notice), notice);
}

const MusterChannel muster_ntfy_channel = {
  .kind = MUSTER_CHANNEL_NTFY,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .takes_secret = TRUE,
  .destination = destination,
  .check = check,
  .deliver = deliver,
};
