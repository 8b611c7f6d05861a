/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-batch-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-factory.h"
#include "client/muster-api-journal.h"
#include "firmware/muster-share-bar.h"
#include "muster-doing.h"
#include "muster-factory-batch-dialog.h"
#include "muster-factory-batch-page.h"
#include "muster-station-page.h"
#include "muster-units-list.h"
#include "print/muster-print-dialog.h"
#include "print/muster-print-report.h"
#include "widgets/muster-command-bar.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-record-history.h"
#include "widgets/muster-references.h"
#include "widgets/muster-save-file.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-trouble-view.h"

#define MAX_PRINTED 1000

struct _MusterFactoryBatchPage
{
  MusterPage parent_instance;

  char                  *id;      /* (owned) */
  MusterEntity          *batch;   /* (owned) (nullable) */
  MusterApiSubscription *journal; /* (owned) (nullable) */

  /* Template children */
  GtkStack            *stack;
  MusterTroubleView   *trouble;
  GtkLabel            *name;
  GtkLabel            *subtitle;
  MusterStatusChip    *status_chip;
  MusterShareBar      *bar;
  GtkLabel            *shares;
  MusterCommandBar    *commands;
  GtkListBox          *details;
  MusterRecordHistory *history;
  AdwBin              *units_bin;
};

G_DEFINE_FINAL_TYPE (MusterFactoryBatchPage, muster_factory_batch_page, MUSTER_TYPE_PAGE)

static const char *const head_line[] = { "product_id", "model", "created_at", NULL };

static MusterSession *
session_of (MusterFactoryBatchPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterApiClient *
client_of (MusterFactoryBatchPage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

static gboolean
is_open (MusterFactoryBatchPage *self)
{
  return self->batch != NULL &&
         muster_entity_get_enum (self->batch, "status") == MUSTER_FACTORY_BATCH_OPEN;
}

/* --- what can be done now --- */

static void
muster_factory_batch_page_update_actions (MusterFactoryBatchPage *self)
{
  gboolean may_change =
    self->batch != NULL && muster_page_may (MUSTER_PAGE (self), "updateFactoryBatch");
  gboolean   may_save = muster_page_may (MUSTER_PAGE (self), "getFactoryRecord");
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "batch.station",
                                 is_open (self) &&
                                   muster_page_may (MUSTER_PAGE (self), "addFactoryUnits"));
  gtk_widget_action_set_enabled (widget, "batch.edit", may_change);
  gtk_widget_action_set_enabled (widget, "batch.close", may_change && is_open (self));
  gtk_widget_action_set_enabled (widget, "batch.reopen", may_change && !is_open (self));
  gtk_widget_action_set_enabled (widget, "batch.save", may_save);
  gtk_widget_action_set_enabled (widget, "page.export", may_save);
  gtk_widget_action_set_enabled (widget, "batch.keys",
                                 muster_page_may (MUSTER_PAGE (self), "getFactoryKeys"));
}

static void
show_commands (MusterFactoryBatchPage *self)
{
  static const MusterCommand station = { N_ ("_Open the Station"), "batch.station",
                                         "addFactoryUnits" };

  muster_command_bar_clear (self->commands);
  if (is_open (self))
    muster_command_bar_add (self->commands, session_of (self), &station);
  muster_factory_batch_page_update_actions (self);
}

/* --- what is shown --- */

static void
show_details (MusterFactoryBatchPage *self)
{
  static const char *const fields[] = { "wanted",        "location_id",
                                        "plan_id",       "labels",
                                        "model",         "hardware_revision",
                                        "serial_prefix", "serial_digits",
                                        "serial_next",   "artifact_id",
                                        "tool",          "part",
                                        "programmer",    NULL };
  g_autofree char *line = muster_record_format_line (session_of (self), self->batch, head_line);

  gtk_label_set_label (self->subtitle, line);
  muster_detail_rows_show (self->details, session_of (self), self->batch, fields);
}

static void
show_batch (MusterFactoryBatchPage *self)
{
  const char        *name = muster_entity_get_string (self->batch, "name");
  const MusterShares shares = { .total = muster_entity_get_integer (self->batch, "wanted"),
                                .succeeded = muster_entity_get_integer (self->batch, "passed"),
                                .failed = muster_entity_get_integer (self->batch, "failed") };
  g_autofree char   *text = muster_shares_describe (&shares);

  gtk_label_set_label (self->name, name);
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), name);
  muster_status_chip_set_value (self->status_chip, &muster_factory_batch_status_enum,
                                muster_entity_get_enum (self->batch, "status"));
  muster_share_bar_set (self->bar, &shares);
  gtk_label_set_label (self->shares, text);
  show_details (self);
  show_commands (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

static void
muster_factory_batch_page_names_cb (MusterFactoryBatchPage *self)
{
  if (self->batch != NULL)
    show_details (self);
}

/* --- reading --- */

static DexFuture *
muster_factory_batch_page_load_fiber (gpointer user_data)
{
  MusterFactoryBatchPage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) batch =
              dex_await_object (muster_api_factory_get (client_of (self), self->id), &error);

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (batch != NULL)
    {
      g_set_object (&self->batch, batch);
      show_batch (self);
    }
  else if (self->batch == NULL)
    {
      muster_trouble_view_set_error (self->trouble, _ ("The Batch Could Not Be Read"), error);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  return dex_future_new_true ();
}

static void
muster_factory_batch_page_refresh (MusterPage *page)
{
  MusterFactoryBatchPage *self = MUSTER_FACTORY_BATCH_PAGE (page);

  muster_page_run (page, muster_factory_batch_page_load_fiber);
  muster_record_history_show (self->history, session_of (self), "factory_batch", self->id);
}

static void
muster_factory_batch_page_journal_cb (MusterFactoryBatchPage *self,
                                      const char             *topic,
                                      const char             *subject,
                                      JsonObject             *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change != NULL && g_strcmp0 (muster_api_change_get_entity_id (change), self->id) == 0)
    muster_factory_batch_page_refresh (MUSTER_PAGE (self));
}

static void
muster_factory_batch_page_ready_cb (MusterFactoryBatchPage *self, gboolean resumed)
{
  if (!resumed)
    muster_factory_batch_page_refresh (MUSTER_PAGE (self));
}

/* --- doings --- */

static void
set_status (MusterFactoryBatchPage *self, const char *status, char *done)
{
  JsonObject *changes = json_object_new ();

  json_object_set_string_member (changes, "status", status);
  muster_do_and_offer (session_of (self),
                       muster_api_factory_update (client_of (self), self->id, changes, 0),
                       "factory_batch", self->id, done, _ ("The batch was not changed"));
}

static void
muster_factory_batch_page_do_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterFactoryBatchPage *self = MUSTER_FACTORY_BATCH_PAGE (widget);
  const char             *title = muster_entity_get_string (self->batch, "name");

  if (g_str_equal (name, "batch.station"))
    muster_page_push (MUSTER_PAGE (self), muster_station_page_new (session_of (self), self->id));
  else if (g_str_equal (name, "batch.edit"))
    adw_dialog_present (muster_factory_batch_dialog_new (session_of (self), self->batch), widget);
  else if (g_str_equal (name, "batch.close"))
    set_status (self, "closed", g_strdup_printf (_ ("“%s” is closed"), title));
  else
    set_status (self, "open", g_strdup_printf (_ ("“%s” is open again"), title));
}

/* What is saved: the batch, then the form. */
static DexFuture *
get_record (MusterApiClient *client, gpointer user_data)
{
  char **saved = user_data;

  return muster_api_factory_get_record (client, saved[0], saved[1]);
}

static DexFuture *
get_keys (MusterApiClient *client, gpointer user_data)
{
  return muster_api_factory_get_keys (client, user_data, NULL);
}

/* The batch's name with ENDING, as that of a file: (transfer full). */
static char *
make_file_name (MusterFactoryBatchPage *self, const char *ending)
{
  return g_strdelimit (g_strconcat (muster_entity_get_string (self->batch, "name"), ending, NULL),
                       "/:", '-');
}

static void
muster_factory_batch_page_save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterFactoryBatchPage *self = MUSTER_FACTORY_BATCH_PAGE (widget);
  const char      *format = parameter != NULL ? g_variant_get_string (parameter, NULL) : "csv";
  const char      *saved[] = { self->id, format, NULL };
  g_autofree char *ending = g_strconcat (".", format, NULL);
  g_autofree char *file = NULL;

  if (self->batch == NULL)
    return;
  file = make_file_name (self, ending);
  muster_save_file (session_of (self), widget, _ ("Save the Batch Record"), file, get_record,
                    g_strdupv ((char **)saved), (GDestroyNotify)g_strfreev);
}

static void
muster_factory_batch_page_keys_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterFactoryBatchPage *self = MUSTER_FACTORY_BATCH_PAGE (widget);
  g_autofree char        *file = NULL;

  if (self->batch == NULL)
    return;
  file = make_file_name (self, ".keys");
  muster_save_file (session_of (self), widget, _ ("Save the Units’ Keys"), file, get_keys,
                    g_strdup (self->id), g_free);
}

static DexFuture *
muster_factory_batch_page_print_fiber (gpointer user_data)
{
  MusterFactoryBatchPage  *self = user_data;
  const char              *filters[] = { "batch_id", self->id, NULL };
  const MusterApiListQuery query = { .sort = "number", .limit = MAX_PRINTED, .filters = filters };
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterApiPage) units =
              dex_await_object (muster_api_factory_list_units (client_of (self), &query), &error);
  g_autoptr (MusterDocumentPrint) print = NULL;
  g_autofree char *line = NULL;

  if (!muster_page_is_shown (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (units == NULL)
    {
      muster_session_tell_error (session_of (self), _ ("The boards could not be read"), error);
      return dex_future_new_true ();
    }
  line = muster_record_format_line (session_of (self), self->batch, head_line);
  print = muster_print_batch_record (muster_session_get_site_name (session_of (self)),
                                     muster_session_get_zone (session_of (self)), self->batch,
                                     muster_api_page_get_items (units), line);
  adw_dialog_present (muster_print_dialog_new_for (session_of (self), MUSTER_PRINTABLE (print)),
                      GTK_WIDGET (self));
  return dex_future_new_true ();
}

static void
muster_factory_batch_page_print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (MUSTER_FACTORY_BATCH_PAGE (widget)->batch != NULL)
    muster_page_run (MUSTER_PAGE (widget), muster_factory_batch_page_print_fiber);
}

static void
muster_factory_batch_page_rights_changed (MusterPage *page)
{
  muster_factory_batch_page_update_actions (MUSTER_FACTORY_BATCH_PAGE (page));
}

/* --- life --- */

static void
muster_factory_batch_page_dispose (GObject *object)
{
  MusterFactoryBatchPage *self = MUSTER_FACTORY_BATCH_PAGE (object);

  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_FACTORY_BATCH_PAGE);
  g_clear_object (&self->batch);
  G_OBJECT_CLASS (muster_factory_batch_page_parent_class)->dispose (object);
}

static void
muster_factory_batch_page_finalize (GObject *object)
{
  g_free (MUSTER_FACTORY_BATCH_PAGE (object)->id);
  G_OBJECT_CLASS (muster_factory_batch_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/factory-batch-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryBatchPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryBatchPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryBatchPage, name);
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryBatchPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryBatchPage, status_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryBatchPage, bar);
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryBatchPage, shares);
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryBatchPage, commands);
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryBatchPage, details);
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryBatchPage, history);
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryBatchPage, units_bin);
}

static void
muster_factory_batch_page_class_init (MusterFactoryBatchPageClass *klass)
{
  static const char *const done[] = { "batch.station", "batch.edit", "batch.close",
                                      "batch.reopen" };
  GObjectClass            *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass          *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_factory_batch_page_dispose;
  object_class->finalize = muster_factory_batch_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_factory_batch_page_refresh;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_factory_batch_page_rights_changed;
  g_type_ensure (MUSTER_TYPE_COMMAND_BAR);
  g_type_ensure (MUSTER_TYPE_RECORD_HISTORY);
  g_type_ensure (MUSTER_TYPE_SHARE_BAR);
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_STATUS_CHIP);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  bind_template (widget_class);
  for (unsigned i = 0; i < G_N_ELEMENTS (done); i++)
    gtk_widget_class_install_action (widget_class, done[i], NULL,
                                     muster_factory_batch_page_do_action);
  gtk_widget_class_install_action (widget_class, "batch.save", "s",
                                   muster_factory_batch_page_save_action);
  gtk_widget_class_install_action (widget_class, "batch.keys", NULL,
                                   muster_factory_batch_page_keys_action);
  gtk_widget_class_install_action (widget_class, "page.export", NULL,
                                   muster_factory_batch_page_save_action);
  gtk_widget_class_install_action (widget_class, "page.print", NULL,
                                   muster_factory_batch_page_print_action);
}

static void
muster_factory_batch_page_init (MusterFactoryBatchPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

MusterPage *
muster_factory_batch_page_new (MusterSession *session, const char *batch_id)
{
  MusterFactoryBatchPage *self =
    g_object_new (MUSTER_TYPE_FACTORY_BATCH_PAGE, "session", session, "title", _ ("Batch"), NULL);

  self->id = g_strdup (batch_id);
  adw_bin_set_child (self->units_bin, muster_units_list_new (session, batch_id));
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event",
                           G_CALLBACK (muster_factory_batch_page_journal_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_factory_batch_page_ready_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_factory_batch_page_names_cb), self,
                           G_CONNECT_SWAPPED);
  muster_factory_batch_page_update_actions (self);
  muster_factory_batch_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}
