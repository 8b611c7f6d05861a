/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-set-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "alerts/muster-pick-row.h"
#include "client/muster-api-firmware-sets.h"
#include "client/muster-api-firmware.h"
#include "client/muster-fiber.h"
#include "model/muster-firmware-artifact.h"
#include "muster-set-dialog.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-record-dialog.h"
#include "widgets/muster-references.h"

/* --- a new one --- */

static char *
muster_set_dialog_collect_cb (MusterRecordDialog *dialog, JsonObject *changes, MusterPickRow *parts)
{
  g_autoptr (JsonArray) ids = muster_pick_row_get_ids (parts);

  if (json_array_get_length (ids) == 0)
    return g_strdup (_ ("Choose the firmware that it is made of"));
  json_object_set_array_member (changes, "artifact_ids", json_array_ref (ids));
  return NULL;
}

static void
add_choice (MusterRecordDialog *dialog, MusterSession *session, AdwPreferencesGroup *group)
{
  GtkWidget *parts =
    muster_pick_row_new (session, &muster_firmware_artifact_info, _ ("Firmware, in this order"));

  adw_preferences_group_set_description (group,
                                         _ ("Devices install the parts in the order in which they "
                                            "are ticked. A set keeps its parts for ever: make "
                                            "another for another version."));
  adw_preferences_group_add (group, parts);
  g_signal_connect_object (dialog, "collect", G_CALLBACK (muster_set_dialog_collect_cb), parts, 0);
}

/* --- one that is there --- */

typedef struct
{
  MusterSession       *session; /* (owned) */
  AdwPreferencesGroup *group;   /* (owned) */
  char                *id;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *self = data;

  g_object_unref (self->session);
  g_object_unref (self->group);
  g_free (self->id);
  g_free (self);
}

static void
add_part (Reading *self, MusterEntity *artifact)
{
  adw_preferences_group_add (self->group,
                             muster_detail_row_new (muster_entity_get_string (artifact, "part"),
                                                    muster_reference_get_title (artifact)));
}

static DexFuture *
read_parts_fiber (gpointer user_data)
{
  Reading         *self = user_data;
  MusterApiClient *client = muster_session_get_client (self->session);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterApiPage) members =
              dex_await_object (muster_api_firmware_sets_list_members (client, self->id), &error);

  for (unsigned i = 0; members != NULL && i < muster_api_page_get_length (members); i++)
    {
      MusterEntity *member = muster_api_page_get (members, i);
      g_autoptr (MusterEntity) artifact = dex_await_object (
        muster_api_firmware_get (client, muster_entity_get_string (member, "artifact_id")), &error);

      if (artifact == NULL)
        break;
      add_part (self, artifact);
    }
  if (error != NULL)
    {
      g_autofree char *text = g_markup_escape_text (error->message, -1);

      adw_preferences_group_set_description (self->group, text);
    }
  return dex_future_new_true ();
}

static void
add_parts (MusterSession *session, AdwPreferencesGroup *group, MusterEntity *set)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->session = g_object_ref (session);
  reading->group = g_object_ref (group);
  reading->id = g_strdup (muster_entity_get_id (set));
  dex_future_disown (muster_fiber_spawn (NULL, 0, read_parts_fiber, reading, reading_free));
}

AdwDialog *
muster_set_dialog_new (MusterSession *session, MusterEntity *set)
{
  static const char *const         fresh[] = { "name", "version", "kind", "description", NULL };
  static const char *const         there[] = { "name", "description", NULL };
  static const MusterRecordSection fresh_sections[] = { { NULL, fresh }, { NULL, NULL } };
  static const MusterRecordSection there_sections[] = { { NULL, there }, { NULL, NULL } };
  AdwDialog           *dialog = muster_record_dialog_new (session, &muster_firmware_set_info, set,
                                                set != NULL ? there_sections : fresh_sections,
                                                set != NULL ? muster_reference_get_title (set)
                                                                      : _ ("Make a Set of Firmware"));
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);

  adw_preferences_group_set_title (group, _ ("Parts"));
  if (set == NULL)
    add_choice (MUSTER_RECORD_DIALOG (dialog), session, group);
  else
    add_parts (session, group, set);
  muster_record_dialog_add_group (MUSTER_RECORD_DIALOG (dialog), group);
  return dialog;
}
