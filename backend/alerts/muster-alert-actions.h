/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* What people do about alerts. Each resolves to the MusterAlert as it is then, and rejects with
 * MUSTER_ERROR_CONFLICT where it is resolved already. COMMENT (nullable) is kept with it. */

/* Somebody took notice: nobody else is told any more. Of one that is acknowledged only the comment
 * changes. */
DexFuture *muster_alert_acknowledge (MusterDatabase *database,
                                     MusterActor    *actor,
                                     const char     *id,
                                     const char     *comment);
/* Many at once, in one operation; those that are resolved or acknowledged stay as they are.
 * Resolves to the number (int64) that changed. IDS: NULL-terminated. */
DexFuture *muster_alert_acknowledge_many (MusterDatabase    *database,
                                          MusterActor       *actor,
                                          const char *const *ids,
                                          const char        *comment);
/* PERSON_ID NULL: nobody's any more. */
DexFuture *muster_alert_assign (MusterDatabase *database,
                                MusterActor    *actor,
                                const char     *id,
                                const char     *person_id);
/* Nobody is told of it before UNTIL (UTC microseconds). */
DexFuture *muster_alert_silence (MusterDatabase *database,
                                 MusterActor    *actor,
                                 const char     *id,
                                 gint64          until,
                                 const char     *comment);
DexFuture *muster_alert_unsilence (MusterDatabase *database,
                                   MusterActor    *actor,
                                   const char     *id,
                                   const char     *comment);
/* It is over. What raised it raises it again only after it was well in between. */
DexFuture *muster_alert_resolve (MusterDatabase *database,
                                 MusterActor    *actor,
                                 const char     *id,
                                 const char     *comment);

/* On the writer's thread: ALERT ended at AT (UTC microseconds), by BY (nullable: by itself). */
void muster_alert_set_resolved (MusterEntity *alert, gint64 at, const char *by);

G_END_DECLS
