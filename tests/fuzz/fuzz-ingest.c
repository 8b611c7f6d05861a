/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "core/http/muster-json-body.h"
#include "telemetry/muster-ingest-body.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* The body of POST /monitoring/data, of a device's own token and of the site's: it is refused with
 * a reason, or gives batches within the limits. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const owners[] = { NULL, "01980000-0000-7000-8000-000000000001" };
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (JsonNode) body = muster_json_body_parse (bytes, NULL);

  for (unsigned i = 0; body != NULL && i < G_N_ELEMENTS (owners); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) batches =
                  muster_ingest_body_decode (body,
                                             &(MusterIngestSender){ .own_device = owners[i],
                                                                    .now = 1767225600000000 },
                                             NULL, &error);
      guint64 n_taken = 0;

      if ((batches == NULL) != (error != NULL))
        g_error ("neither samples nor a reason, or both");
      for (guint b = 0; batches != NULL && b < batches->len; b++)
        {
          unsigned n_samples;

          muster_sample_batch_get (batches->pdata[b], &n_samples);
          n_taken += n_samples;
        }
      if (n_taken > MUSTER_INGEST_MAX_SAMPLES)
        g_error ("%" G_GUINT64_FORMAT " samples of one body", n_taken);
    }
  return 0;
}
