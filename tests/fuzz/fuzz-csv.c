/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "model/muster-device.h"
#include "core/muster-csv-reader.h"
#include "records/muster-import-plan.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A cell as whatever field it could be for: what is not refused must come back from its text. */
static void
take_cell (const char *cell)
{
  for (unsigned i = 0; i < muster_device_info.n_fields; i++)
    {
      const MusterField *field = &muster_device_info.fields[i];
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
      g_autofree char *text = muster_import_convert_text (field, cell, i % 2, i % 4);
      g_autofree char *formatted = NULL;
      MusterValue      value = { 0 };

      if (!muster_field_decode_text (field, text, "/x", &value, errors))
        continue;
      formatted = muster_field_format_text (field, &value);
      muster_value_clear (field, &value);
    }
}

static gboolean
take_row (char **cells, guint n_cells, gint64 number, gpointer data, GError **error)
{
  const MusterRecordKind *kind = muster_record_kind_find ("device");

  for (guint i = 0; i < n_cells; i++)
    {
      g_autofree char *field = number == 1 ? muster_import_guess_field (kind, cells[i]) : NULL;

      if (!g_utf8_validate (cells[i], -1, NULL))
        g_error ("a cell is no UTF-8");
      take_cell (cells[i]);
    }
  return TRUE;
}

/* A file that somebody imports. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *)data;
  g_autoptr (MusterCsvReader) reader =
              muster_csv_reader_new (muster_csv_guess_delimiter (text, size), take_row, NULL);
  g_autoptr (GError) error = NULL;

  if (muster_csv_reader_feed (reader, text, size / 2, &error) &&
      muster_csv_reader_feed (reader, text + size / 2, size - size / 2, &error))
    muster_csv_reader_finish (reader, &error);
  return 0;
}
