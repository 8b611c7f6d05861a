/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria-spools"

#include "config.h"

#include "muster-victoria-spools.h"

struct _MusterVictoriaCurrent
{
  MusterVictoriaSpool *spool; /* (owned) */
  unsigned             n_pending;
  gboolean             has_samples;
  gboolean             is_closed; /* complete when nothing is pending */
};

struct _MusterVictoriaSpools
{
  char                   *path;
  MusterVictoriaSpoolFunc complete;
  gpointer                user_data;
  GMutex                  lock; /* of SPOOLS */
  GPtrArray *spools;            /* (owned) (element-type MusterVictoriaSpool): in order, the current
                                   one last */
  MusterVictoriaCurrent *current; /* (owned) (nullable) */
  unsigned               next_number;
  gint64                 opened_at; /* monotonic, of the current one */
};

static void
add (MusterVictoriaSpools *self, MusterVictoriaSpool *spool)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->spools, muster_victoria_spool_ref (spool));
  g_mutex_unlock (&self->lock);
}

GPtrArray *
muster_victoria_spools_list (MusterVictoriaSpools *self)
{
  GPtrArray *spools = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_victoria_spool_unref);

  g_return_val_if_fail (self != NULL, spools);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->spools->len; i++)
    g_ptr_array_add (spools, muster_victoria_spool_ref (self->spools->pdata[i]));
  g_mutex_unlock (&self->lock);
  return spools;
}

void
muster_victoria_spools_remove (MusterVictoriaSpools *self, MusterVictoriaSpool *spool)
{
  g_return_if_fail (self != NULL && spool != NULL);

  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->spools, spool);
  g_mutex_unlock (&self->lock);
}

gint64
muster_victoria_spools_measure (MusterVictoriaSpools *self)
{
  g_autoptr (GPtrArray) spools = muster_victoria_spools_list (self);
  gint64 size = 0;

  for (guint i = 0; i < spools->len; i++)
    size += muster_victoria_spool_get_size (spools->pdata[i]);
  return size;
}

/* --- the current one --- */

static void
current_free (MusterVictoriaCurrent *current)
{
  muster_victoria_spool_unref (current->spool);
  g_free (current);
}

static void
open_next (MusterVictoriaSpools *self)
{
  self->current = g_new0 (MusterVictoriaCurrent, 1);
  self->current->spool = muster_victoria_spool_open (self->path, self->next_number++);
  self->opened_at = g_get_monotonic_time ();
  add (self, self->current->spool);
}

/* Nothing is appended to CURRENT any more. */
static void
finish (MusterVictoriaSpools *self, MusterVictoriaCurrent *current)
{
  if (current->n_pending > 0)
    return;
  self->complete (current->spool, self->user_data);
  current_free (current);
}

void
muster_victoria_spools_rotate (MusterVictoriaSpools *self)
{
  MusterVictoriaCurrent *current;

  g_return_if_fail (self != NULL);

  current = self->current;
  if (current == NULL || !current->has_samples)
    return;
  open_next (self);
  current->is_closed = TRUE;
  finish (self, current);
}

gint64
muster_victoria_spools_get_age (MusterVictoriaSpools *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_get_monotonic_time () - self->opened_at;
}

MusterVictoriaCurrent *
muster_victoria_spools_get_current (MusterVictoriaSpools *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->current;
}

MusterSampleEngine *
muster_victoria_current_get_engine (MusterVictoriaCurrent *current)
{
  g_return_val_if_fail (current != NULL, NULL);

  return muster_victoria_spool_get_engine (current->spool);
}

void
muster_victoria_current_hold (MusterVictoriaCurrent *current)
{
  g_return_if_fail (current != NULL);

  current->n_pending++;
  current->has_samples = TRUE;
}

void
muster_victoria_spools_release (MusterVictoriaSpools *self, MusterVictoriaCurrent *current)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (current != NULL && current->n_pending > 0);

  current->n_pending--;
  if (current->is_closed)
    finish (self, current);
}

/* --- life --- */

gboolean
muster_victoria_spools_open (MusterVictoriaSpools *self, GError **error)
{
  g_autoptr (GArray) numbers = NULL;

  g_return_val_if_fail (self != NULL && self->current == NULL, FALSE);

  numbers = muster_victoria_spool_list (self->path);
  self->next_number = 1;
  for (guint i = 0; i < numbers->len; i++)
    {
      unsigned number = g_array_index (numbers, guint, i);
      g_autoptr (MusterVictoriaSpool) spool = muster_victoria_spool_open (self->path, number);

      if (!dex_await (muster_sample_engine_when_open (muster_victoria_spool_get_engine (spool)),
                      error))
        return FALSE;
      add (self, spool);
      self->next_number = number + 1;
    }
  return TRUE;
}

void
muster_victoria_spools_begin (MusterVictoriaSpools *self)
{
  g_autoptr (GPtrArray) before = NULL;

  g_return_if_fail (self != NULL && self->current == NULL);

  /* One may be done, and removed, while the others are told of. */
  before = muster_victoria_spools_list (self);
  for (guint i = 0; i < before->len; i++)
    self->complete (before->pdata[i], self->user_data);
  open_next (self);
}

void
muster_victoria_spools_close (MusterVictoriaSpools *self)
{
  g_return_if_fail (self != NULL);

  if (self->current != NULL && self->current->n_pending == 0)
    g_clear_pointer (&self->current, current_free);
  else if (self->current != NULL)
    g_steal_pointer (&self->current)->is_closed = TRUE;
  g_mutex_lock (&self->lock);
  g_ptr_array_set_size (self->spools, 0);
  g_mutex_unlock (&self->lock);
}

MusterVictoriaSpools *
muster_victoria_spools_new (const char *path, MusterVictoriaSpoolFunc complete, gpointer user_data)
{
  MusterVictoriaSpools *self;

  g_return_val_if_fail (path != NULL && complete != NULL, NULL);

  self = g_new0 (MusterVictoriaSpools, 1);
  self->path = g_strdup (path);
  self->complete = complete;
  self->user_data = user_data;
  g_mutex_init (&self->lock);
  self->spools = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_victoria_spool_unref);
  return self;
}

void
muster_victoria_spools_free (MusterVictoriaSpools *self)
{
  g_clear_pointer (&self->current, current_free);
  g_ptr_array_unref (self->spools);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self);
}
