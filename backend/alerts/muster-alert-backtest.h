/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-alert-service.h"

G_BEGIN_DECLS

/* What a rule would have raised. */
typedef struct
{
  MusterEntity *rule;      /* a MusterAlertRule; need not be stored */
  const char   *device_id; /* (nullable): all devices of its scope, at most
                              MUSTER_ALERT_BACKTEST_DEVICES */
  gint64 from;             /* UTC microseconds */
  gint64 to;
} MusterAlertBacktest;

#define MUSTER_ALERT_BACKTEST_DEVICES 20
/* So many samples are evaluated at most. */
#define MUSTER_ALERT_BACKTEST_SAMPLES 5000000

/* Reads what is stored piece by piece, in constant memory. Resolves to a GBytes
 * {"firings":[{"device_id","metric","severity","from","to" or null,"value"}…],"evaluated",
 * "truncated","series":[{"device_id","samples":[{"metric","points"}]}]}. Rejects with
 * MUSTER_ERROR_INVALID, rows at /rule/…, for a rule that does not compile or that looks at no
 * samples. */
DexFuture *muster_alert_service_backtest (MusterAlertService        *self,
                                          const MusterAlertBacktest *backtest);
/* The last evaluations of stored rule RULE_ID, newest first, of DEVICE_ID (nullable: of some
 * devices of its scope). Resolves to a GBytes {"evaluations":[{"at","device_id","metric","value",
 * "threshold","outcome","reason"}…]}. */
DexFuture *muster_alert_service_explain_rule (MusterAlertService *self,
                                              const char         *rule_id,
                                              const char         *device_id);
/* Resolves to a GBytes {"alert","rule","cause","children","evaluations"}. */
DexFuture *muster_alert_service_explain_alert (MusterAlertService *self, const char *alert_id);

G_END_DECLS
