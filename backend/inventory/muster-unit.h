/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* A new unit of PRODUCT (a MusterProduct), not yet stored: its name is the product's and SERIAL
 * (nullable), with the product's kind, manufacturer and model, received at RECEIVED_AT and under
 * warranty from then on. In stock. (transfer full) */
MusterEntity *muster_unit_new (MusterEntity *product, const char *serial, gint64 received_at);

/* MONTHS after TIME (UTC microseconds); the last day of a month where that is shorter. */
gint64 muster_unit_add_months (gint64 time, int months);

/* The highest serial number among the units of the product: (transfer full), NULL without any or
 * with ERROR. */
char *muster_unit_find_highest (MusterTransaction *transaction,
                                const char        *product_id,
                                GError           **error);

/* The devices that have one of SERIALS: (transfer full) (element-type MusterEntity). */
GPtrArray *muster_unit_find_by_serials (MusterTransaction *transaction,
                                        const char *const *serials,
                                        GError           **error);

/* "Hall 1 › Rack 2", or the place in words, or NULL: (transfer full). */
char *muster_unit_describe_place (MusterTransaction *transaction, MusterEntity *device);

/* TRUE, or FALSE with MUSTER_ERROR_CONFLICT and rows at POINTER that name who has them and where.
 */
gboolean muster_unit_check_serials (MusterTransaction *transaction,
                                    const char *const *serials,
                                    const char        *pointer,
                                    GError           **error);

G_END_DECLS
