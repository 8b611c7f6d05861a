/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "mf-test-line.h"
#include "mf_link_private.h"
#include "mf_unit_private.h"

const guint8 mf_test_line_key[MF_LINK_KEY] = "a key that both sides were given";

static const struct mf_unit_identity identity = { "SN-1", "2", "1.4.0" };

static guint32
now_ms (void *user)
{
  MfTestLine *self = user;

  return self->now_ms;
}

static void
put (MfTestLine *self, GByteArray *line, const uint8_t *bytes, size_t size)
{
  for (size_t i = 0; i < size && !self->cut; i++)
    {
      guint8 byte = bytes[i];

      if (self->loss > 0 && g_rand_int_range (self->rand, 0, (gint32)self->loss) == 0)
        byte ^= (guint8)g_rand_int_range (self->rand, 1, 256);
      g_byte_array_append (line, &byte, 1);
    }
}

static void
unit_send (void *user, const uint8_t *bytes, size_t size)
{
  MfTestLine *self = user;

  put (self, self->to_gateway, bytes, size);
}

static void
gateway_send (void *user, const uint8_t *bytes, size_t size)
{
  MfTestLine *self = user;

  put (self, self->to_unit, bytes, size);
}

/* The worst of boards: its random bytes are always the same. */
static void
no_random (void *user, void *out, size_t size)
{
  memset (out, 7, size);
}

static void
good_random (void *user, void *out, size_t size)
{
  MfTestLine *self = user;
  guint8     *bytes = out;

  while (size-- > 0)
    bytes[size] = (guint8)g_rand_int (self->rand);
}

static void
describe (void *user, unsigned metric, struct mf_unit_metric *out)
{
  static const struct mf_unit_metric metrics[MF_TEST_LINE_METRICS] = {
    { "Air/Temperature", "°C", MF_TYPE_FLOAT, false, false, 0, 0, 1000, 0.1f, 0 },
    { "Count", "", MF_TYPE_UINT32, false, false, 0, 0, 5000, 10, 1 },
    { "Output/Relay", "", MF_TYPE_BOOLEAN, true, false, 0, 0, 0, 0, 2, true, 0, 300 },
    { "Output/Level", "%", MF_TYPE_UINT8, true, true, 0, 100, 0, 0, 3, true, 10, 0 },
    { "More/1", "", MF_TYPE_UINT32, false, false, 0, 0, 0, 0, 4 },
    { "More/2", "", MF_TYPE_UINT32, false, false, 0, 0, 0, 0, 5 },
    { "More/3", "", MF_TYPE_UINT32, false, false, 0, 0, 0, 0, 6 },
  };

  *out = metrics[metric];
}

static enum mf_reading
read_channel (void *user, unsigned channel, union mf_unit_value *value)
{
  MfTestLine *self = user;

  *value = self->channels[channel];
  return self->slow ? MF_READING_PENDING : self->silent ? MF_READING_BAD : MF_READING_GOOD;
}

static bool
write_channel (void *user, unsigned channel, const union mf_unit_value *value)
{
  MfTestLine *self = user;

  self->channels[channel] = *value;
  return true;
}

static void
blink (void *user, bool on)
{
  MfTestLine *self = user;

  self->blinking = on;
}

static bool
check (void *user, unsigned index, struct mf_unit_check *out)
{
  static const struct mf_unit_check checks[] = { { "supply", true, 3.3f, 3.0f, 3.6f },
                                                 { "flash", false, 7, 0, 0 } };

  if (index < G_N_ELEMENTS (checks))
    *out = checks[index];
  return index < G_N_ELEMENTS (checks);
}

static bool
load (void *user, enum mf_unit_record record, void *data, size_t size)
{
  MfTestLine *self = user;
  GBytes     *bytes = g_hash_table_lookup (self->records, GINT_TO_POINTER (record));

  if (bytes == NULL || g_bytes_get_size (bytes) != size)
    return false;
  memcpy (data, g_bytes_get_data (bytes, NULL), size);
  return true;
}

static bool
save (void *user, enum mf_unit_record record, const void *data, size_t size)
{
  MfTestLine *self = user;

  g_hash_table_insert (self->records, GINT_TO_POINTER (record), g_bytes_new (data, size));
  return true;
}

static void
boot (void *user, struct mf_unit_boot *out)
{
  out->slot = 1;
  out->security_counter = 9;
}

static enum mf_unit_status
update (void                *user,
        enum mf_unit_message step,
        uint32_t             number,
        struct mf_bytes      bytes,
        uint32_t            *detail)
{
  *detail = number + (guint32)bytes.size;
  return step == MF_UNIT_UPDATE_DATA ? MF_UNIT_DONE : MF_UNIT_NOT_NOW;
}

static enum mf_reset_cause
reset_cause (void *user)
{
  MfTestLine *self = user;

  return self->resets > 0 ? MF_RESET_COMMAND : MF_RESET_POWER_ON;
}

static void
reset (void *user)
{
  MfTestLine *self = user;

  self->resets++;
  mf_test_line_start_unit (self);
}

static const struct mf_unit_ops unit_ops = {
  now_ms, unit_send, no_random, describe, read_channel, write_channel, blink,
  check,  load,      save,      boot,     update,       reset_cause,   reset,
};

static bool
gateway_key (void *user, struct mf_bytes serial, uint8_t key[MF_LINK_KEY])
{
  MfTestLine *self = user;

  if (!self->gateway_has_key || serial.size == 0)
    return false;
  memcpy (key, self->gateway_key, MF_LINK_KEY);
  return true;
}

static bool
gateway_received (void *user, struct mf_bytes payload)
{
  MfTestLine *self = user;

  g_ptr_array_add (self->messages, g_bytes_new (payload.data, payload.size));
  return true;
}

static void
gateway_delivered (void *user)
{
  MfTestLine *self = user;

  self->delivered++;
}

static void
gateway_changed (void *user, bool up)
{
  MfTestLine *self = user;

  self->ups += up;
}

static const struct mf_link_ops gateway_ops = {
  gateway_send,      good_random,     gateway_key, gateway_received,
  gateway_delivered, gateway_changed, NULL,
};

void
mf_test_line_start_unit (MfTestLine *self)
{
  g_byte_array_set_size (self->to_unit, 0);
  g_assert_true (mf_unit_init (&self->unit, &unit_ops, self, &identity, self->states, self->configs,
                               MF_TEST_LINE_METRICS, self->samples, MF_TEST_LINE_SAMPLES,
                               self->buffers[0], MF_LINK_OVERHEAD + MF_TEST_LINE_PAYLOAD,
                               self->buffers[1], MF_LINK_OVERHEAD + MF_TEST_LINE_PAYLOAD));
}

MfTestLine *
mf_test_line_new (gboolean provisioned)
{
  MfTestLine *self = g_new0 (MfTestLine, 1);

  self->to_unit = g_byte_array_new ();
  self->to_gateway = g_byte_array_new ();
  self->heard = g_byte_array_new ();
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  self->records = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_bytes_unref);
  self->rand = g_rand_new_with_seed (5);
  self->now_ms = G_MAXUINT32 - 30000; /* wraps in the midst of every test */
  self->channels[MF_TEST_LINE_TEMPERATURE].f = 20;
  memcpy (self->gateway_key, mf_test_line_key, MF_LINK_KEY);
  self->gateway_has_key = TRUE;
  if (provisioned)
    {
      guint8 record[MF_UNIT_SERIAL_RECORD] = { 4, 'S', '-', '4', '2' };

      memcpy (record + 1 + MF_LINK_SERIAL_MAX, mf_test_line_key, MF_LINK_KEY);
      save (self, MF_UNIT_RECORD_SERIAL, record, sizeof record);
    }
  mf_test_line_start_unit (self);
  mf_link_init (&self->gateway, MF_LINK_GATEWAY, &gateway_ops, self, self->buffers[2],
                sizeof self->buffers[2], self->buffers[3], sizeof self->buffers[3]);
  return self;
}

void
mf_test_line_free (MfTestLine *self)
{
  g_byte_array_unref (self->to_unit);
  g_byte_array_unref (self->to_gateway);
  g_byte_array_unref (self->heard);
  g_ptr_array_unref (self->messages);
  g_hash_table_unref (self->records);
  g_rand_free (self->rand);
  g_free (self);
}

void
mf_test_line_run (MfTestLine *self, guint32 ms)
{
  for (guint32 passed = 0; passed < ms; passed += 20)
    {
      g_autoptr (GByteArray) down = g_steal_pointer (&self->to_unit);
      g_autoptr (GByteArray) up = g_steal_pointer (&self->to_gateway);

      self->to_unit = g_byte_array_new ();
      self->to_gateway = g_byte_array_new ();
      g_byte_array_append (self->heard, down->data, down->len);
      mf_unit_bytes (&self->unit, down->data, down->len);
      mf_link_bytes (&self->gateway, self->now_ms, up->data, up->len);
      mf_unit_step (&self->unit);
      mf_link_step (&self->gateway, self->now_ms);
      self->now_ms += 20;
    }
}

GBytes *
mf_test_line_ask (MfTestLine *self, const void *request, gsize size)
{
  size_t  room;
  guint8 *out = NULL;

  for (guint i = 0; i < 500 && (out = mf_link_open (&self->gateway, &room)) == NULL; i++)
    mf_test_line_run (self, 20);
  g_assert_nonnull (out);
  g_assert_cmpuint (size, <=, room);
  memcpy (out, request, size);
  g_ptr_array_set_size (self->messages, 0);
  mf_link_close (&self->gateway, self->now_ms, size);
  for (guint i = 0; i < 500; i++)
    {
      mf_test_line_run (self, 20);
      for (guint j = 0; j < self->messages->len; j++)
        {
          GBytes *message = self->messages->pdata[j];

          if (((const guint8 *)g_bytes_get_data (message, NULL))[0] != MF_UNIT_SAMPLES)
            return g_bytes_ref (message);
        }
    }
  return NULL;
}

static void
frame_to (struct mf_link *to, MfTestLine *line, GByteArray *wire, const uint8_t *data, size_t size)
{
  g_autofree guint8 *frame = g_malloc (size + 4);

  memcpy (frame, data, size);
  mf_link_put (to == &line->gateway ? &line->unit.link : &line->gateway, line->now_ms, frame, size);
  mf_link_bytes (to, line->now_ms, wire->data, wire->len);
}

int
mf_test_line_fuzz (const uint8_t *data, size_t size)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (size % 8 != 0);
  g_autofree guint8 *own = g_memdup2 (data, size);
  struct mf_bytes    request = { own, size };

  for (guint round = 0; round < 2 && size > 0; round++)
    {
      mf_unit_bytes (&line->unit, own, size);
      mf_link_bytes (&line->gateway, line->now_ms, own, size);
      frame_to (&line->unit.link, line, line->to_unit, data, size);
      frame_to (&line->gateway, line, line->to_gateway, data, size);
      mf_test_line_run (line, 400); /* the second time it is within a session, most often */
    }
  if (line->unit.link.state == MF_LINK_UP && size > 0)
    {
      line->unit.link.tx_used = 0;
      mf_unit_request (&line->unit, request);
      mf_test_line_run (line, 600);
    }
  return 0;
}
