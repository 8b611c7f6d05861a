/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* Copies the folders SOURCES (paths; those that are not there are left out) with all their regular
 * files into the new folder TO, each under its own name, for the daemon's eyes alone. Complete and
 * durable, or not there: on a thread of its own; resolves to TRUE, rejects with a MUSTER_ERROR. */
DexFuture *muster_folder_copy_start (const char *const *sources, const char *to);

G_END_DECLS
