/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-hearing"

#include "config.h"

#include "client/muster-api-devices.h"
#include "client/muster-api-json.h"
#include "client/muster-api-stream.h"
#include "muster-hearing.h"

#define MAX_OUTAGES 200

struct _MusterHearing
{
  GObject parent_instance;

  MusterSession         *session;     /* (owned) */
  char                  *device_id;   /* (owned) */
  MusterApiSubscription *live;        /* (owned) */
  GArray                *outages;     /* (owned) (element-type gint64) */
  DexFuture             *remembering; /* (owned) (nullable) */
  DexFuture             *asking;      /* (owned) (nullable) how it is */
  int                    heard;       /* -1: not known */
};

G_DEFINE_FINAL_TYPE (MusterHearing, muster_hearing, G_TYPE_OBJECT)

enum
{
  CHANGED,
  ENDED,
  REMEMBERED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static DexFuture *
muster_hearing_remembered_cb (DexFuture *future, gpointer user_data)
{
  MusterHearing *self = user_data;
  const GValue  *value = dex_future_get_value (future, NULL);

  if (value == NULL)
    return dex_future_new_true ();
  g_array_set_size (self->outages, 0);
  for (unsigned i = muster_api_page_get_length (g_value_get_object (value)); i > 0; i--)
    {
      MusterEntity *event = muster_api_page_get (g_value_get_object (value), i - 1);
      gint64        time = muster_entity_get_integer (event, "created_at");

      g_array_append_val (self->outages, time);
    }
  g_signal_emit (self, signals[REMEMBERED], 0);
  return dex_future_new_true ();
}

/* That it answers a ping does not mean that it tells its values. */
static gboolean
tells_values (JsonObject *live)
{
  JsonArray *proofs = live != NULL ? muster_api_json_get_array (live, "proofs") : NULL;
  gboolean   heard = FALSE;

  for (unsigned i = 0; proofs != NULL && i < json_array_get_length (proofs); i++)
    {
      JsonObject *proof = muster_api_json_as_object (json_array_get_element (proofs, i));
      const char *kind = proof != NULL ? muster_api_json_get_string (proof, "kind") : NULL;

      heard |= (g_strcmp0 (kind, "mqtt") == 0 || g_strcmp0 (kind, "sample") == 0) &&
               muster_api_json_get_boolean (proof, "fresh");
    }
  return heard;
}

static void
set_live (MusterHearing *self, JsonObject *live)
{
  gboolean heard = tells_values (live);
  gboolean ends = self->heard == TRUE && !heard;

  if (self->heard == heard)
    return;
  self->heard = heard;
  if (ends)
    {
      gint64 now = g_get_real_time ();

      g_array_append_val (self->outages, now);
      g_signal_emit (self, signals[ENDED], 0, now);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_hearing_live_cb (MusterHearing *self,
                        const char    *topic,
                        const char    *subject,
                        JsonObject    *data)
{
  set_live (self, data);
}

static DexFuture *
muster_hearing_asked_cb (DexFuture *future, gpointer user_data)
{
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    set_live (user_data, muster_api_json_get_object (g_value_get_boxed (value), "live"));
  return dex_future_new_true ();
}

void
muster_hearing_load (MusterHearing *self)
{
  static const char *const filters[] = { "kind", "offline,death", NULL };
  const MusterApiListQuery query = { .filters = filters,
                                     .limit = MAX_OUTAGES,
                                     .sort = "-created_at" };

  g_return_if_fail (MUSTER_IS_HEARING (self));

  dex_clear (&self->asking);
  self->asking =
    dex_future_finally (muster_api_devices_get_status (muster_session_get_client (self->session),
                                                       self->device_id),
                        muster_hearing_asked_cb, self, NULL);
  dex_clear (&self->remembering);
  self->remembering =
    dex_future_finally (muster_api_devices_list_events (muster_session_get_client (self->session),
                                                        self->device_id, &query),
                        muster_hearing_remembered_cb, self, NULL);
}

static void
muster_hearing_connected_cb (MusterHearing *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_hearing_dispose (GObject *object)
{
  MusterHearing *self = MUSTER_HEARING (object);

  if (self->live != NULL)
    muster_api_subscription_close (self->live);
  g_clear_object (&self->live);
  dex_clear (&self->asking);
  dex_clear (&self->remembering);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_hearing_parent_class)->dispose (object);
}

static void
muster_hearing_finalize (GObject *object)
{
  MusterHearing *self = MUSTER_HEARING (object);

  g_array_unref (self->outages);
  g_free (self->device_id);
  G_OBJECT_CLASS (muster_hearing_parent_class)->finalize (object);
}

static void
muster_hearing_class_init (MusterHearingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_hearing_dispose;
  object_class->finalize = muster_hearing_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_HEARING, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", MUSTER_TYPE_HEARING, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[REMEMBERED] = g_signal_new ("remembered", MUSTER_TYPE_HEARING, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_hearing_init (MusterHearing *self)
{
  self->outages = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->heard = -1;
}

MusterHearing *
muster_hearing_new (MusterSession *session, const char *device_id)
{
  MusterHearing *self = g_object_new (MUSTER_TYPE_HEARING, NULL);
  const char    *subjects[] = { device_id, NULL };

  self->session = g_object_ref (session);
  self->device_id = g_strdup (device_id);
  g_signal_connect_object (session, "notify::connected", G_CALLBACK (muster_hearing_connected_cb),
                           self, G_CONNECT_SWAPPED);
  self->live =
    muster_api_stream_subscribe (muster_session_get_stream (session), "live", subjects, NULL, -1);
  g_signal_connect_object (self->live, "event", G_CALLBACK (muster_hearing_live_cb), self,
                           G_CONNECT_SWAPPED);
  muster_hearing_load (self);
  return self;
}

const char *
muster_hearing_get_device_id (MusterHearing *self)
{
  g_return_val_if_fail (MUSTER_IS_HEARING (self), NULL);

  return self->device_id;
}

gboolean
muster_hearing_is_current (MusterHearing *self)
{
  g_return_val_if_fail (MUSTER_IS_HEARING (self), FALSE);

  return self->heard == TRUE && muster_session_is_connected (self->session);
}

GArray *
muster_hearing_get_outages (MusterHearing *self)
{
  g_return_val_if_fail (MUSTER_IS_HEARING (self), NULL);

  return self->outages;
}
