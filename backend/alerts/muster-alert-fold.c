/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-fold"

#include "config.h"

#include "muster-alert-fold.h"

/* A cause takes at least so many devices, and that share of those behind it. */
#define FEWEST 3
#define SHARE_TO_BECOME 80 /* per cent */
#define SHARE_TO_REMAIN 50
/* Longer ways, or circles, are not followed. */
#define MAX_DEPTH 32

typedef struct
{
  unsigned down;
  unsigned all;
} Tally;

struct _MusterAlertFold
{
  MusterAlertSite *site; /* (unowned) */
  gboolean         broker_is_down;
  GHashTable      *gateways; /* (owned) (element-type utf8 Tally): by id, borrowed */
  GHashTable      *places;   /* (owned) (element-type utf8 Tally): by id, borrowed */
};

static void
count (GHashTable *tallies, const char *id, gboolean is_down)
{
  Tally *tally = g_hash_table_lookup (tallies, id);

  if (tally == NULL)
    {
      tally = g_new0 (Tally, 1);
      g_hash_table_insert (tallies, (gpointer)id, tally);
    }
  tally->all++;
  tally->down += is_down;
}

/* Only what is expected to be there says something by its silence. */
static gboolean
unit_counts (const MusterAlertUnit *unit)
{
  return muster_alert_unit_is_watched (unit) && unit->live != MUSTER_LIVE_UNKNOWN;
}

static void
count_gateways (MusterAlertFold *self, MusterAlertUnit *unit)
{
  MusterAlertUnit *gateway = muster_alert_site_get_unit (self->site, unit->gateway_id);

  for (unsigned depth = 0; gateway != NULL && depth < MAX_DEPTH; depth++)
    {
      count (self->gateways, gateway->id, muster_alert_unit_is_unreachable (unit));
      gateway = muster_alert_site_get_unit (self->site, gateway->gateway_id);
    }
}

static const char *find_gateway (MusterAlertFold *self, MusterAlertUnit *unit);

/* What a gateway explains says nothing of its place. */
static void
count_places (MusterAlertFold *self, MusterAlertUnit *unit)
{
  MusterAlertPlace *place = muster_alert_site_get_place (self->site, unit->location_id);

  if (place == NULL || find_gateway (self, unit) != NULL)
    return;
  for (unsigned depth = 0; place != NULL && depth < MAX_DEPTH; depth++)
    {
      count (self->places, place->id, muster_alert_unit_is_unreachable (unit));
      place = muster_alert_site_get_place (self->site, place->parent_id);
    }
}

static void
count_units (MusterAlertFold *self, void (*func) (MusterAlertFold *, MusterAlertUnit *))
{
  GHashTableIter   iter;
  MusterAlertUnit *unit = NULL;

  g_hash_table_iter_init (&iter, self->site->units);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&unit))
    if (unit_counts (unit))
      func (self, unit);
}

MusterAlertFold *
muster_alert_fold_new (MusterAlertSite *site, gboolean broker_is_down)
{
  MusterAlertFold *self = g_new0 (MusterAlertFold, 1);

  self->site = site;
  self->broker_is_down = broker_is_down;
  self->gateways = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  count_units (self, count_gateways);
  count_units (self, count_places);
  return self;
}

void
muster_alert_fold_free (MusterAlertFold *self)
{
  g_hash_table_unref (self->gateways);
  g_hash_table_unref (self->places);
  g_free (self);
}

static gboolean
is_enough (const Tally *tally, unsigned share)
{
  return tally != NULL && tally->down >= FEWEST && tally->down * 100 >= tally->all * share;
}

static gboolean
gateway_is_down (MusterAlertFold *self, const char *id, unsigned share)
{
  MusterAlertUnit *gateway = muster_alert_site_get_unit (self->site, id);

  if (gateway != NULL && muster_alert_unit_is_unreachable (gateway))
    return TRUE;
  return is_enough (g_hash_table_lookup (self->gateways, id), share);
}

static MusterAlertVerdict
make_verdict (MusterAlertCause kind, const char *id, GHashTable *tallies)
{
  const Tally *tally = g_hash_table_lookup (tallies, id);

  return (MusterAlertVerdict){ kind, id, tally != NULL ? tally->down : 0,
                               tally != NULL ? tally->all : 0 };
}

static const char *
find_gateway (MusterAlertFold *self, MusterAlertUnit *unit)
{
  MusterAlertUnit *gateway = muster_alert_site_get_unit (self->site, unit->gateway_id);
  const char      *found = NULL;

  for (unsigned depth = 0; gateway != NULL && depth < MAX_DEPTH; depth++)
    {
      if (gateway != unit && gateway_is_down (self, gateway->id, SHARE_TO_BECOME))
        found = gateway->id;
      gateway = muster_alert_site_get_unit (self->site, gateway->gateway_id);
    }
  return found;
}

static const char *
find_place (MusterAlertFold *self, MusterAlertUnit *unit)
{
  MusterAlertPlace *place = muster_alert_site_get_place (self->site, unit->location_id);
  const char       *found = NULL;

  for (unsigned depth = 0; place != NULL && depth < MAX_DEPTH; depth++)
    {
      if (is_enough (g_hash_table_lookup (self->places, place->id), SHARE_TO_BECOME))
        found = place->id;
      place = muster_alert_site_get_place (self->site, place->parent_id);
    }
  return found;
}

MusterAlertVerdict
muster_alert_fold_explain (MusterAlertFold *self, const char *device_id)
{
  MusterAlertUnit *unit = muster_alert_site_get_unit (self->site, device_id);
  const char      *id = NULL;

  if (unit == NULL)
    return (MusterAlertVerdict){ MUSTER_ALERT_CAUSE_NONE };
  if (self->broker_is_down)
    return (MusterAlertVerdict){ MUSTER_ALERT_CAUSE_BROKER };
  id = find_gateway (self, unit);
  if (id != NULL)
    return make_verdict (muster_alert_site_get_unit (self->site, id)->kind ==
                             muster_enum_parse (&muster_device_kind_enum, "gateway")
                           ? MUSTER_ALERT_CAUSE_GATEWAY
                           : MUSTER_ALERT_CAUSE_SWITCH,
                         id, self->gateways);
  id = find_place (self, unit);
  return id != NULL ? make_verdict (MUSTER_ALERT_CAUSE_PLACE, id, self->places)
                    : (MusterAlertVerdict){ MUSTER_ALERT_CAUSE_NONE };
}

gboolean
muster_alert_fold_still_holds (MusterAlertFold *self, MusterAlertCause kind, const char *id)
{
  switch (kind)
    {
    case MUSTER_ALERT_CAUSE_BROKER:
      return self->broker_is_down;
    case MUSTER_ALERT_CAUSE_GATEWAY:
    case MUSTER_ALERT_CAUSE_SWITCH:
      return gateway_is_down (self, id, SHARE_TO_REMAIN);
    case MUSTER_ALERT_CAUSE_PLACE:
      return is_enough (g_hash_table_lookup (self->places, id), SHARE_TO_REMAIN);
    case MUSTER_ALERT_CAUSE_NONE:
    default:
      return FALSE;
    }
}
