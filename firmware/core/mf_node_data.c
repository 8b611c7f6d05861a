/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_node_private.h"
#include "mf_text.h"

const char *const mf_control_names[MF_N_CONTROLS] = {
  "Node Control/Rebirth",
  "Node Control/Reboot",
  "Node Control/Identify",
  "Node Control/Release",
};

void
mf_node_topic (const struct mf_node *self, const char *kind, char topic[MF_TOPIC_MAX])
{
  const char *parts[] = { "spBv1.0/", self->credentials->group_id, "/", kind,
                          "/",        self->credentials->username };
  size_t      at;

  topic[0] = '\0';
  for (at = 0; at < sizeof parts / sizeof *parts; at++)
    mf_text_append (topic, MF_TOPIC_MAX, parts[at]);
}

void
mf_node_state_topic (const struct mf_node *self, char topic[MF_TOPIC_MAX])
{
  topic[0] = '\0';
  mf_text_append (topic, MF_TOPIC_MAX, "spBv1.0/STATE/");
  mf_text_append (topic, MF_TOPIC_MAX, self->credentials->host_id);
}

bool
mf_node_read (struct mf_node *self, uint16_t index)
{
  const struct mf_metric_info *info = &self->infos[index];
  struct mf_metric            *metric = &self->metrics[index];
  union mf_value               value;
  bool                         good, changed;

  memset (&value, 0, sizeof value);
  good = self->port->ops->read (self->port->user, info->channel, &value);
  changed = good == metric->is_null || (good && mf_value_differs (info, &metric->value, &value));
  if (!changed && metric->time_ms != 0)
    return false;
  metric->is_null = !good;
  if (good)
    metric->value = value;
  metric->time_ms = mf_clock_now (self->clock);
  return true;
}

void
mf_node_keep (struct mf_node *self, uint16_t index)
{
  const struct mf_metric *metric = &self->metrics[index];
  struct mf_sample        sample = { metric->value, metric->time_ms, index, metric->is_null };

  mf_ring_push (&self->ring, &sample);
}

void
mf_node_sample (struct mf_node *self, uint16_t index, uint64_t now)
{
  const struct mf_metric_info *info = &self->infos[index];
  struct mf_metric            *metric = &self->metrics[index];

  if (info->period_ms == 0 || now < metric->due_ms)
    return;
  /* Keeps the beat; after a long pause it starts anew. */
  metric->due_ms = metric->due_ms != 0 && now - metric->due_ms < info->period_ms
                     ? metric->due_ms + info->period_ms
                     : now + info->period_ms;
  if (metric->dirty && self->state == MF_NODE_ONLINE && info->keeps)
    mf_node_keep (self, index); /* the transport lags: the sample would be lost */
  if (!mf_node_read (self, index))
    return;
  if (self->state == MF_NODE_ONLINE)
    metric->dirty = true;
  else if (info->keeps)
    mf_node_keep (self, index);
}

void
mf_node_touch (struct mf_node *self, uint16_t metric)
{
  if (metric >= self->n_metrics)
    return;
  mf_node_read (self, metric);
  self->metrics[metric].time_ms = mf_clock_now (self->clock);
  self->metrics[metric].dirty = self->state == MF_NODE_ONLINE;
}

/* `device`: of the device that it is for; NULL: the node itself. */
static bool
publish (struct mf_node *self,
         const char     *kind,
         const char     *device,
         struct mf_bytes payload,
         int             qos)
{
  char topic[MF_TOPIC_MAX];

  mf_node_topic (self, kind, topic);
  if (device != NULL &&
      (!mf_text_append (topic, sizeof topic, "/") || !mf_text_append (topic, sizeof topic, device)))
    return false;
  return self->port->ops->publish (self->port->user, topic, payload, qos, false);
}

static bool
write_bd_seq (struct mf_node *self, struct mf_writer *writer, uint64_t now)
{
  union mf_value        value = { .i = self->bd_seq };
  struct mf_metric_form form = {
    "bdSeq", MF_NO_ALIAS, now, MF_TYPE_INT64, &value, NULL, true, false
  };

  return mf_sparkplug_metric (writer, &form);
}

struct mf_bytes
mf_node_death (struct mf_node *self, uint8_t *buffer, size_t size)
{
  uint64_t         now = mf_clock_now (self->clock);
  struct mf_writer writer;
  struct mf_bytes  payload;

  mf_writer_init (&writer, buffer, size);
  mf_sparkplug_begin (&writer, now);
  write_bd_seq (self, &writer, now);
  payload.data = buffer;
  payload.size = writer.used;
  return payload;
}

void
mf_node_publish_death (struct mf_node *self)
{
  uint8_t buffer[64];

  publish (self, "NDEATH", NULL, mf_node_death (self, buffer, sizeof buffer), 1);
}

/* Starts a payload in `tx`, keeping room for its end. */
void
mf_node_begin (struct mf_node *self, struct mf_writer *writer, uint64_t now)
{
  mf_writer_init (writer, self->tx, self->tx_size - MF_SPARKPLUG_END_SIZE);
  mf_sparkplug_begin (writer, now);
}

/* Ends the payload and publishes it. The sequence number is used up only when the transport took
 * it. */
static bool
finish_for (struct mf_node *self, struct mf_writer *writer, const char *kind, const char *device)
{
  struct mf_bytes payload;

  writer->size += MF_SPARKPLUG_END_SIZE;
  if (!mf_sparkplug_end (writer, self->seq))
    return false;
  payload.data = writer->data;
  payload.size = writer->used;
  if (!publish (self, kind, device, payload, 0))
    return false;
  self->seq++;
  return true;
}

bool
mf_node_finish (struct mf_node *self, struct mf_writer *writer, const char *kind)
{
  return finish_for (self, writer, kind, NULL);
}

void
mf_node_begin_device (struct mf_node *self, struct mf_writer *writer)
{
  mf_node_begin (self, writer, mf_clock_now (self->clock));
}

bool
mf_node_publish_device (struct mf_node   *self,
                        struct mf_writer *writer,
                        const char       *kind,
                        const char       *device)
{
  return self->state == MF_NODE_ONLINE && finish_for (self, writer, kind, device);
}

static bool
write_control (struct mf_writer *writer, enum mf_control control, bool on, uint64_t now)
{
  union mf_value        value = { .b = on };
  struct mf_metric_form form = {
    mf_control_names[control], MF_NO_ALIAS, now, MF_TYPE_BOOLEAN, &value, NULL, true, false
  };

  return mf_sparkplug_metric (writer, &form);
}

/* What the node tells of itself: in births only, for they follow whatever changes it. */
static bool
write_diagnostics (struct mf_node *self, struct mf_writer *writer, uint64_t now)
{
  static const struct mf_metric_info dropped = { .name = "Diagnostics/Dropped Samples",
                                                 .type = MF_TYPE_UINT32 };
  static const struct mf_metric_info cause = { .name = "Diagnostics/Reset Cause",
                                               .type = MF_TYPE_STRING };
  static const char *const           causes[] = { "power-on", "command", "watchdog", "fault" };
  union mf_value                     count = { .u = self->ring.dropped };
  union mf_value        text = { .s = causes[self->port->ops->reset_cause (self->port->user)] };
  struct mf_metric_form first = { dropped.name, MF_NO_ALIAS, now,  dropped.type,
                                  &count,       &dropped,    true, false };
  struct mf_metric_form second = { cause.name, MF_NO_ALIAS, now,  cause.type,
                                   &text,      &cause,      true, false };

  return mf_sparkplug_metric (writer, &first) && mf_sparkplug_metric (writer, &second);
}

bool
mf_node_publish_birth (struct mf_node *self)
{
  uint64_t         now = mf_clock_now (self->clock);
  struct mf_writer writer;
  unsigned         control;
  uint16_t         index;
  bool             fits;

  mf_node_begin (self, &writer, now);
  fits = write_bd_seq (self, &writer, now);
  for (control = 0; control < MF_N_CONTROLS; control++)
    fits &= write_control (&writer, (enum mf_control)control,
                           control == MF_CONTROL_IDENTIFY && self->identifying, now);
  fits &= write_diagnostics (self, &writer, now);
  fits &= self->update == NULL ||
          (mf_node_write_update (self, &writer, now) &&
           mf_node_write_space (&writer, mf_update_get_space (self->update), now));
  for (index = 0; index < self->n_metrics && fits; index++)
    {
      const struct mf_metric_info *info = &self->infos[index];
      struct mf_metric            *metric = &self->metrics[index];
      struct mf_metric_form        form = {
        info->name, (uint64_t)index + 1, now, info->type, &metric->value, info, true, false
      };

      if (info->period_ms == 0)
        mf_node_read (self, index);
      form.time_ms = metric->time_ms;
      form.value = metric->is_null ? NULL : &metric->value;
      fits =
        mf_sparkplug_metric (&writer, &form) &&
        (!info->has_safe || mf_node_write_safe (&writer, info->name, metric->fall_back_s, now));
    }
  self->seq = 0;
  if (!fits || !mf_node_finish (self, &writer, "NBIRTH"))
    return false;
  for (index = 0; index < self->n_metrics; index++)
    self->metrics[index].dirty = false;
  self->births++;
  return true;
}

void
mf_node_publish_control (struct mf_node *self, enum mf_control control, bool value)
{
  uint64_t         now = mf_clock_now (self->clock);
  struct mf_writer writer;

  mf_node_begin (self, &writer, now);
  if (write_control (&writer, control, value, now))
    mf_node_finish (self, &writer, "NDATA");
}

void
mf_node_report_update (struct mf_node *self)
{
  uint64_t         now = mf_clock_now (self->clock);
  struct mf_writer writer;

  if (self->state != MF_NODE_ONLINE)
    return;
  mf_node_begin (self, &writer, now);
  if (mf_node_write_update (self, &writer, now) && mf_node_finish (self, &writer, "NDATA"))
    mf_update_reported (self->update);
}

static bool
write_sample (struct mf_writer            *writer,
              const struct mf_metric_info *info,
              const struct mf_sample      *sample,
              bool                         historical)
{
  struct mf_metric_form form = { NULL,
                                 (uint64_t)sample->metric + 1,
                                 sample->time_ms,
                                 info->type,
                                 sample->is_null ? NULL : &sample->value,
                                 NULL,
                                 false,
                                 historical };

  return mf_sparkplug_metric (writer, &form);
}

/* Publishes the dirty metrics from `from` on, as many as fit; returns the first that did not,
 * n_metrics when none is left. */
static uint16_t
publish_some (struct mf_node *self, uint16_t from)
{
  struct mf_writer writer;
  uint16_t         index, at;
  size_t           empty;

  mf_node_begin (self, &writer, mf_clock_now (self->clock));
  empty = writer.used;
  for (index = from; index < self->n_metrics; index++)
    {
      struct mf_metric *metric = &self->metrics[index];
      struct mf_sample  sample = { metric->value, metric->time_ms, index, metric->is_null };

      if (metric->dirty && !write_sample (&writer, &self->infos[index], &sample, false))
        break;
    }
  if (writer.used == empty)
    return self->n_metrics;
  if (!mf_node_finish (self, &writer, "NDATA"))
    return self->n_metrics;
  for (at = from; at < index; at++)
    self->metrics[at].dirty = false;
  return index;
}

void
mf_node_publish_dirty (struct mf_node *self)
{
  uint16_t index = 0;

  while (index < self->n_metrics && !self->metrics[index].dirty)
    index++;
  while (index < self->n_metrics)
    index = publish_some (self, index);
}

void
mf_node_publish_kept (struct mf_node *self)
{
  const struct mf_sample *sample;
  struct mf_writer        writer;
  uint32_t                count = 0;

  mf_node_begin (self, &writer, mf_clock_now (self->clock));
  while ((sample = mf_ring_peek (&self->ring, count)) != NULL &&
         write_sample (&writer, &self->infos[sample->metric], sample, true))
    count++;
  if (count > 0 && mf_node_finish (self, &writer, "NDATA"))
    mf_ring_drop_oldest (&self->ring, count);
}
