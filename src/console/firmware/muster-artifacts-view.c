/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-artifacts-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-artifact-page.h"
#include "muster-artifact-words.h"
#include "muster-artifacts-view.h"
#include "muster-firmware-doing.h"
#include "muster-page.h"
#include "muster-upload-list.h"
#include "client/muster-api-firmware.h"
#include "widgets/muster-record-pages.h"

struct _MusterArtifactsView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
  MusterUploadList  *uploads;
};

G_DEFINE_FINAL_TYPE (MusterArtifactsView, muster_artifacts_view, ADW_TYPE_BIN)

/* --- what the list is made of --- */

static void
show_models (GtkWidget *label, MusterEntity *artifact, MusterSession *session)
{
  g_autofree char *text = muster_artifact_describe_models (artifact);

  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, text);
}

static void
show_size (GtkWidget *label, MusterEntity *artifact, MusterSession *session)
{
  g_autofree char *text = muster_entity_is_null (artifact, "size")
                            ? g_strdup ("")
                            : g_format_size (muster_entity_get_integer (artifact, "size"));

  gtk_label_set_label (GTK_LABEL (label), text);
}

static const MusterColumn columns[] = {
  { "name", 150, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-firmware-symbolic" },
  { "version", 110 },
  { "status", 120, 2 },
  { "trust", 150, 1 },
  { "models", 130, 3, MUSTER_COLUMN_UNSORTED, .show = show_models },
  { "format", 120, 6 },
  { "size", 90, 5, .show = show_size },
  { "created_at", 120, 4, MUSTER_COLUMN_AGE, N_ ("Uploaded") },
  { "security_counter", 90, 8, MUSTER_COLUMN_HIDDEN },
  { "vendor", 120, 8, MUSTER_COLUMN_HIDDEN },
  { "part", 80, 8, MUSTER_COLUMN_HIDDEN },
  { "signing_key_id", 130, 8, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
  { "file_name", 150, 8, MUSTER_COLUMN_HIDDEN },
};

static const MusterFilterChip chips[] = {
  { "status", "ready" },   { "status", "withdrawn" }, { "trust", "signed", NULL, TRUE },
  { "trust", "unsigned" }, { "trust", "foreign" },    { "trust", "revoked" },
};

static const char *const below[] = { "version", "status", "trust", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Withdraw"), "action-unavailable-symbolic", "artifacts.withdraw", "withdrawFirmware" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_firmware_artifact_info,
  .name = "firmware",
  .title = N_ ("Firmware"),
  .search = N_ ("Name, version, vendor, file"),
  .sort = "-created_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-firmware-symbolic",
  .empty_title = N_ ("No Firmware Yet"),
  .empty_text = N_ ("Drop files here: Muster images, SWUpdate and RAUC bundles, raw binaries. What "
                    "they fit and who signed them is read from them."),
  .new_label = N_ ("_Upload Firmware…"),
  .new_operation = "createFirmwareUpload",
};

/* --- uploading --- */

static void
muster_artifacts_view_chosen_cb (GObject *dialog, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MusterArtifactsView) self = user_data;
  g_autoptr (GListModel) files =
              gtk_file_dialog_open_multiple_finish (GTK_FILE_DIALOG (dialog), result, NULL);

  for (unsigned i = 0;
       self->session != NULL && files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      muster_upload_list_add (self->uploads, file);
    }
}

static GListModel *
create_filters (void)
{
  static const char *const suffixes[] = { "mfi", "swu", "raucb", "bin", "hex", "uf2" };
  GListStore              *filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr (GtkFileFilter) firmware = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  for (unsigned i = 0; i < G_N_ELEMENTS (suffixes); i++)
    gtk_file_filter_add_suffix (firmware, suffixes[i]);
  gtk_file_filter_set_name (firmware, _ ("Firmware"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_filter_set_name (all, _ ("All files"));
  g_list_store_append (filters, firmware);
  g_list_store_append (filters, all);
  return G_LIST_MODEL (filters);
}

static void
muster_artifacts_view_new_cb (MusterArtifactsView *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GListModel) filters = create_filters ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_file_dialog_set_title (dialog, _ ("Upload Firmware"));
  gtk_file_dialog_set_filters (dialog, filters);
  gtk_file_dialog_open_multiple (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL,
                                 muster_artifacts_view_chosen_cb, g_object_ref (self));
}

static gboolean
muster_artifacts_view_drop_cb (MusterArtifactsView *self, const GValue *value)
{
  GSList          *files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autofree char *why = muster_session_explain (self->session, "createFirmwareUpload");

  if (why != NULL)
    muster_session_tell (self->session, why);
  for (GSList *file = files; why == NULL && file != NULL; file = file->next)
    muster_upload_list_add (self->uploads, file->data);
  g_slist_free (files);
  return why == NULL;
}

/* --- actions --- */

static void
muster_artifacts_view_withdraw_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterArtifactsView *self = MUSTER_ARTIFACTS_VIEW (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  for (unsigned i = 0; ids[i] != NULL; i++)
    muster_firmware_do (self->session, ids[i], muster_api_firmware_withdraw,
                        g_strdup (_ ("No further device is given it")), _ ("It was not withdrawn"),
                        muster_api_firmware_restore);
  muster_records_view_end_selection (self->records);
}

static void
muster_artifacts_view_rights_cb (MusterArtifactsView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "artifacts.withdraw",
                                 muster_session_may (self->session, "withdrawFirmware"));
}

/* --- life --- */

static void
muster_artifacts_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_ARTIFACTS_VIEW (object)->session);
  G_OBJECT_CLASS (muster_artifacts_view_parent_class)->dispose (object);
}

static void
muster_artifacts_view_class_init (MusterArtifactsViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_artifacts_view_dispose;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "artifacts.withdraw", NULL,
                                   muster_artifacts_view_withdraw_action);
}

static void
muster_artifacts_view_init (MusterArtifactsView *self)
{
}

GtkWidget *
muster_artifacts_view_new (MusterSession *session)
{
  MusterArtifactsView *self = g_object_new (MUSTER_TYPE_ARTIFACTS_VIEW, NULL);
  GtkWidget           *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkDropTarget       *drops = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  self->uploads = MUSTER_UPLOAD_LIST (muster_upload_list_new (session));
  gtk_widget_set_vexpand (GTK_WIDGET (self->records), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->uploads));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->records));
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (drops, "drop", G_CALLBACK (muster_artifacts_view_drop_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drops));
  muster_records_view_open_pages (self->records, muster_artifact_page_new);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_artifacts_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_artifacts_view_rights_cb),
                           self, G_CONNECT_SWAPPED);
  muster_artifacts_view_rights_cb (self);
  return GTK_WIDGET (self);
}
