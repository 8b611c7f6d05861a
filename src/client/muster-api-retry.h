/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When to try again. A value: copy it, change it, hand it to a client. */
typedef struct
{
  unsigned attempts; /* most attempts, the first included */
  unsigned base;     /* ms before the second attempt; doubles with each */
  unsigned cap;      /* most ms, and the longest Retry-After that is waited for */
} MusterApiRetry;

#define MUSTER_API_RETRY_DEFAULT ((MusterApiRetry){ .attempts = 4, .base = 200, .cap = 10000 })
#define MUSTER_API_RETRY_NONE ((MusterApiRetry){ .attempts = 1 })

/**
 * muster_api_retry_next_delay:
 * @attempt: which attempt has just failed, from 1
 * @status: HTTP status, or 0 when the connection was lost
 * @retry_after: ms of a `Retry-After`, or -1
 * @jitter: 0 to 1, spreads callers that failed together over the upper half of the delay
 *
 * Only 429, 502, 503, 504 and lost connections are worth another attempt.
 *
 * Returns: ms to wait, or -1 to give up
 */
gint64 muster_api_retry_next_delay (const MusterApiRetry *self,
                                    unsigned              attempt,
                                    unsigned              status,
                                    gint64                retry_after,
                                    double                jitter);

/* The ms of a `Retry-After` header (seconds or an HTTP date) at NOW (UTC microseconds); -1 when
 * absent or senseless. */
gint64 muster_api_retry_parse_after (const char *header, gint64 now);

G_END_DECLS
