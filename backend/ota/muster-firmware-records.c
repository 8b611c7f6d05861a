/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-records"

#include "config.h"

#include "muster-firmware-chunks.h"
#include "muster-firmware-service-private.h"
#include "muster-firmware-use.h"

static MusterDatabase *
get_database (MusterFirmwareService *self)
{
  return muster_repository_get_database (muster_firmware_service_get_repository (self));
}

DexFuture *
muster_firmware_service_create (MusterFirmwareService *self,
                                MusterActor           *actor,
                                MusterEntity          *artifact)
{
  g_autoptr (GError) error = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_ARTIFACT (artifact));

  if (!muster_firmware_check_artifact (artifact, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return muster_repository_insert (muster_firmware_service_get_repository (self), actor,
                                   "Add firmware", artifact);
}

/* The record without what its file told. */
static void
forget_main_file (MusterEntity *artifact)
{
  static const char *const told[] = { "signing_key_id", "security_counter", "file_name",
                                      "size",           "sha256",           "manifest" };

  for (unsigned i = 0; i < G_N_ELEMENTS (told); i++)
    muster_entity_set_null (artifact, told[i]);
  muster_entity_set_enum (artifact, "format", MUSTER_FORMAT_UNKNOWN);
  muster_entity_set_enum (artifact, "trust", MUSTER_TRUST_UNSIGNED);
  muster_entity_set_enum (artifact, "status", MUSTER_ARTIFACT_DRAFT);
}

/* What devices run they may ask for again. */
static gboolean
check_not_installed (MusterTransaction *transaction, MusterEntity *file, GError **error)
{
  gint64 n_devices =
    muster_firmware_use_count_installed (transaction,
                                         muster_entity_get_string (file, "artifact_id"), error);

  if (n_devices > 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%" G_GINT64_FORMAT " devices run what %s is of: update them first", n_devices,
                 muster_entity_get_string (file, "name"));
  return n_devices == 0;
}

static gboolean
remove_file_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) file =
              muster_transaction_get (transaction, &muster_firmware_file_info, data, error);
  g_autoptr (MusterEntity) artifact =
              file != NULL
                ? muster_transaction_get (transaction, &muster_firmware_artifact_info,
                                          muster_entity_get_string (file, "artifact_id"), error)
                : NULL;

  if (artifact == NULL || !check_not_installed (transaction, file, error) ||
      !muster_transaction_delete (transaction, &muster_firmware_file_info, data, 0, error))
    return FALSE;
  if (g_strcmp0 (muster_entity_get_string (artifact, "file_name"),
                 muster_entity_get_string (file, "name")) == 0)
    forget_main_file (artifact);
  return muster_firmware_chunks_settle (transaction, artifact, error) &&
         muster_transaction_update (transaction, artifact, 0, error);
}

DexFuture *
muster_firmware_service_remove_file (MusterFirmwareService *self,
                                     MusterActor           *actor,
                                     const char            *file_id)
{
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (file_id != NULL);

  return muster_database_write (get_database (self), actor, "Delete a file of firmware",
                                remove_file_job, g_strdup (file_id), g_free);
}

static gboolean
withdraw_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const char *const *wish = data;
  g_autoptr (MusterEntity) artifact =
              muster_transaction_get (transaction, &muster_firmware_artifact_info, wish[0], error);

  if (artifact == NULL)
    return FALSE;
  if (g_str_equal (wish[1], "ready") &&
      muster_entity_get_enum (artifact, "status") != MUSTER_ARTIFACT_WITHDRAWN)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "the firmware is %s: what was withdrawn can be restored",
                   muster_entity_get_string (artifact, "status"));
      return FALSE;
    }
  /* What has no file is a draft again. */
  muster_entity_set_string (artifact, "status",
                            g_str_equal (wish[1], "ready") &&
                                muster_entity_is_null (artifact, "sha256")
                              ? "draft"
                              : wish[1]);
  if (!muster_firmware_chunks_settle (transaction, artifact, error) ||
      !muster_transaction_update (transaction, artifact, 0, error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, g_steal_pointer (&artifact));
  return TRUE;
}

DexFuture *
muster_firmware_service_set_withdrawn (MusterFirmwareService *self,
                                       MusterActor           *actor,
                                       const char            *artifact_id,
                                       gboolean               is_withdrawn)
{
  const char *wish[] = { artifact_id, is_withdrawn ? "withdrawn" : "ready", NULL };

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (artifact_id != NULL);

  return muster_database_write (get_database (self), actor,
                                is_withdrawn ? "Withdraw firmware" : "Restore firmware",
                                withdraw_job, g_strdupv ((char **)wish),
                                (GDestroyNotify)g_strfreev);
}

typedef struct
{
  MusterEntity *set; /* (owned) */
  char        **artifact_ids;
} NewSet;

static void
new_set_free (gpointer data)
{
  NewSet *self = data;

  g_object_unref (self->set);
  g_strfreev (self->artifact_ids);
  g_free (self);
}

static gboolean
create_set_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  NewSet *self = data;

  if (!muster_transaction_insert (transaction, self->set, error))
    return FALSE;
  for (unsigned i = 0; self->artifact_ids[i] != NULL; i++)
    {
      g_autofree char *pointer = g_strdup_printf ("/artifact_ids/%u", i);
      g_autoptr (MusterEntity) artifact =
                  muster_transaction_get_named (transaction, &muster_firmware_artifact_info,
                                                self->artifact_ids[i], pointer, error);
      g_autoptr (MusterEntity) member = muster_entity_new (&muster_firmware_set_member_info);

      if (artifact == NULL)
        return FALSE;
      muster_entity_set_string (member, "set_id", muster_entity_get_id (self->set));
      muster_entity_set_string (member, "artifact_id", muster_entity_get_id (artifact));
      muster_entity_set_integer (member, "position", i);
      if (!muster_transaction_insert (transaction, member, error))
        return FALSE;
    }
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_set_object (result, self->set);
  return TRUE;
}

DexFuture *
muster_firmware_service_create_set (MusterFirmwareService *self,
                                    MusterActor           *actor,
                                    MusterEntity          *set,
                                    const char *const     *artifact_ids)
{
  NewSet *new_set = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SET (set));

  new_set = g_new0 (NewSet, 1);
  new_set->set = muster_entity_copy (set);
  new_set->artifact_ids =
    artifact_ids != NULL ? g_strdupv ((char **)artifact_ids) : g_new0 (char *, 1);
  return muster_database_write (get_database (self), actor, "Add a set of firmware", create_set_job,
                                new_set, new_set_free);
}
