/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What can be done to keys that sign firmware: each is asked for over PARENT, with what comes of it
 * said before, and done. */

void muster_key_ask_create (MusterSession *session, GtkWidget *parent);
/* One that was made elsewhere, with its secret half. */
void muster_key_ask_take_over (MusterSession *session, GtkWidget *parent);
/* The same, of a file that is chosen. */
void muster_key_ask_take_over_file (MusterSession *session, GtkWidget *parent);
/* One that a PKCS #11 token holds. */
void muster_key_ask_add_token (MusterSession *session, GtkWidget *parent);
/* One that signs elsewhere. */
void muster_key_ask_trust (MusterSession *session, GtkWidget *parent);
/* Of who signs updates of SWUpdate and RAUC: a file is chosen, then its name asked for. */
void muster_key_ask_trust_certificate (MusterSession *session, GtkWidget *parent);
void muster_key_ask_rename (MusterSession *session, GtkWidget *parent, MusterEntity *key);
void muster_key_ask_rotate (MusterSession *session, GtkWidget *parent, MusterEntity *key);
void muster_key_ask_revoke (MusterSession *session, GtkWidget *parent, MusterEntity *key);

G_END_DECLS
