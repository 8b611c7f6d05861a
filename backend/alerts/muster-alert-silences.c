/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-silences"

#include "config.h"

#include "muster-alert-silences.h"

typedef struct
{
  char               *id;     /* (owned) */
  char               *reason; /* (owned) */
  MusterAlertScope    scope;
  char               *scope_id;  /* (owned) (nullable) */
  char               *rule_id;   /* (owned) (nullable) */
  char               *metric;    /* (owned) (nullable): name or pattern */
  gint64              starts_at; /* 0: from the beginning */
  gint64              ends_at;   /* G_MAXINT64: never */
  gint64              warn_before;
  MusterAlertWindows *windows; /* (owned) (nullable) */
  gboolean            was_on;
  gint64              warned; /* the end that was warned of */
} Silence;

struct _MusterAlertSilences
{
  MusterAlertEngine *engine;   /* (unowned) */
  GHashTable        *silences; /* (owned) (element-type utf8 Silence) */
};

static void
silence_free (gpointer data)
{
  Silence *self = data;

  g_free (self->id);
  g_free (self->reason);
  g_free (self->scope_id);
  g_free (self->rule_id);
  g_free (self->metric);
  g_clear_pointer (&self->windows, muster_alert_windows_free);
  g_free (self);
}

MusterAlertSilences *
muster_alert_silences_new (MusterAlertEngine *engine)
{
  MusterAlertSilences *self = g_new (MusterAlertSilences, 1);

  self->engine = engine;
  self->silences = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, silence_free);
  return self;
}

void
muster_alert_silences_free (MusterAlertSilences *self)
{
  g_hash_table_unref (self->silences);
  g_free (self);
}

static void
read_windows (Silence *self, MusterEntity *silence)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (!muster_entity_is_null (silence, "from_time"))
    self->windows =
      muster_alert_windows_parse_one (muster_entity_get_string (silence, "days"),
                                      muster_entity_get_string (silence, "from_time"),
                                      muster_entity_get_string (silence, "to_time"), errors);
}

void
muster_alert_silences_put (MusterAlertSilences *self, MusterEntity *silence)
{
  Silence *own = g_new0 (Silence, 1);

  own->id = g_strdup (muster_entity_get_id (silence));
  own->reason = g_strdup (muster_entity_get_string (silence, "reason"));
  own->scope = muster_entity_get_enum (silence, "scope_kind");
  own->scope_id = g_strdup (muster_entity_get_string (silence, "scope_id"));
  own->rule_id = g_strdup (muster_entity_get_string (silence, "rule_id"));
  own->metric = g_strdup (muster_entity_get_string (silence, "metric"));
  own->starts_at = muster_entity_get_integer (silence, "starts_at");
  own->ends_at = muster_entity_is_null (silence, "ends_at")
                   ? G_MAXINT64
                   : muster_entity_get_integer (silence, "ends_at");
  own->warn_before = muster_entity_get_integer (silence, "warn_before_seconds") * G_USEC_PER_SEC;
  read_windows (own, silence);
  g_hash_table_replace (self->silences, own->id, own);
}

gboolean
muster_alert_silences_remove (MusterAlertSilences *self, const char *id)
{
  return g_hash_table_remove (self->silences, id);
}

/* Whether it counts at NOW; UNTIL: when that changes. */
static gboolean
is_on (Silence *self, GTimeZone *zone, gint64 now, gint64 *until)
{
  gboolean on = TRUE;

  *until = now < self->starts_at ? self->starts_at : self->ends_at;
  if (now < self->starts_at)
    return FALSE;
  if (now >= self->ends_at)
    {
      *until = G_MAXINT64;
      return FALSE;
    }
  if (self->windows != NULL)
    {
      on = muster_alert_windows_contain (self->windows, zone, now, until);
      *until = MIN (*until, self->ends_at);
    }
  return on;
}

static gboolean
is_about (MusterAlertSilences *self, const Silence *silence, const MusterAlertSubject *subject)
{
  if (silence->rule_id != NULL && g_strcmp0 (silence->rule_id, subject->rule_id) != 0)
    return FALSE;
  if (silence->metric != NULL &&
      (subject->metric == NULL || !g_pattern_match_simple (silence->metric, subject->metric)))
    return FALSE;
  return muster_alert_engine_covers (self->engine, silence->scope, silence->scope_id,
                                     subject->device_id);
}

gint64
muster_alert_silences_get_until (MusterAlertSilences      *self,
                                 const MusterAlertSubject *subject,
                                 GTimeZone                *zone,
                                 gint64                    now)
{
  GHashTableIter iter;
  Silence       *silence = NULL;
  gint64         latest = 0;

  g_hash_table_iter_init (&iter, self->silences);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&silence))
    {
      gint64 until = 0;

      if (is_about (self, silence, subject) && is_on (silence, zone, now, &until))
        latest = MAX (latest, until);
    }
  return latest;
}

gboolean
muster_alert_silences_use_groups (MusterAlertSilences *self)
{
  GHashTableIter iter;
  Silence       *silence = NULL;

  g_hash_table_iter_init (&iter, self->silences);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&silence))
    if (silence->scope == MUSTER_ALERT_SCOPE_GROUP)
      return TRUE;
  return FALSE;
}

/* When SELF is to be looked at again. A window shorter than the warning warns when it begins. */
static gint64
tick_one (Silence               *self,
          GTimeZone             *zone,
          gint64                 now,
          MusterAlertSilenceWarn warn,
          gpointer               user_data,
          gboolean              *begun)
{
  gint64   until = 0;
  gboolean on = is_on (self, zone, now, &until);

  *begun = *begun || (on && !self->was_on);
  self->was_on = on;
  if (!on || self->warn_before == 0 || self->warned == until)
    return until;
  if (now < until - self->warn_before)
    return until - self->warn_before;
  self->warned = until;
  warn (self->id, self->reason, until, user_data);
  return until;
}

gint64
muster_alert_silences_tick (MusterAlertSilences   *self,
                            GTimeZone             *zone,
                            gint64                 now,
                            MusterAlertSilenceWarn warn,
                            gpointer               user_data,
                            gboolean              *begun)
{
  GHashTableIter iter;
  Silence       *silence = NULL;
  gint64         next = G_MAXINT64;

  *begun = FALSE;
  g_hash_table_iter_init (&iter, self->silences);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&silence))
    next = MIN (next, tick_one (silence, zone, now, warn, user_data, begun));
  return next;
}
