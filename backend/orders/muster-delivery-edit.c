/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery-edit"

#include "config.h"

#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-order.h"
#include "muster-announcement.h"
#include "muster-delivery-edit.h"
#include "muster-delivery-steps.h"
#include "muster-numbering.h"
#include "muster-order-edit.h"
#include "muster-shipment-lines.h"
#include "muster-shipping.h"

MusterEntity *
muster_delivery_load (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) delivery =
              muster_orders_load (transaction, call->actor, &muster_delivery_info, call->id, error);

  if (delivery == NULL || !muster_orders_check_revision (call, delivery, error))
    return NULL;
  return g_steal_pointer (&delivery);
}

gboolean
muster_delivery_answer (MusterTransaction *transaction,
                        MusterOrdersCall  *call,
                        const char        *id,
                        GError           **error)
{
  g_autoptr (MusterEntity) delivery =
              muster_transaction_get (transaction, &muster_delivery_info, id, error);
  g_autoptr (GPtrArray) items =
              delivery != NULL ? muster_delivery_load_items (transaction, id, error) : NULL;

  if (items == NULL)
    return FALSE;
  call->revision = muster_entity_get_revision (delivery);
  muster_orders_encode_with (delivery, "items", items, call->json);
  return TRUE;
}

void
muster_delivery_name_operation (MusterTransaction *transaction,
                                const char        *verb,
                                MusterEntity      *delivery)
{
  g_autofree char *summary =
    g_strdup_printf ("%s delivery %s", verb,
                     muster_entity_get_string (delivery, "delivery_number"));

  muster_transaction_set_summary (transaction, summary);
}

/* --- making one --- */

/* What a body says beside the record's own members. */
static const char *const apart[] = { "items", "status", NULL };

/* The delivery's own members of the body. */
static JsonObject *
copy_members (MusterOrdersCall *call)
{
  static const char *const own[] = { "carrier",          "tracking_number",
                                     "shipping_address", "expected_at",
                                     "shipped_at",       "delivered_at",
                                     "delivery_notes",   NULL };
  JsonObject              *copy = json_object_new ();

  for (unsigned i = 0; own[i] != NULL; i++)
    {
      JsonNode *node = muster_orders_call_get_node (call, own[i]);

      if (node != NULL)
        json_object_set_member (copy, own[i], json_node_copy (node));
    }
  return copy;
}

MusterEntity *
muster_delivery_insert (MusterTransaction *transaction,
                        MusterOrdersCall  *call,
                        MusterEntity      *order,
                        const char        *verb,
                        GError           **error)
{
  gboolean is_outgoing = muster_entity_get_enum (order, "kind") == MUSTER_ORDER_KIND_SALES;
  g_autoptr (MusterEntity) delivery = muster_entity_new (&muster_delivery_info);
  g_autoptr (JsonObject) members = copy_members (call);
  g_autofree char *number = NULL;

  if (!muster_entity_decode (delivery, members, MUSTER_DECODE_REPLACE, "", error))
    return NULL;
  number = muster_number_series_take (transaction, is_outgoing ? "DN" : "GR", verb, error);
  if (number == NULL)
    return NULL;
  muster_entity_set_string (delivery, "delivery_number", number);
  muster_entity_set_string (delivery, "order_id", muster_entity_get_id (order));
  muster_entity_set_string (delivery, "customer_id",
                            muster_entity_get_string (order, "customer_id"));
  muster_entity_set_enum (delivery, "direction",
                          is_outgoing ? MUSTER_DELIVERY_DIRECTION_OUTBOUND
                                      : MUSTER_DELIVERY_DIRECTION_INBOUND);
  if (muster_entity_is_null (delivery, "shipping_address"))
    muster_entity_set_string (delivery, "shipping_address",
                              muster_entity_get_string (order, "shipping_address"));
  /* Whether and when it left is noted when it leaves. */
  muster_entity_set_null (delivery, "shipped_at");
  muster_entity_set_null (delivery, "delivered_at");
  if (!muster_transaction_insert (transaction, delivery, error))
    return NULL;

  return g_steal_pointer (&delivery);
}

static gboolean
check_order (MusterEntity *order, GError **error)
{
  int status = muster_entity_get_enum (order, "status");

  if (status == MUSTER_ORDER_STATUS_CONFIRMED || status == MUSTER_ORDER_STATUS_PROCESSING ||
      status == MUSTER_ORDER_STATUS_SHIPPED)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s is %s: %s",
               muster_entity_get_string (order, "order_number"),
               muster_entity_get_string (order, "status"),
               status == MUSTER_ORDER_STATUS_PENDING ? "confirm it first"
                                                     : "nothing is left to deliver");
  return FALSE;
}

static gboolean
fill_outgoing (MusterTransaction *transaction,
               MusterOrdersCall  *call,
               MusterEntity      *order,
               MusterEntity      *delivery,
               GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  JsonNode *node = muster_orders_call_get_node (call, "items");
  g_autoptr (GPtrArray) wanted =
              node != NULL ? muster_shipment_lines_parse (node, "/items", errors) : NULL;
  g_autoptr (GPtrArray) lines = NULL;

  if (!muster_field_errors_check (errors, error))
    return FALSE;
  lines = muster_order_load_lines (transaction, muster_entity_get_id (order), error);
  return lines != NULL &&
         muster_shipping_check_lines (transaction, order, lines, wanted, "/items", error) &&
         muster_shipping_fill (transaction, order, lines, delivery, wanted, "/items", error);
}

/* What the record itself takes of the body, and the status to go to: all that is wrong at once. */
static gboolean
check_members (MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (MusterEntity) scratch = muster_entity_new (&muster_delivery_info);
  g_autoptr (JsonObject) members = muster_orders_copy_members (call->body, apart);
  JsonNode   *status = json_object_get_member (call->body, "status");
  const char *word = muster_orders_call_get_string (call, "status");
  g_autoptr (GError) refused = NULL;

  if (!muster_entity_decode (scratch, members, MUSTER_DECODE_CREATE, "", &refused))
    muster_orders_add_rows (errors, refused);
  if (status != NULL &&
      (word == NULL || muster_enum_parse (&muster_delivery_status_enum, word) < 0))
    muster_field_errors_add (errors, "/status",
                             "must be pending, shipped, in_transit or delivered");
  return muster_field_errors_check (errors, error);
}

gboolean
muster_delivery_create (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  const char *status = muster_orders_call_get_string (call, "status");
  g_autoptr (MusterEntity) order = NULL;
  g_autoptr (MusterEntity) delivery = NULL;

  if (!check_members (call, error))
    return FALSE;
  order =
    muster_orders_load_named (transaction, call->actor, &muster_order_info,
                              muster_orders_call_get_string (call, "order_id"), "/order_id", error);
  if (order == NULL || !check_order (order, error))
    return FALSE;
  delivery = muster_delivery_insert (transaction, call, order, "Add delivery", error);
  if (delivery == NULL)
    return FALSE;
  if (!(muster_entity_get_enum (order, "kind") == MUSTER_ORDER_KIND_SALES
          ? fill_outgoing (transaction, call, order, delivery, error)
          : muster_announcement_add (transaction, call, order, delivery, error)))
    return FALSE;
  if (status != NULL &&
      !muster_delivery_go (transaction, call, delivery,
                           muster_enum_parse (&muster_delivery_status_enum, status), error))
    return FALSE;
  return muster_delivery_answer (transaction, call, muster_entity_get_id (delivery), error);
}

/* --- changing one --- */

/* When it left and arrived can be put right, but not said before it did. */
static gboolean
check_times (MusterEntity *before, MusterEntity *after, GError **error)
{
  static const char *const times[] = { "shipped_at", "delivered_at" };
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  for (unsigned i = 0; i < G_N_ELEMENTS (times); i++)
    if (muster_entity_is_null (before, times[i]) != muster_entity_is_null (after, times[i]))
      {
        g_autofree char *pointer = g_strconcat ("/", times[i], NULL);

        muster_field_errors_add (errors, pointer,
                                 "follows from the status: PUT /deliveries/{id}/status");
      }
  return muster_field_errors_check (errors, error);
}

gboolean
muster_delivery_edit (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) delivery = muster_delivery_load (transaction, call, error);
  g_autoptr (MusterEntity) before = NULL;

  if (delivery == NULL)
    return FALSE;
  before = muster_entity_copy (delivery);
  muster_delivery_name_operation (transaction, "Change", delivery);
  return muster_entity_decode (delivery, call->body, MUSTER_DECODE_REPLACE, "", error) &&
         check_times (before, delivery, error) &&
         muster_transaction_update (transaction, delivery, 0, error) &&
         muster_delivery_answer (transaction, call, call->id, error);
}
