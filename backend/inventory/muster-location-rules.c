/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-location-rules"

#include "config.h"

#include "model/muster-location.h"
#include "muster-location-rules.h"

/* As long as the field `path` may be, in characters. */
#define PATH_MAX_LENGTH 1000

static gboolean
refuse (const char *pointer, const char *detail, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, pointer, "%s", detail);
  return muster_field_errors_check (errors, error);
}

/* Whether ID is PARENT or above it. */
static gboolean
check_circle (MusterTransaction *transaction, const char *id, MusterEntity *parent, GError **error)
{
  g_autoptr (MusterEntity) place = g_object_ref (parent);

  while (place != NULL)
    {
      g_autofree char *above = g_strdup (muster_entity_get_string (place, "parent_id"));

      if (g_strcmp0 (muster_entity_get_id (place), id) == 0)
        return refuse ("/parent_id", "a place cannot lie within itself: choose one outside of it",
                       error);
      g_clear_object (&place);
      if (above == NULL)
        break;
      place = muster_transaction_get (transaction, &muster_location_info, above, error);
      if (place == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Before a place is written: its path, from that of the place around it. */
static gboolean
set_path (MusterTransaction *transaction,
          MusterEntity      *before,
          MusterEntity      *after,
          gpointer           data,
          GError           **error)
{
  const char *parent_id = after != NULL ? muster_entity_get_string (after, "parent_id") : NULL;
  const char *name = after != NULL ? muster_entity_get_string (after, "name") : NULL;
  g_autoptr (MusterEntity) parent = NULL;
  g_autofree char *path = NULL;

  if (after == NULL)
    return TRUE;
  if (parent_id == NULL)
    {
      muster_entity_set_string (after, "path", name);
      return TRUE;
    }
  parent = muster_transaction_get (transaction, &muster_location_info, parent_id, NULL);
  if (parent == NULL)
    return TRUE; /* the check of references tells */
  if (before != NULL && !check_circle (transaction, muster_entity_get_id (after), parent, error))
    return FALSE;
  path =
    g_strconcat (muster_entity_get_string (parent, "path"), MUSTER_LOCATION_SEPARATOR, name, NULL);
  if (g_utf8_strlen (path, -1) > PATH_MAX_LENGTH)
    return refuse ("/name",
                   "the names from the outermost place to this one come to more than 1000 "
                   "characters: shorten some",
                   error);
  muster_entity_set_string (after, "path", path);
  return TRUE;
}

static GPtrArray *
select_within (MusterTransaction *transaction, const char *id, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_location_info);

  muster_query_where (query, "parent_id", id);
  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

/* The places within follow: each is written again, and finds its path anew. */
static gboolean
renew_paths_within (MusterTransaction *transaction,
                    MusterEntity      *before,
                    MusterEntity      *after,
                    gpointer           data,
                    GError           **error)
{
  g_autoptr (GPtrArray) places = NULL;

  if (before == NULL || after == NULL ||
      g_strcmp0 (muster_entity_get_string (before, "path"),
                 muster_entity_get_string (after, "path")) == 0)
    return TRUE;
  places = select_within (transaction, muster_entity_get_id (after), error);
  for (guint i = 0; places != NULL && i < places->len; i++)
    if (!muster_transaction_update (transaction, places->pdata[i], 0, error))
      return FALSE;
  return places != NULL;
}

void
muster_location_rules_add (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_rule (database, &muster_location_info, MUSTER_RULE_BEFORE, set_path, NULL);
  muster_database_add_rule (database, &muster_location_info, MUSTER_RULE_PLAIN, renew_paths_within,
                            NULL);
}

GStrv
muster_location_list_within (MusterTransaction *transaction, const char *id, GError **error)
{
  g_autoptr (MusterEntity) top = NULL;
  g_autoptr (GPtrArray) ids = NULL;

  g_return_val_if_fail (transaction != NULL, NULL);
  g_return_val_if_fail (id != NULL, NULL);

  top = muster_transaction_get (transaction, &muster_location_info, id, error);
  if (top == NULL)
    return NULL;
  ids = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (ids, g_strdup (id));
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (GPtrArray) places = select_within (transaction, ids->pdata[i], error);

      if (places == NULL)
        return NULL;
      for (guint j = 0; j < places->len; j++)
        g_ptr_array_add (ids, g_strdup (muster_entity_get_id (places->pdata[j])));
    }
  g_ptr_array_add (ids, NULL);
  g_ptr_array_set_free_func (ids, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&ids), FALSE);
}
