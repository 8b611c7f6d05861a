/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-import-columns"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "muster-import-columns.h"

#define KEY_NAME "muster-name"
#define KEY_SAMPLES "muster-samples"
#define N_SAMPLES 3

struct _MusterImportColumns
{
  AdwBin parent_instance;

  const MusterEntityInfo *info;
  GPtrArray              *fields; /* (element-type utf8) along `labels`, from its second on */
  GtkStringList          *labels; /* (owned) of the fields; first: left out */
  GPtrArray              *keys;   /* (element-type utf8) along the rows of `key`, from its second */
  GPtrArray              *rows;   /* (element-type AdwComboRow) one a column; borrowed */
  char                   *wanted; /* (owned) (nullable) the key, while a column fills it */
  gboolean                filling;

  AdwPreferencesPage  *page;
  AdwPreferencesGroup *columns;
  AdwPreferencesGroup *missing;
  AdwComboRow         *key;
  AdwComboRow         *numbers;
  AdwComboRow         *days;
  AdwComboRow         *empty;
};

G_DEFINE_FINAL_TYPE (MusterImportColumns, muster_import_columns, ADW_TYPE_BIN)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static const char *const date_formats[] = { "iso", "dmy", "mdy", "ymd" };

/* --- fields to choose from --- */

static const MusterField *
find_field (MusterImportColumns *self, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", 2);
  int index = muster_entity_info_find (self->info, parts[0]);

  return index >= 0 ? &self->info->fields[index] : NULL;
}

/* "Place", "Place: path" for "location_id.path". (transfer full) */
static char *
dup_label (MusterImportColumns *self, const char *name)
{
  const MusterField *field = find_field (self, name);
  const char        *dot = strchr (name, '.');

  if (field == NULL)
    return g_strdup (name);
  if (dot == NULL)
    return g_strdup (_ (field->label));
  return g_strdup_printf ("%s: %s", _ (field->label), dot + 1);
}

static void
add_field (MusterImportColumns *self, const char *name)
{
  g_autofree char *label = dup_label (self, name);

  g_ptr_array_add (self->fields, g_strdup (name));
  gtk_string_list_append (self->labels, label);
}

static void
fill_fields (MusterImportColumns *self, JsonObject *mapping)
{
  g_autoptr (GList) columns = mapping != NULL ? json_object_get_members (mapping) : NULL;

  g_ptr_array_set_size (self->fields, 0);
  g_clear_object (&self->labels);
  self->labels = gtk_string_list_new ((const char *const[]){ _ ("Leave out"), NULL });
  for (unsigned i = 0; i < self->info->n_fields; i++)
    if (i == MUSTER_ENTITY_FIELD_ID || !(self->info->fields[i].flags & MUSTER_FIELD_READ_ONLY))
      add_field (self, self->info->fields[i].name);
  /* A guess may name a field of what a field points at. */
  for (GList *column = columns; column != NULL; column = column->next)
    {
      const char *field = muster_api_json_get_string (mapping, column->data);

      if (field != NULL &&
          !g_ptr_array_find_with_equal_func (self->fields, field, g_str_equal, NULL))
        add_field (self, field);
    }
}

/* The field that ROW's column fills, or NULL: borrowed. */
static const char *
get_field (MusterImportColumns *self, AdwComboRow *row)
{
  unsigned selected = adw_combo_row_get_selected (row);

  return selected > 0 && selected <= self->fields->len
           ? g_ptr_array_index (self->fields, selected - 1)
           : NULL;
}

/* The same as a field of the record, "location_id" for "location_id.path". (nullable) */
static const MusterField *
get_target (MusterImportColumns *self, AdwComboRow *row)
{
  const char *name = get_field (self, row);

  return name != NULL ? find_field (self, name) : NULL;
}

static gboolean
fills (MusterImportColumns *self, const MusterField *field)
{
  for (unsigned i = 0; i < self->rows->len; i++)
    if (get_target (self, self->rows->pdata[i]) == field)
      return TRUE;
  return FALSE;
}

/* --- what follows from a choice --- */

/* Whether another column fills what the one at POSITION fills. */
static gboolean
is_double (MusterImportColumns *self, unsigned position)
{
  const MusterField *field = get_target (self, self->rows->pdata[position]);

  for (unsigned i = 0; field != NULL && i < self->rows->len; i++)
    if (i != position && get_target (self, self->rows->pdata[i]) == field)
      return TRUE;
  return FALSE;
}

static void
mark_doubles (MusterImportColumns *self)
{
  for (unsigned i = 0; i < self->rows->len; i++)
    {
      GtkWidget  *row = self->rows->pdata[i];
      const char *samples = g_object_get_data (G_OBJECT (row), KEY_SAMPLES);
      gboolean    doubled = is_double (self, i);

      if (doubled)
        gtk_widget_add_css_class (row, "error");
      else
        gtk_widget_remove_css_class (row, "error");
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                                   doubled ? _ ("Another column fills this already") : samples);
    }
}

/* Fields without which no new record can be. */
static void
show_missing (MusterImportColumns *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *text = NULL, *list = NULL;

  for (unsigned i = 0; i < self->info->n_fields; i++)
    {
      const MusterField *field = &self->info->fields[i];

      if ((field->flags & MUSTER_FIELD_REQUIRED) && !(field->flags & MUSTER_FIELD_READ_ONLY) &&
          !fills (self, field))
        g_ptr_array_add (names, (gpointer)_ (field->label));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->missing), names->len > 0);
  g_ptr_array_add (names, NULL);
  list = g_strjoinv (", ", (char **)names->pdata);
  text =
    g_strdup_printf (_ ("New records also need: %s. Without, only those that are there already "
                        "can be changed."),
                     list);
  adw_preferences_group_set_description (self->missing, text);
}

static void
fill_keys (MusterImportColumns *self)
{
  g_autoptr (GtkStringList) labels =
              gtk_string_list_new ((const char *const[]){ _ ("Nothing: each row is new"), NULL });
  unsigned selected = 0;

  g_ptr_array_set_size (self->keys, 0);
  for (unsigned i = 0; i < self->info->n_fields; i++)
    {
      const MusterField *field = &self->info->fields[i];

      if (!muster_field_is_text (field) || field->references != NULL || !fills (self, field))
        continue;
      g_ptr_array_add (self->keys, g_strdup (field->name));
      gtk_string_list_append (labels, _ (field->label));
      if (g_strcmp0 (self->wanted, field->name) == 0)
        selected = self->keys->len;
    }
  self->filling = TRUE;
  adw_combo_row_set_model (self->key, G_LIST_MODEL (labels));
  adw_combo_row_set_selected (self->key, selected);
  self->filling = FALSE;
}

static void
muster_import_columns_chosen_cb (MusterImportColumns *self)
{
  if (self->filling)
    return;
  fill_keys (self);
  mark_doubles (self);
  show_missing (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_import_columns_key_cb (MusterImportColumns *self)
{
  unsigned selected = adw_combo_row_get_selected (self->key);

  if (self->filling)
    return;
  g_set_str (&self->wanted, selected > 0 && selected <= self->keys->len
                              ? g_ptr_array_index (self->keys, selected - 1)
                              : NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- showing an import --- */

static char *
join_samples (JsonObject *column)
{
  JsonArray *samples = muster_api_json_get_array (column, "samples");
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; samples != NULL && i < MIN (json_array_get_length (samples), N_SAMPLES); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " · " : "",
                            json_array_get_string_element (samples, i));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
add_row (MusterImportColumns *self, JsonObject *column, JsonObject *mapping)
{
  const char *name = muster_api_json_get_string (column, "name");
  const char *field = mapping != NULL ? muster_api_json_get_string (mapping, name) : NULL;
  char       *samples = join_samples (column);
  unsigned    position;
  GtkWidget  *row =
    g_object_new (ADW_TYPE_COMBO_ROW, "use-markup", FALSE, "title", name, "subtitle", samples,
                  "subtitle-lines", 1, "model", self->labels, "enable-search", TRUE, "expression",
                  gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string"),
                  "search-match-mode", GTK_STRING_FILTER_MATCH_MODE_SUBSTRING, NULL);

  if (field != NULL &&
      g_ptr_array_find_with_equal_func (self->fields, field, g_str_equal, &position))
    adw_combo_row_set_selected (ADW_COMBO_ROW (row), position + 1);
  g_object_set_data_full (G_OBJECT (row), KEY_NAME, g_strdup (name), g_free);
  g_object_set_data_full (G_OBJECT (row), KEY_SAMPLES, samples, g_free);
  gtk_widget_set_tooltip_text (row, samples);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (muster_import_columns_chosen_cb),
                           self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->columns, row);
  g_ptr_array_add (self->rows, row);
}

static void
show_options (MusterImportColumns *self, JsonObject *options)
{
  const char *format = muster_api_json_get_string (options, "date_format");

  adw_combo_row_set_selected (self->numbers,
                              json_object_get_boolean_member_with_default (options, "decimal_comma",
                                                                           FALSE));
  for (unsigned i = 0; i < G_N_ELEMENTS (date_formats); i++)
    if (g_strcmp0 (format, date_formats[i]) == 0)
      adw_combo_row_set_selected (self->days, i);
  adw_combo_row_set_selected (self->empty, g_strcmp0 (muster_api_json_get_string (options, "empty"),
                                                      "clear") == 0);
}

void
muster_import_columns_show (MusterImportColumns    *self,
                            const MusterEntityInfo *info,
                            JsonObject             *import)
{
  JsonArray  *columns = muster_api_json_get_array (import, "columns");
  JsonObject *mapping = muster_api_json_get_object (import, "mapping");

  g_return_if_fail (MUSTER_IS_IMPORT_COLUMNS (self));
  g_return_if_fail (info != NULL && columns != NULL);

  for (unsigned i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->columns, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  self->info = info;
  g_set_str (&self->wanted, muster_api_json_get_string (import, "key"));
  fill_fields (self, mapping);
  self->filling = TRUE;
  for (unsigned i = 0; i < json_array_get_length (columns); i++)
    add_row (self, json_array_get_object_element (columns, i), mapping);
  show_options (self, muster_api_json_get_object (import, "options"));
  self->filling = FALSE;
  muster_import_columns_chosen_cb (self);
}

gboolean
muster_import_columns_is_valid (MusterImportColumns *self)
{
  gboolean any = FALSE;

  g_return_val_if_fail (MUSTER_IS_IMPORT_COLUMNS (self), FALSE);

  for (unsigned i = 0; i < self->rows->len; i++)
    {
      if (is_double (self, i))
        return FALSE;
      any |= get_field (self, self->rows->pdata[i]) != NULL;
    }
  return any;
}

JsonObject *
muster_import_columns_create_plan (MusterImportColumns *self)
{
  JsonObject *plan = NULL, *mapping = NULL, *options = NULL;

  g_return_val_if_fail (MUSTER_IS_IMPORT_COLUMNS (self), NULL);

  plan = json_object_new ();
  mapping = json_object_new ();
  options = json_object_new ();
  for (unsigned i = 0; i < self->rows->len; i++)
    {
      const char *name = g_object_get_data (G_OBJECT (self->rows->pdata[i]), KEY_NAME);
      const char *field = get_field (self, self->rows->pdata[i]);

      if (field != NULL)
        json_object_set_string_member (mapping, name, field);
      else
        json_object_set_null_member (mapping, name);
    }
  json_object_set_object_member (plan, "mapping", mapping);
  if (adw_combo_row_get_selected (self->key) > 0)
    json_object_set_string_member (plan, "key",
                                   g_ptr_array_index (self->keys,
                                                      adw_combo_row_get_selected (self->key) - 1));
  else
    json_object_set_null_member (plan, "key");
  json_object_set_boolean_member (options, "decimal_comma",
                                  adw_combo_row_get_selected (self->numbers) == 1);
  json_object_set_string_member (options, "date_format",
                                 date_formats[adw_combo_row_get_selected (self->days)]);
  json_object_set_string_member (options, "empty",
                                 adw_combo_row_get_selected (self->empty) == 1 ? "clear" : "keep");
  json_object_set_object_member (plan, "options", options);
  return plan;
}

/* --- life --- */

static void
muster_import_columns_finalize (GObject *object)
{
  MusterImportColumns *self = MUSTER_IMPORT_COLUMNS (object);

  g_ptr_array_unref (self->fields);
  g_ptr_array_unref (self->keys);
  g_ptr_array_unref (self->rows);
  g_clear_object (&self->labels);
  g_free (self->wanted);
  G_OBJECT_CLASS (muster_import_columns_parent_class)->finalize (object);
}

static void
muster_import_columns_class_init (MusterImportColumnsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_import_columns_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_IMPORT_COLUMNS, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static AdwPreferencesGroup *
add_group (MusterImportColumns *self, const char *title, const char *description)
{
  AdwPreferencesGroup *group =
    g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", title, "description", description, NULL);

  adw_preferences_page_add (self->page, group);
  return group;
}

static AdwComboRow *
add_choice (AdwPreferencesGroup *group, const char *title, const char *const *choices)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (choices);
  GtkWidget *row = g_object_new (ADW_TYPE_COMBO_ROW, "title", title, "model", model, NULL);

  adw_preferences_group_add (group, row);
  return ADW_COMBO_ROW (row);
}

static void
muster_import_columns_init (MusterImportColumns *self)
{
  AdwPreferencesGroup *group;

  self->fields = g_ptr_array_new_with_free_func (g_free);
  self->keys = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_ptr_array_new ();
  self->page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  self->columns = add_group (self, _ ("Columns"), _ ("What each column of the file holds."));
  self->missing = add_group (self, NULL, NULL);
  group =
    add_group (self, _ ("Records"), _ ("A row whose value is there already changes that record."));
  self->key = add_choice (group, _ ("Find by"), NULL);
  g_signal_connect_object (self->key, "notify::selected", G_CALLBACK (muster_import_columns_key_cb),
                           self, G_CONNECT_SWAPPED);
  group = add_group (self, _ ("Cells"), NULL);
  self->numbers =
    add_choice (group, _ ("Numbers"), (const char *const[]){ "1,234.50", "1.234,50", NULL });
  self->days = add_choice (group, _ ("Days"),
                           (const char *const[]){ "2026-12-31", "31.12.2026", "12/31/2026",
                                                  "2026/12/31", NULL });
  self->empty = add_choice (group, _ ("Empty cells"),
                            (const char *const[]){ _ ("Keep what the record has"),
                                                   _ ("Take the value away"), NULL });
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->page));
}
