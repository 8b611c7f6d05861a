/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-stocktake-line.h"
#include "model/muster-stocktake-scan.h"
#include "model/muster-stocktake.h"
#include "muster-inventory-service-private.h"

G_BEGIN_DECLS

/* The stocktake while it is being counted: (transfer full); NULL with MUSTER_ERROR_CONFLICT where
 * it is over, or MUSTER_ERROR_NOT_FOUND. */
MusterEntity *muster_count_get_open (MusterTransaction *transaction,
                                     const char        *id,
                                     GError           **error);

/* Appends {"expected":N,"missing":N,…}: how many lines of the stocktake have which result. */
gboolean muster_count_append_results (MusterTransaction *transaction,
                                      const char        *id,
                                      GString           *json,
                                      GError           **error);

/* What the label of such goods says: (transfer none). */
const char *muster_count_get_device_code (MusterEntity *device);
const char *muster_count_get_product_code (MusterEntity *product);

G_END_DECLS
