/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "muster-label-zpl.h"

static const MusterUnitLabelText whole = {
  "Heater H-0001",
  "muster-uno",
  "H-0001",
  "MUSTER:1:H-0001:0123456789ABCDEFGHJKMNPQRSTV",
  "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV",
};

/* The numbers behind ^FO of each field of ZPL: (transfer full) (element-type unsigned), x and y in
 * turn. */
static GArray *
list_origins (const char *zpl)
{
  GArray *origins = g_array_new (FALSE, FALSE, sizeof (unsigned));

  while ((zpl = strstr (zpl, "^FO")) != NULL)
    {
      char    *end = NULL;
      unsigned x = (unsigned)strtoul (zpl + strlen ("^FO"), &end, 10);
      unsigned y = (unsigned)strtoul (end + 1, &end, 10);

      g_array_append_val (origins, x);
      g_array_append_val (origins, y);
      zpl = end;
    }
  return origins;
}

static void
test_whole (void)
{
  g_autofree char *zpl = muster_label_zpl_format (&whole, 62, 29, 203);
  g_autoptr (GArray) origins = list_origins (zpl);

  g_test_message ("%s", zpl);
  g_assert_true (g_str_has_prefix (zpl, "^XA\n^CI28\n^PW434\n^LL203\n"));
  g_assert_true (g_str_has_suffix (zpl, "^XZ\n"));
  g_assert_nonnull (strstr (zpl, "^FDMA,MUSTER:1:H-0001:0123456789ABCDEFGHJKMNPQRSTV^FS"));
  g_assert_nonnull (strstr (zpl, "^BCN,"));
  g_assert_nonnull (strstr (zpl, "^FD0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV^FS"));
  /* Title, model, secret, QR symbol, bars and their text. */
  g_assert_cmpuint (origins->len, ==, 2 * 6);
  for (guint i = 0; i < origins->len; i += 2)
    {
      g_assert_cmpuint (g_array_index (origins, unsigned, i), <, 434);
      g_assert_cmpuint (g_array_index (origins, unsigned, i + 1), <, 203);
    }
}

/* A name is no command, whatever it is. */
static void
test_names (void)
{
  const MusterUnitLabelText text = { "^XZ~JA_\n5 °C", NULL, NULL, NULL, NULL };
  g_autofree char          *zpl = muster_label_zpl_format (&text, 57, 32, 300);

  g_assert_nonnull (strstr (zpl, "^FH_^FD_5EXZ_7EJA_5F_0A5 °C^FS"));
  g_assert_null (strchr (zpl, '~'));
  g_assert_true (strstr (zpl, "^XZ") == zpl + strlen (zpl) - strlen ("^XZ\n"));
}

/* Whatever names and numbers are, no field lies off the label, and no command comes of one. */
static void
test_mutated (void)
{
  for (unsigned i = 0; i < 2000; i++)
    {
      g_autoptr (GString) name = g_string_new ("Heater ^FO9,9 ~HS _5E ü");
      MusterUnitLabelText text = whole;
      g_autofree char    *valid = NULL;
      g_autofree char    *zpl = NULL;
      g_autoptr (GArray) origins = NULL;

      for (unsigned change = 0; change <= i % 5; change++)
        muster_test_mutate (name);
      valid = g_utf8_make_valid (name->str, (gssize)strlen (name->str));
      text.title = valid;
      zpl = muster_label_zpl_format (&text, 102, 51, 152 + i % 449);
      origins = list_origins (zpl);
      g_assert_cmpuint (origins->len, ==, 2 * 6);
      g_assert_null (strchr (zpl, '~'));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/label-zpl/whole", test_whole);
  g_test_add_func ("/label-zpl/names", test_names);
  g_test_add_func ("/label-zpl/mutated", test_mutated);
  return g_test_run ();
}
