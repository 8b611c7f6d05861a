/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>

#include "factory/muster-unit-message.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
take_sample_cb (const MusterUnitSample *sample, gpointer user_data)
{
  *(double *)user_data += muster_unit_value_widen (sample->metric, sample->bits);
}

/* What a board on a serial line says, in whatever it was meant to be. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  MusterUnitIdentity identity;
  MusterUnitMetric   metric;
  MusterUnitCheck    check;
  MusterUnitResult   result;
  double             sum = 0;

  if (muster_unit_message_read_identity (data, size, &identity))
    g_assert_true (g_utf8_validate (identity.serial, -1, NULL));
  if (muster_unit_message_read_metric (data, size, &metric))
    g_assert_true (g_utf8_validate (metric.name, -1, NULL));
  if (muster_unit_message_read_check (data, size, &check))
    g_assert_true (g_utf8_validate (check.name, -1, NULL));
  if (muster_unit_message_read_result (data, size, &result))
    g_assert_nonnull (muster_unit_status_describe (result.status));
  muster_unit_message_read_samples (data, size, take_sample_cb, &sum);
  return 0;
}
