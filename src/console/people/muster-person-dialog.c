/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-person-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "muster-person-dialog.h"
#include "muster-roles.h"
#include "widgets/muster-dialog.h"
#include "widgets/muster-entity-form.h"

struct _MusterPersonDialog
{
  AdwDialog parent_instance;

  MusterSession    *session;  /* (owned) */
  MusterPerson     *person;   /* (owned) (nullable) as it was opened */
  MusterEntityForm *form;     /* (owned) */
  GtkWidget        *password; /* (nullable) row of a new person, borrowed */
  DexFuture        *saving;   /* (owned) (nullable) */

  /* Template children */
  GtkWidget          *save;
  AdwBanner          *banner;
  AdwPreferencesPage *page;
  GtkWidget          *first_group;
};

G_DEFINE_FINAL_TYPE (MusterPersonDialog, muster_person_dialog, ADW_TYPE_DIALOG)

static void
set_trouble (MusterPersonDialog *self, const char *text)
{
  adw_banner_set_title (self->banner, text != NULL ? text : "");
  adw_banner_set_revealed (self->banner, text != NULL);
}

static void
mark_password (MusterPersonDialog *self, const char *trouble)
{
  g_autofree char *title =
    trouble != NULL ? g_strdup_printf (_ ("Password: %s"), trouble) : g_strdup (_ ("Password"));

  if (self->password == NULL)
    return;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->password), title);
  if (trouble != NULL)
    gtk_widget_add_css_class (self->password, "error");
  else
    gtk_widget_remove_css_class (self->password, "error");
}

static void
show_error (MusterPersonDialog *self, const GError *error)
{
  GPtrArray *fields = muster_error_get_fields (error);
  unsigned   n_passwords = 0;

  if (muster_dialog_tell_missed (ADW_DIALOG (self), self->session, error))
    return;
  for (unsigned i = 0; i < fields->len; i++)
    {
      const MusterFieldError *field = fields->pdata[i];

      if (g_str_equal (field->pointer, "/password") && self->password != NULL)
        {
          mark_password (self, field->detail);
          n_passwords++;
        }
    }
  if (!muster_entity_form_show_error (self->form, error) &&
      (n_passwords == 0 || n_passwords < fields->len))
    set_trouble (self, g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_PRECONDITION)
                         ? _ ("Somebody else changed it meanwhile. Close this and look again.")
                         : error->message);
}

static DexFuture *
muster_person_dialog_saved_cb (DexFuture *future, gpointer user_data)
{
  MusterPersonDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  g_autofree char *text = NULL;
  MusterEntity    *person;

  dex_clear (&self->saving);
  gtk_widget_set_sensitive (self->save, TRUE);
  if (value == NULL)
    {
      show_error (self, error);
      return dex_future_new_true ();
    }
  person = g_value_get_object (value);
  text = g_strdup_printf (self->person == NULL ? _ ("%s was added") : _ ("%s was changed"),
                          muster_entity_get_string (person, "name"));
  muster_session_offer_journal_undo (self->session, text, "person", muster_entity_get_id (person));
  muster_dialog_end (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static DexFuture *
save (MusterPersonDialog *self, JsonObject *changes)
{
  MusterApiClient *client = muster_session_get_client (self->session);
  const char      *password;

  if (self->person != NULL)
    return muster_api_users_update (client, muster_entity_get_id (MUSTER_ENTITY (self->person)),
                                    changes,
                                    muster_entity_get_revision (MUSTER_ENTITY (self->person)));
  password = gtk_editable_get_text (GTK_EDITABLE (self->password));
  if (*password != '\0')
    json_object_set_string_member (changes, "password", password);
  return muster_api_users_add (client, changes);
}

static void
muster_person_dialog_save_cb (MusterPersonDialog *self)
{
  JsonObject *changes;

  if (self->saving != NULL)
    return;
  set_trouble (self, NULL);
  mark_password (self, NULL);
  changes = muster_entity_form_collect (self->form, NULL);
  if (changes == NULL)
    return;
  if (self->person != NULL && json_object_get_size (changes) == 0)
    {
      json_object_unref (changes);
      adw_dialog_close (ADW_DIALOG (self));
      return;
    }
  gtk_widget_set_sensitive (self->save, FALSE);
  self->saving = dex_future_finally (save (self, changes), muster_person_dialog_saved_cb,
                                     g_object_ref (self), g_object_unref);
}

static void
muster_person_dialog_cancel_cb (MusterPersonDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
muster_person_dialog_dispose (GObject *object)
{
  MusterPersonDialog *self = MUSTER_PERSON_DIALOG (object);

  dex_clear (&self->saving);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_PERSON_DIALOG);
  g_clear_object (&self->session);
  g_clear_object (&self->person);
  g_clear_object (&self->form);
  G_OBJECT_CLASS (muster_person_dialog_parent_class)->dispose (object);
}

static void
muster_person_dialog_class_init (MusterPersonDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_person_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/person-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterPersonDialog, save);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonDialog, page);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonDialog, first_group);
  gtk_widget_class_bind_template_callback (widget_class, muster_person_dialog_save_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_person_dialog_cancel_cb);
}

static void
muster_person_dialog_init (MusterPersonDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GtkWidget *
create_password_row (void)
{
  GtkWidget *row = adw_password_entry_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Password"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_widget_set_tooltip_text (row, _ ("Left empty, the person cannot sign in by password yet."));
  return row;
}

AdwDialog *
muster_person_dialog_new (MusterSession *session, MusterPerson *person, gboolean first)
{
  static const char *const all[] = {
    "name", "email", "role", "phone", "address", "local_user", NULL
  };
  static const char *const own[] = { "name", "email", "phone", "address", NULL };
  /* What somebody may do is for an administrator to say; so is who the first one is. */
  gboolean            full = !first && muster_session_may (session, "deleteUser");
  MusterPersonDialog *self =
    g_object_new (MUSTER_TYPE_PERSON_DIALOG, "title",
                  person != NULL ? _ ("Edit Person") : _ ("Add a Person"), NULL);
  GtkWidget *role;

  self->session = g_object_ref (session);
  g_set_object (&self->person, person);
  self->form = muster_entity_form_new (session, &muster_person_info, (MusterEntity *)person);
  muster_entity_form_add_group (self->form, self->page, NULL, full ? all : own);
  role = muster_entity_form_get_row (self->form, "role");
  if (role != NULL)
    muster_roles_explain_row (role);
  gtk_widget_set_visible (self->first_group, first);
  if (person == NULL)
    {
      GtkWidget *group = adw_preferences_group_new ();

      self->password = create_password_row ();
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->password);
      adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));
    }
  adw_dialog_set_focus (ADW_DIALOG (self), muster_entity_form_get_row (self->form, "name"));
  return ADW_DIALOG (self);
}
