/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "muster-tones.h"

static void
test_sounds (void)
{
  static const char *const names[] = { "chime", "alarm" };

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GBytes) sound = muster_tones_synthesize (names[i]);
      gsize         size;
      const gint16 *samples;
      gsize         n_samples;
      int           loudest = 0, step = 0;

      g_assert_nonnull (sound);
      samples = g_bytes_get_data (sound, &size);
      n_samples = size / sizeof *samples;
      g_assert_cmpuint (n_samples, >, MUSTER_TONES_RATE / 2);
      g_assert_cmpuint (n_samples, <, MUSTER_TONES_RATE * 3);
      for (gsize k = 0; k < n_samples; k++)
        {
          loudest = MAX (loudest, abs (samples[k]));
          if (k > 0)
            step = MAX (step, abs (samples[k] - samples[k - 1]));
        }
      /* Loud, not clipped, silent at both ends, and without a click in between. */
      g_assert_cmpint (loudest, >, G_MAXINT16 / 2);
      g_assert_cmpint (loudest, <, G_MAXINT16 * 8 / 10);
      g_assert_cmpint (abs (samples[0]), <, 50);
      g_assert_cmpint (abs (samples[n_samples - 1]), <, 400);
      g_assert_cmpint (step, <, loudest / 2);
    }
}

static void
test_different (void)
{
  g_autoptr (GBytes) chime = muster_tones_synthesize ("chime");
  g_autoptr (GBytes) alarm = muster_tones_synthesize ("alarm");

  g_assert_false (g_bytes_equal (chime, alarm));
  g_assert_null (muster_tones_synthesize ("none"));
  g_assert_null (muster_tones_synthesize (NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tones/sounds", test_sounds);
  g_test_add_func ("/tones/different", test_different);
  return g_test_run ();
}
