/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-entity-csv"

#include "config.h"

#include "muster-entity.h"

/* A cell that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises.
 */
void
muster_csv_append_cell (GString *csv, const char *text, gboolean is_text)
{
  gboolean formula = is_text && *text != '\0' && strchr ("=+-@\t\r", *text) != NULL;

  if (!formula && strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (csv, text);
      return;
    }
  g_string_append_c (csv, '"');
  if (formula)
    g_string_append_c (csv, '\'');
  for (; *text; text++)
    {
      if (*text == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *text);
    }
  g_string_append_c (csv, '"');
}

void
muster_entity_info_append_csv_header (const MusterEntityInfo *info, GString *csv)
{
  const char *separator = "";

  g_return_if_fail (info != NULL && csv != NULL);

  for (unsigned i = 0; i < info->n_fields; i++)
    if (!(info->fields[i].flags & MUSTER_FIELD_SECRET))
      {
        g_string_append (csv, separator);
        g_string_append (csv, info->fields[i].name);
        separator = ",";
      }
  g_string_append (csv, "\r\n");
}

void
muster_entity_append_csv (MusterEntity *self, GString *csv)
{
  const MusterEntityInfo *info;
  const char             *separator = "";

  g_return_if_fail (MUSTER_IS_ENTITY (self) && csv != NULL);

  info = muster_entity_get_info (self);
  for (unsigned i = 0; i < info->n_fields; i++)
    if (!(info->fields[i].flags & MUSTER_FIELD_SECRET))
      {
        g_autofree char *text =
          muster_field_format_text (&info->fields[i], muster_entity_peek (self, i));

        g_string_append (csv, separator);
        muster_csv_append_cell (csv, text, muster_field_is_text (&info->fields[i]));
        separator = ",";
      }
  g_string_append (csv, "\r\n");
}
