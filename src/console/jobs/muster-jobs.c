/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-jobs"

#include "config.h"

#include "client/muster-api-jobs.h"
#include "client/muster-api-subscription.h"
#include "muster-jobs.h"

#define MAX_JOBS 20

struct _MusterJobs
{
  GObject parent_instance;

  MusterSession         *session; /* (owned) */
  MusterApiSubscription *events;  /* (owned) */
  GListStore            *list;    /* (owned) */
  DexFuture             *reading; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (MusterJobs, muster_jobs, G_TYPE_OBJECT)

enum
{
  CHANGED,
  ENDED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* The newest of those that are over make room. */
static void
drop_surplus (MusterJobs *self)
{
  unsigned n_items = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  for (unsigned i = n_items; i > 0 && n_items > MAX_JOBS; i--)
    {
      g_autoptr (MusterJobItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), i - 1);

      if (!muster_job_item_is_over (item))
        continue;
      g_list_store_remove (self->list, i - 1);
      n_items--;
    }
}

void
muster_jobs_hear (MusterJobs *self, MusterJob *job)
{
  gint64 now = g_get_monotonic_time ();
  g_autoptr (MusterJobItem) item =
              muster_jobs_find (self, muster_entity_get_id (MUSTER_ENTITY (job)));
  gboolean was_over;

  g_return_if_fail (MUSTER_IS_JOBS (self));

  if (item == NULL)
    {
      item = muster_job_item_new (job, now);
      /* Ids sort by time. */
      for (unsigned i = 0;; i++)
        {
          g_autoptr (MusterJobItem) other = g_list_model_get_item (G_LIST_MODEL (self->list), i);

          if (other != NULL &&
              g_strcmp0 (muster_job_item_get_id (other), muster_job_item_get_id (item)) > 0)
            continue;
          g_list_store_insert (self->list, i, item);
          break;
        }
      drop_surplus (self);
      return;
    }
  was_over = muster_job_item_is_over (item);
  muster_job_item_update (item, job, now);
  if (!was_over && muster_job_item_is_over (item))
    g_signal_emit (self, signals[ENDED], 0, item);
}

static DexFuture *
muster_jobs_read_cb (DexFuture *future, gpointer user_data)
{
  MusterJobs   *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  for (unsigned i = 0; value != NULL && i < muster_api_page_get_length (g_value_get_object (value));
       i++)
    muster_jobs_hear (self, muster_api_page_get (g_value_get_object (value), i));
  g_signal_emit (self, signals[CHANGED], 0);
  return dex_future_new_true ();
}

static void
muster_jobs_ready_cb (MusterJobs *self)
{
  const MusterApiListQuery query = { .sort = "-id", .limit = MAX_JOBS };

  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_jobs_list (muster_session_get_client (self->session), &query),
                        muster_jobs_read_cb, self, NULL);
}

static void
muster_jobs_event_cb (MusterJobs *self, const char *topic, const char *subject, JsonObject *data)
{
  g_autoptr (MusterEntity) job = muster_entity_new_from_json (&muster_job_info, data, NULL);

  if (job == NULL)
    return;
  muster_jobs_hear (self, MUSTER_JOB (job));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_jobs_dispose (GObject *object)
{
  MusterJobs *self = MUSTER_JOBS (object);

  dex_clear (&self->reading);
  if (self->events != NULL)
    muster_api_subscription_close (self->events);
  g_clear_object (&self->events);
  g_clear_object (&self->list);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_jobs_parent_class)->dispose (object);
}

static void
muster_jobs_class_init (MusterJobsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_jobs_dispose;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_JOBS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", MUSTER_TYPE_JOBS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, MUSTER_TYPE_JOB_ITEM);
}

static void
muster_jobs_init (MusterJobs *self)
{
  self->list = g_list_store_new (MUSTER_TYPE_JOB_ITEM);
}

MusterJobs *
muster_jobs_new (MusterSession *session)
{
  MusterJobs *self = g_object_new (MUSTER_TYPE_JOBS, NULL);

  g_return_val_if_fail (MUSTER_IS_SESSION (session), self);

  self->session = g_object_ref (session);
  self->events =
    muster_api_stream_subscribe (muster_session_get_stream (session), "jobs", NULL, NULL, -1);
  g_signal_connect_object (self->events, "event", G_CALLBACK (muster_jobs_event_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->events, "ready", G_CALLBACK (muster_jobs_ready_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

unsigned
muster_jobs_count_running (MusterJobs *self)
{
  unsigned n_running = 0;

  g_return_val_if_fail (MUSTER_IS_JOBS (self), 0);

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr (MusterJobItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      n_running += !muster_job_item_is_over (item);
    }
  return n_running;
}

GListModel *
muster_jobs_get_list (MusterJobs *self)
{
  g_return_val_if_fail (MUSTER_IS_JOBS (self), NULL);

  return G_LIST_MODEL (self->list);
}

MusterJobItem *
muster_jobs_find (MusterJobs *self, const char *id)
{
  g_return_val_if_fail (MUSTER_IS_JOBS (self), NULL);

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr (MusterJobItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      if (g_strcmp0 (muster_job_item_get_id (item), id) == 0)
        return g_steal_pointer (&item);
    }
  return NULL;
}
