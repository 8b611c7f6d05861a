/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollouts-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "model/muster-rollout.h"
#include "muster-firmware-doing.h"
#include "muster-page.h"
#include "muster-rollout-page.h"
#include "muster-rollout-wizard.h"
#include "muster-rollouts-view.h"
#include "muster-share-bar.h"
#include "widgets/muster-record-pages.h"

/* Its figures are written a moment after what they count. */
#define SETTLE_MSEC 700

struct _MusterRolloutsView
{
  AdwBin parent_instance;

  MusterSession         *session; /* (owned) */
  MusterApiSubscription *live;    /* (owned) (nullable) */
  GHashTable            *stale;   /* (owned) (element-type utf8) rollouts whose figures changed */
  unsigned               read_id; /* timeout */
  MusterRecordsView     *records;
};

G_DEFINE_FINAL_TYPE (MusterRolloutsView, muster_rollouts_view, ADW_TYPE_BIN)

/* --- what the list is made of --- */

static GtkWidget *
create_shares (MusterSession *session)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *bar = muster_share_bar_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_set_hexpand (bar, TRUE);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_width_chars (GTK_LABEL (label), 7);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static void
show_shares (GtkWidget *cell, MusterEntity *rollout, MusterSession *session)
{
  const MusterShares shares = { muster_entity_get_integer (rollout, "total"),
                                muster_entity_get_integer (rollout, "succeeded"),
                                muster_entity_get_integer (rollout, "running"),
                                muster_entity_get_integer (rollout, "failed") };
  g_autofree char   *text =
    shares.total > 0
        ? g_strdup_printf ("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, shares.succeeded, shares.total)
        : g_strdup ("");

  muster_share_bar_set (MUSTER_SHARE_BAR (gtk_widget_get_first_child (cell)), &shares);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (cell)), text);
}

static const MusterColumn columns[] = {
  { "name", 160, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-rollout-symbolic" },
  { "status", 170 },
  { "succeeded", 210, 1, MUSTER_COLUMN_UNSORTED, N_ ("Progress"), .create = create_shares,
    .show = show_shares },
  { "artifact_id", 140, 2, MUSTER_COLUMN_UNSORTED },
  { "set_id", 140, 8, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
  { "failed", 80, 4 },
  { "started_at", 120, 3, MUSTER_COLUMN_AGE },
  { "reason", 200, 5, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
  { "kind", 110, 7, MUSTER_COLUMN_HIDDEN },
  { "created_at", 120, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_AGE },
  { "finished_at", 120, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_AGE },
};

static const MusterFilterChip chips[] = {
  { "status", "draft" },     { "status", "approval" }, { "status", "scheduled" },
  { "status", "running" },   { "status", "paused" },   { "status", "finished" },
  { "status", "cancelled" },
};

static const char *const below[] = { "status", "artifact_id", NULL };

static const MusterRecordsSpec spec = {
  .info = &muster_rollout_info,
  .name = "rollouts",
  .title = N_ ("Rollouts"),
  .search = N_ ("Name, description"),
  .sort = "-created_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .empty_icon = "muster-rollout-symbolic",
  .empty_title = N_ ("No Rollouts Yet"),
  .empty_text =
    N_ ("A rollout gives firmware to many devices, a few first, and stops by itself when "
        "too many of them fail."),
  .new_label = N_ ("_Make a Rollout…"),
  .new_operation = "createRollout",
};

/* --- live --- */

static void
muster_rollouts_view_due_cb (gpointer user_data)
{
  MusterRolloutsView *self = user_data;
  GHashTableIter      iter;
  gpointer            id;

  self->read_id = 0;
  g_hash_table_iter_init (&iter, self->stale);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    muster_index_model_invalidate (muster_records_view_get_model (self->records), id);
  g_hash_table_remove_all (self->stale);
}

static void
muster_rollouts_view_live_cb (MusterRolloutsView *self,
                              const char         *topic,
                              const char         *subject,
                              JsonObject         *data)
{
  const char *id = muster_api_json_get_string (data, "rollout_id");

  if (id == NULL)
    return;
  g_hash_table_add (self->stale, g_strdup (id));
  if (self->read_id == 0)
    self->read_id = g_timeout_add_once (SETTLE_MSEC, muster_rollouts_view_due_cb, self);
}

/* --- actions --- */

static void
muster_rollouts_view_new_cb (MusterRolloutsView *self)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), MUSTER_TYPE_PAGE);

  muster_page_push (MUSTER_PAGE (page), muster_rollout_wizard_new (self->session, NULL, NULL));
}

/* --- life --- */

static void
muster_rollouts_view_dispose (GObject *object)
{
  MusterRolloutsView *self = MUSTER_ROLLOUTS_VIEW (object);

  g_clear_handle_id (&self->read_id, g_source_remove);
  if (self->live != NULL)
    muster_api_subscription_close (self->live);
  g_clear_object (&self->live);
  g_clear_pointer (&self->stale, g_hash_table_unref);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_rollouts_view_parent_class)->dispose (object);
}

static void
muster_rollouts_view_class_init (MusterRolloutsViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_rollouts_view_dispose;
}

static void
muster_rollouts_view_init (MusterRolloutsView *self)
{
  self->stale = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

GtkWidget *
muster_rollouts_view_new (MusterSession *session)
{
  MusterRolloutsView *self = g_object_new (MUSTER_TYPE_ROLLOUTS_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  muster_records_view_open_pages (self->records, muster_rollout_page_new);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_rollouts_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  self->live =
    muster_api_stream_subscribe (muster_session_get_stream (session), "updates", NULL, NULL, -1);
  g_signal_connect_object (self->live, "event", G_CALLBACK (muster_rollouts_view_live_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  return GTK_WIDGET (self);
}
