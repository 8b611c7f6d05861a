/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What people do to alerts, wherever they stand: each tells what was done with a way to take it
 * back. IDS: up to NULL; nothing is done without any. PARENT: what a question belongs to. */

/* Takes notice at once. */
void muster_alerts_acknowledge (MusterSession *session, const char *const *ids);
/* Asks for a comment first. */
void muster_alerts_ask_acknowledge (MusterSession     *session,
                                    GtkWidget         *parent,
                                    const char *const *ids);
/* Asks who is to see to them. */
void muster_alerts_ask_assign (MusterSession *session, GtkWidget *parent, const char *const *ids);
/* TIME: a choice of muster_silence_times_create_menu(); of "custom" it asks. */
void muster_alerts_silence (MusterSession     *session,
                            GtkWidget         *parent,
                            const char *const *ids,
                            const char        *time);
void muster_alerts_unsilence (MusterSession *session, const char *const *ids);
/* Asks what was done. */
void muster_alerts_ask_resolve (MusterSession *session, GtkWidget *parent, const char *const *ids);

G_END_DECLS
