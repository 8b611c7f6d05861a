/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterCandidateModel:
 *
 * What is on the network now (a [iface@Gio.ListModel] of [class@Muster.Candidate]), kept so by the
 * live stream. Properties `loaded` (the first answer is there) and `trouble` (string, null: why it
 * could not be read) notify.
 */
#define MUSTER_TYPE_CANDIDATE_MODEL (muster_candidate_model_get_type ())
G_DECLARE_FINAL_TYPE (MusterCandidateModel,
                      muster_candidate_model,
                      MUSTER,
                      CANDIDATE_MODEL,
                      GObject)

MusterCandidateModel *muster_candidate_model_new (MusterSession *session);
void                  muster_candidate_model_refresh (MusterCandidateModel *self);
gboolean              muster_candidate_model_is_loaded (MusterCandidateModel *self);
const GError *muster_candidate_model_get_error (MusterCandidateModel *self); /* (nullable) */
/* How many of them one press of a button would adopt. */
unsigned muster_candidate_model_count_adoptable (MusterCandidateModel *self);

G_END_DECLS
