/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "core/muster-service.h"
#include "muster-sample-differential-private-test-util.h"

/* --- the stores --- */

static void
open_store (MusterDifferential *self)
{
  g_autofree char *path = muster_test_dir_build (self->dir, "samples.db");

  self->store = self->kind->new_store (path, self->clock, self->kind_data);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->store)));
}

static void
close_store (MusterDifferential *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->store)));
  g_clear_object (&self->store);
}

static MusterDifferential *
differential_new (const MusterDifferentialStore *kind, gpointer kind_data, guint32 seed)
{
  MusterDifferential *self = g_new0 (MusterDifferential, 1);

  self->kind = kind;
  self->kind_data = kind_data;
  self->dir = muster_test_dir_new ();
  self->clock = muster_manual_clock_new (NOW);
  self->model = muster_sample_model_new ();
  self->random = g_rand_new_with_seed (seed);
  self->appends = g_ptr_array_new_with_free_func (dex_unref);
  self->refusals = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < N_DEVICES; i++)
    {
      self->times[i] = muster_differential_get_begin (i);
      self->ids[i] = g_strdup_printf ("01980000-0000-7000-8000-%012u", i);
    }
  open_store (self);
  return self;
}

static void
differential_free (MusterDifferential *self)
{
  close_store (self);
  for (guint i = 0; i < N_DEVICES; i++)
    g_free (self->ids[i]);
  g_array_unref (self->refusals);
  g_ptr_array_unref (self->appends);
  g_rand_free (self->random);
  muster_sample_model_free (self->model);
  g_clear_object (&self->clock);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterDifferential, differential_free)

/* Until all that was appended is durable, and as many refused as must be. */
static void
settle (MusterDifferential *self)
{
  for (guint i = 0; i < self->appends->len; i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 refused = dex_await_int64 (dex_ref (self->appends->pdata[i]), &error);

      g_assert_no_error (error);
      g_assert_cmpint (refused, ==, g_array_index (self->refusals, gint64, i));
    }
  g_ptr_array_set_size (self->appends, 0);
  g_array_set_size (self->refusals, 0);
}

/* --- steps --- */

/* What was copied is a store like the other. */
static void
check_copy (MusterDifferential *self, const char *path)
{
  MusterSampleStore *store = self->store;

  self->store = self->kind->new_store (path, self->clock, self->kind_data);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->store)));
  for (guint i = 0; i < 5; i++)
    {
      muster_differential_ask_range (self);
      muster_differential_ask_series (self);
    }
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->store)));
  g_clear_object (&self->store);
  self->store = store;
}

/* Which packs all that there is. */
static void
back_up (MusterDifferential *self)
{
  g_autofree char *path = muster_test_dir_build (self->dir, "copy.db");

  muster_test_await (muster_sample_store_backup (self->store, path));
  if (self->kind->has_whole_backups)
    check_copy (self, path);
  g_assert_no_errno (g_unlink (path));
  muster_differential_check_stats (self, TRUE);
}

static void
restart (MusterDifferential *self)
{
  close_store (self);
  muster_sample_model_restart (self->model);
  open_store (self);
  muster_differential_ask_latest (self);
  muster_differential_ask_stats (self);
}

static void
forget (MusterDifferential *self)
{
  guint device = muster_differential_draw (self, N_DEVICES);

  muster_test_await (muster_sample_store_forget (self->store, self->ids[device]));
  muster_sample_model_forget (self->model, self->ids[device]);
  muster_differential_ask_stats (self);
}

static void
catch_up (MusterDifferential *self)
{
  if (self->kind->catch_up != NULL)
    self->kind->catch_up (self->store);
}

typedef struct
{
  guint weight; /* in 10,000 */
  void (*run) (MusterDifferential *self);
  gboolean settles; /* waits first until everything before is durable */
} Step;

static const Step steps[] = {
  { 7440, muster_differential_append_rows, FALSE },
  { 800, muster_differential_append_late, FALSE },
  { 600, muster_differential_append_again, FALSE },
  { 100, muster_differential_append_odd, FALSE },
  { 500, muster_differential_ask_range, TRUE },
  { 300, muster_differential_ask_series, TRUE },
  { 60, muster_differential_ask_export, TRUE },
  { 120, muster_differential_ask_latest, TRUE },
  { 40, muster_differential_ask_stats, TRUE },
  { 20, restart, TRUE },
  { 8, forget, TRUE },
  { 2, muster_differential_ask_everything, TRUE },
  { 10, back_up, TRUE },
  { 20, catch_up, TRUE },
};

/* Something happens to what the store relies on. */
static void
disturb (MusterDifferential *self)
{
  if (self->kind->disturb != NULL)
    self->kind->disturb (self->store, muster_differential_draw (self, 100), self->kind_data);
}

static void
take_step (MusterDifferential *self)
{
  int number = muster_differential_draw (self, 10000);

  if (self->kind->disturb_every > 0 && muster_differential_one_in (self, self->kind->disturb_every))
    disturb (self);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if ((number -= steps[i].weight) < 0)
      {
        if (steps[i].settles || self->appends->len > 500)
          settle (self);
        steps[i].run (self);
        return;
      }
  g_assert_not_reached ();
}

static guint
get_number (const char *name, guint fallback)
{
  const char *text = g_getenv (name);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : fallback;
}

void
muster_sample_differential_run (const MusterDifferentialStore *kind,
                                gpointer                       kind_data,
                                guint                          n_steps)
{
  guint32 seed = get_number ("MUSTER_TEST_SEED", 4711);
  g_autoptr (MusterDifferential) fixture = differential_new (kind, kind_data, seed);

  n_steps = get_number ("MUSTER_TEST_STEPS", n_steps);
  g_test_message ("seed %u, %u steps", seed, n_steps);
  for (guint i = 0; i < n_steps; i++)
    {
      if (i % 10000 == 9999)
        g_test_message ("%u steps are right, %" G_GINT64_FORMAT " samples", i,
                        muster_sample_model_count_samples (fixture->model));
      take_step (fixture);
    }
  settle (fixture);
  muster_differential_ask_everything (fixture);
  back_up (fixture);
  catch_up (fixture);
  for (guint i = 0; kind->catch_up != NULL && i < n_steps / 10; i++)
    muster_differential_ask_range (fixture);
  restart (fixture);
  muster_differential_ask_everything (fixture);
}
