/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <math.h>

#include "../esp8266/float.c"

/* Numbers at random, every third of nearly the same size, some too small for their hidden bit. */
static void
test_as_the_host (void)
{
  GRand *rand = g_rand_new_with_seed (9);

  for (guint i = 0; i < 1000000; i++)
    {
      union number a = { .u = g_rand_int (rand) }, b = { .u = g_rand_int (rand) }, here, there;
      guint32      value = a.u >> (i % 32);

      if (i % 3 == 0)
        b.u = (b.u & ~INFINITE) | ((a.u + ((b.u % 7) << 23)) & INFINITE);
      if (i % 50 == 0)
        a.u &= ~INFINITE;
      if (i % 70 == 0)
        b.u |= INFINITE;
      here.f = i % 2 ? __subsf3 (a.f, b.f) : __addsf3 (a.f, b.f);
      there.f = i % 2 ? a.f - b.f : a.f + b.f;
      if (!isnan (there.f))
        g_assert_cmphex (here.u, ==, there.u);
      else
        g_assert_true (isnan (here.f));
      g_assert_true (__floatunsisf (value) == (float)value);
      g_assert_true (__floatsisf ((gint32)a.u) == (float)(gint32)a.u);
    }
  g_rand_free (rand);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/float/as-the-host", test_as_the_host);
  return g_test_run ();
}
