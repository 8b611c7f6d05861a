/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ingest-csv"

#include "config.h"

#include <math.h>
#include <string.h>

#include "core/muster-csv-reader.h"
#include "model/muster-entity.h"
#include "model/muster-time.h"
#include "muster-ingest-csv.h"

#define HEAD_BYTES 4096
#define MAX_TEXT 4000

typedef enum
{
  COLUMN_TIME,
  COLUMN_DEVICE,
  COLUMN_METRIC,
  COLUMN_VALUE,
  COLUMN_SERIES, /* values of the metric that its head names */
} ColumnKind;

typedef struct
{
  ColumnKind kind;
  char      *name;
} Column;

struct _MusterIngestCsv
{
  MusterIngestCsvOptions options;
  MusterCsvReader       *reader;  /* (owned) (nullable): once the delimiter is known */
  GString               *head;    /* (owned): until then */
  GArray                *columns; /* (owned) (element-type Column) */
  int                    places[COLUMN_SERIES]; /* of the columns of each kind, or -1 */
  MusterIngest          *ingest;                /* (owned) */
  unsigned               n_waiting;
  gint64                 n_rows;
  gint64                 n_samples;
  gint64                 n_wrong;
  unsigned               n_errors;
  gint64                 from; /* G_MAXINT64: none yet */
  gint64                 to;
  GHashTable            *devices; /* (owned) (element-type utf8) a set */
  GHashTable            *metrics; /* (owned) (element-type utf8) a set */
  GString               *errors;  /* (owned): JSON, with commas between */
};

/* --- what is wrong --- */

G_GNUC_PRINTF (4, 5)
static gboolean
note (MusterIngestCsv *self, gint64 row, const char *column, const char *format, ...)
{
  g_autofree char *detail = NULL;
  va_list          arguments;

  self->n_wrong++;
  if (self->n_errors++ >= MUSTER_INGEST_CSV_MAX_ERRORS)
    return FALSE;
  va_start (arguments, format);
  detail = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_string_append_printf (self->errors, "%s{\"row\":%" G_GINT64_FORMAT ",\"column\":",
                          self->errors->len > 0 ? "," : "", row);
  muster_json_append_string (self->errors, column, -1);
  g_string_append (self->errors, ",\"detail\":");
  muster_json_append_string (self->errors, detail, -1);
  g_string_append_c (self->errors, '}');
  return FALSE;
}

/* --- the first row --- */

static ColumnKind
find_kind (const char *name)
{
  static const struct
  {
    const char *name;
    ColumnKind  kind;
  } known[] = {
    { "timestamp", COLUMN_TIME }, { "time", COLUMN_TIME },        { "date", COLUMN_TIME },
    { "device", COLUMN_DEVICE },  { "device_id", COLUMN_DEVICE }, { "serial", COLUMN_DEVICE },
    { "host", COLUMN_DEVICE },    { "metric", COLUMN_METRIC },    { "value", COLUMN_VALUE },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (known[i].name, name) == 0)
      return known[i].kind;
  return COLUMN_SERIES;
}

static gboolean
refuse_head (GError **error, const char *detail)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "the first row %s", detail);
  return FALSE;
}

static gboolean
check_head (MusterIngestCsv *self, unsigned n_series, GError **error)
{
  gboolean has_metric = self->places[COLUMN_METRIC] >= 0;

  if (self->places[COLUMN_TIME] < 0)
    return refuse_head (error, "names no column timestamp");
  if (has_metric != (self->places[COLUMN_VALUE] >= 0) || (!has_metric && n_series == 0))
    return refuse_head (error,
                        "must name the columns metric and value, or one column for each metric");
  if (self->places[COLUMN_DEVICE] < 0 && self->options.device == NULL)
    return refuse_head (error, "names no column device: add it, or tell whose samples they are");
  return TRUE;
}

static gboolean
take_head (MusterIngestCsv *self, char **cells, guint n_cells, GError **error)
{
  unsigned n_series = 0;

  for (guint i = 0; i < n_cells; i++)
    {
      Column column = { find_kind (cells[i]), g_strdup (cells[i]) };

      g_array_append_val (self->columns, column);
      n_series += column.kind == COLUMN_SERIES && *cells[i] != '\0';
      if (column.kind == COLUMN_SERIES)
        continue;
      if (self->places[column.kind] >= 0)
        return refuse_head (error, "names a column twice, or by two of its names");
      self->places[column.kind] = i;
    }
  return check_head (self, n_series, error);
}

/* --- cells --- */

static const char *
get_cell (MusterIngestCsv *self, char **cells, guint n_cells, ColumnKind kind)
{
  int place = self->places[kind];

  return place >= 0 && place < (int)n_cells ? cells[place] : "";
}

static gboolean
read_number (MusterIngestCsv *self, const char *text, double *number)
{
  g_autofree char *own = NULL;
  char            *end;

  if (self->options.decimal_comma && strchr (text, ',') != NULL)
    {
      own = g_strdelimit (g_strdup (text), ",", '.');
      text = own;
    }
  /* strtod() also knows hexadecimal numbers, infinity and NaN. */
  if (*text == '\0' || text[strspn (text, "+-.0123456789eE")] != '\0')
    return FALSE;
  *number = g_ascii_strtod (text, &end);
  return *end == '\0' && isfinite (*number);
}

/* Since 1970, in what is told by its size: seconds now are 1.7e9. */
static gboolean
scale_time (double number, gint64 *time)
{
  double size = fabs (number);

  if (size >= 1e17)
    *time = number / 1000;
  else if (size >= 1e14)
    *time = number;
  else if (size >= 1e11)
    *time = number * 1000;
  else
    *time = llround (number * G_USEC_PER_SEC);
  return size < 9e18;
}

static gboolean
read_time (MusterIngestCsv *self, const char *text, gint64 *time)
{
  g_autoptr (GDateTime) moment = NULL;
  gint64 whole;
  double number;

  /* Nanoseconds are more than a double holds exactly. */
  if (strlen (text) >= 15 && g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &whole, NULL))
    {
      *time = whole >= G_GINT64_CONSTANT (100000000000000000) ? whole / 1000 : whole;
      return TRUE;
    }
  if (read_number (self, text, &number))
    return scale_time (number, time);
  moment = g_date_time_new_from_iso8601 (text, self->options.zone);
  if (moment == NULL)
    return FALSE;
  *time = g_date_time_to_unix (moment) * G_USEC_PER_SEC + g_date_time_get_microsecond (moment);
  return TRUE;
}

/* The device of the row, or NULL with the reason noted. */
static const char *
find_device (MusterIngestCsv *self, char **cells, guint n_cells, gint64 row)
{
  const MusterIngestSender *sender = &self->options.sender;
  const char               *key = get_cell (self, cells, n_cells, COLUMN_DEVICE);
  const char               *id;

  if (*key == '\0' && self->options.device != NULL)
    return self->options.device;
  id = *key != '\0' ? sender->lookup (key, sender->lookup_data) : NULL;
  if (id == NULL)
    note (self, row, "device",
          *key == '\0' ? "is empty"
                       : "is not the identifier, serial number, node or name of one "
                         "device of this site");
  return id;
}

/* --- samples --- */

static void
remember (GHashTable *names, const char *name)
{
  if (g_hash_table_size (names) < MUSTER_INGEST_CSV_MAX_NAMES &&
      !g_hash_table_contains (names, name))
    g_hash_table_add (names, g_strdup (name));
}

static gboolean
add_value (MusterIngestCsv *self,
           const char      *device,
           const char      *metric,
           gint64           time,
           const char      *text)
{
  MusterSampleBatch *batch = muster_ingest_get_batch (self->ingest, device);
  MusterSampleFlags  flags = muster_ingest_get_flags (time, self->options.sender.now);
  double             number;

  if (strlen (text) > MAX_TEXT)
    return FALSE;
  if (read_number (self, text, &number))
    muster_sample_batch_add_double (batch, metric, time, number, flags);
  else if (g_ascii_strcasecmp (text, "true") == 0 || g_ascii_strcasecmp (text, "false") == 0)
    muster_sample_batch_add_boolean (batch, metric, time, g_ascii_tolower (*text) == 't', flags);
  else if (g_ascii_strcasecmp (text, "null") == 0 || g_ascii_strcasecmp (text, "nan") == 0)
    muster_sample_batch_add_null (batch, metric, time, flags);
  else
    muster_sample_batch_add_string (batch, metric, time, text, flags);
  remember (self->devices, device);
  remember (self->metrics, metric);
  self->from = MIN (self->from, time);
  self->to = MAX (self->to, time);
  self->n_samples++;
  self->n_waiting++;
  return TRUE;
}

static void
take_sample (MusterIngestCsv *self,
             const char      *device,
             const char      *metric,
             gint64           time,
             const char      *text,
             gint64           row)
{
  if (*metric == '\0' || strlen (metric) > MUSTER_INGEST_MAX_NAME)
    note (self, row, "metric", "must have 1 to %d bytes", MUSTER_INGEST_MAX_NAME);
  else if (*text != '\0' && !add_value (self, device, metric, time, text))
    note (self, row, metric, "must have at most %d bytes", MAX_TEXT);
}

static void
take_row (MusterIngestCsv *self, char **cells, guint n_cells, gint64 row)
{
  const char *device;
  gint64      time;

  if (n_cells > self->columns->len)
    {
      note (self, row, "", "has %u cells, the first row has %u", n_cells, self->columns->len);
      return;
    }
  if (!read_time (self, get_cell (self, cells, n_cells, COLUMN_TIME), &time))
    {
      note (self, row, "timestamp",
            "must be a time like 2026-01-31T08:05:09.123Z, or a number since 1970");
      return;
    }
  device = find_device (self, cells, n_cells, row);
  if (device == NULL)
    return;
  if (self->places[COLUMN_METRIC] >= 0)
    {
      take_sample (self, device, get_cell (self, cells, n_cells, COLUMN_METRIC), time,
                   get_cell (self, cells, n_cells, COLUMN_VALUE), row);
      return;
    }
  for (guint i = 0; i < n_cells; i++)
    {
      const Column *column = &g_array_index (self->columns, Column, i);

      if (column->kind == COLUMN_SERIES && *column->name != '\0')
        take_sample (self, device, column->name, time, cells[i], row);
    }
}

static gboolean
muster_ingest_csv_row (char **cells, guint n_cells, gint64 number, gpointer data, GError **error)
{
  MusterIngestCsv *self = data;

  if (number == 1)
    return take_head (self, cells, n_cells, error);
  self->n_rows++;
  take_row (self, cells, n_cells, number);
  return TRUE;
}

/* --- the whole --- */

static void
column_clear (gpointer column)
{
  g_free (((Column *)column)->name);
}

MusterIngestCsv *
muster_ingest_csv_new (const MusterIngestCsvOptions *options)
{
  MusterIngestCsv *self;

  g_return_val_if_fail (options != NULL && options->sender.lookup != NULL, NULL);
  g_return_val_if_fail (options->zone != NULL, NULL);

  self = g_new0 (MusterIngestCsv, 1);
  self->options = *options;
  self->options.zone = g_time_zone_ref (options->zone);
  if (options->sender.own_device != NULL)
    self->options.device = options->sender.own_device;
  self->head = g_string_new (NULL);
  self->columns = g_array_new (FALSE, FALSE, sizeof (Column));
  g_array_set_clear_func (self->columns, column_clear);
  for (unsigned i = 0; i < G_N_ELEMENTS (self->places); i++)
    self->places[i] = -1;
  self->ingest = muster_ingest_new ();
  self->from = G_MAXINT64;
  self->to = G_MININT64;
  self->devices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->metrics = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->errors = g_string_new (NULL);
  return self;
}

void
muster_ingest_csv_free (MusterIngestCsv *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->reader, muster_csv_reader_free);
  g_string_free (self->head, TRUE);
  g_array_unref (self->columns);
  muster_ingest_free (self->ingest);
  g_time_zone_unref (self->options.zone);
  g_hash_table_unref (self->devices);
  g_hash_table_unref (self->metrics);
  g_string_free (self->errors, TRUE);
  g_free (self);
}

/* Once enough is there to tell the delimiter by. */
static gboolean
begin (MusterIngestCsv *self, GError **error)
{
  const char *text = self->head->str;
  gsize       length = self->head->len;

  if (g_str_has_prefix (text, "\xef\xbb\xbf"))
    {
      text += 3;
      length -= 3;
    }
  self->reader =
    muster_csv_reader_new (muster_csv_guess_delimiter (text, length), muster_ingest_csv_row, self);
  muster_csv_reader_set_max_rows (self->reader, MUSTER_INGEST_CSV_MAX_ROWS);
  return muster_csv_reader_feed (self->reader, text, length, error);
}

gboolean
muster_ingest_csv_feed (MusterIngestCsv *self, const char *text, gsize length, GError **error)
{
  g_return_val_if_fail (self != NULL && (text != NULL || length == 0), FALSE);

  if (self->reader != NULL)
    return muster_csv_reader_feed (self->reader, text, length, error);
  g_string_append_len (self->head, text, length);
  return self->head->len < HEAD_BYTES || begin (self, error);
}

gboolean
muster_ingest_csv_finish (MusterIngestCsv *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if ((self->reader == NULL && !begin (self, error)) ||
      !muster_csv_reader_finish (self->reader, error))
    return FALSE;
  return self->columns->len > 0 || refuse_head (error, "is missing: it names the columns");
}

unsigned
muster_ingest_csv_get_waiting (MusterIngestCsv *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_waiting;
}

MusterIngest *
muster_ingest_csv_take (MusterIngestCsv *self)
{
  MusterIngest *taken;

  g_return_val_if_fail (self != NULL, NULL);

  taken = g_steal_pointer (&self->ingest);
  self->ingest = muster_ingest_new ();
  self->n_waiting = 0;
  return taken;
}

gint64
muster_ingest_csv_get_samples (MusterIngestCsv *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_samples;
}

static void
append_time (GString *json, const char *name, gint64 time, gboolean is_known)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  g_string_append_printf (json, ",\"%s\":", name);
  if (is_known)
    muster_json_append_string (json, muster_time_format (time, text), -1);
  else
    g_string_append (json, "null");
}

static void
append_names (GString *json, const char *member, GHashTable *names)
{
  g_autoptr (GPtrArray) sorted = g_hash_table_get_keys_as_ptr_array (names);

  g_ptr_array_sort_values (sorted, (GCompareFunc)strcmp);
  g_string_append_printf (json, ",\"%s\":[", member);
  for (guint i = 0; i < sorted->len; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      muster_json_append_string (json, sorted->pdata[i], -1);
    }
  g_string_append_c (json, ']');
}

void
muster_ingest_csv_append_report (MusterIngestCsv *self, GString *json)
{
  g_return_if_fail (self != NULL && json != NULL);

  g_string_append_printf (json,
                          "\"rows\":%" G_GINT64_FORMAT ",\"samples\":%" G_GINT64_FORMAT
                          ",\"wrong\":%" G_GINT64_FORMAT,
                          self->n_rows, self->n_samples, self->n_wrong);
  append_time (json, "from", self->from, self->n_samples > 0);
  append_time (json, "to", self->to, self->n_samples > 0);
  append_names (json, "devices", self->devices);
  append_names (json, "metrics", self->metrics);
  g_string_append_printf (json, ",\"errors\":[%s]", self->errors->str);
}
