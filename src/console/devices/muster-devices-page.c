/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-devices-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "muster-bulk-job.h"
#include "muster-device-cells.h"
#include "muster-device-dialog.h"
#include "muster-device-page.h"
#include "muster-devices-page.h"
#include "widgets/muster-index-model.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-trouble-view.h"

/* A chip: a field and the nick that it lets through. */
typedef struct
{
  const char       *field;
  const MusterEnum *enumeration;
  int               value;
} Chip;

struct _MusterDevicesPage
{
  MusterPage parent_instance;

  MusterIndexModel      *model;   /* (owned) */
  MusterApiSubscription *journal; /* (owned) */
  MusterApiSubscription *live;    /* (owned) */

  /* Template children */
  AdwWindowTitle      *title;
  GtkEditable         *search;
  GtkBox              *chips;
  GtkStack            *stack;
  MusterTroubleView   *trouble;
  GtkColumnView       *view;
  GtkColumnViewColumn *name_column;
  GtkColumnViewColumn *mark_column;
  GtkToggleButton     *select;
  GtkActionBar        *bulk_bar;
  GtkLabel            *selected_label;
};

G_DEFINE_FINAL_TYPE (MusterDevicesPage, muster_devices_page, MUSTER_TYPE_PAGE)

static DexFuture *
list_devices (gpointer client, const MusterApiListQuery *query)
{
  return muster_api_devices_list (client, query);
}

static DexFuture *
list_device_ids (gpointer client, const MusterApiListQuery *query)
{
  return muster_api_devices_list_ids (client, query);
}

static DexFuture *
load_devices (gpointer client, const char *const *ids)
{
  return muster_api_devices_list_by_ids (client, ids);
}

static const MusterIndexSource source = { list_devices, list_device_ids, load_devices };

/* --- filters --- */

static const Chip *
get_chip (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "muster-chip");
}

/* The chips that are on, as `field, nick,nick` pairs. */
static char **
list_filters (MusterDevicesPage *self)
{
  static const char *const fields[] = { "live_state", "status", "kind" };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (GString) nicks = g_string_new (NULL);

      for (GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->chips));
           button != NULL; button = gtk_widget_get_next_sibling (button))
        {
          const Chip *chip = get_chip (button);

          if (chip != NULL && g_str_equal (chip->field, fields[i]) &&
              gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)))
            g_string_append_printf (nicks, "%s%s", nicks->len > 0 ? "," : "",
                                    muster_enum_get_nick (chip->enumeration, chip->value));
        }
      if (nicks->len == 0)
        continue;
      g_strv_builder_add (builder, fields[i]);
      g_strv_builder_add (builder, nicks->str);
    }
  return g_strv_builder_end (builder);
}

static gboolean
is_filtered (MusterDevicesPage *self)
{
  g_auto (GStrv) filters = list_filters (self);

  return *gtk_editable_get_text (self->search) != '\0' || filters[0] != NULL;
}

/* The order that the headers ask for, as the API takes it: (transfer full). */
static char *
get_sort (MusterDevicesPage *self)
{
  GtkColumnViewSorter *sorter = GTK_COLUMN_VIEW_SORTER (gtk_column_view_get_sorter (self->view));
  GtkColumnViewColumn *column = gtk_column_view_sorter_get_primary_sort_column (sorter);

  if (column == NULL)
    return g_strdup ("name");
  return g_strdup_printf (
    "%s%s",
    gtk_column_view_sorter_get_primary_sort_order (sorter) == GTK_SORT_DESCENDING ? "-" : "",
    gtk_column_view_column_get_id (column));
}

static void
muster_devices_page_filter_cb (MusterDevicesPage *self)
{
  const char      *text;
  g_autofree char *sort = NULL;
  g_auto (GStrv) filters = NULL;

  /* Taking the page apart changes filters and order too. */
  if (self->model == NULL || self->view == NULL)
    return;
  text = gtk_editable_get_text (self->search);
  sort = get_sort (self);
  filters = list_filters (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "devices.clear-filters", is_filtered (self));
  muster_index_model_set_query (self->model, *text != '\0' ? text : NULL, sort,
                                (const char *const *)filters);
}

void
muster_devices_page_show_only (MusterDevicesPage *self, const char *field, const char *nick)
{
  g_return_if_fail (MUSTER_IS_DEVICES_PAGE (self));

  for (GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->chips)); button != NULL;
       button = gtk_widget_get_next_sibling (button))
    {
      const Chip *chip = get_chip (button);

      if (chip != NULL)
        gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button),
                                      g_strcmp0 (chip->field, field) == 0 &&
                                        muster_enum_parse (chip->enumeration, nick) == chip->value);
    }
  gtk_editable_set_text (self->search, "");
}

static void
muster_devices_page_clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_devices_page_show_only (MUSTER_DEVICES_PAGE (widget), NULL, NULL);
}

static void
add_chip (MusterDevicesPage *self, const char *field, const MusterEnum *enumeration, int value)
{
  GtkWidget *button =
    gtk_toggle_button_new_with_label (_ (muster_enum_get_label (enumeration, value)));
  Chip chip = { field, enumeration, value };

  gtk_widget_add_css_class (button, "filter-chip");
  g_object_set_data_full (G_OBJECT (button), "muster-chip", g_memdup2 (&chip, sizeof chip), g_free);
  g_signal_connect_object (button, "toggled", G_CALLBACK (muster_devices_page_filter_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (self->chips, button);
}

static void
add_chips (MusterDevicesPage *self)
{
  static const int kinds[] = {
    0, 1, 2, 3, 6
  }; /* those most met with: sensor, actuator, meter, controller, gateway */

  add_chip (self, "live_state", &muster_live_state_enum, MUSTER_LIVE_ONLINE);
  add_chip (self, "live_state", &muster_live_state_enum, MUSTER_LIVE_OFFLINE);
  gtk_box_append (self->chips, gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  for (unsigned i = 0; i < muster_enum_get_count (&muster_device_status_enum); i++)
    add_chip (self, "status", &muster_device_status_enum, i);
  gtk_box_append (self->chips, gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  for (unsigned i = 0; i < G_N_ELEMENTS (kinds); i++)
    add_chip (self, "kind", &muster_device_kind_enum, kinds[i]);
}

/* --- what is shown --- */

static void
muster_devices_page_update (MusterDevicesPage *self)
{
  unsigned         n_devices = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  gboolean         complete = muster_index_model_is_complete (self->model);
  const GError    *error = muster_index_model_get_error (self->model);
  g_autofree char *count = NULL;

  if (complete)
    count = is_filtered (self)
              ? g_strdup_printf (ngettext ("%u match", "%u matches", n_devices), n_devices)
              : g_strdup_printf (ngettext ("%u in all", "%u in all", n_devices), n_devices);
  adw_window_title_set_subtitle (self->title, count != NULL ? count : "");
  if (n_devices > 0)
    gtk_stack_set_visible_child_name (self->stack, "content");
  else if (error != NULL)
    {
      muster_trouble_view_set_error (self->trouble, _ ("The Devices Could Not Be Read"), error);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  else if (!complete)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  else
    gtk_stack_set_visible_child_name (self->stack, is_filtered (self) ? "nothing" : "empty");
}

static void
muster_devices_page_activate_cb (MusterDevicesPage *self, unsigned position)
{
  const char *id = muster_index_model_get_id (self->model, position);

  if (id != NULL)
    muster_page_push (MUSTER_PAGE (self),
                      muster_device_page_new (muster_page_get_session (MUSTER_PAGE (self)), id));
}

/* Enter in the search opens what stands first. */
static void
muster_devices_page_search_activate_cb (MusterDevicesPage *self)
{
  muster_devices_page_activate_cb (self, 0);
}

/* Escape ends the search: all are there again, and the keyboard goes on among them. */
static void
muster_devices_page_search_stopped_cb (MusterDevicesPage *self)
{
  gtk_editable_set_text (self->search, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
muster_devices_page_add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  adw_dialog_present (muster_device_dialog_new (muster_page_get_session (MUSTER_PAGE (widget)),
                                                NULL),
                      widget);
}

/* --- many at a time --- */

static GtkBitset *
get_selection (MusterDevicesPage *self)
{
  return gtk_selection_model_get_selection (gtk_column_view_get_model (self->view));
}

static void
muster_devices_page_selection_cb (MusterDevicesPage *self)
{
  g_autoptr (GtkBitset) selected = get_selection (self);
  unsigned         n_selected = gtk_bitset_get_size (selected);
  g_autofree char *text =
    g_strdup_printf (ngettext ("%u selected", "%u selected", n_selected), n_selected);

  gtk_label_set_label (self->selected_label, text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "devices.set-status", n_selected > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "devices.delete-selected", n_selected > 0);
}

/* In and out of selection mode: then a click marks a row rather than opening it. */
static void
muster_devices_page_select_cb (MusterDevicesPage *self)
{
  gboolean    selecting = gtk_toggle_button_get_active (self->select);
  GListModel *model = G_LIST_MODEL (g_object_ref (self->model));
  g_autoptr (GtkSelectionModel) selection = NULL;

  selection = selecting ? GTK_SELECTION_MODEL (gtk_multi_selection_new (model))
                        : GTK_SELECTION_MODEL (gtk_no_selection_new (model));
  gtk_column_view_set_model (self->view, selection);
  gtk_column_view_set_single_click_activate (self->view, !selecting);
  gtk_column_view_set_enable_rubberband (self->view, selecting);
  gtk_column_view_column_set_visible (self->mark_column, selecting);
  gtk_action_bar_set_revealed (self->bulk_bar, selecting);
  if (selecting)
    g_signal_connect_object (selection, "selection-changed",
                             G_CALLBACK (muster_devices_page_selection_cb), self,
                             G_CONNECT_SWAPPED);
  muster_devices_page_selection_cb (self);
}

static void
muster_devices_page_select_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_selection_model_select_all (gtk_column_view_get_model (MUSTER_DEVICES_PAGE (widget)->view));
}

/* The ids of the rows that are marked: (transfer full). */
static char **
list_selected (MusterDevicesPage *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GtkBitset) selected = get_selection (self);
  GtkBitsetIter iter;
  unsigned      position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    if (muster_index_model_get_id (self->model, position) != NULL)
      g_strv_builder_add (builder, muster_index_model_get_id (self->model, position));
  return g_strv_builder_end (builder);
}

static void
run_bulk (MusterDevicesPage *self, const char *what, MusterBulkFunc func, gpointer user_data)
{
  dex_future_disown (muster_bulk_job_run (muster_page_get_session (MUSTER_PAGE (self)),
                                          GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))),
                                          list_selected (self), what, func, user_data, NULL));
  gtk_toggle_button_set_active (self->select, FALSE);
}

static DexFuture *
set_status (MusterApiClient *client, const char *id, gpointer status)
{
  return muster_api_devices_set_status (client, id, GPOINTER_TO_INT (status));
}

static DexFuture *
delete_one (MusterApiClient *client, const char *id, gpointer user_data)
{
  return muster_api_devices_delete (client, id, 0);
}

static void
muster_devices_page_set_status_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  int status =
    muster_enum_parse (&muster_device_status_enum, g_variant_get_string (parameter, NULL));

  if (status >= 0)
    run_bulk (MUSTER_DEVICES_PAGE (widget),
              _ (muster_enum_get_label (&muster_device_status_enum, status)), set_status,
              GINT_TO_POINTER (status));
}

static void
muster_devices_page_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  run_bulk (MUSTER_DEVICES_PAGE (widget), _ ("Deleted"), delete_one, NULL);
}

/* --- changes as they happen --- */

/* Whether CHANGE may move a row in or out of the list, or within it. */
static gboolean
changes_order (MusterDevicesPage *self, MusterApiChange *change)
{
  JsonObject      *after = muster_api_change_get_after (change);
  g_autofree char *sort = get_sort (self);
  g_auto (GStrv) filters = list_filters (self);

  if (g_strcmp0 (muster_api_change_get_action (change), "update") != 0 || after == NULL ||
      *gtk_editable_get_text (self->search) != '\0')
    return TRUE;
  for (unsigned i = 0; filters[i] != NULL; i += 2)
    if (json_object_has_member (after, filters[i]))
      return TRUE;
  return json_object_has_member (after, *sort == '-' ? sort + 1 : sort);
}

static void
muster_devices_page_journal_cb (MusterDevicesPage *self,
                                const char        *topic,
                                const char        *subject,
                                JsonObject        *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change == NULL || g_strcmp0 (muster_api_change_get_entity (change), "device") != 0)
    return;
  muster_index_model_invalidate (self->model, muster_api_change_get_entity_id (change));
  if (changes_order (self, change))
    muster_index_model_requery (self->model);
}

static void
muster_devices_page_live_cb (MusterDevicesPage *self,
                             const char        *topic,
                             const char        *subject,
                             JsonObject        *data)
{
  MusterIndexItem *item = subject != NULL ? muster_index_model_find (self->model, subject) : NULL;
  MusterEntity    *device = item != NULL ? muster_index_item_get_entity (item) : NULL;
  int              state =
    muster_enum_parse (&muster_live_state_enum, muster_api_json_get_string (data, "state"));

  if (device == NULL || state < 0)
    return;
  muster_entity_set_enum (device, "live_state", state);
  if (state == MUSTER_LIVE_ONLINE)
    muster_entity_set_integer (device, "last_seen", g_get_real_time ());
  muster_index_item_changed (item);
}

static void
muster_devices_page_ready_cb (MusterDevicesPage *self, gboolean resumed)
{
  if (!resumed)
    muster_devices_page_filter_cb (self);
}

static void
subscribe (MusterDevicesPage *self)
{
  MusterApiStream *stream =
    muster_session_get_stream (muster_page_get_session (MUSTER_PAGE (self)));

  self->journal = muster_api_stream_subscribe (stream, "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_devices_page_journal_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_devices_page_ready_cb), self,
                           G_CONNECT_SWAPPED);
  self->live = muster_api_stream_subscribe (stream, "live", NULL, NULL, -1);
  g_signal_connect_object (self->live, "event", G_CALLBACK (muster_devices_page_live_cb), self,
                           G_CONNECT_SWAPPED);
}

/* --- life --- */

static void
muster_devices_page_refresh (MusterPage *page)
{
  muster_devices_page_filter_cb (MUSTER_DEVICES_PAGE (page));
}

static void
muster_devices_page_search (MusterPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (MUSTER_DEVICES_PAGE (page)->search));
}

static void
muster_devices_page_constructed (GObject *object)
{
  MusterDevicesPage *self = MUSTER_DEVICES_PAGE (object);
  MusterSession     *session = muster_page_get_session (MUSTER_PAGE (self));
  GListModel        *columns = gtk_column_view_get_columns (self->view);
  g_autoptr (GtkNoSelection) selection = NULL;

  G_OBJECT_CLASS (muster_devices_page_parent_class)->constructed (object);
  for (unsigned i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (column != self->mark_column)
        muster_device_cells_set_up_column (column, session);
    }
  muster_device_cells_set_up_marks (self->mark_column);
  gtk_column_view_sort_by_column (self->view, self->name_column, GTK_SORT_ASCENDING);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed",
                           G_CALLBACK (muster_devices_page_filter_cb), self, G_CONNECT_SWAPPED);
  add_chips (self);
  self->model =
    muster_index_model_new (&source, g_object_ref (muster_page_get_client (MUSTER_PAGE (self))),
                            g_object_unref);
  g_signal_connect_object (self->model, "changed", G_CALLBACK (muster_devices_page_update), self,
                           G_CONNECT_SWAPPED);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->model)));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  subscribe (self);
  muster_devices_page_filter_cb (self);
}

static void
muster_devices_page_dispose (GObject *object)
{
  MusterDevicesPage *self = MUSTER_DEVICES_PAGE (object);

  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  if (self->live != NULL)
    muster_api_subscription_close (self->live);
  g_clear_object (&self->journal);
  g_clear_object (&self->live);
  if (self->view != NULL)
    gtk_column_view_set_model (self->view, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_DEVICES_PAGE);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (muster_devices_page_parent_class)->dispose (object);
}

static void
muster_devices_page_class_init (MusterDevicesPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_devices_page_constructed;
  object_class->dispose = muster_devices_page_dispose;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_devices_page_refresh;
  MUSTER_PAGE_CLASS (klass)->search = muster_devices_page_search;
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/devices-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, title);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, search);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, chips);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, view);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, name_column);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, mark_column);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, select);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, bulk_bar);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, selected_label);
  gtk_widget_class_bind_template_callback (widget_class, muster_devices_page_select_cb);
  gtk_widget_class_install_action (widget_class, "devices.select-all", NULL,
                                   muster_devices_page_select_all_action);
  gtk_widget_class_install_action (widget_class, "devices.set-status", "s",
                                   muster_devices_page_set_status_action);
  gtk_widget_class_install_action (widget_class, "devices.delete-selected", NULL,
                                   muster_devices_page_delete_action);
  gtk_widget_class_bind_template_callback (widget_class, muster_devices_page_filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_devices_page_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_devices_page_search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_devices_page_search_stopped_cb);
  gtk_widget_class_install_action (widget_class, "devices.add", NULL,
                                   muster_devices_page_add_action);
  gtk_widget_class_install_action (widget_class, "devices.clear-filters", NULL,
                                   muster_devices_page_clear_action);
}

static void
muster_devices_page_init (MusterDevicesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
