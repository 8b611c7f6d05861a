/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterScopePicker:
 *
 * Rows of a form that say for which devices something holds: the whole site, one device, those of a
 * product, of a place, of a group. The rows belong to the group that they were put into.
 *
 * Signal `changed`.
 */
#define MUSTER_TYPE_SCOPE_PICKER (muster_scope_picker_get_type ())
G_DECLARE_FINAL_TYPE (MusterScopePicker, muster_scope_picker, MUSTER, SCOPE_PICKER, GObject)

MusterScopePicker *muster_scope_picker_new (MusterSession *session, AdwPreferencesGroup *group);

/* KIND: of muster_alert_scope_enum; ID: NULL for the site. */
void        muster_scope_picker_set (MusterScopePicker *self, int kind, const char *id);
int         muster_scope_picker_get_kind (MusterScopePicker *self);
const char *muster_scope_picker_get_id (MusterScopePicker *self); /* (nullable) */
/* Sets the members `scope_kind` and `scope_id` of OBJECT. */
void muster_scope_picker_collect (MusterScopePicker *self, JsonObject *object);
/* Shows MESSAGE at the choice of the device, product, place or group; NULL: it is fine. */
void muster_scope_picker_set_error (MusterScopePicker *self, const char *message);

G_END_DECLS
