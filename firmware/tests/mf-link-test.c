/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "mf-test-line.h"
#include "mf_link_private.h"
#include "mf_octets.h"

static void
test_session (void)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);

  mf_test_line_run (line, 400);
  g_assert_cmpint (line->gateway.state, ==, MF_LINK_UP);
  g_assert_cmpint (line->unit.link.state, ==, MF_LINK_UP);
  g_assert_cmpmem (line->gateway.serial, line->gateway.serial_size, "S-42", 4);
  g_assert_cmpmem (line->gateway.session, MF_LINK_KEY, line->unit.link.session, MF_LINK_KEY);
  /* it lasts: the gateway's empty messages carry it through minutes in which nothing changes */
  line->unit.configs[MF_TEST_LINE_TEMPERATURE].period_ms = 0;
  mf_test_line_run (line, 600000);
  g_assert_cmpuint (line->ups, ==, 1);
  g_assert_cmpuint (line->gateway.resent + line->unit.link.resent, ==, 0);
}

static void
test_wrong_key (void)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);

  line->gateway_key[0] ^= 1;
  mf_test_line_run (line, 5000);
  g_assert_cmpuint (line->ups, ==, 0);
  g_assert_cmpuint (line->gateway.bad_tags, >, 0);
  g_assert_cmpint (line->unit.link.state, ==, MF_LINK_DOWN);
  g_assert_cmpuint (line->messages->len, ==, 0);
}

/* A gateway without the key cannot make the unit believe it, even with the unit's own frames. */
static void
test_false_start (void)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  guint8 frame[1 + MF_LINK_TAG + 4] = { MF_LINK_START };

  line->gateway_has_key = FALSE;
  mf_test_line_run (line, 1000);
  g_assert_true (line->unit.link.shaking);
  mf_link_put (&line->gateway, line->now_ms, frame, 1 + MF_LINK_TAG);
  mf_test_line_run (line, 100);
  g_assert_cmpuint (line->unit.link.bad_tags, ==, 1);
  g_assert_cmpint (line->unit.link.state, ==, MF_LINK_DOWN);
}

/* All that a gateway ever said, said again: into the session it is from, and into a later one. */
static void
test_replay (void)
{
  static const guint8 relay_on[] = { MF_UNIT_WRITE, MF_TEST_LINE_RELAY, 1, 0, 0, 0 };
  static const guint8 relay_off[] = { MF_UNIT_WRITE, MF_TEST_LINE_RELAY, 0, 0, 0, 0 };
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  g_autoptr (GByteArray) heard = NULL;
  g_autoptr (GBytes) on = NULL;
  g_autoptr (GBytes) off = NULL;
  guint32 handshakes;

  mf_test_line_run (line, 400);
  on = mf_test_line_ask (line, relay_on, sizeof relay_on);
  off = mf_test_line_ask (line, relay_off, sizeof relay_off);
  g_assert_nonnull (off);
  heard = g_steal_pointer (&line->heard);
  line->heard = g_byte_array_new ();
  handshakes = line->unit.link.handshakes;
  for (guint round = 0; round < 2; round++)
    {
      mf_unit_bytes (&line->unit, heard->data, heard->len);
      g_assert_cmpuint (line->channels[MF_TEST_LINE_RELAY].u, ==, 0);
      mf_test_line_run (line, 3000);
      g_assert_cmpint (line->unit.link.state, ==, MF_LINK_UP);
      /* the unit starts anew: another session, though its random bytes are the same */
      if (round == 0)
        mf_test_line_start_unit (line);
      mf_test_line_run (line, 30000);
    }
  g_assert_cmpuint (handshakes, ==, 1);
  g_assert_cmpuint (line->unit.link.replays + line->unit.link.bad_tags, >, 0);
  g_assert_cmpuint (line->ups, ==, 2);
}

/* On a line that alters one byte in 300, everything arrives once and in order. */
static void
test_noise (void)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  guint asked = 0;

  line->loss = 300;
  mf_test_line_run (line, 20000);
  for (guint32 i = 0; i < 200; i++)
    {
      guint8 request[5 + 20] = { MF_UNIT_UPDATE_DATA };
      g_autoptr (GBytes) answer = NULL;
      const guint8 *data;

      mf_put32 (request + 1, i * 100);
      line->channels[MF_TEST_LINE_TEMPERATURE].f += 1;
      answer = mf_test_line_ask (line, request, sizeof request);
      if (answer == NULL)
        continue; /* the session ended with the request in it; there is another */
      data = g_bytes_get_data (answer, NULL);
      if (data[0] != MF_UNIT_RESULT)
        continue;
      g_assert_cmpuint (mf_get32 (data + 3), ==, i * 100 + 20);
      asked++;
    }
  g_assert_cmpuint (asked, >, 150);
  g_assert_cmpuint (line->unit.link.bad_frames, >, 10);
  g_assert_cmpuint (line->unit.link.bad_tags, ==, 0);
}

/* A unit leaves the factory without a serial and a key; it takes them once. */
static void
test_provision (void)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (FALSE);
  const struct mf_bytes serial = { (const uint8_t *)"S-42", 4 };
  const struct mf_bytes nothing = { serial.data, 0 };
  const struct mf_bytes overlong = { (const uint8_t *)"1234567890123456789012345", 25 };
  guint8                other[MF_LINK_KEY] = { 1 };

  mf_test_line_run (line, 5000);
  g_assert_cmpuint (line->ups, ==, 0);
  g_assert_cmpuint (line->gateway.serial_size, ==, 0);
  g_assert_false (mf_link_provision (&line->gateway, line->now_ms, nothing, mf_test_line_key));
  g_assert_false (mf_link_provision (&line->gateway, line->now_ms, overlong, mf_test_line_key));
  g_assert_false (mf_link_provision (&line->unit.link, line->now_ms, serial, mf_test_line_key));
  g_assert_true (mf_link_provision (&line->gateway, line->now_ms, serial, mf_test_line_key));
  mf_test_line_run (line, 5000);
  g_assert_cmpuint (line->ups, ==, 1);
  g_assert_true (mf_link_provision (&line->gateway, line->now_ms, serial, other));
  mf_test_line_run (line, 5000);
  g_assert_cmpuint (line->unit.link.bad_frames, ==, 1);
  mf_test_line_start_unit (line);
  mf_test_line_run (line, 30000);
  g_assert_cmpuint (line->ups, ==, 2);
}

/* Each end of COBS: runs of 253 to 256 bytes, zeros at either end, an empty message. */
static void
test_framing (void)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  static const gsize sizes[] = { 0, 1, 100, MF_TEST_LINE_PAYLOAD };

  mf_test_line_run (line, 400);
  for (guint i = 0; i < 256 * G_N_ELEMENTS (sizes); i++)
    {
      guint32 bad = line->unit.link.bad_frames;
      size_t  room;
      guint8 *out;

      while ((out = mf_link_open (&line->gateway, &room)) == NULL)
        mf_test_line_run (line, 20);
      g_assert_cmpuint (room, ==, MF_TEST_LINE_PAYLOAD); /* the unit's, though ours is larger */
      memset (out, (int)(i / G_N_ELEMENTS (sizes)), room);
      out[0] = 0x7E; /* no request that would do something */
      mf_link_close (&line->gateway, line->now_ms, sizes[i % G_N_ELEMENTS (sizes)]);
      mf_test_line_run (line, 60);
      g_assert_cmpuint (line->unit.link.bad_frames, ==, bad);
    }
  g_assert_cmpuint (line->ups, ==, 1);
  g_assert_cmpuint (line->delivered, >=, 1000);
}

static void
test_overlong (void)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);

  for (guint i = 0; i < 5000; i++)
    mf_unit_bytes (&line->unit, (const guint8 *)"\xff", 1);
  mf_unit_bytes (&line->unit, (const guint8 *)"", 1);
  g_assert_cmpuint (line->unit.link.bad_frames, ==, 1);
  mf_test_line_run (line, 400);
  g_assert_cmpint (line->gateway.state, ==, MF_LINK_UP);
}

/* A unit that proves itself, and says that it takes less than anybody may. */
static void
test_small_payload (void)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);

  line->unit.link.rx_size = MF_LINK_OVERHEAD + MF_LINK_PAYLOAD_LEAST - 1;
  mf_test_line_run (line, 5000);
  g_assert_cmpuint (line->ups, ==, 0);
  g_assert_cmpuint (line->gateway.bad_frames, >, 0);
  line->unit.link.rx_size = MF_LINK_OVERHEAD + MF_LINK_PAYLOAD_LEAST;
  mf_test_line_run (line, 10000);
  g_assert_cmpuint (line->ups, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/link/session", test_session);
  g_test_add_func ("/link/wrong-key", test_wrong_key);
  g_test_add_func ("/link/false-start", test_false_start);
  g_test_add_func ("/link/replay", test_replay);
  g_test_add_func ("/link/noise", test_noise);
  g_test_add_func ("/link/provision", test_provision);
  g_test_add_func ("/link/framing", test_framing);
  g_test_add_func ("/link/overlong", test_overlong);
  g_test_add_func ("/link/small-payload", test_small_payload);
  return g_test_run ();
}
