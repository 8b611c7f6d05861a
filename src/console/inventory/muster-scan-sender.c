/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-scan-sender"

#include "config.h"

#include "client/muster-api-error.h"
#include "client/muster-api-inventory.h"
#include "client/muster-api-json.h"
#include "muster-scan-sender.h"

/* Scans in one request; the site takes 1000. */
#define AT_A_TIME 200
/* After a failure that is not told by the connection. */
#define RETRY_SECONDS 3

struct _MusterScanSender
{
  GObject parent_instance;

  MusterSession   *session;      /* (owned) */
  char            *stocktake_id; /* (owned) */
  MusterScanQueue *queue;        /* (owned) */
  unsigned         retry_id;     /* timeout */
  gboolean         sending;      /* a fiber does so */
  gboolean         disposed;
};

G_DEFINE_FINAL_TYPE (MusterScanSender, muster_scan_sender, G_TYPE_OBJECT)

enum
{
  TAKEN,
  REFUSED,
  IDLE,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
refuse_first (MusterScanSender *self, JsonArray *scans, const GError *error)
{
  JsonObject *scan = json_array_get_object_element (scans, 0);

  muster_scan_queue_drop (self->queue, 1);
  g_signal_emit (self, signals[REFUSED], 0, muster_api_json_get_string (scan, "id"),
                 muster_api_json_get_string (scan, "code"), error->message);
}

static void
muster_scan_sender_retry_cb (gpointer user_data)
{
  MusterScanSender *self = user_data;

  self->retry_id = 0;
  muster_scan_sender_send (self);
}

static DexFuture *
muster_scan_sender_fiber (gpointer user_data)
{
  MusterScanSender *self = user_data;
  MusterApiClient  *client = muster_session_get_client (self->session);
  unsigned          limit = AT_A_TIME;

  while (!self->disposed && muster_scan_queue_get_length (self->queue) > 0)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonArray) scans = muster_scan_queue_peek (self->queue, limit);
      unsigned length = json_array_get_length (scans);
      g_autoptr (JsonObject) answer =
                  dex_await_boxed (muster_api_stocktakes_send_scans (client, self->stocktake_id,
                                                                     json_array_ref (scans)),
                                   &error);

      if (answer != NULL)
        {
          muster_scan_queue_drop (self->queue, length);
          if (!self->disposed)
            g_signal_emit (self, signals[TAKEN], 0, answer);
        }
      else if (muster_api_error_is_passing (error))
        {
          if (self->retry_id == 0 && !self->disposed)
            self->retry_id =
              g_timeout_add_seconds_once (RETRY_SECONDS, muster_scan_sender_retry_cb, self);
          break;
        }
      else if (length > 1)
        limit = 1;
      else
        refuse_first (self, scans, error);
    }
  self->sending = FALSE;
  if (!self->disposed)
    g_signal_emit (self, signals[IDLE], 0);
  return dex_future_new_true ();
}

static void
muster_scan_sender_connected_cb (MusterScanSender *self)
{
  if (muster_session_is_connected (self->session))
    muster_scan_sender_send (self);
}

/* The fiber may hold on to it: what it needs goes with the last reference. */
static void
muster_scan_sender_dispose (GObject *object)
{
  MusterScanSender *self = MUSTER_SCAN_SENDER (object);

  self->disposed = TRUE;
  g_clear_handle_id (&self->retry_id, g_source_remove);
  G_OBJECT_CLASS (muster_scan_sender_parent_class)->dispose (object);
}

static void
muster_scan_sender_finalize (GObject *object)
{
  MusterScanSender *self = MUSTER_SCAN_SENDER (object);

  g_clear_object (&self->session);
  g_clear_object (&self->queue);
  g_free (self->stocktake_id);
  G_OBJECT_CLASS (muster_scan_sender_parent_class)->finalize (object);
}

static void
muster_scan_sender_class_init (MusterScanSenderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_scan_sender_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_scan_sender_finalize;
  signals[TAKEN] = g_signal_new ("taken", MUSTER_TYPE_SCAN_SENDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
  signals[REFUSED] =
    g_signal_new ("refused", MUSTER_TYPE_SCAN_SENDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  signals[IDLE] = g_signal_new ("idle", MUSTER_TYPE_SCAN_SENDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
muster_scan_sender_init (MusterScanSender *self)
{
}

MusterScanSender *
muster_scan_sender_new (MusterSession *session, const char *stocktake_id, MusterScanQueue *queue)
{
  MusterScanSender *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (MUSTER_IS_SCAN_QUEUE (queue), NULL);
  g_return_val_if_fail (stocktake_id != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_SCAN_SENDER, NULL);
  self->session = g_object_ref (session);
  self->stocktake_id = g_strdup (stocktake_id);
  self->queue = g_object_ref (queue);
  g_signal_connect_object (queue, "changed", G_CALLBACK (muster_scan_sender_send), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::connected",
                           G_CALLBACK (muster_scan_sender_connected_cb), self, G_CONNECT_SWAPPED);
  return self;
}

void
muster_scan_sender_send (MusterScanSender *self)
{
  g_return_if_fail (MUSTER_IS_SCAN_SENDER (self));

  if (self->sending || muster_scan_queue_get_length (self->queue) == 0)
    return;
  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->sending = TRUE;
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_scan_sender_fiber, g_object_ref (self), g_object_unref));
}
