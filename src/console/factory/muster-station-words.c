/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-station-words"

#include "config.h"

#include "muster-station-words.h"

#include <glib/gi18n-lib.h>

#include "muster-factory-words.h"
#include "widgets/muster-format.h"

gboolean
muster_station_is_complete (const MusterStation *self)
{
  return muster_entity_get_enum (self->batch, "status") != MUSTER_FACTORY_BATCH_OPEN ||
         muster_entity_get_integer (self->batch, "passed") >=
           muster_entity_get_integer (self->batch, "wanted");
}

MusterStationState
muster_station_find_state (const MusterStation *self)
{
  int status = self->unit != NULL ? muster_entity_get_enum (self->unit, "status") : -1;

  if (self->batch == NULL)
    return MUSTER_STATION_NOT_READ;
  if (status == MUSTER_BENCH_ASKING)
    return MUSTER_STATION_ASKING;
  if (self->is_sending || (status >= 0 && status < MUSTER_BENCH_PASSED))
    return MUSTER_STATION_BUSY;
  if (status == MUSTER_BENCH_PASSED)
    return MUSTER_STATION_PASSED;
  if (status >= 0)
    return MUSTER_STATION_FAILED;
  if (muster_station_is_complete (self))
    return MUSTER_STATION_COMPLETE;
  return self->port != NULL ? MUSTER_STATION_READY : MUSTER_STATION_PORTLESS;
}

char *
muster_station_describe_state (const MusterStation *self, MusterStationState state)
{
  switch (state)
    {
    case MUSTER_STATION_PORTLESS:
      return g_strdup (_ ("Which Port?"));
    case MUSTER_STATION_READY:
      return g_strdup (_ ("Put a Board on the Port"));
    case MUSTER_STATION_BUSY:
      return g_strdup (self->unit != NULL
                         ? _ (muster_enum_get_label (&muster_bench_status_enum,
                                                     muster_entity_get_enum (self->unit, "status")))
                         : _ ("Begins"));
    case MUSTER_STATION_ASKING:
      return g_strdup (muster_entity_get_string (self->unit, "question"));
    case MUSTER_STATION_PASSED:
      return g_strdup (_ ("Passed"));
    case MUSTER_STATION_FAILED:
      return g_strdup (_ (muster_enum_get_label (&muster_bench_status_enum,
                                                 muster_entity_get_enum (self->unit, "status"))));
    case MUSTER_STATION_COMPLETE:
      return g_strdup (_ ("This Batch Is Complete"));
    case MUSTER_STATION_NOT_READ:
    default:
      return g_strdup (_ ("Reads the Batch"));
    }
}

static char *
describe_failure (const MusterStation *self)
{
  const char      *step = muster_entity_get_string (self->unit, "step");
  const char      *error = muster_entity_get_string (self->unit, "error");
  g_autofree char *board = muster_board_dup_name (self->unit);
  g_autofree char *why = error != NULL ? muster_format_sentence (error) : g_strdup ("");

  if (step == NULL)
    return g_strdup_printf ("%s\n%s", board, why);
  /* Translators: a board, the step of the test that failed, and why. */
  return g_strdup_printf (_ ("%s at “%s”\n%s"), board, step, why);
}

/* The step that it is at, or who has the port that it waits for: (transfer full). */
static char *
describe_work (const MusterStation *self)
{
  const char *step = self->unit != NULL ? muster_entity_get_string (self->unit, "step") : NULL;
  const char *who = self->unit != NULL ? muster_entity_get_string (self->unit, "waits_for") : NULL;

  if (who != NULL)
    return g_strdup_printf (_ ("The port is in use: %s. It begins when that is done."), who);
  return g_strdup (step != NULL ? step : "");
}

char *
muster_station_describe_more (const MusterStation *self, MusterStationState state)
{
  g_autofree char *board = self->unit != NULL ? muster_board_dup_name (self->unit) : NULL;
  g_autofree char *port = self->port != NULL ? muster_port_dup_name (self->port) : NULL;

  switch (state)
    {
    case MUSTER_STATION_PORTLESS:
      return g_strdup (_ ("Boards come on one port here; choose it once."));
    case MUSTER_STATION_READY:
      return g_strdup_printf (_ ("Put it on %s, then press Enter."), port);
    case MUSTER_STATION_BUSY:
      return describe_work (self);
    case MUSTER_STATION_ASKING:
      return g_strdup_printf (_ ("%s · press Y or N"), board);
    case MUSTER_STATION_PASSED:
      return muster_station_is_complete (self)
               ? g_strdup_printf (_ ("%s\nThat was the last one of this batch."), board)
               : g_strdup_printf (_ ("%s\nPut the next board on %s, then press Enter."), board,
                                  port);
    case MUSTER_STATION_FAILED:
      return describe_failure (self);
    case MUSTER_STATION_COMPLETE:
    case MUSTER_STATION_NOT_READ:
    default:
      return g_strdup ("");
    }
}

char *
muster_station_describe_ports (const MusterStation *self)
{
  g_autofree char *port = NULL;
  g_autofree char *tool = NULL;

  if (self->port == NULL)
    return g_strdup (_ ("Port…"));
  port = muster_port_dup_name (self->port);
  if (self->tool == NULL)
    return g_steal_pointer (&port);
  tool = muster_port_dup_name (self->tool);
  /* Translators: the port of a board, and the port of the tool that writes its firmware. */
  return g_strdup_printf (_ ("%s, tool at %s"), port, tool);
}
