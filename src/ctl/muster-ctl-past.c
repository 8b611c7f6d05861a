/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-past"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-history.h"
#include "client/muster-api-json.h"
#include "model/muster-time.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-table.h"

#define AT_A_TIME 500

/* What a record is called: most have a name or a title. */
static const char *
get_title (JsonObject *record)
{
  static const char *const members[] = { "name", "title", "order_number", "text", "message" };

  for (unsigned i = 0; i < G_N_ELEMENTS (members); i++)
    if (muster_api_json_get_string (record, members[i]) != NULL)
      return muster_api_json_get_string (record, members[i]);
  return "";
}

static void
add_records (MusterCtl *ctl, MusterCtlTable *table, JsonArray *items)
{
  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *record = muster_api_json_as_object (json_array_get_element (items, i));
      const char *status = record != NULL ? muster_api_json_get_string (record, "status") : NULL;

      if (record == NULL)
        continue;
      if (ctl->json)
        muster_ctl_print_object (record);
      else
        muster_ctl_table_add (table, (const char *[]){ muster_api_json_get_string (record, "id"),
                                                       get_title (record),
                                                       status != NULL ? status : "", NULL });
    }
}

/* Page after page, however many there are. */
static gboolean
print_all (MusterCtl *ctl, MusterCtlTable *table, const char *entity, gint64 at, GError **error)
{
  g_autofree char *cursor = NULL;

  do
    {
      g_autoptr (JsonObject) page = dex_await_boxed (
        muster_api_history_list_as_of (ctl->client, entity, at, cursor, AT_A_TIME), error);

      if (page == NULL)
        return FALSE;
      add_records (ctl, table, muster_api_json_get_array (page, "items"));
      g_set_str (&cursor, muster_api_json_get_string (page, "next"));
    }
  while (cursor != NULL);
  return TRUE;
}

static gboolean
parse_time (const char *text, gint64 *at, GError **error)
{
  if (muster_time_parse (text, at))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is no time like 2026-03-01T14:32:00Z"), text);
  return FALSE;
}

gboolean
muster_ctl_as_of_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  static const MusterCtlColumn columns[] = {
    { N_ ("ID"), 0 }, { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE }, { N_ ("STATUS"), 0 }, { NULL, 0 }
  };
  g_auto (GStrv) positional = g_strdupv (args);
  MusterCtlTable *table;
  gint64          at;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 3, 3, error))
    return FALSE;
  if (!parse_time (positional[3], &at, error))
    return FALSE;
  table = muster_ctl_table_new (columns);
  if (!print_all (ctl, table, positional[2], at, error))
    {
      muster_ctl_table_free (table);
      return FALSE;
    }
  if (ctl->json)
    muster_ctl_table_free (table);
  else
    muster_ctl_print_table (ctl, table, _ ("There were none then."));
  return TRUE;
}

gboolean
muster_ctl_marks_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("WHEN"), 0 },
                                             { N_ ("WHAT"), 0 },
                                             { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("DETAIL"), 0 },
                                             { NULL, 0 } };
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (JsonObject) answer = NULL;
  MusterCtlTable *table;
  JsonArray      *marks;
  gint64          from, to;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 3, 3, error) ||
      !parse_time (positional[2], &from, error) || !parse_time (positional[3], &to, error))
    return FALSE;
  answer = dex_await_boxed (muster_api_history_list_marks (ctl->client, from, to, 1), error);
  if (answer == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (answer);
      return TRUE;
    }
  table = muster_ctl_table_new (columns);
  marks = muster_api_json_get_array (answer, "marks");
  for (unsigned i = 0; marks != NULL && i < json_array_get_length (marks); i++)
    {
      static const char *const members[] = { "at", "kind", "title", "detail" };
      const char              *cells[G_N_ELEMENTS (members) + 1] = { NULL };
      JsonObject              *mark = muster_api_json_as_object (json_array_get_element (marks, i));

      for (unsigned j = 0; mark != NULL && j < G_N_ELEMENTS (members); j++)
        {
          const char *text = muster_api_json_get_string (mark, members[j]);

          cells[j] = text != NULL ? text : "";
        }
      if (mark != NULL)
        muster_ctl_table_add (table, cells);
    }
  muster_ctl_print_table (ctl, table, _ ("Nothing stands out in that time."));
  return TRUE;
}
