/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-rollup.h"

G_BEGIN_DECLS

/* Makes chunks for some of what is marked, for as long as a slice lasts; MORE: whether there is
 * more to do by now. On the thread that writes FILE. */
gboolean muster_rollup_make_some (MusterSampleFile *file, gboolean *more, GError **error);

/* Makes all chunks of device NUMBER for the days from FROM on that are before UNTIL, the begin of a
 * day, however few samples they have: what they are made from is to be deleted. Within a
 * transaction of FILE. */
gboolean muster_rollup_make_all (MusterSampleFile *file,
                                 guint32           number,
                                 gint64            from,
                                 gint64            until,
                                 GError          **error);

/* For tests: of how many samples a piece must be, on the whole, to be made. */
void muster_rollup_set_least_samples (int least);

G_END_DECLS
