/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-past"

#include "config.h"

#include <string.h>

#include "muster-api-past.h"

/* Collections whose routes take `as_of`, by the first segment of their paths. */
static const char *const collections[] = {
  "alert-rules",     "alert-silences", "alerts",
  "annotations",     "api-keys",       "attachments",
  "batches",         "deliveries",     "delivery-issues",
  "derived-metrics", "device-groups",  "devices",
  "duty-calendars",  "escalations",    "exclusions",
  "expected",        "exports",        "journal",
  "loans",           "locations",      "notification-channels",
  "notifications",   "order-items",    "orders",
  "overview",        "products",       "reorder-list",
  "search",          "stock-levels",   "stock-moves",
  "stocktakes",      "users",          NULL,
};

/* Of those, what is not about records, by the last segment. */
static const char *const apart[] = { "as-of",   "check",  "content", "marks", "me",
                                     "on-duty", "verify", "why",     NULL };

/* Questions that are asked by POST, because they are long, and who is there. */
static const char *const harmless[] = {
  "/alert-rules/backtest", "/monitoring/query",
  "/orders/availability",  "/serials/expand",
  "/users/auth",           "/users/auth-pin",
  "/users/logout",         "/users/refresh",
  "/users/verify-token",   NULL,
};

static const char *const live_topics[] = { "journal", "telemetry", "live", "events", NULL };

static gboolean
has_past (const char *path)
{
  g_auto (GStrv) segments = g_strsplit (path, "/", -1);
  unsigned n_segments = g_strv_length (segments);
  unsigned last = MAX (n_segments, 1) - 1;

  /* A trailing slash is no segment. */
  while (last > 1 && *segments[last] == '\0')
    last--;
  return n_segments > 1 &&
         (g_str_equal (path, "/monitoring/alerts") || g_str_equal (path, "/monitoring/metrics") ||
          (g_strv_contains (collections, segments[1]) && !g_strv_contains (apart, segments[last])));
}

MusterApiPast
muster_api_past_judge (const char *method, const char *path)
{
  g_return_val_if_fail (method != NULL && path != NULL, MUSTER_API_PAST_CHANGES);

  if (g_str_equal (method, "GET") || g_str_equal (method, "HEAD"))
    return has_past (path) ? MUSTER_API_PAST_ASKS : MUSTER_API_PAST_PRESENT;
  return g_strv_contains (harmless, path) ? MUSTER_API_PAST_PRESENT : MUSTER_API_PAST_CHANGES;
}

gboolean
muster_api_past_is_live (const char *topic)
{
  g_return_val_if_fail (topic != NULL, FALSE);

  return g_strv_contains (live_topics, topic);
}
