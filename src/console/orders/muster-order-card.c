/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-card"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-order.h"
#include "muster-order-card.h"
#include "widgets/muster-record-format.h"

struct _MusterOrderCard
{
  GtkListBoxRow parent_instance;

  MusterSession *session; /* (owned) */
  MusterEntity  *order;   /* (owned) */

  /* Template children */
  GtkLabel      *number;
  GtkMenuButton *more;
  GtkLabel      *customer;
  GtkLabel      *due;
  GtkLabel      *amount;
};

G_DEFINE_FINAL_TYPE (MusterOrderCard, muster_order_card, GTK_TYPE_LIST_BOX_ROW)

enum
{
  MOVE,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
muster_order_card_move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  int status =
    muster_enum_parse (&muster_order_status_enum, g_variant_get_string (parameter, NULL));

  if (status >= 0)
    g_signal_emit (widget, signals[MOVE], 0, status);
}

/* One step on or back, where that is allowed. */
static gboolean
muster_order_card_step_shortcut (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  MusterOrderCard *self = MUSTER_ORDER_CARD (widget);
  int              status = muster_entity_get_enum (self->order, "status");
  int              step = g_variant_get_int32 (args);

  if (!muster_session_may (self->session, "setOrderStatus"))
    return FALSE;
  for (int next = status + step; next >= 0 && next < MUSTER_ORDER_STATUS_CANCELLED; next += step)
    if (muster_state_machine_allows (&muster_order_status_machine, status, next))
      {
        g_signal_emit (self, signals[MOVE], 0, next);
        return TRUE;
      }
  gtk_widget_error_bell (widget);
  return TRUE;
}

static GdkContentProvider *
muster_order_card_prepare_cb (GtkDragSource *source, double x, double y, gpointer self)
{
  if (!muster_session_may (MUSTER_ORDER_CARD (self)->session, "setOrderStatus"))
    return NULL;
  return gdk_content_provider_new_typed (MUSTER_TYPE_ORDER, MUSTER_ORDER_CARD (self)->order);
}

static void
muster_order_card_drag_begin_cb (GtkDragSource *source, GdkDrag *drag, gpointer self)
{
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (self);

  gtk_drag_source_set_icon (source, picture, 20, 20);
}

static void
muster_order_card_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_ORDER_CARD);
  G_OBJECT_CLASS (muster_order_card_parent_class)->dispose (object);
}

static void
muster_order_card_finalize (GObject *object)
{
  MusterOrderCard *self = MUSTER_ORDER_CARD (object);

  g_clear_object (&self->session);
  g_clear_object (&self->order);
  G_OBJECT_CLASS (muster_order_card_parent_class)->finalize (object);
}

static void
muster_order_card_class_init (MusterOrderCardClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_order_card_dispose;
  object_class->finalize = muster_order_card_finalize;
  signals[MOVE] = g_signal_new ("move", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/order-card.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterOrderCard, number);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderCard, more);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderCard, customer);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderCard, due);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderCard, amount);
  gtk_widget_class_install_action (widget_class, "card.move", "s", muster_order_card_move_action);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, GDK_CONTROL_MASK,
                                muster_order_card_step_shortcut, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, GDK_CONTROL_MASK,
                                muster_order_card_step_shortcut, "i", -1);
}

static void
muster_order_card_init (MusterOrderCard *self)
{
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect_object (source, "prepare", G_CALLBACK (muster_order_card_prepare_cb), self, 0);
  g_signal_connect_object (source, "drag-begin", G_CALLBACK (muster_order_card_drag_begin_cb), self,
                           0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (source));
}

static void
show_due (MusterOrderCard *self)
{
  gint64   due = muster_entity_get_integer (self->order, "due_at");
  gboolean open = muster_entity_get_enum (self->order, "status") < MUSTER_ORDER_STATUS_SHIPPED;
  gboolean late = due > 0 && open && due < g_get_real_time ();
  g_autofree char *day =
    due > 0 ? muster_format_date (due, muster_session_get_zone (self->session)) : NULL;
  g_autofree char *text = NULL;

  if (late)
    text = g_strdup_printf (_ ("Late: due %s"), day);
  else if (day != NULL)
    text = g_strdup_printf (_ ("Due %s"), day);
  gtk_label_set_label (self->due, text != NULL
                                    ? text
                                    : _ (muster_enum_get_label (&muster_order_kind_enum,
                                                                muster_entity_get_enum (self->order,
                                                                                        "kind"))));
  if (late)
    gtk_widget_add_css_class (GTK_WIDGET (self->due), "error");
}

/* The steps that are allowed from here, as the state machine says. */
static GMenuModel *
create_menu (MusterOrderCard *self)
{
  GMenu *menu = g_menu_new ();
  g_auto (GStrv) next =
           muster_state_machine_list_next (&muster_order_status_machine,
                                           muster_entity_get_enum (self->order, "status"));

  for (unsigned i = 0; next[i] != NULL; i++)
    {
      int              status = muster_enum_parse (&muster_order_status_enum, next[i]);
      g_autofree char *action = g_strconcat ("card.move::", next[i], NULL);

      g_menu_append (menu, _ (muster_enum_get_label (&muster_order_status_enum, status)), action);
    }
  return G_MENU_MODEL (menu);
}

GtkWidget *
muster_order_card_new (MusterSession *session, MusterEntity *order)
{
  MusterOrderCard *self = g_object_new (MUSTER_TYPE_ORDER_CARD, NULL);
  g_autofree char *amount = muster_format_money (muster_entity_get_integer (order, "total_amount"),
                                                 muster_entity_get_string (order, "currency"));
  g_autofree char *about = NULL;
  g_autoptr (GMenuModel) menu = NULL;
  const char *number = muster_entity_get_string (order, "order_number");

  self->session = g_object_ref (session);
  self->order = g_object_ref (order);
  gtk_label_set_label (self->number, number);
  gtk_label_set_label (self->customer, muster_entity_get_string (order, "customer"));
  gtk_label_set_label (self->amount, amount);
  show_due (self);
  menu = create_menu (self);
  gtk_menu_button_set_menu_model (self->more, menu);
  gtk_widget_set_visible (GTK_WIDGET (self->more),
                          g_menu_model_get_n_items (menu) > 0 &&
                            muster_session_may (session, "setOrderStatus"));
  about = g_strdup_printf ("%s, %s, %s", muster_entity_get_string (order, "customer"), amount,
                           gtk_label_get_label (self->due));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, number,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, about, -1);
  return GTK_WIDGET (self);
}

MusterEntity *
muster_order_card_get_order (MusterOrderCard *self)
{
  g_return_val_if_fail (MUSTER_IS_ORDER_CARD (self), NULL);

  return self->order;
}
