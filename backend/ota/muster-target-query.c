/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-target-query"

#include "config.h"

#include <string.h>

#include "model/muster-device-group.h"
#include "model/muster-firmware-update.h"
#include "muster-preflight.h"
#include "muster-rsql.h"
#include "muster-target-query.h"

struct _MusterTargetQuery
{
  MusterTransaction *transaction; /* (unowned) */
  GHashTable
    *tags; /* (owned) (nullable): (owned) device id → (owned) GPtrArray of names of groups */
};

MusterTargetQuery *
muster_target_query_new (MusterTransaction *transaction)
{
  MusterTargetQuery *self = g_new0 (MusterTargetQuery, 1);

  self->transaction = transaction;
  return self;
}

void
muster_target_query_free (MusterTargetQuery *self)
{
  g_clear_pointer (&self->tags, g_hash_table_unref);
  g_free (self);
}

/* --- its device --- */

/* What hawkBit calls otherwise than the device's record: (transfer full) (nullable). */
static char *
dup_of_device (MusterTransaction *transaction, MusterEntity *target, const char *field)
{
  g_autoptr (MusterEntity) device =
              muster_transaction_get (transaction, &muster_device_info,
                                      muster_entity_get_string (target, "device_id"), NULL);

  return device != NULL ? muster_rsql_dup_field (device, field) : NULL;
}

/* --- what it says of itself --- */

static char *
dup_attribute (MusterEntity *target, const char *name)
{
  const char *text = muster_entity_get_string (target, "attributes");
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonObject    *object = node != NULL ? json_node_get_object (node) : NULL;
  JsonObjectIter iter;
  const char    *member;

  if (object == NULL)
    return NULL;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &member, NULL))
    {
      g_autofree char *lower = g_utf8_strdown (member, -1);

      if (strcmp (lower, name) == 0)
        return g_strdup (json_object_get_string_member (object, member));
    }
  return NULL;
}

/* --- its groups --- */

static gboolean
muster_target_query_note_group (MusterTargetQuery *self, MusterEntity *group)
{
  g_autoptr (GHashTable) devices =
              g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  const char    *name = muster_entity_get_string (group, "name");
  GHashTableIter iter;
  gpointer       id;

  if (!muster_preflight_add_group (self->transaction, muster_entity_get_id (group), devices, NULL))
    return FALSE;
  g_hash_table_iter_init (&iter, devices);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      GPtrArray *names = g_hash_table_lookup (self->tags, id);

      if (names == NULL)
        {
          names = g_ptr_array_new_null_terminated (1, g_free, TRUE);
          g_hash_table_insert (self->tags, g_strdup (id), names);
        }
      g_ptr_array_add (names, g_strdup (name));
    }
  return TRUE;
}

/* Groups whose filter is none any more have no members by it. */
static void
muster_target_query_read_groups (MusterTargetQuery *self)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_group_info);
  g_autoptr (GPtrArray) groups = NULL;

  self->tags =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  muster_query_set_sort (query, "name");
  muster_query_set_limit (query, 0);
  groups = muster_transaction_select (self->transaction, query, NULL);
  for (guint i = 0; groups != NULL && i < groups->len; i++)
    if (!muster_target_query_note_group (self, groups->pdata[i]))
      g_message ("the devices of the group %s are not known",
                 muster_entity_get_string (groups->pdata[i], "name"));
}

static char **
muster_target_query_get_tags (MusterTargetQuery *self, MusterEntity *target)
{
  GPtrArray *names = NULL;

  if (self->tags == NULL)
    muster_target_query_read_groups (self);
  names = g_hash_table_lookup (self->tags, muster_entity_get_string (target, "device_id"));
  return names != NULL ? g_strdupv ((char **)names->pdata) : NULL;
}

/* --- its updates --- */

const char *
muster_target_query_get_status (MusterTransaction *transaction, MusterEntity *target)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_update_info);
  g_autoptr (MusterEntity) last = NULL;

  muster_query_where (query, "device_id", muster_entity_get_string (target, "device_id"));
  muster_query_set_sort (query, "-number");
  muster_query_set_limit (query, 1);
  last = muster_transaction_find (transaction, query, NULL);
  if (last == NULL)
    return "registered";
  switch ((MusterUpdateStatus)muster_entity_get_enum (last, "status"))
    {
    case MUSTER_UPDATE_CONFIRMED:
      return "in_sync";
    case MUSTER_UPDATE_FAILED:
    case MUSTER_UPDATE_REVERTED:
      return "error";
    case MUSTER_UPDATE_CANCELLED:
      return "registered";
    case MUSTER_UPDATE_WAITING:
    case MUSTER_UPDATE_RUNNING:
    case MUSTER_UPDATE_CANCELLING:
    default:
      return "pending";
    }
}

/* --- all of it --- */

char **
muster_target_query_get (MusterTargetQuery *self, MusterEntity *target, const char *name)
{
  static const char *const prefixes[] = { "attribute.", "controllerattributes." };
  static const char *const own[][2] = { { "controllerid", "controller_id" },
                                        { "id", "controller_id" },
                                        { "createdat", "created_at" },
                                        { "lastmodifiedat", "updated_at" } };
  static const char *const of_device[][2] = { { "name", "name" },
                                              { "description", "notes" },
                                              { "ipaddress", "address" },
                                              { "lastcontrollerrequestat", "last_seen" } };

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i]))
      return muster_rsql_take_value (dup_attribute (target, name + strlen (prefixes[i])));
  for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
    if (strcmp (name, own[i][0]) == 0)
      return muster_rsql_take_value (muster_rsql_dup_field (target, own[i][1]));
  for (gsize i = 0; i < G_N_ELEMENTS (of_device); i++)
    if (strcmp (name, of_device[i][0]) == 0)
      return muster_rsql_take_value (dup_of_device (self->transaction, target, of_device[i][1]));
  if (strcmp (name, "tag") == 0)
    return muster_target_query_get_tags (self, target);
  return strcmp (name, "updatestatus") == 0
           ? muster_rsql_take_value (
               g_strdup (muster_target_query_get_status (self->transaction, target)))
           : NULL;
}

/* --- those that match --- */

typedef struct
{
  MusterTargetQuery *query;
  MusterEntity      *target;
} Looking;

static char **
get_value (const char *name, gpointer user_data)
{
  Looking *looking = user_data;

  return muster_target_query_get (looking->query, looking->target, name);
}

gboolean
muster_target_query_check (const char *text, GError **error)
{
  MusterRsql *filter = muster_rsql_parse (text, error);

  if (filter == NULL)
    return FALSE;
  muster_rsql_free (filter);
  return TRUE;
}

gboolean
muster_target_query_is_live (const char *text, gboolean live_tags)
{
  static const char *const live[] = { "ipaddress", "lastcontrollerrequestat", NULL };
  static const char *const tags[] = { "tag", NULL };
  g_autoptr (MusterRsql) filter = muster_rsql_parse (text, NULL);

  return filter != NULL &&
         (muster_rsql_uses (filter, live) || (live_tags && muster_rsql_uses (filter, tags)));
}

/* The update clients of the devices ONLY: (transfer full). */
static GPtrArray *
list_some (MusterTransaction *transaction, GHashTable *only, GError **error)
{
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer       id;

  g_hash_table_iter_init (&iter, only);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_autoptr (MusterQuery) query = muster_query_new (&muster_update_target_info);
      g_autoptr (GPtrArray) found = NULL;

      muster_query_where (query, "device_id", id);
      found = muster_transaction_select (transaction, query, error);
      if (found == NULL)
        return NULL;
      if (found->len > 0)
        g_ptr_array_add (targets, g_object_ref (found->pdata[0]));
    }
  return g_steal_pointer (&targets);
}

static GPtrArray *
list_all (MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_update_target_info);

  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

gboolean
muster_target_query_add_matches (MusterTransaction *transaction,
                                 const char        *text,
                                 GHashTable        *only,
                                 GHashTable        *devices,
                                 GError           **error)
{
  g_autoptr (MusterTargetQuery) self = muster_target_query_new (transaction);
  g_autoptr (MusterRsql) filter = muster_rsql_parse (text, error);
  g_autoptr (GPtrArray) targets = NULL;

  if (filter != NULL)
    targets = only != NULL ? list_some (transaction, only, error) : list_all (transaction, error);
  for (guint i = 0; targets != NULL && i < targets->len; i++)
    {
      Looking looking = { self, targets->pdata[i] };
      g_autoptr (MusterEntity) device = NULL;

      if (!muster_rsql_matches (filter, get_value, &looking))
        continue;
      device =
        muster_transaction_get (transaction, &muster_device_info,
                                muster_entity_get_string (looking.target, "device_id"), error);
      if (device == NULL)
        return FALSE;
      g_hash_table_replace (devices, (gpointer)muster_entity_get_id (device),
                            g_object_ref (device));
    }
  return targets != NULL;
}
