/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_LOCATION_KIND_SITE,
  MUSTER_LOCATION_KIND_BUILDING,
  MUSTER_LOCATION_KIND_HALL,
  MUSTER_LOCATION_KIND_AREA,
  MUSTER_LOCATION_KIND_RACK,
  MUSTER_LOCATION_KIND_SHELF,
  MUSTER_LOCATION_KIND_BIN,
  MUSTER_LOCATION_KIND_VEHICLE,
  MUSTER_LOCATION_KIND_BENCH,
} MusterLocationKind;

extern const MusterEnum       muster_location_kind_enum;
extern const MusterEntityInfo muster_location_info;

/* A place where units stand or lie, within another. */
#define MUSTER_TYPE_LOCATION (muster_location_get_type ())
G_DECLARE_FINAL_TYPE (MusterLocation, muster_location, MUSTER, LOCATION, MusterEntity)

G_END_DECLS
