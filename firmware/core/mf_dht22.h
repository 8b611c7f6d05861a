/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_DHT22_H
#define MF_DHT22_H

#include "mf_bus.h"

/* A DHT22 (AM2302): Aosong's "Digital-output relative humidity & temperature sensor/module DHT22",
 * chapter 7. It measures when it is asked, and tells what it found the time before. */

#define MF_DHT22_MS 2000u /* between two questions */

/* Asks it, which takes seven milliseconds of the processor's at most: tenths of a degree Celsius,
 * -400 to 800, and of a per cent of relative humidity, 0 to 1,000. */
enum mf_sensed mf_dht22_read (const struct mf_pin *pin, int32_t *deci_c, uint32_t *deci_percent);

#endif
