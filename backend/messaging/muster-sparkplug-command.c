/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sparkplug-command"

#include "config.h"

#include <math.h>

#include "model/muster-error.h"
#include "muster-sparkplug-command.h"

struct _MusterSparkplugCommands
{
  GPtrArray *waiting; /* element-type Command (owned) */
};

typedef struct
{
  MusterSparkplugCommands *commands;
  char                    *group;
  char                    *node;
  char                    *device; /* (nullable) */
  char                    *metric;
  MusterSample             expected; /* `text` owned */
  gboolean                 by_birth;
  DexPromise              *promise;
  guint                    timeout_id;
  gint64                   timeout;
} Command;

static void
command_free (gpointer data)
{
  Command *self = data;

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (dex_future_is_pending (DEX_FUTURE (self->promise)))
    dex_promise_reject (self->promise, g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                                            "the host stops"));
  dex_unref (self->promise);
  if (self->expected.type == MUSTER_SAMPLE_STRING)
    g_free ((char *)self->expected.text);
  g_free (self->group);
  g_free (self->node);
  g_free (self->device);
  g_free (self->metric);
  g_free (self);
}

MusterSparkplugCommands *
muster_sparkplug_commands_new (void)
{
  MusterSparkplugCommands *self = g_new0 (MusterSparkplugCommands, 1);

  self->waiting = g_ptr_array_new_with_free_func (command_free);
  return self;
}

void
muster_sparkplug_commands_free (MusterSparkplugCommands *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->waiting);
  g_free (self);
}

static gboolean
command_timeout_cb (gpointer user_data)
{
  Command *command = user_data;

  command->timeout_id = 0;
  dex_promise_reject (command->promise,
                      g_error_new (MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT,
                                   "%s of %s was not confirmed within %.1f s", command->metric,
                                   command->device ? command->device : command->node,
                                   command->timeout / 1e6));
  g_ptr_array_remove (command->commands->waiting, command);
  return G_SOURCE_REMOVE;
}

DexFuture *
muster_sparkplug_commands_add (MusterSparkplugCommands     *self,
                               const MusterSparkplugSource *source,
                               const char                  *metric,
                               const MusterSample          *expected,
                               gint64                       timeout)
{
  Command *command = g_new0 (Command, 1);

  command->commands = self;
  command->group = g_strdup (source->group);
  command->node = g_strdup (source->node);
  command->device = g_strdup (source->device);
  command->metric = g_strdup (metric);
  command->by_birth = expected == NULL;
  if (expected != NULL)
    command->expected = *expected;
  if (expected != NULL && expected->type == MUSTER_SAMPLE_STRING)
    command->expected.text = g_strdup (expected->text);
  command->promise = dex_promise_new ();
  command->timeout = timeout;
  command->timeout_id =
    g_timeout_add (CLAMP (timeout / 1000, 1, G_MAXINT32), command_timeout_cb, command);
  g_ptr_array_add (self->waiting, command);
  return dex_ref (DEX_FUTURE (command->promise));
}

static gboolean
command_is_for (const Command *command, const MusterSparkplugSource *source)
{
  return g_str_equal (command->node, source->node) && g_str_equal (command->group, source->group) &&
         g_strcmp0 (command->device, source->device) == 0;
}

static double
sample_to_number (const MusterSample *sample)
{
  switch (sample->type)
    {
    case MUSTER_SAMPLE_INTEGER:
      return (double)sample->integer;
    case MUSTER_SAMPLE_DOUBLE:
      return sample->number;
    case MUSTER_SAMPLE_BOOLEAN:
      return sample->boolean != 0;
    case MUSTER_SAMPLE_NULL:
    case MUSTER_SAMPLE_STRING:
    default:
      return NAN;
    }
}

/* Nodes may keep a number in fewer bits than it was sent with. */
static gboolean
is_same_value (const MusterSample *sent, const MusterSample *reported)
{
  double wanted = sample_to_number (sent);
  double got = sample_to_number (reported);

  if (sent->type == MUSTER_SAMPLE_STRING || sent->type == MUSTER_SAMPLE_NULL)
    return sent->type == reported->type &&
           (sent->type == MUSTER_SAMPLE_NULL || g_str_equal (sent->text, reported->text));
  return wanted == got || fabs (wanted - got) <= 1e-6 * fabs (wanted);
}

static gboolean
is_confirmed (const Command *command, const MusterSample *samples, unsigned n_samples)
{
  for (unsigned i = 0; i < n_samples; i++)
    if (!(samples[i].flags & MUSTER_SAMPLE_HISTORICAL) &&
        g_str_equal (samples[i].metric, command->metric) &&
        is_same_value (&command->expected, &samples[i]))
      return TRUE;
  return FALSE;
}

static void
confirm (MusterSparkplugCommands *self, guint index)
{
  Command *command = self->waiting->pdata[index];

  dex_promise_resolve_boolean (command->promise, TRUE);
  g_ptr_array_remove_index (self->waiting, index);
}

void
muster_sparkplug_commands_note_data (MusterSparkplugCommands     *self,
                                     const MusterSparkplugSource *source,
                                     const MusterSample          *samples,
                                     unsigned                     n_samples)
{
  for (guint i = self->waiting->len; i > 0; i--)
    {
      Command *command = self->waiting->pdata[i - 1];

      if (!command->by_birth && command_is_for (command, source) &&
          is_confirmed (command, samples, n_samples))
        confirm (self, i - 1);
    }
}

void
muster_sparkplug_commands_note_birth (MusterSparkplugCommands     *self,
                                      const MusterSparkplugSource *source)
{
  for (guint i = self->waiting->len; i > 0; i--)
    {
      Command *command = self->waiting->pdata[i - 1];

      if (command->by_birth && command_is_for (command, source))
        confirm (self, i - 1);
    }
}

void
muster_sparkplug_commands_note_death (MusterSparkplugCommands     *self,
                                      const MusterSparkplugSource *source)
{
  for (guint i = self->waiting->len; i > 0; i--)
    {
      Command *command = self->waiting->pdata[i - 1];

      if (command->by_birth || !command_is_for (command, source))
        continue;
      dex_promise_reject (command->promise,
                          g_error_new (MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                                       "%s went offline before it confirmed %s",
                                       command->device ? command->device : command->node,
                                       command->metric));
      g_ptr_array_remove_index (self->waiting, i - 1);
    }
}
