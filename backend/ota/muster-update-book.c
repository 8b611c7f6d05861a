/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-book"

#include "config.h"

#include "muster-update-book.h"
#include "muster-update-rules.h"

struct _MusterUpdateBook
{
  GHashTable *by_id;     /* (owned): id, of the entity → (owned) MusterEntity */
  GHashTable *by_number; /* (owned): (owned) gint64 → MusterEntity */
  GHashTable *by_secret; /* (owned): secret, of the entity → MusterEntity */
  GHashTable *by_device; /* (owned): (owned) device id → (owned) GPtrArray of MusterEntity */
};

MusterUpdateBook *
muster_update_book_new (void)
{
  MusterUpdateBook *self = g_new0 (MusterUpdateBook, 1);

  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->by_number = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->by_secret = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_device =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  return self;
}

void
muster_update_book_free (MusterUpdateBook *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->by_device);
  g_hash_table_unref (self->by_secret);
  g_hash_table_unref (self->by_number);
  g_hash_table_unref (self->by_id);
  g_free (self);
}

void
muster_update_book_remove (MusterUpdateBook *self, const char *id)
{
  MusterEntity *update = NULL;
  const char   *device_id = NULL;
  GPtrArray    *updates = NULL;
  gint64        number;

  g_return_if_fail (self != NULL && id != NULL);

  update = muster_update_book_find (self, id);
  if (update == NULL)
    return;
  number = muster_entity_get_integer (update, "number");
  device_id = muster_entity_get_string (update, "device_id");
  g_hash_table_remove (self->by_number, &number);
  if (!muster_entity_is_null (update, "secret"))
    g_hash_table_remove (self->by_secret, muster_entity_get_string (update, "secret"));
  updates = g_hash_table_lookup (self->by_device, device_id);
  g_ptr_array_remove (updates, update);
  if (updates->len == 0)
    g_hash_table_remove (self->by_device, device_id);
  g_hash_table_remove (self->by_id, muster_entity_get_id (update));
}

static int
compare_updates (gconstpointer a, gconstpointer b)
{
  MusterEntity *first = *(MusterEntity *const *)a, *second = *(MusterEntity *const *)b;
  gboolean      first_ends = muster_entity_get_enum (first, "status") == MUSTER_UPDATE_CANCELLING;
  gboolean      second_ends = muster_entity_get_enum (second, "status") == MUSTER_UPDATE_CANCELLING;
  gint64        first_weight = muster_entity_get_integer (first, "weight");
  gint64        second_weight = muster_entity_get_integer (second, "weight");

  if (first_ends != second_ends)
    return first_ends ? -1 : 1;
  if (first_weight != second_weight)
    return first_weight > second_weight ? -1 : 1;
  return strcmp (muster_entity_get_id (first), muster_entity_get_id (second));
}

void
muster_update_book_put (MusterUpdateBook *self, MusterEntity *update)
{
  const char *device_id = NULL;
  GPtrArray  *updates = NULL;
  gint64      number;

  g_return_if_fail (self != NULL);
  g_return_if_fail (MUSTER_IS_FIRMWARE_UPDATE (update));

  g_object_ref (update);
  muster_update_book_remove (self, muster_entity_get_id (update));
  if (muster_update_status_is_open (muster_entity_get_enum (update, "status")))
    {
      number = muster_entity_get_integer (update, "number");
      device_id = muster_entity_get_string (update, "device_id");
      updates = g_hash_table_lookup (self->by_device, device_id);
      if (updates == NULL)
        {
          updates = g_ptr_array_new ();
          g_hash_table_insert (self->by_device, g_strdup (device_id), updates);
        }
      g_hash_table_insert (self->by_id, (gpointer)muster_entity_get_id (update),
                           g_object_ref (update));
      g_hash_table_insert (self->by_number, g_memdup2 (&number, sizeof number), update);
      if (!muster_entity_is_null (update, "secret"))
        g_hash_table_insert (self->by_secret, (gpointer)muster_entity_get_string (update, "secret"),
                             update);
      g_ptr_array_add (updates, update);
      g_ptr_array_sort (updates, compare_updates);
    }
  g_object_unref (update);
}

MusterEntity *
muster_update_book_find (MusterUpdateBook *self, const char *id)
{
  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  return g_hash_table_lookup (self->by_id, id);
}

MusterEntity *
muster_update_book_find_number (MusterUpdateBook *self, gint64 number)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_hash_table_lookup (self->by_number, &number);
}

MusterEntity *
muster_update_book_find_secret (MusterUpdateBook *self, const char *secret)
{
  g_return_val_if_fail (self != NULL && secret != NULL, NULL);

  return g_hash_table_lookup (self->by_secret, secret);
}

GPtrArray *
muster_update_book_list (MusterUpdateBook *self, const char *device_id)
{
  g_return_val_if_fail (self != NULL && device_id != NULL, NULL);

  return g_hash_table_lookup (self->by_device, device_id);
}

GPtrArray *
muster_update_book_list_devices (MusterUpdateBook *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_hash_table_get_keys_as_ptr_array (self->by_device);
}

unsigned
muster_update_book_count (MusterUpdateBook *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_hash_table_size (self->by_id);
}
