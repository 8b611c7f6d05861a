/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-journal"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "client/muster-api-history.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"

#include "model/muster-error.h"

#define DEFAULT_LIMIT 100

/* "name, location": what an update changed; a record that came or went has all its members. */
static char *
list_members (MusterApiChange *change)
{
  static const char *const always[] = { "updated_at", "revision", NULL };
  JsonObject              *after = muster_api_change_get_after (change);
  g_autoptr (GList) names = after != NULL ? json_object_get_members (after) : NULL;
  GString *text = g_string_new (NULL);

  if (g_strcmp0 (muster_api_change_get_action (change), "update") != 0)
    return g_string_free (text, FALSE);
  for (GList *name = names; name != NULL; name = name->next)
    if (!g_strv_contains (always, name->data))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", (const char *)name->data);
  return g_string_free (text, FALSE);
}

static void
add_change (MusterCtlTable *table, MusterApiChange *change)
{
  g_autofree char *sequence =
    g_strdup_printf ("%" G_GINT64_FORMAT, muster_api_change_get_sequence (change));
  g_autofree char *age =
    muster_ctl_format_age (muster_api_change_get_time (change), g_get_real_time ());
  g_autofree char *members = list_members (change);
  g_autofree char *note = NULL;
  const char      *title = muster_api_change_get_title (change);

  if (muster_api_change_get_undone_by (change) > 0)
    note = g_strdup_printf (_ ("undone by %" PRId64), muster_api_change_get_undone_by (change));
  else if (muster_api_change_get_undoes (change) > 0)
    note = g_strdup_printf (_ ("undoes %" PRId64), muster_api_change_get_undoes (change));
  else if (!muster_api_change_can_undo (change))
    note = g_strdup (_ ("cannot be undone"));
  muster_ctl_table_add (table, (const char *[]){
                                 sequence, age, muster_api_change_get_actor (change),
                                 muster_api_change_get_action (change),
                                 muster_api_change_get_entity (change),
                                 title != NULL ? title : muster_api_change_get_entity_id (change),
                                 members, note, NULL });
}

static void
print_changes (MusterCtl *ctl, MusterApiPage *page)
{
  static const MusterCtlColumn columns[] = { { N_ ("SEQUENCE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("WHEN"), 0 },
                                             { N_ ("BY"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("ACTION"), 0 },
                                             { N_ ("WHAT"), 0 },
                                             { N_ ("RECORD"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("FIELDS"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("NOTE"), 0 },
                                             { NULL, 0 } };
  MusterCtlTable              *table = muster_ctl_table_new (columns);

  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    add_change (table, muster_api_page_get (page, i));
  muster_ctl_print_table (ctl, table, _ ("No changes."));
}

/* The changes of the operation that entry SEQUENCE belongs to: (transfer full). */
static MusterApiPage *
load_operation (MusterCtl *ctl, gint64 sequence, unsigned limit, GError **error)
{
  g_autoptr (MusterApiOperation) operation =
              dex_await_object (muster_api_history_get (ctl->client, sequence), error);

  if (operation == NULL)
    return NULL;
  return dex_await_object (
    muster_api_journal_list_operation (ctl->client, muster_api_operation_get_id (operation), limit),
    error);
}

gboolean
muster_ctl_journal_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autofree char *entity = NULL;
  g_autofree char *id = NULL;
  g_autoptr (MusterApiPage) page = NULL;
  gint64 operation = 0;
  gint64 before = 0;
  int    limit = 0;

  const GOptionEntry entries[] = {
    { "entity", 'e', 0, G_OPTION_ARG_STRING, &entity,
      N_ ("Only records of this kind: device, metric, setting …"), N_ ("NAME") },
    { "id", 0, 0, G_OPTION_ARG_STRING, &id, N_ ("Only this record"), N_ ("ID") },
    { "before", 0, 0, G_OPTION_ARG_INT64, &before, N_ ("Only what came before this one"),
      N_ ("SEQUENCE") },
    { "operation", 'o', 0, G_OPTION_ARG_INT64, &operation,
      N_ ("Only the changes of the operation that this entry belongs to, the first ones first"),
      N_ ("SEQUENCE") },
    { "limit", 'n', 0, G_OPTION_ARG_INT, &limit, N_ ("At most so many (100)"), N_ ("NUMBER") },
    G_OPTION_ENTRY_NULL
  };

  if (g_strcmp0 (args[1], "verify") == 0)
    return muster_ctl_verify_run (ctl, command, args, error);
  if (g_strcmp0 (args[1], "as-of") == 0)
    return muster_ctl_as_of_run (ctl, command, args, error);
  if (g_strcmp0 (args[1], "marks") == 0)
    return muster_ctl_marks_run (ctl, command, args, error);
  if (g_strcmp0 (args[1], "operations") == 0)
    return muster_ctl_history_run (ctl, command, args, error);
  if (!muster_ctl_parse (ctl, command, entries, &positional, 0, 0, error))
    return FALSE;
  if (operation > 0 && (entity != NULL || id != NULL || before > 0))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("--operation goes with --limit alone"));
      return FALSE;
    }
  page = operation > 0
           ? load_operation (ctl, operation, limit > 0 ? (unsigned)limit : DEFAULT_LIMIT, error)
           : dex_await_object (muster_api_journal_list (ctl->client, entity, id, MAX (before, 0),
                                                        MAX (limit, 0)),
                               error);
  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    print_changes (ctl, page);
  return TRUE;
}

/* The newest operation that can be undone and is not an undoing itself; 0 with an error. */
static gint64
find_last (MusterCtl *ctl, GError **error)
{
  g_autoptr (MusterApiPage) page =
              dex_await_object (muster_api_history_list (ctl->client, NULL), error);

  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    {
      MusterApiOperation *operation = muster_api_page_get (page, i);

      if (muster_api_operation_can_undo (operation) &&
          muster_api_operation_get_undoes (operation) == 0)
        return muster_api_operation_get_sequence (operation);
    }
  if (page != NULL)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                         _ ("nothing of the newest 100 operations can be undone"));
  return 0;
}

static gint64
parse_sequence (const char *text, GError **error)
{
  guint64 sequence = 0;

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &sequence, NULL))
    return sequence;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is no sequence number; musterctl journal shows them"),
               text != NULL ? text : "");
  return 0;
}

gboolean
muster_ctl_undo_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (JsonObject) object = NULL;
  gboolean last = FALSE;
  gint64   sequence;

  const GOptionEntry entries[] = { { "last", 'l', 0, G_OPTION_ARG_NONE, &last,
                                     N_ ("The newest operation that can be undone"), NULL },
                                   G_OPTION_ENTRY_NULL };

  if (!muster_ctl_parse (ctl, command, entries, &positional, 0, 1, error))
    return FALSE;
  sequence = last ? find_last (ctl, error) : parse_sequence (positional[1], error);
  if (sequence == 0)
    return FALSE;
  object = dex_await_boxed (muster_api_journal_undo (ctl->client, sequence), error);
  if (object == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (object);
  else
    muster_ctl_print (_ ("Undone by %" PRId64 ".\n"),
                      muster_api_json_get_integer (object, "sequence", 0));
  return TRUE;
}
