/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-page"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-journal.h"
#include "model/muster-alert.h"
#include "muster-alert-actions.h"
#include "muster-alert-fold.h"
#include "muster-alert-page.h"
#include "muster-alert-timeline.h"
#include "muster-alerts-view.h"
#include "muster-metric-chart.h"
#include "muster-rule-editor.h"
#include "muster-silence-times.h"
#include "muster-why-list.h"
#include "widgets/muster-command-bar.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-record-history.h"
#include "widgets/muster-references.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-trouble-view.h"

#define RELOAD_DELAY 120
/* What came before it is worth as much as what it was. */
#define LEAST_SPAN (30 * 60 * (gint64)G_USEC_PER_SEC)
#define GREATEST_SPAN (7 * (gint64)G_TIME_SPAN_DAY)

struct _MusterAlertPage
{
  MusterPage parent_instance;

  char                  *id;      /* (owned) */
  MusterEntity          *alert;   /* (owned) (nullable) */
  MusterApiSubscription *journal; /* (owned) (nullable) */
  unsigned               reload_id;
  unsigned               tick_id; /* while it lasts: how long */
  gboolean               charted;
  GtkWidget             *silence_button; /* (owned): among the commands while it is of use */

  /* Template children */
  GtkStack            *stack;
  MusterTroubleView   *trouble;
  GtkLabel            *heading;
  MusterStatusChip    *severity_chip;
  MusterStatusChip    *status_chip;
  GtkLabel            *since;
  GtkLabel            *where;
  GtkLabel            *detail;
  GtkLabel            *explanation;
  MusterCommandBar    *commands;
  GtkWidget           *chart_card;
  GtkLabel            *metric;
  GtkLabel            *now;
  MusterMetricChart   *chart;
  GtkWidget           *cause_group;
  AdwActionRow        *cause_row;
  GtkWidget           *children_group;
  GtkListBox          *children;
  MusterAlertTimeline *timeline;
  MusterWhyList       *why;
  GtkListBox          *links;
  GtkListBox          *details;
  MusterRecordHistory *history;
};

G_DEFINE_FINAL_TYPE (MusterAlertPage, muster_alert_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterAlertPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static int
get_status (MusterAlertPage *self)
{
  return muster_entity_get_enum (self->alert, "status");
}

static gboolean
is_silenced (MusterAlertPage *self)
{
  return muster_entity_get_integer (self->alert, "silenced_until") > g_get_real_time ();
}

/* --- what can be done now --- */

static const MusterCommand commands[] = {
  { N_ ("_Acknowledge"), "alert.acknowledge", "acknowledgeAlert" },
  { N_ ("_Resolve…"), "alert.resolve", "resolveAlert" },
  { N_ ("A_ssign…"), "alert.assign", "assignAlert" },
  { N_ ("_Hear Again"), "alert.unsilence", "unsilenceAlert" },
};

static void
show_commands (MusterAlertPage *self)
{
  gboolean       resolved = get_status (self) == MUSTER_ALERT_STATUS_RESOLVED;
  const gboolean wanted[G_N_ELEMENTS (commands)] = {
    get_status (self) == MUSTER_ALERT_STATUS_OPEN,
    !resolved,
    !resolved,
    !resolved && is_silenced (self),
  };

  muster_command_bar_clear (self->commands);
  for (unsigned i = 0; i < G_N_ELEMENTS (commands); i++)
    if (wanted[i])
      muster_command_bar_add (self->commands, session_of (self), &commands[i]);
  if (!resolved)
    muster_command_bar_add_widget (self->commands, self->silence_button);
}

static void
muster_alert_page_update_actions (MusterAlertPage *self)
{
  static const struct
  {
    const char *action, *operation;
    gboolean    unresolved;
  } actions[] = {
    { "alert.acknowledge", "acknowledgeAlert", TRUE },
    { "alert.comment", "acknowledgeAlert", TRUE },
    { "alert.assign", "assignAlert", TRUE },
    { "alert.silence", "silenceAlert", TRUE },
    { "alert.unsilence", "unsilenceAlert", TRUE },
    { "alert.resolve", "resolveAlert", TRUE },
  };
  gboolean known = self->alert != NULL;
  gboolean lasts = known && get_status (self) != MUSTER_ALERT_STATUS_RESOLVED;

  for (unsigned i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i].action,
                                   lasts &&
                                     muster_page_may (MUSTER_PAGE (self), actions[i].operation));
  if (lasts && get_status (self) == MUSTER_ALERT_STATUS_ACKNOWLEDGED)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "alert.acknowledge", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "alert.device",
                                 known && !muster_entity_is_null (self->alert, "device_id"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "alert.rule",
                                 known && !muster_entity_is_null (self->alert, "rule_id"));
}

/* --- what is shown --- */

static void
show_line (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
show_since (MusterAlertPage *self)
{
  g_autofree char *length = muster_alert_format_since (self->alert);
  g_autofree char *moment =
    muster_format_short_time (muster_entity_get_integer (self->alert, "raised_at"),
                              g_get_real_time (), muster_session_get_zone (session_of (self)));
  g_autofree char *text = get_status (self) == MUSTER_ALERT_STATUS_RESOLVED
                            /* Translators: when an alert began, and how long it lasted. */
                            ? g_strdup_printf (_ ("began %s, lasted %s"), moment, length)
                            /* Translators: since when an alert lasts, and how long that is. */
                            : g_strdup_printf (_ ("since %s, for %s"), moment, length);

  gtk_label_set_label (self->since, text);
}

static void
muster_alert_page_shown_cb (MusterAlertPage *self)
{
  const MusterPoint *last = muster_metric_chart_peek_last (self->chart);
  const char        *unit = muster_entity_get_string (self->alert, "unit");
  g_autofree char   *number = NULL, *text = NULL;

  if (last == NULL || isnan (last->value))
    return;
  number = muster_format_number (last->value);
  /* Translators: the newest value and its unit. */
  text = g_strdup_printf (_ ("now %s %s"), number, unit != NULL ? unit : "");
  gtk_label_set_label (self->now, g_strchomp (text));
}

static void
show_chart (MusterAlertPage *self)
{
  const char     *metric = muster_entity_get_string (self->alert, "metric");
  const char     *unit = muster_entity_get_string (self->alert, "unit");
  const char     *device_id = muster_entity_get_string (self->alert, "device_id");
  gint64          raised = muster_entity_get_integer (self->alert, "raised_at");
  gboolean        lasts = muster_entity_is_null (self->alert, "resolved_at");
  int             severity = muster_entity_get_enum (self->alert, "severity");
  double          limit = muster_entity_get_double (self->alert, "threshold");
  double          value = muster_entity_get_double (self->alert, "value");
  MusterThreshold threshold = { limit, severity,
                                isnan (value)    ? MUSTER_THRESHOLD_NEITHER
                                : value >= limit ? MUSTER_THRESHOLD_ABOVE
                                                 : MUSTER_THRESHOLD_BELOW,
                                _ ("Threshold") };
  MusterFiring    firing = {
    raised, lasts ? G_MAXINT64 : muster_entity_get_integer (self->alert, "resolved_at"), severity
  };
  MusterThresholdLayer *layer = muster_metric_chart_get_layer (self->chart);

  gtk_widget_set_visible (self->chart_card, metric != NULL && device_id != NULL);
  if (metric == NULL || device_id == NULL)
    return;
  gtk_label_set_label (self->metric, metric);
  if (!self->charted)
    muster_metric_chart_set_span (self->chart, CLAMP ((g_get_real_time () - raised) * 5 / 4,
                                                      LEAST_SPAN, GREATEST_SPAN));
  self->charted = TRUE;
  muster_metric_chart_show (self->chart, device_id, metric, unit);
  muster_threshold_layer_set_thresholds (layer, &threshold, isnan (limit) ? 0 : 1, unit);
  muster_threshold_layer_set_firings (layer, &firing, 1);
}

static void
show_cause (MusterAlertPage *self)
{
  const char *cause = muster_entity_get_string (self->alert, "cause_id");
  const char *name =
    cause != NULL
      ? muster_references_get_name (muster_references_get (session_of (self)), "alert", cause)
      : NULL;
  gboolean explains = muster_entity_get_integer (self->alert, "children") > 0;

  gtk_widget_set_visible (self->cause_group, cause != NULL);
  adw_action_row_set_subtitle (self->cause_row, name != NULL ? name : "…");
  gtk_widget_set_visible (self->children_group, explains);
  if (explains)
    dex_future_disown (muster_alert_fold_fill (session_of (self), self->children, self->id));
}

static void
add_link (MusterAlertPage *self, const char *field, const char *title, const char *action)
{
  g_autofree char *text = muster_record_format (session_of (self), self->alert, field);

  if (text != NULL)
    gtk_list_box_append (self->links, muster_link_row_new (title, text, action));
}

static void
show_details (MusterAlertPage *self)
{
  static const char *const fields[] = { "product_id",  "location_id",      "metric",
                                        "value",       "threshold",        "raised_at",
                                        "last_at",     "occurrences",      "acknowledged_at",
                                        "comment",     "assigned_to",      "silenced_until",
                                        "resolved_at", "duration_seconds", NULL };

  muster_list_clear (self->links);
  add_link (self, "device_id", _ ("Device"), "alert.device");
  add_link (self, "rule_id", _ ("Rule"), "alert.rule");
  gtk_widget_set_visible (GTK_WIDGET (self->links),
                          gtk_list_box_get_row_at_index (self->links, 0) != NULL);
  muster_detail_rows_show (self->details, session_of (self), self->alert, fields);
}

static void
show_alert (MusterAlertPage *self)
{
  const char      *title = muster_entity_get_string (self->alert, "title");
  g_autofree char *where = muster_alert_format_where (session_of (self), self->alert);

  gtk_label_set_label (self->heading, title);
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), title);
  muster_status_chip_set_severity (self->severity_chip,
                                   muster_entity_get_enum (self->alert, "severity"));
  muster_status_chip_set_value (self->status_chip, &muster_alert_status_enum, get_status (self));
  show_since (self);
  show_line (self->where, where);
  show_line (self->detail, muster_entity_get_string (self->alert, "detail"));
  show_line (self->explanation, muster_entity_get_string (self->alert, "explanation"));
  show_chart (self);
  show_cause (self);
  show_details (self);
  muster_alert_timeline_show (self->timeline, session_of (self), self->alert);
  show_commands (self);
  muster_alert_page_update_actions (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

static void
muster_alert_page_names_cb (MusterAlertPage *self)
{
  g_autofree char *where = NULL;

  if (self->alert == NULL)
    return;
  where = muster_alert_format_where (session_of (self), self->alert);
  show_line (self->where, where);
  show_details (self);
}

static gboolean
muster_alert_page_tick_cb (gpointer user_data)
{
  MusterAlertPage *self = user_data;

  if (self->alert != NULL)
    show_since (self);
  return G_SOURCE_CONTINUE;
}

/* --- reading --- */

static DexFuture *
muster_alert_page_load_fiber (gpointer user_data)
{
  MusterAlertPage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) alert =
      dex_await_object (muster_api_collection_get (muster_page_get_client (MUSTER_PAGE (self)),
                                                   &muster_alert_info, self->id),
                        &error);
  gboolean gone;

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (alert != NULL)
    {
      g_set_object (&self->alert, alert);
      show_alert (self);
      return dex_future_new_true ();
    }
  gone = g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND);
  if (!gone)
    muster_trouble_view_set_error (self->trouble, _ ("The Alert Could Not Be Read"), error);
  if (gone || self->alert == NULL)
    gtk_stack_set_visible_child_name (self->stack, gone ? "gone" : "error");
  return dex_future_new_true ();
}

static void
muster_alert_page_refresh (MusterPage *page)
{
  MusterAlertPage *self = MUSTER_ALERT_PAGE (page);

  muster_page_run (page, muster_alert_page_load_fiber);
  muster_why_list_show_alert (self->why, session_of (self), self->id);
  muster_record_history_show (self->history, session_of (self), "alert", self->id);
}

/* --- changes as they happen --- */

static gboolean
muster_alert_page_reload_cb (gpointer user_data)
{
  MUSTER_ALERT_PAGE (user_data)->reload_id = 0;
  muster_alert_page_refresh (user_data);
  return G_SOURCE_REMOVE;
}

static void
muster_alert_page_journal_cb (MusterAlertPage *self,
                              const char      *topic,
                              const char      *subject,
                              JsonObject      *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change != NULL && self->reload_id == 0 &&
      g_strcmp0 (muster_api_change_get_entity_id (change), self->id) == 0)
    self->reload_id = g_timeout_add (RELOAD_DELAY, muster_alert_page_reload_cb, self);
}

static void
muster_alert_page_ready_cb (MusterAlertPage *self, gboolean resumed)
{
  if (!resumed)
    muster_alert_page_refresh (MUSTER_PAGE (self));
}

static void
subscribe (MusterAlertPage *self)
{
  self->journal = muster_api_stream_subscribe (muster_session_get_stream (session_of (self)),
                                               "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_alert_page_journal_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_alert_page_ready_cb), self,
                           G_CONNECT_SWAPPED);
}

/* --- doings --- */

static void
muster_alert_page_do_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterAlertPage  *self = MUSTER_ALERT_PAGE (widget);
  const char *const ids[] = { self->id, NULL };

  if (g_str_equal (name, "alert.acknowledge"))
    muster_alerts_acknowledge (session_of (self), ids);
  else if (g_str_equal (name, "alert.comment"))
    muster_alerts_ask_acknowledge (session_of (self), widget, ids);
  else if (g_str_equal (name, "alert.assign"))
    muster_alerts_ask_assign (session_of (self), widget, ids);
  else if (g_str_equal (name, "alert.silence"))
    muster_alerts_silence (session_of (self), widget, ids, g_variant_get_string (parameter, NULL));
  else if (g_str_equal (name, "alert.unsilence"))
    muster_alerts_unsilence (session_of (self), ids);
  else
    muster_alerts_ask_resolve (session_of (self), widget, ids);
}

static void
muster_alert_page_device_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.open", "(ss)", "device",
                              muster_entity_get_string (MUSTER_ALERT_PAGE (widget)->alert,
                                                        "device_id"));
}

static void
muster_alert_page_rule_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterAlertPage *self = MUSTER_ALERT_PAGE (widget);

  muster_page_push (MUSTER_PAGE (self),
                    muster_rule_editor_new (session_of (self),
                                            muster_entity_get_string (self->alert, "rule_id")));
}

static void
muster_alert_page_cause_cb (MusterAlertPage *self)
{
  muster_page_push (MUSTER_PAGE (self),
                    muster_alert_page_new (session_of (self),
                                           muster_entity_get_string (self->alert, "cause_id")));
}

/* --- life --- */

static void
muster_alert_page_rights_changed (MusterPage *page)
{
  MusterAlertPage *self = MUSTER_ALERT_PAGE (page);

  if (self->alert != NULL)
    show_commands (self);
  muster_alert_page_update_actions (self);
}

static void
muster_alert_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (muster_alert_page_parent_class)->map (widget);
  MUSTER_ALERT_PAGE (widget)->tick_id =
    g_timeout_add_seconds (1, muster_alert_page_tick_cb, widget);
}

static void
muster_alert_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&MUSTER_ALERT_PAGE (widget)->tick_id, g_source_remove);
  GTK_WIDGET_CLASS (muster_alert_page_parent_class)->unmap (widget);
}

static void
muster_alert_page_dispose (GObject *object)
{
  MusterAlertPage *self = MUSTER_ALERT_PAGE (object);

  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  g_clear_handle_id (&self->reload_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_ALERT_PAGE);
  g_clear_object (&self->silence_button);
  G_OBJECT_CLASS (muster_alert_page_parent_class)->dispose (object);
}

static void
muster_alert_page_finalize (GObject *object)
{
  MusterAlertPage *self = MUSTER_ALERT_PAGE (object);

  g_free (self->id);
  g_clear_object (&self->alert);
  G_OBJECT_CLASS (muster_alert_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, heading);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, severity_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, status_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, since);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, where);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, detail);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, explanation);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, commands);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, chart_card);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, metric);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, now);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, chart);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, cause_group);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, cause_row);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, children_group);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, children);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, why);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, timeline);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, links);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, details);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertPage, history);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const char *const plain[] = { "alert.acknowledge", "alert.comment", "alert.assign",
                                       "alert.unsilence", "alert.resolve" };

  for (unsigned i = 0; i < G_N_ELEMENTS (plain); i++)
    gtk_widget_class_install_action (widget_class, plain[i], NULL, muster_alert_page_do_action);
  gtk_widget_class_install_action (widget_class, "alert.silence", "s", muster_alert_page_do_action);
  gtk_widget_class_install_action (widget_class, "alert.device", NULL,
                                   muster_alert_page_device_action);
  gtk_widget_class_install_action (widget_class, "alert.rule", NULL, muster_alert_page_rule_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, 0, "alert.acknowledge", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_SHIFT_MASK, "alert.comment",
                                       NULL);
}

static void
muster_alert_page_class_init (MusterAlertPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_alert_page_dispose;
  object_class->finalize = muster_alert_page_finalize;
  widget_class->map = muster_alert_page_map;
  widget_class->unmap = muster_alert_page_unmap;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_alert_page_refresh;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_alert_page_rights_changed;
  g_type_ensure (MUSTER_TYPE_COMMAND_BAR);
  g_type_ensure (MUSTER_TYPE_METRIC_CHART);
  g_type_ensure (MUSTER_TYPE_RECORD_HISTORY);
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_STATUS_CHIP);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  g_type_ensure (MUSTER_TYPE_ALERT_TIMELINE);
  g_type_ensure (MUSTER_TYPE_WHY_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/alert-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, muster_alert_page_cause_cb);
  install_actions (widget_class);
}

static void
muster_alert_page_init (MusterAlertPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->silence_button = g_object_ref_sink (gtk_menu_button_new ());
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->silence_button), _ ("S_ilence"));
  gtk_menu_button_set_use_underline (GTK_MENU_BUTTON (self->silence_button), TRUE);
}

MusterPage *
muster_alert_page_new (MusterSession *session, const char *alert_id)
{
  MusterAlertPage *self =
    g_object_new (MUSTER_TYPE_ALERT_PAGE, "session", session, "title", _ ("Alert"), NULL);
  g_autoptr (GMenuModel) times = muster_silence_times_create_menu ("alert.silence");

  self->id = g_strdup (alert_id);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->silence_button), times);
  muster_metric_chart_open (self->chart, session);
  muster_threshold_layer_set_editable (muster_metric_chart_get_layer (self->chart), FALSE);
  g_signal_connect_object (self->chart, "shown", G_CALLBACK (muster_alert_page_shown_cb), self,
                           G_CONNECT_SWAPPED);
  muster_alert_page_update_actions (self);
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_alert_page_names_cb), self, G_CONNECT_SWAPPED);
  subscribe (self);
  muster_alert_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}
