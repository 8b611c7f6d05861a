/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-attachment-store.h"

G_BEGIN_DECLS

/* /attachments: pictures, datasheets and other files that belong to records. */
void muster_attachment_resource_add (MusterRouter *router, MusterAttachmentStore *store);

G_END_DECLS
