/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* Makes the one Site record where there is none, called NAME (NULL: by the machine's host name).
 * Resolves to the site's name (string). */
DexFuture *muster_site_record_ensure (MusterDatabase *database, const char *name);

G_END_DECLS
