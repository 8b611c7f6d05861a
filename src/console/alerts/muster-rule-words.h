/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-session.h"

G_BEGIN_DECLS

/* What RULE watches for, in a few words: "temperature above 80 for 5 min": (transfer full). */
char *muster_rule_describe (MusterEntity *rule);
/* Where: "The whole site", or the name of a device, product, place or group ("…": not known yet) as
 * RECORD, a rule or a silence, says: (transfer full). */
char *muster_scope_describe (MusterSession *session, MusterEntity *record);

G_END_DECLS
