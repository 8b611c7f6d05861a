/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-issue-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-attachments.h"
#include "client/muster-api-orders.h"
#include "model/muster-delivery-issue.h"
#include "muster-issue-dialog.h"
#include "widgets/muster-dialog.h"
#include "widgets/muster-open-file.h"
#include "widgets/muster-references.h"
#include "widgets/muster-text-row.h"

struct _MusterIssueDialog
{
  AdwDialog parent_instance;

  MusterSession *session;  /* (owned) */
  MusterEntity  *delivery; /* (owned) */
  MusterEntity  *issue;    /* (owned) (nullable) that is changed */
  GPtrArray     *items;    /* (owned) (element-type MusterDeliveryItem) */
  GFile         *picture;  /* (owned) (nullable) chosen, not sent yet */
  char          *photo;    /* (owned) (nullable) id of the attachment that was sent */
  gboolean       saving;
  MusterTextRow *description;
  MusterTextRow *resolution;

  /* Template children */
  GtkWidget           *save;
  AdwBanner           *banner;
  AdwComboRow         *kind;
  AdwComboRow         *item;
  AdwSpinRow          *quantity;
  AdwPreferencesGroup *text_group;
  AdwActionRow        *photo_row;
  AdwPreferencesGroup *follow_group;
  AdwComboRow         *follow_up;
  AdwSwitchRow        *resolved;
};

G_DEFINE_FINAL_TYPE (MusterIssueDialog, muster_issue_dialog, ADW_TYPE_DIALOG)

static void
muster_issue_dialog_update (MusterIssueDialog *self)
{
  g_autofree char *text = muster_text_row_dup_text (self->description);

  gtk_widget_set_sensitive (self->save, *text != '\0' && !self->saving);
}

static const char *
get_nick (AdwComboRow *row, const MusterEnum *enumeration)
{
  return muster_enum_get_nick (enumeration, adw_combo_row_get_selected (row));
}

/* (transfer full). */
static JsonObject *
write_issue (MusterIssueDialog *self)
{
  JsonObject      *object = json_object_new ();
  unsigned         position = adw_combo_row_get_selected (self->item);
  g_autofree char *description = muster_text_row_dup_text (self->description);
  g_autofree char *resolution = muster_text_row_dup_text (self->resolution);

  json_object_set_string_member (object, "kind", get_nick (self->kind, &muster_issue_kind_enum));
  json_object_set_int_member (object, "quantity", adw_spin_row_get_value (self->quantity));
  json_object_set_string_member (object, "description", description);
  json_object_set_string_member (object, "follow_up",
                                 get_nick (self->follow_up, &muster_follow_up_enum));
  /* The first is the delivery as a whole. */
  if (position > 0 && position <= self->items->len)
    json_object_set_string_member (object, "delivery_item_id",
                                   muster_entity_get_id (self->items->pdata[position - 1]));
  else if (self->issue != NULL)
    json_object_set_null_member (object, "delivery_item_id");
  if (self->photo != NULL)
    json_object_set_string_member (object, "attachment_id", self->photo);
  if (self->issue != NULL)
    json_object_set_string_member (object, "status",
                                   adw_switch_row_get_active (self->resolved) ? "resolved"
                                                                              : "open");
  if (*resolution != '\0')
    json_object_set_string_member (object, "resolution", resolution);
  else if (self->issue != NULL)
    json_object_set_null_member (object, "resolution");
  return object;
}

/* The picture goes first, so that the report can name it; once, however often the report is
 * refused. */
static gboolean
await_photo (MusterIssueDialog *self, GError **error)
{
  g_autoptr (GFile) picture = g_object_ref (self->picture);
  g_autoptr (GBytes) content = dex_await_boxed (dex_file_load_contents_bytes (picture), error);
  g_autoptr (MusterEntity) attachment = NULL;
  g_autofree char *name = g_file_get_basename (picture);

  if (content == NULL)
    return FALSE;
  attachment = dex_await_object (
    muster_api_attachments_create (muster_session_get_client (self->session), "delivery",
                                   muster_entity_get_id (self->delivery), name, "photo", content),
    error);
  if (attachment == NULL)
    return FALSE;
  g_set_str (&self->photo, muster_entity_get_id (attachment));
  if (self->picture == picture)
    g_clear_object (&self->picture);
  return TRUE;
}

static DexFuture *
muster_issue_dialog_save_fiber (gpointer user_data)
{
  MusterIssueDialog *self = user_data;
  MusterApiClient   *client = muster_session_get_client (self->session);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) issue = NULL;

  if (self->picture != NULL && !await_photo (self, &error))
    issue = NULL;
  else if (self->issue == NULL)
    issue =
      dex_await_object (muster_api_deliveries_add_issue (client,
                                                         muster_entity_get_id (self->delivery),
                                                         write_issue (self)),
                        &error);
  else
    issue = dex_await_object (muster_api_delivery_issues_update (client,
                                                                 muster_entity_get_id (self->issue),
                                                                 write_issue (self)),
                              &error);
  self->saving = FALSE;
  if (self->text_group == NULL)
    return dex_future_new_true ();
  muster_issue_dialog_update (self);
  if (issue == NULL)
    {
      muster_dialog_refuse (ADW_DIALOG (self), self->banner, self->session, error);
      return dex_future_new_true ();
    }
  muster_session_offer_journal_undo (self->session,
                                     self->issue == NULL ? _ ("The problem is noted")
                                                         : _ ("The problem was changed"),
                                     "delivery_issue", muster_entity_get_id (issue));
  muster_dialog_end (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static void
muster_issue_dialog_save_cb (MusterIssueDialog *self)
{
  adw_banner_set_revealed (self->banner, FALSE);
  self->saving = TRUE;
  muster_issue_dialog_update (self);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_issue_dialog_save_fiber,
                                          g_object_ref (self), g_object_unref));
}

static DexFuture *
muster_issue_dialog_photo_fiber (gpointer user_data)
{
  MusterIssueDialog *self = user_data;
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_autoptr (GFile) file = NULL;
  g_autofree char *name = NULL;

  gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_dialog_set_title (dialog, _ ("Photo of the Problem"));
  gtk_file_dialog_set_default_filter (dialog, filter);
  file = dex_await_object (muster_open_file (dialog, GTK_WIDGET (self)), NULL);
  if (file == NULL || self->text_group == NULL)
    return dex_future_new_true ();
  g_set_object (&self->picture, file);
  name = g_file_get_basename (file);
  adw_action_row_set_subtitle (self->photo_row, name);
  return dex_future_new_true ();
}

static void
muster_issue_dialog_photo_cb (MusterIssueDialog *self)
{
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_issue_dialog_photo_fiber,
                                          g_object_ref (self), g_object_unref));
}

static void
muster_issue_dialog_cancel_cb (MusterIssueDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

/* --- life --- */

static void
muster_issue_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_ISSUE_DIALOG);
  G_OBJECT_CLASS (muster_issue_dialog_parent_class)->dispose (object);
}

static void
muster_issue_dialog_finalize (GObject *object)
{
  MusterIssueDialog *self = MUSTER_ISSUE_DIALOG (object);

  g_clear_object (&self->session);
  g_clear_object (&self->delivery);
  g_clear_object (&self->issue);
  g_clear_object (&self->picture);
  g_free (self->photo);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  G_OBJECT_CLASS (muster_issue_dialog_parent_class)->finalize (object);
}

static void
muster_issue_dialog_class_init (MusterIssueDialogClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_issue_dialog_dispose;
  object_class->finalize = muster_issue_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/issue-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterIssueDialog, save);
  gtk_widget_class_bind_template_child (widget_class, MusterIssueDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterIssueDialog, kind);
  gtk_widget_class_bind_template_child (widget_class, MusterIssueDialog, item);
  gtk_widget_class_bind_template_child (widget_class, MusterIssueDialog, quantity);
  gtk_widget_class_bind_template_child (widget_class, MusterIssueDialog, text_group);
  gtk_widget_class_bind_template_child (widget_class, MusterIssueDialog, photo_row);
  gtk_widget_class_bind_template_child (widget_class, MusterIssueDialog, follow_group);
  gtk_widget_class_bind_template_child (widget_class, MusterIssueDialog, follow_up);
  gtk_widget_class_bind_template_child (widget_class, MusterIssueDialog, resolved);
  gtk_widget_class_bind_template_callback (widget_class, muster_issue_dialog_save_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_issue_dialog_photo_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_issue_dialog_cancel_cb);
}

static void
muster_issue_dialog_init (MusterIssueDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->description = MUSTER_TEXT_ROW (muster_text_row_new (_ ("Description")));
  self->resolution = MUSTER_TEXT_ROW (muster_text_row_new (_ ("Resolution")));
  adw_preferences_group_add (self->text_group, GTK_WIDGET (self->description));
  adw_preferences_group_add (self->follow_group, GTK_WIDGET (self->resolution));
  g_signal_connect_object (self->description, "changed", G_CALLBACK (muster_issue_dialog_update),
                           self, G_CONNECT_SWAPPED);
}

static void
set_choices (AdwComboRow *row, const MusterEnum *enumeration, int selected)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  for (unsigned i = 0; i < muster_enum_get_count (enumeration); i++)
    gtk_string_list_append (labels, _ (muster_enum_get_label (enumeration, i)));
  adw_combo_row_set_model (row, G_LIST_MODEL (labels));
  adw_combo_row_set_selected (row, selected);
}

static void
set_items (MusterIssueDialog *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  MusterReferences *references = muster_references_get (self->session);
  const char       *chosen =
    self->issue != NULL ? muster_entity_get_string (self->issue, "delivery_item_id") : NULL;
  unsigned selected = 0;

  gtk_string_list_append (names, _ ("The whole delivery"));
  for (unsigned i = 0; i < self->items->len; i++)
    {
      MusterEntity *item = self->items->pdata[i];
      const char   *product_id = muster_entity_get_string (item, "product_id");
      const char   *name = muster_entity_get_string (item, "serial");

      if (name == NULL && product_id != NULL)
        name = muster_references_get_name (references, "product", product_id);
      gtk_string_list_append (names, name != NULL ? name : _ ("Goods"));
      if (g_strcmp0 (chosen, muster_entity_get_id (item)) == 0)
        selected = i + 1;
    }
  adw_combo_row_set_model (self->item, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->item, selected);
}

AdwDialog *
muster_issue_dialog_new (MusterSession *session,
                         MusterEntity  *delivery,
                         GPtrArray     *items,
                         MusterEntity  *issue)
{
  MusterIssueDialog *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (delivery != NULL && items != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_ISSUE_DIALOG, "title",
                       issue != NULL ? _ ("Problem") : _ ("Report a Problem"), NULL);
  self->session = g_object_ref (session);
  self->delivery = g_object_ref (delivery);
  self->items = g_ptr_array_ref (items);
  self->issue = issue != NULL ? g_object_ref (issue) : NULL;
  set_choices (self->kind, &muster_issue_kind_enum,
               issue != NULL ? muster_entity_get_enum (issue, "kind") : MUSTER_ISSUE_KIND_DAMAGED);
  set_choices (self->follow_up, &muster_follow_up_enum,
               issue != NULL ? muster_entity_get_enum (issue, "follow_up") : MUSTER_FOLLOW_UP_NONE);
  set_items (self);
  gtk_widget_set_visible (GTK_WIDGET (self->resolved), issue != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->resolution), issue != NULL);
  if (issue != NULL)
    {
      adw_spin_row_set_value (self->quantity, muster_entity_get_integer (issue, "quantity"));
      muster_text_row_set_text (self->description, muster_entity_get_string (issue, "description"));
      muster_text_row_set_text (self->resolution, muster_entity_get_string (issue, "resolution"));
      adw_switch_row_set_active (self->resolved, muster_entity_get_enum (issue, "status") ==
                                                   MUSTER_ISSUE_STATUS_RESOLVED);
      if (!muster_entity_is_null (issue, "attachment_id"))
        adw_action_row_set_subtitle (self->photo_row, _ ("There is one"));
    }
  muster_issue_dialog_update (self);
  return ADW_DIALOG (self);
}
