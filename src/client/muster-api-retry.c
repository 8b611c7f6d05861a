/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-retry"

#include "config.h"

#include <libsoup/soup.h>

#include "muster-api-retry.h"

static gboolean
is_promising (unsigned status)
{
  return status == 0 || status == 429 || (status >= 502 && status <= 504);
}

gint64
muster_api_retry_next_delay (const MusterApiRetry *self,
                             unsigned              attempt,
                             unsigned              status,
                             gint64                retry_after,
                             double                jitter)
{
  gint64 delay;

  g_return_val_if_fail (self != NULL && attempt >= 1, -1);

  if (attempt >= self->attempts || !is_promising (status))
    return -1;
  if (retry_after >= 0)
    return retry_after <= self->cap ? retry_after : -1;
  delay = MIN ((gint64)self->base << MIN (attempt - 1, 20), self->cap);
  return delay / 2 + (gint64)(CLAMP (jitter, 0, 1) * (delay - delay / 2));
}

gint64
muster_api_retry_parse_after (const char *header, gint64 now)
{
  g_autoptr (GDateTime) date = NULL;
  guint64 seconds;

  if (header == NULL)
    return -1;
  if (g_ascii_string_to_unsigned (header, 10, 0, G_MAXUINT32, &seconds, NULL))
    return (gint64)seconds * 1000;
  date = soup_date_time_new_from_http_string (header);
  if (date == NULL)
    return -1;
  return MAX ((g_date_time_to_unix (date) * G_USEC_PER_SEC - now) / 1000, 0);
}
