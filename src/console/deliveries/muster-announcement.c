/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-announcement"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <sodium.h>

#include "model/muster-adoption-code.h"
#include "model/muster-error.h"
#include "model/muster-label-secret.h"
#include "muster-announcement.h"

#define MAX_CELLS 32
#define MAX_SERIAL 64

typedef enum
{
  COLUMN_SERIAL,
  COLUMN_SECRET,
  COLUMN_MAC,
  N_COLUMNS,
} Column;

/* Where in a row each column stands, or -1. */
typedef int Columns[N_COLUMNS];

static void
unit_free (gpointer data)
{
  MusterAnnouncedUnit *unit = data;

  if (unit->secret != NULL)
    sodium_memzero (unit->secret, strlen (unit->secret));
  g_free (unit->serial);
  g_free (unit->secret);
  g_free (unit->mac);
  g_free (unit);
}

void
muster_announcement_free (MusterAnnouncement *self)
{
  g_ptr_array_unref (self->units);
  g_ptr_array_unref (self->errors);
  g_free (self);
}

/* The cells of LINE between SEPARATOR (0: LINE is one), quotes taken off: (transfer full). */
static char **
split (const char *line, char separator)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GString) cell = g_string_new (NULL);
  gboolean quoted = FALSE;

  for (const char *c = line; *c != '\0'; c++)
    {
      if (*c == '"' && quoted && c[1] == '"')
        {
          g_string_append_c (cell, '"');
          c++;
        }
      else if (*c == '"')
        quoted = !quoted;
      else if (separator != 0 && *c == separator && !quoted)
        {
          g_strv_builder_take (builder, g_strstrip (g_strdup (cell->str)));
          g_string_truncate (cell, 0);
        }
      else
        g_string_append_c (cell, *c);
    }
  g_strv_builder_take (builder, g_strstrip (g_strdup (cell->str)));
  return g_strv_builder_end (builder);
}

static char
find_separator (const char *line)
{
  static const char candidates[] = { '\t', ';', ',' };

  for (unsigned i = 0; i < G_N_ELEMENTS (candidates); i++)
    if (strchr (line, candidates[i]) != NULL)
      return candidates[i];
  return 0;
}

static gboolean
is_secret (const char *text)
{
  guint8   secret[MUSTER_LABEL_SECRET_LENGTH];
  gboolean right = muster_label_secret_parse (text, secret, NULL);

  sodium_memzero (secret, sizeof secret);
  return right;
}

static gboolean
is_mac (const char *text)
{
  unsigned n_digits = 0, n_marks = 0;

  for (; *text != '\0'; text++)
    {
      if (g_ascii_isxdigit (*text))
        n_digits++;
      else if (*text == ':' || *text == '-')
        n_marks++;
      else
        return FALSE;
    }
  return n_digits == 12 && n_marks == 5;
}

static Column
find_column (const char *title)
{
  static const struct
  {
    const char *title;
    Column      column;
  } titles[] = {
    { "serial", COLUMN_SERIAL },
    { "serial number", COLUMN_SERIAL },
    { "serial_number", COLUMN_SERIAL },
    { "s/n", COLUMN_SERIAL },
    { "sn", COLUMN_SERIAL },
    { "secret", COLUMN_SECRET },
    { "label secret", COLUMN_SECRET },
    { "mac", COLUMN_MAC },
    { "mac address", COLUMN_MAC },
  };
  g_autofree char *lower = g_utf8_strdown (title, -1);

  for (unsigned i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].title, lower))
      return titles[i].column;
  return N_COLUMNS;
}

/* Whether CELLS are titles; COLUMNS then says where each stands. */
static gboolean
read_header (char **cells, Columns columns)
{
  gboolean found = FALSE;

  for (unsigned i = 0; i < N_COLUMNS; i++)
    columns[i] = -1;
  for (unsigned i = 0; cells[i] != NULL && i < MAX_CELLS; i++)
    {
      Column column = find_column (cells[i]);

      if (column == N_COLUMNS || columns[column] >= 0)
        continue;
      columns[column] = i;
      found = found || column == COLUMN_SERIAL;
    }
  return found;
}

/* Without titles: a secret and a MAC address show themselves by their form, the first of the rest
 * is the serial number. */
static gboolean
guess_columns (char **cells, Columns columns)
{
  for (unsigned i = 0; i < N_COLUMNS; i++)
    columns[i] = -1;
  for (unsigned i = 0; cells[i] != NULL && i < MAX_CELLS; i++)
    {
      Column column = is_secret (cells[i]) ? COLUMN_SECRET
                      : is_mac (cells[i])  ? COLUMN_MAC
                                           : COLUMN_SERIAL;

      if (columns[column] < 0)
        columns[column] = i;
    }
  return columns[COLUMN_SECRET] >= 0 || columns[COLUMN_MAC] >= 0;
}

static const char *
get_cell (char **cells, int index)
{
  return index >= 0 && index < (int)g_strv_length (cells) && *cells[index] != '\0' ? cells[index]
                                                                                   : NULL;
}

static void
refuse (MusterAnnouncement *self, unsigned line, const char *why)
{
  g_ptr_array_add (self->errors, g_strdup_printf (_ ("Line %u: %s"), line, why));
}

static MusterAnnouncedUnit *
find_unit (MusterAnnouncement *self, GHashTable *serials, const char *serial)
{
  return g_hash_table_lookup (serials, serial);
}

static void
add_unit (MusterAnnouncement *self,
          GHashTable         *serials,
          const char         *serial,
          const char         *secret,
          const char         *mac,
          unsigned            line)
{
  MusterAnnouncedUnit *unit;

  if (serial == NULL)
    refuse (self, line, _ ("there is no serial number in it"));
  else if (g_utf8_strlen (serial, -1) > MAX_SERIAL)
    refuse (self, line, _ ("the serial number is longer than 64 characters"));
  else if (find_unit (self, serials, serial) != NULL)
    {
      g_autofree char *why = g_strdup_printf (_ ("%s stands in line %u too"), serial,
                                              find_unit (self, serials, serial)->line);

      refuse (self, line, why);
    }
  else if (secret != NULL && !is_secret (secret))
    refuse (self, line, _ ("the label secret has a typing error"));
  else if (mac != NULL && !is_mac (mac))
    refuse (self, line, _ ("the MAC address is not six pairs of digits"));
  else
    {
      unit = g_new0 (MusterAnnouncedUnit, 1);
      unit->serial = g_strdup (serial);
      unit->secret = g_strdup (secret);
      unit->mac = mac != NULL ? g_ascii_strdown (mac, -1) : NULL;
      if (unit->mac != NULL)
        g_strdelimit (unit->mac, "-", ':');
      unit->line = line;
      g_ptr_array_add (self->units, unit);
      g_hash_table_insert (serials, unit->serial, unit);
    }
}

static void
add_code (MusterAnnouncement *self, GHashTable *serials, const char *code, unsigned line)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *serial = NULL, *secret = NULL;

  if (!muster_adoption_code_parse (code, &serial, &secret, &error))
    {
      GPtrArray *rows = muster_error_get_fields (error);

      refuse (self, line,
              rows->len > 0 ? ((MusterFieldError *)rows->pdata[0])->detail : error->message);
      return;
    }
  add_unit (self, serials, serial, secret, NULL, line);
  sodium_memzero (secret, strlen (secret));
}

/* Whether the lines need the site to make units of them: nothing of them says more than a serial
 * number, and at least one uses the short form. */
static gboolean
is_short_form (char **lines)
{
  gboolean short_form = FALSE;

  for (unsigned i = 0; lines[i] != NULL; i++)
    {
      char separator = find_separator (lines[i]);
      g_auto (GStrv) cells = split (lines[i], separator);
      Columns columns;

      if (muster_adoption_code_is_one (lines[i]) || read_header (cells, columns) ||
          guess_columns (cells, columns))
        return FALSE;
      if (separator == ',' || strpbrk (lines[i], "~+") != NULL || strchr (lines[i], '-') != NULL)
        short_form = TRUE;
    }
  return short_form;
}

/* A table, with or without titles, and codes of labels between. */
static void
parse_rows (MusterAnnouncement *self, char **lines)
{
  g_autoptr (GHashTable) serials = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean has_header = FALSE, first = TRUE;
  Columns  columns, own;

  for (unsigned i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) cells = NULL;
      int *at = columns;

      if (*lines[i] == '\0')
        continue;
      if (self->units->len >= MUSTER_ANNOUNCEMENT_MAXIMUM)
        {
          refuse (self, i + 1, _ ("more than 5,000 units: announce the rest afterwards"));
          return;
        }
      if (muster_adoption_code_is_one (lines[i]))
        {
          add_code (self, serials, lines[i], i + 1);
          continue;
        }
      cells = split (lines[i], find_separator (lines[i]));
      if (first && read_header (cells, columns))
        has_header = TRUE;
      else
        {
          if (!has_header)
            {
              guess_columns (cells, own);
              at = own;
            }
          add_unit (self, serials, get_cell (cells, at[COLUMN_SERIAL]),
                    get_cell (cells, at[COLUMN_SECRET]), get_cell (cells, at[COLUMN_MAC]), i + 1);
        }
      first = FALSE;
    }
}

MusterAnnouncement *
muster_announcement_parse (const char *text)
{
  MusterAnnouncement *self = g_new0 (MusterAnnouncement, 1);
  g_auto (GStrv) lines = NULL;
  gboolean blank = TRUE;

  g_return_val_if_fail (text != NULL, NULL);

  self->units = g_ptr_array_new_with_free_func (unit_free);
  self->errors = g_ptr_array_new_with_free_func (g_free);
  lines = g_strsplit (text, "\n", -1);
  for (unsigned i = 0; lines[i] != NULL; i++)
    {
      g_strstrip (lines[i]);
      blank = blank && *lines[i] == '\0';
    }
  if (blank)
    self->form = MUSTER_ANNOUNCEMENT_EMPTY;
  else if (is_short_form (lines))
    self->form = MUSTER_ANNOUNCEMENT_RANGES;
  else
    {
      self->form = MUSTER_ANNOUNCEMENT_UNITS;
      parse_rows (self, lines);
    }
  return self;
}

unsigned
muster_announcement_count_secrets (MusterAnnouncement *self)
{
  unsigned count = 0;

  for (unsigned i = 0; i < self->units->len; i++)
    count += ((MusterAnnouncedUnit *)self->units->pdata[i])->secret != NULL;
  return count;
}
