/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * MusterDeviceCourses:
 *
 * The last hour of each device in a list, as a small line: of what it measures first by name. Asked
 * for all rows on the screen at once, kept for a minute, and then asked for anew while they are
 * still there. One a session.
 */
#define MUSTER_TYPE_DEVICE_COURSES (muster_device_courses_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceCourses, muster_device_courses, MUSTER, DEVICE_COURSES, GObject)

/* That of SESSION, made on first use: borrowed. */
MusterDeviceCourses *muster_device_courses_get (MusterSession *session);
/* (transfer floating): a cell of a list. */
GtkWidget *muster_device_courses_create_cell (MusterDeviceCourses *self);
/* CELL shows the device DEVICE_ID from now on. */
void muster_device_courses_show (MusterDeviceCourses *self, GtkWidget *cell, const char *device_id);
/* Takes the answer of POST /monitoring/query, {"series":[…]}. */
void muster_device_courses_take (MusterDeviceCourses *self, JsonObject *answer);

G_END_DECLS
