/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Dates on which others are on duty than the week says, or nobody, as a group of a form. Signal
 * `changed`. */
#define MUSTER_TYPE_DUTY_EXCEPTIONS (muster_duty_exceptions_get_type ())
G_DECLARE_FINAL_TYPE (MusterDutyExceptions,
                      muster_duty_exceptions,
                      MUSTER,
                      DUTY_EXCEPTIONS,
                      AdwPreferencesGroup)

GtkWidget *muster_duty_exceptions_new (MusterSession *session);

/* [{"date":"2026-12-24","person_id":…,"from":"06:00","to":"14:00"}…] (nullable). */
void muster_duty_exceptions_set_json (MusterDutyExceptions *self, const char *text);
/* The same back, of what is whole; NULL: none: (transfer full). */
char    *muster_duty_exceptions_dup_json (MusterDutyExceptions *self);
gboolean muster_duty_exceptions_is_complete (MusterDutyExceptions *self);

G_END_DECLS
