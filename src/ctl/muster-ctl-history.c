/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-history"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "client/muster-api-history.h"
#include "client/muster-api-json.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"

#include "model/muster-error.h"

/* "12 device, 24 stock_move" */
static char *
format_changes (MusterApiOperation *operation)
{
  JsonObject *changes = muster_api_operation_get_changes (operation);
  g_autoptr (GList) names = changes != NULL ? json_object_get_members (changes) : NULL;
  GString *text = g_string_new (NULL);

  for (GList *name = names; name != NULL; name = name->next)
    g_string_append_printf (text, "%s%" PRId64 " %s", text->len > 0 ? ", " : "",
                            muster_api_json_get_integer (changes, name->data, 0),
                            (const char *)name->data);
  return g_string_free_and_steal (text);
}

static void
add_operation (MusterCtlTable *table, MusterApiOperation *operation)
{
  const char      *person = muster_api_operation_get_person (operation);
  g_autofree char *sequence =
    g_strdup_printf ("%" PRId64, muster_api_operation_get_sequence (operation));
  g_autofree char *age =
    muster_ctl_format_age (muster_api_operation_get_time (operation), g_get_real_time ());
  g_autofree char *changes = format_changes (operation);
  g_autofree char *note = NULL;

  if (muster_api_operation_get_undone_by (operation) > 0)
    note =
      g_strdup_printf (_ ("undone by %" PRId64), muster_api_operation_get_undone_by (operation));
  else if (muster_api_operation_get_undoes (operation) > 0)
    note = g_strdup_printf (_ ("undoes %" PRId64), muster_api_operation_get_undoes (operation));
  else if (!muster_api_operation_can_undo (operation))
    note = g_strdup (_ ("cannot be undone"));
  muster_ctl_table_add (table,
                        (const char *[]){
                          sequence, age,
                          person != NULL ? person : muster_api_operation_get_actor (operation),
                          muster_api_operation_get_summary (operation), changes, note, NULL });
}

static void
print_operations (MusterCtl *ctl, MusterApiPage *page)
{
  static const MusterCtlColumn columns[] = { { N_ ("SEQUENCE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("WHEN"), 0 },
                                             { N_ ("BY"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("WHAT"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("CHANGES"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("NOTE"), 0 },
                                             { NULL, 0 } };
  MusterCtlTable              *table = muster_ctl_table_new (columns);

  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    add_operation (table, muster_api_page_get (page, i));
  muster_ctl_print_table (ctl, table, _ ("No operations."));
}

typedef struct
{
  char  *entity;
  char  *actor;
  char  *text;
  char  *from;
  char  *to;
  gint64 before;
  int    limit;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->entity);
  g_free (options->actor);
  g_free (options->text);
  g_free (options->from);
  g_free (options->to);
}

static gboolean
list (MusterCtl *ctl, const Options *options, GError **error)
{
  MusterApiHistoryQuery query = {
    .entity = options->entity,
    .actor = options->actor,
    .q = options->text,
    .before = MAX (options->before, 0),
    .limit = MAX (options->limit, 0),
  };
  gint64 now = g_get_real_time ();
  g_autoptr (MusterApiPage) page = NULL;

  if ((options->from != NULL &&
       !muster_ctl_parse_time (options->from, "--from", now, &query.from, error)) ||
      (options->to != NULL && !muster_ctl_parse_time (options->to, "--to", now, &query.to, error)))
    return FALSE;
  page = dex_await_object (muster_api_history_list (ctl->client, &query), error);
  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    print_operations (ctl, page);
  return TRUE;
}

gboolean
muster_ctl_history_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  Options  options = { 0 };
  gboolean done;

  const GOptionEntry entries[] = {
    { "entity", 'e', 0, G_OPTION_ARG_STRING, &options.entity,
      N_ ("Only what changed such records: device, product, order …"), N_ ("NAME") },
    { "by", 0, 0, G_OPTION_ARG_STRING, &options.actor,
      N_ ("Only what this one did: person:ID, local:NAME, token"), N_ ("WHO") },
    { "text", 'q', 0, G_OPTION_ARG_STRING, &options.text, N_ ("Only what has this text"),
      N_ ("TEXT") },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, N_ ("Only what began then or later"),
      N_ ("TIME") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_ ("Only what began then or earlier"),
      N_ ("TIME") },
    { "before", 0, 0, G_OPTION_ARG_INT64, &options.before, N_ ("Only what came before this one"),
      N_ ("SEQUENCE") },
    { "limit", 'n', 0, G_OPTION_ARG_INT, &options.limit, N_ ("At most so many (100)"),
      N_ ("NUMBER") },
    G_OPTION_ENTRY_NULL
  };

  done = muster_ctl_parse (ctl, command, entries, &positional, 1, 1, error) &&
         list (ctl, &options, error);
  options_clear (&options);
  return done;
}

static void
print_verdict (MusterCtl *ctl, JsonObject *verdict)
{
  static const MusterCtlColumn columns[] = { { N_ ("SEQUENCE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("KIND"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("DETAIL"), MUSTER_CTL_COLUMN_ELIDE },
                                             { NULL, 0 } };
  JsonArray                   *problems = muster_api_json_get_array (verdict, "problems");
  const char                  *head = muster_api_json_get_string (verdict, "head");
  MusterCtlTable              *table = muster_ctl_table_new (columns);

  for (unsigned i = 0; problems != NULL && i < json_array_get_length (problems); i++)
    {
      JsonObject      *problem = muster_api_json_as_object (json_array_get_element (problems, i));
      g_autofree char *sequence = NULL;

      if (problem == NULL)
        continue;
      sequence = g_strdup_printf ("%" PRId64, muster_api_json_get_integer (problem, "sequence", 0));
      muster_ctl_table_add (table, (const char *[]){
                                     sequence, muster_api_json_get_string (problem, "kind"),
                                     muster_api_json_get_string (problem, "detail"), NULL });
    }
  muster_ctl_print_table (ctl, table, _ ("The journal is as it was written."));
  muster_ctl_print (_ ("%" PRId64 " entries, sealed %s\n"),
                    muster_api_json_get_integer (verdict, "checked", 0), head != NULL ? head : "?");
}

gboolean
muster_ctl_verify_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (JsonObject) verdict = NULL;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 1, 1, error))
    return FALSE;
  verdict = dex_await_boxed (muster_api_history_verify (ctl->client), error);
  if (verdict == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (verdict);
  else
    print_verdict (ctl, verdict);
  if (muster_api_json_get_boolean (verdict, "intact"))
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FAILED,
                       _ ("the journal is not as it was written"));
  return FALSE;
}
