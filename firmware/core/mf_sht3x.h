/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_SHT3X_H
#define MF_SHT3X_H

#include "mf_bus.h"

/* An SHT30, SHT31 or SHT35: Sensirion's "Datasheet SHT3x-DIS", chapter 4. */

#define MF_SHT3X_ADDRESS 0x44u /* 0x45 with its ADDR pin high */
#define MF_SHT3X_MS 16u        /* from start to read, high repeatability: table 4 */

/* Has it measure once. */
enum mf_sensed mf_sht3x_start (const struct mf_i2c *bus, uint8_t address);

/* Reads what it measured: thousandths of a degree Celsius and of a per cent of relative humidity.
 */
enum mf_sensed mf_sht3x_read (const struct mf_i2c *bus,
                              uint8_t              address,
                              int32_t             *milli_c,
                              uint32_t            *milli_percent);

#endif
