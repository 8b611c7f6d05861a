/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-availability"

#include "config.h"

#include "model/muster-device.h"
#include "model/muster-order.h"
#include "model/muster-product.h"
#include "muster-availability.h"
#include "muster-order-edit.h"
#include "muster-order-lines.h"

/* What is known and promised so far of the answer. */
typedef struct
{
  MusterTransaction *transaction;
  GHashTable        *products; /* product id → how many are still free (gint64) */
  GHashTable        *devices;  /* set of ids of units that an earlier line names */
  GString           *json;
  gboolean           is_complete;
  guint              n_lines;
} Answer;

/* How many of the product are free, in *FREE: a place to take from. */
static gint64 *
look_up_product (Answer *self, const char *product_id, GError **error)
{
  gint64 *free_units = g_hash_table_lookup (self->products, product_id);
  g_autoptr (MusterEntity) product = NULL;
  g_autoptr (GError) cause = NULL;

  if (free_units != NULL)
    return free_units;
  product = muster_orders_find (self->transaction, &muster_product_info, "id", product_id, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  free_units = g_new0 (gint64, 1);
  if (product != NULL)
    *free_units = MAX (0, muster_entity_get_integer (product, "on_hand") -
                            muster_entity_get_integer (product, "reserved"));
  g_hash_table_insert (self->products, g_strdup (product_id), free_units);
  return free_units;
}

/* How many of WANTED there are for LINE, which takes them; -1 with ERROR. */
static gint64
take (Answer *self, MusterEntity *line, gint64 wanted, GError **error)
{
  const char *product_id = muster_entity_get_string (line, "product_id");
  const char *device_id = muster_entity_get_string (line, "device_id");
  g_autoptr (MusterEntity) device = NULL;
  gint64 *free_units = NULL;
  gint64  available;

  if (device_id != NULL)
    {
      if (!muster_orders_follow (self->transaction, line, "device_id", &muster_device_info, &device,
                                 error))
        return -1;
      return muster_entity_get_enum (device, "status") == MUSTER_DEVICE_STATUS_IN_STOCK &&
             g_hash_table_add (self->devices, g_strdup (device_id));
    }
  if (product_id == NULL)
    return 0;
  free_units = look_up_product (self, product_id, error);
  if (free_units == NULL)
    return -1;
  available = *free_units;
  *free_units -= MIN (available, wanted);
  return available;
}

static void
append_id (GString *json, const char *member, const char *id)
{
  if (id != NULL)
    g_string_append_printf (json, "\"%s\":\"%s\",", member, id);
  else
    g_string_append_printf (json, "\"%s\":null,", member);
}

static gboolean
append_line (Answer *self, MusterEntity *line, gboolean is_incoming, GError **error)
{
  gint64 reserved = muster_entity_get_integer (line, "reserved");
  gint64 wanted = MAX (0, muster_entity_get_integer (line, "quantity") - reserved -
                            muster_entity_get_integer (line, "shipped"));
  gint64 available, lacking;

  if (muster_entity_get_enum (line, "kind") != MUSTER_ORDER_LINE_KIND_ITEM)
    return TRUE;
  available = take (self, line, wanted, error);
  if (available < 0)
    return FALSE;
  lacking = is_incoming ? 0 : MAX (0, wanted - available);
  self->is_complete = self->is_complete && lacking == 0;
  g_string_append (self->json, self->n_lines++ > 0 ? ",{" : "{");
  append_id (self->json, "order_item_id", muster_entity_get_id (line));
  append_id (self->json, "product_id", muster_entity_get_string (line, "product_id"));
  append_id (self->json, "device_id", muster_entity_get_string (line, "device_id"));
  g_string_append_printf (self->json,
                          "\"wanted\":%" G_GINT64_FORMAT ",\"reserved\":%" G_GINT64_FORMAT
                          ",\"available\":%" G_GINT64_FORMAT ",\"short\":%" G_GINT64_FORMAT "}",
                          wanted, reserved, available, lacking);
  return TRUE;
}

/* The lines of the order of CALL, or those of its body. */
static GPtrArray *
list_lines (MusterTransaction *transaction,
            MusterOrdersCall  *call,
            gboolean          *is_incoming,
            GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (MusterEntity) order = NULL;
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (GPtrArray) items = NULL;

  *is_incoming = FALSE;
  if (call->id != NULL)
    {
      order = muster_order_load (transaction, call, error);
      *is_incoming =
        order != NULL && muster_entity_get_enum (order, "kind") != MUSTER_ORDER_KIND_SALES;
      return order != NULL ? muster_order_load_lines (transaction, call->id, error) : NULL;
    }
  drafts = muster_order_lines_parse (json_object_get_member (call->body, "items"), errors);
  if (!muster_field_errors_check (errors, error))
    return NULL;
  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < drafts->len; i++)
    g_ptr_array_add (items, g_object_ref (((MusterOrderLine *)drafts->pdata[i])->item));
  return g_steal_pointer (&items);
}

gboolean
muster_availability_check (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  gboolean is_incoming;
  g_autoptr (GPtrArray) lines = list_lines (transaction, call, &is_incoming, error);
  g_autoptr (GHashTable) products = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) devices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Answer   answer = { transaction, products, devices, call->json, TRUE, 0 };
  gboolean done = lines != NULL;

  g_string_append (call->json, "{\"items\":[");
  for (guint i = 0; done && i < lines->len; i++)
    done = append_line (&answer, lines->pdata[i], is_incoming, error);
  g_string_append_printf (call->json, "],\"complete\":%s}", answer.is_complete ? "true" : "false");
  return done;
}
