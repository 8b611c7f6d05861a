/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_api_key_info;

/* The right of a program to act on the site. */
#define MUSTER_TYPE_API_KEY (muster_api_key_get_type ())
G_DECLARE_FINAL_TYPE (MusterApiKey, muster_api_key, MUSTER, API_KEY, MusterEntity)

G_END_DECLS
