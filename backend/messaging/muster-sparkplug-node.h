/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sparkplug-session.h"

G_BEGIN_DECLS

/* The sequence numbers of one node: which comes next, and which are late. */
typedef struct
{
  int      expected; /* 0 to 255, -1: whatever comes first */
  unsigned n_missing;
  guint64  missing[4]; /* a bit for each late one */
} MusterSparkplugSequence;

typedef enum
{
  MUSTER_SPARKPLUG_IN_ORDER,
  MUSTER_SPARKPLUG_AHEAD, /* a gap opened */
  MUSTER_SPARKPLUG_LATE,  /* filled a gap, or a part of one */
  MUSTER_SPARKPLUG_ODD,   /* neither next nor missed: repeated, or far off */
} MusterSparkplugOrder;

void                 muster_sparkplug_sequence_reset (MusterSparkplugSequence *self, int next);
MusterSparkplugOrder muster_sparkplug_sequence_take (MusterSparkplugSequence *self, int seq);

/* The metrics of a node or of a device behind it, as last born. */
typedef struct
{
  char                      *id;    /* (owned) (nullable): device id; NULL for the node's own */
  GStringChunk              *texts; /* (owned) (nullable) */
  MusterSparkplugMetricInfo *metrics;
  unsigned                   n_metrics;
  GHashTable                *by_name;  /* (owned) (nullable) */
  GHashTable                *by_alias; /* (owned) (nullable) */
  guint                      online : 1;
  guint                      awaited : 1; /* was online when its node was born anew */
} MusterSparkplugMember;

/* Takes what BIRTH declares. Beyond MAX_METRICS, and without a name, metrics are left out: returns
 * how many were. */
unsigned muster_sparkplug_member_adopt (MusterSparkplugMember  *self,
                                        MusterSparkplugPayload *birth,
                                        unsigned                max_metrics);
/* By name, else by alias; NULL: not in the birth. */
const MusterSparkplugMetricInfo *muster_sparkplug_member_find (MusterSparkplugMember       *self,
                                                               const MusterSparkplugMetric *metric);

/* What is known of an edge node. Deadlines: monotonic microseconds, -1 for none. */
typedef struct
{
  char                   *group;
  char                   *node;
  MusterSparkplugMember   self;
  GHashTable             *devices; /* id -> MusterSparkplugMember */
  MusterSparkplugSequence sequence;
  gint64                  bd_seq;  /* of the last birth; -1: it had none */
  gint64                  born_at; /* monotonic; -1: never */
  gint64                  reorder_deadline;
  gint64                  doubt_deadline;
  gint64                  awaited_deadline;
  gint64                  rebirth_deadline;    /* when a held-back request may go */
  gint64                  rebirth_asked_at;    /* -1: never */
  guint                   rebirth_pending : 1; /* asked, not answered */
  guint bd_seq_constant : 1; /* the last two sessions had the same: a death cannot be told from an
                                old one */
} MusterSparkplugNode;

MusterSparkplugNode *muster_sparkplug_node_new (const char *group, const char *node);
void                 muster_sparkplug_node_free (MusterSparkplugNode *self);
/* The earliest of its deadlines, -1: none. */
gint64 muster_sparkplug_node_get_deadline (MusterSparkplugNode *self);
/* How many metrics MEMBER may have so that the node and its devices have no more than MAX together.
 */
unsigned muster_sparkplug_node_get_room (MusterSparkplugNode   *self,
                                         MusterSparkplugMember *member,
                                         unsigned               max);
/* NULL: unknown. CREATE: make it, unless there are MAX already. */
MusterSparkplugMember *muster_sparkplug_node_get_member (MusterSparkplugNode *self,
                                                         const char          *device,
                                                         gboolean             create,
                                                         unsigned             max);

G_END_DECLS
