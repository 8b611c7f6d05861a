/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-rules"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-time.h"
#include "muster-family-host-private.h"
#include "muster-payload.h"
#include "muster-template-private.h"

#define IGNORED_MAX 1000
#define TIME_MIN                                                                                   \
  (G_GINT64_CONSTANT (946684800) * G_USEC_PER_SEC) /* 2000: clocks that were not set */
#define TIME_AHEAD (5 * 60 * G_TIME_SPAN_SECOND)

/* --- values --- */

/* The metric that a value of NAME belongs to; NULL: none is wanted. */
static MusterFamilyMetric *
find_metric (MusterFamilyHost *self,
             MusterFamilyUnit *unit,
             const char       *name,
             JsonNode         *node,
             gboolean          declared,
             gboolean          is_text)
{
  MusterFamilyMetric         *metric = muster_family_unit_find_metric (unit, name);
  const MusterFamilyQuantity *quantity = NULL;

  if (metric != NULL || declared || g_hash_table_contains (unit->ignored, name))
    return metric;
  quantity = muster_family_profile_find_quantity (unit->profile, name);
  if (quantity != NULL && quantity->ignored)
    {
      if (g_hash_table_size (unit->ignored) < IGNORED_MAX)
        g_hash_table_add (unit->ignored, g_strdup (name));
      return NULL;
    }
  /* Nothing says yet what it is. */
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  metric =
    muster_family_unit_ensure_metric (unit, name, muster_payload_guess_datatype (node, is_text));
  self->counts.dropped += metric == NULL;
  return metric;
}

static void
scale (MusterSample *sample, double factor)
{
  if (factor == 1)
    return;
  if (sample->type == MUSTER_SAMPLE_INTEGER)
    {
      sample->type = MUSTER_SAMPLE_DOUBLE;
      sample->number = (double)sample->integer;
    }
  if (sample->type == MUSTER_SAMPLE_DOUBLE)
    sample->number *= factor;
}

static void
set_value (MusterFamilyHost  *self,
           MusterFamilyUnit  *unit,
           MusterFamilyScope *scope,
           const char        *name,
           JsonNode          *node,
           gboolean           declared)
{
  MusterFamilyMetric *metric =
    find_metric (self, unit, name, node, declared, scope->json == NULL || !scope->is_json);
  MusterSample sample = { 0 };
  gboolean     is_old = scope->retained && scope->time == 0;

  if (metric == NULL ||
      !muster_payload_read_value (node, metric->datatype, metric->on, metric->off, &sample))
    return;
  /* A broker keeps the last value for whoever comes later: it is no news to us. */
  if (is_old && metric->value.time != 0 && !(metric->value.flags & MUSTER_SAMPLE_STALE))
    return;
  scale (&sample, metric->scale);
  sample.time = scope->time != 0 ? scope->time : muster_clock_get_now (self->clock);
  sample.flags = is_old ? MUSTER_SAMPLE_TRANSIENT | MUSTER_SAMPLE_STALE : MUSTER_SAMPLE_PLAIN;
  muster_family_metric_keep (metric, &sample);
  muster_family_host_add_value (self, unit, metric);
  if (unit->metrics_changed)
    muster_family_host_queue (self, unit);
  if (scope->retained)
    return;
  muster_family_life_note_value (unit->life, muster_clock_get_monotonic (self->clock));
  muster_family_orders_note_value (self->orders, unit, metric);
}

typedef struct
{
  MusterFamilyHost  *host;
  MusterFamilyUnit  *unit;
  MusterFamilyScope *scope;
  gboolean           declared;
} Reading;

static void
read_leaf (const char *path, JsonNode *value, gpointer user_data)
{
  Reading *reading = user_data;

  set_value (reading->host, reading->unit, reading->scope, path, value, reading->declared);
}

static void
read_values (MusterFamilyHost            *self,
             MusterFamilyUnit            *unit,
             MusterFamilyScope           *scope,
             const MusterFamilyValueRule *rule)
{
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *name = NULL;
  Reading          reading = { self, unit, scope, rule->declared };

  if (!muster_family_scope_holds (scope, rule->condition))
    return;
  if (rule->flatten == NULL)
    {
      name = muster_family_scope_get_text (scope, rule->metric);
      node = muster_family_scope_get_node (scope, rule->value);
      if (name != NULL && node != NULL)
        set_value (self, unit, scope, name, node, rule->declared);
      return;
    }
  node = muster_family_scope_get_node (scope, rule->flatten);
  name = muster_family_scope_get_text (scope, rule->prefix);
  if (node != NULL && !muster_payload_flatten (node, name, read_leaf, &reading))
    self->counts.dropped++;
}

/* When the values were taken, as the payload tells it; 0: it does not. */
static gint64
read_time (MusterFamilyHost *self, MusterFamilyScope *scope, const MusterFamilyValue *value)
{
  g_autoptr (JsonNode) node = muster_family_scope_get_node (scope, value);
  double number = 0;
  gint64 time = 0;

  if (node == NULL)
    return 0;
  if (muster_template_read_number (node, TRUE, &number) && number > 0 && number < 1e16)
    time = (gint64)(number * (number > 1e11 ? 1000 : 1000000));
  else if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING ||
           !muster_time_parse (json_node_get_string (node), &time))
    return 0;
  return time >= TIME_MIN && time <= muster_clock_get_now (self->clock) + TIME_AHEAD ? time : 0;
}

/* --- words --- */

/* Whether TEXT is one of LIST; without one, of FALLBACK. */
static gboolean
says (const char *text, char **list, const char *fallback)
{
  for (unsigned i = 0; list != NULL && list[i] != NULL; i++)
    if (g_ascii_strcasecmp (text, list[i]) == 0)
      return TRUE;
  return list == NULL && g_ascii_strcasecmp (text, fallback) == 0;
}

static void
note_word (MusterFamilyHost *self,
           MusterFamilyUnit *unit,
           const char       *source,
           const char       *text,
           char            **online,
           char            **offline)
{
  if (says (text, online, "online"))
    muster_family_life_note_word (unit->life, source, TRUE);
  else if (says (text, offline, "offline"))
    muster_family_life_note_word (unit->life, source, FALSE);
}

/* Words that come by the rule's own topic. */
static void
read_life (MusterFamilyHost           *self,
           MusterFamilyUnit           *unit,
           MusterFamilyScope          *scope,
           const MusterFamilyLifeRule *rule)
{
  g_autofree char *text = NULL;
  g_autofree char *group = NULL;
  g_auto (GStrv) online = NULL;
  g_auto (GStrv) offline = NULL;

  if (rule->topic != NULL || !muster_family_scope_holds (scope, rule->condition))
    return;
  text = rule->value != NULL ? muster_family_scope_get_text (scope, rule->value)
                             : g_strdup (scope->text);
  if (text == NULL)
    return;
  group = muster_family_scope_get_text (scope, rule->group);
  online = muster_family_scope_get_texts (scope, rule->online);
  offline = muster_family_scope_get_texts (scope, rule->offline);
  muster_family_life_add_source (unit->life, scope->topic, group != NULL ? group : "",
                                 MUSTER_FAMILY_LIFE_LATEST);
  note_word (self, unit, scope->topic, text, online, offline);
}

/* --- rules --- */

static void
set_facts (MusterFamilyUnit *unit, MusterFamilyScope *scope, const MusterFamilyRule *rule)
{
  GHashTableIter           iter;
  const char              *name = NULL;
  const MusterFamilyValue *value = NULL;

  if (rule->variables != NULL)
    {
      g_hash_table_iter_init (&iter, rule->variables);
      while (g_hash_table_iter_next (&iter, (gpointer *)&name, (gpointer *)&value))
        {
          g_autofree char *text = muster_family_scope_get_text (scope, value);

          muster_family_unit_set_variable (unit, name, text);
        }
    }
  if (rule->facts != NULL)
    {
      g_hash_table_iter_init (&iter, rule->facts);
      while (g_hash_table_iter_next (&iter, (gpointer *)&name, (gpointer *)&value))
        {
          g_autofree char *text = muster_family_scope_get_text (scope, value);

          muster_family_unit_set_fact (unit, name, text);
        }
    }
}

static void
read_answer (MusterFamilyHost       *self,
             MusterFamilyUnit       *unit,
             MusterFamilyScope      *scope,
             const MusterFamilyRule *rule)
{
  g_autofree char *failure = muster_family_scope_get_text (scope, rule->failure);
  double           request = muster_family_scope_get_number (scope, rule->answer);
  gboolean         has_number = isfinite (request) && fabs (request) < 0x1p53;

  if (has_number || failure != NULL)
    muster_family_orders_note_answer (self->orders, unit, has_number ? (gint64)request : 0,
                                      failure);
}

/* What RULE makes of the payload for UNIT. */
static void
apply (MusterFamilyHost       *self,
       MusterFamilyUnit       *unit,
       const MusterFamilyRule *rule,
       MusterFamilyScope      *scope)
{
  const MusterFamilyUnit *before = scope->unit;

  scope->unit = unit;
  set_facts (unit, scope, rule);
  if (rule->describes)
    {
      unit->facts_changed |= !unit->is_described;
      unit->is_described = TRUE;
    }
  if (unit->variables_changed)
    muster_family_host_bind (self, unit);
  if (rule->describes || rule->metrics->len > 0)
    muster_family_host_describe (self, unit, rule, scope);
  scope->time = rule->time != NULL ? read_time (self, scope, rule->time) : 0;
  for (guint i = 0; i < rule->values->len; i++)
    read_values (self, unit, scope, rule->values->pdata[i]);
  for (guint i = 0; i < rule->life->len; i++)
    read_life (self, unit, scope, rule->life->pdata[i]);
  if (rule->answer != NULL || rule->failure != NULL)
    read_answer (self, unit, scope, rule);
  for (guint i = 0; i < rule->messages->len; i++)
    muster_family_host_publish (self, scope, rule->messages->pdata[i], FALSE, NULL);
  muster_family_host_update_life (self, unit);
  if (unit->facts_changed || unit->metrics_changed)
    muster_family_host_queue (self, unit);
  scope->unit = before;
}

typedef struct
{
  MusterFamilyHost         *host;
  const MusterFamilySource *source;
  const MusterFamilyRule   *rule;
  GHashTable               *seen; /* (owned) set of keys of units that the payload describes */
} Run;

static void
note_origin (Run *run, MusterFamilyUnit *unit, const char *topic)
{
  GHashTable *keys = g_hash_table_lookup (run->host->origins, topic);

  if (keys == NULL)
    {
      keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (run->host->origins, g_strdup (topic), keys);
    }
  g_hash_table_add (keys, g_strdup (unit->key));
  g_hash_table_add (unit->origins, g_strdup (topic));
  g_hash_table_add (run->seen, g_strdup (unit->key));
}

static void
run_unit (MusterFamilyScope *scope, gpointer user_data)
{
  Run                       *run = user_data;
  const MusterFamilyProfile *profile = run->source->profile;
  g_autofree char           *id = NULL;
  g_autofree char           *key = NULL;
  MusterFamilyUnit          *unit = NULL;

  if (run->rule->each != NULL && !muster_family_scope_holds (scope, run->rule->condition))
    return;
  id = muster_family_scope_get_text (scope, run->rule->unit);
  if (id == NULL)
    return;
  key = g_strconcat (profile->family, ":", id, NULL);
  unit = run->rule->describes ? muster_family_host_ensure (run->host, profile, id)
                              : g_hash_table_lookup (run->host->units, key);
  if (unit == NULL)
    return;
  if (run->rule->describes)
    note_origin (run, unit, scope->topic);
  apply (run->host, unit, run->rule, scope);
}

/* Units that the topic described until now, and does no more. */
static void
drop_unseen (Run *run, const char *topic)
{
  GHashTable *keys = g_hash_table_lookup (run->host->origins, topic);
  g_autoptr (GPtrArray) gone = NULL;

  if (keys == NULL)
    return;
  gone = g_hash_table_get_keys_as_ptr_array (keys);
  for (guint i = 0; i < gone->len; i++)
    {
      MusterFamilyUnit *unit = g_hash_table_lookup (run->host->units, gone->pdata[i]);

      if (unit != NULL && unit->profile == run->source->profile &&
          !g_hash_table_contains (run->seen, gone->pdata[i]))
        muster_family_host_drop_origin (run->host, unit, topic);
    }
}

static void
remove_unit (Run *run, MusterFamilyScope *scope)
{
  g_autofree char  *id = muster_family_scope_get_text (scope, run->rule->unit);
  g_autofree char  *key = g_strconcat (run->source->profile->family, ":", id, NULL);
  MusterFamilyUnit *unit =
    id != NULL ? g_hash_table_lookup (run->host->units, key) : run->source->unit;

  if (unit != NULL)
    muster_family_host_remove (run->host, unit);
}

static void
run_rule (MusterFamilyHost *self, const MusterFamilySource *source, MusterFamilyScope *scope)
{
  const MusterFamilyRule *rule = source->rule;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (JsonNode) prepared = NULL;
  Run run = { self, source, rule, seen };

  if (*scope->text == '\0' && (rule->describes || rule->removes))
    {
      if (rule->removes)
        remove_unit (&run, scope);
      drop_unseen (&run, scope->topic);
      return;
    }
  if (rule->format == MUSTER_FAMILY_JSON && scope->json == NULL)
    {
      self->counts.malformed++;
      return;
    }
  scope->is_json = rule->format == MUSTER_FAMILY_JSON;
  if (rule->hook != NULL)
    {
      prepared = muster_family_hook_run (rule->hook, scope);
      if (prepared == NULL)
        return;
      scope->json = prepared;
    }
  if (rule->each == NULL && !muster_family_scope_holds (scope, rule->condition))
    return;
  if (source->unit != NULL && rule->unit == NULL)
    apply (self, source->unit, rule, scope);
  else if (rule->unit != NULL)
    muster_family_scope_each (scope, rule->each, run_unit, &run);
  else
    for (guint i = 0; i < rule->messages->len; i++)
      muster_family_host_publish (self, scope, rule->messages->pdata[i], FALSE, NULL);
  /* Where all devices introduce themselves by one topic, one says nothing of another. */
  if (rule->describes && (rule->each != NULL || scope->names[0] != NULL))
    drop_unseen (&run, scope->topic);
}

static void
run_value (MusterFamilyHost *self, const MusterFamilySource *source, MusterFamilyScope *scope)
{
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *name = g_strdup (source->name);

  if (source->template == NULL)
    node = muster_template_make_string (scope->text);
  else if (!muster_template_evaluate (source->template, muster_family_scope_look_up, scope, &node,
                                      NULL))
    return;
  set_value (self, source->unit, scope, name, node, TRUE);
  muster_family_host_update_life (self, source->unit);
}

static void
run_word (MusterFamilyHost *self, const MusterFamilySource *source, MusterFamilyScope *scope)
{
  g_autofree char *text =
    source->template != NULL
      ? muster_template_render (source->template, muster_family_scope_look_up, scope, NULL)
      : g_strdup (scope->text);

  if (text == NULL)
    return;
  note_word (self, source->unit, source->name, text, source->online, source->offline);
  muster_family_host_update_life (self, source->unit);
}

void
muster_family_host_run (MusterFamilyHost         *self,
                        const MusterFamilySource *source,
                        MusterFamilyScope        *scope)
{
  JsonNode *json = scope->json;

  if (source->kind == MUSTER_FAMILY_SOURCE_RULE && source->rule != NULL)
    run_rule (self, source, scope);
  else if (source->kind == MUSTER_FAMILY_SOURCE_VALUE && source->unit != NULL)
    run_value (self, source, scope);
  else if (source->unit != NULL)
    run_word (self, source, scope);
  scope->json = json;
}

void
muster_family_host_bind (MusterFamilyHost *self, MusterFamilyUnit *unit)
{
  MusterFamilyScope scope = { .host = self->name, .unit = unit };

  unit->variables_changed = FALSE;
  for (guint i = 0; i < unit->sources->len; i++)
    {
      MusterFamilySource *source = unit->sources->pdata[i];

      source->is_stale = source->kind == MUSTER_FAMILY_SOURCE_RULE;
    }
  for (guint i = 0; i < unit->profile->topics->len; i++)
    {
      const MusterFamilyRule *rule = unit->profile->topics->pdata[i];
      g_autofree char        *topic = NULL;

      scope.n_undefined = 0;
      topic = muster_family_scope_get_text (&scope, rule->topic);
      /* Variables that come later make it whole. */
      if (topic != NULL && scope.n_undefined == 0)
        muster_family_host_ensure_source (self, unit, MUSTER_FAMILY_SOURCE_RULE, topic, rule, "",
                                          NULL, NULL, NULL, "");
    }
  for (guint i = unit->sources->len; i > 0; i--)
    if (((MusterFamilySource *)unit->sources->pdata[i - 1])->is_stale)
      muster_family_host_remove_source (self, unit->sources->pdata[i - 1]);
}
