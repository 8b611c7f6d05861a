/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

#include "model/muster-alert-rule.h"
#include "model/muster-alert-silence.h"
#include "model/muster-alert.h"

G_BEGIN_DECLS

/* What is done to alerts and asked of rules; records are listed, made and changed by
 * muster-api-collection.h. COMMENT and REASON are nullable. */

/* Resolve to the MusterAlert as it is now. */
DexFuture *muster_api_alerts_acknowledge (MusterApiClient *client,
                                          const char      *id,
                                          const char      *comment);
/* PERSON_ID NULL: nobody. */
DexFuture *muster_api_alerts_assign (MusterApiClient *client,
                                     const char      *id,
                                     const char      *person_id);
/* UNTIL: UTC microseconds. */
DexFuture *muster_api_alerts_silence (MusterApiClient *client,
                                      const char      *id,
                                      gint64           until,
                                      const char      *reason);
DexFuture *muster_api_alerts_unsilence (MusterApiClient *client, const char *id);
DexFuture *muster_api_alerts_resolve (MusterApiClient *client, const char *id, const char *comment);
/* All of IDS in one operation. Resolve to a JsonObject {"changed","results":[{"id","outcome",
 * "detail"}…]}: `outcome` is changed, unchanged or refused, `detail` why it was refused. */
DexFuture *muster_api_alerts_acknowledge_many (MusterApiClient   *client,
                                               const char *const *ids,
                                               const char        *comment);
DexFuture *muster_api_alerts_assign_many (MusterApiClient   *client,
                                          const char *const *ids,
                                          const char        *person_id);
DexFuture *muster_api_alerts_silence_many (MusterApiClient   *client,
                                           const char *const *ids,
                                           gint64             until,
                                           const char        *reason);
DexFuture *muster_api_alerts_unsilence_many (MusterApiClient *client, const char *const *ids);
DexFuture *muster_api_alerts_resolve_many (MusterApiClient   *client,
                                           const char *const *ids,
                                           const char        *comment);
/* The last evaluations behind an alert, and of a rule, also of one that is silent; DEVICE_ID NULL:
 * of all its devices. Resolve to a JsonObject {"evaluations":[{"at","device_id","metric","value",
 * "threshold","outcome","reason"}…]}. */
DexFuture *muster_api_alerts_explain (MusterApiClient *client, const char *id);
DexFuture *muster_api_alert_rules_explain (MusterApiClient *client,
                                           const char      *id,
                                           const char      *device_id);
/* What RULE (taken; members as of a rule) would have done from FROM to TO, UTC microseconds.
 * DEVICE_ID NULL: on all its devices. Resolves to a JsonObject {"firings":[{"device_id","metric",
 * "severity","from","to","value"}…],"evaluated"}. */
DexFuture *muster_api_alert_rules_backtest (MusterApiClient *client,
                                            JsonObject      *rule,
                                            const char      *device_id,
                                            gint64           from,
                                            gint64           to);

/* Makes the rules that Muster makes for PRODUCT_ID and that are gone or never were. Resolves to a
 * JsonObject {"made"}: how many. */
DexFuture *muster_api_alert_rules_make_defaults (MusterApiClient *client, const char *product_id);

G_END_DECLS
