/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ctl-collection.h"

G_BEGIN_DECLS

extern const MusterCtlCollection muster_ctl_firmware;

G_END_DECLS
