/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>

#include "model/muster-device.h"
#include "muster-filter-bar.h"
#include "muster-properties-row.h"
#include "muster-record-format.h"

static const MusterFilterChip chips[] = {
  { "status", "in_stock" },
  { "status", "sold" },
  { "kind", "sensor", .apart = TRUE },
  { "location_id", "null", "Without a place", TRUE },
  { "warranty_until.max", MUSTER_FILTER_NOW, "Out of warranty", TRUE, "retired_at", "null" },
};

static MusterFilterBar *
create_bar (void)
{
  MusterFilterBar *bar = g_object_ref_sink (g_object_new (MUSTER_TYPE_FILTER_BAR, NULL));

  muster_filter_bar_add_chips (bar, &muster_device_info, chips, G_N_ELEMENTS (chips));
  return bar;
}

static const char *
get_value (char **filters, const char *field)
{
  for (unsigned i = 0; filters[i] != NULL; i += 2)
    if (g_str_equal (filters[i], field))
      return filters[i + 1];
  return NULL;
}

static void
count_cb (MusterFilterBar *bar, unsigned *count)
{
  ++*count;
}

/* What is over by now, and not done with. */
static void
test_now (void)
{
  static const char *const wanted[] = { "warranty_until.max", "now", NULL };
  MusterFilterBar         *bar = create_bar ();
  g_auto (GStrv) filters = NULL;
  g_auto (GStrv) visible = NULL;
  g_autoptr (GDateTime) time = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  muster_filter_bar_apply (bar, wanted);
  filters = muster_filter_bar_list (bar);
  visible = muster_filter_bar_list_visible (bar);
  time = g_date_time_new_from_iso8601 (get_value (filters, "warranty_until.max"), NULL);
  g_assert_nonnull (time);
  g_assert_cmpint (ABS (g_date_time_difference (now, time)), <, 2 * G_TIME_SPAN_MINUTE);
  g_assert_cmpstr (get_value (filters, "retired_at"), ==, "null");
  /* A saved view means the day on which it is looked at. */
  g_assert_cmpstr (get_value (visible, "warranty_until.max"), ==, "now");
  g_assert_null (get_value (visible, "retired_at"));
  g_object_unref (bar);
}

static void
test_chips (void)
{
  static const char *const wanted[] = { "status", "sold,in_stock", "location_id", "null", NULL };
  MusterFilterBar         *bar = create_bar ();
  unsigned                 count = 0;
  g_auto (GStrv) filters = NULL;
  g_auto (GStrv) none = NULL;

  g_signal_connect (bar, "changed", G_CALLBACK (count_cb), &count);
  g_assert_false (muster_filter_bar_is_active (bar));
  muster_filter_bar_apply (bar, wanted);
  /* Many chips, one question. */
  g_assert_cmpuint (count, ==, 1);
  filters = muster_filter_bar_list (bar);
  g_assert_cmpstr (get_value (filters, "status"), ==, "in_stock,sold");
  g_assert_cmpstr (get_value (filters, "location_id"), ==, "null");
  g_assert_null (get_value (filters, "kind"));
  muster_filter_bar_apply (bar, NULL);
  none = muster_filter_bar_list (bar);
  g_assert_null (none[0]);
  g_assert_finalize_object (bar);
}

static void
test_conditions (void)
{
  MusterFilterBar *bar = create_bar ();
  g_auto (GStrv) all = NULL;
  g_auto (GStrv) seen = NULL;
  g_auto (GStrv) left = NULL;

  muster_filter_bar_set_condition (bar, "product_id", "p1", "Climate sensor");
  muster_filter_bar_set_condition (bar, "customer_id", "c1", NULL);
  all = muster_filter_bar_list (bar);
  seen = muster_filter_bar_list_visible (bar);
  g_assert_cmpstr (get_value (all, "customer_id"), ==, "c1");
  g_assert_null (get_value (seen, "customer_id"));
  g_assert_cmpstr (get_value (seen, "product_id"), ==, "p1");
  /* Clearing leaves what nobody sees. */
  muster_filter_bar_apply (bar, NULL);
  g_assert_false (muster_filter_bar_is_active (bar));
  left = muster_filter_bar_list (bar);
  g_assert_cmpstr (get_value (left, "customer_id"), ==, "c1");
  g_assert_null (get_value (left, "product_id"));
  g_assert_finalize_object (bar);
}

static void
test_money (void)
{
  static const struct
  {
    gint64      amount;
    const char *currency, *text;
  } cases[] = {
    { 125000, "EUR", "12.50\u00a0€" },
    { -30000, "CHF", "−3.00\u00a0CHF" },
    { 12345678900, "EUR", "1\u202f234\u202f567.89\u00a0€" },
    { 12340000, NULL, "1234.00" },
    { 125, "EUR", "0.0125\u00a0€" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = muster_format_money (cases[i].amount, cases[i].currency);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_properties (void)
{
  static const char *const texts[] = {
    "",
    "{\"Range\":\"−20 … 60 °C\",\"Humidity\":true,\"Channels\":4,\"Ports\":[1,2]}",
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      GtkWidget       *row = g_object_ref_sink (muster_properties_row_new ("Specifications"));
      g_autofree char *text = NULL;

      muster_properties_row_set_text (MUSTER_PROPERTIES_ROW (row), texts[i]);
      text = muster_properties_row_dup_text (MUSTER_PROPERTIES_ROW (row));
      g_assert_cmpstr (text, ==, texts[i]);
      g_object_unref (row);
    }
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/records/chips", test_chips);
  g_test_add_func ("/records/now", test_now);
  g_test_add_func ("/records/conditions", test_conditions);
  g_test_add_func ("/records/money", test_money);
  g_test_add_func ("/records/properties", test_properties);
  return g_test_run ();
}
