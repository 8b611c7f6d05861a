/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* Characters of a code as it is scanned or typed. */
#define MUSTER_CODE_MAX_LENGTH 1024

/**
 * muster_code_find:
 * @code: as it was scanned or typed: a device's serial number, MAC address or label
 *   (`MUSTER:1:…`), a place's code, a product's SKU or GTIN, the number of an order or a delivery,
 *   a tracking number
 * @serial: (out) (transfer full) (nullable): the serial number that a device's label says
 *
 * What CODE stands for: the first of those, in that order.
 *
 * Returns: (transfer full) (nullable): the record; NULL without an error where there is none. A
 *   damaged label is MUSTER_ERROR_INVALID at `/code`.
 */
MusterEntity *muster_code_find (MusterTransaction *transaction,
                                const char        *code,
                                char             **serial,
                                GError           **error);

G_END_DECLS
