/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "client/muster-api-journal.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* A row that says what CHANGE did to its record: each field as it was and as it became, with a
 * button that opens the record where there is such a page: (transfer floating). */
GtkWidget *muster_change_table_new (MusterSession *session, MusterApiChange *change);

G_END_DECLS
