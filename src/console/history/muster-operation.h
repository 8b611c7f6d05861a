/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/muster-api-journal.h"

G_BEGIN_DECLS

/**
 * MusterOperation:
 *
 * What somebody did in one go: one or many entries of the journal, undone together. Signal
 * `changed ()`.
 */
#define MUSTER_TYPE_OPERATION (muster_operation_get_type ())
G_DECLARE_FINAL_TYPE (MusterOperation, muster_operation, MUSTER, OPERATION, GObject)

/* That of CHANGE, its newest entry. */
MusterOperation *muster_operation_new (MusterApiChange *change);
/* CHANGE, an older entry, belongs to it, and is added; FALSE: it is of another operation. */
gboolean muster_operation_add (MusterOperation *self, MusterApiChange *change);
/* Takes over what NEWER, the same one read later, says; tells if that is another thing. */
void muster_operation_update (MusterOperation *self, MusterOperation *newer);

const char *muster_operation_get_id (MusterOperation *self);
gint64      muster_operation_get_sequence (MusterOperation *self); /* of its first entry known */
gint64      muster_operation_get_time (MusterOperation *self);     /* UTC microseconds */
const char *muster_operation_get_actor (MusterOperation *self);
const char *muster_operation_get_entity (MusterOperation *self);  /* of what it was mainly about */
GPtrArray  *muster_operation_get_changes (MusterOperation *self); /* MusterApiChange, borrowed */
unsigned    muster_operation_get_count (MusterOperation *self);   /* records that it changed */
/* What was done, to what: (transfer full). */
char *muster_operation_dup_title (MusterOperation *self);
/* Why it cannot be taken back, for a person; NULL: it can. */
const char *muster_operation_get_obstacle (MusterOperation *self);
gboolean    muster_operation_is_undone (MusterOperation *self);
gboolean    muster_operation_is_undo (MusterOperation *self); /* it took another one back */
/* Whether TEXT (casefolded) is in its title or in the names of its records. */
gboolean muster_operation_matches (MusterOperation *self, const char *text);

G_END_DECLS
