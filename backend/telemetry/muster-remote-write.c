/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-remote-write"

#include "config.h"

#include <math.h>
#include <snappy-c.h>
#include <string.h>

#include "core/muster-wire.h"
#include "model/muster-error.h"
#include "muster-remote-write.h"

/* The NaN by which Prometheus says that a series has ended (its `StaleNaN`). */
#define STALE_BITS G_GUINT64_CONSTANT (0x7ff0000000000002)

/* Field numbers: data/protocol/prometheus_write.proto */
enum
{
  REQUEST_TIMESERIES = 1,
  SERIES_LABELS = 1,
  SERIES_SAMPLES = 2,
  SERIES_HISTOGRAMS = 4,
  LABEL_NAME = 1,
  LABEL_VALUE = 2,
  SAMPLE_VALUE = 1,
  SAMPLE_TIMESTAMP = 2,
};

/* Labels that may name the device, the first to be asked first. */
static const char *const device_labels[] = { "device_id", "device", "serial", "instance", "host" };

/* Text in the body. */
typedef struct
{
  const char *text;
  gsize       length;
} Piece;

typedef struct
{
  Piece name;
  Piece value;
} Label;

typedef struct
{
  const MusterIngestSender *sender;
  MusterIngest             *ingest;
  unsigned                  n_samples;
  Label                     labels[MUSTER_REMOTE_WRITE_MAX_LABELS]; /* of the series at hand */
  unsigned                  n_labels;
  unsigned                  n_here; /* samples of the series at hand */
  const char               *device;
  GString                  *metric; /* (owned) */
} Decode;

static gboolean
refuse (GError **error, MusterError code, const char *message)
{
  g_set_error_literal (error, MUSTER_ERROR, code, message);
  return FALSE;
}

static gboolean
refuse_malformed (GError **error)
{
  return refuse (error, MUSTER_ERROR_MALFORMED, "the body is no prometheus.WriteRequest");
}

/* --- labels --- */

static gboolean
piece_equals (const Piece *piece, const char *text)
{
  return strlen (text) == piece->length && memcmp (piece->text, text, piece->length) == 0;
}

static int
compare_labels (gconstpointer a, gconstpointer b)
{
  const Piece *one = &((const Label *)a)->name;
  const Piece *other = &((const Label *)b)->name;
  int          order = memcmp (one->text, other->text, MIN (one->length, other->length));

  return order != 0 ? order : (one->length > other->length) - (one->length < other->length);
}

static gboolean
read_label (Decode *decode, const MusterWireField *message, GError **error)
{
  MusterWire      wire = muster_wire_init (message->data, message->size);
  MusterWireField field;
  Label          *label = &decode->labels[decode->n_labels];

  if (decode->n_labels == MUSTER_REMOTE_WRITE_MAX_LABELS)
    return refuse (error, MUSTER_ERROR_TOO_LARGE,
                   "a series has more than " G_STRINGIFY (
                     MUSTER_REMOTE_WRITE_MAX_LABELS) " labels: drop some by write_relabel_configs");
  label->name = label->value = (Piece){ "", 0 };
  while (muster_wire_next (&wire, &field))
    if (field.type == MUSTER_WIRE_BYTES && field.number == LABEL_NAME)
      label->name = (Piece){ (const char *)field.data, field.size };
    else if (field.type == MUSTER_WIRE_BYTES && field.number == LABEL_VALUE)
      label->value = (Piece){ (const char *)field.data, field.size };
  if (wire.is_malformed || !g_utf8_validate (label->name.text, label->name.length, NULL) ||
      !g_utf8_validate (label->value.text, label->value.length, NULL))
    return refuse_malformed (error);
  /* An empty label is the same as none. */
  decode->n_labels += label->name.length > 0 && label->value.length > 0;
  return TRUE;
}

static const Label *
find_label (Decode *decode, const char *name)
{
  for (unsigned i = 0; i < decode->n_labels; i++)
    if (piece_equals (&decode->labels[i].name, name))
      return &decode->labels[i];
  return NULL;
}

/* The device that VALUE names, or NULL; a port behind a host's name is no part of that name. */
static const char *
look_up (Decode *decode, const Piece *value)
{
  const MusterIngestSender *sender = decode->sender;
  g_autofree char          *key = g_strndup (value->text, value->length);
  const char               *id = sender->lookup (key, sender->lookup_data);
  char                     *colon = strrchr (key, ':');

  if (id != NULL || colon == NULL || colon[1 + strspn (colon + 1, "0123456789")] != '\0')
    return id;
  *colon = '\0';
  return sender->lookup (key, sender->lookup_data);
}

static const char *
find_device (Decode *decode)
{
  const char *id = decode->sender->own_device;

  for (unsigned i = 0; id == NULL && i < G_N_ELEMENTS (device_labels); i++)
    {
      const Label *label = find_label (decode, device_labels[i]);

      if (label != NULL)
        id = look_up (decode, &label->value);
    }
  return id;
}

static gboolean
names_the_device (Decode *decode, const Label *label)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (device_labels); i++)
    if (piece_equals (&label->name, device_labels[i]))
      return g_strcmp0 (look_up (decode, &label->value), decode->device) == 0;
  return FALSE;
}

static void
append_label (GString *metric, const Label *label)
{
  g_string_append_c (metric, '/');
  g_string_append_len (metric, label->name.text, label->name.length);
  g_string_append_c (metric, '=');
  for (gsize i = 0; i < label->value.length; i++)
    {
      char c = label->value.text[i];

      /* So that no two sets of labels make the same name. */
      if (c == '=' || c == '\\')
        g_string_append_c (metric, '\\');
      g_string_append_c (metric, c);
    }
}

static void
make_metric (Decode *decode)
{
  const Label *name = find_label (decode, "__name__");

  g_string_truncate (decode->metric, 0);
  if (name == NULL)
    return;
  g_string_append_len (decode->metric, name->value.text, name->value.length);
  for (unsigned i = 0; i < decode->n_labels; i++)
    if (!piece_equals (&decode->labels[i].name, "__name__") &&
        !names_the_device (decode, &decode->labels[i]))
      append_label (decode->metric, &decode->labels[i]);
}

/* Its first 60 bytes, whole characters. */
static void
append_short (GString *text, const Piece *piece)
{
  gsize length = MIN (piece->length, 60);

  while (length < piece->length && (piece->text[length] & 0xc0) == 0x80)
    length--;
  g_string_append_len (text, piece->text, length);
}

/* Names the series for a person: `name{key="value",…}`. */
static char *
describe (Decode *decode)
{
  GString     *text = g_string_new (NULL);
  const Label *name = find_label (decode, "__name__");
  char         separator = '{';

  if (name != NULL)
    append_short (text, &name->value);
  for (unsigned i = 0; i < decode->n_labels && text->len < 200; i++)
    {
      const Label *label = &decode->labels[i];

      if (label == name)
        continue;
      g_string_append_c (text, separator);
      append_short (text, &label->name);
      g_string_append (text, "=\"");
      append_short (text, &label->value);
      g_string_append_c (text, '"');
      separator = ',';
    }
  g_string_append (text, separator == ',' ? "}" : "");
  return g_string_free (text, FALSE);
}

/* --- samples --- */

static void
add_sample (Decode *decode, MusterSampleBatch *batch, double value, gint64 milliseconds)
{
  gint64            time = CLAMP (milliseconds, G_MININT64 / 1000, G_MAXINT64 / 1000) * 1000;
  MusterSampleFlags flags = muster_ingest_get_flags (time, decode->sender->now);
  guint64           bits;

  memcpy (&bits, &value, sizeof bits);
  if (isfinite (value))
    muster_sample_batch_add_double (batch, decode->metric->str, time, value, flags);
  else if (bits == STALE_BITS)
    muster_sample_batch_add_null (batch, decode->metric->str, time, flags | MUSTER_SAMPLE_STALE);
  else
    muster_sample_batch_add_null (batch, decode->metric->str, time,
                                  isnan (value) ? flags : flags | MUSTER_SAMPLE_BAD);
}

static gboolean
read_sample (Decode *decode, MusterSampleBatch *batch, const MusterWireField *message)
{
  MusterWire      wire = muster_wire_init (message->data, message->size);
  MusterWireField field;
  double          value = 0;
  gint64          milliseconds = 0;

  while (muster_wire_next (&wire, &field))
    if (field.number == SAMPLE_VALUE && field.type == MUSTER_WIRE_FIXED64)
      value = muster_wire_field_get_double (&field);
    else if (field.number == SAMPLE_TIMESTAMP && field.type == MUSTER_WIRE_VARINT)
      milliseconds = field.value;
  if (!wire.is_malformed && batch != NULL)
    add_sample (decode, batch, value, milliseconds);
  return !wire.is_malformed;
}

/* --- series --- */

static gboolean
read_labels (Decode *decode, const MusterWireField *message, GError **error)
{
  MusterWire      wire = muster_wire_init (message->data, message->size);
  MusterWireField field;

  decode->n_labels = decode->n_here = 0;
  while (muster_wire_next (&wire, &field))
    {
      if (field.type != MUSTER_WIRE_BYTES)
        continue;
      if (field.number == SERIES_LABELS && !read_label (decode, &field, error))
        return FALSE;
      decode->n_here += field.number == SERIES_SAMPLES || field.number == SERIES_HISTOGRAMS;
      if (field.number == SERIES_HISTOGRAMS)
        muster_ingest_refuse (decode->ingest, 1, "native histograms are not taken");
    }
  if (wire.is_malformed)
    return refuse_malformed (error);
  decode->n_samples += decode->n_here;
  if (decode->n_samples > MUSTER_REMOTE_WRITE_MAX_SAMPLES)
    return refuse (error, MUSTER_ERROR_TOO_LARGE,
                   "more than " G_STRINGIFY (
                     MUSTER_REMOTE_WRITE_MAX_SAMPLES) " samples: lower max_samples_per_send");
  qsort (decode->labels, decode->n_labels, sizeof (Label), compare_labels);
  return TRUE;
}

/* The batch that the series belongs in, or NULL, with the reason noted. */
static MusterSampleBatch *
choose_batch (Decode *decode)
{
  g_autofree char *series = NULL;

  decode->device = find_device (decode);
  make_metric (decode);
  if (decode->device != NULL && decode->metric->len > 0 &&
      decode->metric->len <= MUSTER_INGEST_MAX_NAME)
    return muster_ingest_get_batch (decode->ingest, decode->device);
  series = describe (decode);
  if (decode->metric->len == 0)
    muster_ingest_refuse (decode->ingest, decode->n_here, "%s: it has no label __name__", series);
  else if (decode->device == NULL)
    muster_ingest_refuse (decode->ingest, decode->n_here,
                          "%s: none of its labels device_id, device, serial, instance and host "
                          "names a device of this site",
                          series);
  else
    muster_ingest_refuse (decode->ingest, decode->n_here,
                          "%s: its name and labels make more than %d bytes: drop some by "
                          "write_relabel_configs",
                          series, MUSTER_INGEST_MAX_NAME);
  return NULL;
}

static gboolean
read_series (Decode *decode, const MusterWireField *message, GError **error)
{
  MusterWire         wire = muster_wire_init (message->data, message->size);
  MusterWireField    field;
  MusterSampleBatch *batch;

  /* Labels may stand behind the samples. */
  if (!read_labels (decode, message, error))
    return FALSE;
  batch = decode->n_here > 0 ? choose_batch (decode) : NULL;
  while (muster_wire_next (&wire, &field))
    if (field.number == SERIES_SAMPLES && field.type == MUSTER_WIRE_BYTES &&
        !read_sample (decode, batch, &field))
      return refuse_malformed (error);
  return TRUE;
}

MusterIngest *
muster_remote_write_decode_plain (const guint8             *data,
                                  gsize                     size,
                                  const MusterIngestSender *sender,
                                  GError                  **error)
{
  g_autoptr (MusterIngest) ingest = muster_ingest_new ();
  g_autoptr (GString) metric = g_string_new (NULL);
  g_autofree Decode *decode = g_new0 (Decode, 1);
  MusterWire         wire = muster_wire_init (data, size);
  MusterWireField    field;

  g_return_val_if_fail (sender != NULL && sender->lookup != NULL, NULL);

  decode->sender = sender;
  decode->ingest = ingest;
  decode->metric = metric;
  while (muster_wire_next (&wire, &field))
    if (field.number == REQUEST_TIMESERIES && field.type == MUSTER_WIRE_BYTES &&
        !read_series (decode, &field, error))
      return NULL;
  if (wire.is_malformed)
    {
      refuse_malformed (error);
      return NULL;
    }
  return g_steal_pointer (&ingest);
}

MusterIngest *
muster_remote_write_decode (GBytes *body, const MusterIngestSender *sender, GError **error)
{
  gsize            size, plain_size = 0;
  const char      *data;
  g_autofree char *plain = NULL;

  g_return_val_if_fail (body != NULL && sender != NULL, NULL);

  data = g_bytes_get_data (body, &size);
  if (size > 0 && snappy_uncompressed_length (data, size, &plain_size) == SNAPPY_OK &&
      plain_size > MUSTER_REMOTE_WRITE_MAX_PLAIN)
    {
      refuse (error, MUSTER_ERROR_TOO_LARGE, "the body unpacks to more than 32 MiB");
      return NULL;
    }
  /* No element of the format makes more than 64 bytes of 3: what says so only asks for memory. */
  if (plain_size / 22 <= size)
    plain = g_malloc (plain_size + 1);
  if (plain == NULL || size == 0 || snappy_uncompress (data, size, plain, &plain_size) != SNAPPY_OK)
    {
      refuse (error, MUSTER_ERROR_MALFORMED,
              "the body is not packed in the block format of snappy");
      return NULL;
    }
  return muster_remote_write_decode_plain ((const guint8 *)plain, plain_size, sender, error);
}
