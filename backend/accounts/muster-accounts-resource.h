/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-accounts.h"

G_BEGIN_DECLS

/* Adds /users, /api-keys and /rights. */
void muster_accounts_resource_add (MusterRouter *router, MusterAccounts *accounts);

/* The parts of it. */
void muster_user_resource_add (MusterRouter *router, MusterAccounts *accounts);
void muster_sign_in_resource_add (MusterRouter *router, MusterAccounts *accounts);
void muster_api_key_resource_add (MusterRouter *router, MusterAccounts *accounts);

/* Member NAME of REQUEST's body; NULL where it is left out or null. Borrowed. */
const char *muster_accounts_get_member (MusterRequest *request, const char *name);

G_END_DECLS
