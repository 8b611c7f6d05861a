/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_actuator.h"

void
mf_actuator_describe (const MF_ROM struct mf_actuator *row, struct mf_unit_metric *out)
{
  unsigned at;

  memset (out, 0, sizeof *out);
  for (at = 0; at < sizeof out->name; at++)
    out->name[at] = row->name[at];
  out->type = MF_TYPE_BOOLEAN;
  out->writable = true;
  out->has_safe = true;
  out->safe = row->safe;
  out->fall_back_s = row->fall_back_s;
  if (row->kind == MF_ACTUATOR_SWITCH)
    return;
  out->type = MF_TYPE_UINT8;
  out->unit[0] = '%';
  out->has_range = true;
  out->high = (float)row->most;
}

/* Luminance Y of a lightness L*: L* / 903.3 up to 8, above it ((L* + 16) / 116)^3. The cube's
 * full scale, 116^3, is 65,535 times 381 / 16, but for a third of a thousandth. */
uint16_t
mf_curve_duty (enum mf_curve curve, unsigned percent)
{
  uint32_t sum = percent + 16u, duty;

  if (percent >= 100)
    return MF_OUTPUT_FULL;
  if (curve == MF_CURVE_LINEAR)
    return (uint16_t)(percent * (uint32_t)MF_OUTPUT_FULL / 100);
  duty = percent <= 8 ? percent * 653u / 9u : sum * sum * sum * 16u / 381u;
  return (uint16_t)duty;
}

bool
mf_actuator_write (const MF_ROM struct mf_actuator *row, uint32_t level)
{
  uint16_t duty;

  if (level > (row->kind == MF_ACTUATOR_SWITCH ? 1 : row->most))
    return false;
  if (row->kind == MF_ACTUATOR_SWITCH)
    duty = level > 0 ? MF_OUTPUT_FULL : 0;
  else
    duty = mf_curve_duty ((enum mf_curve)row->curve, (unsigned)level);
  row->output (row->number, (uint16_t)(row->is_low ? MF_OUTPUT_FULL - duty : duty));
  return true;
}
