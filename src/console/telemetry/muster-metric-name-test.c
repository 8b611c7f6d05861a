/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-metric-name.h"

static void
assert_parts (const char *name, const char *folder, const char *label)
{
  g_autofree char *found = muster_metric_name_get_folder (name);

  g_assert_cmpstr (found, ==, folder);
  g_assert_cmpstr (muster_metric_name_get_label (name), ==, label);
}

static void
test_parts (void)
{
  assert_parts ("Sensor/Temperature", "Sensor", "Temperature");
  assert_parts ("a/b/c", "a/b", "c");
  assert_parts ("temperature", "", "temperature");
  assert_parts ("odd/", "", "odd/");
  assert_parts ("/odd", "", "odd");
  assert_parts ("", "", "");
}

/* Names without a folder stand first among those that measure. */
static void
test_order (void)
{
  static const char *const order[] = { "zone",
                                       "Output/Relay",
                                       "Sensor/Extra 2",
                                       "Sensor/Extra 10",
                                       "Diagnostics/Uptime",
                                       "Node Control/Reboot",
                                       "Properties/Date" };

  for (unsigned i = 0; i < G_N_ELEMENTS (order); i++)
    for (unsigned j = 0; j < G_N_ELEMENTS (order); j++)
      {
        int found = muster_metric_name_compare (order[i], order[j]);

        g_assert_cmpint ((found > 0) - (found < 0), ==, (i > j) - (i < j));
      }
}

static void
test_diagnostic (void)
{
  g_assert_true (muster_metric_name_is_diagnostic ("Node Control/Reboot"));
  g_assert_false (muster_metric_name_is_diagnostic ("Sensor/Diagnostics"));
}

static void
test_counter (void)
{
  g_assert_true (muster_metric_name_is_counter ("Heater/Cycles", NULL, TRUE));
  g_assert_true (muster_metric_name_is_counter ("Net/rx_packets", NULL, TRUE));
  g_assert_true (muster_metric_name_is_counter ("Net/RxErrors", NULL, TRUE));
  g_assert_true (muster_metric_name_is_counter ("Meter/Energy", "kWh", FALSE));
  g_assert_false (muster_metric_name_is_counter ("Meter/Power", "kW", FALSE));
  g_assert_false (muster_metric_name_is_counter ("Hall/Account", NULL, TRUE));
  g_assert_false (muster_metric_name_is_counter ("Tank/Total", "l", FALSE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metric-name/parts", test_parts);
  g_test_add_func ("/metric-name/order", test_order);
  g_test_add_func ("/metric-name/diagnostic", test_diagnostic);
  g_test_add_func ("/metric-name/counter", test_counter);
  return g_test_run ();
}
