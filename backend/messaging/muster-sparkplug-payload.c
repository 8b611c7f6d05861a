/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sparkplug-payload"

#include "config.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-sparkplug-payload-private.h"

#define ARENA_LIMIT (32 * 1024 * 1024)
#define ARENA_BLOCK 2048
#define ARENA_ALIGN (2 * sizeof (void *))

struct _MusterArenaBlock
{
  MusterArenaBlock *next;
  gsize             size; /* of the data */
  gsize             used;
  _Alignas (2 * sizeof (void *)) guint8 data[];
};

static MusterArenaBlock *
arena_grow (MusterArena *arena, gsize size)
{
  gsize             want = MAX (size, MIN (MAX (ARENA_BLOCK, arena->total), 256 * 1024));
  MusterArenaBlock *block;

  if (size > arena->limit || arena->total > arena->limit - size)
    return NULL;
  block = g_malloc (sizeof *block + want);
  block->next = arena->blocks;
  block->size = want;
  block->used = 0;
  arena->blocks = block;
  arena->total += want;
  return block;
}

void *
muster_arena_alloc (MusterArena *arena, gsize size)
{
  MusterArenaBlock *block = arena->blocks;
  gsize             aligned = (size + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
  void             *data;

  if (aligned < size)
    return NULL;
  if (block == NULL || block->size - block->used < aligned)
    block = arena_grow (arena, aligned);
  if (block == NULL)
    return NULL;
  data = block->data + block->used;
  block->used += aligned;
  return data;
}

void
muster_arena_clear (MusterArena *arena)
{
  while (arena->blocks != NULL)
    {
      MusterArenaBlock *next = arena->blocks->next;

      g_free (arena->blocks);
      arena->blocks = next;
    }
  arena->total = 0;
}

MusterSparkplugPayload *
muster_sparkplug_payload_new (void)
{
  MusterSparkplugPayloadReal *self = g_new0 (MusterSparkplugPayloadReal, 1);

  g_ref_count_init (&self->ref_count);
  self->arena.limit = ARENA_LIMIT;
  self->parent.seq = -1;
  return &self->parent;
}

MusterSparkplugPayload *
muster_sparkplug_payload_ref (MusterSparkplugPayload *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_ref_count_inc (&((MusterSparkplugPayloadReal *)self)->ref_count);
  return self;
}

void
muster_sparkplug_payload_unref (MusterSparkplugPayload *self)
{
  MusterSparkplugPayloadReal *real = (MusterSparkplugPayloadReal *)self;

  g_return_if_fail (self != NULL);

  if (!g_ref_count_dec (&real->ref_count))
    return;
  muster_arena_clear (&real->arena);
  g_free (self->metrics);
  g_free (real);
}

MusterSparkplugMetric *
muster_sparkplug_payload_add (MusterSparkplugPayload *self,
                              const char             *name,
                              MusterSparkplugDatatype datatype)
{
  MusterSparkplugPayloadReal *real = (MusterSparkplugPayloadReal *)self;
  MusterSparkplugMetric      *metric;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->n_metrics == real->capacity)
    {
      real->capacity = MAX (4, 2 * real->capacity);
      self->metrics = g_renew (MusterSparkplugMetric, self->metrics, real->capacity);
    }
  metric = &self->metrics[self->n_metrics++];
  *metric = (MusterSparkplugMetric){
    .datatype = datatype, .minimum = NAN, .maximum = NAN, .is_null = TRUE
  };
  metric->name = name != NULL ? muster_sparkplug_payload_keep_text (self, name) : NULL;
  return metric;
}

const char *
muster_sparkplug_payload_keep_text (MusterSparkplugPayload *self, const char *text)
{
  gsize size;
  char *copy;

  g_return_val_if_fail (self != NULL && text != NULL, NULL);

  size = strlen (text) + 1;
  copy = muster_arena_alloc (muster_sparkplug_payload_get_arena (self), size);
  return copy != NULL ? memcpy (copy, text, size) : NULL;
}

static const struct
{
  const char *name;
  const char *nick;
} datatypes[] = {
  [MUSTER_SPARKPLUG_UNKNOWN] = { "Unknown", "other" },
  [MUSTER_SPARKPLUG_INT8] = { "Int8", "int8" },
  [MUSTER_SPARKPLUG_INT16] = { "Int16", "int16" },
  [MUSTER_SPARKPLUG_INT32] = { "Int32", "int32" },
  [MUSTER_SPARKPLUG_INT64] = { "Int64", "int64" },
  [MUSTER_SPARKPLUG_UINT8] = { "UInt8", "uint8" },
  [MUSTER_SPARKPLUG_UINT16] = { "UInt16", "uint16" },
  [MUSTER_SPARKPLUG_UINT32] = { "UInt32", "uint32" },
  [MUSTER_SPARKPLUG_UINT64] = { "UInt64", "uint64" },
  [MUSTER_SPARKPLUG_FLOAT] = { "Float", "float" },
  [MUSTER_SPARKPLUG_DOUBLE] = { "Double", "double" },
  [MUSTER_SPARKPLUG_BOOLEAN] = { "Boolean", "boolean" },
  [MUSTER_SPARKPLUG_STRING] = { "String", "string" },
  [MUSTER_SPARKPLUG_DATE_TIME] = { "DateTime", "datetime" },
  [MUSTER_SPARKPLUG_TEXT] = { "Text", "string" },
  [MUSTER_SPARKPLUG_UUID] = { "UUID", "string" },
  [MUSTER_SPARKPLUG_DATA_SET] = { "DataSet", "other" },
  [MUSTER_SPARKPLUG_BYTES] = { "Bytes", "other" },
  [MUSTER_SPARKPLUG_FILE] = { "File", "other" },
  [MUSTER_SPARKPLUG_TEMPLATE] = { "Template", "other" },
  [MUSTER_SPARKPLUG_PROPERTY_SET] = { "PropertySet", "other" },
  [MUSTER_SPARKPLUG_PROPERTY_SET_LIST] = { "PropertySetList", "other" },
  [MUSTER_SPARKPLUG_INT8_ARRAY] = { "Int8Array", "other" },
  [MUSTER_SPARKPLUG_INT16_ARRAY] = { "Int16Array", "other" },
  [MUSTER_SPARKPLUG_INT32_ARRAY] = { "Int32Array", "other" },
  [MUSTER_SPARKPLUG_INT64_ARRAY] = { "Int64Array", "other" },
  [MUSTER_SPARKPLUG_UINT8_ARRAY] = { "UInt8Array", "other" },
  [MUSTER_SPARKPLUG_UINT16_ARRAY] = { "UInt16Array", "other" },
  [MUSTER_SPARKPLUG_UINT32_ARRAY] = { "UInt32Array", "other" },
  [MUSTER_SPARKPLUG_UINT64_ARRAY] = { "UInt64Array", "other" },
  [MUSTER_SPARKPLUG_FLOAT_ARRAY] = { "FloatArray", "other" },
  [MUSTER_SPARKPLUG_DOUBLE_ARRAY] = { "DoubleArray", "other" },
  [MUSTER_SPARKPLUG_BOOLEAN_ARRAY] = { "BooleanArray", "other" },
  [MUSTER_SPARKPLUG_STRING_ARRAY] = { "StringArray", "other" },
  [MUSTER_SPARKPLUG_DATE_TIME_ARRAY] = { "DateTimeArray", "other" },
};

const char *
muster_sparkplug_datatype_to_string (MusterSparkplugDatatype datatype)
{
  return datatypes[datatype < G_N_ELEMENTS (datatypes) ? datatype : MUSTER_SPARKPLUG_UNKNOWN].name;
}

const char *
muster_sparkplug_datatype_to_nick (MusterSparkplugDatatype datatype)
{
  return datatypes[datatype < G_N_ELEMENTS (datatypes) ? datatype : MUSTER_SPARKPLUG_UNKNOWN].nick;
}

GBytes *
muster_sparkplug_state_encode (gboolean online, gint64 time)
{
  char *text = g_strdup_printf ("{\"online\":%s,\"timestamp\":%" G_GINT64_FORMAT "}",
                                online ? "true" : "false", time / 1000);

  return g_bytes_new_take (text, strlen (text));
}

static gboolean
state_is_legacy (const guint8 *data, gsize size, const char *word)
{
  return size == strlen (word) && memcmp (data, word, size) == 0;
}

gboolean
muster_sparkplug_state_decode (const guint8 *data,
                               gsize         size,
                               gboolean     *online,
                               gint64       *time,
                               GError      **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonNode   *root;
  JsonObject *object;

  *time = 0;
  *online = state_is_legacy (data, size, "ONLINE");
  if (*online || state_is_legacy (data, size, "OFFLINE"))
    return TRUE;

  /* Without it, two values in a row abort the process. */
  json_parser_set_strict (parser, TRUE);
  root =
    size > 0 && size <= 1024 && json_parser_load_from_data (parser, (const char *)data, size, NULL)
      ? json_parser_get_root (parser)
      : NULL;
  object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  if (object == NULL || !json_object_has_member (object, "online") ||
      json_node_get_value_type (json_object_get_member (object, "online")) != G_TYPE_BOOLEAN)
    {
      g_set_error_literal (
        error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
        "a STATE message needs a JSON object with the member online, true or false");
      return FALSE;
    }
  *online = json_object_get_boolean_member (object, "online");
  *time =
    CLAMP (json_object_get_int_member_with_default (object, "timestamp", 0), 0, G_MAXINT64 / 1000) *
    1000;
  return TRUE;
}
