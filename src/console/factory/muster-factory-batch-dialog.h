/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The form of a batch: BATCH (nullable: a new one). A MusterRecordDialog. */
AdwDialog *muster_factory_batch_dialog_new (MusterSession *session, MusterEntity *batch);

G_END_DECLS
