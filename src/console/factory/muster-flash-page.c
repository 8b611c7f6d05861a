/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-flash.h"
#include "client/muster-api-journal.h"
#include "firmware/muster-firmware-doing.h"
#include "firmware/muster-share-bar.h"
#include "muster-factory-words.h"
#include "muster-flash-dialog.h"
#include "muster-flash-page.h"
#include "muster-flash-row.h"
#include "muster-log-view.h"
#include "widgets/muster-command-bar.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-references.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-trouble-view.h"

/* Several boards end at once: they are read together. */
#define SETTLE_MSEC 120
/* The journal tells of steps; of what goes on within one is asked so often. */
#define FOLLOW_MSEC 1000
#define MAX_BOARDS 1000

struct _MusterFlashPage
{
  MusterPage parent_instance;

  char                  *id;      /* (owned) */
  MusterEntity          *batch;   /* (owned) (nullable) */
  MusterApiSubscription *journal; /* (owned) (nullable) */
  DexFuture             *logging; /* (owned) (nullable) */
  char                  *shown;   /* (owned) (nullable): the run whose log is shown */
  unsigned               reload_id;

  /* Template children */
  GtkStack           *stack;
  MusterTroubleView  *trouble;
  AdwMultiLayoutView *layout;
  AdwViewStack       *parts;
  GtkLabel           *name;
  GtkLabel           *subtitle;
  MusterStatusChip   *status_chip;
  MusterShareBar     *bar;
  GtkLabel           *shares;
  MusterCommandBar   *commands;
  GtkListBox         *boards;
  GtkLabel           *log_title;
  MusterLogView      *log;
};

G_DEFINE_FINAL_TYPE (MusterFlashPage, muster_flash_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterFlashPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterApiClient *
client_of (MusterFlashPage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

static MusterFlashRow *
get_row (MusterFlashPage *self, int index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->boards, index);

  return row != NULL ? MUSTER_FLASH_ROW (row) : NULL;
}

/* --- what can be done now --- */

static const MusterCommand commands[] = {
  { N_ ("_Next Boards…"), "flash.next", "addFlashRuns" },
  { N_ ("_Try What Failed Again"), "flash.retry", "retryFlashBatch" },
  { N_ ("_Stop…"), "flash.cancel", "cancelFlashBatch", TRUE },
};

static gboolean
has_undone (MusterFlashPage *self)
{
  MusterFlashRow *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    {
      int status = muster_entity_get_enum (muster_flash_row_get_run (row), "status");

      if (status == MUSTER_FLASH_RUN_FAILED || status == MUSTER_FLASH_RUN_CANCELLED)
        return TRUE;
    }
  return FALSE;
}

static void
muster_flash_page_update_actions (MusterFlashPage *self)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (commands); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), commands[i].action,
                                   self->batch != NULL &&
                                     muster_page_may (MUSTER_PAGE (self), commands[i].operation));
}

static void
show_commands (MusterFlashPage *self)
{
  gboolean       open = muster_entity_get_enum (self->batch, "status") == MUSTER_FLASH_BATCH_OPEN;
  const gboolean wanted[G_N_ELEMENTS (commands)] = { TRUE, has_undone (self), open };

  muster_command_bar_clear (self->commands);
  for (unsigned i = 0; i < G_N_ELEMENTS (commands); i++)
    if (wanted[i])
      muster_command_bar_add (self->commands, session_of (self), &commands[i]);
  muster_flash_page_update_actions (self);
}

/* --- the log --- */

static DexFuture *
muster_flash_page_log_cb (DexFuture *future, gpointer user_data)
{
  MusterFlashPage *self = user_data;
  const GValue    *value = dex_future_get_value (future, NULL);
  GBytes          *bytes = value != NULL ? g_value_get_boxed (value) : NULL;
  gsize            size = 0;
  const char      *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  g_autofree char *text = NULL;

  /* What is shown is better than nothing. */
  if (value == NULL)
    return dex_future_new_true ();
  text = muster_flash_tidy_log (data != NULL ? data : "", (gssize)size);
  if (self->log != NULL)
    muster_log_view_set_text (self->log, text);
  return dex_future_new_true ();
}

static void
read_log (MusterFlashPage *self)
{
  if (self->shown == NULL)
    return;
  dex_clear (&self->logging);
  self->logging = dex_future_finally (muster_api_flash_get_log (client_of (self), self->shown),
                                      muster_flash_page_log_cb, self, NULL);
}

static void
muster_flash_page_selected_cb (MusterFlashPage *self, GtkListBoxRow *row)
{
  MusterEntity    *run = row != NULL ? muster_flash_row_get_run (MUSTER_FLASH_ROW (row)) : NULL;
  g_autofree char *name = NULL;

  if (run == NULL)
    return;
  name = muster_port_dup_name (muster_entity_get_string (run, "port"));
  gtk_label_set_label (self->log_title, name);
  if (g_set_str (&self->shown, muster_entity_get_id (run)))
    muster_log_view_set_text (self->log, "");
  read_log (self);
}

/* Where the log is out of sight it is gone to. */
static void
muster_flash_page_activated_cb (MusterFlashPage *self, GtkListBoxRow *row)
{
  if (g_strcmp0 (adw_multi_layout_view_get_layout_name (self->layout), "narrow") == 0)
    adw_view_stack_set_visible_child_name (self->parts, "log");
}

/* --- what is shown --- */

static void
show_batch (MusterFlashPage *self, unsigned running)
{
  static const char *const line[] = { "artifact_id", "tool", "part", "created_at", NULL };
  const char              *name = muster_entity_get_string (self->batch, "name");
  const MusterShares       shares = { muster_entity_get_integer (self->batch, "total"),
                                      muster_entity_get_integer (self->batch, "succeeded"), running,
                                      muster_entity_get_integer (self->batch, "failed") };
  g_autofree char         *text = muster_shares_describe (&shares);
  g_autofree char *subtitle = muster_record_format_line (session_of (self), self->batch, line);

  gtk_label_set_label (self->name, name);
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), name);
  gtk_label_set_label (self->subtitle, subtitle);
  muster_status_chip_set_value (self->status_chip, &muster_flash_batch_status_enum,
                                muster_entity_get_enum (self->batch, "status"));
  muster_share_bar_set (self->bar, &shares);
  gtk_label_set_label (self->shares, text);
  show_commands (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

/* Returns how many are under way. */
static unsigned
show_runs (MusterFlashPage *self, MusterApiPage *runs)
{
  unsigned running = 0;

  for (unsigned i = 0; i < muster_api_page_get_length (runs); i++)
    {
      MusterEntity   *run = muster_api_page_get (runs, i);
      MusterFlashRow *row = get_row (self, (int)i);

      if (row == NULL)
        {
          row = MUSTER_FLASH_ROW (muster_flash_row_new ());
          gtk_list_box_append (self->boards, GTK_WIDGET (row));
        }
      muster_flash_row_show (row, run);
      running += muster_flash_run_is_busy (run);
    }
  if (gtk_list_box_get_selected_row (self->boards) == NULL && get_row (self, 0) != NULL)
    gtk_list_box_select_row (self->boards, GTK_LIST_BOX_ROW (get_row (self, 0)));
  return running;
}

static void
muster_flash_page_names_cb (MusterFlashPage *self)
{
  static const char *const line[] = { "artifact_id", "tool", "part", "created_at", NULL };
  g_autofree char         *text = NULL;

  if (self->batch == NULL)
    return;
  text = muster_record_format_line (session_of (self), self->batch, line);
  gtk_label_set_label (self->subtitle, text);
}

/* --- reading --- */

static void queue_reload (MusterFlashPage *self, unsigned delay);

static void
show_trouble (MusterFlashPage *self, const GError *error)
{
  if (self->batch != NULL)
    return;
  muster_trouble_view_set_error (self->trouble, _ ("The Batch Could Not Be Read"), error);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static DexFuture *
muster_flash_page_load_fiber (gpointer user_data)
{
  MusterFlashPage         *self = user_data;
  const char              *filters[] = { "batch_id", self->id, NULL };
  const MusterApiListQuery query = { .sort = "number", .limit = MAX_BOARDS, .filters = filters };
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) batch =
              dex_await_object (muster_api_flash_get (client_of (self), self->id), &error);
  g_autoptr (MusterApiPage) runs = NULL;
  unsigned running;

  if (batch != NULL)
    runs = dex_await_object (muster_api_flash_list_runs (client_of (self), &query), &error);
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (runs == NULL)
    {
      show_trouble (self, error);
      return dex_future_new_true ();
    }
  g_set_object (&self->batch, batch);
  running = show_runs (self, runs);
  show_batch (self, running);
  read_log (self);
  if (running > 0)
    queue_reload (self, FOLLOW_MSEC);
  return dex_future_new_true ();
}

static void
muster_flash_page_refresh (MusterPage *page)
{
  muster_page_run (page, muster_flash_page_load_fiber);
}

static void
muster_flash_page_due_cb (gpointer user_data)
{
  MusterFlashPage *self = user_data;

  self->reload_id = 0;
  muster_flash_page_refresh (MUSTER_PAGE (self));
}

static void
queue_reload (MusterFlashPage *self, unsigned delay)
{
  g_clear_handle_id (&self->reload_id, g_source_remove);
  self->reload_id = g_timeout_add_once (delay, muster_flash_page_due_cb, self);
}

/* --- changes as they happen --- */

static void
muster_flash_page_journal_cb (MusterFlashPage *self,
                              const char      *topic,
                              const char      *subject,
                              JsonObject      *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);
  const char *entity = change != NULL ? muster_api_change_get_entity (change) : NULL;

  if (g_strcmp0 (entity, "flash_run") == 0 ||
      (change != NULL && g_strcmp0 (muster_api_change_get_entity_id (change), self->id) == 0))
    queue_reload (self, SETTLE_MSEC);
}

static void
muster_flash_page_ready_cb (MusterFlashPage *self, gboolean resumed)
{
  if (!resumed)
    muster_flash_page_refresh (MUSTER_PAGE (self));
}

/* --- doings --- */

static void
muster_flash_page_next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterFlashPage *self = MUSTER_FLASH_PAGE (widget);

  adw_dialog_present (muster_flash_dialog_new (session_of (self), self->batch), widget);
}

static void
muster_flash_page_retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterFlashPage *self = MUSTER_FLASH_PAGE (widget);

  muster_firmware_do (session_of (self), self->id, muster_api_flash_retry_failed,
                      g_strdup (_ ("What failed is tried again")), _ ("It is not tried again"),
                      NULL);
}

static void
muster_flash_page_cancel_cb (MusterFlashPage *self)
{
  muster_firmware_do (session_of (self), self->id, muster_api_flash_cancel,
                      g_strdup (_ ("The batch is stopped")), _ ("It was not stopped"), NULL);
}

static void
muster_flash_page_cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_firmware_ask (widget, _ ("Stop This Batch?"),
                       _ ("No further board is begun. A board that is being written is left "
                          "without firmware that runs; it can be tried again."),
                       _ ("_Stop"), TRUE, G_CALLBACK (muster_flash_page_cancel_cb));
}

static void
muster_flash_page_rights_changed (MusterPage *page)
{
  muster_flash_page_update_actions (MUSTER_FLASH_PAGE (page));
}

/* --- life --- */

static void
muster_flash_page_dispose (GObject *object)
{
  MusterFlashPage *self = MUSTER_FLASH_PAGE (object);

  g_clear_handle_id (&self->reload_id, g_source_remove);
  dex_clear (&self->logging);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_FLASH_PAGE);
  g_clear_object (&self->batch);
  G_OBJECT_CLASS (muster_flash_page_parent_class)->dispose (object);
}

static void
muster_flash_page_finalize (GObject *object)
{
  MusterFlashPage *self = MUSTER_FLASH_PAGE (object);

  g_free (self->id);
  g_free (self->shown);
  G_OBJECT_CLASS (muster_flash_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/flash-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, layout);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, parts);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, name);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, status_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, bar);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, shares);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, commands);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, boards);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, log_title);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashPage, log);
  gtk_widget_class_bind_template_callback (widget_class, muster_flash_page_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_flash_page_activated_cb);
}

static void
muster_flash_page_class_init (MusterFlashPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_flash_page_dispose;
  object_class->finalize = muster_flash_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_flash_page_refresh;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_flash_page_rights_changed;
  g_type_ensure (MUSTER_TYPE_COMMAND_BAR);
  g_type_ensure (MUSTER_TYPE_LOG_VIEW);
  g_type_ensure (MUSTER_TYPE_SHARE_BAR);
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_STATUS_CHIP);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "flash.next", NULL, muster_flash_page_next_action);
  /* Ctrl+N: what is new here is boards. */
  gtk_widget_class_install_action (widget_class, "page.new", NULL, muster_flash_page_next_action);
  gtk_widget_class_install_action (widget_class, "flash.retry", NULL,
                                   muster_flash_page_retry_action);
  gtk_widget_class_install_action (widget_class, "flash.cancel", NULL,
                                   muster_flash_page_cancel_action);
}

static void
muster_flash_page_init (MusterFlashPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

MusterPage *
muster_flash_page_new (MusterSession *session, const char *batch_id)
{
  MusterFlashPage *self =
    g_object_new (MUSTER_TYPE_FLASH_PAGE, "session", session, "title", _ ("Flashing"), NULL);

  self->id = g_strdup (batch_id);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_flash_page_journal_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_flash_page_ready_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_flash_page_names_cb), self, G_CONNECT_SWAPPED);
  muster_flash_page_update_actions (self);
  muster_flash_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}
