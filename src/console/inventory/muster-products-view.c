/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-products-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-product.h"
#include "muster-inventory-actions.h"
#include "muster-page.h"
#include "muster-product-page.h"
#include "muster-products-view.h"
#include "muster-receive-dialog.h"
#include "widgets/muster-kind-icon.h"
#include "widgets/muster-record-pages.h"

struct _MusterProductsView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterProductsView, muster_products_view, ADW_TYPE_BIN)

/* --- cells --- */

static const char *
get_icon_name (MusterEntity *product)
{
  return muster_entity_get_enum (product, "tracking") == MUSTER_TRACKING_QUANTITY
           ? "muster-product-symbolic"
           : muster_kind_get_icon_name (muster_entity_get_string (product, "kind"));
}

static const char *
get_picture (MusterEntity *product)
{
  return muster_entity_get_string (product, "picture_id");
}

static gint64
get_available (MusterEntity *product)
{
  return muster_entity_get_integer (product, "on_hand") -
         muster_entity_get_integer (product, "reserved");
}

static gboolean
is_low (MusterEntity *product)
{
  return !muster_entity_is_null (product, "reorder_point") &&
         !muster_entity_get_boolean (product, "discontinued") &&
         get_available (product) < muster_entity_get_integer (product, "reorder_point");
}

static GtkWidget *
create_available (MusterSession *session)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *mark = gtk_image_new_from_icon_name ("muster-triangle-symbolic");
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (mark, "warning");
  gtk_widget_set_tooltip_text (mark, _ ("Fewer than the reorder point"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Fewer than the reorder point"), -1);
  gtk_image_set_pixel_size (GTK_IMAGE (mark), 11);
  gtk_widget_set_halign (box, GTK_ALIGN_END);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), mark);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static void
show_available (GtkWidget *box, MusterEntity *product, MusterSession *session)
{
  GtkWidget       *mark = gtk_widget_get_first_child (box);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, get_available (product));

  gtk_widget_set_visible (mark, is_low (product));
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (mark)), text);
}

static const MusterColumn columns[] = {
  { "name", 220, .flags = MUSTER_COLUMN_TITLE, .get_icon_name = get_icon_name,
    .get_picture = get_picture },
  { "sku", 140, 3 },
  { "on_hand", 90, 4 },
  { "reserved", 90, 5 },
  { "available", 100, 0, MUSTER_COLUMN_NUMBER, .title = N_ ("Available"),
    .create = create_available, .show = show_available },
  { "reorder_point", 110, 6, MUSTER_COLUMN_HIDDEN },
  { "reorder_quantity", 120, 6, MUSTER_COLUMN_HIDDEN },
  { "unit_price", 110, 2 },
  { "tracking", 130, 7, MUSTER_COLUMN_HIDDEN },
  { "type", 120, 7, MUSTER_COLUMN_HIDDEN },
  { "manufacturer", 130, 6 },
  { "model", 120, 7, MUSTER_COLUMN_HIDDEN },
  { "supplier", 130, 7, MUSTER_COLUMN_HIDDEN },
  { "gtin", 130, 7, MUSTER_COLUMN_HIDDEN },
  { "warranty_months", 110, 7, MUSTER_COLUMN_HIDDEN },
  { "discontinued", 110, 7, MUSTER_COLUMN_HIDDEN },
  { "updated_at", 110, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_AGE },
};

static const MusterFilterChip chips[] = {
  { "tracking", "serial" },
  { "tracking", "quantity" },
  { "kind", "sensor", .apart = TRUE },
  { "kind", "actuator" },
  { "kind", "meter" },
  { "kind", "gateway" },
  { "discontinued", "true", N_ ("Discontinued"), TRUE },
};

static const char *const below[] = { "sku", "unit_price", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Receive…"), "muster-arrive-symbolic", "products.receive", "receiveProduct",
    .single = TRUE },
  { N_ ("_Change…"), "document-edit-symbolic", "products.edit", "updateProduct" },
  { N_ ("_Delete"), "user-trash-symbolic", "products.delete", "deleteProduct" },
};

static const MusterRecordsTouch touches[] = {
  { "stock_move", "product_id" },
  { NULL, NULL },
};

static const MusterRecordsSpec spec = {
  .info = &muster_product_info,
  .name = "products",
  .title = N_ ("Products"),
  .search = N_ ("Name, SKU, GTIN, manufacturer, model"),
  .sort = "name",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .touches = touches,
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-product-symbolic",
  .empty_title = N_ ("No Products Yet"),
  .empty_text = N_ ("A product is a model that the site buys, keeps, sells or runs; its units are "
                    "received into stock by their serial numbers."),
  .new_label = N_ ("_Add a Product…"),
  .new_operation = "createProduct",
  .import_operation = "createProduct",
};

/* NAME is "products." and what is to be done. */
static void
muster_products_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const char *const fields[] = { "supplier",     "reorder_point",   "reorder_quantity",
                                        "unit_price",   "warranty_months", "type",
                                        "manufacturer", "discontinued",    NULL };
  MusterProductsView      *self = MUSTER_PRODUCTS_VIEW (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  if (ids[0] == NULL)
    return;
  if (g_str_equal (name, "products.receive"))
    adw_dialog_present (muster_receive_dialog_new (self->session, ids[0]), widget);
  else if (g_str_equal (name, "products.edit"))
    muster_inventory_edit (self->session, widget, &muster_product_info, fields, ids);
  else
    muster_inventory_delete (self->session, widget, &muster_product_info, ids);
  muster_records_view_end_selection (self->records);
}

static void
muster_products_view_delete_cb (MusterProductsView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "products.delete", NULL);
}

static void
muster_products_view_new_cb (MusterProductsView *self)
{
  adw_dialog_present (muster_product_dialog_new (self->session, NULL), GTK_WIDGET (self));
}

static void
muster_products_view_rights_cb (MusterProductsView *self)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i].action,
                                   muster_session_may (self->session, actions[i].operation));
}

/* --- life --- */

static void
muster_products_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_PRODUCTS_VIEW (object)->session);
  G_OBJECT_CLASS (muster_products_view_parent_class)->dispose (object);
}

static void
muster_products_view_class_init (MusterProductsViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_products_view_dispose;
  for (unsigned i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), actions[i].action, NULL,
                                     muster_products_view_action);
}

static void
muster_products_view_init (MusterProductsView *self)
{
}

GtkWidget *
muster_products_view_new (MusterSession *session)
{
  MusterProductsView *self = g_object_new (MUSTER_TYPE_PRODUCTS_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  muster_records_view_open_pages (self->records, muster_product_page_new);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_products_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "delete", G_CALLBACK (muster_products_view_delete_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_products_view_rights_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_products_view_rights_cb (self);
  return GTK_WIDGET (self);
}
