/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-life-test"

#include "config.h"

#include "muster-family-life.h"

#define SECOND G_TIME_SPAN_SECOND
#define START (1000 * SECOND)

static void
assert_state (MusterFamilyLife *life, gint64 seconds, MusterLiveState state)
{
  muster_family_life_update (life, START + seconds * SECOND);
  g_assert_cmpint (muster_family_life_get_state (life), ==, state);
}

static void
test_words (void)
{
  g_autoptr (MusterFamilyLife) life = muster_family_life_new ();

  assert_state (life, 0, MUSTER_LIVE_UNKNOWN);
  muster_family_life_add_source (life, "lwt", "", MUSTER_FAMILY_LIFE_LATEST);
  assert_state (life, 1, MUSTER_LIVE_UNKNOWN);
  muster_family_life_note_word (life, "lwt", TRUE);
  assert_state (life, 2, MUSTER_LIVE_ONLINE);
  /* A will that stands is worth more than silence. */
  muster_family_life_note_value (life, START + 3 * SECOND);
  assert_state (life, 100000, MUSTER_LIVE_ONLINE);
  muster_family_life_note_word (life, "lwt", FALSE);
  assert_state (life, 100001, MUSTER_LIVE_OFFLINE);
  /* And more than a value that was under way. */
  muster_family_life_note_value (life, START + 100002 * SECOND);
  assert_state (life, 100002, MUSTER_LIVE_OFFLINE);
  muster_family_life_reset (life);
  g_assert_cmpint (muster_family_life_get_state (life), ==, MUSTER_LIVE_UNKNOWN);
  assert_state (life, 100003, MUSTER_LIVE_UNKNOWN);
}

static void
test_modes (void)
{
  static const struct
  {
    MusterFamilyLifeMode mode;
    int                  first, second; /* -1: says nothing */
    MusterLiveState      state;
  } cases[] = {
    { MUSTER_FAMILY_LIFE_ALL, TRUE, -1, MUSTER_LIVE_UNKNOWN },
    { MUSTER_FAMILY_LIFE_ALL, TRUE, TRUE, MUSTER_LIVE_ONLINE },
    { MUSTER_FAMILY_LIFE_ALL, TRUE, FALSE, MUSTER_LIVE_OFFLINE },
    { MUSTER_FAMILY_LIFE_ALL, -1, FALSE, MUSTER_LIVE_OFFLINE },
    { MUSTER_FAMILY_LIFE_ANY, FALSE, -1, MUSTER_LIVE_UNKNOWN },
    { MUSTER_FAMILY_LIFE_ANY, FALSE, TRUE, MUSTER_LIVE_ONLINE },
    { MUSTER_FAMILY_LIFE_ANY, FALSE, FALSE, MUSTER_LIVE_OFFLINE },
    { MUSTER_FAMILY_LIFE_LATEST, TRUE, FALSE, MUSTER_LIVE_OFFLINE },
    { MUSTER_FAMILY_LIFE_LATEST, FALSE, TRUE, MUSTER_LIVE_ONLINE },
    { MUSTER_FAMILY_LIFE_LATEST, FALSE, -1, MUSTER_LIVE_OFFLINE },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterFamilyLife) life = muster_family_life_new ();

      g_test_message ("case %u", i);
      muster_family_life_add_source (life, "a", "g", cases[i].mode);
      muster_family_life_add_source (life, "b", "g", cases[i].mode);
      if (cases[i].first >= 0)
        muster_family_life_note_word (life, "a", cases[i].first);
      if (cases[i].second >= 0)
        muster_family_life_note_word (life, "b", cases[i].second);
      assert_state (life, 0, cases[i].state);
    }
}

/* One entity that is gone does not take the device with it. */
static void
test_groups (void)
{
  g_autoptr (MusterFamilyLife) life = muster_family_life_new ();

  muster_family_life_add_source (life, "a", "one", MUSTER_FAMILY_LIFE_ALL);
  muster_family_life_add_source (life, "b", "two", MUSTER_FAMILY_LIFE_ALL);
  muster_family_life_note_word (life, "a", FALSE);
  assert_state (life, 0, MUSTER_LIVE_OFFLINE);
  muster_family_life_note_word (life, "b", TRUE);
  assert_state (life, 1, MUSTER_LIVE_ONLINE);
  muster_family_life_remove_source (life, "b");
  assert_state (life, 2, MUSTER_LIVE_OFFLINE);
}

static void
test_silence (void)
{
  g_autoptr (MusterFamilyLife) life = muster_family_life_new ();

  for (int i = 0; i < 10; i++)
    muster_family_life_note_value (life, START + i * 60 * SECOND);
  assert_state (life, 9 * 60, MUSTER_LIVE_ONLINE);
  assert_state (life, 9 * 60 + 179, MUSTER_LIVE_ONLINE);
  assert_state (life, 9 * 60 + 181, MUSTER_LIVE_OFFLINE);
  muster_family_life_note_value (life, START + 2000 * SECOND);
  assert_state (life, 2000, MUSTER_LIVE_ONLINE);
}

/* What comes in bursts is not expected to come that fast. */
static void
test_bursts (void)
{
  g_autoptr (MusterFamilyLife) life = muster_family_life_new ();

  for (int i = 0; i < 5; i++)
    for (int j = 0; j < 8; j++)
      muster_family_life_note_value (life, START + i * 300 * SECOND + j * 1000);
  assert_state (life, 4 * 300 + 800, MUSTER_LIVE_ONLINE);
  assert_state (life, 4 * 300 + 901, MUSTER_LIVE_OFFLINE);
}

static void
test_expiry (void)
{
  g_autoptr (MusterFamilyLife) life = muster_family_life_new ();

  muster_family_life_add_source (life, "lwt", "", MUSTER_FAMILY_LIFE_LATEST);
  muster_family_life_note_word (life, "lwt", TRUE);
  muster_family_life_set_expiry (life, 60 * SECOND);
  muster_family_life_note_value (life, START);
  assert_state (life, 59, MUSTER_LIVE_ONLINE);
  assert_state (life, 61, MUSTER_LIVE_OFFLINE);
}

static void
test_parent (void)
{
  g_autoptr (MusterFamilyLife) life = muster_family_life_new ();

  muster_family_life_note_value (life, START);
  assert_state (life, 0, MUSTER_LIVE_ONLINE);
  muster_family_life_set_parent (life, MUSTER_LIVE_OFFLINE);
  assert_state (life, 1, MUSTER_LIVE_OFFLINE);
  g_assert_nonnull (strstr (muster_family_life_get_reason (life), "through"));
  muster_family_life_set_parent (life, MUSTER_LIVE_ONLINE);
  assert_state (life, 2, MUSTER_LIVE_ONLINE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/family-life/words", test_words);
  g_test_add_func ("/family-life/modes", test_modes);
  g_test_add_func ("/family-life/groups", test_groups);
  g_test_add_func ("/family-life/silence", test_silence);
  g_test_add_func ("/family-life/bursts", test_bursts);
  g_test_add_func ("/family-life/expiry", test_expiry);
  g_test_add_func ("/family-life/parent", test_parent);
  return g_test_run ();
}
