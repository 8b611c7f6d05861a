/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-record-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "muster-field-row.h"
#include "muster-format.h"
#include "muster-record-dialog.h"
#include "muster-references.h"

struct _MusterRecordDialog
{
  AdwDialog parent_instance;

  MusterSession          *session; /* (owned) */
  const MusterEntityInfo *info;
  MusterEntity           *record; /* (owned) a copy of what was opened, or a new one */
  GPtrArray              *fields; /* (owned) (element-type GtkWidget) rows, borrowed */
  DexFuture              *saving; /* (owned) (nullable) */
  gboolean                is_new;

  /* Template children */
  GtkWidget          *save;
  AdwBanner          *banner;
  AdwPreferencesPage *page;
};

G_DEFINE_FINAL_TYPE (MusterRecordDialog, muster_record_dialog, ADW_TYPE_DIALOG)

enum
{
  SAVED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* --- rows --- */

/* A change of state is a step of the record's life, which has its own place. */
static gboolean
is_editable (MusterRecordDialog *self, const MusterField *field)
{
  if (field->flags & MUSTER_FIELD_READ_ONLY)
    return FALSE;
  return self->is_new || ((field->flags & MUSTER_FIELD_IMMUTABLE) == 0 &&
                          g_strcmp0 (field->name, self->info->machine_field) != 0);
}

static void
add_row (MusterRecordDialog *self, AdwPreferencesGroup *group, unsigned index)
{
  const MusterField *field = &self->info->fields[index];
  g_autofree char   *text = NULL;
  GtkWidget         *row;

  if (!is_editable (self, field))
    return;
  text = muster_field_format_text (field, muster_entity_peek (self->record, index));
  row = muster_field_row_new (self->session, field, text != NULL ? text : "");
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->fields, row);
}

static void
add_rows (MusterRecordDialog *self, const MusterRecordSection *sections)
{
  AdwPreferencesGroup *group;

  for (const MusterRecordSection *section = sections; section != NULL && section->fields != NULL;
       section++)
    {
      unsigned n_rows = self->fields->len;

      group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
      if (section->title != NULL)
        adw_preferences_group_set_title (group, _ (section->title));
      for (unsigned i = 0; section->fields[i] != NULL; i++)
        add_row (self, group, muster_entity_info_find (self->info, section->fields[i]));
      if (self->fields->len > n_rows)
        adw_preferences_page_add (self->page, group);
      else
        g_object_ref_sink (group), g_object_unref (group);
    }
  if (sections != NULL)
    return;
  group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  for (unsigned i = 0; i < self->info->n_fields; i++)
    if (self->info->fields[i].type != MUSTER_FIELD_JSON)
      add_row (self, group, i);
  adw_preferences_page_add (self->page, group);
}

void
muster_record_dialog_preset (MusterRecordDialog *self, const char *name, const char *text)
{
  g_return_if_fail (MUSTER_IS_RECORD_DIALOG (self));

  for (unsigned i = 0; i < self->fields->len; i++)
    if (g_str_equal (muster_field_row_get_field (self->fields->pdata[i])->name, name))
      muster_field_row_set_text (self->fields->pdata[i], text);
}

/* --- saving --- */

static void
show_error (MusterRecordDialog *self, const GError *error)
{
  GPtrArray       *refused = muster_error_get_fields (error);
  g_autofree char *text = muster_format_sentence (error->message);

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
    adw_banner_set_title (self->banner, text);
  adw_banner_set_revealed (self->banner, TRUE);
}

/* Adds what ROW says to CHANGES where it differs from the record. */
static void
collect_row (MusterRecordDialog *self,
             GtkWidget          *row,
             JsonObject         *changes,
             MusterFieldErrors  *errors)
{
  const MusterField *field = muster_field_row_get_field (row);
  unsigned           index = muster_entity_info_find (self->info, field->name);
  g_autofree char   *text = muster_field_row_dup_text (row);
  g_autofree char *old = muster_field_format_text (field, muster_entity_peek (self->record, index));
  g_autofree char *pointer = g_strconcat ("/", field->name, NULL);
  g_autoptr (GString) json = g_string_new (NULL);
  MusterValue value = { 0 };

  muster_field_row_set_error (row, NULL);
  if (g_strcmp0 (text, old != NULL ? old : "") == 0 &&
      !(self->is_new && (field->flags & MUSTER_FIELD_REQUIRED) != 0))
    return;
  if (!muster_field_decode_text (field, text, pointer, &value, errors))
    return;
  muster_field_encode_value (field, &value, json);
  json_object_set_member (changes, field->name, json_from_string (json->str, NULL));
  muster_value_clear (field, &value);
}

/* The members that differ from the record, checked row by row: (transfer full), or NULL with an
 * error. */
static JsonObject *
collect_changes (MusterRecordDialog *self, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (JsonObject) changes = json_object_new ();

  for (unsigned i = 0; i < self->fields->len; i++)
    collect_row (self, self->fields->pdata[i], changes, errors);
  if (!muster_field_errors_check (errors, error))
    return NULL;
  return g_steal_pointer (&changes);
}

static DexFuture *
muster_record_dialog_saved_cb (DexFuture *future, gpointer user_data)
{
  MusterRecordDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  MusterEntity    *record;
  g_autofree char *text = NULL;

  dex_clear (&self->saving);
  gtk_widget_set_sensitive (self->save, TRUE);
  if (value == NULL)
    {
      show_error (self, error);
      return dex_future_new_true ();
    }
  record = g_value_get_object (value);
  text = g_strdup_printf (self->is_new ? _ ("%s was added") : _ ("%s was changed"),
                          muster_reference_get_title (record));
  muster_session_offer_journal_undo (self->session, text, self->info->name,
                                     muster_entity_get_id (record));
  g_signal_emit (self, signals[SAVED], 0, record);
  adw_dialog_close (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static void
muster_record_dialog_save_cb (MusterRecordDialog *self)
{
  MusterApiClient *client = muster_session_get_client (self->session);
  g_autoptr (GError) error = NULL;
  JsonObject *changes = collect_changes (self, &error);
  DexFuture  *work;

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
  work = self->is_new
           ? muster_api_collection_create (client, self->info, changes)
           : muster_api_collection_update (client, self->info, muster_entity_get_id (self->record),
                                           changes, muster_entity_get_revision (self->record));
  self->saving =
    dex_future_finally (work, muster_record_dialog_saved_cb, g_object_ref (self), g_object_unref);
}

static void
muster_record_dialog_cancel_cb (MusterRecordDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

/* --- life --- */

static void
muster_record_dialog_dispose (GObject *object)
{
  MusterRecordDialog *self = MUSTER_RECORD_DIALOG (object);

  dex_clear (&self->saving);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_RECORD_DIALOG);
  G_OBJECT_CLASS (muster_record_dialog_parent_class)->dispose (object);
}

static void
muster_record_dialog_finalize (GObject *object)
{
  MusterRecordDialog *self = MUSTER_RECORD_DIALOG (object);

  g_clear_object (&self->session);
  g_clear_object (&self->record);
  g_ptr_array_unref (self->fields);
  G_OBJECT_CLASS (muster_record_dialog_parent_class)->finalize (object);
}

static void
muster_record_dialog_class_init (MusterRecordDialogClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_record_dialog_dispose;
  object_class->finalize = muster_record_dialog_finalize;
  signals[SAVED] = g_signal_new ("saved", MUSTER_TYPE_RECORD_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, MUSTER_TYPE_ENTITY);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/record-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterRecordDialog, save);
  gtk_widget_class_bind_template_child (widget_class, MusterRecordDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterRecordDialog, page);
  gtk_widget_class_bind_template_callback (widget_class, muster_record_dialog_save_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_record_dialog_cancel_cb);
}

static void
muster_record_dialog_init (MusterRecordDialog *self)
{
  self->fields = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
muster_record_dialog_new (MusterSession             *session,
                          const MusterEntityInfo    *info,
                          MusterEntity              *record,
                          const MusterRecordSection *sections,
                          const char                *title)
{
  MusterRecordDialog *self = g_object_new (MUSTER_TYPE_RECORD_DIALOG, "title", title, NULL);

  g_return_val_if_fail (MUSTER_IS_SESSION (session) && info != NULL, ADW_DIALOG (self));

  self->session = g_object_ref (session);
  self->info = info;
  self->is_new = record == NULL;
  self->record = record != NULL ? muster_entity_copy (record) : muster_entity_new (info);
  add_rows (self, sections);
  if (self->fields->len > 0)
    adw_dialog_set_focus (ADW_DIALOG (self), self->fields->pdata[0]);
  return ADW_DIALOG (self);
}
