/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-hours.h"

#define WEEKDAYS 0x1f

static void
test_clock (void)
{
  static const struct
  {
    const char *text;
    int         minutes; /* -1: refused */
  } cases[] = {
    { "6", 360 },      { "06", 360 },   { "6:30", 390 }, { "06:30", 390 }, { "0630", 390 },
    { "630", 390 },    { "0:00", 0 },   { "24:00", 0 },  { "24", 0 },      { "23:59", 1439 },
    { " 7:05 ", 425 }, { "24:01", -1 }, { "25", -1 },    { "6:60", -1 },   { "", -1 },
    { "six", -1 },     { "6:", -1 },    { ":30", -1 },   { "-6:00", -1 },  { "12345", -1 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int      minutes = -1;
      gboolean read = muster_clock_parse (cases[i].text, &minutes);

      g_test_message ("“%s”", cases[i].text);
      g_assert_cmpint (read, ==, cases[i].minutes >= 0);
      g_assert_cmpint (minutes, ==, cases[i].minutes);
    }
}

static void
test_days (void)
{
  static const struct
  {
    unsigned    days;
    const char *text;
  } cases[] = {
    { MUSTER_HOURS_EVERY_DAY, "Every day" },
    { WEEKDAYS, "Mon–Fri" },
    { 0x60, "Sat, Sun" },
    { 0x01 | 0x04 | 0x08, "Mon, Wed, Thu" },
    { 0x07 | 0x40, "Mon–Wed, Sun" },
    { 0x10, "Fri" },
    { 0, "" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = muster_days_format (cases[i].days);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_length (void)
{
  const MusterHours day = { WEEKDAYS, 360, 840, NULL };
  const MusterHours night = { WEEKDAYS, 1320, 360, NULL };
  const MusterHours whole = { WEEKDAYS, 0, 0, NULL };
  g_autofree char  *text = muster_hours_format (&night);

  g_assert_cmpint (muster_hours_get_length (&day), ==, 480);
  g_assert_cmpint (muster_hours_get_length (&night), ==, 480);
  g_assert_cmpint (muster_hours_get_length (&whole), ==, MUSTER_MINUTES_A_DAY);
  g_assert_cmpstr (text, ==, "Mon–Fri, 22:00–06:00");
}

static void
test_json (void)
{
  static const char text[] = "[{\"person_id\":\"p1\",\"days\":[1,2,7],\"from\":\"22:00\",\"to\":"
                             "\"06:00\"},{\"days\":[6],\"from\":\"00:00\",\"to\":\"12:30\"}]";
  g_autoptr (GPtrArray) list = muster_hours_list_from_json (text);
  const MusterHours *first = list->pdata[0];
  g_autofree char   *back = muster_hours_list_to_json (list);

  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpuint (first->days, ==, 0x43);
  g_assert_cmpint (first->from, ==, 1320);
  g_assert_cmpstr (first->who, ==, "p1");
  g_assert_null (((MusterHours *)list->pdata[1])->who);
  g_assert_cmpstr (back, ==, text);
}

/* From outside: whatever shape it has. */
static void
test_odd_json (void)
{
  static const char *const texts[] = { NULL,
                                       "",
                                       "{}",
                                       "[1,\"a\",null]",
                                       "[{\"from\":\"22:00\"}]",
                                       "[{\"from\":\"x\",\"to\":\"06:00\",\"days\":3}]" };

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GPtrArray) list = muster_hours_list_from_json (texts[i]);
      g_autofree char *back = muster_hours_list_to_json (list);

      g_assert_cmpuint (list->len, ==, 0);
      g_assert_null (back);
    }
  g_assert_cmpuint (muster_days_from_json ("[0,1,8,\"2\",null,7]"), ==, 0x41);
  g_assert_null (muster_days_to_json (0));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hours/clock", test_clock);
  g_test_add_func ("/hours/days", test_days);
  g_test_add_func ("/hours/length", test_length);
  g_test_add_func ("/hours/json", test_json);
  g_test_add_func ("/hours/odd-json", test_odd_json);
  return g_test_run ();
}
