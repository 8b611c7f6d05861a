/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-orders"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/muster-api-calls.h"
#include "client/muster-api-json.h"
#include "client/muster-api-orders.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-inventory.h"
#include "muster-ctl-record.h"

#include "model/muster-delivery-issue.h"
#include "model/muster-delivery-item.h"
#include "model/muster-money.h"

/* --- orders --- */

static const MusterCtlColumn order_columns[] = { { N_ ("NUMBER"), 0 },
                                                 { N_ ("STATUS"), 0 },
                                                 { N_ ("CUSTOMER"), MUSTER_CTL_COLUMN_ELIDE },
                                                 { N_ ("TOTAL"), MUSTER_CTL_COLUMN_RIGHT },
                                                 { N_ ("CURRENCY"), 0 },
                                                 { N_ ("DUE"), 0 },
                                                 { NULL, 0 } };
static const char *const order_fields[] = { "order_number", "status", "customer", "total_amount",
                                            "currency",     "due_at", NULL };
static const char *const order_keys[] = { "order_number", "reference", NULL };

static const MusterCtlCollection orders = {
  &muster_order_info, order_columns, order_fields, "-id", order_keys, N_ ("No orders."),
};

/* OBJECT, a record with its `items` (taken): the record, and its items as a table. */
static gboolean
show_with_items (MusterCtl              *ctl,
                 const MusterEntityInfo *info,
                 JsonObject             *object,
                 const MusterCtlColumn  *columns,
                 const char *const      *names)
{
  g_autoptr (JsonObject) owned = object;
  g_autoptr (MusterEntity) record = NULL;

  if (object == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (object);
      return TRUE;
    }
  record = muster_entity_new_from_json (info, object, NULL);
  if (record != NULL)
    muster_ctl_print_record (ctl, record);
  return muster_ctl_show_rows (ctl, g_steal_pointer (&owned), "items", columns, names, "");
}

static gboolean
show_order (MusterCtl *ctl, JsonObject *order)
{
  static const MusterCtlColumn columns[] = { { N_ ("LINE"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("KIND"), 0 },
                                             { N_ ("QUANTITY"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("PRICE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("SUBTOTAL"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("RESERVED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("SHIPPED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("DELIVERED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { NULL, 0 } };
  static const char *const     names[] = { "description", "kind",      "quantity",
                                           "unit_price",  "subtotal",  "reserved",
                                           "shipped",     "delivered", NULL };

  return show_with_items (ctl, &muster_order_info, order, columns, names);
}

static gboolean
run_show (MusterCtl *ctl, MusterEntity *order, char **rest, GError **error)
{
  return show_order (ctl, dex_await_boxed (muster_api_orders_get (ctl->client,
                                                                  muster_entity_get_id (order)),
                                           error));
}

static gboolean
refuse_line (const char *text, GError **error)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is no line: item=PRODUCT[*QUANTITY][@PRICE], tax=19%%, discount=5.00"),
               text);
  return FALSE;
}

/* "SKU*3@9.90" */
static gboolean
read_item (MusterCtl *ctl, const char *text, JsonObject *line, GError **error)
{
  g_autofree char *name = g_strdup (text);
  char            *price = strrchr (name, '@');
  char            *quantity = NULL;
  gint64           amount;
  g_autoptr (MusterEntity) product = NULL;

  if (price != NULL)
    *price++ = '\0';
  quantity = strrchr (name, '*');
  if (quantity != NULL)
    *quantity++ = '\0';
  if ((price != NULL && !muster_money_parse (price, &amount)) ||
      (quantity != NULL && g_ascii_strtoll (quantity, NULL, 10) < 1))
    return refuse_line (text, error);
  product = muster_ctl_collection_find (&muster_ctl_products, ctl, name, error);
  if (product == NULL)
    return FALSE;
  json_object_set_string_member (line, "product_id", muster_entity_get_id (product));
  if (quantity != NULL)
    json_object_set_int_member (line, "quantity", g_ascii_strtoll (quantity, NULL, 10));
  if (price != NULL)
    json_object_set_string_member (line, "unit_price", price);
  return TRUE;
}

/* "19%", or an amount. */
static gboolean
read_charge (const char *kind, const char *text, JsonObject *line, GError **error)
{
  g_autofree char *number = g_strdup (text);
  gint64           amount;
  gboolean         is_rate = g_str_has_suffix (number, "%");

  if (is_rate)
    number[strlen (number) - 1] = '\0';
  if (!muster_money_parse (number, &amount))
    return refuse_line (text, error);
  json_object_set_string_member (line, "kind", kind);
  if (is_rate)
    json_object_set_int_member (line, "rate", amount / (MUSTER_MONEY_SCALE / 100));
  else
    json_object_set_string_member (line, "unit_price", number);
  return TRUE;
}

/* Whether WORD is a line; then it is added to LINES. */
static gboolean
read_line (MusterCtl *ctl, const char *word, JsonArray *lines, gboolean *is_line, GError **error)
{
  static const char *const kinds[] = { "item", "discount", "tax", "shipping" };
  const char              *value = strchr (word, '=');

  *is_line = FALSE;
  for (unsigned i = 0; value != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (strlen (kinds[i]) == (gsize)(value - word) && g_str_has_prefix (word, kinds[i]))
      {
        JsonObject *line = json_object_new ();

        *is_line = TRUE;
        json_array_add_object_element (lines, line);
        return i == 0 ? read_item (ctl, value + 1, line, error)
                      : read_charge (kinds[i], value + 1, line, error);
      }
  return TRUE;
}

static gboolean
run_add (MusterCtl *ctl, MusterEntity *order, char **rest, GError **error)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new ();
  g_autoptr (JsonArray) lines = json_array_new ();
  JsonObject *body = NULL;

  for (unsigned i = 0; rest[i] != NULL; i++)
    {
      gboolean is_line;

      if (!read_line (ctl, rest[i], lines, &is_line, error))
        return FALSE;
      if (!is_line)
        g_ptr_array_add (pairs, rest[i]);
    }
  g_ptr_array_add (pairs, NULL);
  body = muster_ctl_read_pairs (ctl, muster_order_info.fields, muster_order_info.n_fields,
                                (char **)pairs->pdata, error);
  if (body == NULL)
    return FALSE;
  json_object_set_array_member (body, "items", g_steal_pointer (&lines));
  return show_order (ctl, dex_await_boxed (muster_api_orders_create (ctl->client, body), error));
}

static gboolean
go (MusterCtl *ctl, MusterEntity *order, MusterOrderStatus status, GError **error)
{
  return show_order (ctl, dex_await_boxed (muster_api_orders_set_status (
                                             ctl->client, muster_entity_get_id (order), status),
                                           error));
}

static gboolean
run_confirm (MusterCtl *ctl, MusterEntity *order, char **rest, GError **error)
{
  return go (ctl, order, MUSTER_ORDER_STATUS_CONFIRMED, error);
}

static gboolean
run_deliver (MusterCtl *ctl, MusterEntity *order, char **rest, GError **error)
{
  return go (ctl, order, MUSTER_ORDER_STATUS_DELIVERED, error);
}

static gboolean
run_cancel (MusterCtl *ctl, MusterEntity *order, char **rest, GError **error)
{
  return go (ctl, order, MUSTER_ORDER_STATUS_CANCELLED, error);
}

static gboolean
run_status (MusterCtl *ctl, MusterEntity *order, char **rest, GError **error)
{
  int status = muster_enum_parse (&muster_order_status_enum, rest[0]);

  if (status >= 0)
    return go (ctl, order, status, error);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is no status of an order: pending, confirmed, processing, shipped, "
                  "delivered, cancelled are"),
               rest[0]);
  return FALSE;
}

/* The words of REST that begin with PREFIX, from behind it, and, in *OTHERS, those that do not:
 * both (transfer container), and end with NULL. */
static char **
take_words (char **rest, const char *prefix, char ***others)
{
  char   **taken = g_new0 (char *, g_strv_length (rest) + 1);
  unsigned n_taken = 0, n_others = 0;

  *others = g_new0 (char *, g_strv_length (rest) + 1);
  for (char **word = rest; *word != NULL; word++)
    if (g_str_has_prefix (*word, prefix))
      taken[n_taken++] = *word + strlen (prefix);
    else
      (*others)[n_others++] = *word;
  return taken;
}

/* --- units that are named --- */

#define UNIT "unit="

/* Whether the order's LINE asks for DEVICE, or for what it is one of. */
static gboolean
line_takes (JsonObject *line, MusterEntity *device)
{
  const char *device_id = muster_api_json_get_string (line, "device_id");
  const char *product_id = muster_api_json_get_string (line, "product_id");

  if (device_id != NULL)
    return g_str_equal (device_id, muster_entity_get_id (device));
  return product_id != NULL &&
         g_strcmp0 (product_id, muster_entity_get_string (device, "product_id")) == 0;
}

/* The shipment line of ITEM_ID in LINES, made where there is none yet. */
static JsonObject *
find_line (JsonArray *lines, const char *item_id)
{
  JsonObject *line = NULL;

  for (guint i = 0; i < json_array_get_length (lines); i++)
    {
      line = json_array_get_object_element (lines, i);
      if (g_strcmp0 (muster_api_json_get_string (line, "order_item_id"), item_id) == 0)
        return line;
    }
  line = json_object_new ();
  json_object_set_string_member (line, "order_item_id", item_id);
  json_object_set_array_member (line, "device_ids", json_array_new ());
  json_array_add_object_element (lines, line);
  return line;
}

/* Puts the unit that TEXT names into LINES, at the first of the order's ITEMS that it is for. */
static gboolean
add_unit (MusterCtl *ctl, JsonArray *lines, JsonArray *items, const char *text, GError **error)
{
  g_autoptr (MusterEntity) device = muster_ctl_find_device (ctl, text, error);

  for (guint i = 0; device != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = json_array_get_object_element (items, i);
      JsonArray  *ids = NULL;

      if (!line_takes (item, device))
        continue;
      item = find_line (lines, muster_api_json_get_string (item, "id"));
      ids = json_object_get_array_member (item, "device_ids");
      json_array_add_string_element (ids, muster_entity_get_id (device));
      json_object_set_int_member (item, "quantity", json_array_get_length (ids));
      return TRUE;
    }
  if (device != NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, _ ("%s is of no line of the order"),
                 muster_entity_get_string (device, "name"));
  return FALSE;
}

/* The shipment lines that UNITS, as a person names them, make up for the order: (transfer full), in
 * *LINES, NULL of no units. */
static gboolean
read_units (MusterCtl *ctl, MusterEntity *order, char **units, JsonArray **lines, GError **error)
{
  g_autoptr (JsonArray) made = NULL;
  g_autoptr (JsonObject) whole = NULL;

  *lines = NULL;
  if (*units == NULL)
    return TRUE;
  whole =
    dex_await_boxed (muster_api_orders_get (ctl->client, muster_entity_get_id (order)), error);
  if (whole == NULL)
    return FALSE;
  made = json_array_new ();
  for (char **unit = units; *unit != NULL; unit++)
    if (!add_unit (ctl, made, json_object_get_array_member (whole, "items"), *unit, error))
      return FALSE;
  *lines = g_steal_pointer (&made);
  return TRUE;
}

static gboolean
run_allocate (MusterCtl *ctl, MusterEntity *order, char **rest, GError **error)
{
  g_autofree char **others = NULL;
  g_autofree char **units = take_words (rest, UNIT, &others);
  JsonArray        *lines = NULL;

  if (others[0] != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is not understood: unit=SERIAL is"), others[0]);
      return FALSE;
    }
  return read_units (ctl, order, units, &lines, error) &&
         show_order (ctl, dex_await_boxed (muster_api_orders_allocate (ctl->client,
                                                                       muster_entity_get_id (order),
                                                                       lines),
                                           error));
}

static gboolean
run_availability (MusterCtl *ctl, MusterEntity *order, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("LINE"), 0 },
                                             { N_ ("WANTED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("RESERVED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("AVAILABLE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("SHORT"), MUSTER_CTL_COLUMN_RIGHT },
                                             { NULL, 0 } };
  static const char *const     names[] = { "order_item_id", "wanted", "reserved",
                                           "available",     "short",  NULL };

  return muster_ctl_show_rows (
    ctl,
    dex_await_boxed (muster_api_orders_get_availability (ctl->client, muster_entity_get_id (order)),
                     error),
    "items", columns, names, _ ("No goods."));
}

/* --- deliveries --- */

static const MusterCtlColumn delivery_columns[] = { { N_ ("NUMBER"), 0 },
                                                    { N_ ("STATUS"), 0 },
                                                    { N_ ("CARRIER"), MUSTER_CTL_COLUMN_ELIDE },
                                                    { N_ ("TRACKING"), MUSTER_CTL_COLUMN_ELIDE },
                                                    { N_ ("SHIPPED"), 0 },
                                                    { N_ ("DELIVERED"), 0 },
                                                    { NULL, 0 } };
static const char *const     delivery_fields[] = {
  "delivery_number", "status", "carrier", "tracking_number", "shipped_at", "delivered_at", NULL
};
static const char *const delivery_keys[] = { "delivery_number", "tracking_number", NULL };

static const MusterCtlCollection deliveries = {
  &muster_delivery_info, delivery_columns,      delivery_fields, "-id",
  delivery_keys,         N_ ("No deliveries."),
};

static gboolean
show_delivery (MusterCtl *ctl, JsonObject *delivery)
{
  static const MusterCtlColumn columns[] = { { N_ ("SERIAL"), 0 },
                                             { N_ ("QUANTITY"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("RECEIVED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("ID"), 0 },
                                             { NULL, 0 } };
  static const char *const     names[] = { "serial", "quantity", "received", "id", NULL };

  return show_with_items (ctl, &muster_delivery_info, delivery, columns, names);
}

/* What of REST says something about the delivery: (transfer full). */
static JsonObject *
read_delivery_pairs (MusterCtl *ctl, char **rest, GError **error)
{
  static const MusterField own[] = {
    { "recipient", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120 },
    { "carrier", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120 },
    { "tracking_number", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120 },
    { "delivery_notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 10000 },
    { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "location" },
    { "order_item_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE },
    { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 1000000000 },
    { "complete", MUSTER_FIELD_BOOLEAN },
  };

  return muster_ctl_read_pairs (ctl, own, G_N_ELEMENTS (own), rest, error);
}

/* METHOD PATH of the delivery with BODY (taken; NULL gives NULL). */
static JsonObject *
call_delivery (MusterCtl    *ctl,
               const char   *method,
               MusterEntity *delivery,
               const char   *action,
               JsonObject   *body,
               GError      **error)
{
  MusterApiRequest *request = NULL;

  if (body == NULL)
    return NULL;
  request =
    muster_api_request_new (method, "deliveries", muster_entity_get_id (delivery), action, NULL);
  muster_api_request_take_object (request, body);
  return dex_await_boxed (muster_api_call_object (ctl->client, request), error);
}

static gboolean
run_ship (MusterCtl *ctl, MusterEntity *order, char **rest, GError **error)
{
  g_autofree char **others = NULL;
  g_autofree char **units = take_words (rest, UNIT, &others);
  g_autoptr (JsonArray) lines = NULL;
  JsonObject *body = NULL;

  if (!read_units (ctl, order, units, &lines, error))
    return FALSE;
  body = read_delivery_pairs (ctl, others, error);
  if (body != NULL && lines != NULL)
    json_object_set_array_member (body, "lines", g_steal_pointer (&lines));
  return body != NULL &&
         show_delivery (ctl, dex_await_boxed (muster_api_orders_ship (ctl->client,
                                                                      muster_entity_get_id (order),
                                                                      body),
                                              error));
}

gboolean
muster_ctl_orders_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  static const MusterCtlVerb verbs[] = {
    { "show", TRUE, 0, 0, run_show },
    { "add", FALSE, 1, -1, run_add },
    { "confirm", TRUE, 0, 0, run_confirm },
    { "cancel", TRUE, 0, 0, run_cancel },
    { "deliver", TRUE, 0, 0, run_deliver },
    { "status", TRUE, 1, 1, run_status },
    { "allocate", TRUE, 0, -1, run_allocate },
    { "ship", TRUE, 0, -1, run_ship },
    { "availability", TRUE, 0, 0, run_availability },
    { NULL },
  };

  return muster_ctl_collection_run (&orders, verbs, ctl, command, args, error);
}

static gboolean
run_show_delivery (MusterCtl *ctl, MusterEntity *delivery, char **rest, GError **error)
{
  return show_delivery (
    ctl, dex_await_boxed (muster_api_deliveries_get (ctl->client, muster_entity_get_id (delivery)),
                          error));
}

static gboolean
run_add_delivery (MusterCtl *ctl, MusterEntity *delivery, char **rest, GError **error)
{
  g_autoptr (MusterEntity) order = muster_ctl_collection_find (&orders, ctl, rest[0], error);
  JsonObject *body = order != NULL ? read_delivery_pairs (ctl, rest + 1, error) : NULL;

  if (body == NULL)
    return FALSE;
  json_object_set_string_member (body, "order_id", muster_entity_get_id (order));
  return show_delivery (ctl,
                        dex_await_boxed (muster_api_deliveries_create (ctl->client, body), error));
}

static gboolean
run_delivery_status (MusterCtl *ctl, MusterEntity *delivery, char **rest, GError **error)
{
  JsonObject *body = read_delivery_pairs (ctl, rest + 1, error);

  if (body != NULL)
    json_object_set_string_member (body, "status", rest[0]);
  return show_delivery (ctl, call_delivery (ctl, "PUT", delivery, "status", body, error));
}

/* The strokes in the last of FILES: (transfer full), in *SIGNATURE, NULL of no files. */
static gboolean
read_signature (char **files, JsonNode **signature, GError **error)
{
  *signature = NULL;
  for (char **file = files; *file != NULL; file++)
    {
      g_autofree char *text = NULL;

      g_clear_pointer (signature, json_node_unref);
      if (!g_file_get_contents (*file, &text, NULL, error))
        return FALSE;
      *signature = json_from_string (text, error);
      if (*signature == NULL)
        {
          g_prefix_error (error, _ ("%s holds no strokes, [[[x, y], …], …]: "), *file);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
run_delivery_confirm (MusterCtl *ctl, MusterEntity *delivery, char **rest, GError **error)
{
  g_autofree char **others = NULL;
  g_autofree char **files = take_words (rest, "signature=", &others);
  g_autoptr (JsonNode) signature = NULL;
  JsonObject *body = NULL;

  if (!read_signature (files, &signature, error))
    return FALSE;
  body = read_delivery_pairs (ctl, others, error);
  if (body != NULL && signature != NULL)
    json_object_set_member (body, "signature", g_steal_pointer (&signature));
  return show_delivery (ctl, call_delivery (ctl, "PUT", delivery, "confirm", body, error));
}

static gboolean
run_announce (MusterCtl *ctl, MusterEntity *delivery, char **rest, GError **error)
{
  JsonObject      *body = read_delivery_pairs (ctl, rest + 1, error);
  g_autofree char *text = NULL;

  if (body == NULL)
    return FALSE;
  if (g_file_test (rest[0], G_FILE_TEST_IS_REGULAR) &&
      !g_file_get_contents (rest[0], &text, NULL, error))
    {
      json_object_unref (body);
      return FALSE;
    }
  json_object_set_string_member (body, "text", text != NULL ? text : rest[0]);
  return show_delivery (ctl, call_delivery (ctl, "POST", delivery, "items", body, error));
}

static gboolean
run_delivery_scan (MusterCtl *ctl, MusterEntity *delivery, char **rest, GError **error)
{
  JsonObject *body = read_delivery_pairs (ctl, rest + 1, error);
  g_autoptr (JsonObject) found = NULL;

  if (body != NULL)
    json_object_set_string_member (body, "code", rest[0]);
  found = call_delivery (ctl, "POST", delivery, "scans", body, error);
  if (found == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (found);
  else
    muster_ctl_print ("%s  %s  %s\n", json_object_get_string_member (found, "result"),
                      json_object_get_string_member (found, "code"),
                      json_object_get_string_member_with_default (found, "detail", ""));
  return TRUE;
}

static gboolean
run_issues (MusterCtl *ctl, MusterEntity *delivery, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("KIND"), 0 },
                                             { N_ ("STATUS"), 0 },
                                             { N_ ("QUANTITY"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("DESCRIPTION"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("FOLLOW-UP"), 0 },
                                             { N_ ("ID"), 0 },
                                             { NULL, 0 } };
  static const char *const     names[] = { "kind",      "status", "quantity", "description",
                                           "follow_up", "id",     NULL };
  g_autoptr (MusterApiPage) page = dex_await_object (
    muster_api_deliveries_list_issues (ctl->client, muster_entity_get_id (delivery)), error);

  return page != NULL &&
         muster_ctl_show_rows (ctl, json_object_ref (muster_api_page_get_json (page)), "items",
                               columns, names, _ ("Nothing is wrong with it."));
}

static gboolean
run_issue (MusterCtl *ctl, MusterEntity *delivery, char **rest, GError **error)
{
  JsonObject *body = muster_ctl_read_pairs (ctl, muster_delivery_issue_info.fields,
                                            muster_delivery_issue_info.n_fields, rest, error);

  return body != NULL &&
         muster_ctl_show_entity (ctl, dex_await_object (muster_api_deliveries_add_issue (
                                                          ctl->client,
                                                          muster_entity_get_id (delivery), body),
                                                        error));
}

static gboolean
run_follow (MusterCtl *ctl, MusterEntity *delivery, char **rest, GError **error)
{
  JsonObject *body = muster_ctl_read_pairs (ctl, muster_delivery_issue_info.fields,
                                            muster_delivery_issue_info.n_fields, rest + 1, error);

  return body != NULL &&
         muster_ctl_show_entity (
           ctl, dex_await_object (muster_api_delivery_issues_update (ctl->client, rest[0], body),
                                  error));
}

gboolean
muster_ctl_deliveries_run (MusterCtl              *ctl,
                           const MusterCtlCommand *command,
                           char                  **args,
                           GError                **error)
{
  static const MusterCtlVerb verbs[] = {
    { "show", TRUE, 0, 0, run_show_delivery },
    { "add", FALSE, 1, -1, run_add_delivery },
    { "status", TRUE, 1, -1, run_delivery_status },
    { "confirm", TRUE, 0, -1, run_delivery_confirm },
    { "announce", TRUE, 1, -1, run_announce },
    { "scan", TRUE, 1, -1, run_delivery_scan },
    { "issues", TRUE, 0, 0, run_issues },
    { "issue", TRUE, 1, -1, run_issue },
    { "follow", FALSE, 2, -1, run_follow },
    { NULL },
  };

  return muster_ctl_collection_run (&deliveries, verbs, ctl, command, args, error);
}

/* --- what is expected --- */

gboolean
muster_ctl_expected_run (MusterCtl              *ctl,
                         const MusterCtlCommand *command,
                         char                  **args,
                         GError                **error)
{
  static const MusterCtlColumn columns[] = {
    { N_ ("SERIAL"), 0 }, { N_ ("MAC"), 0 },      { N_ ("PRODUCT"), MUSTER_CTL_COLUMN_ELIDE },
    { N_ ("ORDER"), 0 },  { N_ ("DELIVERY"), 0 }, { N_ ("SECRET"), 0 },
    { NULL, 0 }
  };
  static const char *const names[] = { "serial",          "mac",          "product", "order_number",
                                       "delivery_number", "secret_known", NULL };
  g_auto (GStrv) positional = g_strdupv (args);

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 0, 0, error))
    return FALSE;
  return muster_ctl_show_rows (
    ctl,
    dex_await_boxed (muster_api_call_object (ctl->client,
                                             muster_api_request_new ("GET", "expected", "", NULL)),
                     error),
    "items", columns, names, _ ("Nothing is expected."));
}
