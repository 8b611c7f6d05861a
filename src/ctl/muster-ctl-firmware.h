/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ctl-collection.h"

G_BEGIN_DECLS

extern const MusterCtlCollection muster_ctl_firmware;
extern const MusterCtlCollection muster_ctl_firmware_sets;

/* Gives the device that REST names RECORD, which the update has as its FIELD; behind it stand more
 * of its fields. */
gboolean muster_ctl_give (MusterCtl    *ctl,
                          const char   *field,
                          MusterEntity *record,
                          char        **rest,
                          GError      **error);

/* Signs ARTIFACT by the key that REST names, and by a second one where it names two. */
gboolean muster_ctl_sign_firmware (MusterCtl    *ctl,
                                   MusterEntity *artifact,
                                   char        **rest,
                                   GError      **error);

G_END_DECLS
