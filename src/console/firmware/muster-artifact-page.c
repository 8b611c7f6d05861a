/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-artifact-page"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-attachments.h"
#include "client/muster-api-collection.h"
#include "client/muster-api-firmware.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-rollouts.h"
#include "model/muster-device.h"
#include "muster-artifact-dialog.h"
#include "muster-artifact-page.h"
#include "muster-artifact-words.h"
#include "muster-doing.h"
#include "muster-firmware-doing.h"
#include "muster-rollout-wizard.h"
#include "muster-sign-dialog.h"
#include "widgets/muster-attachments.h"
#include "widgets/muster-command-bar.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-record-history.h"
#include "widgets/muster-references.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-trouble-view.h"

#define RELOAD_DELAY 120
#define MAX_ROLLOUTS 20

struct _MusterArtifactPage
{
  MusterPage parent_instance;

  char                  *id;       /* (owned) */
  MusterEntity          *artifact; /* (owned) (nullable) */
  MusterApiSubscription *journal;  /* (owned) (nullable) */
  unsigned               reload_id;

  /* Template children */
  GtkStack            *stack;
  MusterTroubleView   *trouble;
  GtkLabel            *name;
  GtkLabel            *subtitle;
  MusterStatusChip    *status_chip;
  MusterStatusChip    *trust_chip;
  MusterCommandBar    *commands;
  GtkListBox          *fits;
  GtkWidget           *notes_group;
  GtkLabel            *notes;
  GtkListBox          *file;
  GtkListBox          *places;
  GtkWidget           *contents_group;
  GtkListBox          *contents;
  MusterAttachments   *attachments;
  MusterRecordHistory *history;
};

G_DEFINE_FINAL_TYPE (MusterArtifactPage, muster_artifact_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterArtifactPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterApiClient *
client_of (MusterArtifactPage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

static int
get_status (MusterArtifactPage *self)
{
  return muster_entity_get_enum (self->artifact, "status");
}

/* --- what can be done now --- */

static const MusterCommand commands[] = {
  { N_ ("_Roll Out…"), "artifact.roll-out", "createRollout" },
  { N_ ("_Sign…"), "artifact.sign", "signFirmware", TRUE },
  { N_ ("_Withdraw"), "artifact.withdraw", "withdrawFirmware", TRUE },
  { N_ ("_Give to Devices Again"), "artifact.restore", "restoreFirmware", TRUE },
};

static void
show_commands (MusterArtifactPage *self)
{
  gboolean ready = get_status (self) == MUSTER_ARTIFACT_READY;
  gboolean is_image = muster_entity_get_enum (self->artifact, "format") == MUSTER_FORMAT_IMAGE;
  const gboolean wanted[G_N_ELEMENTS (commands)] = {
    ready,
    is_image,
    ready,
    get_status (self) == MUSTER_ARTIFACT_WITHDRAWN,
  };

  muster_command_bar_clear (self->commands);
  for (unsigned i = 0; i < G_N_ELEMENTS (commands); i++)
    if (wanted[i])
      muster_command_bar_add (self->commands, session_of (self), &commands[i]);
}

static void
muster_artifact_page_update_actions (MusterArtifactPage *self)
{
  static const struct
  {
    const char *action, *operation;
  } operations[] = {
    { "artifact.roll-out", "createRollout" },    { "artifact.sign", "signFirmware" },
    { "artifact.withdraw", "withdrawFirmware" }, { "artifact.restore", "restoreFirmware" },
    { "artifact.edit", "updateFirmware" },       { "artifact.delete", "deleteFirmware" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (operations); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), operations[i].action,
                                   self->artifact != NULL &&
                                     muster_page_may (MUSTER_PAGE (self), operations[i].operation));
}

/* --- what is shown --- */

static void
add_detail (GtkListBox *list, const char *title, const char *text)
{
  if (text != NULL && *text != '\0')
    gtk_list_box_append (list, muster_detail_row_new (title, text));
}

static void
show_fits (MusterArtifactPage *self)
{
  g_autofree char *models = muster_artifact_describe_models (self->artifact);
  g_autofree char *hardware = muster_artifact_describe_hardware (self->artifact);
  g_autofree char *versions = muster_artifact_describe_versions (self->artifact);
  g_autofree char *counter =
    muster_record_format (session_of (self), self->artifact, "security_counter");

  muster_list_clear (self->fits);
  add_detail (self->fits, _ ("Models"), models);
  add_detail (self->fits, _ ("Hardware revisions"), hardware);
  add_detail (self->fits, _ ("Installed over"), versions);
  add_detail (self->fits, _ ("Security counter"), counter);
}

static void
show_file (MusterArtifactPage *self)
{
  static const char *const fields[] = { "format",      "signing_key_id", "part", "vendor",
                                        "description", "created_at",     NULL };
  g_autofree char         *difference = muster_artifact_describe_difference (self->artifact);
  g_autofree char         *size =
    muster_entity_is_null (self->artifact, "size")
              ? NULL
              : g_format_size_full (muster_entity_get_integer (self->artifact, "size"),
                                    G_FORMAT_SIZE_LONG_FORMAT);

  muster_detail_rows_show (self->file, session_of (self), self->artifact, fields);
  add_detail (self->file, _ ("File"), muster_entity_get_string (self->artifact, "file_name"));
  add_detail (self->file, _ ("Size"), size);
  add_detail (self->file, _ ("By difference"), difference);
  add_detail (self->file, _ ("SHA-256"), muster_entity_get_string (self->artifact, "sha256"));
}

static void
show_artifact (MusterArtifactPage *self)
{
  static const char *const line[] = { "vendor", "format", "created_at", NULL };
  const char              *title = muster_reference_get_title (self->artifact);
  const char              *notes = muster_entity_get_string (self->artifact, "release_notes");
  g_autofree char *subtitle = muster_record_format_line (session_of (self), self->artifact, line);

  gtk_label_set_label (self->name, title);
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), title);
  gtk_label_set_label (self->subtitle, subtitle);
  muster_status_chip_set_value (self->status_chip, &muster_artifact_status_enum, get_status (self));
  muster_status_chip_set_value (self->trust_chip, &muster_artifact_trust_enum,
                                muster_entity_get_enum (self->artifact, "trust"));
  gtk_label_set_label (self->notes, notes != NULL ? notes : "");
  gtk_widget_set_visible (self->notes_group, notes != NULL && *notes != '\0');
  show_fits (self);
  show_file (self);
  show_commands (self);
  muster_attachments_show (self->attachments, session_of (self), "firmware_artifact", self->id);
  muster_artifact_page_update_actions (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

static void
muster_artifact_page_names_cb (MusterArtifactPage *self)
{
  if (self->artifact != NULL)
    show_file (self);
}

/* --- where it is --- */

static void
open_on_activate (GtkWidget *row, const char *kind, const char *id)
{
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "(ss)", kind, id);
}

static GtkWidget *
create_rollout_row (MusterArtifactPage *self, MusterEntity *rollout)
{
  GtkWidget       *chip = muster_status_chip_new ();
  gint64           total = muster_entity_get_integer (rollout, "total");
  g_autofree char *about =
    total > 0 ? g_strdup_printf (_ ("%" PRId64 " of %" PRId64 " devices were given it"),
                                 muster_entity_get_integer (rollout, "succeeded"), total)
              : NULL;
  GtkWidget *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "title", muster_entity_get_string (rollout, "name"),
                  "use-markup", FALSE, "subtitle", about, "activatable", TRUE, NULL);

  muster_status_chip_set_value (MUSTER_STATUS_CHIP (chip), &muster_rollout_status_enum,
                                muster_entity_get_enum (rollout, "status"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), chip);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  open_on_activate (row, "rollout", muster_entity_get_id (rollout));
  return row;
}

/* COUNT devices report its version: a row that shows them. */
static GtkWidget *
create_devices_row (MusterArtifactPage *self, gint64 count)
{
  const char      *version = muster_entity_get_string (self->artifact, "version");
  const char      *filters[] = { "firmware_version", version, NULL };
  g_autofree char *text = g_strdup_printf (ngettext ("%u device reports version %s",
                                                     "%u devices report version %s", count),
                                           (unsigned)count, version);
  GtkWidget       *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", text, "use-markup", FALSE,
                                       "activatable", count > 0, NULL);

  if (count > 0)
    {
      adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                                 gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.list");
      gtk_actionable_set_action_target_value (GTK_ACTIONABLE (row),
                                              g_variant_new ("(s^as)", "devices",
                                                             (const char *const *)filters));
    }
  return row;
}

static DexFuture *
muster_artifact_page_places_fiber (gpointer user_data)
{
  MusterArtifactPage      *self = user_data;
  const char              *version = muster_entity_get_string (self->artifact, "version");
  const char *const        installed[] = { "firmware_version", version, NULL };
  const char *const        uses[] = { "artifact_id", self->id, NULL };
  const MusterApiListQuery devices = { .limit = 1, .filters = installed };
  const MusterApiListQuery query = { .limit = MAX_ROLLOUTS, .sort = "-id", .filters = uses };
  g_autoptr (MusterApiPage) there = dex_await_object (
    muster_api_collection_list (client_of (self), &muster_device_info, &devices), NULL);
  g_autoptr (MusterApiPage) rollouts =
              dex_await_object (muster_api_rollouts_list (client_of (self), &query), NULL);

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  muster_list_clear (self->places);
  if (there != NULL)
    gtk_list_box_append (self->places,
                         create_devices_row (self, muster_api_page_get_total (there)));
  for (unsigned i = 0; rollouts != NULL && i < muster_api_page_get_length (rollouts); i++)
    gtk_list_box_append (self->places,
                         create_rollout_row (self, muster_api_page_get (rollouts, i)));
  return dex_future_new_true ();
}

/* --- what it contains --- */

/* A bill of materials: a row that shows its components, to be searched. */
static GtkWidget *
create_contents_row (MusterEntity *attachment)
{
  const char      *filters[] = { "view", "components", "attachment_id",
                                 muster_entity_get_id (attachment), NULL };
  unsigned         count = muster_entity_get_integer (attachment, "sbom_components");
  g_autofree char *title =
    g_strdup_printf (ngettext ("%u component", "%u components", count), count);
  g_autofree char *about =
    g_strdup_printf ("%s · %s", muster_entity_get_string (attachment, "sbom_format"),
                     muster_entity_get_string (attachment, "name"));
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "use-markup", FALSE,
                                 "subtitle", about, "activatable", TRUE, NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.list");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (row),
                                          g_variant_new ("(s^as)", "firmware",
                                                         (const char *const *)filters));
  return row;
}

static DexFuture *
muster_artifact_page_contents_fiber (gpointer user_data)
{
  MusterArtifactPage *self = user_data;
  gboolean            any = FALSE;
  g_autoptr (MusterApiPage) files = dex_await_object (
    muster_api_attachments_list (client_of (self), "firmware_artifact", self->id), NULL);

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  muster_list_clear (self->contents);
  for (unsigned i = 0; files != NULL && i < muster_api_page_get_length (files); i++)
    if (!muster_entity_is_null (muster_api_page_get (files, i), "sbom_format"))
      {
        gtk_list_box_append (self->contents, create_contents_row (muster_api_page_get (files, i)));
        any = TRUE;
      }
  gtk_widget_set_visible (self->contents_group, any);
  return dex_future_new_true ();
}

/* --- reading --- */

static DexFuture *
muster_artifact_page_load_fiber (gpointer user_data)
{
  MusterArtifactPage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) artifact =
              dex_await_object (muster_api_firmware_get (client_of (self), self->id), &error);
  gboolean gone;

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (artifact != NULL)
    {
      g_set_object (&self->artifact, artifact);
      show_artifact (self);
      muster_page_run (MUSTER_PAGE (self), muster_artifact_page_places_fiber);
      muster_page_run (MUSTER_PAGE (self), muster_artifact_page_contents_fiber);
      return dex_future_new_true ();
    }
  gone = g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND);
  if (!gone)
    muster_trouble_view_set_error (self->trouble, _ ("The Firmware Could Not Be Read"), error);
  if (gone || self->artifact == NULL)
    gtk_stack_set_visible_child_name (self->stack, gone ? "gone" : "error");
  return dex_future_new_true ();
}

static void
muster_artifact_page_refresh (MusterPage *page)
{
  MusterArtifactPage *self = MUSTER_ARTIFACT_PAGE (page);

  muster_page_run (page, muster_artifact_page_load_fiber);
  muster_record_history_show (self->history, session_of (self), "firmware_artifact", self->id);
}

static gboolean
muster_artifact_page_reload_cb (gpointer user_data)
{
  MUSTER_ARTIFACT_PAGE (user_data)->reload_id = 0;
  muster_artifact_page_refresh (user_data);
  return G_SOURCE_REMOVE;
}

static void
muster_artifact_page_journal_cb (MusterArtifactPage *self,
                                 const char         *topic,
                                 const char         *subject,
                                 JsonObject         *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change != NULL && self->reload_id == 0 &&
      (g_strcmp0 (muster_api_change_get_entity_id (change), self->id) == 0 ||
       g_strcmp0 (muster_api_change_get_entity (change), "attachment") == 0 ||
       g_strcmp0 (muster_api_change_get_entity (change), "rollout") == 0))
    self->reload_id = g_timeout_add (RELOAD_DELAY, muster_artifact_page_reload_cb, self);
}

static void
muster_artifact_page_ready_cb (MusterArtifactPage *self, gboolean resumed)
{
  if (!resumed)
    muster_artifact_page_refresh (MUSTER_PAGE (self));
}

/* --- doings --- */

static void
muster_artifact_page_do_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterArtifactPage *self = MUSTER_ARTIFACT_PAGE (widget);

  if (g_str_equal (name, "artifact.withdraw"))
    muster_firmware_do (session_of (self), self->id, muster_api_firmware_withdraw,
                        g_strdup (_ ("No further device is given it")), _ ("It was not withdrawn"),
                        muster_api_firmware_restore);
  else if (g_str_equal (name, "artifact.restore"))
    muster_firmware_do (session_of (self), self->id, muster_api_firmware_restore,
                        g_strdup (_ ("Devices may be given it again")), _ ("It stays withdrawn"),
                        muster_api_firmware_withdraw);
  else if (g_str_equal (name, "artifact.edit"))
    adw_dialog_present (muster_artifact_dialog_new (session_of (self), self->artifact), widget);
  else if (g_str_equal (name, "artifact.sign"))
    muster_sign_dialog_present (session_of (self), widget, self->artifact);
  else
    muster_page_push (MUSTER_PAGE (self),
                      muster_rollout_wizard_new (session_of (self), self->id, NULL));
}

/* Whoever may not delete it stays where the reason can be seen. */
static DexFuture *
muster_artifact_page_deleted_cb (DexFuture *future, gpointer page)
{
  muster_page_leave (page);
  return dex_ref (future);
}

static void
muster_artifact_page_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterArtifactPage *self = MUSTER_ARTIFACT_PAGE (widget);
  DexFuture          *work = muster_api_firmware_delete (client_of (self), self->id, 0);

  muster_do_and_offer (session_of (self),
                       dex_future_then (work, muster_artifact_page_deleted_cb, g_object_ref (self),
                                        g_object_unref),
                       "firmware_artifact", self->id,
                       g_strdup_printf (_ ("%s is deleted"),
                                        muster_reference_get_title (self->artifact)),
                       _ ("It was not deleted"));
}

static void
muster_artifact_page_rights_changed (MusterPage *page)
{
  muster_artifact_page_update_actions (MUSTER_ARTIFACT_PAGE (page));
}

/* --- life --- */

static void
muster_artifact_page_dispose (GObject *object)
{
  MusterArtifactPage *self = MUSTER_ARTIFACT_PAGE (object);

  g_clear_handle_id (&self->reload_id, g_source_remove);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_ARTIFACT_PAGE);
  g_clear_object (&self->artifact);
  G_OBJECT_CLASS (muster_artifact_page_parent_class)->dispose (object);
}

static void
muster_artifact_page_finalize (GObject *object)
{
  g_free (MUSTER_ARTIFACT_PAGE (object)->id);
  G_OBJECT_CLASS (muster_artifact_page_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const char *const names[] = { "artifact.roll-out", "artifact.sign", "artifact.withdraw",
                                       "artifact.restore", "artifact.edit" };

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_class_install_action (widget_class, names[i], NULL, muster_artifact_page_do_action);
  gtk_widget_class_install_action (widget_class, "artifact.delete", NULL,
                                   muster_artifact_page_delete_action);
}

static void
muster_artifact_page_class_init (MusterArtifactPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_artifact_page_dispose;
  object_class->finalize = muster_artifact_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_artifact_page_refresh;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_artifact_page_rights_changed;
  g_type_ensure (MUSTER_TYPE_ATTACHMENTS);
  g_type_ensure (MUSTER_TYPE_COMMAND_BAR);
  g_type_ensure (MUSTER_TYPE_RECORD_HISTORY);
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_STATUS_CHIP);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/artifact-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, name);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, status_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, trust_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, commands);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, fits);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, notes_group);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, notes);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, file);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, places);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, contents_group);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, contents);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, attachments);
  gtk_widget_class_bind_template_child (widget_class, MusterArtifactPage, history);
  install_actions (widget_class);
}

static void
muster_artifact_page_init (MusterArtifactPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

MusterPage *
muster_artifact_page_new (MusterSession *session, const char *artifact_id)
{
  MusterArtifactPage *self =
    g_object_new (MUSTER_TYPE_ARTIFACT_PAGE, "session", session, "title", _ ("Firmware"), NULL);

  self->id = g_strdup (artifact_id);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_artifact_page_journal_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_artifact_page_ready_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_artifact_page_names_cb), self, G_CONNECT_SWAPPED);
  muster_artifact_page_update_actions (self);
  muster_artifact_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}
