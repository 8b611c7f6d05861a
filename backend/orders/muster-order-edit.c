/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-edit"

#include "config.h"

#include "model/muster-money.h"
#include "model/muster-order.h"
#include "model/muster-person.h"
#include "model/muster-product.h"
#include "muster-numbering.h"
#include "muster-order-edit.h"
#include "muster-order-lines.h"
#include "muster-order-pricing.h"

/* Of an order's number, by its kind. */
static const char *const prefixes[] = { "SO", "PO", "RO" };

/* What may change when the order is no longer pending: nothing that was agreed on. */
static const char *const late_members[] = { "customer_email", "due_at",           "notes",
                                            "reference",      "shipping_address", NULL };
/* What customers decide about their own. */
static const char *const own_members[] = {
  "customer_email", "currency", "due_at", "items", "notes", "reference", "shipping_address", NULL,
};

/* --- answers --- */

MusterEntity *
muster_order_load (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) order =
              muster_orders_load (transaction, call->actor, &muster_order_info, call->id, error);

  if (order == NULL || !muster_orders_check_revision (call, order, error))
    return NULL;
  return g_steal_pointer (&order);
}

GPtrArray *
muster_order_load_lines (MusterTransaction *transaction, const char *order_id, GError **error)
{
  return muster_orders_select (transaction, &muster_order_item_info, "order_id", order_id,
                               "position", error);
}

MusterEntity *
muster_order_find_line (GPtrArray *lines, const char *id)
{
  g_return_val_if_fail (lines != NULL && id != NULL, NULL);

  for (guint i = 0; i < lines->len; i++)
    if (g_strcmp0 (muster_entity_get_id (lines->pdata[i]), id) == 0)
      return lines->pdata[i];
  return NULL;
}

gboolean
muster_order_answer (MusterTransaction *transaction,
                     MusterOrdersCall  *call,
                     const char        *id,
                     GError           **error)
{
  g_autoptr (MusterEntity) order =
              muster_transaction_get (transaction, &muster_order_info, id, error);
  g_autoptr (GPtrArray) lines =
              order != NULL ? muster_order_load_lines (transaction, id, error) : NULL;

  if (lines == NULL)
    return FALSE;
  call->revision = muster_entity_get_revision (order);
  muster_orders_encode_with (order, "items", lines, call->json);
  return TRUE;
}

/* --- reading what was asked --- */

/* What a body says beside the order's own members. */
static const char *const apart[] = { "items", "total_amount", "status", NULL };

/* An earlier client may say what the site knows better: it has to be right. */
static void
check_claims (MusterOrdersCall *call, MusterEntity *order, MusterFieldErrors *errors)
{
  JsonNode   *total = muster_orders_call_get_node (call, "total_amount");
  const char *status = muster_orders_call_get_string (call, "status");
  int         index = muster_entity_info_find (&muster_order_info, "total_amount");
  MusterValue value = { 0 };

  if (status != NULL && g_strcmp0 (status, muster_entity_get_string (order, "status")) != 0)
    muster_field_errors_add (errors, "/status", "is changed by PUT /orders/{id}/status");
  if (total != NULL &&
      muster_field_decode_value (&muster_order_info.fields[index], total, "/total_amount", &value,
                                 errors) &&
      value.integer != muster_entity_get_integer (order, "total_amount"))
    {
      g_autofree char *amount =
        muster_money_format (muster_entity_get_integer (order, "total_amount"));

      muster_field_errors_add (errors, "/total_amount", "is %s, the sum of the lines: leave it out",
                               amount);
    }
}

static void
check_own_members (MusterOrdersCall *call, const char *const *allowed, MusterFieldErrors *errors)
{
  JsonObjectIter iter;
  const char    *name = NULL;

  json_object_iter_init_ordered (&iter, call->body);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    if (!g_strv_contains (allowed, name))
      {
        g_autofree char *pointer = muster_json_pointer_append ("", name);

        muster_field_errors_add (errors, pointer, "is not a customer's to say: leave it out");
      }
}

/* Customers order for themselves; who orders for a person of the site need not say its name. */
static gboolean
resolve_customer (MusterTransaction *transaction,
                  MusterOrdersCall  *call,
                  MusterEntity      *order,
                  MusterFieldErrors *errors,
                  GError           **error)
{
  g_autoptr (MusterEntity) person = NULL;
  g_autoptr (GError) cause = NULL;

  if (muster_orders_are_own_only (call->actor))
    {
      muster_entity_set_string (order, "customer_id", muster_actor_get_person_id (call->actor));
      if (muster_entity_is_null (order, "customer_id"))
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                       "who orders must be a person of the site");
          return FALSE;
        }
    }
  if (!muster_orders_follow (transaction, order, "customer_id", &muster_person_info, &person,
                             &cause))
    {
      if (!g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      muster_field_errors_add (errors, "/customer_id", "%s", cause->message);
    }
  if (person != NULL && muster_entity_is_null (order, "customer"))
    muster_entity_set_string (order, "customer", muster_entity_get_string (person, "name"));
  if (person != NULL && muster_entity_is_null (order, "customer_email"))
    muster_entity_set_string (order, "customer_email", muster_entity_get_string (person, "email"));
  /* One that was given and refused has its row already. */
  if (muster_entity_is_null (order, "customer") && !json_object_has_member (call->body, "customer"))
    muster_field_errors_add (errors, "/customer", "is required, or customer_id");
  return TRUE;
}

/* That of the first of the goods that has a price, where nobody said. */
static gboolean
choose_currency (MusterTransaction *transaction,
                 MusterOrdersCall  *call,
                 MusterEntity      *order,
                 GPtrArray         *lines,
                 GError           **error)
{
  g_autoptr (MusterEntity) product = NULL;
  g_autoptr (GError) cause = NULL;
  const char *product_id = NULL;

  if (muster_orders_call_get_node (call, "currency") != NULL)
    return TRUE;
  for (guint i = 0; i < lines->len && product_id == NULL; i++)
    product_id =
      muster_entity_get_string (((MusterOrderLine *)lines->pdata[i])->item, "product_id");
  if (product_id == NULL)
    return TRUE;
  product = muster_orders_find (transaction, &muster_product_info, "id", product_id, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (product != NULL && !muster_entity_is_null (product, "unit_price"))
    muster_entity_set_string (order, "currency", muster_entity_get_string (product, "currency"));
  return TRUE;
}

/* --- lines --- */

static void
set_totals (MusterEntity *order, const MusterOrderTotals *totals)
{
  muster_entity_set_integer (order, "subtotal", totals->subtotal);
  muster_entity_set_integer (order, "discount_amount", totals->discount);
  muster_entity_set_integer (order, "tax_amount", totals->tax);
  muster_entity_set_integer (order, "shipping_amount", totals->shipping);
  muster_entity_set_integer (order, "total_amount", totals->total);
}

/* Completes and prices LINES, and sets the order's totals. */
static gboolean
settle (MusterTransaction *transaction,
        MusterOrdersCall  *call,
        MusterEntity      *order,
        GPtrArray         *lines,
        MusterFieldErrors *errors,
        GError           **error)
{
  g_autoptr (GPtrArray) items = muster_order_lines_list_items (lines);
  MusterOrderTotals totals;
  gboolean          has_goods = FALSE;

  for (guint i = 0; i < items->len; i++)
    has_goods =
      has_goods || muster_entity_get_enum (items->pdata[i], "kind") == MUSTER_ORDER_LINE_KIND_ITEM;
  if (!has_goods && muster_field_errors_get_count (errors) == 0)
    muster_field_errors_add (errors, "/items", "must have a line of goods");
  if (!muster_order_lines_complete (transaction, order, lines, errors, error))
    return FALSE;
  if (muster_field_errors_get_count (errors) > 0)
    return muster_field_errors_check (errors, error);
  if (!muster_order_price (items, muster_entity_get_string (order, "currency"), &totals, error))
    return FALSE;
  set_totals (order, &totals);
  muster_order_lines_check_subtotals (lines, errors);
  check_claims (call, order, errors);
  return muster_field_errors_check (errors, error);
}

static gboolean
insert_line (MusterTransaction *transaction,
             MusterEntity      *order,
             MusterEntity      *line,
             guint              position,
             GError           **error)
{
  muster_entity_set_string (line, "order_id", muster_entity_get_id (order));
  muster_entity_set_integer (line, "position", position);
  return muster_transaction_insert (transaction, line, error);
}

gboolean
muster_order_insert (MusterTransaction *transaction,
                     MusterEntity      *order,
                     GPtrArray         *lines,
                     const char        *verb,
                     GError           **error)
{
  g_autofree char *number =
    muster_number_series_take (transaction, prefixes[muster_entity_get_enum (order, "kind")], verb,
                               error);

  if (number == NULL)
    return FALSE;
  muster_entity_set_string (order, "order_number", number);
  if (!muster_transaction_insert (transaction, order, error))
    return FALSE;
  for (guint i = 0; i < lines->len; i++)
    if (!insert_line (transaction, order, lines->pdata[i], i + 1, error))
      return FALSE;
  return TRUE;
}

/* --- making one --- */

static MusterEntity *
decode_order (MusterOrdersCall *call, MusterFieldErrors *errors)
{
  MusterEntity *order = muster_entity_new (&muster_order_info);
  g_autoptr (JsonObject) members = muster_orders_copy_members (call->body, apart);
  g_autoptr (GError) refused = NULL;
  gboolean is_named = json_object_has_member (members, "customer");

  /* It may follow from the person. */
  if (!is_named)
    json_object_set_string_member (members, "customer", "?");
  if (!muster_entity_decode (order, members, MUSTER_DECODE_CREATE, "", &refused))
    muster_orders_add_rows (errors, refused);
  if (!is_named)
    muster_entity_set_null (order, "customer");
  return order;
}

static gboolean
check_origin (MusterTransaction *transaction,
              MusterEntity      *order,
              MusterFieldErrors *errors,
              GError           **error)
{
  g_autoptr (MusterEntity) origin = NULL;
  g_autoptr (GError) cause = NULL;

  if (!muster_orders_follow (transaction, order, "origin_order_id", &muster_order_info, &origin,
                             &cause))
    {
      if (!g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      muster_field_errors_add (errors, "/origin_order_id", "%s", cause->message);
    }
  if (origin == NULL || muster_entity_get_enum (order, "kind") != MUSTER_ORDER_KIND_RETURN)
    return TRUE;
  if (muster_entity_get_enum (origin, "kind") != MUSTER_ORDER_KIND_SALES)
    muster_field_errors_add (errors, "/origin_order_id", "must be a sales order");
  if (muster_entity_is_null (order, "customer"))
    {
      muster_entity_set_string (order, "customer", muster_entity_get_string (origin, "customer"));
      muster_entity_set_string (order, "customer_id",
                                muster_entity_get_string (origin, "customer_id"));
    }
  return TRUE;
}

gboolean
muster_order_create (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (MusterEntity) order = decode_order (call, errors);
  g_autoptr (GPtrArray) lines =
              muster_order_lines_parse (json_object_get_member (call->body, "items"), errors);
  g_autoptr (GPtrArray) items = NULL;

  if (muster_orders_are_own_only (call->actor))
    check_own_members (call, own_members, errors);
  if (!check_origin (transaction, order, errors, error) ||
      !resolve_customer (transaction, call, order, errors, error) ||
      !choose_currency (transaction, call, order, lines, error) ||
      !settle (transaction, call, order, lines, errors, error))
    return FALSE;
  items = muster_order_lines_list_items (lines);
  for (guint i = 0; i < items->len; i++)
    muster_entity_set_null (items->pdata[i], "id");
  if (!muster_order_insert (transaction, order, items, "Add order", error))
    return FALSE;
  return muster_order_answer (transaction, call, muster_entity_get_id (order), error);
}

/* --- changing one --- */

static gboolean
check_late_members (MusterOrdersCall *call, MusterEntity *order, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  JsonObjectIter iter;
  const char    *name = NULL;

  json_object_iter_init_ordered (&iter, call->body);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    if (!g_strv_contains (late_members, name))
      {
        g_autofree char *pointer = muster_json_pointer_append ("", name);

        muster_field_errors_add (errors, pointer, "cannot change any more: %s is %s",
                                 muster_entity_get_string (order, "order_number"),
                                 muster_entity_get_string (order, "status"));
      }
  return muster_field_errors_check_as (errors, MUSTER_ERROR_CONFLICT, error);
}

/* The line of STORED that LINE names, taken out of STORED: NULL for a new one. */
static MusterEntity *
take_stored (GPtrArray *stored, MusterEntity *line)
{
  for (guint i = 0; i < stored->len; i++)
    if (g_strcmp0 (muster_entity_get_id (stored->pdata[i]), muster_entity_get_id (line)) == 0 &&
        muster_entity_get_enum (stored->pdata[i], "kind") == muster_entity_get_enum (line, "kind"))
      return g_ptr_array_steal_index (stored, i);
  return NULL;
}

/* The lines are those of ITEMS from now on; the ones that were there and are named stay themselves.
 */
static gboolean
replace_lines (MusterTransaction *transaction,
               MusterEntity      *order,
               GPtrArray         *items,
               GError           **error)
{
  g_autoptr (GPtrArray) stored =
              muster_order_load_lines (transaction, muster_entity_get_id (order), error);
  gboolean done = stored != NULL;

  for (guint i = 0; done && i < items->len; i++)
    {
      MusterEntity *line = items->pdata[i];
      g_autoptr (MusterEntity) known = take_stored (stored, line);

      if (known == NULL)
        {
          muster_entity_set_null (line, "id");
          done = insert_line (transaction, order, line, i + 1, error);
          continue;
        }
      muster_entity_set_string (line, "order_id", muster_entity_get_id (order));
      muster_entity_set_integer (line, "position", i + 1);
      done = muster_transaction_update (transaction, line, 0, error);
    }
  for (guint i = 0; done && i < stored->len; i++)
    done = muster_transaction_delete (transaction, &muster_order_item_info,
                                      muster_entity_get_id (stored->pdata[i]), 0, error);
  return done;
}

/* The lines that the order will have: those given, else those that it has. */
static GPtrArray *
list_lines (MusterTransaction *transaction,
            MusterOrdersCall  *call,
            MusterFieldErrors *errors,
            GError           **error)
{
  g_autoptr (GPtrArray) stored = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  if (json_object_has_member (call->body, "items"))
    return muster_order_lines_parse (json_object_get_member (call->body, "items"), errors);
  stored = muster_order_load_lines (transaction, call->id, error);
  if (stored == NULL)
    return NULL;
  lines = g_ptr_array_new_with_free_func (muster_order_line_free);
  for (guint i = 0; i < stored->len; i++)
    g_ptr_array_add (lines, muster_order_line_new_stored (stored->pdata[i]));
  return g_steal_pointer (&lines);
}

static gboolean
edit_pending (MusterTransaction *transaction,
              MusterOrdersCall  *call,
              MusterEntity      *order,
              GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (JsonObject) members = muster_orders_copy_members (call->body, apart);
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) refused = NULL;

  if (muster_orders_are_own_only (call->actor))
    check_own_members (call, own_members, errors);
  if (!muster_entity_decode (order, members, MUSTER_DECODE_REPLACE, "", &refused))
    muster_orders_add_rows (errors, refused);
  lines = list_lines (transaction, call, errors, error);
  if (lines == NULL || !resolve_customer (transaction, call, order, errors, error) ||
      !settle (transaction, call, order, lines, errors, error))
    return FALSE;
  items = muster_order_lines_list_items (lines);
  return muster_transaction_update (transaction, order, 0, error) &&
         replace_lines (transaction, order, items, error);
}

static gboolean
edit_later (MusterTransaction *transaction,
            MusterOrdersCall  *call,
            MusterEntity      *order,
            GError           **error)
{
  if (!check_late_members (call, order, error))
    return FALSE;
  if (muster_orders_are_own_only (call->actor))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "%s is %s: ask the site to change it",
                   muster_entity_get_string (order, "order_number"),
                   muster_entity_get_string (order, "status"));
      return FALSE;
    }
  return muster_entity_decode (order, call->body, MUSTER_DECODE_REPLACE, "", error) &&
         muster_transaction_update (transaction, order, 0, error);
}

gboolean
muster_order_edit (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) order = muster_order_load (transaction, call, error);
  g_autofree char *summary = NULL;

  if (order == NULL)
    return FALSE;
  summary = g_strdup_printf ("Change order %s", muster_entity_get_string (order, "order_number"));
  muster_transaction_set_summary (transaction, summary);
  if (!(muster_entity_get_enum (order, "status") == MUSTER_ORDER_STATUS_PENDING
          ? edit_pending (transaction, call, order, error)
          : edit_later (transaction, call, order, error)))
    return FALSE;
  return muster_order_answer (transaction, call, call->id, error);
}
