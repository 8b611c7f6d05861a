/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_duty_calendar_info;

/* Who is on duty when, in the time zone of the site. */
#define MUSTER_TYPE_DUTY_CALENDAR (muster_duty_calendar_get_type ())
G_DECLARE_FINAL_TYPE (MusterDutyCalendar, muster_duty_calendar, MUSTER, DUTY_CALENDAR, MusterEntity)

G_END_DECLS
