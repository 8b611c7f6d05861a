/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-history"

#include "config.h"

#include <string.h>

#include "muster-alert-history.h"

struct _MusterAlertHistory
{
  GHashTable *changes; /* (owned) (element-type utf8 MusterAlertChange): by device */
};

static void
change_free (gpointer data)
{
  MusterAlertChange *self = data;

  g_free (self->text);
  g_free (self);
}

MusterAlertHistory *
muster_alert_history_new (void)
{
  MusterAlertHistory *self = g_new (MusterAlertHistory, 1);

  self->changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, change_free);
  return self;
}

void
muster_alert_history_free (MusterAlertHistory *self)
{
  g_hash_table_unref (self->changes);
  g_free (self);
}

static const char *
get_text (JsonObject *members, const char *name)
{
  return json_object_get_string_member_with_default (members, name, NULL);
}

/* What other members are called in words; those that are not here explain nothing. */
static const struct
{
  const char *member;
  const char *text;
} others[] = {
  { "gateway_id", "another gateway" },     { "product_id", "another product" },
  { "replaces_id", "replacing another" },  { "node_id", "another account" },
  { "adoption", "its adoption" },          { "model", "a change of its record" },
  { "location", "a change of its place" },
};

/* (transfer full) (nullable): what weighs most comes first. */
static char *
describe (JsonObject *members, const char *place)
{
  if (get_text (members, "firmware_version") != NULL)
    return g_strdup_printf ("firmware %s", get_text (members, "firmware_version"));
  if (get_text (members, "location_id") != NULL && place != NULL)
    return g_strdup_printf ("moving to %s", place);
  if (get_text (members, "status") != NULL)
    return g_strdup_printf ("becoming %s", get_text (members, "status"));
  for (size_t i = 0; i < G_N_ELEMENTS (others); i++)
    if (get_text (members, others[i].member) != NULL)
      return g_strdup (others[i].text);
  return NULL;
}

void
muster_alert_history_note (MusterAlertHistory *self,
                           const char         *device_id,
                           gint64              at,
                           gint64              sequence,
                           JsonObject         *members,
                           const char         *place)
{
  g_autofree char   *text = describe (members, place);
  MusterAlertChange *known = g_hash_table_lookup (self->changes, device_id);
  MusterAlertChange *change = NULL;

  if (text == NULL || (known != NULL && known->sequence > sequence))
    return;
  change = g_new (MusterAlertChange, 1);
  *change = (MusterAlertChange){ at, sequence, g_steal_pointer (&text) };
  g_hash_table_insert (self->changes, g_strdup (device_id), change);
}

const MusterAlertChange *
muster_alert_history_find (MusterAlertHistory *self, const char *device_id, gint64 from, gint64 to)
{
  const MusterAlertChange *change =
    device_id != NULL ? g_hash_table_lookup (self->changes, device_id) : NULL;

  return change != NULL && change->at >= from && change->at <= to ? change : NULL;
}

static gboolean
is_older (gpointer key, gpointer change, gpointer before)
{
  return ((MusterAlertChange *)change)->at < *(gint64 *)before;
}

void
muster_alert_history_prune (MusterAlertHistory *self, gint64 before)
{
  g_hash_table_foreach_remove (self->changes, is_older, &before);
}
