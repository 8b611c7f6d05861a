/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-inventory-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-inventory-page.h"
#include "muster-loans-view.h"
#include "muster-moves-view.h"
#include "muster-places-view.h"
#include "muster-products-view.h"
#include "muster-reorder-view.h"
#include "muster-stocktakes-view.h"
#include "muster-units-view.h"
#include "widgets/muster-records-view.h"

struct _MusterInventoryPage
{
  MusterPage parent_instance;

  /* Template children */
  AdwViewStack  *stack;
  GtkStack      *title_stack;
  GtkMenuButton *views_button;
};

G_DEFINE_FINAL_TYPE (MusterInventoryPage, muster_inventory_page, MUSTER_TYPE_PAGE)

/* A view is made when it is looked at first. */
static const struct
{
  const char *name;
  GtkWidget *(*create) (MusterSession *session);
} views[] = {
  { "products", muster_products_view_new },     { "units", muster_units_view_new },
  { "places", muster_places_view_new },         { "moves", muster_moves_view_new },
  { "stocktakes", muster_stocktakes_view_new }, { "reorder", muster_reorder_view_new },
  { "loans", muster_loans_view_new },
};

static AdwBin *
get_bin (MusterInventoryPage *self)
{
  return ADW_BIN (adw_view_stack_get_visible_child (self->stack));
}

static void
ensure_view (MusterInventoryPage *self)
{
  const char    *name = adw_view_stack_get_visible_child_name (self->stack);
  MusterSession *session = muster_page_get_session (MUSTER_PAGE (self));

  if (session == NULL || adw_bin_get_child (get_bin (self)) != NULL)
    return;
  for (unsigned i = 0; i < G_N_ELEMENTS (views); i++)
    if (g_strcmp0 (views[i].name, name) == 0)
      adw_bin_set_child (get_bin (self), views[i].create (session));
}

static void
muster_inventory_page_view_cb (MusterInventoryPage *self)
{
  AdwViewStackPage *page;

  if (self->stack == NULL || adw_view_stack_get_visible_child (self->stack) == NULL)
    return;
  ensure_view (self);
  page = adw_view_stack_get_page (self->stack, adw_view_stack_get_visible_child (self->stack));
  gtk_menu_button_set_label (self->views_button, adw_view_stack_page_get_title (page));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "inventory.view", TRUE);
}

void
muster_inventory_page_show_view (MusterInventoryPage *self, const char *name)
{
  g_return_if_fail (MUSTER_IS_INVENTORY_PAGE (self));

  if (adw_view_stack_get_child_by_name (self->stack, name) != NULL)
    adw_view_stack_set_visible_child_name (self->stack, name);
}

static void
muster_inventory_page_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_inventory_page_show_view (MUSTER_INVENTORY_PAGE (widget),
                                   g_variant_get_string (parameter, NULL));
}

/* The list in front, or NULL: borrowed. */
static MusterRecordsView *
find_records (GtkWidget *widget)
{
  MusterRecordsView *found = NULL;

  if (widget == NULL || MUSTER_IS_RECORDS_VIEW (widget))
    return (MusterRecordsView *)widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_records (child);
  return found;
}

static void
muster_inventory_page_refresh (MusterPage *page)
{
  GtkWidget         *view = adw_bin_get_child (get_bin (MUSTER_INVENTORY_PAGE (page)));
  MusterRecordsView *records = find_records (view);

  if (records != NULL)
    muster_records_view_refresh (records);
  if (MUSTER_IS_REORDER_VIEW (view))
    muster_reorder_view_refresh (MUSTER_REORDER_VIEW (view));
}

/* NAME is "page." and what the list in front has an action for. */
static void
muster_inventory_page_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget         *view = adw_bin_get_child (get_bin (MUSTER_INVENTORY_PAGE (widget)));
  MusterRecordsView *records = find_records (view);

  if (MUSTER_IS_PLACES_VIEW (view) && !g_str_equal (name, "page.export"))
    gtk_widget_activate_action (view,
                                g_str_equal (name, "page.new") ? "places.add" : "places.import",
                                NULL);
  else if (records != NULL)
    muster_records_view_do_page_action (records, name);
}

static void
muster_inventory_page_list (MusterPage *page, const char *const *filters)
{
  MusterInventoryPage *self = MUSTER_INVENTORY_PAGE (page);
  gboolean             view = g_strcmp0 (filters[0], "view") == 0;
  MusterRecordsView   *records = NULL;

  if (view)
    muster_inventory_page_show_view (self, filters[1]);
  records = find_records (GTK_WIDGET (get_bin (self)));
  if (records != NULL)
    muster_records_view_show_only (records, view ? filters + 2 : filters);
}

/* Labels of what is chosen. */
static void
muster_inventory_page_print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *view = adw_bin_get_child (get_bin (MUSTER_INVENTORY_PAGE (widget)));

  if (MUSTER_IS_PLACES_VIEW (view))
    gtk_widget_activate_action (view, "places.label", NULL);
  else if (MUSTER_IS_UNITS_VIEW (view))
    gtk_widget_activate_action (view, "units.labels", NULL);
}

static void
muster_inventory_page_search (MusterPage *page)
{
  MusterRecordsView *records = find_records (GTK_WIDGET (get_bin (MUSTER_INVENTORY_PAGE (page))));

  if (records != NULL)
    muster_records_view_search (records);
}

/* --- life --- */

static void
muster_inventory_page_constructed (GObject *object)
{
  G_OBJECT_CLASS (muster_inventory_page_parent_class)->constructed (object);
  muster_inventory_page_view_cb (MUSTER_INVENTORY_PAGE (object));
}

static void
muster_inventory_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_INVENTORY_PAGE);
  G_OBJECT_CLASS (muster_inventory_page_parent_class)->dispose (object);
}

static void
muster_inventory_page_class_init (MusterInventoryPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_inventory_page_constructed;
  object_class->dispose = muster_inventory_page_dispose;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_inventory_page_refresh;
  MUSTER_PAGE_CLASS (klass)->list = muster_inventory_page_list;
  MUSTER_PAGE_CLASS (klass)->search = muster_inventory_page_search;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/inventory-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterInventoryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterInventoryPage, title_stack);
  gtk_widget_class_bind_template_child (widget_class, MusterInventoryPage, views_button);
  gtk_widget_class_bind_template_callback (widget_class, muster_inventory_page_view_cb);
  gtk_widget_class_install_action (widget_class, "inventory.view", "s",
                                   muster_inventory_page_view_action);
  gtk_widget_class_install_action (widget_class, "page.new", NULL,
                                   muster_inventory_page_list_action);
  gtk_widget_class_install_action (widget_class, "page.import", NULL,
                                   muster_inventory_page_list_action);
  gtk_widget_class_install_action (widget_class, "page.export", NULL,
                                   muster_inventory_page_list_action);
  gtk_widget_class_install_action (widget_class, "page.print", NULL,
                                   muster_inventory_page_print_action);
}

static void
muster_inventory_page_init (MusterInventoryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
muster_inventory_page_show_units (MusterInventoryPage *self,
                                  const char          *field,
                                  const char          *value,
                                  const char          *label)
{
  MusterRecordsView *records;

  g_return_if_fail (MUSTER_IS_INVENTORY_PAGE (self));

  muster_inventory_page_show_view (self, "units");
  records = find_records (GTK_WIDGET (get_bin (self)));
  if (records == NULL)
    return;
  muster_records_view_show_only (records, NULL);
  muster_records_view_set_condition (records, field, value, label);
}

void
muster_inventory_page_show_place (MusterInventoryPage *self, const char *id)
{
  g_return_if_fail (MUSTER_IS_INVENTORY_PAGE (self));

  muster_inventory_page_show_view (self, "places");
  muster_places_view_choose (MUSTER_PLACES_VIEW (adw_bin_get_child (get_bin (self))), id);
}
