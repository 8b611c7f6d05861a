/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-adoption-code.h"
#include "model/muster-label-secret.h"
#include "muster-announcement.h"

static char *
make_secret (void)
{
  guint8 secret[MUSTER_LABEL_SECRET_LENGTH];

  muster_label_secret_generate (secret);
  return muster_label_secret_format (secret);
}

static const MusterAnnouncedUnit *
get_unit (MusterAnnouncement *announcement, unsigned index)
{
  g_assert_cmpuint (index, <, announcement->units->len);
  return announcement->units->pdata[index];
}

static void
test_form (void)
{
  static const struct
  {
    const char            *text;
    MusterAnnouncementForm form;
    unsigned               n_units;
  } cases[] = {
    { "", MUSTER_ANNOUNCEMENT_EMPTY, 0 },
    { "  \n\r\n", MUSTER_ANNOUNCEMENT_EMPTY, 0 },
    { "A10-15", MUSTER_ANNOUNCEMENT_RANGES, 0 },
    { "100+3, ~", MUSTER_ANNOUNCEMENT_RANGES, 0 },
    { "A10, A11", MUSTER_ANNOUNCEMENT_RANGES, 0 },
    { "A10\nA11\r\n\nA12", MUSTER_ANNOUNCEMENT_UNITS, 3 },
    { "A10", MUSTER_ANNOUNCEMENT_UNITS, 1 },
    { "serial\nMN1-1\nMN1-2", MUSTER_ANNOUNCEMENT_UNITS, 2 },
    { "A1,00:11:22:33:44:55", MUSTER_ANNOUNCEMENT_UNITS, 1 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterAnnouncement) announcement = muster_announcement_parse (cases[i].text);

      g_assert_cmpint (announcement->form, ==, cases[i].form);
      g_assert_cmpuint (announcement->units->len, ==, cases[i].n_units);
      g_assert_cmpuint (announcement->errors->len, ==, 0);
    }
}

static void
test_table (void)
{
  g_autofree char *secret = make_secret ();
  g_autofree char *text = g_strdup_printf ("MAC;Serial Number;note;Secret\n"
                                           "AA-BB-CC-00-11-22;\"MN1-1; a\";x;%s\n"
                                           ";MN1-2\n",
                                           secret);
  g_autoptr (MusterAnnouncement) announcement = muster_announcement_parse (text);

  g_assert_cmpuint (announcement->errors->len, ==, 0);
  g_assert_cmpuint (announcement->units->len, ==, 2);
  g_assert_cmpstr (get_unit (announcement, 0)->serial, ==, "MN1-1; a");
  g_assert_cmpstr (get_unit (announcement, 0)->secret, ==, secret);
  g_assert_cmpstr (get_unit (announcement, 0)->mac, ==, "aa:bb:cc:00:11:22");
  g_assert_cmpstr (get_unit (announcement, 1)->serial, ==, "MN1-2");
  g_assert_null (get_unit (announcement, 1)->secret);
  g_assert_cmpuint (muster_announcement_count_secrets (announcement), ==, 1);
}

/* Without titles the columns are told by what stands in them, in any order. */
static void
test_guess (void)
{
  g_autofree char *secret = make_secret ();
  g_autofree char *text = g_strdup_printf ("%s\tA1\t00:11:22:33:44:55\nA2\t%s\n", secret, secret);
  g_autoptr (MusterAnnouncement) announcement = muster_announcement_parse (text);

  g_assert_cmpuint (announcement->units->len, ==, 2);
  g_assert_cmpstr (get_unit (announcement, 0)->serial, ==, "A1");
  g_assert_cmpstr (get_unit (announcement, 0)->mac, ==, "00:11:22:33:44:55");
  g_assert_cmpstr (get_unit (announcement, 1)->secret, ==, secret);
}

static void
test_codes (void)
{
  g_autofree char *secret = make_secret ();
  g_autofree char *code = muster_adoption_code_format ("MN1-77", secret, NULL);
  g_autofree char *text = g_strdup_printf ("%s\nMUSTER:1:MN1-78:NOTHING\n", code);
  g_autoptr (MusterAnnouncement) announcement = muster_announcement_parse (text);

  g_assert_cmpuint (announcement->units->len, ==, 1);
  g_assert_cmpstr (get_unit (announcement, 0)->serial, ==, "MN1-77");
  g_assert_cmpstr (get_unit (announcement, 0)->secret, ==, secret);
  g_assert_cmpuint (announcement->errors->len, ==, 1);
  g_assert_true (g_str_has_prefix (announcement->errors->pdata[0], "Line 2: "));
}

/* Every line that is wrong is named; the others stay. */
static void
test_errors (void)
{
  static const char text[] = "serial,secret,mac\n"
                             "A1,,\n"
                             "A1,,\n"
                             ",,00:11:22:33:44:55\n"
                             "A2,NOT-A-SECRET,\n"
                             "A3,,1234\n"
                             "A4,,\n";
  g_autoptr (MusterAnnouncement) announcement = muster_announcement_parse (text);

  g_assert_cmpuint (announcement->units->len, ==, 2);
  g_assert_cmpuint (announcement->errors->len, ==, 4);
  g_assert_cmpstr (announcement->errors->pdata[0], ==, "Line 3: A1 stands in line 2 too");
  g_assert_cmpstr (announcement->errors->pdata[1], ==, "Line 4: there is no serial number in it");
}

static void
test_many (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (MusterAnnouncement) announcement = NULL;

  for (unsigned i = 0; i <= MUSTER_ANNOUNCEMENT_MAXIMUM; i++)
    g_string_append_printf (text, "U%u\n", i);
  announcement = muster_announcement_parse (text->str);
  g_assert_cmpuint (announcement->units->len, ==, MUSTER_ANNOUNCEMENT_MAXIMUM);
  g_assert_cmpuint (announcement->errors->len, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/announcement/form", test_form);
  g_test_add_func ("/announcement/table", test_table);
  g_test_add_func ("/announcement/guess", test_guess);
  g_test_add_func ("/announcement/codes", test_codes);
  g_test_add_func ("/announcement/errors", test_errors);
  g_test_add_func ("/announcement/many", test_many);
  return g_test_run ();
}
