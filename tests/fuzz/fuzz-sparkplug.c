/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "messaging/muster-sparkplug-payload.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Whatever decodes must also read as any type, and encode. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_decode (data, size, NULL);
  g_autoptr (GStringChunk) chunk = g_string_chunk_new (256);
  g_autoptr (GBytes) bytes = NULL;
  MusterSample sample;

  if (payload == NULL)
    return 0;
  for (unsigned i = 0; i < payload->n_metrics; i++)
    for (unsigned type = 0; type <= MUSTER_SPARKPLUG_DATE_TIME_ARRAY; type++)
      muster_sparkplug_metric_read (&payload->metrics[i], type, chunk, &sample);
  bytes = muster_sparkplug_payload_encode (payload);
  return 0;
}
