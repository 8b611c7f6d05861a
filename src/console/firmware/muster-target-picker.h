/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterTargetPicker:
 *
 * For which devices a rollout is, as a group of a form: all, those of a group, or those that words
 * and chips find. Signal `changed`.
 */
#define MUSTER_TYPE_TARGET_PICKER (muster_target_picker_get_type ())
G_DECLARE_FINAL_TYPE (MusterTargetPicker,
                      muster_target_picker,
                      MUSTER,
                      TARGET_PICKER,
                      AdwPreferencesGroup)

GtkWidget *muster_target_picker_new (MusterSession *session);
/* As a rollout keeps them; all but one are NULL. */
void muster_target_picker_set (MusterTargetPicker *self,
                               const char         *filter,
                               const char         *device_group_id,
                               const char         *target_query);
/* Sets the members `filter`, `device_group_id` and `target_query` of OBJECT. */
void muster_target_picker_collect (MusterTargetPicker *self, JsonObject *object);
/* Shows MESSAGE at what was chosen; NULL: it is fine. */
void muster_target_picker_set_error (MusterTargetPicker *self, const char *message);

G_END_DECLS
