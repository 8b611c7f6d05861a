/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-record-format"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "model/muster-money.h"
#include "muster-duration.h"
#include "muster-format.h"
#include "muster-record-format.h"
#include "muster-references.h"

/* Symbols that stand for one currency everywhere in Europe; all others by their code. */
static const struct
{
  const char *code, *symbol;
} symbols[] = {
  { "EUR", "€" },
  { "GBP", "£" },
  { "JPY", "¥" },
  { "USD", "US$" },
};

static const char *
find_symbol (const char *currency)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (g_strcmp0 (symbols[i].code, currency) == 0)
      return symbols[i].symbol;
  return currency;
}

/* NUMBER ("-1234567.50") with thin spaces between thousands. */
static char *
group_digits (const char *number)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize sign = *number == '-' ? 1 : 0;
  gsize digits = strcspn (number + sign, ".");

  if (sign)
    g_string_append (text, "−");
  for (gsize i = 0; i < digits; i++)
    {
      /* ISO 31-0: groups of three, from five digits on. */
      if (i > 0 && digits > 4 && (digits - i) % 3 == 0)
        g_string_append (text, "\u202f");
      g_string_append_c (text, number[sign + i]);
    }
  g_string_append (text, number + sign + digits);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

char *
muster_format_money (gint64 amount, const char *currency)
{
  g_autofree char *number = muster_money_format (amount);
  g_autofree char *grouped = group_digits (number);

  if (currency == NULL)
    return g_steal_pointer (&grouped);
  /* Translators: an amount and its currency: "12.50 €". The space does not break. */
  return g_strdup_printf (_ ("%s\u00a0%s"), grouped, find_symbol (currency));
}

char *
muster_format_date (gint64 time, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (time);
  g_autoptr (GDateTime) date = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;

  /* Translators: a day for g_date_time_format(). */
  return date != NULL ? g_date_time_format (date, _ ("%-e %b %Y")) : g_strdup ("");
}

static char *
format_reference (MusterSession *session, const MusterField *field, const char *id)
{
  const char *name = NULL;

  if (field->references == NULL || muster_reference_find_info (field->references) == NULL)
    return g_strdup (id);
  name = muster_references_get_name (muster_references_get (session), field->references, id);
  return g_strdup (name != NULL ? name : "…");
}

static char *
format_money (MusterEntity *record, gint64 amount)
{
  int index = muster_entity_info_find (muster_entity_get_info (record), "currency");

  return muster_format_money (amount,
                              index >= 0 ? muster_entity_get_string (record, "currency") : NULL);
}

const char *
muster_record_format_unit (const MusterField *field)
{
  static const struct
  {
    const char *unit, *word; /* WORD is N_() marked */
  } words[] = {
    { "%", "%" },
    { "d", N_ ("days") },
    { "kBy/s", "kB/s" },
    { "mo", N_ ("months") },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (words[i].unit, field->unit) == 0)
      return _ (words[i].word);
  return NULL;
}

static char *
format_integer (const MusterField *field, gint64 value)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, value);
  g_autofree char *grouped = group_digits (number);
  const char      *word;

  if (field->unit == NULL)
    return g_steal_pointer (&grouped);
  if (g_str_equal (field->unit, "mo"))
    return g_strdup_printf (ngettext ("%s month", "%s months", value), grouped);
  if (g_str_equal (field->unit, "d"))
    return g_strdup_printf (ngettext ("%s day", "%s days", value), grouped);
  if (g_str_equal (field->unit, "By"))
    return g_format_size (value);
  if (g_str_equal (field->unit, "s") && value >= 0)
    return muster_duration_format (value);
  word = muster_record_format_unit (field);
  return g_strdup_printf ("%s\u00a0%s", grouped, word != NULL ? word : field->unit);
}

char *
muster_record_format_index (MusterSession *session, MusterEntity *record, unsigned index)
{
  const MusterField *field = &muster_entity_get_info (record)->fields[index];
  const MusterValue *value = muster_entity_peek (record, index);

  if (value->is_null)
    return NULL;
  switch (field->type)
    {
    case MUSTER_FIELD_ENUM:
      return g_strdup (_ (muster_enum_get_label (field->enumeration, value->integer)));
    case MUSTER_FIELD_TIME:
      return muster_format_short_time (value->integer, g_get_real_time (),
                                       muster_session_get_zone (session));
    case MUSTER_FIELD_MONEY:
      return format_money (record, value->integer);
    case MUSTER_FIELD_BOOLEAN:
      return g_strdup (value->integer ? _ ("Yes") : _ ("No"));
    case MUSTER_FIELD_UUID:
      return format_reference (session, field, value->text);
    case MUSTER_FIELD_INTEGER:
      return format_integer (field, value->integer);
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    case MUSTER_FIELD_DOUBLE:
    case MUSTER_FIELD_JSON:
    default:
      return muster_field_format_text (field, value);
    }
}

char *
muster_record_format (MusterSession *session, MusterEntity *record, const char *name)
{
  int index = muster_entity_info_find (muster_entity_get_info (record), name);

  g_return_val_if_fail (index >= 0, NULL);

  return muster_record_format_index (session, record, index);
}

char *
muster_record_format_line (MusterSession *session, MusterEntity *record, const char *const *fields)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *last = NULL;

  for (unsigned i = 0; fields[i] != NULL; i++)
    {
      g_autofree char *text = muster_record_format (session, record, fields[i]);

      /* A model that is called as its number is told once. */
      if (text != NULL && *text != '\0' && g_strcmp0 (text, last) != 0)
        g_string_append_printf (line, "%s%s", line->len > 0 ? " · " : "", text);
      g_set_str (&last, text);
    }
  return g_string_free_and_steal (g_steal_pointer (&line));
}
