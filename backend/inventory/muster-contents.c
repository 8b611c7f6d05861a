/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-contents"

#include "config.h"

#include "model/muster-batch.h"
#include "model/muster-location.h"
#include "model/muster-product.h"
#include "model/muster-stock-level.h"
#include "muster-inventory-service-private.h"
#include "muster-location-rules.h"

/* What lies at a place. */
typedef struct
{
  MusterInventoryService *service; /* (owned) */
  char                   *location_id;
  gboolean                recursive;
  MusterQuery            *units; /* (owned) */

  GStrv    places; /* (nullable): found by the job */
  GString *goods;  /* (owned) */
} Contents;

static void
contents_clear (gpointer data)
{
  Contents *self = data;

  g_object_unref (self->service);
  g_free (self->location_id);
  muster_query_unref (self->units);
  g_strfreev (self->places);
  g_string_free (self->goods, TRUE);
}

static void
contents_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, contents_clear);
}

static gboolean
contents_find_places (Contents *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterEntity) place = NULL;

  if (self->recursive)
    {
      self->places = muster_location_list_within (transaction, self->location_id, error);
      return self->places != NULL;
    }
  place = muster_transaction_get (transaction, &muster_location_info, self->location_id, error);
  if (place == NULL)
    return FALSE;
  self->places = g_strdupv ((char *[]){ self->location_id, NULL });
  return TRUE;
}

static const char *
get_text (MusterEntity *entity, const char *field)
{
  return entity != NULL ? muster_entity_get_string (entity, field) : NULL;
}

static gboolean
contents_add_level (Contents          *self,
                    MusterTransaction *transaction,
                    MusterEntity      *level,
                    GError           **error)
{
  const char *location_id = muster_entity_get_string (level, "location_id");
  const char *batch_id = muster_entity_get_string (level, "batch_id");
  g_autoptr (MusterEntity) product = NULL;
  g_autoptr (MusterEntity) location = NULL;
  g_autoptr (MusterEntity) batch = NULL;
  GString *json = self->goods;

  product = muster_transaction_get (transaction, &muster_product_info,
                                    muster_entity_get_string (level, "product_id"), error);
  if (product == NULL)
    return FALSE;
  if (muster_entity_get_enum (product, "tracking") == MUSTER_TRACKING_SERIAL)
    return TRUE;
  location = muster_transaction_get (transaction, &muster_location_info, location_id, error);
  if (location == NULL)
    return FALSE;
  if (batch_id != NULL)
    batch = muster_transaction_get (transaction, &muster_batch_info, batch_id, NULL);
  g_string_append (json, json->len > 0 ? ",{" : "{");
  muster_inventory_append_member (json, "product_id", muster_entity_get_id (product));
  muster_inventory_append_member (json, "name", muster_entity_get_string (product, "name"));
  muster_inventory_append_member (json, "sku", muster_entity_get_string (product, "sku"));
  muster_inventory_append_member (json, "location_id", location_id);
  muster_inventory_append_member (json, "location", muster_entity_get_string (location, "path"));
  muster_inventory_append_member (json, "batch_id", batch_id);
  muster_inventory_append_member (json, "batch", get_text (batch, "number"));
  g_string_append_printf (json,
                          ",\"quantity\":%" G_GINT64_FORMAT ",\"reserved\":%" G_GINT64_FORMAT "}",
                          muster_entity_get_integer (level, "quantity"),
                          muster_entity_get_integer (level, "reserved"));
  return TRUE;
}

static gboolean
contents_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Contents *self = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_stock_level_info);
  g_autoptr (GPtrArray) levels = NULL;

  if (!contents_find_places (self, transaction, error))
    return FALSE;
  muster_query_where_any (query, "location_id", (const char *const *)self->places);
  muster_query_set_limit (query, 0);
  levels = muster_transaction_select (transaction, query, error);
  for (guint i = 0; levels != NULL && i < levels->len; i++)
    if (!contents_add_level (self, transaction, levels->pdata[i], error))
      return FALSE;
  return levels != NULL;
}

/* The page of units, an object, with the goods as one member more. */
static GBytes *
join (GBytes *units, GString *goods)
{
  gsize       length = 0;
  const char *text = g_bytes_get_data (units, &length);
  GString    *json = g_string_sized_new (length + goods->len + 16);

  g_string_append_len (json, text, length - 1);
  g_string_append_printf (json, ",\"goods\":[%s]}", goods->str);
  return g_string_free_to_bytes (json);
}

static DexFuture *
contents_fiber (gpointer data)
{
  Contents *self = data;
  g_autoptr (GBytes) units = NULL;
  GError *error = NULL;

  if (!dex_await (muster_inventory_service_read (self->service,
                                                 muster_query_get_as_of (self->units), contents_job,
                                                 g_atomic_rc_box_acquire (self), contents_unref),
                  &error))
    return dex_future_new_for_error (error);
  muster_query_where_any (self->units, "location_id", (const char *const *)self->places);
  units = dex_await_boxed (muster_repository_list_json (
                             muster_inventory_service_get_repository (self->service), self->units),
                           &error);
  if (units == NULL)
    return dex_future_new_for_error (error);
  return dex_future_new_take_boxed (G_TYPE_BYTES, join (units, self->goods));
}

DexFuture *
muster_inventory_service_list_contents (MusterInventoryService *self,
                                        const char             *location_id,
                                        gboolean                recursive,
                                        MusterQuery            *units)
{
  Contents *contents = NULL;

  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (location_id != NULL, NULL);
  g_return_val_if_fail (units != NULL, NULL);

  contents = g_atomic_rc_box_new0 (Contents);
  contents->service = g_object_ref (self);
  contents->location_id = g_strdup (location_id);
  contents->recursive = recursive;
  contents->units = muster_query_ref (units);
  contents->goods = g_string_new (NULL);
  return dex_scheduler_spawn (NULL, 0, contents_fiber, contents, contents_unref);
}
