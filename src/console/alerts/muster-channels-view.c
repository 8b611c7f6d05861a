/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-channels-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-channel-dialog.h"
#include "muster-channels-view.h"
#include "muster-enabled-cell.h"
#include "muster-records-delete.h"
#include "model/muster-notification-channel.h"
#include "widgets/muster-records-view.h"

struct _MusterChannelsView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterChannelsView, muster_channels_view, ADW_TYPE_BIN)

/* --- cells --- */

static void
show_enabled (GtkWidget *cell, MusterEntity *channel, MusterSession *session)
{
  muster_enabled_cell_show (cell, channel, session, "updateNotificationChannel");
}

static const char *
get_icon_name (MusterEntity *channel)
{
  static const char *const icons[] = {
    [MUSTER_CHANNEL_CONSOLE] = "muster-alert-symbolic",
    [MUSTER_CHANNEL_DESKTOP] = "preferences-system-notifications-symbolic",
    [MUSTER_CHANNEL_KIOSK] = "view-fullscreen-symbolic",
    [MUSTER_CHANNEL_SIREN] = "audio-speakers-symbolic",
    [MUSTER_CHANNEL_EMAIL] = "mail-unread-symbolic",
    [MUSTER_CHANNEL_WEBHOOK] = "network-transmit-receive-symbolic",
    [MUSTER_CHANNEL_NTFY] = "muster-channel-symbolic",
    [MUSTER_CHANNEL_SMS] = "phone-symbolic",
  };

  return icons[muster_entity_get_enum (channel, "kind")];
}

static const MusterColumn columns[] = {
  { "name", 180, .flags = MUSTER_COLUMN_TITLE, .get_icon_name = get_icon_name },
  { "kind", 160, 2 },
  { "min_severity", 140, 3, MUSTER_COLUMN_UNSORTED },
  { "sound", 100, 5, MUSTER_COLUMN_HIDDEN },
  { "digest_limit", 110, 5, MUSTER_COLUMN_HIDDEN },
  { "enabled", 86, 1, .create = muster_enabled_cell_create, .show = show_enabled },
};

static const MusterFilterChip chips[] = {
  { "enabled", "true", N_ ("On") },
  { "enabled", "false", N_ ("Off") },
};

static const char *const below[] = { "kind", "min_severity", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Delete"), "user-trash-symbolic", "channels.delete", "deleteNotificationChannel" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_notification_channel_info,
  .name = "notification-channels",
  .title = N_ ("Channels"),
  .search = N_ ("Name"),
  .sort = "name",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-channel-symbolic",
  .empty_title = N_ ("No Channels Yet"),
  .empty_text = N_ ("An alert reaches people by banner and sound here, by desktop notification, "
                    "siren, e-mail, webhook, ntfy or text message. Each can be tried at once."),
  .new_label = N_ ("_Add a Channel…"),
  .new_operation = "createNotificationChannel",
};

/* --- actions --- */

static void
muster_channels_view_activate_cb (MusterChannelsView *self, MusterIndexItem *item)
{
  MusterEntity *record = muster_index_item_get_entity (item);

  if (record != NULL)
    adw_dialog_present (muster_channel_dialog_new (self->session, record), GTK_WIDGET (self));
}

static void
muster_channels_view_new_cb (MusterChannelsView *self)
{
  adw_dialog_present (muster_channel_dialog_new (self->session, NULL), GTK_WIDGET (self));
}

static void
muster_channels_view_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterChannelsView *self = MUSTER_CHANNELS_VIEW (widget);

  muster_records_delete_chosen (self->session, self->records, &muster_notification_channel_info);
}

static void
muster_channels_view_delete_key_cb (MusterChannelsView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "channels.delete", NULL);
}

static void
muster_channels_view_rights_cb (MusterChannelsView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "channels.delete",
                                 muster_session_may (self->session, "deleteNotificationChannel"));
}

static void
muster_channels_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_CHANNELS_VIEW (object)->session);
  G_OBJECT_CLASS (muster_channels_view_parent_class)->dispose (object);
}

static void
muster_channels_view_class_init (MusterChannelsViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_channels_view_dispose;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "channels.delete", NULL,
                                   muster_channels_view_delete_action);
}

static void
muster_channels_view_init (MusterChannelsView *self)
{
}

GtkWidget *
muster_channels_view_new (MusterSession *session)
{
  MusterChannelsView *self = g_object_new (MUSTER_TYPE_CHANNELS_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_channels_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_channels_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "delete", G_CALLBACK (muster_channels_view_delete_key_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_channels_view_rights_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_channels_view_rights_cb (self);
  return GTK_WIDGET (self);
}
