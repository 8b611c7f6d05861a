/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The last changes of a record, each with a way to take it back; not there for those who may not
 * read the journal. */
#define MUSTER_TYPE_RECORD_HISTORY (muster_record_history_get_type ())
G_DECLARE_FINAL_TYPE (MusterRecordHistory, muster_record_history, MUSTER, RECORD_HISTORY, AdwBin)

/* Reads those of the record ID of ENTITY ("order"), again at each call. */
void muster_record_history_show (MusterRecordHistory *self,
                                 MusterSession       *session,
                                 const char          *entity,
                                 const char          *id);

G_END_DECLS
