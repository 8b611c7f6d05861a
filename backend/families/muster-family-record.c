/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-record"

#include "config.h"

#include "core/muster-repository.h"
#include "model/muster-device.h"
#include "muster-family-record.h"

typedef struct
{
  char       *device_id;
  const char *field;
  char       *value;
  gboolean    keeps; /* what stands there already stays */
} Finding;

static void
finding_free (gpointer data)
{
  Finding *self = data;

  g_free (self->device_id);
  g_free (self->value);
  g_free (self);
}

static gboolean
store (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Finding *self = data;
  g_autoptr (MusterEntity) device =
              muster_transaction_get (transaction, &muster_device_info, self->device_id, error);

  if (device == NULL)
    return FALSE;
  if (self->keeps && !muster_entity_is_null (device, self->field))
    return TRUE;
  muster_entity_set_string (device, self->field, self->value);
  return muster_transaction_update (transaction, device, 0, error);
}

static DexFuture *
write_finding (MusterDatabase *database,
               MusterActor    *actor,
               const char     *operation,
               const char     *device_id,
               const char     *field,
               const char     *value,
               gboolean        keeps)
{
  Finding *finding = g_new0 (Finding, 1);

  finding->device_id = g_strdup (device_id);
  finding->field = field;
  finding->value = g_strdup (value);
  finding->keeps = keeps;
  return muster_database_write (database, actor, operation, store, finding, finding_free);
}

DexFuture *
muster_family_record_set_key (MusterDatabase *database,
                              MusterActor    *actor,
                              const char     *device_id,
                              const char     *family_key)
{
  g_return_val_if_fail (device_id != NULL && family_key != NULL, NULL);

  return write_finding (database, actor, "Recognise a device", device_id, "family_key", family_key,
                        FALSE);
}

DexFuture *
muster_family_record_set_gateway (MusterDatabase *database,
                                  MusterActor    *actor,
                                  const char     *device_id,
                                  const char     *gateway_id)
{
  g_return_val_if_fail (device_id != NULL && gateway_id != NULL, NULL);

  return write_finding (database, actor, "Note through what a device is reached", device_id,
                        "gateway_id", gateway_id, TRUE);
}
