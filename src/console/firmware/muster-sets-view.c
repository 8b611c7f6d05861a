/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sets-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "alerts/muster-records-delete.h"
#include "model/muster-firmware-set.h"
#include "muster-page.h"
#include "muster-rollout-wizard.h"
#include "muster-set-dialog.h"
#include "muster-sets-view.h"
#include "widgets/muster-records-view.h"

struct _MusterSetsView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterSetsView, muster_sets_view, ADW_TYPE_BIN)

static const MusterColumn columns[] = {
  { "name", 180, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-firmware-symbolic" },
  { "version", 110 },
  { "kind", 110, 2 },
  { "description", 200, 3, MUSTER_COLUMN_UNSORTED },
  { "created_at", 120, 1, MUSTER_COLUMN_AGE, N_ ("Made") },
  { "number", 90, 8, MUSTER_COLUMN_HIDDEN },
};

static const char *const below[] = { "version", "kind", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("Make a _Rollout…"), "muster-rollout-symbolic", "sets.rollout", "createRollout",
    .single = TRUE },
  { N_ ("_Delete"), "user-trash-symbolic", "sets.delete", "deleteFirmwareSet" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_firmware_set_info,
  .name = "firmware-sets",
  .title = N_ ("Sets"),
  .search = N_ ("Name, version"),
  .sort = "-created_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-firmware-symbolic",
  .empty_title = N_ ("No Sets Yet"),
  .empty_text =
    N_ ("A device that has several parts, a system and an application for instance, is "
        "given them as one. Update clients take sets; Muster's own nodes take one file."),
  .new_label = N_ ("_Make a Set…"),
  .new_operation = "createFirmwareSet",
};

/* --- actions --- */

static void
muster_sets_view_activate_cb (MusterSetsView *self, MusterIndexItem *item)
{
  MusterEntity *set = muster_index_item_get_entity (item);

  if (set != NULL)
    adw_dialog_present (muster_set_dialog_new (self->session, set), GTK_WIDGET (self));
}

static void
muster_sets_view_new_cb (MusterSetsView *self)
{
  adw_dialog_present (muster_set_dialog_new (self->session, NULL), GTK_WIDGET (self));
}

static void
muster_sets_view_rollout_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterSetsView *self = MUSTER_SETS_VIEW (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);
  GtkWidget *page = gtk_widget_get_ancestor (widget, MUSTER_TYPE_PAGE);

  if (ids[0] != NULL)
    muster_page_push (MUSTER_PAGE (page), muster_rollout_wizard_new_of_set (self->session, ids[0]));
  muster_records_view_end_selection (self->records);
}

static void
muster_sets_view_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterSetsView *self = MUSTER_SETS_VIEW (widget);

  muster_records_delete_chosen (self->session, self->records, &muster_firmware_set_info);
}

static void
muster_sets_view_delete_key_cb (MusterSetsView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "sets.delete", NULL);
}

static void
muster_sets_view_rights_cb (MusterSetsView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sets.rollout",
                                 muster_session_may (self->session, "createRollout"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sets.delete",
                                 muster_session_may (self->session, "deleteFirmwareSet"));
}

/* --- life --- */

static void
muster_sets_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_SETS_VIEW (object)->session);
  G_OBJECT_CLASS (muster_sets_view_parent_class)->dispose (object);
}

static void
muster_sets_view_class_init (MusterSetsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_sets_view_dispose;
  gtk_widget_class_install_action (widget_class, "sets.rollout", NULL,
                                   muster_sets_view_rollout_action);
  gtk_widget_class_install_action (widget_class, "sets.delete", NULL,
                                   muster_sets_view_delete_action);
}

static void
muster_sets_view_init (MusterSetsView *self)
{
}

GtkWidget *
muster_sets_view_new (MusterSession *session)
{
  MusterSetsView *self = g_object_new (MUSTER_TYPE_SETS_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_sets_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_sets_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "delete", G_CALLBACK (muster_sets_view_delete_key_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_sets_view_rights_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_sets_view_rights_cb (self);
  return GTK_WIDGET (self);
}
