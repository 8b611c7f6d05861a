/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery-scan"

#include "config.h"

#include "inventory/muster-serials.h"
#include "model/muster-adoption-code.h"
#include "model/muster-delivery-issue.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device.h"
#include "model/muster-label-secret.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-product.h"
#include "muster-announcement.h"
#include "muster-delivery-edit.h"
#include "muster-delivery-scan.h"
#include "muster-order-edit.h"
#include "muster-receiving.h"
#include "muster-shipping.h"

/* One code, on its way to what it stands for. */
typedef struct
{
  MusterTransaction *transaction;
  MusterOrdersCall  *call;
  MusterEntity      *delivery; /* (owned) */
  MusterEntity      *order;    /* (owned) */
  GPtrArray         *items;    /* (owned): what the delivery holds */
  GPtrArray         *lines;    /* (owned): of the order */
  char              *code;     /* (owned): the serial number or number of a product */
  char              *secret;   /* (owned) (nullable) */
  MusterReceipt      receipt;

  const char   *result;
  char         *detail; /* (owned) (nullable) */
  MusterEntity *item;   /* (owned) (nullable) */
  MusterEntity *issue;  /* (owned) (nullable) */
} Scan;

static void
scan_clear (Scan *self)
{
  g_clear_object (&self->delivery);
  g_clear_object (&self->order);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_free (self->code);
  g_free (self->secret);
  g_free (self->detail);
  g_clear_object (&self->item);
  g_clear_object (&self->issue);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scan, scan_clear)

static gboolean
is_purchase (Scan *self)
{
  return muster_entity_get_enum (self->order, "kind") == MUSTER_ORDER_KIND_PURCHASE;
}

/* --- the code --- */

static gboolean
read_secret (Scan *self, const char *text, GError **error)
{
  guint8 secret[MUSTER_LABEL_SECRET_LENGTH];

  if (!muster_label_secret_parse (text, secret, error))
    return FALSE;
  self->secret = muster_label_secret_format (secret);
  return TRUE;
}

static gboolean
read_code (Scan *self, GError **error)
{
  const char *text = muster_orders_call_get_string (self->call, "code");
  const char *secret = muster_orders_call_get_string (self->call, "device_secret");

  if (muster_adoption_code_is_one (text))
    return muster_adoption_code_parse (text, &self->code, &self->secret, error);
  self->code = g_strstrip (g_strdup (text));
  if (*self->code == '\0' || g_utf8_strlen (self->code, -1) > MUSTER_SERIAL_MAX_LENGTH)
    {
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

      muster_field_errors_add (errors, "/code", "must be a code of 1 to 64 characters");
      return muster_field_errors_check (errors, error);
    }
  return secret == NULL || read_secret (self, secret, error);
}

/* --- what it can be --- */

static MusterEntity *
find_item_by_serial (Scan *self)
{
  for (guint i = 0; i < self->items->len; i++)
    if (g_strcmp0 (muster_entity_get_string (self->items->pdata[i], "serial"), self->code) == 0)
      return self->items->pdata[i];
  return NULL;
}

static gint64
count_left (MusterEntity *line)
{
  return muster_entity_get_integer (line, "quantity") - muster_entity_get_integer (line, "shipped");
}

/* The line that more of PRODUCT_ID (NULL: of any product that is kept by serial number) belongs to,
 * in *LINE; NULL for none. */
static gboolean
find_open_line (Scan *self, const char *product_id, MusterEntity **line, GError **error)
{
  const char *wanted = muster_orders_call_get_string (self->call, "order_item_id");
  unsigned    n_found = 0;

  *line = NULL;
  for (guint i = 0; i < self->lines->len; i++)
    {
      MusterEntity *candidate = self->lines->pdata[i];
      g_autoptr (MusterEntity) product = NULL;

      if (muster_entity_get_enum (candidate, "kind") != MUSTER_ORDER_LINE_KIND_ITEM ||
          (wanted != NULL && g_strcmp0 (wanted, muster_entity_get_id (candidate)) != 0) ||
          (product_id != NULL &&
           g_strcmp0 (product_id, muster_entity_get_string (candidate, "product_id")) != 0))
        continue;
      if (!muster_orders_follow (self->transaction, candidate, "product_id", &muster_product_info,
                                 &product, error))
        return FALSE;
      if (product == NULL || (product_id == NULL && muster_entity_get_enum (product, "tracking") !=
                                                      MUSTER_TRACKING_SERIAL))
        continue;
      if (*line == NULL)
        *line = candidate;
      n_found++;
    }
  if (n_found > 1 && product_id == NULL)
    {
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

      muster_field_errors_add (errors, "/order_item_id",
                               "must be given: %s was not announced, and may be of %u lines",
                               self->code, n_found);
      return muster_field_errors_check (errors, error);
    }
  return TRUE;
}

/* The item of LINE that stands for units without their serial numbers, or NULL. */
static MusterEntity *
find_placeholder (Scan *self, MusterEntity *line)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      MusterEntity *item = self->items->pdata[i];

      if (muster_entity_is_null (item, "serial") && muster_entity_is_null (item, "device_id") &&
          g_strcmp0 (muster_entity_get_string (item, "order_item_id"),
                     muster_entity_get_id (line)) == 0 &&
          muster_entity_get_integer (item, "received") <
            muster_entity_get_integer (item, "quantity"))
        return item;
    }
  return NULL;
}

/* --- what follows --- */

static void
conclude (Scan *self, const char *result, MusterEntity *item, char *detail)
{
  self->result = result;
  g_set_object (&self->item, item);
  self->detail = detail;
}

static gboolean
take (Scan *self, MusterEntity *item, gint64 quantity, const char *result, GError **error)
{
  if (self->secret != NULL && muster_entity_is_null (item, "secret"))
    {
      muster_entity_set_string (item, "secret", self->secret);
      if (!muster_transaction_update (self->transaction, item, 0, error))
        return FALSE;
    }
  if (!muster_receiving_take (self->transaction, self->order, self->delivery, item, quantity,
                              &self->receipt, error))
    return FALSE;
  conclude (self, result, item, NULL);
  return TRUE;
}

/* Kept, not lost: somebody finds out about it. */
static gboolean
report_unexpected (Scan *self, char *detail, GError **error)
{
  g_autoptr (GPtrArray) issues =
              muster_orders_select (self->transaction, &muster_delivery_issue_info, "delivery_id",
                                    muster_entity_get_id (self->delivery), "id", error);
  g_autoptr (MusterEntity) issue = NULL;

  conclude (self, "unexpected", NULL, detail);
  for (guint i = 0; issues != NULL && i < issues->len && self->issue == NULL; i++)
    if (g_strcmp0 (muster_entity_get_string (issues->pdata[i], "description"), detail) == 0)
      self->issue = g_object_ref (issues->pdata[i]);
  if (issues == NULL || self->issue != NULL)
    return issues != NULL;
  issue = muster_entity_new (&muster_delivery_issue_info);
  muster_entity_set_string (issue, "delivery_id", muster_entity_get_id (self->delivery));
  muster_entity_set_enum (issue, "kind", MUSTER_ISSUE_KIND_WRONG);
  muster_entity_set_string (issue, "description", detail);
  if (!muster_transaction_insert (self->transaction, issue, error))
    return FALSE;
  self->issue = g_steal_pointer (&issue);
  return TRUE;
}

/* A unit of LINE that nobody announced by its serial number. */
static gboolean
count_unit (Scan *self, MusterEntity *line, MusterEntity *device, GError **error)
{
  MusterEntity *placeholder = find_placeholder (self, line);
  g_autoptr (MusterEntity) item = muster_announcement_new_item (self->delivery, line);
  gint64 quantity;

  if (placeholder == NULL && count_left (line) <= 0)
    return report_unexpected (self, g_strdup_printf ("%s is one more than was ordered", self->code),
                              error);
  if (placeholder != NULL)
    {
      quantity = muster_entity_get_integer (placeholder, "quantity");
      muster_entity_set_integer (placeholder, "quantity", quantity - 1);
      if (!(quantity > 1
              ? muster_transaction_update (self->transaction, placeholder, 0, error)
              : muster_transaction_delete (self->transaction, &muster_delivery_item_info,
                                           muster_entity_get_id (placeholder), 0, error)))
        return FALSE;
    }
  muster_entity_set_string (item, "serial", self->code);
  muster_entity_set_string (item, "secret", self->secret);
  if (device != NULL)
    muster_entity_set_string (item, "device_id", muster_entity_get_id (device));
  return muster_transaction_insert (self->transaction, item, error) &&
         take (self, item, 1, "counted", error);
}

/* A unit that has a record already: a customer sends it back, or it should not be here. */
static gboolean
take_known (Scan *self, MusterEntity *device, GError **error)
{
  MusterEntity *line = NULL;
  int           status = muster_entity_get_enum (device, "status");

  if (!is_purchase (self) && !muster_entity_is_null (device, "product_id") &&
      !find_open_line (self, muster_entity_get_string (device, "product_id"), &line, error))
    return FALSE;
  if (line != NULL &&
      (status == MUSTER_DEVICE_STATUS_SOLD || status == MUSTER_DEVICE_STATUS_DEPLOYED))
    return count_unit (self, line, device, error);
  return report_unexpected (self,
                            g_strdup_printf ("%s is on the site already: %s, %s", self->code,
                                             muster_entity_get_string (device, "name"),
                                             muster_entity_get_string (device, "status")),
                            error);
}

static gint64
get_quantity (Scan *self)
{
  JsonNode *node = muster_orders_call_get_node (self->call, "quantity");

  return node != NULL ? json_node_get_int (node) : 1;
}

static gboolean
count_bulk (Scan *self, MusterEntity *product, GError **error)
{
  MusterEntity *line = NULL, *item = NULL;
  gint64        quantity = get_quantity (self);
  g_autoptr (MusterEntity) fresh = NULL;

  if (!find_open_line (self, muster_entity_get_id (product), &line, error))
    return FALSE;
  if (line != NULL)
    item = find_placeholder (self, line);
  if (item != NULL &&
      muster_entity_get_integer (item, "quantity") - muster_entity_get_integer (item, "received") >=
        quantity)
    return take (self, item, quantity, "received", error);
  if (line == NULL || count_left (line) < quantity)
    return report_unexpected (self,
                              g_strdup_printf ("%" G_GINT64_FORMAT
                                               " of %s (%s) are more than was %s",
                                               quantity, muster_entity_get_string (product, "name"),
                                               self->code, item != NULL ? "announced" : "ordered"),
                              error);
  fresh = muster_announcement_new_item (self->delivery, line);
  muster_entity_set_integer (fresh, "quantity", quantity);
  return muster_transaction_insert (self->transaction, fresh, error) &&
         take (self, fresh, quantity, "counted", error);
}

/* *PRODUCT: the one with that number. */
static gboolean
find_product (Scan *self, MusterEntity **product, GError **error)
{
  static const char *const fields[] = { "gtin", "sku" };
  g_autoptr (GError) cause = NULL;

  *product = NULL;
  for (unsigned i = 0; i < G_N_ELEMENTS (fields) && *product == NULL && cause == NULL; i++)
    *product =
      muster_orders_find (self->transaction, &muster_product_info, fields[i], self->code, &cause);
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
take_stranger (Scan *self, GError **error)
{
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (MusterEntity) product = NULL;
  g_autoptr (GError) cause = NULL;
  MusterEntity *line = NULL;

  device =
    muster_orders_find (self->transaction, &muster_device_info, "serial", self->code, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (device != NULL)
    return take_known (self, device, error);
  if (!find_product (self, &product, error))
    return FALSE;
  if (product != NULL && muster_entity_get_enum (product, "tracking") != MUSTER_TRACKING_SERIAL)
    return count_bulk (self, product, error);
  if (product != NULL)
    {
      conclude (self, "product", NULL,
                g_strdup_printf ("this is the number of %s: scan the unit's serial number",
                                 muster_entity_get_string (product, "name")));
      return TRUE;
    }
  if (is_purchase (self) && !find_open_line (self, NULL, &line, error))
    return FALSE;
  if (line != NULL)
    return count_unit (self, line, NULL, error);
  return report_unexpected (self, g_strdup_printf ("%s was not announced", self->code), error);
}

static gboolean
resolve (Scan *self, GError **error)
{
  MusterEntity *item = find_item_by_serial (self);

  if (item == NULL)
    return take_stranger (self, error);
  if (muster_entity_get_integer (item, "received") == 0)
    return take (self, item, 1, "received", error);
  conclude (self, "again", item, g_strdup_printf ("%s was scanned before", self->code));
  return TRUE;
}

/* --- the answer --- */

static void
append_text (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, ",\"%s\":", name);
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

static gboolean
answer (Scan *self, GError **error)
{
  GString *json = self->call->json;
  g_autoptr (MusterEntity) line = NULL;

  if (self->item != NULL && !muster_orders_follow (self->transaction, self->item, "order_item_id",
                                                   &muster_order_item_info, &line, error))
    return FALSE;
  g_string_append_printf (json, "{\"result\":\"%s\"", self->result);
  append_text (json, "code", self->code);
  append_text (json, "detail", self->detail);
  append_text (json, "delivery_item_id",
               self->item != NULL ? muster_entity_get_id (self->item) : NULL);
  append_text (json, "order_item_id", line != NULL ? muster_entity_get_id (line) : NULL);
  append_text (json, "description",
               line != NULL ? muster_entity_get_string (line, "description") : NULL);
  append_text (json, "device_id",
               self->item != NULL ? muster_entity_get_string (self->item, "device_id") : NULL);
  append_text (json, "issue_id", self->issue != NULL ? muster_entity_get_id (self->issue) : NULL);
  g_string_append_printf (json,
                          ",\"received\":%" G_GINT64_FORMAT ",\"quantity\":%" G_GINT64_FORMAT "}",
                          line != NULL ? muster_entity_get_integer (line, "delivered") : 0,
                          line != NULL ? muster_entity_get_integer (line, "quantity") : 0);
  return TRUE;
}

static gboolean
check_delivery (Scan *self, GError **error)
{
  int status = muster_entity_get_enum (self->delivery, "status");

  if (muster_entity_get_enum (self->delivery, "direction") != MUSTER_DELIVERY_DIRECTION_INBOUND)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%s leaves the site: only what arrives is scanned in",
                 muster_entity_get_string (self->delivery, "delivery_number"));
  else if (status == MUSTER_DELIVERY_STATUS_DELIVERED ||
           status == MUSTER_DELIVERY_STATUS_RETURNED || status == MUSTER_DELIVERY_STATUS_FAILED)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%s is %s: nothing more arrives with it",
                 muster_entity_get_string (self->delivery, "delivery_number"),
                 muster_entity_get_string (self->delivery, "status"));
  else
    return TRUE;
  return FALSE;
}

/* The line that the call names must be one of the order's. */
static gboolean
check_line (Scan *self, GError **error)
{
  const char *id = muster_orders_call_get_string (self->call, "order_item_id");
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (id != NULL && muster_order_find_line (self->lines, id) == NULL)
    muster_field_errors_add (errors, "/order_item_id", "is no line of %s",
                             muster_entity_get_string (self->order, "order_number"));
  return muster_field_errors_check (errors, error);
}

gboolean
muster_delivery_scan (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_auto (Scan) self = { transaction, call };

  self.delivery = muster_delivery_load (transaction, call, error);
  if (self.delivery == NULL || !check_delivery (&self, error) || !read_code (&self, error) ||
      !muster_orders_follow (transaction, self.delivery, "order_id", &muster_order_info,
                             &self.order, error))
    return FALSE;
  self.items = muster_delivery_load_items (transaction, call->id, error);
  if (self.items != NULL)
    self.lines = muster_order_load_lines (transaction, muster_entity_get_id (self.order), error);
  if (self.lines == NULL)
    return FALSE;
  if (!check_line (&self, error))
    return FALSE;
  self.receipt.location_id = muster_orders_call_get_string (call, "location_id");
  self.receipt.to_maintenance =
    !is_purchase (&self) &&
    g_strcmp0 (muster_orders_call_get_string (call, "condition"), "maintenance") == 0;
  muster_delivery_name_operation (transaction, "Scan for", self.delivery);
  return resolve (&self, error) && answer (&self, error);
}
