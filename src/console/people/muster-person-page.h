/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* One person: who it is, what one may do, what one signs in with, and the keys of one's programs.
 */
#define MUSTER_TYPE_PERSON_PAGE (muster_person_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterPersonPage, muster_person_page, MUSTER, PERSON_PAGE, MusterPage)

MusterPage *muster_person_page_new (MusterSession *session, const char *person_id);

G_END_DECLS
