/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_setting_info;

/* A setting that differs from its default, as the database keeps it. */
#define MUSTER_TYPE_SETTING_RECORD (muster_setting_record_get_type ())
G_DECLARE_FINAL_TYPE (MusterSettingRecord,
                      muster_setting_record,
                      MUSTER,
                      SETTING_RECORD,
                      MusterEntity)

G_END_DECLS
