/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-series-job"

#include "config.h"

#include "muster-sample-grid.h"
#include "muster-sample-range.h"
#include "muster-series-job.h"

/* Threads that answer one question. */
#define N_PARTS 2

struct _MusterSeriesJob
{
  gatomicrefcount   count;
  MusterSeriesQuery query;
  char            **metrics;
  char            **device_ids;
  unsigned         *groups;
  char            **group_names;
  GArray          **excluded;       /* (nullable) */
  MusterSampleGrid *grids[N_PARTS]; /* (nullable) what each thread has */
  GPtrArray        *batches;        /* (nullable) of each device */
};

typedef struct _MusterSeriesJob Job;

typedef struct
{
  Job     *job;
  unsigned part;
} Part;

void
muster_series_job_unref (MusterSeriesJob *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;
  for (unsigned i = 0; i < N_PARTS; i++)
    muster_sample_grid_free (self->grids[i]);
  for (unsigned i = 0; self->excluded != NULL && i < self->query.n_devices; i++)
    g_clear_pointer (&self->excluded[i], g_array_unref);
  g_clear_pointer (&self->query.base.zone, g_time_zone_unref);
  g_clear_pointer (&self->batches, g_ptr_array_unref);
  g_free (self->excluded);
  g_strfreev (self->metrics);
  g_strfreev (self->device_ids);
  g_strfreev (self->group_names);
  g_free (self->groups);
  g_free (self);
}

static void
job_unref (gpointer job)
{
  muster_series_job_unref (job);
}

static void
part_free (gpointer data)
{
  job_unref (((Part *)data)->job);
  g_free (data);
}

static char **
copy_names (const char *const *names, unsigned n)
{
  char **copy = g_new0 (char *, n + 1);

  for (unsigned i = 0; i < n; i++)
    copy[i] = g_strdup (names[i]);
  return copy;
}

static void
copy_excluded (Job *job, const MusterSeriesQuery *query)
{
  if (query->excluded == NULL)
    return;
  job->excluded = g_new0 (GArray *, query->n_devices + 1);
  for (unsigned i = 0; i < query->n_devices; i++)
    if (query->excluded[i] != NULL)
      job->excluded[i] = g_array_ref (query->excluded[i]);
  job->query.excluded = job->excluded;
}

/* Of a question that failed there are none of some devices. */
static void
unref_batch (gpointer batch)
{
  g_clear_object (&batch);
}

MusterSeriesJob *
muster_series_job_new (const MusterSeriesQuery *query)
{
  Job *job = g_new0 (Job, 1);

  g_atomic_ref_count_init (&job->count);
  job->query = *query;
  job->query.base.device_id = NULL;
  job->metrics = g_strdupv ((char **)query->base.metrics);
  job->query.base.metrics = (const char *const *)job->metrics;
  job->device_ids = copy_names (query->device_ids, query->n_devices);
  job->query.device_ids = (const char *const *)job->device_ids;
  if (query->base.zone != NULL)
    g_time_zone_ref (query->base.zone);
  copy_excluded (job, query);
  if (query->groups == NULL)
    {
      job->batches = g_ptr_array_new_with_free_func (unref_batch);
      g_ptr_array_set_size (job->batches, query->n_devices);
      return job;
    }
  job->groups = g_memdup2 (query->groups, query->n_devices * sizeof *query->groups);
  job->query.groups = job->groups;
  job->group_names = copy_names (query->group_names, query->n_groups);
  job->query.group_names = (const char *const *)job->group_names;
  return job;
}

const MusterSeriesQuery *
muster_series_job_get_query (MusterSeriesJob *self)
{
  return &self->query;
}

/* Each thread fills its own places. */
static gboolean
answer_devices (Job               *job,
                MusterSampleTable *table,
                MusterSampleFile  *file,
                unsigned           from,
                unsigned           to,
                GError           **error)
{
  for (unsigned i = from; i < to; i++)
    {
      MusterSampleQuery query = muster_series_query_get_one (&job->query, i);

      job->batches->pdata[i] = muster_sample_range_query (table, file, &query, NULL, error);
      if (job->batches->pdata[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
part_cb (MusterSampleTable *table,
         MusterSampleFile  *file,
         gpointer           data,
         GValue            *result,
         GError           **error)
{
  Part    *part = data;
  Job     *job = part->job;
  unsigned n = job->query.n_devices;
  unsigned from = (guint64)n * part->part / N_PARTS, to = (guint64)n * (part->part + 1) / N_PARTS;
  gboolean is_good;

  muster_sample_file_hold (file);
  if (job->query.groups == NULL)
    is_good = answer_devices (job, table, file, from, to, error);
  else
    {
      job->grids[part->part] = muster_sample_grid_new (&job->query, error);
      is_good = job->grids[part->part] != NULL &&
                muster_sample_grid_gather (job->grids[part->part], table, file, from, to, error);
    }
  muster_sample_file_release (file);
  return is_good;
}

static DexFuture *
parts_done_cb (DexFuture *future, gpointer user_data)
{
  Job *job = user_data;

  if (job->query.groups == NULL)
    return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&job->batches));
  for (unsigned i = 1; i < N_PARTS; i++)
    muster_sample_grid_merge (job->grids[0], job->grids[i]);
  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, muster_sample_grid_finish (job->grids[0]));
}

DexFuture *
muster_series_job_run (MusterSampleEngine *engine, const MusterSeriesQuery *query)
{
  Job       *job = muster_series_job_new (query);
  DexFuture *parts[N_PARTS];

  for (unsigned i = 0; i < N_PARTS; i++)
    {
      Part *part = g_new0 (Part, 1);

      g_atomic_ref_count_inc (&job->count);
      *part = (Part){ job, i };
      parts[i] = muster_sample_engine_read (engine, part_cb, part, part_free);
    }
  return dex_future_then (dex_future_all (parts[0], parts[1], NULL), parts_done_cb, job, job_unref);
}
