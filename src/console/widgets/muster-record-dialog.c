/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-record-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "muster-dialog.h"
#include "muster-entity-form.h"
#include "muster-format.h"
#include "muster-record-dialog.h"
#include "muster-references.h"

struct _MusterRecordDialog
{
  AdwDialog parent_instance;

  MusterSession          *session; /* (owned) */
  const MusterEntityInfo *info;
  MusterEntity           *record; /* (owned) (nullable) what was opened */
  MusterEntityForm       *form;   /* (owned) */
  DexFuture              *saving; /* (owned) (nullable) */

  /* Template children */
  GtkWidget          *save;
  AdwBanner          *banner;
  AdwPreferencesPage *page;
};

G_DEFINE_FINAL_TYPE (MusterRecordDialog, muster_record_dialog, ADW_TYPE_DIALOG)

enum
{
  SAVED,
  COLLECT,
  CONFIRM,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

void
muster_record_dialog_preset (MusterRecordDialog *self, const char *name, const char *text)
{
  g_return_if_fail (MUSTER_IS_RECORD_DIALOG (self));

  muster_entity_form_preset (self->form, name, text);
}

void
muster_record_dialog_add_group (MusterRecordDialog *self, AdwPreferencesGroup *group)
{
  g_return_if_fail (MUSTER_IS_RECORD_DIALOG (self));

  adw_preferences_page_add (self->page, group);
}

MusterEntityForm *
muster_record_dialog_get_form (MusterRecordDialog *self)
{
  g_return_val_if_fail (MUSTER_IS_RECORD_DIALOG (self), NULL);

  return self->form;
}

void
muster_record_dialog_collect_json (MusterRecordDialog *self,
                                   JsonObject         *changes,
                                   const char         *field,
                                   const char         *text)
{
  const char *old;
  g_autoptr (JsonNode) before = NULL;
  JsonNode *after;

  g_return_if_fail (MUSTER_IS_RECORD_DIALOG (self));

  old = self->record != NULL ? muster_entity_get_string (self->record, field) : NULL;
  before = old != NULL ? json_from_string (old, NULL) : NULL;
  after = text != NULL ? json_from_string (text, NULL) : json_node_init_null (json_node_alloc ());
  if (before == NULL ? text == NULL : json_node_equal (before, after))
    json_node_unref (after);
  else
    json_object_set_member (changes, field, after);
}

/* --- saving --- */

static void
show_error (MusterRecordDialog *self, const GError *error)
{
  g_autofree char *text = muster_format_sentence (error->message);

  if (muster_dialog_tell_missed (ADW_DIALOG (self), self->session, error))
    return;
  muster_entity_form_show_error (self->form, error);
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_PRECONDITION))
    adw_banner_set_title (
      self->banner,
      _ ("Somebody else changed it meanwhile. Close this, look at it again, then change it."));
  else
    adw_banner_set_title (self->banner, text);
  adw_banner_set_revealed (self->banner, TRUE);
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
  text = g_strdup_printf (self->record == NULL ? _ ("%s was added") : _ ("%s was changed"),
                          muster_reference_get_title (record));
  muster_session_offer_journal_undo (self->session, text, self->info->name,
                                     muster_entity_get_id (record));
  g_signal_emit (self, signals[SAVED], 0, record);
  muster_dialog_end (ADW_DIALOG (self));
  return dex_future_new_true ();
}

/* What is to be sent, or NULL where something is wrong and shown: (transfer full). */
static JsonObject *
collect (MusterRecordDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) changes = muster_entity_form_collect (self->form, &error);
  g_autofree char *missing = NULL;

  if (changes == NULL)
    {
      show_error (self, error);
      return NULL;
    }
  g_signal_emit (self, signals[COLLECT], 0, changes, &missing);
  if (missing == NULL)
    return g_steal_pointer (&changes);
  adw_banner_set_title (self->banner, missing);
  adw_banner_set_revealed (self->banner, TRUE);
  return NULL;
}

void
muster_record_dialog_send (MusterRecordDialog *self, JsonObject *changes)
{
  MusterApiClient *client;
  DexFuture       *work;

  g_return_if_fail (MUSTER_IS_RECORD_DIALOG (self) && changes != NULL);

  client = muster_session_get_client (self->session);
  gtk_widget_set_sensitive (self->save, FALSE);
  work = self->record == NULL
           ? muster_api_collection_create (client, self->info, changes)
           : muster_api_collection_update (client, self->info, muster_entity_get_id (self->record),
                                           changes, muster_entity_get_revision (self->record));
  self->saving =
    dex_future_finally (work, muster_record_dialog_saved_cb, g_object_ref (self), g_object_unref);
}

static void
muster_record_dialog_save_cb (MusterRecordDialog *self)
{
  JsonObject *changes;
  gboolean    asks = FALSE;

  adw_banner_set_revealed (self->banner, FALSE);
  changes = collect (self);
  if (changes == NULL)
    return;
  if (self->record != NULL && json_object_get_size (changes) == 0)
    {
      json_object_unref (changes);
      adw_dialog_close (ADW_DIALOG (self));
      return;
    }
  g_signal_emit (self, signals[CONFIRM], 0, changes, &asks);
  if (asks)
    json_object_unref (changes);
  else
    muster_record_dialog_send (self, changes);
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
  g_clear_object (&self->form);
  G_OBJECT_CLASS (muster_record_dialog_parent_class)->finalize (object);
}

/* The first who misses something has the word. */
static gboolean
muster_record_dialog_first_missing (GSignalInvocationHint *hint,
                                    GValue                *sum,
                                    const GValue          *returned,
                                    gpointer               user_data)
{
  g_value_copy (returned, sum);
  return g_value_get_string (returned) == NULL;
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
  signals[COLLECT] = g_signal_new ("collect", MUSTER_TYPE_RECORD_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                   muster_record_dialog_first_missing, NULL, NULL, G_TYPE_STRING, 1,
                                   JSON_TYPE_OBJECT);
  signals[CONFIRM] = g_signal_new ("confirm", MUSTER_TYPE_RECORD_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                   g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 1,
                                   JSON_TYPE_OBJECT);
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
  g_set_object (&self->record, record);
  self->form = muster_entity_form_new (session, info, record);
  if (sections == NULL)
    muster_entity_form_add_group (self->form, self->page, NULL, NULL);
  for (; sections != NULL && sections->fields != NULL; sections++)
    muster_entity_form_add_group (self->form, self->page,
                                  sections->title != NULL ? _ (sections->title) : NULL,
                                  sections->fields);
  adw_dialog_set_focus (ADW_DIALOG (self), muster_entity_form_get_first_row (self->form));
  return ADW_DIALOG (self);
}
