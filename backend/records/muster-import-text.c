/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-import-text"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "muster-import-plan.h"

static const MusterEnumValue date_formats[] = {
  { "iso", "2026-12-31" }, { "dmy", "31.12.2026" }, { "mdy", "12/31/2026" },
  { "ymd", "2026/12/31" }, { NULL, NULL },
};
const MusterEnum muster_import_date_format_enum = { "ImportDateFormat", date_formats };

/* "1.234,50 €", "1,234.50": digits, sign and a decimal point. */
static char *
convert_number (const char *text, gboolean decimal_comma)
{
  g_autoptr (GString) number = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (character == (decimal_comma ? ',' : '.'))
        g_string_append_c (number, '.');
      else if (character == (decimal_comma ? '.' : ',') || character == '\'' ||
               g_unichar_isspace (character) ||
               g_unichar_type (character) == G_UNICODE_CURRENCY_SYMBOL)
        continue;
      else
        g_string_append_unichar (number, character);
    }
  return g_string_free_and_steal (g_steal_pointer (&number));
}

/* Days in the time zone of the site, as people write them. */
static char *
convert_time (const char *text, MusterImportDateFormat format)
{
  static const int positions[][3] = { [MUSTER_IMPORT_DATE_ISO] = { 0, 1, 2 },
                                      [MUSTER_IMPORT_DATE_DMY] = { 2, 1, 0 },
                                      [MUSTER_IMPORT_DATE_MDY] = { 2, 0, 1 },
                                      [MUSTER_IMPORT_DATE_YMD] = { 0, 1, 2 } };
  int              parts[3], hour = 0, minute = 0, second = 0;
  int              year;
  g_autoptr (GDateTime) local = NULL;
  g_autoptr (GDateTime) utc = NULL;

  if (strchr (text, 'T') != NULL || sscanf (text, "%d%*1[-./]%d%*1[-./]%d %d:%d:%d", &parts[0],
                                            &parts[1], &parts[2], &hour, &minute, &second) < 3)
    return g_strdup (text);
  year = parts[positions[format][0]];
  if (year >= 0 && year < 100)
    year += 2000;
  local = g_date_time_new_local (year, parts[positions[format][1]], parts[positions[format][2]],
                                 hour, minute, second);
  utc = local != NULL ? g_date_time_to_utc (local) : NULL;
  return utc != NULL ? g_date_time_format (utc, "%Y-%m-%dT%H:%M:%S.000Z") : g_strdup (text);
}

static char *
convert_boolean (const char *text)
{
  static const char *const yes[] = { "1", "true", "yes", "y", "x", "ja", "j", "wahr", NULL };
  static const char *const no[] = { "0", "false", "no", "n", "nein", "falsch", NULL };
  g_autofree char         *folded = g_utf8_casefold (text, -1);

  return g_strdup (g_strv_contains (yes, folded)  ? "true"
                   : g_strv_contains (no, folded) ? "false"
                                                  : text);
}

/* Letters and digits alone, without regard to case. */
static char *
fold_word (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autoptr (GString) word = g_string_new (NULL);

  for (const char *at = folded; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_isalnum (g_utf8_get_char (at)))
      g_string_append_unichar (word, g_utf8_get_char (at));
  return g_string_free_and_steal (g_steal_pointer (&word));
}

/* Its nick, or what the screen calls it. */
static char *
convert_enum (const MusterEnum *enumeration, const char *text)
{
  g_autofree char *word = fold_word (text);

  for (unsigned i = 0; i < muster_enum_get_count (enumeration); i++)
    {
      const char      *nick = muster_enum_get_nick (enumeration, i);
      g_autofree char *nick_word = fold_word (nick);
      g_autofree char *label = fold_word (muster_enum_get_label (enumeration, i));

      if (strcmp (word, nick_word) == 0 || strcmp (word, label) == 0)
        return g_strdup (nick);
    }
  return g_strdup (text);
}

static char *
convert_mac (const char *text)
{
  g_autoptr (GString) address = g_string_new (NULL);
  unsigned n_digits = 0;

  for (const char *at = text; *at != '\0'; at++)
    {
      if (!g_ascii_isxdigit (*at))
        continue;
      if (n_digits > 0 && n_digits % 2 == 0)
        g_string_append_c (address, ':');
      g_string_append_c (address, g_ascii_tolower (*at));
      n_digits++;
    }
  return n_digits == 12 ? g_string_free_and_steal (g_steal_pointer (&address)) : g_strdup (text);
}

char *
muster_import_convert_text (const MusterField     *field,
                            const char            *text,
                            gboolean               decimal_comma,
                            MusterImportDateFormat date_format)
{
  g_autofree char *own = NULL;

  g_return_val_if_fail (field != NULL && text != NULL, NULL);

  own = g_strstrip (g_strdup (text));
  /* As exports guard what a spreadsheet would take for a formula. */
  if (own[0] == '\'' && own[1] != '\0' && strchr ("=+-@\t\r", own[1]) != NULL)
    memmove (own, own + 1, strlen (own));
  if (field->type == MUSTER_FIELD_INTEGER || field->type == MUSTER_FIELD_DOUBLE ||
      field->type == MUSTER_FIELD_MONEY)
    return convert_number (own, decimal_comma);
  if (field->type == MUSTER_FIELD_TIME)
    return convert_time (own, date_format);
  if (field->type == MUSTER_FIELD_BOOLEAN)
    return convert_boolean (own);
  if (field->type == MUSTER_FIELD_ENUM)
    return convert_enum (field->enumeration, own);
  if (g_strcmp0 (field->format, "mac") == 0)
    return convert_mac (own);
  /* As people's addresses are kept. */
  if (g_strcmp0 (field->format, "email") == 0)
    return g_utf8_strdown (own, -1);
  return g_steal_pointer (&own);
}
