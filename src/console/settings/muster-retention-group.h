/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-settings-group.h"

G_BEGIN_DECLS

/* How long samples are kept, class by class: with what is stored of each, and a question before a
 * change that deletes something. */
#define MUSTER_TYPE_RETENTION_GROUP (muster_retention_group_get_type ())
G_DECLARE_FINAL_TYPE (MusterRetentionGroup,
                      muster_retention_group,
                      MUSTER,
                      RETENTION_GROUP,
                      MusterSettingsGroup)

G_END_DECLS
