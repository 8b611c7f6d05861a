/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-confirm-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-orders.h"
#include "muster-confirm-dialog.h"
#include "widgets/muster-dialog.h"
#include "widgets/muster-signature-pad.h"
#include "widgets/muster-text-row.h"

struct _MusterConfirmDialog
{
  AdwDialog parent_instance;

  MusterSession *session;    /* (owned) */
  MusterEntity  *delivery;   /* (owned) */
  DexFuture     *confirming; /* (owned) (nullable) */
  MusterTextRow *notes;

  /* Template children */
  GtkWidget           *confirm;
  AdwBanner           *banner;
  AdwEntryRow         *recipient;
  AdwSwitchRow        *unsigned_row;
  GtkWidget           *signature_group;
  MusterSignaturePad  *pad;
  GtkWidget           *clear;
  AdwPreferencesGroup *notes_group;
};

G_DEFINE_FINAL_TYPE (MusterConfirmDialog, muster_confirm_dialog, ADW_TYPE_DIALOG)

static gboolean
is_signed (MusterConfirmDialog *self)
{
  return !muster_strokes_is_empty (muster_signature_pad_get_strokes (self->pad));
}

/* A name, and a signature or the word that there is none. */
static gboolean
is_ready (MusterConfirmDialog *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->recipient)) != '\0' &&
         self->confirming == NULL &&
         (adw_switch_row_get_active (self->unsigned_row) || is_signed (self));
}

static void
muster_confirm_dialog_update (MusterConfirmDialog *self)
{
  gboolean unsigned_too;

  if (self->pad == NULL)
    return;
  unsigned_too = adw_switch_row_get_active (self->unsigned_row);
  gtk_widget_set_visible (self->signature_group, !unsigned_too);
  gtk_widget_set_sensitive (self->clear, is_signed (self));
  gtk_widget_set_sensitive (self->confirm, is_ready (self));
  gtk_widget_set_tooltip_text (
    self->confirm, is_ready (self) ? NULL : _ ("A name and a signature are wanted, or “without”"));
}

static DexFuture *
muster_confirm_dialog_done_cb (DexFuture *future, gpointer user_data)
{
  MusterConfirmDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  g_autofree char *text = NULL;

  dex_clear (&self->confirming);
  if (self->pad == NULL)
    return dex_future_new_true ();
  muster_confirm_dialog_update (self);
  if (value == NULL)
    {
      muster_dialog_refuse (ADW_DIALOG (self), self->banner, self->session, error);
      return dex_future_new_true ();
    }
  text = g_strdup_printf (_ ("%s has arrived"),
                          muster_entity_get_string (self->delivery, "delivery_number"));
  if (muster_session_may (self->session, "undoChange"))
    muster_session_offer_journal_undo (self->session, text, "delivery",
                                       muster_entity_get_id (self->delivery));
  else
    muster_session_tell (self->session, text);
  muster_dialog_end (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static void
muster_confirm_dialog_confirm_cb (MusterConfirmDialog *self)
{
  g_autofree char *notes = muster_text_row_dup_text (self->notes);
  JsonNode        *signature = NULL;

  if (!is_ready (self))
    return;
  adw_banner_set_revealed (self->banner, FALSE);
  if (!adw_switch_row_get_active (self->unsigned_row))
    signature = muster_strokes_to_json (muster_signature_pad_get_strokes (self->pad));
  self->confirming =
    dex_future_finally (muster_api_deliveries_confirm (muster_session_get_client (self->session),
                                                       muster_entity_get_id (self->delivery),
                                                       gtk_editable_get_text (
                                                         GTK_EDITABLE (self->recipient)),
                                                       signature, *notes != '\0' ? notes : NULL),
                        muster_confirm_dialog_done_cb, g_object_ref (self), g_object_unref);
  muster_confirm_dialog_update (self);
}

static void
muster_confirm_dialog_clear_cb (MusterConfirmDialog *self)
{
  muster_signature_pad_clear (self->pad);
}

static void
muster_confirm_dialog_cancel_cb (MusterConfirmDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
muster_confirm_dialog_dispose (GObject *object)
{
  MusterConfirmDialog *self = MUSTER_CONFIRM_DIALOG (object);

  dex_clear (&self->confirming);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_CONFIRM_DIALOG);
  G_OBJECT_CLASS (muster_confirm_dialog_parent_class)->dispose (object);
}

static void
muster_confirm_dialog_finalize (GObject *object)
{
  MusterConfirmDialog *self = MUSTER_CONFIRM_DIALOG (object);

  g_clear_object (&self->session);
  g_clear_object (&self->delivery);
  G_OBJECT_CLASS (muster_confirm_dialog_parent_class)->finalize (object);
}

static void
muster_confirm_dialog_class_init (MusterConfirmDialogClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_confirm_dialog_dispose;
  object_class->finalize = muster_confirm_dialog_finalize;
  g_type_ensure (MUSTER_TYPE_SIGNATURE_PAD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/confirm-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterConfirmDialog, confirm);
  gtk_widget_class_bind_template_child (widget_class, MusterConfirmDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterConfirmDialog, recipient);
  gtk_widget_class_bind_template_child (widget_class, MusterConfirmDialog, unsigned_row);
  gtk_widget_class_bind_template_child (widget_class, MusterConfirmDialog, signature_group);
  gtk_widget_class_bind_template_child (widget_class, MusterConfirmDialog, pad);
  gtk_widget_class_bind_template_child (widget_class, MusterConfirmDialog, clear);
  gtk_widget_class_bind_template_child (widget_class, MusterConfirmDialog, notes_group);
  gtk_widget_class_bind_template_callback (widget_class, muster_confirm_dialog_update);
  gtk_widget_class_bind_template_callback (widget_class, muster_confirm_dialog_confirm_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_confirm_dialog_clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_confirm_dialog_cancel_cb);
}

static void
muster_confirm_dialog_init (MusterConfirmDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->notes = MUSTER_TEXT_ROW (muster_text_row_new (_ ("Notes")));
  adw_preferences_group_add (self->notes_group, GTK_WIDGET (self->notes));
  g_signal_connect_object (self->pad, "changed", G_CALLBACK (muster_confirm_dialog_update), self,
                           G_CONNECT_SWAPPED);
}

AdwDialog *
muster_confirm_dialog_new (MusterSession *session, MusterEntity *delivery)
{
  MusterConfirmDialog *self;
  MusterPerson        *person;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (delivery != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_CONFIRM_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->delivery = g_object_ref (delivery);
  muster_text_row_set_text (self->notes, muster_entity_get_string (delivery, "delivery_notes"));
  person = muster_access_get_person (muster_session_get_access (session));
  if (person != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->recipient),
                           muster_entity_get_string (MUSTER_ENTITY (person), "name"));
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->recipient));
  muster_confirm_dialog_update (self);
  return ADW_DIALOG (self);
}
