/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "telemetry/muster-remote-write.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char *
look_up (const char *key, gpointer user_data)
{
  return *key == 'x' ? NULL : "01980000-0000-7000-8000-000000000001";
}

static void
check (MusterIngest *ingest, const GError *error)
{
  guint64    n_taken = 0;
  GPtrArray *batches;

  if ((ingest == NULL) != (error != NULL))
    g_error ("neither samples nor a reason, or both");
  if (ingest == NULL)
    return;
  batches = muster_ingest_get_batches (ingest);
  for (guint i = 0; i < batches->len; i++)
    {
      unsigned            n;
      const MusterSample *samples = muster_sample_batch_get (batches->pdata[i], &n);

      n_taken += n;
      for (unsigned s = 0; s < n; s++)
        if (strlen (samples[s].metric) > MUSTER_INGEST_MAX_NAME || *samples[s].metric == '\0' ||
            !g_utf8_validate (samples[s].metric, -1, NULL))
          g_error ("a metric without a good name");
    }
  if (n_taken + muster_ingest_get_refused (ingest) > 2 * MUSTER_REMOTE_WRITE_MAX_SAMPLES)
    g_error ("%" G_GUINT64_FORMAT " samples of one body", n_taken);
  if (!g_utf8_validate (muster_ingest_get_reasons (ingest), -1, NULL))
    g_error ("reasons that are no UTF-8");
}

/* A body of POST /api/v1/write before snappy, and the same bytes as if they were packed: refused
 * with a reason, or samples within the limits. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const owners[] = { NULL, "01980000-0000-7000-8000-000000000001" };
  g_autoptr (GBytes) packed = g_bytes_new (data, size);

  for (unsigned i = 0; i < G_N_ELEMENTS (owners); i++)
    {
      MusterIngestSender sender = { .lookup = look_up,
                                    .own_device = owners[i],
                                    .now = 1767225600000000 };
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) packed_error = NULL;
      g_autoptr (MusterIngest) ingest =
                  muster_remote_write_decode_plain (data, size, &sender, &error);
      g_autoptr (MusterIngest) unpacked =
                  muster_remote_write_decode (packed, &sender, &packed_error);

      check (ingest, error);
      check (unpacked, packed_error);
    }
  return 0;
}
