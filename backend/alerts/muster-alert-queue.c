/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-queue"

#include "config.h"

#include <math.h>

#include "model/muster-alert.h"
#include "model/muster-metric.h"
#include "muster-alert-actions.h"
#include "muster-alert-queue.h"
#include "muster-alert-text.h"

/* So long after the database failed it is tried again. */
#define RETRY_MILLISECONDS 5000
/* More than this and it is large work. */
#define MANY_WRITES 100

struct _MusterAlertQueue
{
  gatomicrefcount ref_count;
  MusterDatabase *database; /* (owned) */
  MusterActor    *actor;    /* (owned) */
  GPtrArray      *waiting;  /* (owned) (element-type MusterAlertWrite) */
  guint           source_id;
  gboolean        under_way;
  gboolean        is_closed;
  GPtrArray      *settled; /* (owned) (element-type DexPromise): who waits for the end */
};

MusterAlertWrite *
muster_alert_write_new (MusterAlertChangeKind kind, const char *id)
{
  MusterAlertWrite *self = g_new0 (MusterAlertWrite, 1);

  self->kind = kind;
  self->id = g_strdup (id);
  self->value = NAN;
  self->threshold = NAN;
  return self;
}

void
muster_alert_write_free (gpointer write)
{
  MusterAlertWrite *self = write;

  g_free (self->id);
  g_clear_object (&self->alert);
  g_clear_pointer (&self->plan, muster_alert_plan_unref);
  g_free (self->device_name);
  g_free (self->place);
  g_free (self->title);
  g_free (self->cause_id);
  g_free (self);
}

/* --- on the writer's thread --- */

static void
set_number (MusterEntity *alert, const char *field, double value)
{
  if (isnan (value))
    muster_entity_set_null (alert, field);
  else
    muster_entity_set_double (alert, field, value);
}

/* (transfer full) (nullable) */
static char *
find_unit (MusterTransaction *transaction, MusterEntity *alert)
{
  const char *device_id = muster_entity_get_string (alert, "device_id");
  const char *metric = muster_entity_get_string (alert, "metric");
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (MusterEntity) record = NULL;

  if (device_id == NULL || metric == NULL)
    return NULL;
  query = muster_query_new (&muster_metric_info);
  muster_query_where (query, "device_id", device_id);
  muster_query_where (query, "name", metric);
  record = muster_transaction_find (transaction, query, NULL);
  return record != NULL ? g_strdup (muster_entity_get_string (record, "unit")) : NULL;
}

static void
set_texts (MusterAlertWrite *self, MusterTransaction *transaction, MusterEntity *alert)
{
  g_autofree char *unit = find_unit (transaction, alert);
  MusterAlertWords words = {
    self->device_name, muster_entity_get_string (alert, "metric"), unit, self->place, self->value,
    self->threshold
  };
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;

  if (self->plan == NULL)
    return;
  title = muster_alert_make_title (self->plan, &words);
  detail = muster_alert_make_detail (self->plan, &words);
  muster_entity_set_string (alert, "title", title);
  muster_entity_set_string (alert, "detail", detail);
  muster_entity_set_string (alert, "unit", unit);
}

/* Whether somebody took notice of all that WAS had come to, and NOW is no worse. */
static gboolean
is_known (MusterEntity *was, MusterEntity *now)
{
  return muster_entity_get_integer (was, "acknowledged_at") >=
           muster_entity_get_integer (was, "last_at") &&
         muster_entity_get_enum (now, "severity") <= muster_entity_get_enum (was, "severity");
}

/* What ended, and is back, goes on: whoever knew of it knows. */
static gboolean
reopen (MusterAlertWrite *self, MusterTransaction *transaction, MusterEntity *alert, GError **error)
{
  static const char *const places[] = { "location_id", "product_id", "cause_id", NULL };
  gint64                   silenced = muster_entity_get_integer (self->alert, "silenced_until");

  muster_entity_set_enum (alert, "status",
                          is_known (alert, self->alert) ? MUSTER_ALERT_STATUS_ACKNOWLEDGED
                                                        : MUSTER_ALERT_STATUS_OPEN);
  muster_entity_set_enum (alert, "severity", muster_entity_get_enum (self->alert, "severity"));
  muster_entity_set_integer (alert, "last_at", muster_entity_get_integer (self->alert, "last_at"));
  muster_entity_set_integer (alert, "occurrences",
                             muster_entity_get_integer (alert, "occurrences") + 1);
  /* What somebody said of it lasts. */
  if (silenced > muster_entity_get_integer (alert, "silenced_until"))
    muster_entity_set_integer (alert, "silenced_until", silenced);
  for (const char *const *name = places; *name != NULL; name++)
    muster_entity_set_string (alert, *name, muster_entity_get_string (self->alert, *name));
  muster_entity_set_null (alert, "resolved_at");
  muster_entity_set_null (alert, "resolved_by");
  muster_entity_set_null (alert, "duration_seconds");
  set_number (alert, "value", self->value);
  set_number (alert, "threshold", self->threshold);
  set_texts (self, transaction, alert);
  return muster_transaction_update (transaction, alert, 0, error);
}

static gboolean
insert (MusterAlertWrite *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterEntity) was =
              muster_transaction_get (transaction, &muster_alert_info, self->id, NULL);

  if (was != NULL)
    return reopen (self, transaction, was, error);
  set_number (self->alert, "value", self->value);
  set_number (self->alert, "threshold", self->threshold);
  set_texts (self, transaction, self->alert);
  return muster_transaction_insert (transaction, self->alert, error);
}

/* What got worse is open again: whoever took notice did so of something milder. */
static void
step (MusterAlertWrite *self, MusterTransaction *transaction, MusterEntity *alert)
{
  if (self->severity > muster_entity_get_enum (alert, "severity"))
    muster_entity_set_enum (alert, "status", MUSTER_ALERT_STATUS_OPEN);
  muster_entity_set_enum (alert, "severity", self->severity);
  muster_entity_set_integer (alert, "last_at", self->at);
  set_number (alert, "value", self->value);
  set_number (alert, "threshold", self->threshold);
  set_texts (self, transaction, alert);
}

static void
count_children (MusterAlertWrite *self, MusterEntity *alert)
{
  muster_entity_set_integer (alert, "children",
                             muster_entity_get_integer (alert, "children") + self->n_children);
  muster_entity_set_enum (alert, "cause_kind", self->cause_kind);
  if (self->title != NULL)
    muster_entity_set_string (alert, "title", self->title);
}

static void
apply (MusterAlertWrite *self, MusterTransaction *transaction, MusterEntity *alert)
{
  switch (self->kind)
    {
    case MUSTER_ALERT_AGAIN:
      muster_entity_set_integer (alert, "occurrences",
                                 muster_entity_get_integer (alert, "occurrences") + 1);
      muster_entity_set_integer (alert, "last_at", self->at);
      break;
    case MUSTER_ALERT_STEP:
      step (self, transaction, alert);
      break;
    case MUSTER_ALERT_END:
      muster_alert_set_resolved (alert, self->at, NULL);
      break;
    case MUSTER_ALERT_FOLD:
      muster_entity_set_string (alert, "cause_id", self->cause_id);
      break;
    case MUSTER_ALERT_COUNT:
      count_children (self, alert);
      break;
    case MUSTER_ALERT_HUSH:
      if (self->at > 0)
        muster_entity_set_integer (alert, "silenced_until", self->at);
      else
        muster_entity_set_null (alert, "silenced_until");
      break;
    case MUSTER_ALERT_RAISE:
    default:
      g_assert_not_reached ();
    }
}

/* Of an alert that somebody resolved or deleted meanwhile there is nothing more to say. */
static gboolean
write_one (MusterTransaction *transaction, gpointer data, GError **error)
{
  MusterAlertWrite *self = data;
  g_autoptr (MusterEntity) alert = NULL;

  if (self->kind == MUSTER_ALERT_RAISE)
    return insert (self, transaction, error);
  alert = muster_transaction_get (transaction, &muster_alert_info, self->id, NULL);
  if (alert == NULL || muster_entity_get_enum (alert, "status") == MUSTER_ALERT_STATUS_RESOLVED)
    return TRUE;
  apply (self, transaction, alert);
  return muster_transaction_update (transaction, alert, 0, error);
}

static gboolean
is_fatal (const GError *error)
{
  return !g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_INVALID) &&
         !g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT) &&
         !g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND);
}

/* One that is refused (its device was deleted meanwhile) does not keep back the others. */
static gboolean
write_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GPtrArray *writes = data;

  for (guint i = 0; i < writes->len; i++)
    {
      g_autoptr (GError) cause = NULL;

      if (muster_transaction_try (transaction, write_one, writes->pdata[i], &cause))
        continue;
      if (is_fatal (cause))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      g_message ("an alert was not written: %s", cause->message);
    }
  return TRUE;
}

/* --- on the main thread --- */

static void
queue_unref (gpointer data)
{
  MusterAlertQueue *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->settled);
  g_ptr_array_unref (self->waiting);
  muster_actor_unref (self->actor);
  g_object_unref (self->database);
  g_free (self);
}

static gpointer
queue_ref (MusterAlertQueue *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

MusterAlertQueue *
muster_alert_queue_new (MusterDatabase *database)
{
  MusterAlertQueue *self = g_new0 (MusterAlertQueue, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->database = g_object_ref (database);
  self->actor = muster_actor_new_system ("alerts");
  self->waiting = g_ptr_array_new_with_free_func (muster_alert_write_free);
  self->settled = g_ptr_array_new_with_free_func (dex_unref);
  return self;
}

void
muster_alert_queue_free (MusterAlertQueue *self)
{
  g_clear_handle_id (&self->source_id, g_source_remove);
  self->is_closed = TRUE;
  queue_unref (self);
}

static gboolean flush_cb (gpointer user_data);

static void
tell_settled (MusterAlertQueue *self)
{
  if (self->under_way || self->waiting->len > 0)
    return;
  for (guint i = 0; i < self->settled->len; i++)
    dex_promise_resolve_boolean (self->settled->pdata[i], TRUE);
  g_ptr_array_set_size (self->settled, 0);
}

static void
schedule (MusterAlertQueue *self)
{
  if (self->source_id == 0 && !self->under_way && self->waiting->len > 0)
    self->source_id = g_idle_add_full (G_PRIORITY_DEFAULT, flush_cb, self, NULL);
}

/* One batch on its way. */
typedef struct
{
  MusterAlertQueue *queue;
  GPtrArray        *writes;
} Batch;

static void
batch_free (gpointer data)
{
  Batch *self = data;

  queue_unref (self->queue);
  g_ptr_array_unref (self->writes);
  g_free (self);
}

/* Back in front of what came meanwhile. */
static void
put_back (MusterAlertQueue *self, GPtrArray *writes)
{
  g_autoptr (GPtrArray) later = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func (muster_alert_write_free);
  while (writes->len > 0)
    g_ptr_array_add (self->waiting, g_ptr_array_steal_index (writes, 0));
  while (later->len > 0)
    g_ptr_array_add (self->waiting, g_ptr_array_steal_index (later, 0));
}

static DexFuture *
written_cb (DexFuture *future, gpointer user_data)
{
  Batch            *batch = user_data;
  MusterAlertQueue *self = batch->queue;
  g_autoptr (GError) error = NULL;

  self->under_way = FALSE;
  if (self->is_closed)
    return dex_future_new_true ();
  if (dex_future_get_value (future, &error) == NULL)
    {
      g_warning ("alerts cannot be written, trying again in %d s: %s", RETRY_MILLISECONDS / 1000,
                 error->message);
      put_back (self, batch->writes);
      self->source_id = g_timeout_add (RETRY_MILLISECONDS, flush_cb, self);
      return dex_future_new_true ();
    }
  schedule (self);
  tell_settled (self);
  return dex_future_new_true ();
}

static const char *
describe (GPtrArray *writes)
{
  MusterAlertChangeKind kind = ((MusterAlertWrite *)writes->pdata[0])->kind;

  for (guint i = 1; i < writes->len; i++)
    if (((MusterAlertWrite *)writes->pdata[i])->kind != kind)
      return "Follow the alerts";
  return kind == MUSTER_ALERT_RAISE ? "Raise alerts"
         : kind == MUSTER_ALERT_END ? "Resolve alerts"
                                    : "Follow the alerts";
}

static gboolean
flush_cb (gpointer user_data)
{
  MusterAlertQueue *self = user_data;
  Batch            *batch = g_new (Batch, 1);
  DexFuture        *future = NULL;

  self->source_id = 0;
  self->under_way = TRUE;
  batch->queue = queue_ref (self);
  batch->writes = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (muster_alert_write_free);
  future =
    batch->writes->len > MANY_WRITES
      ? muster_database_write_large (self->database, self->actor, describe (batch->writes),
                                     write_job, g_ptr_array_ref (batch->writes),
                                     (GDestroyNotify)g_ptr_array_unref)
      : muster_database_write (self->database, self->actor, describe (batch->writes), write_job,
                               g_ptr_array_ref (batch->writes), (GDestroyNotify)g_ptr_array_unref);
  dex_future_disown (dex_future_finally (future, written_cb, batch, batch_free));
  return G_SOURCE_REMOVE;
}

void
muster_alert_queue_add (MusterAlertQueue *self, MusterAlertWrite *write)
{
  g_ptr_array_add (self->waiting, write);
  schedule (self);
}

DexFuture *
muster_alert_queue_settle (MusterAlertQueue *self)
{
  DexPromise *promise = dex_promise_new ();

  g_ptr_array_add (self->settled, dex_ref (promise));
  tell_settled (self);
  return DEX_FUTURE (promise);
}
