/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-key-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "client/muster-api-json.h"
#include "muster-key-dialog.h"
#include "muster-roles.h"
#include "widgets/muster-dialog.h"
#include "widgets/muster-entity-form.h"

struct _MusterKeyDialog
{
  AdwDialog parent_instance;

  MusterSession    *session; /* (owned) */
  MusterPerson     *person;  /* (owned) */
  MusterEntityForm *form;    /* (owned) */
  GtkWidget        *group;   /* of the form, borrowed from the page */
  DexFuture        *making;  /* (owned) (nullable) */

  /* Template children */
  GtkWidget          *cancel;
  GtkWidget          *make;
  GtkWidget          *done;
  GtkButton          *copy;
  AdwBanner          *banner;
  AdwPreferencesPage *page;
  GtkWidget          *key_group;
  AdwActionRow       *key;
};

G_DEFINE_FINAL_TYPE (MusterKeyDialog, muster_key_dialog, ADW_TYPE_DIALOG)

static void
show_key (MusterKeyDialog *self, const char *key)
{
  adw_action_row_set_subtitle (self->key, key);
  gtk_widget_set_visible (self->key_group, TRUE);
  gtk_widget_set_visible (self->group, FALSE);
  gtk_widget_set_visible (self->cancel, FALSE);
  gtk_widget_set_visible (self->make, FALSE);
  gtk_widget_set_visible (self->done, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->copy));
}

static DexFuture *
muster_key_dialog_made_cb (DexFuture *future, gpointer user_data)
{
  MusterKeyDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  const char   *key =
    value != NULL ? muster_api_json_get_string (g_value_get_boxed (value), "key") : NULL;

  dex_clear (&self->making);
  gtk_widget_set_sensitive (self->make, TRUE);
  if (key != NULL && !muster_dialog_is_open (ADW_DIALOG (self)))
    muster_session_tell (self->session, _ ("The key was made, but nobody has seen it: delete it"));
  else if (key != NULL)
    show_key (self, key);
  else if (error != NULL && muster_dialog_tell_missed (ADW_DIALOG (self), self->session, error))
    return dex_future_new_true ();
  else if (error == NULL || !muster_entity_form_show_error (self->form, error))
    {
      adw_banner_set_title (self->banner,
                            error != NULL ? error->message : _ ("The site told no key"));
      adw_banner_set_revealed (self->banner, TRUE);
    }
  return dex_future_new_true ();
}

static void
muster_key_dialog_make_cb (MusterKeyDialog *self)
{
  JsonObject *body;

  if (self->making != NULL)
    return;
  adw_banner_set_revealed (self->banner, FALSE);
  body = muster_entity_form_collect (self->form, NULL);
  if (body == NULL)
    return;
  json_object_set_string_member (body, "person_id",
                                 muster_entity_get_id (MUSTER_ENTITY (self->person)));
  gtk_widget_set_sensitive (self->make, FALSE);
  self->making =
    dex_future_finally (muster_api_keys_add (muster_session_get_client (self->session), body),
                        muster_key_dialog_made_cb, g_object_ref (self), g_object_unref);
}

static void
muster_key_dialog_copy_cb (MusterKeyDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          adw_action_row_get_subtitle (self->key));
  gtk_button_set_icon_name (self->copy, "object-select-symbolic");
  gtk_accessible_announce (GTK_ACCESSIBLE (self), _ ("Copied"),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
muster_key_dialog_close_cb (MusterKeyDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
muster_key_dialog_dispose (GObject *object)
{
  MusterKeyDialog *self = MUSTER_KEY_DIALOG (object);

  dex_clear (&self->making);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_KEY_DIALOG);
  g_clear_object (&self->session);
  g_clear_object (&self->person);
  g_clear_object (&self->form);
  G_OBJECT_CLASS (muster_key_dialog_parent_class)->dispose (object);
}

static void
muster_key_dialog_class_init (MusterKeyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_key_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/key-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterKeyDialog, cancel);
  gtk_widget_class_bind_template_child (widget_class, MusterKeyDialog, make);
  gtk_widget_class_bind_template_child (widget_class, MusterKeyDialog, done);
  gtk_widget_class_bind_template_child (widget_class, MusterKeyDialog, copy);
  gtk_widget_class_bind_template_child (widget_class, MusterKeyDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterKeyDialog, page);
  gtk_widget_class_bind_template_child (widget_class, MusterKeyDialog, key_group);
  gtk_widget_class_bind_template_child (widget_class, MusterKeyDialog, key);
  gtk_widget_class_bind_template_callback (widget_class, muster_key_dialog_make_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_key_dialog_copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_key_dialog_close_cb);
}

static void
muster_key_dialog_init (MusterKeyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
muster_key_dialog_new (MusterSession *session, MusterPerson *person)
{
  static const char *const fields[] = { "name", "role", "expires_at", NULL };
  MusterKeyDialog         *self = g_object_new (MUSTER_TYPE_KEY_DIALOG, NULL);

  self->session = g_object_ref (session);
  self->person = g_object_ref (person);
  self->form = muster_entity_form_new (session, &muster_api_key_info, NULL);
  self->group = GTK_WIDGET (muster_entity_form_add_group (self->form, self->page, NULL, fields));
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self->group),
    _ ("A program may do what its key’s role allows, and never more than the person whose it is."));
  muster_roles_explain_row (muster_entity_form_get_row (self->form, "role"));
  adw_dialog_set_focus (ADW_DIALOG (self), muster_entity_form_get_row (self->form, "name"));
  return ADW_DIALOG (self);
}
