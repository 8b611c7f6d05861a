/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-site"

#include "config.h"

#include "muster-alert-site.h"

static void
unit_free (gpointer data)
{
  MusterAlertUnit *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self->product_id);
  g_free (self->location_id);
  g_free (self->gateway_id);
  g_free (self);
}

static void
place_free (gpointer data)
{
  MusterAlertPlace *self = data;

  g_free (self->id);
  g_free (self->path);
  g_free (self->parent_id);
  g_free (self);
}

MusterAlertSite *
muster_alert_site_new (void)
{
  MusterAlertSite *self = g_new (MusterAlertSite, 1);

  self->units = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, unit_free);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, place_free);
  return self;
}

void
muster_alert_site_free (MusterAlertSite *self)
{
  g_hash_table_unref (self->units);
  g_hash_table_unref (self->places);
  g_free (self);
}

MusterAlertUnit *
muster_alert_site_get_unit (MusterAlertSite *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->units, id) : NULL;
}

MusterAlertPlace *
muster_alert_site_get_place (MusterAlertSite *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->places, id) : NULL;
}

const char *
muster_alert_site_get_unit_name (MusterAlertSite *self, const char *id)
{
  const MusterAlertUnit *unit = muster_alert_site_get_unit (self, id);

  return unit != NULL ? unit->name : NULL;
}

/* --- from records --- */

static MusterAlertUnit *
take_unit (MusterAlertSite *self, const char *id)
{
  MusterAlertUnit *unit = g_hash_table_lookup (self->units, id);

  if (unit == NULL)
    {
      unit = g_new0 (MusterAlertUnit, 1);
      unit->id = g_strdup (id);
      unit->name = g_strdup (id);
      g_hash_table_insert (self->units, unit->id, unit);
    }
  return unit;
}

static MusterAlertPlace *
take_place (MusterAlertSite *self, const char *id)
{
  MusterAlertPlace *place = g_hash_table_lookup (self->places, id);

  if (place == NULL)
    {
      place = g_new0 (MusterAlertPlace, 1);
      place->id = g_strdup (id);
      place->path = g_strdup (id);
      g_hash_table_insert (self->places, place->id, place);
    }
  return place;
}

MusterAlertUnit *
muster_alert_site_add_unit (MusterAlertSite *self, MusterEntity *device)
{
  MusterAlertUnit *unit = take_unit (self, muster_entity_get_id (device));

  g_set_str (&unit->name, muster_entity_get_string (device, "name"));
  g_set_str (&unit->product_id, muster_entity_get_string (device, "product_id"));
  g_set_str (&unit->location_id, muster_entity_get_string (device, "location_id"));
  g_set_str (&unit->gateway_id, muster_entity_get_string (device, "gateway_id"));
  unit->kind = muster_entity_get_enum (device, "kind");
  unit->status = muster_entity_get_enum (device, "status");
  unit->adoption = muster_entity_get_enum (device, "adoption");
  return unit;
}

MusterAlertPlace *
muster_alert_site_add_place (MusterAlertSite *self, MusterEntity *location)
{
  MusterAlertPlace *place = take_place (self, muster_entity_get_id (location));

  g_set_str (&place->path, muster_entity_get_string (location, "path"));
  g_set_str (&place->parent_id, muster_entity_get_string (location, "parent_id"));
  return place;
}

/* --- from the journal --- */

static void
apply_text (char **field, JsonObject *members, const char *name)
{
  if (json_object_has_member (members, name))
    g_set_str (field, json_object_get_string_member_with_default (members, name, NULL));
}

static int
apply_enum (int value, const MusterEnum *enumeration, JsonObject *members, const char *name)
{
  const char *nick = json_object_get_string_member_with_default (members, name, "");
  int         given = muster_enum_parse (enumeration, nick);

  return given >= 0 ? given : value;
}

MusterAlertUnit *
muster_alert_site_apply_unit (MusterAlertSite *self, const char *id, JsonObject *members)
{
  MusterAlertUnit *unit = take_unit (self, id);

  apply_text (&unit->name, members, "name");
  apply_text (&unit->product_id, members, "product_id");
  apply_text (&unit->location_id, members, "location_id");
  apply_text (&unit->gateway_id, members, "gateway_id");
  unit->kind = apply_enum (unit->kind, &muster_device_kind_enum, members, "kind");
  unit->status = apply_enum (unit->status, &muster_device_status_enum, members, "status");
  unit->adoption = apply_enum (unit->adoption, &muster_adoption_enum, members, "adoption");
  return unit;
}

MusterAlertPlace *
muster_alert_site_apply_place (MusterAlertSite *self, const char *id, JsonObject *members)
{
  MusterAlertPlace *place = take_place (self, id);

  apply_text (&place->path, members, "path");
  apply_text (&place->parent_id, members, "parent_id");
  return place;
}

void
muster_alert_site_remove (MusterAlertSite *self, const char *id)
{
  g_hash_table_remove (self->units, id);
  g_hash_table_remove (self->places, id);
}

/* --- questions --- */

gboolean
muster_alert_unit_is_watched (const MusterAlertUnit *self)
{
  return self->status != MUSTER_DEVICE_STATUS_MAINTENANCE &&
         self->status != MUSTER_DEVICE_STATUS_DEFECTIVE &&
         self->status != MUSTER_DEVICE_STATUS_RETIRED;
}

gboolean
muster_alert_unit_is_unreachable (const MusterAlertUnit *self)
{
  return self->live == MUSTER_LIVE_OFFLINE && muster_alert_unit_is_watched (self);
}
