/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* Sets aside up to WANTED units for LINE (a MusterOrderItem) of ORDER, out of what is free: those
 * of DEVICE_IDS (nullable), the very unit that the line names, else the oldest ones. *GOT: how many
 * there were. FALSE with ERROR: a failure, or (MUSTER_ERROR_CONFLICT) a unit that was named is not
 * free. */
gboolean muster_allocation_reserve_line (MusterTransaction *transaction,
                                         MusterEntity      *order,
                                         MusterEntity      *line,
                                         gint64             wanted,
                                         const char *const *device_ids,
                                         gint64            *got,
                                         GError           **error);
/* For all LINES (element-type MusterOrderItem) what they still lack. NAMED (nullable)
 * (element-type MusterShipmentLine) names units. Unless PARTIAL, what is short refuses all of it:
 * MUSTER_ERROR_CONFLICT with a row `/items/N` for each such line, "wanted 5, available 3: …". */
gboolean muster_allocation_reserve (MusterTransaction *transaction,
                                    MusterEntity      *order,
                                    GPtrArray         *lines,
                                    GPtrArray         *named,
                                    gboolean           partial,
                                    GError           **error);
/* Gives back all that is set aside for LINES. */
gboolean muster_allocation_free (MusterTransaction *transaction,
                                 MusterEntity      *order,
                                 GPtrArray         *lines,
                                 GError           **error);
gboolean muster_allocation_free_unit (MusterTransaction *transaction,
                                      MusterEntity      *device,
                                      GError           **error);

/* How many of a line's bulk goods are set aside at a place. */
typedef struct
{
  char  *location_id; /* (owned) (nullable) */
  char  *batch_id;    /* (owned) (nullable) */
  gint64 quantity;
} MusterHolding;

/* (transfer full) (element-type MusterHolding): the places that have some, oldest reservation
 * first. */
GPtrArray *muster_allocation_list_holdings (MusterTransaction *transaction,
                                            MusterEntity      *line,
                                            GError           **error);
/* (transfer full) (element-type MusterDevice): the units of the line, those set aside and those
 * that were sold or deployed on it. */
GPtrArray *muster_allocation_list_units (MusterTransaction *transaction,
                                         MusterEntity      *line,
                                         GError           **error);
/* Whether what the line orders has records unit by unit, in *SERIALISED. */
gboolean muster_allocation_is_serialised (MusterTransaction *transaction,
                                          MusterEntity      *line,
                                          gboolean          *serialised,
                                          GError           **error);

G_END_DECLS
