/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-devices-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-groups.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "imports/muster-import-dialog.h"
#include "muster-bulk-job.h"
#include "muster-device-cells.h"
#include "muster-device-dialog.h"
#include "muster-device-page.h"
#include "muster-devices-page.h"
#include "muster-group-edit.h"
#include "muster-group-filter.h"
#include "muster-group-popover.h"
#include "print/muster-print-dialog.h"
#include "widgets/muster-index-model.h"
#include "widgets/muster-records-export.h"
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
  MusterDeviceGroup     *group;   /* (owned) (nullable) whose devices are shown, by their ids */
  char                  *ids;     /* (owned) (nullable) of these */

  /* Template children */
  AdwWindowTitle      *title;
  GtkEditable         *search;
  GtkBox              *chips;
  GtkMenuButton       *groups;
  GtkButton           *group_chip;
  GtkMenuButton       *add_to_group;
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
  if (self->ids != NULL)
    g_strv_builder_add_many (builder, "id", self->ids, NULL);
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
  muster_group_popover_set_can_add (MUSTER_GROUP_POPOVER (
                                      gtk_menu_button_get_popover (self->groups)),
                                    is_filtered (self) && self->ids == NULL);
  muster_index_model_set_query (self->model, *text != '\0' ? text : NULL, sort,
                                (const char *const *)filters);
}

/* IDS (nullable) of the devices of GROUP (nullable). */
static void
set_group (MusterDevicesPage *self, MusterDeviceGroup *group, char **ids)
{
  g_autofree char *text = NULL;

  /* No device has the nil id: a group without devices shows none. */
  if (ids != NULL)
    text = *ids != NULL ? g_strjoinv (",", ids) : g_strdup ("00000000-0000-0000-0000-000000000000");
  g_set_object (&self->group, group);
  gtk_widget_set_visible (GTK_WIDGET (self->group_chip), group != NULL);
  if (group != NULL)
    adw_button_content_set_label (ADW_BUTTON_CONTENT (gtk_button_get_child (self->group_chip)),
                                  muster_entity_get_string (MUSTER_ENTITY (group), "name"));
  if (g_set_str (&self->ids, text))
    muster_devices_page_filter_cb (self);
}

static void
muster_devices_page_leave_group_cb (MusterDevicesPage *self)
{
  set_group (self, NULL, NULL);
}

void
muster_devices_page_show_only (MusterDevicesPage *self, const char *field, const char *nick)
{
  g_return_if_fail (MUSTER_IS_DEVICES_PAGE (self));

  set_group (self, NULL, NULL);
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
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "devices.set-status",
                                 n_selected > 0 &&
                                   muster_page_may (MUSTER_PAGE (self), "setDeviceStatus"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "devices.delete-selected",
                                 n_selected > 0 &&
                                   muster_page_may (MUSTER_PAGE (self), "deleteDevice"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "devices.add",
                                 muster_page_may (MUSTER_PAGE (self), "createDevice"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->add_to_group), n_selected > 0);
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

/* --- groups --- */

/* The chips and the search as FILTER asks; FALSE where they cannot say it. */
static gboolean
apply_filter (MusterDevicesPage *self, const char *filter)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) filters = NULL;
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  unsigned n_nicks = 0;

  if (!muster_group_filter_parse (filter, &text, &filters))
    return FALSE;
  for (unsigned i = 0; filters[i] != NULL; i += 2)
    {
      g_auto (GStrv) nicks = g_strsplit (filters[i + 1], ",", -1);

      n_nicks += g_strv_length (nicks);
      for (GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->chips));
           button != NULL; button = gtk_widget_get_next_sibling (button))
        {
          const Chip *chip = get_chip (button);

          if (chip != NULL && g_str_equal (chip->field, filters[i]) &&
              g_strv_contains ((const char *const *)nicks,
                               muster_enum_get_nick (chip->enumeration, chip->value)))
            g_ptr_array_add (wanted, button);
        }
    }
  if (wanted->len != n_nicks)
    return FALSE;
  muster_devices_page_show_only (self, NULL, NULL);
  for (unsigned i = 0; i < wanted->len; i++)
    gtk_toggle_button_set_active (wanted->pdata[i], TRUE);
  gtk_editable_set_text (self->search, text);
  return TRUE;
}

typedef struct
{
  MusterDevicesPage *page;
  MusterDeviceGroup *group;
  gboolean           again; /* who belongs to it has changed */
} Choice;

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  g_object_unref (choice->page);
  g_object_unref (choice->group);
  g_free (choice);
}

/* A group of many is shown as far as one request can name them, and this is said. */
static void
show_ids (MusterDevicesPage *self, MusterDeviceGroup *group, char **ids)
{
  unsigned         length = g_strv_length (ids);
  g_autofree char *text = NULL;

  if (length > MUSTER_API_IDS_MAXIMUM)
    {
      text = g_strdup_printf (_ ("“%s” has %u devices: the first %d are shown"),
                              muster_entity_get_string (MUSTER_ENTITY (group), "name"), length,
                              MUSTER_API_IDS_MAXIMUM);
      muster_session_tell (muster_page_get_session (MUSTER_PAGE (self)), text);
      for (unsigned i = MUSTER_API_IDS_MAXIMUM; i < length; i++)
        g_clear_pointer (&ids[i], g_free);
    }
  set_group (self, group, ids);
}

/* A group that is nothing but a filter becomes the chips, which follow what happens. */
static DexFuture *
muster_devices_page_choose_fiber (gpointer user_data)
{
  Choice            *choice = user_data;
  MusterDevicesPage *self = choice->page;
  MusterApiClient   *client = muster_page_get_client (MUSTER_PAGE (self));
  const char        *id = muster_entity_get_id (MUSTER_ENTITY (choice->group));
  const char        *filter = muster_entity_get_string (MUSTER_ENTITY (choice->group), "filter");
  const MusterApiListQuery query = { .limit = 1 };
  g_autoptr (MusterApiPage) named = NULL;
  g_auto (GStrv) ids = NULL;
  g_autoptr (GError) error = NULL;

  if (filter != NULL)
    named = dex_await_object (muster_api_groups_list_members (client, id, &query), NULL);
  if (named != NULL && muster_api_page_get_length (named) == 0 &&
      muster_page_is_alive (MUSTER_PAGE (self)) && apply_filter (self, filter))
    return dex_future_new_true ();
  ids = dex_await_boxed (muster_api_groups_list_device_ids (client, id), &error);
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (ids == NULL)
    muster_session_tell_error (muster_page_get_session (MUSTER_PAGE (self)),
                               _ ("The group could not be read"), error);
  else if (!choice->again)
    {
      muster_devices_page_show_only (self, NULL, NULL);
      show_ids (self, choice->group, ids);
    }
  else if (self->group == choice->group)
    show_ids (self, choice->group, ids);
  return dex_future_new_true ();
}

static void
choose (MusterDevicesPage *self, MusterDeviceGroup *group, gboolean again)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->page = g_object_ref (self);
  choice->group = g_object_ref (group);
  choice->again = again;
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_devices_page_choose_fiber, choice, choice_free));
}

static void
muster_devices_page_group_chosen_cb (MusterDevicesPage *self, MusterDeviceGroup *group)
{
  choose (self, group, FALSE);
}

static void
muster_devices_page_save_group_cb (MusterDevicesPage *self)
{
  g_auto (GStrv) filters = list_filters (self);
  g_autofree char *filter =
    muster_group_filter_build (gtk_editable_get_text (self->search), (const char *const *)filters);

  dex_future_disown (
    muster_group_create (muster_page_get_session (MUSTER_PAGE (self)), GTK_WIDGET (self), filter));
}

static DexFuture *
add_to_group (MusterApiClient *client, const char *id, gpointer group)
{
  return muster_api_groups_add_member (client, muster_entity_get_id (group), id);
}

static void
muster_devices_page_add_to_group_cb (MusterDevicesPage *self, MusterDeviceGroup *group)
{
  g_autofree char *text =
    g_strdup_printf (_ ("Added to “%s”"), muster_entity_get_string (MUSTER_ENTITY (group), "name"));

  dex_future_disown (muster_bulk_job_run (muster_page_get_session (MUSTER_PAGE (self)),
                                          GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))),
                                          list_selected (self), text, add_to_group,
                                          g_object_ref (group), g_object_unref));
  gtk_toggle_button_set_active (self->select, FALSE);
}

static DexFuture *
muster_devices_page_group_made_cb (DexFuture *future, gpointer self)
{
  const GValue *group = dex_future_get_value (future, NULL);

  if (group != NULL && muster_page_is_alive (self))
    muster_devices_page_add_to_group_cb (self, g_value_get_object (group));
  return dex_future_new_true ();
}

static void
muster_devices_page_new_group_cb (MusterDevicesPage *self)
{
  dex_future_disown (
    dex_future_finally (muster_group_create (muster_page_get_session (MUSTER_PAGE (self)),
                                             GTK_WIDGET (self), NULL),
                        muster_devices_page_group_made_cb, g_object_ref (self), g_object_unref));
}

static void
add_groups (MusterDevicesPage *self)
{
  MusterSession *session = muster_page_get_session (MUSTER_PAGE (self));
  GtkWidget     *all = muster_group_popover_new (session, _ ("_Save Filter as Group…"), TRUE);
  GtkWidget     *targets = muster_group_popover_new (session, _ ("_New Group…"), FALSE);

  g_signal_connect_object (all, "chosen", G_CALLBACK (muster_devices_page_group_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (all, "new", G_CALLBACK (muster_devices_page_save_group_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (targets, "chosen", G_CALLBACK (muster_devices_page_add_to_group_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (targets, "new", G_CALLBACK (muster_devices_page_new_group_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_menu_button_set_popover (self->groups, all);
  gtk_menu_button_set_popover (self->add_to_group, targets);
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

  if (change != NULL && self->group != NULL &&
      g_strcmp0 (muster_api_change_get_entity (change), "device_group_member") == 0)
    choose (self, self->group, TRUE);
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

/* --- files and paper --- */

static void
muster_devices_page_import_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterSession *session = muster_page_get_session (MUSTER_PAGE (widget));

  if (muster_session_may (session, "createDevice"))
    adw_dialog_present (muster_import_dialog_new (session, &muster_device_info, NULL), widget);
}

/* What is shown, in its order, with the columns that there is room for. */
static void
muster_devices_page_export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDevicesPage *self = MUSTER_DEVICES_PAGE (widget);
  GListModel        *columns = gtk_column_view_get_columns (self->view);
  g_autoptr (GStrvBuilder) shown = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) parameters = g_strv_builder_new ();
  g_autofree char *sort = get_sort (self);
  g_auto (GStrv) filters = list_filters (self);
  g_auto (GStrv) names = NULL, asked = NULL;

  for (unsigned i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (column != self->mark_column && gtk_column_view_column_get_visible (column))
        g_strv_builder_add (shown, gtk_column_view_column_get_id (column));
    }
  if (*gtk_editable_get_text (self->search) != '\0')
    g_strv_builder_add_many (parameters, "q", gtk_editable_get_text (self->search), NULL);
  g_strv_builder_add_many (parameters, "sort", sort, NULL);
  g_strv_builder_addv (parameters, (const char **)filters);
  names = g_strv_builder_end (shown);
  asked = g_strv_builder_end (parameters);
  muster_records_export (muster_page_get_session (MUSTER_PAGE (self)), widget, &muster_device_info,
                         (const char *const *)names, (const char *const *)asked);
}

/* The labels of those that are marked. */
static void
muster_devices_page_print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDevicesPage *self = MUSTER_DEVICES_PAGE (widget);
  MusterSession     *session = muster_page_get_session (MUSTER_PAGE (self));
  g_auto (GStrv) ids = list_selected (self);

  if (ids[0] != NULL)
    muster_print_dialog_show (widget, session, MUSTER_PRINT_DEVICE_LABELS,
                              (const char *const *)ids);
  else
    muster_session_tell (session, _ ("Select the devices whose labels are wanted"));
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
muster_devices_page_rights_changed (MusterPage *page)
{
  muster_devices_page_selection_cb (MUSTER_DEVICES_PAGE (page));
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.import",
                                 muster_page_may (page, "createDevice"));
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
  add_groups (self);
  self->model =
    muster_index_model_new (&source, g_object_ref (muster_page_get_client (MUSTER_PAGE (self))),
                            g_object_unref);
  g_signal_connect_object (self->model, "changed", G_CALLBACK (muster_devices_page_update), self,
                           G_CONNECT_SWAPPED);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->model)));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  subscribe (self);
  muster_import_accept_drops (GTK_WIDGET (self), session, &muster_device_info, "createDevice");
  muster_devices_page_filter_cb (self);
  muster_devices_page_rights_changed (MUSTER_PAGE (self));
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
  g_clear_object (&self->group);
  g_clear_pointer (&self->ids, g_free);
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
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_devices_page_rights_changed;
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/devices-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, title);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, search);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, chips);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, groups);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, group_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, add_to_group);
  gtk_widget_class_bind_template_callback (widget_class, muster_devices_page_leave_group_cb);
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
  gtk_widget_class_install_action (widget_class, "page.import", NULL,
                                   muster_devices_page_import_action);
  gtk_widget_class_install_action (widget_class, "page.export", NULL,
                                   muster_devices_page_export_action);
  gtk_widget_class_install_action (widget_class, "page.print", NULL,
                                   muster_devices_page_print_action);
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
