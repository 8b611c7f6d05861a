/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The boards of a batch. */
#define MUSTER_TYPE_UNITS_LIST (muster_units_list_get_type ())
G_DECLARE_FINAL_TYPE (MusterUnitsList, muster_units_list, MUSTER, UNITS_LIST, AdwBin)

GtkWidget *muster_units_list_new (MusterSession *session, const char *batch_id);

G_END_DECLS
