/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-import-rows"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-imports.h"
#include "client/muster-api-json.h"
#include "muster-import-rows.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-references.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-trouble-view.h"

/* More than anybody reads; all are counted. */
#define MAX_ROWS 200
#define KEY_OUTCOME "muster-outcome"

struct _MusterImportRows
{
  AdwBin parent_instance;

  MusterSession          *session; /* (owned) (nullable) */
  const MusterEntityInfo *info;
  char                   *id;      /* (owned) (nullable) */
  const char             *only;    /* (nullable) outcome shown */
  JsonObject             *preview; /* (owned) (nullable) the last answer */
  DexFuture              *reading; /* (owned) (nullable) */
  GSignalGroup           *names;   /* (owned) of the records that the rows point at */

  GtkStack          *stack;
  MusterTroubleView *trouble;
  GtkBox            *chips;
  GtkLabel          *more;
  GtkListBox        *list;
};

G_DEFINE_FINAL_TYPE (MusterImportRows, muster_import_rows, ADW_TYPE_BIN)

enum
{
  COUNTED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static const struct
{
  const char *outcome; /* NULL: all */
  const char *member;
  const char *label;
  const char *icon_name;
  const char *css_class;
} outcomes[] = {
  { NULL, "rows", N_ ("All"), NULL, NULL },
  { "new", "new", N_ ("New"), "list-add-symbolic", "success" },
  { "changed", "changed", N_ ("Changed"), "document-edit-symbolic", "accent" },
  { "same", "same", N_ ("The same"), "object-select-symbolic", "dim-label" },
  { "failed", "failed", N_ ("Refused"), "dialog-error-symbolic", "error" },
};

static void read_rows (MusterImportRows *self);

/* --- a row --- */

static unsigned
find_outcome (const char *nick)
{
  for (unsigned i = 1; i < G_N_ELEMENTS (outcomes); i++)
    if (g_strcmp0 (outcomes[i].outcome, nick) == 0)
      return i;
  return 0;
}

static void
add_line (GtkBox *box, const char *text, const char *css_class)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE,
                                   "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);

  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (box, label);
}

/* What a cell or a member of the API says of a field, for a person. */
static const char *
get_label (MusterImportRows *self, const char *name)
{
  int index = muster_entity_info_find (self->info, name);

  return index >= 0 ? _ (self->info->fields[index].label) : name;
}

static void
add_errors (MusterImportRows *self, GtkBox *box, JsonArray *errors)
{
  for (unsigned i = 0; errors != NULL && i < json_array_get_length (errors); i++)
    {
      JsonObject      *error = json_array_get_object_element (errors, i);
      const char      *field = muster_api_json_get_string (error, "field");
      const char      *detail = muster_api_json_get_string (error, "detail");
      g_autofree char *text = field != NULL && *field != '\0'
                                ? g_strdup_printf (_ ("%s %s"), get_label (self, field), detail)
                                : muster_format_sentence (detail);

      add_line (box, text, "error");
    }
}

/* The cells of a row that is refused, as they stand in the file; but what is its TITLE. */
static void
add_cells (GtkBox *box, JsonObject *cells, const char *title)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GList) names = cells != NULL ? json_object_get_members (cells) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    {
      const char *cell = muster_api_json_get_string (cells, name->data);

      if (cell != NULL && *cell != '\0' && !g_str_equal (cell, title))
        g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", cell);
    }
  if (text->len > 0)
    add_line (box, text->str, "dim-label");
}

/* "Price: 24.50 € → 26.00 €" for each field that a record gets anew. */
static void
add_changes (MusterImportRows *self, GtkBox *box, MusterEntity *after, JsonObject *before)
{
  g_autoptr (MusterEntity) old = muster_entity_new_from_json (self->info, before, NULL);
  g_autoptr (GList) names = json_object_get_members (before);

  for (GList *name = names; old != NULL && name != NULL; name = name->next)
    {
      g_autofree char *value = muster_record_format (self->session, after, name->data);
      g_autofree char *was = muster_record_format (self->session, old, name->data);
      /* Translators: a field, what its value was, and what it will be. */
      g_autofree char *text =
        g_strdup_printf (_ ("%s: %s → %s"), get_label (self, name->data), was != NULL ? was : "–",
                         value != NULL ? value : "–");

      add_line (box, text, NULL);
    }
}

/* What a new record gets, apart from its title and from what every new one has. */
static void
add_values (MusterImportRows *self, GtkBox *box, MusterEntity *record)
{
  g_autoptr (MusterEntity) plain = muster_entity_new (self->info);
  g_autoptr (GString) line = g_string_new (NULL);

  for (unsigned i = MUSTER_ENTITY_FIELD_REVISION + 1; i < self->info->n_fields; i++)
    {
      const MusterField *field = &self->info->fields[i];
      g_autofree char   *value = NULL;

      if (g_strcmp0 (field->name, self->info->title_field) == 0 ||
          muster_value_equal (field, muster_entity_peek (record, i), muster_entity_peek (plain, i)))
        continue;
      value = muster_record_format_index (self->session, record, i);
      if (value != NULL)
        g_string_append_printf (line, _ ("%s%s: %s"), line->len > 0 ? " · " : "", _ (field->label),
                                value);
    }
  if (line->len > 0)
    add_line (box, line->str, "dim-label");
}

/* What the row is about: the title of its record, or its first cell. (transfer full) */
static char *
dup_title (MusterImportRows *self, JsonObject *item)
{
  JsonObject *values = muster_api_json_get_object (item, "values");
  JsonObject *cells = muster_api_json_get_object (item, "cells");
  g_autoptr (GList) names = cells != NULL ? json_object_get_members (cells) : NULL;
  const char *title = values != NULL && self->info->title_field != NULL
                        ? muster_api_json_get_string (values, self->info->title_field)
                        : NULL;

  for (GList *name = names; (title == NULL || *title == '\0') && name != NULL; name = name->next)
    title = muster_api_json_get_string (cells, name->data);
  return g_strdup (title != NULL && *title != '\0' ? title : _ ("(empty)"));
}

static GtkWidget *
create_row (MusterImportRows *self, JsonObject *item)
{
  unsigned    outcome = find_outcome (muster_api_json_get_string (item, "outcome"));
  JsonObject *values = muster_api_json_get_object (item, "values");
  JsonObject *before = muster_api_json_get_object (item, "before");
  g_autoptr (MusterEntity) record =
              values != NULL ? muster_entity_new_from_json (self->info, values, NULL) : NULL;
  GtkWidget       *row = g_object_new (GTK_TYPE_LIST_BOX_ROW, "activatable", FALSE, NULL);
  GtkWidget       *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget       *icon = gtk_image_new_from_icon_name (outcomes[outcome].icon_name);
  GtkWidget       *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget       *number = gtk_label_new (NULL);
  g_autofree char *title = dup_title (self, item);
  g_autofree char *place =
    g_strdup_printf (_ ("Row %" PRId64), muster_api_json_get_integer (item, "row", 0));
  g_autofree char *name = g_strdup_printf ("%s, %s, %s", place, title, _ (outcomes[outcome].label));

  gtk_widget_add_css_class (line, "import-row");
  gtk_widget_add_css_class (icon, outcomes[outcome].css_class);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (icon, _ (outcomes[outcome].label));
  gtk_widget_set_hexpand (texts, TRUE);
  add_line (GTK_BOX (texts), title, NULL);
  if (outcome == find_outcome ("failed"))
    {
      add_errors (self, GTK_BOX (texts), muster_api_json_get_array (item, "errors"));
      add_cells (GTK_BOX (texts), muster_api_json_get_object (item, "cells"), title);
    }
  else if (record != NULL && before != NULL)
    add_changes (self, GTK_BOX (texts), record, before);
  else if (record != NULL)
    add_values (self, GTK_BOX (texts), record);
  gtk_label_set_label (GTK_LABEL (number), place);
  gtk_widget_set_valign (number, GTK_ALIGN_START);
  gtk_widget_add_css_class (number, "dim-label");
  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_add_css_class (number, "caption");
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), texts);
  gtk_box_append (GTK_BOX (line), number);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return row;
}

/* --- all of them --- */

static void
show_rows (MusterImportRows *self)
{
  JsonArray *items = muster_api_json_get_array (self->preview, "items");
  gint64     n_all = muster_import_rows_count (self, self->only != NULL ? self->only : "rows");
  g_autofree char *more =
    g_strdup_printf (_ ("The first %d of %'" PRId64 "; all are counted."), MAX_ROWS, n_all);

  muster_list_clear (self->list);
  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    gtk_list_box_append (self->list, create_row (self, json_array_get_object_element (items, i)));
  gtk_label_set_label (self->more, more);
  gtk_widget_set_visible (GTK_WIDGET (self->more), n_all > MAX_ROWS);
}

static void
muster_import_rows_names_cb (MusterImportRows *self)
{
  if (self->preview != NULL)
    show_rows (self);
}

static void
muster_import_rows_chip_cb (MusterImportRows *self, GParamSpec *pspec, GtkToggleButton *chip)
{
  if (!gtk_toggle_button_get_active (chip))
    return;
  self->only = g_object_get_data (G_OBJECT (chip), KEY_OUTCOME);
  read_rows (self);
}

static void
add_chips (MusterImportRows *self)
{
  GtkWidget *first = NULL;

  for (unsigned i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      gint64           n_rows = muster_import_rows_count (self, outcomes[i].member);
      g_autofree char *label =
        g_strdup_printf ("%s %'" G_GINT64_FORMAT, _ (outcomes[i].label), n_rows);
      GtkWidget *chip = gtk_toggle_button_new_with_label (label);

      gtk_widget_add_css_class (chip, "filter-chip");
      gtk_widget_set_sensitive (chip, n_rows > 0);
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (chip), GTK_TOGGLE_BUTTON (first));
      first = first != NULL ? first : chip;
      g_object_set_data (G_OBJECT (chip), KEY_OUTCOME, (gpointer)outcomes[i].outcome);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (chip), self->only == outcomes[i].outcome);
      g_signal_connect_object (chip, "notify::active", G_CALLBACK (muster_import_rows_chip_cb),
                               self, G_CONNECT_SWAPPED);
      gtk_box_append (self->chips, chip);
    }
}

static DexFuture *
muster_import_rows_read_cb (DexFuture *future, gpointer user_data)
{
  MusterImportRows *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value == NULL)
    {
      muster_trouble_view_set_error (self->trouble, _ ("The File Could Not Be Read"), error);
      gtk_stack_set_visible_child_name (self->stack, "error");
      return dex_future_new_true ();
    }
  g_clear_pointer (&self->preview, json_object_unref);
  self->preview = json_object_ref (g_value_get_boxed (value));
  if (gtk_widget_get_first_child (GTK_WIDGET (self->chips)) == NULL)
    add_chips (self);
  show_rows (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
  g_signal_emit (self, signals[COUNTED], 0);
  return dex_future_new_true ();
}

static void
read_rows (MusterImportRows *self)
{
  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_imports_preview (muster_session_get_client (self->session),
                                                    self->id, self->only, MAX_ROWS),
                        muster_import_rows_read_cb, self, NULL);
}

void
muster_import_rows_show (MusterImportRows       *self,
                         MusterSession          *session,
                         const MusterEntityInfo *info,
                         const char             *id)
{
  GtkWidget *chip;

  g_return_if_fail (MUSTER_IS_IMPORT_ROWS (self));
  g_return_if_fail (MUSTER_IS_SESSION (session) && info != NULL && id != NULL);

  g_set_object (&self->session, session);
  g_signal_group_set_target (self->names, muster_references_get (session));
  self->info = info;
  self->only = NULL;
  g_set_str (&self->id, id);
  g_clear_pointer (&self->preview, json_object_unref);
  while ((chip = gtk_widget_get_first_child (GTK_WIDGET (self->chips))) != NULL)
    gtk_box_remove (self->chips, chip);
  gtk_stack_set_visible_child_name (self->stack, "loading");
  read_rows (self);
}

gint64
muster_import_rows_count (MusterImportRows *self, const char *outcome)
{
  g_return_val_if_fail (MUSTER_IS_IMPORT_ROWS (self), 0);

  return self->preview != NULL ? muster_api_json_get_integer (self->preview, outcome, 0) : 0;
}

/* --- life --- */

static void
muster_import_rows_dispose (GObject *object)
{
  MusterImportRows *self = MUSTER_IMPORT_ROWS (object);

  dex_clear (&self->reading);
  g_clear_object (&self->names);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_import_rows_parent_class)->dispose (object);
}

static void
muster_import_rows_finalize (GObject *object)
{
  MusterImportRows *self = MUSTER_IMPORT_ROWS (object);

  g_free (self->id);
  g_clear_pointer (&self->preview, json_object_unref);
  G_OBJECT_CLASS (muster_import_rows_parent_class)->finalize (object);
}

static void
muster_import_rows_class_init (MusterImportRowsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_import_rows_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_import_rows_finalize;
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  signals[COUNTED] = g_signal_new ("counted", MUSTER_TYPE_IMPORT_ROWS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/import-rows.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterImportRows, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterImportRows, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterImportRows, chips);
  gtk_widget_class_bind_template_child (widget_class, MusterImportRows, more);
  gtk_widget_class_bind_template_child (widget_class, MusterImportRows, list);
}

static void
muster_import_rows_init (MusterImportRows *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->names = g_signal_group_new (MUSTER_TYPE_REFERENCES);
  g_signal_group_connect_object (self->names, "changed", G_CALLBACK (muster_import_rows_names_cb),
                                 self, G_CONNECT_SWAPPED);
}
