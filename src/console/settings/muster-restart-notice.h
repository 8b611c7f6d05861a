/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterRestartNotice:
 *
 * That the site's service is to be started again, as whoever changed a setting has learned: one for
 * all pages of a window.
 */
#define MUSTER_TYPE_RESTART_NOTICE (muster_restart_notice_get_type ())
G_DECLARE_FINAL_TYPE (MusterRestartNotice, muster_restart_notice, MUSTER, RESTART_NOTICE, GObject)

/* Borrowed: that of SESSION. */
MusterRestartNotice *muster_restart_notice_get (MusterSession *session);
void                 muster_restart_notice_set_needed (MusterRestartNotice *self, gboolean needed);
/* BANNER says so for as long as it lives; its button starts the service again, where it is ours to
 * start. */
void muster_restart_notice_show (MusterRestartNotice *self, AdwBanner *banner);

G_END_DECLS
