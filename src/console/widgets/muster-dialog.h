/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* For dialogs that ask the site something, and are answered when their person may have closed them:
 * an answer is told all the same. */

/* Whether DIALOG is presented; one that fades away is not. */
gboolean muster_dialog_is_open (AdwDialog *dialog);
/* Closes DIALOG where nobody has done so yet. */
void muster_dialog_end (AdwDialog *dialog);
/* Where DIALOG is closed, tells ERROR among the messages of SESSION, under the dialog's title.
 * FALSE: it is open, and is to show it. */
gboolean muster_dialog_tell_missed (AdwDialog *dialog, MusterSession *session, const GError *error);
/* Shows why it was refused in BANNER of DIALOG, or tells it as one that was missed. */
void muster_dialog_refuse (AdwDialog     *dialog,
                           AdwBanner     *banner,
                           MusterSession *session,
                           const GError  *error);

G_END_DECLS
