/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-exclusion-book.h"
#include "muster-telemetry.h"

G_BEGIN_DECLS

extern const MusterEnum muster_aggregate_enum;
extern const MusterEnum muster_step_unit_enum;

typedef enum
{
  MUSTER_TELEMETRY_BY_DEVICE,
  MUSTER_TELEMETRY_BY_PRODUCT,
  MUSTER_TELEMETRY_BY_LOCATION,
  MUSTER_TELEMETRY_BY_GROUP,
  MUSTER_TELEMETRY_BY_NONE, /* all together */
} MusterTelemetryBy;

/* What telemetry asks of those who know the site. */
typedef struct
{
  /* The devices of a product, a place with what lies within, or a group: (transfer full)
   * (element-type utf8). */
  GPtrArray *(*list_devices) (MusterTelemetryBy by, const char *id, gpointer user_data);
  /* The product or place of a device, or NULL. */
  const char *(*get_key) (MusterTelemetryBy by, const char *device_id, gpointer user_data);
} MusterTelemetrySite;

/* The zone of a name of the time-zone database, NULL for NULL; FALSE where there is none such. */
gboolean muster_telemetry_read_zone (const char *name, GTimeZone **zone, GError **error);

/* POST /monitoring/query and GET /monitoring/export. SITE stays. */
void muster_telemetry_query_resource_add (MusterRouter              *router,
                                          MusterTelemetry           *telemetry,
                                          MusterExclusionBook       *exclusions,
                                          MusterClock               *clock,
                                          const MusterTelemetrySite *site,
                                          gpointer                   user_data);

G_END_DECLS
