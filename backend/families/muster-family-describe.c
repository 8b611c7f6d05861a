/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-describe"

#include "config.h"

#include <math.h>

#include "muster-family-host-private.h"

#define TEXT_MAX 500 /* characters of what a unit says of its metrics */

/* --- sources --- */

static gboolean
is_same_source (const MusterFamilySource *source,
                MusterFamilySourceKind    kind,
                const char               *topic,
                const MusterFamilyRule   *rule,
                const char               *name,
                const char               *text)
{
  return source->kind == kind && source->rule == rule && g_str_equal (source->topic, topic) &&
         g_str_equal (source->name, name) && g_strcmp0 (source->text, text) == 0;
}

static MusterFamilySource *
make_source (MusterFamilyUnit      *unit,
             MusterFamilySourceKind kind,
             const char            *topic,
             const char            *text)
{
  g_autoptr (MusterFamilySource) source = g_new0 (MusterFamilySource, 1);
  g_autoptr (GError) error = NULL;

  source->unit = unit;
  source->profile = unit->profile;
  source->kind = kind;
  source->topic = g_strdup (topic);
  source->text = g_strdup (text);
  source->pattern = muster_topic_pattern_new (topic, &error);
  if (source->pattern != NULL && text != NULL)
    source->template = muster_template_new (text, &error);
  if (error == NULL)
    return g_steal_pointer (&source);
  g_debug ("%s: %s", unit->key, error->message);
  return NULL;
}

gboolean
muster_family_host_ensure_source (MusterFamilyHost       *self,
                                  MusterFamilyUnit       *unit,
                                  MusterFamilySourceKind  kind,
                                  const char             *topic,
                                  const MusterFamilyRule *rule,
                                  const char             *name,
                                  const char             *text,
                                  char                  **online,
                                  char                  **offline,
                                  const char             *origin)
{
  g_auto (GStrv) owned_online = online;
  g_auto (GStrv) owned_offline = offline;
  MusterFamilySource *source = NULL;

  for (guint i = 0; i < unit->sources->len && source == NULL; i++)
    if (is_same_source (unit->sources->pdata[i], kind, topic, rule, name, text))
      source = unit->sources->pdata[i];
  if (source == NULL && unit->sources->len < MUSTER_FAMILY_MAX_SOURCES)
    {
      source = make_source (unit, kind, topic, text);
      if (source == NULL)
        return FALSE;
      source->rule = rule;
      source->name = g_strdup (name);
      muster_family_host_add_source (self, source);
    }
  if (source == NULL)
    return FALSE;
  g_set_str (&source->origin, origin);
  g_strfreev (source->online);
  g_strfreev (source->offline);
  source->online = g_steal_pointer (&owned_online);
  source->offline = g_steal_pointer (&owned_offline);
  source->is_stale = FALSE;
  return TRUE;
}

/* --- metrics --- */

typedef struct
{
  MusterFamilyHost             *host;
  MusterFamilyUnit             *unit;
  const MusterFamilyMetricRule *metric;
  const MusterFamilyLifeRule   *life;
} Description;

static void
set_number (MusterFamilyUnit        *unit,
            double                  *field,
            MusterFamilyScope       *scope,
            const MusterFamilyValue *value)
{
  double number = muster_family_scope_get_number (scope, value);

  if (!isfinite (number) || number == *field)
    return;
  *field = number;
  unit->metrics_changed = TRUE;
}

static char *
get_short_text (MusterFamilyScope *scope, const MusterFamilyValue *value)
{
  g_autofree char *text = muster_family_scope_get_text (scope, value);

  return text != NULL && g_utf8_strlen (text, -1) <= TEXT_MAX ? g_steal_pointer (&text) : NULL;
}

static void
set_text (MusterFamilyUnit        *unit,
          char                   **field,
          MusterFamilyScope       *scope,
          const MusterFamilyValue *value)
{
  g_autofree char *text = get_short_text (scope, value);

  muster_family_metric_set_text (unit, field, text);
}

static MusterDatatype
read_datatype (MusterFamilyScope *scope, const MusterFamilyValue *value, MusterDatatype fallback)
{
  g_autofree char *nick = muster_family_scope_get_text (scope, value);
  int              datatype = nick != NULL ? muster_enum_parse (&muster_datatype_enum, nick) : -1;

  return datatype >= 0 ? (MusterDatatype)datatype : fallback;
}

static void
set_command (MusterFamilyUnit             *unit,
             MusterFamilyMetric           *metric,
             MusterFamilyScope            *scope,
             const MusterFamilyMetricRule *rule)
{
  g_autofree char *topic = muster_family_scope_get_text (scope, rule->command_topic);
  g_autofree char *text = muster_family_scope_get_text (scope, rule->command_template);
  g_autoptr (GError) error = NULL;

  if (topic != NULL && muster_topic_is_name (topic))
    muster_family_metric_set_text (unit, &metric->command_topic, topic);
  if (text == NULL || !g_set_str (&metric->command_text, text))
    return;
  g_clear_pointer (&metric->command_template, muster_template_free);
  metric->command_template = muster_template_new (text, &error);
  /* What cannot be written as wanted had better not be written at all. */
  if (metric->command_template == NULL)
    {
      g_debug ("%s: %s: %s", unit->key, metric->name, error->message);
      g_clear_pointer (&metric->command_topic, g_free);
    }
}

static void
describe_metric (MusterFamilyScope *scope, gpointer user_data)
{
  Description                  *self = user_data;
  const MusterFamilyMetricRule *rule = self->metric;
  MusterFamilyUnit             *unit = self->unit;
  MusterFamilyMetric           *metric = NULL;
  MusterDatatype                datatype = MUSTER_DATATYPE_DOUBLE;
  g_autofree char              *name = NULL;
  g_autofree char              *topic = NULL;
  g_autofree char              *text = NULL;

  if (!muster_family_scope_holds (scope, rule->condition))
    return;
  name = muster_family_scope_get_text (scope, rule->name);
  metric = name != NULL ? muster_family_unit_find_metric (unit, name) : NULL;
  datatype = read_datatype (scope, rule->datatype,
                            metric != NULL ? metric->datatype : MUSTER_DATATYPE_STRING);
  if (metric == NULL && name != NULL)
    metric = muster_family_unit_ensure_metric (unit, name, datatype);
  if (metric == NULL)
    return;
  unit->metrics_changed |= metric->datatype != datatype;
  metric->datatype = datatype;
  metric->is_stale = FALSE;
  if (metric->origin == NULL)
    metric->origin = g_strdup (scope->topic);
  set_text (unit, &metric->unit, scope, rule->unit);
  set_text (unit, &metric->description, scope, rule->description);
  set_text (unit, &metric->on, scope, rule->on);
  set_text (unit, &metric->off, scope, rule->off);
  set_number (unit, &metric->minimum, scope, rule->minimum);
  set_number (unit, &metric->maximum, scope, rule->maximum);
  set_number (unit, &metric->expire_after, scope, rule->expire_after);
  set_command (unit, metric, scope, rule);
  if (rule->writable != NULL &&
      metric->writable != muster_family_scope_holds (scope, rule->writable))
    {
      metric->writable = !metric->writable;
      unit->metrics_changed = TRUE;
    }
  topic = muster_family_scope_get_text (scope, rule->topic);
  text = muster_family_scope_get_text (scope, rule->template);
  if (topic != NULL && muster_topic_is_name (topic))
    metric->has_topic =
      muster_family_host_ensure_source (self->host, unit, MUSTER_FAMILY_SOURCE_VALUE, topic, NULL,
                                        name, text, NULL, NULL, scope->topic);
  else if (rule->topic == NULL)
    metric->has_topic = TRUE;
}

/* --- words --- */

static MusterFamilyLifeMode
read_mode (MusterFamilyScope *scope, const MusterFamilyValue *value)
{
  g_autofree char *text = muster_family_scope_get_text (scope, value);

  return g_strcmp0 (text, "all") == 0   ? MUSTER_FAMILY_LIFE_ALL
         : g_strcmp0 (text, "any") == 0 ? MUSTER_FAMILY_LIFE_ANY
                                        : MUSTER_FAMILY_LIFE_LATEST;
}

static void
describe_life (MusterFamilyScope *scope, gpointer user_data)
{
  Description                *self = user_data;
  const MusterFamilyLifeRule *rule = self->life;
  g_autofree char            *topic = NULL;
  g_autofree char            *text = NULL;
  g_autofree char            *group = NULL;
  g_autofree char            *name = NULL;

  if (!muster_family_scope_holds (scope, rule->condition))
    return;
  topic = muster_family_scope_get_text (scope, rule->topic);
  text = muster_family_scope_get_text (scope, rule->template);
  group = muster_family_scope_get_text (scope, rule->group);
  if (topic == NULL || !muster_topic_is_name (topic))
    return;
  /* One topic may speak by several members, and for several groups. */
  name = g_strconcat (group != NULL ? group : "", " ", topic, " ", text, NULL);
  if (muster_family_host_ensure_source (self->host, self->unit, MUSTER_FAMILY_SOURCE_LIFE, topic,
                                        NULL, name, text,
                                        muster_family_scope_get_texts (scope, rule->online),
                                        muster_family_scope_get_texts (scope, rule->offline),
                                        scope->topic))
    muster_family_life_add_source (self->unit->life, name, group != NULL ? group : "",
                                   read_mode (scope, rule->mode));
}

/* --- all of it --- */

/* What the topic described before is there no more unless it is described again. */
static void
mark_stale (MusterFamilyUnit *unit, const char *origin)
{
  GHashTableIter      iter;
  MusterFamilyMetric *metric = NULL;

  g_hash_table_iter_init (&iter, unit->metrics);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&metric))
    metric->is_stale = g_strcmp0 (metric->origin, origin) == 0;
  for (guint i = 0; i < unit->sources->len; i++)
    {
      MusterFamilySource *source = unit->sources->pdata[i];

      source->is_stale = g_str_equal (source->origin, origin);
    }
}

static void
sweep (MusterFamilyHost *self, MusterFamilyUnit *unit)
{
  GHashTableIter      iter;
  MusterFamilyMetric *metric = NULL;
  double              expiry = 0;

  for (guint i = unit->sources->len; i > 0; i--)
    if (((MusterFamilySource *)unit->sources->pdata[i - 1])->is_stale)
      muster_family_host_remove_source (self, unit->sources->pdata[i - 1]);
  g_hash_table_iter_init (&iter, unit->metrics);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&metric))
    if (metric->is_stale)
      {
        unit->metrics_changed = TRUE;
        g_hash_table_iter_remove (&iter);
      }
    else
      expiry = MAX (expiry, metric->expire_after);
  unit->expiry = (gint64)(MIN (expiry, 1e9) * G_USEC_PER_SEC);
}

void
muster_family_host_describe (MusterFamilyHost       *self,
                             MusterFamilyUnit       *unit,
                             const MusterFamilyRule *rule,
                             MusterFamilyScope      *scope)
{
  Description description = { self, unit, NULL, NULL };

  mark_stale (unit, scope->topic);
  for (guint i = 0; i < rule->metrics->len; i++)
    {
      description.metric = rule->metrics->pdata[i];
      muster_family_scope_each (scope, description.metric->each, describe_metric, &description);
    }
  for (guint i = 0; i < rule->life->len; i++)
    {
      description.life = rule->life->pdata[i];
      if (description.life->topic != NULL)
        muster_family_scope_each (scope, description.life->each, describe_life, &description);
    }
  sweep (self, unit);
}
