/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_node_private.h"
#include "mf_octets.h"
#include "mf_text.h"

/*
 * What outputs do when the host is gone: each holds what it was told last, or goes to what is safe
 * after so many seconds, and stays there until it is told anew.
 *
 * Record: u32 seconds of each output that can, in the order of the table.
 */

#define SUFFIX "/Safe After"
#define NAME_MAX 160u
#define OUTPUTS_MAX 16u /* that are kept */
#define LOOK_MS 1000u

/* The record as it stands, or is to stand; returns its size. */
static size_t
write_record (const struct mf_node *self, uint8_t record[4 * OUTPUTS_MAX])
{
  size_t   size = 0;
  uint16_t index;

  for (index = 0; index < self->n_metrics; index++)
    if (self->infos[index].has_safe && size < 4 * OUTPUTS_MAX)
      {
        mf_put32 (record + size, self->metrics[index].fall_back_s);
        size += 4;
      }
  return size;
}

void
mf_node_load_safe (struct mf_node *self)
{
  uint8_t  record[4 * OUTPUTS_MAX];
  size_t   size, at = 0;
  uint16_t index;

  for (index = 0; index < self->n_metrics; index++)
    self->metrics[index].fall_back_s = self->infos[index].fall_back_s;
  size = write_record (self, record);
  if (size == 0 || mf_store_get (self->store, MF_KEY_SAFE, record, size) != size)
    return;
  for (index = 0; index < self->n_metrics && at < size; index++)
    if (self->infos[index].has_safe)
      {
        self->metrics[index].fall_back_s = mf_get32 (record + at);
        at += 4;
      }
}

static bool
keep (struct mf_node *self, uint16_t index, uint32_t seconds)
{
  uint8_t  record[4 * OUTPUTS_MAX];
  uint32_t before = self->metrics[index].fall_back_s;

  self->metrics[index].fall_back_s = seconds;
  if (mf_store_set (self->store, MF_KEY_SAFE, record, write_record (self, record)))
    return true;
  self->metrics[index].fall_back_s = before;
  return false;
}

/* Goes to what is safe; where the board cannot, that is tried again. */
static void
fall_back (struct mf_node *self, uint16_t index)
{
  const struct mf_metric_info *info = &self->infos[index];
  union mf_value               value = mf_value_from (info->type, info->safe);

  self->metrics[index].fell_back = self->port->ops->write (self->port->user, info->channel, &value);
  if (mf_node_read (self, index) && info->keeps)
    mf_node_keep (self, index);
}

uint32_t
mf_node_fall_back (struct mf_node *self, uint64_t now)
{
  uint32_t wait = LOOK_MS;
  uint16_t index;

  if (self->state == MF_NODE_ONLINE)
    self->online_ms = now;
  for (index = 0; index < self->n_metrics; index++)
    {
      struct mf_metric *metric = &self->metrics[index];
      uint64_t          due = self->online_ms + metric->fall_back_s * (uint64_t)1000;

      if (self->state == MF_NODE_ONLINE)
        metric->fell_back = false;
      if (self->state == MF_NODE_ONLINE || !self->infos[index].has_safe || metric->fell_back ||
          metric->fall_back_s == 0)
        continue;
      if (now >= due)
        fall_back (self, index);
      else if (due - now < wait)
        wait = (uint32_t)(due - now);
    }
  return wait;
}

bool
mf_node_write_safe (struct mf_writer *writer,
                    const char       *output,
                    uint32_t          seconds,
                    uint64_t          time_ms)
{
  char                        name[NAME_MAX] = "";
  const struct mf_metric_info info = { .name = name,
                                       .type = MF_TYPE_UINT32,
                                       .unit = "s",
                                       .has_range = true,
                                       .writable = true,
                                       .high = MF_FALL_BACK_MOST_S };
  union mf_value              value = { .u = seconds };
  struct mf_metric_form       form = { name,   MF_NO_ALIAS, time_ms, MF_TYPE_UINT32,
                                       &value, &info,       true,    false };

  return mf_text_append (name, sizeof name, output) && mf_text_append (name, sizeof name, SUFFIX) &&
         mf_sparkplug_metric (writer, &form);
}

bool
mf_node_is_safe (const struct mf_command_metric *metric, const char *output)
{
  size_t size = strlen (output);

  return metric->name.size == size + sizeof SUFFIX - 1 &&
         memcmp (metric->name.data, output, size) == 0 &&
         memcmp (metric->name.data + size, SUFFIX, sizeof SUFFIX - 1) == 0;
}

bool
mf_node_read_safe (const struct mf_command_metric *metric, uint32_t *seconds)
{
  union mf_value value;

  if (metric->is_null || !mf_sparkplug_value (metric, MF_TYPE_UINT32, &value, NULL) ||
      value.u > MF_FALL_BACK_MOST_S)
    return false;
  *seconds = (uint32_t)value.u;
  return true;
}

static void
publish (struct mf_node *self, uint16_t index)
{
  uint64_t         now = mf_clock_now (self->clock);
  struct mf_writer writer;

  if (self->state != MF_NODE_ONLINE)
    return;
  mf_node_begin (self, &writer, now);
  if (mf_node_write_safe (&writer, self->infos[index].name, self->metrics[index].fall_back_s, now))
    mf_node_finish (self, &writer, "NDATA");
}

bool
mf_node_set_safe (struct mf_node *self, const struct mf_command_metric *metric)
{
  uint16_t index = 0;
  uint32_t seconds;

  while (index < self->n_metrics &&
         !(self->infos[index].has_safe && mf_node_is_safe (metric, self->infos[index].name)))
    index++;
  if (index == self->n_metrics)
    return false;
  if (!mf_node_read_safe (metric, &seconds) || !keep (self, index, seconds))
    self->refused++;
  publish (self, index);
  return true;
}
