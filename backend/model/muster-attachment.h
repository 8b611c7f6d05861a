/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_ATTACHMENT_PURPOSE_PHOTO,
  MUSTER_ATTACHMENT_PURPOSE_PICTURE,
  MUSTER_ATTACHMENT_PURPOSE_DATASHEET,
  MUSTER_ATTACHMENT_PURPOSE_DOCUMENT,
  MUSTER_ATTACHMENT_PURPOSE_SBOM, /* which is told by its bytes, never by people */
} MusterAttachmentPurpose;

extern const MusterEnum       muster_attachment_purpose_enum;
extern const MusterEntityInfo muster_attachment_info;

/* A file that belongs to a record. Its bytes are kept once, under their SHA-256. */
#define MUSTER_TYPE_ATTACHMENT (muster_attachment_get_type ())
G_DECLARE_FINAL_TYPE (MusterAttachment, muster_attachment, MUSTER, ATTACHMENT, MusterEntity)

G_END_DECLS
