/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-family-profile.h"

G_BEGIN_DECLS

/* NULL with MUSTER_ERROR_INVALID for a template that cannot be read. */
MusterFamilyValue *muster_family_value_new (JsonNode *node, GError **error);
/* Whether it stands for itself, whatever arrives. */
gboolean muster_family_value_is_literal (const MusterFamilyValue *self);
void     muster_family_value_free (MusterFamilyValue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterFamilyValue, muster_family_value_free)

G_END_DECLS
