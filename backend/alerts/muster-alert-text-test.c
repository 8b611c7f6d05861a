/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-alert-text.h"

typedef struct
{
  double      value, threshold;
  const char *unit, *title;
} Case;

static const Case cases[] = {
  { 24.52854, 24, "°C", "Tank: level is 24.53 °C, above 24 °C" },
  { 85.25, 80, NULL, "Tank: level is 85.25, above 80" },
  { 95, 90.5, "", "Tank: level is 95, above 90.5" },
  { 3512.75, 3000, "W", "Tank: level is 3512.8 W, above 3000 W" },
  { 0.123456, 0.1, "l", "Tank: level is 0.1235 l, above 0.1 l" },
  /* Digits that matter: it does not read as if it were the limit. */
  { 80.00125, 80, NULL, "Tank: level is 80.001, above 80" },
  { 1000000.25, 1000000, NULL, "Tank: level is 1000000.2, above 1000000" },
  /* What a person chose stays as it was chosen. */
  { 30, 24.12345, NULL, "Tank: level is 30, above 24.12345" },
  { 0, -0.5, NULL, "Tank: level is 0, above -0.5" },
  { -0.00004, -1, NULL, "Tank: level is -4×10⁻⁵, above -1" },
  { -0.00014, -1, NULL, "Tank: level is -0.0001, above -1" },
  { 4.5e12, 1, NULL, "Tank: level is 4500000000000, above 1" },
  { 100, 7, NULL, "Tank: level is 100, above 7" },
  { INFINITY, 7, NULL, "Tank: level is inf, above 7" },
  { 12.3456, NAN, NULL, "Tank: level is 12.35" },
};

static void
test_title (gconstpointer data)
{
  const Case            *one = data;
  const MusterAlertPlan  plan = { .kind = MUSTER_ALERT_RULE_THRESHOLD };
  const MusterAlertWords words = { .device = "Tank",
                                   .metric = "level",
                                   .unit = one->unit,
                                   .value = one->value,
                                   .threshold = one->threshold };
  g_autofree char       *title = muster_alert_make_title (&plan, &words);

  g_assert_cmpstr (title, ==, one->title);
}

static void
test_detail (void)
{
  char message[] = "{device}: {value} {unit}, more than {threshold} in {place} {odd";
  const MusterAlertPlan  plan = { .kind = MUSTER_ALERT_RULE_THRESHOLD, .message = message };
  const MusterAlertWords words = {
    .device = "Tank", .metric = "level", .unit = "°C", .value = 24.52854, .threshold = 24.125
  };
  g_autofree char *detail = muster_alert_make_detail (&plan, &words);

  g_assert_cmpstr (detail, ==, "Tank: 24.53 °C, more than 24.125 in  {odd");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/alert-text/%zu", i);

      g_test_add_data_func (path, &cases[i], test_title);
    }
  g_test_add_func ("/alert-text/detail", test_detail);
  return g_test_run ();
}
