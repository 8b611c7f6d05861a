/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria"

#include "config.h"

#include "model/muster-entity.h"
#include "muster-victoria-number.h"
#include "muster-victoria-wire.h"

const char *const muster_victoria_part_names[MUSTER_N_VICTORIA_PARTS] = {
  [MUSTER_VICTORIA_PART_VALUE] = "muster_sample",
  [MUSTER_VICTORIA_PART_HIGH] = "muster_bits_high",
  [MUSTER_VICTORIA_PART_LOW] = "muster_bits_low",
  [MUSTER_VICTORIA_PART_USEC] = "muster_usec",
};

/* The arrays of one series and of those that belong to it. */
typedef struct
{
  GString *values[MUSTER_N_VICTORIA_PARTS]; /* (nullable) */
  GString *times[MUSTER_N_VICTORIA_PARTS];  /* (nullable) */
} Lines;

struct _MusterVictoriaWriter
{
  MusterVictoriaLedger *ledger;
  char                 *site;
  GHashTable           *series; /* (element-type utf8 Lines): by labels as JSON */
  GString              *labels; /* of the sample that is being added */
  unsigned              n;
};

static void
lines_free (gpointer data)
{
  Lines *lines = data;

  for (unsigned i = 0; i < MUSTER_N_VICTORIA_PARTS; i++)
    if (lines->values[i] != NULL)
      {
        g_string_free (lines->values[i], TRUE);
        g_string_free (lines->times[i], TRUE);
      }
  g_free (lines);
}

MusterVictoriaWriter *
muster_victoria_writer_new (MusterVictoriaLedger *ledger, const char *site)
{
  MusterVictoriaWriter *self = g_new0 (MusterVictoriaWriter, 1);

  self->ledger = ledger;
  self->site = g_strdup (site);
  self->series = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, lines_free);
  self->labels = g_string_new (NULL);
  return self;
}

void
muster_victoria_writer_free (MusterVictoriaWriter *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->series);
  g_string_free (self->labels, TRUE);
  g_free (self->site);
  g_free (self);
}

static void
append_label (GString *labels, const char *name, const char *value)
{
  g_string_append_printf (labels, ",\"%s\":", name);
  muster_json_append_string (labels, value, -1);
}

static void
append_number (GString *labels, const char *name, gint64 number)
{
  if (number != 0)
    g_string_append_printf (labels, ",\"%s\":\"%" G_GINT64_FORMAT "\"", name, number);
}

static const char *
get_type (MusterCellTag tag)
{
  static const char *const types[] = {
    [MUSTER_CELL_NULL] = "null",     [MUSTER_CELL_INTEGER] = "integer",
    [MUSTER_CELL_DOUBLE] = "double", [MUSTER_CELL_BOOLEAN] = "boolean",
    [MUSTER_CELL_TEXT] = "text",
  };

  return types[muster_cell_get_kind (tag)];
}

static gboolean
needs_bits (MusterCellTag tag, MusterCell cell)
{
  switch (muster_cell_get_kind (tag))
    {
    case MUSTER_CELL_DOUBLE:
      return !muster_victoria_keeps_double (cell.number);
    case MUSTER_CELL_INTEGER:
    case MUSTER_CELL_BOOLEAN:
      return !muster_victoria_keeps_integer (cell.integer);
    default:
      return FALSE;
    }
}

static void
append_flags (GString *labels, MusterSampleFlags flags)
{
  if (flags & (MUSTER_SAMPLE_BAD | MUSTER_SAMPLE_STALE))
    append_label (labels, "quality",
                  !(flags & MUSTER_SAMPLE_BAD)     ? "stale"
                  : !(flags & MUSTER_SAMPLE_STALE) ? "bad"
                                                   : "bad+stale");
  if (flags & MUSTER_SAMPLE_HISTORICAL)
    append_label (labels, "history", "yes");
}

static Lines *
find_series (MusterVictoriaWriter *self)
{
  Lines *lines = g_hash_table_lookup (self->series, self->labels->str);

  if (lines != NULL)
    return lines;
  lines = g_new0 (Lines, 1);
  g_hash_table_insert (self->series, g_strdup (self->labels->str), lines);
  return lines;
}

/* The array that a value is to be appended to. */
static GString *
begin_value (Lines *lines, MusterVictoriaPart part, gint64 millisecond)
{
  if (lines->values[part] == NULL)
    {
      lines->values[part] = g_string_new (NULL);
      lines->times[part] = g_string_new (NULL);
    }
  else
    {
      g_string_append_c (lines->values[part], ',');
      g_string_append_c (lines->times[part], ',');
    }
  g_string_append_printf (lines->times[part], "%" G_GINT64_FORMAT, millisecond);
  return lines->values[part];
}

static gboolean
append_value (MusterVictoriaWriter *self,
              GString              *values,
              MusterCellTag         tag,
              MusterCell            cell,
              GError              **error)
{
  gint64 code = 0;

  switch (muster_cell_get_kind (tag))
    {
    case MUSTER_CELL_DOUBLE:
      muster_json_append_double (values, cell.number);
      return TRUE;
    case MUSTER_CELL_INTEGER:
    case MUSTER_CELL_BOOLEAN:
      g_string_append_printf (values, "%" G_GINT64_FORMAT, cell.integer);
      return TRUE;
    case MUSTER_CELL_TEXT:
      if (!muster_victoria_ledger_get_code (self->ledger, cell.text, &code, error))
        return FALSE;
      break;
    default:
      break;
    }
  g_string_append_printf (values, "%" G_GINT64_FORMAT, code);
  return TRUE;
}

gboolean
muster_victoria_writer_add (MusterVictoriaWriter *self,
                            const char           *device_id,
                            gint64                life,
                            const char           *metric,
                            guint32               revision,
                            gint64                time,
                            MusterCellTag         tag,
                            MusterCell            cell,
                            GError              **error)
{
  gint64   millisecond = muster_victoria_get_millisecond (time);
  gboolean has_bits = needs_bits (tag, cell);
  gboolean has_usec = time != millisecond * 1000;
  GString *labels = self->labels;
  Lines   *lines;

  g_string_assign (labels, "\"site\":");
  muster_json_append_string (labels, self->site, -1);
  append_label (labels, "device", device_id);
  append_label (labels, "metric", metric);
  append_label (labels, "type", get_type (tag));
  append_flags (labels, muster_sample_from_cell (NULL, 0, tag, cell).flags);
  append_number (labels, "life", life);
  append_number (labels, "revision", revision);
  if (has_bits || has_usec)
    append_label (labels, "parts", !has_usec ? "bits" : !has_bits ? "usec" : "bits+usec");
  lines = find_series (self);
  if (!append_value (self, begin_value (lines, MUSTER_VICTORIA_PART_VALUE, millisecond), tag, cell,
                     error))
    return FALSE;
  if (has_bits)
    {
      g_string_append_printf (begin_value (lines, MUSTER_VICTORIA_PART_HIGH, millisecond), "%u",
                              (guint32)(cell.bits >> 32));
      g_string_append_printf (begin_value (lines, MUSTER_VICTORIA_PART_LOW, millisecond), "%u",
                              (guint32)cell.bits);
    }
  if (has_usec)
    g_string_append_printf (begin_value (lines, MUSTER_VICTORIA_PART_USEC, millisecond), "%d",
                            (int)(time - millisecond * 1000));
  self->n++;
  return TRUE;
}

unsigned
muster_victoria_writer_count (MusterVictoriaWriter *self)
{
  return self->n;
}

GBytes *
muster_victoria_writer_finish (MusterVictoriaWriter *self)
{
  GString       *text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer       labels, data;

  g_hash_table_iter_init (&iter, self->series);
  while (g_hash_table_iter_next (&iter, &labels, &data))
    for (unsigned part = 0; part < MUSTER_N_VICTORIA_PARTS; part++)
      {
        Lines *lines = data;

        if (lines->values[part] != NULL)
          g_string_append_printf (
            text, "{\"metric\":{\"__name__\":\"%s\",%s},\"values\":[%s],\"timestamps\":[%s]}\n",
            muster_victoria_part_names[part], (const char *)labels, lines->values[part]->str,
            lines->times[part]->str);
      }
  g_hash_table_remove_all (self->series);
  self->n = 0;
  return g_string_free_to_bytes (text);
}
