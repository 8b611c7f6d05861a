/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-candidate.h"
#include "muster-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A device on the network, with what can be done about it. Actions: `candidate.adopt`,
 * `candidate.open`, `candidate.ignore`, `candidate.unignore`. */
#define MUSTER_TYPE_CANDIDATE_ROW (muster_candidate_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterCandidateRow,
                      muster_candidate_row,
                      MUSTER,
                      CANDIDATE_ROW,
                      GtkListBoxRow)

GtkWidget       *muster_candidate_row_new (MusterSession *session, MusterCandidate *candidate);
MusterCandidate *muster_candidate_row_get_candidate (MusterCandidateRow *self);

G_END_DECLS
