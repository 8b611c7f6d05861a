/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-settings-group.h"

G_BEGIN_DECLS

/* What holds for this window alone, and the site that it shows. */
#define MUSTER_TYPE_CONSOLE_GROUP (muster_console_group_get_type ())
G_DECLARE_FINAL_TYPE (MusterConsoleGroup,
                      muster_console_group,
                      MUSTER,
                      CONSOLE_GROUP,
                      MusterSettingsGroup)

G_END_DECLS
