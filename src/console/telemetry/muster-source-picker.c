/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-source-picker"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "muster-metric-name.h"
#include "muster-source-picker.h"
#include "widgets/muster-format.h"
#include "widgets/muster-references.h"
#include "widgets/muster-pressable.h"

#define MAX_RECORDS 30

/* What a row stands for. */
#define KEY_SOURCE "muster-source"
#define KEY_METRIC "muster-metric"
#define KEY_CHECK "muster-check"

struct _MusterSourcePicker
{
  GtkBox parent_instance;

  MusterSession   *session; /* (owned) */
  GListStore      *sources; /* (owned) (element-type MusterSource) loaded */
  GPtrArray       *loading; /* (owned) (element-type MusterSource) chosen, and being read */
  GHashTable      *wanted;  /* (owned) (nullable) set of metric names; NULL: all */
  DexFuture       *listing; /* (owned) (nullable) */
  MusterSourceKind kind;
  guint            updating : 1; /* rows are being set to what is chosen */

  /* Template children */
  AdwToggleGroup      *kinds;
  GtkEditable         *search;
  AdwPreferencesGroup *records_group;
  GtkListBox          *records;
  GtkLabel            *placeholder;
  GtkWidget           *metrics_group;
  GtkWidget           *all;
  GtkListBox          *metrics;
};

G_DEFINE_FINAL_TYPE (MusterSourcePicker, muster_source_picker, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* --- rows --- */

/* A row with a mark in front: pressing it anywhere changes the mark. */
static GtkWidget *
create_row (const char *title, const char *subtitle, gboolean on)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", subtitle,
                                 "use-markup", FALSE, "title-lines", 1, "subtitle-lines", 1, NULL);
  GtkWidget *check = gtk_check_button_new ();

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), on);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  /* The row takes the keyboard for it. */
  gtk_widget_set_focusable (check, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  g_object_set_data (G_OBJECT (row), KEY_CHECK, check);
  muster_pressable_make (GTK_LIST_BOX_ROW (row));
  return row;
}

static gboolean
is_row_on (GtkWidget *row)
{
  return gtk_check_button_get_active (g_object_get_data (G_OBJECT (row), KEY_CHECK));
}

/* --- metrics --- */

gboolean
muster_source_picker_wants (MusterSourcePicker *self, const char *metric)
{
  g_return_val_if_fail (MUSTER_IS_SOURCE_PICKER (self), FALSE);

  return self->wanted != NULL ? g_hash_table_contains (self->wanted, metric)
                              : !muster_metric_name_is_diagnostic (metric);
}

/* What is marked becomes the choice. */
static void
muster_source_picker_metric_cb (MusterSourcePicker *self)
{
  if (self->updating)
    return;
  g_clear_pointer (&self->wanted, g_hash_table_unref);
  self->wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->metrics)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (is_row_on (row))
      g_hash_table_add (self->wanted, g_strdup (g_object_get_data (G_OBJECT (row), KEY_METRIC)));
  gtk_widget_set_visible (self->all, TRUE);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* (transfer full): names of what any of the sources measures, with their units. */
static GHashTable *
collect_metrics (MusterSourcePicker *self)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++)
    {
      g_autoptr (MusterSource) source = g_list_model_get_item (G_LIST_MODEL (self->sources), i);

      for (unsigned j = 0; j < muster_source_count_devices (source); j++)
        {
          GListModel *model = muster_source_get_metrics (source, j);

          for (unsigned k = 0; k < g_list_model_get_n_items (model); k++)
            {
              g_autoptr (MusterApiMetric) metric = g_list_model_get_item (model, k);
              MusterEntity *entity = MUSTER_ENTITY (muster_api_metric_get_metric (metric));

              g_hash_table_replace (names, g_strdup (muster_entity_get_string (entity, "name")),
                                    g_strdup (muster_entity_get_string (entity, "unit")));
            }
        }
    }
  return names;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const char *const *first = a;
  const char *const *second = b;

  return muster_metric_name_compare (*first, *second);
}

static char *
describe_metric (const char *name, const char *unit)
{
  g_autofree char *folder = muster_metric_name_get_folder (name);

  if (unit != NULL && *folder != '\0')
    return g_strdup_printf ("%s · %s", folder, unit);
  return g_strdup (unit != NULL ? unit : folder);
}

static void
show_metrics (MusterSourcePicker *self)
{
  g_autoptr (GHashTable) names = collect_metrics (self);
  g_autofree const char **list = (const char **)g_hash_table_get_keys_as_array (names, NULL);
  unsigned                length = g_hash_table_size (names);

  qsort (list, length, sizeof *list, compare_names);
  self->updating = TRUE;
  gtk_list_box_remove_all (self->metrics);
  for (unsigned i = 0; i < length; i++)
    {
      g_autofree char *subtitle = describe_metric (list[i], g_hash_table_lookup (names, list[i]));
      GtkWidget       *row = create_row (muster_metric_name_get_label (list[i]), subtitle,
                                         muster_source_picker_wants (self, list[i]));

      g_object_set_data_full (G_OBJECT (row), KEY_METRIC, g_strdup (list[i]), g_free);
      g_signal_connect_object (g_object_get_data (G_OBJECT (row), KEY_CHECK), "toggled",
                               G_CALLBACK (muster_source_picker_metric_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_list_box_append (self->metrics, row);
    }
  gtk_widget_set_visible (self->metrics_group, length > 0);
  gtk_widget_set_visible (self->all, self->wanted != NULL);
  self->updating = FALSE;
}

static void
muster_source_picker_all_cb (MusterSourcePicker *self)
{
  g_clear_pointer (&self->wanted, g_hash_table_unref);
  show_metrics (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- sources --- */

static gboolean
is_source (MusterSource *source, MusterSourceKind kind, const char *id)
{
  return muster_source_get_kind (source) == kind &&
         g_strcmp0 (muster_source_get_id (source), id) == 0;
}

/* Where it stands among the chosen ones that are loaded; the number of them: nowhere. */
static unsigned
find_source (MusterSourcePicker *self, MusterSourceKind kind, const char *id)
{
  unsigned n = g_list_model_get_n_items (G_LIST_MODEL (self->sources));

  for (unsigned i = 0; i < n; i++)
    {
      g_autoptr (MusterSource) source = g_list_model_get_item (G_LIST_MODEL (self->sources), i);

      if (is_source (source, kind, id))
        return i;
    }
  return n;
}

static MusterSource *
find_loading (MusterSourcePicker *self, MusterSourceKind kind, const char *id)
{
  for (unsigned i = 0; i < self->loading->len; i++)
    if (is_source (self->loading->pdata[i], kind, id))
      return self->loading->pdata[i];
  return NULL;
}

static gboolean
is_chosen (MusterSourcePicker *self, MusterSourceKind kind, const char *id)
{
  return find_source (self, kind, id) < g_list_model_get_n_items (G_LIST_MODEL (self->sources)) ||
         find_loading (self, kind, id) != NULL;
}

/* A source that is read. */
typedef struct
{
  MusterSourcePicker *picker;
  MusterSource       *source;
} Choice;

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  g_object_unref (choice->picker);
  g_object_unref (choice->source);
  g_free (choice);
}

static void
tell_left_out (MusterSourcePicker *self, MusterSource *source)
{
  g_autofree char *text = NULL;

  if (muster_source_get_total (source) <= MUSTER_SOURCE_DEVICES)
    return;
  text = g_strdup_printf (_ ("“%s” has %d devices: the first %d are shown"),
                          muster_source_get_title (source), (int)muster_source_get_total (source),
                          MUSTER_SOURCE_DEVICES);
  muster_session_tell (self->session, text);
}

static DexFuture *
muster_source_picker_loaded_cb (DexFuture *future, gpointer user_data)
{
  Choice             *choice = user_data;
  MusterSourcePicker *self = choice->picker;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  /* Unmarked, or gone, meanwhile. */
  if (self->session == NULL || !g_ptr_array_remove (self->loading, choice->source))
    return dex_future_new_true ();
  if (value == NULL)
    muster_session_tell_error (self->session, _ ("Could not read the metrics"), error);
  else
    {
      g_list_store_append (self->sources, choice->source);
      tell_left_out (self, choice->source);
      show_metrics (self);
      g_signal_emit (self, signals[CHANGED], 0);
    }
  return dex_future_new_true ();
}

static void
add_source (MusterSourcePicker *self, MusterSource *source)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->picker = g_object_ref (self);
  choice->source = g_object_ref (source);
  g_ptr_array_add (self->loading, g_object_ref (source));
  dex_future_disown (dex_future_finally (muster_source_load (source, self->session),
                                         muster_source_picker_loaded_cb, choice, choice_free));
}

static void
remove_source (MusterSourcePicker *self, MusterSource *source)
{
  MusterSourceKind kind = muster_source_get_kind (source);
  const char      *id = muster_source_get_id (source);
  MusterSource    *loading = find_loading (self, kind, id);
  unsigned         position = find_source (self, kind, id);

  if (loading != NULL)
    g_ptr_array_remove (self->loading, loading);
  if (position == g_list_model_get_n_items (G_LIST_MODEL (self->sources)))
    return;
  g_list_store_remove (self->sources, position);
  show_metrics (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_source_picker_record_cb (MusterSourcePicker *self, GtkCheckButton *check)
{
  GtkWidget    *row = gtk_widget_get_ancestor (GTK_WIDGET (check), GTK_TYPE_LIST_BOX_ROW);
  MusterSource *source = g_object_get_data (G_OBJECT (row), KEY_SOURCE);

  if (self->updating)
    return;
  if (gtk_check_button_get_active (check))
    add_source (self, source);
  else
    remove_source (self, source);
}

/* --- the list --- */

static char *
describe_record (MusterEntity *record)
{
  static const char *const fields[] = { "model", "location", "sku", "description" };

  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    if (muster_entity_info_find (muster_entity_get_info (record), fields[i]) >= 0 &&
        !muster_entity_is_null (record, fields[i]))
      return g_strdup (muster_entity_get_string (record, fields[i]));
  return g_strdup ("");
}

static void
append_record (MusterSourcePicker *self, MusterSource *source, const char *subtitle)
{
  GtkWidget *row =
    create_row (muster_source_get_title (source), subtitle,
                is_chosen (self, muster_source_get_kind (source), muster_source_get_id (source)));

  g_object_set_data_full (G_OBJECT (row), KEY_SOURCE, g_object_ref (source), g_object_unref);
  g_signal_connect_object (g_object_get_data (G_OBJECT (row), KEY_CHECK), "toggled",
                           G_CALLBACK (muster_source_picker_record_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (self->records, row);
}

/* The chosen ones stay in sight whatever is searched for. */
static void
append_chosen (MusterSourcePicker *self)
{
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++)
    {
      g_autoptr (MusterSource) source = g_list_model_get_item (G_LIST_MODEL (self->sources), i);

      append_record (self, source,
                     _ (muster_source_kind_get_info (muster_source_get_kind (source))->schema));
    }
}

static void
show_records (MusterSourcePicker *self, MusterApiPage *page)
{
  gtk_list_box_remove_all (self->records);
  append_chosen (self);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    {
      MusterEntity    *record = muster_api_page_get (page, i);
      const char      *id = muster_entity_get_id (record);
      g_autofree char *subtitle = describe_record (record);
      g_autoptr (MusterSource) source =
                  muster_source_new (self->kind, id, muster_reference_get_title (record));

      if (!is_chosen (self, self->kind, id))
        append_record (self, source, subtitle);
    }
}

static DexFuture *
muster_source_picker_listed_cb (DexFuture *future, gpointer user_data)
{
  MusterSourcePicker *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    {
      gtk_label_set_label (self->placeholder, *gtk_editable_get_text (self->search) != '\0'
                                                ? _ ("Nothing matches.")
                                                : _ ("There are none yet."));
      show_records (self, g_value_get_object (value));
    }
  else
    {
      g_autofree char *text = muster_format_sentence (error->message);

      gtk_list_box_remove_all (self->records);
      gtk_label_set_label (self->placeholder, text);
    }
  return dex_future_new_true ();
}

static void
list (MusterSourcePicker *self)
{
  const MusterEntityInfo *info = muster_source_kind_get_info (self->kind);
  const char             *text = gtk_editable_get_text (self->search);
  MusterApiListQuery      query = { .q = *text != '\0' ? text : NULL,
                                    .limit = MAX_RECORDS,
                                    .sort = self->kind == MUSTER_SOURCE_LOCATION ? "path" : "name" };

  if (self->session == NULL)
    return;
  dex_clear (&self->listing);
  self->listing =
    dex_future_finally (muster_api_collection_list (muster_session_get_client (self->session), info,
                                                    &query),
                        muster_source_picker_listed_cb, self, NULL);
}

static void
muster_source_picker_search_cb (MusterSourcePicker *self)
{
  list (self);
}

static void
muster_source_picker_kind_cb (MusterSourcePicker *self)
{
  static const char *const titles[] = { N_ ("Devices"), N_ ("Products"), N_ ("Places"),
                                        N_ ("Groups") };
  static const char *const prompts[] = { N_ ("Search devices"), N_ ("Search products"),
                                         N_ ("Search places"), N_ ("Search groups") };

  self->kind = adw_toggle_group_get_active (self->kinds);
  if (self->kind >= G_N_ELEMENTS (titles))
    self->kind = MUSTER_SOURCE_DEVICE;
  adw_preferences_group_set_title (self->records_group, _ (titles[self->kind]));
  gtk_search_entry_set_placeholder_text (GTK_SEARCH_ENTRY (self->search), _ (prompts[self->kind]));
  list (self);
}

/* --- life --- */

static void
muster_source_picker_dispose (GObject *object)
{
  MusterSourcePicker *self = MUSTER_SOURCE_PICKER (object);

  dex_clear (&self->listing);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_SOURCE_PICKER);
  G_OBJECT_CLASS (muster_source_picker_parent_class)->dispose (object);
}

static void
muster_source_picker_finalize (GObject *object)
{
  MusterSourcePicker *self = MUSTER_SOURCE_PICKER (object);

  g_object_unref (self->sources);
  g_ptr_array_unref (self->loading);
  g_clear_pointer (&self->wanted, g_hash_table_unref);
  G_OBJECT_CLASS (muster_source_picker_parent_class)->finalize (object);
}

static void
muster_source_picker_class_init (MusterSourcePickerClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_source_picker_dispose;
  object_class->finalize = muster_source_picker_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_SOURCE_PICKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/source-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterSourcePicker, kinds);
  gtk_widget_class_bind_template_child (widget_class, MusterSourcePicker, search);
  gtk_widget_class_bind_template_child (widget_class, MusterSourcePicker, records_group);
  gtk_widget_class_bind_template_child (widget_class, MusterSourcePicker, records);
  gtk_widget_class_bind_template_child (widget_class, MusterSourcePicker, placeholder);
  gtk_widget_class_bind_template_child (widget_class, MusterSourcePicker, metrics_group);
  gtk_widget_class_bind_template_child (widget_class, MusterSourcePicker, all);
  gtk_widget_class_bind_template_child (widget_class, MusterSourcePicker, metrics);
  gtk_widget_class_bind_template_callback (widget_class, muster_source_picker_kind_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_source_picker_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_source_picker_all_cb);
}

static void
muster_source_picker_init (MusterSourcePicker *self)
{
  self->sources = g_list_store_new (MUSTER_TYPE_SOURCE);
  self->loading = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
muster_source_picker_open (MusterSourcePicker *self, MusterSession *session)
{
  g_return_if_fail (MUSTER_IS_SOURCE_PICKER (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  list (self);
}

void
muster_source_picker_search (MusterSourcePicker *self)
{
  g_return_if_fail (MUSTER_IS_SOURCE_PICKER (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

void
muster_source_picker_refresh (MusterSourcePicker *self)
{
  g_return_if_fail (MUSTER_IS_SOURCE_PICKER (self));

  list (self);
}

GListModel *
muster_source_picker_get_sources (MusterSourcePicker *self)
{
  g_return_val_if_fail (MUSTER_IS_SOURCE_PICKER (self), NULL);

  return G_LIST_MODEL (self->sources);
}

char **
muster_source_picker_list_keys (MusterSourcePicker *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (MUSTER_IS_SOURCE_PICKER (self), NULL);

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++)
    {
      g_autoptr (MusterSource) source = g_list_model_get_item (G_LIST_MODEL (self->sources), i);

      g_strv_builder_take (builder, muster_source_dup_key (source));
    }
  return g_strv_builder_end (builder);
}

char **
muster_source_picker_list_metrics (MusterSourcePicker *self)
{
  g_auto (GStrv) names = NULL;

  g_return_val_if_fail (MUSTER_IS_SOURCE_PICKER (self), NULL);

  if (self->wanted == NULL)
    return NULL;
  names = (char **)g_hash_table_get_keys_as_array (self->wanted, NULL);
  for (unsigned i = 0; names[i] != NULL; i++)
    names[i] = g_strdup (names[i]);
  return g_steal_pointer (&names);
}

void
muster_source_picker_choose (MusterSourcePicker *self,
                             const char *const  *keys,
                             const char *const  *metrics)
{
  g_return_if_fail (MUSTER_IS_SOURCE_PICKER (self));

  g_list_store_remove_all (self->sources);
  g_ptr_array_set_size (self->loading, 0);
  g_clear_pointer (&self->wanted, g_hash_table_unref);
  if (metrics != NULL)
    self->wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (unsigned i = 0; metrics != NULL && metrics[i] != NULL; i++)
    g_hash_table_add (self->wanted, g_strdup (metrics[i]));
  for (unsigned i = 0; keys[i] != NULL; i++)
    {
      g_autoptr (MusterSource) source = muster_source_new_from_key (keys[i]);

      if (source != NULL)
        add_source (self, source);
    }
  show_metrics (self);
  list (self);
  g_signal_emit (self, signals[CHANGED], 0);
}
