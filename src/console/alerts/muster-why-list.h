/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The last evaluations of a rule, with what was seen and why it fired or did not: also of a rule
 * that is silent. */
#define MUSTER_TYPE_WHY_LIST (muster_why_list_get_type ())
G_DECLARE_FINAL_TYPE (MusterWhyList, muster_why_list, MUSTER, WHY_LIST, AdwBin)

GtkWidget *muster_why_list_new (void);
/* Those of the alert ALERT_ID, again at each call. */
void muster_why_list_show_alert (MusterWhyList *self, MusterSession *session, const char *alert_id);
/* Those of the rule RULE_ID, of one device or (DEVICE_ID NULL) of all. */
void muster_why_list_show_rule (MusterWhyList *self,
                                MusterSession *session,
                                const char    *rule_id,
                                const char    *device_id);

G_END_DECLS
