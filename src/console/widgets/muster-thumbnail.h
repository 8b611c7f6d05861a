/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterThumbnail:
 *
 * A picture that is attached to a record, small; an icon until it is there, and where there is
 * none. Pictures are asked for once and kept by the hash of their bytes.
 */
#define MUSTER_TYPE_THUMBNAIL (muster_thumbnail_get_type ())
G_DECLARE_FINAL_TYPE (MusterThumbnail, muster_thumbnail, MUSTER, THUMBNAIL, AdwBin)

/* SIZE: pixels, at most 96. */
GtkWidget *muster_thumbnail_new (int size);
/* The attachment ID (nullable), ICON_NAME where it is no picture. */
void muster_thumbnail_set (MusterThumbnail *self,
                           MusterSession   *session,
                           const char      *id,
                           const char      *icon_name);

G_END_DECLS
