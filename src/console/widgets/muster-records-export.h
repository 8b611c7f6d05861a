/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Asks where to, then writes the records of INFO that PARAMETERS (name, value … NULL) of the list
 * let through as a CSV file with COLUMNS (field names up to NULL; those that are none of its fields
 * are left out). Tells how it went. */
void muster_records_export (MusterSession          *session,
                            GtkWidget              *parent,
                            const MusterEntityInfo *info,
                            const char *const      *columns,
                            const char *const      *parameters);

G_END_DECLS
