/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-error.h"

G_BEGIN_DECLS

/* What of an order's line somebody wants set aside or sent. */
typedef struct
{
  char  *order_item_id; /* (owned) (nullable): where it was refused */
  gint64 quantity;      /* 0: not given */
  GStrv  device_ids;    /* (owned): the very units; may be empty */
} MusterShipmentLine;

/* Reads an array of {order_item_id, quantity, device_ids}: (transfer full) (element-type
 * MusterShipmentLine). What is refused is added to ERRORS, below POINTER. */
GPtrArray *muster_shipment_lines_parse (JsonNode          *node,
                                        const char        *pointer,
                                        MusterFieldErrors *errors);
/* The one for the line, or NULL. */
const MusterShipmentLine *muster_shipment_lines_find (GPtrArray  *lines,
                                                      const char *order_item_id,
                                                      guint      *index);

G_END_DECLS
