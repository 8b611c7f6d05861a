/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-sample.h"
#include "muster-update-service.h"

G_BEGIN_DECLS

/* What a node said of itself by the metrics `Update/…`, put together over its messages. */
typedef struct
{
  char  *id;               /* (nullable): of the order that it knows of */
  char  *state;            /* (nullable): a word: "downloading" */
  char  *error;            /* (nullable): "bad-signature: the signature does not fit the header" */
  char  *hardware;         /* (nullable) */
  int    progress;         /* percent; -1: not told */
  gint64 security_counter; /* -1: not told */
  gint64 fetched;          /* bytes, of the order that it knows of; 0: not told */
  gint64 index_blocks;     /* of how many blocks it takes an index; 0: none */
} MusterNodeReport;

MusterNodeReport *muster_node_report_new (void);
void              muster_node_report_free (MusterNodeReport *self);

/* Takes SAMPLES in; FALSE where none of them is about updates or the hardware. */
gboolean muster_node_report_take (MusterNodeReport   *self,
                                  const MusterSample *samples,
                                  unsigned            n_samples);

/* What the node's state means for an update in STATUS and PHASE, into KIND; FALSE: nothing new. */
gboolean muster_node_report_read (const MusterNodeReport *self,
                                  MusterUpdateStatus      status,
                                  MusterUpdatePhase       phase,
                                  MusterFeedbackKind     *kind);

/* The id by which a node knows an attempt of an update: (transfer full). A node takes an order that
 * it knows as no new one, so each attempt has an id of its own. */
char *muster_node_report_make_id (MusterEntity *update);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterNodeReport, muster_node_report_free)

G_END_DECLS
