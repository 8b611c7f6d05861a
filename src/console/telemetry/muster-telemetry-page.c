/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-telemetry-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-chart-deck.h"
#include "muster-metric-name.h"
#include "muster-source-picker.h"
#include "muster-telemetry-page.h"
#include "widgets/muster-saved-views.h"

/* More than that nobody looks at at once. */
#define MAX_TRACKS 60
/* What saved views call this page's list. */
#define VIEW_ENTITY "telemetry"

struct _MusterTelemetryPage
{
  MusterPage parent_instance;

  gboolean labelled_by_device; /* whether the legends name the device */

  /* Template children */
  AdwOverlaySplitView *split;
  GtkMenuButton       *saved;
  MusterSourcePicker  *picker;
  GtkStack            *stack;
  MusterChartDeck     *deck;
};

G_DEFINE_FINAL_TYPE (MusterTelemetryPage, muster_telemetry_page, MUSTER_TYPE_PAGE)

/* --- what is picked --- */

static unsigned
count_devices (GListModel *sources)
{
  unsigned count = 0;

  for (unsigned i = 0; i < g_list_model_get_n_items (sources); i++)
    {
      g_autoptr (MusterSource) source = g_list_model_get_item (sources, i);

      count += muster_source_count_devices (source);
    }
  return count;
}

static const char *
get_name (MusterApiMetric *metric)
{
  return muster_entity_get_string (MUSTER_ENTITY (muster_api_metric_get_metric (metric)), "name");
}

static int
compare_metrics (gconstpointer a, gconstpointer b)
{
  return muster_metric_name_compare (get_name (*(MusterApiMetric *const *)a),
                                     get_name (*(MusterApiMetric *const *)b));
}

/* (transfer full) (element-type MusterApiMetric): those that are wanted, in the order for people.
 */
static GPtrArray *
list_wanted (MusterTelemetryPage *self, GListModel *metrics)
{
  GPtrArray *wanted = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned i = 0; i < g_list_model_get_n_items (metrics); i++)
    {
      g_autoptr (MusterApiMetric) metric = g_list_model_get_item (metrics, i);

      if (muster_source_picker_wants (self->picker, get_name (metric)))
        g_ptr_array_add (wanted, g_steal_pointer (&metric));
    }
  g_ptr_array_sort (wanted, compare_metrics);
  return wanted;
}

/* The tracks of the device at POSITION of SOURCE that are wanted are added; those that are there
 * stay as they are. WANTED keeps all of them. */
static void
add_device (MusterTelemetryPage *self, MusterSource *source, unsigned position, GHashTable *wanted)
{
  MusterEntity *device = MUSTER_ENTITY (muster_source_get_device (source, position));
  g_autoptr (GPtrArray) metrics = list_wanted (self, muster_source_get_metrics (source, position));

  for (unsigned i = 0; i < metrics->len && g_hash_table_size (wanted) < MAX_TRACKS; i++)
    {
      const char      *metric = muster_metric_name_get_label (get_name (metrics->pdata[i]));
      g_autofree char *label =
        self->labelled_by_device
          ? g_strdup_printf ("%s · %s", muster_entity_get_string (device, "name"), metric)
          : g_strdup (metric);

      g_hash_table_add (wanted, muster_chart_deck_add (self->deck, muster_entity_get_id (device),
                                                       metrics->pdata[i], label));
    }
}

static void
remove_others (MusterTelemetryPage *self, GHashTable *wanted)
{
  GListModel *tracks = muster_chart_deck_get_tracks (self->deck);

  for (unsigned i = g_list_model_get_n_items (tracks); i > 0; i--)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (tracks, i - 1);

      if (!g_hash_table_contains (wanted, track))
        muster_chart_deck_remove (self->deck, track);
    }
}

static void
show_page (MusterTelemetryPage *self, gboolean any_source, gboolean any_track)
{
  gtk_stack_set_visible_child_name (self->stack, !any_source ? "empty"
                                                 : any_track ? "charts"
                                                             : "none");
}

static void
muster_telemetry_page_picked_cb (MusterTelemetryPage *self)
{
  GListModel *sources = muster_source_picker_get_sources (self->picker);
  gboolean    by_device = count_devices (sources) > 1;
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);

  /* A legend that begins, or ceases, to name the devices is made anew. */
  if (by_device != self->labelled_by_device)
    muster_chart_deck_clear (self->deck);
  self->labelled_by_device = by_device;
  for (unsigned i = 0; i < g_list_model_get_n_items (sources); i++)
    {
      g_autoptr (MusterSource) source = g_list_model_get_item (sources, i);

      for (unsigned j = 0; j < muster_source_count_devices (source); j++)
        add_device (self, source, j, wanted);
    }
  remove_others (self, wanted);
  show_page (self, g_list_model_get_n_items (sources) > 0, g_hash_table_size (wanted) > 0);
}

static void
muster_telemetry_page_pick_cb (MusterTelemetryPage *self)
{
  adw_overlay_split_view_set_show_sidebar (self->split, TRUE);
  muster_source_picker_search (self->picker);
}

void
muster_telemetry_page_show (MusterTelemetryPage *self, const char *source)
{
  const char *keys[] = { source, NULL };

  g_return_if_fail (MUSTER_IS_TELEMETRY_PAGE (self));
  g_return_if_fail (source != NULL);

  muster_source_picker_choose (self->picker, keys, NULL);
}

/* --- how it was --- */

/* The moment stands at the right end: nobody knew more then. */
static void
muster_telemetry_page_moment_changed (MusterPage *page)
{
  MusterTelemetryPage *self = MUSTER_TELEMETRY_PAGE (page);
  gint64               at = muster_session_get_as_of (muster_page_get_session (page));
  gint64               span = muster_chart_deck_get_span (self->deck);

  muster_source_picker_refresh (self->picker);
  muster_chart_deck_set_present (self->deck, at);
  if (at == 0)
    muster_chart_deck_follow (self->deck, span);
  else
    muster_chart_deck_show_range (self->deck, at - span, at);
}

/* --- saved views --- */

static const char *
find_filter (const char *const *filters, const char *name)
{
  for (unsigned i = 0; filters[i] != NULL && filters[i + 1] != NULL; i += 2)
    if (g_str_equal (filters[i], name))
      return filters[i + 1];
  return NULL;
}

static void
show_time (MusterTelemetryPage *self, const char *const *filters)
{
  const char *span = find_filter (filters, "span");
  const char *from = find_filter (filters, "from");
  const char *to = find_filter (filters, "to");

  if (from != NULL && to != NULL)
    muster_chart_deck_show_range (self->deck, g_ascii_strtoll (from, NULL, 10),
                                  g_ascii_strtoll (to, NULL, 10));
  else if (span != NULL && g_ascii_strtoll (span, NULL, 10) > 0)
    muster_chart_deck_follow (self->deck, g_ascii_strtoll (span, NULL, 10) * G_USEC_PER_SEC);
}

static void
muster_telemetry_page_chosen_cb (MusterTelemetryPage *self,
                                 const char          *text,
                                 const char          *sort,
                                 const char *const   *filters,
                                 const char *const   *columns)
{
  const char *sources = find_filter (filters, "sources");
  g_auto (GStrv) keys = g_strsplit (sources != NULL ? sources : "", ",", 0);
  gboolean some = find_filter (filters, "metrics") != NULL;

  show_time (self, filters);
  muster_chart_deck_set_look (self->deck, find_filter (filters, "look"));
  muster_chart_deck_set_grouping (self->deck, find_filter (filters, "grouping"));
  muster_source_picker_choose (self->picker, (const char *const *)keys, some ? columns : NULL);
}

/* The metrics are kept as the columns, whose names may hold anything. */
static void
muster_telemetry_page_save_cb (MusterTelemetryPage *self, MusterSavedViews *views)
{
  g_auto (GStrv) keys = muster_source_picker_list_keys (self->picker);
  g_auto (GStrv) metrics = muster_source_picker_list_metrics (self->picker);
  g_autofree char *sources = g_strjoinv (",", keys);
  MusterAxis      *axis = muster_chart_deck_get_axis (self->deck);
  g_autofree char *span =
    g_strdup_printf ("%" G_GINT64_FORMAT, muster_chart_deck_get_span (self->deck) / G_USEC_PER_SEC);
  g_autofree char *from = g_strdup_printf ("%.0f", muster_axis_get_lower (axis));
  g_autofree char *to = g_strdup_printf ("%.0f", muster_axis_get_upper (axis));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) filters = NULL;
  static const char *const none[] = { NULL };

  g_strv_builder_add_many (builder, "sources", sources, "span", span, "look",
                           muster_chart_deck_get_look (self->deck), "grouping",
                           muster_chart_deck_get_grouping (self->deck), NULL);
  if (!muster_chart_deck_get_following (self->deck))
    g_strv_builder_add_many (builder, "from", from, "to", to, NULL);
  if (metrics != NULL)
    g_strv_builder_add_many (builder, "metrics", "some", NULL);
  filters = g_strv_builder_end (builder);
  muster_saved_views_save (views, NULL, NULL, (const char *const *)filters,
                           metrics != NULL ? (const char *const *)metrics : none);
}

static void
add_saved_views (MusterTelemetryPage *self)
{
  GtkWidget *popover =
    muster_saved_views_new (muster_page_get_session (MUSTER_PAGE (self)), VIEW_ENTITY);

  g_signal_connect_object (popover, "chosen", G_CALLBACK (muster_telemetry_page_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (popover, "save", G_CALLBACK (muster_telemetry_page_save_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_menu_button_set_popover (self->saved, popover);
}

/* --- page --- */

static void
muster_telemetry_page_refresh (MusterPage *page)
{
  MusterTelemetryPage *self = MUSTER_TELEMETRY_PAGE (page);

  muster_source_picker_refresh (self->picker);
  muster_chart_deck_refresh (self->deck);
}

static void
muster_telemetry_page_search (MusterPage *page)
{
  muster_telemetry_page_pick_cb (MUSTER_TELEMETRY_PAGE (page));
}

static void
muster_telemetry_page_export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_chart_deck_save (MUSTER_TELEMETRY_PAGE (widget)->deck, "csv");
}

static void
muster_telemetry_page_print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_chart_deck_print (MUSTER_TELEMETRY_PAGE (widget)->deck);
}

static void
muster_telemetry_page_constructed (GObject *object)
{
  MusterTelemetryPage *self = MUSTER_TELEMETRY_PAGE (object);
  MusterSession       *session = muster_page_get_session (MUSTER_PAGE (self));

  G_OBJECT_CLASS (muster_telemetry_page_parent_class)->constructed (object);
  muster_chart_deck_open (self->deck, session);
  muster_chart_deck_follow (self->deck, G_TIME_SPAN_HOUR);
  g_signal_connect_object (self->picker, "changed", G_CALLBACK (muster_telemetry_page_picked_cb),
                           self, G_CONNECT_SWAPPED);
  muster_source_picker_open (self->picker, session);
  add_saved_views (self);
}

static void
muster_telemetry_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_TELEMETRY_PAGE);
  G_OBJECT_CLASS (muster_telemetry_page_parent_class)->dispose (object);
}

static void
muster_telemetry_page_class_init (MusterTelemetryPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_telemetry_page_constructed;
  object_class->dispose = muster_telemetry_page_dispose;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_telemetry_page_refresh;
  MUSTER_PAGE_CLASS (klass)->moment_changed = muster_telemetry_page_moment_changed;
  MUSTER_PAGE_CLASS (klass)->search = muster_telemetry_page_search;
  g_type_ensure (MUSTER_TYPE_CHART_DECK);
  g_type_ensure (MUSTER_TYPE_SOURCE_PICKER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/telemetry-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPage, split);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPage, saved);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPage, picker);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPage, deck);
  gtk_widget_class_bind_template_callback (widget_class, muster_telemetry_page_pick_cb);
  gtk_widget_class_install_action (widget_class, "page.export", NULL,
                                   muster_telemetry_page_export_action);
  gtk_widget_class_install_action (widget_class, "page.print", NULL,
                                   muster_telemetry_page_print_action);
}

static void
muster_telemetry_page_init (MusterTelemetryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
