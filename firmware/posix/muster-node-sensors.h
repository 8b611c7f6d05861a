/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "mf_metric.h"

G_BEGIN_DECLS

/* What goes wrong with the simulated unit. */
typedef enum
{
  MUSTER_NODE_FAULT_NONE,
  MUSTER_NODE_FAULT_SPIKE,
  MUSTER_NODE_FAULT_DRIFT,
  MUSTER_NODE_FAULT_STUCK,
  MUSTER_NODE_FAULT_BROKEN,
  MUSTER_NODE_FAULT_SILENT,
  MUSTER_NODE_FAULT_REBOOT_LOOP,
  MUSTER_NODE_FAULT_CLOCK_JUMP,
} MusterNodeFault;

/* The simulated world of one unit: its sensors, its outputs, its faults. See README.md. */
typedef struct
{
  guint32         seed;
  gint64          start_us; /* monotonic */
  gboolean        relay;
  float           level;
  gboolean        identifying;
  MusterNodeFault fault;
  gint64          fault_us; /* since when */
  float           held[3];  /* last values of temperature, humidity, power: for stuck and silent */
  const char     *texts[5]; /* serial, MAC, model, firmware, hardware; not owned */
} MusterNodeSensors;

/* The metrics of a unit, for all units of a process. */
typedef struct
{
  struct mf_metric_info *infos; /* (owned) */
  guint16                n_infos;
  guint16                fault_metric; /* index of Simulation/Fault */
  GStringChunk          *names;
} MusterNodeCatalogue;

/* `rate` in readings a second; `extras` more sensors beside the usual ones. */
void muster_node_catalogue_init (MusterNodeCatalogue *self, double rate, guint extras);
void muster_node_catalogue_clear (MusterNodeCatalogue *self);

void muster_node_sensors_init (MusterNodeSensors *self, guint32 seed);
bool muster_node_sensors_read (MusterNodeSensors *self, unsigned channel, union mf_value *value);
/* What the outputs are set to, for a person: (transfer full). */
char *muster_node_sensors_dup_outputs (MusterNodeSensors *self);
bool  muster_node_sensors_write (MusterNodeSensors    *self,
                                 unsigned              channel,
                                 const union mf_value *value);

/* FALSE: no such fault. */
gboolean muster_node_sensors_set_fault (MusterNodeSensors *self, const char *name);

/* How far the unit's clock is off. */
gint64 muster_node_sensors_clock_offset_ms (MusterNodeSensors *self);

/* When it is to fail next, by monotonic time; 0 = not. */
gint64 muster_node_sensors_next_crash_us (MusterNodeSensors *self, gint64 booted_us);

G_END_DECLS
