/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-metrics.h"
#include "core/muster-repository.h"
#include "core/muster-settings.h"
#include "muster-channel.h"

G_BEGIN_DECLS

#define MUSTER_SETTING_NOTIFICATIONS_KEEP_DAYS "notifications.keep-days"

extern const MusterSetting muster_notify_settings[];

/**
 * MusterNotifyService:
 *
 * Tells people of alerts: follows the escalation of each that is not resolved, and sends over
 * channels what that asks for. It listens to what becomes of alerts, and changes none of them. It
 * is in trouble while a channel does not take what it is given.
 */
#define MUSTER_TYPE_NOTIFY_SERVICE (muster_notify_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterNotifyService,
                      muster_notify_service,
                      MUSTER,
                      NOTIFY_SERVICE,
                      MusterService)

/* SETTINGS may be NULL: then the defaults hold. */
MusterNotifyService *muster_notify_service_new (MusterRepository *repository,
                                                MusterBus        *bus,
                                                MusterSettings   *settings);
/* Before the start: what writes to the devices that are sirens. */
void              muster_notify_service_set_siren (MusterNotifyService *self,
                                                   MusterSirenFunc      func,
                                                   gpointer             user_data);
MusterRepository *muster_notify_service_get_repository (MusterNotifyService *self);

/* Resolves to the MusterNotification, sent or failed. */
DexFuture *muster_notify_service_test (MusterNotifyService *self,
                                       MusterActor         *actor,
                                       const char          *channel_id);
/* Resolves to the MusterNotification, queued again. */
DexFuture *muster_notify_service_retry (MusterNotifyService *self,
                                        MusterActor         *actor,
                                        const char          *id);
/* Who is on duty by the calendar ID at AT (UTC µs): resolves to a GBytes
 * `{"at","people":[{"person_id","name","from","to","exception"}],"until"}`. */
DexFuture *muster_notify_service_get_on_duty (MusterNotifyService *self, const char *id, gint64 at);
/* Does what has become due by the clock. By itself it does so in time; for tests whose clock does
 * not go by itself. */
void muster_notify_service_check (MusterNotifyService *self);
void muster_notify_service_add_metrics (MusterNotifyService *self, MusterMetrics *metrics);

G_END_DECLS
