/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-devices-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-groups.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "firmware/muster-rollout-wizard.h"
#include "inventory/muster-inventory-actions.h"
#include "muster-bulk-job.h"
#include "muster-device-cells.h"
#include "muster-device-dialog.h"
#include "muster-device-page.h"
#include "muster-devices-page.h"
#include "muster-group-edit.h"
#include "muster-group-filter.h"
#include "muster-group-popover.h"
#include "print/muster-print-dialog.h"
#include "widgets/muster-records-view.h"

/* A rollout names no more of them one by one. */
#define MAX_NAMED 100

/* No device has the nil id: a group without devices shows none. */
#define NO_ID "00000000-0000-0000-0000-000000000000"

struct _MusterDevicesPage
{
  MusterPage parent_instance;

  MusterRecordsView     *records; /* borrowed from the page */
  MusterApiSubscription *journal; /* (owned) */
  MusterApiSubscription *live;    /* (owned) */
  MusterDeviceGroup     *group;   /* (owned) (nullable) whose devices are shown, by their ids */
  unsigned               choices; /* of a group, until now */
  GtkWidget             *groups;  /* popover of all of them, borrowed */

  /* Template children */
  AdwBin *list_bin;
};

G_DEFINE_FINAL_TYPE (MusterDevicesPage, muster_devices_page, MUSTER_TYPE_PAGE)

/* --- what the list is made of --- */

static const MusterColumn columns[] = {
  { "name", 190, .flags = MUSTER_COLUMN_TITLE, .get_icon_name = muster_device_get_icon_name },
  { "live_state", 105, .title = N_ ("Live") },
  { "status", 130, 1 },
  { "model", 120, 4 },
  { "serial", 130, 5, MUSTER_COLUMN_HIDDEN },
  { "location", 150, 3, .create = muster_device_create_place, .show = muster_device_show_place },
  { "address", 150, 6 },
  { "mac", 150, 7, MUSTER_COLUMN_HIDDEN },
  { "firmware_version", 90, 7, MUSTER_COLUMN_HIDDEN },
  { "family", 110, 8, MUSTER_COLUMN_HIDDEN },
  { "course", 110, 9, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED, N_ ("Last Hour"),
    .create = muster_device_create_course, .show = muster_device_show_course },
  { "last_seen", 110, 2, .create = muster_device_create_seen, .show = muster_device_show_seen },
};

/* Of the kinds those that are met with most. */
static const MusterFilterChip chips[] = {
  { "live_state", "online" },
  { "live_state", "offline" },
  { "status", "in_stock", NULL, TRUE },
  { "status", "reserved" },
  { "status", "sold" },
  { "status", "deployed" },
  { "status", "maintenance" },
  { "status", "defective" },
  { "status", "retired" },
  { "kind", "sensor", NULL, TRUE },
  { "kind", "actuator" },
  { "kind", "meter" },
  { "kind", "controller" },
  { "kind", "gateway" },
};

static const char *const below[] = { "status", "model", "location", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("Set _Status"), "muster-square-symbolic", "devices.set-status", "setDeviceStatus",
    muster_device_create_status_menu },
  { N_ ("_Roll Firmware Out…"), "muster-firmware-symbolic", "devices.roll-out", "createRollout" },
  { N_ ("_Labels…"), "printer-symbolic", "page.print", "getDevice" },
  { N_ ("_Delete"), "user-trash-symbolic", "devices.delete", "deleteDevice" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_device_info,
  .name = "devices",
  .title = N_ ("Devices"),
  .search = N_ ("Name, serial number, MAC, address, place"),
  .sort = "name",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-devices-symbolic",
  .empty_title = N_ ("No Devices Yet"),
  .empty_text =
    N_ ("Devices come into the records when they are adopted, or when they are added by "
        "hand before they arrive."),
  .new_label = N_ ("_Add a Device…"),
  .new_operation = "createDevice",
  .import_operation = "createDevice",
  .way_label = N_ ("_Find Devices"),
  .way_action = "win.room::discover",
};

static MusterSession *
session_of (MusterDevicesPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static void
muster_devices_page_activate_cb (MusterDevicesPage *self, MusterIndexItem *item)
{
  muster_page_push (MUSTER_PAGE (self),
                    muster_device_page_new (session_of (self), muster_index_item_get_id (item)));
}

static void
muster_devices_page_new_cb (MusterDevicesPage *self)
{
  adw_dialog_present (muster_device_dialog_new (session_of (self), NULL), GTK_WIDGET (self));
}

/* --- many at a time --- */

static void
muster_devices_page_delete_cb (MusterDevicesPage *self)
{
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  if (ids[0] != NULL)
    muster_inventory_delete (session_of (self), GTK_WIDGET (self), &muster_device_info, ids);
  muster_records_view_end_selection (self->records);
}

static void
muster_devices_page_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_devices_page_delete_cb (MUSTER_DEVICES_PAGE (widget));
}

static void
muster_devices_page_print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDevicesPage *self = MUSTER_DEVICES_PAGE (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  if (ids[0] != NULL)
    muster_print_dialog_show (widget, session_of (self), MUSTER_PRINT_DEVICE_LABELS,
                              (const char *const *)ids);
  else
    muster_session_tell (session_of (self), _ ("Select the devices whose labels are wanted"));
}

static void
muster_devices_page_roll_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDevicesPage *self = MUSTER_DEVICES_PAGE (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);
  g_autofree char *joined = g_strjoinv (",", ids);
  g_autofree char *filter = g_strconcat ("id=", joined, NULL);

  if (g_strv_length (ids) > MAX_NAMED)
    muster_session_tell (session_of (self),
                         _ ("So many devices are best put into a group, which is then chosen"));
  else if (ids[0] != NULL)
    muster_page_push (MUSTER_PAGE (self),
                      muster_rollout_wizard_new (session_of (self), NULL, filter));
  muster_records_view_end_selection (self->records);
}

/* PARAMETER: the status. */
static void
muster_devices_page_set_status_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDevicesPage *self = MUSTER_DEVICES_PAGE (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  if (ids[0] != NULL)
    muster_inventory_set_status (session_of (self), widget, &muster_device_info, ids,
                                 g_variant_get_string (parameter, NULL));
  muster_records_view_end_selection (self->records);
}

/* --- groups --- */

/* The list as FILTER asks; FALSE where the chips cannot say it. */
static gboolean
apply_filter (MusterDevicesPage *self, const char *filter)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) filters = NULL;

  if (!muster_group_filter_parse (filter, &text, &filters) ||
      !muster_records_view_has_chips (self->records, (const char *const *)filters))
    return FALSE;
  muster_records_view_show (self->records, text, (const char *const *)filters);
  return TRUE;
}

typedef struct
{
  MusterDevicesPage *page;
  MusterDeviceGroup *group;
  gboolean           again; /* who belongs to it has changed */
  unsigned           number;
} Choice;

/* Whether it is still what is wanted: no other group was chosen while it was read. */
static gboolean
is_wanted (Choice *choice)
{
  return muster_page_is_alive (MUSTER_PAGE (choice->page)) &&
         choice->number == choice->page->choices &&
         (!choice->again || choice->page->group == choice->group);
}

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
  const char      *name = muster_entity_get_string (MUSTER_ENTITY (group), "name");
  unsigned         length = g_strv_length (ids);
  g_autofree char *joined = NULL, *text = NULL;

  if (length > MUSTER_API_IDS_MAXIMUM)
    {
      text = g_strdup_printf (_ ("“%s” has %u devices: the first %d are shown"), name, length,
                              MUSTER_API_IDS_MAXIMUM);
      muster_session_tell (session_of (self), text);
      for (unsigned i = MUSTER_API_IDS_MAXIMUM; i < length; i++)
        g_clear_pointer (&ids[i], g_free);
    }
  joined = *ids != NULL ? g_strjoinv (",", ids) : g_strdup (NO_ID);
  muster_records_view_set_condition (self->records, "id", joined, name);
  g_set_object (&self->group, group);
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
  if (named != NULL && muster_api_page_get_length (named) == 0 && is_wanted (choice) &&
      apply_filter (self, filter))
    return dex_future_new_true ();
  ids = dex_await_boxed (muster_api_groups_list_device_ids (client, id), &error);
  if (!is_wanted (choice))
    return dex_future_new_true ();
  if (ids == NULL)
    {
      muster_session_tell_error (session_of (self), _ ("The group could not be read"), error);
      return dex_future_new_true ();
    }
  if (!choice->again)
    muster_records_view_show_only (self->records, NULL);
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
  choice->number = again ? self->choices : ++self->choices;
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_devices_page_choose_fiber, choice, choice_free));
}

static DexFuture *
muster_devices_page_group_read_cb (DexFuture *future, gpointer user_data)
{
  MusterDevicesPage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (value != NULL)
    choose (self, g_value_get_object (value), FALSE);
  else
    muster_session_tell_error (session_of (self), _ ("The group could not be read"), error);
  return dex_future_new_true ();
}

void
muster_devices_page_show_group (MusterDevicesPage *self, const char *id)
{
  g_return_if_fail (MUSTER_IS_DEVICES_PAGE (self));
  g_return_if_fail (id != NULL);

  dex_future_disown (
    dex_future_finally (muster_api_groups_get (muster_page_get_client (MUSTER_PAGE (self)), id),
                        muster_devices_page_group_read_cb, g_object_ref (self), g_object_unref));
}

static void
muster_devices_page_group_chosen_cb (MusterDevicesPage *self, MusterDeviceGroup *group)
{
  choose (self, group, FALSE);
}

static void
muster_devices_page_save_group_cb (MusterDevicesPage *self)
{
  g_auto (GStrv) filters = muster_records_view_list_filters (self->records);
  g_autofree char *filter = muster_group_filter_build (muster_records_view_get_text (self->records),
                                                       (const char *const *)filters);

  dex_future_disown (muster_group_create (session_of (self), GTK_WIDGET (self), filter));
}

static DexFuture *
add_to_group (MusterApiClient *client, const char *id, gpointer group)
{
  return muster_api_groups_add_member (client, muster_entity_get_id (group), id);
}

static DexFuture *
take_out_of_group (MusterApiClient *client, const char *id, gpointer group)
{
  return muster_api_groups_remove_member (client, muster_entity_get_id (group), id);
}

static void
muster_devices_page_add_to_group_cb (MusterDevicesPage *self, MusterDeviceGroup *group)
{
  g_autofree char *text =
    g_strdup_printf (_ ("Added to “%s”"), muster_entity_get_string (MUSTER_ENTITY (group), "name"));

  dex_future_disown (
    muster_bulk_job_run (session_of (self), GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))),
                         muster_records_view_list_chosen (self->records), text, add_to_group,
                         take_out_of_group, g_object_ref (group), g_object_unref));
  muster_records_view_end_selection (self->records);
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
    dex_future_finally (muster_group_create (session_of (self), GTK_WIDGET (self), NULL),
                        muster_devices_page_group_made_cb, g_object_ref (self), g_object_unref));
}

/* Whether what is asked for could be a group, and whether a group is still what is shown. */
static void
muster_devices_page_asked_cb (MusterDevicesPage *self)
{
  g_auto (GStrv) filters = muster_records_view_list_filters (self->records);
  gboolean by_id = FALSE;

  for (unsigned i = 0; filters[i] != NULL; i += 2)
    by_id |= g_str_equal (filters[i], "id");
  if (!by_id)
    g_clear_object (&self->group);
  muster_group_popover_set_can_add (MUSTER_GROUP_POPOVER (self->groups),
                                    !by_id && (filters[0] != NULL || *muster_records_view_get_text (
                                                                       self->records) != '\0'));
}

static GtkWidget *
create_menu_button (const char *label, const char *name, GtkWidget *popover)
{
  GtkWidget *button = gtk_menu_button_new ();

  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), label);
  gtk_menu_button_set_use_underline (GTK_MENU_BUTTON (button), TRUE);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

static void
add_groups (MusterDevicesPage *self)
{
  GtkWidget *targets = muster_group_popover_new (session_of (self), _ ("_New Group…"), FALSE);
  GtkWidget *button, *add;

  self->groups = muster_group_popover_new (session_of (self), _ ("_Save Filter as Group…"), TRUE);
  g_signal_connect_object (self->groups, "chosen", G_CALLBACK (muster_devices_page_group_chosen_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->groups, "new", G_CALLBACK (muster_devices_page_save_group_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (targets, "chosen", G_CALLBACK (muster_devices_page_add_to_group_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (targets, "new", G_CALLBACK (muster_devices_page_new_group_cb), self,
                           G_CONNECT_SWAPPED);
  button = create_menu_button (_ ("_Groups"), _ ("Groups"), self->groups);
  gtk_widget_add_css_class (button, "flat");
  muster_records_view_add_tool (self->records, button);
  add = create_menu_button (_ ("Add to _Group…"), _ ("Add to Group…"), targets);
  gtk_menu_button_set_direction (GTK_MENU_BUTTON (add), GTK_ARROW_UP);
  muster_records_view_add_bulk_tool (self->records, add);
}

/* --- changes as they happen --- */

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
}

static void
muster_devices_page_live_cb (MusterDevicesPage *self,
                             const char        *topic,
                             const char        *subject,
                             JsonObject        *data)
{
  MusterIndexItem *item =
    subject != NULL
      ? muster_index_model_find (muster_records_view_get_model (self->records), subject)
      : NULL;
  MusterEntity *device = item != NULL ? muster_index_item_get_entity (item) : NULL;
  int           state =
    muster_enum_parse (&muster_live_state_enum, muster_api_json_get_string (data, "state"));

  if (device == NULL || state < 0)
    return;
  muster_entity_set_enum (device, "live_state", state);
  if (state == MUSTER_LIVE_ONLINE)
    muster_entity_set_integer (device, "last_seen", g_get_real_time ());
  muster_index_item_changed (item);
}

static void
subscribe (MusterDevicesPage *self)
{
  MusterApiStream *stream = muster_session_get_stream (session_of (self));

  self->journal = muster_api_stream_subscribe (stream, "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_devices_page_journal_cb),
                           self, G_CONNECT_SWAPPED);
  self->live = muster_api_stream_subscribe (stream, "live", NULL, NULL, -1);
  g_signal_connect_object (self->live, "event", G_CALLBACK (muster_devices_page_live_cb), self,
                           G_CONNECT_SWAPPED);
}

/* --- life --- */

static void
muster_devices_page_list (MusterPage *page, const char *const *filters)
{
  muster_records_view_show_only (MUSTER_DEVICES_PAGE (page)->records, filters);
}

static void
muster_devices_page_refresh (MusterPage *page)
{
  muster_records_view_refresh (MUSTER_DEVICES_PAGE (page)->records);
}

static void
muster_devices_page_search (MusterPage *page)
{
  muster_records_view_search (MUSTER_DEVICES_PAGE (page)->records);
}

static void
muster_devices_page_rights_changed (MusterPage *page)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "devices.set-status",
                                 muster_page_may (page, "setDeviceStatus"));
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "devices.roll-out",
                                 muster_page_may (page, "createRollout"));
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "devices.delete",
                                 muster_page_may (page, "deleteDevice"));
}

static void
muster_devices_page_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_records_view_do_page_action (MUSTER_DEVICES_PAGE (widget)->records, name);
}

static void
muster_devices_page_constructed (GObject *object)
{
  MusterDevicesPage *self = MUSTER_DEVICES_PAGE (object);

  G_OBJECT_CLASS (muster_devices_page_parent_class)->constructed (object);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session_of (self), &spec));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_devices_page_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_devices_page_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "delete", G_CALLBACK (muster_devices_page_delete_cb),
                           self, G_CONNECT_SWAPPED);
  add_groups (self);
  g_signal_connect_object (self->records, "asked", G_CALLBACK (muster_devices_page_asked_cb), self,
                           G_CONNECT_SWAPPED);
  muster_devices_page_asked_cb (self);
  adw_bin_set_child (self->list_bin, GTK_WIDGET (self->records));
  subscribe (self);
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
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_DEVICES_PAGE);
  g_clear_object (&self->group);
  G_OBJECT_CLASS (muster_devices_page_parent_class)->dispose (object);
}

static void
muster_devices_page_class_init (MusterDevicesPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_devices_page_constructed;
  object_class->dispose = muster_devices_page_dispose;
  MUSTER_PAGE_CLASS (klass)->list = muster_devices_page_list;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_devices_page_refresh;
  MUSTER_PAGE_CLASS (klass)->search = muster_devices_page_search;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_devices_page_rights_changed;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/devices-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterDevicesPage, list_bin);
  gtk_widget_class_install_action (widget_class, "devices.roll-out", NULL,
                                   muster_devices_page_roll_out_action);
  gtk_widget_class_install_action (widget_class, "devices.set-status", "s",
                                   muster_devices_page_set_status_action);
  gtk_widget_class_install_action (widget_class, "devices.delete", NULL,
                                   muster_devices_page_delete_action);
  gtk_widget_class_install_action (widget_class, "page.print", NULL,
                                   muster_devices_page_print_action);
  gtk_widget_class_install_action (widget_class, "page.new", NULL, muster_devices_page_list_action);
  gtk_widget_class_install_action (widget_class, "page.import", NULL,
                                   muster_devices_page_list_action);
  gtk_widget_class_install_action (widget_class, "page.export", NULL,
                                   muster_devices_page_list_action);
}

static void
muster_devices_page_init (MusterDevicesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
