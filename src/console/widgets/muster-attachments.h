/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterAttachments:
 *
 * The files that belong to a record: photos, datasheets, documents; to add, to save, to take away.
 * Signal `picture (GdkTexture *)`: the newest picture among them, NULL: there is none.
 */
#define MUSTER_TYPE_ATTACHMENTS (muster_attachments_get_type ())
G_DECLARE_FINAL_TYPE (MusterAttachments, muster_attachments, MUSTER, ATTACHMENTS, AdwBin)

/* Those of the record ENTITY_ID of ENTITY, "product"; called again, it reads anew. */
void muster_attachments_show (MusterAttachments *self,
                              MusterSession     *session,
                              const char        *entity,
                              const char        *entity_id);

G_END_DECLS
