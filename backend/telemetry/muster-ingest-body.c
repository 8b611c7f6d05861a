/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ingest-body"

#include "config.h"

#include "model/muster-entity.h"
#include "model/muster-error.h"
#include "model/muster-time.h"
#include "model/muster-uuid.h"
#include "muster-ingest-body.h"
#include "muster-sample-reducer.h"

#define MAX_NAME 200
#define MAX_TEXT 4000

typedef struct
{
  GPtrArray                *batches; /* (element-type MusterSampleBatch) */
  GHashTable               *by_device;
  MusterFieldErrors        *errors;
  const MusterIngestSender *sender;
  GPtrArray                *notes; /* (nullable) */
  unsigned                  n_samples;
} Decode;

static MusterSampleBatch *
batch_for (Decode *decode, const char *device_id)
{
  MusterSampleBatch *batch = g_hash_table_lookup (decode->by_device, device_id);

  if (batch == NULL)
    {
      batch = muster_sample_batch_new (device_id);
      g_ptr_array_add (decode->batches, batch);
      g_hash_table_insert (decode->by_device, (gpointer)muster_sample_batch_get_device_id (batch),
                           batch);
    }
  return batch;
}

static const char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

/* The device that the reading says in words of its own; NULL where it is none. */
static const char *
decode_device_key (Decode *decode, JsonObject *reading, const char *pointer)
{
  const MusterIngestSender *sender = decode->sender;
  g_autofree char          *place = g_strconcat (pointer, "/device", NULL);
  const char               *key = get_string (reading, "device");
  const char               *id =
    key != NULL && sender->lookup != NULL ? sender->lookup (key, sender->lookup_data) : NULL;

  if (json_object_has_member (reading, "device_id"))
    muster_field_errors_add (decode->errors, place, "goes without device_id");
  else if (id == NULL)
    muster_field_errors_add (
      decode->errors, place,
      "is not the identifier, serial number, node or name of one device of this site");
  else if (sender->own_device != NULL && !g_str_equal (id, sender->own_device))
    muster_field_errors_add (decode->errors, place, "must be the device that the token belongs to");
  else
    return id;
  return NULL;
}

/* NULL where it is wrong. */
static const char *
decode_device (Decode *decode, JsonObject *reading, const char *pointer)
{
  const char      *own_device = decode->sender->own_device;
  g_autofree char *place = g_strconcat (pointer, "/device_id", NULL);
  const char      *id = get_string (reading, "device_id");

  if (json_object_has_member (reading, "device"))
    return decode_device_key (decode, reading, pointer);
  if (!json_object_has_member (reading, "device_id"))
    {
      if (own_device == NULL)
        muster_field_errors_add (decode->errors, place, "is required");
      return own_device;
    }
  if (id == NULL || !muster_uuid_is_valid (id))
    muster_field_errors_add (decode->errors, place, "must be a UUID");
  else if (own_device != NULL && !g_str_equal (id, own_device))
    muster_field_errors_add (decode->errors, place, "must be the device that the token belongs to");
  else
    return id;
  return NULL;
}

static gboolean
decode_time (Decode *decode, JsonObject *reading, const char *pointer, gint64 *time)
{
  g_autofree char *place = g_strconcat (pointer, "/timestamp", NULL);
  JsonNode        *node = json_object_get_member (reading, "timestamp");
  const char      *text = get_string (reading, "timestamp");

  *time = decode->sender->now;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (text != NULL && muster_time_parse (text, time))
    return TRUE;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64 &&
      json_node_get_int (node) >= 0 && json_node_get_int (node) <= G_MAXINT64 / 1000)
    {
      *time = json_node_get_int (node) * 1000;
      return TRUE;
    }
  muster_field_errors_add (
    decode->errors, place,
    "must be a time like 2026-01-31T08:05:09.123Z, or milliseconds since 1970");
  return FALSE;
}

/* Adds the number of NODE, told in UNIT (nullable): nothing said. */
static void
decode_number (Decode            *decode,
               MusterSampleBatch *batch,
               const char        *metric,
               gint64             time,
               JsonNode          *node,
               const char        *unit)
{
  MusterSample sample = { .metric = metric, .time = time };
  g_autoptr (GError) error = NULL;

  if (json_node_get_value_type (node) == G_TYPE_INT64)
    {
      sample.type = MUSTER_SAMPLE_INTEGER;
      sample.integer = json_node_get_int (node);
    }
  else
    {
      sample.type = MUSTER_SAMPLE_DOUBLE;
      sample.number = json_node_get_double (node);
    }
  if (unit != NULL && decode->sender->units != NULL &&
      !muster_metric_units_convert (decode->sender->units,
                                    muster_sample_batch_get_device_id (batch), unit, &sample,
                                    &error) &&
      decode->notes != NULL && decode->notes->len < MUSTER_INGEST_MAX_NOTES)
    g_ptr_array_add (decode->notes, g_strdup (error->message));
  muster_sample_batch_append (batch, metric, time, &sample);
}

static void
decode_value (Decode            *decode,
              MusterSampleBatch *batch,
              const char        *metric,
              gint64             time,
              JsonNode          *node,
              const char        *unit,
              const char        *pointer)
{
  gsize length = strlen (metric);

  if (length == 0 || length > MAX_NAME)
    muster_field_errors_add (decode->errors, pointer, "must have a name of 1 to %d bytes",
                             MAX_NAME);
  else if (JSON_NODE_HOLDS_NULL (node))
    muster_sample_batch_add_null (batch, metric, time, MUSTER_SAMPLE_PLAIN);
  else if (!JSON_NODE_HOLDS_VALUE (node))
    muster_field_errors_add (decode->errors, pointer,
                             "must be a number, true, false, a string or null");
  else if (json_node_get_value_type (node) == G_TYPE_INT64 ||
           json_node_get_value_type (node) == G_TYPE_DOUBLE)
    decode_number (decode, batch, metric, time, node, unit);
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    muster_sample_batch_add_boolean (batch, metric, time, json_node_get_boolean (node),
                                     MUSTER_SAMPLE_PLAIN);
  else if (strlen (json_node_get_string (node)) > MAX_TEXT)
    muster_field_errors_add (decode->errors, pointer, "must have at most %d bytes", MAX_TEXT);
  else
    muster_sample_batch_add_string (batch, metric, time, json_node_get_string (node),
                                    MUSTER_SAMPLE_PLAIN);
  decode->n_samples++;
}

static void
check_members (Decode *decode, JsonObject *reading, const char *pointer)
{
  static const char *const known[] = { "device_id", "device",  "timestamp", "metric", "value",
                                       "unit",      "metrics", "units",     NULL };
  JsonObjectIter           iter;
  const char              *name;

  json_object_iter_init (&iter, reading);
  while (json_object_iter_next (&iter, &name, NULL))
    if (!g_strv_contains (known, name))
      {
        g_autofree char *place = muster_json_pointer_append (pointer, name);

        muster_field_errors_add (decode->errors, place, "is not a member of a reading");
      }
}

static void
decode_metrics (Decode            *decode,
                MusterSampleBatch *batch,
                gint64             time,
                JsonNode          *metrics,
                JsonObject        *units,
                const char        *pointer)
{
  g_autofree char *all = g_strconcat (pointer, "/metrics", NULL);
  JsonObjectIter   iter;
  const char      *name;
  JsonNode        *node;

  if (!JSON_NODE_HOLDS_OBJECT (metrics))
    {
      muster_field_errors_add (decode->errors, all, "must be an object of names and values");
      return;
    }
  json_object_iter_init_ordered (&iter, json_node_get_object (metrics));
  while (decode->n_samples <= MUSTER_INGEST_MAX_SAMPLES &&
         json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autofree char *place = muster_json_pointer_append (all, name);

      decode_value (decode, batch, name, time, node,
                    units != NULL ? get_string (units, name) : NULL, place);
    }
}

/* Units are words: what is none would be passed over otherwise. */
static gboolean
check_units (Decode *decode, JsonObject *reading, JsonObject **units, const char *pointer)
{
  g_autofree char *of_all = g_strconcat (pointer, "/units", NULL);
  g_autofree char *of_one = g_strconcat (pointer, "/unit", NULL);
  JsonNode        *node = json_object_get_member (reading, "units");
  JsonObjectIter   iter;
  const char      *name = NULL;

  *units = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  if (node != NULL && *units == NULL)
    muster_field_errors_add (decode->errors, of_all, "must be an object of names and units");
  if (json_object_has_member (reading, "unit") && get_string (reading, "unit") == NULL)
    muster_field_errors_add (decode->errors, of_one, "must be a string");
  if (*units != NULL)
    json_object_iter_init (&iter, *units);
  while (*units != NULL && json_object_iter_next (&iter, &name, NULL))
    if (get_string (*units, name) == NULL)
      {
        g_autofree char *place = muster_json_pointer_append (of_all, name);

        muster_field_errors_add (decode->errors, place, "must be a string");
      }
  return node == NULL || *units != NULL;
}

static void
decode_reading (Decode *decode, JsonNode *node, const char *pointer)
{
  JsonObject      *reading = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autofree char *place = g_strconcat (pointer, "/value", NULL);
  JsonObject      *units = NULL;
  const char      *device_id;
  gint64           time;

  if (reading == NULL)
    {
      muster_field_errors_add (decode->errors, pointer, "must be an object: a reading");
      return;
    }
  check_members (decode, reading, pointer);
  device_id = decode_device (decode, reading, pointer);
  if (!decode_time (decode, reading, pointer, &time) ||
      !check_units (decode, reading, &units, pointer) || device_id == NULL)
    return;
  if (json_object_has_member (reading, "metrics"))
    decode_metrics (decode, batch_for (decode, device_id), time,
                    json_object_get_member (reading, "metrics"), units, pointer);
  else if (get_string (reading, "metric") != NULL && json_object_has_member (reading, "value"))
    decode_value (decode, batch_for (decode, device_id), get_string (reading, "metric"), time,
                  json_object_get_member (reading, "value"), get_string (reading, "unit"), place);
  else
    muster_field_errors_add (decode->errors, pointer,
                             "must have `metric` and `value`, or `metrics`");
}

static void
decode_array (Decode *decode, JsonArray *array, const char *pointer)
{
  for (guint i = 0;
       i < json_array_get_length (array) && decode->n_samples <= MUSTER_INGEST_MAX_SAMPLES; i++)
    {
      g_autofree char *place = g_strdup_printf ("%s/%u", pointer, i);

      decode_reading (decode, json_array_get_element (array, i), place);
    }
}

GPtrArray *
muster_ingest_body_decode (JsonNode                 *body,
                           const MusterIngestSender *sender,
                           GPtrArray                *notes,
                           GError                  **error)
{
  g_autoptr (GPtrArray) batches = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) by_device = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  Decode    decode = { batches, by_device, errors, sender, notes, 0 };
  JsonNode *items = NULL;

  g_return_val_if_fail (body != NULL && sender != NULL, NULL);

  if (JSON_NODE_HOLDS_OBJECT (body))
    items = json_object_get_member (json_node_get_object (body), "items");
  if (JSON_NODE_HOLDS_ARRAY (body))
    decode_array (&decode, json_node_get_array (body), "");
  else if (items != NULL && JSON_NODE_HOLDS_ARRAY (items))
    decode_array (&decode, json_node_get_array (items), "/items");
  else if (items != NULL)
    muster_field_errors_add (errors, "/items", "must be an array of readings");
  else
    decode_reading (&decode, body, "");
  if (decode.n_samples > MUSTER_INGEST_MAX_SAMPLES)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                   "more than %d samples: send them in several requests",
                   MUSTER_INGEST_MAX_SAMPLES);
      return NULL;
    }
  return muster_field_errors_check (errors, error) ? g_steal_pointer (&batches) : NULL;
}

void
muster_ingest_body_append_notes (GPtrArray *notes, GString *json)
{
  g_return_if_fail (notes != NULL && json != NULL);

  for (guint i = 0; i < notes->len; i++)
    {
      g_string_append (json, i == 0 ? ",\"notes\":[" : ",");
      muster_json_append_string (json, notes->pdata[i], -1);
    }
  if (notes->len > 0)
    g_string_append_c (json, ']');
}
