/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/**
 * muster_derived_preview:
 *
 * What EXPRESSION is at present: of the device DEVICE_ID (nullable), else of the first devices of
 * PRODUCT_ID (nullable) of which most is known.
 *
 * Returns: (transfer full): a future that resolves to JSON (GBytes): {"device_id","value",
 * "inputs":[{"metric","value","at"}]}, null where something is not known; rejects with
 * MUSTER_ERROR_INVALID whose row at /expression says at which character what is wrong
 */
DexFuture *muster_derived_preview (MusterRepository  *repository,
                                   MusterSampleStore *store,
                                   const char        *expression,
                                   const char        *device_id,
                                   const char        *product_id);

G_END_DECLS
