/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-import-plan"

#include "config.h"

#include <string.h>

#include "model/muster-uuid.h"
#include "muster-import-plan.h"

#define NO_COLUMN G_MAXUINT
#define PATH_SEPARATOR " › "

static const MusterEnumValue outcomes[] = {
  { "new", "New" },       { "changed", "Changed" }, { "same", "Same" },
  { "failed", "Failed" }, { NULL, NULL },
};
const MusterEnum muster_import_outcome_enum = { "ImportOutcome", outcomes };

/* A field that is set, and from where. */
typedef struct
{
  unsigned                index;  /* of the field */
  guint                   column; /* of the cells; or NO_COLUMN: always `text` */
  char                   *text;   /* (owned) (nullable) */
  const MusterRecordKind *target; /* (nullable): it points at such a record */
  char *target_key;               /* (owned) (nullable): which is named by this field of its own */
} Source;

struct _MusterImportPlan
{
  const MusterRecordKind *kind;
  GArray                 *sources;  /* (element-type Source) */
  GArray                 *defaults; /* (element-type Source): for what a new record has not */
  const MusterField      *key;      /* (nullable) */
  guint                   key_column;
  gboolean                decimal_comma;
  MusterImportDateFormat  date_format;
  gboolean                clears; /* an empty cell takes the value away */
  gboolean                is_preview;
  GHashTable *references; /* (element-type utf8 utf8): "field\ntext" to the id that it stands for */
  GHashTable *rows;       /* (element-type utf8): by key, the number of the first row that has it */
  GHashTable *taken;      /* (element-type utf8): what is unique, as `made` */
  GHashTable *made;       /* (element-type utf8): "field\ntext" of rows before, in a preview */
};

static void
source_clear (gpointer data)
{
  Source *self = data;

  g_free (self->text);
  g_free (self->target_key);
}

void
muster_import_plan_free (MusterImportPlan *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->sources);
  g_array_unref (self->defaults);
  g_hash_table_unref (self->references);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->taken);
  g_hash_table_unref (self->made);
  g_free (self);
}

void
muster_import_plan_set_preview (MusterImportPlan *self)
{
  g_return_if_fail (self != NULL);

  self->is_preview = TRUE;
}

/* --- out of its settings --- */

/* "serial", "product_id", "product_id.sku". */
static gboolean
plan_parse_field (MusterImportPlan  *self,
                  const char        *text,
                  const char        *pointer,
                  Source            *source,
                  MusterFieldErrors *errors)
{
  const MusterEntityInfo *info = self->kind->scope.info;
  g_auto (GStrv) parts = g_strsplit (text, ".", 2);
  int                index = parts[0] != NULL ? muster_entity_info_find (info, parts[0]) : -1;
  const MusterField *field = index >= 0 ? &info->fields[index] : NULL;

  *source = (Source){ .index = MAX (index, 0), .column = NO_COLUMN };
  if (field == NULL || (!muster_import_may_set (field) && index != MUSTER_ENTITY_FIELD_ID))
    {
      muster_field_errors_add (errors, pointer, "%s is no field of %s that can be set", text,
                               info->schema);
      return FALSE;
    }
  if (field->references != NULL)
    source->target = muster_record_kind_find (field->references);
  if (parts[1] == NULL)
    return TRUE;
  if (source->target == NULL || muster_entity_info_find (source->target->scope.info, parts[1]) < 0)
    {
      muster_field_errors_add (errors, pointer, "%s does not point at anything that has %s",
                               parts[0], parts[1]);
      return FALSE;
    }
  source->target_key = g_strdup (parts[1]);
  return TRUE;
}

static gboolean
plan_sets (MusterImportPlan *self, unsigned index)
{
  for (guint i = 0; i < self->sources->len; i++)
    if (g_array_index (self->sources, Source, i).index == index)
      return TRUE;
  return FALSE;
}

static void
plan_parse_mapping (MusterImportPlan  *self,
                    const char *const *columns,
                    JsonObject        *mapping,
                    MusterFieldErrors *errors)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *node;

  json_object_iter_init_ordered (&iter, mapping);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autofree char *pointer = muster_json_pointer_append ("/mapping", name);
      guint            column = 0;
      Source           source;

      while (columns[column] != NULL && strcmp (columns[column], name) != 0)
        column++;
      if (columns[column] == NULL)
        muster_field_errors_add (errors, pointer, "is no column of the file");
      else if (JSON_NODE_HOLDS_NULL (node))
        continue;
      else if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        muster_field_errors_add (errors, pointer, "must be the name of a field, or null");
      else if (plan_parse_field (self, json_node_get_string (node), pointer, &source, errors))
        {
          if (plan_sets (self, source.index))
            muster_field_errors_add (errors, pointer, "%s is set by another column already",
                                     json_node_get_string (node));
          source.column = column;
          g_array_append_val (self->sources, source);
        }
    }
}

static void
plan_parse_defaults (MusterImportPlan *self, JsonObject *defaults, MusterFieldErrors *errors)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *node;

  json_object_iter_init_ordered (&iter, defaults);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autofree char *pointer = muster_json_pointer_append ("/defaults", name);
      Source           source;

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        muster_field_errors_add (errors, pointer, "must be text, as in a cell");
      else if (plan_parse_field (self, name, pointer, &source, errors))
        {
          source.text = json_node_dup_string (node);
          g_array_append_val (self->defaults, source);
        }
    }
}

static void
plan_parse_key (MusterImportPlan *self, JsonNode *node, MusterFieldErrors *errors)
{
  const MusterEntityInfo *info = self->kind->scope.info;
  int                     index = -1;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    index = muster_entity_info_find (info, json_node_get_string (node));
  if (index < 0 || !muster_field_is_text (&info->fields[index]))
    {
      muster_field_errors_add (errors, "/key", "must be a field that names a record, or null");
      return;
    }
  for (guint i = 0; i < self->sources->len && self->key == NULL; i++)
    {
      const Source *source = &g_array_index (self->sources, Source, i);

      if (source->index != (unsigned)index)
        continue;
      self->key = &info->fields[index];
      self->key_column = source->column;
    }
  if (self->key == NULL)
    muster_field_errors_add (errors, "/key", "no column is mapped to %s", info->fields[index].name);
}

static const char *
get_option (JsonObject *options, const char *name)
{
  JsonNode *node = json_object_get_member (options, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static void
plan_parse_options (MusterImportPlan *self, JsonObject *options, MusterFieldErrors *errors)
{
  const char *date = get_option (options, "date_format");
  const char *empty = get_option (options, "empty");
  int         format = date != NULL ? muster_enum_parse (&muster_import_date_format_enum, date) : 0;

  if (format < 0)
    muster_field_errors_add (errors, "/options/date_format", "must be iso, dmy, mdy or ymd");
  if (empty != NULL && strcmp (empty, "keep") != 0 && strcmp (empty, "clear") != 0)
    muster_field_errors_add (errors, "/options/empty", "must be keep or clear");
  self->date_format = MAX (format, 0);
  self->clears = g_strcmp0 (empty, "clear") == 0;
  self->decimal_comma =
    json_object_get_boolean_member_with_default (options, "decimal_comma", FALSE);
}

/* The object at NAME of SETTINGS, or NULL. */
static JsonObject *
get_object (JsonObject *settings, const char *name, MusterFieldErrors *errors)
{
  JsonNode        *node = json_object_get_member (settings, name);
  g_autofree char *pointer = g_strconcat ("/", name, NULL);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  muster_field_errors_add (errors, pointer, "must be an object");
  return NULL;
}

MusterImportPlan *
muster_import_plan_new (const MusterRecordKind *kind,
                        const char *const      *columns,
                        JsonObject             *settings,
                        GError                **error)
{
  g_autoptr (MusterImportPlan) self = NULL;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  JsonObject *part = NULL;

  g_return_val_if_fail (kind != NULL && columns != NULL && settings != NULL, NULL);

  self = g_new0 (MusterImportPlan, 1);
  self->kind = kind;
  self->sources = g_array_new (FALSE, FALSE, sizeof (Source));
  g_array_set_clear_func (self->sources, source_clear);
  self->defaults = g_array_new (FALSE, FALSE, sizeof (Source));
  g_array_set_clear_func (self->defaults, source_clear);
  self->references = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->made = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if ((part = get_object (settings, "mapping", errors)) != NULL)
    plan_parse_mapping (self, columns, part, errors);
  if ((part = get_object (settings, "defaults", errors)) != NULL)
    plan_parse_defaults (self, part, errors);
  if ((part = get_object (settings, "options", errors)) != NULL)
    plan_parse_options (self, part, errors);
  plan_parse_key (self, json_object_get_member (settings, "key"), errors);
  if (self->sources->len == 0)
    muster_field_errors_add (errors, "/mapping", "maps no column: give one a field at least");
  return muster_field_errors_check (errors, error) ? g_steal_pointer (&self) : NULL;
}

/* --- what a row points at --- */

/* At most two records of INFO whose FIELD is TEXT. */
static GPtrArray *
find_records (MusterTransaction      *transaction,
              const MusterEntityInfo *info,
              const char             *field,
              const char             *text,
              GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);

  muster_query_where (query, field, text);
  muster_query_set_limit (query, 2);
  return muster_transaction_select (transaction, query, error);
}

/* "Hall 1 / Rack 2" and "Hall 1 > Rack 2" as paths are kept. */
static char *
make_path (const char *text)
{
  g_auto (GStrv) parts = g_regex_split_simple ("\\s*[/>›]\\s*", text, 0, 0);

  return g_strjoinv (PATH_SEPARATOR, parts);
}

/* Its id into ID: NULL where nothing fits, or (MANY) more than one thing does. */
static gboolean
find_reference (const Source      *source,
                MusterTransaction *transaction,
                const char        *text,
                char             **id,
                gboolean          *many,
                GError           **error)
{
  const MusterEntityInfo *info = source->target->scope.info;
  const char *const       own[] = { source->target_key, NULL };
  const char *const      *keys = source->target_key != NULL ? own : source->target->keys;
  gboolean                is_id = source->target_key == NULL && muster_uuid_is_valid (text);
  const char *const       ids[] = { "id", NULL };

  for (keys = is_id ? ids : keys; keys != NULL && *keys != NULL && *id == NULL && !*many; keys++)
    {
      g_autofree char *path = strcmp (*keys, "path") == 0 ? make_path (text) : NULL;
      g_autoptr (GPtrArray) found =
                  find_records (transaction, info, *keys, path != NULL ? path : text, error);

      if (found == NULL)
        return FALSE;
      *many = found->len > 1;
      if (found->len == 1)
        *id = g_strdup (muster_entity_get_id (found->pdata[0]));
    }
  return TRUE;
}

/* Whether a row before would have made what TEXT names. */
static gboolean
plan_has_made (MusterImportPlan *self, const Source *source, const char *text)
{
  g_autofree char *path = make_path (text);
  const char      *last = g_strrstr (path, PATH_SEPARATOR);
  g_autofree char *key = NULL;

  if (!self->is_preview || source->target != self->kind)
    return FALSE;
  for (const char *const *name = self->kind->keys; name != NULL && *name != NULL; name++)
    {
      g_free (g_steal_pointer (&key));
      key = g_strconcat (*name, "\n", text, NULL);
      if (g_hash_table_contains (self->made, key))
        return TRUE;
    }
  /* Paths come to be only when the record is made: its last part must do. */
  g_free (g_steal_pointer (&key));
  key = g_strconcat ("name\n", last != NULL ? last + strlen (PATH_SEPARATOR) : path, NULL);
  return g_hash_table_contains (self->made, key);
}

/* The id that TEXT stands for (transfer full), or NULL with a row in ERRORS unless it is one that
 * is still to come. */
static gboolean
plan_resolve (MusterImportPlan  *self,
              const Source      *source,
              MusterTransaction *transaction,
              const char        *text,
              const char        *pointer,
              char             **id,
              MusterFieldErrors *errors,
              GError           **error)
{
  const MusterField *field = &self->kind->scope.info->fields[source->index];
  g_autofree char   *known = g_strconcat (field->name, "\n", text, NULL);
  const char        *cached = g_hash_table_lookup (self->references, known);
  gboolean           many = FALSE;

  *id = g_strdup (cached);
  if (cached != NULL)
    return TRUE;
  if (!find_reference (source, transaction, text, id, &many, error))
    return FALSE;
  if (*id != NULL)
    g_hash_table_insert (self->references, g_steal_pointer (&known), g_strdup (*id));
  else if (many)
    muster_field_errors_add (errors, pointer, "several %s are called “%s”: give the id",
                             source->target->scope.info->path, text);
  else if (!plan_has_made (self, source, text))
    muster_field_errors_add (errors, pointer, "there is no %s “%s”",
                             source->target->scope.info->name, text);
  return TRUE;
}

/* --- a row --- */

/* One row on its way to be a record. */
typedef struct
{
  MusterTransaction *transaction;
  const char *const *cells;
  MusterEntity      *record;
  MusterEntity      *before; /* (nullable) */
  MusterFieldErrors *errors;
} Row;

static const char *
get_cell (const Row *row, const Source *source)
{
  const char *text = source->column != NO_COLUMN ? row->cells[source->column] : source->text;

  return text != NULL && *text != '\0' ? text : NULL;
}

static gboolean
plan_set_text (MusterImportPlan *self,
               Row              *row,
               const Source     *source,
               const char       *text,
               GError          **error)
{
  const MusterField *field = &self->kind->scope.info->fields[source->index];
  g_autofree char   *pointer = g_strconcat ("/", field->name, NULL);
  g_autofree char   *converted =
    muster_import_convert_text (field, text, self->decimal_comma, self->date_format);
  g_autofree char *id = NULL;
  MusterValue      value = { 0 };

  if (source->target != NULL)
    {
      if (!plan_resolve (self, source, row->transaction, converted, pointer, &id, row->errors,
                         error))
        return FALSE;
      if (id == NULL)
        return TRUE;
    }
  if (!muster_field_decode_text (field, id != NULL ? id : converted, pointer, &value, row->errors))
    return TRUE;
  if (row->before != NULL && (field->flags & MUSTER_FIELD_IMMUTABLE) &&
      !muster_value_equal (field, &value, muster_entity_peek (row->before, source->index)))
    {
      muster_field_errors_add (row->errors, pointer, "cannot be changed once it is set");
      muster_value_clear (field, &value);
      return TRUE;
    }
  muster_entity_take (row->record, source->index, &value);
  return TRUE;
}

static gboolean
plan_set_fields (MusterImportPlan *self, Row *row, GError **error)
{
  for (guint i = 0; i < self->sources->len; i++)
    {
      const Source      *source = &g_array_index (self->sources, Source, i);
      const MusterField *field = &self->kind->scope.info->fields[source->index];
      const char        *text = get_cell (row, source);

      if (source->index == MUSTER_ENTITY_FIELD_ID)
        continue;
      if (text == NULL && self->clears && (field->flags & MUSTER_FIELD_NULLABLE))
        muster_entity_set_null (row->record, field->name);
      if (text != NULL && !plan_set_text (self, row, source, text, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
plan_set_defaults (MusterImportPlan *self, Row *row, GError **error)
{
  for (guint i = 0; i < self->defaults->len && row->before == NULL; i++)
    {
      const Source *source = &g_array_index (self->defaults, Source, i);
      gboolean      is_set = FALSE;

      for (guint j = 0; j < self->sources->len; j++)
        {
          const Source *own = &g_array_index (self->sources, Source, j);

          is_set = is_set || (own->index == source->index && get_cell (row, own) != NULL);
        }
      if (!is_set && source->text != NULL &&
          !plan_set_text (self, row, source, source->text, error))
        return FALSE;
    }
  return TRUE;
}

static void
plan_check_required (MusterImportPlan *self, Row *row)
{
  const MusterEntityInfo *info = self->kind->scope.info;

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      const MusterField *field = &info->fields[i];
      const MusterValue *value = muster_entity_peek (row->record, i);
      gboolean           lacks = muster_field_is_text (field) &&
                       (value->is_null || value->text == NULL || *value->text == '\0');
      g_autofree char *pointer = g_strconcat ("/", field->name, NULL);

      if ((field->flags & MUSTER_FIELD_REQUIRED) && lacks &&
          muster_field_errors_get_count (row->errors) == 0)
        muster_field_errors_add (row->errors, pointer, "is required");
    }
}

/* What the database would refuse. */
static gboolean
plan_check_unique (MusterImportPlan *self, Row *row, GError **error)
{
  const MusterEntityInfo *info = self->kind->scope.info;

  for (guint i = 0; i < self->sources->len; i++)
    {
      const MusterField *field = &info->fields[g_array_index (self->sources, Source, i).index];
      const char        *text =
        muster_field_is_text (field) ? muster_entity_get_string (row->record, field->name) : NULL;
      g_autofree char *pointer = g_strconcat ("/", field->name, NULL);
      g_autoptr (GPtrArray) found = NULL;

      if (!(field->flags & MUSTER_FIELD_UNIQUE) || field == self->key || text == NULL)
        continue;
      if (!g_hash_table_add (self->taken, g_strconcat (field->name, "\n", text, NULL)))
        {
          muster_field_errors_add (row->errors, pointer, "another row of the file has it already");
          continue;
        }
      found = find_records (row->transaction, info, field->name, text, error);
      if (found == NULL)
        return FALSE;
      if (found->len > 0 &&
          (row->before == NULL || strcmp (muster_entity_get_id (found->pdata[0]),
                                          muster_entity_get_id (row->before)) != 0))
        muster_field_errors_add (row->errors, pointer, "another %s has it already", info->name);
    }
  return TRUE;
}

static void
plan_check_machine (MusterImportPlan *self, Row *row)
{
  const MusterEntityInfo *info = self->kind->scope.info;
  g_autofree char        *pointer = NULL;
  g_autoptr (GError) refused = NULL;

  if (row->before == NULL || info->machine == NULL ||
      muster_state_machine_check (info->machine,
                                  muster_entity_get_enum (row->before, info->machine_field),
                                  muster_entity_get_enum (row->record, info->machine_field),
                                  &refused))
    return;
  pointer = g_strconcat ("/", info->machine_field, NULL);
  muster_field_errors_add (row->errors, pointer, "%s", refused->message);
}

/* So that rows after it find what this one would make. */
static void
plan_note_made (MusterImportPlan *self, Row *row)
{
  for (const char *const *name = self->kind->keys; name != NULL && *name != NULL; name++)
    {
      const char *text = muster_entity_get_string (row->record, *name);

      if (text != NULL && *text != '\0')
        g_hash_table_add (self->made, g_strconcat (*name, "\n", text, NULL));
    }
}

/* The record that the row is about, into BEFORE; none for a new one. */
static gboolean
plan_find_before (MusterImportPlan *self, Row *row, GError **error)
{
  const char      *cell = self->key != NULL ? row->cells[self->key_column] : NULL;
  g_autofree char *pointer = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) found = NULL;

  if (self->key == NULL)
    return TRUE;
  pointer = g_strconcat ("/", self->key->name, NULL);
  if (cell == NULL || *cell == '\0')
    {
      muster_field_errors_add (row->errors, pointer, "is empty: rows are told apart by it");
      return TRUE;
    }
  text = muster_import_convert_text (self->key, cell, FALSE, MUSTER_IMPORT_DATE_ISO);
  found = find_records (row->transaction, self->kind->scope.info, self->key->name, text, error);
  if (found == NULL)
    return FALSE;
  if (found->len > 1)
    muster_field_errors_add (row->errors, pointer, "several %s have “%s”",
                             self->kind->scope.info->path, text);
  else if (found->len == 1)
    row->before = g_object_ref (found->pdata[0]);
  else if (self->key == &self->kind->scope.info->fields[MUSTER_ENTITY_FIELD_ID])
    muster_field_errors_add (row->errors, pointer, "there is no %s of that id",
                             self->kind->scope.info->name);
  return TRUE;
}

static gboolean
plan_make_record (MusterImportPlan *self, Row *row, GError **error)
{
  if (!plan_find_before (self, row, error))
    return FALSE;
  row->record = row->before != NULL ? muster_entity_copy (row->before)
                                    : muster_entity_new (self->kind->scope.info);
  if (!plan_set_fields (self, row, error) || !plan_set_defaults (self, row, error))
    return FALSE;
  plan_check_required (self, row);
  if (!self->is_preview)
    return TRUE;
  plan_check_machine (self, row);
  return plan_check_unique (self, row, error);
}

gint64
muster_import_plan_find_repeat (MusterImportPlan *self, const char *const *cells, gint64 number)
{
  const char      *cell = NULL;
  g_autofree char *text = NULL;
  gint64           first;

  g_return_val_if_fail (self != NULL && cells != NULL, 0);

  cell = self->key != NULL ? cells[self->key_column] : NULL;
  if (cell == NULL || *cell == '\0')
    return 0;
  text = muster_import_convert_text (self->key, cell, FALSE, MUSTER_IMPORT_DATE_ISO);
  first = (gint64)GPOINTER_TO_SIZE (g_hash_table_lookup (self->rows, text));
  if (first == 0)
    g_hash_table_insert (self->rows, g_steal_pointer (&text), GSIZE_TO_POINTER ((gsize)number));
  return first;
}

void
muster_import_plan_refuse_repeat (MusterImportPlan *self, gint64 first, MusterFieldErrors *errors)
{
  g_autofree char *pointer = NULL;

  g_return_if_fail (self != NULL && self->key != NULL && errors != NULL);

  pointer = g_strconcat ("/", self->key->name, NULL);
  muster_field_errors_add (errors, pointer,
                           "row %" G_GINT64_FORMAT " of the file has the same: which one is meant?",
                           first);
}

gboolean
muster_import_plan_read (MusterImportPlan    *self,
                         MusterTransaction   *transaction,
                         const char *const   *cells,
                         MusterImportOutcome *outcome,
                         MusterEntity       **record,
                         MusterEntity       **before,
                         MusterFieldErrors   *errors,
                         GError             **error)
{
  Row      row = { transaction, cells, NULL, NULL, errors };
  gboolean done;

  g_return_val_if_fail (self != NULL && transaction != NULL && cells != NULL, FALSE);
  g_return_val_if_fail (outcome != NULL && record != NULL && before != NULL, FALSE);

  done = plan_make_record (self, &row, error);
  *record = NULL;
  *before = NULL;
  *outcome = MUSTER_IMPORT_FAILED;
  if (!done || muster_field_errors_get_count (errors) > 0)
    {
      g_clear_object (&row.record);
      g_clear_object (&row.before);
      return done;
    }
  if (row.before == NULL)
    *outcome = MUSTER_IMPORT_NEW;
  else
    *outcome =
      muster_entity_equal (row.before, row.record) ? MUSTER_IMPORT_SAME : MUSTER_IMPORT_CHANGED;
  if (self->is_preview && *outcome == MUSTER_IMPORT_NEW)
    plan_note_made (self, &row);
  *record = row.record;
  *before = row.before;
  return TRUE;
}
