/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-chunks"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "model/muster-error.h"
#include "model/muster-firmware-file.h"
#include "muster-firmware-chunks.h"
#include "muster-update-description.h"

/* The identification of zchunk's format 1. */
static const char magic[5] = { '\0', 'Z', 'C', 'K', '1' };

gboolean
muster_firmware_chunks_is_one (int fd)
{
  char head[sizeof magic];

  g_return_val_if_fail (fd >= 0, FALSE);

  return pread (fd, head, sizeof head, 0) == (gssize)sizeof head &&
         memcmp (head, magic, sizeof magic) == 0;
}

/* The hashes that the update names: (transfer full) (element-type utf8). */
static GPtrArray *
list_named (MusterEntity *artifact)
{
  const char *manifest = muster_entity_get_string (artifact, "manifest");
  g_autoptr (JsonNode) root = manifest != NULL ? json_from_string (manifest, NULL) : NULL;
  GPtrArray *named = g_ptr_array_new_with_free_func (g_free);
  JsonArray *chunks = NULL;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root) &&
      json_object_has_member (json_node_get_object (root), "chunks"))
    chunks = json_object_get_array_member (json_node_get_object (root), "chunks");
  for (guint i = 0; chunks != NULL && i < json_array_get_length (chunks); i++)
    g_ptr_array_add (named, g_strdup (json_array_get_string_element (chunks, i)));
  return named;
}

/* Whether a file of that hash is here. */
static gboolean
is_here (MusterTransaction *transaction, const char *sha256, gboolean *here, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_file_info);
  gint64 n_files;

  muster_query_where (query, "sha256", sha256);
  n_files = muster_transaction_count (transaction, query, error);
  *here = n_files > 0;
  return n_files >= 0;
}

static gboolean
lacks_any (MusterTransaction *transaction, GPtrArray *named, gboolean *lacks, GError **error)
{
  gboolean here = TRUE;

  for (guint i = 0; i < named->len && here; i++)
    if (!is_here (transaction, named->pdata[i], &here, error))
      return FALSE;
  *lacks = !here;
  return TRUE;
}

gboolean
muster_firmware_chunks_settle (MusterTransaction *transaction,
                               MusterEntity      *artifact,
                               GError           **error)
{
  g_autoptr (GPtrArray) named = list_named (artifact);
  int      status = muster_entity_get_enum (artifact, "status");
  gboolean lacks = FALSE;

  if (!lacks_any (transaction, named, &lacks, error))
    return FALSE;
  if (status == MUSTER_ARTIFACT_DRAFT && !muster_entity_is_null (artifact, "sha256") && !lacks)
    muster_entity_set_enum (artifact, "status", MUSTER_ARTIFACT_READY);
  if (status == MUSTER_ARTIFACT_READY && lacks)
    muster_entity_set_enum (artifact, "status", MUSTER_ARTIFACT_DRAFT);
  return TRUE;
}

MusterEntity *
muster_firmware_chunks_find_owner (MusterTransaction *transaction,
                                   const char        *sha256,
                                   GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_artifact_info);
  g_autoptr (GPtrArray) artifacts = NULL;
  MusterEntity *owner = NULL;

  muster_query_where (query, "format", "swu");
  muster_query_set_limit (query, 0);
  artifacts = muster_transaction_select (transaction, query, error);
  if (artifacts == NULL)
    return NULL;
  for (guint i = 0; i < artifacts->len; i++)
    {
      g_autoptr (GPtrArray) named = list_named (artifacts->pdata[i]);
      gboolean is_draft =
        muster_entity_get_enum (artifacts->pdata[i], "status") == MUSTER_ARTIFACT_DRAFT;

      if ((owner == NULL || is_draft) &&
          g_ptr_array_find_with_equal_func (named, sha256, g_str_equal, NULL))
        owner = artifacts->pdata[i];
    }
  if (owner != NULL)
    return g_object_ref (owner);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "no update here fetches this file: upload the one first in whose sw-description a "
               "url ends in %s%s",
               MUSTER_UPDATE_CHUNKS_PATH, sha256);
  return NULL;
}

static gboolean
is_given (MusterTransaction *transaction, MusterEntity *file, GError **error)
{
  g_autoptr (MusterEntity) artifact =
              muster_transaction_get (transaction, &muster_firmware_artifact_info,
                                      muster_entity_get_string (file, "artifact_id"), error);

  return artifact != NULL && muster_entity_get_enum (artifact, "status") == MUSTER_ARTIFACT_READY;
}

gboolean
muster_firmware_chunks_find_size (MusterTransaction *transaction,
                                  gpointer           data,
                                  GValue            *result,
                                  GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_file_info);
  g_autoptr (GPtrArray) files = NULL;

  muster_query_where (query, "sha256", data);
  muster_query_set_limit (query, 0);
  files = muster_transaction_select (transaction, query, error);
  for (guint i = 0; files != NULL && i < files->len; i++)
    if (is_given (transaction, files->pdata[i], NULL))
      {
        g_value_init (result, G_TYPE_INT64);
        g_value_set_int64 (result, muster_entity_get_integer (files->pdata[i], "size"));
        return TRUE;
      }
  if (files != NULL)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no such file");
  return FALSE;
}
