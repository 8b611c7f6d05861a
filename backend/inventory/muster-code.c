/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-code"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-adoption-code.h"
#include "model/muster-delivery.h"
#include "model/muster-device.h"
#include "model/muster-location.h"
#include "model/muster-order.h"
#include "model/muster-product.h"
#include "muster-code.h"
#include "muster-inventory-service-private.h"

#define MAC_DIGITS 12
#define GTIN_MAX_LENGTH 14
#define GTIN_MIN_LENGTH 8

/* What is looked through, in this order. */
static const struct
{
  const MusterEntityInfo *info;
  const char             *field;
} places[] = {
  { &muster_device_info, "serial" },
  { &muster_device_info, "mac" },
  { &muster_location_info, "code" },
  { &muster_product_info, "sku" },
  { &muster_product_info, "gtin" },
  { &muster_order_info, "order_number" },
  { &muster_delivery_info, "delivery_number" },
  { &muster_delivery_info, "tracking_number" },
};

/* "A8-03-2A-B1-23-45", "a8032ab12345" as "a8:03:2a:b1:23:45": (transfer full), NULL for anything
 * else. */
static char *
normalize_mac (const char *code)
{
  GString *mac = g_string_new (NULL);
  unsigned n_digits = 0;

  for (; *code != '\0'; code++)
    {
      if (strchr (":-.", *code) != NULL)
        continue;
      if (!g_ascii_isxdigit (*code) || n_digits == MAC_DIGITS)
        {
          g_string_free (mac, TRUE);
          return NULL;
        }
      if (n_digits > 0 && n_digits % 2 == 0)
        g_string_append_c (mac, ':');
      g_string_append_c (mac, g_ascii_tolower (*code));
      n_digits++;
    }
  return g_string_free (mac, n_digits != MAC_DIGITS);
}

static gboolean
is_number (const char *code)
{
  gsize length = strlen (code);

  return length >= GTIN_MIN_LENGTH && length <= GTIN_MAX_LENGTH &&
         strspn (code, "0123456789") == length;
}

/* The same number is 8, 12, 13 or 14 digits long, with zeros in front. */
static MusterEntity *
find_gtin (MusterTransaction *transaction, const char *code, GError **error)
{
  static const int lengths[] = { 8, 12, 13, 14 };
  const char      *digits = code + strspn (code, "0");
  MusterEntity    *product = NULL;
  GError          *cause = NULL;

  for (unsigned i = 0; i < G_N_ELEMENTS (lengths) && product == NULL && cause == NULL; i++)
    {
      int              n_zeros = lengths[i] - (int)strlen (digits);
      g_autofree char *zeros = g_strnfill (MAX (n_zeros, 0), '0');
      g_autofree char *gtin = g_strconcat (zeros, digits, NULL);

      if (n_zeros >= 0)
        product = muster_inventory_find (transaction, &muster_product_info, "gtin", gtin, &cause);
    }
  if (cause != NULL)
    g_propagate_error (error, cause);
  return product;
}

static MusterEntity *
find_at (MusterTransaction *transaction, unsigned place, const char *code, GError **error)
{
  const MusterEntityInfo *info = places[place].info;
  const char             *field = places[place].field;
  g_autofree char        *mac = NULL;

  if (g_str_equal (field, "gtin"))
    return is_number (code) ? find_gtin (transaction, code, error) : NULL;
  if (!g_str_equal (field, "mac"))
    return muster_inventory_find (transaction, info, field, code, error);
  mac = normalize_mac (code);
  return mac != NULL ? muster_inventory_find (transaction, info, field, mac, error) : NULL;
}

static MusterEntity *
find_label (MusterTransaction *transaction, const char *code, char **serial, GError **error)
{
  g_autofree char *secret = NULL;

  if (!muster_adoption_code_parse (code, serial, &secret, error))
    return NULL;
  sodium_memzero (secret, strlen (secret));
  return muster_inventory_find (transaction, &muster_device_info, "serial", *serial, error);
}

MusterEntity *
muster_code_find (MusterTransaction *transaction, const char *code, char **serial, GError **error)
{
  g_autofree char *stripped = NULL;
  MusterEntity    *entity = NULL;
  GError          *cause = NULL;

  g_return_val_if_fail (transaction != NULL, NULL);
  g_return_val_if_fail (code != NULL, NULL);
  g_return_val_if_fail (serial != NULL, NULL);

  *serial = NULL;
  stripped = g_strstrip (g_strdup (code));
  if (*stripped == '\0')
    return NULL;
  if (muster_adoption_code_is_one (stripped))
    return find_label (transaction, stripped, serial, error);
  for (unsigned i = 0; i < G_N_ELEMENTS (places) && entity == NULL && cause == NULL; i++)
    entity = find_at (transaction, i, stripped, &cause);
  if (cause != NULL)
    g_propagate_error (error, cause);
  return entity;
}

/* --- as an answer --- */

static void
append_record (GString *json, MusterTransaction *transaction, MusterEntity *entity)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  const char             *title = muster_entity_get_string (entity, info->title_field);
  const char             *status = NULL;
  g_autofree char        *subtitle = NULL;

  if (info->machine_field != NULL)
    status = muster_entity_get_string (entity, info->machine_field);
  if (info == &muster_device_info)
    subtitle = g_strdup (muster_entity_get_string (entity, muster_entity_is_null (entity, "serial")
                                                             ? "mac"
                                                             : "serial"));
  else if (info == &muster_location_info)
    subtitle = g_strdup (muster_entity_get_string (entity, "path"));
  else if (info == &muster_product_info)
    subtitle = g_strdup (muster_entity_get_string (entity, "sku"));
  else if (info == &muster_order_info)
    subtitle = g_strdup (muster_entity_get_string (entity, "customer"));
  else if (info == &muster_delivery_info)
    subtitle = g_strdup (muster_entity_get_string (entity, "carrier"));
  muster_inventory_append_member (json, "kind", info->name);
  muster_inventory_append_member (json, "id", muster_entity_get_id (entity));
  muster_inventory_append_member (json, "title", title);
  muster_inventory_append_member (json, "subtitle", subtitle);
  muster_inventory_append_member (json, "status", status);
}

static gboolean
resolve_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const char      *code = data;
  g_autofree char *serial = NULL;
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterEntity) entity = muster_code_find (transaction, code, &serial, &cause);
  g_autoptr (GString) json = g_string_new ("{");

  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (entity == NULL && serial == NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "nothing here is called %s", code);
      return FALSE;
    }
  if (entity != NULL)
    append_record (json, transaction, entity);
  else
    {
      muster_inventory_append_member (json, "kind", "adoption");
      muster_inventory_append_member (json, "id", NULL);
      muster_inventory_append_member (json, "title", serial);
      muster_inventory_append_member (json, "subtitle", NULL);
      muster_inventory_append_member (json, "status", NULL);
    }
  /* A label's secret is nobody's to read back. */
  muster_inventory_append_member (json, "code", serial != NULL ? serial : code);
  g_string_append_c (json, '}');
  muster_inventory_take_json (result, g_steal_pointer (&json));
  return TRUE;
}

DexFuture *
muster_inventory_service_resolve (MusterInventoryService *self, const char *code)
{
  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (code != NULL, NULL);

  return muster_inventory_service_read (self, 0, resolve_job, g_strdup (code), g_free);
}
