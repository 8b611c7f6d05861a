/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"

G_BEGIN_DECLS

/* The tokens of the person for whom a client speaks, and their renewal. */
typedef struct
{
  char      *access;  /* (owned) (nullable) */
  char      *refresh; /* (owned) (nullable) */
  DexFuture *renewal; /* (owned) (nullable): the last one */
} MusterApiSignIn;

/* Whether anything changed. */
gboolean muster_api_sign_in_set (MusterApiSignIn *self, const char *access, const char *refresh);
void     muster_api_sign_in_clear (MusterApiSignIn *self);
/* For a request of CLIENT that was refused with the token USED (nullable). Resolves to TRUE when
 * there is another one to try, got by the refresh token or by somebody else meanwhile. Those who
 * ask at the same time share one renewal: a refresh token is good once. */
DexFuture *muster_api_sign_in_renew (MusterApiSignIn *self,
                                     MusterApiClient *client,
                                     const char      *used);

G_END_DECLS
