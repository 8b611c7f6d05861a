/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-orders-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-orders.h"
#include "inventory/muster-inventory-actions.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "muster-order-board.h"
#include "muster-order-editor.h"
#include "muster-order-page.h"
#include "muster-orders-page.h"
#include "muster-ship-dialog.h"
#include "widgets/muster-record-items.h"
#include "widgets/muster-records-view.h"
#include "widgets/muster-status-menu.h"

struct _MusterOrdersPage
{
  MusterPage parent_instance;

  MusterRecordsView *records;
  MusterOrderBoard  *board; /* (nullable) made when it is looked at first */

  /* Template children */
  AdwWindowTitle  *title;
  GtkToggleButton *board_toggle;
  GtkWidget       *add;
  GtkWidget       *kinds;
  GtkStack        *stack;
  AdwBin          *list_bin;
  AdwBin          *board_bin;
  GMenu           *new_menu;
};

G_DEFINE_FINAL_TYPE (MusterOrdersPage, muster_orders_page, MUSTER_TYPE_PAGE)

static const MusterColumn columns[] = {
  { "order_number", 170, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-orders-symbolic" },
  { "customer", 190, 1 },
  { "status", 130, 0 },
  { "total_amount", 120, 2 },
  { "due_at", 110, 3, MUSTER_COLUMN_DATE },
  { "kind", 100, 5 },
  { "created_at", 110, 4, MUSTER_COLUMN_AGE },
  { "reference", 130, 7, MUSTER_COLUMN_HIDDEN },
  { "customer_email", 180, 7, MUSTER_COLUMN_HIDDEN },
  { "shipping_address", 200, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
  { "confirmed_at", 110, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_DATE },
  { "shipped_at", 110, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_DATE },
  { "delivered_at", 110, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_DATE },
  { "updated_at", 110, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_AGE },
};

static const MusterFilterChip chips[] = {
  { "status", "pending" }, { "status", "confirmed" }, { "status", "processing" },
  { "status", "shipped" }, { "status", "delivered" }, { "status", "cancelled" },
};

static const char *const below[] = { "customer", "total_amount", NULL };

/* What sending off makes is told line by line on the page of an order; here it is all that is left.
 */
static GMenuModel *
create_status_menu (const char *action)
{
  static const char *const nicks[] = { "confirmed", "shipped", "delivered", "cancelled", NULL };

  return muster_status_menu_new (&muster_order_status_enum, action, nicks);
}

static const MusterRecordsAction actions[] = {
  { N_ ("Set _Status"), "muster-square-symbolic", "orders.set-status", "createJob",
    create_status_menu },
};

static const MusterRecordsSpec spec = {
  .info = &muster_order_info,
  .name = "orders",
  .title = N_ ("Orders"),
  .search = N_ ("Number, customer, address, their own number"),
  .sort = "-created_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-orders-symbolic",
  .empty_title = N_ ("No Orders Yet"),
  .empty_text = N_ ("What customers order, what the site buys, and what comes back."),
  .new_label = N_ ("_New Order…"),
  .new_operation = "createOrder",
};

/* --- what is shown --- */

/* The nick of the kind that is chosen, or NULL for all: (transfer full). */
static char *
dup_kind (MusterOrdersPage *self)
{
  g_autofree char *name = NULL;

  g_object_get (self->kinds, "active-name", &name, NULL);
  return g_strcmp0 (name, "all") == 0 ? NULL : g_steal_pointer (&name);
}

static void
muster_orders_page_kind_cb (MusterOrdersPage *self)
{
  g_autofree char *kind = NULL;

  if (self->records == NULL || self->kinds == NULL)
    return;
  kind = dup_kind (self);
  muster_records_view_set_condition (self->records, "kind", kind, NULL);
  if (self->board != NULL)
    muster_order_board_set_kind (self->board, kind);
}

static void
open_order (MusterOrdersPage *self, const char *id)
{
  muster_page_push (MUSTER_PAGE (self),
                    muster_order_page_new (muster_page_get_session (MUSTER_PAGE (self)), id));
}

static void
muster_orders_page_activate_cb (MusterOrdersPage *self, MusterIndexItem *item)
{
  open_order (self, muster_index_item_get_id (item));
}

static void
muster_orders_page_card_cb (MusterOrdersPage *self, MusterEntity *order)
{
  open_order (self, muster_entity_get_id (order));
}

/* --- shipping from the board --- */

typedef struct
{
  MusterOrdersPage *page;
  char             *id;
} Shipping;

static void
shipping_free (gpointer data)
{
  Shipping *shipping = data;

  g_object_unref (shipping->page);
  g_free (shipping->id);
  g_free (shipping);
}

static DexFuture *
muster_orders_page_ship_fiber (gpointer user_data)
{
  Shipping         *shipping = user_data;
  MusterOrdersPage *self = shipping->page;
  MusterSession    *session = muster_page_get_session (MUSTER_PAGE (self));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = dex_await_boxed (
    muster_api_orders_get (muster_page_get_client (MUSTER_PAGE (self)), shipping->id), &error);
  g_autoptr (MusterRecordItems) order = NULL;

  if (object != NULL)
    order = muster_record_items_new_from_json (object, &muster_order_info, &muster_order_item_info,
                                               &error);
  if (!muster_page_is_shown (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (order == NULL)
    muster_session_tell_error (session, _ ("The order could not be read"), error);
  else
    adw_dialog_present (muster_ship_dialog_new (session, order->record, order->items),
                        GTK_WIDGET (self));
  return dex_future_new_true ();
}

static void
muster_orders_page_ship_cb (MusterOrdersPage *self, MusterEntity *order)
{
  Shipping *shipping = g_new0 (Shipping, 1);

  shipping->page = g_object_ref (self);
  shipping->id = g_strdup (muster_entity_get_id (order));
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_orders_page_ship_fiber, shipping, shipping_free));
}

/* --- list and board --- */

static void
ensure_board (MusterOrdersPage *self)
{
  g_autofree char *kind = dup_kind (self);

  if (self->board != NULL)
    return;
  self->board =
    MUSTER_ORDER_BOARD (muster_order_board_new (muster_page_get_session (MUSTER_PAGE (self))));
  muster_order_board_set_kind (self->board, kind);
  g_signal_connect_object (self->board, "activate", G_CALLBACK (muster_orders_page_card_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->board, "ship", G_CALLBACK (muster_orders_page_ship_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (self->board_bin, GTK_WIDGET (self->board));
}

static void
muster_orders_page_board_cb (MusterOrdersPage *self)
{
  gboolean board = gtk_toggle_button_get_active (self->board_toggle);

  if (board)
    ensure_board (self);
  gtk_widget_set_visible (self->add, board);
  gtk_stack_set_visible_child_name (self->stack, board ? "board" : "list");
}

static void
begin_order (MusterOrdersPage *self, const char *nick)
{
  int kind = muster_enum_parse (&muster_order_kind_enum, nick);

  if (kind >= 0)
    muster_page_push (MUSTER_PAGE (self),
                      muster_order_editor_new (muster_page_get_session (MUSTER_PAGE (self)), kind));
}

static void
muster_orders_page_new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  begin_order (MUSTER_ORDERS_PAGE (widget), g_variant_get_string (parameter, NULL));
}

/* Of the kind that is looked at. */
static void
muster_orders_page_new_cb (MusterOrdersPage *self)
{
  g_autofree char *kind = dup_kind (self);

  begin_order (self, kind != NULL ? kind : "sales");
}

static void
muster_orders_page_page_new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (muster_page_may (MUSTER_PAGE (widget), "createOrder"))
    muster_orders_page_new_cb (MUSTER_ORDERS_PAGE (widget));
}

static void
muster_orders_page_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_records_view_do_page_action (MUSTER_ORDERS_PAGE (widget)->records, name);
}

static void
muster_orders_page_set_status_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterOrdersPage *self = MUSTER_ORDERS_PAGE (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  muster_inventory_set_status (muster_page_get_session (MUSTER_PAGE (self)), widget,
                               &muster_order_info, ids, g_variant_get_string (parameter, NULL));
  muster_records_view_end_selection (self->records);
}

/* --- life --- */

static void
muster_orders_page_refresh (MusterPage *page)
{
  MusterOrdersPage *self = MUSTER_ORDERS_PAGE (page);

  muster_records_view_refresh (self->records);
  if (self->board != NULL)
    muster_order_board_refresh (self->board);
}

static void
muster_orders_page_list (MusterPage *page, const char *const *filters)
{
  MusterOrdersPage *self = MUSTER_ORDERS_PAGE (page);

  gtk_toggle_button_set_active (self->board_toggle, FALSE);
  g_object_set (self->kinds, "active-name", "all", NULL);
  muster_records_view_show_only (self->records, filters);
}

static void
muster_orders_page_search (MusterPage *page)
{
  MusterOrdersPage *self = MUSTER_ORDERS_PAGE (page);

  gtk_toggle_button_set_active (self->board_toggle, FALSE);
  muster_records_view_search (self->records);
}

/* Customers have their own orders, of one kind, and nothing to move on a board. */
static void
muster_orders_page_rights_changed (MusterPage *page)
{
  MusterOrdersPage *self = MUSTER_ORDERS_PAGE (page);
  MusterAccess     *access = muster_session_get_access (muster_page_get_session (page));
  gboolean          customer = muster_access_get_role (access) == MUSTER_ROLE_CUSTOMER;

  gtk_widget_set_visible (self->kinds, !customer);
  gtk_widget_set_visible (GTK_WIDGET (self->board_toggle), !customer);
  /* The list has a button of its own. */
  gtk_widget_set_visible (self->add, gtk_toggle_button_get_active (self->board_toggle));
  adw_window_title_set_title (self->title, customer ? _ ("My Orders") : _ ("Orders"));
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "orders.new",
                                 muster_page_may (page, "createOrder"));
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "orders.set-status",
                                 muster_page_may (page, "setOrderStatus"));
}

static void
muster_orders_page_constructed (GObject *object)
{
  MusterOrdersPage *self = MUSTER_ORDERS_PAGE (object);

  G_OBJECT_CLASS (muster_orders_page_parent_class)->constructed (object);
  self->records = MUSTER_RECORDS_VIEW (
    muster_records_view_new (muster_page_get_session (MUSTER_PAGE (self)), &spec));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_orders_page_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_orders_page_new_cb), self,
                           G_CONNECT_SWAPPED);
  muster_records_view_add_menu (self->records, G_MENU_MODEL (self->new_menu));
  adw_bin_set_child (self->list_bin, GTK_WIDGET (self->records));
  muster_orders_page_rights_changed (MUSTER_PAGE (self));
}

static void
muster_orders_page_dispose (GObject *object)
{
  MusterOrdersPage *self = MUSTER_ORDERS_PAGE (object);

  self->records = NULL;
  self->board = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_ORDERS_PAGE);
  G_OBJECT_CLASS (muster_orders_page_parent_class)->dispose (object);
}

static void
muster_orders_page_class_init (MusterOrdersPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_orders_page_constructed;
  object_class->dispose = muster_orders_page_dispose;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_orders_page_refresh;
  MUSTER_PAGE_CLASS (klass)->list = muster_orders_page_list;
  MUSTER_PAGE_CLASS (klass)->search = muster_orders_page_search;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_orders_page_rights_changed;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/orders-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterOrdersPage, title);
  gtk_widget_class_bind_template_child (widget_class, MusterOrdersPage, board_toggle);
  gtk_widget_class_bind_template_child (widget_class, MusterOrdersPage, add);
  gtk_widget_class_bind_template_child (widget_class, MusterOrdersPage, kinds);
  gtk_widget_class_bind_template_child (widget_class, MusterOrdersPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterOrdersPage, list_bin);
  gtk_widget_class_bind_template_child (widget_class, MusterOrdersPage, board_bin);
  gtk_widget_class_bind_template_child (widget_class, MusterOrdersPage, new_menu);
  gtk_widget_class_bind_template_callback (widget_class, muster_orders_page_board_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_orders_page_kind_cb);
  gtk_widget_class_install_action (widget_class, "orders.new", "s", muster_orders_page_new_action);
  gtk_widget_class_install_action (widget_class, "orders.set-status", "s",
                                   muster_orders_page_set_status_action);
  gtk_widget_class_install_action (widget_class, "page.new", NULL,
                                   muster_orders_page_page_new_action);
  gtk_widget_class_install_action (widget_class, "page.export", NULL,
                                   muster_orders_page_list_action);
}

static void
muster_orders_page_init (MusterOrdersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
