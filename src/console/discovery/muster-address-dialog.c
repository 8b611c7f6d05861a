/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-address-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-discovery.h"
#include "muster-address-dialog.h"
#include "widgets/muster-dialog.h"

struct _MusterAddressDialog
{
  AdwDialog parent_instance;

  MusterSession *session; /* (owned) */
  DexFuture     *adding;  /* (owned) (nullable) */

  /* Template children */
  GtkWidget   *add;
  GtkEditable *address;
  GtkEditable *name;
  GtkLabel    *trouble;
};

G_DEFINE_FINAL_TYPE (MusterAddressDialog, muster_address_dialog, ADW_TYPE_DIALOG)

static void
muster_address_dialog_changed_cb (MusterAddressDialog *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), FALSE);
  gtk_widget_set_sensitive (self->add,
                            self->adding == NULL && *gtk_editable_get_text (self->address) != '\0');
}

static DexFuture *
remove_address (MusterSession *session, gpointer id)
{
  return muster_api_discovery_remove_address (muster_session_get_client (session), id);
}

static DexFuture *
muster_address_dialog_added_cb (DexFuture *future, gpointer user_data)
{
  MusterAddressDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  dex_clear (&self->adding);
  muster_address_dialog_changed_cb (self);
  if (value == NULL && muster_dialog_tell_missed (ADW_DIALOG (self), self->session, error))
    return dex_future_new_true ();
  if (value == NULL)
    {
      gtk_label_set_label (self->trouble, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->trouble), TRUE);
      gtk_widget_grab_focus (GTK_WIDGET (self->address));
    }
  else
    {
      MusterEntity    *address = g_value_get_object (value);
      g_autofree char *text = g_strdup_printf (_ ("%s is being asked who it is"),
                                               muster_entity_get_string (address, "address"));

      muster_session_offer_undo (self->session, text, remove_address,
                                 g_strdup (muster_entity_get_id (address)), g_free);
      muster_dialog_end (ADW_DIALOG (self));
    }
  return dex_future_new_true ();
}

static void
muster_address_dialog_add_cb (MusterAddressDialog *self)
{
  const char *name = gtk_editable_get_text (self->name);

  if (self->adding != NULL)
    return;
  self->adding =
    dex_future_finally (muster_api_discovery_add_address (muster_session_get_client (self->session),
                                                          gtk_editable_get_text (self->address),
                                                          *name != '\0' ? name : NULL),
                        muster_address_dialog_added_cb, g_object_ref (self), g_object_unref);
  muster_address_dialog_changed_cb (self);
}

static void
muster_address_dialog_cancel_cb (MusterAddressDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
muster_address_dialog_dispose (GObject *object)
{
  MusterAddressDialog *self = MUSTER_ADDRESS_DIALOG (object);

  dex_clear (&self->adding);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_ADDRESS_DIALOG);
  G_OBJECT_CLASS (muster_address_dialog_parent_class)->dispose (object);
}

static void
muster_address_dialog_class_init (MusterAddressDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_address_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/address-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterAddressDialog, add);
  gtk_widget_class_bind_template_child (widget_class, MusterAddressDialog, address);
  gtk_widget_class_bind_template_child (widget_class, MusterAddressDialog, name);
  gtk_widget_class_bind_template_child (widget_class, MusterAddressDialog, trouble);
  gtk_widget_class_bind_template_callback (widget_class, muster_address_dialog_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_address_dialog_add_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_address_dialog_cancel_cb);
}

static void
muster_address_dialog_init (MusterAddressDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
muster_address_dialog_new (MusterSession *session)
{
  MusterAddressDialog *self = g_object_new (MUSTER_TYPE_ADDRESS_DIALOG, NULL);

  self->session = g_object_ref (session);
  return ADW_DIALOG (self);
}
