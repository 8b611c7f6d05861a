/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-money.h"
#include "model/muster-product.h"
#include "muster-order-draft.h"

#define MONEY(units, part) ((gint64)(units) * MUSTER_MONEY_SCALE + (part))

static MusterDraftLine *
add (MusterOrderDraft *draft, MusterOrderLineKind kind, gint64 quantity, gint64 price, int rate)
{
  MusterDraftLine *line = muster_order_draft_add (draft, kind);

  line->quantity = quantity;
  line->unit_price = price;
  line->has_rate = rate != 0;
  line->rate = rate;
  return line;
}

static void
test_totals (void)
{
  g_autoptr (MusterOrderDraft) draft = muster_order_draft_new ("EUR");
  MusterDraftTotals totals;
  MusterDraftLine  *discount;

  add (draft, MUSTER_ORDER_LINE_KIND_ITEM, 3, MONEY (19, 9900), 0);
  add (draft, MUSTER_ORDER_LINE_KIND_ITEM, 7, MONEY (0, 333), 0);
  discount = add (draft, MUSTER_ORDER_LINE_KIND_DISCOUNT, 1, 0, 1000);
  add (draft, MUSTER_ORDER_LINE_KIND_TAX, 1, 0, 1900);
  add (draft, MUSTER_ORDER_LINE_KIND_SHIPPING, 1, MONEY (5, 9000), 0);
  g_assert_true (muster_order_draft_sum (draft, &totals, NULL));
  g_assert_cmpint (totals.items, ==, MONEY (60, 2000));
  g_assert_cmpint (totals.discount, ==, -MONEY (6, 200));
  g_assert_cmpint (totals.shipping, ==, MONEY (5, 9000));
  /* 19 % of 60.20 - 6.02 + 5.90 = 60.08: 11.4152 */
  g_assert_cmpint (totals.tax, ==, MONEY (11, 4200));
  g_assert_cmpint (totals.total, ==, MONEY (71, 5000));

  /* Whoever writes the sign of a discount means the same. */
  discount->rate = -1000;
  g_assert_true (muster_order_draft_sum (draft, &totals, NULL));
  g_assert_cmpint (totals.discount, ==, -MONEY (6, 200));
  g_assert_cmpint (totals.total, ==, totals.items + totals.discount + totals.tax + totals.shipping);
}

/* Money without minor units: each line is rounded, and the total is the sum of what is shown. */
static void
test_currency (void)
{
  g_autoptr (MusterOrderDraft) draft = muster_order_draft_new ("JPY");
  MusterDraftTotals totals;

  add (draft, MUSTER_ORDER_LINE_KIND_ITEM, 3, MONEY (100, 5000), 0);
  add (draft, MUSTER_ORDER_LINE_KIND_TAX, 1, 0, 1000);
  g_assert_true (muster_order_draft_sum (draft, &totals, NULL));
  g_assert_cmpint (totals.items, ==, MONEY (302, 0));
  g_assert_cmpint (totals.tax, ==, MONEY (30, 0));
  g_assert_cmpint (totals.total, ==, MONEY (332, 0));
}

static void
test_too_much (void)
{
  g_autoptr (MusterOrderDraft) draft = muster_order_draft_new ("EUR");
  MusterDraftTotals totals;
  MusterDraftLine  *failed = NULL, *line;

  add (draft, MUSTER_ORDER_LINE_KIND_ITEM, 1, MONEY (1, 0), 0);
  line = add (draft, MUSTER_ORDER_LINE_KIND_ITEM, 1000000000, MONEY (999999, 0), 0);
  g_assert_false (muster_order_draft_sum (draft, &totals, &failed));
  g_assert_true (failed == line);
}

static void
test_lines (void)
{
  g_autoptr (MusterOrderDraft) draft = muster_order_draft_new ("EUR");
  g_autoptr (MusterOrderDraft) again = muster_order_draft_new ("EUR");
  g_autoptr (MusterEntity) product = muster_entity_new (&muster_product_info);
  g_autoptr (JsonArray) array = NULL;
  g_autofree char *saved = NULL, *saved_again = NULL;
  MusterDraftLine *line;

  muster_entity_set_string (product, "id", "0190a1b2-0000-7000-8000-000000000001");
  muster_entity_set_string (product, "name", "Pump");
  muster_entity_set_integer (product, "unit_price", MONEY (12, 5000));
  muster_order_draft_add (draft, MUSTER_ORDER_LINE_KIND_ITEM);
  line = muster_order_draft_add (draft, MUSTER_ORDER_LINE_KIND_ITEM);
  muster_draft_line_set_product (line, product);
  line->quantity = 4;
  g_assert_cmpstr (line->description, ==, "Pump");
  g_assert_true (muster_order_draft_find_product (draft, line->product_id) == line);
  g_assert_cmpint (muster_order_draft_count_product (draft, line->product_id), ==, 4);
  add (draft, MUSTER_ORDER_LINE_KIND_DISCOUNT, 1, 0, 500);
  add (draft, MUSTER_ORDER_LINE_KIND_DISCOUNT, 1, MONEY (3, 0), 0);

  /* A line with nothing in it is not written, and rows of an error are counted without it. */
  array = muster_order_draft_to_json (draft);
  g_assert_cmpuint (json_array_get_length (array), ==, 3);
  g_assert_true (muster_order_draft_get_written (draft, 0) == line);
  g_assert_null (muster_order_draft_get_written (draft, 3));
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (array, 0),
                                                  "unit_price"),
                   ==, "12.50");
  g_assert_cmpint (json_object_get_int_member (json_array_get_object_element (array, 1), "rate"),
                   ==, -500);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (array, 2),
                                                  "unit_price"),
                   ==, "-3.00");

  saved = muster_order_draft_save (draft);
  g_assert_true (muster_order_draft_restore (again, array));
  saved_again = muster_order_draft_save (again);
  g_assert_cmpstr (saved_again, ==, saved);
}

static void
test_typed_line (void)
{
  static const struct
  {
    const char *text;
    gint64      quantity;
    const char *term;
  } cases[] = {
    { "pump", 1, "pump" },
    { "3 x pump", 3, "pump" },
    { "3x pump", 3, "pump" },
    { "12*ABC-1", 12, "ABC-1" },
    { "2 × Meter 3", 2, "Meter 3" },
    { "Meter 3", 1, "Meter 3" },
    { "Meter 3 x 5", 5, "Meter 3" },
    { "Meter*5", 5, "Meter" },
    { "Meter ×5", 5, "Meter" },
    { "Box10", 1, "Box10" },
    { "3xl jacket", 1, "3xl jacket" },
    { "4006381333931", 1, "4006381333931" },
    { "0 x pump", 1, "0 x pump" },
    { "5000000000 x pump", 1, "5000000000 x pump" },
    { "  ", 1, "" },
    { "", 1, "" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64           quantity = -1;
      g_autofree char *term = muster_line_entry_parse (cases[i].text, &quantity);

      g_assert_cmpstr (term, ==, cases[i].term);
      g_assert_cmpint (quantity, ==, cases[i].quantity);
    }
}

static void
test_charge (void)
{
  static const struct
  {
    const char *text;
    int         what;
    gint64      value;
  } cases[] = {
    { "19 %", 2, 1900 },    { "7.5%", 2, 750 },    { "-10%", 2, -1000 }, { "0,25 %", 2, 25 },
    { "12.50", 1, 125000 }, { "12,5", 1, 125000 }, { "-3", 1, -30000 },  { "0.005 %", 0, 0 },
    { "2000 %", 0, 0 },     { "", 0, 0 },          { "%", 0, 0 },        { "ten", 0, 0 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 amount = 0;
      int    rate = 0;
      int    what = muster_charge_parse (cases[i].text, &amount, &rate);

      g_assert_cmpint (what, ==, cases[i].what);
      g_assert_cmpint (what == 2 ? rate : amount, ==, cases[i].value);
    }
}

static void
test_rate (void)
{
  static const struct
  {
    int         rate;
    const char *text;
  } cases[] = { { 1900, "19 %" }, { 750, "7.5 %" }, { 25, "0.25 %" }, { -1005, "-10.05 %" } };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = muster_rate_format (cases[i].rate);
      gint64           amount;
      int              rate;

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpint (muster_charge_parse (text, &amount, &rate), ==, 2);
      g_assert_cmpint (rate, ==, cases[i].rate);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order-draft/totals", test_totals);
  g_test_add_func ("/order-draft/currency", test_currency);
  g_test_add_func ("/order-draft/too-much", test_too_much);
  g_test_add_func ("/order-draft/lines", test_lines);
  g_test_add_func ("/order-draft/typed-line", test_typed_line);
  g_test_add_func ("/order-draft/charge", test_charge);
  g_test_add_func ("/order-draft/rate", test_rate);
  return g_test_run ();
}
