/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_ACTUATOR_H
#define MF_ACTUATOR_H

#include "mf_rom.h"
#include "mf_unit.h"

/*
 * A unit's actuators behind a table: a row for each, which is a metric that can be written. An
 * output is the board's: a pin, or a pulse width.
 */

#define MF_OUTPUT_FULL 65535u

/* Sets the output of that number: 0 is low, MF_OUTPUT_FULL high, and what lies between is the part
 * of the time that it is high. Drives the pin, if it was not driven before. */
typedef void mf_output (unsigned number, uint16_t duty);

enum mf_actuator_kind
{
  MF_ACTUATOR_SWITCH, /* Boolean: a relay */
  MF_ACTUATOR_LIGHT,  /* UInt8, per cent */
};

/* What becomes of per cent. */
enum mf_curve
{
  MF_CURVE_LINEAR,
  MF_CURVE_LIGHTNESS, /* even to the eye: L* of CIE 15 as a part of the light */
};

struct mf_actuator
{
  char       name[MF_UNIT_NAME_MAX];
  uint8_t    kind;   /* enum mf_actuator_kind */
  bool       is_low; /* it is on when its output is low */
  uint8_t    safe;   /* at start, when the unit resets, without a gateway: 0 or 1, or per cent */
  uint8_t    most;   /* of a light: per cent that it may be given */
  uint8_t    curve;  /* of a light: enum mf_curve */
  uint8_t    number; /* of its output */
  mf_output *output;
  uint16_t   fall_back_s; /* without its gateway, until it is `safe`; 0: it holds what it is */
};

void mf_actuator_describe (const MF_ROM struct mf_actuator *row, struct mf_unit_metric *out);

/* Drives it to `level`: 0 or 1, or per cent. False: it may not be that; its output stays. */
bool mf_actuator_write (const MF_ROM struct mf_actuator *row, uint32_t level);

/* What part of MF_OUTPUT_FULL a light of so many per cent is, 0 to 100. */
uint16_t mf_curve_duty (enum mf_curve curve, unsigned percent);

#endif
