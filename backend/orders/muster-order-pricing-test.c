/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-money.h"
#include "muster-order-pricing.h"

static const char *const currencies[] = { "EUR", "JPY", "KWD", "CLF", "ZZZ" };

static MusterEntity *
add_line (GPtrArray *lines, MusterOrderLineKind kind, gint64 quantity, gint64 price)
{
  MusterEntity *line = muster_entity_new (&muster_order_item_info);

  muster_entity_set_enum (line, "kind", kind);
  muster_entity_set_integer (line, "quantity", quantity);
  muster_entity_set_integer (line, "unit_price", price);
  g_ptr_array_add (lines, line);
  return line;
}

static void
test_known (void)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;
  MusterOrderTotals totals;

  add_line (lines, MUSTER_ORDER_LINE_KIND_ITEM, 3, 199900);
  muster_entity_set_integer (add_line (lines, MUSTER_ORDER_LINE_KIND_DISCOUNT, 1, 0), "rate", 1000);
  add_line (lines, MUSTER_ORDER_LINE_KIND_SHIPPING, 1, 49000);
  muster_entity_set_integer (add_line (lines, MUSTER_ORDER_LINE_KIND_TAX, 1, 0), "rate", 1900);
  g_assert_true (muster_order_price (lines, "EUR", &totals, &error));
  g_assert_no_error (error);
  g_assert_cmpint (totals.subtotal, ==, 599700);
  g_assert_cmpint (totals.discount, ==, -60000);
  g_assert_cmpint (totals.shipping, ==, 49000);
  g_assert_cmpint (totals.tax, ==, 111900);
  g_assert_cmpint (totals.total, ==, 700600);
}

/* A discount takes off, whichever sign it is given with. */
static void
test_signs (void)
{
  for (int sign = -1; sign <= 1; sign += 2)
    {
      g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
      MusterOrderTotals totals;

      add_line (lines, MUSTER_ORDER_LINE_KIND_ITEM, 1, 100000);
      add_line (lines, MUSTER_ORDER_LINE_KIND_DISCOUNT, 1, sign * 30000);
      g_assert_true (muster_order_price (lines, "EUR", &totals, NULL));
      g_assert_cmpint (totals.total, ==, 70000);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    MusterOrderLineKind kind;
    gint64              quantity;
    gint64              price;
    const char         *pointer;
  } cases[] = {
    { MUSTER_ORDER_LINE_KIND_ITEM, 1, -1, "/items/1/unit_price" },
    { MUSTER_ORDER_LINE_KIND_SHIPPING, 1, -1, "/items/1/unit_price" },
    { MUSTER_ORDER_LINE_KIND_DISCOUNT, 1, 20000, "/items/1/unit_price" },
    { MUSTER_ORDER_LINE_KIND_ITEM, 1000000000, G_GINT64_CONSTANT (900000000000) * 10000,
      "/items/1/unit_price" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr (GError) error = NULL;
      MusterOrderTotals       totals;
      const MusterFieldError *row = NULL;

      add_line (lines, MUSTER_ORDER_LINE_KIND_ITEM, 1, 10000);
      add_line (lines, cases[i].kind, cases[i].quantity, cases[i].price);
      g_assert_false (muster_order_price (lines, "EUR", &totals, &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      row = muster_error_get_fields (error)->pdata[0];
      g_assert_cmpstr (row->pointer, ==, cases[i].pointer);
    }
}

static gboolean
is_minor (gint64 amount, const char *currency)
{
  return muster_money_round (amount, currency) == amount;
}

/* A random order of up to a hundred lines. */
static GPtrArray *
make_order (void)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_object_unref);
  int        n_lines = g_test_rand_int_range (1, 100);

  for (int i = 0; i < n_lines; i++)
    {
      int           kind = g_test_rand_int_range (0, 8);
      MusterEntity *line =
        add_line (lines, kind < 4 ? MUSTER_ORDER_LINE_KIND_ITEM : kind - 4,
                  g_test_rand_int_range (1, 10000), (gint64)g_test_rand_int_range (0, 1000000000));

      if (kind > 4 && g_test_rand_int_range (0, 2) == 0)
        muster_entity_set_integer (line, "rate", g_test_rand_int_range (0, 3000));
    }
  return lines;
}

/* Whatever the lines: each comes to whole minor units, and the totals are their sums to the last
 * one. */
static void
test_exact (void)
{
  unsigned n_priced = 0;

  for (unsigned round = 0; round < 4000; round++)
    {
      const char *currency = currencies[round % G_N_ELEMENTS (currencies)];
      g_autoptr (GPtrArray) lines = make_order ();
      MusterOrderTotals totals;
      gint64            sums[4] = { 0 };

      if (!muster_order_price (lines, currency, &totals, NULL))
        continue;
      n_priced++;
      for (guint i = 0; i < lines->len; i++)
        {
          gint64 subtotal = muster_entity_get_integer (lines->pdata[i], "subtotal");

          g_assert_true (is_minor (subtotal, currency));
          sums[muster_entity_get_enum (lines->pdata[i], "kind")] += subtotal;
        }
      g_assert_cmpint (sums[MUSTER_ORDER_LINE_KIND_ITEM], ==, totals.subtotal);
      g_assert_cmpint (sums[MUSTER_ORDER_LINE_KIND_DISCOUNT], ==, totals.discount);
      g_assert_cmpint (sums[MUSTER_ORDER_LINE_KIND_TAX], ==, totals.tax);
      g_assert_cmpint (sums[MUSTER_ORDER_LINE_KIND_SHIPPING], ==, totals.shipping);
      g_assert_cmpint (sums[0] + sums[1] + sums[2] + sums[3], ==, totals.total);
      g_assert_cmpint (totals.discount, <=, 0);
      g_assert_cmpint (totals.discount + totals.subtotal, >=, 0);
    }
  g_assert_cmpuint (n_priced, >, 500);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order-pricing/known", test_known);
  g_test_add_func ("/order-pricing/signs", test_signs);
  g_test_add_func ("/order-pricing/refused", test_refused);
  g_test_add_func ("/order-pricing/exact", test_exact);
  return g_test_run ();
}
