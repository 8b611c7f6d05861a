/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_node_private.h"
#include "mf_text.h"

#define IDENTIFY_MS 10000u
#define NOT_FOUND UINT16_MAX

static bool
is_name (struct mf_bytes name, const char *text)
{
  return name.size == strlen (text) && memcmp (name.data, text, name.size) == 0;
}

static uint16_t
find (const struct mf_node *self, const struct mf_command_metric *metric)
{
  uint16_t index;

  if (metric->name.size == 0)
    return metric->has_alias && metric->alias > 0 && metric->alias <= self->n_metrics
             ? (uint16_t)(metric->alias - 1)
             : NOT_FOUND;
  for (index = 0; index < self->n_metrics; index++)
    if (is_name (metric->name, self->infos[index].name))
      return index;
  return NOT_FOUND;
}

void
mf_node_identify (struct mf_node *self, bool on)
{
  self->identifying = on;
  self->identify_until_ms = mf_node_now (self) + IDENTIFY_MS;
  self->port->ops->identify (self->port->user, on);
  mf_node_publish_control (self, MF_CONTROL_IDENTIFY, on);
}

static void
control (struct mf_node *self, enum mf_control which, bool on)
{
  static const enum mf_node_wish wishes[MF_N_CONTROLS] = { MF_WISH_REBIRTH, MF_WISH_REBOOT,
                                                           MF_WISH_NONE, MF_WISH_RELEASE };

  if (which == MF_CONTROL_IDENTIFY)
    mf_node_identify (self, on);
  else if (on && wishes[which] > self->wish)
    self->wish = wishes[which];
}

/* Sets the metric; whatever comes of it, the host is told what the metric now is. */
static bool
write (struct mf_node *self, uint16_t index, const struct mf_command_metric *metric)
{
  const struct mf_metric_info *info = &self->infos[index];
  char                         text[MF_TEXT_MAX + 1];
  union mf_value               value;

  return info->writable && !metric->is_null &&
         mf_sparkplug_value (metric, info->type, &value, text) &&
         mf_value_in_range (info, &value) &&
         self->port->ops->write (self->port->user, info->channel, &value);
}

/* A command while it is read: an update is ordered by several metrics together. */
struct reading
{
  struct mf_node          *node;
  struct mf_update_command update;
};

static void
each_metric (void *user, const struct mf_command_metric *metric)
{
  struct reading *reading = user;
  struct mf_node *self = reading->node;
  union mf_value  value;
  unsigned        which;
  uint16_t        index;

  if (mf_node_update_member (&reading->update, metric))
    return;
  for (which = 0; which < MF_N_CONTROLS; which++)
    if (is_name (metric->name, mf_control_names[which]))
      {
        if (!metric->is_null && mf_sparkplug_value (metric, MF_TYPE_BOOLEAN, &value, NULL))
          control (self, (enum mf_control)which, value.b);
        else
          self->refused++;
        return;
      }
  if (mf_node_set_safe (self, metric))
    return;
  index = find (self, metric);
  if (index == NOT_FOUND || !write (self, index, metric))
    self->refused++;
  if (index != NOT_FOUND)
    mf_node_touch (self, index);
}

void
mf_node_command (struct mf_node *self, struct mf_bytes payload)
{
  struct reading reading = { .node = self };
  uint64_t       time_ms;

  if (mf_sparkplug_read (payload, &time_ms, each_metric, &reading))
    mf_clock_about (self->clock, time_ms);
  else
    self->refused++;
  if (reading.update.came && !mf_node_update_act (self, &reading.update))
    self->refused++;
}
