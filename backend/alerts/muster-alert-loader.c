/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-loader"

#include "config.h"

#include "model/muster-alert-rule.h"
#include "model/muster-alert-silence.h"
#include "model/muster-alert.h"
#include "model/muster-device-group-member.h"
#include "model/muster-device-group.h"
#include "model/muster-duty-calendar.h"
#include "model/muster-location.h"
#include "model/muster-site.h"
#include "muster-alert-loader.h"

/* So many of the alerts that people resolved last are looked at. */
#define N_DISMISSED 1000

static void
loaded_clear (gpointer data)
{
  MusterAlertLoaded *self = data;

  g_clear_pointer (&self->site, muster_alert_site_free);
  g_clear_pointer (&self->rules, g_ptr_array_unref);
  g_clear_pointer (&self->silences, g_ptr_array_unref);
  g_clear_pointer (&self->alerts, g_ptr_array_unref);
  g_clear_pointer (&self->dismissed, g_ptr_array_unref);
  g_clear_pointer (&self->calendars, g_ptr_array_unref);
  g_clear_pointer (&self->groups, g_hash_table_unref);
  g_free (self->timezone);
}

static gpointer
loaded_ref (gpointer self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
loaded_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, loaded_clear);
}

G_DEFINE_BOXED_TYPE (MusterAlertLoaded, muster_alert_loaded, loaded_ref, loaded_unref)

/* --- groups --- */

static void
add_group (GHashTable *groups, const char *device_id, const char *group_id)
{
  GPtrArray *ids = g_hash_table_lookup (groups, device_id);

  if (ids == NULL)
    {
      ids = g_ptr_array_new_null_terminated (2, g_free, TRUE);
      g_hash_table_insert (groups, g_strdup (device_id), ids);
    }
  if (!g_ptr_array_find_with_equal_func (ids, group_id, g_str_equal, NULL))
    g_ptr_array_add (ids, g_strdup (group_id));
}

static gboolean
take_member (MusterEntity *member, gpointer groups, GError **error)
{
  add_group (groups, muster_entity_get_string (member, "device_id"),
             muster_entity_get_string (member, "group_id"));
  return TRUE;
}

/* A filter that no longer reads has no matches. */
static gboolean
add_matches (MusterTransaction *transaction,
             MusterEntity      *group,
             GHashTable        *groups,
             GError           **error)
{
  const char *filter = muster_entity_get_string (group, "filter");
  g_autoptr (GHashTable) params =
              filter != NULL ? g_uri_parse_params (filter, -1, "&", G_URI_PARAMS_NONE, NULL) : NULL;
  g_autoptr (MusterQuery) query = params != NULL ? muster_query_new_from_params (&muster_device_info,
                                                                                params, NULL, NULL)
                                                : NULL;
  g_autoptr (GPtrArray) ids = NULL;

  if (query == NULL)
    return TRUE;
  ids = muster_transaction_select_ids (transaction, query, error);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    add_group (groups, ids->pdata[i], muster_entity_get_id (group));
  return ids != NULL;
}

static GPtrArray *
select_all (MusterTransaction *transaction, const MusterEntityInfo *info, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);

  muster_query_set_limit (query, 0);
  muster_query_set_sort (query, "id");
  return muster_transaction_select (transaction, query, error);
}

static GHashTable *
load_groups (MusterTransaction *transaction, GError **error)
{
  g_autoptr (GHashTable) groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                        (GDestroyNotify)g_ptr_array_unref);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_group_member_info);
  g_autoptr (GPtrArray) all = select_all (transaction, &muster_device_group_info, error);

  if (all == NULL || !muster_transaction_for_each (transaction, query, take_member, groups, error))
    return NULL;
  for (guint i = 0; i < all->len; i++)
    if (!add_matches (transaction, all->pdata[i], groups, error))
      return NULL;
  return g_steal_pointer (&groups);
}

static gboolean
groups_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GHashTable *groups = load_groups (transaction, error);

  if (groups == NULL)
    return FALSE;
  g_value_init (result, G_TYPE_HASH_TABLE);
  g_value_take_boxed (result, groups);
  return TRUE;
}

DexFuture *
muster_alert_load_groups (MusterDatabase *database)
{
  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);

  return muster_database_read (database, groups_job, NULL, NULL);
}

/* --- all of it --- */

static gboolean
take_device (MusterEntity *device, gpointer site, GError **error)
{
  muster_alert_site_add_unit (site, device);
  return TRUE;
}

static gboolean
take_place (MusterEntity *location, gpointer site, GError **error)
{
  muster_alert_site_add_place (site, location);
  return TRUE;
}

static gboolean
load_site (MusterAlertLoaded *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterQuery) devices = muster_query_new (&muster_device_info);
  g_autoptr (MusterQuery) places = muster_query_new (&muster_location_info);
  g_autoptr (GPtrArray) sites = select_all (transaction, &muster_site_info, error);

  self->site = muster_alert_site_new ();
  if (sites == NULL)
    return FALSE;
  if (sites->len > 0)
    self->timezone = g_strdup (muster_entity_get_string (sites->pdata[0], "timezone"));
  return muster_transaction_for_each (transaction, devices, take_device, self->site, error) &&
         muster_transaction_for_each (transaction, places, take_place, self->site, error);
}

static gboolean
load_alerts (MusterAlertLoaded *self, MusterTransaction *transaction, GError **error)
{
  static const char *const unresolved[] = { "open", "acknowledged", NULL };
  static const char *const resolved[] = { "resolved", NULL };
  g_autoptr (MusterQuery) query = muster_query_new (&muster_alert_info);
  g_autoptr (MusterQuery) last = muster_query_new (&muster_alert_info);

  muster_query_where_any (query, "status", unresolved);
  muster_query_set_sort (query, "id");
  muster_query_set_limit (query, 0);
  self->alerts = muster_transaction_select (transaction, query, error);
  muster_query_where_any (last, "status", resolved);
  muster_query_set_limit (last, N_DISMISSED);
  if (self->alerts != NULL)
    self->dismissed = muster_transaction_select (transaction, last, error);
  return self->dismissed != NULL;
}

static gboolean
load_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterAlertLoaded *self = g_atomic_rc_box_new0 (MusterAlertLoaded);

  g_value_init (result, MUSTER_TYPE_ALERT_LOADED);
  g_value_take_boxed (result, self);
  self->rules = select_all (transaction, &muster_alert_rule_info, error);
  if (self->rules == NULL)
    return FALSE;
  self->silences = select_all (transaction, &muster_alert_silence_info, error);
  if (self->silences == NULL || !load_site (self, transaction, error) ||
      !load_alerts (self, transaction, error))
    return FALSE;
  self->calendars = select_all (transaction, &muster_duty_calendar_info, error);
  if (self->calendars == NULL)
    return FALSE;
  self->groups = load_groups (transaction, error);
  return self->groups != NULL;
}

DexFuture *
muster_alert_load (MusterDatabase *database)
{
  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);

  return muster_database_read (database, load_job, NULL, NULL);
}
