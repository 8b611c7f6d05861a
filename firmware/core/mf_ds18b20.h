/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_DS18B20_H
#define MF_DS18B20_H

#include "mf_bus.h"

/* A DS18B20 alone on its 1-Wire bus, with a supply of its own, at 12 bits. Maxim's data sheet
 * 19-7487: times in "AC electrical characteristics", commands in "DS18B20 function commands". */

#define MF_DS18B20_MS 750u /* from start to read, at 12 bits */

/* Has it measure. */
enum mf_sensed mf_ds18b20_start (const struct mf_pin *pin);

/* Reads what it measured, in thousandths of a degree Celsius, -55,000 to 125,000. */
enum mf_sensed mf_ds18b20_read (const struct mf_pin *pin, int32_t *milli_c);

#endif
