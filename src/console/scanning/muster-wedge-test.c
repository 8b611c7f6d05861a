/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "scanning/muster-wedge.h"

/* What became of a row of keys: what went on to the window, in order, and what was scanned. */
typedef struct
{
  MusterWedge *wedge;
  GString     *held, *arrived, *scanned;
  GString     *everything; /* both, in order; a scan with its end */
  gint64       now;
} Keyboard;

static void
take_answer (Keyboard *self, MusterWedgeAnswer answer, char key)
{
  if (answer == MUSTER_WEDGE_REPLAY || answer == MUSTER_WEDGE_RENEW)
    {
      g_string_append (self->arrived, self->held->str);
      g_string_append (self->everything, self->held->str);
      g_string_truncate (self->held, 0);
    }
  if (answer == MUSTER_WEDGE_SCAN)
    {
      g_string_append_printf (self->scanned, "[%s]", muster_wedge_get_code (self->wedge));
      g_string_append_printf (self->everything, "%s\r", muster_wedge_get_code (self->wedge));
      g_string_truncate (self->held, 0);
    }
  else if (key != '\0' && (answer == MUSTER_WEDGE_HOLD || answer == MUSTER_WEDGE_RENEW))
    g_string_append_c (self->held, key);
  else if (key != '\0' && answer != MUSTER_WEDGE_DROP)
    {
      g_string_append_c (self->arrived, key);
      g_string_append_c (self->everything, key);
    }
  if (answer == MUSTER_WEDGE_PASS)
    g_assert_cmpstr (self->held->str, ==, "");
}

static void
setup (Keyboard *self, const MusterWedgeOptions *options)
{
  self->wedge = muster_wedge_new (options);
  self->held = g_string_new (NULL);
  self->arrived = g_string_new (NULL);
  self->scanned = g_string_new (NULL);
  self->everything = g_string_new (NULL);
  self->now = 1000;
}

static void
wait (Keyboard *self, unsigned msec)
{
  self->now += msec;
  if (msec > muster_wedge_get_gap (self->wedge))
    take_answer (self, muster_wedge_expire (self->wedge), '\0');
}

/* The key goes down WAIT ms after the one before, and up at once. '\r' and '\t' are Enter and Tab,
 * '^' is a key that types nothing. */
static void
strike (Keyboard *self, char key, unsigned msec)
{
  wait (self, msec);
  take_answer (self,
               muster_wedge_press (self->wedge, (unsigned char)key, key == '^' ? 0 : key,
                                   self->now),
               key);
  take_answer (self, muster_wedge_release (self->wedge, (unsigned char)key), '\0');
}

static void
strike_all (Keyboard *self, const char *keys, unsigned msec)
{
  for (; *keys != '\0'; keys++)
    strike (self, *keys, msec);
}

static void
check (Keyboard *self, const char *arrived, const char *scanned)
{
  wait (self, 1000);
  g_assert_cmpstr (self->arrived->str, ==, arrived);
  g_assert_cmpstr (self->scanned->str, ==, scanned);
  g_assert_cmpstr (self->held->str, ==, "");
  muster_wedge_free (self->wedge);
  g_string_free (self->held, TRUE);
  g_string_free (self->arrived, TRUE);
  g_string_free (self->scanned, TRUE);
  g_string_free (self->everything, TRUE);
}

static const MusterWedgeOptions defaults = MUSTER_WEDGE_DEFAULTS;

static void
test_scan (void)
{
  Keyboard keyboard;

  setup (&keyboard, &defaults);
  strike_all (&keyboard, "MN1-0A4C\r", 5);
  strike_all (&keyboard, "4006381333931\t", 20);
  check (&keyboard, "", "[MN1-0A4C][4006381333931]");
}

/* Two scans without a pause, as of a conveyor. */
static void
test_scans_in_a_row (void)
{
  Keyboard keyboard;

  setup (&keyboard, &defaults);
  strike_all (&keyboard, "AAAA\rBBBB\rCCCC\r", 2);
  check (&keyboard, "", "[AAAA][BBBB][CCCC]");
}

static void
test_typing (void)
{
  Keyboard keyboard;

  setup (&keyboard, &defaults);
  strike_all (&keyboard, "pump house\r", 120);
  check (&keyboard, "pump house\r", "");
}

/* 150 words a minute, with pairs of keys struck almost together. */
static void
test_fast_typist (void)
{
  Keyboard keyboard;

  setup (&keyboard, &defaults);
  for (const char *text = "the quick brown fox"; *text != '\0'; text++)
    strike (&keyboard, *text, *text == 'u' || *text == 'h' || *text == 'o' ? 12 : 75);
  strike (&keyboard, '\r', 80);
  check (&keyboard, "the quick brown fox\r", "");
}

/* A short word and Enter in one go is no scan: no code is so short. */
static void
test_short (void)
{
  Keyboard keyboard;

  setup (&keyboard, &defaults);
  strike_all (&keyboard, "ok\r", 10);
  check (&keyboard, "ok\r", "");
}

/* A key held down: the same at 30 a second, without coming up. */
static void
test_repeat (void)
{
  Keyboard keyboard;

  setup (&keyboard, &defaults);
  for (unsigned i = 0; i < 40; i++)
    {
      wait (&keyboard, i == 1 ? 400 : 30);
      take_answer (&keyboard, muster_wedge_press (keyboard.wedge, 'x', 'x', keyboard.now), 'x');
    }
  take_answer (&keyboard, muster_wedge_release (keyboard.wedge, 'x'), '\0');
  strike (&keyboard, '\r', 20);
  check (&keyboard, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r", "");
}

/* Typed text stays as it is, though a scan comes in the middle of it. */
static void
test_mixed (void)
{
  Keyboard keyboard;

  setup (&keyboard, &defaults);
  strike_all (&keyboard, "Hall", 90);
  wait (&keyboard, 200);
  strike_all (&keyboard, "MN1-0A4C\r", 6);
  strike_all (&keyboard, " 3", 110);
  check (&keyboard, "Hall 3", "[MN1-0A4C]");
}

/* The window was busy, so that nothing told in time that no key came. */
static void
test_late (void)
{
  Keyboard keyboard;

  setup (&keyboard, &defaults);
  strike (&keyboard, 'a', 100);
  keyboard.now += 500;
  strike_all (&keyboard, "B", 0);
  strike_all (&keyboard, "1234\r", 5);
  check (&keyboard, "a", "[B1234]");
}

/* Arrows and shortcuts come between: a person's. */
static void
test_other_keys (void)
{
  Keyboard keyboard;

  setup (&keyboard, &defaults);
  strike_all (&keyboard, "12^34\r", 10);
  check (&keyboard, "12^34\r", "");
}

static void
test_lone_end (void)
{
  Keyboard keyboard;

  setup (&keyboard, &defaults);
  strike_all (&keyboard, "\t\t\r", 10);
  check (&keyboard, "\t\t\r", "");
}

static void
test_prefix (void)
{
  MusterWedgeOptions options = MUSTER_WEDGE_DEFAULTS;
  Keyboard           keyboard;

  options.prefix = "~~";
  setup (&keyboard, &options);
  strike_all (&keyboard, "~~7\r", 90); /* slow, but announced, and short */
  strike_all (&keyboard, "12345678\r", 5);
  strike_all (&keyboard, "~x\r", 90);
  check (&keyboard, "12345678\r~x\r", "[7]");
}

static void
test_suffix (void)
{
  MusterWedgeOptions options = MUSTER_WEDGE_DEFAULTS;
  Keyboard           keyboard;

  options.suffix = "$$";
  setup (&keyboard, &options);
  strike_all (&keyboard, "A1B2$$\r", 5); /* Enter behind it goes with it */
  strike_all (&keyboard, "A1B2\r", 5);   /* and alone it does not end a code */
  strike_all (&keyboard, "$$", 5);
  check (&keyboard, "A1B2\r$$", "[A1B2]");
}

static void
test_endless (void)
{
  Keyboard keyboard;
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; i < 2 * MUSTER_WEDGE_LONGEST + 10; i++)
    g_string_append_c (text, 'a' + i % 26);
  setup (&keyboard, &defaults);
  strike_all (&keyboard, text->str, 1);
  check (&keyboard, text->str, "");
}

/* Enter of a scan comes up in vain, and the next one does not. */
static void
test_release (void)
{
  g_autoptr (MusterWedge) wedge = muster_wedge_new (&defaults);

  for (unsigned i = 0; i < 4; i++)
    {
      g_assert_cmpint (muster_wedge_press (wedge, 10 + i, '1', 100 + i), ==, MUSTER_WEDGE_HOLD);
      g_assert_cmpint (muster_wedge_release (wedge, 10 + i), ==, MUSTER_WEDGE_HOLD);
    }
  g_assert_cmpint (muster_wedge_press (wedge, 36, '\r', 105), ==, MUSTER_WEDGE_SCAN);
  g_assert_cmpint (muster_wedge_release (wedge, 36), ==, MUSTER_WEDGE_DROP);
  g_assert_cmpint (muster_wedge_press (wedge, 36, '\r', 110), ==, MUSTER_WEDGE_PASS);
  g_assert_cmpint (muster_wedge_release (wedge, 36), ==, MUSTER_WEDGE_PASS);
}

/* Whatever keys come at whatever times: nothing is lost, doubled, or changes places. */
static void
test_random (void)
{
  static const char keys[] = "ab1-\r\t^";

  for (unsigned round = 0; round < 2000; round++)
    {
      g_autoptr (GString) struck = g_string_new (NULL);
      Keyboard keyboard;

      setup (&keyboard, &defaults);
      for (unsigned i = 0; i < 60; i++)
        {
          char key = keys[g_test_rand_int_range (0, sizeof keys - 1)];

          g_string_append_c (struck, key == '\t' ? '\r' : key);
          strike (&keyboard, key, g_test_rand_int_range (0, 60));
        }
      wait (&keyboard, 1000);
      g_strdelimit (keyboard.everything->str, "\t", '\r');
      g_assert_cmpstr (keyboard.everything->str, ==, struck->str);
      g_string_assign (keyboard.arrived, "");
      g_string_assign (keyboard.scanned, "");
      check (&keyboard, "", "");
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wedge/scan", test_scan);
  g_test_add_func ("/wedge/scans-in-a-row", test_scans_in_a_row);
  g_test_add_func ("/wedge/typing", test_typing);
  g_test_add_func ("/wedge/fast-typist", test_fast_typist);
  g_test_add_func ("/wedge/short", test_short);
  g_test_add_func ("/wedge/repeat", test_repeat);
  g_test_add_func ("/wedge/mixed", test_mixed);
  g_test_add_func ("/wedge/late", test_late);
  g_test_add_func ("/wedge/other-keys", test_other_keys);
  g_test_add_func ("/wedge/lone-end", test_lone_end);
  g_test_add_func ("/wedge/prefix", test_prefix);
  g_test_add_func ("/wedge/suffix", test_suffix);
  g_test_add_func ("/wedge/endless", test_endless);
  g_test_add_func ("/wedge/release", test_release);
  g_test_add_func ("/wedge/random", test_random);
  return g_test_run ();
}
