/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-journal.h"
#include "client/muster-api-orders.h"
#include "model/muster-order-item.h"
#include "muster-order-deliveries.h"
#include "muster-order-editor.h"
#include "muster-order-line-row.h"
#include "muster-order-page-private.h"
#include "muster-shortage-view.h"
#include "muster-totals-view.h"
#include "widgets/muster-attachments.h"
#include "widgets/muster-command-bar.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-list.h"
#include "widgets/muster-progress-steps.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-record-history.h"
#include "widgets/muster-record-items.h"
#include "widgets/muster-references.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-trouble-view.h"

/* Changes come in bursts: one reading for all of them, in ms. */
#define RELOAD_DELAY 120

G_DEFINE_FINAL_TYPE (MusterOrderPage, muster_order_page, MUSTER_TYPE_PAGE)

MusterSession *
muster_order_page_get_session (MusterOrderPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

MusterApiClient *
muster_order_page_get_client (MusterOrderPage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

MusterEntity *
muster_order_page_get_entity (MusterOrderPage *self)
{
  return self->order->record;
}

int
muster_order_page_get_status (MusterOrderPage *self)
{
  return muster_entity_get_enum (muster_order_page_get_entity (self), "status");
}

int
muster_order_page_get_kind (MusterOrderPage *self)
{
  return muster_entity_get_enum (muster_order_page_get_entity (self), "kind");
}

/* How many of the goods FIELD counts, of all lines together. */
gint64
muster_order_page_count (MusterOrderPage *self, const char *field)
{
  gint64 sum = 0;

  for (unsigned i = 0; i < self->order->items->len; i++)
    if (muster_entity_get_enum (self->order->items->pdata[i], "kind") ==
        MUSTER_ORDER_LINE_KIND_ITEM)
      sum += muster_entity_get_integer (self->order->items->pdata[i], field);
  return sum;
}

/* --- what is shown --- */

static char *
describe (MusterOrderPage *self)
{
  static const char *const fields[] = { "customer", "reference", "due_at", NULL };
  g_autofree char         *line = muster_record_format_line (muster_order_page_get_session (self),
                                                             muster_order_page_get_entity (self), fields);

  return g_strdup_printf ("%s · %s",
                          _ (muster_enum_get_label (&muster_order_kind_enum,
                                                    muster_order_page_get_kind (self))),
                          line);
}

static void
show_steps (MusterOrderPage *self)
{
  static const int states[] = { MUSTER_ORDER_STATUS_PENDING, MUSTER_ORDER_STATUS_CONFIRMED,
                                MUSTER_ORDER_STATUS_PROCESSING, MUSTER_ORDER_STATUS_SHIPPED,
                                MUSTER_ORDER_STATUS_DELIVERED };

  muster_progress_steps_set (self->steps, &muster_order_status_enum, states, G_N_ELEMENTS (states),
                             muster_order_page_get_status (self));
}

static void
show_lines (MusterOrderPage *self)
{
  gboolean asks = muster_order_page_get_kind (self) == MUSTER_ORDER_KIND_SALES &&
                  muster_order_page_get_status (self) == MUSTER_ORDER_STATUS_PENDING;

  muster_list_clear (self->lines);
  for (unsigned i = 0; i < self->order->items->len; i++)
    {
      MusterEntity             *item = self->order->items->pdata[i];
      const MusterAvailability *stock =
        asks ? muster_availability_find (self->availability, muster_entity_get_id (item)) : NULL;

      gtk_list_box_append (self->lines,
                           muster_order_line_row_new (muster_order_page_get_session (self),
                                                      muster_order_page_get_entity (self), item,
                                                      stock != NULL ? stock->available : -1));
    }
  muster_totals_view_set_order (self->totals, muster_order_page_get_entity (self));
}

static void
show_details (MusterOrderPage *self)
{
  static const char *const fields[] = {
    "customer",     "customer_id",  "customer_email",  "reference",    "shipping_address",
    "due_at",       "notes",        "created_at",      "confirmed_at", "shipped_at",
    "delivered_at", "cancelled_at", "origin_order_id", NULL,
  };

  muster_detail_rows_show (self->details, muster_order_page_get_session (self),
                           muster_order_page_get_entity (self), fields);
}

static void
show_order (MusterOrderPage *self)
{
  const char *number =
    muster_entity_get_string (muster_order_page_get_entity (self), "order_number");
  g_autofree char *subtitle = describe (self);

  gtk_label_set_label (self->number, number != NULL ? number : "");
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), number != NULL ? number : _ ("Order"));
  muster_status_chip_set_value (self->status_chip, &muster_order_status_enum,
                                muster_order_page_get_status (self));
  gtk_label_set_label (self->subtitle, subtitle);
  show_steps (self);
  show_lines (self);
  show_details (self);
  muster_attachments_show (self->attachments, muster_order_page_get_session (self), "order",
                           self->id);
  muster_order_page_show_commands (self);
  muster_order_page_update_actions (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

static void
muster_order_page_names_cb (MusterOrderPage *self)
{
  if (self->order == NULL)
    return;
  show_details (self);
}

static void
confirm (MusterOrderPage *self)
{
  self->confirms = FALSE;
  muster_order_page_run (self,
                         muster_api_orders_set_status (muster_order_page_get_client (self),
                                                       self->id, MUSTER_ORDER_STATUS_CONFIRMED),
                         MUSTER_ORDER_STATUS_CONFIRMED);
}

/* --- reading --- */

void
muster_order_page_take_order (MusterOrderPage *self, JsonObject *object)
{
  g_autoptr (GError) error = NULL;
  MusterRecordItems *order =
    muster_record_items_new_from_json (object, &muster_order_info, &muster_order_item_info, &error);

  if (order == NULL)
    {
      g_message ("an order that is none: %s", error->message);
      return;
    }
  g_clear_pointer (&self->order, muster_record_items_free);
  self->order = order;
  show_order (self);
}

/* What is there of each line, as long as that is the question. */
static void
await_availability (MusterOrderPage *self)
{
  g_autoptr (JsonObject) answer = NULL;

  if (muster_order_page_get_status (self) != MUSTER_ORDER_STATUS_PENDING ||
      muster_order_page_get_kind (self) != MUSTER_ORDER_KIND_SALES ||
      !muster_page_may (MUSTER_PAGE (self), "getOrderAvailability"))
    return;
  answer = dex_await_boxed (muster_api_orders_get_availability (muster_order_page_get_client (self),
                                                                self->id),
                            NULL);
  if (answer == NULL || !muster_page_is_alive (MUSTER_PAGE (self)) || self->order == NULL)
    return;
  g_clear_pointer (&self->availability, g_ptr_array_unref);
  self->availability = muster_availability_list (answer);
  show_lines (self);
}

static void
show_failure (MusterOrderPage *self, const GError *error)
{
  gboolean gone = g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND);

  if (!gone)
    muster_trouble_view_set_error (self->trouble, _ ("The Order Could Not Be Read"), error);
  if (gone || self->order == NULL)
    gtk_stack_set_visible_child_name (self->stack, gone ? "gone" : "error");
}

static DexFuture *
muster_order_page_load_fiber (gpointer user_data)
{
  MusterOrderPage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object =
      dex_await_boxed (muster_api_orders_get (muster_order_page_get_client (self), self->id),
                       &error);

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (object == NULL)
    {
      show_failure (self, error);
      return dex_future_new_true ();
    }
  muster_order_page_take_order (self, object);
  if (self->order != NULL && self->confirms)
    confirm (self);
  else if (self->order != NULL)
    await_availability (self);
  return dex_future_new_true ();
}

static void
muster_order_page_refresh (MusterPage *page)
{
  MusterOrderPage *self = MUSTER_ORDER_PAGE (page);

  muster_page_run (page, muster_order_page_load_fiber);
  muster_order_deliveries_show (self->deliveries, muster_order_page_get_session (self), self->id);
  muster_record_history_show (self->history, muster_order_page_get_session (self), "order",
                              self->id);
}

/* --- changes as they happen --- */

static gboolean
muster_order_page_reload_cb (gpointer user_data)
{
  MUSTER_ORDER_PAGE (user_data)->reload_id = 0;
  muster_order_page_refresh (user_data);
  return G_SOURCE_REMOVE;
}

/* The ticks of the lines are counted from units and moves, without a change of their own. */
static gboolean
counts_for_lines (MusterApiChange *change)
{
  const char *entity = muster_api_change_get_entity (change);
  JsonObject *after = muster_api_change_get_after (change);

  if (g_strcmp0 (entity, "stock_move") == 0)
    return TRUE;
  return g_strcmp0 (entity, "device") == 0 && after != NULL &&
         (json_object_has_member (after, "adoption") || json_object_has_member (after, "status"));
}

/* Whether CHANGE is about the order, what it is made of, or a delivery of it. A delivery is new to
 * the page before it is read: any will do. */
static gboolean
concerns (MusterOrderPage *self, MusterApiChange *change)
{
  const char *entity = muster_api_change_get_entity (change);
  const char *id = muster_api_change_get_entity_id (change);

  if (g_strcmp0 (id, self->id) == 0)
    return TRUE;
  if (g_strcmp0 (entity, "order_item") == 0)
    return self->order == NULL || muster_record_items_find (self->order, id) != NULL;
  return g_strcmp0 (entity, "delivery") == 0 || counts_for_lines (change);
}

static void
muster_order_page_journal_cb (MusterOrderPage *self,
                              const char      *topic,
                              const char      *subject,
                              JsonObject      *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change != NULL && self->reload_id == 0 && concerns (self, change))
    self->reload_id = g_timeout_add (RELOAD_DELAY, muster_order_page_reload_cb, self);
}

static void
muster_order_page_ready_cb (MusterOrderPage *self, gboolean resumed)
{
  if (!resumed)
    muster_order_page_refresh (MUSTER_PAGE (self));
}

static void
subscribe (MusterOrderPage *self)
{
  MusterApiStream *stream = muster_session_get_stream (muster_order_page_get_session (self));

  if (!muster_page_may (MUSTER_PAGE (self), "openLiveStream"))
    return;
  self->journal = muster_api_stream_subscribe (stream, "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_order_page_journal_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_order_page_ready_cb), self,
                           G_CONNECT_SWAPPED);
}

/* A purchase of exactly what is short, to be looked over before it is made. */
static void
muster_order_page_missing_cb (MusterOrderPage *self, GPtrArray *lines)
{
  MusterPage *editor =
    muster_order_editor_new (muster_order_page_get_session (self), MUSTER_ORDER_KIND_PURCHASE);

  for (unsigned i = 0; i < lines->len; i++)
    {
      const MusterAvailability *line = lines->pdata[i];

      if (line->product_id != NULL)
        muster_order_editor_add_product (MUSTER_ORDER_EDITOR (editor), line->product_id,
                                         line->wanted - line->available);
    }
  muster_page_push (MUSTER_PAGE (self), editor);
}

/* --- life --- */

static void
muster_order_page_rights_changed (MusterPage *page)
{
  MusterOrderPage *self = MUSTER_ORDER_PAGE (page);

  if (self->order != NULL)
    muster_order_page_show_commands (self);
  muster_order_page_update_actions (self);
}

static void
muster_order_page_dispose (GObject *object)
{
  MusterOrderPage *self = MUSTER_ORDER_PAGE (object);

  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  g_clear_handle_id (&self->reload_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_ORDER_PAGE);
  G_OBJECT_CLASS (muster_order_page_parent_class)->dispose (object);
}

static void
muster_order_page_finalize (GObject *object)
{
  MusterOrderPage *self = MUSTER_ORDER_PAGE (object);

  g_free (self->id);
  g_clear_pointer (&self->order, muster_record_items_free);
  g_clear_pointer (&self->availability, g_ptr_array_unref);
  G_OBJECT_CLASS (muster_order_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, number);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, status_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, steps);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, commands);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, shortage);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, lines);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, totals);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, deliveries);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, details);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, attachments);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderPage, history);
}

static void
muster_order_page_class_init (MusterOrderPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_order_page_dispose;
  object_class->finalize = muster_order_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_order_page_refresh;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_order_page_rights_changed;
  g_type_ensure (MUSTER_TYPE_COMMAND_BAR);
  g_type_ensure (MUSTER_TYPE_ORDER_DELIVERIES);
  g_type_ensure (MUSTER_TYPE_PROGRESS_STEPS);
  g_type_ensure (MUSTER_TYPE_RECORD_HISTORY);
  g_type_ensure (MUSTER_TYPE_SHORTAGE_VIEW);
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_STATUS_CHIP);
  g_type_ensure (MUSTER_TYPE_TOTALS_VIEW);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  g_type_ensure (MUSTER_TYPE_ATTACHMENTS);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/order-page.ui");
  bind_children (widget_class);
  muster_order_page_install_actions (widget_class);
}

static void
muster_order_page_init (MusterOrderPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->shortage, "order", G_CALLBACK (muster_order_page_missing_cb), self,
                           G_CONNECT_SWAPPED);
}

MusterPage *
muster_order_page_new (MusterSession *session, const char *order_id)
{
  MusterOrderPage *self =
    g_object_new (MUSTER_TYPE_ORDER_PAGE, "session", session, "title", _ ("Order"), NULL);

  self->id = g_strdup (order_id);
  muster_order_page_update_actions (self);
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_order_page_names_cb), self, G_CONNECT_SWAPPED);
  subscribe (self);
  muster_order_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}

void
muster_order_page_confirm (MusterOrderPage *self)
{
  g_return_if_fail (MUSTER_IS_ORDER_PAGE (self));

  self->confirms = TRUE;
  if (self->order != NULL)
    confirm (self);
}
