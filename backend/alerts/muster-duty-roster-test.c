/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/muster-core-test-util.h"
#include "model/muster-time.h"
#include "muster-duty-roster.h"

#define ANN "01900000-0000-7000-8000-00000000000a"
#define BEN "01900000-0000-7000-8000-00000000000b"
#define CEM "01900000-0000-7000-8000-00000000000c"

/* Three shifts a day on workdays; Cem at night, and over the weekend; Christmas Eve nobody in the
 * evening, Ben in the morning. */
#define SHIFTS                                                                                     \
  "[{\"person_id\":\"" ANN "\",\"days\":[1,2,3,4,5],\"from\":\"06:00\",\"to\":\"14:00\"},"         \
  "{\"person_id\":\"" BEN "\",\"days\":[1,2,3,4,5],\"from\":\"14:00\",\"to\":\"22:00\"},"          \
  "{\"person_id\":\"" CEM "\",\"days\":[1,2,3,4,5],\"from\":\"22:00\",\"to\":\"06:00\"},"          \
  "{\"person_id\":\"" CEM "\",\"days\":[6,7],\"from\":\"06:00\",\"to\":\"06:00\"}]"
#define EXCEPTIONS                                                                                 \
  "[{\"date\":\"2026-12-24\",\"person_id\":\"" BEN "\",\"from\":\"06:00\",\"to\":\"14:00\"},"      \
  "{\"date\":\"2026-12-24\",\"person_id\":null,\"from\":\"14:00\",\"to\":\"24:00\"}]"

static const struct
{
  const char *zone;
  const char *at;
  const char *people; /* letters */
  const char *until;  /* (nullable) */
} cases[] = {
  /* Monday, 30 November 2026, in Berlin: UTC+1 */
  { "Europe/Berlin", "2026-11-30T05:00:00Z", "a", "2026-11-30T13:00:00.000Z" },
  { "Europe/Berlin", "2026-11-30T04:59:59Z", "c", "2026-11-30T05:00:00.000Z" },
  { "Europe/Berlin", "2026-11-30T13:00:00Z", "b", "2026-11-30T21:00:00.000Z" },
  { "Europe/Berlin", "2026-11-30T21:00:00Z", "c", "2026-12-01T05:00:00.000Z" },
  { "Europe/Berlin", "2026-12-01T00:30:00Z", "c", "2026-12-01T05:00:00.000Z" },
  /* Saturday to Monday: Cem all the time, from Friday night on */
  { "Europe/Berlin", "2026-12-05T12:00:00Z", "c", "2026-12-07T05:00:00.000Z" },
  /* the same moment elsewhere */
  { "America/New_York", "2026-11-30T13:00:00Z", "a", "2026-11-30T19:00:00.000Z" },
  { "UTC", "2026-11-30T13:30:00Z", "a", "2026-11-30T14:00:00.000Z" },
  /* half an hour beside the hour */
  { "Asia/Kolkata", "2026-11-30T00:30:00Z", "a", "2026-11-30T08:30:00.000Z" },
  /* exceptions stand in the place of shifts */
  { "Europe/Berlin", "2026-12-24T08:00:00Z", "b", "2026-12-24T13:00:00.000Z" },
  { "Europe/Berlin", "2026-12-24T15:00:00Z", "", "2026-12-24T23:00:00.000Z" },
  { "Europe/Berlin", "2026-12-24T23:00:00Z", "c", "2026-12-25T05:00:00.000Z" },
  /* clocks are put forward in the night to Sunday, 29 March 2026: 02:00 becomes 03:00 */
  { "Europe/Berlin", "2026-03-27T21:00:00Z", "c", "2026-03-30T04:00:00.000Z" },
  { "Europe/Berlin", "2026-03-30T03:59:59Z", "c", "2026-03-30T04:00:00.000Z" },
  { "Europe/Berlin", "2026-03-30T04:00:00Z", "a", "2026-03-30T12:00:00.000Z" },
  /* and back in the night to Sunday, 25 October 2026: 03:00 becomes 02:00 */
  { "Europe/Berlin", "2026-10-23T12:00:00Z", "b", "2026-10-23T20:00:00.000Z" },
  { "Europe/Berlin", "2026-10-26T04:59:59Z", "c", "2026-10-26T05:00:00.000Z" },
  { "Europe/Berlin", "2026-10-26T05:00:00Z", "a", "2026-10-26T13:00:00.000Z" },
  /* a leap day */
  { "Europe/Berlin", "2028-02-29T06:00:00Z", "a", "2028-02-29T13:00:00.000Z" },
};

static gint64
parse (const char *text)
{
  gint64 at = 0;

  g_assert_true (muster_time_parse (text, &at));
  return at;
}

static MusterDutyRoster *
make_roster (const char *zone_name, const char *shifts, const char *exceptions)
{
  g_autoptr (MusterEntity) calendar = muster_entity_new (&muster_duty_calendar_info);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (zone_name);

  g_assert_nonnull (zone);
  muster_entity_set_string (calendar, "shifts", shifts);
  muster_entity_set_string (calendar, "exceptions", exceptions);
  return muster_duty_roster_new (calendar, zone);
}

/* The last letters of their ids. */
static char *
list (MusterDutyRoster *roster, gint64 at)
{
  g_autoptr (GArray) shifts = muster_duty_roster_list (roster, at);
  GString *people = g_string_new (NULL);

  for (guint i = 0; i < shifts->len; i++)
    {
      const MusterDutyShift *shift = &g_array_index (shifts, MusterDutyShift, i);

      g_assert_cmpint (shift->from, <=, at);
      g_assert_cmpint (shift->to, >, at);
      g_string_append_c (people, shift->person_id[35]);
    }
  return g_string_free_and_steal (people);
}

static void
test_cases (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterDutyRoster) roster = make_roster (cases[i].zone, SHIFTS, EXCEPTIONS);
      gint64           at = parse (cases[i].at);
      gint64           until = muster_duty_roster_find_change (roster, at);
      g_autofree char *people = list (roster, at);
      char             text[MUSTER_TIME_TEXT_LENGTH + 1];

      g_test_message ("%s %s", cases[i].zone, cases[i].at);
      g_assert_cmpstr (people, ==, cases[i].people);
      g_assert_cmpstr (muster_time_format (until, text), ==, cases[i].until);
    }
}

/* Over a year and both changes of the clocks, there is always somebody, and never two. */
static void
test_no_gaps (void)
{
  g_autoptr (MusterDutyRoster) roster = make_roster ("Europe/Berlin", SHIFTS, NULL);
  gint64 at = parse ("2026-01-01T00:07:00Z");

  for (unsigned i = 0; i < 365 * 24 * 2; i++, at += 30 * 60 * (gint64)G_USEC_PER_SEC)
    {
      g_autofree char *people = list (roster, at);

      if (strlen (people) != 1)
        g_test_message ("%s", people);
      g_assert_cmpuint (strlen (people), ==, 1);
    }
}

/* A shift through the night in which an hour comes twice, or not at all. */
static void
test_clock_changes (void)
{
  static const struct
  {
    const char *shift;
    const char *at;
    gint64      hours;
  } nights[] = {
    { "[{\"person_id\":\"" ANN "\",\"from\":\"22:00\",\"to\":\"06:00\"}]", "2026-10-24T22:00:00Z",
      9 },
    { "[{\"person_id\":\"" ANN "\",\"from\":\"22:00\",\"to\":\"06:00\"}]", "2026-03-28T22:00:00Z",
      7 },
    { "[{\"person_id\":\"" ANN "\",\"from\":\"22:00\",\"to\":\"06:00\"}]", "2026-06-28T22:00:00Z",
      8 },
    { "[{\"person_id\":\"" ANN "\",\"from\":\"00:00\",\"to\":\"24:00\"}]", "2026-10-25T12:00:00Z",
      25 },
    { "[{\"person_id\":\"" ANN "\",\"from\":\"00:00\",\"to\":\"00:00\"}]", "2026-03-29T12:00:00Z",
      23 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (nights); i++)
    {
      g_autoptr (MusterDutyRoster) roster = make_roster ("Europe/Berlin", nights[i].shift, NULL);
      g_autoptr (GArray) shifts = muster_duty_roster_list (roster, parse (nights[i].at));
      const MusterDutyShift *shift;

      g_assert_cmpuint (shifts->len, ==, 1);
      shift = &g_array_index (shifts, MusterDutyShift, 0);
      g_assert_cmpint ((shift->to - shift->from) / (3600 * (gint64)G_USEC_PER_SEC), ==,
                       nights[i].hours);
    }
}

static void
test_check (void)
{
  static const struct
  {
    const char *shifts;
    const char *exceptions; /* (nullable) */
    const char *pointer;    /* (nullable) */
  } checks[] = {
    { SHIFTS, EXCEPTIONS, NULL },
    { "[]", NULL, NULL },
    { "{}", NULL, "/shifts" },
    { "[1]", NULL, "/shifts/0" },
    { "[{\"from\":\"06:00\",\"to\":\"14:00\"}]", NULL, "/shifts/0/person_id" },
    { "[{\"person_id\":\"" ANN "\",\"from\":\"6:00\",\"to\":\"14:00\"}]", NULL, "/shifts/0/from" },
    { "[{\"person_id\":\"" ANN "\",\"from\":\"06:00\",\"to\":\"24:01\"}]", NULL, "/shifts/0/to" },
    { "[{\"person_id\":\"" ANN "\",\"days\":[8],\"from\":\"06:00\",\"to\":\"14:00\"}]", NULL,
      "/shifts/0/days" },
    { "[{\"person_id\":\"" ANN "\",\"days\":[],\"from\":\"06:00\",\"to\":\"14:00\"}]", NULL,
      "/shifts/0/days" },
    { "[]", "[{\"date\":\"2026-02-29\",\"from\":\"06:00\",\"to\":\"14:00\"}]",
      "/exceptions/0/date" },
    { "[]", "[{\"date\":\"24.12.2026\",\"from\":\"06:00\",\"to\":\"14:00\"}]",
      "/exceptions/0/date" },
    { "[]", "[{\"date\":\"2028-02-29\",\"from\":\"06:00\",\"to\":\"14:00\"}]", NULL },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      g_autoptr (MusterEntity) calendar = muster_entity_new (&muster_duty_calendar_info);
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
      g_autoptr (GError) error = NULL;

      g_test_message ("%u", i);
      muster_entity_set_string (calendar, "shifts", checks[i].shifts);
      muster_entity_set_string (calendar, "exceptions", checks[i].exceptions);
      muster_duty_roster_check (calendar, errors);
      g_assert_cmpint (muster_field_errors_check (errors, &error), ==, checks[i].pointer == NULL);
      if (checks[i].pointer != NULL)
        {
          const MusterFieldError *row = muster_error_get_fields (error)->pdata[0];

          g_assert_cmpstr (row->pointer, ==, checks[i].pointer);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/duty-roster/cases", test_cases);
  g_test_add_func ("/duty-roster/no-gaps", test_no_gaps);
  g_test_add_func ("/duty-roster/clock-changes", test_clock_changes);
  g_test_add_func ("/duty-roster/check", test_check);
  return g_test_run ();
}
