/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "line_sensors.h"

/* --- DS18B20: Maxim's data sheet 19-7487 --- */

#define CONVERT_MS 750u
#define POWER_ON (85 * 16)

/* "CRC generation", x^8 + x^5 + x^4 + 1, as the shift register of its figure. */
static uint8_t
one_wire_crc (const uint8_t *bytes, unsigned n)
{
  unsigned reg = 0, bit;

  for (bit = 0; bit < n * 8; bit++)
    {
      unsigned in = (bytes[bit / 8] >> bit % 8 & 1u) ^ (reg & 1u);

      reg = reg >> 1 ^ (in ? 0x8Cu : 0);
    }
  return (uint8_t)reg;
}

void
line_ds18b20_fill (uint8_t pad[9], int16_t sixteenths)
{
  const uint8_t bytes[8] = {
    (uint8_t)sixteenths, (uint8_t)((uint16_t)sixteenths >> 8), 0x4B, 0x46, 0x7F, 0xFF, 0x0C, 0x10
  };

  memcpy (pad, bytes, sizeof bytes);
  pad[8] = one_wire_crc (bytes, sizeof bytes);
}

void
line_ds18b20_start (struct line_ds18b20 *self)
{
  self->state = DS18B20_IDLE;
  self->host_low = false;
  self->low_from = self->low_until = 0;
  self->ready_ms = 0;
  line_ds18b20_fill (self->pad, POWER_ON);
}

static void
settle (struct line_ds18b20 *self)
{
  if (self->ready_ms != 0 && self->ms >= self->ready_ms)
    {
      self->ready_ms = 0;
      line_ds18b20_fill (self->pad, self->measured);
      if (self->fault == LINE_CORRUPT)
        self->pad[1] ^= 0x10;
    }
}

static void
take_command (struct line_ds18b20 *self)
{
  self->wrong += self->got[0] != 0xCC;
  self->state = self->got[1] == 0xBE ? DS18B20_ANSWER : DS18B20_IDLE;
  self->next_bit = 0;
  settle (self);
  if (self->got[1] == 0x44)
    {
      self->conversions++;
      self->measured = self->sixteenths;
      self->ready_ms = self->ms + CONVERT_MS;
    }
}

/* Figures 15 and 16: the width of a low says what it was. */
static void
ds18b20_released (struct line_ds18b20 *self, uint32_t now_us)
{
  uint32_t width = now_us - self->since;

  if (width >= 480)
    {
      self->state = DS18B20_COMMAND;
      self->n_bits = 0;
      self->low_from = now_us + 30;
      self->low_until = self->low_from + 120;
    }
  else if (self->state == DS18B20_COMMAND)
    {
      uint8_t *byte = &self->got[self->n_bits / 8];

      self->wrong += width > 15 && (width < 60 || width > 120);
      *byte = (uint8_t)(*byte >> 1 | (width <= 15 ? 0x80u : 0));
      if (++self->n_bits == 16)
        take_command (self);
    }
}

/* A slot of reading begins; what is said holds for 15 us, and no host may count on more. */
static void
ds18b20_pulled (struct line_ds18b20 *self, uint32_t now_us)
{
  if (self->state != DS18B20_ANSWER || self->next_bit == 72)
    return;
  if ((self->pad[self->next_bit / 8] >> self->next_bit % 8 & 1) == 0)
    {
      self->low_from = now_us;
      self->low_until = now_us + 15;
    }
  self->next_bit++;
}

void
line_ds18b20_pull (struct line_ds18b20 *self, bool low, uint32_t now_us)
{
  if (low == self->host_low)
    return;
  self->host_low = low;
  if (self->fault != LINE_ABSENT && low)
    ds18b20_pulled (self, now_us);
  else if (self->fault != LINE_ABSENT)
    ds18b20_released (self, now_us);
  self->since = now_us;
}

bool
line_ds18b20_is_low (const struct line_ds18b20 *self, uint32_t now_us)
{
  return self->fault == LINE_SHORTED ||
         (self->fault != LINE_ABSENT && now_us - self->low_from < self->low_until - self->low_from);
}

/* --- DHT22: chapter 7 of its data sheet, figures 2 and 3 --- */

void
line_dht22_start (struct line_dht22 *self)
{
  self->host_low = self->answers = false;
  self->held_c = self->deci_c;
  self->held_percent = self->deci_percent;
}

static void
dht22_asked (struct line_dht22 *self)
{
  unsigned magnitude = (unsigned)(self->held_c < 0 ? -self->held_c : self->held_c);
  uint8_t *bytes = self->bytes;

  bytes[0] = (uint8_t)(self->held_percent >> 8);
  bytes[1] = (uint8_t)self->held_percent;
  bytes[2] = (uint8_t)(magnitude >> 8 | (self->held_c < 0 ? 0x80u : 0));
  bytes[3] = (uint8_t)magnitude;
  bytes[4] = (uint8_t)(bytes[0] + bytes[1] + bytes[2] + bytes[3]);
  if (self->fault == LINE_CORRUPT)
    bytes[1] ^= 0x01;
  self->held_c = self->deci_c;
  self->held_percent = self->deci_percent;
}

void
line_dht22_pull (struct line_dht22 *self, bool low, uint32_t now_us)
{
  if (low == self->host_low)
    return;
  self->answers = !low && now_us - self->since >= 1000;
  if (self->answers)
    {
      self->answer_at = now_us + 30;
      dht22_asked (self);
    }
  self->host_low = low;
  self->since = now_us;
}

bool
line_dht22_is_low (const struct line_dht22 *self, uint32_t now_us)
{
  uint32_t at = now_us - self->answer_at, bit;

  if (self->fault == LINE_SHORTED)
    return true;
  if (self->fault == LINE_ABSENT || !self->answers || (int32_t)at < 0)
    return false;
  if (at < 160)
    return at < 80;
  at -= 160;
  for (bit = 0; bit < 40 && bit < self->n_told; bit++)
    {
      uint32_t high = self->bytes[bit / 8] << bit % 8 & 0x80 ? 70 : 27;

      if (at < 50 + high)
        return at < 50;
      at -= 50 + high;
    }
  return self->n_told >= 40 && at < 50;
}

/* --- SHT3x: Sensirion's "Datasheet SHT3x-DIS", chapter 4, on NXP's UM10204 --- */

#define MEASURE_MS 15u

void
line_sht3x_start (struct line_sht3x *self)
{
  self->clock = self->data = true;
  self->drives_low = self->host_data_low = false;
  self->state = SHT3X_IDLE;
  self->ready_ms = 0;
}

/* Table 20. */
static uint8_t
sht3x_crc (const uint8_t *bytes)
{
  unsigned crc = 0xFF, bit;

  for (bit = 0; bit < 16; bit++)
    {
      unsigned in = (crc >> 7 & 1u) ^ (bytes[bit / 8] >> (7 - bit % 8) & 1u);

      crc = (crc << 1 & 0xFFu) ^ (in ? 0x31u : 0);
    }
  return (uint8_t)crc;
}

static void
sht3x_measure (struct line_sht3x *self)
{
  unsigned word;

  for (word = 0; word < 2; word++)
    {
      uint8_t *out = self->answer + 3 * word;

      out[0] = (uint8_t)(self->words[word] >> 8);
      out[1] = (uint8_t)self->words[word];
      out[2] = sht3x_crc (out);
    }
  if (self->fault == LINE_CORRUPT)
    self->answer[4] ^= 0x04;
  self->ready_ms = self->ms + MEASURE_MS;
}

/* A byte came. True: it is acknowledged. */
static bool
sht3x_take (struct line_sht3x *self)
{
  if (self->state == SHT3X_ADDRESS)
    return self->byte >> 1 == self->address &&
           ((self->byte & 1) == 0 || (self->ready_ms != 0 && self->ms >= self->ready_ms));
  if (self->n_told == sizeof self->told)
    return false;
  self->told[self->n_told++] = self->byte;
  return true;
}

/* The ninth clock of a byte is over. */
static void
sht3x_next_byte (struct line_sht3x *self)
{
  bool was_address = self->state == SHT3X_ADDRESS;

  self->n_clocks = 0;
  self->drives_low = false;
  if (was_address)
    self->state = self->byte & 1 ? SHT3X_READ : SHT3X_WRITE;
  if (self->state != SHT3X_READ)
    return;
  if ((!was_address && !self->acknowledged) || self->next == sizeof self->answer)
    {
      self->state = SHT3X_IDLE;
      self->ready_ms = 0; /* it tells each measurement once */
      return;
    }
  self->byte = self->answer[self->next++];
  self->drives_low = (self->byte & 0x80) == 0;
}

static void
sht3x_fell (struct line_sht3x *self)
{
  if (self->state == SHT3X_IDLE)
    return;
  if (self->n_clocks == 9)
    sht3x_next_byte (self);
  else if (self->state == SHT3X_READ)
    self->drives_low = self->n_clocks < 8 && (self->byte << self->n_clocks & 0x80) == 0;
  else if (self->n_clocks == 8)
    {
      self->drives_low = sht3x_take (self);
      if (!self->drives_low)
        self->state = SHT3X_IDLE;
    }
}

static void
sht3x_rose (struct line_sht3x *self)
{
  self->n_clocks++;
  if (self->state == SHT3X_READ)
    self->acknowledged = !self->data;
  else if (self->n_clocks <= 8)
    self->byte = (uint8_t)(self->byte << 1 | self->data);
}

/* Data changes while the clock is high: a start or a stop. */
static void
sht3x_condition (struct line_sht3x *self)
{
  if (self->state == SHT3X_WRITE && self->n_told == 2 && self->told[0] == 0x24 &&
      self->told[1] == 0x00)
    sht3x_measure (self);
  self->state = self->data ? SHT3X_IDLE : SHT3X_ADDRESS;
  self->n_clocks = self->n_told = self->next = 0;
  self->drives_low = false;
}

void
line_sht3x_pull (struct line_sht3x *self, bool clock_low, bool data_low)
{
  bool clock = !clock_low, data = !data_low && !self->drives_low;

  if (self->fault == LINE_ABSENT || self->fault == LINE_SHORTED)
    return;
  self->host_data_low = data_low;
  if (data != self->data && clock && self->clock)
    {
      self->data = data;
      sht3x_condition (self);
    }
  self->data = data;
  if (clock != self->clock && clock)
    sht3x_rose (self);
  else if (clock != self->clock)
    sht3x_fell (self);
  self->clock = clock;
  self->data = !self->host_data_low && !self->drives_low;
}

bool
line_sht3x_is_low (const struct line_sht3x *self)
{
  return self->fault == LINE_SHORTED || (self->fault != LINE_ABSENT && self->drives_low);
}
