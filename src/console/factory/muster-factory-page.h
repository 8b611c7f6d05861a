/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-views-page.h"

G_BEGIN_DECLS

/* The room Factory: boards that are given their firmware, their identity and their tests. */
#define MUSTER_TYPE_FACTORY_PAGE (muster_factory_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterFactoryPage, muster_factory_page, MUSTER, FACTORY_PAGE, MusterViewsPage)

G_END_DECLS
