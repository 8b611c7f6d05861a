/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* The room People: who works with the site, and what each may do. */
#define MUSTER_TYPE_PEOPLE_PAGE (muster_people_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterPeoplePage, muster_people_page, MUSTER, PEOPLE_PAGE, MusterPage)

G_END_DECLS
