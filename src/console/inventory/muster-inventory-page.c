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

struct _MusterInventoryPage
{
  MusterViewsPage parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterInventoryPage, muster_inventory_page, MUSTER_TYPE_VIEWS_PAGE)

/* clang-format off */
static const MusterRoomView views[] = {
  { "products", N_("Products"), "muster-product-symbolic", muster_products_view_new, NULL },
  { "units", N_("Units"), "muster-devices-symbolic", muster_units_view_new, NULL },
  { "places", N_("Places"), "muster-place-symbolic", muster_places_view_new, NULL },
  { "moves", N_("Moves"), "muster-move-symbolic", muster_moves_view_new, NULL },
  { "stocktakes", N_("Counts"), "muster-count-symbolic", muster_stocktakes_view_new, NULL },
  { "reorder", N_("Reorder"), "muster-reorder-symbolic", muster_reorder_view_new, NULL },
  { "loans", N_("Loans"), "muster-loan-symbolic", muster_loans_view_new, NULL },
  { NULL },
};
/* clang-format on */

static void
muster_inventory_page_refresh (MusterPage *page)
{
  GtkWidget *view = muster_views_page_get_view (MUSTER_VIEWS_PAGE (page));

  MUSTER_PAGE_CLASS (muster_inventory_page_parent_class)->refresh (page);
  if (MUSTER_IS_REORDER_VIEW (view))
    muster_reorder_view_refresh (MUSTER_REORDER_VIEW (view));
}

/* Places are a tree, which has its own ways to get more of them. */
static void
muster_inventory_page_do_list_action (MusterViewsPage *page, const char *name)
{
  GtkWidget *view = muster_views_page_get_view (page);

  if (MUSTER_IS_PLACES_VIEW (view) && !g_str_equal (name, "page.export"))
    gtk_widget_activate_action (view,
                                g_str_equal (name, "page.new") ? "places.add" : "places.import",
                                NULL);
  else
    MUSTER_VIEWS_PAGE_CLASS (muster_inventory_page_parent_class)->do_list_action (page, name);
}

/* Labels of what is chosen. */
static void
muster_inventory_page_print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *view = muster_views_page_get_view (MUSTER_VIEWS_PAGE (widget));

  if (MUSTER_IS_PLACES_VIEW (view))
    gtk_widget_activate_action (view, "places.label", NULL);
  else if (MUSTER_IS_UNITS_VIEW (view))
    gtk_widget_activate_action (view, "units.labels", NULL);
}

static void
muster_inventory_page_class_init (MusterInventoryPageClass *klass)
{
  MusterViewsPageClass *views_class = MUSTER_VIEWS_PAGE_CLASS (klass);

  views_class->views = views;
  views_class->tag = "inventory";
  views_class->menu_below = 900;
  views_class->do_list_action = muster_inventory_page_do_list_action;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_inventory_page_refresh;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "page.print", NULL,
                                   muster_inventory_page_print_action);
}

static void
muster_inventory_page_init (MusterInventoryPage *self)
{
}

void
muster_inventory_page_show_units (MusterInventoryPage *self,
                                  const char          *field,
                                  const char          *value,
                                  const char          *label)
{
  MusterRecordsView *records;

  g_return_if_fail (MUSTER_IS_INVENTORY_PAGE (self));

  muster_views_page_show_view (MUSTER_VIEWS_PAGE (self), "units");
  records = muster_views_page_get_records (MUSTER_VIEWS_PAGE (self));
  if (records == NULL)
    return;
  muster_records_view_show_only (records, NULL);
  muster_records_view_set_condition (records, field, value, label);
}

void
muster_inventory_page_show_place (MusterInventoryPage *self, const char *id)
{
  GtkWidget *view;

  g_return_if_fail (MUSTER_IS_INVENTORY_PAGE (self));

  muster_views_page_show_view (MUSTER_VIEWS_PAGE (self), "places");
  view = muster_views_page_get_view (MUSTER_VIEWS_PAGE (self));
  if (MUSTER_IS_PLACES_VIEW (view))
    muster_places_view_choose (MUSTER_PLACES_VIEW (view), id);
}
