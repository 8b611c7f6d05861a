/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-hours.h"
#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterHoursEditor:
 *
 * Hours that recur every week, as a group of a form: a row each with its days, its beginning and
 * its end, and, where they are shifts, whose.
 *
 * Signal `changed`.
 */
#define MUSTER_TYPE_HOURS_EDITOR (muster_hours_editor_get_type ())
G_DECLARE_FINAL_TYPE (MusterHoursEditor,
                      muster_hours_editor,
                      MUSTER,
                      HOURS_EDITOR,
                      AdwPreferencesGroup)

/* WITH_PEOPLE: they are shifts. */
GtkWidget *muster_hours_editor_new (MusterSession *session, gboolean with_people);

/* The form of muster_hours_list_from_json(); TEXT is nullable. */
void muster_hours_editor_set_json (MusterHoursEditor *self, const char *text);
/* What is whole: (transfer full) (element-type MusterHours). */
GPtrArray *muster_hours_editor_list (MusterHoursEditor *self);
/* Whether every row is: has a day, both times, and somebody where it is a shift. */
gboolean muster_hours_editor_is_complete (MusterHoursEditor *self);
/* One more row; WHO is nullable. */
void muster_hours_editor_add (MusterHoursEditor *self, const MusterHours *hours);
/* Puts the keyboard into row INDEX, or the last one. */
void muster_hours_editor_focus (MusterHoursEditor *self, unsigned index);

G_END_DECLS
