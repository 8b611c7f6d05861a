/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notify-queue"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/muster-promise.h"
#include "model/muster-error.h"
#include "muster-notify-attempt.h"
#include "muster-notify-queue.h"
#include "muster-notify-store.h"
#include "muster-notify-waiting.h"

/* The clock may be set meanwhile. */
#define MAX_SLEEP_MSEC 30000
#define STOP_SECONDS 5
/* When what is due cannot be read. */
#define AGAIN_SECONDS 10
/* What else waits for a channel that has just failed is kept back for so long: the fault may be the
 * one message's. */
#define MAX_REST (15 * G_USEC_PER_SEC)

struct _MusterNotifyQueue
{
  GObject parent_instance;

  MusterRepository  *repository; /* (owned) */
  MusterClock       *clock;      /* (owned) */
  MusterChannelParts parts;
  GHashTable        *lanes;   /* (owned) (element-type utf8 Lane): by id of the channel */
  char              *trouble; /* (owned) (nullable) */
  guint              timer_id;
  gboolean           stopping;
};

G_DEFINE_FINAL_TYPE (MusterNotifyQueue, muster_notify_queue, G_TYPE_OBJECT)

typedef enum
{
  PROP_TROUBLE = 1,
} MusterNotifyQueueProperty;

static GParamSpec *trouble_property;

/* What waits for one channel. Reference counted: a fiber at work keeps it. */
typedef struct
{
  MusterNotifyQueue   *queue; /* (owned) while a fiber works, else borrowed */
  char                *id;
  MusterNotifyWaiting *waiting;
  gint64               rested_at; /* wall clock: nothing before, since nobody answered */
  char                *trouble;   /* (owned) (nullable): why the last one was not taken */
  DexFuture           *work;      /* (owned) (nullable): of the fiber */
} Lane;

static Lane *
lane_new (MusterNotifyQueue *queue, const char *id)
{
  Lane *self = g_rc_box_new0 (Lane);

  self->queue = queue;
  self->id = g_strdup (id);
  self->waiting = muster_notify_waiting_new ();
  return self;
}

static void
lane_clear (gpointer data)
{
  Lane *self = data;

  dex_clear (&self->work);
  muster_notify_waiting_free (self->waiting);
  g_free (self->trouble);
  g_free (self->id);
}

static void
lane_unref (gpointer data)
{
  g_rc_box_release_full (data, lane_clear);
}

static unsigned
lane_get_length (Lane *self)
{
  return muster_notify_waiting_get_rows (self->waiting)->len;
}

/* Whoever looks after the site should know that people are not told. */
static void
muster_notify_queue_update_trouble (MusterNotifyQueue *self)
{
  GHashTableIter iter;
  gpointer       value;
  const char    *trouble = NULL;

  g_hash_table_iter_init (&iter, self->lanes);
  while (trouble == NULL && g_hash_table_iter_next (&iter, NULL, &value))
    trouble = lane_get_length (value) > 0 ? ((Lane *)value)->trouble : NULL;
  if (g_set_str (&self->trouble, trouble))
    g_object_notify_by_pspec (G_OBJECT (self), trouble_property);
}

static void
lane_note_trouble (Lane *self, MusterNotice *notice, const MusterNotifyOutcome *outcome)
{
  g_clear_pointer (&self->trouble, g_free);
  if (outcome->status == MUSTER_NOTIFICATION_QUEUED)
    self->trouble =
      g_strdup_printf ("channel %s: %s", muster_entity_get_string (notice->channel, "name"),
                       outcome->error);
}

/* In a fiber. */
static void
lane_send (Lane *self, MusterNotice *notice)
{
  MusterNotifyQueue  *queue = self->queue;
  MusterEntity       *notification = notice->notification;
  MusterNotifyOutcome outcome = { 0 };
  g_autoptr (MusterEntity) settled = NULL;

  muster_notify_waiting_note_sent (self->waiting, notification,
                                   muster_clock_get_monotonic (queue->clock));
  muster_notify_attempt (notice, &queue->parts, queue->clock, FALSE, &outcome);
  if (outcome.status == MUSTER_NOTIFICATION_QUEUED)
    self->rested_at = MIN (outcome.next_at, muster_clock_get_now (queue->clock) + MAX_REST);
  if (outcome.status != MUSTER_NOTIFICATION_SENT)
    g_message ("notification %s: attempt %" G_GINT64_FORMAT ": %s",
               muster_entity_get_id (notification),
               muster_entity_get_integer (notification, "attempts") + 1, outcome.error);
  lane_note_trouble (self, notice, &outcome);
  settled = muster_notify_settle (queue->repository, notification, &outcome, &queue->stopping);
  muster_notify_waiting_remove (self->waiting, notification);
  if (settled != NULL && muster_entity_get_enum (settled, "status") == MUSTER_NOTIFICATION_QUEUED)
    muster_notify_waiting_put (self->waiting, settled);
}

/* --- a channel's turn --- */

/* In a fiber: of TARGETS, that they are not sent. */
static void
lane_drop (Lane *self, GPtrArray *targets, const char *why)
{
  g_autoptr (GError) error = NULL;

  if (targets->len == 0)
    return;
  if (!dex_await (muster_notify_store_drop (self->queue->repository, targets, why), &error))
    g_warning ("what is not sent cannot be noted: %s", error->message);
  for (guint i = 0; i < targets->len; i++)
    muster_notify_waiting_remove (self->waiting, targets->pdata[i]);
}

/* In a fiber: what else goes when a siren is told to stop for END: FALSE where it is not, since it
 * sounds for others too. */
static gboolean
lane_end_siren (Lane *self, MusterEntity *end)
{
  GPtrArray  *rows = muster_notify_waiting_get_rows (self->waiting);
  const char *alert_id = muster_entity_get_string (end, "alert_id");
  gint64      now = muster_clock_get_now (self->queue->clock);
  gboolean    is_needed = TRUE;
  g_autoptr (GPtrArray) late = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) self_only = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < rows->len; i++)
    {
      MusterEntity *other = rows->pdata[i];

      if (other != end && muster_entity_get_enum (other, "kind") == MUSTER_NOTIFICATION_OFF)
        is_needed &= muster_notification_get_due (other) <= now;
      else if (other != end &&
               g_strcmp0 (muster_entity_get_string (other, "alert_id"), alert_id) == 0)
        g_ptr_array_add (late, g_object_ref (other));
    }
  lane_drop (self, late, "it would have begun after it was to end");
  if (is_needed)
    return TRUE;
  g_ptr_array_add (self_only, g_object_ref (end));
  lane_drop (self, self_only, "it goes on for another alert");
  return FALSE;
}

/* In a fiber: (transfer full) (nullable): what is to be sent of CHOSEN. */
static MusterEntity *
lane_join (Lane *self, GPtrArray *chosen, GError **error)
{
  MusterEntity *digest = NULL;

  if (chosen->len == 1)
    return g_object_ref (chosen->pdata[0]);
  digest =
    dex_await_object (muster_notify_store_make_digest (self->queue->repository, chosen), error);
  if (digest == NULL)
    return NULL;
  for (guint i = 0; i < chosen->len; i++)
    muster_notify_waiting_remove (self->waiting, chosen->pdata[i]);
  muster_notify_waiting_put (self->waiting, digest);
  return digest;
}

/* In a fiber: the channel as it is now, by way of the first that waits. */
static MusterNotice *
lane_load (Lane *self, MusterEntity *notification, GError **error)
{
  return dex_await_object (muster_notify_store_load (self->queue->repository, notification), error);
}

/* In a fiber: sends what is next; FALSE when nothing is to be done now. */
static gboolean
lane_step (Lane *self, GError **error)
{
  g_autoptr (MusterNotice) first = NULL;
  g_autoptr (MusterNotice) notice = NULL;
  g_autoptr (MusterEntity) notification = NULL;
  g_autoptr (GPtrArray) chosen = NULL;
  g_autoptr (GPtrArray) all = NULL;

  if (self->queue->stopping || lane_get_length (self) == 0 ||
      self->rested_at > muster_clock_get_now (self->queue->clock))
    return FALSE;
  first = lane_load (self, muster_notify_waiting_get_rows (self->waiting)->pdata[0], error);
  if (first == NULL)
    return FALSE;
  if (first->channel == NULL || !muster_entity_get_boolean (first->channel, "enabled"))
    {
      all = muster_notify_waiting_list (self->waiting);
      lane_drop (self, all,
                 first->channel == NULL ? "the channel is gone" : "the channel is switched off");
      return FALSE;
    }
  chosen = muster_notify_waiting_choose (self->waiting, first->channel,
                                         muster_clock_get_now (self->queue->clock),
                                         muster_clock_get_monotonic (self->queue->clock));
  if (chosen->len == 0)
    return FALSE;
  notification = lane_join (self, chosen, error);
  if (notification == NULL)
    return FALSE;
  if (muster_entity_get_enum (notification, "kind") == MUSTER_NOTIFICATION_OFF &&
      !lane_end_siren (self, notification))
    return TRUE;
  notice = lane_load (self, notification, error);
  if (notice == NULL || notice->channel == NULL)
    return notice != NULL;
  lane_send (self, notice);
  return TRUE;
}

static DexFuture *
lane_fiber (gpointer user_data)
{
  Lane *self = user_data;
  g_autoptr (GError) error = NULL;

  while (lane_step (self, &error))
    ;
  if (error != NULL)
    {
      g_warning ("channel %s: %s", self->id, error->message);
      self->rested_at = muster_clock_get_now (self->queue->clock) + AGAIN_SECONDS * G_USEC_PER_SEC;
    }
  return dex_future_new_true ();
}

static DexFuture *
lane_rested_cb (DexFuture *future, gpointer user_data)
{
  Lane *self = user_data;
  g_autoptr (MusterNotifyQueue) queue = self->queue;

  dex_clear (&self->work);
  muster_notify_queue_update_trouble (queue);
  if (!queue->stopping)
    muster_notify_queue_check (queue);
  return dex_future_new_true ();
}

/* When there is something to be done for it, wall clock; G_MAXINT64 for never. */
static gint64
lane_get_next (Lane *self)
{
  gint64 next =
    muster_notify_waiting_get_next (self->waiting, muster_clock_get_now (self->queue->clock),
                                    muster_clock_get_monotonic (self->queue->clock));

  return next == G_MAXINT64 ? next : MAX (next, self->rested_at);
}

static void
lane_work (Lane *self)
{
  DexFuture *fiber;

  if (self->work != NULL)
    return;
  /* What it holds it lets go of when the fiber ends. */
  g_object_ref (self->queue);
  fiber = dex_scheduler_spawn (NULL, 0, lane_fiber, g_rc_box_acquire (self), lane_unref);
  self->work = dex_future_finally (fiber, lane_rested_cb, g_rc_box_acquire (self), lane_unref);
}

/* --- the queue --- */

static gboolean
muster_notify_queue_timer_cb (gpointer user_data)
{
  MusterNotifyQueue *self = user_data;

  self->timer_id = 0;
  muster_notify_queue_check (self);
  return G_SOURCE_REMOVE;
}

void
muster_notify_queue_check (MusterNotifyQueue *self)
{
  gint64         now = muster_clock_get_now (self->clock);
  gint64         next = G_MAXINT64;
  GHashTableIter iter;
  gpointer       value;

  g_return_if_fail (MUSTER_IS_NOTIFY_QUEUE (self));

  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (self->stopping)
    return;
  g_hash_table_iter_init (&iter, self->lanes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Lane  *lane = value;
      gint64 at = lane->work == NULL ? lane_get_next (lane) : G_MAXINT64;

      if (at <= now)
        lane_work (lane);
      else
        next = MIN (next, at);
    }
  if (next < G_MAXINT64)
    self->timer_id = g_timeout_add ((guint)CLAMP ((next - now) / 1000 + 1, 1, MAX_SLEEP_MSEC),
                                    muster_notify_queue_timer_cb, self);
}

static Lane *
muster_notify_queue_get_lane (MusterNotifyQueue *self, const char *channel_id)
{
  Lane *lane = g_hash_table_lookup (self->lanes, channel_id);

  if (lane == NULL)
    {
      lane = lane_new (self, channel_id);
      g_hash_table_insert (self->lanes, g_strdup (channel_id), lane);
    }
  return lane;
}

void
muster_notify_queue_add (MusterNotifyQueue *self, GPtrArray *notifications)
{
  g_return_if_fail (MUSTER_IS_NOTIFY_QUEUE (self));

  for (guint i = 0; i < notifications->len; i++)
    {
      MusterEntity *notification = notifications->pdata[i];
      const char   *channel_id = muster_entity_get_string (notification, "channel_id");

      if (muster_entity_get_enum (notification, "status") == MUSTER_NOTIFICATION_QUEUED)
        muster_notify_waiting_put (muster_notify_queue_get_lane (self, channel_id)->waiting,
                                   notification);
    }
  muster_notify_queue_check (self);
}

void
muster_notify_queue_channel_changed (MusterNotifyQueue *self, const char *id)
{
  Lane *lane;

  g_return_if_fail (MUSTER_IS_NOTIFY_QUEUE (self) && id != NULL);

  lane = g_hash_table_lookup (self->lanes, id);
  if (lane == NULL)
    return;
  /* Whoever mended it wants to see it work. */
  lane->rested_at = 0;
  muster_notify_queue_check (self);
}

/* Who tried a channel has no answer to wait for any more. */
static GPtrArray *
take_tests (GPtrArray *queued)
{
  GPtrArray *tests = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = queued->len; i-- > 0;)
    if (muster_entity_get_enum (queued->pdata[i], "kind") == MUSTER_NOTIFICATION_TEST)
      {
        g_ptr_array_add (tests, g_object_ref (queued->pdata[i]));
        g_ptr_array_remove_index (queued, i);
      }
  return tests;
}

static DexFuture *
start_fiber (gpointer user_data)
{
  MusterNotifyQueue *self = user_data;
  GError            *error = NULL;
  g_autoptr (GPtrArray) queued =
              dex_await_boxed (muster_notify_store_list_queued (self->repository), &error);
  g_autoptr (GPtrArray) tests = NULL;

  if (queued == NULL)
    return dex_future_new_for_error (error);
  tests = take_tests (queued);
  if (tests->len > 0 &&
      !dex_await (muster_notify_store_drop (self->repository, tests, "the daemon was restarted"),
                  &error))
    return dex_future_new_for_error (error);
  muster_notify_queue_add (self, queued);
  return dex_future_new_true ();
}

DexFuture *
muster_notify_queue_start (MusterNotifyQueue *self)
{
  g_return_val_if_fail (MUSTER_IS_NOTIFY_QUEUE (self), NULL);

  return dex_scheduler_spawn (NULL, 0, start_fiber, g_object_ref (self), g_object_unref);
}

static DexFuture *
stop_fiber (gpointer user_data)
{
  MusterNotifyQueue *self = user_data;
  g_autoptr (GPtrArray) works = g_ptr_array_new_with_free_func (dex_unref);
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->lanes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((Lane *)value)->work != NULL)
      g_ptr_array_add (works, dex_ref (((Lane *)value)->work));
  if (works->len > 0)
    dex_await (dex_future_first (dex_future_allv ((DexFuture *const *)works->pdata, works->len),
                                 dex_timeout_new_seconds (STOP_SECONDS), NULL),
               NULL);
  return dex_future_new_true ();
}

DexFuture *
muster_notify_queue_stop (MusterNotifyQueue *self)
{
  g_return_val_if_fail (MUSTER_IS_NOTIFY_QUEUE (self), NULL);

  self->stopping = TRUE;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  return dex_scheduler_spawn (NULL, 0, stop_fiber, g_object_ref (self), g_object_unref);
}

typedef struct
{
  MusterNotifyQueue *queue;
  MusterEntity      *notification;
} Trial;

static void
trial_free (gpointer data)
{
  Trial *self = data;

  g_object_unref (self->queue);
  g_object_unref (self->notification);
  g_free (self);
}

static DexFuture *
try_fiber (gpointer user_data)
{
  Trial              *trial = user_data;
  MusterNotifyOutcome outcome = { 0 };
  GError             *error = NULL;
  g_autoptr (MusterNotice) notice =
      dex_await_object (muster_notify_store_load (trial->queue->repository, trial->notification),
                        &error);
  MusterEntity *settled = NULL;

  if (notice == NULL)
    return dex_future_new_for_error (error);
  if (notice->channel == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "the channel is gone");
  muster_notify_attempt (notice, &trial->queue->parts, trial->queue->clock, TRUE, &outcome);
  settled = muster_notify_settle (trial->queue->repository, trial->notification, &outcome,
                                  &trial->queue->stopping);
  if (settled == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                  "what became of it could not be noted");
  return dex_future_new_take_object (settled);
}

DexFuture *
muster_notify_queue_try (MusterNotifyQueue *self, MusterEntity *notification)
{
  Trial *trial = NULL;

  g_return_val_if_fail (MUSTER_IS_NOTIFY_QUEUE (self), NULL);

  trial = g_new (Trial, 1);
  *trial = (Trial){ g_object_ref (self), g_object_ref (notification) };
  return dex_scheduler_spawn (NULL, 0, try_fiber, trial, trial_free);
}

const char *
muster_notify_queue_get_trouble (MusterNotifyQueue *self)
{
  g_return_val_if_fail (MUSTER_IS_NOTIFY_QUEUE (self), NULL);

  return self->trouble;
}

unsigned
muster_notify_queue_get_length (MusterNotifyQueue *self)
{
  unsigned       n = 0;
  GHashTableIter iter;
  gpointer       value;

  g_return_val_if_fail (MUSTER_IS_NOTIFY_QUEUE (self), 0);

  g_hash_table_iter_init (&iter, self->lanes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n += lane_get_length (value);
  return n;
}

static void
muster_notify_queue_finalize (GObject *object)
{
  MusterNotifyQueue *self = MUSTER_NOTIFY_QUEUE (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_pointer (&self->lanes, g_hash_table_unref);
  g_clear_pointer (&self->trouble, g_free);
  g_clear_object (&self->clock);
  g_clear_object (&self->repository);
  G_OBJECT_CLASS (muster_notify_queue_parent_class)->finalize (object);
}

static void
muster_notify_queue_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MusterNotifyQueueProperty)prop_id)
    {
    case PROP_TROUBLE:
      g_value_set_string (value, MUSTER_NOTIFY_QUEUE (object)->trouble);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_notify_queue_class_init (MusterNotifyQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = muster_notify_queue_finalize;
  object_class->get_property = muster_notify_queue_get_property;
  trouble_property =
    g_param_spec_string ("trouble", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, PROP_TROUBLE, trouble_property);
}

static void
muster_notify_queue_init (MusterNotifyQueue *self)
{
  self->lanes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, lane_unref);
}

MusterNotifyQueue *
muster_notify_queue_new (MusterRepository *repository, const MusterChannelParts *parts)
{
  MusterNotifyQueue *self;
  MusterDatabase    *database = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (parts != NULL, NULL);

  database = muster_repository_get_database (repository);
  self = g_object_new (MUSTER_TYPE_NOTIFY_QUEUE, NULL);
  self->repository = g_object_ref (repository);
  self->clock = g_object_ref (muster_database_get_clock (database));
  self->parts = *parts;
  return self;
}
