/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notify-queue"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/muster-promise.h"
#include "model/muster-error.h"
#include "muster-notify-backoff.h"
#include "muster-notify-queue.h"
#include "muster-notify-rate.h"
#include "muster-notify-store.h"

/* The clock may be set meanwhile. */
#define MAX_SLEEP_MSEC 30000
#define STOP_SECONDS 5
/* When what was sent cannot be noted: the disk is full. */
#define NOTE_AGAIN_SECONDS 10
/* What else waits for a channel that has just failed is kept back for so long: the fault may be the
 * one message's. */
#define MAX_REST (15 * G_USEC_PER_SEC)
/* In one message. */
#define MAX_DIGEST 500

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
  MusterNotifyQueue *queue; /* (owned) while a fiber works, else borrowed */
  char              *id;
  GPtrArray         *waiting;   /* (element-type MusterNotification): oldest first */
  GHashTable        *rates;     /* (element-type utf8 MusterNotifyRate): by recipient */
  gint64             rested_at; /* wall clock: nothing before, since nobody answered */
  gint64             room_at;   /* monotonic: when the next may go out, or 0 */
  char              *trouble;   /* (owned) (nullable): why the last one was not taken */
  DexFuture         *work;      /* (owned) (nullable): of the fiber */
} Lane;

static Lane *
lane_new (MusterNotifyQueue *queue, const char *id)
{
  Lane *self = g_rc_box_new0 (Lane);

  self->queue = queue;
  self->id = g_strdup (id);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->rates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)muster_notify_rate_free);
  return self;
}

static void
lane_clear (gpointer data)
{
  Lane *self = data;

  dex_clear (&self->work);
  g_ptr_array_unref (self->waiting);
  g_hash_table_unref (self->rates);
  g_free (self->trouble);
  g_free (self->id);
}

static void
lane_unref (gpointer data)
{
  g_rc_box_release_full (data, lane_clear);
}

static int
find_waiting (Lane *self, const char *id)
{
  for (guint i = 0; i < self->waiting->len; i++)
    if (g_str_equal (muster_entity_get_id (self->waiting->pdata[i]), id))
      return i;
  return -1;
}

static void
lane_remove (Lane *self, MusterEntity *notification)
{
  int index = find_waiting (self, muster_entity_get_id (notification));

  if (index >= 0)
    g_ptr_array_remove_index (self->waiting, index);
}

/* Puts NOTIFICATION in its place by age. */
static void
lane_put (Lane *self, MusterEntity *notification)
{
  guint i;

  lane_remove (self, notification);
  for (i = self->waiting->len; i > 0; i--)
    if (g_strcmp0 (muster_entity_get_id (self->waiting->pdata[i - 1]),
                   muster_entity_get_id (notification)) < 0)
      break;
  g_ptr_array_insert (self->waiting, i, g_object_ref (notification));
}

/* When NOTIFICATION is to be sent; without a time, when something brings it forward. */
static gint64
get_due (MusterEntity *notification)
{
  return muster_entity_is_null (notification, "next_at")
           ? G_MAXINT64
           : muster_entity_get_integer (notification, "next_at");
}

static const char *
get_recipient (MusterEntity *notification)
{
  const char *person = muster_entity_get_string (notification, "person_id");

  return person != NULL ? person : "";
}

static MusterNotifyRate *
lane_get_rate (Lane *self, const char *recipient)
{
  MusterNotifyRate *rate = g_hash_table_lookup (self->rates, recipient);

  if (rate == NULL)
    {
      rate = muster_notify_rate_new ();
      g_hash_table_insert (self->rates, g_strdup (recipient), rate);
    }
  return rate;
}

/* Whether NOTIFICATION may go together with others. */
static gboolean
may_join (MusterEntity *notification)
{
  int kind = muster_entity_get_enum (notification, "kind");

  return kind == MUSTER_NOTIFICATION_RAISE || kind == MUSTER_NOTIFICATION_REPEAT ||
         kind == MUSTER_NOTIFICATION_RESOLVE;
}

/* Those for RECIPIENT that are due and may go together: (transfer full). */
static GPtrArray *
lane_list_due (Lane *self, const char *recipient, gint64 now)
{
  GPtrArray *due = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->waiting->len && due->len < MAX_DIGEST; i++)
    {
      MusterEntity *notification = self->waiting->pdata[i];

      if (may_join (notification) && get_due (notification) <= now &&
          g_str_equal (get_recipient (notification), recipient))
        g_ptr_array_add (due, g_object_ref (notification));
    }
  return due;
}

/* What goes out next over CHANNEL: one alone, or several that are to go together; none where
 * everything has to wait. (transfer full) (element-type MusterNotification) */
static GPtrArray *
lane_choose (Lane *self, MusterEntity *channel)
{
  gint64   now = muster_clock_get_now (self->queue->clock);
  gint64   monotonic = muster_clock_get_monotonic (self->queue->clock);
  gboolean is_siren = muster_entity_get_enum (channel, "kind") == MUSTER_CHANNEL_SIREN;
  unsigned limit = muster_entity_get_integer (channel, "digest_limit");
  g_autoptr (GHashTable) full = g_hash_table_new (g_str_hash, g_str_equal);

  self->room_at = 0;
  for (guint i = 0; i < self->waiting->len; i++)
    {
      MusterEntity      *notification = self->waiting->pdata[i];
      const char        *recipient = get_recipient (notification);
      MusterNotifyChoice choice = MUSTER_NOTIFY_SINGLE;
      gint64             room_at = 0;
      g_autoptr (GPtrArray) due = NULL;

      if (get_due (notification) > now || g_hash_table_contains (full, recipient))
        continue;
      if (may_join (notification) && !is_siren)
        {
          due = lane_list_due (self, recipient, now);
          choice = muster_notify_rate_choose (lane_get_rate (self, recipient), due->len, limit,
                                              monotonic, &room_at);
        }
      if (choice == MUSTER_NOTIFY_DIGEST)
        return g_steal_pointer (&due);
      if (choice == MUSTER_NOTIFY_SINGLE)
        {
          GPtrArray *one = g_ptr_array_new_with_free_func (g_object_unref);

          g_ptr_array_add (one, g_object_ref (notification));
          return one;
        }
      g_hash_table_add (full, (gpointer)recipient);
      self->room_at = self->room_at == 0 ? room_at : MIN (self->room_at, room_at);
    }
  return g_ptr_array_new_with_free_func (g_object_unref);
}

/* --- sending one --- */

/* In a fiber: what NOTICE came to, into OUTCOME. IS_LAST: it is not tried again. */
static void
attempt (MusterNotifyQueue   *self,
         MusterNotice        *notice,
         gboolean             is_last,
         MusterNotifyOutcome *outcome)
{
  gint64 attempts = muster_entity_get_integer (notice->notification, "attempts") + 1;
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;
  g_autofree char *left = NULL;

  g_clear_pointer (&outcome->left, g_strfreev);
  said = dex_await_string (muster_channel_deliver (notice->channel, &self->parts, notice), &error);
  if (error == NULL && notice->left == NULL)
    {
      outcome->status = MUSTER_NOTIFICATION_SENT;
      outcome->error = g_steal_pointer (&said);
      if (outcome->error != NULL &&
          (*outcome->error == '\0' || g_str_has_prefix (outcome->error, "HTTP ")))
        g_clear_pointer (&outcome->error, g_free);
      return;
    }
  if (error == NULL)
    left = g_strjoinv (", ", notice->left);
  outcome->error = error != NULL ? g_strdup (error->message)
                                 : g_strdup_printf ("to be tried again: %s; %s", left, said);
  outcome->left = g_strdupv (notice->left);
  outcome->status = MUSTER_NOTIFICATION_FAILED;
  if (is_last || attempts >= MUSTER_NOTIFY_MAX_ATTEMPTS ||
      (error != NULL && muster_channel_error_is_final (error)))
    return;
  outcome->status = MUSTER_NOTIFICATION_QUEUED;
  outcome->next_at = muster_clock_get_now (self->clock) +
                     muster_notify_backoff (attempts, notice->retry_after, g_random_double ());
}

/* In a fiber: notes OUTCOME (taken), as often as it takes: what was sent may not be sent again
 * because nobody could write that down. (transfer full) (nullable) */
static MusterEntity *
settle (MusterNotifyQueue *self, MusterEntity *notification, MusterNotifyOutcome *outcome)
{
  while (TRUE)
    {
      MusterNotifyOutcome copy = *outcome;
      g_autoptr (GError) error = NULL;
      MusterEntity *settled = NULL;

      copy.error = g_strdup (outcome->error);
      copy.left = g_strdupv (outcome->left);
      settled =
        dex_await_object (muster_notify_store_settle (self->repository, notification, &copy),
                          &error);
      if (settled != NULL || self->stopping ||
          g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
        {
          g_free (outcome->error);
          g_strfreev (outcome->left);
          return settled;
        }
      g_warning ("%s: what became of it cannot be noted: %s", muster_entity_get_id (notification),
                 error->message);
      dex_await (dex_timeout_new_seconds (NOTE_AGAIN_SECONDS), NULL);
    }
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
    trouble = ((Lane *)value)->waiting->len > 0 ? ((Lane *)value)->trouble : NULL;
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

  muster_notify_rate_add (lane_get_rate (self, get_recipient (notification)),
                          muster_clock_get_monotonic (queue->clock));
  attempt (queue, notice, FALSE, &outcome);
  if (outcome.status == MUSTER_NOTIFICATION_QUEUED)
    self->rested_at = MIN (outcome.next_at, muster_clock_get_now (queue->clock) + MAX_REST);
  if (outcome.status != MUSTER_NOTIFICATION_SENT)
    g_message ("notification %s: attempt %" G_GINT64_FORMAT ": %s",
               muster_entity_get_id (notification),
               muster_entity_get_integer (notification, "attempts") + 1, outcome.error);
  lane_note_trouble (self, notice, &outcome);
  settled = settle (queue, notification, &outcome);
  lane_remove (self, notification);
  if (settled != NULL && muster_entity_get_enum (settled, "status") == MUSTER_NOTIFICATION_QUEUED)
    lane_put (self, settled);
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
    lane_remove (self, targets->pdata[i]);
}

/* In a fiber: what else goes when a siren is told to stop for END: FALSE where it is not, since it
 * sounds for others too. */
static gboolean
lane_end_siren (Lane *self, MusterEntity *end)
{
  const char *alert_id = muster_entity_get_string (end, "alert_id");
  gint64      now = muster_clock_get_now (self->queue->clock);
  gboolean    is_needed = TRUE;
  g_autoptr (GPtrArray) late = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) self_only = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->waiting->len; i++)
    {
      MusterEntity *other = self->waiting->pdata[i];

      if (other != end && muster_entity_get_enum (other, "kind") == MUSTER_NOTIFICATION_OFF)
        is_needed &= get_due (other) <= now;
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
    lane_remove (self, chosen->pdata[i]);
  lane_put (self, digest);
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

  if (self->queue->stopping || self->waiting->len == 0 ||
      self->rested_at > muster_clock_get_now (self->queue->clock))
    return FALSE;
  first = lane_load (self, self->waiting->pdata[0], error);
  if (first == NULL)
    return FALSE;
  if (first->channel == NULL || !muster_entity_get_boolean (first->channel, "enabled"))
    {
      all = g_ptr_array_copy (self->waiting, (GCopyFunc)(void (*) (void))g_object_ref, NULL);
      g_ptr_array_set_free_func (all, g_object_unref);
      lane_drop (self, all,
                 first->channel == NULL ? "the channel is gone" : "the channel is switched off");
      return FALSE;
    }
  chosen = lane_choose (self, first->channel);
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
      self->rested_at =
        muster_clock_get_now (self->queue->clock) + NOTE_AGAIN_SECONDS * G_USEC_PER_SEC;
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
  gint64 now = muster_clock_get_now (self->queue->clock);
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < self->waiting->len; i++)
    next = MIN (next, get_due (self->waiting->pdata[i]));
  if (next == G_MAXINT64)
    return next;
  if (self->room_at > 0)
    next = MAX (next, now + self->room_at - muster_clock_get_monotonic (self->queue->clock));
  return MAX (next, self->rested_at);
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
        lane_put (muster_notify_queue_get_lane (self, channel_id), notification);
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
  attempt (trial->queue, notice, TRUE, &outcome);
  settled = settle (trial->queue, trial->notification, &outcome);
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
    n += ((Lane *)value)->waiting->len;
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
