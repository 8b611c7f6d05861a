/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterSettingsGroup:
 *
 * Rows of a section of the room Settings that are not settings of the service by their names.
 */
#define MUSTER_TYPE_SETTINGS_GROUP (muster_settings_group_get_type ())
G_DECLARE_DERIVABLE_TYPE (MusterSettingsGroup,
                          muster_settings_group,
                          MUSTER,
                          SETTINGS_GROUP,
                          AdwPreferencesGroup)

struct _MusterSettingsGroupClass
{
  AdwPreferencesGroupClass parent_class;

  /* Reads again what it shows. NULL: it follows by itself. */
  void (*refresh) (MusterSettingsGroup *self);
};

/* TYPE: of a class below this one. */
GtkWidget *muster_settings_group_new (GType type, MusterSession *session);
/* Borrowed; NULL once it is taken down, which is asked after waiting for something. */
MusterSession *muster_settings_group_get_session (MusterSettingsGroup *self);
void           muster_settings_group_refresh (MusterSettingsGroup *self);

G_END_DECLS
