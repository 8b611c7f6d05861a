/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-announcement"

#include "config.h"

#include "inventory/muster-serials.h"
#include "inventory/muster-unit.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "muster-allocation.h"
#include "muster-announced-units.h"
#include "muster-announcement.h"
#include "muster-delivery-edit.h"
#include "muster-order-edit.h"
#include "muster-shipment-lines.h"
#include "muster-shipping.h"

/* An announcement that is being taken down. */
typedef struct
{
  MusterTransaction *transaction;
  MusterEntity      *order;
  MusterEntity      *delivery;
  GPtrArray         *lines;
  GHashTable        *left;   /* line id → gint64: how many nobody has announced yet */
  GHashTable        *seen;   /* set of serial numbers */
  MusterFieldErrors *errors; /* wrong */
  MusterFieldErrors *excess; /* more than was ordered */
} Announcement;

static gboolean
is_goods (MusterEntity *line)
{
  return muster_entity_get_enum (line, "kind") == MUSTER_ORDER_LINE_KIND_ITEM;
}

MusterEntity *
muster_announcement_new_item (MusterEntity *delivery, MusterEntity *line)
{
  MusterEntity *item = muster_entity_new (&muster_delivery_item_info);

  muster_entity_set_string (item, "delivery_id", muster_entity_get_id (delivery));
  muster_entity_set_string (item, "order_item_id", muster_entity_get_id (line));
  muster_entity_set_string (item, "product_id", muster_entity_get_string (line, "product_id"));
  return item;
}

MusterEntity *
muster_announcement_guess_line (GPtrArray *lines)
{
  MusterEntity *only = NULL;

  g_return_val_if_fail (lines != NULL, NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      if (!is_goods (lines->pdata[i]))
        continue;
      if (only != NULL)
        return NULL;
      only = lines->pdata[i];
    }
  return only;
}

static MusterEntity *
find_line (Announcement *self, const MusterAnnouncedUnit *unit)
{
  MusterEntity *line = unit->order_item_id != NULL
                         ? muster_order_find_line (self->lines, unit->order_item_id)
                         : muster_announcement_guess_line (self->lines);

  if (line == NULL || !is_goods (line))
    {
      g_autofree char *pointer = g_strconcat (unit->pointer, "/order_item_id", NULL);

      muster_field_errors_add (self->errors,
                               g_str_equal (unit->pointer, "/text") ? "/order_item_id" : pointer,
                               unit->order_item_id != NULL
                                 ? "is no line of goods of the order"
                                 : "must be given: which line of the order");
      return NULL;
    }
  return line;
}

/* --- what is there already --- */

/* Adds where SERIAL is, if it is. */
static gboolean
check_serial (Announcement *self, const MusterAnnouncedUnit *unit, GError **error)
{
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (MusterEntity) item = NULL;
  g_autoptr (MusterEntity) delivery = NULL;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_delivery_item_info);
  g_autoptr (GError) cause = NULL;
  g_autofree char *pointer = g_str_equal (unit->pointer, "/text")
                               ? g_strdup ("/text")
                               : g_strconcat (unit->pointer, "/serial", NULL);

  if (!g_hash_table_add (self->seen, g_strdup (unit->serial)))
    muster_field_errors_add (self->errors, pointer, "%s is there twice", unit->serial);
  device =
    muster_orders_find (self->transaction, &muster_device_info, "serial", unit->serial, &cause);
  if (device != NULL)
    muster_field_errors_add (self->errors, pointer, "%s is on the site already: %s, %s",
                             unit->serial, muster_entity_get_string (device, "name"),
                             muster_entity_get_string (device, "status"));
  muster_query_where (query, "serial", unit->serial);
  muster_query_where (query, "expected", "true");
  if (device == NULL && cause == NULL)
    item = muster_transaction_find (self->transaction, query, &cause);
  if (item != NULL && !muster_orders_follow (self->transaction, item, "delivery_id",
                                             &muster_delivery_info, &delivery, &cause))
    delivery = NULL;
  if (delivery != NULL)
    muster_field_errors_add (self->errors, pointer, "%s is announced already by %s", unit->serial,
                             muster_entity_get_string (delivery, "delivery_number"));
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* --- adding --- */

static void
take_from_line (Announcement *self, const MusterAnnouncedUnit *unit, MusterEntity *line)
{
  gint64 *left = g_hash_table_lookup (self->left, muster_entity_get_id (line));

  if (*left < unit->quantity)
    muster_field_errors_add (self->excess, unit->pointer,
                             "%" G_GINT64_FORMAT
                             " of %s are left to announce, not %" G_GINT64_FORMAT,
                             MAX (0, *left), muster_entity_get_string (line, "description"),
                             unit->quantity);
  *left -= unit->quantity;
}

static gboolean
check_unit (Announcement *self, MusterAnnouncedUnit *unit, MusterEntity *line, GError **error)
{
  gboolean is_purchase = muster_entity_get_enum (self->order, "kind") == MUSTER_ORDER_KIND_PURCHASE;
  gboolean serialised;

  if (!muster_allocation_is_serialised (self->transaction, line, &serialised, error))
    return FALSE;
  if (!serialised && (unit->serial != NULL || unit->device_id != NULL))
    muster_field_errors_add (self->errors, unit->pointer,
                             "%s is kept by quantity, without serial numbers",
                             muster_entity_get_string (line, "description"));
  if (serialised && unit->quantity != 1 && (unit->serial != NULL || unit->mac != NULL))
    muster_field_errors_add (self->errors, unit->pointer, "must be one unit a serial number");
  if (is_purchase && unit->device_id != NULL)
    muster_field_errors_add (self->errors, unit->pointer, "device_id belongs to what is sent back");
  if (is_purchase && unit->serial != NULL && !check_serial (self, unit, error))
    return FALSE;
  /* A line that names the unit that is sent back need not be told again. */
  if (!is_purchase && unit->device_id == NULL)
    unit->device_id = g_strdup (muster_entity_get_string (line, "device_id"));
  return TRUE;
}

/* The unit that a customer sends back, by its serial number. */
static gboolean
find_returned (Announcement *self, MusterAnnouncedUnit *unit, GError **error)
{
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (GError) cause = NULL;

  if (unit->device_id != NULL || unit->serial == NULL ||
      muster_entity_get_enum (self->order, "kind") != MUSTER_ORDER_KIND_RETURN)
    return TRUE;
  device =
    muster_orders_find (self->transaction, &muster_device_info, "serial", unit->serial, &cause);
  if (device != NULL)
    unit->device_id = g_strdup (muster_entity_get_id (device));
  else if (cause == NULL)
    muster_field_errors_add (self->errors, unit->pointer, "there is no unit %s", unit->serial);
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
add_unit (Announcement *self, MusterAnnouncedUnit *unit, GError **error)
{
  MusterEntity *line = find_line (self, unit);
  g_autoptr (MusterEntity) item = NULL;
  g_autoptr (MusterEntity) device = NULL;

  if (line == NULL)
    return TRUE;
  if (!find_returned (self, unit, error) || !check_unit (self, unit, line, error))
    return FALSE;
  take_from_line (self, unit, line);
  if (muster_field_errors_get_count (self->errors) > 0 ||
      muster_field_errors_get_count (self->excess) > 0)
    return TRUE;
  item = muster_announcement_new_item (self->delivery, line);
  muster_entity_set_string (item, "device_id", unit->device_id);
  if (unit->device_id != NULL && !muster_orders_follow (self->transaction, item, "device_id",
                                                        &muster_device_info, &device, error))
    return FALSE;
  muster_entity_set_string (item, "serial",
                            device != NULL ? muster_entity_get_string (device, "serial")
                                           : unit->serial);
  muster_entity_set_string (item, "secret", unit->secret);
  muster_entity_set_string (item, "mac", unit->mac);
  muster_entity_set_integer (item, "quantity", unit->quantity);
  return muster_transaction_insert (self->transaction, item, error);
}

static gboolean
announcement_begin (Announcement *self, GError **error)
{
  self->lines =
    muster_order_load_lines (self->transaction, muster_entity_get_id (self->order), error);
  self->left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->errors = muster_field_errors_new ();
  self->excess = muster_field_errors_new ();
  for (guint i = 0; self->lines != NULL && i < self->lines->len; i++)
    {
      MusterEntity *line = self->lines->pdata[i];
      gint64        left =
        muster_entity_get_integer (line, "quantity") - muster_entity_get_integer (line, "shipped");

      g_hash_table_replace (self->left, g_strdup (muster_entity_get_id (line)),
                            g_memdup2 (&left, sizeof left));
    }
  return self->lines != NULL;
}

static void
announcement_clear (Announcement *self)
{
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->left, g_hash_table_unref);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_clear_pointer (&self->errors, muster_field_errors_free);
  g_clear_pointer (&self->excess, muster_field_errors_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Announcement, announcement_clear)

static gboolean
announcement_add_all (Announcement *self, GPtrArray *units, GError **error)
{
  for (guint i = 0; i < units->len; i++)
    if (!add_unit (self, units->pdata[i], error))
      return FALSE;
  return muster_field_errors_check (self->errors, error) &&
         muster_field_errors_check_as (self->excess, MUSTER_ERROR_CONFLICT, error);
}

/* --- reading --- */

/* The highest serial number of the product of the line that the text is for. */
static char *
find_highest (Announcement *self, const char *line_id)
{
  MusterEntity *line = line_id != NULL ? muster_order_find_line (self->lines, line_id) : NULL;

  if (line == NULL)
    line = muster_announcement_guess_line (self->lines);
  return line != NULL && !muster_entity_is_null (line, "product_id")
           ? muster_unit_find_highest (self->transaction,
                                       muster_entity_get_string (line, "product_id"), NULL)
           : NULL;
}

static void
read_text (Announcement *self, MusterOrdersCall *call, const char *text, GPtrArray *units)
{
  const char      *line_id = muster_orders_call_get_string (call, "order_item_id");
  g_autofree char *highest =
    muster_serials_needs_highest (text) ? find_highest (self, line_id) : NULL;
  guint first = units->len;

  muster_announced_units_read_text (units, text, highest, self->errors);
  for (guint i = first; i < units->len; i++)
    g_set_str (&((MusterAnnouncedUnit *)units->pdata[i])->order_item_id, line_id);
}

static void
read_items (Announcement *self, JsonNode *node, GPtrArray *units)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) > MUSTER_ANNOUNCED_MAX)
    {
      muster_field_errors_add (self->errors, "/items", "must be an array of at most %d items",
                               MUSTER_ANNOUNCED_MAX);
      return;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode        *element = json_array_get_element (array, i);
      g_autofree char *pointer = g_strdup_printf ("/items/%u", i);

      if (JSON_NODE_HOLDS_OBJECT (element))
        muster_announced_units_read_object (units, json_node_get_object (element), pointer,
                                            self->errors);
      else
        muster_field_errors_add (self->errors, pointer, "must be an object");
    }
}

static gboolean
is_single (MusterOrdersCall *call)
{
  static const char *const members[] = { "order_item_id", "device_id", "serial", "mac",
                                         "quantity" };

  for (unsigned i = 0; i < G_N_ELEMENTS (members); i++)
    if (muster_orders_call_get_node (call, members[i]) != NULL)
      return TRUE;
  return FALSE;
}

gboolean
muster_announcement_add (MusterTransaction *transaction,
                         MusterOrdersCall  *call,
                         MusterEntity      *order,
                         MusterEntity      *delivery,
                         GError           **error)
{
  g_auto (Announcement) self = { transaction, order, delivery };
  g_autoptr (GPtrArray) units = muster_announced_units_new ();
  const char *text = muster_orders_call_get_string (call, "text");
  JsonNode   *items = muster_orders_call_get_node (call, "items");

  if (!announcement_begin (&self, error))
    return FALSE;
  if (items != NULL)
    read_items (&self, items, units);
  if (text != NULL)
    read_text (&self, call, text, units);
  if (items == NULL && text == NULL && muster_orders_call_get_node (call, "order_id") == NULL &&
      is_single (call))
    muster_announced_units_read_object (units, call->body, "", self.errors);
  if (items == NULL && text == NULL && units->len == 0)
    return muster_entity_get_enum (order, "kind") != MUSTER_ORDER_KIND_RETURN ||
           muster_announcement_add_rest (transaction, order, delivery, error);
  return announcement_add_all (&self, units, error);
}

gboolean
muster_announcement_add_rest (MusterTransaction *transaction,
                              MusterEntity      *order,
                              MusterEntity      *delivery,
                              GError           **error)
{
  g_autoptr (GPtrArray) lines =
              muster_order_load_lines (transaction, muster_entity_get_id (order), error);

  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      MusterEntity *line = lines->pdata[i];
      gint64        left =
        muster_entity_get_integer (line, "quantity") - muster_entity_get_integer (line, "shipped");
      g_autoptr (MusterEntity) item = NULL;
      g_autoptr (MusterEntity) device = NULL;

      if (!is_goods (line) || left <= 0)
        continue;
      item = muster_announcement_new_item (delivery, line);
      muster_entity_set_integer (item, "quantity", left);
      if (!muster_orders_follow (transaction, line, "device_id", &muster_device_info, &device,
                                 error))
        return FALSE;
      if (device != NULL)
        {
          muster_entity_set_string (item, "device_id", muster_entity_get_id (device));
          muster_entity_set_string (item, "serial", muster_entity_get_string (device, "serial"));
        }
      if (!muster_transaction_insert (transaction, item, error))
        return FALSE;
    }
  return lines != NULL;
}

static gboolean
check_open (MusterEntity *delivery, GError **error)
{
  int status = muster_entity_get_enum (delivery, "status");

  if (status != MUSTER_DELIVERY_STATUS_DELIVERED && status != MUSTER_DELIVERY_STATUS_RETURNED)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s is %s: nothing is added to it",
               muster_entity_get_string (delivery, "delivery_number"),
               muster_entity_get_string (delivery, "status"));
  return FALSE;
}

/* More of the order into an outgoing delivery that has not left. */
static gboolean
add_outgoing (MusterTransaction *transaction,
              MusterOrdersCall  *call,
              MusterEntity      *order,
              MusterEntity      *delivery,
              GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GPtrArray) wanted = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  if (muster_entity_get_enum (delivery, "status") != MUSTER_DELIVERY_STATUS_PENDING ||
      !muster_entity_is_null (delivery, "shipped_at"))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s has left: make another delivery",
                   muster_entity_get_string (delivery, "delivery_number"));
      return FALSE;
    }
  wanted =
    muster_shipment_lines_parse (muster_orders_call_get_node (call, "items"), "/items", errors);
  if (!muster_field_errors_check (errors, error))
    return FALSE;
  lines = muster_order_load_lines (transaction, muster_entity_get_id (order), error);
  return lines != NULL &&
         muster_shipping_fill (transaction, order, lines, delivery, wanted, "/items", error);
}

gboolean
muster_announcement_announce (MusterTransaction *transaction,
                              MusterOrdersCall  *call,
                              GError           **error)
{
  g_autoptr (MusterEntity) delivery = muster_delivery_load (transaction, call, error);
  g_autoptr (MusterEntity) order = NULL;
  gboolean is_outgoing;

  if (delivery == NULL || !check_open (delivery, error) ||
      !muster_orders_follow (transaction, delivery, "order_id", &muster_order_info, &order, error))
    return FALSE;
  is_outgoing =
    muster_entity_get_enum (delivery, "direction") == MUSTER_DELIVERY_DIRECTION_OUTBOUND;
  muster_delivery_name_operation (transaction, is_outgoing ? "Add to" : "Announce with", delivery);
  return (is_outgoing ? add_outgoing (transaction, call, order, delivery, error)
                      : muster_announcement_add (transaction, call, order, delivery, error)) &&
         muster_delivery_answer (transaction, call, call->id, error);
}

gboolean
muster_announcement_withdraw (MusterTransaction *transaction,
                              MusterOrdersCall  *call,
                              GError           **error)
{
  g_autoptr (MusterEntity) item =
              muster_transaction_get (transaction, &muster_delivery_item_info, call->id, error);
  g_autoptr (MusterEntity) delivery = NULL;
  gboolean is_outgoing;

  if (item == NULL || !muster_orders_follow (transaction, item, "delivery_id",
                                             &muster_delivery_info, &delivery, error))
    return FALSE;
  is_outgoing =
    muster_entity_get_enum (delivery, "direction") == MUSTER_DELIVERY_DIRECTION_OUTBOUND;
  if (muster_entity_get_integer (item, "received") > 0 ||
      (is_outgoing && !muster_entity_is_null (delivery, "shipped_at")))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "it has %s already: undo that instead", is_outgoing ? "left" : "arrived");
      return FALSE;
    }
  muster_delivery_name_operation (transaction, "Take out of", delivery);
  return muster_transaction_delete (transaction, &muster_delivery_item_info, call->id, 0, error);
}
