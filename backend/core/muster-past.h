/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-connection.h"
#include "muster-schema.h"

G_BEGIN_DECLS

/**
 * MusterPast:
 *
 * A connection whose tables are as they were at a moment. Views of the temporary database stand
 * before the tables of the same names, so that every query, whoever made it, reads the past without
 * knowing: what was changed since that moment comes out of small tables of how it was, everything
 * else out of the file. Going from one moment to another costs what was changed in between; on long
 * ways states are kept as places to start from. One thread at a time.
 *
 * Journalled records are as the journal says. Observations (unjournalled) are those made until
 * then. Volatile fields, which nobody writes down, are null, unless whoever knows better has said
 * how they follow from what is written: muster_database_add_past().
 */
typedef struct _MusterPast MusterPast;

/* CONNECTION (taken) may read main; SCHEMA stays as long as this. Stands at the present. */
MusterPast *muster_past_new (MusterConnection *connection, MusterSchema *schema, GError **error);
void        muster_past_free (MusterPast *self);
MusterConnection *muster_past_get_connection (MusterPast *self);
/* Where it stands, UTC microseconds. */
gint64 muster_past_get_time (MusterPast *self);
/* Goes to AT, UTC microseconds, inside a transaction. After a failure SELF is of no more use. */
gboolean muster_past_move (MusterPast *self, gint64 at, GError **error);

/* The last entry that was written at AT or before, 0 where there is none. */
gboolean muster_past_find_sequence (MusterConnection *connection,
                                    gint64            at,
                                    gint64           *sequence,
                                    GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterPast, muster_past_free)

G_END_DECLS
