/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Calendars of who is on duty. */
#define MUSTER_TYPE_DUTY_VIEW (muster_duty_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterDutyView, muster_duty_view, MUSTER, DUTY_VIEW, AdwBin)

GtkWidget *muster_duty_view_new (MusterSession *session);

G_END_DECLS
