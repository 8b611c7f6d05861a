/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf-test-board.h"
#include "mf_crc32.h"
#include "mf_text.h"

/* Store, ring, clock and text: what has no protocol. */

static char *
get (struct mf_store *store, enum mf_key key)
{
  char   value[MF_STORE_VALUE_MAX];
  size_t size = mf_store_get (store, key, value, sizeof value);

  return g_strndup (value, size);
}

static void
assert_value (struct mf_store *store, enum mf_key key, const char *expected)
{
  g_autofree char *value = get (store, key);

  g_assert_cmpstr (value, ==, expected);
}

static bool
set (struct mf_store *store, enum mf_key key, const char *value)
{
  return mf_store_set (store, key, value, strlen (value));
}

static void
test_keeps (void)
{
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  struct mf_store store;
  char            little[3];

  g_assert_true (mf_store_init (&store, &board->port));
  assert_value (&store, MF_KEY_SECRET, "");
  g_assert_true (set (&store, MF_KEY_SECRET, "one"));
  g_assert_true (set (&store, MF_KEY_CREDENTIALS, "many more bytes"));
  g_assert_true (set (&store, MF_KEY_SECRET, "two"));
  g_assert_cmpuint (mf_store_get (&store, MF_KEY_CREDENTIALS, little, sizeof little), ==, 0);
  g_assert_true (mf_store_init (&store, &board->port));
  assert_value (&store, MF_KEY_SECRET, "two");
  assert_value (&store, MF_KEY_CREDENTIALS, "many more bytes");
  g_assert_true (mf_store_set (&store, MF_KEY_CREDENTIALS, NULL, 0));
  g_assert_true (mf_store_init (&store, &board->port));
  assert_value (&store, MF_KEY_CREDENTIALS, "");
}

static void
test_turns_over (void)
{
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  struct mf_store store;

  g_assert_true (mf_store_init (&store, &board->port));
  g_assert_true (set (&store, MF_KEY_SECRET, "stays"));
  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *value = g_strdup_printf ("session %u", i);

      g_assert_true (set (&store, MF_KEY_SESSION, value));
      assert_value (&store, MF_KEY_SESSION, value);
    }
  assert_value (&store, MF_KEY_SECRET, "stays");
  g_assert_cmpuint (store.generation, >, 10);
  g_assert_true (mf_store_init (&store, &board->port));
  assert_value (&store, MF_KEY_SESSION, "session 2999");
  assert_value (&store, MF_KEY_SECRET, "stays");
}

static void
test_full (void)
{
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  g_autofree char *large = g_strnfill (MF_STORE_VALUE_MAX, 'x');
  g_autofree char *larger = g_strnfill (MF_STORE_VALUE_MAX + 1, 'x');
  struct mf_store  store;

  g_assert_true (mf_store_init (&store, &board->port));
  g_assert_false (set (&store, MF_KEY_SECRET, larger));
  g_assert_true (set (&store, MF_KEY_SECRET, large));
  g_assert_false (
    set (&store, MF_KEY_CREDENTIALS, large)); /* with their heads both are more than a page */
  assert_value (&store, MF_KEY_CREDENTIALS, "");
  assert_value (&store, MF_KEY_SECRET, large);
}

/* Whatever byte is the last that gets power, the value is the old or the new one, the other keys
 * stand, and the store goes on. */
static void
torn_write (guint fill, const char *value)
{
  for (gint64 power = 0;; power++)
    {
      g_autoptr (MfTestBoard) board = mf_test_board_new ();
      g_autofree char *found = NULL;
      struct mf_store  store;
      bool             done;

      g_assert_true (mf_store_init (&store, &board->port));
      g_assert_true (set (&store, MF_KEY_SECRET, "secret") && set (&store, MF_KEY_SESSION, "old"));
      for (guint i = 0; i < fill; i++)
        g_assert_true (set (&store, MF_KEY_CREDENTIALS, i % 2 ? "a" : "b"));
      board->power = power;
      done = set (&store, MF_KEY_SESSION, value);
      assert_value (&store, MF_KEY_SESSION, done ? value : "old");
      board->dark = FALSE;
      board->power = -1;
      g_assert_true (mf_store_init (&store, &board->port));
      found = get (&store, MF_KEY_SESSION);
      if (!g_str_equal (found, value))
        g_assert_cmpstr (found, ==, "old");
      g_assert_true (!done || g_str_equal (found, value));
      assert_value (&store, MF_KEY_SECRET, "secret");
      g_assert_true (set (&store, MF_KEY_SESSION, "later") && mf_store_init (&store, &board->port));
      assert_value (&store, MF_KEY_SESSION, "later");
      if (done)
        return;
    }
}

static void
test_torn_append (void)
{
  torn_write (0, "the new value");
}

static void
test_torn_turn_over (void)
{
  torn_write ((MF_TEST_PAGE - 12 - 14 - 11) / 9, "the new value");
}

static void
test_torn_removal (void)
{
  torn_write (0, "");
}

static void
test_first_start_interrupted (void)
{
  for (gint64 power = 0; power < MF_TEST_PAGE + 20; power++)
    {
      g_autoptr (MfTestBoard) board = mf_test_board_new ();
      struct mf_store store;

      memset (board->flash, 0x5A, sizeof board->flash); /* a used chip */
      board->power = power;
      mf_store_init (&store, &board->port);
      board->dark = FALSE;
      board->power = -1;
      g_assert_true (mf_store_init (&store, &board->port));
      g_assert_true (set (&store, MF_KEY_SECRET, "x") && mf_store_init (&store, &board->port));
      assert_value (&store, MF_KEY_SECRET, "x");
    }
}

static void
test_flipped_bits (void)
{
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  g_autofree char *value = NULL;
  struct mf_store  store;

  g_assert_true (mf_store_init (&store, &board->port));
  g_assert_true (set (&store, MF_KEY_SECRET, "kept"));
  for (guint bit = 0; bit < 8 * 24; bit++)
    {
      board->flash[0][bit / 8] ^= 1u << bit % 8;
      if (mf_store_init (&store, &board->port) && bit >= 12 * 8)
        {
          g_autofree char *found = get (&store, MF_KEY_SECRET);

          g_assert_cmpstr (found, ==, ""); /* never anything else */
        }
      if (bit < 12 * 8) /* the header: init made a new page */
        {
          memset (board->flash, 0xFF, sizeof board->flash);
          g_assert_true (mf_store_init (&store, &board->port) &&
                         set (&store, MF_KEY_SECRET, "kept"));
          continue;
        }
      board->flash[0][bit / 8] ^= 1u << bit % 8;
    }
  g_assert_true (mf_store_init (&store, &board->port));
  value = get (&store, MF_KEY_SECRET);
  g_assert_cmpstr (value, ==, "kept");
}

static void
test_crc (void)
{
  g_assert_cmphex (mf_crc32 (0, "123456789", 9), ==, 0xCBF43926);
  g_assert_cmphex (mf_crc32 (mf_crc32 (0, "1234", 4), "56789", 5), ==, 0xCBF43926);
}

static void
test_ring (void)
{
  struct mf_sample space[4], sample = { 0 };
  struct mf_ring   ring;

  mf_ring_init (&ring, space, 4);
  g_assert_null (mf_ring_peek (&ring, 0));
  for (guint i = 0; i < 11; i++)
    {
      sample.time_ms = i;
      mf_ring_push (&ring, &sample);
    }
  g_assert_cmpuint (ring.count, ==, 4);
  g_assert_cmpuint (ring.dropped, ==, 7);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (mf_ring_peek (&ring, i)->time_ms, ==, 7 + i);
  mf_ring_drop_oldest (&ring, 3);
  g_assert_cmpuint (mf_ring_peek (&ring, 0)->time_ms, ==, 10);
  mf_ring_drop_oldest (&ring, 9);
  g_assert_cmpuint (ring.count, ==, 0);
  mf_ring_init (&ring, NULL, 0);
  mf_ring_push (&ring, &sample);
  mf_ring_drop_oldest (&ring, 1);
  g_assert_cmpuint (ring.dropped, ==, 1);
}

static void
test_clock (void)
{
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  struct mf_clock clock;

  mf_clock_init (&clock, &board->port);
  board->now_ms += 30;
  g_assert_cmpuint (mf_clock_now (&clock), ==, 30);
  mf_clock_at_least (&clock, 1000000);
  board->now_ms += 5;
  g_assert_cmpuint (mf_clock_now (&clock), ==, 1000005);
  mf_clock_at_least (&clock, 500);
  mf_clock_about (&clock, 1001000); /* near enough */
  mf_clock_about (&clock, 0);       /* no time */
  g_assert_cmpuint (mf_clock_now (&clock), ==, 1000005);
  mf_clock_about (&clock, 900000);
  g_assert_cmpuint (mf_clock_now (&clock), ==, 900000);
  board->wall_ms = 77;
  g_assert_cmpuint (mf_clock_now (&clock), ==, 77);
}

static gboolean
is_utf8 (const char *text, gsize size)
{
  return mf_text_is_utf8 ((struct mf_bytes){ (const guint8 *)text, size });
}

static void
test_utf8 (void)
{
  GRand *rand = g_rand_new_with_seed (7);

  g_assert_true (is_utf8 ("", 0));
  g_assert_false (is_utf8 ("\0", 1));
  for (guint i = 0; i < 200000; i++)
    {
      char  text[6];
      gsize size = g_rand_int_range (rand, 1, 6);

      for (gsize at = 0; at < size; at++)
        text[at] = (char)g_rand_int_range (rand, i % 2 ? 0x7E : 1, 0x100);
      g_assert_cmpint (is_utf8 (text, size), ==, g_utf8_validate (text, (gssize)size, NULL));
    }
  g_rand_free (rand);
}

static void
test_topic_level (void)
{
  g_assert_true (mf_text_is_topic_level ("Werk Süd 1"));
  g_assert_false (mf_text_is_topic_level (""));
  g_assert_false (mf_text_is_topic_level ("a/b"));
  g_assert_false (mf_text_is_topic_level ("a+"));
  g_assert_false (mf_text_is_topic_level ("#"));
  g_assert_false (mf_text_is_topic_level ("\xFF"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/keeps", test_keeps);
  g_test_add_func ("/store/turns-over", test_turns_over);
  g_test_add_func ("/store/full", test_full);
  g_test_add_func ("/store/torn-append", test_torn_append);
  g_test_add_func ("/store/torn-turn-over", test_torn_turn_over);
  g_test_add_func ("/store/torn-removal", test_torn_removal);
  g_test_add_func ("/store/first-start-interrupted", test_first_start_interrupted);
  g_test_add_func ("/store/flipped-bits", test_flipped_bits);
  g_test_add_func ("/store/crc", test_crc);
  g_test_add_func ("/ring/order-and-count", test_ring);
  g_test_add_func ("/clock/hints", test_clock);
  g_test_add_func ("/text/utf8", test_utf8);
  g_test_add_func ("/text/topic-level", test_topic_level);
  return g_test_run ();
}
