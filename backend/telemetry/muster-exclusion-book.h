/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/**
 * MusterExclusionBook:
 *
 * The excluded ranges of each device, at hand for every query. Loaded at the start, and kept by the
 * journal. Main thread only.
 */
#define MUSTER_TYPE_EXCLUSION_BOOK (muster_exclusion_book_get_type ())
G_DECLARE_FINAL_TYPE (MusterExclusionBook,
                      muster_exclusion_book,
                      MUSTER,
                      EXCLUSION_BOOK,
                      MusterService)

MusterExclusionBook *muster_exclusion_book_new (MusterRepository *repository, MusterBus *bus);
/* What of DEVICE_ID is left out: (transfer full) (element-type MusterSampleExclusion), of strings
 * that stay. */
GArray *muster_exclusion_book_list (MusterExclusionBook *self, const char *device_id);

G_END_DECLS
