/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria"

#include "config.h"

#include <json-glib/json-glib.h>

#include "model/muster-entity.h"
#include "model/muster-error.h"
#include "muster-victoria-wire.h"

typedef struct
{
  gint64 millisecond;
  double value;
} Value;

/* A series and those that belong to it. */
typedef struct
{
  guint32       metric;
  guint32       revision;
  MusterCellTag tag;
  gboolean      has_bits;
  gboolean      has_usec;
  GArray       *parts[MUSTER_N_VICTORIA_PARTS]; /* (element-type Value) */
} Series;

struct _MusterVictoriaReader
{
  MusterVictoriaLedger *ledger;
  GHashTable           *numbers; /* (element-type utf8 guint): of metrics, from 1 */
  GPtrArray            *metrics; /* (element-type utf8): borrowed from NUMBERS */
  GHashTable           *series;  /* (element-type utf8 Series): by labels */
  GPtrArray            *texts;   /* (element-type GRefString) */
  unsigned              n;
};

static void
series_free (gpointer data)
{
  Series *series = data;

  for (unsigned i = 0; i < MUSTER_N_VICTORIA_PARTS; i++)
    g_array_unref (series->parts[i]);
  g_free (series);
}

MusterVictoriaReader *
muster_victoria_reader_new (MusterVictoriaLedger *ledger)
{
  MusterVictoriaReader *self = g_new0 (MusterVictoriaReader, 1);

  self->ledger = ledger;
  self->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->metrics = g_ptr_array_new ();
  self->series = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, series_free);
  self->texts = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ref_string_release);
  return self;
}

void
muster_victoria_reader_free (MusterVictoriaReader *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->texts);
  g_hash_table_unref (self->series);
  g_ptr_array_unref (self->metrics);
  g_hash_table_unref (self->numbers);
  g_free (self);
}

char *
muster_victoria_make_selector (const char *site,
                               const char *device_id,
                               gint64      life,
                               const char *metric)
{
  /* Strings of selectors are written as those of JSON are. */
  GString *text = g_string_new ("{__name__=~\"muster_sample|muster_bits_high|muster_bits_low|"
                                "muster_usec\",site=");

  muster_json_append_string (text, site, -1);
  g_string_append (text, ",device=");
  muster_json_append_string (text, device_id, -1);
  /* A label that is not there equals "". */
  if (life != 0)
    g_string_append_printf (text, ",life=\"%" G_GINT64_FORMAT "\"", life);
  else
    g_string_append (text, ",life=\"\"");
  if (metric != NULL)
    {
      g_string_append (text, ",metric=");
      muster_json_append_string (text, metric, -1);
    }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/* --- labels --- */

static const char *
get_label (JsonObject *labels, const char *name)
{
  return json_object_get_string_member_with_default (labels, name, "");
}

static gboolean
parse_type (const char *text, MusterSampleType *type)
{
  static const char *const types[] = { "null", "integer", "double", "boolean", "text" };

  for (unsigned i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i], text))
      {
        *type = (MusterSampleType)i;
        return TRUE;
      }
  return FALSE;
}

static guint32
number_metric (MusterVictoriaReader *self, const char *name)
{
  gpointer number = g_hash_table_lookup (self->numbers, name);

  if (number == NULL)
    {
      char *copy = g_strdup (name);

      g_ptr_array_add (self->metrics, copy);
      number = GUINT_TO_POINTER (self->metrics->len);
      g_hash_table_insert (self->numbers, copy, number);
    }
  return GPOINTER_TO_UINT (number) - 1;
}

/* NULL where the labels are not ours. */
static Series *
find_series (MusterVictoriaReader *self, JsonObject *labels)
{
  const char      *quality = get_label (labels, "quality");
  const char      *parts = get_label (labels, "parts");
  g_autofree char *key =
    g_strjoin ("\n", get_label (labels, "metric"), get_label (labels, "type"), quality,
               get_label (labels, "history"), get_label (labels, "revision"), parts, NULL);
  Series           *series = g_hash_table_lookup (self->series, key);
  MusterSampleType  type;
  MusterSampleFlags flags = MUSTER_SAMPLE_PLAIN;

  if (series != NULL)
    return series;
  if (!parse_type (get_label (labels, "type"), &type))
    return NULL;
  flags |= strstr (quality, "bad") != NULL ? MUSTER_SAMPLE_BAD : 0;
  flags |= strstr (quality, "stale") != NULL ? MUSTER_SAMPLE_STALE : 0;
  flags |= *get_label (labels, "history") != '\0' ? MUSTER_SAMPLE_HISTORICAL : 0;
  series = g_new0 (Series, 1);
  series->metric = number_metric (self, get_label (labels, "metric"));
  series->revision = g_ascii_strtoull (get_label (labels, "revision"), NULL, 10);
  series->tag = muster_cell_tag (type, flags);
  series->has_bits = strstr (parts, "bits") != NULL;
  series->has_usec = strstr (parts, "usec") != NULL;
  for (unsigned i = 0; i < MUSTER_N_VICTORIA_PARTS; i++)
    series->parts[i] = g_array_new (FALSE, FALSE, sizeof (Value));
  g_hash_table_insert (self->series, g_steal_pointer (&key), series);
  return series;
}

/* --- lines --- */

static gboolean
take_values (MusterVictoriaReader *self, Series *series, const char *name, JsonObject *line)
{
  JsonArray *values = json_object_get_array_member (line, "values");
  JsonArray *times = json_object_get_array_member (line, "timestamps");
  guint      n = json_array_get_length (values);
  unsigned   part = 0;

  while (part < MUSTER_N_VICTORIA_PARTS && !g_str_equal (muster_victoria_part_names[part], name))
    part++;
  if (part == MUSTER_N_VICTORIA_PARTS || n != json_array_get_length (times))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (values, i);
      Value     value = { json_array_get_int_element (times, i), json_node_get_double (node) };

      if (!json_node_is_null (node))
        g_array_append_val (series->parts[part], value);
    }
  self->n += n;
  return TRUE;
}

static gboolean
is_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node);
}

static gboolean
take_object (MusterVictoriaReader *self, JsonNode *root)
{
  JsonObject *line = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonNode   *metric = line != NULL ? json_object_get_member (line, "metric") : NULL;
  JsonObject *labels;
  Series     *series;

  if (metric == NULL || !JSON_NODE_HOLDS_OBJECT (metric) || !is_array (line, "values") ||
      !is_array (line, "timestamps"))
    return FALSE;
  labels = json_node_get_object (metric);
  series = find_series (self, labels);
  return series != NULL && take_values (self, series, get_label (labels, "__name__"), line);
}

gboolean
muster_victoria_reader_take (MusterVictoriaReader *self,
                             const char           *line,
                             gsize                 length,
                             GError              **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  if (json_parser_load_from_data (parser, line, length, NULL) &&
      take_object (self, json_parser_get_root (parser)))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
               "VictoriaMetrics sends what is no line of an export of ours: %.*s",
               (int)MIN (length, 200), line);
  return FALSE;
}

unsigned
muster_victoria_reader_count (MusterVictoriaReader *self)
{
  return self->n;
}

/* --- samples --- */

static int
compare_values (gconstpointer a, gconstpointer b)
{
  gint64 first = ((const Value *)a)->millisecond, second = ((const Value *)b)->millisecond;

  return (first > second) - (first < second);
}

/* The value of MILLISECOND, from number AT on; NULL where there is none. */
static const Value *
find_value (GArray *values, guint *at, gint64 millisecond)
{
  while (*at < values->len && g_array_index (values, Value, *at).millisecond < millisecond)
    (*at)++;
  return *at < values->len && g_array_index (values, Value, *at).millisecond == millisecond
           ? &g_array_index (values, Value, *at)
           : NULL;
}

static gboolean
make_cell (MusterVictoriaReader *self,
           MusterCellTag         tag,
           double                value,
           MusterCell           *cell,
           GError              **error)
{
  GRefString *text;

  switch (muster_cell_get_kind (tag))
    {
    case MUSTER_CELL_DOUBLE:
      cell->number = value;
      return TRUE;
    case MUSTER_CELL_TEXT:
      text = muster_victoria_ledger_get_text (self->ledger, (gint64)value, error);
      if (text == NULL)
        return FALSE;
      g_ptr_array_add (self->texts, text);
      cell->text = text;
      return TRUE;
    case MUSTER_CELL_NULL:
      cell->bits = 0;
      return TRUE;
    default:
      cell->integer = (gint64)value;
      return TRUE;
    }
}

static gboolean
add_points (MusterVictoriaReader *self, Series *series, GArray *points, GError **error)
{
  guint at[MUSTER_N_VICTORIA_PARTS] = { 0 };

  for (unsigned i = 0; i < MUSTER_N_VICTORIA_PARTS; i++)
    g_array_sort (series->parts[i], compare_values);
  for (guint i = 0; i < series->parts[MUSTER_VICTORIA_PART_VALUE]->len; i++)
    {
      const Value *value = &g_array_index (series->parts[MUSTER_VICTORIA_PART_VALUE], Value, i);
      gint64       time = value->millisecond;
      const Value *high =
        find_value (series->parts[MUSTER_VICTORIA_PART_HIGH], &at[MUSTER_VICTORIA_PART_HIGH], time);
      const Value *low =
        find_value (series->parts[MUSTER_VICTORIA_PART_LOW], &at[MUSTER_VICTORIA_PART_LOW], time);
      const Value *usec =
        find_value (series->parts[MUSTER_VICTORIA_PART_USEC], &at[MUSTER_VICTORIA_PART_USEC], time);
      MusterVictoriaPoint point = {
        time * 1000, series->metric, series->revision, series->tag, { 0 }
      };

      if ((series->has_bits && (high == NULL || low == NULL)) ||
          (series->has_usec && usec == NULL) || (i > 0 && value[-1].millisecond == time))
        continue;
      if (series->has_usec)
        point.time += (int)usec->value;
      if (series->has_bits)
        point.cell.bits = (guint64)(guint32)high->value << 32 | (guint32)low->value;
      else if (!make_cell (self, point.tag, value->value, &point.cell, error))
        return FALSE;
      g_array_append_val (points, point);
    }
  return TRUE;
}

static int
compare_points (gconstpointer a, gconstpointer b)
{
  const MusterVictoriaPoint *first = a, *second = b;

  if (first->time != second->time)
    return first->time < second->time ? -1 : 1;
  if (first->metric != second->metric)
    return first->metric < second->metric ? -1 : 1;
  return (first->revision > second->revision) - (first->revision < second->revision);
}

GArray *
muster_victoria_reader_finish (MusterVictoriaReader *self, GError **error)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (MusterVictoriaPoint));
  GHashTableIter iter;
  gpointer       series;

  g_hash_table_iter_init (&iter, self->series);
  while (g_hash_table_iter_next (&iter, NULL, &series))
    if (!add_points (self, series, points, error))
      return NULL;
  g_array_sort (points, compare_points);
  return g_steal_pointer (&points);
}

const char *
muster_victoria_reader_get_metric (MusterVictoriaReader *self, guint32 number)
{
  return self->metrics->pdata[number];
}

gboolean
muster_victoria_reader_find_metric (MusterVictoriaReader *self, const char *name, guint32 *number)
{
  gpointer found = g_hash_table_lookup (self->numbers, name);

  *number = GPOINTER_TO_UINT (found) - 1;
  return found != NULL;
}
