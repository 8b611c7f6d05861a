/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-deliveries-log"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-notifications.h"
#include "model/muster-notification.h"
#include "muster-alert-filter.h"
#include "muster-deliveries-log.h"
#include "muster-doing.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-records-view.h"

struct _MusterDeliveriesLog
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterDeliveriesLog, muster_deliveries_log, ADW_TYPE_BIN)

static const MusterColumn columns[] = {
  { "created_at", 140, 1 },
  { "subject", 200, .flags = MUSTER_COLUMN_TITLE },
  { "status", 120, 0 },
  { "channel_id", 150, 2, MUSTER_COLUMN_UNSORTED },
  { "person_id", 140, 4, MUSTER_COLUMN_UNSORTED },
  { "kind", 110, 5 },
  { "error", 200, 3, MUSTER_COLUMN_UNSORTED },
  { "severity", 112, 6, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
  { "attempts", 90, 6, MUSTER_COLUMN_HIDDEN },
  { "next_at", 120, 6, MUSTER_COLUMN_HIDDEN },
  { "sent_at", 120, 6, MUSTER_COLUMN_HIDDEN },
};

static const MusterFilterChip chips[] = {
  { "status", "queued" },  { "status", "sent" },           { "status", "failed" },
  { "status", "dropped" }, { "kind", "test", NULL, TRUE }, { "kind", "digest" },
};

static const char *const below[] = { "channel_id", "created_at", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Send Again"), "mail-send-symbolic", "log.retry", "retryNotification" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_notification_info,
  .name = "notifications",
  .title = N_ ("Sent"),
  .search = N_ ("Subject, text"),
  .sort = "-created_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "mail-send-symbolic",
  .empty_title = N_ ("Nothing Was Sent Yet"),
  .empty_text = N_ ("Whatever goes out over a channel stands here, with what became of it."),
};

/* --- actions --- */

typedef struct
{
  MusterSession *session;
  char         **ids;
} Retry;

static void
retry_free (gpointer data)
{
  Retry *retry = data;

  g_object_unref (retry->session);
  g_strfreev (retry->ids);
  g_free (retry);
}

static DexFuture *
muster_deliveries_log_retry_fiber (gpointer user_data)
{
  Retry           *retry = user_data;
  unsigned         n_sent = 0;
  g_autofree char *text = NULL;

  for (unsigned i = 0; retry->ids[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (dex_await (muster_api_notifications_retry (muster_session_get_client (retry->session),
                                                     retry->ids[i]),
                     &error))
        n_sent++;
      else
        muster_session_tell_error (retry->session, _ ("Could not send it again"), error);
    }
  text =
    g_strdup_printf (ngettext ("%u message is sent again", "%u messages are sent again", n_sent),
                     n_sent);
  if (n_sent > 0)
    muster_session_tell (retry->session, text);
  return dex_future_new_true ();
}

static void
muster_deliveries_log_retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDeliveriesLog *self = MUSTER_DELIVERIES_LOG (widget);
  Retry               *retry = g_new (Retry, 1);

  *retry = (Retry){ g_object_ref (self->session), muster_records_view_list_chosen (self->records) };
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_deliveries_log_retry_fiber, retry, retry_free));
  muster_records_view_end_selection (self->records);
}

/* The whole of a message, as it went out. */
static void
muster_deliveries_log_activate_cb (MusterDeliveriesLog *self, MusterIndexItem *item)
{
  static const char *const fields[] = { "status",  "channel_id", "person_id", "escalation_id",
                                        "step",    "kind",       "severity",  "attempts",
                                        "next_at", "sent_at",    "error",     "body",
                                        NULL };
  MusterEntity            *message = muster_index_item_get_entity (item);
  AdwDialog               *dialog;
  GtkWidget               *view, *list;

  if (message == NULL)
    return;
  dialog = adw_dialog_new ();
  view = adw_toolbar_view_new ();
  list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_valign (list, GTK_ALIGN_START);
  g_object_set (list, "margin-top", 12, "margin-bottom", 18, "margin-start", 12, "margin-end", 12,
                NULL);
  muster_detail_rows_show (GTK_LIST_BOX (list), self->session, message, fields);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view),
                                g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy",
                                              GTK_POLICY_NEVER, "child", list, NULL));
  adw_dialog_set_child (dialog, view);
  adw_dialog_set_title (dialog, muster_entity_get_string (message, "subject"));
  adw_dialog_set_content_width (dialog, 480);
  adw_dialog_set_content_height (dialog, 600);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
muster_deliveries_log_rights_cb (MusterDeliveriesLog *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.retry",
                                 muster_session_may (self->session, "retryNotification"));
}

static void
muster_deliveries_log_dispose (GObject *object)
{
  g_clear_object (&MUSTER_DELIVERIES_LOG (object)->session);
  G_OBJECT_CLASS (muster_deliveries_log_parent_class)->dispose (object);
}

static void
muster_deliveries_log_class_init (MusterDeliveriesLogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_deliveries_log_dispose;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "log.retry", NULL,
                                   muster_deliveries_log_retry_action);
}

static void
muster_deliveries_log_init (MusterDeliveriesLog *self)
{
}

GtkWidget *
muster_deliveries_log_new (MusterSession *session)
{
  MusterDeliveriesLog *self = g_object_new (MUSTER_TYPE_DELIVERIES_LOG, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "activate",
                           G_CALLBACK (muster_deliveries_log_activate_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_deliveries_log_rights_cb),
                           self, G_CONNECT_SWAPPED);
  muster_records_view_add_tool (self->records,
                                muster_alert_filter_new_for_sent (session, self->records));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_deliveries_log_rights_cb (self);
  return GTK_WIDGET (self);
}
