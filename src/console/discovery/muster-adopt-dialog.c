/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-adopt-dialog"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-discovery.h"
#include "model/muster-adoption-code.h"
#include "muster-adopt-dialog.h"
#include "muster-secret.h"
#include "scanning/muster-scan.h"
#include "widgets/muster-dialog.h"
#include "widgets/muster-kind-icon.h"

struct _MusterAdoptDialog
{
  AdwDialog parent_instance;

  MusterSession   *session;     /* (owned) */
  MusterCandidate *candidate;   /* (owned) */
  DexFuture       *adopting;    /* (owned) (nullable) */
  unsigned         reformat_id; /* idle */
  char            *problem;     /* (owned) (nullable) for the clipboard */

  /* Template children */
  GtkWidget   *adopt;
  GtkWidget   *cancel;
  GtkImage    *icon;
  GtkLabel    *name;
  GtkLabel    *details;
  GtkWidget   *trouble;
  GtkLabel    *trouble_title;
  GtkLabel    *trouble_text;
  GtkWidget   *secret_group;
  GtkEditable *secret;
  GtkImage    *secret_mark;
  GtkLabel    *secret_hint;
  GtkWidget   *record_group;
  GtkEditable *name_row;
  GtkEditable *place_row;
  GtkWidget   *progress;
  GtkLabel    *progress_text;
};

G_DEFINE_FINAL_TYPE (MusterAdoptDialog, muster_adopt_dialog, ADW_TYPE_DIALOG)

static const char *
get_text (MusterAdoptDialog *self, const char *field)
{
  return muster_entity_get_string (MUSTER_ENTITY (self->candidate), field);
}

static gboolean
needs_secret (MusterAdoptDialog *self)
{
  return gtk_widget_get_visible (self->secret_group);
}

/* The one place that says what can be touched now. */
static void
muster_adopt_dialog_update (MusterAdoptDialog *self)
{
  gboolean busy = self->adopting != NULL;
  gboolean ready =
    !needs_secret (self) ||
    muster_secret_check (gtk_editable_get_text (self->secret)) == MUSTER_SECRET_RIGHT;

  gtk_widget_set_sensitive (self->adopt, ready && !busy);
  gtk_widget_set_sensitive (self->secret_group, !busy);
  gtk_widget_set_sensitive (self->record_group, !busy);
  gtk_widget_set_visible (self->progress, busy);
}

static void
muster_adopt_dialog_secret_changed (MusterAdoptDialog *self)
{
  const char       *text = gtk_editable_get_text (self->secret);
  MusterSecretState state = muster_secret_check (text);
  unsigned missing = MUSTER_SECRET_LENGTH - MIN (muster_secret_count (text), MUSTER_SECRET_LENGTH);
  g_autofree char *hint = NULL;

  gtk_widget_remove_css_class (GTK_WIDGET (self->secret), "error");
  gtk_widget_remove_css_class (GTK_WIDGET (self->secret_hint), "error");
  gtk_widget_remove_css_class (GTK_WIDGET (self->secret_hint), "success");
  gtk_widget_set_visible (GTK_WIDGET (self->secret_mark), state != MUSTER_SECRET_INCOMPLETE);
  if (state == MUSTER_SECRET_INCOMPLETE)
    hint =
      g_strdup_printf (ngettext ("%u character to go", "%u characters to go", missing), missing);
  else if (state == MUSTER_SECRET_WRONG)
    {
      hint = g_strdup (_ ("There is a typing error in it: compare it with the label"));
      gtk_image_set_from_icon_name (self->secret_mark, "dialog-warning-symbolic");
      gtk_widget_add_css_class (GTK_WIDGET (self->secret), "error");
      gtk_widget_add_css_class (GTK_WIDGET (self->secret_hint), "error");
    }
  else
    {
      hint = g_strdup (_ ("Typed without an error"));
      gtk_image_set_from_icon_name (self->secret_mark, "object-select-symbolic");
      gtk_widget_add_css_class (GTK_WIDGET (self->secret_hint), "success");
    }
  gtk_label_set_label (self->secret_hint, hint);
  muster_adopt_dialog_update (self);
}

/* Not from within the change itself: the entry would not let what is being typed be replaced. */
static void
muster_adopt_dialog_reformat_cb (gpointer user_data)
{
  MusterAdoptDialog *self = user_data;
  int                cursor = gtk_editable_get_position (self->secret);
  const char        *text = gtk_editable_get_text (self->secret);
  g_autofree char   *formatted = muster_secret_format (text, &cursor);

  self->reformat_id = 0;
  if (g_strcmp0 (text, formatted) == 0)
    return;
  gtk_editable_set_text (self->secret, formatted);
  gtk_editable_set_position (self->secret, cursor);
}

static void
muster_adopt_dialog_secret_cb (MusterAdoptDialog *self)
{
  if (self->reformat_id == 0)
    self->reformat_id = g_idle_add_once (muster_adopt_dialog_reformat_cb, self);
  muster_adopt_dialog_secret_changed (self);
}

/* What went wrong, what it means and what to do about it. */
static void
show_trouble (MusterAdoptDialog *self, const GError *error)
{
  const char *title = _ ("It Could Not Be Adopted");
  const char *fix = _ ("Nothing has changed: trying again is safe.");

  if (muster_dialog_tell_missed (ADW_DIALOG (self), self->session, error))
    return;
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN))
    {
      title = _ ("The Secret Does Not Fit");
      fix = _ (
        "It is a valid secret, but of another device. Make sure that label and device belong together.");
    }
  else if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT) &&
           get_text (self, "pairing_address") != NULL)
    {
      title = _ ("It Belongs to Another Site");
      fix = _ ("Release it there, or hold its reset button, then try again.");
    }
  else if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_RATE_LIMITED))
    {
      title = _ ("Too Many Wrong Secrets");
      fix = _ ("The device takes no more of them for a while. Wait a minute, then try again.");
    }
  else if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT) ||
           g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE))
    {
      title = _ ("It Does Not Answer");
      fix = _ (
        "See that it has power and is on this network, then try again. An interrupted pairing does no harm.");
    }
  gtk_label_set_label (self->trouble_title, title);
  gtk_label_set_label (self->trouble_text, fix);
  gtk_widget_set_visible (self->trouble, TRUE);
  g_free (self->problem);
  self->problem =
    g_strdup_printf ("%s\n%s\n%s: %s\n%s", title, fix, g_quark_to_string (error->domain),
                     error->message, get_text (self, "key"));
  gtk_accessible_announce (GTK_ACCESSIBLE (self), title, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static DexFuture *
release_device (MusterSession *session, gpointer id)
{
  return muster_api_devices_release (muster_session_get_client (session), id);
}

static DexFuture *
muster_adopt_dialog_adopted_cb (DexFuture *future, gpointer user_data)
{
  MusterAdoptDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  dex_clear (&self->adopting);
  if (value == NULL)
    show_trouble (self, error);
  else
    {
      MusterEntity    *device = g_value_get_object (value);
      g_autofree char *text =
        g_strdup_printf (_ ("%s is adopted"), muster_entity_get_string (device, "name"));

      muster_session_offer_undo (self->session, text, release_device,
                                 g_strdup (muster_entity_get_id (device)), g_free);
      muster_dialog_end (ADW_DIALOG (self));
      return dex_future_new_true ();
    }
  muster_adopt_dialog_update (self);
  if (needs_secret (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->secret));
  return dex_future_new_true ();
}

static const char *
nonempty (GtkEditable *editable)
{
  const char *text = gtk_editable_get_text (editable);

  return *text != '\0' ? text : NULL;
}

static void
muster_adopt_dialog_adopt_cb (MusterAdoptDialog *self)
{
  g_autofree char *text = NULL;
  const char      *address = get_text (self, "pairing_address");

  if (self->adopting != NULL || !gtk_widget_get_sensitive (self->adopt))
    return;
  text = address != NULL ? g_strdup_printf (_ ("Pairing with %s…"), address)
                         : g_strdup_printf (_ ("Adopting %s…"), get_text (self, "name"));
  gtk_label_set_label (self->progress_text, text);
  gtk_widget_set_visible (self->trouble, FALSE);
  self->adopting = dex_future_finally (
    muster_api_discovery_adopt (muster_session_get_client (self->session), get_text (self, "key"),
                                needs_secret (self) ? nonempty (self->secret) : NULL,
                                nonempty (self->name_row), nonempty (self->place_row)),
    muster_adopt_dialog_adopted_cb, g_object_ref (self), g_object_unref);
  muster_adopt_dialog_update (self);
}

static void
muster_adopt_dialog_cancel_cb (MusterAdoptDialog *self)
{
  dex_clear (&self->adopting);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
muster_adopt_dialog_copy_cb (MusterAdoptDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->problem);
}

static void
muster_adopt_dialog_dispose (GObject *object)
{
  MusterAdoptDialog *self = MUSTER_ADOPT_DIALOG (object);

  dex_clear (&self->adopting);
  g_clear_handle_id (&self->reformat_id, g_source_remove);
  g_clear_object (&self->session);
  g_clear_object (&self->candidate);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_ADOPT_DIALOG);
  G_OBJECT_CLASS (muster_adopt_dialog_parent_class)->dispose (object);
}

static void
muster_adopt_dialog_finalize (GObject *object)
{
  g_free (MUSTER_ADOPT_DIALOG (object)->problem);
  G_OBJECT_CLASS (muster_adopt_dialog_parent_class)->finalize (object);
}

static void
muster_adopt_dialog_class_init (MusterAdoptDialogClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_adopt_dialog_dispose;
  object_class->finalize = muster_adopt_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/adopt-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, adopt);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, cancel);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, icon);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, name);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, details);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, trouble_title);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, trouble_text);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, secret_group);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, secret);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, secret_mark);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, secret_hint);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, record_group);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, place_row);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, MusterAdoptDialog, progress_text);
  gtk_widget_class_bind_template_callback (widget_class, muster_adopt_dialog_cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_adopt_dialog_adopt_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_adopt_dialog_copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_adopt_dialog_secret_cb);
}

/* The code on the label: its secret goes where it belongs, wherever the cursor is. */
static gboolean
muster_adopt_dialog_scan_cb (GtkWidget *widget, const char *code, gpointer user_data)
{
  MusterAdoptDialog *self = MUSTER_ADOPT_DIALOG (widget);
  g_autofree char   *serial = NULL, *secret = NULL;

  if (!needs_secret (self))
    return FALSE;
  if (!muster_adoption_code_parse (code, &serial, &secret, NULL))
    secret = g_strdup (code);
  gtk_editable_set_text (self->secret, secret);
  memset (secret, 0, strlen (secret));
  return TRUE;
}

static void
muster_adopt_dialog_init (MusterAdoptDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  muster_scan_claim_secret (GTK_WIDGET (self), muster_adopt_dialog_scan_cb, NULL, NULL);
}

AdwDialog *
muster_adopt_dialog_new (MusterSession *session, MusterCandidate *candidate)
{
  MusterAdoptDialog *self = g_object_new (MUSTER_TYPE_ADOPT_DIALOG, NULL);
  MusterEntity      *entity = MUSTER_ENTITY (candidate);
  const char        *model = muster_entity_get_string (entity, "model");

  self->session = g_object_ref (session);
  self->candidate = g_object_ref (candidate);
  gtk_image_set_from_icon_name (self->icon, muster_kind_get_icon_name (
                                              muster_entity_get_string (entity, "kind")));
  gtk_label_set_label (self->name, muster_entity_get_string (entity, "name"));
  gtk_label_set_label (self->details,
                       model != NULL ? model : muster_entity_get_string (entity, "key"));
  gtk_editable_set_text (self->name_row, muster_entity_get_string (entity, "name"));
  /* The delivery that announced it brought its secret along. */
  /* What is not paired with has no secret. */
  gtk_widget_set_visible (self->secret_group, !muster_entity_get_boolean (entity, "secret_known") &&
                                                muster_entity_get_boolean (entity, "pairable"));
  muster_adopt_dialog_secret_changed (self);
  if (needs_secret (self))
    adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->secret));
  return ADW_DIALOG (self);
}
