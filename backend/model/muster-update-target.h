/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* What a device that polls is told of an update whose maintenance window is not open. */
typedef enum
{
  MUSTER_WINDOW_SITE,     /* as the setting says */
  MUSTER_WINDOW_WITHHOLD, /* nothing: for those that take "do not install yet" for "done" */
  MUSTER_WINDOW_SKIP,     /* to download it, and to wait with installing */
} MusterWindowPolicy;

extern const MusterEnum       muster_window_policy_enum;
extern const MusterEntityInfo muster_update_target_info;

/* A device that asks for updates by itself, over hawkBit's DDI: how it is known there, what it
 * shows, and what it said of itself. */
#define MUSTER_TYPE_UPDATE_TARGET (muster_update_target_get_type ())
G_DECLARE_FINAL_TYPE (MusterUpdateTarget, muster_update_target, MUSTER, UPDATE_TARGET, MusterEntity)

G_END_DECLS
