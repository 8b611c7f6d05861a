/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-unit"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-unit.h"

typedef enum
{
  TEMPERATURE, /* K */
  PRESSURE,    /* Pa */
  POWER,       /* W */
  ENERGY,      /* J */
  VOLTAGE,     /* V */
  CURRENT,     /* A */
  RESISTANCE,  /* Ω */
  FREQUENCY,   /* Hz */
  LENGTH,      /* m */
  AREA,        /* m² */
  VOLUME,      /* m³ */
  FLOW,        /* m³/s */
  MASS,        /* kg */
  SPEED,       /* m/s */
  DURATION,    /* s */
  RATIO,       /* 1 */
  DATA,        /* bytes */
  ANGLE,       /* rad */
  ILLUMINANCE, /* lx */
} Dimension;

typedef struct
{
  const char *names; /* parted by spaces, which no symbol contains */
  Dimension   dimension;
  double      factor; /* how many of the dimension's first unit it is */
  double      offset; /* of its zero from that of the first unit, in first units */
} Unit;

#define CALORIE 4.184                         /* J, thermochemical */
#define POUND 0.45359237                      /* kg, by the agreement of 1959 */
#define INCH 0.0254                           /* m, likewise */
#define PSI (POUND * 9.80665 / (INCH * INCH)) /* Pa */
#define GALLON 0.003785411784                 /* m³, of the United States */

/* clang-format off */
static const Unit units[] = {
  { "K kelvin", TEMPERATURE, 1, 0 },
  { "°C ℃ C degC celsius Celsius", TEMPERATURE, 1, 273.15 },
  { "°F ℉ F degF fahrenheit Fahrenheit", TEMPERATURE, 5.0 / 9, 459.67 * 5 / 9 },
  { "Pa", PRESSURE, 1, 0 }, { "hPa mbar", PRESSURE, 100, 0 }, { "kPa", PRESSURE, 1e3, 0 }, { "MPa", PRESSURE, 1e6, 0 },
  { "bar", PRESSURE, 1e5, 0 }, { "atm", PRESSURE, 101325, 0 }, { "psi", PRESSURE, PSI, 0 },
  { "mmHg", PRESSURE, 133.322387415, 0 }, { "inHg", PRESSURE, 3386.389, 0 },
  { "mW", POWER, 1e-3, 0 }, { "W watt", POWER, 1, 0 }, { "kW", POWER, 1e3, 0 }, { "MW", POWER, 1e6, 0 }, { "GW", POWER, 1e9, 0 },
  { "J Ws", ENERGY, 1, 0 }, { "kJ", ENERGY, 1e3, 0 }, { "MJ", ENERGY, 1e6, 0 }, { "GJ", ENERGY, 1e9, 0 },
  { "mWh", ENERGY, 3.6, 0 }, { "Wmin", ENERGY, 60, 0 }, { "Wh", ENERGY, 3600, 0 }, { "kWh", ENERGY, 3.6e6, 0 }, { "MWh", ENERGY, 3.6e9, 0 },
  { "GWh", ENERGY, 3.6e12, 0 }, { "cal", ENERGY, CALORIE, 0 }, { "kcal", ENERGY, 1e3 * CALORIE, 0 },
  { "µV μV uV", VOLTAGE, 1e-6, 0 }, { "mV", VOLTAGE, 1e-3, 0 }, { "V volt", VOLTAGE, 1, 0 }, { "kV", VOLTAGE, 1e3, 0 },
  { "µA μA uA", CURRENT, 1e-6, 0 }, { "mA", CURRENT, 1e-3, 0 }, { "A ampere", CURRENT, 1, 0 }, { "kA", CURRENT, 1e3, 0 },
  { "mΩ mOhm", RESISTANCE, 1e-3, 0 }, { "Ω Ω Ohm ohm", RESISTANCE, 1, 0 }, { "kΩ kΩ kOhm", RESISTANCE, 1e3, 0 }, { "MΩ MΩ MOhm", RESISTANCE, 1e6, 0 },
  { "mHz", FREQUENCY, 1e-3, 0 }, { "Hz 1/s", FREQUENCY, 1, 0 }, { "kHz", FREQUENCY, 1e3, 0 }, { "MHz", FREQUENCY, 1e6, 0 }, { "GHz", FREQUENCY, 1e9, 0 },
  { "rpm 1/min", FREQUENCY, 1.0 / 60, 0 },
  { "µm μm um", LENGTH, 1e-6, 0 }, { "mm", LENGTH, 1e-3, 0 }, { "cm", LENGTH, 1e-2, 0 }, { "m", LENGTH, 1, 0 }, { "km", LENGTH, 1e3, 0 },
  { "in", LENGTH, INCH, 0 }, { "ft", LENGTH, 12 * INCH, 0 }, { "yd", LENGTH, 36 * INCH, 0 }, { "mi", LENGTH, 1609.344, 0 },
  { "mm² mm2", AREA, 1e-6, 0 }, { "cm² cm2", AREA, 1e-4, 0 }, { "m² m2", AREA, 1, 0 }, { "ha", AREA, 1e4, 0 }, { "km² km2", AREA, 1e6, 0 },
  { "ml mL", VOLUME, 1e-6, 0 }, { "cl cL", VOLUME, 1e-5, 0 }, { "l L", VOLUME, 1e-3, 0 }, { "hl hL", VOLUME, 0.1, 0 }, { "m³ m3", VOLUME, 1, 0 },
  { "gal", VOLUME, GALLON, 0 }, { "ft³ ft3", VOLUME, 1728 * INCH * INCH * INCH, 0 },
  { "l/s L/s", FLOW, 1e-3, 0 }, { "l/min L/min", FLOW, 1e-3 / 60, 0 }, { "l/h L/h", FLOW, 1e-3 / 3600, 0 }, { "m³/s m3/s", FLOW, 1, 0 },
  { "m³/h m3/h", FLOW, 1.0 / 3600, 0 }, { "gal/min gpm", FLOW, GALLON / 60, 0 },
  { "mg", MASS, 1e-6, 0 }, { "g", MASS, 1e-3, 0 }, { "kg", MASS, 1, 0 }, { "t", MASS, 1e3, 0 }, { "oz", MASS, POUND / 16, 0 }, { "lb lbs", MASS, POUND, 0 },
  { "m/s", SPEED, 1, 0 }, { "km/h kmh", SPEED, 1 / 3.6, 0 }, { "mph mi/h", SPEED, 0.44704, 0 }, { "kn", SPEED, 1852.0 / 3600, 0 }, { "ft/s", SPEED, 12 * INCH, 0 },
  { "µs μs us", DURATION, 1e-6, 0 }, { "ms", DURATION, 1e-3, 0 }, { "s sec", DURATION, 1, 0 }, { "min", DURATION, 60, 0 }, { "h", DURATION, 3600, 0 },
  { "d", DURATION, 86400, 0 },
  { "1", RATIO, 1, 0 }, { "% %RH percent", RATIO, 1e-2, 0 }, { "‰", RATIO, 1e-3, 0 }, { "ppm", RATIO, 1e-6, 0 }, { "ppb", RATIO, 1e-9, 0 },
  { "bit", DATA, 0.125, 0 }, { "B byte bytes", DATA, 1, 0 }, { "kB", DATA, 1e3, 0 }, { "MB", DATA, 1e6, 0 }, { "GB", DATA, 1e9, 0 }, { "TB", DATA, 1e12, 0 },
  { "KiB", DATA, 1024, 0 }, { "MiB", DATA, 1048576, 0 }, { "GiB", DATA, 1073741824, 0 }, { "TiB", DATA, 1099511627776, 0 },
  { "rad", ANGLE, 1, 0 }, { "° deg", ANGLE, G_PI / 180, 0 },
  { "lx lux", ILLUMINANCE, 1, 0 }, { "klx", ILLUMINANCE, 1e3, 0 }, { "fc", ILLUMINANCE, 1 / (144 * INCH * INCH), 0 },
};
/* clang-format on */

/* Whether NAMES has NAME, of LENGTH, among them. */
static gboolean
has_name (const char *names, const char *name, gsize length)
{
  for (const char *at = names; at != NULL && *at != '\0';)
    {
      gsize here = strcspn (at, " ");

      if (here == length && strncmp (at, name, length) == 0)
        return TRUE;
      at += here + (at[here] == ' ');
    }
  return FALSE;
}

static const Unit *
find_unit (const char *name)
{
  gsize length = strlen (name);

  for (unsigned i = 0; length > 0 && i < G_N_ELEMENTS (units); i++)
    if (has_name (units[i].names, name, length))
      return &units[i];
  return NULL;
}

gboolean
muster_unit_is_same (const char *a, const char *b)
{
  const Unit *unit = NULL;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (g_str_equal (a, b))
    return TRUE;
  unit = find_unit (a);
  return unit != NULL && unit == find_unit (b);
}

/* What comes of whole tenths shall be whole tenths again: binary fractions have no end. */
static double
round_digits (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return isfinite (value)
           ? g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.12g", value), NULL)
           : value;
}

gboolean
muster_unit_convert (const char *from, const char *to, double *value)
{
  const Unit *source = NULL;
  const Unit *target = NULL;

  g_return_val_if_fail (from != NULL && to != NULL && value != NULL, FALSE);

  source = find_unit (from);
  target = find_unit (to);
  if (source == NULL || target == NULL || source->dimension != target->dimension)
    return g_str_equal (from, to);
  if (source != target)
    *value =
      round_digits ((*value * source->factor + source->offset - target->offset) / target->factor);
  return TRUE;
}
