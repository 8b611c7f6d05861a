/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-station-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-factory.h"
#include "client/muster-api-journal.h"
#include "firmware/muster-firmware-doing.h"
#include "muster-factory-words.h"
#include "muster-permission.h"
#include "muster-report-page.h"
#include "muster-station-page-private.h"
#include "muster-test-words.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-pressable.h"
#include "widgets/muster-status-chip.h"

#define SETTLE_MSEC 100
#define MAX_LAST 10
#define KEY_UNIT "muster-unit"

G_DEFINE_FINAL_TYPE (MusterStationPage, muster_station_page, MUSTER_TYPE_PAGE)

/* --- what the operator has before them --- */

/* How each state looks. */
static const struct
{
  const char *icon_name;
  const char *css_class;
} looks[] = {
  [MUSTER_STATION_NOT_READ] = { "content-loading-symbolic", "dim-label" },
  [MUSTER_STATION_PORTLESS] = { "muster-plug-symbolic", "dim-label" },
  [MUSTER_STATION_READY] = { "muster-circuit-symbolic", "accent" },
  [MUSTER_STATION_BUSY] = { "muster-ring-symbolic", "accent" },
  [MUSTER_STATION_ASKING] = { "dialog-question-symbolic", "warning" },
  [MUSTER_STATION_PASSED] = { "object-select-symbolic", "success" },
  [MUSTER_STATION_FAILED] = { "muster-cross-symbolic", "error" },
  [MUSTER_STATION_COMPLETE] = { "muster-factory-symbolic", "success" },
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
  MusterStationState state;
  const char        *label;     /* N_() marked, with mnemonic */
  const char        *action;    /* detailed name */
  const char        *operation; /* the right it takes */
  When               when;
} doings[] = {
  { MUSTER_STATION_PORTLESS, N_ ("Choose the _Port…"), "station.port", "listFlashPorts",
    WHEN_ALWAYS },
  { MUSTER_STATION_READY, N_ ("_Start"), "station.start", "addFactoryUnits", WHEN_ALWAYS },
  { MUSTER_STATION_BUSY, N_ ("_Stop"), "station.cancel", "cancelFactoryUnit", WHEN_ALWAYS },
  { MUSTER_STATION_ASKING, N_ ("_Yes"), "station.answer::yes", "answerFactoryUnit", WHEN_ALWAYS },
  { MUSTER_STATION_ASKING, N_ ("_No"), "station.answer::no", "answerFactoryUnit", WHEN_ALWAYS },
  { MUSTER_STATION_PASSED, N_ ("_Start Next Board"), "station.start", "addFactoryUnits",
    WHEN_NOT_COMPLETE },
  { MUSTER_STATION_PASSED, N_ ("_Print Label…"), "station.label", "getDeviceLabel",
    WHEN_LABEL_IS_BY_HAND },
  { MUSTER_STATION_PASSED, N_ ("_Print Label Again"), "station.reprint", "printFactoryLabel",
    WHEN_LABEL_WAS_TRIED },
  { MUSTER_STATION_FAILED, N_ ("_Try Again"), "station.retry", "retryFactoryUnit", WHEN_ALWAYS },
  { MUSTER_STATION_FAILED, N_ ("_Next Board"), "station.next", "addFactoryUnits", WHEN_ALWAYS },
};

static MusterUnitLabel
get_label (MusterStationPage *self)
{
  return self->station.unit != NULL
           ? (MusterUnitLabel)muster_entity_get_enum (self->station.unit, "label")
           : MUSTER_UNIT_LABEL_NONE;
}

static gboolean
is_time (MusterStationPage *self, When when)
{
  switch (when)
    {
    case WHEN_NOT_COMPLETE:
      return !muster_station_is_complete (&self->station);
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
  if (is_first && doings[index].state != MUSTER_STATION_BUSY)
    gtk_widget_add_css_class (button, "suggested-action");
  muster_permission_guard (session_of (self), button, doings[index].operation);
  return button;
}

/* The buttons of STATE, the first of which has the focus: Enter presses it. */
static void
show_buttons (MusterStationPage *self, MusterStationState state)
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
  if (first != NULL && state != MUSTER_STATION_BUSY)
    gtk_widget_grab_focus (first);
}

/* --- showing --- */

static void
show_progress (MusterStationPage *self, MusterStationState state)
{
  const char *report =
    self->station.unit != NULL ? muster_entity_get_string (self->station.unit, "report") : NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonArray *steps = muster_report_read_steps (report, &root);
  unsigned   n_steps = steps != NULL ? json_array_get_length (steps) : 0;

  gtk_progress_bar_set_fraction (self->progress,
                                 n_steps > 0 ? (double)muster_report_count_done (steps) / n_steps
                                             : 0);
  gtk_widget_set_visible (GTK_WIDGET (self->progress),
                          n_steps > 0 &&
                            (state == MUSTER_STATION_BUSY || state == MUSTER_STATION_ASKING));
  muster_step_list_show (self->steps, state == MUSTER_STATION_PASSED ? NULL : report);
}

static void
show_counts (MusterStationPage *self)
{
  const MusterShares shares = { .total = muster_entity_get_integer (self->station.batch, "wanted"),
                                .succeeded =
                                  muster_entity_get_integer (self->station.batch, "passed"),
                                .failed =
                                  muster_entity_get_integer (self->station.batch, "failed") };
  g_autofree char   *text = muster_shares_describe (&shares);

  gtk_label_set_label (self->shares, text);
  muster_share_bar_set (self->bar, &shares);
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self),
                                 muster_entity_get_string (self->station.batch, "name"));
}

void
muster_station_page_show (MusterStationPage *self)
{
  MusterStationState state = muster_station_find_state (&self->station);
  g_autofree char   *words = muster_station_describe_state (&self->station, state);
  g_autofree char   *more = muster_station_describe_more (&self->station, state);
  g_autofree char   *port = muster_station_describe_ports (&self->station);

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
                             state == MUSTER_STATION_PASSED ? self->station.unit : NULL);
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
  const char      *error = muster_entity_get_string (unit, "error");
  GtkWidget       *chip = muster_status_chip_new ();
  g_autofree char *name = muster_board_dup_name (unit);
  g_autofree char *why = muster_format_sentence (error != NULL ? error : "");
  GtkWidget       *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", name, "title-lines", 1,
                  "subtitle", why, "subtitle-lines", 1, "activatable", TRUE, NULL);

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
  g_set_object (&self->station.batch, batch);
  if (unit != NULL && g_strcmp0 (wanted, self->unit_id) == 0)
    g_set_object (&self->station.unit, unit);
  show_counts (self);
  show_last (self, units);
  muster_station_page_show (self);
  return dex_future_new_true ();
}

void
muster_station_page_reload (MusterStationPage *self)
{
  muster_page_run (MUSTER_PAGE (self), muster_station_page_load_fiber);
}

static void
muster_station_page_refresh (MusterPage *page)
{
  muster_station_page_reload (MUSTER_STATION_PAGE (page));
}

static void
muster_station_page_due_cb (gpointer user_data)
{
  MusterStationPage *self = user_data;

  self->reload_id = 0;
  muster_station_page_reload (self);
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
    muster_station_page_reload (self);
}

/* A port may bear a code that names it. */
static gboolean
muster_station_page_scan (MusterPage *page, const char *code)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (page);

  if (!g_str_has_prefix (code, "/dev/") && !g_str_has_prefix (code, "tcp:"))
    return FALSE;
  g_set_str (&self->station.port, code);
  muster_session_report_scan (session_of (self), code, TRUE, _ ("The station’s port"));
  muster_station_page_show (self);
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
  g_clear_object (&self->station.batch);
  g_clear_object (&self->station.unit);
  G_OBJECT_CLASS (muster_station_page_parent_class)->dispose (object);
}

static void
muster_station_page_finalize (GObject *object)
{
  MusterStationPage *self = MUSTER_STATION_PAGE (object);

  g_free (self->id);
  g_free (self->unit_id);
  g_free (self->station.port);
  g_free (self->station.tool);
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
  muster_station_page_install_actions (widget_class);
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
  muster_station_page_show (self);
  muster_station_page_reload (self);
  return MUSTER_PAGE (self);
}
