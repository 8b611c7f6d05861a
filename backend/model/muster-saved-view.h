/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_saved_view_info;

/* A filter, order and choice of columns that somebody keeps. */
#define MUSTER_TYPE_SAVED_VIEW (muster_saved_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterSavedView, muster_saved_view, MUSTER, SAVED_VIEW, MusterEntity)

G_END_DECLS
