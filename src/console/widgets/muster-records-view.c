/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-records-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "imports/muster-import-dialog.h"
#include "muster-hindsight.h"
#include "muster-records-export.h"
#include "muster-records-view-private.h"
#include "muster-skeleton.h"

G_DEFINE_FINAL_TYPE (MusterRecordsView, muster_records_view, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_NARROW = 1,
} MusterRecordsViewProperty;

enum
{
  ACTIVATE,
  NEW,
  DELETE,
  ASKED,
  N_SIGNALS,
};

static GParamSpec *properties[PROP_NARROW + 1];
static unsigned    signals[N_SIGNALS];

/* --- where the rows come from --- */

typedef struct
{
  MusterApiClient        *client;
  const MusterEntityInfo *info;
} Source;

static void
source_free (gpointer data)
{
  Source *source = data;

  g_object_unref (source->client);
  g_free (source);
}

static DexFuture *
list_records (gpointer data, const MusterApiListQuery *query)
{
  Source *source = data;

  return muster_api_collection_list (source->client, source->info, query);
}

static DexFuture *
list_record_ids (gpointer data, const MusterApiListQuery *query)
{
  Source *source = data;

  return muster_api_collection_list_ids (source->client, source->info, query);
}

static DexFuture *
load_records (gpointer data, const char *const *ids)
{
  Source *source = data;

  return muster_api_collection_list_by_ids (source->client, source->info, ids);
}

static const MusterIndexSource index_source = { list_records, list_record_ids, load_records };

/* --- what is asked for --- */

/* The field that SORT ("-severity,-raised_at") is by first: (transfer full). */
static char *
dup_first_key (const char *sort)
{
  const char *field = *sort == '-' ? sort + 1 : sort;

  return g_strndup (field, strcspn (field, ","));
}

/* The order that the headers ask for, as the API takes it: (transfer full). What the list is sorted
 * by at first has the list's own keys behind it. */
char *
muster_records_view_dup_sort (MusterRecordsView *self)
{
  const char          *own = self->spec->sort;
  g_autofree char     *asked = NULL;
  GtkColumnViewSorter *sorter = GTK_COLUMN_VIEW_SORTER (gtk_column_view_get_sorter (self->view));
  GtkColumnViewColumn *column = gtk_column_view_sorter_get_primary_sort_column (sorter);

  if (column == NULL)
    return g_strdup (own);
  asked =
    g_strdup_printf ("%s%s",
                     gtk_column_view_sorter_get_primary_sort_order (sorter) == GTK_SORT_DESCENDING
                       ? "-"
                       : "",
                     gtk_column_view_column_get_id (column));
  return own != NULL && g_str_has_prefix (own, asked) && own[strlen (asked)] == ','
           ? g_strdup (own)
           : g_steal_pointer (&asked);
}

void
muster_records_view_set_sort (MusterRecordsView *self, const char *sort)
{
  GListModel      *columns = gtk_column_view_get_columns (self->view);
  g_autofree char *id = dup_first_key (sort);

  for (unsigned i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (g_strcmp0 (gtk_column_view_column_get_id (column), id) == 0 &&
          gtk_column_view_column_get_sorter (column) != NULL)
        gtk_column_view_sort_by_column (self->view, column,
                                        *sort == '-' ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
    }
}

/* By the column PARAMETER, and the other way round where that is what it is sorted by: for those
 * who have no pointer to press headers with. */
static void
muster_records_view_sort_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRecordsView *self = MUSTER_RECORDS_VIEW (widget);
  const char        *field = g_variant_get_string (parameter, NULL);
  g_autofree char   *now = muster_records_view_dup_sort (self);
  g_autofree char   *first = dup_first_key (now);
  gboolean           rises = g_str_equal (first, field) && *now != '-';
  g_autofree char   *sort = g_strconcat (rises ? "-" : "", field, NULL);

  muster_records_view_set_sort (self, sort);
}

static gboolean
is_filtered (MusterRecordsView *self)
{
  return *gtk_editable_get_text (self->search) != '\0' ||
         muster_filter_bar_is_active (self->filters);
}

static void
muster_records_view_query_cb (MusterRecordsView *self)
{
  const char      *text;
  g_autofree char *sort = NULL;
  g_auto (GStrv) filters = NULL;

  /* Building it and taking it apart change filters and order too. */
  if (self->model == NULL || self->view == NULL)
    return;
  muster_hindsight_note (GTK_WIDGET (self));
  text = gtk_editable_get_text (self->search);
  sort = muster_records_view_dup_sort (self);
  filters = muster_filter_bar_list (self->filters);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "records.clear-filters", is_filtered (self));
  muster_index_model_set_query (self->model, *text != '\0' ? text : NULL, sort,
                                (const char *const *)filters);
  g_signal_emit (self, signals[ASKED], 0);
}

void
muster_records_view_refresh (MusterRecordsView *self)
{
  g_return_if_fail (MUSTER_IS_RECORDS_VIEW (self));

  muster_index_model_forget (self->model);
  muster_records_view_query_cb (self);
}

void
muster_records_view_search (MusterRecordsView *self)
{
  g_return_if_fail (MUSTER_IS_RECORDS_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

void
muster_records_view_set_condition (MusterRecordsView *self,
                                   const char        *field,
                                   const char        *value,
                                   const char        *label)
{
  g_return_if_fail (MUSTER_IS_RECORDS_VIEW (self));

  muster_filter_bar_set_condition (self->filters, field, value, label);
}

void
muster_records_view_show (MusterRecordsView *self, const char *text, const char *const *filters)
{
  g_return_if_fail (MUSTER_IS_RECORDS_VIEW (self));

  gtk_editable_set_text (self->search, text != NULL ? text : "");
  muster_filter_bar_apply (self->filters, filters);
}

void
muster_records_view_show_only (MusterRecordsView *self, const char *const *filters)
{
  muster_records_view_show (self, NULL, filters);
}

gboolean
muster_records_view_has_chips (MusterRecordsView *self, const char *const *filters)
{
  g_return_val_if_fail (MUSTER_IS_RECORDS_VIEW (self), FALSE);

  return muster_filter_bar_has_chips (self->filters, filters);
}

const char *
muster_records_view_get_text (MusterRecordsView *self)
{
  g_return_val_if_fail (MUSTER_IS_RECORDS_VIEW (self), NULL);

  return gtk_editable_get_text (self->search);
}

char **
muster_records_view_list_filters (MusterRecordsView *self)
{
  g_return_val_if_fail (MUSTER_IS_RECORDS_VIEW (self), NULL);

  return muster_filter_bar_list_visible (self->filters);
}

/* What is asked for now, as parameters of the list (name, value … NULL): (transfer full). */
static char **
list_parameters (MusterRecordsView *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *sort = muster_records_view_dup_sort (self);
  g_auto (GStrv) filters = muster_filter_bar_list (self->filters);

  if (*gtk_editable_get_text (self->search) != '\0')
    g_strv_builder_add_many (builder, "q", gtk_editable_get_text (self->search), NULL);
  g_strv_builder_add_many (builder, "sort", sort, NULL);
  g_strv_builder_addv (builder, (const char **)filters);
  return g_strv_builder_end (builder);
}

static void
muster_records_view_clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_records_view_show_only (MUSTER_RECORDS_VIEW (widget), NULL);
}

/* --- what is shown --- */

static void
show_count (MusterRecordsView *self)
{
  unsigned         n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  g_autofree char *text = NULL;
  g_autofree char *all = g_strdup_printf (_ ("Select _All %u"), n_rows);

  if (muster_index_model_is_complete (self->model))
    text = is_filtered (self)
             ? g_strdup_printf (ngettext ("%u match", "%u matches", n_rows), n_rows)
             : g_strdup_printf (ngettext ("%u in all", "%u in all", n_rows), n_rows);
  gtk_label_set_label (self->count, text != NULL ? text : "");
  gtk_button_set_label (self->select_all, all);
  gtk_button_set_use_underline (self->select_all, TRUE);
}

static DexFuture *
muster_records_view_looked_cb (DexFuture *future, gpointer user_data)
{
  MusterRecordsView *self = user_data;
  const GValue      *value = dex_future_get_value (future, NULL);

  dex_clear (&self->looking);
  if (self->stack != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    gtk_stack_set_visible_child_name (self->stack,
                                      value != NULL && muster_api_page_get_total (
                                                         g_value_get_object (value)) == 0
                                        ? "empty"
                                        : "nothing");
  return dex_future_new_true ();
}

/* "Nothing matches" is no answer where there is nothing to match. */
static void
show_nothing (MusterRecordsView *self)
{
  const MusterApiListQuery query = { .limit = 1 };

  if (!is_filtered (self))
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }
  dex_clear (&self->looking);
  self->looking =
    dex_future_finally (muster_api_collection_list (muster_session_get_client (self->session),
                                                    self->spec->info, &query),
                        muster_records_view_looked_cb, g_object_ref (self), g_object_unref);
}

static void
muster_records_view_update (MusterRecordsView *self)
{
  gboolean      complete = muster_index_model_is_complete (self->model);
  const GError *error = muster_index_model_get_error (self->model);

  show_count (self);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    gtk_stack_set_visible_child_name (self->stack, "content");
  else if (error != NULL)
    {
      g_autofree char *what = g_strdup_printf (_ ("%s Could Not Be Read"), _ (self->spec->title));

      muster_trouble_view_set_error (self->trouble, what, error);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  else if (!complete)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  else
    show_nothing (self);
}

static void
muster_records_view_activate_cb (MusterRecordsView *self, unsigned position)
{
  g_autoptr (MusterIndexItem) item = g_list_model_get_item (G_LIST_MODEL (self->model), position);

  if (item != NULL)
    g_signal_emit (self, signals[ACTIVATE], 0, item);
}

/* Enter in the search opens what stands first. */
static void
muster_records_view_search_activate_cb (MusterRecordsView *self)
{
  muster_records_view_activate_cb (self, 0);
}

/* Escape ends the search: all are there again, and the keyboard goes on among them. */
static void
muster_records_view_search_stopped_cb (MusterRecordsView *self)
{
  gtk_editable_set_text (self->search, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
muster_records_view_new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[NEW], 0);
}

static void
muster_records_view_import_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRecordsView *self = MUSTER_RECORDS_VIEW (widget);

  adw_dialog_present (muster_import_dialog_new (self->session, self->spec->info, NULL), widget);
}

static void
muster_records_view_export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRecordsView *self = MUSTER_RECORDS_VIEW (widget);
  g_auto (GStrv) columns = muster_column_chooser_list (self->chooser);
  g_auto (GStrv) parameters = list_parameters (self);

  muster_records_export (self->session, widget, self->spec->info, (const char *const *)columns,
                         (const char *const *)parameters);
}

static void
muster_records_view_columns_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRecordsView *self = MUSTER_RECORDS_VIEW (widget);
  /* Made anew each time: a saved view may have chosen others meanwhile. */
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *scrolled =
    g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                  "propagate-natural-height", TRUE, "max-content-height", 420, "child",
                  muster_column_chooser_create_rows (self->chooser), NULL);

  gtk_popover_set_child (GTK_POPOVER (popover), scrolled);
  gtk_widget_set_parent (popover, GTK_WIDGET (self->more));
  g_signal_connect (popover, "closed", G_CALLBACK (gtk_widget_unparent), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

/* --- changes as they happen --- */

/* Whether CHANGE may move a row in or out of the list, or within it. */
static gboolean
changes_order (MusterRecordsView *self, MusterApiChange *change)
{
  JsonObject      *after = muster_api_change_get_after (change);
  g_autofree char *sort = muster_records_view_dup_sort (self);
  g_auto (GStrv) keys = g_strsplit (sort, ",", -1);
  g_auto (GStrv) filters = muster_filter_bar_list (self->filters);

  if (g_strcmp0 (muster_api_change_get_action (change), "update") != 0 || after == NULL ||
      *gtk_editable_get_text (self->search) != '\0')
    return TRUE;
  for (unsigned i = 0; filters[i] != NULL; i += 2)
    {
      g_auto (GStrv) parts = g_strsplit (filters[i], ".", 2);

      if (json_object_has_member (after, parts[0]))
        return TRUE;
    }
  for (char **key = keys; *key != NULL; key++)
    if (json_object_has_member (after, **key == '-' ? *key + 1 : *key))
      return TRUE;
  return FALSE;
}

static void
touch (MusterRecordsView *self, MusterApiChange *change)
{
  JsonObject *members = muster_api_change_get_after (change) != NULL
                          ? muster_api_change_get_after (change)
                          : muster_api_change_get_before (change);

  for (const MusterRecordsTouch *touches = self->spec->touches;
       touches != NULL && touches->entity != NULL; touches++)
    {
      const char *id = NULL;

      if (g_strcmp0 (touches->entity, muster_api_change_get_entity (change)) != 0)
        continue;
      if (members != NULL && touches->field != NULL)
        id = muster_api_json_get_string (members, touches->field);
      if (id != NULL)
        muster_index_model_invalidate (self->model, id);
      muster_index_model_requery (self->model);
    }
}

static void
muster_records_view_journal_cb (MusterRecordsView *self,
                                const char        *topic,
                                const char        *subject,
                                JsonObject        *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change == NULL)
    return;
  touch (self, change);
  if (g_strcmp0 (muster_api_change_get_entity (change), self->spec->info->name) != 0)
    return;
  muster_index_model_invalidate (self->model, muster_api_change_get_entity_id (change));
  if (changes_order (self, change))
    muster_index_model_requery (self->model);
}

static void
muster_records_view_moment_cb (GtkWidget *widget)
{
  muster_records_view_refresh (MUSTER_RECORDS_VIEW (widget));
}

static void
muster_records_view_ready_cb (MusterRecordsView *self, gboolean resumed)
{
  if (!resumed)
    muster_records_view_refresh (self);
}

static void
subscribe (MusterRecordsView *self)
{
  self->journal = muster_api_stream_subscribe (muster_session_get_stream (self->session), "journal",
                                               NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_records_view_journal_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_records_view_ready_cb), self,
                           G_CONNECT_SWAPPED);
}

/* --- life --- */

static void
muster_records_view_dispose (GObject *object)
{
  MusterRecordsView *self = MUSTER_RECORDS_VIEW (object);

  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  dex_clear (&self->looking);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  if (self->view != NULL)
    gtk_column_view_set_model (self->view, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_RECORDS_VIEW);
  g_clear_object (&self->chooser);
  g_clear_object (&self->model);
  g_clear_object (&self->menu);
  g_clear_object (&self->session);
  g_clear_pointer (&self->chosen, g_free);
  G_OBJECT_CLASS (muster_records_view_parent_class)->dispose (object);
}

static void
muster_records_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MusterRecordsViewProperty)prop_id)
    {
    case PROP_NARROW:
      g_value_set_boolean (value, MUSTER_RECORDS_VIEW (object)->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_records_view_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  MusterRecordsView *self = MUSTER_RECORDS_VIEW (object);

  switch ((MusterRecordsViewProperty)prop_id)
    {
    case PROP_NARROW:
      if (self->narrow == g_value_get_boolean (value))
        break;
      self->narrow = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_actions (GtkWidgetClass *klass)
{
  muster_records_view_install_selection (klass);
  gtk_widget_class_install_action (klass, "records.clear-filters", NULL,
                                   muster_records_view_clear_action);
  gtk_widget_class_install_action (klass, "records.new", NULL, muster_records_view_new_action);
  gtk_widget_class_install_action (klass, "records.import", NULL,
                                   muster_records_view_import_action);
  gtk_widget_class_install_action (klass, "records.export", NULL,
                                   muster_records_view_export_action);
  gtk_widget_class_install_action (klass, "records.sort", "s", muster_records_view_sort_action);
  gtk_widget_class_install_action (klass, "records.columns", NULL,
                                   muster_records_view_columns_action);
}

static void
bind_template (GtkWidgetClass *klass)
{
  g_type_ensure (MUSTER_TYPE_FILTER_BAR);
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (klass, "/org/muster/Muster/records-view.ui");
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, bin);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, tools);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, search);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, add);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, select);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, saved);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, more);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, filters);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, count);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, bar);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, selected);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, select_all);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, actions);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, stack);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, empty);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, empty_add);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, empty_way);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, trouble);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, view);
  gtk_widget_class_bind_template_child (klass, MusterRecordsView, mark);
  gtk_widget_class_bind_template_callback (klass, muster_records_view_query_cb);
  gtk_widget_class_bind_template_callback (klass, muster_records_view_select_cb);
  gtk_widget_class_bind_template_callback (klass, muster_records_view_activate_cb);
  gtk_widget_class_bind_template_callback (klass, muster_records_view_search_activate_cb);
  gtk_widget_class_bind_template_callback (klass, muster_records_view_search_stopped_cb);
}

static void
muster_records_view_class_init (MusterRecordsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_records_view_dispose;
  object_class->get_property = muster_records_view_get_property;
  object_class->set_property = muster_records_view_set_property;
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  signals[ACTIVATE] = g_signal_new ("activate", MUSTER_TYPE_RECORDS_VIEW, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, MUSTER_TYPE_INDEX_ITEM);
  signals[NEW] = g_signal_new ("new", MUSTER_TYPE_RECORDS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
  signals[DELETE] = g_signal_new ("delete", MUSTER_TYPE_RECORDS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[ASKED] = g_signal_new ("asked", MUSTER_TYPE_RECORDS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  bind_template (GTK_WIDGET_CLASS (klass));
  install_actions (GTK_WIDGET_CLASS (klass));
}

static void
muster_records_view_init (MusterRecordsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
muster_records_view_new (MusterSession *session, const MusterRecordsSpec *spec)
{
  MusterRecordsView *self = g_object_new (MUSTER_TYPE_RECORDS_VIEW, NULL);
  Source            *source;

  g_return_val_if_fail (MUSTER_IS_SESSION (session) && spec != NULL, NULL);

  self->session = g_object_ref (session);
  self->spec = spec;
  muster_records_view_build (self);
  muster_records_view_set_sort (self, spec->sort);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed",
                           G_CALLBACK (muster_records_view_query_cb), self, G_CONNECT_SWAPPED);
  source = g_new0 (Source, 1);
  source->client = g_object_ref (muster_session_get_client (session));
  source->info = spec->info;
  self->model = muster_index_model_new (&index_source, source, source_free);
  g_signal_connect_object (self->model, "changed", G_CALLBACK (muster_records_view_update), self,
                           G_CONNECT_SWAPPED);
  muster_records_view_select_cb (self);
  subscribe (self);
  muster_hindsight_follow (GTK_WIDGET (self), session, muster_records_view_moment_cb);
  muster_records_view_query_cb (self);
  return GTK_WIDGET (self);
}

MusterIndexModel *
muster_records_view_get_model (MusterRecordsView *self)
{
  g_return_val_if_fail (MUSTER_IS_RECORDS_VIEW (self), NULL);

  return self->model;
}

void
muster_records_view_do_page_action (MusterRecordsView *self, const char *name)
{
  g_autofree char *action = NULL;

  g_return_if_fail (MUSTER_IS_RECORDS_VIEW (self));
  g_return_if_fail (g_str_has_prefix (name, "page."));

  action = g_strconcat ("records.", name + strlen ("page."), NULL);
  gtk_widget_activate_action (GTK_WIDGET (self), action, NULL);
}

void
muster_records_view_add_tool (MusterRecordsView *self, GtkWidget *tool)
{
  g_return_if_fail (MUSTER_IS_RECORDS_VIEW (self));

  gtk_box_prepend (self->tools, tool);
}

void
muster_records_view_add_bulk_tool (MusterRecordsView *self, GtkWidget *tool)
{
  g_return_if_fail (MUSTER_IS_RECORDS_VIEW (self));

  adw_wrap_box_prepend (self->actions, tool);
}

void
muster_records_view_add_menu (MusterRecordsView *self, GMenuModel *section)
{
  g_return_if_fail (MUSTER_IS_RECORDS_VIEW (self));

  g_menu_prepend_section (self->menu, NULL, section);
}
