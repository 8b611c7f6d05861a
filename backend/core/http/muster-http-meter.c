/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-http-meter"

#include "config.h"

#include <math.h>

#include "core/muster-metrics.h"
#include "muster-http-meter.h"

#define REQUESTS "muster_http_requests_total"
#define SECONDS "muster_http_request_duration_seconds"

static const double bounds[] = { 0.0005, 0.002, 0.01, 0.05, 0.25, 1, 5, INFINITY };

typedef struct
{
  unsigned status;
  guint64  count;
} StatusCount;

typedef struct
{
  const MusterRoute *route;    /* NULL: of paths that nobody serves */
  GArray            *statuses; /* (owned) (element-type StatusCount): few */
  guint64            buckets[G_N_ELEMENTS (bounds)];
  guint64            count;
  double             seconds;
} RouteMeter;

struct _MusterHttpMeter
{
  GPtrArray *routes; /* (owned) (element-type RouteMeter) (nullable elements): by entry index + 1 */
};

static void
route_meter_free (gpointer data)
{
  RouteMeter *meter = data;

  if (meter == NULL)
    return;
  g_array_unref (meter->statuses);
  g_free (meter);
}

MusterHttpMeter *
muster_http_meter_new (void)
{
  MusterHttpMeter *self = g_new0 (MusterHttpMeter, 1);

  self->routes = g_ptr_array_new_with_free_func (route_meter_free);
  return self;
}

void
muster_http_meter_free (MusterHttpMeter *self)
{
  g_ptr_array_unref (self->routes);
  g_free (self);
}

static RouteMeter *
muster_http_meter_get (MusterHttpMeter *self, const MusterRouteEntry *entry)
{
  unsigned    index = entry != NULL ? entry->index + 1 : 0;
  RouteMeter *meter;

  if (index >= self->routes->len)
    g_ptr_array_set_size (self->routes, index + 1);
  meter = self->routes->pdata[index];
  if (meter != NULL)
    return meter;
  meter = g_new0 (RouteMeter, 1);
  meter->route = entry != NULL ? entry->route : NULL;
  meter->statuses = g_array_new (FALSE, FALSE, sizeof (StatusCount));
  self->routes->pdata[index] = meter;
  return meter;
}

static void
route_meter_count_status (RouteMeter *meter, unsigned status)
{
  StatusCount fresh = { status, 1 };

  for (guint i = 0; i < meter->statuses->len; i++)
    if (g_array_index (meter->statuses, StatusCount, i).status == status)
      {
        g_array_index (meter->statuses, StatusCount, i).count++;
        return;
      }
  g_array_append_val (meter->statuses, fresh);
}

void
muster_http_meter_count (MusterHttpMeter        *self,
                         const MusterRouteEntry *entry,
                         unsigned                status,
                         gint64                  elapsed)
{
  RouteMeter *meter = muster_http_meter_get (self, entry);
  double      seconds = elapsed / (double)G_USEC_PER_SEC;
  guint       bucket = 0;

  while (seconds > bounds[bucket])
    bucket++;
  meter->buckets[bucket]++;
  meter->count++;
  meter->seconds += seconds;
  route_meter_count_status (meter, status);
}

static GString *
route_meter_label (RouteMeter *meter)
{
  GString *labels = g_string_new (NULL);

  muster_metrics_append_label (labels, "method", meter->route != NULL ? meter->route->method : "");
  muster_metrics_append_label (labels, "route", meter->route != NULL ? meter->route->path : "");
  return labels;
}

static void
route_meter_append_statuses (RouteMeter *meter, GString *text)
{
  for (guint i = 0; i < meter->statuses->len; i++)
    {
      StatusCount *status = &g_array_index (meter->statuses, StatusCount, i);
      g_autoptr (GString) labels = route_meter_label (meter);

      g_string_append_printf (labels, ",status=\"%u\"", status->status);
      muster_metrics_append_value (text, REQUESTS, labels->str, status->count);
    }
}

static void
route_meter_append_histogram (RouteMeter *meter, GString *text)
{
  g_autoptr (GString) labels = route_meter_label (meter);
  gsize   length = labels->len;
  guint64 sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (bounds); i++)
    {
      char bound[G_ASCII_DTOSTR_BUF_SIZE];

      sum += meter->buckets[i];
      g_string_truncate (labels, length);
      muster_metrics_append_label (labels, "le",
                                   isinf (bounds[i])
                                     ? "+Inf"
                                     : g_ascii_formatd (bound, sizeof bound, "%g", bounds[i]));
      muster_metrics_append_value (text, SECONDS "_bucket", labels->str, sum);
    }
  g_string_truncate (labels, length);
  muster_metrics_append_value (text, SECONDS "_sum", labels->str, meter->seconds);
  muster_metrics_append_value (text, SECONDS "_count", labels->str, meter->count);
}

void
muster_http_meter_append (MusterHttpMeter *self, GString *text)
{
  muster_metrics_append_head (text, REQUESTS, "counter", "HTTP requests answered.");
  for (guint i = 0; i < self->routes->len; i++)
    if (self->routes->pdata[i] != NULL)
      route_meter_append_statuses (self->routes->pdata[i], text);
  muster_metrics_append_head (text, SECONDS, "histogram",
                              "Time from a request's headers to the end of its answer.");
  for (guint i = 0; i < self->routes->len; i++)
    if (self->routes->pdata[i] != NULL)
      route_meter_append_histogram (self->routes->pdata[i], text);
}
