/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-money"

#include "config.h"

#include <string.h>

#include "muster-money.h"

#define DECIMALS 4
#define MAX_WHOLE G_GINT64_CONSTANT (1000000000000)

/* ISO 4217, list one: those whose minor unit is not a hundredth. */
static const struct
{
  char     code[4];
  unsigned decimals;
} odd_currencies[] = {
  { "BHD", 3 }, { "BIF", 0 }, { "CLF", 4 }, { "CLP", 0 }, { "DJF", 0 }, { "GNF", 0 }, { "IQD", 3 },
  { "ISK", 0 }, { "JOD", 3 }, { "JPY", 0 }, { "KMF", 0 }, { "KRW", 0 }, { "KWD", 3 }, { "LYD", 3 },
  { "OMR", 3 }, { "PYG", 0 }, { "RWF", 0 }, { "TND", 3 }, { "UGX", 0 }, { "UYI", 0 }, { "UYW", 4 },
  { "VND", 0 }, { "VUV", 0 }, { "XAF", 0 }, { "XOF", 0 }, { "XPF", 0 },
};

gboolean
muster_money_parse (const char *text, gint64 *amount)
{
  gboolean negative;
  gint64   whole = 0, part = 0;
  int      decimals = 0;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (amount != NULL, FALSE);

  negative = *text == '-';
  text += negative;
  if (!g_ascii_isdigit (*text))
    return FALSE;
  for (; g_ascii_isdigit (*text); text++)
    {
      whole = whole * 10 + (*text - '0');
      if (whole >= MAX_WHOLE)
        return FALSE;
    }
  if (*text == '.')
    for (text++; g_ascii_isdigit (*text); text++)
      {
        if (decimals == DECIMALS && *text != '0')
          return FALSE;
        if (decimals < DECIMALS)
          {
            part = part * 10 + (*text - '0');
            decimals++;
          }
      }
  if (*text != '\0' || !g_ascii_isdigit (text[-1]))
    return FALSE;
  for (; decimals < DECIMALS; decimals++)
    part *= 10;
  *amount = (whole * MUSTER_MONEY_SCALE + part) * (negative ? -1 : 1);
  return TRUE;
}

void
muster_money_append (GString *text, gint64 amount)
{
  guint64 size = amount < 0 ? -(guint64)amount : (guint64)amount;
  gsize   end;

  g_return_if_fail (text != NULL);

  g_string_append_printf (text, "%s%" G_GUINT64_FORMAT ".%04" G_GUINT64_FORMAT,
                          amount < 0 ? "-" : "", size / MUSTER_MONEY_SCALE,
                          size % MUSTER_MONEY_SCALE);
  end = text->len;
  for (int i = DECIMALS; i > 2 && text->str[end - 1] == '0'; i--)
    end--;
  g_string_truncate (text, end);
}

char *
muster_money_format (gint64 amount)
{
  GString *text = g_string_new (NULL);

  muster_money_append (text, amount);
  return g_string_free_and_steal (text);
}

unsigned
muster_currency_get_decimals (const char *currency)
{
  for (guint i = 0; currency != NULL && i < G_N_ELEMENTS (odd_currencies); i++)
    if (strcmp (odd_currencies[i].code, currency) == 0)
      return odd_currencies[i].decimals;
  return 2;
}

/* NUMBER / DIVISOR, halves away from zero. */
static __int128
divide_rounded (__int128 number, gint64 divisor)
{
  return (number + (number < 0 ? -divisor / 2 : divisor / 2)) / divisor;
}

/* NUMBER / DIVISOR to the minor unit: rounded once, not twice. */
static __int128
round_to_minor (__int128 number, gint64 divisor, const char *currency)
{
  gint64 step = 1;

  for (unsigned i = muster_currency_get_decimals (currency); i < DECIMALS; i++)
    step *= 10;
  return divide_rounded (number, divisor * step) * step;
}

gint64
muster_money_round (gint64 amount, const char *currency)
{
  return round_to_minor (amount, 1, currency);
}

gboolean
muster_money_multiply (gint64 unit_price, gint64 quantity, const char *currency, gint64 *product)
{
  __int128 result = round_to_minor ((__int128)unit_price * quantity, 1, currency);

  g_return_val_if_fail (product != NULL, FALSE);

  if (result >= (__int128)MAX_WHOLE * MUSTER_MONEY_SCALE ||
      result <= -(__int128)MAX_WHOLE * MUSTER_MONEY_SCALE)
    return FALSE;
  *product = result;
  return TRUE;
}

gint64
muster_money_percent (gint64 amount, gint64 rate, const char *currency)
{
  return round_to_minor ((__int128)amount * rate, 10000, currency);
}
