/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Says which units a delivery brings, before they arrive: pasted, from a file, scanned, or in the
 * short form of serial numbers. */
#define MUSTER_TYPE_ANNOUNCE_DIALOG (muster_announce_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterAnnounceDialog,
                      muster_announce_dialog,
                      MUSTER,
                      ANNOUNCE_DIALOG,
                      AdwDialog)

AdwDialog *muster_announce_dialog_new (MusterSession *session, MusterEntity *delivery);

G_END_DECLS
