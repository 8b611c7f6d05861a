/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metric-row"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "model/muster-metric.h"
#include "muster-metric-dialog.h"
#include "muster-metric-row.h"
#include "muster-permission.h"
#include "telemetry/muster-course.h"
#include "telemetry/muster-metric-name.h"
#include "widgets/muster-age-label.h"
#include "widgets/muster-format.h"
#include "widgets/muster-sparkline.h"
#include "widgets/muster-status-chip.h"

#define COURSE_LENGTH 720
#define LEAST_STALE                                                                                \
  (10 * G_USEC_PER_SEC) /* a metric that is heard less often than that is not stale for it */

struct _MusterMetricRow
{
  GtkListBoxRow parent_instance;

  MusterSession   *session; /* (owned) */
  MusterApiMetric *told;    /* (owned) */
  MusterMetric    *metric;  /* (owned) */
  MusterSeries    *course;  /* (owned) */
  gint64           last_time;
  gint64           interval; /* smoothed time between samples */
  unsigned         stale_id; /* timeout to greyness */
  guint            updating : 1;
  guint            current : 1; /* the device would tell if it were something else */

  /* Template children */
  GtkWidget        *charted;
  GtkLabel         *name;
  MusterAgeLabel   *age;
  MusterStatusChip *command;
  MusterSparkline  *sparkline;
  GtkLabel         *value;
  GtkWidget        *rule;
  GtkWidget        *limits;
  GtkWidget        *toggle;
  GtkWidget        *number;
  GtkWidget        *send;
  GtkWidget        *control;
};

G_DEFINE_FINAL_TYPE (MusterMetricRow, muster_metric_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  CHARTED_CHANGED,
  WRITE,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static MusterDatatype
get_datatype (MusterMetricRow *self)
{
  return muster_entity_get_enum (MUSTER_ENTITY (self->metric), "datatype");
}

gboolean
muster_metric_row_is_numeric (MusterMetricRow *self)
{
  MusterDatatype datatype;

  g_return_val_if_fail (MUSTER_IS_METRIC_ROW (self), FALSE);

  datatype = get_datatype (self);
  return datatype <= MUSTER_DATATYPE_DOUBLE;
}

/* Grey from the second missed interval on. */
static void
show_staleness (MusterMetricRow *self, gboolean stale)
{
  GtkWidget *widgets[] = { GTK_WIDGET (self->value), GTK_WIDGET (self->sparkline) };

  for (unsigned i = 0; i < G_N_ELEMENTS (widgets); i++)
    {
      if (stale)
        gtk_widget_add_css_class (widgets[i], "stale");
      else
        gtk_widget_remove_css_class (widgets[i], "stale");
    }
}

static void
muster_metric_row_stale_cb (gpointer user_data)
{
  MusterMetricRow *self = user_data;

  self->stale_id = 0;
  show_staleness (self, TRUE);
}

static void
watch_staleness (MusterMetricRow *self)
{
  gint64 limit = MAX (LEAST_STALE, 2 * self->interval + self->interval / 2);
  gint64 left = self->last_time + limit - g_get_real_time ();

  g_clear_handle_id (&self->stale_id, g_source_remove);
  show_staleness (self, left <= 0 && !self->current);
  if (left > 0 && !self->current)
    self->stale_id = g_timeout_add_once (left / 1000, muster_metric_row_stale_cb, self);
}

static void
show_value (MusterMetricRow *self, gint64 time, const char *text)
{
  const char      *unit = muster_entity_get_string (MUSTER_ENTITY (self->metric), "unit");
  g_autofree char *label = g_strdup_printf ("%s %s", text, unit != NULL ? unit : "");

  gtk_label_set_label (self->value, g_strchomp (label));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, label,
                                  -1);
  if (self->last_time > 0 && time > self->last_time)
    self->interval = self->interval > 0 ? (self->interval * 7 + (time - self->last_time)) / 8
                                        : time - self->last_time;
  self->last_time = MAX (self->last_time, time);
  muster_age_label_set_time (self->age, self->last_time);
  watch_staleness (self);
}

void
muster_metric_row_add (MusterMetricRow *self, gint64 time, double value)
{
  g_autofree char *text = NULL;

  g_return_if_fail (MUSTER_IS_METRIC_ROW (self));

  if (!isnan (value))
    muster_series_append (self->course, time, value);
  if (time < self->last_time)
    return;
  if (get_datatype (self) == MUSTER_DATATYPE_BOOLEAN)
    {
      text = g_strdup (value != 0 ? _ ("On") : _ ("Off"));
      self->updating = TRUE;
      gtk_switch_set_active (GTK_SWITCH (self->toggle), value != 0);
      gtk_switch_set_state (GTK_SWITCH (self->toggle), value != 0);
      self->updating = FALSE;
    }
  else
    text = muster_format_number (value);
  show_value (self, time, text);
}

void
muster_metric_row_set_course (MusterMetricRow *self, const MusterApiSeries *series, GArray *outages)
{
  const MusterPoint *last;
  MusterPoint        before;
  gint64             from;

  g_return_if_fail (MUSTER_IS_METRIC_ROW (self));

  if (series->length == 0)
    return;
  from = series->times[0] * 1000;
  last = muster_course_find_before (self->course, from);
  if (last != NULL)
    before = *last;
  muster_course_fill (self->course, series, from, last != NULL ? &before : NULL, outages);
  if (series->length > 1)
    self->interval =
      (series->times[series->length - 1] - series->times[0]) * 1000 / (gint64)(series->length - 1);
}

MusterSeries *
muster_metric_row_get_course (MusterMetricRow *self)
{
  g_return_val_if_fail (MUSTER_IS_METRIC_ROW (self), NULL);

  return self->course;
}

void
muster_metric_row_set_current (MusterMetricRow *self, gboolean current)
{
  g_return_if_fail (MUSTER_IS_METRIC_ROW (self));

  if (self->current == !!current)
    return;
  self->current = !!current;
  muster_series_set_current (self->course, current);
  if (self->last_time > 0)
    watch_staleness (self);
}

static void
muster_metric_row_charted_cb (MusterMetricRow *self)
{
  g_signal_emit (self, signals[CHARTED_CHANGED], 0);
}

static gboolean
muster_metric_row_switch_cb (MusterMetricRow *self, gboolean on)
{
  g_autoptr (JsonNode) node = NULL;

  if (self->updating)
    return GDK_EVENT_PROPAGATE;
  node = json_node_init_boolean (json_node_alloc (), on);
  g_signal_emit (self, signals[WRITE], 0, self->metric, node);
  /* The knob moves; the trough takes its colour when the device has confirmed. */
  return GDK_EVENT_STOP;
}

static void
muster_metric_row_number_cb (MusterMetricRow *self)
{
  double         value = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->number));
  MusterDatatype datatype = get_datatype (self);
  g_autoptr (JsonNode) node = NULL;

  if (datatype == MUSTER_DATATYPE_FLOAT || datatype == MUSTER_DATATYPE_DOUBLE)
    node = json_node_init_double (json_node_alloc (), value);
  else
    node = json_node_init_int (json_node_alloc (), llround (value));
  g_signal_emit (self, signals[WRITE], 0, self->metric, node);
}

static void
muster_metric_row_limited_cb (MusterMetricRow *self, MusterMetric *metric)
{
  g_set_object (&self->metric, metric);
}

static void
muster_metric_row_limits_cb (MusterMetricRow *self)
{
  AdwDialog *dialog = muster_metric_dialog_new (self->session, self->metric);

  g_signal_connect_object (dialog, "saved", G_CALLBACK (muster_metric_row_limited_cb), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

void
muster_metric_row_set_command (MusterMetricRow *self, int state)
{
  g_return_if_fail (MUSTER_IS_METRIC_ROW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->command), state >= 0);
  if (state >= 0)
    muster_status_chip_set_command (self->command, state);
  /* What was not confirmed did not happen: the switch goes back. */
  if (state == MUSTER_COMMAND_FAILED || state == MUSTER_COMMAND_TIMED_OUT)
    {
      self->updating = TRUE;
      gtk_switch_set_active (GTK_SWITCH (self->toggle),
                             gtk_switch_get_state (GTK_SWITCH (self->toggle)));
      self->updating = FALSE;
    }
}

/* The control for writing it, where a command may. */
static void
set_up_control (MusterMetricRow *self)
{
  MusterEntity  *metric = MUSTER_ENTITY (self->metric);
  double         least = muster_entity_get_double (metric, "minimum");
  double         greatest = muster_entity_get_double (metric, "maximum");
  const char    *name = muster_entity_get_string (metric, "name");
  MusterDatatype datatype = get_datatype (self);
  gboolean       whole = datatype < MUSTER_DATATYPE_FLOAT;

  if (!muster_entity_get_boolean (metric, "writable"))
    return;
  if (datatype == MUSTER_DATATYPE_BOOLEAN)
    {
      gtk_widget_set_visible (self->toggle, TRUE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      name, -1);
    }
  else if (muster_metric_row_is_numeric (self))
    {
      gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->number), isnan (least) ? -1e9 : least,
                                 isnan (greatest) ? 1e9 : greatest);
      gtk_spin_button_set_increments (GTK_SPIN_BUTTON (self->number), whole ? 1 : 0.5, 10);
      gtk_spin_button_set_digits (GTK_SPIN_BUTTON (self->number), whole ? 0 : 1);
      gtk_widget_set_visible (self->control, TRUE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->number), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      name, -1);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->send), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("Write this value"), -1);
    }
}

static void
muster_metric_row_dispose (GObject *object)
{
  MusterMetricRow *self = MUSTER_METRIC_ROW (object);

  g_clear_handle_id (&self->stale_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_METRIC_ROW);
  G_OBJECT_CLASS (muster_metric_row_parent_class)->dispose (object);
}

static void
muster_metric_row_finalize (GObject *object)
{
  MusterMetricRow *self = MUSTER_METRIC_ROW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->told);
  g_clear_object (&self->metric);
  g_clear_object (&self->course);
  G_OBJECT_CLASS (muster_metric_row_parent_class)->finalize (object);
}

static void
muster_metric_row_class_init (MusterMetricRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_metric_row_dispose;
  object_class->finalize = muster_metric_row_finalize;
  signals[CHARTED_CHANGED] = g_signal_new ("charted-changed", MUSTER_TYPE_METRIC_ROW,
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[WRITE] = g_signal_new ("write", MUSTER_TYPE_METRIC_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 2, MUSTER_TYPE_METRIC, JSON_TYPE_NODE);
  g_type_ensure (MUSTER_TYPE_AGE_LABEL);
  g_type_ensure (MUSTER_TYPE_SPARKLINE);
  g_type_ensure (MUSTER_TYPE_STATUS_CHIP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/metric-row.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterMetricRow, charted);
  gtk_widget_class_bind_template_child (widget_class, MusterMetricRow, name);
  gtk_widget_class_bind_template_child (widget_class, MusterMetricRow, age);
  gtk_widget_class_bind_template_child (widget_class, MusterMetricRow, command);
  gtk_widget_class_bind_template_child (widget_class, MusterMetricRow, sparkline);
  gtk_widget_class_bind_template_child (widget_class, MusterMetricRow, value);
  gtk_widget_class_bind_template_child (widget_class, MusterMetricRow, rule);
  gtk_widget_class_bind_template_child (widget_class, MusterMetricRow, limits);
  gtk_widget_class_bind_template_child (widget_class, MusterMetricRow, toggle);
  gtk_widget_class_bind_template_child (widget_class, MusterMetricRow, number);
  gtk_widget_class_bind_template_child (widget_class, MusterMetricRow, send);
  gtk_widget_class_bind_template_child (widget_class, MusterMetricRow, control);
  gtk_widget_class_bind_template_callback (widget_class, muster_metric_row_charted_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_metric_row_limits_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_metric_row_switch_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_metric_row_number_cb);
}

static void
muster_metric_row_init (MusterMetricRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
muster_metric_row_new (MusterSession *session, MusterApiMetric *metric)
{
  MusterMetricRow  *self = g_object_new (MUSTER_TYPE_METRIC_ROW, NULL);
  MusterApiReading *latest = muster_api_metric_get_latest (metric);
  const char       *name;
  g_autofree char  *chart_label = NULL, *rule_label = NULL, *limits_label = NULL;

  self->session = g_object_ref (session);
  self->told = g_object_ref (metric);
  self->metric = g_object_ref (muster_api_metric_get_metric (metric));
  name = muster_metric_row_get_name (self);
  self->course = muster_series_new (name, NULL, COURSE_LENGTH);
  muster_series_set_holds (self->course, TRUE);
  muster_series_set_max_gap (self->course, 1);
  muster_sparkline_set_series (self->sparkline, self->course);
  gtk_label_set_label (self->name, muster_metric_name_get_label (name));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name),
                               muster_entity_get_string (MUSTER_ENTITY (self->metric),
                                                         "description"));
  muster_age_label_set_zone (self->age, muster_session_get_zone (session));
  gtk_widget_set_visible (self->charted, muster_metric_row_is_numeric (self) ||
                                           get_datatype (self) == MUSTER_DATATYPE_BOOLEAN);
  gtk_widget_set_visible (GTK_WIDGET (self->sparkline), muster_metric_row_is_numeric (self));
  chart_label = g_strdup_printf (_ ("Show %s on the chart"), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->charted), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  chart_label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->rule), "s", name);
  rule_label = g_strdup_printf (_ ("Add an alert rule for %s"), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rule), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  rule_label, -1);
  muster_permission_hide (session, self->rule, "createAlertRule");
  limits_label = g_strdup_printf (_ ("Unit and limits of %s"), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->limits), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  limits_label, -1);
  muster_permission_hide (session, self->limits, "updateMetric");
  set_up_control (self);
  if (latest == NULL)
    gtk_label_set_label (self->value, "–");
  else if (isnan (muster_api_reading_get_number (latest)))
    {
      g_autofree char *text = muster_api_reading_format (latest);

      show_value (self, muster_api_reading_get_time (latest), text);
    }
  else
    {
      muster_metric_row_add (self, muster_api_reading_get_time (latest),
                             muster_api_reading_get_number (latest));
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->number),
                                 muster_api_reading_get_number (latest));
    }
  return GTK_WIDGET (self);
}

MusterMetric *
muster_metric_row_get_metric (MusterMetricRow *self)
{
  g_return_val_if_fail (MUSTER_IS_METRIC_ROW (self), NULL);

  return self->metric;
}

MusterApiMetric *
muster_metric_row_get_api_metric (MusterMetricRow *self)
{
  g_return_val_if_fail (MUSTER_IS_METRIC_ROW (self), NULL);

  return self->told;
}

const char *
muster_metric_row_get_name (MusterMetricRow *self)
{
  g_return_val_if_fail (MUSTER_IS_METRIC_ROW (self), NULL);

  return muster_entity_get_string (MUSTER_ENTITY (self->metric), "name");
}

gboolean
muster_metric_row_is_charted (MusterMetricRow *self)
{
  g_return_val_if_fail (MUSTER_IS_METRIC_ROW (self), FALSE);

  return gtk_check_button_get_active (GTK_CHECK_BUTTON (self->charted));
}

void
muster_metric_row_set_charted (MusterMetricRow *self, gboolean charted)
{
  g_return_if_fail (MUSTER_IS_METRIC_ROW (self));

  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->charted), charted);
}
