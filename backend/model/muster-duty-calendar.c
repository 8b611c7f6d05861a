/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-duty-calendar"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-duty-calendar.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "shifts", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, 0, 50000, .label = N_("Shifts"), .doc = "What comes back every week: [{\"person_id\":\"id\",\"days\":[1,2,3,4,5],\"from\":\"06:00\",\"to\":\"14:00\"}]; 1 is Monday, the day that a shift begins on; one that does not end after its begin ends on the next day." },
  { "exceptions", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 50000, .label = N_("Exceptions"), .doc = "What stands in the place of the shifts on one date: [{\"date\":\"2026-12-24\",\"person_id\":\"id\",\"from\":\"06:00\",\"to\":\"14:00\"}]; without a person nobody is on duty." },
};
/* clang-format on */

const MusterEntityInfo muster_duty_calendar_info = {
  .name = "duty_calendar",
  .table = "duty_calendar",
  .path = "duty-calendars",
  .schema = "DutyCalendar",
  .doc = "Who is on duty when, in the time zone of the site.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_duty_calendar_get_type,
};

struct _MusterDutyCalendar
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDutyCalendar, muster_duty_calendar, MUSTER_TYPE_ENTITY)

static void
muster_duty_calendar_class_init (MusterDutyCalendarClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_duty_calendar_info);
}

static void
muster_duty_calendar_init (MusterDutyCalendar *self)
{
}
