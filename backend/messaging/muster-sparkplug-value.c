/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sparkplug-value"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-sparkplug-payload-private.h"

/* What a datatype is made of. */
typedef enum
{
  SHAPE_OTHER,
  SHAPE_SIGNED,
  SHAPE_UNSIGNED,
  SHAPE_NUMBER,
  SHAPE_BOOLEAN,
  SHAPE_TEXT,
} Shape;

typedef struct
{
  guint8   shape;
  guint8   width; /* bytes; of an element for an array */
  gboolean is_array;
} Layout;

static const Layout layouts[] = {
  [MUSTER_SPARKPLUG_INT8] = { SHAPE_SIGNED, 1 },
  [MUSTER_SPARKPLUG_INT16] = { SHAPE_SIGNED, 2 },
  [MUSTER_SPARKPLUG_INT32] = { SHAPE_SIGNED, 4 },
  [MUSTER_SPARKPLUG_INT64] = { SHAPE_SIGNED, 8 },
  [MUSTER_SPARKPLUG_UINT8] = { SHAPE_UNSIGNED, 1 },
  [MUSTER_SPARKPLUG_UINT16] = { SHAPE_UNSIGNED, 2 },
  [MUSTER_SPARKPLUG_UINT32] = { SHAPE_UNSIGNED, 4 },
  [MUSTER_SPARKPLUG_UINT64] = { SHAPE_UNSIGNED, 8 },
  [MUSTER_SPARKPLUG_FLOAT] = { SHAPE_NUMBER, 4 },
  [MUSTER_SPARKPLUG_DOUBLE] = { SHAPE_NUMBER, 8 },
  [MUSTER_SPARKPLUG_BOOLEAN] = { SHAPE_BOOLEAN, 0 },
  [MUSTER_SPARKPLUG_STRING] = { SHAPE_TEXT, 0 },
  [MUSTER_SPARKPLUG_DATE_TIME] = { SHAPE_SIGNED, 8 },
  [MUSTER_SPARKPLUG_TEXT] = { SHAPE_TEXT, 0 },
  [MUSTER_SPARKPLUG_UUID] = { SHAPE_TEXT, 0 },
  [MUSTER_SPARKPLUG_INT8_ARRAY] = { SHAPE_SIGNED, 1, TRUE },
  [MUSTER_SPARKPLUG_INT16_ARRAY] = { SHAPE_SIGNED, 2, TRUE },
  [MUSTER_SPARKPLUG_INT32_ARRAY] = { SHAPE_SIGNED, 4, TRUE },
  [MUSTER_SPARKPLUG_INT64_ARRAY] = { SHAPE_SIGNED, 8, TRUE },
  [MUSTER_SPARKPLUG_UINT8_ARRAY] = { SHAPE_UNSIGNED, 1, TRUE },
  [MUSTER_SPARKPLUG_UINT16_ARRAY] = { SHAPE_UNSIGNED, 2, TRUE },
  [MUSTER_SPARKPLUG_UINT32_ARRAY] = { SHAPE_UNSIGNED, 4, TRUE },
  [MUSTER_SPARKPLUG_UINT64_ARRAY] = { SHAPE_UNSIGNED, 8, TRUE },
  [MUSTER_SPARKPLUG_FLOAT_ARRAY] = { SHAPE_NUMBER, 4, TRUE },
  [MUSTER_SPARKPLUG_DOUBLE_ARRAY] = { SHAPE_NUMBER, 8, TRUE },
  [MUSTER_SPARKPLUG_BOOLEAN_ARRAY] = { SHAPE_BOOLEAN, 0, TRUE },
  [MUSTER_SPARKPLUG_STRING_ARRAY] = { SHAPE_TEXT, 0, TRUE },
  [MUSTER_SPARKPLUG_DATE_TIME_ARRAY] = { SHAPE_SIGNED, 8, TRUE },
};

static Layout
get_layout (MusterSparkplugDatatype datatype)
{
  return datatype < G_N_ELEMENTS (layouts) ? layouts[datatype] : (Layout){ SHAPE_OTHER };
}

/* --- reading --- */

static void
set_integer (MusterSample *sample, guint64 bits, Layout layout)
{
  unsigned unused = 64 - 8 * layout.width;

  sample->type = MUSTER_SAMPLE_INTEGER;
  if (layout.shape == SHAPE_SIGNED)
    sample->integer = (gint64)(bits << unused) >> unused;
  else if (layout.width < 8 || bits <= G_MAXINT64)
    sample->integer = (gint64)(bits << unused >> unused);
  else
    {
      sample->type = MUSTER_SAMPLE_DOUBLE;
      sample->number = (double)bits;
    }
}

static void
set_number (MusterSample *sample, double number)
{
  sample->type = MUSTER_SAMPLE_DOUBLE;
  sample->number = number;
}

static gboolean
read_number (const MusterSparkplugMetric *metric, MusterSample *sample)
{
  switch ((int)metric->wire)
    {
    case MUSTER_SPARKPLUG_WIRE_FLOAT:
    case MUSTER_SPARKPLUG_WIRE_DOUBLE:
      set_number (sample, metric->number);
      return TRUE;
    case MUSTER_SPARKPLUG_WIRE_INT:
      set_number (sample, (gint32)metric->bits);
      return TRUE;
    case MUSTER_SPARKPLUG_WIRE_LONG:
      set_number (sample, (double)(gint64)metric->bits);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
read_integer (const MusterSparkplugMetric *metric, Layout layout, MusterSample *sample)
{
  switch ((int)metric->wire)
    {
    case MUSTER_SPARKPLUG_WIRE_INT:
      /* A 64-bit type in the 32-bit field can only have been sign-extended there. */
      set_integer (sample,
                   layout.shape == SHAPE_SIGNED ? (guint64)(gint64)(gint32)metric->bits
                                                : metric->bits,
                   layout);
      return TRUE;
    case MUSTER_SPARKPLUG_WIRE_LONG:
      set_integer (sample, metric->bits, layout);
      return TRUE;
    case MUSTER_SPARKPLUG_WIRE_BOOLEAN:
      set_integer (sample, metric->boolean, layout);
      return TRUE;
    case MUSTER_SPARKPLUG_WIRE_FLOAT:
    case MUSTER_SPARKPLUG_WIRE_DOUBLE:
      set_number (sample, metric->number);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
read_boolean (const MusterSparkplugMetric *metric, MusterSample *sample)
{
  sample->type = MUSTER_SAMPLE_BOOLEAN;
  sample->boolean =
    metric->wire == MUSTER_SPARKPLUG_WIRE_BOOLEAN ? metric->boolean : metric->bits != 0;
  return metric->wire == MUSTER_SPARKPLUG_WIRE_BOOLEAN ||
         metric->wire == MUSTER_SPARKPLUG_WIRE_INT || metric->wire == MUSTER_SPARKPLUG_WIRE_LONG;
}

static guint64
load_bits (const guint8 *data, unsigned width)
{
  guint64 bits = 0;

  for (unsigned i = 0; i < width; i++)
    bits |= (guint64)data[i] << (8 * i);
  return bits;
}

double
muster_sparkplug_widen (float single)
{
  char   text[G_ASCII_DTOSTR_BUF_SIZE];
  double number = single;

  for (int digits = 6; isfinite (number) && digits <= 9; digits++)
    {
      static const char *const formats[] = { "%.6g", "%.7g", "%.8g", "%.9g" };

      number =
        g_ascii_strtod (g_ascii_formatd (text, sizeof text, formats[digits - 6], single), NULL);
      if ((float)number == single)
        break;
    }
  return number;
}

static double
load_number (const guint8 *data, unsigned width)
{
  guint64 bits = load_bits (data, width);
  guint32 half = (guint32)bits;
  float   single;
  double  number;

  memcpy (&single, &half, sizeof single);
  memcpy (&number, &bits, sizeof number);
  return width == 4 ? muster_sparkplug_widen (single) : number;
}

static void
append_element (GString *json, const MusterSample *sample)
{
  if (json->len > 1)
    g_string_append_c (json, ',');
  muster_sample_encode_value (sample, json);
}

static gboolean
append_fixed (GString *json, const guint8 *data, gsize size, Layout layout)
{
  for (gsize i = 0; i + layout.width <= size; i += layout.width)
    {
      MusterSample element = { .metric = NULL };

      if (layout.shape == SHAPE_NUMBER)
        set_number (&element, load_number (data + i, layout.width));
      else
        set_integer (&element, load_bits (data + i, layout.width), layout);
      if (element.type == MUSTER_SAMPLE_DOUBLE && !isfinite (element.number))
        element.type = MUSTER_SAMPLE_NULL;
      append_element (json, &element);
    }
  return size % layout.width == 0;
}

static gboolean
append_booleans (GString *json, const guint8 *data, gsize size)
{
  guint32 count = size >= 4 ? (guint32)load_bits (data, 4) : 0;

  if (size < 4 || count > 8 * (size - 4))
    return FALSE;
  for (guint32 i = 0; i < count; i++)
    append_element (json, &(MusterSample){ .type = MUSTER_SAMPLE_BOOLEAN,
                                           .boolean = (data[4 + i / 8] >> (7 - i % 8)) & 1 });
  return TRUE;
}

static gboolean
append_strings (GString *json, const guint8 *data, gsize size)
{
  for (gsize i = 0; i < size;)
    {
      const guint8    *end = memchr (data + i, '\0', size - i);
      g_autofree char *text = NULL;

      if (end == NULL)
        return FALSE;
      text = g_utf8_make_valid ((const char *)data + i, -1);
      append_element (json, &(MusterSample){ .type = MUSTER_SAMPLE_STRING, .text = text });
      i = end - data + 1;
    }
  return TRUE;
}

static gboolean
read_array (const MusterSparkplugMetric *metric,
            Layout                       layout,
            GStringChunk                *chunk,
            MusterSample                *sample)
{
  g_autoptr (GString) json = g_string_new ("[");
  gboolean fits;

  if (metric->wire != MUSTER_SPARKPLUG_WIRE_BYTES)
    return FALSE;
  if (layout.shape == SHAPE_BOOLEAN)
    fits = append_booleans (json, metric->raw.data, metric->raw.size);
  else if (layout.shape == SHAPE_TEXT)
    fits = append_strings (json, metric->raw.data, metric->raw.size);
  else
    fits = append_fixed (json, metric->raw.data, metric->raw.size, layout);
  g_string_append_c (json, ']');
  sample->type = MUSTER_SAMPLE_STRING;
  sample->text = fits ? g_string_chunk_insert_len (chunk, json->str, json->len) : NULL;
  return fits;
}

static gboolean
read_raw (const MusterSparkplugMetric *metric, GStringChunk *chunk, MusterSample *sample)
{
  g_autofree char *text = NULL;

  if (metric->wire < MUSTER_SPARKPLUG_WIRE_BYTES)
    return FALSE;
  text = g_base64_encode (metric->raw.data, metric->raw.size);
  sample->type = MUSTER_SAMPLE_STRING;
  sample->text = g_string_chunk_insert (chunk, text);
  return TRUE;
}

/* A value whose type nobody told: as its field suggests. */
static gboolean
read_untyped (const MusterSparkplugMetric *metric, GStringChunk *chunk, MusterSample *sample)
{
  switch (metric->wire)
    {
    case MUSTER_SPARKPLUG_WIRE_INT:
    case MUSTER_SPARKPLUG_WIRE_LONG:
      return read_integer (metric, get_layout (MUSTER_SPARKPLUG_INT64), sample);
    case MUSTER_SPARKPLUG_WIRE_FLOAT:
    case MUSTER_SPARKPLUG_WIRE_DOUBLE:
      return read_number (metric, sample);
    case MUSTER_SPARKPLUG_WIRE_BOOLEAN:
      return read_boolean (metric, sample);
    case MUSTER_SPARKPLUG_WIRE_STRING:
      sample->type = MUSTER_SAMPLE_STRING;
      sample->text = metric->text;
      return TRUE;
    case MUSTER_SPARKPLUG_WIRE_BYTES:
    case MUSTER_SPARKPLUG_WIRE_DATA_SET:
    case MUSTER_SPARKPLUG_WIRE_TEMPLATE:
    case MUSTER_SPARKPLUG_WIRE_EXTENSION:
      return read_raw (metric, chunk, sample);
    case MUSTER_SPARKPLUG_WIRE_NONE:
    default:
      return FALSE;
    }
}

gboolean
muster_sparkplug_metric_read (const MusterSparkplugMetric *metric,
                              MusterSparkplugDatatype      datatype,
                              GStringChunk                *chunk,
                              MusterSample                *sample)
{
  Layout layout = get_layout (datatype);

  *sample = (MusterSample){
    .metric = metric->name, .time = metric->time, .type = MUSTER_SAMPLE_NULL, .flags = metric->flags
  };
  if (metric->is_null)
    return TRUE;
  if (layout.is_array)
    return read_array (metric, layout, chunk, sample);
  switch ((Shape)layout.shape)
    {
    case SHAPE_SIGNED:
    case SHAPE_UNSIGNED:
      return read_integer (metric, layout, sample);
    case SHAPE_NUMBER:
      return read_number (metric, sample);
    case SHAPE_BOOLEAN:
      return read_boolean (metric, sample);
    case SHAPE_TEXT:
      return metric->wire == MUSTER_SPARKPLUG_WIRE_STRING && read_untyped (metric, chunk, sample);
    case SHAPE_OTHER:
    default:
      return read_untyped (metric, chunk, sample);
    }
}

gboolean
muster_sparkplug_metric_get_integer (const MusterSparkplugMetric *metric, gint64 *value)
{
  *value = (gint64)metric->bits;
  return !metric->is_null &&
         (metric->wire == MUSTER_SPARKPLUG_WIRE_INT || metric->wire == MUSTER_SPARKPLUG_WIRE_LONG);
}

/* --- writing --- */

static gboolean
refuse (const MusterSparkplugMetric *metric, GError **error)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "value: does not fit %s, the type of %s",
               muster_sparkplug_datatype_to_string (metric->datatype),
               metric->name ? metric->name : "the metric");
  return FALSE;
}

static gboolean
sample_get_integer (const MusterSample *sample, Layout layout, guint64 *bits)
{
  int    width = 8 * layout.width;
  gint64 value;

  if (sample->type == MUSTER_SAMPLE_DOUBLE && sample->number == trunc (sample->number) &&
      fabs (sample->number) < 9.2e18)
    value = (gint64)sample->number;
  else if (sample->type == MUSTER_SAMPLE_INTEGER)
    value = sample->integer;
  else
    return FALSE;
  *bits = (guint64)value;
  if (layout.shape == SHAPE_SIGNED)
    return value >> (width - 1) == 0 || value >> (width - 1) == -1;
  return value >= 0 && (width == 64 || value >> width == 0);
}

static gboolean
set_metric_integer (MusterSparkplugMetric *metric, const MusterSample *sample, Layout layout)
{
  if (!sample_get_integer (sample, layout, &metric->bits))
    return FALSE;
  metric->wire = layout.width == 8 ? MUSTER_SPARKPLUG_WIRE_LONG : MUSTER_SPARKPLUG_WIRE_INT;
  if (metric->wire == MUSTER_SPARKPLUG_WIRE_INT)
    metric->bits &= G_MAXUINT32;
  return TRUE;
}

static gboolean
set_metric_number (MusterSparkplugMetric *metric, const MusterSample *sample, Layout layout)
{
  metric->wire = layout.width == 4 ? MUSTER_SPARKPLUG_WIRE_FLOAT : MUSTER_SPARKPLUG_WIRE_DOUBLE;
  if (sample->type == MUSTER_SAMPLE_INTEGER)
    metric->number = (double)sample->integer;
  else if (sample->type == MUSTER_SAMPLE_DOUBLE)
    metric->number = sample->number;
  else
    return FALSE;
  return isfinite (metric->number) && (layout.width == 8 || isfinite ((float)metric->number));
}

static gboolean
set_metric_text (MusterSparkplugPayload *payload,
                 MusterSparkplugMetric  *metric,
                 const MusterSample     *sample)
{
  if (sample->type != MUSTER_SAMPLE_STRING)
    return FALSE;
  metric->wire = MUSTER_SPARKPLUG_WIRE_STRING;
  metric->text = muster_sparkplug_payload_keep_text (payload, sample->text);
  return metric->text != NULL;
}

gboolean
muster_sparkplug_metric_set (MusterSparkplugPayload *payload,
                             MusterSparkplugMetric  *metric,
                             const MusterSample     *sample,
                             GError                **error)
{
  Layout   layout = get_layout (metric->datatype);
  gboolean fits = FALSE;

  metric->is_null = sample->type == MUSTER_SAMPLE_NULL;
  if (metric->is_null)
    return TRUE;
  if (layout.is_array)
    return refuse (metric, error);
  if (layout.shape == SHAPE_SIGNED || layout.shape == SHAPE_UNSIGNED)
    fits = set_metric_integer (metric, sample, layout);
  else if (layout.shape == SHAPE_NUMBER)
    fits = set_metric_number (metric, sample, layout);
  else if (layout.shape == SHAPE_TEXT)
    fits = set_metric_text (payload, metric, sample);
  else if (layout.shape == SHAPE_BOOLEAN && sample->type == MUSTER_SAMPLE_BOOLEAN)
    {
      metric->wire = MUSTER_SPARKPLUG_WIRE_BOOLEAN;
      metric->boolean = sample->boolean;
      fits = TRUE;
    }
  return fits || refuse (metric, error);
}
