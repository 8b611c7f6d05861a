/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "client/muster-api-history.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* An operation: what, who and when; what it changed, field by field, read when it is opened; a
 * button that takes it back, insensitive with the reason where that is not possible. */
#define MUSTER_TYPE_OPERATION_ROW (muster_operation_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterOperationRow,
                      muster_operation_row,
                      MUSTER,
                      OPERATION_ROW,
                      AdwExpanderRow)

GtkWidget *muster_operation_row_new (MusterSession *session, MusterApiOperation *operation);
/* OPERATION: the same one, read later. */
void muster_operation_row_set_operation (MusterOperationRow *self, MusterApiOperation *operation);
MusterApiOperation *muster_operation_row_get_operation (MusterOperationRow *self);

G_END_DECLS
