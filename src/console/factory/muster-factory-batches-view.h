/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The list of batches of units that are made here. */
#define MUSTER_TYPE_FACTORY_BATCHES_VIEW (muster_factory_batches_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterFactoryBatchesView,
                      muster_factory_batches_view,
                      MUSTER,
                      FACTORY_BATCHES_VIEW,
                      AdwBin)

GtkWidget *muster_factory_batches_view_new (MusterSession *session);

G_END_DECLS
