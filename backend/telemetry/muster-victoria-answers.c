/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria"

#include "config.h"

#include "core/muster-promise.h"
#include "model/muster-error.h"
#include "muster-sample-export.h"
#include "muster-sample-grid.h"
#include "muster-sample-range.h"
#include "muster-series-job.h"
#include "muster-victoria-answers.h"

#define N_THREADS 2

struct _MusterVictoriaAnswers
{
  gatomicrefcount             count; /* exports hold one */
  const MusterVictoriaConfig *config;
  char                       *path;
  GThreadPool                *threads;
  GMutex                      lock;
  GPtrArray                  *lenses; /* (element-type MusterVictoriaLens): that nobody uses now */
  unsigned                    n_made;
  gboolean                    is_over;
};

/* One question. */
typedef struct
{
  MusterVictoriaView *view;    /* (owned) */
  MusterSeriesJob    *job;     /* (owned): with all that it points at */
  DexPromise         *promise; /* (owned) */
} Ask;

static void
ask_free (Ask *ask)
{
  muster_victoria_view_free (ask->view);
  muster_series_job_unref (ask->job);
  dex_clear (&ask->promise);
  g_free (ask);
}

/* --- lenses --- */

static MusterVictoriaLens *
borrow_lens (MusterVictoriaAnswers *self, GError **error)
{
  MusterVictoriaLens *lens = NULL;
  gboolean            is_over;
  unsigned            number = 0;
  g_autofree char    *name = NULL;
  g_autofree char    *path = NULL;

  g_mutex_lock (&self->lock);
  is_over = self->is_over;
  if (!is_over && self->lenses->len > 0)
    lens = g_ptr_array_steal_index (self->lenses, self->lenses->len - 1);
  else
    number = ++self->n_made;
  g_mutex_unlock (&self->lock);
  if (lens != NULL)
    return lens;
  if (is_over)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                   "the sample store is not running");
      return NULL;
    }
  name = g_strdup_printf ("answer-%u", number);
  path = muster_victoria_make_path (self->path, name);
  return muster_victoria_lens_new (self->config, path, error);
}

static void
return_lens (MusterVictoriaAnswers *self, MusterVictoriaLens *lens)
{
  g_mutex_lock (&self->lock);
  if (!self->is_over)
    g_ptr_array_add (self->lenses, g_steal_pointer (&lens));
  g_mutex_unlock (&self->lock);
  muster_victoria_lens_free (lens);
}

/* --- questions --- */

/* One device of a question. */
typedef struct
{
  MusterSampleQuery  query;
  unsigned           index;
  MusterSampleGrid  *grid;  /* (nullable): with groups */
  MusterSampleBatch *batch; /* (owned) (nullable): without */
} Part;

static gboolean
part_cb (MusterSampleTable *table, MusterSampleFile *file, gpointer user_data, GError **error)
{
  Part *part = user_data;

  if (part->grid != NULL)
    return muster_sample_grid_gather (part->grid, table, file, part->index, part->index + 1, error);
  part->batch = muster_sample_range_query (table, file, &part->query, NULL, error);
  return part->batch != NULL;
}

/* (transfer full) (nullable) */
static GPtrArray *
answer (const Ask *ask, MusterVictoriaLens *lens, GError **error)
{
  const MusterSeriesQuery *query = muster_series_job_get_query (ask->job);
  g_autoptr (GPtrArray) batches = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (MusterSampleGrid) grid = NULL;

  if (query->groups != NULL)
    {
      grid = muster_sample_grid_new (query, error);
      if (grid == NULL)
        return NULL;
    }
  for (unsigned i = 0; i < query->n_devices; i++)
    {
      Part part = { muster_series_query_get_one (query, i), i, grid, NULL };

      if (!muster_victoria_view_read (ask->view, lens, part.query.device_id, part.query.metrics,
                                      part.query.from, part.query.to, part_cb, &part, error))
        {
          g_clear_object (&part.batch);
          return NULL;
        }
      if (part.batch != NULL)
        g_ptr_array_add (batches, part.batch);
    }
  return grid != NULL ? muster_sample_grid_finish (grid) : g_steal_pointer (&batches);
}

static void
ask_cb (gpointer data, gpointer user_data)
{
  MusterVictoriaAnswers *self = user_data;
  Ask                   *ask = data;
  GError                *error = NULL;
  MusterVictoriaLens    *lens = borrow_lens (self, &error);
  GPtrArray             *batches = lens != NULL ? answer (ask, lens, &error) : NULL;

  if (lens != NULL)
    return_lens (self, lens);
  if (batches != NULL)
    {
      g_auto (GValue) result = G_VALUE_INIT;

      g_value_init (&result, G_TYPE_PTR_ARRAY);
      g_value_take_boxed (&result, batches);
      muster_promise_resolve_on_main (ask->promise, &result);
    }
  else
    muster_promise_reject_on_main (ask->promise, error);
  ask_free (ask);
}

DexFuture *
muster_victoria_answers_ask (MusterVictoriaAnswers   *self,
                             MusterVictoriaView      *view,
                             const MusterSeriesQuery *query)
{
  Ask       *ask = g_new (Ask, 1);
  DexFuture *future;

  *ask = (Ask){ view, muster_series_job_new (query), dex_promise_new () };
  future = dex_ref (DEX_FUTURE (ask->promise));
  g_thread_pool_push (self->threads, ask, NULL);
  return future;
}

/* --- export --- */

typedef struct
{
  MusterVictoriaAnswers *answers; /* (owned) */
  MusterVictoriaView    *view;    /* (owned) */
} Source;

static void
answers_free (MusterVictoriaAnswers *self)
{
  g_ptr_array_unref (self->lenses);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self);
}

static gboolean
read_source (gpointer                 source,
             const MusterSampleQuery *query,
             MusterSampleExportFunc   func,
             gpointer                 user_data,
             GError                 **error)
{
  Source             *self = source;
  MusterVictoriaLens *lens = borrow_lens (self->answers, error);
  gboolean            is_good;

  if (lens == NULL)
    return FALSE;
  is_good = muster_victoria_view_read (self->view, lens, query->device_id, query->metrics,
                                       query->from, query->to, func, user_data, error);
  return_lens (self->answers, lens);
  return is_good;
}

static void
unref_source (gpointer source)
{
  Source *self = source;

  muster_victoria_view_free (self->view);
  if (g_atomic_ref_count_dec (&self->answers->count))
    answers_free (self->answers);
  g_free (self);
}

static const MusterSampleExportSource source_kind = { read_source, unref_source };

GInputStream *
muster_victoria_answers_export (MusterVictoriaAnswers   *self,
                                MusterVictoriaView      *view,
                                const MusterSeriesQuery *query,
                                MusterSampleFormat       format)
{
  Source *source = g_new (Source, 1);

  g_atomic_ref_count_inc (&self->count);
  *source = (Source){ self, view };
  return muster_sample_export_new (source, &source_kind, query, format);
}

/* --- life --- */

MusterVictoriaAnswers *
muster_victoria_answers_new (const MusterVictoriaConfig *config, const char *path)
{
  MusterVictoriaAnswers *self = g_new0 (MusterVictoriaAnswers, 1);

  g_atomic_ref_count_init (&self->count);
  self->config = config;
  self->path = g_strdup (path);
  self->lenses = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_victoria_lens_free);
  g_mutex_init (&self->lock);
  self->threads = g_thread_pool_new (ask_cb, self, N_THREADS, FALSE, NULL);
  return self;
}

void
muster_victoria_answers_unref (MusterVictoriaAnswers *self)
{
  g_thread_pool_free (self->threads, FALSE, TRUE);
  g_mutex_lock (&self->lock);
  self->is_over = TRUE;
  g_ptr_array_set_size (self->lenses, 0);
  g_mutex_unlock (&self->lock);
  if (g_atomic_ref_count_dec (&self->count))
    answers_free (self);
}
