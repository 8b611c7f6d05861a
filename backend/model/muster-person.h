/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEnum       muster_role_enum;
extern const MusterEntityInfo muster_person_info;

#define MUSTER_TYPE_PERSON (muster_person_get_type ())
G_DECLARE_FINAL_TYPE (MusterPerson, muster_person, MUSTER, PERSON, MusterEntity)

G_END_DECLS
