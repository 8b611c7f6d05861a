/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/**
 * MusterRolloutPage:
 *
 * One rollout: its groups and how far they are beside its devices and what each of them is doing,
 * live, and what can be done now.
 */
#define MUSTER_TYPE_ROLLOUT_PAGE (muster_rollout_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterRolloutPage, muster_rollout_page, MUSTER, ROLLOUT_PAGE, MusterPage)

MusterPage *muster_rollout_page_new (MusterSession *session, const char *rollout_id);

G_END_DECLS
