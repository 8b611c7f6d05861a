/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-candidate.h"

G_BEGIN_DECLS

/* Sorts CANDIDATES (element-type MusterCandidate) by the fields that SORT names, joined by commas,
 * with '-' before those that go down, as every list of the API does; equal ones stay in their
 * order. Nulls are the smallest, texts are compared without regard to case. Fails with
 * MUSTER_ERROR_INVALID on `sort`, the order kept. */
gboolean muster_candidates_sort (GPtrArray *candidates, const char *sort, GError **error);

G_END_DECLS
