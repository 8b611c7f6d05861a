/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sbom.h"

G_BEGIN_DECLS

/* MUSTER_ERROR_INVALID at `/file`; returns FALSE. */
gboolean muster_sbom_refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* One more, called NAME (nullable: there is none, which is refused): (transfer none). NULL with
 * ERROR. */
MusterSbomComponent *muster_sbom_add (MusterSbom *self, const char *name, GError **error);
/* Sets FIELD of a component to TEXT (nullable), cut to what is kept; SPDX's words for nothing leave
 * it as it is. */
void muster_sbom_set (char **field, const char *text);
/* Whether VERSION begins with `2.`, as those that are read here. */
gboolean muster_sbom_set_spdx (MusterSbom *self, const char *version, GError **error);

/* Reads lines of SPDX, `Tag: value`. */
gboolean muster_sbom_read_tags (MusterSbom *self, const char *text, gsize length, GError **error);

G_END_DECLS
