/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"
#include "muster-records-view.h"

G_BEGIN_DECLS

/* Makes the page of the record ID. */
typedef MusterPage *(*MusterRecordPageFunc) (MusterSession *session, const char *id);

/* Shows it on top of the page that WIDGET is part of; nothing once that is no part of any. */
void muster_record_page_open (GtkWidget *widget, MusterRecordPageFunc create, const char *id);
/* Has RECORDS open the page of whatever is activated there. */
void muster_records_view_open_pages (MusterRecordsView *records, MusterRecordPageFunc create);

G_END_DECLS
