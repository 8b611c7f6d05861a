/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-live-status"

#include "config.h"

#include "muster-live-status.h"

struct _MusterLiveStatus
{
  GObject         parent_instance;
  char           *device_id; /* (owned) */
  char           *json;      /* (owned) */
  MusterLiveState state;
  gint64          since; /* UTC microseconds; 0: unknown */
};

G_DEFINE_FINAL_TYPE (MusterLiveStatus, muster_live_status, G_TYPE_OBJECT)

static void
muster_live_status_finalize (GObject *object)
{
  MusterLiveStatus *self = MUSTER_LIVE_STATUS (object);

  g_free (self->device_id);
  g_free (self->json);
  G_OBJECT_CLASS (muster_live_status_parent_class)->finalize (object);
}

static void
muster_live_status_class_init (MusterLiveStatusClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_live_status_finalize;
}

static void
muster_live_status_init (MusterLiveStatus *self)
{
}

MusterLiveStatus *
muster_live_status_new (const char *device_id, const MusterLiveness *live, MusterMoment moment)
{
  MusterLiveStatus *self = NULL;
  GString          *json = NULL;

  g_return_val_if_fail (device_id != NULL, NULL);
  g_return_val_if_fail (live != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_LIVE_STATUS, NULL);
  json = g_string_new (NULL);
  g_string_append_printf (json, "{\"device_id\":\"%s\",", device_id);
  muster_liveness_append_json (live, moment, json);
  g_string_append_c (json, '}');
  self->device_id = g_strdup (device_id);
  self->json = g_string_free_and_steal (json);
  self->state = live->state;
  self->since = live->since;
  return self;
}

const char *
muster_live_status_get_device_id (MusterLiveStatus *self)
{
  g_return_val_if_fail (MUSTER_IS_LIVE_STATUS (self), NULL);

  return self->device_id;
}

MusterLiveState
muster_live_status_get_state (MusterLiveStatus *self)
{
  g_return_val_if_fail (MUSTER_IS_LIVE_STATUS (self), MUSTER_LIVE_UNKNOWN);

  return self->state;
}

gint64
muster_live_status_get_since (MusterLiveStatus *self)
{
  g_return_val_if_fail (MUSTER_IS_LIVE_STATUS (self), 0);

  return self->since;
}

static gboolean
encode_status (MusterEvent *event, GHashTable *details, GString *json)
{
  MusterLiveStatus *self = muster_event_get_payload (event);

  g_string_append (json, self->json);
  return TRUE;
}

MusterEvent *
muster_live_status_make_event (MusterLiveStatus *self)
{
  g_return_val_if_fail (MUSTER_IS_LIVE_STATUS (self), NULL);

  return muster_event_new (MUSTER_TOPIC_LIVE, self->device_id, self->device_id, 0, G_OBJECT (self),
                           encode_status);
}
