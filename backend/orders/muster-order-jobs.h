/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "core/muster-repository.h"

G_BEGIN_DECLS

/* A step of the life of the order, or delivery, ID for jobs on many: CHANGES is {"status"}, as the
 * calls on a single one take it; all the work of that step is done. *CHANGED: whether it was in
 * another status. */
gboolean muster_order_step_for_job (MusterTransaction *transaction,
                                    const char        *id,
                                    JsonObject        *changes,
                                    gboolean          *changed,
                                    GError           **error);
gboolean muster_delivery_step_for_job (MusterTransaction *transaction,
                                       const char        *id,
                                       JsonObject        *changes,
                                       gboolean          *changed,
                                       GError           **error);

G_END_DECLS
