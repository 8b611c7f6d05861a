/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "messaging/muster-sparkplug-payload.h"
#include "mf-fuzz-http.h"
#include "mf-fuzz-image.h"
#include "mf-fuzz-index.h"
#include "mf-fuzz.h"
#include "mf-test-board.h"
#include "mf-test-unit.h"

/* What the fuzzer does, always: good bytes, altered in many small ways. */

#define ROUNDS 10000
#define IMAGE_ROUNDS 300 /* each checks some signatures */

static void
mutate (GRand *rand, GByteArray *bytes)
{
  for (gint n = g_rand_int_range (rand, 1, 5); n > 0; n--)
    {
      guint8 again[40];
      guint  at = bytes->len > 0 ? (guint)g_rand_int_range (rand, 0, (gint32)bytes->len) : 0;

      if (bytes->len > 0)
        memcpy (again, bytes->data, MIN (bytes->len, sizeof again));
      switch (g_rand_int_range (rand, 0, 5))
        {
        case 0:
          g_byte_array_set_size (bytes, at);
          break;
        case 1:
          g_byte_array_append (bytes, again, MIN (bytes->len, sizeof again));
          break;
        case 2:
          if (bytes->len > 0)
            bytes->data[at] = (guint8)g_rand_int (rand);
          break;
        case 3:
          if (bytes->len > 0)
            bytes->data[at] ^= (guint8)(1u << g_rand_int_range (rand, 0, 8));
          break;
        default:
          if (bytes->len > 0)
            g_byte_array_remove_index (bytes, at);
        }
    }
}

typedef int (*Fuzz) (const uint8_t *data, size_t size);

static void
survive_in (Fuzz fuzz, guint rounds, const void *data, gsize size)
{
  GRand *rand = g_rand_new_with_seed (20);

  g_assert_cmpint (fuzz (data, size), ==, 0);
  for (guint i = 0; i < rounds; i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, data, (guint)size);
      mutate (rand, bytes);
      g_assert_cmpint (fuzz (bytes->data, bytes->len), ==, 0);
    }
  g_rand_free (rand);
}

static void
survive (const void *data, gsize size)
{
  survive_in (mf_fuzz, ROUNDS, data, size);
}

static void
add (MusterSparkplugPayload *payload, const char *name, guint alias, MusterSparkplugWire wire)
{
  MusterSparkplugMetric *metric =
    muster_sparkplug_payload_add (payload, name, MUSTER_SPARKPLUG_INT32);

  metric->has_alias = alias > 0;
  metric->alias = alias;
  metric->is_null = FALSE;
  metric->wire = wire;
  if (wire == MUSTER_SPARKPLUG_WIRE_STRING)
    metric->text = "a note";
  else
    metric->bits = 1;
}

static void
test_command (void)
{
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  g_autoptr (GBytes) bytes = NULL;

  add (payload, NULL, MF_TEST_LEVEL + 1, MUSTER_SPARKPLUG_WIRE_INT);
  add (payload, NULL, MF_TEST_NOTE + 1, MUSTER_SPARKPLUG_WIRE_STRING);
  add (payload, "Output/Relay", 0, MUSTER_SPARKPLUG_WIRE_BOOLEAN);
  add (payload, "Node Control/Rebirth", 0, MUSTER_SPARKPLUG_WIRE_BOOLEAN);
  bytes = muster_sparkplug_payload_encode (payload);
  survive (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_state (void)
{
  static const char json[] =
    "{\"x\":[1,{\"y\":\"\\\"\"},null],\"online\":true,\"timestamp\":1700000000000}";

  survive (json, sizeof json - 1);
}

static void
test_credentials (void)
{
  g_autoptr (GBytes) bytes = mf_test_credentials_encode (&mf_test_credentials);

  survive (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_http (void)
{
  static const char head[] =
    "POST /pair/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 48\r\nExpect: 100-continue\r\n";

  survive (head, sizeof head - 1);
}

static void
test_label (void)
{
  static const char label[] = "HX0F-E736-MYR5-2ZMP-9K5G-9D0F-AR18";

  survive (label, sizeof label - 1);
}

static void
test_flash (void)
{
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  struct mf_store store;

  g_assert_true (mf_store_init (&store, &board->port));
  for (guint i = 0; i < 12; i++)
    g_assert_true (mf_store_set (&store, 1 + i % 3, "some bytes", 10));
  survive (board->flash[0], 400);
}

static void
survive_image (const void *data, gsize size)
{
  survive_in (mf_fuzz_image, IMAGE_ROUNDS, data, size);
}

static void
test_image (void)
{
  g_autoptr (GBytes) image = mf_test_image_new (2, 0, 1500);
  g_autoptr (GByteArray) input = g_byte_array_new ();
  const guint8 shape[] = { 20, 3 };

  survive_image (g_bytes_get_data (image, NULL), 1000);
  g_byte_array_append (input, shape, sizeof shape);
  g_byte_array_append (input, g_bytes_get_data (image, NULL), (guint)g_bytes_get_size (image));
  survive_image (input->data, input->len);
}

static void
test_boot_records (void)
{
  g_autoptr (MfTestUnit) unit = mf_test_unit_new (8192, 512, 16);

  for (guint i = 0; i < 10; i++)
    {
      g_assert_true (mf_boot_set_pending (&unit->boot, 1));
      g_assert_true (mf_boot_clear (&unit->boot, 1));
    }
  survive_image (unit->flash->memory, unit->flash->config.records.size);
}

/* Of a file whose blocks are partly zero, as the old image's are; the first byte cuts it in pieces.
 */
static void
test_index (void)
{
  g_autoptr (GBytes) image = mf_test_image_new (2, 0, 6000);
  g_autofree guint8 *file = g_memdup2 (g_bytes_get_data (image, NULL), g_bytes_get_size (image));
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) index = NULL;
  g_autoptr (GByteArray) input = g_byte_array_new ();
  const guint8 piece = 30;

  memset (file + MF_IMAGE_HEADER_SIZE, 0, 3000);
  bytes = g_bytes_new (file, g_bytes_get_size (image));
  index = mf_test_index_new (bytes);
  g_byte_array_append (input, &piece, 1);
  g_byte_array_append (input, g_bytes_get_data (index, NULL), (guint)g_bytes_get_size (index));
  survive_in (mf_fuzz_index, ROUNDS, input->data, input->len);
}

/* Responses of every kind, in pieces of twelve bytes. */
static void
test_responses (void)
{
  static const char *const responses[] = {
    ("\x0B\x0AHTTP/1.1 103 Wait\r\nA: b\r\n\r\nHTTP/1.1 206 Partial Content\r\n"
     "Content-Length: 64\r\nContent-Range: bytes 10-73/99\r\nConnection: keep-alive\r\n\r\n"
     "0123456789012345678901234567890123456789012345678901234567890123"),
    ("\x0B\x8AHTTP/1.1 206 Partial Content\r\nTransfer-Encoding: chunked\r\n"
     "Content-Range: bytes 10-73/*\r\n\r\n20\r\n01234567890123456789012345678901\r\n"
     "20;x=y\r\n01234567890123456789012345678901\r\n0\r\nT: u\r\n\r\n"),
    ("\x0B\x80HTTP/1.0 200 OK\r\nContent-Encoding: identity\r\n\r\n"
     "01234567890123456789012345678901234567890123456789012345678901234567"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (responses); i++)
    survive_in (mf_fuzz_http, ROUNDS, responses[i], strlen (responses[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fuzz/command", test_command);
  g_test_add_func ("/fuzz/state", test_state);
  g_test_add_func ("/fuzz/credentials", test_credentials);
  g_test_add_func ("/fuzz/http", test_http);
  g_test_add_func ("/fuzz/label", test_label);
  g_test_add_func ("/fuzz/flash", test_flash);
  g_test_add_func ("/fuzz/image", test_image);
  g_test_add_func ("/fuzz/index", test_index);
  g_test_add_func ("/fuzz/responses", test_responses);
  g_test_add_func ("/fuzz/boot-records", test_boot_records);
  return g_test_run ();
}
