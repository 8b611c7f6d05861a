/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-topic-pattern-test"

#include "config.h"

#include "model/muster-error.h"
#include "muster-topic-pattern.h"

/* clang-format off */
static const struct
{
  const char *pattern, *filter, *topic, *captures; /* joined by |; NULL: it does not match */
} examples[] = {
  { "tele/{topic}/SENSOR", "tele/+/SENSOR", "tele/plug/SENSOR", "plug" },
  { "tele/{topic}/SENSOR", "tele/+/SENSOR", "tele/plug/STATE", NULL },
  { "tele/{topic}/SENSOR", "tele/+/SENSOR", "tele/plug/SENSOR/x", NULL },
  { "tele/{topic}/SENSOR", "tele/+/SENSOR", "tele/plug", NULL },
  { "tele/{topic}/SENSOR", "tele/+/SENSOR", "tele//SENSOR", NULL },
  { "stat/x/POWER{n}", "stat/x/+", "stat/x/POWER12", "12" },
  { "stat/x/POWER{n}", "stat/x/+", "stat/x/POWER", NULL },
  { "switch:{n}/output", "+/output", "switch:0/output", "0" },
  { "a{x}b", "+", "acb", "c" },
  { "a{x}b", "+", "ab", NULL },
  { "{domain}/5/{device}/$state", "+/5/+/$state", "homie/5/boiler/$state", "homie|boiler" },
  { "shellies/{id}/{path...}", "shellies/+/#", "shellies/s1/relay/0/power", "s1|relay/0/power" },
  { "shellies/{id}/{path...}", "shellies/+/#", "shellies/s1", NULL },
  { "plain/topic", "plain/topic", "plain/topic", "" },
  { "/leading", "/leading", "/leading", "" },
};

static const char *const refused[] = { "", "a/+/b", "a/#", "a/{}", "a/{x}{y}", "a/{x", "a/x}", "a/{x...}/b", "a/p{x...}", "a/{x}+" };
/* clang-format on */

static void
test_patterns (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autoptr (MusterTopicPattern) pattern = muster_topic_pattern_new (examples[i].pattern, NULL);
      g_auto (GStrv) captures = NULL;
      g_autofree char *joined = NULL;

      g_test_message ("%s %s", examples[i].pattern, examples[i].topic);
      g_assert_cmpstr (muster_topic_pattern_get_filter (pattern), ==, examples[i].filter);
      captures = muster_topic_pattern_match (pattern, examples[i].topic);
      joined = captures != NULL ? g_strjoinv ("|", captures) : NULL;
      g_assert_cmpstr (joined, ==, examples[i].captures);
    }
}

static void
test_refused (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", refused[i]);
      g_assert_null (muster_topic_pattern_new (refused[i], &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
    }
}

/* The tree finds what each pattern by itself matches, before and after others went. */
static void
check_tree (MusterTopicTree *tree, GPtrArray *patterns, GHashTable *in_tree, const char *topic)
{
  g_autoptr (GPtrArray) matches = muster_topic_tree_match (tree, topic);
  unsigned n = 0;

  for (guint i = 0; i < patterns->len; i++)
    {
      g_auto (GStrv) captures = muster_topic_pattern_match (patterns->pdata[i], topic);
      gboolean found = FALSE;

      if (captures == NULL || !g_hash_table_contains (in_tree, patterns->pdata[i]))
        continue;
      n++;
      for (guint j = 0; matches != NULL && j < matches->len; j++)
        if (((MusterTopicMatch *)matches->pdata[j])->pattern == patterns->pdata[i])
          {
            found = TRUE;
            g_assert_cmpstrv (((MusterTopicMatch *)matches->pdata[j])->captures, captures);
          }
      g_assert_true (found);
    }
  g_assert_cmpuint (matches != NULL ? matches->len : 0, ==, n);
}

static char *
make_random (gboolean is_pattern)
{
  static const char *const levels[] = { "a", "b", "ab", "{x}", "a{x}", "{x}b" };
  unsigned                 n = g_test_rand_int_range (1, 5);
  GString                 *text = g_string_new (NULL);

  for (unsigned i = 0; i < n; i++)
    {
      g_string_append (text, i > 0 ? "/" : "");
      g_string_append (text, levels[g_test_rand_int_range (0, is_pattern ? 6 : 3)]);
    }
  if (is_pattern && g_test_rand_int_range (0, 5) == 0)
    g_string_append (text, "/{rest...}");
  return g_string_free (text, FALSE);
}

static void
test_tree (void)
{
  g_autoptr (MusterTopicTree) tree = muster_topic_tree_new ();
  g_autoptr (GPtrArray) patterns =
              g_ptr_array_new_with_free_func ((GDestroyNotify)muster_topic_pattern_free);
  g_autoptr (GHashTable) in_tree = g_hash_table_new (NULL, NULL);

  for (unsigned i = 0; i < 200; i++)
    {
      g_autofree char *text = make_random (TRUE);

      g_ptr_array_add (patterns, muster_topic_pattern_new (text, NULL));
      muster_topic_tree_add (tree, patterns->pdata[i], GUINT_TO_POINTER (i));
      g_hash_table_add (in_tree, patterns->pdata[i]);
    }
  for (unsigned i = 0; i < 2000; i++)
    {
      g_autofree char *topic = make_random (FALSE);
      unsigned         which = g_test_rand_int_range (0, 200);

      check_tree (tree, patterns, in_tree, topic);
      if (i % 20 == 0 && g_hash_table_remove (in_tree, patterns->pdata[which]))
        muster_topic_tree_remove (tree, patterns->pdata[which], GUINT_TO_POINTER (which));
    }
}

static void
test_names (void)
{
  g_assert_true (muster_topic_is_name ("a/b"));
  g_assert_false (muster_topic_is_name ("a/+"));
  g_assert_false (muster_topic_is_name ("a/#"));
  g_assert_false (muster_topic_is_name (""));
  g_assert_false (muster_topic_is_name ("$SYS/x"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/topic-pattern/patterns", test_patterns);
  g_test_add_func ("/topic-pattern/refused", test_refused);
  g_test_add_func ("/topic-pattern/tree", test_tree);
  g_test_add_func ("/topic-pattern/names", test_names);
  return g_test_run ();
}
