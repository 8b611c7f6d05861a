/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-pricing"

#include "config.h"

#include "model/muster-money.h"
#include "muster-order-pricing.h"

/* What `muster_money_parse()` can read back. */
#define MAX_AMOUNT (G_GINT64_CONSTANT (1000000000000) * MUSTER_MONEY_SCALE)

typedef struct
{
  const char        *currency;
  MusterFieldErrors *errors;
} Pricing;

static void
refuse (Pricing *self, guint index, const char *member, const char *detail)
{
  g_autofree char *pointer = g_strdup_printf ("/items/%u/%s", index, member);

  muster_field_errors_add (self->errors, pointer, "%s", detail);
}

/* Adds AMOUNT to the line and to SUM, as far as both can be written down. */
static void
book (Pricing *self, MusterEntity *line, guint index, gint64 amount, gint64 *sum)
{
  muster_entity_set_integer (line, "subtotal", amount);
  if (ABS (*sum + amount) >= MAX_AMOUNT)
    refuse (self, index, "unit_price", "makes the order come to 10^12 or more");
  else
    *sum += amount;
}

static gint64
multiply (Pricing *self, MusterEntity *line, guint index)
{
  gint64 amount = 0;

  if (!muster_money_multiply (muster_entity_get_integer (line, "unit_price"),
                              muster_entity_get_integer (line, "quantity"), self->currency,
                              &amount))
    refuse (self, index, "unit_price", "times the quantity comes to 10^12 or more");
  return amount;
}

/* RATE of BASE. A tax of a thousand percent on the greatest order is still far within 64 bits, but
 * no longer within what is written. */
static gint64
take_rate (Pricing *self, MusterEntity *line, guint index, gint64 base)
{
  gint64 amount =
    muster_money_percent (base, muster_entity_get_integer (line, "rate"), self->currency);

  if (ABS (amount) < MAX_AMOUNT)
    return amount;
  refuse (self, index, "rate", "comes to 10^12 or more");
  return 0;
}

static gint64
price_charge (Pricing *self, MusterEntity *line, guint index, gint64 base)
{
  return muster_entity_is_null (line, "rate") ? multiply (self, line, index)
                                              : take_rate (self, line, index, base);
}

static void
price_line (Pricing *self, MusterEntity *line, guint index, MusterOrderTotals *totals, gint64 base)
{
  int    kind = muster_entity_get_enum (line, "kind");
  gint64 amount = 0;

  if (kind != MUSTER_ORDER_LINE_KIND_DISCOUNT && muster_entity_is_null (line, "rate") &&
      muster_entity_get_integer (line, "unit_price") < 0)
    refuse (self, index, "unit_price", "must not be negative: add a discount instead");
  switch (kind)
    {
    case MUSTER_ORDER_LINE_KIND_DISCOUNT:
      amount = -ABS (price_charge (self, line, index, totals->subtotal));
      book (self, line, index, amount, &totals->discount);
      break;
    case MUSTER_ORDER_LINE_KIND_TAX:
      book (self, line, index, price_charge (self, line, index, base), &totals->tax);
      break;
    case MUSTER_ORDER_LINE_KIND_SHIPPING:
      book (self, line, index, price_charge (self, line, index, totals->subtotal),
            &totals->shipping);
      break;
    default:
      book (self, line, index, multiply (self, line, index), &totals->subtotal);
      break;
    }
}

/* Those of KIND. */
static void
price_lines (Pricing *self, GPtrArray *lines, MusterOrderLineKind kind, MusterOrderTotals *totals)
{
  gint64 base = totals->subtotal + totals->discount + totals->shipping;

  for (guint i = 0; i < lines->len; i++)
    if (muster_entity_get_enum (lines->pdata[i], "kind") == (int)kind)
      price_line (self, lines->pdata[i], i, totals, base);
}

/* The line whose discount is the one too much. */
static void
check_discounts (Pricing *self, GPtrArray *lines, const MusterOrderTotals *totals)
{
  gint64 left = totals->subtotal;

  for (guint i = 0; i < lines->len; i++)
    {
      if (muster_entity_get_enum (lines->pdata[i], "kind") != MUSTER_ORDER_LINE_KIND_DISCOUNT)
        continue;
      left += muster_entity_get_integer (lines->pdata[i], "subtotal");
      if (left < 0)
        refuse (self, i, muster_entity_is_null (lines->pdata[i], "rate") ? "unit_price" : "rate",
                "takes off more than the goods come to");
    }
}

gboolean
muster_order_price (GPtrArray         *lines,
                    const char        *currency,
                    MusterOrderTotals *totals,
                    GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  Pricing pricing = { currency, errors };

  g_return_val_if_fail (lines != NULL, FALSE);
  g_return_val_if_fail (currency != NULL, FALSE);
  g_return_val_if_fail (totals != NULL, FALSE);

  *totals = (MusterOrderTotals){ 0 };
  price_lines (&pricing, lines, MUSTER_ORDER_LINE_KIND_ITEM, totals);
  price_lines (&pricing, lines, MUSTER_ORDER_LINE_KIND_DISCOUNT, totals);
  price_lines (&pricing, lines, MUSTER_ORDER_LINE_KIND_SHIPPING, totals);
  price_lines (&pricing, lines, MUSTER_ORDER_LINE_KIND_TAX, totals);
  check_discounts (&pricing, lines, totals);
  totals->total = totals->subtotal + totals->discount + totals->tax + totals->shipping;
  if (ABS (totals->total) >= MAX_AMOUNT)
    muster_field_errors_add (errors, "/items", "the order comes to 10^12 or more");
  return muster_field_errors_check (errors, error);
}
