/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-record-pages"

#include "config.h"

#include "muster-record-pages.h"

void
muster_record_page_open (GtkWidget *widget, MusterRecordPageFunc create, const char *id)
{
  GtkWidget  *ancestor = gtk_widget_get_ancestor (widget, MUSTER_TYPE_PAGE);
  MusterPage *page = ancestor != NULL ? MUSTER_PAGE (ancestor) : NULL;

  g_return_if_fail (create != NULL && id != NULL);

  if (page != NULL)
    muster_page_push (page, create (muster_page_get_session (page), id));
}

static void
muster_record_pages_activate_cb (MusterRecordsView *records, MusterIndexItem *item, gpointer create)
{
  muster_record_page_open (GTK_WIDGET (records), (MusterRecordPageFunc)create,
                           muster_index_item_get_id (item));
}

void
muster_records_view_open_pages (MusterRecordsView *records, MusterRecordPageFunc create)
{
  g_return_if_fail (MUSTER_IS_RECORDS_VIEW (records) && create != NULL);

  g_signal_connect (records, "activate", G_CALLBACK (muster_record_pages_activate_cb),
                    (gpointer)create);
}
