/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_sign_in_info;

/* A person signed in somewhere: a family of refresh tokens, of which one is good. */
#define MUSTER_TYPE_SIGN_IN (muster_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (MusterSignIn, muster_sign_in, MUSTER, SIGN_IN, MusterEntity)

G_END_DECLS
