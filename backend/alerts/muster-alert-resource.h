/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "core/muster-repository.h"
#include "muster-alert-service.h"

G_BEGIN_DECLS

/* Adds /alerts, /alert-rules, /alert-silences and /monitoring/alerts to ROUTER. */
void muster_alert_resource_add_all (MusterRouter *router, MusterAlertService *service);

/* /alerts, /monitoring/alerts */
void muster_alert_resource_add (MusterRouter *router, MusterAlertService *service);
/* /alert-rules */
void muster_alert_rule_resource_add (MusterRouter *router, MusterAlertService *service);
/* /alert-silences */
void muster_alert_silence_resource_add (MusterRouter *router, MusterAlertService *service);

/* --- for the files of the room's paths --- */

/* FUTURE's (taken) MusterEntity with 200; its GBytes as JSON. */
DexFuture *muster_alert_respond_entity (DexFuture *future);
DexFuture *muster_alert_respond_json (DexFuture *future);
/* A member of the request's JSON body, borrowed; NULL where there is none. */
const char *muster_alert_get_text (MusterRequest *request, const char *name);

G_END_DECLS
