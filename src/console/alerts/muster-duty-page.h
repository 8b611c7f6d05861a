/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* A calendar of who is on duty: the week as a picture, its shifts and exceptions as a form, and who
 * it is now. */
#define MUSTER_TYPE_DUTY_PAGE (muster_duty_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterDutyPage, muster_duty_page, MUSTER, DUTY_PAGE, MusterPage)

/* CALENDAR NULL: a new one. */
MusterPage *muster_duty_page_new (MusterSession *session, MusterEntity *calendar);

G_END_DECLS
