/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-secret-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "muster-secret-dialog.h"
#include "scanning/muster-scan.h"
#include "widgets/muster-dialog.h"
#include "widgets/muster-format.h"

/* clang-format off */
static const struct
{
  const char *title, *label, *description, *done;
  gboolean    repeated; /* nobody sees what is typed: it is typed twice */
} kinds[] = {
  [MUSTER_SECRET_PASSWORD] = { N_("Set Password"), N_("New password"), N_("8 characters or more. Other sign-ins of the person end."), N_("The password was set"), TRUE },
  [MUSTER_SECRET_PIN] = { N_("Set PIN"), N_("New PIN"), N_("4 to 12 digits. With it one switches to the person at a console that is signed in already."), N_("The PIN was set"), TRUE },
  [MUSTER_SECRET_BADGE] = { N_("Set Badge"), N_("Code of the badge"), N_("Scan the badge now, or type what its reader gives."), N_("The badge was set"), FALSE },
};
/* clang-format on */

struct _MusterSecretDialog
{
  AdwDialog parent_instance;

  MusterSession   *session; /* (owned) */
  MusterPerson    *person;  /* (owned) */
  MusterSecretKind kind;
  DexFuture       *saving; /* (owned) (nullable) */

  /* Template children */
  GtkWidget           *save;
  AdwBanner           *banner;
  AdwPreferencesGroup *group;
  GtkWidget           *old;
  GtkWidget           *first;
  GtkWidget           *second;
};

G_DEFINE_FINAL_TYPE (MusterSecretDialog, muster_secret_dialog, ADW_TYPE_DIALOG)

DexFuture *
muster_secret_store (MusterSession   *session,
                     const char      *person_id,
                     MusterSecretKind kind,
                     const char      *text,
                     const char      *old)
{
  MusterApiClient *client;

  dex_return_error_if_fail (MUSTER_IS_SESSION (session));
  dex_return_error_if_fail (person_id != NULL);

  client = muster_session_get_client (session);
  switch (kind)
    {
    case MUSTER_SECRET_PIN:
      return muster_api_users_set_pin (client, person_id, text);
    case MUSTER_SECRET_BADGE:
      return muster_api_users_set_badge (client, person_id, text);
    case MUSTER_SECRET_PASSWORD:
    default:
      return muster_api_users_set_password (client, person_id, text, old);
    }
}

static const char *
text_of (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static void
muster_secret_dialog_changed_cb (MusterSecretDialog *self)
{
  gboolean same =
    !kinds[self->kind].repeated || g_strcmp0 (text_of (self->first), text_of (self->second)) == 0;

  if (self->saving == NULL)
    gtk_widget_set_sensitive (self->save, *text_of (self->first) != '\0' && same);
  if (same || *text_of (self->second) == '\0')
    gtk_widget_remove_css_class (self->second, "error");
  else
    gtk_widget_add_css_class (self->second, "error");
}

static void
show_error (MusterSecretDialog *self, const GError *error)
{
  GPtrArray              *fields = muster_error_get_fields (error);
  const MusterFieldError *first = fields->len > 0 ? fields->pdata[0] : NULL;
  gboolean                is_old = first != NULL && g_str_equal (first->pointer, "/old_password");
  g_autofree char        *why = is_old ? g_strdup (_ ("That is not the password until now"))
                                : first != NULL ? muster_format_sentence (first->detail)
                                                : muster_format_sentence (error->message);

  if (muster_dialog_tell_missed (ADW_DIALOG (self), self->session, error))
    return;
  adw_banner_set_title (self->banner, why);
  adw_banner_set_revealed (self->banner, TRUE);
  gtk_widget_grab_focus (is_old ? self->old : self->first);
}

static DexFuture *
muster_secret_dialog_saved_cb (DexFuture *future, gpointer user_data)
{
  MusterSecretDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  dex_clear (&self->saving);
  muster_secret_dialog_changed_cb (self);
  if (dex_future_get_value (future, &error) == NULL)
    {
      show_error (self, error);
      return dex_future_new_true ();
    }
  text = g_strdup_printf ("%s: %s", muster_entity_get_string (MUSTER_ENTITY (self->person), "name"),
                          _ (kinds[self->kind].done));
  muster_session_tell (self->session, text);
  muster_dialog_end (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static void
muster_secret_dialog_save_cb (MusterSecretDialog *self)
{
  const char *old = gtk_widget_get_visible (self->old) ? text_of (self->old) : NULL;

  if (self->saving != NULL)
    return;
  adw_banner_set_revealed (self->banner, FALSE);
  gtk_widget_set_sensitive (self->save, FALSE);
  self->saving =
    dex_future_finally (muster_secret_store (self->session,
                                             muster_entity_get_id (MUSTER_ENTITY (self->person)),
                                             self->kind, text_of (self->first), old),
                        muster_secret_dialog_saved_cb, g_object_ref (self), g_object_unref);
}

static void
muster_secret_dialog_cancel_cb (MusterSecretDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

/* A badge that is scanned goes where the cursor may not be. */
static gboolean
muster_secret_dialog_scan_cb (GtkWidget *widget, const char *code, gpointer user_data)
{
  MusterSecretDialog *self = MUSTER_SECRET_DIALOG (widget);

  if (self->kind != MUSTER_SECRET_BADGE)
    return FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->first), code);
  return TRUE;
}

static void
muster_secret_dialog_dispose (GObject *object)
{
  MusterSecretDialog *self = MUSTER_SECRET_DIALOG (object);

  dex_clear (&self->saving);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_SECRET_DIALOG);
  g_clear_object (&self->session);
  g_clear_object (&self->person);
  G_OBJECT_CLASS (muster_secret_dialog_parent_class)->dispose (object);
}

static void
muster_secret_dialog_class_init (MusterSecretDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_secret_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/secret-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterSecretDialog, save);
  gtk_widget_class_bind_template_child (widget_class, MusterSecretDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterSecretDialog, group);
  gtk_widget_class_bind_template_child (widget_class, MusterSecretDialog, old);
  gtk_widget_class_bind_template_child (widget_class, MusterSecretDialog, first);
  gtk_widget_class_bind_template_child (widget_class, MusterSecretDialog, second);
  gtk_widget_class_bind_template_callback (widget_class, muster_secret_dialog_save_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_secret_dialog_cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_secret_dialog_changed_cb);
}

static void
muster_secret_dialog_init (MusterSecretDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  muster_scan_claim_secret (GTK_WIDGET (self), muster_secret_dialog_scan_cb, NULL, NULL);
}

AdwDialog *
muster_secret_dialog_new (MusterSession *session, MusterPerson *person, MusterSecretKind kind)
{
  MusterSecretDialog *self =
    g_object_new (MUSTER_TYPE_SECRET_DIALOG, "title", _ (kinds[kind].title), NULL);
  MusterPerson *own = muster_access_get_person (muster_session_get_access (session));
  gboolean      is_own = own != NULL && g_strcmp0 (muster_entity_get_id (MUSTER_ENTITY (own)),
                                                   muster_entity_get_id (MUSTER_ENTITY (person))) == 0;

  self->session = g_object_ref (session);
  self->person = g_object_ref (person);
  self->kind = kind;
  adw_preferences_group_set_description (self->group, _ (kinds[kind].description));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->first), _ (kinds[kind].label));
  gtk_widget_set_visible (self->second, kinds[kind].repeated);
  gtk_widget_set_visible (self->old,
                          kind == MUSTER_SECRET_PASSWORD && is_own &&
                            muster_entity_get_boolean (MUSTER_ENTITY (person), "has_password"));
  if (kind == MUSTER_SECRET_PIN)
    {
      gtk_text_set_input_purpose (GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (self->first))),
                                  GTK_INPUT_PURPOSE_PIN);
      gtk_text_set_input_purpose (GTK_TEXT (
                                    gtk_editable_get_delegate (GTK_EDITABLE (self->second))),
                                  GTK_INPUT_PURPOSE_PIN);
    }
  adw_dialog_set_focus (ADW_DIALOG (self),
                        gtk_widget_get_visible (self->old) ? self->old : self->first);
  muster_secret_dialog_changed_cb (self);
  return ADW_DIALOG (self);
}
