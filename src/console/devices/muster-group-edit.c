/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-group-edit"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-calls.h"
#include "client/muster-api-groups.h"
#include "client/muster-fiber.h"
#include "muster-group-edit.h"

/* --- asking for a name --- */

typedef struct
{
  DexPromise *answer;
  GtkWidget  *row;
} Question;

static void
muster_group_name_changed_cb (GtkEditable *row, gpointer dialog)
{
  adw_alert_dialog_set_response_enabled (dialog, "go", *gtk_editable_get_text (row) != '\0');
}

static void
muster_group_answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);

  if (g_str_equal (response, "go"))
    dex_promise_resolve_string (question->answer,
                                g_strdup (gtk_editable_get_text (GTK_EDITABLE (question->row))));
  else
    dex_promise_reject (question->answer, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                               "the person thought better of it"));
  dex_unref (question->answer);
}

/* Resolves to the name; VERB is the button. */
static DexFuture *
ask_name (GtkWidget *parent, const char *heading, const char *verb, const char *name)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, NULL);
  Question  *question = g_new0 (Question, 1);

  question->answer = dex_promise_new ();
  question->row = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Name"), "max-length", 120,
                                "activates-default", TRUE, NULL);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "go", verb,
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "go",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "go");
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (dialog), "go", *name != '\0');
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog),
                                    g_object_new (ADW_TYPE_PREFERENCES_GROUP, NULL));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (
                               adw_alert_dialog_get_extra_child (ADW_ALERT_DIALOG (dialog))),
                             question->row);
  g_signal_connect_object (question->row, "changed", G_CALLBACK (muster_group_name_changed_cb),
                           dialog, 0);
  gtk_editable_set_text (GTK_EDITABLE (question->row), name);
  adw_dialog_set_focus (dialog, question->row);
  adw_alert_dialog_choose (ADW_ALERT_DIALOG (dialog), parent, NULL, muster_group_answered_cb,
                           question);
  return dex_ref (question->answer);
}

/* --- doing --- */

typedef struct
{
  MusterSession     *session;
  GtkWidget         *parent; /* (nullable) */
  MusterDeviceGroup *group;  /* (nullable) */
  char              *filter; /* (nullable) */
} Edit;

static Edit *
edit_new (MusterSession *session, GtkWidget *parent, MusterDeviceGroup *group, const char *filter)
{
  Edit *edit = g_new0 (Edit, 1);

  edit->session = g_object_ref (session);
  g_set_object (&edit->parent, parent);
  g_set_object (&edit->group, group);
  edit->filter = g_strdup (filter);
  return edit;
}

static void
edit_free (gpointer data)
{
  Edit *edit = data;

  g_object_unref (edit->session);
  g_clear_object (&edit->parent);
  g_clear_object (&edit->group);
  g_free (edit->filter);
  g_free (edit);
}

static void
offer_undo (Edit *edit, const char *text, gpointer group)
{
  muster_session_offer_journal_undo (edit->session, text, "device_group",
                                     muster_entity_get_id (group));
}

static DexFuture *
muster_group_create_fiber (gpointer user_data)
{
  Edit *edit = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) wanted = muster_entity_new (&muster_device_group_info);
  g_autoptr (MusterDeviceGroup) group = NULL;
  g_autofree char *text = NULL;
  g_autofree char *name =
    dex_await_string (ask_name (edit->parent,
                                edit->filter != NULL ? _ ("Save the Filter as a Group")
                                                     : _ ("New Group"),
                                _ ("_Make Group"), ""),
                      &error);

  if (name == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  muster_entity_set_string (wanted, "name", name);
  muster_entity_set_string (wanted, "filter", edit->filter);
  group = dex_await_object (muster_api_groups_create (muster_session_get_client (edit->session),
                                                      MUSTER_DEVICE_GROUP (wanted)),
                            &error);
  if (group == NULL)
    {
      muster_session_tell_error (edit->session, _ ("The group was not made"), error);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  text = g_strdup_printf (_ ("The group “%s” was made"), name);
  offer_undo (edit, text, group);
  return dex_future_new_take_object (g_steal_pointer (&group));
}

static DexFuture *
muster_group_rename_fiber (gpointer user_data)
{
  Edit            *edit = user_data;
  MusterEntity    *group = MUSTER_ENTITY (edit->group);
  MusterApiClient *client = muster_session_get_client (edit->session);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *name =
    dex_await_string (ask_name (edit->parent, _ ("Rename the Group"), _ ("_Rename"),
                                muster_entity_get_string (group, "name")),
                      &error);

  if (name == NULL)
    return dex_future_new_true ();
  if (!dex_await (muster_api_groups_update (client, muster_entity_get_id (group),
                                            muster_api_make_object ("name", name, NULL),
                                            muster_entity_get_revision (group)),
                  &error))
    {
      muster_session_tell_error (edit->session, _ ("The group was not renamed"), error);
      return dex_future_new_true ();
    }
  text = g_strdup_printf (_ ("The group is called “%s” now"), name);
  offer_undo (edit, text, group);
  return dex_future_new_true ();
}

static DexFuture *
muster_group_delete_fiber (gpointer user_data)
{
  Edit            *edit = user_data;
  MusterEntity    *group = MUSTER_ENTITY (edit->group);
  MusterApiClient *client = muster_session_get_client (edit->session);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!dex_await (muster_api_groups_delete (client, muster_entity_get_id (group),
                                            muster_entity_get_revision (group)),
                  &error))
    {
      muster_session_tell_error (edit->session, _ ("The group was not deleted"), error);
      return dex_future_new_true ();
    }
  text = g_strdup_printf (_ ("The group “%s” was deleted; its devices stay"),
                          muster_entity_get_string (group, "name"));
  offer_undo (edit, text, group);
  return dex_future_new_true ();
}

DexFuture *
muster_group_create (MusterSession *session, GtkWidget *parent, const char *filter)
{
  return muster_fiber_spawn (NULL, 0, muster_group_create_fiber,
                             edit_new (session, parent, NULL, filter), edit_free);
}

void
muster_group_rename (MusterSession *session, GtkWidget *parent, MusterDeviceGroup *group)
{
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_group_rename_fiber,
                                          edit_new (session, parent, group, NULL), edit_free));
}

void
muster_group_delete (MusterSession *session, MusterDeviceGroup *group)
{
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_group_delete_fiber,
                                          edit_new (session, NULL, group, NULL), edit_free));
}
