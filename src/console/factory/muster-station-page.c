/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-station-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-factory.h"
#include "client/muster-api-journal.h"
#include "firmware/muster-firmware-doing.h"
#include "firmware/muster-share-bar.h"
#include "muster-factory-words.h"
#include "muster-permission.h"
#include "muster-ports-ask.h"
#include "muster-report-page.h"
#include "muster-station-page.h"
#include "muster-step-list.h"
#include "muster-test-words.h"
#include "print/muster-paper-view.h"
#include "print/muster-print-dialog.h"
#include "print/muster-print-load.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-pressable.h"
#include "widgets/muster-status-chip.h"

#define SETTLE_MSEC 100
#define MAX_LAST 10
#define LABEL_FORMAT "roll-62x29"
#define KEY_UNIT "muster-unit"

/* What the operator has before them. */
typedef enum
{
  STATE_NOT_READ,
  STATE_PORTLESS,
  STATE_READY,
  STATE_BUSY,
  STATE_ASKING,
  STATE_PASSED,
  STATE_FAILED,
  STATE_COMPLETE,
} State;

struct _MusterStationPage
{
  MusterPage parent_instance;

  char                  *id;        /* (owned): of the batch */
  MusterEntity          *batch;     /* (owned) (nullable) */
  MusterEntity          *unit;      /* (owned) (nullable): the board on the port */
  char                  *unit_id;   /* (owned) (nullable) */
  char                  *port_path; /* (owned) (nullable) */
  char                  *labelled;  /* (owned) (nullable): the device whose label is shown */
  MusterApiSubscription *journal;   /* (owned) (nullable) */
  unsigned               reload_id;
  State                  shown;
  gboolean               is_sending;

  /* Template children */
  GtkWidget       *port;
  GtkImage        *icon;
  GtkLabel        *state;
  GtkLabel        *text;
  GtkProgressBar  *progress;
  AdwWrapBox      *buttons;
  MusterPaperView *label;
  MusterStepList  *steps;
  GtkLabel        *shares;
  MusterShareBar  *bar;
  GtkListBox      *last;
};

G_DEFINE_FINAL_TYPE (MusterStationPage, muster_station_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterStationPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterApiClient *
client_of (MusterStationPage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

static void reload (MusterStationPage *self);

/* --- what the operator has before them --- */

static gboolean
is_complete (MusterStationPage *self)
{
  return muster_entity_get_enum (self->batch, "status") != MUSTER_FACTORY_BATCH_OPEN ||
         muster_entity_get_integer (self->batch, "passed") >=
           muster_entity_get_integer (self->batch, "wanted");
}

static State
find_state (MusterStationPage *self)
{
  int status = self->unit != NULL ? muster_entity_get_enum (self->unit, "status") : -1;

  if (self->batch == NULL)
    return STATE_NOT_READ;
  if (status == MUSTER_BENCH_ASKING)
    return STATE_ASKING;
  if (self->is_sending || (status >= 0 && status < MUSTER_BENCH_PASSED))
    return STATE_BUSY;
  if (status == MUSTER_BENCH_PASSED)
    return STATE_PASSED;
  if (status >= 0)
    return STATE_FAILED;
  if (is_complete (self))
    return STATE_COMPLETE;
  return self->port_path != NULL ? STATE_READY : STATE_PORTLESS;
}

/* How each state looks. */
static const struct
{
  const char *icon_name;
  const char *css_class;
} looks[] = {
  [STATE_NOT_READ] = { "content-loading-symbolic", "dim-label" },
  [STATE_PORTLESS] = { "muster-plug-symbolic", "dim-label" },
  [STATE_READY] = { "muster-board-symbolic", "accent" },
  [STATE_BUSY] = { "muster-ring-symbolic", "accent" },
  [STATE_ASKING] = { "dialog-question-symbolic", "warning" },
  [STATE_PASSED] = { "object-select-symbolic", "success" },
  [STATE_FAILED] = { "muster-cross-symbolic", "error" },
  [STATE_COMPLETE] = { "muster-factory-symbolic", "success" },
};

/* What can be done in which state; the first of them is what Enter does. */
static const struct
{
  State       state;
  const char *label;     /* N_() marked, with mnemonic */
  const char *action;    /* detailed name */
  const char *operation; /* the right it takes */
} doings[] = {
  { STATE_PORTLESS, N_ ("Choose the _Port…"), "station.port", "listFlashPorts" },
  { STATE_READY, N_ ("_Start"), "station.start", "addFactoryUnits" },
  { STATE_BUSY, N_ ("_Stop"), "station.cancel", "cancelFactoryUnit" },
  { STATE_ASKING, N_ ("_Yes"), "station.answer::yes", "answerFactoryUnit" },
  { STATE_ASKING, N_ ("_No"), "station.answer::no", "answerFactoryUnit" },
  { STATE_PASSED, N_ ("_Start Next Board"), "station.start", "addFactoryUnits" },
  { STATE_PASSED, N_ ("_Print Label…"), "station.label", "getDeviceLabel" },
  { STATE_FAILED, N_ ("_Try Again"), "station.retry", "retryFactoryUnit" },
  { STATE_FAILED, N_ ("_Next Board"), "station.next", "addFactoryUnits" },
};

static GtkWidget *
create_button (MusterStationPage *self, unsigned index, gboolean is_first)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_ (doings[index].label));

  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), doings[index].action);
  gtk_widget_add_css_class (button, "pill");
  if (is_first && doings[index].state != STATE_BUSY)
    gtk_widget_add_css_class (button, "suggested-action");
  muster_permission_guard (session_of (self), button, doings[index].operation);
  return button;
}

/* The buttons of STATE, the first of which has the focus: Enter presses it. */
static void
show_buttons (MusterStationPage *self, State state)
{
  GtkWidget *first = NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->buttons))) != NULL)
    adw_wrap_box_remove (self->buttons, child);
  for (unsigned i = 0; i < G_N_ELEMENTS (doings); i++)
    {
      GtkWidget *button;

      if (doings[i].state != state ||
          (state == STATE_PASSED && g_str_equal (doings[i].action, "station.start") &&
           is_complete (self)))
        continue;
      button = create_button (self, i, first == NULL);
      adw_wrap_box_append (self->buttons, button);
      if (first == NULL)
        first = button;
    }
  /* Nobody shall stop a board by an Enter too many. */
  if (first != NULL && state != STATE_BUSY)
    gtk_widget_grab_focus (first);
}

/* --- words --- */

static char *
describe_board (MusterStationPage *self)
{
  const char *serial = muster_entity_get_string (self->unit, "serial");

  return serial != NULL ? g_strdup (serial)
                        : muster_port_dup_name (muster_entity_get_string (self->unit, "port"));
}

/* The large words: (transfer full). */
static char *
describe_state (MusterStationPage *self, State state)
{
  switch (state)
    {
    case STATE_PORTLESS:
      return g_strdup (_ ("Which Port?"));
    case STATE_READY:
      return g_strdup (_ ("Put a Board on the Port"));
    case STATE_BUSY:
      return g_strdup (self->unit != NULL
                         ? _ (muster_enum_get_label (&muster_bench_status_enum,
                                                     muster_entity_get_enum (self->unit, "status")))
                         : _ ("Begins"));
    case STATE_ASKING:
      return g_strdup (muster_entity_get_string (self->unit, "question"));
    case STATE_PASSED:
      return g_strdup (_ ("Passed"));
    case STATE_FAILED:
      return g_strdup (_ (muster_enum_get_label (&muster_bench_status_enum,
                                                 muster_entity_get_enum (self->unit, "status"))));
    case STATE_COMPLETE:
      return g_strdup (_ ("This Batch Is Complete"));
    case STATE_NOT_READ:
    default:
      return g_strdup (_ ("Reads the Batch"));
    }
}

static char *
describe_failure (MusterStationPage *self)
{
  const char      *step = muster_entity_get_string (self->unit, "step");
  const char      *error = muster_entity_get_string (self->unit, "error");
  g_autofree char *board = describe_board (self);
  g_autofree char *why = error != NULL ? muster_format_sentence (error) : g_strdup ("");

  if (step == NULL)
    return g_strdup_printf ("%s\n%s", board, why);
  /* Translators: a board, the step of the test that failed, and why. */
  return g_strdup_printf (_ ("%s at “%s”\n%s"), board, step, why);
}

/* What stands below: (transfer full). */
static char *
describe_more (MusterStationPage *self, State state)
{
  const char      *step = self->unit != NULL ? muster_entity_get_string (self->unit, "step") : NULL;
  g_autofree char *board = self->unit != NULL ? describe_board (self) : NULL;
  g_autofree char *port = self->port_path != NULL ? muster_port_dup_name (self->port_path) : NULL;

  switch (state)
    {
    case STATE_PORTLESS:
      return g_strdup (_ ("Boards come on one port here; choose it once."));
    case STATE_READY:
      return g_strdup_printf (_ ("Put it on %s, then press Enter."), port);
    case STATE_BUSY:
      return g_strdup (step != NULL ? step : "");
    case STATE_ASKING:
      return g_strdup_printf (_ ("%s · press Y or N"), board);
    case STATE_PASSED:
      return is_complete (self)
               ? g_strdup_printf (_ ("%s\nThat was the last one of this batch."), board)
               : g_strdup_printf (_ ("%s\nPut the next board on %s, then press Enter."), board,
                                  port);
    case STATE_FAILED:
      return describe_failure (self);
    case STATE_COMPLETE:
    case STATE_NOT_READ:
    default:
      return g_strdup ("");
    }
}

/* --- the label --- */

static DexFuture *
muster_station_page_label_fiber (gpointer user_data)
{
  MusterStationPage *self = user_data;
  g_autofree char   *device = g_strdup (self->labelled);
  const char        *ids[] = { device, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterLabelPrint) print =
              muster_label_print_new (muster_label_format_find (LABEL_FORMAT), 0);
  gboolean loaded = muster_print_load_labels (print, client_of (self), "device", ids, TRUE, &error);

  if (!muster_page_is_alive (MUSTER_PAGE (self)) || g_strcmp0 (device, self->labelled) != 0)
    return dex_future_new_true ();
  if (!loaded)
    {
      muster_session_tell_error (session_of (self), _ ("The label could not be read"), error);
      return dex_future_new_true ();
    }
  muster_printable_layout (MUSTER_PRINTABLE (print));
  muster_paper_view_set_page (self->label, MUSTER_PRINTABLE (print), 0);
  gtk_widget_set_visible (GTK_WIDGET (self->label), TRUE);
  return dex_future_new_true ();
}

/* That of the unit that passed last, where it may be seen. */
static void
show_label (MusterStationPage *self, State state)
{
  const char *device =
    state == STATE_PASSED ? muster_entity_get_string (self->unit, "device_id") : NULL;

  if (!g_set_str (&self->labelled, device))
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->label), FALSE);
  if (device != NULL && muster_page_may (MUSTER_PAGE (self), "getDeviceLabel"))
    muster_page_run (MUSTER_PAGE (self), muster_station_page_label_fiber);
}

/* --- showing --- */

static void
show_progress (MusterStationPage *self, State state)
{
  const char *report = self->unit != NULL ? muster_entity_get_string (self->unit, "report") : NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonArray *steps = muster_report_read_steps (report, &root);
  unsigned   n_steps = steps != NULL ? json_array_get_length (steps) : 0;

  gtk_progress_bar_set_fraction (self->progress,
                                 n_steps > 0 ? (double)muster_report_count_done (steps) / n_steps
                                             : 0);
  gtk_widget_set_visible (GTK_WIDGET (self->progress),
                          n_steps > 0 && (state == STATE_BUSY || state == STATE_ASKING));
  muster_step_list_show (self->steps, state == STATE_PASSED ? NULL : report);
}

static void
show_counts (MusterStationPage *self)
{
  const MusterShares shares = { .total = muster_entity_get_integer (self->batch, "wanted"),
                                .succeeded = muster_entity_get_integer (self->batch, "passed"),
                                .failed = muster_entity_get_integer (self->batch, "failed") };
  g_autofree char   *text = muster_shares_describe (&shares);

  gtk_label_set_label (self->shares, text);
  muster_share_bar_set (self->bar, &shares);
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self),
                                 muster_entity_get_string (self->batch, "name"));
}

static void
show (MusterStationPage *self)
{
  State            state = find_state (self);
  g_autofree char *words = describe_state (self, state);
  g_autofree char *more = describe_more (self, state);
  g_autofree char *port =
    self->port_path != NULL ? muster_port_dup_name (self->port_path) : g_strdup (_ ("Port…"));

  gtk_button_set_label (GTK_BUTTON (self->port), port);
  gtk_label_set_label (self->state, words);
  gtk_label_set_label (self->text, more);
  for (unsigned i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->icon), looks[i].css_class);
      gtk_widget_remove_css_class (GTK_WIDGET (self->state), looks[i].css_class);
    }
  gtk_image_set_from_icon_name (self->icon, looks[state].icon_name);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), looks[state].css_class);
  gtk_widget_add_css_class (GTK_WIDGET (self->state), looks[state].css_class);
  show_progress (self, state);
  show_label (self, state);
  if (state == self->shown)
    return;
  self->shown = state;
  show_buttons (self, state);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), words, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* --- the last boards --- */

static void
muster_station_page_opened_cb (MusterStationPage *self, GtkWidget *row)
{
  muster_page_push (MUSTER_PAGE (self),
                    muster_report_page_new_for_unit (session_of (self),
                                                     g_object_get_data (G_OBJECT (row), KEY_UNIT)));
}

static GtkWidget *
create_last_row (MusterStationPage *self, MusterEntity *unit)
{
  const char      *serial = muster_entity_get_string (unit, "serial");
  const char      *error = muster_entity_get_string (unit, "error");
  GtkWidget       *chip = muster_status_chip_new ();
  g_autofree char *name = serial != NULL
                            ? g_strdup (serial)
                            : muster_port_dup_name (muster_entity_get_string (unit, "port"));
  GtkWidget       *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", name, "subtitle",
                  error != NULL ? error : "", "subtitle-lines", 1, "activatable", TRUE, NULL);

  muster_status_chip_set_value (MUSTER_STATUS_CHIP (chip), &muster_bench_status_enum,
                                muster_entity_get_enum (unit, "status"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), chip);
  muster_pressable_make (GTK_LIST_BOX_ROW (row));
  g_signal_connect_object (row, "activated", G_CALLBACK (muster_station_page_opened_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (row), KEY_UNIT, g_strdup (muster_entity_get_id (unit)), g_free);
  return row;
}

static void
show_last (MusterStationPage *self, MusterApiPage *units)
{
  muster_list_clear (self->last);
  for (unsigned i = 0; i < muster_api_page_get_length (units); i++)
    gtk_list_box_append (self->last, create_last_row (self, muster_api_page_get (units, i)));
  gtk_widget_set_visible (GTK_WIDGET (self->last), muster_api_page_get_length (units) > 0);
}

/* --- reading --- */

static DexFuture *
muster_station_page_load_fiber (gpointer user_data)
{
  MusterStationPage       *self = user_data;
  const char              *filters[] = { "batch_id", self->id, NULL };
  const MusterApiListQuery query = { .sort = "-number", .limit = MAX_LAST, .filters = filters };
  g_autofree char         *wanted = g_strdup (self->unit_id);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) batch =
              dex_await_object (muster_api_factory_get (client_of (self), self->id), &error);
  g_autoptr (MusterApiPage) units = NULL;
  g_autoptr (MusterEntity) unit = NULL;

  if (batch != NULL)
    units = dex_await_object (muster_api_factory_list_units (client_of (self), &query), &error);
  if (units != NULL && wanted != NULL)
    unit = dex_await_object (muster_api_factory_get_unit (client_of (self), wanted), &error);
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (units == NULL)
    {
      muster_session_tell_error (session_of (self), _ ("The batch could not be read"), error);
      return dex_future_new_true ();
    }
  g_set_object (&self->batch, batch);
  if (unit != NULL && g_strcmp0 (wanted, self->unit_id) == 0)
    g_set_object (&self->unit, unit);
  show_counts (self);
  show_last (self, units);
  show (self);
  return dex_future_new_true ();
}

static void
reload (MusterStationPage *self)
{
  muster_page_run (MUSTER_PAGE (self), muster_station_page_load_fiber);
}

static void
muster_station_page_refresh (MusterPage *page)
{
  reload (MUSTER_STATION_PAGE (page));
}

static void
muster_station_page_due_cb (gpointer user_data)
{
  MusterStationPage *self = user_data;

  self->reload_id = 0;
  reload (self);
}

static void
muster_station_page_journal_cb (MusterStationPage *self,
                                const char        *topic,
                                const char        *subject,
                                JsonObject        *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);
  const char *entity = change != NULL ? muster_api_change_get_entity (change) : NULL;

  if (self->reload_id == 0 && (g_strcmp0 (entity, muster_factory_unit_info.name) == 0 ||
                               g_strcmp0 (entity, muster_factory_batch_info.name) == 0))
    self->reload_id = g_timeout_add_once (SETTLE_MSEC, muster_station_page_due_cb, self);
}

static void
muster_station_page_ready_cb (MusterStationPage *self, gboolean resumed)
{
  if (!resumed)
    reload (self);
}

/* --- doings --- */

static void
set_unit (MusterStationPage *self, MusterEntity *unit)
{
  g_set_object (&self->unit, unit);
  g_set_str (&self->unit_id, unit != NULL ? muster_entity_get_id (unit) : NULL);
  show (self);
}

static DexFuture *
muster_station_page_begun_cb (DexFuture *future, gpointer user_data)
{
  MusterStationPage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue  *value = dex_future_get_value (future, &error);
  MusterApiPage *units = value != NULL ? g_value_get_object (value) : NULL;

  self->is_sending = FALSE;
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (units == NULL)
    muster_session_tell_error (session_of (self), _ ("The board was not begun"), error);
  set_unit (self, units != NULL && muster_api_page_get_length (units) > 0
                    ? muster_api_page_get (units, 0)
                    : NULL);
  reload (self);
  return dex_future_new_true ();
}

/* "PORT", or "PORT PORT-OF-THE-TOOL" where the two differ. */
static JsonArray *
make_ports (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " ", 2);
  JsonArray  *ports = json_array_new ();
  JsonObject *port;

  if (words[1] == NULL)
    {
      json_array_add_string_element (ports, words[0]);
      return ports;
    }
  port = json_object_new ();
  json_object_set_string_member (port, "port", words[0]);
  json_object_set_string_member (port, "flash_port", g_strstrip (words[1]));
  json_array_add_object_element (ports, port);
  return ports;
}

static void
muster_station_page_start_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (widget);

  if (self->is_sending || self->port_path == NULL)
    return;
  self->is_sending = TRUE;
  set_unit (self, NULL);
  dex_future_disown (
    dex_future_finally (muster_api_factory_add_units (client_of (self), self->id,
                                                      make_ports (self->port_path)),
                        muster_station_page_begun_cb, g_object_ref (self), g_object_unref));
}

static void
muster_station_page_next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  set_unit (MUSTER_STATION_PAGE (widget), NULL);
}

static DexFuture *
muster_station_page_told_cb (DexFuture *future, gpointer user_data)
{
  MusterStationPage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (value == NULL)
    muster_session_tell_error (session_of (self), _ ("That was not done"), error);
  reload (self);
  return dex_future_new_true ();
}

static void
follow (MusterStationPage *self, DexFuture *work)
{
  dex_future_disown (
    dex_future_finally (work, muster_station_page_told_cb, g_object_ref (self), g_object_unref));
}

static void
muster_station_page_answer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (widget);

  if (self->unit_id != NULL && find_state (self) == STATE_ASKING)
    follow (self, muster_api_factory_answer_unit (
                    client_of (self), self->unit_id,
                    g_str_equal (g_variant_get_string (parameter, NULL), "yes"), NULL));
}

static void
muster_station_page_do_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (widget);
  const char        *ids[] = { self->labelled, NULL };

  if (self->unit_id == NULL)
    return;
  if (g_str_equal (name, "station.retry"))
    follow (self, muster_api_factory_retry_unit (client_of (self), self->unit_id));
  else if (g_str_equal (name, "station.cancel"))
    follow (self, muster_api_factory_cancel_unit (client_of (self), self->unit_id));
  else if (self->labelled != NULL)
    muster_print_dialog_show (widget, session_of (self), MUSTER_PRINT_DEVICE_LABELS, ids);
}

static void
choose_port (const char *const *ports, gpointer user_data)
{
  MusterStationPage *self = user_data;

  g_set_str (&self->port_path, ports[0]);
  show (self);
}

static void
muster_station_page_port_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (widget);

  muster_ports_ask (widget, session_of (self), _ ("Which Port?"),
                    _ ("Every board of this station is put on it."), _ ("_Choose"), TRUE,
                    choose_port, G_OBJECT (self));
}

/* A port may bear a code that names it. */
static gboolean
muster_station_page_scan (MusterPage *page, const char *code)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (page);

  if (!g_str_has_prefix (code, "/dev/") && !g_str_has_prefix (code, "tcp:"))
    return FALSE;
  g_set_str (&self->port_path, code);
  muster_session_report_scan (session_of (self), code, TRUE, _ ("The station’s port"));
  show (self);
  return TRUE;
}

/* --- life --- */

static void
muster_station_page_dispose (GObject *object)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (object);

  g_clear_handle_id (&self->reload_id, g_source_remove);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_STATION_PAGE);
  g_clear_object (&self->batch);
  g_clear_object (&self->unit);
  G_OBJECT_CLASS (muster_station_page_parent_class)->dispose (object);
}

static void
muster_station_page_finalize (GObject *object)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (object);

  g_free (self->id);
  g_free (self->unit_id);
  g_free (self->port_path);
  g_free (self->labelled);
  G_OBJECT_CLASS (muster_station_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/station-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterStationPage, port);
  gtk_widget_class_bind_template_child (widget_class, MusterStationPage, icon);
  gtk_widget_class_bind_template_child (widget_class, MusterStationPage, state);
  gtk_widget_class_bind_template_child (widget_class, MusterStationPage, text);
  gtk_widget_class_bind_template_child (widget_class, MusterStationPage, progress);
  gtk_widget_class_bind_template_child (widget_class, MusterStationPage, buttons);
  gtk_widget_class_bind_template_child (widget_class, MusterStationPage, label);
  gtk_widget_class_bind_template_child (widget_class, MusterStationPage, steps);
  gtk_widget_class_bind_template_child (widget_class, MusterStationPage, shares);
  gtk_widget_class_bind_template_child (widget_class, MusterStationPage, bar);
  gtk_widget_class_bind_template_child (widget_class, MusterStationPage, last);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const char *const done[] = { "station.retry", "station.cancel", "station.label" };

  for (unsigned i = 0; i < G_N_ELEMENTS (done); i++)
    gtk_widget_class_install_action (widget_class, done[i], NULL, muster_station_page_do_action);
  gtk_widget_class_install_action (widget_class, "station.start", NULL,
                                   muster_station_page_start_action);
  gtk_widget_class_install_action (widget_class, "station.next", NULL,
                                   muster_station_page_next_action);
  gtk_widget_class_install_action (widget_class, "station.port", NULL,
                                   muster_station_page_port_action);
  gtk_widget_class_install_action (widget_class, "station.answer", "s",
                                   muster_station_page_answer_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_y, 0, "station.answer", "s", "yes");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, 0, "station.answer", "s", "no");
}

static void
muster_station_page_class_init (MusterStationPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_station_page_dispose;
  object_class->finalize = muster_station_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_station_page_refresh;
  MUSTER_PAGE_CLASS (klass)->scan = muster_station_page_scan;
  g_type_ensure (MUSTER_TYPE_PAPER_VIEW);
  g_type_ensure (MUSTER_TYPE_SHARE_BAR);
  g_type_ensure (MUSTER_TYPE_STEP_LIST);
  bind_template (widget_class);
  install_actions (widget_class);
}

static void
muster_station_page_init (MusterStationPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self->label), FALSE);
}

MusterPage *
muster_station_page_new (MusterSession *session, const char *batch_id)
{
  MusterStationPage *self =
    g_object_new (MUSTER_TYPE_STATION_PAGE, "session", session, "title", _ ("Station"), NULL);

  self->id = g_strdup (batch_id);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_station_page_journal_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_station_page_ready_cb), self,
                           G_CONNECT_SWAPPED);
  show (self);
  reload (self);
  return MUSTER_PAGE (self);
}
