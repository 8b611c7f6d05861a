/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "muster-api-client.h"

G_BEGIN_DECLS

SoupSession *muster_api_client_get_session (MusterApiClient *self);
/* A message to PATH (escaped, with its query), signed and with the certificate check in place:
 * (transfer full). */
SoupMessage *muster_api_client_make_message (MusterApiClient *self,
                                             const char      *method,
                                             const char      *path);
/* What ended an exchange of MESSAGE: ERROR (taken), or the certificate error behind it. */
GError *muster_api_client_explain (MusterApiClient *self, SoupMessage *message, GError *error);
/* For MESSAGE, which was refused with 401: resolves to TRUE when trying again is promising. */
DexFuture *muster_api_client_renew (MusterApiClient *self, SoupMessage *message);
/* The other end answered, or (ERROR) did not. */
void muster_api_client_report (MusterApiClient *self, const GError *error);
/* Something changed: what is asked from now on must not be answered by a GET that is on its way
 * already. */
void muster_api_client_forget_shared (MusterApiClient *self);

G_END_DECLS
