/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The boards of a batch: a MusterRecordsView. */
GtkWidget *muster_units_list_new (MusterSession *session, const char *batch_id);

G_END_DECLS
