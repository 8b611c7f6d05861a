/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-group-filter.h"

static void
assert_round (const char *text, const char *const *filters, const char *query)
{
  g_autofree char *built = muster_group_filter_build (text, filters);
  g_autofree char *text_again = NULL;
  g_auto (GStrv) filters_again = NULL;

  g_assert_cmpstr (built, ==, query);
  g_assert_true (muster_group_filter_parse (built, &text_again, &filters_again));
  g_assert_cmpstr (text_again, ==, text != NULL ? text : "");
  g_assert_cmpstrv (filters_again, filters);
}

static void
test_round (void)
{
  const char *none[] = { NULL };
  const char *two[] = { "live_state", "online", "status", "deployed,reserved", NULL };

  assert_round ("cold", none, "q=cold");
  assert_round (NULL, two, "live_state=online&status=deployed,reserved");
  assert_round ("cold", two, "q=cold&live_state=online&status=deployed,reserved");
  assert_round ("a&b=c d%é+", none, "q=a%26b%3Dc%20d%25%C3%A9%2B");
}

static void
test_all (void)
{
  const char *none[] = { NULL };

  g_assert_null (muster_group_filter_build (NULL, none));
  g_assert_null (muster_group_filter_build ("", none));
}

static void
test_no_query (void)
{
  static const char *const queries[] = { "status", "q=%zz", "&&", "q=%ff" };

  for (unsigned i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      char  *text = NULL;
      char **filters = NULL;

      g_assert_false (muster_group_filter_parse (queries[i], &text, &filters));
      g_assert_null (text);
      g_assert_null (filters);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/group-filter/round", test_round);
  g_test_add_func ("/group-filter/all", test_all);
  g_test_add_func ("/group-filter/no-query", test_no_query);
  return g_test_run ();
}
