/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* A siren that has been told to sound must be told to stop, whatever happens to the daemon
 * meanwhile: so what ends it is a notification of its own, written with the first. */

/* For ON, a notification for CHANNEL (when that is a siren that has to be told to stop): inserts
 * what ends it, and adds it to ADDED (element-type MusterNotification). */
gboolean muster_siren_add_end (MusterTransaction *transaction,
                               MusterEntity      *channel,
                               MusterEntity      *on,
                               GPtrArray         *added,
                               GError           **error);

/* Brings the end of every siren that sounds for ALERT_ID forward to now, and adds it to ADDED. */
gboolean muster_siren_end_now (MusterTransaction *transaction,
                               const char        *alert_id,
                               GPtrArray         *added,
                               GError           **error);

G_END_DECLS
