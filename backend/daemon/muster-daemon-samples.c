/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-daemon-samples"

#include "config.h"

#include "muster-daemon-samples.h"
#include "muster-daemon-store.h"
#include "telemetry/muster-derived-metrics.h"
#include "telemetry/muster-device-names.h"
#include "telemetry/muster-ingest-resource.h"
#include "telemetry/muster-ingest-socket-resource.h"
#include "telemetry/muster-line-resource.h"
#include "telemetry/muster-metric-checks.h"
#include "telemetry/muster-retention-resource.h"
#include "telemetry/muster-telemetry-query-resource.h"
#include "telemetry/muster-telemetry-records-resource.h"
#include "telemetry/muster-telemetry-resource.h"

struct _MusterDaemonSamples
{
  MusterRepository       *repository; /* (owned) */
  MusterClock            *clock;      /* (owned) */
  MusterSampleStore      *store;      /* (owned) */
  MusterTelemetry        *telemetry;  /* (owned) */
  MusterDeviceNames      *names;      /* (owned) */
  MusterMetricChecks     *checks;     /* (owned) */
  MusterMetricUnits      *units;      /* (owned) */
  MusterExclusionBook    *exclusions; /* (owned) */
  MusterRetentionService *retention;  /* (owned) */
  MusterDerivedMetrics   *derived;    /* (owned) */
  GPtrArray              *services;   /* (owned) (element-type MusterService) */
};

/* Values that cannot be are marked, then what others are made of is looked at. */
static MusterSampleBatch *
filter_samples (MusterSampleBatch *batch, gpointer user_data)
{
  MusterDaemonSamples *self = user_data;
  g_autoptr (MusterSampleBatch) checked = muster_metric_checks_apply (self->checks, batch);

  return muster_derived_metrics_apply (self->derived, checked);
}

static gboolean
wants_samples (const char *device_id, gpointer user_data)
{
  MusterDaemonSamples *self = user_data;

  return muster_metric_checks_has_device (self->checks, device_id) ||
         muster_derived_metrics_has_device (self->derived, device_id);
}

static void
make_services (MusterDaemonSamples *self, const char *path, const MusterDaemonSamplesParts *parts)
{
  self->store = muster_daemon_store_new (path, parts->clock, parts->settings, parts->site_id);
  self->telemetry = muster_telemetry_new (self->store, parts->bus);
  self->names = muster_device_names_new (parts->database, parts->bus);
  self->checks = muster_metric_checks_new (parts->repository, parts->bus);
  self->units = muster_metric_units_new (parts->repository, parts->bus);
  self->exclusions = muster_exclusion_book_new (parts->repository, parts->bus);
  self->derived = muster_derived_metrics_new (parts->repository, self->store, self->names,
                                              self->exclusions, parts->bus);
  self->retention = muster_retention_service_new (parts->repository, self->store, parts->settings,
                                                  parts->clock, parts->bus);
  muster_telemetry_set_filter (self->telemetry, filter_samples, wants_samples, self);
}

MusterDaemonSamples *
muster_daemon_samples_new (const char *path, const MusterDaemonSamplesParts *parts)
{
  MusterDaemonSamples *self = NULL;

  g_return_val_if_fail (path != NULL && parts != NULL, NULL);

  self = g_new0 (MusterDaemonSamples, 1);
  self->repository = g_object_ref (parts->repository);
  self->clock = g_object_ref (parts->clock);
  make_services (self, path, parts);
  self->services = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->services, g_object_ref (self->store));
  g_ptr_array_add (self->services, g_object_ref (self->telemetry));
  g_ptr_array_add (self->services, g_object_ref (self->names));
  g_ptr_array_add (self->services, g_object_ref (self->checks));
  g_ptr_array_add (self->services, g_object_ref (self->units));
  g_ptr_array_add (self->services, g_object_ref (self->exclusions));
  g_ptr_array_add (self->services, g_object_ref (self->retention));
  g_ptr_array_add (self->services, g_object_ref (self->derived));
  return self;
}

void
muster_daemon_samples_free (MusterDaemonSamples *self)
{
  g_return_if_fail (self != NULL);

  muster_telemetry_set_filter (self->telemetry, NULL, NULL, NULL);
  g_ptr_array_unref (self->services);
  g_object_unref (self->derived);
  g_object_unref (self->exclusions);
  g_object_unref (self->retention);
  g_object_unref (self->checks);
  g_object_unref (self->units);
  g_object_unref (self->names);
  g_object_unref (self->telemetry);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  g_object_unref (self->repository);
  g_free (self);
}

GPtrArray *
muster_daemon_samples_get_services (MusterDaemonSamples *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->services;
}

MusterTelemetry *
muster_daemon_samples_get_telemetry (MusterDaemonSamples *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->telemetry;
}

MusterSampleStore *
muster_daemon_samples_get_store (MusterDaemonSamples *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->store;
}

/* --- what belongs where --- */

static const MusterAlertScope scopes[] = {
  [MUSTER_TELEMETRY_BY_DEVICE] = MUSTER_ALERT_SCOPE_DEVICE,
  [MUSTER_TELEMETRY_BY_PRODUCT] = MUSTER_ALERT_SCOPE_PRODUCT,
  [MUSTER_TELEMETRY_BY_LOCATION] = MUSTER_ALERT_SCOPE_LOCATION,
  [MUSTER_TELEMETRY_BY_GROUP] = MUSTER_ALERT_SCOPE_GROUP,
};

static GPtrArray *
list_devices (MusterTelemetryBy by, const char *id, gpointer alerts)
{
  return muster_alert_service_list_devices (alerts, scopes[by], id);
}

static const char *
get_series_key (MusterTelemetryBy by, const char *device_id, gpointer alerts)
{
  return muster_alert_service_get_scope_of (alerts, scopes[by], device_id);
}

/* Alerts know which device belongs where. */
static const MusterTelemetrySite telemetry_site = { list_devices, get_series_key };

/* --- the API --- */

void
muster_daemon_samples_add_resources (MusterDaemonSamples *self,
                                     MusterRouter        *router,
                                     MusterAlertService  *alerts)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (MUSTER_IS_ALERT_SERVICE (alerts));

  muster_telemetry_resource_add (router, self->telemetry, self->repository, self->exclusions,
                                 self->names, self->units);
  muster_telemetry_records_resource_add (router, self->repository, self->derived);
  muster_retention_resource_add (router, self->repository, self->retention);
  muster_ingest_resource_add (router, self->telemetry, self->names, self->clock);
  muster_telemetry_query_resource_add (router, self->telemetry, self->exclusions, self->clock,
                                       &telemetry_site, alerts);
  muster_line_resource_add (router, self->telemetry, self->names, self->clock);
  muster_ingest_socket_resource_add (router, self->telemetry, self->names, self->units,
                                     self->clock);
}

void
muster_daemon_samples_add_metrics (MusterDaemonSamples *self, MusterMetrics *metrics)
{
  g_return_if_fail (self != NULL);

  muster_daemon_store_add_metrics (self->store, metrics);
  muster_retention_service_add_metrics (self->retention, metrics);
}
