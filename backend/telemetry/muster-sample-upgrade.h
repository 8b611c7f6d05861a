/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Brings the samples' file at PATH from version 1 (a row a sample) to blocks: into a file beside
 * it, which then takes its place. Nothing to do where there is none, or a newer one. */
gboolean muster_sample_upgrade (const char *path, GError **error);

G_END_DECLS
