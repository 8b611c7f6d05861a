/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-factory-batch.h"
#include "model/muster-factory-unit.h"

G_BEGIN_DECLS

/* What the operator of a station has before them. */
typedef enum
{
  MUSTER_STATION_NOT_READ,
  MUSTER_STATION_PORTLESS,
  MUSTER_STATION_READY,
  MUSTER_STATION_BUSY,
  MUSTER_STATION_ASKING,
  MUSTER_STATION_PASSED,
  MUSTER_STATION_FAILED,
  MUSTER_STATION_COMPLETE,
} MusterStationState;

/* What a station knows. */
typedef struct
{
  MusterEntity *batch;      /* (owned) (nullable): not read yet */
  MusterEntity *unit;       /* (owned) (nullable): the board on the port */
  char         *port;       /* (owned) (nullable): its path */
  char         *tool;       /* (owned) (nullable): of the tool's port, where it has another */
  gboolean      is_sending; /* a board is being begun */
} MusterStation;

/* Whether nothing is left to make. Takes a batch. */
gboolean           muster_station_is_complete (const MusterStation *self);
MusterStationState muster_station_find_state (const MusterStation *self);

/* The large words: (transfer full). */
char *muster_station_describe_state (const MusterStation *self, MusterStationState state);
/* What stands below, may be empty: (transfer full). */
char *muster_station_describe_more (const MusterStation *self, MusterStationState state);
/* For the button that chooses the ports: (transfer full). */
char *muster_station_describe_ports (const MusterStation *self);

G_END_DECLS
