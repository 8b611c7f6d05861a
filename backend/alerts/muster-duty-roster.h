/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-duty-calendar.h"

G_BEGIN_DECLS

/* A duty calendar by the clocks of one place: who is on duty when. */
typedef struct _MusterDutyRoster MusterDutyRoster;

/* Somebody on duty. */
typedef struct
{
  const char *person_id;    /* (nullable): nobody, of an exception */
  gint64      from;         /* UTC microseconds: of this shift */
  gint64      to;           /* the first that is no more of it */
  gboolean    is_exception; /* it stands in the place of the shifts of every week */
} MusterDutyShift;

/* Adds what is wrong with CALENDAR's shifts and exceptions. */
void muster_duty_roster_check (MusterEntity *calendar, MusterFieldErrors *errors);

/* What cannot be read of CALENDAR is left out. */
MusterDutyRoster *muster_duty_roster_new (MusterEntity *calendar, GTimeZone *zone);
void              muster_duty_roster_free (MusterDutyRoster *self);
/* Who is on duty AT: (transfer full) (element-type MusterDutyShift), in the order of the calendar;
 * what they point at stays with the roster. */
GArray *muster_duty_roster_list (MusterDutyRoster *self, gint64 at);
/* When that changes after AT, or 0 where it does not within eight days. */
gint64 muster_duty_roster_find_change (MusterDutyRoster *self, gint64 at);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterDutyRoster, muster_duty_roster_free)

G_END_DECLS
