/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-reading.h"
#include "muster-api-sink.h"

G_BEGIN_DECLS

/* The points of one metric in order of time. */
typedef struct
{
  char   *metric;
  gsize   length;
  gint64 *times;  /* (array length=length): UTC ms */
  double *values; /* (array length=length): booleans as 0 and 1; NAN for text and null */
  char  **texts;  /* (array length=length) (nullable): NULL for what is no text; none at all */
  guint8 *is_bad; /* (array length=length) (nullable): whether of bad quality; none at all */
} MusterApiSeries;

void muster_api_series_free (MusterApiSeries *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterApiSeries, muster_api_series_free)

/* Takes out what is of bad quality. */
void muster_api_series_drop_bad (MusterApiSeries *self);

/* Every point there is, up to 100,000 a series. */
#define MUSTER_API_POINTS_ALL G_MAXUINT

/* What to ask of one device. Times are UTC ms, both ends included; 0: the daemon's choice. */
typedef struct
{
  const char *const *metrics; /* (nullable): all */
  gint64             from;
  gint64             to;
  unsigned           points;      /* most points a series; 0: all */
  const char        *aggregate;   /* as the API names it; NULL: thinned raw points */
  gint64             step;        /* ms of a bucket; wanted with an aggregate */
  double             quantile;    /* 0 to 1, with the aggregate "quantile"; 0: the median */
  gboolean           include_bad; /* samples of bad quality count too */
} MusterApiRange;

/* Resolves to a (element-type MusterApiSeries) GPtrArray (boxed), one a metric that has points. */
DexFuture *muster_api_monitoring_query (MusterApiClient      *client,
                                        const char           *device_id,
                                        const MusterApiRange *range);
/* The same as it came: resolves to a JsonObject. */
DexFuture *muster_api_monitoring_query_json (MusterApiClient      *client,
                                             const char           *device_id,
                                             const MusterApiRange *range);
/* A question about many devices, as POST /monitoring/query takes it (taken). Resolves to a
 * JsonObject (boxed) {"series":[{"device_id" or "key","samples"}…]}, each fit for
 * muster_api_series_list_from_json(). */
DexFuture *muster_api_monitoring_query_many (MusterApiClient *client, JsonObject *question);
/* The samples of RANGE's metrics and time themselves, of DEVICE_IDS (joined by commas), as FORMAT
 * "csv" or "ndjson": resolves to their text (GBytes). */
DexFuture *muster_api_monitoring_export (MusterApiClient      *client,
                                         const char           *device_ids,
                                         const MusterApiRange *range,
                                         const char           *format);
/* The same however long it is: SINK takes it piece by piece. Resolves to TRUE; who drops the future
 * cancels it. USER_DATA stays until then. */
DexFuture *muster_api_monitoring_export_to (MusterApiClient      *client,
                                            const char           *device_ids,
                                            const MusterApiRange *range,
                                            const char           *format,
                                            MusterApiSinkFunc     sink,
                                            gpointer              user_data);
/* The newest sample of each metric of every device: resolves to a JsonObject
 * {"items":[{"device_id","samples"}…]}, each fit for muster_api_series_list_from_json(). */
DexFuture *muster_api_monitoring_get_latest (MusterApiClient *client);
/* Resolves to a JsonObject {"samples","series","bytes","refused","lost","samples_per_second"}. */
DexFuture *muster_api_monitoring_get_stats (MusterApiClient *client);

/* The series in OBJECT, {"device_id","samples":[{"metric","points":[[ms,value]…]}…]}: an answer, or
 * the data of a `telemetry` event. (transfer container) (element-type MusterApiSeries), or NULL
 * with MUSTER_ERROR_PROTOCOL. */
GPtrArray *muster_api_series_list_from_json (JsonObject *object, GError **error);

G_END_DECLS
