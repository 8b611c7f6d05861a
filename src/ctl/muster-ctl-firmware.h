/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ctl-collection.h"

G_BEGIN_DECLS

extern const MusterCtlCollection muster_ctl_firmware;

/* Signs ARTIFACT by the key that REST names, and by a second one where it names two. */
gboolean muster_ctl_sign_firmware (MusterCtl    *ctl,
                                   MusterEntity *artifact,
                                   char        **rest,
                                   GError      **error);

G_END_DECLS
