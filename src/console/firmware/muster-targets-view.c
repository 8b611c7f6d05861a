/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-targets-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "alerts/muster-records-delete.h"
#include "devices/muster-credentials-dialog.h"
#include "model/muster-update-target.h"
#include "muster-targets-view.h"
#include "widgets/muster-record-dialog.h"
#include "widgets/muster-records-view.h"

struct _MusterTargetsView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterTargetsView, muster_targets_view, ADW_TYPE_BIN)

static const MusterColumn columns[] = {
  { "controller_id", 180, .flags = MUSTER_COLUMN_TITLE,
    .icon_name = "network-transmit-receive-symbolic" },
  { "device_id", 150, 1, MUSTER_COLUMN_UNSORTED },
  { "window_policy", 200, 3 },
  { "auto_confirm", 130, 4 },
  { "created_at", 120, 2, MUSTER_COLUMN_AGE },
  { "auto_confirm_by", 120, 6, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
};

static const char *const below[] = { "device_id", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("New _Token…"), "dialog-password-symbolic", "targets.token", "issueTargetToken",
    .single = TRUE },
  { N_ ("_Delete"), "user-trash-symbolic", "targets.delete", "deleteUpdateTarget" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_update_target_info,
  .name = "update-targets",
  .title = N_ ("Update Clients"),
  .search = N_ ("Controller id"),
  .sort = "controller_id",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "network-transmit-receive-symbolic",
  .empty_title = N_ ("No Update Clients Yet"),
  .empty_text = N_ ("SWUpdate, RAUC and other clients of hawkBit ask this site for updates by "
                    "themselves, each with a token. A token for all of them is in Settings."),
  .new_label = N_ ("_Add a Client…"),
  .new_operation = "createUpdateTarget",
};

/* --- actions --- */

static void
ask_token (MusterTargetsView *self, const char *id)
{
  adw_dialog_present (muster_credentials_dialog_new (self->session, id, MUSTER_CREDENTIALS_TARGET),
                      GTK_WIDGET (self));
}

/* Without a token of its own it only gets in with that of all. */
static void
muster_targets_view_saved_cb (MusterTargetsView *self, MusterEntity *target)
{
  if (muster_session_may (self->session, "issueTargetToken"))
    ask_token (self, muster_entity_get_id (target));
}

static AdwDialog *
create_dialog (MusterTargetsView *self, MusterEntity *target)
{
  static const char *const         what[] = { "device_id",    "controller_id",     "window_policy",
                                              "auto_confirm", "attributes_wanted", NULL };
  static const MusterRecordSection sections[] = { { NULL, what }, { NULL, NULL } };

  return muster_record_dialog_new (self->session, &muster_update_target_info, target, sections,
                                   target != NULL ? _ ("Edit Update Client")
                                                  : _ ("Add an Update Client"));
}

static void
muster_targets_view_activate_cb (MusterTargetsView *self, MusterIndexItem *item)
{
  MusterEntity *target = muster_index_item_get_entity (item);

  if (target != NULL)
    adw_dialog_present (create_dialog (self, target), GTK_WIDGET (self));
}

static void
muster_targets_view_new_cb (MusterTargetsView *self)
{
  AdwDialog *dialog = create_dialog (self, NULL);

  g_signal_connect_object (dialog, "saved", G_CALLBACK (muster_targets_view_saved_cb), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
muster_targets_view_token_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterTargetsView *self = MUSTER_TARGETS_VIEW (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  if (ids[0] != NULL)
    ask_token (self, ids[0]);
  muster_records_view_end_selection (self->records);
}

static void
muster_targets_view_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterTargetsView *self = MUSTER_TARGETS_VIEW (widget);

  muster_records_delete_chosen (self->session, self->records, &muster_update_target_info);
}

static void
muster_targets_view_delete_key_cb (MusterTargetsView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "targets.delete", NULL);
}

static void
muster_targets_view_rights_cb (MusterTargetsView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "targets.token",
                                 muster_session_may (self->session, "issueTargetToken"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "targets.delete",
                                 muster_session_may (self->session, "deleteUpdateTarget"));
}

/* --- life --- */

static void
muster_targets_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_TARGETS_VIEW (object)->session);
  G_OBJECT_CLASS (muster_targets_view_parent_class)->dispose (object);
}

static void
muster_targets_view_class_init (MusterTargetsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_targets_view_dispose;
  gtk_widget_class_install_action (widget_class, "targets.token", NULL,
                                   muster_targets_view_token_action);
  gtk_widget_class_install_action (widget_class, "targets.delete", NULL,
                                   muster_targets_view_delete_action);
}

static void
muster_targets_view_init (MusterTargetsView *self)
{
}

GtkWidget *
muster_targets_view_new (MusterSession *session)
{
  MusterTargetsView *self = g_object_new (MUSTER_TYPE_TARGETS_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_targets_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_targets_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "delete", G_CALLBACK (muster_targets_view_delete_key_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_targets_view_rights_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_targets_view_rights_cb (self);
  return GTK_WIDGET (self);
}
