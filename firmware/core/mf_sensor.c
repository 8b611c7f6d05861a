/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_sensor.h"

enum doing
{
  NOTHING,
  MEASURING,
  RESTING,
};

void
mf_sensor_describe (const MF_ROM struct mf_sensor *row, struct mf_unit_metric *out)
{
  unsigned at;

  memset (out, 0, sizeof *out);
  for (at = 0; at < sizeof out->name; at++)
    out->name[at] = row->name[at];
  for (at = 0; at < sizeof out->unit; at++)
    out->unit[at] = row->unit[at];
  out->type = MF_TYPE_FLOAT;
  out->period_ms = row->period_ms;
  out->deadband = row->deadband;
}

/* A measurement has ended. A sensor that was bad already is tried again when it is due, not before.
 */
static void
finish (struct mf_sensor_state *state, uint32_t now_ms, enum mf_sensed sensed)
{
  state->since_ms = now_ms;
  state->doing = NOTHING;
  state->told = 1;
  if (sensed == MF_SENSED)
    state->failures = 0;
  else if (state->failures < MF_SENSOR_TRIES)
    {
      state->failures = (state->failures + 1u) & 7u;
      state->doing = state->failures < MF_SENSOR_TRIES ? RESTING : NOTHING;
    }
}

static void
ask (const MF_ROM struct mf_sensor *row, struct mf_sensor_state *state, uint32_t now_ms)
{
  float          values[MF_SENSOR_READINGS];
  enum mf_sensed sensed = row->driver->read (row, values);

  if (sensed == MF_SENSED)
    memcpy (state->values, values, sizeof values);
  finish (state, now_ms, sensed);
}

static void
start (const MF_ROM struct mf_sensor *row, struct mf_sensor_state *state, uint32_t now_ms)
{
  enum mf_sensed sensed;

  if (row->driver->start == NULL)
    {
      ask (row, state, now_ms);
      return;
    }
  sensed = row->driver->start (row);
  if (sensed != MF_SENSED)
    {
      finish (state, now_ms, sensed);
      return;
    }
  state->since_ms = now_ms;
  state->doing = MEASURING;
}

enum mf_reading
mf_sensor_read (const MF_ROM struct mf_sensor *row,
                struct mf_sensor_state        *state,
                uint32_t                       now_ms,
                float                         *value)
{
  const MF_ROM struct mf_sensor *first = row - row->reading;
  uint32_t                       passed;

  state -= row->reading;
  passed = now_ms - state->since_ms;
  if (state->doing == MEASURING && passed >= first->driver->measures_ms)
    ask (first, state, now_ms);
  else if (state->doing != MEASURING && (!state->told || passed >= first->driver->rests_ms))
    start (first, state, now_ms);
  if (state->doing != NOTHING)
    return MF_READING_PENDING;
  *value = state->values[row->reading];
  return state->failures == 0 ? MF_READING_GOOD : MF_READING_BAD;
}
