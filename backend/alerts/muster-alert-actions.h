/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* What people do about alerts. */
typedef enum
{
  /* Somebody took notice: nobody else is told any more. */
  MUSTER_ALERT_VERB_ACKNOWLEDGE,
  MUSTER_ALERT_VERB_ASSIGN,
  /* Nobody is told of it before a time. */
  MUSTER_ALERT_VERB_SILENCE,
  MUSTER_ALERT_VERB_UNSILENCE,
  /* It is over. What raised it raises it again only after it was well in between. */
  MUSTER_ALERT_VERB_RESOLVE,
} MusterAlertVerb;

/* With what it is done; borrowed during a call. */
typedef struct
{
  MusterAlertVerb verb;
  const char     *comment;   /* (nullable): kept with each alert */
  const char     *person_id; /* assign (nullable: nobody's any more) */
  gint64          until;     /* silence: UTC microseconds */
} MusterAlertAction;

/* Resolves to the MusterAlert as it is then, and rejects with MUSTER_ERROR_CONFLICT where it is
 * resolved already. An acknowledged one may be acknowledged again: it gets another comment, and who
 * was told again meanwhile is told no more. */
DexFuture *muster_alert_act (MusterDatabase          *database,
                             MusterActor             *actor,
                             const char              *id,
                             const MusterAlertAction *action);

/* The same for all of IDS (NULL-terminated) in one operation, which Undo takes back as a whole.
 * Those that are so already stay as they are; one that is resolved or gone keeps none of the others
 * back. Resolves to the JSON text (GBytes) `{"changed":N,"results":[{"id","outcome","detail"}…]}`
 * with a row an id, in order; `outcome` is changed, unchanged or refused, and `detail` says why
 * it was refused. */
DexFuture *muster_alert_act_on_many (MusterDatabase          *database,
                                     MusterActor             *actor,
                                     const char *const       *ids,
                                     const MusterAlertAction *action);

/* On the writer's thread: ALERT ended at AT (UTC microseconds), by BY (nullable: by itself). */
void muster_alert_set_resolved (MusterEntity *alert, gint64 at, const char *by);

G_END_DECLS
