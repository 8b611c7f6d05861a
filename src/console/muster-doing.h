/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-session.h"

G_BEGIN_DECLS

/* WORK (taken) was asked for; tells DONE (taken) with Undo for the record ENTITY_ID once it is
 * done, or FAILED and why. ENTITY NULL: WORK resolves to the record. */
void muster_do_and_offer (MusterSession *session,
                          DexFuture     *work,
                          const char    *entity,
                          const char    *entity_id,
                          char          *done,
                          const char    *failed);

G_END_DECLS
