/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-line-protocol"

#include "config.h"

#include <string.h>

#include "muster-line-protocol.h"
#include "muster-line-value.h"

/* Reasons that are told; of the other lines only the number. */
#define MAX_REASONS 10
/* Bytes of a line's part that a reason quotes. */
#define MAX_QUOTED 80
/* Tags of one line. */
#define MAX_TAGS 64
#define DAY_USEC (24 * 3600 * (gint64)G_USEC_PER_SEC)

/* A piece of the body. */
typedef struct
{
  const char *at;
  gsize       length;
} Piece;

/* The field at a place of a series' lines, as it was last. */
typedef struct
{
  Piece    name; /* as it is written */
  unsigned metric;
} Field;

/* Lines that begin with the same measurement and tags. */
typedef struct
{
  Piece    key;
  unsigned device;
  char    *prefix; /* of its metrics */
  char    *reason; /* (nullable) why its lines are refused */
  Field   *fields;
  unsigned n_fields;
} Series;

typedef struct
{
  MusterLines              *lines;
  MusterSampleChunk        *chunk;
  const MusterIngestSender *sender;
  GHashTable               *series; /* (element-type Series) by key */
  const char               *at;
  const char               *end;
  gint64                    multiplier;
  gint64                    divisor;
  unsigned                  line; /* of AT, from 1 on */
  gboolean                  is_utf8;
  char                     *reason; /* (nullable) why the line under way is refused */
  GString                  *text;   /* a name or a string without its escapes */
} Parser;

void
muster_lines_free (MusterLines *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->chunk, muster_sample_chunk_free);
  g_string_free (self->reasons, TRUE);
  g_free (self);
}

static guint
piece_hash (gconstpointer key)
{
  const Piece *piece = key;
  guint64      hash = 0xcbf29ce484222325; /* FNV-1a, of eight bytes at a time */
  gsize        i = 0;

  for (; i + sizeof hash <= piece->length; i += sizeof hash)
    {
      guint64 word;

      memcpy (&word, piece->at + i, sizeof word);
      hash = (hash ^ word) * 0x100000001b3;
    }
  for (; i < piece->length; i++)
    hash = (hash ^ (guint8)piece->at[i]) * 0x100000001b3;
  return (guint)(hash ^ hash >> 32);
}

static gboolean
piece_equal (gconstpointer a, gconstpointer b)
{
  const Piece *first = a, *second = b;

  return first->length == second->length && memcmp (first->at, second->at, first->length) == 0;
}

static void
series_free (gpointer data)
{
  Series *series = data;

  g_free (series->prefix);
  g_free (series->reason);
  g_free (series->fields);
  g_free (series);
}

/* --- reasons --- */

static gboolean G_GNUC_PRINTF (2, 3) refuse (Parser *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_free (self->reason);
  self->reason = g_strdup_vprintf (format, args);
  va_end (args);
  return FALSE;
}

/* What is quoted is valid UTF-8 and short. */
static char *
quote (const char *at, gsize length)
{
  g_autofree char *text = g_utf8_make_valid (at, MIN (length, MAX_QUOTED));

  return g_strdup_printf ("“%s%s”", text, length > MAX_QUOTED ? "…" : "");
}

static void
note_refused (Parser *self, unsigned line)
{
  MusterLines *lines = self->lines;

  if (lines->n_refused++ < MAX_REASONS)
    g_string_append_printf (lines->reasons, "line %u: %s\n", line, self->reason);
  g_clear_pointer (&self->reason, g_free);
}

/* --- names --- */

/* A name without its escapes: a backslash hides `,`, `=` and space, and stands for itself else. */
static const char *
unescape (Parser *self, Piece piece, gboolean is_measurement)
{
  g_string_truncate (self->text, 0);
  for (gsize i = 0; i < piece.length; i++)
    {
      char next = i + 1 < piece.length ? piece.at[i + 1] : '\0';

      if (piece.at[i] == '\\' && (next == ',' || next == ' ' || (next == '=' && !is_measurement)))
        g_string_append_c (self->text, piece.at[++i]);
      else
        g_string_append_c (self->text, piece.at[i]);
    }
  return self->text->str;
}

/* Up to the first STOP that no backslash hides. */
static gsize
find_end (const char *at, const char *end, char stop)
{
  const char *from = at;

  for (; at < end && *at != stop; at++)
    if (*at == '\\' && at + 1 < end)
      at++;
  return MIN (at, end) - from;
}

typedef struct
{
  char *name;
  char *value;
} Tag;

static int
compare_tags (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Tag *)a)->name, ((const Tag *)b)->name);
}

static void
tag_clear (gpointer data)
{
  g_free (((Tag *)data)->name);
  g_free (((Tag *)data)->value);
}

static gboolean
read_tags (Parser *self, const char *at, const char *end, GArray *tags)
{
  while (at < end)
    {
      gsize length = find_end (at, end, ',');
      gsize n_name = find_end (at, at + length, '=');
      Tag   tag;

      if (n_name == 0 || n_name == length)
        {
          g_autofree char *quoted = quote (at, length);

          return refuse (self, "the tag %s must be name=value", quoted);
        }
      tag.name = g_strdup (unescape (self, (Piece){ at, n_name }, FALSE));
      tag.value =
        g_strdup (unescape (self, (Piece){ at + n_name + 1, length - n_name - 1 }, FALSE));
      g_array_append_val (tags, tag);
      if (*tag.value == '\0')
        return refuse (self, "the tag %s has no value", tag.name);
      if (tags->len > MAX_TAGS)
        return refuse (self, "it has more than %d tags", MAX_TAGS);
      at += length + 1;
    }
  return TRUE;
}

/* --- series --- */

static const char *const device_tags[] = { "device_id", "device", "serial", "host" };

static int
find_tag (GArray *tags, const char *name)
{
  for (guint i = 0; i < tags->len; i++)
    if (g_str_equal (g_array_index (tags, Tag, i).name, name))
      return i;
  return -1;
}

/* Which device the tags name; the tag that did is taken out. */
static const char *
find_device (Parser *self, GArray *tags)
{
  const char *unknown = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (device_tags); i++)
    {
      int         at = find_tag (tags, device_tags[i]);
      const char *value = at >= 0 ? g_array_index (tags, Tag, at).value : NULL;
      const char *id =
        value != NULL ? self->sender->lookup (value, self->sender->lookup_data) : NULL;

      if (id == NULL)
        {
          unknown = unknown != NULL ? unknown : value;
          continue;
        }
      if (self->sender->own_device != NULL && !g_str_equal (id, self->sender->own_device))
        {
          refuse (self, "the token is that of another device than %s", value);
          return NULL;
        }
      g_array_remove_index (tags, at);
      return id;
    }
  if (self->sender->own_device != NULL)
    return self->sender->own_device;
  if (unknown != NULL)
    refuse (
      self,
      "no device is known as %s: add it, or correct the tag device_id, device, serial or host",
      unknown);
  else
    refuse (self, "no device is named: add a tag device_id, device, serial or host");
  return NULL;
}

static char *
make_prefix (const char *measurement, GArray *tags)
{
  GString *prefix = g_string_new (measurement);

  g_array_sort (tags, compare_tags);
  for (guint i = 0; i < tags->len; i++)
    g_string_append_printf (prefix, "/%s=%s", g_array_index (tags, Tag, i).name,
                            g_array_index (tags, Tag, i).value);
  return g_string_free_and_steal (prefix);
}

static void
resolve_series (Parser *self, Series *series)
{
  const char *at = series->key.at, *end = at + series->key.length;
  gsize       n_measurement = find_end (at, end, ',');
  g_autoptr (GArray) tags = g_array_new (FALSE, FALSE, sizeof (Tag));
  g_autofree char *measurement = NULL;
  const char      *id;

  g_array_set_clear_func (tags, tag_clear);
  if (n_measurement == 0)
    {
      series->reason = g_strdup ("the measurement is missing: it comes first");
      return;
    }
  measurement = g_strdup (unescape (self, (Piece){ at, n_measurement }, TRUE));
  id = read_tags (self, at + n_measurement + 1, end, tags) ? find_device (self, tags) : NULL;
  if (id == NULL)
    {
      series->reason = g_steal_pointer (&self->reason);
      return;
    }
  series->device = muster_sample_chunk_add_device (self->chunk, id);
  series->prefix = make_prefix (measurement, tags);
}

static Series *
find_series (Parser *self, Piece key)
{
  Series *series = g_hash_table_lookup (self->series, &key);

  if (series != NULL)
    return series;
  series = g_new0 (Series, 1);
  series->key = key;
  resolve_series (self, series);
  g_hash_table_insert (self->series, &series->key, series);
  return series;
}

/* The number of the metric that NAME, a line's field number INDEX, is of the series. */
static gboolean
find_metric (Parser *self, Series *series, unsigned index, Piece name, unsigned *metric)
{
  g_autofree char *full = NULL;
  const char      *field;

  if (index < series->n_fields && piece_equal (&series->fields[index].name, &name))
    {
      *metric = series->fields[index].metric;
      return TRUE;
    }
  field = unescape (self, name, FALSE);
  full = g_str_equal (field, "value") ? g_strdup (series->prefix)
                                      : g_strconcat (series->prefix, "/", field, NULL);
  /* The line was looked at up to its first end, which may lie within a string. */
  if (!self->is_utf8 && !g_utf8_validate (full, -1, NULL))
    return refuse (self, "the name of a field is not valid UTF-8");
  if (strlen (full) > MUSTER_INGEST_MAX_NAME)
    return refuse (self, "the metric's name is longer than %d bytes: fewer or shorter tags",
                   MUSTER_INGEST_MAX_NAME);
  if (self->chunk->metrics->len >= MUSTER_SAMPLE_CHUNK_MAX_METRICS)
    return refuse (self, "one body has more than %d different metrics",
                   MUSTER_SAMPLE_CHUNK_MAX_METRICS);
  *metric = muster_sample_chunk_add_metric (self->chunk, full);
  if (index >= series->n_fields)
    {
      series->fields = g_renew (Field, series->fields, index + 1);
      for (; series->n_fields <= index; series->n_fields++)
        series->fields[series->n_fields] = (Field){ 0 };
    }
  series->fields[index] = (Field){ name, *metric };
  return TRUE;
}

/* --- fields --- */

static gboolean
is_line_end (const char *at, const char *end)
{
  return at >= end || *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] == '\n'));
}

/* A string's end: behind its quotation mark, or NULL. The text is left in SELF. */
static const char *
read_string (Parser *self, const char *at)
{
  g_string_truncate (self->text, 0);
  for (; at < self->end && *at != '"'; at++)
    {
      if (*at == '\\' && at + 1 < self->end && (at[1] == '"' || at[1] == '\\'))
        at++;
      else if (*at == '\n')
        self->line++;
      g_string_append_c (self->text, *at);
    }
  if (at < self->end && g_utf8_validate_len (self->text->str, self->text->len, NULL) &&
      memchr (self->text->str, '\0', self->text->len) == NULL)
    return at + 1;
  refuse (self, at < self->end ? "a string is not valid UTF-8"
                               : "a string does not end: close its quotation mark");
  self->at = at;
  return NULL;
}

static gboolean
read_value (Parser *self, unsigned metric, Piece name)
{
  const char *at = self->at;
  MusterCell  cell;
  unsigned    kind;

  if (at < self->end && *at == '"')
    {
      at = read_string (self, at + 1);
      if (at == NULL)
        return FALSE;
      muster_sample_chunk_add_text (self->chunk, metric, MUSTER_SAMPLE_PLAIN, self->text->str);
      self->at = at;
      return TRUE;
    }
  while (at < self->end && *at != ',' && *at != ' ' && !is_line_end (at, self->end))
    at++;
  kind = muster_line_value_read (self->at, at, &cell);
  if (kind == MUSTER_CELL_ABSENT)
    {
      g_autofree char *quoted = quote (self->at, at - self->at);
      g_autofree char *field = quote (name.at, name.length);

      return refuse (self, "the field %s has no number, integer, string or boolean: %s", field,
                     quoted);
    }
  muster_sample_chunk_add_cell (self->chunk, metric, kind, cell);
  self->at = at;
  return TRUE;
}

static gboolean
read_fields (Parser *self, Series *series)
{
  for (unsigned i = 0;; i++)
    {
      Piece    name = { self->at, 0 };
      unsigned metric;

      while (self->at < self->end && *self->at != '=' && *self->at != '\n' && *self->at != ' ')
        self->at += *self->at == '\\' && self->at + 1 < self->end && self->at[1] != '\n' ? 2 : 1;
      name.length = self->at - name.at;
      if (name.length == 0 || self->at >= self->end || *self->at != '=')
        return refuse (self, "a field is missing: name=value after a space");
      if (!find_metric (self, series, i, name, &metric))
        return FALSE;
      self->at++;
      if (!read_value (self, metric, name))
        return FALSE;
      if (self->at >= self->end || *self->at != ',')
        return TRUE;
      self->at++;
    }
}

static gboolean
read_time (Parser *self, gint64 *time)
{
  const char *begin, *end;

  while (self->at < self->end && *self->at == ' ')
    self->at++;
  begin = self->at;
  while (!is_line_end (self->at, self->end) && *self->at != ' ')
    self->at++;
  end = self->at;
  while (self->at < self->end && *self->at == ' ')
    self->at++;
  *time = self->sender->now;
  if (begin == end && is_line_end (self->at, self->end))
    return TRUE;
  if (!is_line_end (self->at, self->end) ||
      !muster_line_time_read (begin, end, self->multiplier, self->divisor, time))
    {
      g_autofree char *quoted = quote (begin, end - begin);

      return refuse (self, "the time %s is no whole number", quoted);
    }
  if (*time < 0)
    return refuse (self, "its time is before 1970");
  if (*time > self->sender->now + DAY_USEC)
    return refuse (self, "its time is more than a day ahead of the clock: check the precision");
  return TRUE;
}

/* --- lines --- */

/* Measurement and tags: up to a space that no backslash hides, or the line's end. */
static Piece
read_key (Parser *self)
{
  const char *at = self->at;

  while (at < self->end && *at != ' ' && *at != '\n')
    at += *at == '\\' && at + 1 < self->end && at[1] != '\n' ? 2 : 1;
  at = MIN (at, self->end);
  return (Piece){ self->at, at - self->at };
}

static gboolean
is_valid_utf8 (Parser *self)
{
  const char *end = memchr (self->at, '\n', self->end - self->at);
  gsize       length = (end != NULL ? end : self->end) - self->at;

  return self->is_utf8 || g_utf8_validate_len (self->at, length, NULL) ||
         refuse (self, "it is not valid UTF-8");
}

static gboolean
read_line (Parser *self)
{
  Piece   key = read_key (self);
  Series *series;
  gint64  time;
  guint   row = self->chunk->rows->len;

  if (!is_valid_utf8 (self))
    return FALSE;
  if (is_line_end (self->at + key.length, self->end))
    return refuse (self, "a field is missing: name=value after a space");
  series = find_series (self, key);
  self->at += key.length;
  if (series->reason != NULL)
    return refuse (self, "%s", series->reason);
  while (self->at < self->end && *self->at == ' ')
    self->at++;
  muster_sample_chunk_add_row (self->chunk, series->device, 0);
  if (!read_fields (self, series) || !read_time (self, &time))
    return FALSE;
  g_array_index (self->chunk->rows, MusterChunkRow, row).time = time;
  return TRUE;
}

static void
skip_line (Parser *self)
{
  const char *end = self->at < self->end ? memchr (self->at, '\n', self->end - self->at) : NULL;

  self->at = end != NULL ? end + 1 : self->end;
  self->line++;
}

static void
read_lines (Parser *self)
{
  while (self->at < self->end)
    {
      unsigned line = self->line;
      guint    n_rows = self->chunk->rows->len, n_cells = self->chunk->cells->len;

      while (self->at < self->end && *self->at == ' ')
        self->at++;
      if (!is_line_end (self->at, self->end) && *self->at != '#' && !read_line (self))
        {
          muster_sample_chunk_rewind (self->chunk, n_rows, n_cells);
          note_refused (self, line);
        }
      skip_line (self);
    }
}

MusterLines *
muster_lines_decode (const char               *body,
                     gsize                     length,
                     gint64                    multiplier,
                     gint64                    divisor,
                     const MusterIngestSender *sender)
{
  MusterLines *lines = g_new0 (MusterLines, 1);
  g_autoptr (GHashTable) series = g_hash_table_new_full (piece_hash, piece_equal, NULL, series_free);
  g_autoptr (GString) text = g_string_new (NULL);
  Parser parser = { .lines = lines,
                    .sender = sender,
                    .series = series,
                    .at = body,
                    .end = body + length,
                    .multiplier = multiplier,
                    .divisor = divisor,
                    .line = 1,
                    .is_utf8 = g_utf8_validate_len (body, length, NULL),
                    .text = text };

  lines->chunk = parser.chunk = muster_sample_chunk_new ();
  lines->reasons = g_string_new (NULL);
  read_lines (&parser);
  return lines;
}
