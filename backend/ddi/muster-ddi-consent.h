/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ddi-service.h"

G_BEGIN_DECLS

/* What update clients, and those who look after them, set of a target. In a fiber. */

/* Keeps of TARGET what a client changes of its own: attributes, and consent in advance. */
gboolean muster_ddi_target_write (MusterDdiService *service,
                                  MusterActor      *actor,
                                  MusterEntity     *target,
                                  const char       *operation,
                                  GError          **error);

/* Adds {"active", "initiator", "remark", "activatedAt"} as they are. */
void muster_ddi_auto_confirm_append (MusterEntity *target, GString *json);
/* TARGET consents to updates in advance, as OBJECT (nullable) says by its `initiator` and `remark`;
 * what waits for consent has it with that. MUSTER_ERROR_MALFORMED. */
gboolean muster_ddi_auto_confirm_start (MusterDdiService *service,
                                        MusterActor      *actor,
                                        MusterEntity     *target,
                                        JsonObject       *object,
                                        GError          **error);
gboolean muster_ddi_auto_confirm_stop (MusterDdiService *service,
                                       MusterActor      *actor,
                                       MusterEntity     *target,
                                       GError          **error);

G_END_DECLS
