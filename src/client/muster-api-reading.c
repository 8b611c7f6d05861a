/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-reading"

#include "config.h"

#include <math.h>

#include "muster-api-json.h"
#include "muster-api-reading.h"

#include "model/muster-entity.h"

/* Sparkplug B 3.0 §6.4.7 */
#define QUALITY_BAD 0
#define QUALITY_STALE 500

struct _MusterApiReading
{
  GObject parent_instance;

  gint64            time;
  JsonNode         *value; /* (owned) (nullable): a value, or NULL for null */
  MusterSampleFlags flags;
};

G_DEFINE_FINAL_TYPE (MusterApiReading, muster_api_reading, G_TYPE_OBJECT)

static void
muster_api_reading_finalize (GObject *object)
{
  g_clear_pointer (&MUSTER_API_READING (object)->value, json_node_unref);
  G_OBJECT_CLASS (muster_api_reading_parent_class)->finalize (object);
}

static void
muster_api_reading_class_init (MusterApiReadingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_api_reading_finalize;
}

static void
muster_api_reading_init (MusterApiReading *self)
{
}

MusterApiReading *
muster_api_reading_new (gint64 time, JsonNode *value, MusterSampleFlags flags)
{
  MusterApiReading *self = g_object_new (MUSTER_TYPE_API_READING, NULL);

  self->time = time;
  self->flags = flags;
  if (value != NULL && JSON_NODE_HOLDS_VALUE (value))
    self->value = json_node_ref (value);
  return self;
}

static MusterSampleFlags
get_flags (JsonObject *object)
{
  const char *text = muster_api_json_get_string (object, "quality");
  gint64      number = muster_api_json_get_integer (object, "quality", -1);

  if (g_strcmp0 (text, "bad") == 0 || number == QUALITY_BAD)
    return MUSTER_SAMPLE_BAD;
  if (g_strcmp0 (text, "stale") == 0 || number == QUALITY_STALE)
    return MUSTER_SAMPLE_STALE;
  return MUSTER_SAMPLE_PLAIN;
}

MusterApiReading *
muster_api_reading_new_from_json (JsonObject *object)
{
  gint64 time = muster_api_json_get_time (object, "time");

  return time >= 0 ? muster_api_reading_new (time, json_object_get_member (object, "value"),
                                             get_flags (object))
                   : NULL;
}

gint64
muster_api_reading_get_time (MusterApiReading *self)
{
  g_return_val_if_fail (MUSTER_IS_API_READING (self), 0);

  return self->time;
}

MusterSampleType
muster_api_reading_get_sample_type (MusterApiReading *self)
{
  g_return_val_if_fail (MUSTER_IS_API_READING (self), MUSTER_SAMPLE_NULL);

  if (self->value == NULL)
    return MUSTER_SAMPLE_NULL;
  switch (json_node_get_value_type (self->value))
    {
    case G_TYPE_INT64:
      return MUSTER_SAMPLE_INTEGER;
    case G_TYPE_DOUBLE:
      return MUSTER_SAMPLE_DOUBLE;
    case G_TYPE_BOOLEAN:
      return MUSTER_SAMPLE_BOOLEAN;
    default:
      return MUSTER_SAMPLE_STRING;
    }
}

MusterSampleFlags
muster_api_reading_get_flags (MusterApiReading *self)
{
  g_return_val_if_fail (MUSTER_IS_API_READING (self), MUSTER_SAMPLE_PLAIN);

  return self->flags;
}

double
muster_api_node_to_number (JsonNode *value)
{
  if (value == NULL || !JSON_NODE_HOLDS_VALUE (value))
    return NAN;
  switch (json_node_get_value_type (value))
    {
    case G_TYPE_INT64:
    case G_TYPE_DOUBLE:
      return json_node_get_double (value);
    case G_TYPE_BOOLEAN:
      return json_node_get_boolean (value) ? 1 : 0;
    default:
      return NAN;
    }
}

double
muster_api_reading_get_number (MusterApiReading *self)
{
  g_return_val_if_fail (MUSTER_IS_API_READING (self), NAN);

  return muster_api_node_to_number (self->value);
}

char *
muster_api_reading_format (MusterApiReading *self)
{
  g_return_val_if_fail (MUSTER_IS_API_READING (self), NULL);

  switch (muster_api_reading_get_sample_type (self))
    {
    case MUSTER_SAMPLE_STRING:
      return g_strdup (json_node_get_string (self->value));
    case MUSTER_SAMPLE_NULL:
      return g_strdup ("–");
    case MUSTER_SAMPLE_INTEGER:
    case MUSTER_SAMPLE_DOUBLE:
    case MUSTER_SAMPLE_BOOLEAN:
    default:
      return muster_api_json_to_string (self->value, FALSE);
    }
}
