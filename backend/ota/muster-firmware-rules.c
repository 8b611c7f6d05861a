/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-rules"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "core/muster-content-folder.h"
#include "model/muster-device-group.h"
#include "model/muster-device.h"
#include "model/muster-firmware-update.h"
#include "model/muster-rollout.h"
#include "model/muster-target-filter.h"
#include "model/muster-update-event.h"
#include "muster-firmware-service-private.h"
#include "muster-firmware-use.h"

/* What update protocols name by a short number gets the next one. The newest record of a kind is
 * never deleted as long as others are, so numbers do not come twice. */
static gboolean
number_rule (MusterTransaction *transaction,
             MusterEntity      *before,
             MusterEntity      *after,
             gpointer           data,
             GError           **error)
{
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (MusterEntity) last = NULL;
  g_autoptr (GError) cause = NULL;

  if (before != NULL || after == NULL)
    return TRUE;
  query = muster_query_new (data);
  muster_query_set_sort (query, "-number");
  muster_query_set_limit (query, 1);
  last = muster_transaction_find (transaction, query, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  muster_entity_set_integer (after, "number",
                             last != NULL ? muster_entity_get_integer (last, "number") + 1 : 1);
  return TRUE;
}

/* A file that a device may be fetching stays. */
static gboolean
file_rule (MusterTransaction *transaction,
           MusterEntity      *before,
           MusterEntity      *after,
           gpointer           data,
           GError           **error)
{
  g_autoptr (GPtrArray) updates = NULL;

  if (after != NULL)
    return TRUE;
  updates = muster_firmware_use_list_open (transaction,
                                           muster_entity_get_string (before, "artifact_id"), error);
  if (updates != NULL && updates->len > 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%u updates under way need %s: cancel them first", updates->len,
                 muster_entity_get_string (before, "name"));
  return updates != NULL && updates->len == 0;
}

/* From now on the days count for which the bytes of a file stay that was deleted. */
static gboolean
touch_rule (MusterTransaction *transaction,
            MusterEntity      *before,
            MusterEntity      *after,
            gpointer           folder,
            GError           **error)
{
  const char *sha256 = after == NULL ? muster_entity_get_string (before, "sha256") : NULL;

  if (sha256 != NULL && strlen (sha256) == 64)
    muster_content_folder_touch (folder, sha256);
  return TRUE;
}

/* Whether what people say that it fits is another than before. */
static gboolean
is_said_anew (MusterEntity *before, MusterEntity *after)
{
  static const char *const fields[] = { "models", "hardware_from", "hardware_to" };

  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    if (before == NULL || g_strcmp0 (muster_entity_get_string (before, fields[i]),
                                     muster_entity_get_string (after, fields[i])) != 0)
      return TRUE;
  return FALSE;
}

/* What updates and rollouts name, which keep no record from being deleted by themselves; and what
 * firmware fits, which decides who is given it. */
static gboolean
firmware_rule (MusterTransaction *transaction,
               MusterEntity      *before,
               MusterEntity      *after,
               gpointer           data,
               GError           **error)
{
  if (after == NULL)
    return muster_firmware_use_check_unused (transaction, before, error);
  return !MUSTER_IS_FIRMWARE_ARTIFACT (after) || !is_said_anew (before, after) ||
         muster_firmware_check_artifact (after, error);
}

/* Whether VERSION is that of an update which the device has under way, or was given. */
static gboolean
is_by_update (MusterTransaction *transaction,
              const char        *device_id,
              const char        *version,
              gboolean          *by_update,
              GError           **error)
{
  static const char *const states[] = { "waiting", "running", "cancelling", "confirmed", NULL };
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_update_info);
  gint64 n_updates;

  muster_query_where (query, "device_id", device_id);
  muster_query_where (query, "to_version", version);
  muster_query_where_any (query, "status", states);
  n_updates = muster_transaction_count (transaction, query, error);
  *by_update = n_updates > 0;
  return n_updates >= 0;
}

/* However the site comes to know of another version: it came by an update, or from outside. */
static gboolean
origin_rule (MusterTransaction *transaction,
             MusterEntity      *before,
             MusterEntity      *after,
             gpointer           data,
             GError           **error)
{
  const char *was = before != NULL ? muster_entity_get_string (before, "firmware_version") : NULL;
  const char *is = after != NULL ? muster_entity_get_string (after, "firmware_version") : NULL;
  gboolean    by_update = FALSE;

  if (was == NULL || is == NULL || g_str_equal (was, is))
    return TRUE;
  if (!is_by_update (transaction, muster_entity_get_id (after), is, &by_update, error))
    return FALSE;
  muster_entity_set_enum (after, "firmware_origin",
                          by_update ? MUSTER_FIRMWARE_ORIGIN_UPDATE
                                    : MUSTER_FIRMWARE_ORIGIN_OUTSIDE);
  return TRUE;
}

void
muster_firmware_rules_add (MusterDatabase *database, const char *folder)
{
  static const MusterEntityInfo *const numbered[] = {
    &muster_device_group_info,  &muster_firmware_artifact_info, &muster_firmware_file_info,
    &muster_firmware_set_info,  &muster_firmware_update_info,   &muster_rollout_info,
    &muster_target_filter_info, &muster_update_event_info,
  };

  char *kept = NULL;

  g_return_if_fail (MUSTER_IS_DATABASE (database));
  g_return_if_fail (folder != NULL);

  kept = g_strdup (folder);
  g_object_set_data_full (G_OBJECT (database), "muster-firmware-folder", kept, g_free);
  muster_database_add_rule (database, &muster_firmware_file_info, MUSTER_RULE_ON_UNDO, touch_rule,
                            kept);
  for (unsigned i = 0; i < G_N_ELEMENTS (numbered); i++)
    muster_database_add_rule (database, numbered[i], MUSTER_RULE_BEFORE, number_rule,
                              (gpointer)numbered[i]);
  muster_database_add_rule (database, &muster_device_info, MUSTER_RULE_BEFORE, origin_rule, NULL);
  muster_database_add_rule (database, &muster_firmware_file_info, MUSTER_RULE_PLAIN, file_rule,
                            NULL);
  muster_database_add_rule (database, &muster_firmware_artifact_info, MUSTER_RULE_BEFORE,
                            firmware_rule, NULL);
  muster_database_add_rule (database, &muster_firmware_set_info, MUSTER_RULE_BEFORE, firmware_rule,
                            NULL);
}

/* --- checks --- */

static gboolean
is_model_list (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonArray *models =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; models != NULL && i < json_array_get_length (models); i++)
    {
      JsonNode   *element = json_array_get_element (models, i);
      const char *model =
        json_node_get_value_type (element) == G_TYPE_STRING ? json_node_get_string (element) : NULL;

      if (model == NULL || *model == '\0' || strlen (model) > 120)
        return FALSE;
    }
  return models != NULL && json_array_get_length (models) > 0;
}

gboolean
muster_firmware_check_artifact (MusterEntity *artifact, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const char *from = muster_entity_get_string (artifact, "hardware_from");
  const char *to = muster_entity_get_string (artifact, "hardware_to");

  if (!muster_entity_is_null (artifact, "models") &&
      !is_model_list (muster_entity_get_string (artifact, "models")))
    muster_field_errors_add (errors, "/models",
                             "must be an array of names of models, or null for any");
  if (from != NULL && to != NULL && muster_version_compare (from, to) > 0)
    muster_field_errors_add (errors, "/hardware_to", "must not be below hardware_from, which is %s",
                             from);
  return muster_field_errors_check (errors, error);
}

/* --- keys --- */

/* KEY owns its certificate then. */
static gboolean
read_key (MusterEntity *record, MusterFirmwareKey *key)
{
  gsize length = 0;

  g_strlcpy (key->id, muster_entity_get_id (record), sizeof key->id);
  key->status = muster_entity_get_enum (record, "status");
  if (sodium_hex2bin (key->public_key, sizeof key->public_key,
                      muster_entity_get_string (record, "public_key"), 64, NULL, &length,
                      NULL) != 0 ||
      length != sizeof key->public_key)
    return FALSE;
  key->certificate = g_strdup (muster_entity_get_string (record, "certificate"));
  return TRUE;
}

GArray *
muster_firmware_keys_list (MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_signing_key_info);
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GArray) keys = muster_firmware_keys_new ();

  muster_query_set_limit (query, 0);
  records = muster_transaction_select (transaction, query, error);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      MusterFirmwareKey key = { 0 };

      if (read_key (records->pdata[i], &key))
        g_array_append_val (keys, key);
    }
  return records != NULL ? g_steal_pointer (&keys) : NULL;
}
