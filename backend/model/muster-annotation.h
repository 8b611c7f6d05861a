/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_annotation_info;

/* A remark at a moment or a range of time, drawn on charts. */
#define MUSTER_TYPE_ANNOTATION (muster_annotation_get_type ())
G_DECLARE_FINAL_TYPE (MusterAnnotation, muster_annotation, MUSTER, ANNOTATION, MusterEntity)

G_END_DECLS
