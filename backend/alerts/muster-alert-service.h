/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "core/muster-service.h"
#include "core/muster-settings.h"
#include "devices/muster-device-registry.h"
#include "model/muster-alert-rule.h"
#include "telemetry/muster-telemetry.h"

G_BEGIN_DECLS

#define MUSTER_SETTING_ALERTS_FOLD_SECONDS "alerts.fold-seconds"
#define MUSTER_SETTING_ALERTS_EXPLAIN_MINUTES "alerts.explain-minutes"
#define MUSTER_SETTING_ALERTS_DEFAULT_RULES "alerts.default-rules"
#define MUSTER_SETTING_ALERTS_KEEP_DAYS "alerts.keep-days"
#define MUSTER_SETTING_ALERTS_REOPEN_MINUTES "alerts.reopen-minutes"

/* The room's settings; ended by a NULL key. */
extern const MusterSetting muster_alert_settings[];

typedef struct
{
  MusterRepository     *repository;
  MusterBus            *bus;
  MusterClock          *clock;
  MusterTelemetry      *telemetry;
  MusterDeviceRegistry *registry; /* (nullable): without one no device is known to be offline */
  MusterSettings       *settings; /* (nullable): the defaults */
} MusterAlertParts;

/**
 * MusterAlertService:
 *
 * Evaluates the site's rules on what its devices measure and how they live, and keeps the alerts:
 * raises, folds by cause, explains and resolves them. Whom it concerns reads the alerts' records.
 * Main thread only.
 */
#define MUSTER_TYPE_ALERT_SERVICE (muster_alert_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertService,
                      muster_alert_service,
                      MUSTER,
                      ALERT_SERVICE,
                      MusterService)

/* What PARTS points at is referenced. */
MusterAlertService *muster_alert_service_new (const MusterAlertParts *parts);
MusterRepository   *muster_alert_service_get_repository (MusterAlertService *self);

/* The broker is not there, so that nothing is heard of any device. */
void muster_alert_service_set_broker_down (MusterAlertService *self, gboolean is_down);
/* A detector's SCORE of a series at AT (UTC microseconds): what rules of the kind anomaly compare.
 */
void muster_alert_service_report_anomaly (MusterAlertService *self,
                                          const char         *device_id,
                                          const char         *metric,
                                          double              score,
                                          gint64              at);

/* The devices of a scope: (transfer full) (element-type utf8). */
GPtrArray *muster_alert_service_list_devices (MusterAlertService *self,
                                              MusterAlertScope    scope,
                                              const char         *scope_id);
/* A device's product or place, or NULL. */
const char *muster_alert_service_get_scope_of (MusterAlertService *self,
                                               MusterAlertScope    scope,
                                               const char         *device_id);
/* Draws the conclusions that are due by the clock; a timer calls it. */
void muster_alert_service_tick (MusterAlertService *self);
/* Resolves to TRUE once all alerts that were found are written. */
DexFuture *muster_alert_service_settle (MusterAlertService *self);
/* Makes the rules that Muster makes for a product and that PRODUCT_ID lacks, for ACTOR: resolves to
 * their number (int64). */
DexFuture *muster_alert_service_add_defaults (MusterAlertService *self,
                                              MusterActor        *actor,
                                              const char         *product_id);

G_END_DECLS
