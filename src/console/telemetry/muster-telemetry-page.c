/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-telemetry-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-inventory.h"
#include "muster-calculation-group.h"
#include "muster-chart-view.h"
#include "muster-deck-fill.h"
#include "muster-source-picker.h"
#include "muster-telemetry-page.h"
#include "widgets/muster-saved-views.h"

#define MOST_DASHBOARDS 8

struct _MusterTelemetryPage
{
  MusterPage parent_instance;

  /* Template children */
  AdwOverlaySplitView    *split;
  GtkMenuButton          *saved;
  MusterSourcePicker     *picker;
  MusterCalculationGroup *calculation;
  GtkStack               *stack;
  MusterChartDeck        *deck;
  AdwPreferencesGroup    *dashboards;
  GPtrArray              *dashboard_rows; /* (owned) (element-type GtkWidget) borrowed */
  DexFuture              *products;       /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (MusterTelemetryPage, muster_telemetry_page, MUSTER_TYPE_PAGE)

/* --- what is picked --- */

static void
show_page (MusterTelemetryPage *self, gboolean any_source, gboolean any_track)
{
  gtk_stack_set_visible_child_name (self->stack, !any_source ? "empty"
                                                 : any_track ? "charts"
                                                             : "none");
}

static gboolean
wants (gpointer picker, const char *metric)
{
  return muster_source_picker_wants (picker, metric);
}

static void
muster_telemetry_page_picked_cb (MusterTelemetryPage *self)
{
  GListModel *sources = muster_source_picker_get_sources (self->picker);
  gboolean    any = muster_deck_fill (self->deck, sources, wants, self->picker);

  show_page (self, g_list_model_get_n_items (sources) > 0, any);
}

/* Something else is made of the measures. */
static void
muster_telemetry_page_remake_cb (MusterTelemetryPage *self)
{
  muster_calculation_group_set (self->calculation, muster_chart_deck_get_calculation (self->deck));
  muster_chart_deck_clear (self->deck);
  muster_telemetry_page_picked_cb (self);
}

static void
muster_telemetry_page_calculation_cb (MusterTelemetryPage *self)
{
  MusterCalculation calculation;

  muster_calculation_group_get (self->calculation, &calculation);
  muster_chart_deck_set_calculation (self->deck, &calculation);
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

static void
show_view (MusterTelemetryPage *self, const MusterChartView *view)
{
  muster_chart_view_apply (view, self->deck);
  muster_source_picker_choose (self->picker, (const char *const *)view->sources,
                               (const char *const *)view->metrics);
}

static void
muster_telemetry_page_chosen_cb (MusterTelemetryPage *self,
                                 const char          *text,
                                 const char          *sort,
                                 const char *const   *filters,
                                 const char *const   *columns)
{
  g_autoptr (MusterChartView) view = muster_chart_view_new (filters, columns);

  show_view (self, view);
}

void
muster_telemetry_page_show_dashboard (MusterTelemetryPage *self, const char *product_id)
{
  g_autoptr (MusterChartView) view = NULL;

  g_return_if_fail (MUSTER_IS_TELEMETRY_PAGE (self));
  g_return_if_fail (product_id != NULL);

  view = muster_chart_view_new_dashboard (product_id);
  show_view (self, view);
}

static void
muster_telemetry_page_save_cb (MusterTelemetryPage *self, MusterSavedViews *views)
{
  static const char *const none[] = { NULL };
  g_auto (GStrv) keys = muster_source_picker_list_keys (self->picker);
  g_auto (GStrv) metrics = muster_source_picker_list_metrics (self->picker);
  g_autoptr (MusterChartView) view =
              muster_chart_view_new_from_deck (self->deck, (const char *const *)keys,
                                               (const char *const *)metrics);
  g_auto (GStrv) filters = muster_chart_view_list_filters (view);

  muster_saved_views_save (views, NULL, NULL, (const char *const *)filters,
                           metrics != NULL ? (const char *const *)metrics : none);
}

static void
add_saved_views (MusterTelemetryPage *self)
{
  GtkWidget *popover =
    muster_saved_views_new (muster_page_get_session (MUSTER_PAGE (self)), MUSTER_CHART_VIEW_ENTITY);

  g_signal_connect_object (popover, "chosen", G_CALLBACK (muster_telemetry_page_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (popover, "save", G_CALLBACK (muster_telemetry_page_save_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_menu_button_set_popover (self->saved, popover);
}

/* --- dashboards --- */

static void
muster_telemetry_page_dashboard_cb (MusterTelemetryPage *self, GtkWidget *row)
{
  muster_telemetry_page_show_dashboard (self, g_object_get_data (G_OBJECT (row), "muster-product"));
}

static void
add_dashboard (MusterTelemetryPage *self, MusterEntity *product)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 muster_entity_get_string (product, "name"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "muster-product",
                          g_strdup (muster_entity_get_id (product)), g_free);
  g_signal_connect_object (row, "activated", G_CALLBACK (muster_telemetry_page_dashboard_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->dashboards, row);
  g_ptr_array_add (self->dashboard_rows, row);
}

static DexFuture *
muster_telemetry_page_products_cb (DexFuture *future, gpointer user_data)
{
  MusterTelemetryPage *self = user_data;
  const GValue        *value = dex_future_get_value (future, NULL);
  MusterApiPage       *page = value != NULL ? g_value_get_object (value) : NULL;

  for (unsigned i = 0; i < self->dashboard_rows->len; i++)
    adw_preferences_group_remove (self->dashboards, self->dashboard_rows->pdata[i]);
  g_ptr_array_set_size (self->dashboard_rows, 0);
  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    add_dashboard (self, muster_api_page_get (page, i));
  gtk_widget_set_visible (GTK_WIDGET (self->dashboards), self->dashboard_rows->len > 0);
  return dex_future_new_true ();
}

static void
read_products (MusterTelemetryPage *self)
{
  static const char *const units[] = { "tracking", "serial", NULL };
  MusterApiListQuery       query = { .limit = MOST_DASHBOARDS, .sort = "name", .filters = units };

  dex_clear (&self->products);
  if (muster_page_may (MUSTER_PAGE (self), "listProducts"))
    self->products =
      dex_future_finally (muster_api_products_list (muster_page_get_client (MUSTER_PAGE (self)),
                                                    &query),
                          muster_telemetry_page_products_cb, self, NULL);
}

/* --- page --- */

static void
muster_telemetry_page_refresh (MusterPage *page)
{
  MusterTelemetryPage *self = MUSTER_TELEMETRY_PAGE (page);

  muster_source_picker_refresh (self->picker);
  read_products (self);
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
  g_signal_connect_object (self->deck, "remake", G_CALLBACK (muster_telemetry_page_remake_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->calculation, "changed",
                           G_CALLBACK (muster_telemetry_page_calculation_cb), self,
                           G_CONNECT_SWAPPED);
  muster_source_picker_open (self->picker, session);
  add_saved_views (self);
  read_products (self);
}

static void
muster_telemetry_page_dispose (GObject *object)
{
  dex_clear (&MUSTER_TELEMETRY_PAGE (object)->products);
  g_clear_pointer (&MUSTER_TELEMETRY_PAGE (object)->dashboard_rows, g_ptr_array_unref);
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
  g_type_ensure (MUSTER_TYPE_CALCULATION_GROUP);
  g_type_ensure (MUSTER_TYPE_CHART_DECK);
  g_type_ensure (MUSTER_TYPE_SOURCE_PICKER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/telemetry-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPage, split);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPage, saved);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPage, picker);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPage, calculation);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPage, deck);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPage, dashboards);
  gtk_widget_class_bind_template_callback (widget_class, muster_telemetry_page_pick_cb);
  gtk_widget_class_install_action (widget_class, "page.export", NULL,
                                   muster_telemetry_page_export_action);
  gtk_widget_class_install_action (widget_class, "page.print", NULL,
                                   muster_telemetry_page_print_action);
}

static void
muster_telemetry_page_init (MusterTelemetryPage *self)
{
  self->dashboard_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
