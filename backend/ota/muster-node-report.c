/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-report"

#include "config.h"

#include "muster-node-report.h"

#define TEXT_MAX 200 /* bytes */
#define HARDWARE_MAX 32

/* The words of a node's state, and what each means. */
static const struct
{
  const char        *state;
  MusterFeedbackKind kind;
  MusterUpdatePhase  phase; /* in which it is nothing new */
} states[] = {
  { "downloading", MUSTER_FEEDBACK_DOWNLOADING, MUSTER_UPDATE_PHASE_NONE },
  { "downloaded", MUSTER_FEEDBACK_DOWNLOADED, MUSTER_UPDATE_PHASE_DOWNLOADED },
  { "installing", MUSTER_FEEDBACK_INSTALLING, MUSTER_UPDATE_PHASE_INSTALLING },
  { "rebooting", MUSTER_FEEDBACK_REBOOTING, MUSTER_UPDATE_PHASE_REBOOTING },
  { "confirming", MUSTER_FEEDBACK_CONFIRMING, MUSTER_UPDATE_PHASE_CONFIRMING },
  { "confirmed", MUSTER_FEEDBACK_CONFIRMED, MUSTER_UPDATE_PHASE_NONE },
  { "reverted", MUSTER_FEEDBACK_REVERTED, MUSTER_UPDATE_PHASE_NONE },
  { "failed", MUSTER_FEEDBACK_FAILED, MUSTER_UPDATE_PHASE_NONE },
};

MusterNodeReport *
muster_node_report_new (void)
{
  MusterNodeReport *self = g_new0 (MusterNodeReport, 1);

  self->progress = -1;
  self->security_counter = -1;
  return self;
}

void
muster_node_report_free (MusterNodeReport *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->id);
  g_free (self->state);
  g_free (self->error);
  g_free (self->hardware);
  g_free (self);
}

static void
take_text (char **text, const MusterSample *sample, gsize maximum)
{
  g_autofree char *cut = NULL;

  g_clear_pointer (text, g_free);
  if (sample->type != MUSTER_SAMPLE_STRING || sample->text == NULL || *sample->text == '\0')
    return;
  cut = g_strndup (sample->text, maximum);
  *text = g_utf8_make_valid (cut, -1);
}

static gint64
take_number (const MusterSample *sample, gint64 maximum)
{
  return sample->type == MUSTER_SAMPLE_INTEGER && sample->integer >= 0
           ? MIN (sample->integer, maximum)
           : -1;
}

static gboolean
take_sample (MusterNodeReport *self, const MusterSample *sample)
{
  const char *name = sample->metric;

  if (g_str_equal (name, "Properties/Hardware Version"))
    take_text (&self->hardware, sample, HARDWARE_MAX);
  else if (g_str_equal (name, "Update/Id"))
    take_text (&self->id, sample, TEXT_MAX);
  else if (g_str_equal (name, "Update/State"))
    take_text (&self->state, sample, TEXT_MAX);
  else if (g_str_equal (name, "Update/Error"))
    take_text (&self->error, sample, TEXT_MAX);
  else if (g_str_equal (name, "Update/Progress"))
    self->progress = take_number (sample, 100);
  else if (g_str_equal (name, "Update/Security Counter"))
    self->security_counter = take_number (sample, G_MAXUINT32);
  else if (g_str_equal (name, "Update/Fetched"))
    self->fetched = MAX (0, take_number (sample, G_MAXUINT32));
  else if (g_str_equal (name, "Update/Index Blocks"))
    self->index_blocks = MAX (0, take_number (sample, G_MAXUINT32));
  else
    return FALSE;
  return TRUE;
}

gboolean
muster_node_report_take (MusterNodeReport *self, const MusterSample *samples, unsigned n_samples)
{
  gboolean any = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);

  for (unsigned i = 0; i < n_samples; i++)
    any |= !(samples[i].flags & MUSTER_SAMPLE_HISTORICAL) && take_sample (self, &samples[i]);
  return any;
}

/* A node that gave up on being told so says that it is idle, or that it failed by that. */
static gboolean
is_cancelled (const MusterNodeReport *self)
{
  return g_str_equal (self->state, "idle") ||
         (g_str_equal (self->state, "failed") && self->error != NULL &&
          g_str_has_prefix (self->error, "cancelled"));
}

gboolean
muster_node_report_read (const MusterNodeReport *self,
                         MusterUpdateStatus      status,
                         MusterUpdatePhase       phase,
                         MusterFeedbackKind     *kind)
{
  g_return_val_if_fail (self != NULL && kind != NULL, FALSE);

  if (self->state == NULL)
    return FALSE;
  if (is_cancelled (self))
    {
      *kind = MUSTER_FEEDBACK_CANCELLED;
      return status == MUSTER_UPDATE_CANCELLING || g_str_equal (self->state, "failed");
    }
  for (unsigned i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].state, self->state))
      {
        *kind = states[i].kind;
        return states[i].phase == MUSTER_UPDATE_PHASE_NONE || states[i].phase != phase;
      }
  return FALSE;
}

char *
muster_node_report_make_id (MusterEntity *update)
{
  gint64 attempt;

  g_return_val_if_fail (MUSTER_IS_FIRMWARE_UPDATE (update), NULL);

  attempt = muster_entity_get_integer (update, "attempt");
  return attempt > 1
           ? g_strdup_printf ("%s.%" G_GINT64_FORMAT, muster_entity_get_id (update), attempt)
           : g_strdup (muster_entity_get_id (update));
}
