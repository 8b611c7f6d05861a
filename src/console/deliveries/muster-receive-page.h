/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/**
 * MusterReceivePage:
 *
 * Takes in what a delivery brings, by scanning one after the other: what was scanned is ticked,
 * what nobody expected is listed, the last one can be taken back. Codes wait in their order while
 * the site cannot be reached, so that nothing is lost.
 */
#define MUSTER_TYPE_RECEIVE_PAGE (muster_receive_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterReceivePage, muster_receive_page, MUSTER, RECEIVE_PAGE, MusterPage)

MusterPage *muster_receive_page_new (MusterSession *session, const char *delivery_id);
/* The open delivery of ORDER, which is made where there is none. */
MusterPage *muster_receive_page_new_for_order (MusterSession *session, MusterEntity *order);

G_END_DECLS
