/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* The room History: who did what and when, newest first, and taking it back. */
#define MUSTER_TYPE_HISTORY_PAGE (muster_history_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterHistoryPage, muster_history_page, MUSTER, HISTORY_PAGE, MusterPage)

G_END_DECLS
