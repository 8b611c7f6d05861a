/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "muster-device-dialog.h"
#include "widgets/muster-field-row.h"

struct _MusterDeviceDialog
{
  AdwDialog parent_instance;

  MusterSession *session; /* (owned) */
  MusterEntity  *device;  /* (owned) a copy of what was opened, or a new one */
  GPtrArray     *fields;  /* (owned) (element-type GtkWidget) rows, borrowed from the template */
  DexFuture     *saving;  /* (owned) (nullable) */
  gboolean       is_new;

  /* Template children */
  GtkWidget           *save;
  AdwBanner           *banner;
  AdwPreferencesGroup *rows;
};

G_DEFINE_FINAL_TYPE (MusterDeviceDialog, muster_device_dialog, ADW_TYPE_DIALOG)

/* A change of status is a step of the device's life, which has its own place; a secret is never
 * read back. */
static gboolean
is_editable (MusterDeviceDialog *self, const MusterField *field)
{
  if ((field->flags & MUSTER_FIELD_READ_ONLY) != 0 || field->type == MUSTER_FIELD_JSON)
    return FALSE;
  if (!self->is_new &&
      ((field->flags & MUSTER_FIELD_IMMUTABLE) != 0 || g_str_equal (field->name, "status")))
    return FALSE;
  return TRUE;
}

static void
add_rows (MusterDeviceDialog *self)
{
  for (unsigned i = 0; i < muster_device_info.n_fields; i++)
    {
      const MusterField *field = &muster_device_info.fields[i];
      g_autofree char   *text = NULL;
      GtkWidget         *row;

      if (!is_editable (self, field))
        continue;
      text = muster_field_format_text (field, muster_entity_peek (self->device, i));
      row = muster_field_row_new (field, text != NULL ? text : "");
      adw_preferences_group_add (self->rows, row);
      g_ptr_array_add (self->fields, row);
    }
}

static void
show_error (MusterDeviceDialog *self, const GError *error)
{
  GPtrArray *refused = muster_error_get_fields (error);

  for (unsigned i = 0; i < refused->len; i++)
    {
      const MusterFieldError *row_error = refused->pdata[i];

      for (unsigned j = 0; j < self->fields->len; j++)
        if (g_strcmp0 (row_error->pointer + (*row_error->pointer == '/'),
                       muster_field_row_get_field (self->fields->pdata[j])->name) == 0)
          muster_field_row_set_error (self->fields->pdata[j], row_error->detail);
    }
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_PRECONDITION))
    adw_banner_set_title (
      self->banner,
      _ ("Somebody else changed it meanwhile. Close this, look at it again, then change it."));
  else
    adw_banner_set_title (self->banner, error->message);
  adw_banner_set_revealed (self->banner, TRUE);
}

/* The members that differ from the record, checked row by row: (transfer full), or NULL with an
 * error. */
static JsonObject *
collect_changes (MusterDeviceDialog *self, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (JsonObject) changes = json_object_new ();

  for (unsigned i = 0; i < self->fields->len; i++)
    {
      const MusterField *field = muster_field_row_get_field (self->fields->pdata[i]);
      unsigned           index = muster_entity_info_find (&muster_device_info, field->name);
      g_autofree char   *text = muster_field_row_dup_text (self->fields->pdata[i]);
      g_autofree char   *old =
        muster_field_format_text (field, muster_entity_peek (self->device, index));
      g_autofree char *pointer = g_strconcat ("/", field->name, NULL);
      g_autoptr (GString) json = g_string_new (NULL);
      MusterValue value = { 0 };

      muster_field_row_set_error (self->fields->pdata[i], NULL);
      if (g_strcmp0 (text, old != NULL ? old : "") == 0 &&
          !(self->is_new && (field->flags & MUSTER_FIELD_REQUIRED) != 0))
        continue;
      if (!muster_field_decode_text (field, text, pointer, &value, errors))
        continue;
      muster_field_encode_value (field, &value, json);
      json_object_set_member (changes, field->name, json_from_string (json->str, NULL));
      muster_value_clear (field, &value);
    }
  if (!muster_field_errors_check (errors, error))
    return NULL;
  return g_steal_pointer (&changes);
}

static DexFuture *
delete_device (MusterSession *session, gpointer id)
{
  return muster_api_devices_delete (muster_session_get_client (session), id, 0);
}

static DexFuture *
muster_device_dialog_saved_cb (DexFuture *future, gpointer user_data)
{
  MusterDeviceDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  MusterEntity    *device;
  g_autofree char *text = NULL;

  dex_clear (&self->saving);
  gtk_widget_set_sensitive (self->save, TRUE);
  if (value == NULL)
    {
      show_error (self, error);
      return dex_future_new_true ();
    }
  device = g_value_get_object (value);
  text = g_strdup_printf (self->is_new ? _ ("%s was added") : _ ("%s was changed"),
                          muster_entity_get_string (device, "name"));
  if (self->is_new)
    muster_session_offer_undo (self->session, text, delete_device,
                               g_strdup (muster_entity_get_id (device)), g_free);
  else
    muster_session_offer_journal_undo (self->session, text, "device",
                                       muster_entity_get_id (device));
  adw_dialog_close (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static DexFuture *
save (MusterDeviceDialog *self, JsonObject *changes)
{
  MusterApiClient *client = muster_session_get_client (self->session);
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (JsonObject) owned = changes;
  g_autoptr (GError) error = NULL;

  if (!self->is_new)
    return muster_api_devices_update (client, muster_entity_get_id (self->device),
                                      g_steal_pointer (&owned),
                                      muster_entity_get_revision (self->device));
  device = muster_entity_new (&muster_device_info);
  if (!muster_entity_decode (device, changes, MUSTER_DECODE_CREATE, "", &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return muster_api_devices_create (client, MUSTER_DEVICE (device));
}

static void
muster_device_dialog_save_cb (MusterDeviceDialog *self)
{
  g_autoptr (GError) error = NULL;
  JsonObject *changes = collect_changes (self, &error);

  adw_banner_set_revealed (self->banner, FALSE);
  if (changes == NULL)
    {
      show_error (self, error);
      return;
    }
  if (!self->is_new && json_object_get_size (changes) == 0)
    {
      json_object_unref (changes);
      adw_dialog_close (ADW_DIALOG (self));
      return;
    }
  gtk_widget_set_sensitive (self->save, FALSE);
  self->saving = dex_future_finally (save (self, changes), muster_device_dialog_saved_cb,
                                     g_object_ref (self), g_object_unref);
}

static void
muster_device_dialog_cancel_cb (MusterDeviceDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
muster_device_dialog_dispose (GObject *object)
{
  MusterDeviceDialog *self = MUSTER_DEVICE_DIALOG (object);

  dex_clear (&self->saving);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_DEVICE_DIALOG);
  G_OBJECT_CLASS (muster_device_dialog_parent_class)->dispose (object);
}

static void
muster_device_dialog_finalize (GObject *object)
{
  MusterDeviceDialog *self = MUSTER_DEVICE_DIALOG (object);

  g_clear_object (&self->session);
  g_clear_object (&self->device);
  g_ptr_array_unref (self->fields);
  G_OBJECT_CLASS (muster_device_dialog_parent_class)->finalize (object);
}

static void
muster_device_dialog_class_init (MusterDeviceDialogClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_device_dialog_dispose;
  object_class->finalize = muster_device_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/device-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterDeviceDialog, save);
  gtk_widget_class_bind_template_child (widget_class, MusterDeviceDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterDeviceDialog, rows);
  gtk_widget_class_bind_template_callback (widget_class, muster_device_dialog_save_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_device_dialog_cancel_cb);
}

static void
muster_device_dialog_init (MusterDeviceDialog *self)
{
  self->fields = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
muster_device_dialog_new (MusterSession *session, MusterDevice *device)
{
  MusterDeviceDialog *self =
    g_object_new (MUSTER_TYPE_DEVICE_DIALOG, "title",
                  device != NULL ? _ ("Edit Device") : _ ("Add a Device"), NULL);

  self->session = g_object_ref (session);
  self->is_new = device == NULL;
  self->device = device != NULL ? muster_entity_copy (MUSTER_ENTITY (device))
                                : muster_entity_new (&muster_device_info);
  add_rows (self);
  adw_dialog_set_focus (ADW_DIALOG (self), self->fields->pdata[0]);
  return ADW_DIALOG (self);
}
