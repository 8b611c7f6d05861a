/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "ota/muster-quartz.h"
#include "ota/muster-update-window.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define FROM G_GINT64_CONSTANT (1790000000) /* in 2026 */

/* The times of a calendar come in their order, and a window by it opens when it says. */
static void
walk (const MusterQuartz *quartz)
{
  gint64 at = FROM;

  for (int i = 0; i < 3; i++)
    {
      gint64 next = muster_quartz_get_next (quartz, at);

      g_assert_true (next == -1 || next > at);
      if (next < 0)
        return;
      g_assert_cmpint (muster_quartz_get_next (quartz, next - 1), ==, next);
      at = next;
    }
}

/* The calendar of a maintenance window. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  MusterQuartz quartz;
  gint64       opens_at = 0;

  if (muster_quartz_parse (&quartz, text, NULL))
    walk (&quartz);
  if (g_utf8_validate (text, -1, NULL))
    muster_update_window_is_open (text, zone, FROM * G_USEC_PER_SEC, &opens_at);
  return 0;
}
