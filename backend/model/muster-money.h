/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An amount of money is a whole number of ten-thousandths of its currency's unit: exact for every
 * currency of ISO 4217, whose minor units have up to four decimals, and for prices of a fraction of
 * a cent. Sums are rounded to the currency's minor unit. */
#define MUSTER_MONEY_SCALE G_GINT64_CONSTANT (10000)

/* "12.5", "-3", "1200.00": a decimal number with at most four decimals, less than 10^12 either way;
 * no exponent, no grouping. */
gboolean muster_money_parse (const char *text, gint64 *amount);
/* At least two decimals, at most four: "12.50", "0.0125". (transfer full) */
char *muster_money_format (gint64 amount);
void  muster_money_append (GString *text, gint64 amount);

/* Decimals of the minor unit of CURRENCY (ISO 4217): 2 for one that is not known. */
unsigned muster_currency_get_decimals (const char *currency);
/* AMOUNT rounded to the minor unit of CURRENCY, halves away from zero. */
gint64 muster_money_round (gint64 amount, const char *currency);
/* UNIT_PRICE times QUANTITY, rounded. FALSE: more than 10^12. */
gboolean muster_money_multiply (gint64      unit_price,
                                gint64      quantity,
                                const char *currency,
                                gint64     *product);
/* RATE hundredths of a percent of AMOUNT, rounded. */
gint64 muster_money_percent (gint64 amount, gint64 rate, const char *currency);

G_END_DECLS
