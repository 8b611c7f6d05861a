/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>

#include "orders/muster-announced-units.h"
#include "orders/muster-order-lines.h"
#include "orders/muster-shipment-lines.h"
#include "orders/muster-signature.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
read_text (const char *text)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GPtrArray) units = muster_announced_units_new ();

  muster_announced_units_read_text (units, text, "A9", errors);
  for (guint i = 0; i < units->len; i++)
    if (((MusterAnnouncedUnit *)units->pdata[i])->serial == NULL)
      g_error ("a unit without a serial number");
}

static void
read_json (JsonNode *node)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (MusterFieldErrors) strokes = muster_field_errors_new ();
  g_autoptr (GPtrArray) units = muster_announced_units_new ();
  g_autoptr (GPtrArray) lines = muster_order_lines_parse (node, errors);
  g_autoptr (GPtrArray) shipment = muster_shipment_lines_parse (node, "/lines", errors);
  g_autofree char *signature = muster_signature_read (node, strokes);

  if ((signature == NULL) != (muster_field_errors_get_count (strokes) > 0))
    g_error ("neither a signature nor a reason, or both");
  if (lines->len > MUSTER_ORDER_MAX_LINES || shipment->len > MUSTER_ORDER_MAX_LINES)
    g_error ("more lines than there may be");
  if (JSON_NODE_HOLDS_OBJECT (node))
    muster_announced_units_read_object (units, json_node_get_object (node), "", errors);
}

/* What the room of orders reads by itself: lines, shipments, announcements and signatures. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_utf8_make_valid ((const char *)data, size);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  read_text (text);
  if (node != NULL)
    read_json (node);
  return 0;
}
