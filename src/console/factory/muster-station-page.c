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
#include "muster-station-label.h"
#include "muster-station-page.h"
#include "muster-step-list.h"
#include "muster-test-words.h"
#include "print/muster-print-dialog.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-pressable.h"
#include "widgets/muster-status-chip.h"

#define SETTLE_MSEC 100
#define MAX_LAST 10
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
  char                  *tool_path; /* (owned) (nullable): where the tool has another */
  MusterApiSubscription *journal;   /* (owned) (nullable) */
  unsigned               reload_id;
  State                  shown;
  MusterUnitLabel        shown_label;
  gboolean               is_sending;

  /* Template children */
  GtkWidget          *port;
  GtkImage           *icon;
  GtkLabel           *state;
  GtkLabel           *text;
  GtkProgressBar     *progress;
  AdwWrapBox         *buttons;
  MusterStationLabel *label;
  MusterStepList     *steps;
  GtkLabel           *shares;
  MusterShareBar     *bar;
  GtkListBox         *last;
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

/* Of what can be done with a unit that passed: when. */
typedef enum
{
  WHEN_ALWAYS,
  WHEN_NOT_COMPLETE,
  WHEN_LABEL_IS_BY_HAND,
  WHEN_LABEL_WAS_TRIED,
} When;

/* What can be done in which state; the first of them is what Enter does. */
static const struct
{
  State       state;
  const char *label;     /* N_() marked, with mnemonic */
  const char *action;    /* detailed name */
  const char *operation; /* the right it takes */
  When        when;
} doings[] = {
  { STATE_PORTLESS, N_ ("Choose the _Port…"), "station.port", "listFlashPorts", WHEN_ALWAYS },
  { STATE_READY, N_ ("_Start"), "station.start", "addFactoryUnits", WHEN_ALWAYS },
  { STATE_BUSY, N_ ("_Stop"), "station.cancel", "cancelFactoryUnit", WHEN_ALWAYS },
  { STATE_ASKING, N_ ("_Yes"), "station.answer::yes", "answerFactoryUnit", WHEN_ALWAYS },
  { STATE_ASKING, N_ ("_No"), "station.answer::no", "answerFactoryUnit", WHEN_ALWAYS },
  { STATE_PASSED, N_ ("_Start Next Board"), "station.start", "addFactoryUnits", WHEN_NOT_COMPLETE },
  { STATE_PASSED, N_ ("_Print Label…"), "station.label", "getDeviceLabel", WHEN_LABEL_IS_BY_HAND },
  { STATE_PASSED, N_ ("_Print Label Again"), "station.reprint", "printFactoryLabel",
    WHEN_LABEL_WAS_TRIED },
  { STATE_FAILED, N_ ("_Try Again"), "station.retry", "retryFactoryUnit", WHEN_ALWAYS },
  { STATE_FAILED, N_ ("_Next Board"), "station.next", "addFactoryUnits", WHEN_ALWAYS },
};

static MusterUnitLabel
get_label (MusterStationPage *self)
{
  return self->unit != NULL ? (MusterUnitLabel)muster_entity_get_enum (self->unit, "label")
                            : MUSTER_UNIT_LABEL_NONE;
}

static gboolean
is_time (MusterStationPage *self, When when)
{
  switch (when)
    {
    case WHEN_NOT_COMPLETE:
      return !is_complete (self);
    case WHEN_LABEL_IS_BY_HAND:
      return get_label (self) == MUSTER_UNIT_LABEL_NONE;
    case WHEN_LABEL_WAS_TRIED:
      return get_label (self) == MUSTER_UNIT_LABEL_PRINTED ||
             get_label (self) == MUSTER_UNIT_LABEL_FAILED;
    case WHEN_ALWAYS:
    default:
      return TRUE;
    }
}

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

      if (doings[i].state != state || !is_time (self, doings[i].when))
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

/* The step that it is at, or who has the port that it waits for: (transfer full). */
static char *
describe_work (MusterStationPage *self)
{
  const char *step = self->unit != NULL ? muster_entity_get_string (self->unit, "step") : NULL;
  const char *who = self->unit != NULL ? muster_entity_get_string (self->unit, "waits_for") : NULL;

  if (who != NULL)
    return g_strdup_printf (_ ("The port is in use: %s. It begins when that is done."), who);
  return g_strdup (step != NULL ? step : "");
}

/* What stands below: (transfer full). */
static char *
describe_more (MusterStationPage *self, State state)
{
  g_autofree char *board = self->unit != NULL ? describe_board (self) : NULL;
  g_autofree char *port = self->port_path != NULL ? muster_port_dup_name (self->port_path) : NULL;

  switch (state)
    {
    case STATE_PORTLESS:
      return g_strdup (_ ("Boards come on one port here; choose it once."));
    case STATE_READY:
      return g_strdup_printf (_ ("Put it on %s, then press Enter."), port);
    case STATE_BUSY:
      return describe_work (self);
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

/* On the button that chooses them: (transfer full). */
static char *
describe_ports (MusterStationPage *self)
{
  g_autofree char *port = NULL;
  g_autofree char *tool = NULL;

  if (self->port_path == NULL)
    return g_strdup (_ ("Port…"));
  port = muster_port_dup_name (self->port_path);
  if (self->tool_path == NULL)
    return g_steal_pointer (&port);
  tool = muster_port_dup_name (self->tool_path);
  /* Translators: the port of a board, and the port of the tool that writes its firmware. */
  return g_strdup_printf (_ ("%s, tool at %s"), port, tool);
}

static void
show (MusterStationPage *self)
{
  State            state = find_state (self);
  g_autofree char *words = describe_state (self, state);
  g_autofree char *more = describe_more (self, state);
  g_autofree char *port = describe_ports (self);

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
  muster_station_label_show (self->label, session_of (self),
                             state == STATE_PASSED ? self->unit : NULL);
  if (state == self->shown && get_label (self) == self->shown_label)
    return;
  self->shown_label = get_label (self);
  show_buttons (self, state);
  if (state == self->shown)
    return;
  self->shown = state;
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

static JsonArray *
make_ports (MusterStationPage *self)
{
  JsonArray  *ports = json_array_new ();
  JsonObject *port = json_object_new ();

  json_object_set_string_member (port, "port", self->port_path);
  if (self->tool_path != NULL)
    json_object_set_string_member (port, "flash_port", self->tool_path);
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
  dex_future_disown (dex_future_finally (muster_api_factory_add_units (client_of (self), self->id,
                                                                       make_ports (self)),
                                         muster_station_page_begun_cb, g_object_ref (self),
                                         g_object_unref));
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

/* Where it was printed before: at the station the printer is asked for anew. */
static void
reprint (MusterStationPage *self)
{
  if (muster_entity_get_enum (self->batch, "labels") == MUSTER_FACTORY_LABELS_STATION)
    muster_station_label_print (self->label, TRUE);
  else
    follow (self, muster_api_factory_print_label (client_of (self), self->unit_id, NULL, NULL));
}

static void
muster_station_page_do_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (widget);
  const char        *ids[] = { NULL, NULL };

  if (self->unit_id == NULL || self->unit == NULL)
    return;
  ids[0] = muster_entity_get_string (self->unit, "device_id");
  if (g_str_equal (name, "station.retry"))
    follow (self, muster_api_factory_retry_unit (client_of (self), self->unit_id));
  else if (g_str_equal (name, "station.cancel"))
    follow (self, muster_api_factory_cancel_unit (client_of (self), self->unit_id));
  else if (g_str_equal (name, "station.reprint"))
    reprint (self);
  else if (ids[0] != NULL)
    muster_print_dialog_show (widget, session_of (self), MUSTER_PRINT_DEVICE_LABELS, ids);
}

static void
choose_port (const char *const *ports, gpointer user_data)
{
  MusterStationPage *self = user_data;

  g_set_str (&self->port_path, ports[0]);
  g_set_str (&self->tool_path, ports[1]);
  show (self);
}

/* Whether a tool writes the firmware of the batch's boards. */
static gboolean
is_flashed (MusterStationPage *self)
{
  return self->batch != NULL && !muster_entity_is_null (self->batch, "artifact_id");
}

static void
muster_station_page_port_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (widget);

  muster_ports_ask (widget, session_of (self), _ ("Which Port?"),
                    _ ("Every board of this station is put on it."), _ ("_Choose"),
                    is_flashed (self) ? MUSTER_PORTS_ONE_AND_TOOL : MUSTER_PORTS_ONE, choose_port,
                    G_OBJECT (self));
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
  g_free (self->tool_path);
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
  static const char *const done[] = { "station.retry", "station.cancel", "station.label",
                                      "station.reprint" };

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
  g_type_ensure (MUSTER_TYPE_SHARE_BAR);
  g_type_ensure (MUSTER_TYPE_STATION_LABEL);
  g_type_ensure (MUSTER_TYPE_STEP_LIST);
  bind_template (widget_class);
  install_actions (widget_class);
}

static void
muster_station_page_init (MusterStationPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
