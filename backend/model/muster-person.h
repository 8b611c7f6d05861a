/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* What somebody may do. The first five are for people and their programs. */
typedef enum
{
  MUSTER_ROLE_ADMINISTRATOR, /* everything */
  MUSTER_ROLE_OPERATOR,      /* the daily work of the site */
  MUSTER_ROLE_TECHNICIAN,    /* devices: adopts, replaces, repairs, moves */
  MUSTER_ROLE_VIEWER,        /* reads */
  MUSTER_ROLE_CUSTOMER,      /* orders, and sees their own orders and deliveries */
  MUSTER_ROLE_DEVICE,        /* tells of itself */
  MUSTER_ROLE_PEER,          /* another site's daemon */
} MusterRole;

extern const MusterEnum       muster_role_enum;
extern const MusterEnum       muster_person_role_enum;
extern const MusterEntityInfo muster_person_info;

#define MUSTER_TYPE_PERSON (muster_person_get_type ())
G_DECLARE_FINAL_TYPE (MusterPerson, muster_person, MUSTER, PERSON, MusterEntity)

G_END_DECLS
