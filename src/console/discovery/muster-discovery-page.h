/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* What is on the network now: each device a card with one Adopt button. */
#define MUSTER_TYPE_DISCOVERY_PAGE (muster_discovery_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterDiscoveryPage,
                      muster_discovery_page,
                      MUSTER,
                      DISCOVERY_PAGE,
                      MusterPage)

G_END_DECLS
