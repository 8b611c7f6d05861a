/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-item"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-job-item.h"

/* How much the newest stretch counts against those before. */
#define WEIGHT 0.3
/* Shorter stretches say nothing of the speed. */
#define SHORTEST_USEC (G_USEC_PER_SEC / 5)

struct _MusterJobItem
{
  GObject parent_instance;

  MusterJob *job;       /* (owned) */
  gint64     measured;  /* monotonic, of the rate's newest point */
  gint64     processed; /* then */
  double     rate;      /* rows a second */
};

G_DEFINE_FINAL_TYPE (MusterJobItem, muster_job_item, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static MusterEntity *
entity_of (MusterJobItem *self)
{
  return MUSTER_ENTITY (self->job);
}

static void
muster_job_item_finalize (GObject *object)
{
  g_clear_object (&MUSTER_JOB_ITEM (object)->job);
  G_OBJECT_CLASS (muster_job_item_parent_class)->finalize (object);
}

static void
muster_job_item_class_init (MusterJobItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_job_item_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_JOB_ITEM, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_job_item_init (MusterJobItem *self)
{
}

MusterJobItem *
muster_job_item_new (MusterJob *job, gint64 now)
{
  MusterJobItem *self;

  g_return_val_if_fail (MUSTER_IS_JOB (job), NULL);

  self = g_object_new (MUSTER_TYPE_JOB_ITEM, NULL);
  self->job = g_object_ref (job);
  self->measured = now;
  self->processed = muster_job_item_get_processed (self);
  return self;
}

static void
measure (MusterJobItem *self, gint64 now)
{
  gint64 processed = muster_job_item_get_processed (self);
  double seconds = (now - self->measured) / (double)G_USEC_PER_SEC;
  double rate;

  if (muster_entity_get_enum (entity_of (self), "status") != MUSTER_JOB_STATUS_RUNNING ||
      processed < self->processed)
    {
      /* Paused, or begun again: what went before says nothing of what comes. */
      self->rate = 0;
      self->measured = now;
      self->processed = processed;
      return;
    }
  if (now - self->measured < SHORTEST_USEC)
    return;
  rate = (processed - self->processed) / seconds;
  self->rate = self->rate > 0 ? self->rate + WEIGHT * (rate - self->rate) : rate;
  self->measured = now;
  self->processed = processed;
}

void
muster_job_item_update (MusterJobItem *self, MusterJob *job, gint64 now)
{
  g_return_if_fail (MUSTER_IS_JOB_ITEM (self));
  g_return_if_fail (MUSTER_IS_JOB (job));

  /* An answer to a request may come after the events that overtook it. */
  if (muster_entity_get_revision (MUSTER_ENTITY (job)) <
      muster_entity_get_revision (entity_of (self)))
    return;
  g_set_object (&self->job, job);
  measure (self, now);
  g_signal_emit (self, signals[CHANGED], 0);
}

MusterJob *
muster_job_item_get_job (MusterJobItem *self)
{
  g_return_val_if_fail (MUSTER_IS_JOB_ITEM (self), NULL);

  return self->job;
}

const char *
muster_job_item_get_id (MusterJobItem *self)
{
  g_return_val_if_fail (MUSTER_IS_JOB_ITEM (self), NULL);

  return muster_entity_get_id (entity_of (self));
}

gboolean
muster_job_item_is_over (MusterJobItem *self)
{
  g_return_val_if_fail (MUSTER_IS_JOB_ITEM (self), FALSE);

  switch ((MusterJobStatus)muster_entity_get_enum (entity_of (self), "status"))
    {
    case MUSTER_JOB_STATUS_DONE:
    case MUSTER_JOB_STATUS_FAILED:
    case MUSTER_JOB_STATUS_CANCELLED:
      return TRUE;
    case MUSTER_JOB_STATUS_QUEUED:
    case MUSTER_JOB_STATUS_RUNNING:
    case MUSTER_JOB_STATUS_PAUSED:
    default:
      return FALSE;
    }
}

gint64
muster_job_item_get_processed (MusterJobItem *self)
{
  g_return_val_if_fail (MUSTER_IS_JOB_ITEM (self), 0);

  return muster_entity_get_integer (entity_of (self), "done") +
         muster_entity_get_integer (entity_of (self), "skipped") +
         muster_entity_get_integer (entity_of (self), "failed");
}

double
muster_job_item_get_fraction (MusterJobItem *self)
{
  gint64 total;

  g_return_val_if_fail (MUSTER_IS_JOB_ITEM (self), 0);

  total = muster_entity_get_integer (entity_of (self), "total");
  return total > 0 ? CLAMP (muster_job_item_get_processed (self) / (double)total, 0, 1) : 0;
}

double
muster_job_item_get_rate (MusterJobItem *self)
{
  g_return_val_if_fail (MUSTER_IS_JOB_ITEM (self), 0);

  return self->rate;
}

double
muster_job_item_get_remaining (MusterJobItem *self)
{
  gint64 left;

  g_return_val_if_fail (MUSTER_IS_JOB_ITEM (self), -1);

  left =
    muster_entity_get_integer (entity_of (self), "total") - muster_job_item_get_processed (self);
  return self->rate > 0 && left >= 0 ? left / self->rate : -1;
}

/* Takes PART. */
static void
append (GString *text, char *part)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", part);
  g_free (part);
}

/* "9,990 done, 5 skipped, 5 failed" */
static char *
describe_result (MusterJobItem *self)
{
  int done = muster_entity_get_integer (entity_of (self), "done");
  int skipped = muster_entity_get_integer (entity_of (self), "skipped");
  int failed = muster_entity_get_integer (entity_of (self), "failed");
  g_autoptr (GString) text = g_string_new (NULL);

  if (muster_entity_get_enum (entity_of (self), "status") == MUSTER_JOB_STATUS_CANCELLED)
    append (text, g_strdup (_ ("Cancelled")));
  if (done > 0 || text->len == 0)
    append (text, g_strdup_printf (_ ("%'d done"), done));
  if (skipped > 0)
    append (text, g_strdup_printf (_ ("%'d skipped"), skipped));
  if (failed > 0)
    append (text, g_strdup_printf (_ ("%'d failed"), failed));
  if (!muster_entity_is_null (entity_of (self), "error"))
    g_string_append_printf (text, ": %s", muster_entity_get_string (entity_of (self), "error"));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static char *
format_remaining (double seconds)
{
  int whole = (int)(seconds + 0.5);

  if (whole < 60)
    return g_strdup_printf (ngettext ("%d s left", "%d s left", whole), whole);
  return g_strdup_printf (_ ("%d min left"), (whole + 30) / 60);
}

char *
muster_job_item_describe (MusterJobItem *self)
{
  g_autoptr (GString) text = NULL;
  int status;

  g_return_val_if_fail (MUSTER_IS_JOB_ITEM (self), NULL);

  if (muster_job_item_is_over (self))
    return describe_result (self);
  status = muster_entity_get_enum (entity_of (self), "status");
  text = g_string_new (NULL);
  /* Translators: how many of how many. */
  g_string_append_printf (text, _ ("%'d of %'d"), (int)muster_job_item_get_processed (self),
                          (int)muster_entity_get_integer (entity_of (self), "total"));
  if (status != MUSTER_JOB_STATUS_RUNNING)
    g_string_append_printf (text, " · %s",
                            _ (muster_enum_get_label (&muster_job_status_enum, status)));
  else if (self->rate > 0)
    {
      g_autofree char *remaining = format_remaining (muster_job_item_get_remaining (self));

      /* Translators: rows a second. */
      g_string_append_printf (text, _ (" · %'.0f/s"), self->rate);
      g_string_append_printf (text, " · %s", remaining);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}
