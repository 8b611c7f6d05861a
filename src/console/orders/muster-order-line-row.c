/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-line-row"

#include "config.h"

#include <inttypes.h>

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "muster-order-draft.h"
#include "muster-order-line-row.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-references.h"
#include "widgets/muster-stock-label.h"
#include "widgets/muster-tick.h"

struct _MusterOrderLineRow
{
  GtkListBoxRow parent_instance;

  MusterSession *session; /* (owned) */
  MusterEntity  *order;   /* (owned) */
  MusterEntity  *item;    /* (owned) */

  /* Template children */
  GtkLabel   *name;
  GtkLabel   *details;
  AdwWrapBox *ticks;
  GtkLabel   *subtotal;
};

G_DEFINE_FINAL_TYPE (MusterOrderLineRow, muster_order_line_row, GTK_TYPE_LIST_BOX_ROW)

static MusterEntity *
lookup (MusterOrderLineRow *self, const char *entity, const char *field)
{
  const char *id = muster_entity_get_string (self->item, field);

  return id != NULL ? muster_references_lookup (muster_references_get (self->session), entity, id)
                    : NULL;
}

static const char *
get_name (MusterOrderLineRow *self)
{
  MusterEntity *product = lookup (self, "product", "product_id");
  const char   *description = muster_entity_get_string (self->item, "description");

  if (description != NULL)
    return description;
  if (product != NULL)
    return muster_entity_get_string (product, "name");
  return _ (muster_enum_get_label (&muster_order_line_kind_enum,
                                   muster_entity_get_enum (self->item, "kind")));
}

/* "3 × 12.50 € · SKU-1 · MN1-0A4C" */
static char *
describe (MusterOrderLineRow *self)
{
  MusterEntity    *product = lookup (self, "product", "product_id");
  MusterEntity    *device = lookup (self, "device", "device_id");
  g_autofree char *price =
    muster_format_money (muster_entity_get_integer (self->item, "unit_price"),
                         muster_entity_get_string (self->order, "currency"));
  GString *text = g_string_new (NULL);

  if (!muster_entity_is_null (self->item, "rate"))
    {
      g_autofree char *rate = muster_rate_format (muster_entity_get_integer (self->item, "rate"));

      g_string_append (text, rate);
    }
  else
    /* Translators: quantity times price. */
    g_string_append_printf (text, _ ("%" PRId64 " × %s"),
                            muster_entity_get_integer (self->item, "quantity"), price);
  if (product != NULL && muster_entity_get_string (product, "sku") != NULL)
    g_string_append_printf (text, " · %s", muster_entity_get_string (product, "sku"));
  if (device != NULL && muster_entity_get_string (device, "serial") != NULL)
    g_string_append_printf (text, " · %s", muster_entity_get_string (device, "serial"));
  return g_string_free_and_steal (text);
}

static void
muster_order_line_row_update (MusterOrderLineRow *self)
{
  g_autofree char *details = describe (self);

  gtk_label_set_label (self->name, get_name (self));
  gtk_label_set_label (self->details, details);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  get_name (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, details,
                                  -1);
}

static void
add_tick (MusterOrderLineRow *self, const char *what, gint64 done)
{
  GtkWidget *tick = muster_tick_new ();

  muster_tick_set (tick, what, done, muster_entity_get_integer (self->item, "quantity"));
  adw_wrap_box_append (self->ticks, tick);
}

/* What has left is no longer set aside, yet was. */
static void
add_ticks (MusterOrderLineRow *self)
{
  gint64   shipped = muster_entity_get_integer (self->item, "shipped");
  gint64   adopted = muster_entity_get_integer (self->item, "adopted");
  gboolean sales = muster_entity_get_enum (self->order, "kind") == MUSTER_ORDER_KIND_SALES;

  if (sales)
    add_tick (self, _ ("Reserved"), muster_entity_get_integer (self->item, "reserved") + shipped);
  add_tick (self, sales ? _ ("Shipped") : _ ("Announced"), shipped);
  add_tick (self, sales ? _ ("Delivered") : _ ("Received"),
            muster_entity_get_integer (self->item, "delivered"));
  if (adopted > 0)
    add_tick (self, _ ("Adopted"), adopted);
}

static void
muster_order_line_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_ORDER_LINE_ROW);
  G_OBJECT_CLASS (muster_order_line_row_parent_class)->dispose (object);
}

static void
muster_order_line_row_finalize (GObject *object)
{
  MusterOrderLineRow *self = MUSTER_ORDER_LINE_ROW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->order);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (muster_order_line_row_parent_class)->finalize (object);
}

static void
muster_order_line_row_class_init (MusterOrderLineRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_order_line_row_dispose;
  object_class->finalize = muster_order_line_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/order-line-row.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterOrderLineRow, name);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderLineRow, details);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderLineRow, ticks);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderLineRow, subtotal);
}

static void
muster_order_line_row_init (MusterOrderLineRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
muster_order_line_row_new (MusterSession *session,
                           MusterEntity  *order,
                           MusterEntity  *item,
                           gint64         available)
{
  MusterOrderLineRow *self = g_object_new (MUSTER_TYPE_ORDER_LINE_ROW, NULL);
  int                 status = muster_entity_get_enum (order, "status");
  g_autofree char    *subtotal = muster_format_money (muster_entity_get_integer (item, "subtotal"),
                                                      muster_entity_get_string (order, "currency"));

  self->session = g_object_ref (session);
  self->order = g_object_ref (order);
  self->item = g_object_ref (item);
  gtk_label_set_label (self->subtotal, subtotal);
  if (muster_entity_get_enum (item, "kind") != MUSTER_ORDER_LINE_KIND_ITEM ||
      status == MUSTER_ORDER_STATUS_CANCELLED)
    gtk_widget_set_visible (GTK_WIDGET (self->ticks), FALSE);
  else if (available >= 0)
    {
      GtkWidget *stock = muster_stock_label_new ();

      muster_stock_label_set (stock, available, muster_entity_get_integer (item, "quantity"));
      adw_wrap_box_append (self->ticks, stock);
    }
  else
    add_ticks (self);
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_order_line_row_update), self, G_CONNECT_SWAPPED);
  muster_order_line_row_update (self);
  return GTK_WIDGET (self);
}
