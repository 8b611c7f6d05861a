/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "core/muster-service.h"

G_BEGIN_DECLS

/**
 * MusterAlertService:
 *
 * Evaluates the site's rules on what its devices measure and how they live, and keeps the alerts:
 * raises, folds by cause, explains and resolves them. Whom it concerns reads the alerts' records.
 */
#define MUSTER_TYPE_ALERT_SERVICE (muster_alert_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertService,
                      muster_alert_service,
                      MUSTER,
                      ALERT_SERVICE,
                      MusterService)

MusterAlertService *muster_alert_service_new (MusterRepository *repository, MusterBus *bus);
MusterRepository   *muster_alert_service_get_repository (MusterAlertService *self);

G_END_DECLS
