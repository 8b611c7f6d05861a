/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "model/muster-error.h"
#include "muster-rsql.h"

/* tests/fuzz/fuzz-rsql.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ROUNDS 2000

/* name=Lamp 3, id=7, attribute.hw=2, empty="", tag=Hall and tag=Roof. */
static char **
get_value (const char *field, gpointer user_data)
{
  static const char *const values[][2] = {
    { "name", "Lamp 3" }, { "id", "7" }, { "attribute.hw", "2" }, { "empty", "" }
  };

  static const char *const tags[] = { "Hall", "Roof", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    if (strcmp (values[i][0], field) == 0)
      return muster_rsql_take_value (g_strdup (values[i][1]));
  return strcmp (field, "tag") == 0 ? g_strdupv ((char **)tags) : NULL;
}

/* 1: it matches, 0: not, -1: it is refused. */
static const struct
{
  const char *text;
  int         matches;
} cases[] = {
  { "id==7", 1 },
  { "id==70", 0 },
  { "ID == 7", 1 },
  { "id!=7", 0 },
  { "id=lt=10", 1 }, /* numbers, not texts */
  { "id<7", 0 },
  { "id<=7", 1 },
  { "id>6.5", 1 },
  { "id=ge=8", 0 },
  { "id=in=(1,7,9)", 1 },
  { "id=out=(1,7,9)", 0 },
  { "id=in=7", 1 },
  { "name=='lamp 3'", 1 },
  { "name==lamp*", 1 },
  { "name==*3", 1 },
  { "name==*a*m*3*", 1 },
  { "name==lamp", 0 },
  { "name==\"LAMP \\3\"", 1 },
  { "name=gt=a", 1 },
  { "attribute.hw==2;name==lamp*", 1 },
  { "attribute.hw==3,name==lamp*", 1 },
  { "attribute.hw==3;name==lamp*", 0 },
  { "id==1;id==2,id==7", 1 },
  { "id==7,id==1;id==2", 1 },
  { "(id==7,id==1);id==2", 0 },
  { "id==7 and (name==x or name==lamp*)", 1 },
  { "id==7 AND(name==x OR(name==lamp*))", 1 },
  { "other==*", 1 },
  { "other==x", 0 },
  { "other!=x", 1 },
  { "other<1", 0 },
  { "empty==''", 1 },
  { "android==1", 0 },
  { "tag==roof;tag==h*", 1 },
  { "tag==yard", 0 },
  { "tag!=roof", 0 },
  { "tag!=yard", 1 },
  { "tag=in=(yard,hall)", 1 },
  { "tag=out=(yard,hall)", 0 },
  { "", -1 },
  { "id", -1 },
  { "id=7", -1 },
  { "id==", -1 },
  { "==7", -1 },
  { "id==7;", -1 },
  { "id==7 id==8", -1 },
  { "(id==7", -1 },
  { "id==7)", -1 },
  { "id=in=(7", -1 },
  { "id=in=()", -1 },
  { "id=='7", -1 },
  { "id=='7\\", -1 },
};

static void
test_filters (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterRsql) filter = muster_rsql_parse (cases[i].text, &error);

      g_test_message ("%s", cases[i].text);
      if (cases[i].matches < 0)
        g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
      else
        {
          g_assert_no_error (error);
          g_assert_cmpint (muster_rsql_matches (filter, get_value, NULL), ==, cases[i].matches);
        }
    }
}

static void
test_limits (void)
{
  for (unsigned depth = MUSTER_RSQL_MAX_DEPTH - 1; depth <= MUSTER_RSQL_MAX_DEPTH + 1; depth++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (MusterRsql) filter = NULL;

      for (unsigned i = 0; i < depth; i++)
        g_string_append_c (text, '(');
      g_string_append (text, "id==7");
      for (unsigned i = 0; i < depth; i++)
        g_string_append_c (text, ')');
      filter = muster_rsql_parse (text->str, NULL);
      g_assert_cmpint (filter != NULL, ==, depth <= MUSTER_RSQL_MAX_DEPTH);
    }
}

/* Which fields it looks at, however deep. */
static void
test_uses (void)
{
  static const char *const fields[] = { "tag", "ipaddress", NULL };
  static const struct
  {
    const char *text;
    gboolean    uses;
  } rows[] = {
    { "id==7", FALSE },
    { "IpAddress==10.*", TRUE },
    { "id==7;(name==tag,(attribute.hw!=2,tag=in=(a,b)))", TRUE },
    { "name==tag;attribute.tag==2", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MusterRsql) filter = muster_rsql_parse (rows[i].text, NULL);

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (muster_rsql_uses (filter, fields), ==, rows[i].uses);
    }
}

static void
run (const char *data, gsize length)
{
  g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)data, length), ==, 0);
}

static void
test_mutations (void)
{
  for (unsigned round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GString) text = g_string_new (cases[round % G_N_ELEMENTS (cases)].text);

      for (int i = g_test_rand_int_range (1, 6); i > 0; i--)
        muster_test_mutate (text);
      run (text->str, text->len);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rsql/filters", test_filters);
  g_test_add_func ("/rsql/limits", test_limits);
  g_test_add_func ("/rsql/uses", test_uses);
  g_test_add_func ("/rsql/mutations", test_mutations);
  return g_test_run ();
}
