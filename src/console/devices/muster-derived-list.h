/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What is reckoned from the metrics of a device or of a product's devices, with a way to add more;
 * not there for those who may neither see nor add any. */
#define MUSTER_TYPE_DERIVED_LIST (muster_derived_list_get_type ())
G_DECLARE_FINAL_TYPE (MusterDerivedList, muster_derived_list, MUSTER, DERIVED_LIST, AdwBin)

/* Reads those of DEVICE_ID, or (NULL) of PRODUCT_ID, again at each call. */
void muster_derived_list_show (MusterDerivedList *self,
                               MusterSession     *session,
                               const char        *device_id,
                               const char        *product_id);

G_END_DECLS
