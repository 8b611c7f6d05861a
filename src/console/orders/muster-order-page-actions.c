/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-page-actions"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-orders.h"
#include "deliveries/muster-receive-page.h"
#include "muster-order-editor.h"
#include "muster-order-page-private.h"
#include "muster-return-dialog.h"
#include "muster-ship-dialog.h"
#include "muster-shortage-view.h"
#include "print/muster-print-dialog.h"
#include "print/muster-print-units.h"
#include "widgets/muster-command-bar.h"

static const MusterCommand confirm_command = { N_ ("_Confirm"), "order.set-status::confirmed",
                                               "setOrderStatus" };
static const MusterCommand allocate_command = { N_ ("_Allocate"), "order.allocate",
                                                "allocateOrder" };
static const MusterCommand ship_command = { N_ ("_Ship…"), "order.ship", "shipOrder" };
static const MusterCommand receive_command = { N_ ("_Receive…"), "order.receive",
                                               "createDelivery" };
static const MusterCommand return_command = { N_ ("_Return…"), "order.return", "createOrder" };
static const MusterCommand cancel_command = { N_ ("Cance_l Order"), "order.set-status::cancelled",
                                              "setOrderStatus", TRUE };
static const MusterCommand deliver_command = { N_ ("_Mark as Delivered"),
                                               "order.set-status::delivered", "setOrderStatus" };

/* Whether the order is looked at by whom it is from. */
static gboolean
is_own (MusterOrderPage *self)
{
  return muster_access_get_role (muster_session_get_access (
           muster_order_page_get_session (self))) == MUSTER_ROLE_CUSTOMER;
}

/* The commands of the state that the order is in, the one that leads on first: (transfer container)
 * (element-type MusterCommand). */
static GPtrArray *
list_commands (MusterOrderPage *self)
{
  GPtrArray *list = g_ptr_array_new ();
  gboolean   sales = muster_order_page_get_kind (self) == MUSTER_ORDER_KIND_SALES;

  if (is_own (self))
    {
      if (muster_order_page_get_status (self) == MUSTER_ORDER_STATUS_PENDING)
        g_ptr_array_add (list, (gpointer)&cancel_command);
      return list;
    }

  switch ((MusterOrderStatus)muster_order_page_get_status (self))
    {
    case MUSTER_ORDER_STATUS_PENDING:
      g_ptr_array_add (list, (gpointer)&confirm_command);
      g_ptr_array_add (list, (gpointer)&cancel_command);
      break;
    case MUSTER_ORDER_STATUS_CONFIRMED:
    case MUSTER_ORDER_STATUS_PROCESSING:
      g_ptr_array_add (list, (gpointer)(sales ? &ship_command : &receive_command));
      if (sales &&
          muster_order_page_count (self, "reserved") + muster_order_page_count (self, "shipped") <
            muster_order_page_count (self, "quantity"))
        g_ptr_array_add (list, (gpointer)&allocate_command);
      if (muster_order_page_count (self, "shipped") == 0)
        g_ptr_array_add (list, (gpointer)&cancel_command);
      break;
    case MUSTER_ORDER_STATUS_SHIPPED:
      g_ptr_array_add (list, (gpointer)(sales ? &deliver_command : &receive_command));
      break;
    case MUSTER_ORDER_STATUS_DELIVERED:
      if (sales)
        g_ptr_array_add (list, (gpointer)&return_command);
      break;
    case MUSTER_ORDER_STATUS_CANCELLED:
    default:
      break;
    }
  return list;
}

void
muster_order_page_show_commands (MusterOrderPage *self)
{
  g_autoptr (GPtrArray) list = list_commands (self);

  muster_command_bar_clear (self->commands);
  for (unsigned i = 0; i < list->len; i++)
    muster_command_bar_add (self->commands, muster_order_page_get_session (self), list->pdata[i]);
}

static gboolean
may (MusterOrderPage *self, const char *operation)
{
  return self->order != NULL && !self->busy && muster_page_may (MUSTER_PAGE (self), operation);
}

void
muster_order_page_update_actions (MusterOrderPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean   known = self->order != NULL;
  int        status = known ? muster_order_page_get_status (self) : -1;
  gboolean   sales = known && muster_order_page_get_kind (self) == MUSTER_ORDER_KIND_SALES;
  gboolean   open =
    status == MUSTER_ORDER_STATUS_CONFIRMED || status == MUSTER_ORDER_STATUS_PROCESSING;

  gtk_widget_action_set_enabled (widget, "order.edit",
                                 may (self, "updateOrder") &&
                                   status != MUSTER_ORDER_STATUS_CANCELLED);
  gtk_widget_action_set_enabled (widget, "order.set-status", may (self, "setOrderStatus"));
  gtk_widget_action_set_enabled (widget, "order.allocate",
                                 may (self, "allocateOrder") && sales && open);
  gtk_widget_action_set_enabled (widget, "order.ship", may (self, "shipOrder") && sales && open);
  gtk_widget_action_set_enabled (widget, "order.receive", may (self, "createDelivery"));
  gtk_widget_action_set_enabled (widget, "order.return",
                                 may (self, "createOrder") && sales &&
                                   (status == MUSTER_ORDER_STATUS_DELIVERED ||
                                    status == MUSTER_ORDER_STATUS_SHIPPED));
  gtk_widget_action_set_enabled (widget, "order.copy-number", known);
  gtk_widget_action_set_enabled (widget, "order.print-pick-list", sales && open);
  gtk_widget_action_set_enabled (widget, "order.print-invoice",
                                 sales && status != MUSTER_ORDER_STATUS_PENDING);
  gtk_widget_action_set_enabled (widget, "order.print-labels",
                                 known &&
                                   muster_order_page_get_kind (self) == MUSTER_ORDER_KIND_PURCHASE);
}

typedef struct
{
  MusterOrderPage *page;
  DexFuture       *work;
  int              status; /* that was asked for, or -1 */
} Doing;

static void
doing_free (gpointer data)
{
  Doing *doing = data;

  g_object_unref (doing->page);
  dex_clear (&doing->work);
  g_free (doing);
}

/* A refusal that something is short is told line by line, where the lines are. */
static gboolean
show_shortage (MusterOrderPage *self, const GError *error)
{
  g_autoptr (JsonObject) answer = NULL;
  g_autoptr (GPtrArray) list = NULL;

  if (!g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT) ||
      muster_error_get_fields (error)->len == 0)
    return FALSE;
  answer = dex_await_boxed (muster_api_orders_get_availability (muster_order_page_get_client (self),
                                                                self->id),
                            NULL);
  if (answer == NULL || !muster_page_is_alive (MUSTER_PAGE (self)))
    return FALSE;
  list = muster_availability_list (answer);
  muster_shortage_view_set (self->shortage, muster_order_page_get_session (self), list,
                            self->order->items);
  return gtk_widget_get_visible (GTK_WIDGET (self->shortage));
}

static void
tell_done (MusterOrderPage *self, int status)
{
  const char *number =
    muster_entity_get_string (muster_order_page_get_entity (self), "order_number");
  g_autofree char *text =
    status >= 0 ? g_strdup_printf (_ ("%s: %s"), number,
                                   _ (muster_enum_get_label (&muster_order_status_enum, status)))
                : g_strdup_printf (_ ("%s: all is set aside"), number);

  muster_session_offer_journal_undo (muster_order_page_get_session (self), text, "order", self->id);
}

static DexFuture *
muster_order_page_doing_fiber (gpointer user_data)
{
  Doing           *doing = user_data;
  MusterOrderPage *self = doing->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = dex_await_boxed (dex_ref (doing->work), &error);

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  self->busy = FALSE;
  if (object != NULL)
    {
      muster_shortage_view_set (self->shortage, muster_order_page_get_session (self), NULL,
                                self->order->items);
      muster_order_page_take_order (self, object);
      tell_done (self, doing->status);
    }
  else if (!show_shortage (self, error) && muster_page_is_alive (MUSTER_PAGE (self)))
    muster_session_tell_error (muster_order_page_get_session (self), _ ("That could not be done"),
                               error);
  if (muster_page_is_alive (MUSTER_PAGE (self)))
    muster_order_page_update_actions (self);
  return dex_future_new_true ();
}

void
muster_order_page_run (MusterOrderPage *self, DexFuture *work, int status)
{
  Doing *doing = g_new0 (Doing, 1);

  doing->page = g_object_ref (self);
  doing->work = work;
  doing->status = status;
  self->busy = TRUE;
  muster_order_page_update_actions (self);
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_order_page_doing_fiber, doing, doing_free));
}

static void
muster_order_page_status_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterOrderPage *self = MUSTER_ORDER_PAGE (widget);
  int              status =
    muster_enum_parse (&muster_order_status_enum, g_variant_get_string (parameter, NULL));

  if (status >= 0)
    muster_order_page_run (self,
                           muster_api_orders_set_status (muster_order_page_get_client (self),
                                                         self->id, status),
                           status);
}

static void
muster_order_page_allocate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterOrderPage *self = MUSTER_ORDER_PAGE (widget);

  muster_order_page_run (
    self, muster_api_orders_allocate (muster_order_page_get_client (self), self->id, NULL), -1);
}

static void
muster_order_page_ship_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterOrderPage *self = MUSTER_ORDER_PAGE (widget);

  adw_dialog_present (muster_ship_dialog_new (muster_order_page_get_session (self),
                                              muster_order_page_get_entity (self),
                                              self->order->items),
                      widget);
}

static void
muster_order_page_receive_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterOrderPage *self = MUSTER_ORDER_PAGE (widget);

  muster_page_push (MUSTER_PAGE (self),
                    muster_receive_page_new_for_order (muster_order_page_get_session (self),
                                                       muster_order_page_get_entity (self)));
}

static void
muster_order_page_return_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterOrderPage *self = MUSTER_ORDER_PAGE (widget);

  adw_dialog_present (muster_return_dialog_new (muster_order_page_get_session (self),
                                                muster_order_page_get_entity (self),
                                                self->order->items),
                      widget);
}

static void
muster_order_page_edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterOrderPage *self = MUSTER_ORDER_PAGE (widget);

  muster_page_push (MUSTER_PAGE (self),
                    muster_order_editor_new_for_order (muster_order_page_get_session (self),
                                                       muster_order_page_get_entity (self),
                                                       self->order->items));
}

/* What is at hand: the list to pick by, and once it is packed, the invoice. */
static void
muster_order_page_page_print_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (!gtk_widget_activate_action (widget, "order.print-pick-list", NULL) &&
      !gtk_widget_activate_action (widget, "order.print-invoice", NULL))
    gtk_widget_activate_action (widget, "order.print-labels", NULL);
}

/* Of the units that a purchase has brought. */
static void
muster_order_page_labels_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *filters[] = { "purchase_item_id.order_id", MUSTER_ORDER_PAGE (widget)->id, NULL };

  muster_print_units (MUSTER_PAGE (widget), filters);
}

/* ACTION says what: "order.print-pick-list" or "order.print-invoice". */
static void
muster_order_page_print_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MusterOrderPage *self = MUSTER_ORDER_PAGE (widget);
  const char      *ids[] = { self->id, NULL };
  MusterPrintKind  kind =
    g_str_equal (action, "order.print-invoice") ? MUSTER_PRINT_INVOICE : MUSTER_PRINT_PICK_LIST;

  muster_print_dialog_show (widget, muster_order_page_get_session (self), kind, ids);
}

static void
muster_order_page_copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterOrderPage *self = MUSTER_ORDER_PAGE (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          muster_entity_get_string (muster_order_page_get_entity (self),
                                                    "order_number"));
  muster_session_tell (muster_order_page_get_session (self), _ ("Copied"));
}

void
muster_order_page_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "order.edit", NULL, muster_order_page_edit_action);
  gtk_widget_class_install_action (widget_class, "order.set-status", "s",
                                   muster_order_page_status_action);
  gtk_widget_class_install_action (widget_class, "order.allocate", NULL,
                                   muster_order_page_allocate_action);
  gtk_widget_class_install_action (widget_class, "order.ship", NULL, muster_order_page_ship_action);
  gtk_widget_class_install_action (widget_class, "order.receive", NULL,
                                   muster_order_page_receive_action);
  gtk_widget_class_install_action (widget_class, "order.return", NULL,
                                   muster_order_page_return_action);
  gtk_widget_class_install_action (widget_class, "order.print-pick-list", NULL,
                                   muster_order_page_print_action);
  gtk_widget_class_install_action (widget_class, "order.print-invoice", NULL,
                                   muster_order_page_print_action);
  gtk_widget_class_install_action (widget_class, "order.print-labels", NULL,
                                   muster_order_page_labels_action);
  gtk_widget_class_install_action (widget_class, "page.print", NULL,
                                   muster_order_page_page_print_action);
  gtk_widget_class_install_action (widget_class, "order.copy-number", NULL,
                                   muster_order_page_copy_action);
}
