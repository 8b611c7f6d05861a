/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-inventory"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-inventory.h"
#include "client/muster-api-json.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-inventory.h"
#include "muster-ctl-record.h"

#include "model/muster-device.h"
#include "model/muster-stock-level.h"
#include "model/muster-stock-move.h"

#define MAX_COLUMNS 16

/* --- tables --- */

/* (transfer full) (nullable) */
static char *
format_cell (JsonObject *row, const char *name)
{
  JsonNode *node = json_object_get_member (row, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  return json_to_string (node, FALSE);
}

gboolean
muster_ctl_show_rows (MusterCtl             *ctl,
                      JsonObject            *object,
                      const char            *member,
                      const MusterCtlColumn *columns,
                      const char *const     *names,
                      const char            *empty)
{
  g_autoptr (JsonObject) owned = object;
  MusterCtlTable *table = NULL;
  JsonArray      *rows = NULL;

  if (object == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (object);
      return TRUE;
    }
  table = muster_ctl_table_new (columns);
  rows = muster_api_json_get_array (object, member);
  for (unsigned i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonObject *row = muster_api_json_as_object (json_array_get_element (rows, i));
      char       *cells[MAX_COLUMNS + 1] = { NULL };

      for (unsigned j = 0; row != NULL && names[j] != NULL && j < MAX_COLUMNS; j++)
        cells[j] = format_cell (row, names[j]);
      muster_ctl_table_add (table, (const char *const *)cells);
      for (unsigned j = 0; j < MAX_COLUMNS; j++)
        g_free (cells[j]);
    }
  muster_ctl_print_table (ctl, table, empty);
  return TRUE;
}

/* --- products --- */

static const MusterCtlColumn product_columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                                   { N_ ("SKU"), 0 },
                                                   { N_ ("TRACKING"), 0 },
                                                   { N_ ("ON HAND"), MUSTER_CTL_COLUMN_RIGHT },
                                                   { N_ ("RESERVED"), MUSTER_CTL_COLUMN_RIGHT },
                                                   { N_ ("PRICE"), MUSTER_CTL_COLUMN_RIGHT },
                                                   { N_ ("CURRENCY"), 0 },
                                                   { N_ ("SUPPLIER"), MUSTER_CTL_COLUMN_ELIDE },
                                                   { NULL, 0 } };
static const char *const     product_fields[] = { "name",     "sku",      "tracking",
                                                  "on_hand",  "reserved", "unit_price",
                                                  "currency", "supplier", NULL };
static const char *const     product_keys[] = { "sku", "gtin", "name", NULL };

const MusterCtlCollection muster_ctl_products = {
  &muster_product_info, product_columns, product_fields, "name", product_keys, N_ ("No products."),
};

/* clang-format off */
static const MusterField receipt_fields[] = {
  { "serials", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE },
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "location" },
  { "batch", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE },
  { "expires_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE },
  { "received_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE },
  { "notes", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE },
};
/* clang-format on */

static gboolean
receive (MusterCtl *ctl, MusterEntity *product, char **rest, GError **error)
{
  JsonObject *receipt =
    muster_ctl_read_pairs (ctl, receipt_fields, G_N_ELEMENTS (receipt_fields), rest, error);
  g_autoptr (JsonObject) received = NULL;
  JsonArray *devices = NULL;

  if (receipt == NULL)
    return FALSE;
  received = dex_await_boxed (muster_api_products_receive (ctl->client,
                                                           muster_entity_get_id (product), receipt),
                              error);
  if (received == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (received);
      return TRUE;
    }
  devices = muster_api_json_get_array (received, "devices");
  muster_ctl_print (_ ("%d × %s received\n"),
                    (int)json_object_get_int_member_with_default (received, "quantity", 0),
                    muster_entity_get_string (product, "name"));
  for (unsigned i = 0; devices != NULL && i < json_array_get_length (devices); i++)
    {
      JsonObject *device = muster_api_json_as_object (json_array_get_element (devices, i));

      if (device != NULL)
        muster_ctl_print ("%s  %s\n", muster_api_json_get_string (device, "id"),
                          muster_api_json_get_string (device, "serial"));
    }
  return TRUE;
}

gboolean
muster_ctl_products_run (MusterCtl              *ctl,
                         const MusterCtlCommand *command,
                         char                  **args,
                         GError                **error)
{
  static const MusterCtlVerb verbs[] = { { "receive", TRUE, 1, -1, receive }, { NULL } };

  return muster_ctl_collection_run (&muster_ctl_products, verbs, ctl, command, args, error);
}

/* --- places --- */

static const MusterCtlColumn location_columns[] = { { N_ ("PATH"), MUSTER_CTL_COLUMN_ELIDE },
                                                    { N_ ("KIND"), 0 },
                                                    { N_ ("CODE"), 0 },
                                                    { N_ ("ID"), 0 },
                                                    { NULL, 0 } };
static const char *const     location_fields[] = { "path", "kind", "code", "id", NULL };
static const char *const     location_keys[] = { "code", "name", "path", NULL };

const MusterCtlCollection muster_ctl_locations = {
  &muster_location_info, location_columns,  location_fields, "path",
  location_keys,         N_ ("No places."),
};

static gboolean
contents (MusterCtl *ctl, MusterEntity *location, char **rest, GError **error)
{
  static const MusterCtlColumn unit_columns[] = { { N_ ("UNIT"), MUSTER_CTL_COLUMN_ELIDE },
                                                  { N_ ("SERIAL"), 0 },
                                                  { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                                  { NULL, 0 } };
  static const MusterCtlColumn goods_columns[] = { { N_ ("GOODS"), MUSTER_CTL_COLUMN_ELIDE },
                                                   { N_ ("PLACE"), MUSTER_CTL_COLUMN_ELIDE },
                                                   { N_ ("BATCH"), 0 },
                                                   { N_ ("QUANTITY"), MUSTER_CTL_COLUMN_RIGHT },
                                                   { N_ ("RESERVED"), MUSTER_CTL_COLUMN_RIGHT },
                                                   { NULL, 0 } };
  static const char *const     unit_fields[] = { "name", "serial", "status", NULL };
  static const char *const     goods_names[] = { "name",     "location", "batch",
                                                 "quantity", "reserved", NULL };
  const MusterApiListQuery     query = { .sort = "name", .limit = 1000 };
  g_autoptr (MusterApiPage) page = dex_await_object (
    muster_api_locations_list_contents (ctl->client, muster_entity_get_id (location), TRUE, &query),
    error);

  if (page == NULL)
    return FALSE;
  if (!ctl->json)
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), unit_columns, unit_fields,
                           _ ("No units."));
  return muster_ctl_show_rows (ctl, json_object_ref (muster_api_page_get_json (page)), "goods",
                               goods_columns, goods_names, _ ("No goods."));
}

gboolean
muster_ctl_locations_run (MusterCtl              *ctl,
                          const MusterCtlCommand *command,
                          char                  **args,
                          GError                **error)
{
  static const MusterCtlVerb verbs[] = { { "contents", TRUE, 0, 0, contents }, { NULL } };

  return muster_ctl_collection_run (&muster_ctl_locations, verbs, ctl, command, args, error);
}

/* --- batches --- */

static const MusterCtlColumn batch_columns[] = { { N_ ("NUMBER"), 0 },      { N_ ("RECEIVED"), 0 },
                                                 { N_ ("BEST BEFORE"), 0 }, { N_ ("SUPPLIER"), 0 },
                                                 { N_ ("ID"), 0 },          { NULL, 0 } };
static const char *const     batch_fields[] = { "number",   "received_at", "expires_at",
                                                "supplier", "id",          NULL };
static const char *const     batch_keys[] = { "number", NULL };

const MusterCtlCollection muster_ctl_batches = {
  &muster_batch_info, batch_columns, batch_fields, "number", batch_keys, N_ ("No batches."),
};

gboolean
muster_ctl_batches_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  return muster_ctl_collection_run (&muster_ctl_batches, NULL, ctl, command, args, error);
}

/* --- stock --- */

static const MusterCtlColumn level_columns[] = { { N_ ("PRODUCT"), 0 },
                                                 { N_ ("PLACE"), 0 },
                                                 { N_ ("BATCH"), 0 },
                                                 { N_ ("QUANTITY"), MUSTER_CTL_COLUMN_RIGHT },
                                                 { N_ ("RESERVED"), MUSTER_CTL_COLUMN_RIGHT },
                                                 { NULL, 0 } };
static const char *const     level_fields[] = { "product_id", "location_id", "batch_id",
                                                "quantity",   "reserved",    NULL };
static const char *const     no_keys[] = { NULL };

static const MusterCtlCollection levels = {
  &muster_stock_level_info,    level_columns, level_fields, "product_id", no_keys,
  N_ ("Nothing is in stock."),
};

static const MusterCtlColumn move_columns[] = { { N_ ("WHEN"), 0 },
                                                { N_ ("REASON"), 0 },
                                                { N_ ("QUANTITY"), MUSTER_CTL_COLUMN_RIGHT },
                                                { N_ ("PRODUCT"), 0 },
                                                { N_ ("DEVICE"), 0 },
                                                { N_ ("WHO"), MUSTER_CTL_COLUMN_ELIDE },
                                                { N_ ("NOTE"), MUSTER_CTL_COLUMN_ELIDE },
                                                { NULL, 0 } };
static const char *const     move_fields[] = { "created_at", "reason", "quantity", "product_id",
                                               "device_id",  "actor",  "note",     NULL };

static const MusterCtlCollection moves = {
  &muster_stock_move_info, move_columns, move_fields, "-id", no_keys, N_ ("Nothing was moved."),
};

static gboolean
list_levels (MusterCtl *ctl, char **rest, GError **error)
{
  return muster_ctl_collection_list (&levels, ctl, rest, error);
}

static gboolean
list_moves (MusterCtl *ctl, char **rest, GError **error)
{
  return muster_ctl_collection_list (&moves, ctl, rest, error);
}

static gboolean
check_stock (MusterCtl *ctl, char **rest, GError **error)
{
  g_autoptr (JsonObject) report = dex_await_boxed (muster_api_stock_check (ctl->client), error);
  JsonArray *differences = NULL;

  if (report == NULL)
    return FALSE;
  differences = muster_api_json_get_array (report, "differences");
  if (ctl->json)
    muster_ctl_print_object (report);
  for (unsigned i = 0; !ctl->json && differences != NULL && i < json_array_get_length (differences);
       i++)
    muster_ctl_print ("%s\n", json_array_get_string_element (differences, i));
  if (differences != NULL && json_array_get_length (differences) > 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED,
                   _ ("the quantities are not the sum of the moves"));
      return FALSE;
    }
  if (!ctl->json)
    muster_ctl_print (_ ("All quantities are the sum of %d moves.\n"),
                      (int)json_object_get_int_member_with_default (report, "moves", 0));
  return TRUE;
}

static gboolean
list_reorders (MusterCtl *ctl, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = {
    { N_ ("PRODUCT"), MUSTER_CTL_COLUMN_ELIDE },  { N_ ("SKU"), 0 },
    { N_ ("SUPPLIER"), MUSTER_CTL_COLUMN_ELIDE }, { N_ ("AVAILABLE"), MUSTER_CTL_COLUMN_RIGHT },
    { N_ ("ON ORDER"), MUSTER_CTL_COLUMN_RIGHT }, { N_ ("POINT"), MUSTER_CTL_COLUMN_RIGHT },
    { N_ ("ORDER"), MUSTER_CTL_COLUMN_RIGHT },    { NULL, 0 }
  };
  static const char *const names[] = { "name",     "sku",           "supplier",  "available",
                                       "on_order", "reorder_point", "suggested", NULL };

  return muster_ctl_show_rows (ctl, dex_await_boxed (muster_api_reorder_list (ctl->client), error),
                               "items", columns, names, _ ("Enough of everything."));
}

/* clang-format off */
static const MusterField hand_fields[] = {
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE },
  { "from_location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "location" },
  { "to_location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "location" },
  { "from", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "location" },
  { "to", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "location" },
  { "batch_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "batch" },
  { "note", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE },
};
/* clang-format on */

static void
rename_member (JsonObject *object, const char *from, const char *to)
{
  if (!json_object_has_member (object, from))
    return;
  json_object_set_member (object, to, json_object_dup_member (object, from));
  json_object_remove_member (object, from);
}

/* What moves: a product by its SKU or name, else a device. */
static gboolean
set_subject (MusterCtl *ctl, const char *text, JsonObject *move, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterEntity) product =
              muster_ctl_collection_find (&muster_ctl_products, ctl, text, &cause);
  g_autoptr (MusterEntity) device = NULL;

  if (product != NULL && muster_entity_get_enum (product, "tracking") == MUSTER_TRACKING_QUANTITY)
    {
      json_object_set_string_member (move, "product_id", muster_entity_get_id (product));
      return TRUE;
    }
  if (cause != NULL && !g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  device = muster_ctl_find_device (ctl, text, error);
  if (device == NULL)
    return FALSE;
  json_object_set_string_member (move, "device_id", muster_entity_get_id (device));
  return TRUE;
}

/* WORDS: reason, what, `name=value`… */
static gboolean
move_by_hand (MusterCtl *ctl, char **words, GError **error)
{
  g_autoptr (JsonObject) move = NULL;

  if (words[1] == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("name what moves: a device, or a product that is kept by quantity"));
      return FALSE;
    }
  move = muster_ctl_read_pairs (ctl, hand_fields, G_N_ELEMENTS (hand_fields), words + 2, error);
  if (move == NULL || !set_subject (ctl, words[1], move, error))
    return FALSE;
  rename_member (move, "from", "from_location_id");
  rename_member (move, "to", "to_location_id");
  json_object_set_string_member (move, "reason", words[0]);
  return muster_ctl_show_entity (
    ctl,
    dex_await_object (muster_api_stock_moves_create (ctl->client, g_steal_pointer (&move)), error));
}

gboolean
muster_ctl_stock_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  static const struct
  {
    const char *name;
    gboolean (*run) (MusterCtl *ctl, char **rest, GError **error);
  } verbs[] = { { "levels", list_levels },
                { "moves", list_moves },
                { "check", check_stock },
                { "reorder", list_reorders } };
  static const char *const by_hand[] = { "move", "put_away", "return", "adjust", "scrap", NULL };
  g_auto (GStrv) positional = g_strdupv (args);
  const char *word = NULL;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 0, -1, error))
    return FALSE;
  word = positional[1] != NULL ? positional[1] : "levels";
  for (unsigned i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i].name, word))
      return verbs[i].run (ctl, positional + (positional[1] != NULL ? 2 : 1), error);
  if (g_strv_contains (by_hand, word))
    return move_by_hand (ctl, positional + 1, error);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("usage: musterctl %s %s"),
               command->name, command->usage);
  return FALSE;
}
