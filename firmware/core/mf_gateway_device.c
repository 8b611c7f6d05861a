/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_gateway_private.h"
#include "mf_octets.h"
#include "mf_text.h"

#define FLUSH_EVERY_MS 20u
#define IDLE_MS 1000u
#define VALUE_PATIENCE_MS 2000u
/* Samples that are older when they are published come from a time nobody listened. */
#define LIVE_MS 5000u

static const char *const control_names[] = { "Device Control/Reboot", "Device Control/Identify" };
#define N_CONTROLS (sizeof control_names / sizeof *control_names)

static bool
is_name (struct mf_bytes name, const char *text)
{
  return name.size == strlen (text) && memcmp (name.data, text, name.size) == 0;
}

bool
mf_gateway_is_born (const struct mf_gateway *self)
{
  return self->birth != 0 && self->node->state == MF_NODE_ONLINE &&
         self->birth == self->node->births;
}

/* --- writing --- */

static bool
write_by_name (struct mf_writer *writer,
               const char       *name,
               enum mf_type      type,
               union mf_value    value,
               uint64_t          now)
{
  const struct mf_metric_info read_only = { .name = name, .type = type };
  struct mf_metric_form       form = { name, MF_NO_ALIAS, now, type, &value, NULL, true, false };

  if (strncmp (name, "Device Control/", 15) != 0)
    form.properties = &read_only;
  return mf_sparkplug_metric (writer, &form);
}

static bool
write_text (struct mf_writer *writer, const char *name, const char *text, uint64_t now)
{
  union mf_value value = { .s = text };

  return text[0] == '\0' || write_by_name (writer, name, MF_TYPE_STRING, value, now);
}

static bool
write_control (struct mf_writer *writer, enum mf_gateway_control control, bool on, uint64_t now)
{
  union mf_value value = { .b = on };

  return write_by_name (writer, control_names[control], MF_TYPE_BOOLEAN, value, now);
}

static bool
write_about (const struct mf_gateway *self, struct mf_writer *writer, uint64_t now)
{
  static const char *const causes[] = { "power-on", "command", "watchdog", "fault" };
  union mf_value           dropped = { .u = self->dropped };

  return write_control (writer, MF_GATEWAY_REBOOT, false, now) &&
         write_control (writer, MF_GATEWAY_IDENTIFY, self->blinking, now) &&
         write_text (writer, "Properties/Serial Number", self->texts.serial, now) &&
         write_text (writer, "Properties/Model", self->texts.model, now) &&
         write_text (writer, "Properties/Hardware Version", self->texts.hardware, now) &&
         write_text (writer, "Properties/Firmware Version", self->texts.firmware, now) &&
         write_text (writer, "Diagnostics/Reset Cause", causes[self->cause & 3u], now) &&
         write_by_name (writer, "Diagnostics/Dropped Samples", MF_TYPE_UINT32, dropped, now);
}

static bool
write_update (const struct mf_gateway *self, struct mf_writer *writer, uint64_t now)
{
  const struct mf_gateway_update *update = &self->update;
  const struct mf_update_report   report = {
    update->order.id,       update->error,   update->state,   mf_gateway_update_progress (self),
    self->security_counter, self->slot == 1, update->fetched, 0
  };

  return mf_node_write_report (writer, &report, now);
}

static void
publish_update (struct mf_gateway *self)
{
  struct mf_writer writer;

  mf_node_begin_device (self->node, &writer);
  if (write_update (self, &writer, mf_clock_now (self->node->clock)))
    mf_node_publish_device (self->node, &writer, "DDATA", self->texts.serial);
}

static bool
publish_birth (struct mf_gateway *self)
{
  uint64_t         now = mf_clock_now (self->node->clock);
  struct mf_writer writer;
  uint8_t          index;
  bool             fits;

  mf_node_begin_device (self->node, &writer);
  fits =
    write_about (self, &writer, now) && (!self->can_update || write_update (self, &writer, now));
  for (index = 0; index < self->n_metrics && fits; index++)
    {
      const struct mf_metric_info *info = &self->infos[index];
      const struct mf_metric      *metric = &self->metrics[index];
      struct mf_metric_form        form = {
        info->name, (uint64_t)index + 1, metric->time_ms, info->type, &metric->value, info, true,
        false
      };

      if (info->name == NULL)
        continue;
      if (metric->is_null)
        form.value = NULL;
      fits = mf_sparkplug_metric (&writer, &form) &&
             (!self->has_safe[index] ||
              mf_node_write_safe (&writer, info->name, metric->fall_back_s, now));
    }
  return fits && mf_node_publish_device (self->node, &writer, "DBIRTH", self->texts.serial);
}

void
mf_gateway_publish_death (struct mf_gateway *self)
{
  struct mf_writer writer;

  if (mf_gateway_is_born (self))
    {
      mf_node_begin_device (self->node, &writer);
      mf_node_publish_device (self->node, &writer, "DDEATH", self->texts.serial);
    }
  self->birth = 0;
}

void
mf_gateway_publish_control (struct mf_gateway *self, enum mf_gateway_control control, bool on)
{
  struct mf_writer writer;

  if (!mf_gateway_is_born (self))
    return;
  mf_node_begin_device (self->node, &writer);
  if (write_control (&writer, control, on, mf_clock_now (self->node->clock)))
    mf_node_publish_device (self->node, &writer, "DDATA", self->texts.serial);
}

void
mf_gateway_publish_safe (struct mf_gateway *self, uint8_t metric)
{
  struct mf_writer writer;

  if (!mf_gateway_is_born (self) || self->infos[metric].name == NULL)
    return;
  mf_node_begin_device (self->node, &writer);
  if (mf_node_write_safe (&writer, self->infos[metric].name, self->metrics[metric].fall_back_s,
                          mf_clock_now (self->node->clock)))
    mf_node_publish_device (self->node, &writer, "DDATA", self->texts.serial);
}

/* One message of the oldest samples that wait. */
static void
publish_samples (struct mf_gateway *self)
{
  uint64_t                now = mf_clock_now (self->node->clock);
  const struct mf_sample *sample;
  struct mf_writer        writer;
  uint32_t                count = 0;

  mf_node_begin_device (self->node, &writer);
  while ((sample = mf_ring_peek (&self->ring, count)) != NULL)
    {
      const struct mf_metric_info *info = &self->infos[sample->metric];
      union mf_value               value = mf_gateway_widen (info->type, (uint32_t)sample->value.u);
      struct mf_metric_form        form = {
        NULL,  (uint64_t)sample->metric + 1,    sample->time_ms, info->type, NULL, NULL,
        false, now > sample->time_ms + LIVE_MS,
      };

      if (!sample->is_null)
        form.value = &value;
      if (info->name != NULL && !mf_sparkplug_metric (&writer, &form))
        break;
      count++;
    }
  if (count > 0 && mf_node_publish_device (self->node, &writer, "DDATA", self->texts.serial))
    mf_ring_drop_oldest (&self->ring, count);
}

/* Whether each metric has a value to be born with, or none comes. */
static bool
is_complete (const struct mf_gateway *self, uint64_t now)
{
  uint8_t index;

  if (!self->known || !mf_gateway_is_learnt (self))
    return false;
  for (index = 0; index < self->n_metrics; index++)
    if (self->metrics[index].dirty && (uint32_t)now - self->learnt_ms < VALUE_PATIENCE_MS)
      return false;
  return true;
}

uint32_t
mf_gateway_report (struct mf_gateway *self)
{
  uint64_t now = self->node->port->ops->monotonic_ms (self->node->port->user);

  if (self->node->state != MF_NODE_ONLINE || !is_complete (self, now))
    return IDLE_MS;
  if (!mf_gateway_is_born (self))
    {
      if (!publish_birth (self))
        return IDLE_MS;
      self->birth = self->node->births;
    }
  if (self->blinking && now >= self->blink_until_ms)
    {
      self->blinking = false;
      mf_gateway_publish_control (self, MF_GATEWAY_IDENTIFY, false);
    }
  if (self->can_update && mf_gateway_update_is_due (self))
    publish_update (self);
  if (self->ring.count > 0 && now >= self->flush_ms)
    {
      publish_samples (self);
      self->flush_ms = now + FLUSH_EVERY_MS;
    }
  return self->ring.count > 0 ? FLUSH_EVERY_MS : IDLE_MS;
}

/* --- commands --- */

static uint8_t
find (const struct mf_gateway *self, const struct mf_command_metric *metric)
{
  uint8_t index;

  if (metric->name.size == 0)
    return metric->has_alias && metric->alias > 0 && metric->alias <= self->n_metrics
             ? (uint8_t)(metric->alias - 1)
             : (uint8_t)MF_GATEWAY_METRICS;
  for (index = 0; index < self->n_metrics; index++)
    if (self->infos[index].name != NULL && is_name (metric->name, self->infos[index].name))
      return index;
  return (uint8_t)MF_GATEWAY_METRICS;
}

static uint32_t
narrow (enum mf_type type, const union mf_value *value)
{
  union mf_unit_value out;

  if (type == MF_TYPE_FLOAT)
    out.f = value->f;
  else if (type == MF_TYPE_BOOLEAN)
    out.u = value->b;
  else
    out.u = (uint32_t)value->u;
  return out.u;
}

/* The host is told what the metric is, now that it was not set. */
static void
say_again (struct mf_gateway *self, uint8_t index)
{
  struct mf_sample sample = { .time_ms = mf_clock_now (self->node->clock),
                              .metric = index,
                              .is_null = self->metrics[index].is_null };

  sample.value.u = narrow (self->infos[index].type, &self->metrics[index].value);
  mf_ring_push (&self->ring, &sample);
}

static void
write (struct mf_gateway *self, uint8_t index, const struct mf_command_metric *metric)
{
  const struct mf_metric_info *info = &self->infos[index];
  union mf_value               value;
  uint8_t                      request[6] = { MF_UNIT_WRITE, index };

  if (info->writable && !metric->is_null && mf_sparkplug_value (metric, info->type, &value, NULL) &&
      mf_value_in_range (info, &value))
    {
      mf_put32 (request + 2, narrow (info->type, &value));
      if (mf_gateway_order (self, request, sizeof request))
        return;
    }
  self->refused++;
  say_again (self, index);
}

static void
control (struct mf_gateway *self, unsigned which, const struct mf_command_metric *metric)
{
  const uint8_t  reboot[] = { MF_UNIT_REBOOT };
  uint8_t        blink[] = { MF_UNIT_BLINK, 0 };
  union mf_value value;

  if (metric->is_null || !mf_sparkplug_value (metric, MF_TYPE_BOOLEAN, &value, NULL))
    {
      self->refused++;
      return;
    }
  blink[1] = value.b;
  if (which == MF_GATEWAY_IDENTIFY)
    mf_gateway_order (self, blink, sizeof blink);
  else if (value.b)
    mf_gateway_order (self, reboot, sizeof reboot);
}

/* Tells the unit when an output is to fall back. False: the metric names none. */
static bool
set_safe (struct mf_gateway *self, const struct mf_command_metric *metric)
{
  uint8_t  request[6] = { MF_UNIT_FALL_BACK }, index = 0;
  uint32_t seconds;

  while (index < self->n_metrics && !(self->has_safe[index] && self->infos[index].name != NULL &&
                                      mf_node_is_safe (metric, self->infos[index].name)))
    index++;
  if (index == self->n_metrics)
    return false;
  request[1] = index;
  if (mf_node_read_safe (metric, &seconds))
    {
      mf_put32 (request + 2, seconds);
      if (mf_gateway_order (self, request, sizeof request))
        return true;
    }
  self->refused++;
  mf_gateway_publish_safe (self, index);
  return true;
}

/* A command while it is read: an update is ordered by several metrics together. */
struct reading
{
  struct mf_gateway       *gateway;
  struct mf_update_command update;
};

static void
each_metric (void *user, const struct mf_command_metric *metric)
{
  struct reading    *reading = user;
  struct mf_gateway *self = reading->gateway;
  unsigned           which;
  uint8_t            index;

  if (mf_node_update_member (&reading->update, metric))
    return;
  for (which = 0; which < N_CONTROLS; which++)
    if (is_name (metric->name, control_names[which]))
      {
        control (self, which, metric);
        return;
      }
  if (set_safe (self, metric))
    return;
  index = find (self, metric);
  if (index < MF_GATEWAY_METRICS)
    write (self, index, metric);
  else
    self->refused++;
}

bool
mf_gateway_command (struct mf_gateway *self, struct mf_bytes device, struct mf_bytes payload)
{
  struct reading reading = { .gateway = self };
  uint64_t       time_ms;

  if (!self->known || !is_name (device, self->texts.serial))
    return false;
  if (!mf_sparkplug_read (payload, &time_ms, each_metric, &reading))
    self->refused++;
  if (reading.update.came && !mf_gateway_update_act (self, &reading.update))
    self->refused++;
  return true;
}
