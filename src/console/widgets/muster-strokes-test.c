/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/muster-api-json.h"
#include "muster-strokes.h"

static void
test_normalize (void)
{
  g_autoptr (MusterStrokes) strokes = muster_strokes_new ();
  const MusterStrokePoint *points;
  unsigned                 n_points;

  g_assert_true (muster_strokes_is_empty (strokes));
  g_assert_false (muster_strokes_extend (strokes, 1, 1, 10, 10));
  muster_strokes_begin (strokes, 150, 20, 300, 100);
  g_assert_true (muster_strokes_extend (strokes, 300, 100, 300, 100));
  /* Outside is the edge; and where nothing is to be seen, nothing is kept. */
  g_assert_false (muster_strokes_extend (strokes, 300.2, 99.9, 300, 100));
  g_assert_true (muster_strokes_extend (strokes, -40, 500, 300, 100));
  muster_strokes_begin (strokes, 0, 0, 300, 100);
  g_assert_cmpuint (muster_strokes_get_length (strokes), ==, 2);
  points = muster_strokes_peek (strokes, 0, &n_points);
  g_assert_cmpuint (n_points, ==, 3);
  g_assert_cmpfloat (points[0].x, ==, 0.5);
  g_assert_cmpfloat (points[0].y, ==, 0.2);
  g_assert_cmpfloat (points[2].x, ==, 0);
  g_assert_cmpfloat (points[2].y, ==, 1);
  muster_strokes_clear (strokes);
  g_assert_true (muster_strokes_is_empty (strokes));
}

/* However long somebody scribbles, the record holds it. */
static void
test_limit (void)
{
  g_autoptr (MusterStrokes) strokes = muster_strokes_new ();
  g_autoptr (MusterStrokes) again = muster_strokes_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  for (int i = 0; i < 200; i++)
    {
      muster_strokes_begin (strokes, i % 7, 0, 7, 997);
      for (int j = 0; j < 200; j++)
        muster_strokes_extend (strokes, (i + j) % 7, j * 7 % 997, 7, 997);
    }
  node = muster_strokes_to_json (strokes);
  text = muster_api_json_to_string (node, FALSE);
  g_assert_cmpuint (strlen (text), <, 65536);
  g_assert_true (muster_strokes_read_json (again, node));
  g_assert_cmpuint (muster_strokes_get_length (again), ==, muster_strokes_get_length (strokes));
}

static void
test_read (void)
{
  static const struct
  {
    const char *json;
    gboolean    right;
    unsigned    n_strokes;
  } cases[] = {
    { "[]", TRUE, 0 },
    { "[[[0,0],[0.5,1]],[[1,1]]]", TRUE, 2 },
    { "[[]]", TRUE, 1 },
    { "{}", FALSE, 0 },
    { "[1]", FALSE, 0 },
    { "[[1]]", FALSE, 0 },
    { "[[[1]]]", FALSE, 0 },
    { "[[[1,2]]]", FALSE, 0 },
    { "[[[-0.1,1]]]", FALSE, 0 },
    { "[[[\"0\",1]]]", FALSE, 0 },
    { "[[[null,1]]]", FALSE, 0 },
    { "[[[0,1,0]]]", FALSE, 0 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterStrokes) strokes = muster_strokes_new ();
      g_autoptr (JsonNode) node = json_from_string (cases[i].json, NULL);

      g_assert_cmpint (muster_strokes_read_json (strokes, node), ==, cases[i].right);
      g_assert_cmpuint (muster_strokes_get_length (strokes), ==, cases[i].n_strokes);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/strokes/normalize", test_normalize);
  g_test_add_func ("/strokes/limit", test_limit);
  g_test_add_func ("/strokes/read", test_read);
  return g_test_run ();
}
