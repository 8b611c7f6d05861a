/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-unit"

#include "config.h"

#include <math.h>
#include <string.h>

#include "devices/muster-metric-book.h"
#include "muster-family-unit.h"

static void
metric_free (gpointer data)
{
  MusterFamilyMetric *self = data;

  if (self->value.type == MUSTER_SAMPLE_STRING)
    g_free ((char *)self->value.text);
  muster_template_free (self->command_template);
  g_free (self->name);
  g_free (self->unit);
  g_free (self->description);
  g_free (self->on);
  g_free (self->off);
  g_free (self->origin);
  g_free (self->command_topic);
  g_free (self->command_text);
  g_free (self);
}

void
muster_family_source_free (MusterFamilySource *self)
{
  if (self == NULL)
    return;
  muster_topic_pattern_free (self->pattern);
  muster_template_free (self->template);
  g_strfreev (self->online);
  g_strfreev (self->offline);
  g_free (self->topic);
  g_free (self->name);
  g_free (self->text);
  g_free (self->origin);
  g_free (self);
}

MusterFamilyUnit *
muster_family_unit_new (const MusterFamilyProfile *profile, const char *key)
{
  MusterFamilyUnit *self = NULL;

  g_return_val_if_fail (profile != NULL && key != NULL, NULL);

  self = g_new0 (MusterFamilyUnit, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->profile = profile;
  self->key = g_strdup (key);
  self->facts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->metrics = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, metric_free);
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_family_source_free);
  self->origins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->ignored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->life = muster_family_life_new ();
  self->variables_changed = TRUE;
  return self;
}

MusterFamilyUnit *
muster_family_unit_ref (MusterFamilyUnit *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
muster_family_unit_unref (MusterFamilyUnit *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->facts);
  g_hash_table_unref (self->variables);
  g_hash_table_unref (self->metrics);
  g_ptr_array_unref (self->sources);
  g_hash_table_unref (self->origins);
  g_hash_table_unref (self->ignored);
  muster_family_life_free (self->life);
  g_free (self->key);
  g_free (self);
}

/* --- facts --- */

const char *
muster_family_unit_get_fact (const MusterFamilyUnit *self, const char *name)
{
  return g_hash_table_lookup (self->facts, name);
}

const char *
muster_family_unit_get_variable (const MusterFamilyUnit *self, const char *name)
{
  return g_hash_table_lookup (self->variables, name);
}

static gboolean
put (GHashTable *table, const char *name, const char *value)
{
  if (value == NULL || g_strcmp0 (g_hash_table_lookup (table, name), value) == 0)
    return FALSE;
  g_hash_table_replace (table, g_strdup (name), g_strdup (value));
  return TRUE;
}

void
muster_family_unit_set_fact (MusterFamilyUnit *self, const char *name, const char *value)
{
  self->facts_changed |= put (self->facts, name, value);
}

void
muster_family_unit_set_variable (MusterFamilyUnit *self, const char *name, const char *value)
{
  self->variables_changed |= put (self->variables, name, value);
}

/* --- metrics --- */

MusterFamilyMetric *
muster_family_unit_find_metric (const MusterFamilyUnit *self, const char *name)
{
  return g_hash_table_lookup (self->metrics, name);
}

/* What the profile knows of metrics of that name. Its unit may depend on the unit's variables. */
static JsonNode *
look_up_variable (const char *name, gpointer user_data)
{
  const char *value = muster_family_unit_get_variable (user_data, name);

  return value != NULL ? json_node_init_string (json_node_alloc (), value) : NULL;
}

static void
add_knowledge (MusterFamilyUnit *self, MusterFamilyMetric *metric)
{
  const MusterFamilyQuantity *quantity =
    muster_family_profile_find_quantity (self->profile, metric->name);

  if (quantity == NULL)
    return;
  metric->scale = quantity->scale;
  metric->minimum = quantity->minimum;
  metric->maximum = quantity->maximum;
  metric->unit = muster_family_value_to_text (quantity->unit, look_up_variable, self);
  metric->description = g_strdup (quantity->description);
  if (quantity->datatype != NULL)
    metric->datatype = muster_enum_parse (&muster_datatype_enum, quantity->datatype);
}

MusterFamilyMetric *
muster_family_unit_ensure_metric (MusterFamilyUnit *self, const char *name, MusterDatatype datatype)
{
  MusterFamilyMetric *metric = muster_family_unit_find_metric (self, name);

  if (metric != NULL)
    return metric;
  if (g_hash_table_size (self->metrics) >= MUSTER_FAMILY_MAX_METRICS || *name == '\0' ||
      g_utf8_strlen (name, -1) > MUSTER_METRIC_NAME_MAX || muster_metric_name_is_control (name))
    return NULL;
  metric = g_new0 (MusterFamilyMetric, 1);
  metric->name = g_strdup (name);
  metric->datatype = datatype;
  metric->minimum = NAN;
  metric->maximum = NAN;
  metric->scale = 1;
  add_knowledge (self, metric);
  g_hash_table_insert (self->metrics, metric->name, metric);
  self->metrics_changed = TRUE;
  return metric;
}

void
muster_family_metric_set_text (MusterFamilyUnit *unit, char **field, const char *value)
{
  if (value != NULL && g_set_str (field, value))
    unit->metrics_changed = TRUE;
}

void
muster_family_metric_keep (MusterFamilyMetric *self, const MusterSample *value)
{
  char *text = value->type == MUSTER_SAMPLE_STRING ? g_strdup (value->text) : NULL;

  if (self->value.type == MUSTER_SAMPLE_STRING)
    g_free ((char *)self->value.text);
  self->value = *value;
  self->value.metric = self->name;
  if (text != NULL)
    self->value.text = text;
}

const MusterFamilyCommandRule *
muster_family_unit_find_command (const MusterFamilyUnit *self, const char *name, char ***captures)
{
  for (guint i = 0; i < self->profile->commands->len; i++)
    {
      const MusterFamilyCommandRule *rule = self->profile->commands->pdata[i];
      char **found = rule->metric != NULL ? muster_topic_pattern_match (rule->metric, name) : NULL;

      if (found == NULL)
        continue;
      if (captures != NULL)
        *captures = found;
      else
        g_strfreev (found);
      return rule;
    }
  return NULL;
}

gboolean
muster_family_unit_can_write (const MusterFamilyUnit *self, const MusterFamilyMetric *metric)
{
  return metric->command_topic != NULL ||
         ((metric->origin == NULL || metric->writable) &&
          muster_family_unit_find_command (self, metric->name, NULL) != NULL);
}

static MusterSparkplugDatatype
to_sparkplug (MusterDatatype datatype)
{
  if (datatype == MUSTER_DATATYPE_BOOLEAN)
    return MUSTER_SPARKPLUG_BOOLEAN;
  if (datatype == MUSTER_DATATYPE_DATETIME)
    return MUSTER_SPARKPLUG_DATE_TIME;
  if (datatype == MUSTER_DATATYPE_FLOAT || datatype == MUSTER_DATATYPE_DOUBLE)
    return MUSTER_SPARKPLUG_DOUBLE;
  return datatype < MUSTER_DATATYPE_FLOAT ? MUSTER_SPARKPLUG_INT64 : MUSTER_SPARKPLUG_STRING;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (((const MusterSparkplugMetricInfo *)a)->name,
                 ((const MusterSparkplugMetricInfo *)b)->name);
}

GArray *
muster_family_unit_list_metrics (const MusterFamilyUnit *self)
{
  GArray             *list = g_array_new (FALSE, TRUE, sizeof (MusterSparkplugMetricInfo));
  GHashTableIter      iter;
  MusterFamilyMetric *metric = NULL;

  g_hash_table_iter_init (&iter, self->metrics);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&metric))
    {
      MusterSparkplugMetricInfo info = {
        .name = metric->name,
        .datatype = to_sparkplug (metric->datatype),
        .unit = metric->unit,
        .description = metric->description,
        .minimum = metric->minimum,
        .maximum = metric->maximum,
        .writable = muster_family_unit_can_write (self, metric),
      };

      g_array_append_val (list, info);
    }
  g_array_sort (list, compare_names);
  return list;
}
