/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LINE_SENSORS_H
#define LINE_SENSORS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Sensors at the other end of a line, by the times of their data sheets: what pulls the line for
 * how long is worked out from those alone, not from the drivers. Each is told when its host pulls
 * and lets go, by a clock of microseconds that only goes on while the line is used, and says
 * whether it pulls itself; `ms`, set by its owner, is the time that a measurement takes.
 */

enum line_fault
{
  LINE_GOOD,
  LINE_ABSENT,
  LINE_SHORTED, /* somebody holds the line low */
  LINE_CORRUPT, /* one bit of what it says is wrong */
};

/* A DS18B20, alone on its bus. */
struct line_ds18b20
{
  enum line_fault fault;
  int16_t         sixteenths; /* of a degree: what it would measure now */
  uint64_t        ms;
  unsigned        wrong; /* pulses of a width that means nothing */

  bool     host_low;
  uint32_t since, low_from, low_until;
  enum
  {
    DS18B20_IDLE,
    DS18B20_COMMAND,
    DS18B20_ANSWER,
  } state;
  uint8_t  got[2], pad[9];
  unsigned n_bits, next_bit, conversions;
  uint64_t ready_ms; /* 0: it does not measure */
  int16_t  measured;
};

/* A DHT22. */
struct line_dht22
{
  enum line_fault fault;
  int16_t         deci_c;
  uint16_t        deci_percent;
  unsigned        n_told; /* bits that it tells before it falls silent: 40 when all is well */

  bool     host_low, answers;
  uint32_t since, answer_at;
  uint8_t  bytes[5];
  int16_t  held_c; /* what it measured when it was asked before */
  uint16_t held_percent;
};

/* An SHT3x on two lines. */
struct line_sht3x
{
  enum line_fault fault;
  uint8_t         address;
  uint16_t        words[2]; /* temperature and humidity, as it would measure them now */
  uint64_t        ms;

  bool clock, data;   /* the lines */
  bool host_data_low; /* what the host does with one of them */
  bool drives_low;
  enum
  {
    SHT3X_IDLE,
    SHT3X_ADDRESS,
    SHT3X_WRITE,
    SHT3X_READ,
  } state;
  unsigned n_clocks, n_told, next;
  uint8_t  byte, told[2], answer[6];
  uint64_t ready_ms; /* 0: it has not measured */
  bool     acknowledged;
};

/* Power comes. */
void line_ds18b20_start (struct line_ds18b20 *self);
void line_dht22_start (struct line_dht22 *self);
void line_sht3x_start (struct line_sht3x *self);

/* The host pulls the line, or lets it go. */
void line_ds18b20_pull (struct line_ds18b20 *self, bool low, uint32_t now_us);
void line_dht22_pull (struct line_dht22 *self, bool low, uint32_t now_us);
void line_sht3x_pull (struct line_sht3x *self, bool clock_low, bool data_low);

/* Whether the sensor pulls the line; the SHT3x its data line. */
bool line_ds18b20_is_low (const struct line_ds18b20 *self, uint32_t now_us);
bool line_dht22_is_low (const struct line_dht22 *self, uint32_t now_us);
bool line_sht3x_is_low (const struct line_sht3x *self);

/* The nine bytes that a DS18B20 says for a temperature; for tests that alter them. */
void line_ds18b20_fill (uint8_t pad[9], int16_t sixteenths);

#endif
