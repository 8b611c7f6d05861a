/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* The site at a glance. */
#define MUSTER_TYPE_OVERVIEW_PAGE (muster_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterOverviewPage, muster_overview_page, MUSTER, OVERVIEW_PAGE, MusterPage)

G_END_DECLS
