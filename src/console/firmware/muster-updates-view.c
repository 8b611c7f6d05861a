/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-updates-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-firmware.h"
#include "muster-firmware-doing.h"
#include "muster-update-dialog.h"
#include "muster-update-progress.h"
#include "muster-updates-view.h"
#include "widgets/muster-format.h"

struct _MusterUpdatesView
{
  AdwBin parent_instance;

  MusterSession         *session; /* (owned) */
  MusterApiSubscription *live;    /* (owned) (nullable) */
  MusterRecordsView     *records;
};

G_DEFINE_FINAL_TYPE (MusterUpdatesView, muster_updates_view, ADW_TYPE_BIN)

/* --- what the list is made of --- */

static void
show_error (GtkWidget *label, MusterEntity *update, MusterSession *session)
{
  const char      *error = muster_entity_get_string (update, "error");
  g_autofree char *sentence = error != NULL ? muster_format_sentence (error) : NULL;

  gtk_label_set_label (GTK_LABEL (label), sentence != NULL ? sentence : "");
  gtk_widget_set_tooltip_text (label, sentence);
}

static void
show_fetched (GtkWidget *label, MusterEntity *update, MusterSession *session)
{
  g_autofree char *text = muster_update_describe_fetched (update);

  gtk_label_set_label (GTK_LABEL (label), text != NULL ? text : "");
}

/* Of the site's updates the rollout matters, of one rollout's the group: which sorts in the order
 * in which groups begin. */
/* clang-format off */
#define COLUMNS(of_rollout, of_group) { \
  { "device_id", 150, .flags = MUSTER_COLUMN_TITLE | MUSTER_COLUMN_UNSORTED, .icon_name = "muster-devices-symbolic" }, \
  { "status", 190, .create = muster_update_progress_create_cell, .show = muster_update_progress_show_cell }, \
  { "rollout_group_id", 120, 1, of_group }, \
  { "rollout_id", 130, 2, of_rollout | MUSTER_COLUMN_UNSORTED }, \
  { "from_version", 90, 5 }, \
  { "to_version", 90, 6, MUSTER_COLUMN_HIDDEN }, \
  { "error", 210, 2, MUSTER_COLUMN_UNSORTED, .show = show_error }, \
  { "fetched", 150, 8, MUSTER_COLUMN_HIDDEN, .show = show_fetched }, \
  { "attempt", 80, 7, MUSTER_COLUMN_HIDDEN }, \
  { "delivery", 100, 8, MUSTER_COLUMN_HIDDEN }, \
  { "kind", 100, 8, MUSTER_COLUMN_HIDDEN }, \
  { "started_at", 120, 7, MUSTER_COLUMN_HIDDEN }, \
  { "finished_at", 120, 6, MUSTER_COLUMN_HIDDEN }, \
}
/* clang-format on */

static const MusterColumn columns_of_all[] = COLUMNS (MUSTER_COLUMN_PLAIN, MUSTER_COLUMN_HIDDEN);
static const MusterColumn columns_of_one[] = COLUMNS (MUSTER_COLUMN_HIDDEN, MUSTER_COLUMN_PLAIN);

static const MusterFilterChip chips[] = {
  { "status", "waiting" }, { "status", "running" },  { "status", "confirmed" },
  { "status", "failed" },  { "status", "reverted" }, { "status", "cancelled" },
};

static const char *const below_of_all[] = { "rollout_id", "error", "to_version", NULL };
static const char *const below_of_one[] = { "rollout_group_id", "error", "to_version", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Try Again"), "view-refresh-symbolic", "updates.retry", "retryUpdate" },
  { N_ ("Leave No _Choice"), NULL, "updates.force", "forceUpdate" },
  { N_ ("_Cancel"), "process-stop-symbolic", "updates.cancel", "cancelUpdate" },
};

/* clang-format off */
#define SPEC(list_name, list_columns, list_below) { \
  .info = &muster_firmware_update_info, \
  .name = list_name, \
  .title = N_ ("Updates"), \
  .search = N_ ("Error, version"), \
  .sort = "-id", \
  .columns = list_columns, \
  .n_columns = G_N_ELEMENTS (list_columns), \
  .below = list_below, \
  .chips = chips, \
  .n_chips = G_N_ELEMENTS (chips), \
  .actions = actions, \
  .n_actions = G_N_ELEMENTS (actions), \
  .empty_icon = "muster-firmware-symbolic", \
  .empty_title = N_ ("No Updates Yet"), \
  .empty_text = N_ ("As soon as a rollout begins, every device that gets it stands here."), \
}
/* clang-format on */

static const MusterRecordsSpec spec_of_all = SPEC ("updates", columns_of_all, below_of_all);
static const MusterRecordsSpec spec_of_one = SPEC ("rollout-updates", columns_of_one, below_of_one);

/* --- live --- */

static void
muster_updates_view_live_cb (MusterUpdatesView *self,
                             const char        *topic,
                             const char        *subject,
                             JsonObject        *data)
{
  g_autoptr (MusterEntity) update =
              muster_entity_new_from_json (&muster_firmware_update_info, data, NULL);
  MusterIndexItem *item =
    update != NULL ? muster_index_model_find (muster_records_view_get_model (self->records),
                                              muster_entity_get_id (update))
                   : NULL;

  if (item != NULL)
    muster_index_item_set_entity (item, update);
}

/* --- actions --- */

static DexFuture *
cancel (MusterApiClient *client, const char *id)
{
  return muster_api_updates_cancel (client, id, FALSE);
}

static const struct
{
  const char        *name;
  MusterFirmwareCall call;
  const char        *operation;
  const char        *done;
  const char        *failed;
} doings[] = {
  { "updates.retry", muster_api_updates_retry, "retryUpdate", N_ ("It is tried again"),
    N_ ("That update is not tried again") },
  { "updates.force", muster_api_updates_force, "forceUpdate",
    N_ ("The device has no choice any more"), N_ ("The device keeps its choice") },
  { "updates.cancel", cancel, "cancelUpdate", N_ ("The device is told to let it be"),
    N_ ("That update was not cancelled") },
};

static void
muster_updates_view_do_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterUpdatesView *self = MUSTER_UPDATES_VIEW (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  for (unsigned i = 0; i < G_N_ELEMENTS (doings); i++)
    for (unsigned j = 0; g_str_equal (doings[i].name, name) && ids[j] != NULL; j++)
      muster_firmware_do (self->session, ids[j], doings[i].call, g_strdup (_ (doings[i].done)),
                          _ (doings[i].failed), NULL);
  muster_records_view_end_selection (self->records);
}

static void
muster_updates_view_activate_cb (MusterUpdatesView *self, MusterIndexItem *item)
{
  MusterEntity *update = muster_index_item_get_entity (item);

  if (update != NULL)
    adw_dialog_present (muster_update_dialog_new (self->session, update), GTK_WIDGET (self));
}

static void
muster_updates_view_rights_cb (MusterUpdatesView *self)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (doings); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), doings[i].name,
                                   muster_session_may (self->session, doings[i].operation));
}

/* --- life --- */

static void
muster_updates_view_dispose (GObject *object)
{
  MusterUpdatesView *self = MUSTER_UPDATES_VIEW (object);

  if (self->live != NULL)
    muster_api_subscription_close (self->live);
  g_clear_object (&self->live);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_updates_view_parent_class)->dispose (object);
}

static void
muster_updates_view_class_init (MusterUpdatesViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_updates_view_dispose;
  for (unsigned i = 0; i < G_N_ELEMENTS (doings); i++)
    gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), doings[i].name, NULL,
                                     muster_updates_view_do_action);
}

static void
muster_updates_view_init (MusterUpdatesView *self)
{
}

GtkWidget *
muster_updates_view_new (MusterSession *session, const char *rollout_id)
{
  MusterUpdatesView *self = g_object_new (MUSTER_TYPE_UPDATES_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (
    muster_records_view_new (session, rollout_id != NULL ? &spec_of_one : &spec_of_all));
  if (rollout_id != NULL)
    muster_records_view_set_condition (self->records, "rollout_id", rollout_id, NULL);
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_updates_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_updates_view_rights_cb),
                           self, G_CONNECT_SWAPPED);
  self->live =
    muster_api_stream_subscribe (muster_session_get_stream (session), "updates", NULL, NULL, -1);
  g_signal_connect_object (self->live, "event", G_CALLBACK (muster_updates_view_live_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_updates_view_rights_cb (self);
  return GTK_WIDGET (self);
}

void
muster_updates_view_show_group (MusterUpdatesView *self, const char *id, const char *name)
{
  g_return_if_fail (MUSTER_IS_UPDATES_VIEW (self));

  muster_records_view_show_only (self->records, NULL);
  muster_records_view_set_condition (self->records, "rollout_group_id", id, name);
}

char *
muster_updates_view_dup_group (MusterUpdatesView *self)
{
  g_auto (GStrv) filters = NULL;

  g_return_val_if_fail (MUSTER_IS_UPDATES_VIEW (self), NULL);

  filters = muster_records_view_list_filters (self->records);
  for (unsigned i = 0; filters[i] != NULL; i += 2)
    if (g_str_equal (filters[i], "rollout_group_id"))
      return g_strdup (filters[i + 1]);
  return NULL;
}

MusterRecordsView *
muster_updates_view_get_records (MusterUpdatesView *self)
{
  g_return_val_if_fail (MUSTER_IS_UPDATES_VIEW (self), NULL);

  return self->records;
}
