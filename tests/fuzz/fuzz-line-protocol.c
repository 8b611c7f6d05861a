/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "telemetry/muster-line-protocol.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define DEVICE "01980000-0000-7000-8000-000000000001"

static const char *
look_up (const char *key, gpointer user_data)
{
  return *key == 'x' ? NULL : DEVICE;
}

static void
check_cell (const MusterSampleChunk *chunk, guint i)
{
  MusterCellTag tag = chunk->cell_tags->data[i];
  MusterCell    cell = g_array_index (chunk->cells, MusterCell, i);
  guint16       metric = g_array_index (chunk->cell_metrics, guint16, i);

  if (metric >= chunk->metrics->len)
    g_error ("a cell of no metric");
  switch (muster_cell_get_kind (tag))
    {
    case MUSTER_CELL_TEXT:
      if (cell.bits >= chunk->texts->len)
        g_error ("a cell of no text");
      break;
    case MUSTER_CELL_DOUBLE:
      if (!isfinite (cell.number))
        g_error ("a number that is none");
      break;
    case MUSTER_CELL_INTEGER:
    case MUSTER_CELL_BOOLEAN:
      break;
    default:
      g_error ("a cell of no kind");
    }
}

static void
check_texts (GPtrArray *texts, gboolean are_names)
{
  for (guint i = 0; i < texts->len; i++)
    {
      const char *text = texts->pdata[i];

      if (!g_utf8_validate (text, -1, NULL))
        g_error ("a text that is no UTF-8");
      if (are_names && (*text == '\0' || strlen (text) > MUSTER_INGEST_MAX_NAME))
        g_error ("a metric without a good name");
    }
}

static void
check (const MusterLines *lines)
{
  const MusterSampleChunk *chunk = lines->chunk;
  guint                    n_cells = 0;

  check_texts (chunk->metrics, TRUE);
  check_texts (chunk->texts, FALSE);
  for (guint i = 0; i < chunk->devices->len; i++)
    if (!g_str_equal (chunk->devices->pdata[i], DEVICE))
      g_error ("a device that nobody named");
  for (guint i = 0; i < chunk->rows->len; i++)
    {
      const MusterChunkRow *row = &g_array_index (chunk->rows, MusterChunkRow, i);

      if (row->time < 0 || row->device >= chunk->devices->len)
        g_error ("a row of no time or device");
      n_cells += row->n_cells;
    }
  if (n_cells != chunk->cells->len || n_cells != chunk->cell_tags->len)
    g_error ("%u cells of rows, %u in all", n_cells, chunk->cells->len);
  for (guint i = 0; i < chunk->cells->len; i++)
    check_cell (chunk, i);
  if ((lines->n_refused == 0) != (lines->reasons->len == 0) ||
      !g_utf8_validate (lines->reasons->str, -1, NULL))
    g_error ("lines are refused without a reason, or the other way round");
}

/* A body of POST /write, of the site's token and of a device's, in nanoseconds and in seconds: each
 * line is taken whole or refused with a reason. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  /* as long as it is and no longer, so that a reader past the end is found */
  g_autofree char *body = g_memdup2 (data, size);

  for (unsigned i = 0; i < 4; i++)
    {
      MusterIngestSender sender = { .lookup = look_up,
                                    .own_device = i & 1 ? DEVICE : NULL,
                                    .now = 1767225600000000 };
      g_autoptr (MusterLines) lines =
                  muster_lines_decode (body != NULL ? body : "", size, i & 2 ? 1000000 : 1,
                                       i & 2 ? 1 : 1000, &sender);

      check (lines);
    }
  return 0;
}
