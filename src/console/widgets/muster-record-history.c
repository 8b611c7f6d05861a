/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-record-history"

#include "config.h"

#include "client/muster-api-journal.h"
#include "muster-change-row.h"
#include "muster-list.h"
#include "muster-record-history.h"

/* Room for what is looked back at; the rest is in History. */
#define MAX_CHANGES 20

struct _MusterRecordHistory
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) (nullable) */
  DexFuture     *reading; /* (owned) (nullable) */

  GtkListBox *list; /* of the template */
};

G_DEFINE_FINAL_TYPE (MusterRecordHistory, muster_record_history, ADW_TYPE_BIN)

static DexFuture *
muster_record_history_read_cb (DexFuture *future, gpointer user_data)
{
  MusterRecordHistory *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue  *value = dex_future_get_value (future, &error);
  MusterApiPage *page = value != NULL ? g_value_get_object (value) : NULL;

  dex_clear (&self->reading);
  if (page == NULL)
    g_message ("could not read the history: %s", error->message);
  if (page == NULL || self->list == NULL)
    return dex_future_new_true ();
  muster_list_clear (self->list);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    gtk_list_box_append (self->list,
                         muster_change_row_new (self->session, muster_api_page_get (page, i)));
  return dex_future_new_true ();
}

static void
muster_record_history_dispose (GObject *object)
{
  MusterRecordHistory *self = MUSTER_RECORD_HISTORY (object);

  dex_clear (&self->reading);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_RECORD_HISTORY);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_record_history_parent_class)->dispose (object);
}

static void
muster_record_history_class_init (MusterRecordHistoryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_record_history_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/record-history.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterRecordHistory, list);
}

static void
muster_record_history_init (MusterRecordHistory *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
muster_record_history_show (MusterRecordHistory *self,
                            MusterSession       *session,
                            const char          *entity,
                            const char          *id)
{
  gboolean may = muster_session_may (session, "listJournal");

  g_return_if_fail (MUSTER_IS_RECORD_HISTORY (self));
  g_return_if_fail (entity != NULL && id != NULL);

  g_set_object (&self->session, session);
  gtk_widget_set_visible (GTK_WIDGET (self), may);
  dex_clear (&self->reading);
  if (may)
    self->reading =
      dex_future_finally (muster_api_journal_list (muster_session_get_client (session), entity, id,
                                                   0, MAX_CHANGES),
                          muster_record_history_read_cb, g_object_ref (self), g_object_unref);
}
