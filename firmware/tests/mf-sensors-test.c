/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "mf_dht22.h"
#include "mf_ds18b20.h"
#include "mf_sht3x.h"

/*
 * Sensors at the other end of a pin or a bus, by the times of their data sheets: what pulls the
 * line by how long is worked out from those alone, not from the drivers. They can be absent, silent
 * half way, held low, and say what is damaged or cannot be.
 */

typedef struct
{
  /* the line */
  guint32  now;       /* microseconds */
  gboolean host_low;  /* the driver pulls */
  guint32  since;     /* when it last changed that */
  guint32  low_until; /* this sensor pulls until then */
  guint32  low_from;

  gboolean absent, shorted;

  /* 1-Wire */
  enum
  {
    IDLE,
    COMMAND,
    ANSWER,
  } state;
  guint8   got[2];
  guint    n_bits;
  guint8   pad[9];
  guint    next_bit;
  gboolean converted;

  /* DHT22 */
  guint8  bytes[5];
  guint   n_told; /* bits that it tells before it falls silent */
  guint32 answer_at;
} Sensor;

static gboolean
one_wire_low (const Sensor *self)
{
  return self->now >= self->low_from && self->now < self->low_until;
}

/* Data sheet 19-7487, figures 15 and 16: the width of a low says what it was. */
static void
one_wire_released (Sensor *self, guint32 width)
{
  if (self->absent)
    return;
  if (width >= 480)
    {
      self->state = COMMAND;
      self->n_bits = 0;
      self->low_from = self->now + 30;
      self->low_until = self->low_from + 120;
    }
  else if (self->state == COMMAND)
    {
      g_assert_true (width <= 15 || (width >= 60 && width <= 120));
      self->got[self->n_bits / 8] = (guint8)(self->got[self->n_bits / 8] >> 1 | (width <= 15) << 7);
      if (++self->n_bits == 16)
        {
          g_assert_cmphex (self->got[0], ==, 0xCC);
          self->state = self->got[1] == 0xBE ? ANSWER : IDLE;
          self->converted |= self->got[1] == 0x44;
          self->next_bit = 0;
        }
    }
}

static void
one_wire_pulled (Sensor *self)
{
  if (self->absent || self->state != ANSWER || self->next_bit == 72)
    return;
  if ((self->pad[self->next_bit / 8] >> self->next_bit % 8 & 1) == 0)
    {
      self->low_from = self->now;
      self->low_until = self->now + 30;
    }
  self->next_bit++;
}

static void
one_wire_pull (void *user, bool low)
{
  Sensor *self = user;

  if (low == self->host_low)
    return;
  self->host_low = low;
  if (low)
    one_wire_pulled (self);
  else
    one_wire_released (self, self->now - self->since);
  self->since = self->now;
}

static bool
one_wire_is_high (void *user)
{
  Sensor *self = user;

  return !self->host_low && !self->shorted && !one_wire_low (self);
}

static void
wait_us (void *user, uint32_t us)
{
  ((Sensor *)user)->now += us;
}

static const struct mf_pin_ops one_wire = { one_wire_pull, one_wire_is_high, wait_us };

/* "CRC generation", x^8 + x^5 + x^4 + 1, as the shift register of its figure. */
static guint8
one_wire_crc (const guint8 *bytes, gsize n)
{
  guint8 reg = 0;

  for (gsize bit = 0; bit < n * 8; bit++)
    {
      gboolean in = (bytes[bit / 8] >> bit % 8 & 1) ^ (reg & 1);

      reg = (guint8)(reg >> 1 ^ (in ? 0x8C : 0));
    }
  return reg;
}

static void
set_pad (Sensor *self, gint16 sixteenths)
{
  const guint8 pad[8] = {
    (guint8)sixteenths, (guint8)(sixteenths >> 8), 0x4B, 0x46, 0x7F, 0xFF, 0x0C, 0x10
  };

  memcpy (self->pad, pad, sizeof pad);
  self->pad[8] = one_wire_crc (pad, sizeof pad);
}

static void
test_ds18b20 (void)
{
  /* table 1 of the data sheet */
  const struct
  {
    guint16 raw;
    gint32  milli_c;
  } rows[] = { { 0x07D0, 125000 }, { 0x0191, 25062 },  { 0x00A2, 10125 },
               { 0x0008, 500 },    { 0x0000, 0 },      { 0xFFF8, -500 },
               { 0xFF5E, -10125 }, { 0xFE6F, -25062 }, { 0xFC90, -55000 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Sensor        sensor = { 0 };
      struct mf_pin pin = { &one_wire, &sensor };
      int32_t       milli_c = 1;

      set_pad (&sensor, (gint16)rows[i].raw);
      g_assert_cmpint (mf_ds18b20_start (&pin), ==, MF_SENSED);
      g_assert_true (sensor.converted);
      sensor.now += MF_DS18B20_MS * 1000;
      g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED);
      g_assert_cmpint (milli_c, ==, rows[i].milli_c);
    }
}

static void
test_ds18b20_fails (void)
{
  Sensor        sensor = { .absent = TRUE };
  struct mf_pin pin = { &one_wire, &sensor };
  int32_t       milli_c = 42;

  g_assert_cmpint (mf_ds18b20_start (&pin), ==, MF_SENSED_NO_ANSWER);
  g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED_NO_ANSWER);
  sensor = (Sensor){ .shorted = TRUE };
  g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED_NO_ANSWER);
  sensor = (Sensor){ 0 }; /* zeros, whose CRC is zero: a line that is held */
  g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED_CORRUPT);
  sensor = (Sensor){ 0 };
  set_pad (&sensor, 85 * 16); /* what it holds before it measured */
  g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED_RANGE);
  set_pad (&sensor, 126 * 16);
  g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED_RANGE);
  for (guint bit = 0; bit < 72; bit++) /* any one bit */
    {
      sensor = (Sensor){ 0 };
      set_pad (&sensor, 20 * 16);
      sensor.pad[bit / 8] ^= (guint8)(1u << bit % 8);
      g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED_CORRUPT);
    }
  g_assert_cmpint (milli_c, ==, 42);
}

/* Chapter 7 of its data sheet, figures 2 and 3. */
static gboolean
dht_is_low (const Sensor *self)
{
  guint32 at = self->now - self->answer_at, bit = 0;

  if (self->absent || self->answer_at == 0 || self->now < self->answer_at)
    return FALSE;
  if (at < 160)
    return at < 80;
  for (at -= 160; bit < 40 && bit < self->n_told; bit++)
    {
      guint32 high = self->bytes[bit / 8] << bit % 8 & 0x80 ? 70 : 27;

      if (at < 50 + high)
        return at < 50;
      at -= 50 + high;
    }
  return self->n_told >= 40 && at < 50;
}

static void
dht_pull (void *user, bool low)
{
  Sensor *self = user;

  if (self->host_low && !low && self->now - self->since >= 1000)
    self->answer_at = self->now + 30;
  self->host_low = low;
  self->since = self->now;
}

static bool
dht_is_high (void *user)
{
  Sensor *self = user;

  self->now++; /* looking takes a while, too */
  return !self->host_low && !self->shorted && !dht_is_low (self);
}

static const struct mf_pin_ops dht = { dht_pull, dht_is_high, wait_us };

static enum mf_sensed
ask_dht (guint humidity, guint temperature, Sensor how, gint *deci_c, guint *deci_percent)
{
  struct mf_pin pin = { &dht, &how };
  const guint8  bytes[4] = { (guint8)(humidity >> 8), (guint8)humidity, (guint8)(temperature >> 8),
                             (guint8)temperature };

  memcpy (how.bytes, bytes, sizeof bytes);
  how.bytes[4] = (guint8)(how.bytes[4] + bytes[0] + bytes[1] + bytes[2] + bytes[3]);
  return mf_dht22_read (&pin, deci_c, deci_percent);
}

static void
test_dht22 (void)
{
  const Sensor good = { .n_told = 40 };
  gint         deci_c = 7;
  guint        deci_percent = 7;

  /* the examples of its data sheet */
  g_assert_cmpint (ask_dht (0x028C, 0x015F, good, &deci_c, &deci_percent), ==, MF_SENSED);
  g_assert_cmpint (deci_c, ==, 351);
  g_assert_cmpuint (deci_percent, ==, 652);
  g_assert_cmpint (ask_dht (0x028C, 0x8065, good, &deci_c, &deci_percent), ==, MF_SENSED);
  g_assert_cmpint (deci_c, ==, -101);
  g_assert_cmpint (ask_dht (1000, 800, good, &deci_c, &deci_percent), ==, MF_SENSED);
}

static void
test_dht22_fails (void)
{
  gint  deci_c = 7;
  guint deci_percent = 7;

  g_assert_cmpint (ask_dht (500, 200, (Sensor){ .absent = TRUE }, &deci_c, &deci_percent), ==,
                   MF_SENSED_NO_ANSWER);
  g_assert_cmpint (ask_dht (500, 200, (Sensor){ .shorted = TRUE }, &deci_c, &deci_percent), ==,
                   MF_SENSED_NO_ANSWER);
  g_assert_cmpint (ask_dht (500, 200, (Sensor){ .n_told = 0 }, &deci_c, &deci_percent), ==,
                   MF_SENSED_NO_ANSWER);
  for (guint n = 1; n < 40; n++)
    g_assert_cmpint (ask_dht (500, 200, (Sensor){ .n_told = n }, &deci_c, &deci_percent), ==,
                     MF_SENSED_CORRUPT);
  g_assert_cmpint (ask_dht (500, 200, (Sensor){ .n_told = 40, .bytes = { [4] = 1 } }, &deci_c,
                            &deci_percent),
                   ==, MF_SENSED_CORRUPT);
  g_assert_cmpint (ask_dht (1001, 200, (Sensor){ .n_told = 40 }, &deci_c, &deci_percent), ==,
                   MF_SENSED_RANGE);
  g_assert_cmpint (ask_dht (500, 0x8000 | 401, (Sensor){ .n_told = 40 }, &deci_c, &deci_percent),
                   ==, MF_SENSED_RANGE);
  g_assert_cmpint (deci_c, ==, 7);
}

/* An SHT3x on a bus: its two words, and what it was told. */
typedef struct
{
  guint8   address;
  guint8   told[2];
  guint8   words[6];
  gboolean is_busy; /* it acknowledges no read until it has measured */
} Sht;

static bool
sht_write (void *user, uint8_t address, const uint8_t *bytes, size_t size)
{
  Sht *self = user;

  if (address != self->address)
    return false;
  g_assert_cmpuint (size, ==, sizeof self->told);
  memcpy (self->told, bytes, size);
  return true;
}

static bool
sht_read (void *user, uint8_t address, uint8_t *bytes, size_t size)
{
  Sht *self = user;

  if (address != self->address || self->is_busy)
    return false;
  g_assert_cmpuint (size, ==, sizeof self->words);
  memcpy (bytes, self->words, size);
  return true;
}

static const struct mf_i2c_ops sht = { sht_write, sht_read };

static void
test_sht3x (void)
{
  /* table 20's example of a CRC: 0xBEEF has 0x92; zero has 0x81 and 0xFFFF 0xAC by the same rule */
  Sht           sensor = { .address = 0x45, .words = { 0xBE, 0xEF, 0x92, 0xFF, 0xFF, 0xAC } };
  struct mf_i2c bus = { &sht, &sensor };
  int32_t       milli_c;
  uint32_t      milli_percent;

  g_assert_cmpint (mf_sht3x_start (&bus, MF_SHT3X_ADDRESS), ==, MF_SENSED_NO_ANSWER);
  g_assert_cmpint (mf_sht3x_start (&bus, 0x45), ==, MF_SENSED);
  g_assert_cmpmem (sensor.told, 2, "\x24\x00", 2);
  g_assert_cmpint (mf_sht3x_read (&bus, 0x45, &milli_c, &milli_percent), ==, MF_SENSED);
  g_assert_cmpint (milli_c, ==, 85523); /* -45 + 175 * 48879 / 65535 */
  g_assert_cmpuint (milli_percent, ==, 100000);
  memcpy (sensor.words, "\x00\x00\x81\x00\x00\x81", 6);
  g_assert_cmpint (mf_sht3x_read (&bus, 0x45, &milli_c, &milli_percent), ==, MF_SENSED);
  g_assert_cmpint (milli_c, ==, -45000);
  g_assert_cmpuint (milli_percent, ==, 0);
  sensor.is_busy = TRUE;
  g_assert_cmpint (mf_sht3x_read (&bus, 0x45, &milli_c, &milli_percent), ==, MF_SENSED_NO_ANSWER);
  sensor.is_busy = FALSE;
  for (guint bit = 0; bit < 48; bit++)
    {
      sensor.words[bit / 8] ^= (guint8)(1u << bit % 8);
      g_assert_cmpint (mf_sht3x_read (&bus, 0x45, &milli_c, &milli_percent), ==, MF_SENSED_CORRUPT);
      sensor.words[bit / 8] ^= (guint8)(1u << bit % 8);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ds18b20", test_ds18b20);
  g_test_add_func ("/ds18b20/fails", test_ds18b20_fails);
  g_test_add_func ("/dht22", test_dht22);
  g_test_add_func ("/dht22/fails", test_dht22_fails);
  g_test_add_func ("/sht3x", test_sht3x);
  return g_test_run ();
}
