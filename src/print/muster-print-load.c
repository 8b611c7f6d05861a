/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-print-load"

#include "config.h"

#include <string.h>

#include "client/muster-api-calls.h"
#include "client/muster-api-json.h"
#include "client/muster-api-site.h"
#include "model/muster-adoption-code.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device.h"
#include "model/muster-location.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-product.h"
#include "model/muster-stocktake-line.h"
#include "model/muster-stock-move.h"
#include "model/muster-stocktake.h"
#include "muster-print-load.h"

/* Identifiers in one request: more would make its address too long. */
#define IDS_A_REQUEST 200

MusterPrintRecords *
muster_print_load_site (MusterApiClient *client, GError **error)
{
  g_autoptr (MusterSite) site = dex_await_object (muster_api_site_get (client), error);
  g_autoptr (GTimeZone) zone = NULL;
  const char *name = NULL;

  if (site == NULL)
    return NULL;
  name = muster_entity_get_string (MUSTER_ENTITY (site), "timezone");
  zone = name != NULL ? g_time_zone_new_identifier (name) : NULL;
  return muster_print_records_new (muster_entity_get_string (MUSTER_ENTITY (site), "name"), zone);
}

/* A list of the API: of all records of INFO whose FIELD is VALUE (several, joined by commas), or
 * (PART) of those that belong to the record ID of the collection OWNER. */
typedef struct
{
  const MusterEntityInfo *info;
  const char             *sort;
  const char             *field;
  const char             *value;
  const char             *owner;
  const char             *id;
  const char             *part;
} List;

static MusterApiRequest *
list_make_request (const List *list)
{
  return list->part != NULL
           ? muster_api_request_new ("GET", list->owner, list->id, list->part, NULL)
           : muster_api_request_new ("GET", list->info->path, "", NULL);
}

/* Every record of LIST, added to RECORDS. */
static gboolean
load_list (MusterApiClient *client, const List *list, GPtrArray *records, GError **error)
{
  const char *const  filters[] = { list->field, list->value, NULL };
  g_autofree char   *cursor = NULL;
  MusterApiListQuery query = { .sort = list->sort, .limit = 1000, .filters = filters };

  do
    {
      g_autoptr (MusterApiPage) page = NULL;

      query.cursor = cursor;
      page = dex_await_object (muster_api_call_page (client, list_make_request (list), &query,
                                                     list->info),
                               error);
      if (page == NULL)
        return FALSE;
      for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
        g_ptr_array_add (records, g_object_ref (muster_api_page_get (page, i)));
      g_set_str (&cursor, muster_api_page_get_next (page));
    }
  while (cursor != NULL);
  return TRUE;
}

/* The records of INFO that FIELD of ENTITIES points at, each once. */
static gboolean
load_targets (MusterPrintRecords     *self,
              MusterApiClient        *client,
              GPtrArray              *entities,
              const char             *field,
              const MusterEntityInfo *info,
              GError                **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char **list = NULL;
  guint             n_ids;

  for (guint i = 0; i < entities->len; i++)
    {
      const char *id = muster_entity_get_string (entities->pdata[i], field);

      if (id != NULL && !g_hash_table_contains (self->others, id))
        g_hash_table_add (ids, (gpointer)id);
    }
  list = (char **)g_hash_table_get_keys_as_array (ids, &n_ids);
  for (guint i = 0; i < n_ids; i += IDS_A_REQUEST)
    {
      g_autoptr (GStrvBuilder) some = g_strv_builder_new ();
      g_auto (GStrv) part = NULL;
      g_autofree char *joined = NULL;

      for (guint j = i; j < MIN (n_ids, i + IDS_A_REQUEST); j++)
        g_strv_builder_add (some, list[j]);
      part = g_strv_builder_end (some);
      joined = g_strjoinv (",", part);
      if (!load_list (client, &(List){ info, .field = "id", .value = joined }, found, error))
        return FALSE;
    }
  for (guint i = 0; i < found->len; i++)
    muster_print_records_add_other (self, found->pdata[i]);
  return TRUE;
}

/* The record ID of INFO, added to RECORDS; the rows of its member MEMBER (nullable), of ROW_INFO,
 * to ROWS. */
static gboolean
load_record (MusterApiClient        *client,
             const MusterEntityInfo *info,
             const char             *id,
             GPtrArray              *records,
             const char             *member,
             const MusterEntityInfo *row_info,
             GPtrArray              *rows,
             GError                **error)
{
  g_autoptr (JsonObject) object = dex_await_boxed (
    muster_api_call_object (client, muster_api_request_new ("GET", info->path, id, NULL)), error);
  MusterEntity *entity = object != NULL ? muster_entity_new_from_json (info, object, error) : NULL;
  JsonArray    *array = NULL;

  if (entity == NULL)
    return FALSE;
  g_ptr_array_add (records, entity);
  array = member != NULL ? muster_api_json_get_array (object, member) : NULL;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      MusterEntity *row =
        muster_entity_new_from_json (row_info, json_array_get_object_element (array, i), error);

      if (row == NULL)
        return FALSE;
      g_ptr_array_add (rows, row);
    }
  return TRUE;
}

/* The units set aside for the order's lines. */
static gboolean
load_units (MusterPrintRecords *self, MusterApiClient *client, GError **error)
{
  for (guint i = 0; i < self->items->len; i += IDS_A_REQUEST)
    {
      g_autoptr (GString) joined = g_string_new (NULL);

      for (guint j = i; j < MIN (self->items->len, i + IDS_A_REQUEST); j++)
        g_string_append_printf (joined, "%s%s", joined->len > 0 ? "," : "",
                                muster_entity_get_id (self->items->pdata[j]));
      if (!load_list (client,
                      &(List){ &muster_device_info, "serial", .field = "order_item_id",
                               .value = joined->str },
                      self->devices, error))
        return FALSE;
    }
  return TRUE;
}

/* The moves of goods that bear no serial numbers. Customers, who print invoices, see none. */
static gboolean
load_goods (MusterPrintRecords *self, MusterApiClient *client, const char *id, GError **error)
{
  g_autoptr (GError) refused = NULL;

  if (load_list (client, &(List){ &muster_stock_move_info, "id", .field = "order_id", .value = id },
                 self->moves, &refused) ||
      g_error_matches (refused, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refused));
  return FALSE;
}

gboolean
muster_print_load_order (MusterPrintRecords *self,
                         MusterApiClient    *client,
                         const char         *id,
                         GError            **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  return load_record (client, &muster_order_info, id, self->orders, "items",
                      &muster_order_item_info, self->items, error) &&
         load_units (self, client, error) && load_goods (self, client, id, error) &&
         load_targets (self, client, self->items, "product_id", &muster_product_info, error) &&
         load_targets (self, client, self->items, "device_id", &muster_device_info, error) &&
         load_targets (self, client, self->devices, "location_id", &muster_location_info, error) &&
         load_targets (self, client, self->moves, "from_location_id", &muster_location_info, error);
}

gboolean
muster_print_load_delivery (MusterPrintRecords *self,
                            MusterApiClient    *client,
                            const char         *id,
                            GError            **error)
{
  MusterEntity *delivery = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  if (!load_record (client, &muster_delivery_info, id, self->deliveries, NULL, NULL, NULL, error))
    return FALSE;
  delivery = self->deliveries->pdata[0];
  return load_list (client,
                    &(List){ &muster_delivery_item_info, "id", .owner = "deliveries", .id = id,
                             .part = "items" },
                    self->delivery_items, error) &&
         load_record (client, &muster_order_info, muster_entity_get_string (delivery, "order_id"),
                      self->orders, "items", &muster_order_item_info, self->items, error) &&
         load_targets (self, client, self->delivery_items, "product_id", &muster_product_info,
                       error) &&
         load_targets (self, client, self->delivery_items, "device_id", &muster_device_info, error);
}

gboolean
muster_print_load_stocktake (MusterPrintRecords *self,
                             MusterApiClient    *client,
                             const char         *id,
                             GError            **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  return load_record (client, &muster_stocktake_info, id, self->stocktakes, NULL, NULL, NULL,
                      error) &&
         load_list (client,
                    &(List){ &muster_stocktake_line_info, "code", .owner = "stocktakes", .id = id,
                             .part = "lines" },
                    self->lines, error) &&
         load_targets (self, client, self->lines, "product_id", &muster_product_info, error) &&
         load_targets (self, client, self->lines, "device_id", &muster_device_info, error) &&
         load_targets (self, client, self->lines, "location_id", &muster_location_info, error) &&
         load_targets (self, client, self->stocktakes, "location_id", &muster_location_info, error);
}

/* --- labels --- */

/* What the site tells for the label of the device ID, secret and code included. */
static gboolean
add_secret_label (MusterLabelPrint *print, MusterApiClient *client, const char *id, GError **error)
{
  g_autoptr (JsonObject) object = dex_await_boxed (
    muster_api_call_object (client, muster_api_request_new ("POST", "devices", id, "label", NULL)),
    error);
  MusterLabel label = { 0 };

  if (object == NULL)
    return FALSE;
  label.title = muster_api_json_get_string (object, "name");
  label.subtitle = muster_api_json_get_string (object, "model");
  label.bars = muster_api_json_get_string (object, "serial");
  label.matrix = muster_api_json_get_string (object, "code");
  label.secret = muster_api_json_get_string (object, "secret");
  if (label.title == NULL)
    label.title = label.bars != NULL ? label.bars : id;
  return muster_label_print_add (print, &label, error);
}

static gboolean
add_plain_label (MusterLabelPrint       *print,
                 MusterApiClient        *client,
                 const MusterEntityInfo *info,
                 const char             *id,
                 GError                **error)
{
  gboolean    is_place = info == &muster_location_info;
  MusterLabel label = { 0 };
  g_autoptr (MusterEntity) entity = dex_await_object (
    muster_api_call_entity (client, muster_api_request_new ("GET", info->path, id, NULL), info),
    error);

  if (entity == NULL)
    return FALSE;
  label.title = muster_entity_get_string (entity, "name");
  label.subtitle = muster_entity_get_string (entity, is_place ? "path" : "model");
  label.bars = muster_entity_get_string (entity, is_place ? "code" : "serial");
  return muster_label_print_add (print, &label, error);
}

gboolean
muster_print_load_labels (MusterLabelPrint  *print,
                          MusterApiClient   *client,
                          const char        *kind,
                          const char *const *ids,
                          gboolean           with_secrets,
                          GError           **error)
{
  const MusterEntityInfo *info =
    strcmp (kind, "location") == 0 ? &muster_location_info : &muster_device_info;

  g_return_val_if_fail (MUSTER_IS_LABEL_PRINT (print), FALSE);
  g_return_val_if_fail (ids != NULL, FALSE);

  for (; *ids != NULL; ids++)
    {
      gboolean done = with_secrets && info == &muster_device_info
                        ? add_secret_label (print, client, *ids, error)
                        : add_plain_label (print, client, info, *ids, error);

      if (!done)
        return FALSE;
    }
  return TRUE;
}
