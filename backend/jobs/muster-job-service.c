/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-service"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/muster-journal.h"
#include "model/muster-uuid.h"
#include "muster-job-service-private.h"

/* So many are worked on by turns; others wait. */
#define MAX_AT_ONCE 4
#define KEEP_DAYS 30
#define PRUNE_SECONDS (6 * 60 * 60)
/* After a full disk. */
#define RETRY_SECONDS 10

/* clang-format off */
const MusterSetting muster_job_settings[] = {
  { MUSTER_SETTING_JOBS_KEEP_DAYS, { "jobs_keep_days", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 3650, .default_value = KEEP_DAYS, .unit = "d", .label = N_("Keep jobs"), .doc = "For how many days a job and the results of its rows are kept after its end. What it did stays in the history." } },
  { NULL },
};
/* clang-format on */

struct _MusterJobService
{
  MusterService parent_instance;

  MusterDatabase  *database; /* (owned) */
  MusterBus       *bus;      /* (owned) (nullable) */
  MusterSettings  *settings; /* (owned) (nullable) */
  MusterActor     *actor;    /* (owned): who prunes */
  GHashTable      *kinds;    /* (owned) (element-type utf8 MusterJobKindEntry) */
  GPtrArray       *targets;  /* (owned) (element-type MusterJobTarget) (unowned) */
  MusterJobMayFunc may;      /* (nullable) */
  gpointer         may_data;

  GHashTable *runs;    /* (owned) (element-type utf8 Run): by id of the job */
  GQueue      waiting; /* (element-type MusterEntity) (owned): jobs that wait for a place */
  DexPromise *halt;    /* (owned) (nullable): resolved when stopping */
  guint       prune_id;
};

G_DEFINE_FINAL_TYPE (MusterJobService, muster_job_service, MUSTER_TYPE_SERVICE)

/* One job being worked on. Reference counted. */
typedef struct
{
  MusterJobService *service; /* (owned) */
  MusterEntity     *job;     /* (owned): as it was after the last slice */
  MusterActor      *actor;   /* (owned): who asked for it */
  DexFuture        *future;  /* (owned) (nullable): of its fiber */
  DexFuture        *ahead;   /* (owned) (nullable): of the slice after the one that is awaited */
  gint64            started; /* monotonic µs */
  gint64            n_before;
  MusterJobMood    *mood;        /* (owned) */
  int               n_submitted; /* slices */
  int               n_awaited;
  gboolean          again; /* it was resumed while this run of it was ending */
} Run;

static void muster_job_service_kick (MusterJobService *self, MusterEntity *job);

static void
run_clear (gpointer data)
{
  Run *self = data;

  g_object_unref (self->service);
  g_object_unref (self->job);
  muster_actor_unref (self->actor);
  dex_clear (&self->future);
  dex_clear (&self->ahead);
  g_atomic_rc_box_release (self->mood);
}

static void
run_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, run_clear);
}

static gboolean
is_open (MusterEntity *job)
{
  int status = muster_entity_get_enum (job, "status");

  return status == MUSTER_JOB_STATUS_QUEUED || status == MUSTER_JOB_STATUS_RUNNING;
}

/* --- telling --- */

static gboolean
encode_job (MusterEvent *event, GHashTable *details, GString *json)
{
  muster_entity_encode (muster_event_get_payload (event), json);
  return TRUE;
}

static void
muster_job_service_tell (MusterJobService *self, MusterEntity *job)
{
  g_autoptr (MusterEvent) event = NULL;

  if (self->bus == NULL || !muster_bus_has_subscribers (self->bus, MUSTER_TOPIC_JOBS))
    return;
  event = muster_event_new (MUSTER_TOPIC_JOBS, muster_entity_get_id (job),
                            muster_entity_get_id (job), 0, G_OBJECT (job), encode_job);
  muster_bus_publish (self->bus, event);
}

/* --- working --- */

const MusterJobTarget *
muster_job_service_find_target (MusterJobService *self, const char *entity)
{
  for (guint i = 0; i < self->targets->len; i++)
    {
      const MusterJobTarget *target = self->targets->pdata[i];

      if (g_str_equal (target->info->name, entity))
        return target;
    }
  return NULL;
}

static void
slice_free (gpointer data)
{
  MusterJobSlice *slice = data;

  g_free (slice->id);
  g_atomic_rc_box_release (slice->mood);
  g_free (slice);
}

/* The rows that come next; NULL with ERROR for a job of a kind that nobody knows any more. */
static MusterJobSlice *
run_make_slice (Run *self, GError **error)
{
  const char               *kind = muster_entity_get_string (self->job, "kind");
  const char               *entity = muster_entity_get_string (self->job, "entity");
  const MusterJobKindEntry *entry = g_hash_table_lookup (self->service->kinds, kind);
  MusterJobSlice           *slice = NULL;

  if (entry == NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNSUPPORTED,
                   "this version knows no jobs of the kind %s", kind);
      return NULL;
    }
  slice = g_new0 (MusterJobSlice, 1);
  slice->id = g_strdup (muster_entity_get_id (self->job));
  slice->info = muster_database_find_entity (self->service->database, entity);
  slice->kind = entry;
  slice->target = muster_job_service_find_target (self->service, entity);
  slice->started = self->started;
  slice->n_before = self->n_before;
  slice->mood = g_atomic_rc_box_acquire (self->mood);
  slice->number = self->n_submitted;
  return slice;
}

/* In a fiber: notes that it stops, and why. */
static void
run_stop (Run *self, MusterJobStatus status, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) job = NULL;
  MusterJobChange *change = g_new0 (MusterJobChange, 1);

  change->id = g_strdup (muster_entity_get_id (self->job));
  change->status = status;
  change->error = g_utf8_substring (why, 0, MIN (g_utf8_strlen (why, -1), 1000));
  job =
    dex_await_object (muster_database_write (self->service->database, self->service->actor, NULL,
                                             muster_job_change_run, change, muster_job_change_free),
                      &error);
  if (job != NULL)
    muster_job_service_tell (self->service, job);
  else
    g_warning ("%s: could not note that it stopped: %s",
               muster_entity_get_string (self->job, "title"), error->message);
}

/* In a fiber: whether the slice that failed with ERROR is to be tried again. */
static gboolean
run_survives (Run *self, const GError *error)
{
  MusterJobService *service = self->service;

  /* The daemon ends: the next start goes on. */
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE))
    return FALSE;
  g_warning ("%s: %s", muster_entity_get_string (self->job, "title"), error->message);
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_STORAGE_FULL))
    {
      dex_await (dex_future_first (dex_ref (service->halt), dex_timeout_new_seconds (RETRY_SECONDS),
                                   NULL),
                 NULL);
      return TRUE;
    }
  run_stop (self,
            g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_FAILED) ? MUSTER_JOB_STATUS_PAUSED
                                                                       : MUSTER_JOB_STATUS_FAILED,
            error->message);
  return FALSE;
}

static DexFuture *
run_submit (Run *self)
{
  GError         *error = NULL;
  MusterJobSlice *slice = NULL;

  self->n_submitted++;
  slice = run_make_slice (self, &error);
  if (slice == NULL)
    return dex_future_new_for_error (error);
  return muster_database_write_large (self->service->database, self->actor, NULL,
                                      muster_job_slice_run, slice, slice_free);
}

/* In a fiber. Whatever became of it, the rows and the job know. */
static void
run_await_ahead (Run *self)
{
  if (self->ahead == NULL)
    return;
  self->n_awaited++;
  dex_await (g_steal_pointer (&self->ahead), NULL);
}

/* In a fiber: FALSE when there is nothing more to be done. */
static gboolean
run_slice (Run *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) job = NULL;
  DexFuture *slice = self->ahead != NULL ? g_steal_pointer (&self->ahead) : run_submit (self);

  /* The writer goes on while everybody is told of this one. A job that has ended has no more rows.
   */
  self->ahead = run_submit (self);
  self->n_awaited++;
  job = dex_await_object (slice, &error);
  /* The one that is under way already does with care what this one has left. */
  if (job == NULL && g_atomic_int_get (&self->mood->gave_up) == self->n_awaited)
    return TRUE;
  if (job == NULL)
    {
      run_await_ahead (self);
      return run_survives (self, error);
    }
  self->n_before += muster_job_count_settled (job) - muster_job_count_settled (self->job);
  g_set_object (&self->job, job);
  muster_job_service_tell (self->service, job);
  return is_open (job);
}

static void
muster_job_service_fill_places (MusterJobService *self)
{
  while (g_hash_table_size (self->runs) < MAX_AT_ONCE && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr (MusterEntity) job = g_queue_pop_head (&self->waiting);

      muster_job_service_kick (self, job);
    }
}

static DexFuture *
run_fiber (gpointer data)
{
  Run              *self = data;
  MusterJobService *service = self->service;

  do
    {
      self->again = FALSE;
      while (dex_future_is_pending (DEX_FUTURE (service->halt)) && run_slice (self))
        ;
      run_await_ahead (self);
    }
  while (self->again && dex_future_is_pending (DEX_FUTURE (service->halt)));
  g_hash_table_remove (service->runs, muster_entity_get_id (self->job));
  if (dex_future_is_pending (DEX_FUTURE (service->halt)))
    muster_job_service_fill_places (service);
  return dex_future_new_true ();
}

/* Goes on with JOB, now or when there is a place. */
static void
muster_job_service_kick (MusterJobService *self, MusterEntity *job)
{
  Run *run = g_hash_table_lookup (self->runs, muster_entity_get_id (job));

  if (run != NULL)
    {
      run->again = TRUE;
      return;
    }
  if (self->halt == NULL || g_hash_table_size (self->runs) >= MAX_AT_ONCE)
    {
      g_queue_push_tail (&self->waiting, g_object_ref (job));
      return;
    }
  run = g_atomic_rc_box_new0 (Run);
  run->service = g_object_ref (self);
  run->job = g_object_ref (job);
  run->actor = muster_actor_new_from_string (muster_entity_get_string (job, "actor"),
                                             muster_entity_get_integer (job, "actor_role"));
  run->started = g_get_monotonic_time ();
  run->mood = g_atomic_rc_box_new0 (MusterJobMood);
  g_hash_table_insert (self->runs, g_strdup (muster_entity_get_id (job)), run);
  run->future = dex_scheduler_spawn (NULL, 0, run_fiber, g_atomic_rc_box_acquire (run), run_unref);
}

/* --- life cycle --- */

static void
muster_job_service_prune (MusterJobService *self)
{
  gint64 days = self->settings != NULL
                  ? muster_settings_get_integer (self->settings, MUSTER_SETTING_JOBS_KEEP_DAYS)
                  : KEEP_DAYS;

  /* The database shows its own troubles. */
  dex_future_disown (muster_database_write (self->database, self->actor, NULL, muster_job_prune_run,
                                            g_memdup2 (&days, sizeof days), g_free));
}

static gboolean
muster_job_service_prune_cb (gpointer user_data)
{
  muster_job_service_prune (user_data);
  return G_SOURCE_CONTINUE;
}

static DexFuture *
muster_job_service_started_cb (DexFuture *future, gpointer user_data)
{
  MusterJobService *self = user_data;
  GPtrArray        *jobs = g_value_get_boxed (dex_future_get_value (future, NULL));

  self->halt = dex_promise_new ();
  for (guint i = 0; i < jobs->len; i++)
    {
      g_message ("going on with “%s”", muster_entity_get_string (jobs->pdata[i], "title"));
      g_queue_push_tail (&self->waiting, g_object_ref (jobs->pdata[i]));
    }
  muster_job_service_fill_places (self);
  muster_job_service_prune (self);
  self->prune_id = g_timeout_add_seconds (PRUNE_SECONDS, muster_job_service_prune_cb, self);
  return dex_future_new_true ();
}

static DexFuture *
muster_job_service_start (MusterService *service)
{
  MusterJobService *self = MUSTER_JOB_SERVICE (service);

  return dex_future_then (muster_database_read (self->database, muster_job_list_open_run, NULL,
                                                NULL),
                          muster_job_service_started_cb, g_object_ref (self), g_object_unref);
}

/* The slices under way are finished. */
static DexFuture *
muster_job_service_stop (MusterService *service)
{
  MusterJobService *self = MUSTER_JOB_SERVICE (service);
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  GHashTableIter iter;
  gpointer       run;

  g_clear_handle_id (&self->prune_id, g_source_remove);
  g_queue_clear_full (&self->waiting, g_object_unref);
  dex_promise_resolve_boolean (self->halt, TRUE);
  g_hash_table_iter_init (&iter, self->runs);
  while (g_hash_table_iter_next (&iter, NULL, &run))
    g_ptr_array_add (futures, dex_ref (((Run *)run)->future));
  if (futures->len == 0)
    return dex_future_new_true ();
  return dex_future_allv ((DexFuture *const *)futures->pdata, futures->len);
}

static void
muster_job_service_finalize (GObject *object)
{
  MusterJobService *self = MUSTER_JOB_SERVICE (object);

  g_clear_handle_id (&self->prune_id, g_source_remove);
  g_queue_clear_full (&self->waiting, g_object_unref);
  g_clear_pointer (&self->runs, g_hash_table_unref);
  g_clear_pointer (&self->kinds, g_hash_table_unref);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_object (&self->settings);
  g_clear_object (&self->bus);
  g_clear_object (&self->database);
  dex_clear (&self->halt);
  G_OBJECT_CLASS (muster_job_service_parent_class)->finalize (object);
}

static void
muster_job_service_class_init (MusterJobServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_job_service_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "jobs";
  MUSTER_SERVICE_CLASS (klass)->start = muster_job_service_start;
  MUSTER_SERVICE_CLASS (klass)->stop = muster_job_service_stop;
}

static void
muster_job_service_init (MusterJobService *self)
{
  self->actor = muster_actor_new_system ("jobs");
  self->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->targets = g_ptr_array_new ();
  self->runs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, run_unref);
  g_queue_init (&self->waiting);
  muster_job_service_add_kind (self, &muster_job_edit_kind, NULL);
  muster_job_service_add_kind (self, &muster_job_move_kind, NULL);
  muster_job_service_add_kind (self, &muster_job_status_kind, NULL);
  muster_job_service_add_kind (self, &muster_job_delete_kind, NULL);
}

MusterJobService *
muster_job_service_new (MusterDatabase *database, MusterBus *bus)
{
  MusterJobService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (bus == NULL || MUSTER_IS_BUS (bus), NULL);

  self = g_object_new (MUSTER_TYPE_JOB_SERVICE, NULL);
  self->database = g_object_ref (database);
  g_set_object (&self->bus, bus);
  muster_database_add_undo_guard (database, muster_job_guard_undo, NULL);
  return self;
}

void
muster_job_service_set_settings (MusterJobService *self, MusterSettings *settings)
{
  g_return_if_fail (MUSTER_IS_JOB_SERVICE (self));

  g_set_object (&self->settings, settings);
}

void
muster_job_service_add_kind (MusterJobService *self, const MusterJobKind *kind, gpointer data)
{
  MusterJobKindEntry *entry = NULL;

  g_return_if_fail (MUSTER_IS_JOB_SERVICE (self));
  g_return_if_fail (kind != NULL && kind->name != NULL && kind->run != NULL);

  entry = g_new0 (MusterJobKindEntry, 1);
  *entry = (MusterJobKindEntry){ kind, data };
  g_hash_table_insert (self->kinds, (gpointer)kind->name, entry);
}

void
muster_job_service_add_target (MusterJobService *self, const MusterJobTarget *target)
{
  g_return_if_fail (MUSTER_IS_JOB_SERVICE (self));
  g_return_if_fail (target != NULL && target->info != NULL);

  g_ptr_array_add (self->targets, (gpointer)target);
}

void
muster_job_service_set_may (MusterJobService *self, MusterJobMayFunc may, gpointer data)
{
  g_return_if_fail (MUSTER_IS_JOB_SERVICE (self));

  self->may = may;
  self->may_data = data;
}

MusterDatabase *
muster_job_service_get_database (MusterJobService *self)
{
  g_return_val_if_fail (MUSTER_IS_JOB_SERVICE (self), NULL);

  return self->database;
}

gboolean
muster_job_service_may (MusterJobService *self, MusterActor *actor, const char *operation)
{
  return self->may == NULL || self->may (actor, operation, self->may_data);
}

/* --- new jobs --- */

typedef struct
{
  MusterEntity     *job;
  MusterJobFillFunc fill;
  gpointer          data;
  GDestroyNotify    destroy;
} Addition;

static void
addition_free (gpointer data)
{
  Addition *self = data;

  g_object_unref (self->job);
  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self);
}

static gboolean
addition_run (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Addition        *self = data;
  MusterActor     *actor = muster_transaction_get_actor (transaction);
  g_autofree char *operation = muster_uuid_new (muster_transaction_get_now (transaction));
  g_autoptr (MusterEntity) job = muster_entity_copy (self->job);

  muster_entity_set_string (job, "operation", operation);
  muster_entity_set_string (job, "actor", muster_actor_to_string (actor));
  muster_entity_set_integer (job, "actor_role", muster_actor_get_role (actor));
  muster_entity_set_enum (job, "status", MUSTER_JOB_STATUS_QUEUED);
  /* The rows point at it. */
  if (!muster_transaction_insert (transaction, job, error) ||
      !self->fill (transaction, job, self->data, error) ||
      !muster_transaction_update (transaction, job, 0, error))
    return FALSE;
  g_value_init (result, G_TYPE_OBJECT);
  g_value_take_object (result, g_steal_pointer (&job));
  return TRUE;
}

static DexFuture *
muster_job_service_kick_cb (DexFuture *future, gpointer user_data)
{
  MusterJobService *self = user_data;
  MusterEntity     *job = g_value_get_object (dex_future_get_value (future, NULL));

  muster_job_service_tell (self, job);
  if (is_open (job))
    muster_job_service_kick (self, job);
  return dex_future_new_take_object (g_object_ref (job));
}

DexFuture *
muster_job_service_add (MusterJobService *self,
                        MusterActor      *actor,
                        MusterEntity     *job,
                        MusterJobFillFunc fill,
                        gpointer          data,
                        GDestroyNotify    destroy)
{
  Addition *addition = NULL;

  g_return_val_if_fail (MUSTER_IS_JOB_SERVICE (self), NULL);
  g_return_val_if_fail (MUSTER_IS_JOB (job), NULL);
  g_return_val_if_fail (fill != NULL, NULL);

  addition = g_new0 (Addition, 1);
  *addition = (Addition){ g_object_ref (job), fill, data, destroy };
  return dex_future_then (muster_database_write_large (self->database, actor, NULL, addition_run,
                                                       addition, addition_free),
                          muster_job_service_kick_cb, g_object_ref (self), g_object_unref);
}

gboolean
muster_job_add_row (MusterTransaction *transaction,
                    MusterEntity      *job,
                    gint64             position,
                    const char        *entity_id,
                    const char        *input,
                    GError           **error)
{
  g_autoptr (MusterEntity) row = muster_entity_new (&muster_job_row_info);

  muster_entity_set_string (row, "job_id", muster_entity_get_id (job));
  muster_entity_set_integer (row, "position", position);
  muster_entity_set_string (row, "entity_id", entity_id);
  muster_entity_set_string (row, "input", input);
  muster_entity_set_integer (job, "total", muster_entity_get_integer (job, "total") + 1);
  return muster_transaction_insert (transaction, row, error);
}

/* --- commands --- */

static DexFuture *
muster_job_service_change (MusterJobService *self,
                           MusterActor      *actor,
                           const char       *id,
                           MusterJobStatus   status,
                           gboolean          retry)
{
  MusterJobChange *change = g_new0 (MusterJobChange, 1);

  change->id = g_strdup (id);
  change->status = status;
  change->retry = retry;
  return dex_future_then (muster_database_write (self->database, actor, NULL, muster_job_change_run,
                                                 change, muster_job_change_free),
                          muster_job_service_kick_cb, g_object_ref (self), g_object_unref);
}

DexFuture *
muster_job_service_pause (MusterJobService *self, MusterActor *actor, const char *id)
{
  g_return_val_if_fail (MUSTER_IS_JOB_SERVICE (self), NULL);

  return muster_job_service_change (self, actor, id, MUSTER_JOB_STATUS_PAUSED, FALSE);
}

DexFuture *
muster_job_service_resume (MusterJobService *self, MusterActor *actor, const char *id)
{
  g_return_val_if_fail (MUSTER_IS_JOB_SERVICE (self), NULL);

  return muster_job_service_change (self, actor, id, MUSTER_JOB_STATUS_QUEUED, FALSE);
}

DexFuture *
muster_job_service_cancel (MusterJobService *self, MusterActor *actor, const char *id)
{
  g_return_val_if_fail (MUSTER_IS_JOB_SERVICE (self), NULL);

  return muster_job_service_change (self, actor, id, MUSTER_JOB_STATUS_CANCELLED, FALSE);
}

DexFuture *
muster_job_service_retry (MusterJobService *self, MusterActor *actor, const char *id)
{
  g_return_val_if_fail (MUSTER_IS_JOB_SERVICE (self), NULL);

  return muster_job_service_change (self, actor, id, MUSTER_JOB_STATUS_QUEUED, TRUE);
}
