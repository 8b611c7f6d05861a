/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-unit"

#include "config.h"

#include "model/muster-device.h"
#include "model/muster-location.h"
#include "muster-serials.h"
#include "muster-unit.h"

/* As long as the field `name` of a device may be, in characters. */
#define NAME_MAX_LENGTH 120

static void
copy_text (MusterEntity *device, MusterEntity *product, const char *field)
{
  muster_entity_set_string (device, field, muster_entity_get_string (product, field));
}

gint64
muster_unit_add_months (gint64 time, int months)
{
  g_autoptr (GDateTime) from = g_date_time_new_from_unix_utc_usec (time);
  g_autoptr (GDateTime) until = from != NULL ? g_date_time_add_months (from, months) : NULL;

  return until != NULL ? g_date_time_to_unix_usec (until) : time;
}

static char *
make_name (MusterEntity *product, const char *serial)
{
  g_autofree char *name = g_strjoin (" ", muster_entity_get_string (product, "name"), serial, NULL);

  return g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), NAME_MAX_LENGTH));
}

MusterEntity *
muster_unit_new (MusterEntity *product, const char *serial, gint64 received_at)
{
  MusterEntity    *device = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (MUSTER_IS_ENTITY (product), NULL);

  device = muster_entity_new (&muster_device_info);
  name = make_name (product, serial);
  muster_entity_set_string (device, "name", name);
  muster_entity_set_string (device, "serial", serial);
  muster_entity_set_string (device, "product_id", muster_entity_get_id (product));
  muster_entity_set_enum (device, "kind", muster_entity_get_enum (product, "kind"));
  muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_IN_STOCK);
  copy_text (device, product, "manufacturer");
  copy_text (device, product, "model");
  muster_entity_set_integer (device, "received_at", received_at);
  if (!muster_entity_is_null (product, "warranty_months"))
    muster_entity_set_integer (
      device, "warranty_until",
      muster_unit_add_months (received_at, muster_entity_get_integer (product, "warranty_months")));
  return device;
}

char *
muster_unit_find_highest (MusterTransaction *transaction, const char *product_id, GError **error)
{
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (GPtrArray) units = NULL;
  const char *highest = NULL;

  g_return_val_if_fail (transaction != NULL, NULL);
  g_return_val_if_fail (product_id != NULL, NULL);

  query = muster_query_new (&muster_device_info);
  muster_query_where (query, "product_id", product_id);
  muster_query_set_limit (query, 0);
  units = muster_transaction_select (transaction, query, error);
  for (guint i = 0; units != NULL && i < units->len; i++)
    {
      const char *serial = muster_entity_get_string (units->pdata[i], "serial");

      if (serial != NULL && (highest == NULL || muster_serials_compare (serial, highest) > 0))
        highest = serial;
    }
  return g_strdup (highest);
}

GPtrArray *
muster_unit_find_by_serials (MusterTransaction *transaction,
                             const char *const *serials,
                             GError           **error)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (transaction != NULL, NULL);
  g_return_val_if_fail (serials != NULL, NULL);

  found = g_ptr_array_new_with_free_func (g_object_unref);
  for (; *serials != NULL; serials++)
    {
      g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
      MusterEntity *device = NULL;

      muster_query_where (query, "serial", *serials);
      device = muster_transaction_find (transaction, query, &cause);
      if (device != NULL)
        g_ptr_array_add (found, device);
      if (cause != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return NULL;
        }
    }
  return g_steal_pointer (&found);
}

char *
muster_unit_describe_place (MusterTransaction *transaction, MusterEntity *device)
{
  const char *location_id = NULL;
  g_autoptr (MusterEntity) location = NULL;

  g_return_val_if_fail (transaction != NULL, NULL);
  g_return_val_if_fail (MUSTER_IS_ENTITY (device), NULL);

  location_id = muster_entity_get_string (device, "location_id");
  if (location_id != NULL)
    location = muster_transaction_get (transaction, &muster_location_info, location_id, NULL);
  return g_strdup (location != NULL ? muster_entity_get_string (location, "path")
                                    : muster_entity_get_string (device, "location"));
}

static void
add_duplicate (MusterFieldErrors *errors,
               MusterTransaction *transaction,
               const char        *pointer,
               MusterEntity      *device)
{
  g_autofree char *place = muster_unit_describe_place (transaction, device);
  g_autofree char *status =
    g_strdelimit (g_strdup (muster_entity_get_string (device, "status")), "_", ' ');

  muster_field_errors_add (errors, pointer, "%s is taken by %s (%s%s%s)",
                           muster_entity_get_string (device, "serial"),
                           muster_entity_get_string (device, "name"), status,
                           place != NULL ? ", " : "", place != NULL ? place : "");
}

gboolean
muster_unit_check_serials (MusterTransaction *transaction,
                           const char *const *serials,
                           const char        *pointer,
                           GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (GError) refusal = NULL;

  g_return_val_if_fail (pointer != NULL, FALSE);

  devices = muster_unit_find_by_serials (transaction, serials, error);
  if (devices == NULL)
    return FALSE;
  errors = muster_field_errors_new ();
  for (guint i = 0; i < devices->len; i++)
    add_duplicate (errors, transaction, pointer, devices->pdata[i]);
  if (muster_field_errors_check (errors, &refusal))
    return TRUE;
  /* Nothing is wrong with the text: it meets what is there already. */
  refusal->code = MUSTER_ERROR_CONFLICT;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}
