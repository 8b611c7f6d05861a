/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* A call about the record ID. */
typedef DexFuture *(*MusterFirmwareCall) (MusterApiClient *client, const char *id);

/* Does CALL for the record ID and tells DONE (taken), or FAILED and why. BACK (nullable): what
 * takes it back, offered with DONE. */
void muster_firmware_do (MusterSession     *session,
                         const char        *id,
                         MusterFirmwareCall call,
                         char              *done,
                         const char        *failed,
                         MusterFirmwareCall back);

/* Tells DONE (taken) once WORK (taken) is done, or FAILED and why. */
void muster_firmware_tell (MusterSession *session, DexFuture *work, char *done, const char *failed);

/* Asks before what cannot be taken back: calls YES with WIDGET alone once the person presses VERB.
 * IS_DESTRUCTIVE: something is lost. */
void muster_firmware_ask (GtkWidget  *widget,
                          const char *heading,
                          const char *body,
                          const char *verb,
                          gboolean    is_destructive,
                          GCallback   yes);

G_END_DECLS
