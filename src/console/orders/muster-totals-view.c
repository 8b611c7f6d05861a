/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-totals-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-totals-view.h"
#include "widgets/muster-record-format.h"

typedef enum
{
  ROW_ITEMS,
  ROW_DISCOUNT,
  ROW_SHIPPING,
  ROW_TAX,
  ROW_TOTAL,
  N_ROWS,
} Row;

struct _MusterTotalsView
{
  GtkWidget parent_instance;

  GtkWidget *grid;
  GtkWidget *titles[N_ROWS];
  GtkWidget *values[N_ROWS];
};

G_DEFINE_FINAL_TYPE (MusterTotalsView, muster_totals_view, GTK_TYPE_WIDGET)

static void
muster_totals_view_dispose (GObject *object)
{
  g_clear_pointer (&MUSTER_TOTALS_VIEW (object)->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (muster_totals_view_parent_class)->dispose (object);
}

static void
muster_totals_view_class_init (MusterTotalsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_totals_view_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "totals");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
muster_totals_view_init (MusterTotalsView *self)
{
  static const char *const titles[N_ROWS] = { N_ ("Items"), N_ ("Discount"), N_ ("Shipping"),
                                              N_ ("Tax"), N_ ("Total") };

  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 24);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 4);
  gtk_widget_set_halign (self->grid, GTK_ALIGN_END);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
  for (unsigned i = 0; i < N_ROWS; i++)
    {
      self->titles[i] = gtk_label_new (_ (titles[i]));
      self->values[i] = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (self->titles[i]), 0);
      gtk_label_set_xalign (GTK_LABEL (self->values[i]), 1);
      gtk_widget_add_css_class (self->values[i], "numeric");
      gtk_widget_add_css_class (self->titles[i], i == ROW_TOTAL ? "heading" : "dim-label");
      if (i == ROW_TOTAL)
        gtk_widget_add_css_class (self->values[i], "heading");
      gtk_grid_attach (GTK_GRID (self->grid), self->titles[i], 0, i, 1, 1);
      gtk_grid_attach (GTK_GRID (self->grid), self->values[i], 1, i, 1, 1);
      gtk_accessible_update_relation (GTK_ACCESSIBLE (self->values[i]),
                                      GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->titles[i], NULL,
                                      -1);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Sums"),
                                  -1);
}

void
muster_totals_view_set (MusterTotalsView        *self,
                        const MusterDraftTotals *totals,
                        const char              *currency)
{
  gint64           amounts[N_ROWS];
  gboolean         charged;
  g_autofree char *about = NULL;

  g_return_if_fail (MUSTER_IS_TOTALS_VIEW (self));
  g_return_if_fail (totals != NULL);

  amounts[ROW_ITEMS] = totals->items;
  amounts[ROW_DISCOUNT] = totals->discount;
  amounts[ROW_SHIPPING] = totals->shipping;
  amounts[ROW_TAX] = totals->tax;
  amounts[ROW_TOTAL] = totals->total;
  charged = totals->discount != 0 || totals->shipping != 0 || totals->tax != 0;
  for (unsigned i = 0; i < N_ROWS; i++)
    {
      g_autofree char *text = muster_format_money (amounts[i], currency);
      gboolean         visible = i == ROW_TOTAL || (i == ROW_ITEMS ? charged : amounts[i] != 0);

      gtk_label_set_label (GTK_LABEL (self->values[i]), text);
      gtk_widget_set_visible (self->titles[i], visible);
      gtk_widget_set_visible (self->values[i], visible);
    }
  about =
    g_strdup_printf (_ ("Total %s"), gtk_label_get_label (GTK_LABEL (self->values[ROW_TOTAL])));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, about,
                                  -1);
}

void
muster_totals_view_set_order (MusterTotalsView *self, MusterEntity *order)
{
  MusterDraftTotals totals = {
    .items = muster_entity_get_integer (order, "subtotal"),
    .discount = muster_entity_get_integer (order, "discount_amount"),
    .tax = muster_entity_get_integer (order, "tax_amount"),
    .shipping = muster_entity_get_integer (order, "shipping_amount"),
    .total = muster_entity_get_integer (order, "total_amount"),
  };

  muster_totals_view_set (self, &totals, muster_entity_get_string (order, "currency"));
}
