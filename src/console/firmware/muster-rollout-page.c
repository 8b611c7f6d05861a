/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "client/muster-api-rollouts.h"
#include "muster-doing.h"
#include "muster-firmware-doing.h"
#include "muster-preflight-view.h"
#include "muster-rollout-graph.h"
#include "muster-rollout-page.h"
#include "muster-rollout-wizard.h"
#include "muster-rollout-words.h"
#include "muster-share-bar.h"
#include "muster-updates-view.h"
#include "widgets/muster-command-bar.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-format.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-record-history.h"
#include "widgets/muster-references.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-trouble-view.h"

/* Its figures are written a moment after what they count. */
#define RELOAD_DELAY 700

struct _MusterRolloutPage
{
  MusterPage parent_instance;

  char                  *id;      /* (owned) */
  MusterEntity          *rollout; /* (owned) (nullable) */
  MusterApiSubscription *journal; /* (owned) (nullable) */
  MusterApiSubscription *live;    /* (owned) (nullable) */
  MusterUpdatesView     *updates; /* borrowed from its bin */
  unsigned               reload_id;

  /* Template children */
  GtkStack            *stack;
  MusterTroubleView   *trouble;
  AdwMultiLayoutView  *layout;
  AdwViewStack        *parts;
  GtkLabel            *name;
  GtkLabel            *subtitle;
  MusterStatusChip    *status_chip;
  GtkLabel            *reason;
  MusterCommandBar    *commands;
  MusterShareBar      *bar;
  GtkLabel            *shares;
  MusterRolloutGraph  *graph;
  GtkWidget           *graph_group;
  GtkListBox          *details;
  MusterRecordHistory *history;
  GtkStack            *devices_stack;
  AdwBin              *updates_bin;
  MusterPreflightView *preflight;
};

G_DEFINE_FINAL_TYPE (MusterRolloutPage, muster_rollout_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterRolloutPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterApiClient *
client_of (MusterRolloutPage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

static MusterRolloutStatus
get_status (MusterRolloutPage *self)
{
  return muster_entity_get_enum (self->rollout, "status");
}

/* --- what can be done now --- */

static const MusterCommand commands[] = {
  { N_ ("_Start…"), "rollout.start", "startRollout" },
  { N_ ("_Approve…"), "rollout.approve", "approveRollout" },
  { N_ ("_Resume"), "rollout.resume", "resumeRollout" },
  { N_ ("_Try What Failed Again"), "rollout.retry", "retryRollout" },
  { N_ ("_Pause"), "rollout.pause", "pauseRollout", TRUE },
  { N_ ("_Cancel…"), "rollout.cancel", "cancelRollout", TRUE },
};

static void
show_commands (MusterRolloutPage *self)
{
  MusterRolloutStatus status = get_status (self);
  gboolean            begun = status >= MUSTER_ROLLOUT_SCHEDULED && status <= MUSTER_ROLLOUT_PAUSED;
  const gboolean      wanted[G_N_ELEMENTS (commands)] = {
    status == MUSTER_ROLLOUT_DRAFT,
    status == MUSTER_ROLLOUT_APPROVAL,
    status == MUSTER_ROLLOUT_PAUSED,
    (begun || status == MUSTER_ROLLOUT_FINISHED) &&
      muster_entity_get_integer (self->rollout, "failed") > 0,
    status == MUSTER_ROLLOUT_RUNNING || status == MUSTER_ROLLOUT_SCHEDULED,
    begun || status == MUSTER_ROLLOUT_APPROVAL,
  };

  muster_command_bar_clear (self->commands);
  for (unsigned i = 0; i < G_N_ELEMENTS (commands); i++)
    if (wanted[i])
      muster_command_bar_add (self->commands, session_of (self), &commands[i]);
}

static void
muster_rollout_page_update_actions (MusterRolloutPage *self)
{
  gboolean draft = self->rollout != NULL && get_status (self) == MUSTER_ROLLOUT_DRAFT;

  for (unsigned i = 0; i < G_N_ELEMENTS (commands); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), commands[i].action,
                                   self->rollout != NULL &&
                                     muster_page_may (MUSTER_PAGE (self), commands[i].operation));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rollout.edit",
                                 draft && muster_page_may (MUSTER_PAGE (self), "updateRollout"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rollout.delete",
                                 draft && muster_page_may (MUSTER_PAGE (self), "deleteRollout"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rollout.copy",
                                 self->rollout != NULL &&
                                   muster_page_may (MUSTER_PAGE (self), "createRollout"));
}

/* --- what is shown --- */

static void
show_details (MusterRolloutPage *self)
{
  static const char *const fields[] = { "artifact_id",
                                        "set_id",
                                        "device_group_id",
                                        "dynamic",
                                        "kind",
                                        "force_at",
                                        "starts_at",
                                        "error_action",
                                        "soak",
                                        "max_concurrent",
                                        "max_rate",
                                        "confirm_within",
                                        "give_up_after",
                                        "needs_approval",
                                        "approved_at",
                                        "approval_remark",
                                        "confirmation_required",
                                        "started_at",
                                        "finished_at",
                                        "description",
                                        NULL };
  g_autofree char         *whom = muster_rollout_describe_filter (self->rollout);
  g_autofree char         *window = muster_rollout_describe_window (self->rollout);
  g_autofree char         *gate = muster_rollout_describe_gate (self->rollout);

  muster_detail_rows_show (self->details, session_of (self), self->rollout, fields);
  if (window != NULL)
    gtk_list_box_prepend (self->details, muster_detail_row_new (_ ("Maintenance window"), window));
  if (gate != NULL)
    gtk_list_box_prepend (self->details, muster_detail_row_new (_ ("Telemetry gate"), gate));
  if (whom != NULL)
    gtk_list_box_prepend (self->details, muster_detail_row_new (_ ("Devices"), whom));
}

static void
show_shares (MusterRolloutPage *self)
{
  const MusterShares shares = { muster_entity_get_integer (self->rollout, "total"),
                                muster_entity_get_integer (self->rollout, "succeeded"),
                                muster_entity_get_integer (self->rollout, "running"),
                                muster_entity_get_integer (self->rollout, "failed") };
  g_autofree char   *text = muster_shares_describe (&shares);

  muster_share_bar_set (self->bar, &shares);
  gtk_label_set_label (self->shares, text);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), shares.total > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->shares), shares.total > 0);
}

/* Before it begins what could be updated is of interest; then what is. */
static void
show_devices (MusterRolloutPage *self)
{
  MusterRolloutStatus status = get_status (self);
  gboolean            begun = muster_entity_get_integer (self->rollout, "total") > 0 ||
                   (status != MUSTER_ROLLOUT_DRAFT && status != MUSTER_ROLLOUT_APPROVAL);

  gtk_stack_set_visible_child_name (self->devices_stack, begun ? "updates" : "preflight");
  if (!begun)
    muster_preflight_view_ask (self->preflight, session_of (self), self->rollout);
}

static void
show_rollout (MusterRolloutPage *self)
{
  static const char *const line[] = { "artifact_id", "set_id", "created_at", NULL };
  const char              *name = muster_entity_get_string (self->rollout, "name");
  const char              *reason = muster_entity_get_string (self->rollout, "reason");
  g_autofree char *subtitle = muster_record_format_line (session_of (self), self->rollout, line);
  g_autofree char *who =
    muster_session_dup_actor_name (session_of (self),
                                   muster_entity_get_string (self->rollout, "actor"));
  g_autofree char *text =
    g_strdup_printf ("%s%s%s", subtitle, who != NULL ? " · " : "", who != NULL ? who : "");
  g_autofree char *sentence = reason != NULL ? muster_format_sentence (reason) : NULL;

  gtk_label_set_label (self->name, name);
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), name);
  gtk_label_set_label (self->subtitle, text);
  muster_status_chip_set_value (self->status_chip, &muster_rollout_status_enum, get_status (self));
  gtk_label_set_label (self->reason, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason), sentence != NULL);
  show_shares (self);
  show_details (self);
  show_devices (self);
  show_commands (self);
  muster_rollout_page_update_actions (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

static void
muster_rollout_page_names_cb (MusterRolloutPage *self)
{
  if (self->rollout != NULL)
    show_details (self);
}

/* --- reading --- */

static DexFuture *
muster_rollout_page_load_fiber (gpointer user_data)
{
  MusterRolloutPage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) rollout =
              dex_await_object (muster_api_rollouts_get (client_of (self), self->id), &error);
  g_autoptr (MusterApiPage) groups = NULL;
  gboolean gone;

  if (rollout != NULL)
    groups = dex_await_object (muster_api_rollouts_list_groups (client_of (self), self->id), NULL);
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (rollout != NULL)
    {
      g_set_object (&self->rollout, rollout);
      show_rollout (self);
      gtk_widget_set_visible (self->graph_group,
                              groups != NULL && muster_api_page_get_length (groups) > 0);
      if (groups != NULL)
        muster_rollout_graph_show (self->graph, session_of (self), groups);
      return dex_future_new_true ();
    }
  gone = g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND);
  if (!gone)
    muster_trouble_view_set_error (self->trouble, _ ("The Rollout Could Not Be Read"), error);
  if (gone || self->rollout == NULL)
    gtk_stack_set_visible_child_name (self->stack, gone ? "gone" : "error");
  return dex_future_new_true ();
}

static void
muster_rollout_page_reload (MusterRolloutPage *self)
{
  muster_page_run (MUSTER_PAGE (self), muster_rollout_page_load_fiber);
}

static void
muster_rollout_page_refresh (MusterPage *page)
{
  MusterRolloutPage *self = MUSTER_ROLLOUT_PAGE (page);

  muster_rollout_page_reload (self);
  muster_record_history_show (self->history, session_of (self), "rollout", self->id);
  muster_records_view_refresh (muster_updates_view_get_records (self->updates));
}

static void
muster_rollout_page_search (MusterPage *page)
{
  muster_records_view_search (
    muster_updates_view_get_records (MUSTER_ROLLOUT_PAGE (page)->updates));
}

/* --- changes as they happen --- */

static void
muster_rollout_page_due_cb (gpointer user_data)
{
  MusterRolloutPage *self = user_data;

  self->reload_id = 0;
  muster_rollout_page_reload (self);
}

static void
queue_reload (MusterRolloutPage *self)
{
  if (self->reload_id == 0)
    self->reload_id = g_timeout_add_once (RELOAD_DELAY, muster_rollout_page_due_cb, self);
}

static void
muster_rollout_page_journal_cb (MusterRolloutPage *self,
                                const char        *topic,
                                const char        *subject,
                                JsonObject        *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change == NULL)
    return;
  if (g_strcmp0 (muster_api_change_get_entity_id (change), self->id) == 0)
    {
      muster_rollout_page_reload (self);
      muster_record_history_show (self->history, session_of (self), "rollout", self->id);
    }
  else if (g_strcmp0 (muster_api_change_get_entity (change), "rollout_group") == 0)
    queue_reload (self);
}

static void
muster_rollout_page_live_cb (MusterRolloutPage *self,
                             const char        *topic,
                             const char        *subject,
                             JsonObject        *data)
{
  if (g_strcmp0 (muster_api_json_get_string (data, "rollout_id"), self->id) == 0)
    queue_reload (self);
}

static void
muster_rollout_page_ready_cb (MusterRolloutPage *self, gboolean resumed)
{
  if (!resumed)
    muster_rollout_page_refresh (MUSTER_PAGE (self));
}

static void
subscribe (MusterRolloutPage *self)
{
  MusterApiStream *stream = muster_session_get_stream (session_of (self));

  self->journal = muster_api_stream_subscribe (stream, "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_rollout_page_journal_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_rollout_page_ready_cb), self,
                           G_CONNECT_SWAPPED);
  self->live = muster_api_stream_subscribe (stream, "updates", NULL, NULL, -1);
  g_signal_connect_object (self->live, "event", G_CALLBACK (muster_rollout_page_live_cb), self,
                           G_CONNECT_SWAPPED);
}

/* --- doings --- */

/* DONE is taken. */
static void
do_now (MusterRolloutPage *self, MusterFirmwareCall call, char *done, MusterFirmwareCall back)
{
  muster_firmware_do (session_of (self), self->id, call, done, _ ("The rollout does not do that"),
                      back);
}

static const char *
get_name (MusterRolloutPage *self)
{
  return muster_entity_get_string (self->rollout, "name");
}

static void
muster_rollout_page_start_cb (MusterRolloutPage *self)
{
  do_now (self, muster_api_rollouts_start,
          g_strdup_printf (_ ("“%s” was started"), get_name (self)), NULL);
}

static void
muster_rollout_page_approve_cb (MusterRolloutPage *self)
{
  do_now (self, muster_api_rollouts_approve,
          g_strdup_printf (_ ("“%s” is approved"), get_name (self)), NULL);
}

static void
muster_rollout_page_cancel_cb (MusterRolloutPage *self)
{
  do_now (self, muster_api_rollouts_cancel,
          g_strdup_printf (_ ("“%s” is cancelled"), get_name (self)), NULL);
}

/* Firmware on a device is not taken back by a click: what comes of it is said first. */
static void
muster_rollout_page_ask_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRolloutPage *self = MUSTER_ROLLOUT_PAGE (widget);
  g_autofree char   *effect =
    muster_rollout_describe_start (self->rollout, muster_preflight_view_get_ready (self->preflight),
                                   muster_preflight_view_get_total (self->preflight));

  if (g_str_equal (name, "rollout.start"))
    muster_firmware_ask (widget, _ ("Start This Rollout?"), effect, _ ("_Start"), FALSE,
                         G_CALLBACK (muster_rollout_page_start_cb));
  else if (g_str_equal (name, "rollout.approve"))
    muster_firmware_ask (widget, _ ("Approve This Rollout?"), effect, _ ("_Approve"), FALSE,
                         G_CALLBACK (muster_rollout_page_approve_cb));
  else
    muster_firmware_ask (widget, _ ("Cancel This Rollout?"),
                         _ ("No further device begins, and those under way are told to let it be: "
                            "some may be past that point. Devices that run it already keep it. A "
                            "cancelled rollout does not go on."),
                         _ ("_Cancel Rollout"), TRUE, G_CALLBACK (muster_rollout_page_cancel_cb));
}

static void
muster_rollout_page_do_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRolloutPage *self = MUSTER_ROLLOUT_PAGE (widget);

  if (g_str_equal (name, "rollout.pause"))
    do_now (self, muster_api_rollouts_pause,
            g_strdup_printf (_ ("“%s” is paused: no further device begins"), get_name (self)),
            muster_api_rollouts_resume);
  else if (g_str_equal (name, "rollout.resume"))
    do_now (self, muster_api_rollouts_resume, g_strdup_printf (_ ("“%s” goes on"), get_name (self)),
            muster_api_rollouts_pause);
  else if (g_str_equal (name, "rollout.retry"))
    do_now (self, muster_api_rollouts_retry_failed,
            g_strdup_printf (_ ("“%s”: what failed is tried again"), get_name (self)), NULL);
  else if (g_str_equal (name, "rollout.copy"))
    muster_page_push (MUSTER_PAGE (self),
                      muster_rollout_wizard_new_copy (session_of (self), self->rollout));
  else
    muster_page_push (MUSTER_PAGE (self),
                      muster_rollout_wizard_new_edit (session_of (self), self->rollout));
}

static void
muster_rollout_page_open_group_cb (MusterRolloutPage *self, unsigned position)
{
  muster_firmware_tell (session_of (self),
                        muster_api_rollouts_open_group (client_of (self), self->id, position),
                        g_strdup (_ ("The group begins")), _ ("The group stays closed"));
}

/* Its devices alone, where there is no room for both, in front; those of all groups once more. */
static void
muster_rollout_page_group_cb (MusterRolloutPage *self, MusterEntity *group)
{
  g_autofree char *shown = muster_updates_view_dup_group (self->updates);
  const char      *id = muster_entity_get_id (group);

  if (g_strcmp0 (shown, id) == 0)
    muster_updates_view_show_group (self->updates, NULL, NULL);
  else
    {
      muster_updates_view_show_group (self->updates, id, muster_entity_get_string (group, "name"));
      adw_view_stack_set_visible_child_name (self->parts, "devices");
    }
}

static void
muster_rollout_page_asked_cb (MusterRolloutPage *self)
{
  g_autofree char *shown = muster_updates_view_dup_group (self->updates);

  if (muster_page_is_alive (MUSTER_PAGE (self)))
    muster_rollout_graph_set_shown (self->graph, shown);
}

static void
muster_rollout_page_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRolloutPage *self = MUSTER_ROLLOUT_PAGE (widget);

  muster_do_and_offer (session_of (self),
                       muster_api_rollouts_delete (client_of (self), self->id, 0), "rollout",
                       self->id,
                       g_strdup_printf (_ ("“%s” is deleted"),
                                        muster_entity_get_string (self->rollout, "name")),
                       _ ("It was not deleted"));
  muster_page_leave (MUSTER_PAGE (self));
}

static void
muster_rollout_page_rights_changed (MusterPage *page)
{
  muster_rollout_page_update_actions (MUSTER_ROLLOUT_PAGE (page));
}

/* --- life --- */

static void
muster_rollout_page_dispose (GObject *object)
{
  MusterRolloutPage      *self = MUSTER_ROLLOUT_PAGE (object);
  MusterApiSubscription **subscriptions[] = { &self->journal, &self->live };

  g_clear_handle_id (&self->reload_id, g_source_remove);
  for (unsigned i = 0; i < G_N_ELEMENTS (subscriptions); i++)
    {
      if (*subscriptions[i] != NULL)
        muster_api_subscription_close (*subscriptions[i]);
      g_clear_object (subscriptions[i]);
    }
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_ROLLOUT_PAGE);
  g_clear_object (&self->rollout);
  G_OBJECT_CLASS (muster_rollout_page_parent_class)->dispose (object);
}

static void
muster_rollout_page_finalize (GObject *object)
{
  g_free (MUSTER_ROLLOUT_PAGE (object)->id);
  G_OBJECT_CLASS (muster_rollout_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/rollout-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, layout);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, parts);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, name);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, status_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, reason);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, commands);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, bar);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, shares);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, graph);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, graph_group);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, details);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, history);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, devices_stack);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, updates_bin);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutPage, preflight);
  gtk_widget_class_bind_template_callback (widget_class, muster_rollout_page_open_group_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_rollout_page_group_cb);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const char *const asked[] = { "rollout.start", "rollout.approve", "rollout.cancel" };
  static const char *const done[] = { "rollout.pause", "rollout.resume", "rollout.retry",
                                      "rollout.copy", "rollout.edit" };

  for (unsigned i = 0; i < G_N_ELEMENTS (asked); i++)
    gtk_widget_class_install_action (widget_class, asked[i], NULL, muster_rollout_page_ask_action);
  for (unsigned i = 0; i < G_N_ELEMENTS (done); i++)
    gtk_widget_class_install_action (widget_class, done[i], NULL, muster_rollout_page_do_action);
  gtk_widget_class_install_action (widget_class, "rollout.delete", NULL,
                                   muster_rollout_page_delete_action);
}

static void
muster_rollout_page_class_init (MusterRolloutPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_rollout_page_dispose;
  object_class->finalize = muster_rollout_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_rollout_page_refresh;
  MUSTER_PAGE_CLASS (klass)->search = muster_rollout_page_search;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_rollout_page_rights_changed;
  g_type_ensure (MUSTER_TYPE_COMMAND_BAR);
  g_type_ensure (MUSTER_TYPE_PREFLIGHT_VIEW);
  g_type_ensure (MUSTER_TYPE_RECORD_HISTORY);
  g_type_ensure (MUSTER_TYPE_ROLLOUT_GRAPH);
  g_type_ensure (MUSTER_TYPE_SHARE_BAR);
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_STATUS_CHIP);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  bind_template (widget_class);
  install_actions (widget_class);
}

static void
muster_rollout_page_init (MusterRolloutPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

MusterPage *
muster_rollout_page_new (MusterSession *session, const char *rollout_id)
{
  MusterRolloutPage *self =
    g_object_new (MUSTER_TYPE_ROLLOUT_PAGE, "session", session, "title", _ ("Rollout"), NULL);

  self->id = g_strdup (rollout_id);
  self->updates = MUSTER_UPDATES_VIEW (muster_updates_view_new (session, self->id));
  adw_bin_set_child (self->updates_bin, GTK_WIDGET (self->updates));
  g_signal_connect_object (muster_updates_view_get_records (self->updates), "asked",
                           G_CALLBACK (muster_rollout_page_asked_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_rollout_page_names_cb), self, G_CONNECT_SWAPPED);
  subscribe (self);
  muster_rollout_page_update_actions (self);
  muster_rollout_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}
