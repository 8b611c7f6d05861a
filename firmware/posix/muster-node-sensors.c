/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-sensors"

#include "config.h"

#include <math.h>

#include "muster-node-sensors.h"

#define DAY_S 86400.0
#define CRASH_AFTER_US (15 * G_USEC_PER_SEC)
#define JUMP_MS (3600 * 1000)
#define JUMP_EVERY_US (30 * G_USEC_PER_SEC)

enum
{
  CHANNEL_TEMPERATURE,
  CHANNEL_HUMIDITY,
  CHANNEL_POWER,
  CHANNEL_BATTERY,
  CHANNEL_RELAY,
  CHANNEL_LEVEL,
  CHANNEL_FAULT,
  CHANNEL_TEXTS,
  CHANNEL_EXTRAS = CHANNEL_TEXTS + 5,
};

static const char *const fault_names[] = { "none",   "spike",  "drift",       "stuck",
                                           "broken", "silent", "reboot-loop", "clock-jump" };

static const struct mf_metric_info usual[] = {
  { .name = "Sensor/Temperature",
    .type = MF_TYPE_FLOAT,
    .unit = "°C",
    .has_range = true,
    .low = -40,
    .high = 125,
    .deadband = 0.01,
    .keeps = true,
    .period_ms = 1,
    .channel = CHANNEL_TEMPERATURE },
  { .name = "Sensor/Humidity",
    .type = MF_TYPE_FLOAT,
    .unit = "%",
    .has_range = true,
    .low = 0,
    .high = 100,
    .deadband = 0.05,
    .keeps = true,
    .period_ms = 1,
    .channel = CHANNEL_HUMIDITY },
  { .name = "Sensor/Power",
    .type = MF_TYPE_FLOAT,
    .unit = "W",
    .has_range = true,
    .low = 0,
    .high = 3000,
    .deadband = 0.1,
    .keeps = true,
    .period_ms = 1,
    .channel = CHANNEL_POWER },
  { .name = "Sensor/Battery",
    .type = MF_TYPE_FLOAT,
    .unit = "%",
    .has_range = true,
    .low = 0,
    .high = 100,
    .deadband = 0.1,
    .keeps = true,
    .period_ms = 10,
    .channel = CHANNEL_BATTERY },
  { .name = "Output/Relay",
    .type = MF_TYPE_BOOLEAN,
    .writable = true,
    .channel = CHANNEL_RELAY,
    .has_safe = true,
    .fall_back_s = 300 },
  { .name = "Output/Level",
    .type = MF_TYPE_FLOAT,
    .unit = "%",
    .has_range = true,
    .low = 0,
    .high = 100,
    .writable = true,
    .channel = CHANNEL_LEVEL,
    .has_safe = true },
  { .name = "Simulation/Fault",
    .type = MF_TYPE_STRING,
    .writable = true,
    .channel = CHANNEL_FAULT },
  { .name = "Properties/Serial Number", .type = MF_TYPE_STRING, .channel = CHANNEL_TEXTS },
  { .name = "Properties/MAC", .type = MF_TYPE_STRING, .channel = CHANNEL_TEXTS + 1 },
  { .name = "Properties/Model", .type = MF_TYPE_STRING, .channel = CHANNEL_TEXTS + 2 },
  { .name = "Properties/Firmware Version", .type = MF_TYPE_STRING, .channel = CHANNEL_TEXTS + 3 },
  { .name = "Properties/Hardware Version", .type = MF_TYPE_STRING, .channel = CHANNEL_TEXTS + 4 },
};

void
muster_node_catalogue_init (MusterNodeCatalogue *self, double rate, guint extras)
{
  guint32 period_ms = (guint32)CLAMP (1000.0 / rate, 1.0, 3600000.0);

  self->n_infos = (guint16)(G_N_ELEMENTS (usual) + extras);
  self->infos = g_new0 (struct mf_metric_info, self->n_infos);
  self->names = g_string_chunk_new (1024);
  for (guint i = 0; i < self->n_infos; i++)
    {
      struct mf_metric_info *info = &self->infos[i];

      *info = usual[i < G_N_ELEMENTS (usual) ? i : 0];
      info->period_ms *= period_ms; /* the table's are in readings, the slow ones every tenth */
      if (info->channel == CHANNEL_FAULT)
        self->fault_metric = (guint16)i;
      if (i >= G_N_ELEMENTS (usual))
        {
          g_autofree char *name =
            g_strdup_printf ("Sensor/Extra %03u", i - (guint)G_N_ELEMENTS (usual) + 1);

          info->name = g_string_chunk_insert (self->names, name);
          info->channel = CHANNEL_EXTRAS + i - (guint)G_N_ELEMENTS (usual);
        }
    }
}

void
muster_node_catalogue_clear (MusterNodeCatalogue *self)
{
  g_clear_pointer (&self->infos, g_free);
  g_clear_pointer (&self->names, g_string_chunk_free);
}

void
muster_node_sensors_init (MusterNodeSensors *self, guint32 seed)
{
  self->seed = seed | 1;
  self->start_us = g_get_monotonic_time ();
  self->level = 50;
}

/* Uniform in -1..1, by xorshift: the same unit makes the same noise. */
static double
noise (MusterNodeSensors *self)
{
  self->seed ^= self->seed << 13;
  self->seed ^= self->seed >> 17;
  self->seed ^= self->seed << 5;
  return self->seed / 2147483647.5 - 1.0;
}

/* -1 at four in the morning, 1 at four in the afternoon, UTC; each unit a little off. */
static double
day_curve (MusterNodeSensors *self, double offset_s)
{
  double seconds = (double)g_get_real_time () / G_USEC_PER_SEC + offset_s;

  return sin ((fmod (seconds, DAY_S) / DAY_S * 24 - 10) / 24 * 2 * G_PI);
}

static double
fault_seconds (MusterNodeSensors *self)
{
  return (double)(g_get_monotonic_time () - self->fault_us) / G_USEC_PER_SEC;
}

static double
temperature (MusterNodeSensors *self, double offset_s)
{
  double value = 20.5 + 4 * day_curve (self, offset_s) + 0.15 * noise (self);

  if (self->fault == MUSTER_NODE_FAULT_SPIKE && noise (self) > 0.9)
    value += 45;
  if (self->fault == MUSTER_NODE_FAULT_DRIFT)
    value += 0.05 * fault_seconds (self);
  return value;
}

static double
power (MusterNodeSensors *self)
{
  double value = 12 + 6 * (1 + day_curve (self, 0)) + 0.8 * noise (self);

  if (self->relay)
    value += 4 * self->level;
  if (self->fault == MUSTER_NODE_FAULT_SPIKE && noise (self) > 0.95)
    value += 1500;
  return value;
}

static double
battery (MusterNodeSensors *self)
{
  double hours = (double)(g_get_monotonic_time () - self->start_us) / G_USEC_PER_SEC / 3600;

  return 100 - fmod (hours * 1.2 + (self->start_us % 40), 80);
}

/* Whether the sensor of `channel` shows for ever what it showed last. */
static gboolean
is_held (MusterNodeSensors *self, unsigned channel)
{
  return self->fault == MUSTER_NODE_FAULT_SILENT ||
         (self->fault == MUSTER_NODE_FAULT_STUCK && channel == CHANNEL_TEMPERATURE);
}

static bool
read_sensor (MusterNodeSensors *self, unsigned channel, union mf_value *value)
{
  if (channel == CHANNEL_TEMPERATURE && self->fault == MUSTER_NODE_FAULT_BROKEN)
    return false;
  if (!is_held (self, channel))
    switch (channel)
      {
      case CHANNEL_TEMPERATURE:
        self->held[channel] = (float)temperature (self, 0);
        break;
      case CHANNEL_HUMIDITY:
        self->held[channel] = (float)(48 - 9 * day_curve (self, 0) + 0.6 * noise (self));
        break;
      default:
        self->held[channel] = (float)power (self);
      }
  value->f = self->held[channel];
  return true;
}

bool
muster_node_sensors_read (MusterNodeSensors *self, unsigned channel, union mf_value *value)
{
  if (channel <= CHANNEL_POWER)
    return read_sensor (self, channel, value);
  if (channel == CHANNEL_BATTERY)
    value->f = (float)battery (self);
  else if (channel == CHANNEL_RELAY)
    value->b = self->relay;
  else if (channel == CHANNEL_LEVEL)
    value->f = self->level;
  else if (channel == CHANNEL_FAULT)
    value->s = fault_names[self->fault];
  else if (channel < CHANNEL_EXTRAS)
    value->s = self->texts[channel - CHANNEL_TEXTS];
  else if (self->fault != MUSTER_NODE_FAULT_SILENT)
    value->f = (float)temperature (self, 600.0 * (channel - CHANNEL_EXTRAS + 1));
  else
    value->f = self->held[0];
  return true;
}

bool
muster_node_sensors_write (MusterNodeSensors *self, unsigned channel, const union mf_value *value)
{
  switch (channel)
    {
    case CHANNEL_RELAY:
      self->relay = value->b;
      return true;
    case CHANNEL_LEVEL:
      self->level = value->f;
      return true;
    case CHANNEL_FAULT:
      return muster_node_sensors_set_fault (self, value->s);
    default:
      return false;
    }
}

char *
muster_node_sensors_dup_outputs (MusterNodeSensors *self)
{
  return g_strdup_printf ("Output/Relay %s, Output/Level %.1f, Simulation/Fault %s",
                          self->relay ? "on" : "off", (double)self->level,
                          fault_names[self->fault]);
}

gboolean
muster_node_sensors_set_fault (MusterNodeSensors *self, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (fault_names); i++)
    if (g_str_equal (name, fault_names[i]))
      {
        self->fault = (MusterNodeFault)i;
        self->fault_us = g_get_monotonic_time ();
        return TRUE;
      }
  return FALSE;
}

gint64
muster_node_sensors_clock_offset_ms (MusterNodeSensors *self)
{
  gint64 since = g_get_monotonic_time () - self->fault_us;

  return self->fault == MUSTER_NODE_FAULT_CLOCK_JUMP && since / JUMP_EVERY_US % 2 == 0 ? JUMP_MS
                                                                                       : 0;
}

gint64
muster_node_sensors_next_crash_us (MusterNodeSensors *self, gint64 booted_us)
{
  return self->fault == MUSTER_NODE_FAULT_REBOOT_LOOP
           ? MAX (booted_us, self->fault_us) + CRASH_AFTER_US
           : 0;
}
