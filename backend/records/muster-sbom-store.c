/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sbom-store"

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/muster-content-folder.h"
#include "model/muster-attachment.h"
#include "model/muster-firmware-component.h"
#include "muster-sbom-store.h"

/* --- files --- */

/* All of FD, which is not moved, up to one byte more than is read of a bill of materials: (transfer
 * full); NULL with ERROR. */
static char *
read_bytes (int fd, gsize *length, GError **error)
{
  struct stat      status;
  gsize            size = fstat (fd, &status) == 0 ? MAX (status.st_size, 0) : 0;
  gsize            wanted = MIN (size, MUSTER_SBOM_MAX_BYTES + 1);
  g_autofree char *bytes = g_malloc (wanted + 1);
  gssize           got = 1;

  for (*length = 0; *length < wanted && got > 0; *length += MAX (got, 0))
    got = pread (fd, bytes + *length, wanted - *length, *length);
  if (got >= 0)
    return g_steal_pointer (&bytes);
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "the attachment cannot be read");
  return NULL;
}

typedef struct
{
  int      fd; /* (owned) */
  gboolean must_be_one;
} Reading;

static void
reading_free (gpointer data)
{
  g_clear_fd (&((Reading *)data)->fd, NULL);
  g_free (data);
}

static DexFuture *
read_file_fiber (gpointer user_data)
{
  Reading         *self = user_data;
  GError          *error = NULL;
  gsize            length = 0;
  g_autofree char *bytes = read_bytes (self->fd, &length, &error);
  MusterSbom      *sbom = NULL;

  if (bytes != NULL && !self->must_be_one && !muster_sbom_is_one (bytes, length))
    return dex_future_new_true ();
  if (bytes != NULL)
    sbom = muster_sbom_read (bytes, length, &error);
  return sbom != NULL ? dex_future_new_take_boxed (MUSTER_TYPE_SBOM, sbom)
                      : dex_future_new_for_error (error);
}

DexFuture *
muster_sbom_read_file (int fd, gboolean must_be_one)
{
  Reading *reading = NULL;

  dex_return_error_if_fail (fd >= 0);

  reading = g_new0 (Reading, 1);
  reading->fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  reading->must_be_one = must_be_one;
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, read_file_fiber, reading,
                              reading_free);
}

void
muster_sbom_describe (MusterSbom *sbom, MusterEntity *attachment)
{
  g_return_if_fail (sbom != NULL && MUSTER_IS_ATTACHMENT (attachment));

  muster_entity_set_string (attachment, "purpose", "sbom");
  muster_entity_set_string (attachment, "sbom_format", sbom->format);
  muster_entity_set_integer (attachment, "sbom_components", sbom->components->len);
}

/* --- rules --- */

static gboolean
add_component (MusterTransaction         *transaction,
               MusterEntity              *attachment,
               const MusterSbomComponent *component,
               GError                   **error)
{
  g_autoptr (MusterEntity) record = muster_entity_new (&muster_firmware_component_info);

  muster_entity_set_string (record, "artifact_id",
                            muster_entity_get_string (attachment, "entity_id"));
  muster_entity_set_string (record, "attachment_id", muster_entity_get_id (attachment));
  muster_entity_set_string (record, "name", component->name);
  muster_entity_set_string (record, "version", component->version);
  muster_entity_set_string (record, "licence", component->licence);
  muster_entity_set_string (record, "package_url", component->package_url);
  return muster_transaction_insert (transaction, record, error);
}

static gboolean
add_components (MusterTransaction *transaction,
                MusterEntity      *attachment,
                MusterSbom        *sbom,
                GError           **error)
{
  for (guint i = 0; i < sbom->components->len; i++)
    if (!add_component (transaction, attachment, sbom->components->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* One that comes back by undo is read from its bytes again; without them it has none. */
static MusterSbom *
read_again (const char *folder, MusterEntity *attachment)
{
  const char      *sha256 = muster_entity_get_string (attachment, "sha256");
  g_autofd int     fd = muster_content_folder_open (folder, sha256, NULL);
  gsize            length = 0;
  g_autofree char *bytes = fd >= 0 ? read_bytes (fd, &length, NULL) : NULL;

  return bytes != NULL ? muster_sbom_read (bytes, length, NULL) : NULL;
}

static gboolean
remove_components (MusterTransaction *transaction, MusterEntity *attachment, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_component_info);
  g_autoptr (GPtrArray) ids = NULL;

  muster_query_where (query, "attachment_id", muster_entity_get_id (attachment));
  ids = muster_transaction_select_ids (transaction, query, error);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (!muster_transaction_delete (transaction, &muster_firmware_component_info, ids->pdata[i], 0,
                                    error))
      return FALSE;
  return ids != NULL;
}

/* Nothing becomes a bill of materials by being called one. */
static gboolean
check_purpose (MusterEntity *attachment, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (muster_entity_get_enum (attachment, "purpose") == MUSTER_ATTACHMENT_PURPOSE_SBOM &&
      muster_entity_is_null (attachment, "sbom_format"))
    muster_field_errors_add (errors, "/purpose",
                             "is told by the file itself: attach it to firmware anew");
  return muster_field_errors_check (errors, error);
}

static gboolean
components_rule (MusterTransaction *transaction,
                 MusterEntity      *before,
                 MusterEntity      *after,
                 gpointer           data,
                 GError           **error)
{
  MusterSbom *given = muster_transaction_get_context (transaction, MUSTER_SBOM_CONTEXT);
  g_autoptr (MusterSbom) sbom = NULL;

  if (after == NULL)
    return muster_entity_is_null (before, "sbom_format") ||
           remove_components (transaction, before, error);
  if (!check_purpose (after, error))
    return FALSE;
  if (before != NULL || muster_entity_is_null (after, "sbom_format"))
    return TRUE;
  sbom = given != NULL ? muster_sbom_ref (given) : read_again (data, after);
  return sbom == NULL || add_components (transaction, after, sbom, error);
}

void
muster_sbom_store_add_rules (MusterDatabase *database, char *folder)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));
  g_return_if_fail (folder != NULL);

  muster_database_add_rule (database, &muster_attachment_info, MUSTER_RULE_ON_UNDO, components_rule,
                            folder);
}
