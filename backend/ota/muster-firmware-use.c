/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-use"

#include "config.h"

#include "model/muster-device.h"
#include "model/muster-firmware-artifact.h"
#include "model/muster-firmware-set-member.h"
#include "model/muster-firmware-set.h"
#include "model/muster-firmware-update.h"
#include "model/muster-rollout.h"
#include "muster-firmware-use.h"
#include "muster-update-store.h"

#define REVOKED "a key that signed it was revoked"

static const char *const open_states[] = { "waiting", "running", "cancelling", NULL };
static const char *const done_states[] = { "confirmed", NULL };

static gboolean
add_artifact (MusterTransaction *transaction, GPtrArray *artifacts, const char *id, GError **error)
{
  MusterEntity *artifact =
    muster_transaction_get (transaction, &muster_firmware_artifact_info, id, error);

  if (artifact != NULL)
    g_ptr_array_add (artifacts, artifact);
  return artifact != NULL;
}

GPtrArray *
muster_firmware_use_list_parts (MusterTransaction *transaction,
                                const char        *artifact_id,
                                const char        *set_id,
                                GError           **error)
{
  g_autoptr (GPtrArray) artifacts = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (GPtrArray) members = NULL;

  g_return_val_if_fail (artifact_id != NULL || set_id != NULL, NULL);

  if (set_id == NULL)
    return add_artifact (transaction, artifacts, artifact_id, error) ? g_steal_pointer (&artifacts)
                                                                     : NULL;
  query = muster_query_new (&muster_firmware_set_member_info);
  muster_query_where (query, "set_id", set_id);
  muster_query_set_sort (query, "position");
  muster_query_set_limit (query, 0);
  members = muster_transaction_select (transaction, query, error);
  for (guint i = 0; members != NULL && i < members->len; i++)
    if (!add_artifact (transaction, artifacts,
                       muster_entity_get_string (members->pdata[i], "artifact_id"), error))
      return NULL;
  return members != NULL ? g_steal_pointer (&artifacts) : NULL;
}

/* The sets that have it: (transfer full) (array zero-terminated=1). */
static char **
list_sets (MusterTransaction *transaction, const char *artifact_id, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_set_member_info);
  g_autoptr (GPtrArray) members = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  muster_query_where (query, "artifact_id", artifact_id);
  muster_query_set_limit (query, 0);
  members = muster_transaction_select (transaction, query, error);
  for (guint i = 0; members != NULL && i < members->len; i++)
    g_strv_builder_add (builder, muster_entity_get_string (members->pdata[i], "set_id"));
  return members != NULL ? g_strv_builder_end (builder) : NULL;
}

static gboolean
add_updates (MusterTransaction *transaction,
             const char        *field,
             const char *const *values,
             const char *const *states,
             GPtrArray         *updates,
             GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_update_info);
  g_autoptr (GPtrArray) found = NULL;

  if (values[0] == NULL)
    return TRUE;
  muster_query_where_any (query, field, values);
  muster_query_where_any (query, "status", states);
  muster_query_set_limit (query, 0);
  found = muster_transaction_select (transaction, query, error);
  for (guint i = 0; found != NULL && i < found->len; i++)
    g_ptr_array_add (updates, g_object_ref (found->pdata[i]));
  return found != NULL;
}

static GPtrArray *
list_updates (MusterTransaction *transaction,
              const char        *artifact_id,
              const char *const *states,
              GError           **error)
{
  const char *const artifacts[] = { artifact_id, NULL };
  g_auto (GStrv) sets = list_sets (transaction, artifact_id, error);
  g_autoptr (GPtrArray) updates = g_ptr_array_new_with_free_func (g_object_unref);

  return sets != NULL &&
             add_updates (transaction, "artifact_id", artifacts, states, updates, error) &&
             add_updates (transaction, "set_id", (const char *const *)sets, states, updates, error)
           ? g_steal_pointer (&updates)
           : NULL;
}

GPtrArray *
muster_firmware_use_list_open (MusterTransaction *transaction,
                               const char        *artifact_id,
                               GError           **error)
{
  g_return_val_if_fail (artifact_id != NULL, NULL);

  return list_updates (transaction, artifact_id, open_states, error);
}

/* How many devices run what one of UPDATES brought. */
static gint64
count_devices (MusterTransaction *transaction, GPtrArray *updates)
{
  g_autoptr (GHashTable) devices = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < updates->len; i++)
    {
      const char *device_id = muster_entity_get_string (updates->pdata[i], "device_id");
      g_autoptr (MusterEntity) device =
                  muster_transaction_get (transaction, &muster_device_info, device_id, NULL);

      if (device != NULL &&
          g_strcmp0 (muster_entity_get_string (device, "firmware_version"),
                     muster_entity_get_string (updates->pdata[i], "to_version")) == 0)
        g_hash_table_add (devices, (gpointer)device_id);
    }
  return g_hash_table_size (devices);
}

gint64
muster_firmware_use_count_installed (MusterTransaction *transaction,
                                     const char        *artifact_id,
                                     GError           **error)
{
  g_autoptr (GPtrArray) updates = NULL;

  g_return_val_if_fail (artifact_id != NULL, -1);

  updates = list_updates (transaction, artifact_id, done_states, error);
  return updates != NULL ? count_devices (transaction, updates) : -1;
}

/* --- what is deleted --- */

/* Updates of RECORD, an artifact or a set, that are in one of STATES. */
static GPtrArray *
list_updates_of (MusterTransaction *transaction,
                 MusterEntity      *record,
                 const char *const *states,
                 GError           **error)
{
  const char *const sets[] = { muster_entity_get_id (record), NULL };
  g_autoptr (GPtrArray) updates = NULL;

  if (!MUSTER_IS_FIRMWARE_SET (record))
    return list_updates (transaction, muster_entity_get_id (record), states, error);
  updates = g_ptr_array_new_with_free_func (g_object_unref);
  return add_updates (transaction, "set_id", sets, states, updates, error)
           ? g_steal_pointer (&updates)
           : NULL;
}

static gint64
count_rollouts (MusterTransaction *transaction, MusterEntity *record, GError **error)
{
  static const char *const states[] = {
    "draft", "approval", "scheduled", "running", "paused", NULL
  };
  g_autoptr (MusterQuery) query = muster_query_new (&muster_rollout_info);

  muster_query_where (query, MUSTER_IS_FIRMWARE_SET (record) ? "set_id" : "artifact_id",
                      muster_entity_get_id (record));
  muster_query_where_any (query, "status", states);
  return muster_transaction_count (transaction, query, error);
}

gboolean
muster_firmware_use_check_unused (MusterTransaction *transaction,
                                  MusterEntity      *record,
                                  GError           **error)
{
  const char *name = muster_entity_get_string (record, "name");
  g_autoptr (GPtrArray) under_way = NULL;
  g_autoptr (GPtrArray) done = NULL;
  gint64 n_rollouts, n_devices;

  under_way = list_updates_of (transaction, record, open_states, error);
  done = under_way != NULL ? list_updates_of (transaction, record, done_states, error) : NULL;
  n_rollouts = done != NULL ? count_rollouts (transaction, record, error) : -1;
  if (n_rollouts < 0)
    return FALSE;
  n_devices = count_devices (transaction, done);
  if (under_way->len > 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%u updates under way need %s: cancel them first", under_way->len, name);
  else if (n_rollouts > 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%" G_GINT64_FORMAT " rollouts are to give %s: cancel or delete them first",
                 n_rollouts, name);
  else if (n_devices > 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%" G_GINT64_FORMAT " devices run %s and may ask for it again: update them first",
                 n_devices, name);
  else
    return TRUE;
  return FALSE;
}

/* --- what may be given --- */

static gboolean
check_key (MusterEntity *artifact, GError **error)
{
  if (muster_entity_get_enum (artifact, "trust") != MUSTER_TRUST_REVOKED)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "the key that signed %s is revoked: sign it by another",
               muster_entity_get_string (artifact, "name"));
  return FALSE;
}

/* Raw bytes, Intel HEX and UF2 have no place for a signature. */
static gboolean
can_be_signed (MusterEntity *artifact)
{
  int format = muster_entity_get_enum (artifact, "format");

  return format == MUSTER_FORMAT_IMAGE || format == MUSTER_FORMAT_SWU ||
         format == MUSTER_FORMAT_RAUCB;
}

gboolean
muster_firmware_check_given (MusterEntity *artifact, gboolean needs_signature, GError **error)
{
  const char *name = NULL;
  int         trust;

  g_return_val_if_fail (MUSTER_IS_FIRMWARE_ARTIFACT (artifact), FALSE);

  name = muster_entity_get_string (artifact, "name");
  trust = muster_entity_get_enum (artifact, "trust");
  if (muster_entity_get_enum (artifact, "status") != MUSTER_ARTIFACT_READY)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%s is %s: devices can be given it once it is ready", name,
                 muster_entity_get_string (artifact, "status"));
  else if (needs_signature && trust != MUSTER_TRUST_SIGNED && can_be_signed (artifact))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%s bears no signature of a key or certificate of the site, which its settings "
                 "demand: sign it, or trust who signed it",
                 name);
  else
    return check_key (artifact, error);
  return FALSE;
}

gboolean
muster_firmware_use_check_given (MusterTransaction *transaction,
                                 MusterEntity      *record,
                                 GError           **error)
{
  g_autoptr (GPtrArray) artifacts =
              muster_firmware_use_list_parts (transaction,
                                              muster_entity_get_string (record, "artifact_id"),
                                              muster_entity_get_string (record, "set_id"), error);

  for (guint i = 0; artifacts != NULL && i < artifacts->len; i++)
    if (!muster_firmware_check_given (artifacts->pdata[i], FALSE, error))
      return FALSE;
  return artifacts != NULL;
}

/* --- what may not be given any more --- */

static GPtrArray *
list_artifacts (MusterTransaction *transaction,
                const char        *field,
                const char        *value,
                GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_artifact_info);

  muster_query_where (query, field, value);
  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

static gboolean
end_update (MusterTransaction *transaction,
            MusterEntity      *update,
            const char        *why,
            GPtrArray         *changed,
            GError           **error)
{
  if (muster_entity_get_enum (update, "status") == MUSTER_UPDATE_CANCELLING)
    return TRUE;
  muster_entity_set_string (update, "error", why);
  g_ptr_array_add (changed, g_object_ref (update));
  return muster_update_store_cancel_one (transaction, update, FALSE, error);
}

static gboolean
end_revoked (MusterTransaction *transaction,
             MusterEntity      *artifact,
             GPtrArray         *changed,
             GError           **error)
{
  g_autoptr (GPtrArray) updates =
              list_updates (transaction, muster_entity_get_id (artifact), open_states, error);

  for (guint i = 0; updates != NULL && i < updates->len; i++)
    if (!end_update (transaction, updates->pdata[i], REVOKED, changed, error))
      return FALSE;
  return updates != NULL;
}

/* The rollouts under way that give what FIELD names as one of VALUES pause; their ids go into IDS.
 */
static gboolean
pause_rollouts (MusterTransaction *transaction,
                const char        *field,
                const char *const *values,
                const char        *why,
                GHashTable        *ids,
                GError           **error)
{
  static const char *const under_way[] = { "scheduled", "running", "paused", NULL };
  g_autoptr (MusterQuery) query = muster_query_new (&muster_rollout_info);
  g_autoptr (GPtrArray) rollouts = NULL;

  if (values[0] == NULL)
    return TRUE;
  muster_query_where_any (query, field, values);
  muster_query_where_any (query, "status", under_way);
  muster_query_set_limit (query, 0);
  rollouts = muster_transaction_select (transaction, query, error);
  for (guint i = 0; rollouts != NULL && i < rollouts->len; i++)
    {
      MusterEntity *rollout = rollouts->pdata[i];

      g_hash_table_add (ids, g_strdup (muster_entity_get_id (rollout)));
      if (muster_entity_get_enum (rollout, "status") == MUSTER_ROLLOUT_PAUSED)
        continue;
      muster_entity_set_enum (rollout, "status", MUSTER_ROLLOUT_PAUSED);
      muster_entity_set_string (rollout, "reason", why);
      if (!muster_transaction_update (transaction, rollout, 0, error))
        return FALSE;
    }
  return rollouts != NULL;
}

/* What waits within a rollout is given to nobody while that is paused, and goes on with it. */
static gboolean
end_withdrawn (MusterTransaction *transaction,
               MusterEntity      *artifact,
               GPtrArray         *changed,
               GError           **error)
{
  static const char *const waiting[] = { "waiting", NULL };
  const char              *id = muster_entity_get_id (artifact);
  const char *const        ids[] = { id, NULL };
  g_autofree char         *why =
    g_strdup_printf ("%s was withdrawn", muster_entity_get_string (artifact, "name"));
  g_autoptr (GHashTable) rollouts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) sets = list_sets (transaction, id, error);
  g_autoptr (GPtrArray) updates = NULL;

  if (sets == NULL || !pause_rollouts (transaction, "artifact_id", ids, why, rollouts, error) ||
      !pause_rollouts (transaction, "set_id", (const char *const *)sets, why, rollouts, error))
    return FALSE;
  updates = list_updates (transaction, id, waiting, error);
  for (guint i = 0; updates != NULL && i < updates->len; i++)
    {
      const char *rollout_id = muster_entity_get_string (updates->pdata[i], "rollout_id");

      if (rollout_id != NULL && g_hash_table_contains (rollouts, rollout_id))
        continue;
      if (!end_update (transaction, updates->pdata[i], why, changed, error))
        return FALSE;
    }
  return updates != NULL;
}

gboolean
muster_firmware_use_end_barred (MusterTransaction *transaction,
                                gpointer           data,
                                GValue            *result,
                                GError           **error)
{
  g_autoptr (GPtrArray) revoked = list_artifacts (transaction, "trust", "revoked", error);
  g_autoptr (GPtrArray) withdrawn =
              revoked != NULL ? list_artifacts (transaction, "status", "withdrawn", error) : NULL;
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);

  if (withdrawn == NULL)
    return FALSE;
  for (guint i = 0; i < revoked->len; i++)
    if (!end_revoked (transaction, revoked->pdata[i], changed, error))
      return FALSE;
  for (guint i = 0; i < withdrawn->len; i++)
    if (!end_withdrawn (transaction, withdrawn->pdata[i], changed, error))
      return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&changed));
  return TRUE;
}
