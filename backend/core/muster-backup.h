/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "muster-connection.h"

G_BEGIN_DECLS

/* Copies FROM's file, one of FORMAT, to PATH while others write: one snapshot, checked, durable,
 * and renamed into place. */
gboolean muster_backup_run (const char             *from,
                            const char             *path,
                            const MusterFileFormat *format,
                            GCancellable           *cancellable,
                            GError                **error);
/* The same on a thread of its own: resolves to TRUE. FORMAT stays. */
DexFuture *muster_backup_start (const char             *from,
                                const char             *path,
                                const MusterFileFormat *format,
                                GCancellable           *cancellable);

G_END_DECLS
