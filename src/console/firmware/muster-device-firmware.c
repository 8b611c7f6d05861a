/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-firmware"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-firmware.h"
#include "muster-device-firmware.h"
#include "muster-device-update.h"
#include "muster-firmware-doing.h"
#include "muster-hindsight.h"
#include "muster-permission.h"
#include "muster-update-dialog.h"
#include "muster-update-progress.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-references.h"

#define MAX_UPDATES 10
#define KEY "muster-update"

struct _MusterDeviceFirmware
{
  AdwBin parent_instance;

  MusterSession         *session; /* (owned) (nullable) */
  MusterEntity          *device;  /* (owned) (nullable) */
  MusterApiPage         *updates; /* (owned) (nullable) newest first */
  MusterApiSubscription *live;    /* (owned) (nullable) */
  DexFuture             *reading; /* (owned) (nullable) */
  GtkListBox            *list;
  GtkWidget             *update;
};

G_DEFINE_FINAL_TYPE (MusterDeviceFirmware, muster_device_firmware, ADW_TYPE_BIN)

static void read_updates (MusterDeviceFirmware *self);

/* --- what can be done --- */

static void
muster_device_firmware_update_cb (MusterDeviceFirmware *self)
{
  muster_device_update_ask (self->session, GTK_WIDGET (self), self->device, NULL);
}

static MusterEntity *
update_of (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW)),
                            KEY);
}

static DexFuture *
cancel (MusterApiClient *client, const char *id)
{
  return muster_api_updates_cancel (client, id, FALSE);
}

static void
muster_device_firmware_cancel_cb (MusterDeviceFirmware *self, GtkWidget *button)
{
  muster_firmware_do (self->session, muster_entity_get_id (update_of (button)), cancel,
                      g_strdup (_ ("The device is told to let it be")),
                      _ ("That update was not cancelled"), NULL);
}

static void
muster_device_firmware_again_cb (MusterDeviceFirmware *self, GtkWidget *button)
{
  muster_device_update_ask (self->session, GTK_WIDGET (self), self->device,
                            muster_entity_get_string (update_of (button), "artifact_id"));
}

static void
muster_device_firmware_row_cb (MusterDeviceFirmware *self, GtkListBoxRow *row)
{
  MusterEntity *update = g_object_get_data (G_OBJECT (row), KEY);

  if (update != NULL)
    adw_dialog_present (muster_update_dialog_new (self->session, update), GTK_WIDGET (self));
}

/* --- what is shown --- */

static MusterEntity *
get_update (MusterDeviceFirmware *self, unsigned index)
{
  return self->updates != NULL && index < muster_api_page_get_length (self->updates)
           ? muster_api_page_get (self->updates, index)
           : NULL;
}

static gboolean
is_over (MusterEntity *update)
{
  return muster_entity_get_enum (update, "status") >= MUSTER_UPDATE_CONFIRMED;
}

/* What the site gave it last, or NULL: borrowed. */
static const char *
get_given_version (MusterDeviceFirmware *self)
{
  MusterEntity *update;

  for (unsigned i = 0; (update = get_update (self, i)) != NULL; i++)
    if (muster_entity_get_enum (update, "status") == MUSTER_UPDATE_CONFIRMED)
      return muster_entity_get_string (update, "to_version");
  return NULL;
}

static GtkWidget *
create_installed_row (MusterDeviceFirmware *self)
{
  const char      *version = muster_entity_get_string (self->device, "firmware_version");
  const char      *given = get_given_version (self);
  gboolean         outside = version != NULL && given != NULL && !g_str_equal (given, version);
  const char      *hardware = muster_entity_get_string (self->device, "hardware_revision");
  g_autofree char *about =
    outside            ? g_strdup_printf (_ ("Flashed outside: the site gave it %s last"), given)
    : hardware != NULL ? g_strdup_printf (_ ("Hardware revision %s"), hardware)
                       : NULL;
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", _ ("Installed version"),
                                 "use-markup", FALSE, "subtitle", about, NULL);
  GtkWidget *label = gtk_label_new (version != NULL ? version : _ ("Not known"));

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, version != NULL ? "heading" : "dim-label");
  if (outside)
    {
      GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

      gtk_widget_add_css_class (icon, "warning");
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  return row;
}

static GtkWidget *
create_button (MusterDeviceFirmware *self,
               const char           *icon_name,
               const char           *label,
               const char           *operation,
               GCallback             clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  muster_permission_guard (self->session, button, operation);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  return button;
}

/* "From 1.0.0 · 3 Nov 14:02 · hash mismatch" */
static char *
describe_update (MusterDeviceFirmware *self, MusterEntity *update)
{
  const char      *from = muster_entity_get_string (update, "from_version");
  const char      *error = muster_entity_get_string (update, "error");
  gboolean         over = is_over (update) && !muster_entity_is_null (update, "finished_at");
  gint64           at = muster_entity_get_integer (update, over ? "finished_at" : "created_at");
  g_autofree char *when =
    muster_format_short_time (at, g_get_real_time (), muster_session_get_zone (self->session));
  g_autofree char *sentence = error != NULL ? muster_format_sentence (error) : NULL;
  g_autoptr (GString) text = g_string_new (when);

  if (from != NULL)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, _ ("from %s"), from);
    }
  if (sentence != NULL)
    g_string_append_printf (text, " · %s", sentence);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static GtkWidget *
create_update_row (MusterDeviceFirmware *self, MusterEntity *update)
{
  const char      *version = muster_entity_get_string (update, "to_version");
  const char      *now = muster_entity_get_string (self->device, "firmware_version");
  g_autofree char *about = describe_update (self, update);
  GtkWidget       *progress = muster_update_progress_new ();
  GtkWidget       *row = g_object_new (ADW_TYPE_ACTION_ROW, "title",
                                 version != NULL ? version : _ ("Update"), "use-markup", FALSE,
                                       "subtitle", about, "subtitle-lines", 2, "activatable", TRUE, NULL);

  muster_update_progress_show (MUSTER_UPDATE_PROGRESS (progress), update);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), progress);
  if (!is_over (update))
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               create_button (self, "process-stop-symbolic",
                                              _ ("Cancel the update"), "cancelUpdate",
                                              G_CALLBACK (muster_device_firmware_cancel_cb)));
  else if (g_strcmp0 (version, now) != 0 && !muster_entity_is_null (update, "artifact_id"))
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               create_button (self, "edit-undo-symbolic",
                                              _ ("Install this version"), "createUpdate",
                                              G_CALLBACK (muster_device_firmware_again_cb)));
  g_object_set_data_full (G_OBJECT (row), KEY, g_object_ref (update), g_object_unref);
  return row;
}

static void
fill (MusterDeviceFirmware *self)
{
  MusterEntity *update;

  if (self->list == NULL || self->device == NULL)
    return;
  muster_list_clear (self->list);
  gtk_list_box_append (self->list, create_installed_row (self));
  for (unsigned i = 0; (update = get_update (self, i)) != NULL; i++)
    gtk_list_box_append (self->list, create_update_row (self, update));
}

/* --- reading --- */

static DexFuture *
muster_device_firmware_read_cb (DexFuture *future, gpointer user_data)
{
  MusterDeviceFirmware *self = user_data;
  const GValue         *value = dex_future_get_value (future, NULL);

  if (value != NULL && self->list != NULL)
    {
      g_set_object (&self->updates, g_value_get_object (value));
      fill (self);
    }
  return dex_future_new_true ();
}

static void
read_updates (MusterDeviceFirmware *self)
{
  const char *const        filters[] = { "device_id", muster_entity_get_id (self->device), NULL };
  const MusterApiListQuery query = { .sort = "-id", .limit = MAX_UPDATES, .filters = filters };

  dex_clear (&self->reading);
  if (!muster_session_may (self->session, "listUpdates"))
    return;
  self->reading =
    dex_future_finally (muster_api_updates_list (muster_session_get_client (self->session), &query),
                        muster_device_firmware_read_cb, self, NULL);
}

static void
muster_device_firmware_moment_cb (GtkWidget *widget)
{
  read_updates (MUSTER_DEVICE_FIRMWARE (widget));
}

/* What is at it is shown at once; what is new, or over, is read with all others. */
static void
muster_device_firmware_live_cb (MusterDeviceFirmware *self,
                                const char           *topic,
                                const char           *subject,
                                JsonObject           *data)
{
  g_autoptr (MusterEntity) update =
              muster_entity_new_from_json (&muster_firmware_update_info, data, NULL);

  if (update == NULL || self->list == NULL)
    return;
  for (GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, 0); row != NULL;
       row = gtk_list_box_get_row_at_index (self->list, gtk_list_box_row_get_index (row) + 1))
    {
      MusterEntity *shown = g_object_get_data (G_OBJECT (row), KEY);
      int           index = gtk_list_box_row_get_index (row);

      if (shown == NULL ||
          g_strcmp0 (muster_entity_get_id (shown), muster_entity_get_id (update)) != 0)
        continue;
      if (muster_entity_get_enum (shown, "status") != muster_entity_get_enum (update, "status"))
        break;
      gtk_list_box_remove (self->list, GTK_WIDGET (row));
      gtk_list_box_insert (self->list, create_update_row (self, update), index);
      return;
    }
  read_updates (self);
}

/* --- life --- */

static void
muster_device_firmware_dispose (GObject *object)
{
  MusterDeviceFirmware *self = MUSTER_DEVICE_FIRMWARE (object);

  dex_clear (&self->reading);
  if (self->live != NULL)
    muster_api_subscription_close (self->live);
  g_clear_object (&self->live);
  self->list = NULL;
  g_clear_object (&self->updates);
  g_clear_object (&self->device);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_device_firmware_parent_class)->dispose (object);
}

static void
muster_device_firmware_class_init (MusterDeviceFirmwareClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_device_firmware_dispose;
}

static void
muster_device_firmware_init (MusterDeviceFirmware *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Firmware"), -1);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (muster_device_firmware_row_cb),
                           self, G_CONNECT_SWAPPED);
  self->update = gtk_button_new_with_mnemonic (_ ("_Update…"));
  gtk_widget_set_valign (self->update, GTK_ALIGN_CENTER);
  g_signal_connect_object (self->update, "clicked", G_CALLBACK (muster_device_firmware_update_cb),
                           self, G_CONNECT_SWAPPED);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("Firmware"));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), self->update);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), group);
}

static void
open_once (MusterDeviceFirmware *self, MusterSession *session)
{
  const char *subjects[] = { muster_entity_get_id (self->device), NULL };

  self->session = g_object_ref (session);
  muster_permission_hide (session, GTK_WIDGET (self), "listUpdates");
  muster_permission_guard (session, self->update, "createUpdate");
  self->live = muster_api_stream_subscribe (muster_session_get_stream (session), "updates",
                                            subjects, NULL, -1);
  g_signal_connect_object (self->live, "event", G_CALLBACK (muster_device_firmware_live_cb), self,
                           G_CONNECT_SWAPPED);
  muster_hindsight_follow (GTK_WIDGET (self), session, muster_device_firmware_moment_cb);
}

void
muster_device_firmware_show (MusterDeviceFirmware *self,
                             MusterSession        *session,
                             MusterEntity         *device)
{
  g_return_if_fail (MUSTER_IS_DEVICE_FIRMWARE (self));
  g_return_if_fail (MUSTER_IS_SESSION (session) && device != NULL);

  g_set_object (&self->device, device);
  if (self->session == NULL)
    open_once (self, session);
  fill (self);
  read_updates (self);
}
