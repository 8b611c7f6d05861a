/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_retention_class_info;

/* How long samples of some metrics are kept. */
#define MUSTER_TYPE_RETENTION_CLASS (muster_retention_class_get_type ())
G_DECLARE_FINAL_TYPE (MusterRetentionClass,
                      muster_retention_class,
                      MUSTER,
                      RETENTION_CLASS,
                      MusterEntity)

/* Whether its patterns and days go together; else MUSTER_ERROR_INVALID, of the members below
 * PREFIX. */
gboolean muster_retention_class_check (MusterEntity *self, const char *prefix, GError **error);

G_END_DECLS
