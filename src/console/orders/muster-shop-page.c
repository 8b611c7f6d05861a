/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-shop-page"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "model/muster-product.h"
#include "muster-order-editor.h"
#include "muster-shop-page.h"
#include "widgets/muster-kind-icon.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-references.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-trouble-view.h"

#define MAX_PRODUCTS 200
/* Fewer than this are a few. */
#define FEW 4

struct _MusterShopPage
{
  MusterPage parent_instance;

  GHashTable *basket; /* (owned) product id → quantity */
  unsigned    loads;  /* so many were begun: the newest counts */

  /* Template children */
  GtkStack          *stack;
  GtkEditable       *search;
  MusterTroubleView *trouble;
  GtkListBox        *products;
  AdwButtonContent  *basket_content;
};

G_DEFINE_FINAL_TYPE (MusterShopPage, muster_shop_page, MUSTER_TYPE_PAGE)

/* --- the basket --- */

static gint64
count_basket (MusterShopPage *self)
{
  GHashTableIter iter;
  gpointer       quantity;
  gint64         count = 0;

  g_hash_table_iter_init (&iter, self->basket);
  while (g_hash_table_iter_next (&iter, NULL, &quantity))
    count += GPOINTER_TO_INT (quantity);
  return count;
}

static void
muster_shop_page_update_actions (MusterShopPage *self)
{
  gint64 count = count_basket (self);
  /* Translators: how many things one is about to order. */
  g_autofree char *text = g_strdup_printf (_ ("Your Order (%" PRId64 ")"), count);

  adw_button_content_set_label (self->basket_content, count > 0 ? text : _ ("Your Order"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "shop.basket",
                                 count > 0 && muster_page_may (MUSTER_PAGE (self), "createOrder"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "shop.add",
                                 muster_page_may (MUSTER_PAGE (self), "createOrder"));
}

static void
muster_shop_page_add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterShopPage *self = MUSTER_SHOP_PAGE (widget);
  const char     *id = g_variant_get_string (parameter, NULL);
  int             quantity = GPOINTER_TO_INT (g_hash_table_lookup (self->basket, id)) + 1;

  g_hash_table_insert (self->basket, g_strdup (id), GINT_TO_POINTER (quantity));
  muster_shop_page_update_actions (self);
  gtk_accessible_announce (GTK_ACCESSIBLE (self),
                           adw_button_content_get_label (self->basket_content),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
muster_shop_page_basket_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterShopPage *self = MUSTER_SHOP_PAGE (widget);
  MusterPage     *editor =
    muster_order_editor_new (muster_page_get_session (MUSTER_PAGE (self)), MUSTER_ORDER_KIND_SALES);
  GHashTableIter iter;
  gpointer       id, quantity;

  g_hash_table_iter_init (&iter, self->basket);
  while (g_hash_table_iter_next (&iter, &id, &quantity))
    muster_order_editor_add_product (MUSTER_ORDER_EDITOR (editor), id, GPOINTER_TO_INT (quantity));
  g_hash_table_remove_all (self->basket);
  muster_shop_page_update_actions (self);
  muster_page_push (MUSTER_PAGE (self), editor);
}

/* --- the catalogue --- */

/* Whether it is there, in words: how many there are is the site's own affair. */
static const char *
describe_stock (MusterEntity *product, const char **tone)
{
  gint64 available = muster_entity_get_integer (product, "on_hand") -
                     muster_entity_get_integer (product, "reserved");

  *tone = available >= FEW ? "success" : available > 0 ? "warning" : "dim-label";
  return available >= FEW ? _ ("In stock")
         : available > 0  ? _ ("Few left")
                          : _ ("Not in stock: sent when it is there");
}

static GtkWidget *
create_row (MusterEntity *product)
{
  const char      *about = muster_entity_get_string (product, "description");
  const char      *tone, *stock = describe_stock (product, &tone);
  g_autofree char *price = muster_format_money (muster_entity_get_integer (product, "unit_price"),
                                                muster_entity_get_string (product, "currency"));
  g_autofree char *name =
    g_strdup_printf (_ ("Order %s"), muster_entity_get_string (product, "name"));
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                 muster_entity_get_string (product, "name"), "subtitle",
                                 about != NULL ? about : "", "subtitle-lines", 2, NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name (
    muster_kind_get_icon_name (muster_entity_get_string (product, "kind")));
  GtkWidget *facts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *price_label = gtk_label_new (price);
  GtkWidget *stock_label = gtk_label_new (stock);
  GtkWidget *button = gtk_button_new_from_icon_name ("list-add-symbolic");

  gtk_widget_add_css_class (icon, "kind");
  gtk_image_set_pixel_size (GTK_IMAGE (icon), 20);
  gtk_widget_add_css_class (price_label, "numeric");
  gtk_label_set_xalign (GTK_LABEL (price_label), 1);
  gtk_label_set_xalign (GTK_LABEL (stock_label), 1);
  gtk_widget_add_css_class (stock_label, "caption");
  gtk_widget_add_css_class (stock_label, tone);
  gtk_label_set_wrap (GTK_LABEL (stock_label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (stock_label), 18);
  gtk_label_set_justify (GTK_LABEL (stock_label), GTK_JUSTIFY_RIGHT);
  gtk_box_append (GTK_BOX (facts), price_label);
  gtk_box_append (GTK_BOX (facts), stock_label);
  gtk_widget_set_valign (facts, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "shop.add");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", muster_entity_get_id (product));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), facts);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static DexFuture *
muster_shop_page_load_fiber (gpointer user_data)
{
  static const char *const filters[] = { "discontinued", "false", NULL };
  MusterShopPage          *self = user_data;
  const unsigned           number = self->loads;
  g_autofree char         *text = g_strdup (gtk_editable_get_text (self->search));
  const MusterApiListQuery query = {
    .q = *text != '\0' ? text : NULL, .sort = "name", .limit = MAX_PRODUCTS, .filters = filters
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterApiPage) page =
      dex_await_object (muster_api_collection_list (muster_page_get_client (MUSTER_PAGE (self)),
                                                    &muster_product_info, &query),
                        &error);

  if (!muster_page_is_alive (MUSTER_PAGE (self)) || number != self->loads)
    return dex_future_new_true ();
  if (page == NULL)
    {
      muster_trouble_view_set_error (self->trouble, _ ("The Catalogue Could Not Be Read"), error);
      gtk_stack_set_visible_child_name (self->stack, "error");
      return dex_future_new_true ();
    }
  muster_list_clear (self->products);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    {
      MusterEntity *product = muster_api_page_get (page, i);

      muster_references_keep (muster_references_get (muster_page_get_session (MUSTER_PAGE (self))),
                              product);
      gtk_list_box_append (self->products, create_row (product));
    }
  gtk_stack_set_visible_child_name (self->stack, muster_api_page_get_length (page) > 0 ? "content"
                                                 : *text != '\0'                       ? "nothing"
                                                                                       : "empty");
  return dex_future_new_true ();
}

static void
muster_shop_page_load (MusterShopPage *self)
{
  if (self->search == NULL)
    return;
  self->loads++;
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_shop_page_load_fiber, g_object_ref (self),
                                          g_object_unref));
}

/* --- life --- */

static void
muster_shop_page_refresh (MusterPage *page)
{
  muster_shop_page_load (MUSTER_SHOP_PAGE (page));
}

static void
muster_shop_page_search (MusterPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (MUSTER_SHOP_PAGE (page)->search));
}

static void
muster_shop_page_rights_changed (MusterPage *page)
{
  muster_shop_page_update_actions (MUSTER_SHOP_PAGE (page));
}

static void
muster_shop_page_constructed (GObject *object)
{
  G_OBJECT_CLASS (muster_shop_page_parent_class)->constructed (object);
  muster_shop_page_update_actions (MUSTER_SHOP_PAGE (object));
  muster_shop_page_load (MUSTER_SHOP_PAGE (object));
}

static void
muster_shop_page_dispose (GObject *object)
{
  MusterShopPage *self = MUSTER_SHOP_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_SHOP_PAGE);
  G_OBJECT_CLASS (muster_shop_page_parent_class)->dispose (object);
}

static void
muster_shop_page_finalize (GObject *object)
{
  g_hash_table_unref (MUSTER_SHOP_PAGE (object)->basket);
  G_OBJECT_CLASS (muster_shop_page_parent_class)->finalize (object);
}

static void
muster_shop_page_class_init (MusterShopPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_shop_page_constructed;
  object_class->dispose = muster_shop_page_dispose;
  object_class->finalize = muster_shop_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_shop_page_refresh;
  MUSTER_PAGE_CLASS (klass)->search = muster_shop_page_search;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_shop_page_rights_changed;
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/shop-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterShopPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterShopPage, search);
  gtk_widget_class_bind_template_child (widget_class, MusterShopPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterShopPage, products);
  gtk_widget_class_bind_template_child (widget_class, MusterShopPage, basket_content);
  gtk_widget_class_bind_template_callback (widget_class, muster_shop_page_load);
  gtk_widget_class_install_action (widget_class, "shop.add", "s", muster_shop_page_add_action);
  gtk_widget_class_install_action (widget_class, "shop.basket", NULL,
                                   muster_shop_page_basket_action);
}

static void
muster_shop_page_init (MusterShopPage *self)
{
  self->basket = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}
