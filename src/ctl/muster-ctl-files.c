/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-files"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/muster-api-attachments.h"
#include "client/muster-api-imports.h"
#include "client/muster-api-jobs.h"
#include "client/muster-api-json.h"
#include "client/muster-api-search.h"
#include "client/muster-api-views.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"
#include "muster-ctl-record.h"

#define POLL_MILLISECONDS 200

static gboolean
set_usage (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);
  return FALSE;
}

/* All of the file at PATH, or of standard input for "-": (transfer full). */
static GBytes *
read_file (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize            length;

  if (!g_file_get_contents (g_str_equal (path, "-") ? "/dev/stdin" : path, &text, &length, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&text), length);
}

/* --- export --- */

/* "field=value" words as a list of names and values: (transfer full). */
static gboolean
split_filters (char **words, GPtrArray *filters, GError **error)
{
  for (; *words != NULL; words++)
    {
      g_autofree char *name = NULL;
      const char      *value = NULL;

      if (!muster_ctl_split_pair (*words, &name, &value, error))
        return FALSE;
      g_ptr_array_add (filters, g_steal_pointer (&name));
      g_ptr_array_add (filters, g_strdup (value));
    }
  g_ptr_array_add (filters, NULL);
  return TRUE;
}

gboolean
muster_ctl_export_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_autofree char   *columns = NULL;
  g_autofree char   *output = NULL;
  g_autofree char   *sort = NULL;
  g_autofree char   *text = NULL;
  gboolean           lines = FALSE, mark = FALSE;
  const GOptionEntry entries[] = {
    { "columns", 'c', 0, G_OPTION_ARG_STRING, &columns,
      N_ ("Fields in their order, as in name,serial,location_id.path (all)"), N_ ("FIELDS") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_ ("Write to this file"), N_ ("FILE") },
    { "sort", 's', 0, G_OPTION_ARG_STRING, &sort,
      N_ ("Order by these fields, as in -created_at,name"), N_ ("FIELDS") },
    { "query", 'q', 0, G_OPTION_ARG_STRING, &text, N_ ("Only what has these words"), N_ ("WORDS") },
    { "lines", 'l', 0, G_OPTION_ARG_NONE, &lines, N_ ("One JSON object a line instead of CSV"),
      NULL },
    { "bom", 'b', 0, G_OPTION_ARG_NONE, &mark, N_ ("Begin with a byte order mark"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (GPtrArray) filters = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GBytes) bytes = NULL;
  MusterApiListQuery query = { 0 };

  if (!muster_ctl_parse (ctl, command, entries, &positional, 1, -1, error) ||
      !split_filters (positional + 2, filters, error))
    return FALSE;
  query.q = text;
  query.sort = sort;
  query.filters = (const char *const *)filters->pdata;
  bytes = dex_await_boxed (muster_api_export (ctl->client, positional[1], columns,
                                              lines || ctl->json ? "ndjson" : "csv", mark, &query),
                           error);
  return bytes != NULL && muster_ctl_write_file (output, bytes, error);
}

/* --- import --- */

typedef struct
{
  char    *entity;
  char    *key;
  char    *failed; /* where the refused rows go */
  char    *dates;
  char   **columns; /* COLUMN=FIELD */
  gboolean preview;
  gboolean comma;
  gboolean point;
  gboolean clear;
} ImportOptions;

static void
import_options_clear (ImportOptions *self)
{
  g_free (self->entity);
  g_free (self->key);
  g_free (self->failed);
  g_free (self->dates);
  g_strfreev (self->columns);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ImportOptions, import_options_clear)

/* What the options say over what the daemon guessed, or NULL for nothing. */
static JsonObject *
make_plan (const ImportOptions *options, JsonObject *import, GError **error)
{
  g_autoptr (JsonObject) plan = json_object_new ();
  g_autoptr (JsonNode) guessed = json_node_copy (json_object_get_member (import, "options"));
  JsonNode   *mapping = json_node_copy (json_object_get_member (import, "mapping"));
  JsonObject *reading = json_node_get_object (guessed);

  json_object_set_member (plan, "mapping", mapping);
  for (char **pair = options->columns; pair != NULL && *pair != NULL; pair++)
    {
      g_autofree char *column = NULL;
      const char      *field = NULL;

      if (!muster_ctl_split_pair (*pair, &column, &field, error))
        return NULL;
      if (*field != '\0')
        json_object_set_string_member (json_node_get_object (mapping), column, field);
      else
        json_object_set_null_member (json_node_get_object (mapping), column);
    }
  if (options->key != NULL && g_str_equal (options->key, "none"))
    json_object_set_null_member (plan, "key");
  else if (options->key != NULL)
    json_object_set_string_member (plan, "key", options->key);
  if (options->comma || options->point)
    json_object_set_boolean_member (reading, "decimal_comma", options->comma);
  if (options->dates != NULL)
    json_object_set_string_member (reading, "date_format", options->dates);
  if (options->clear)
    json_object_set_string_member (reading, "empty", "clear");
  json_object_set_member (plan, "options", json_node_copy (guessed));
  return g_steal_pointer (&plan);
}

static void
print_refusals (JsonObject *preview)
{
  JsonArray *items = muster_api_json_get_array (preview, "items");

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = json_array_get_object_element (items, i);
      JsonArray  *errors = muster_api_json_get_array (item, "errors");

      for (guint j = 0; errors != NULL && j < json_array_get_length (errors); j++)
        {
          JsonObject *row = json_array_get_object_element (errors, j);

          muster_ctl_print (_ ("  row %" PRId64 ", %s: %s\n"),
                            muster_api_json_get_integer (item, "row", 0),
                            muster_api_json_get_string (row, "field"),
                            muster_api_json_get_string (row, "detail"));
        }
    }
}

static gboolean
show_preview (MusterCtl *ctl, const char *id, GError **error)
{
  g_autoptr (JsonObject) preview =
              dex_await_boxed (muster_api_imports_preview (ctl->client, id, "failed", 20), error);

  if (preview == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (preview);
      return TRUE;
    }
  muster_ctl_print (_ ("%" PRId64 " rows: %" PRId64 " new, %" PRId64 " changed, %" PRId64
                       " the same, %" PRId64 " refused.\n"),
                    muster_api_json_get_integer (preview, "rows", 0),
                    muster_api_json_get_integer (preview, "new", 0),
                    muster_api_json_get_integer (preview, "changed", 0),
                    muster_api_json_get_integer (preview, "same", 0),
                    muster_api_json_get_integer (preview, "failed", 0));
  print_refusals (preview);
  return TRUE;
}

static gboolean
is_over (MusterEntity *job)
{
  const char *const ends[] = { "done", "failed", "cancelled", "paused", NULL };

  return g_strv_contains (ends, muster_entity_get_string (job, "status"));
}

/* The job when it has ended: (transfer full). */
static MusterEntity *
await_job (MusterCtl *ctl, MusterEntity *started, GError **error)
{
  g_autoptr (MusterEntity) job = g_object_ref (started);

  while (job != NULL && !is_over (job))
    {
      g_autofree char *id = g_strdup (muster_entity_get_id (job));

      dex_await (dex_timeout_new_msec (POLL_MILLISECONDS), NULL);
      g_clear_object (&job);
      job = dex_await_object (muster_api_jobs_get (ctl->client, id), error);
    }
  return g_steal_pointer (&job);
}

static gboolean
report_job (MusterCtl *ctl, MusterEntity *job, const char *failed, GError **error)
{
  gint64 n_failed = muster_entity_get_integer (job, "failed");
  g_autoptr (GBytes) rows = NULL;

  if (n_failed > 0 && failed != NULL)
    {
      rows =
        dex_await_boxed (muster_api_jobs_get_failures (ctl->client, muster_entity_get_id (job)),
                         error);
      if (rows == NULL || !muster_ctl_write_file (failed, rows, error))
        return FALSE;
    }
  if (ctl->json)
    muster_ctl_print_entity (job);
  else
    muster_ctl_print (_ ("%" PRId64 " imported, %" PRId64 " the same, %" PRId64
                         " refused; musterctl undo %" PRId64 " takes it back.\n"),
                      muster_entity_get_integer (job, "done"),
                      muster_entity_get_integer (job, "skipped"), n_failed,
                      muster_entity_get_integer (job, "first_sequence"));
  if (n_failed == 0 && g_str_equal (muster_entity_get_string (job, "status"), "done"))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED,
               _ ("%" PRId64 " rows were refused: --failed FILE writes them with the reasons"),
               n_failed);
  return FALSE;
}

static gboolean
import_file (MusterCtl *ctl, const ImportOptions *options, const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GBytes) file = read_file (path, error);
  g_autoptr (JsonObject) import = NULL;
  g_autoptr (JsonObject) planned = NULL;
  g_autoptr (MusterEntity) started = NULL;
  g_autoptr (MusterEntity) job = NULL;
  JsonObject *plan = NULL;
  const char *id = NULL;

  if (file == NULL)
    return FALSE;
  import =
    dex_await_boxed (muster_api_imports_create (ctl->client, options->entity, name, file), error);
  plan = import != NULL ? make_plan (options, import, error) : NULL;
  if (plan == NULL)
    return FALSE;
  id = json_object_get_string_member (import, "id");
  planned = dex_await_boxed (muster_api_imports_update (ctl->client, id, plan), error);
  if (planned == NULL)
    return FALSE;
  if (options->preview)
    return show_preview (ctl, id, error) &&
           dex_await (muster_api_imports_delete (ctl->client, id), error);
  started = dex_await_object (muster_api_imports_apply (ctl->client, id), error);
  job = started != NULL ? await_job (ctl, started, error) : NULL;
  return job != NULL && report_job (ctl, job, options->failed, error);
}

gboolean
muster_ctl_import_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (ImportOptions) options = { 0 };
  const GOptionEntry entries[] = {
    { "entity", 'e', 0, G_OPTION_ARG_STRING, &options.entity,
      N_ ("What the rows are: device, product, location, batch, device_group, person"),
      N_ ("KIND") },
    { "column", 'c', 0, G_OPTION_ARG_STRING_ARRAY, &options.columns,
      N_ ("What a column holds; nothing behind the = leaves it out"), N_ ("COLUMN=FIELD") },
    { "key", 'k', 0, G_OPTION_ARG_STRING, &options.key,
      N_ ("The field that tells which record a row changes; none: each is new"), N_ ("FIELD") },
    { "preview", 'p', 0, G_OPTION_ARG_NONE, &options.preview,
      N_ ("Only show what would come of it"), NULL },
    { "failed", 'f', 0, G_OPTION_ARG_FILENAME, &options.failed,
      N_ ("Write the refused rows and why to this file"), N_ ("FILE") },
    { "dates", 0, 0, G_OPTION_ARG_STRING, &options.dates,
      N_ ("How days are written: iso, dmy, mdy or ymd"), N_ ("FORMAT") },
    { "decimal-comma", 0, 0, G_OPTION_ARG_NONE, &options.comma, N_ ("Numbers have a decimal comma"),
      NULL },
    { "decimal-point", 0, 0, G_OPTION_ARG_NONE, &options.point, N_ ("Numbers have a decimal point"),
      NULL },
    { "clear", 0, 0, G_OPTION_ARG_NONE, &options.clear, N_ ("An empty cell takes the value away"),
      NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) positional = g_strdupv (args);

  if (!muster_ctl_parse (ctl, command, entries, &positional, 1, 1, error))
    return FALSE;
  if (options.entity == NULL)
    return set_usage (error, _ ("say what the rows are: --entity device"));
  return import_file (ctl, &options, positional[1], error);
}

/* --- attachments --- */

/* The one record of the kind ENTITY that TEXT names, by id or exactly: its id (transfer full). */
static char *
find_record (MusterCtl *ctl, const char *entity, const char *text, GError **error)
{
  g_autoptr (GListModel) hits =
              dex_await_object (muster_api_search (ctl->client, text, 3, entity), error);
  g_autoptr (MusterApiHit) hit = NULL;
  g_autoptr (MusterApiHit) other = NULL;

  if (hits == NULL)
    return NULL;
  hit = g_list_model_get_item (hits, 0);
  other = g_list_model_get_item (hits, 1);
  if (hit == NULL || !g_str_equal (muster_api_hit_get_rank (hit), "exact"))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, _ ("no %s is called “%s”"), entity,
                 text);
  else if (other != NULL && g_str_equal (muster_api_hit_get_rank (other), "exact"))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 _ ("more than one %s is called “%s”: give the id"), entity, text);
  else
    return g_strdup (muster_api_hit_get_id (hit));
  return NULL;
}

static gboolean
list_attachments (MusterCtl *ctl, char **words, GError **error)
{
  static const MusterCtlColumn columns[] = {
    { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },  { N_ ("PURPOSE"), 0 }, { N_ ("TYPE"), 0 },
    { N_ ("BYTES"), MUSTER_CTL_COLUMN_RIGHT }, { N_ ("ID"), 0 },      { NULL, 0 }
  };
  static const char *const fields[] = { "name", "purpose", "media_type", "size", "id", NULL };
  g_autofree char         *id = find_record (ctl, words[0], words[1], error);
  g_autoptr (MusterApiPage) page =
              id != NULL
                ? dex_await_object (muster_api_attachments_list (ctl->client, words[0], id), error)
                : NULL;

  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), columns, fields,
                           _ ("No attachments."));
  return TRUE;
}

static gboolean
add_attachment (MusterCtl *ctl, char **words, const char *purpose, GError **error)
{
  g_autofree char *name = g_path_get_basename (words[2]);
  g_autoptr (GBytes) content = read_file (words[2], error);
  g_autofree char *id = content != NULL ? find_record (ctl, words[0], words[1], error) : NULL;
  g_autoptr (MusterEntity) attachment =
              id != NULL
                ? dex_await_object (muster_api_attachments_create (ctl->client, words[0], id, name,
                                                                   purpose, content),
                                    error)
                : NULL;

  if (attachment == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_entity (attachment);
  else
    muster_ctl_print ("%s\n", muster_entity_get_id (attachment));
  return TRUE;
}

static gboolean
get_attachment (MusterCtl *ctl, const char *id, const char *path, GError **error)
{
  g_autoptr (GBytes) content =
              dex_await_boxed (muster_api_attachments_get_content (ctl->client, id), error);

  return content != NULL && muster_ctl_write_file (path, content, error);
}

static gboolean
rename_attachment (MusterCtl *ctl, const char *id, const char *name, GError **error)
{
  JsonObject *changes = json_object_new ();
  g_autoptr (MusterEntity) attachment = NULL;

  json_object_set_string_member (changes, "name", name);
  attachment =
    dex_await_object (muster_api_attachments_update (ctl->client, id, changes, 0), error);
  if (attachment == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_entity (attachment);
  return TRUE;
}

gboolean
muster_ctl_attachments_run (MusterCtl              *ctl,
                            const MusterCtlCommand *command,
                            char                  **args,
                            GError                **error)
{
  g_autofree char   *purpose = NULL;
  g_autofree char   *output = NULL;
  const GOptionEntry entries[] = {
    { "purpose", 'p', 0, G_OPTION_ARG_STRING, &purpose,
      N_ ("What it is: photo, picture, datasheet, document"), N_ ("PURPOSE") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_ ("Write to this file"), N_ ("FILE") },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) positional = g_strdupv (args);
  char   **words = NULL;
  unsigned n_words;

  if (!muster_ctl_parse (ctl, command, entries, &positional, 2, 4, error))
    return FALSE;
  words = positional + 2;
  n_words = g_strv_length (words);
  if (g_str_equal (positional[1], "list") && n_words == 2)
    return list_attachments (ctl, words, error);
  if (g_str_equal (positional[1], "add") && n_words == 3)
    return add_attachment (ctl, words, purpose, error);
  if (g_str_equal (positional[1], "get") && n_words == 1)
    return get_attachment (ctl, words[0], output, error);
  if (g_str_equal (positional[1], "rename") && n_words == 2)
    return rename_attachment (ctl, words[0], words[1], error);
  if (g_str_equal (positional[1], "delete") && n_words == 1)
    return dex_await (muster_api_attachments_delete (ctl->client, words[0], 0), error);
  return set_usage (
    error, _ ("list KIND RECORD, add KIND RECORD FILE, get ID, rename ID NAME or delete ID"));
}

/* --- views --- */

static gboolean
list_views (MusterCtl *ctl, const char *entity, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("LIST"), 0 },
                                             { N_ ("QUERY"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("COLUMNS"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("ID"), 0 },
                                             { NULL, 0 } };
  static const char *const     fields[] = { "name", "entity", "query", "columns", "id", NULL };
  g_autoptr (MusterApiPage) page =
              dex_await_object (muster_api_views_list (ctl->client, entity), error);

  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), columns, fields, _ ("No views."));
  return TRUE;
}

/* "name,serial": (transfer full); NULL for NULL. */
static JsonArray *
read_columns (const char *columns)
{
  JsonArray *names = columns != NULL ? json_array_new () : NULL;
  g_auto (GStrv) parts = columns != NULL ? g_strsplit (columns, ",", -1) : NULL;

  for (char **part = parts; part != NULL && *part != NULL; part++)
    json_array_add_string_element (names, *part);
  return names;
}

/* FIELD=VALUE…: (transfer full). */
static JsonObject *
read_query (char **pairs)
{
  JsonObject *query = json_object_new ();

  for (char **pair = pairs; *pair != NULL; pair++)
    {
      const char      *equals = strchr (*pair, '=');
      g_autofree char *name = equals != NULL ? g_strndup (*pair, equals - *pair) : NULL;

      if (name != NULL)
        json_object_set_string_member (query, name, equals + 1);
    }
  return query;
}

/* What is said anew replaces what was; the rest stays. */
static gboolean
set_view (MusterCtl *ctl, char **words, const char *name, const char *columns, GError **error)
{
  JsonObject *changes = json_object_new ();
  g_autoptr (MusterEntity) view = NULL;

  if (name != NULL)
    json_object_set_string_member (changes, "name", name);
  if (columns != NULL)
    json_object_set_array_member (changes, "columns", read_columns (columns));
  if (words[1] != NULL)
    json_object_set_object_member (changes, "query", read_query (words + 1));
  view = dex_await_object (muster_api_views_update (ctl->client, words[0], changes, 0), error);
  if (view == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_entity (view);
  return TRUE;
}

static gboolean
add_view (MusterCtl *ctl, char **words, const char *columns, gboolean shared, GError **error)
{
  g_autoptr (MusterEntity) view =
              dex_await_object (muster_api_views_create (ctl->client, words[1], words[0],
                                                         read_query (words + 2),
                                                         read_columns (columns), shared),
                                error);

  if (view == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_entity (view);
  else
    muster_ctl_print ("%s\n", muster_entity_get_id (view));
  return TRUE;
}

gboolean
muster_ctl_views_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_autofree char   *columns = NULL;
  g_autofree char   *name = NULL;
  gboolean           shared = FALSE;
  const GOptionEntry entries[] = {
    { "columns", 'c', 0, G_OPTION_ARG_STRING, &columns,
      N_ ("Names of its columns in their order, with commas"), N_ ("FIELDS") },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_ ("Another name, with set"), N_ ("NAME") },
    { "shared", 0, 0, G_OPTION_ARG_NONE, &shared, N_ ("For everybody"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) positional = g_strdupv (args);
  unsigned n_words;

  if (!muster_ctl_parse (ctl, command, entries, &positional, 0, -1, error))
    return FALSE;
  n_words = g_strv_length (positional);
  if (n_words == 1 || (g_str_equal (positional[1], "list") && n_words <= 3))
    return list_views (ctl, n_words == 3 ? positional[2] : NULL, error);
  if (g_str_equal (positional[1], "add") && n_words >= 4)
    return add_view (ctl, positional + 2, columns, shared, error);
  if (g_str_equal (positional[1], "set") && n_words >= 3)
    return set_view (ctl, positional + 2, name, columns, error);
  if (g_str_equal (positional[1], "delete") && n_words == 3)
    return dex_await (muster_api_views_delete (ctl->client, positional[2], 0), error);
  return set_usage (
    error, _ ("list [KIND], add KIND NAME FIELD=VALUE…, set ID [FIELD=VALUE…] or delete ID"));
}
