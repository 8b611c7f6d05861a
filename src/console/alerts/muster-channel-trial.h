/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* A group of a form that sends a message to try a channel as it was saved last, and shows in place
 * what the other side said: (transfer floating). */
GtkWidget *muster_channel_trial_new (MusterSession *session, const char *channel_id);

G_END_DECLS
