/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_number_series_info;

/* The last number given in a series, such as SO-2026. */
#define MUSTER_TYPE_NUMBER_SERIES (muster_number_series_get_type ())
G_DECLARE_FINAL_TYPE (MusterNumberSeries, muster_number_series, MUSTER, NUMBER_SERIES, MusterEntity)

G_END_DECLS
