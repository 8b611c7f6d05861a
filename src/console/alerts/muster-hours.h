/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MUSTER_HOURS_EVERY_DAY 0x7f
#define MUSTER_MINUTES_A_DAY 1440

/**
 * MusterHours:
 *
 * Hours that recur every week: quiet hours of a rule, a maintenance window, a shift. Of what passes
 * midnight, `days` are those on which it begins.
 */
typedef struct
{
  unsigned days; /* bit 0: Monday … bit 6: Sunday */
  int      from; /* minutes after midnight */
  int      to;   /* likewise; not after `from`: of the next day */
  char    *who;  /* (owned) (nullable) id of the person whose shift it is */
} MusterHours;

MusterHours *muster_hours_new (unsigned days, int from, int to, const char *who);
void         muster_hours_free (MusterHours *self);

/* As a person reads it: "Mon–Fri, 22:00–06:00": (transfer full). */
char *muster_hours_format (const MusterHours *self);
/* Days alone: "Mon–Fri", "Every day", "Mon, Wed": (transfer full). */
char *muster_days_format (unsigned days);
/* The short name of DAY, 0 for Monday, in the person's language: (transfer full). */
char *muster_day_format (unsigned day);
/* How long it is, in minutes: 1 to 1440. */
int muster_hours_get_length (const MusterHours *self);

/* [{"days":[1,2],"from":"22:00","to":"06:00","person_id":…}…]; what is none is left out. TEXT
 * (nullable): (transfer full) (element-type MusterHours). */
GPtrArray *muster_hours_list_from_json (const char *text);
/* The same back, or NULL for an empty list: (transfer full). */
char *muster_hours_list_to_json (GPtrArray *list);
/* [1,2] as bits and back; NULL and what is no such list: 0, and NULL for 0: (transfer full). */
unsigned muster_days_from_json (const char *text);
char    *muster_days_to_json (unsigned days);

/* Reads "6", "6:30", "06:30", "0630" and "24:00" (as midnight) into minutes after midnight; FALSE
 * for anything else. */
gboolean muster_clock_parse (const char *text, int *minutes);
/* "06:30": (transfer full). */
char *muster_clock_format (int minutes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterHours, muster_hours_free)

G_END_DECLS
