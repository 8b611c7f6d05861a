/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/muster-records-view.h"

G_BEGIN_DECLS

/* Deletes what is chosen in VIEW, records of INFO, each with a way to take it back, and ends the
 * selection. */
void muster_records_delete_chosen (MusterSession          *session,
                                   MusterRecordsView      *view,
                                   const MusterEntityInfo *info);

G_END_DECLS
