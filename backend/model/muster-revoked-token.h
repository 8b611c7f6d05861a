/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_revoked_token_info;

/* An access token that was logged out before it expired. */
#define MUSTER_TYPE_REVOKED_TOKEN (muster_revoked_token_get_type ())
G_DECLARE_FINAL_TYPE (MusterRevokedToken, muster_revoked_token, MUSTER, REVOKED_TOKEN, MusterEntity)

G_END_DECLS
