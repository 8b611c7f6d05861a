/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* What is behind the id of a run in the name of its log. */
#define MUSTER_FLASH_LOG_SUFFIX ".log"

/* Removes the logs in FOLDER whose runs DATABASE has no more. Resolves to a gint64: how many. */
DexFuture *muster_flash_logs_collect (MusterDatabase *database, const char *folder);

G_END_DECLS
