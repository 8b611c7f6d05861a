/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-inventory-service"

#include "config.h"

#include "muster-inventory-service-private.h"

struct _MusterInventoryService
{
  GObject                parent_instance;
  MusterRepository      *repository; /* (owned) */
  MusterInventoryRelease release;    /* (nullable) */
  gpointer               release_data;
};

G_DEFINE_FINAL_TYPE (MusterInventoryService, muster_inventory_service, G_TYPE_OBJECT)

static void
muster_inventory_service_finalize (GObject *object)
{
  MusterInventoryService *self = MUSTER_INVENTORY_SERVICE (object);

  g_clear_object (&self->repository);
  G_OBJECT_CLASS (muster_inventory_service_parent_class)->finalize (object);
}

static void
muster_inventory_service_class_init (MusterInventoryServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_inventory_service_finalize;
}

static void
muster_inventory_service_init (MusterInventoryService *self)
{
}

MusterInventoryService *
muster_inventory_service_new (MusterRepository *repository)
{
  MusterInventoryService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);

  self = g_object_new (MUSTER_TYPE_INVENTORY_SERVICE, NULL);
  self->repository = g_object_ref (repository);
  return self;
}

MusterRepository *
muster_inventory_service_get_repository (MusterInventoryService *self)
{
  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);

  return self->repository;
}

void
muster_inventory_service_set_release (MusterInventoryService *self,
                                      MusterInventoryRelease  release,
                                      gpointer                user_data)
{
  g_return_if_fail (MUSTER_IS_INVENTORY_SERVICE (self));

  self->release = release;
  self->release_data = user_data;
}

DexFuture *
muster_inventory_service_release (MusterInventoryService *self,
                                  MusterActor            *actor,
                                  const char             *device_id)
{
  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);

  return self->release != NULL ? self->release (actor, device_id, self->release_data)
                               : dex_future_new_true ();
}

DexFuture *
muster_inventory_service_write (MusterInventoryService *self,
                                MusterActor            *actor,
                                const char             *operation,
                                MusterDatabaseFunc      func,
                                gpointer                data,
                                GDestroyNotify          destroy)
{
  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);

  return muster_database_write (muster_repository_get_database (self->repository), actor, operation,
                                func, data, destroy);
}

DexFuture *
muster_inventory_service_read (MusterInventoryService *self,
                               gint64                  as_of,
                               MusterDatabaseFunc      func,
                               gpointer                data,
                               GDestroyNotify          destroy)
{
  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);

  return muster_database_read_as_of (muster_repository_get_database (self->repository), as_of, func,
                                     data, destroy);
}

void
muster_inventory_take_json (GValue *result, GString *json)
{
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (json));
}

void
muster_inventory_take_entity (GValue *result, MusterEntity *entity)
{
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, entity);
}

gboolean
muster_inventory_refuse (const char *pointer, GError **error, const char *format, ...)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autofree char *detail = NULL;
  va_list          args;

  va_start (args, format);
  detail = g_strdup_vprintf (format, args);
  va_end (args);
  muster_field_errors_add (errors, pointer, "%s", detail);
  return muster_field_errors_check (errors, error);
}

MusterEntity *
muster_inventory_find (MusterTransaction      *transaction,
                       const MusterEntityInfo *info,
                       const char             *field,
                       const char             *value,
                       GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);

  muster_query_where (query, field, value);
  return muster_transaction_find (transaction, query, error);
}

void
muster_inventory_append_member (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, "%s\"%s\":", json->str[json->len - 1] == '{' ? "" : ",", name);
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}
