/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The form of a channel, with "Send Test" and its answer in place. CHANNEL NULL: makes a new one.
 */
AdwDialog *muster_channel_dialog_new (MusterSession *session, MusterEntity *channel);

G_END_DECLS
