/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-live-channel"

#include "config.h"

#include "model/muster-error.h"
#include "model/muster-time.h"
#include "muster-channel.h"

/* Consoles, desktops and kiosks: told over the live stream, and each of them acts by itself. */

/* A notice as the live stream tells it. */
#define MUSTER_TYPE_LIVE_NOTICE (muster_live_notice_get_type ())
G_DECLARE_FINAL_TYPE (MusterLiveNotice, muster_live_notice, MUSTER, LIVE_NOTICE, GObject)

struct _MusterLiveNotice
{
  GObject       parent_instance;
  MusterNotice *notice; /* (owned) */
  const char   *kind;   /* of the channel */
  const char   *sound;
};

G_DEFINE_FINAL_TYPE (MusterLiveNotice, muster_live_notice, G_TYPE_OBJECT)

static void
muster_live_notice_finalize (GObject *object)
{
  g_clear_object (&MUSTER_LIVE_NOTICE (object)->notice);
  G_OBJECT_CLASS (muster_live_notice_parent_class)->finalize (object);
}

static void
muster_live_notice_class_init (MusterLiveNoticeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_live_notice_finalize;
}

static void
muster_live_notice_init (MusterLiveNotice *self)
{
}

static gboolean
encode (MusterEvent *event, GHashTable *details, GString *json)
{
  MusterLiveNotice *self = muster_event_get_payload (event);

  if (details != NULL && !g_hash_table_contains (details, self->kind))
    return FALSE;
  muster_entity_encode (self->notice->notification, json);
  g_string_truncate (json, json->len - 1);
  g_string_append_printf (json, ",\"channel\":\"%s\",\"sound\":\"%s\",\"title\":", self->kind,
                          self->sound);
  muster_json_append_string (json, muster_notice_get_subject (self->notice), -1);
  g_string_append_c (json, '}');
  return TRUE;
}

static DexFuture *
deliver (const MusterChannelParts *parts,
         MusterEntity             *record,
         JsonObject               *config,
         MusterNotice             *notice)
{
  g_autoptr (MusterLiveNotice) payload = g_object_new (MUSTER_TYPE_LIVE_NOTICE, NULL);
  g_autoptr (MusterEvent) event = NULL;

  payload->notice = g_object_ref (notice);
  payload->kind =
    muster_enum_get_nick (&muster_channel_kind_enum, muster_entity_get_enum (record, "kind"));
  payload->sound =
    muster_enum_get_nick (&muster_channel_sound_enum, muster_entity_get_enum (record, "sound"));
  if (parts->bus == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                  "there is no live stream");
  event = muster_event_new (MUSTER_TOPIC_NOTIFICATION,
                            muster_entity_get_string (notice->notification, "alert_id"), NULL, 0,
                            G_OBJECT (payload), encode);
  muster_bus_publish (parts->bus, event);
  return dex_future_new_for_string ("");
}

const MusterChannel muster_console_channel = { .kind = MUSTER_CHANNEL_CONSOLE, .deliver = deliver };
const MusterChannel muster_desktop_channel = { .kind = MUSTER_CHANNEL_DESKTOP, .deliver = deliver };
const MusterChannel muster_kiosk_channel = { .kind = MUSTER_CHANNEL_KIOSK, .deliver = deliver };
