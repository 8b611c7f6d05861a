/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Shows the FIELDS (names up to NULL) of RECORD that have a value in a dialog over PARENT, to read
 * and to copy: for records that have no page of their own. */
void muster_record_peek_present (MusterSession     *session,
                                 GtkWidget         *parent,
                                 MusterEntity      *record,
                                 const char *const *fields);

G_END_DECLS
