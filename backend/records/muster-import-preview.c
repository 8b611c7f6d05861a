/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-import-preview"

#include "config.h"

#include "muster-import-file.h"
#include "muster-import-plan.h"
#include "muster-import-preview.h"

typedef struct
{
  const MusterRecordKind *kind;
  MusterImportPlan       *plan;    /* (owned) */
  char                  **columns; /* (owned) */
  guint                   n_columns;
  char                   *path;
  char                    delimiter;
  int                     only; /* an outcome, or -1 */
  unsigned                limit;

  MusterTransaction *transaction; /* (unowned) */
  GString           *items;       /* (owned) */
  unsigned           n_items;
  gint64             counts[MUSTER_IMPORT_FAILED + 1];
} Preview;

static void
preview_free (gpointer data)
{
  Preview *self = data;

  g_clear_pointer (&self->plan, muster_import_plan_free);
  g_strfreev (self->columns);
  g_string_free (self->items, TRUE);
  g_free (self->path);
  g_free (self);
}

/* What RECORD has other than OTHER (nullable: than nothing), base fields aside. */
static void
append_values (GString *json, MusterEntity *record, MusterEntity *other)
{
  const MusterEntityInfo *info = muster_entity_get_info (record);
  char                    separator = '{';

  for (unsigned i = MUSTER_ENTITY_FIELD_REVISION + 1; i < info->n_fields; i++)
    {
      const MusterField *field = &info->fields[i];
      const MusterValue *value = muster_entity_peek (record, i);

      if ((field->flags & (MUSTER_FIELD_SECRET | MUSTER_FIELD_READ_ONLY)) ||
          (other == NULL && value->is_null) ||
          (other != NULL && muster_value_equal (field, value, muster_entity_peek (other, i))))
        continue;
      g_string_append_printf (json, "%c\"%s\":", separator, field->name);
      muster_field_encode_value (field, value, json);
      separator = ',';
    }
  g_string_append (json, separator == '{' ? "{}" : "}");
}

/* The cells as they stand, so that a person sees what was refused. */
static void
append_cells (Preview *self, GString *json, char **cells, guint n_cells)
{
  g_string_append_c (json, '{');
  for (guint i = 0; i < n_cells; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      muster_json_append_string (json, self->columns[i], -1);
      g_string_append_c (json, ':');
      muster_json_append_string (json, cells[i], -1);
    }
  g_string_append_c (json, '}');
}

static void
append_errors (GString *json, MusterFieldErrors *errors)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = NULL;

  g_string_append_c (json, '[');
  if (!muster_field_errors_check (errors, &error))
    rows = muster_error_get_fields (error);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const MusterFieldError *row = rows->pdata[i];

      g_string_append (json, i > 0 ? ",{\"field\":" : "{\"field\":");
      muster_json_append_string (json, row->pointer + (*row->pointer == '/'), -1);
      g_string_append (json, ",\"detail\":");
      muster_json_append_string (json, row->detail, -1);
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, ']');
}

static void
preview_append (Preview            *self,
                gint64              number,
                MusterImportOutcome outcome,
                MusterEntity       *record,
                MusterEntity       *before,
                MusterFieldErrors  *errors,
                char              **cells,
                guint               n_cells)
{
  GString *json = self->items;

  if (self->n_items >= self->limit || (self->only >= 0 && self->only != (int)outcome))
    return;
  g_string_append_printf (json, "%s{\"row\":%" G_GINT64_FORMAT ",\"outcome\":\"%s\",\"cells\":",
                          self->n_items++ > 0 ? "," : "", number,
                          muster_enum_get_nick (&muster_import_outcome_enum, outcome));
  append_cells (self, json, cells, n_cells);
  g_string_append (json, ",\"values\":");
  if (record != NULL)
    append_values (json, record, before);
  else
    g_string_append (json, "null");
  g_string_append (json, ",\"before\":");
  if (before != NULL)
    append_values (json, before, record);
  else
    g_string_append (json, "null");
  g_string_append (json, ",\"errors\":");
  append_errors (json, errors);
  g_string_append_c (json, '}');
}

static gboolean
preview_row (char **cells, guint n_cells, gint64 number, gpointer data, GError **error)
{
  Preview *self = data;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (MusterEntity) record = NULL;
  g_autoptr (MusterEntity) before = NULL;
  g_autofree const char **all = g_new0 (const char *, self->n_columns + 1);
  MusterImportOutcome     outcome = MUSTER_IMPORT_FAILED;
  gint64                  repeats;

  for (guint i = 0; i < MIN (n_cells, self->n_columns); i++)
    all[i] = cells[i];
  repeats = muster_import_plan_find_repeat (self->plan, all, number);
  if (repeats > 0)
    muster_import_plan_refuse_repeat (self->plan, repeats, errors);
  else if (!muster_import_plan_read (self->plan, self->transaction, all, &outcome, &record, &before,
                                     errors, error))
    return FALSE;
  self->counts[outcome]++;
  preview_append (self, number, outcome, record, before, errors, cells,
                  MIN (n_cells, self->n_columns));
  return TRUE;
}

static gboolean
preview_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Preview *self = data;
  GString *json = NULL;
  gint64   n_rows = 0;

  self->transaction = transaction;
  if (!muster_import_file_each (self->path, self->delimiter, preview_row, self, error))
    return FALSE;
  json = g_string_new ("{");
  for (unsigned i = 0; i < G_N_ELEMENTS (self->counts); i++)
    {
      n_rows += self->counts[i];
      g_string_append_printf (json, "\"%s\":%" G_GINT64_FORMAT ",",
                              muster_enum_get_nick (&muster_import_outcome_enum, i),
                              self->counts[i]);
    }
  g_string_append_printf (json, "\"rows\":%" G_GINT64_FORMAT ",\"items\":[%s]}", n_rows,
                          self->items->str);
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (json));
  return TRUE;
}

static char **
list_columns (JsonObject *import)
{
  JsonArray *array = json_object_get_array_member (import, "columns");
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_strv_builder_add (names,
                        json_object_get_string_member (json_array_get_object_element (array, i),
                                                       "name"));
  return g_strv_builder_end (names);
}

DexFuture *
muster_import_preview (MusterDatabase *database,
                       JsonObject     *import,
                       const char     *path,
                       const char     *only,
                       unsigned        limit)
{
  Preview *preview = NULL;
  GError  *error = NULL;

  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));
  dex_return_error_if_fail (import != NULL && path != NULL);

  preview = g_new0 (Preview, 1);
  preview->kind = muster_record_kind_find (json_object_get_string_member (import, "entity"));
  preview->columns = list_columns (import);
  preview->n_columns = g_strv_length (preview->columns);
  preview->path = g_strdup (path);
  preview->delimiter = json_object_get_string_member (import, "delimiter")[0];
  preview->only = only != NULL ? muster_enum_parse (&muster_import_outcome_enum, only) : -1;
  preview->limit = limit;
  preview->items = g_string_new (NULL);
  preview->plan =
    muster_import_plan_new (preview->kind, (const char *const *)preview->columns, import, &error);
  if (preview->plan == NULL)
    {
      preview_free (preview);
      return dex_future_new_for_error (error);
    }
  muster_import_plan_set_preview (preview->plan);
  return muster_database_read (database, preview_job, preview, preview_free);
}
