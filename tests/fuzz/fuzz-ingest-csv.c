/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <stddef.h>
#include <stdint.h>

#include "telemetry/muster-ingest-csv.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char *
look_up (const char *key, gpointer user_data)
{
  return *key == 'x' ? NULL : "01980000-0000-7000-8000-000000000001";
}

static void
check (MusterIngestCsv *csv)
{
  g_autoptr (MusterIngest) ingest = muster_ingest_csv_take (csv);
  g_autoptr (GString) json = g_string_new ("{");
  g_autoptr (JsonNode) node = NULL;
  GPtrArray *batches = muster_ingest_get_batches (ingest);

  for (guint i = 0; i < batches->len; i++)
    {
      unsigned            n;
      const MusterSample *samples = muster_sample_batch_get (batches->pdata[i], &n);

      for (unsigned s = 0; s < n; s++)
        if (strlen (samples[s].metric) > MUSTER_INGEST_MAX_NAME || *samples[s].metric == '\0')
          g_error ("a metric without a good name");
    }
  muster_ingest_csv_append_report (csv, json);
  g_string_append_c (json, '}');
  node = json_from_string (json->str, NULL);
  if (node == NULL)
    g_error ("a report that is no JSON: %s", json->str);
}

/* A body of POST /monitoring/import, in pieces: it is refused with a reason, or read. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  for (unsigned way = 0; way < 2; way++)
    {
      MusterIngestCsvOptions options = {
        .sender = { .lookup = look_up, .now = 1767225600000000 },
        .device = way == 0 ? NULL : "01980000-0000-7000-8000-000000000001",
        .zone = zone,
        .decimal_comma = way,
      };
      g_autoptr (MusterIngestCsv) csv = muster_ingest_csv_new (&options);
      g_autoptr (GError) error = NULL;
      gsize    half = way * size / 2;
      gboolean good =
        muster_ingest_csv_feed (csv, (const char *)data, half, &error) &&
        muster_ingest_csv_feed (csv, (const char *)data + half, size - half, &error) &&
        muster_ingest_csv_finish (csv, &error);

      if (good != (error == NULL))
        g_error ("neither read nor a reason, or both");
      check (csv);
    }
  return 0;
}
