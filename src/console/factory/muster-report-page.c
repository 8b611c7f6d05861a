/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-report-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-factory.h"
#include "client/muster-api-journal.h"
#include "devices/muster-device-page.h"
#include "firmware/muster-firmware-doing.h"
#include "muster-factory-words.h"
#include "muster-report-page.h"
#include "muster-step-list.h"
#include "print/muster-print-dialog.h"
#include "print/muster-print-report.h"
#include "widgets/muster-command-bar.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-format.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-references.h"
#include "widgets/muster-save-file.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-trouble-view.h"

typedef DexFuture *(*AnswerFunc) (MusterApiClient *client,
                                  const char      *id,
                                  gboolean         passed,
                                  const char      *note);
typedef DexFuture *(*ReportFunc) (MusterApiClient *client, const char *id, const char *format);

/* Boards of batches and boards under a plan alone are told of alike. */
typedef struct
{
  const MusterEntityInfo *info;
  MusterFirmwareCall      get;
  MusterFirmwareCall      cancel;
  MusterFirmwareCall      retry; /* (nullable) */
  AnswerFunc              answer;
  ReportFunc              get_report;
  const char             *may_save; /* the right */
  const char *const      *line;     /* of the head */
  MusterCommand           commands[7];
} Kind;

enum
{
  COMMAND_YES,
  COMMAND_NO,
  COMMAND_RETRY,
  COMMAND_LABEL,
  COMMAND_REPRINT,
  COMMAND_DEVICE,
  COMMAND_CANCEL,
  N_COMMANDS,
};

static const char *const unit_line[] = { "batch_id", "number", "started_at", NULL };
static const char *const run_line[] = { "plan_id", "started_at", NULL };

static const Kind unit_kind = {
  .info = &muster_factory_unit_info,
  .get = muster_api_factory_get_unit,
  .cancel = muster_api_factory_cancel_unit,
  .retry = muster_api_factory_retry_unit,
  .answer = muster_api_factory_answer_unit,
  .get_report = muster_api_factory_get_report,
  .may_save = "getFactoryReport",
  .line = unit_line,
  .commands = {
    [COMMAND_YES] = { N_ ("_Yes"), "report.answer::yes", "answerFactoryUnit" },
    [COMMAND_NO] = { N_ ("_No"), "report.answer::no", "answerFactoryUnit", TRUE },
    [COMMAND_RETRY] = { N_ ("_Try Again"), "report.retry", "retryFactoryUnit" },
    [COMMAND_LABEL] = { N_ ("_Print Label…"), "report.label", "getDeviceLabel" },
    [COMMAND_REPRINT] = { N_ ("Print Label at the _Site"), "report.reprint", "printFactoryLabel", TRUE },
    [COMMAND_DEVICE] = { N_ ("_Open the Device"), "report.device", "getDevice", TRUE },
    [COMMAND_CANCEL] = { N_ ("_Stop"), "report.cancel", "cancelFactoryUnit", TRUE },
  },
};

static const Kind run_kind = {
  .info = &muster_test_run_info,
  .get = muster_api_test_runs_get,
  .cancel = muster_api_test_runs_cancel,
  .answer = muster_api_test_runs_answer,
  .get_report = muster_api_test_runs_get_report,
  .may_save = "getTestRunReport",
  .line = run_line,
  .commands = {
    [COMMAND_YES] = { N_ ("_Yes"), "report.answer::yes", "answerTestRun" },
    [COMMAND_NO] = { N_ ("_No"), "report.answer::no", "answerTestRun", TRUE },
    [COMMAND_DEVICE] = { N_ ("_Open the Device"), "report.device", "getDevice", TRUE },
    [COMMAND_CANCEL] = { N_ ("_Stop"), "report.cancel", "cancelTestRun", TRUE },
  },
};

struct _MusterReportPage
{
  MusterPage parent_instance;

  const Kind            *kind;
  char                  *id;      /* (owned) */
  MusterEntity          *record;  /* (owned) (nullable) */
  MusterApiSubscription *journal; /* (owned) (nullable) */

  /* Template children */
  GtkStack          *stack;
  MusterTroubleView *trouble;
  GtkLabel          *name;
  GtkLabel          *subtitle;
  MusterStatusChip  *status_chip;
  GtkLabel          *error;
  GtkLabel          *waits;
  GtkLabel          *question;
  MusterCommandBar  *commands;
  MusterStepList    *steps;
  GtkListBox        *details;
};

G_DEFINE_FINAL_TYPE (MusterReportPage, muster_report_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterReportPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterBenchStatus
get_status (MusterReportPage *self)
{
  return muster_entity_get_enum (self->record, "status");
}

/* --- what is shown --- */

/* Whether a printer was told to print its label, however that ended. */
static gboolean
was_label_tried (MusterReportPage *self)
{
  int label = self->kind == &unit_kind ? muster_entity_get_enum (self->record, "label") : 0;

  return label == MUSTER_UNIT_LABEL_PRINTED || label == MUSTER_UNIT_LABEL_FAILED;
}

static void
show_commands (MusterReportPage *self)
{
  MusterBenchStatus status = get_status (self);
  gboolean          has_device = muster_entity_get_string (self->record, "device_id") != NULL;
  const gboolean    wanted[N_COMMANDS] = {
    [COMMAND_YES] = status == MUSTER_BENCH_ASKING,
    [COMMAND_NO] = status == MUSTER_BENCH_ASKING,
    [COMMAND_RETRY] = status == MUSTER_BENCH_FAILED || status == MUSTER_BENCH_CANCELLED,
    [COMMAND_LABEL] = status == MUSTER_BENCH_PASSED && has_device,
    [COMMAND_REPRINT] = status == MUSTER_BENCH_PASSED && has_device && was_label_tried (self),
    [COMMAND_DEVICE] = has_device,
    [COMMAND_CANCEL] = status < MUSTER_BENCH_PASSED,
  };

  muster_command_bar_clear (self->commands);
  for (unsigned i = 0; i < N_COMMANDS; i++)
    if (wanted[i] && self->kind->commands[i].label != NULL)
      muster_command_bar_add (self->commands, session_of (self), &self->kind->commands[i]);
}

static void
show_text (GtkLabel *label, const char *text)
{
  g_autofree char *sentence = text != NULL ? muster_format_sentence (text) : NULL;

  gtk_label_set_label (label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (label), sentence != NULL);
}

static void
show_waits (MusterReportPage *self)
{
  const char      *who = muster_entity_get_string (self->record, "waits_for");
  g_autofree char *text =
    who != NULL ? g_strdup_printf (_ ("The port is in use: %s. It begins when that is done."), who)
                : NULL;

  show_text (self->waits, text);
}

static void
show_details (MusterReportPage *self)
{
  static const char *const unit_fields[] = { "serial",      "port",        "flash_port",
                                             "attempt",     "device_id",   "label",
                                             "label_error", "key_read_at", "started_at",
                                             "finished_at", "report_hash", NULL };
  static const char *const run_fields[] = { "serial",      "port",        "device_id", "started_at",
                                            "finished_at", "report_hash", NULL };
  g_autofree char         *line =
    muster_record_format_line (session_of (self), self->record, self->kind->line);

  gtk_label_set_label (self->subtitle, line);
  muster_detail_rows_show (self->details, session_of (self), self->record,
                           self->kind == &unit_kind ? unit_fields : run_fields);
}

static void
show_record (MusterReportPage *self)
{
  g_autofree char *title = muster_board_dup_name (self->record);

  gtk_label_set_label (self->name, title);
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), title);
  muster_status_chip_set_value (self->status_chip, &muster_bench_status_enum,
                                (int)get_status (self));
  show_text (self->error, muster_entity_get_string (self->record, "error"));
  show_waits (self);
  show_text (self->question, get_status (self) == MUSTER_BENCH_ASKING
                               ? muster_entity_get_string (self->record, "question")
                               : NULL);
  muster_step_list_show (self->steps, muster_entity_get_string (self->record, "report"));
  show_details (self);
  show_commands (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

static void
muster_report_page_names_cb (MusterReportPage *self)
{
  if (self->record != NULL)
    show_details (self);
}

/* --- reading --- */

static DexFuture *
muster_report_page_load_fiber (gpointer user_data)
{
  MusterReportPage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) record =
      dex_await_object (self->kind->get (muster_page_get_client (MUSTER_PAGE (self)), self->id),
                        &error);

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (record != NULL)
    {
      g_set_object (&self->record, record);
      show_record (self);
    }
  else if (self->record == NULL)
    {
      muster_trouble_view_set_error (self->trouble, _ ("The Report Could Not Be Read"), error);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  return dex_future_new_true ();
}

static void
muster_report_page_refresh (MusterPage *page)
{
  muster_page_run (page, muster_report_page_load_fiber);
}

static void
muster_report_page_journal_cb (MusterReportPage *self,
                               const char       *topic,
                               const char       *subject,
                               JsonObject       *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change != NULL && g_strcmp0 (muster_api_change_get_entity_id (change), self->id) == 0)
    muster_report_page_refresh (MUSTER_PAGE (self));
}

static void
muster_report_page_ready_cb (MusterReportPage *self, gboolean resumed)
{
  if (!resumed)
    muster_report_page_refresh (MUSTER_PAGE (self));
}

/* --- doings --- */

static void
muster_report_page_answer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterReportPage *self = MUSTER_REPORT_PAGE (widget);
  gboolean          passed = g_str_equal (g_variant_get_string (parameter, NULL), "yes");

  muster_firmware_tell (session_of (self),
                        self->kind->answer (muster_page_get_client (MUSTER_PAGE (self)), self->id,
                                            passed, NULL),
                        g_strdup (passed ? _ ("Answered with yes") : _ ("Answered with no")),
                        _ ("The answer was not taken"));
}

static DexFuture *
print_label (MusterApiClient *client, const char *id)
{
  return muster_api_factory_print_label (client, id, NULL, NULL);
}

static void
muster_report_page_do_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterReportPage *self = MUSTER_REPORT_PAGE (widget);
  const char       *device = muster_entity_get_string (self->record, "device_id");
  const char       *ids[] = { device, NULL };

  if (g_str_equal (name, "report.retry"))
    muster_firmware_do (session_of (self), self->id, self->kind->retry,
                        g_strdup (_ ("The board is tried again")), _ ("It is not tried again"),
                        NULL);
  else if (g_str_equal (name, "report.cancel"))
    muster_firmware_do (session_of (self), self->id, self->kind->cancel, g_strdup (_ ("Stopped")),
                        _ ("It was not stopped"), NULL);
  else if (g_str_equal (name, "report.reprint"))
    muster_firmware_do (session_of (self), self->id, print_label,
                        g_strdup (_ ("The label is printed")), _ ("The label is not printed"),
                        NULL);
  else if (device != NULL && g_str_equal (name, "report.label"))
    muster_print_dialog_show (widget, session_of (self), MUSTER_PRINT_DEVICE_LABELS, ids);
  else if (device != NULL)
    muster_page_push (MUSTER_PAGE (self), muster_device_page_new (session_of (self), device));
}

/* What is saved: of which board, in which form. */
typedef struct
{
  const Kind *kind;
  char       *id;     /* (owned) */
  char       *format; /* (owned) */
} Saving;

static void
saving_free (gpointer data)
{
  Saving *self = data;

  g_free (self->id);
  g_free (self->format);
  g_free (self);
}

static DexFuture *
get_saved (MusterApiClient *client, gpointer user_data)
{
  Saving *saving = user_data;

  return saving->kind->get_report (client, saving->id, saving->format);
}

static void
muster_report_page_save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterReportPage *self = MUSTER_REPORT_PAGE (widget);
  Saving           *saving = g_new0 (Saving, 1);
  g_autofree char  *title = muster_board_dup_name (self->record);
  g_autofree char  *file = NULL;

  saving->kind = self->kind;
  saving->id = g_strdup (self->id);
  saving->format = g_variant_dup_string (parameter, NULL);
  file = g_strconcat (title, g_str_equal (saving->format, "junit") ? ".xml" : ".json", NULL);
  g_strdelimit (file, "/:", '-');
  muster_save_file (session_of (self), widget, _ ("Save the Report"), file, get_saved, saving,
                    saving_free);
}

static void
muster_report_page_print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterReportPage *self = MUSTER_REPORT_PAGE (widget);
  g_autoptr (MusterDocumentPrint) print = NULL;
  g_autofree char *line = NULL;

  if (self->record == NULL)
    return;
  line = muster_record_format_line (session_of (self), self->record, self->kind->line);
  print = muster_print_report (muster_session_get_site_name (session_of (self)),
                               muster_session_get_zone (session_of (self)), self->record, line);
  adw_dialog_present (muster_print_dialog_new_for (session_of (self), MUSTER_PRINTABLE (print)),
                      widget);
}

/* --- life --- */

static void
muster_report_page_dispose (GObject *object)
{
  MusterReportPage *self = MUSTER_REPORT_PAGE (object);

  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_REPORT_PAGE);
  g_clear_object (&self->record);
  G_OBJECT_CLASS (muster_report_page_parent_class)->dispose (object);
}

static void
muster_report_page_finalize (GObject *object)
{
  g_free (MUSTER_REPORT_PAGE (object)->id);
  G_OBJECT_CLASS (muster_report_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/report-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterReportPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterReportPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterReportPage, name);
  gtk_widget_class_bind_template_child (widget_class, MusterReportPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, MusterReportPage, status_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterReportPage, error);
  gtk_widget_class_bind_template_child (widget_class, MusterReportPage, waits);
  gtk_widget_class_bind_template_child (widget_class, MusterReportPage, question);
  gtk_widget_class_bind_template_child (widget_class, MusterReportPage, commands);
  gtk_widget_class_bind_template_child (widget_class, MusterReportPage, steps);
  gtk_widget_class_bind_template_child (widget_class, MusterReportPage, details);
}

static void
muster_report_page_class_init (MusterReportPageClass *klass)
{
  static const char *const done[] = { "report.retry", "report.cancel", "report.label",
                                      "report.reprint", "report.device" };
  GObjectClass            *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass          *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_report_page_dispose;
  object_class->finalize = muster_report_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_report_page_refresh;
  g_type_ensure (MUSTER_TYPE_COMMAND_BAR);
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_STATUS_CHIP);
  g_type_ensure (MUSTER_TYPE_STEP_LIST);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  bind_template (widget_class);
  for (unsigned i = 0; i < G_N_ELEMENTS (done); i++)
    gtk_widget_class_install_action (widget_class, done[i], NULL, muster_report_page_do_action);
  gtk_widget_class_install_action (widget_class, "report.answer", "s",
                                   muster_report_page_answer_action);
  gtk_widget_class_install_action (widget_class, "report.save", "s",
                                   muster_report_page_save_action);
  gtk_widget_class_install_action (widget_class, "page.print", NULL,
                                   muster_report_page_print_action);
}

static void
muster_report_page_init (MusterReportPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static MusterPage *
create (MusterSession *session, const Kind *kind, const char *id)
{
  MusterReportPage *self =
    g_object_new (MUSTER_TYPE_REPORT_PAGE, "session", session, "title", _ ("Report"), NULL);

  self->kind = kind;
  self->id = g_strdup (id);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_report_page_journal_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_report_page_ready_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_report_page_names_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "report.save",
                                 muster_session_may (session, kind->may_save));
  muster_report_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}

MusterPage *
muster_report_page_new_for_unit (MusterSession *session, const char *id)
{
  return create (session, &unit_kind, id);
}

MusterPage *
muster_report_page_new_for_run (MusterSession *session, const char *id)
{
  return create (session, &run_kind, id);
}
