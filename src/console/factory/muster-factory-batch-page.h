/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* A batch of units: how many are made, its boards, its station and its record. */
#define MUSTER_TYPE_FACTORY_BATCH_PAGE (muster_factory_batch_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterFactoryBatchPage,
                      muster_factory_batch_page,
                      MUSTER,
                      FACTORY_BATCH_PAGE,
                      MusterPage)

MusterPage *muster_factory_batch_page_new (MusterSession *session, const char *batch_id);

G_END_DECLS
