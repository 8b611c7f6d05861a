/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rule-preview"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-alerts.h"
#include "client/muster-api-devices.h"
#include "client/muster-api-json.h"
#include "model/muster-device-event.h"
#include "muster-json-enum.h"
#include "muster-metric-chart.h"
#include "muster-rule-draft.h"
#include "muster-rule-preview.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-reference-row.h"
#include "widgets/muster-references.h"

/* While a threshold is dragged the firings follow it; each is a query over all devices. */
#define BACKTEST_DELAY_MSEC 180
#define MAX_LISTED 100
#define DEFAULT_SPAN "3600"

/* Of what a value moves within: less is noise more often than news. */
#define HYSTERESIS_SHARE 0.03

struct _MusterRulePreview
{
  AdwBin parent_instance;

  MusterSession *session;   /* (owned) (nullable) */
  JsonObject    *draft;     /* (owned) (nullable) */
  char          *tried;     /* (owned) (nullable) the draft and time that were tried out last */
  char          *device_id; /* (owned) (nullable) */
  char          *scope;     /* (owned) (nullable) what a device was looked for by */
  GPtrArray     *metrics;   /* (owned) (element-type utf8) of the device */
  GHashTable    *units;     /* (owned) metric to its unit */
  unsigned       searches;  /* so many were begun for a device: the newest counts */
  DexFuture     *testing;   /* (owned) (nullable) */
  unsigned       test_id;   /* timeout */
  gint64         span;      /* seconds */
  gboolean       chosen;    /* the device, by somebody */

  /* Template children */
  GtkLabel          *device_name;
  GtkPopover        *device_popover;
  MusterMetricChart *chart;
  AdwToggleGroup    *spans;
  GtkLabel          *summary;
  GtkWidget         *firings_button;
  GtkListBox        *firings;
};

G_DEFINE_FINAL_TYPE (MusterRulePreview, muster_rule_preview, ADW_TYPE_BIN)

enum
{
  MOVED,
  SHOWN,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* --- the firings it would have had --- */

static gboolean
read_firing (JsonObject *object, MusterFiring *firing)
{
  firing->from = muster_api_json_get_time (object, "from");
  firing->to = muster_api_json_get_time (object, "to");
  firing->severity = MAX (0, muster_json_get_enum (object, "severity", &muster_severity_enum));
  if (firing->to < 0)
    firing->to = G_MAXINT64;
  return firing->from >= 0;
}

static GtkWidget *
create_firing_row (MusterRulePreview *self, JsonObject *object, const MusterFiring *firing)
{
  GTimeZone  *zone = muster_session_get_zone (self->session);
  gint64      now = g_get_real_time ();
  const char *id = muster_api_json_get_string (object, "device_id");
  const char *name =
    muster_references_get_name (muster_references_get (self->session), "device", id);
  const char      *metric = muster_api_json_get_string (object, "metric");
  g_autofree char *from = muster_format_short_time (firing->from, now, zone);
  g_autofree char *span =
    muster_format_span ((firing->to == G_MAXINT64 ? now : firing->to) - firing->from);
  g_autofree char *subtitle = metric != NULL ? g_strdup_printf ("%s · %s · %s", from, span, metric)
                                             : g_strdup_printf ("%s · %s", from, span);

  return g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", name != NULL ? name : "…",
                       "subtitle", subtitle, NULL);
}

/* Those of the device on the chart are drawn, all are listed. */
static void
show_firings (MusterRulePreview *self, JsonArray *firings)
{
  g_autoptr (GArray) drawn = g_array_new (FALSE, FALSE, sizeof (MusterFiring));

  muster_list_clear (self->firings);
  for (unsigned i = 0; firings != NULL && i < json_array_get_length (firings); i++)
    {
      JsonObject  *object = muster_api_json_as_object (json_array_get_element (firings, i));
      MusterFiring firing;

      if (object == NULL || !read_firing (object, &firing))
        continue;
      if (g_strcmp0 (muster_api_json_get_string (object, "device_id"), self->device_id) == 0)
        g_array_append_val (drawn, firing);
      if (i < MAX_LISTED)
        gtk_list_box_append (self->firings, create_firing_row (self, object, &firing));
    }
  muster_threshold_layer_set_firings (muster_metric_chart_get_layer (self->chart),
                                      (MusterFiring *)(gpointer)drawn->data, drawn->len);
}

static unsigned
count_devices (JsonArray *firings)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned i = 0; firings != NULL && i < json_array_get_length (firings); i++)
    {
      JsonObject *object = muster_api_json_as_object (json_array_get_element (firings, i));
      const char *id = object != NULL ? muster_api_json_get_string (object, "device_id") : NULL;

      if (id != NULL)
        g_hash_table_add (ids, (gpointer)id);
    }
  return g_hash_table_size (ids);
}

static void
show_summary (MusterRulePreview *self, JsonArray *firings)
{
  unsigned         n = firings != NULL ? json_array_get_length (firings) : 0;
  unsigned         n_devices = count_devices (firings);
  g_autofree char *span = muster_format_span (self->span * G_USEC_PER_SEC);
  g_autofree char *devices =
    g_strdup_printf (ngettext ("%u device", "%u devices", n_devices), n_devices);
  g_autofree char *text =
    n == 0
      /* Translators: a length of time such as "24 h". */
      ? g_strdup_printf (_ ("It would not have fired in the last %s."), span)
      /* Translators: a count, a length of time, and "2 devices". */
      : g_strdup_printf (ngettext ("It would have fired %u time in the last %s, on %s.",
                                   "It would have fired %u times in the last %s, on %s.", n),
                         n, span, devices);

  gtk_label_set_label (self->summary, text);
  gtk_widget_set_visible (self->firings_button, n > 0);
}

static DexFuture *
muster_rule_preview_tested_cb (DexFuture *future, gpointer user_data)
{
  MusterRulePreview *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  JsonArray    *firings;

  if (self->summary == NULL)
    return dex_future_new_true ();
  if (value == NULL)
    {
      g_autofree char *text = muster_format_sentence (error->message);

      g_clear_pointer (&self->tried, g_free);
      show_firings (self, NULL);
      gtk_label_set_label (self->summary, text);
      gtk_widget_set_visible (self->firings_button, FALSE);
      return dex_future_new_true ();
    }
  firings = muster_api_json_get_array (g_value_get_boxed (value), "firings");
  show_firings (self, firings);
  show_summary (self, firings);
  return dex_future_new_true ();
}

static void
muster_rule_preview_test_cb (gpointer user_data)
{
  MusterRulePreview *self = user_data;
  gint64             now = g_get_real_time ();

  self->test_id = 0;
  dex_clear (&self->testing);
  self->testing =
    dex_future_finally (muster_api_alert_rules_backtest (muster_session_get_client (self->session),
                                                         json_object_ref (self->draft), NULL,
                                                         now - self->span * G_USEC_PER_SEC, now),
                        muster_rule_preview_tested_cb, self, NULL);
}

/* What is asked: the same twice is asked once. */
static char *
dup_question (MusterRulePreview *self)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), self->draft);
  g_autofree char *text = json_to_string (node, FALSE);

  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", self->span, text);
}

static void
queue_test (MusterRulePreview *self)
{
  g_autofree char *question = NULL;

  if (self->draft == NULL)
    return;
  if (!muster_rule_draft_is_whole (self->draft))
    {
      g_clear_pointer (&self->tried, g_free);
      g_clear_handle_id (&self->test_id, g_source_remove);
      dex_clear (&self->testing);
      show_firings (self, NULL);
      gtk_label_set_label (self->summary, _ ("Say what is watched and where, and here stands when "
                                             "it would have fired."));
      gtk_widget_set_visible (self->firings_button, FALSE);
      return;
    }
  question = dup_question (self);
  if (g_set_str (&self->tried, question) && self->test_id == 0)
    self->test_id = g_timeout_add_once (BACKTEST_DELAY_MSEC, muster_rule_preview_test_cb, self);
}

/* --- the chart --- */

static void
show_thresholds (MusterRulePreview *self)
{
  MusterThreshold thresholds[MUSTER_RULE_MAX_THRESHOLDS];
  unsigned        n = muster_rule_draft_list_thresholds (self->draft, thresholds);
  const char     *metric =
    muster_rule_find_metric (self->metrics, muster_api_json_get_string (self->draft, "metric"));

  muster_threshold_layer_set_thresholds (muster_metric_chart_get_layer (self->chart), thresholds, n,
                                         metric != NULL ? g_hash_table_lookup (self->units, metric)
                                                        : NULL);
}

static void
show_metric (MusterRulePreview *self)
{
  const char *pattern = muster_api_json_get_string (self->draft, "metric");
  const char *metric = muster_rule_find_metric (self->metrics, pattern);
  const char *name = self->device_id != NULL
                       ? muster_references_get_name (muster_references_get (self->session),
                                                     "device", self->device_id)
                       : NULL;

  gtk_label_set_label (self->device_name, name != NULL ? name : _ ("No device to show"));
  muster_metric_chart_set_empty_text (self->chart, pattern == NULL
                                                     ? _ ("Choose a metric to see it here")
                                                     : _ ("This device does not measure that"));
  muster_metric_chart_show (self->chart, metric != NULL ? self->device_id : NULL, metric,
                            metric != NULL ? g_hash_table_lookup (self->units, metric) : NULL);
  show_thresholds (self);
}

/* --- which device --- */

typedef struct
{
  MusterRulePreview *preview;
  char              *filter[3]; /* field, value, NULL; or all NULL */
} Finding;

static void
finding_free (gpointer data)
{
  Finding *finding = data;

  g_object_unref (finding->preview);
  g_free (finding->filter[0]);
  g_free (finding->filter[1]);
  g_free (finding);
}

static void
take_metrics (MusterRulePreview *self, MusterApiPage *page)
{
  g_ptr_array_set_size (self->metrics, 0);
  g_hash_table_remove_all (self->units);
  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    {
      MusterEntity *metric =
        MUSTER_ENTITY (muster_api_metric_get_metric (muster_api_page_get (page, i)));
      const char *name = muster_entity_get_string (metric, "name");

      g_ptr_array_add (self->metrics, g_strdup (name));
      g_hash_table_replace (self->units, g_strdup (name),
                            g_strdup (muster_entity_get_string (metric, "unit")));
    }
}

/* Devices that measure at all come before those that wait in a store. */
static DexFuture *
muster_rule_preview_find_fiber (gpointer user_data)
{
  Finding           *finding = user_data;
  MusterRulePreview *self = finding->preview;
  const unsigned     number = self->searches;
  MusterApiClient   *client = muster_session_get_client (self->session);
  const char *const  filters[] = { "adoption", "adopted", finding->filter[0], finding->filter[1],
                                   NULL };
  const MusterApiListQuery query = { .sort = "name", .limit = 1, .filters = filters };
  g_autoptr (MusterApiPage) metrics = NULL;

  if (self->device_id == NULL)
    {
      g_autoptr (MusterApiPage) page =
                  dex_await_object (muster_api_devices_list (client, &query), NULL);

      if (number == self->searches && page != NULL && muster_api_page_get_length (page) > 0)
        g_set_str (&self->device_id, muster_entity_get_id (muster_api_page_get (page, 0)));
    }
  if (self->device_id != NULL)
    metrics = dex_await_object (muster_api_devices_list_metrics (client, self->device_id), NULL);
  if (self->summary == NULL || number != self->searches)
    return dex_future_new_true ();
  take_metrics (self, metrics);
  show_metric (self);
  queue_test (self);
  return dex_future_new_true ();
}

static void
find_device (MusterRulePreview *self, const char *field, const char *value)
{
  Finding *finding = g_new0 (Finding, 1);

  finding->preview = g_object_ref (self);
  finding->filter[0] = g_strdup (field);
  finding->filter[1] = g_strdup (value);
  self->searches++;
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_rule_preview_find_fiber, finding, finding_free));
}

/* One of those that the rule is for, unless somebody chose. */
static void
choose_device (MusterRulePreview *self)
{
  const char      *kind = muster_api_json_get_string (self->draft, "scope_kind");
  const char      *id = muster_api_json_get_string (self->draft, "scope_id");
  g_autofree char *scope = g_strdup_printf ("%s %s", kind, id != NULL ? id : "");

  if (self->chosen && g_strcmp0 (kind, "device") != 0)
    return;
  if (!g_set_str (&self->scope, scope))
    return;
  g_set_str (&self->device_id, g_strcmp0 (kind, "device") == 0 ? id : NULL);
  if (g_strcmp0 (kind, "device") == 0 && id == NULL)
    return;
  find_device (self,
               id == NULL                          ? NULL
               : g_strcmp0 (kind, "product") == 0  ? "product_id"
               : g_strcmp0 (kind, "location") == 0 ? "location_id"
                                                   : NULL,
               id);
}

void
muster_rule_preview_set_device (MusterRulePreview *self, const char *device_id)
{
  g_return_if_fail (MUSTER_IS_RULE_PREVIEW (self));

  self->chosen = TRUE;
  if (g_set_str (&self->device_id, device_id))
    find_device (self, NULL, NULL);
}

static void
muster_rule_preview_chosen_cb (MusterRulePreview *self, GParamSpec *pspec, MusterReferenceRow *row)
{
  if (muster_reference_row_get_id (row) == NULL)
    return;
  muster_rule_preview_set_device (self, muster_reference_row_get_id (row));
  gtk_popover_popdown (self->device_popover);
}

/* --- for the editor --- */

void
muster_rule_preview_set_rule (MusterRulePreview *self, JsonObject *draft)
{
  g_return_if_fail (MUSTER_IS_RULE_PREVIEW (self));

  g_clear_pointer (&self->draft, json_object_unref);
  self->draft = draft;
  choose_device (self);
  show_metric (self);
  queue_test (self);
}

gboolean
muster_rule_preview_suggest (MusterRulePreview *self, double *value)
{
  double least, greatest, span;
  double step;

  g_return_val_if_fail (MUSTER_IS_RULE_PREVIEW (self), FALSE);

  if (!muster_metric_chart_get_extent (self->chart, &least, &greatest))
    return FALSE;
  span = MAX (greatest - least, MAX (fabs (greatest) * 0.02, 1e-6));
  step = pow (10, floor (log10 (span))) / 2;
  *value = ceil ((greatest + span * 0.1) / step) * step;
  return TRUE;
}

gboolean
muster_rule_preview_suggest_hysteresis (MusterRulePreview *self, double *value)
{
  double least, greatest, share, step;

  g_return_val_if_fail (MUSTER_IS_RULE_PREVIEW (self), FALSE);

  if (!muster_metric_chart_get_extent (self->chart, &least, &greatest))
    return FALSE;
  share = MAX (greatest - least, MAX (fabs (greatest) * 0.02, 1e-6)) * HYSTERESIS_SHARE;
  step = pow (10, floor (log10 (share)));
  *value = ceil (share / step) * step;
  return TRUE;
}

GPtrArray *
muster_rule_preview_list_metrics (MusterRulePreview *self)
{
  GPtrArray *metrics = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (MUSTER_IS_RULE_PREVIEW (self), metrics);

  for (unsigned i = 0; i < self->metrics->len; i++)
    g_ptr_array_add (metrics, g_strdup (self->metrics->pdata[i]));
  return metrics;
}

static void
muster_rule_preview_span_cb (MusterRulePreview *self)
{
  const char *name = self->spans != NULL ? adw_toggle_group_get_active_name (self->spans) : NULL;

  if (name == NULL)
    return;
  self->span = g_ascii_strtoll (name, NULL, 10);
  if (self->session == NULL)
    return;
  muster_metric_chart_set_span (self->chart, self->span * G_USEC_PER_SEC);
  queue_test (self);
}

static void
muster_rule_preview_moved_cb (MusterRulePreview *self, unsigned index, double value)
{
  g_signal_emit (self, signals[MOVED], 0, index, value);
}

static void
muster_rule_preview_shown_cb (MusterRulePreview *self)
{
  g_signal_emit (self, signals[SHOWN], 0);
}

static void
muster_rule_preview_names_cb (MusterRulePreview *self)
{
  if (self->draft != NULL)
    show_metric (self);
}

/* --- life --- */

static void
muster_rule_preview_dispose (GObject *object)
{
  MusterRulePreview *self = MUSTER_RULE_PREVIEW (object);

  g_clear_handle_id (&self->test_id, g_source_remove);
  dex_clear (&self->testing);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_RULE_PREVIEW);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_rule_preview_parent_class)->dispose (object);
}

static void
muster_rule_preview_finalize (GObject *object)
{
  MusterRulePreview *self = MUSTER_RULE_PREVIEW (object);

  g_clear_pointer (&self->draft, json_object_unref);
  g_free (self->tried);
  g_free (self->device_id);
  g_free (self->scope);
  g_ptr_array_unref (self->metrics);
  g_hash_table_unref (self->units);
  G_OBJECT_CLASS (muster_rule_preview_parent_class)->finalize (object);
}

static void
muster_rule_preview_class_init (MusterRulePreviewClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_rule_preview_dispose;
  object_class->finalize = muster_rule_preview_finalize;
  signals[MOVED] = g_signal_new ("moved", MUSTER_TYPE_RULE_PREVIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_DOUBLE);
  signals[SHOWN] = g_signal_new ("shown", MUSTER_TYPE_RULE_PREVIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (MUSTER_TYPE_METRIC_CHART);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/rule-preview.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterRulePreview, device_name);
  gtk_widget_class_bind_template_child (widget_class, MusterRulePreview, device_popover);
  gtk_widget_class_bind_template_child (widget_class, MusterRulePreview, chart);
  gtk_widget_class_bind_template_child (widget_class, MusterRulePreview, spans);
  gtk_widget_class_bind_template_child (widget_class, MusterRulePreview, summary);
  gtk_widget_class_bind_template_child (widget_class, MusterRulePreview, firings_button);
  gtk_widget_class_bind_template_child (widget_class, MusterRulePreview, firings);
  gtk_widget_class_bind_template_callback (widget_class, muster_rule_preview_span_cb);
}

static void
muster_rule_preview_init (MusterRulePreview *self)
{
  self->metrics = g_ptr_array_new_with_free_func (g_free);
  self->units = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (muster_metric_chart_get_layer (self->chart), "moved",
                           G_CALLBACK (muster_rule_preview_moved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chart, "shown", G_CALLBACK (muster_rule_preview_shown_cb), self,
                           G_CONNECT_SWAPPED);
}

void
muster_rule_preview_open (MusterRulePreview *self, MusterSession *session)
{
  GtkWidget *row, *list;

  g_return_if_fail (MUSTER_IS_RULE_PREVIEW (self));
  g_return_if_fail (MUSTER_IS_SESSION (session));

  g_set_object (&self->session, session);
  muster_metric_chart_open (self->chart, session);
  row = muster_reference_row_new (session, "device", _ ("Device on the chart"), FALSE);
  list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_size_request (list, 280, -1);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_popover_set_child (self->device_popover, list);
  g_signal_connect_object (row, "notify::record-id", G_CALLBACK (muster_rule_preview_chosen_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_rule_preview_names_cb), self, G_CONNECT_SWAPPED);
  adw_toggle_group_set_active_name (self->spans, DEFAULT_SPAN);
  muster_rule_preview_span_cb (self);
}
