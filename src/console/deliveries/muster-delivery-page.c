/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-journal.h"
#include "client/muster-api-orders.h"
#include "model/muster-delivery-issue.h"
#include "model/muster-delivery-item.h"
#include "muster-announce-dialog.h"
#include "muster-confirm-dialog.h"
#include "muster-delivery-issues.h"
#include "muster-delivery-page.h"
#include "muster-issue-dialog.h"
#include "muster-receive-page.h"
#include "print/muster-print-dialog.h"
#include "print/muster-print-units.h"
#include "widgets/muster-ask.h"
#include "widgets/muster-command-bar.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-list.h"
#include "widgets/muster-progress-steps.h"
#include "widgets/muster-record-dialog.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-record-history.h"
#include "widgets/muster-record-items.h"
#include "widgets/muster-reference-row.h"
#include "widgets/muster-references.h"
#include "widgets/muster-signature-pad.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-tick.h"
#include "widgets/muster-trouble-view.h"

#define RELOAD_DELAY 120

struct _MusterDeliveryPage
{
  MusterPage parent_instance;

  char                  *id;       /* (owned) */
  MusterRecordItems     *delivery; /* (owned) (nullable) */
  MusterApiSubscription *journal;  /* (owned) (nullable) */
  unsigned               reload_id;
  gboolean               busy;

  /* Template children */
  GtkStack             *stack;
  MusterTroubleView    *trouble;
  GtkLabel             *number;
  MusterStatusChip     *status_chip;
  GtkLabel             *subtitle;
  MusterProgressSteps  *steps;
  MusterCommandBar     *commands;
  AdwActionRow         *order_row;
  AdwActionRow         *tracking_row;
  GtkListBox           *items;
  MusterDeliveryIssues *issues;
  GtkWidget            *signature_group;
  MusterSignaturePad   *signature;
  GtkListBox           *details;
  MusterRecordHistory  *history;
};

G_DEFINE_FINAL_TYPE (MusterDeliveryPage, muster_delivery_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterDeliveryPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterApiClient *
client_of (MusterDeliveryPage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

static MusterEntity *
entity_of (MusterDeliveryPage *self)
{
  return self->delivery->record;
}

static int
get_status (MusterDeliveryPage *self)
{
  return muster_entity_get_enum (entity_of (self), "status");
}

static gboolean
is_inbound (MusterDeliveryPage *self)
{
  return muster_entity_get_enum (entity_of (self), "direction") ==
         MUSTER_DELIVERY_DIRECTION_INBOUND;
}

static gboolean
is_on_its_way (MusterDeliveryPage *self)
{
  return get_status (self) <= MUSTER_DELIVERY_STATUS_IN_TRANSIT;
}

/* --- what can be done now --- */

static const MusterCommand commands[] = {
  { N_ ("_Receive by Scanning…"), "delivery.receive", "scanDelivery" },
  { N_ ("_Announce Units…"), "delivery.announce", "addDeliveryItems" },
  { N_ ("_Send Off"), "delivery.set-status::shipped", "setDeliveryStatus" },
  { N_ ("C_onfirm Arrival…"), "delivery.confirm", "confirmDelivery" },
  { N_ ("In _Transit"), "delivery.set-status::in_transit", "setDeliveryStatus" },
  { N_ ("Try _Again"), "delivery.set-status::pending", "setDeliveryStatus" },
  { N_ ("_Returned…"), "delivery.set-status::returned", "setDeliveryStatus" },
};

/* The step that leads on first; only what its state allows. */
static void
show_commands (MusterDeliveryPage *self)
{
  int      status = get_status (self);
  gboolean receives = is_inbound (self) && is_on_its_way (self) &&
                      muster_page_may (MUSTER_PAGE (self), "scanDelivery");
  gboolean       failed = status == MUSTER_DELIVERY_STATUS_FAILED;
  const gboolean wanted[G_N_ELEMENTS (commands)] = {
    receives,
    receives,
    status == MUSTER_DELIVERY_STATUS_PENDING && !is_inbound (self),
    is_on_its_way (self),
    status == MUSTER_DELIVERY_STATUS_SHIPPED,
    failed,
    failed,
  };

  muster_command_bar_clear (self->commands);
  for (unsigned i = 0; i < G_N_ELEMENTS (commands); i++)
    if (wanted[i])
      muster_command_bar_add (self->commands, session_of (self), &commands[i]);
}

static gboolean
may (MusterDeliveryPage *self, const char *operation)
{
  return self->delivery != NULL && !self->busy && muster_page_may (MUSTER_PAGE (self), operation);
}

static void
muster_delivery_page_update_actions (MusterDeliveryPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean   known = self->delivery != NULL;
  gboolean   inbound = known && is_inbound (self) && is_on_its_way (self);

  gtk_widget_action_set_enabled (widget, "delivery.set-status", may (self, "setDeliveryStatus"));
  gtk_widget_action_set_enabled (widget, "delivery.confirm",
                                 may (self, "confirmDelivery") && is_on_its_way (self));
  gtk_widget_action_set_enabled (widget, "delivery.receive", inbound && may (self, "scanDelivery"));
  gtk_widget_action_set_enabled (widget, "delivery.announce",
                                 inbound && may (self, "addDeliveryItems"));
  gtk_widget_action_set_enabled (widget, "delivery.report", may (self, "addDeliveryIssue"));
  gtk_widget_action_set_enabled (widget, "delivery.edit", may (self, "updateDelivery"));
  gtk_widget_action_set_enabled (widget, "delivery.print", known);
  gtk_widget_action_set_enabled (widget, "delivery.print-labels",
                                 inbound && may (self, "getDevice"));
  gtk_widget_action_set_enabled (widget, "delivery.copy-tracking",
                                 known && muster_entity_get_string (entity_of (self),
                                                                    "tracking_number") != NULL);
}

/* --- what is shown --- */

static char *
describe (MusterDeliveryPage *self)
{
  static const char *const fields[] = { "direction", "carrier", "expected_at", NULL };

  return muster_record_format_line (session_of (self), entity_of (self), fields);
}

static const char *
get_product_name (MusterDeliveryPage *self, MusterEntity *item)
{
  const char *id = muster_entity_get_string (item, "product_id");

  return id != NULL
           ? muster_references_get_name (muster_references_get (session_of (self)), "product", id)
           : NULL;
}

static GtkWidget *
create_item_row (MusterDeliveryPage *self, MusterEntity *item)
{
  const char *serial = muster_entity_get_string (item, "serial");
  const char *product = get_product_name (self, item);
  const char *device_id = muster_entity_get_string (item, "device_id");
  gint64      quantity = muster_entity_get_integer (item, "quantity");
  GtkWidget  *tick = muster_tick_new ();
  GtkWidget  *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                 serial != NULL    ? serial
                                  : product != NULL ? product
                                                    : _ ("Goods"),
                                  "subtitle", serial != NULL && product != NULL ? product : "",
                                  "activatable", device_id != NULL, NULL);

  if (is_inbound (self))
    muster_tick_set (tick, _ ("Received"), muster_entity_get_integer (item, "received"), quantity);
  else
    muster_tick_set (tick, _ ("Delivered"),
                     get_status (self) == MUSTER_DELIVERY_STATUS_DELIVERED ? quantity : 0,
                     quantity);
  gtk_widget_set_valign (tick, GTK_ALIGN_CENTER);
  if (quantity > 1)
    {
      g_autofree char *text = g_strdup_printf ("× %" G_GINT64_FORMAT, quantity);
      GtkWidget       *label = gtk_label_new (text);

      gtk_widget_add_css_class (label, "numeric");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), tick);
  if (device_id != NULL)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_object_set_data_full (G_OBJECT (row), "muster-device", g_strdup (device_id), g_free);
  return row;
}

static void
show_items (MusterDeliveryPage *self)
{
  muster_list_clear (self->items);
  for (unsigned i = 0; i < self->delivery->items->len; i++)
    gtk_list_box_append (self->items, create_item_row (self, self->delivery->items->pdata[i]));
}

static void
show_way (MusterDeliveryPage *self)
{
  g_autofree char *order = muster_record_format (session_of (self), entity_of (self), "order_id");
  const char      *tracking = muster_entity_get_string (entity_of (self), "tracking_number");

  adw_action_row_set_subtitle (self->order_row, order != NULL ? order : "");
  adw_action_row_set_subtitle (self->tracking_row, tracking != NULL ? tracking : "");
  gtk_widget_set_visible (GTK_WIDGET (self->tracking_row), tracking != NULL);
}

static void
show_details (MusterDeliveryPage *self)
{
  static const char *const fields[] = { "carrier",        "shipping_address", "expected_at",
                                        "shipped_at",     "delivered_at",     "recipient",
                                        "delivery_notes", "created_at",       NULL };

  muster_detail_rows_show (self->details, session_of (self), entity_of (self), fields);
}

static void
show_signature (MusterDeliveryPage *self)
{
  const char *text = muster_entity_get_string (entity_of (self), "signature");
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;

  gtk_widget_set_visible (self->signature_group,
                          node != NULL && muster_signature_pad_set_json (self->signature, node));
}

static void
show_delivery (MusterDeliveryPage *self)
{
  static const int states[] = { MUSTER_DELIVERY_STATUS_PENDING, MUSTER_DELIVERY_STATUS_SHIPPED,
                                MUSTER_DELIVERY_STATUS_IN_TRANSIT,
                                MUSTER_DELIVERY_STATUS_DELIVERED };
  const char      *number = muster_entity_get_string (entity_of (self), "delivery_number");
  g_autofree char *subtitle = describe (self);

  gtk_label_set_label (self->number, number != NULL ? number : "");
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self),
                                 number != NULL ? number : _ ("Delivery"));
  muster_status_chip_set_value (self->status_chip, &muster_delivery_status_enum, get_status (self));
  gtk_label_set_label (self->subtitle, subtitle);
  muster_progress_steps_set (self->steps, &muster_delivery_status_enum, states,
                             G_N_ELEMENTS (states), get_status (self));
  show_way (self);
  show_items (self);
  show_signature (self);
  show_details (self);
  show_commands (self);
  muster_delivery_page_update_actions (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

static void
muster_delivery_page_names_cb (MusterDeliveryPage *self)
{
  if (self->delivery == NULL)
    return;
  show_way (self);
  show_items (self);
}

/* --- reading --- */

static void
take_delivery (MusterDeliveryPage *self, JsonObject *object)
{
  g_autoptr (GError) error = NULL;
  MusterRecordItems *delivery =
    muster_record_items_new_from_json (object, &muster_delivery_info, &muster_delivery_item_info,
                                       &error);

  if (delivery == NULL)
    {
      g_message ("a delivery that is none: %s", error->message);
      return;
    }
  g_clear_pointer (&self->delivery, muster_record_items_free);
  self->delivery = delivery;
  show_delivery (self);
}

static DexFuture *
muster_delivery_page_load_fiber (gpointer user_data)
{
  MusterDeliveryPage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object =
              dex_await_boxed (muster_api_deliveries_get (client_of (self), self->id), &error);
  gboolean gone;

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (object != NULL)
    {
      take_delivery (self, object);
      return dex_future_new_true ();
    }
  gone = g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND);
  if (!gone)
    muster_trouble_view_set_error (self->trouble, _ ("The Delivery Could Not Be Read"), error);
  if (gone || self->delivery == NULL)
    gtk_stack_set_visible_child_name (self->stack, gone ? "gone" : "error");
  return dex_future_new_true ();
}

static void
muster_delivery_page_refresh (MusterPage *page)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (page);

  muster_page_run (page, muster_delivery_page_load_fiber);
  muster_delivery_issues_show (self->issues, session_of (self), self->id);
  muster_record_history_show (self->history, session_of (self), "delivery", self->id);
}

/* --- changes as they happen --- */

static gboolean
muster_delivery_page_reload_cb (gpointer user_data)
{
  MUSTER_DELIVERY_PAGE (user_data)->reload_id = 0;
  muster_delivery_page_refresh (user_data);
  return G_SOURCE_REMOVE;
}

static void
muster_delivery_page_journal_cb (MusterDeliveryPage *self,
                                 const char         *topic,
                                 const char         *subject,
                                 JsonObject         *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);
  const char *entity;

  if (change == NULL || self->reload_id != 0)
    return;
  entity = muster_api_change_get_entity (change);
  if (g_strcmp0 (muster_api_change_get_entity_id (change), self->id) == 0 ||
      g_strcmp0 (entity, "delivery_item") == 0 || g_strcmp0 (entity, "delivery_issue") == 0)
    self->reload_id = g_timeout_add (RELOAD_DELAY, muster_delivery_page_reload_cb, self);
}

static void
muster_delivery_page_ready_cb (MusterDeliveryPage *self, gboolean resumed)
{
  if (!resumed)
    muster_delivery_page_refresh (MUSTER_PAGE (self));
}

static void
subscribe (MusterDeliveryPage *self)
{
  if (!muster_page_may (MUSTER_PAGE (self), "openLiveStream"))
    return;
  self->journal = muster_api_stream_subscribe (muster_session_get_stream (session_of (self)),
                                               "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_delivery_page_journal_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_delivery_page_ready_cb), self,
                           G_CONNECT_SWAPPED);
}

/* --- doings --- */

typedef struct
{
  MusterDeliveryPage *page;
  int                 status;
  char               *location_id; /* (owned) (nullable) */
} Doing;

static Doing *
doing_new (MusterDeliveryPage *page, int status, const char *location_id)
{
  Doing *self = g_new0 (Doing, 1);

  self->page = g_object_ref (page);
  self->status = status;
  self->location_id = g_strdup (location_id);
  return self;
}

static void
doing_free (gpointer data)
{
  Doing *doing = data;

  g_object_unref (doing->page);
  g_free (doing->location_id);
  g_free (doing);
}

static DexFuture *
muster_delivery_page_doing_fiber (gpointer user_data)
{
  Doing              *doing = user_data;
  MusterDeliveryPage *self = doing->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object =
              dex_await_boxed (muster_api_deliveries_set_status (client_of (self), self->id,
                                                                 doing->status, doing->location_id),
                               &error);
  g_autofree char *text = NULL;

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  self->busy = FALSE;
  muster_delivery_page_update_actions (self);
  if (object == NULL)
    {
      muster_session_tell_error (session_of (self), _ ("That could not be done"), error);
      return dex_future_new_true ();
    }
  take_delivery (self, object);
  text =
    g_strdup_printf (_ ("%s: %s"), muster_entity_get_string (entity_of (self), "delivery_number"),
                     _ (muster_enum_get_label (&muster_delivery_status_enum, doing->status)));
  muster_session_offer_journal_undo (session_of (self), text, "delivery", self->id);
  return dex_future_new_true ();
}

static void
do_status (MusterDeliveryPage *self, int status, const char *location_id)
{
  self->busy = TRUE;
  muster_delivery_page_update_actions (self);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_delivery_page_doing_fiber,
                                          doing_new (self, status, location_id), doing_free));
}

static void
muster_delivery_page_place_cb (GtkWidget *const *rows, gpointer user_data)
{
  if (muster_page_is_alive (user_data) && !MUSTER_DELIVERY_PAGE (user_data)->busy)
    do_status (user_data, MUSTER_DELIVERY_STATUS_RETURNED,
               muster_reference_row_get_id (MUSTER_REFERENCE_ROW (rows[0])));
}

/* What has left the house and comes back has to be put somewhere. */
static void
ask_place (MusterDeliveryPage *self)
{
  GtkWidget *rows[] = {
    muster_reference_row_new (session_of (self), "location", _ ("Put into"), TRUE), NULL
  };

  muster_ask (GTK_WIDGET (self), _ ("It Has Come Back"),
              _ ("All that it holds is in stock again: at the place chosen here, or, without one, "
                 "where each was picked."),
              rows, _ ("_Put into Stock"), muster_delivery_page_place_cb, g_object_ref (self),
              g_object_unref);
}

static void
muster_delivery_page_status_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (widget);
  int                 status =
    muster_enum_parse (&muster_delivery_status_enum, g_variant_get_string (parameter, NULL));

  if (status < 0)
    return;
  if (status == MUSTER_DELIVERY_STATUS_RETURNED && !is_inbound (self) &&
      !muster_entity_is_null (entity_of (self), "shipped_at"))
    ask_place (self);
  else
    do_status (self, status, NULL);
}

static void
muster_delivery_page_confirm_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (widget);

  adw_dialog_present (muster_confirm_dialog_new (session_of (self), entity_of (self)), widget);
}

static void
muster_delivery_page_receive_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (widget);

  muster_page_push (MUSTER_PAGE (self), muster_receive_page_new (session_of (self), self->id));
}

static void
muster_delivery_page_announce_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (widget);

  adw_dialog_present (muster_announce_dialog_new (session_of (self), entity_of (self)), widget);
}

static void
muster_delivery_page_report_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (widget);

  adw_dialog_present (muster_issue_dialog_new (session_of (self), entity_of (self),
                                               self->delivery->items, NULL),
                      widget);
}

static void
muster_delivery_page_edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const char *const         way[] = { "carrier", "tracking_number", "expected_at",
                                             "shipping_address", NULL };
  static const char *const         notes[] = { "delivery_notes", NULL };
  static const MusterRecordSection sections[] = { { N_ ("The Way"), way },
                                                  { NULL, notes },
                                                  { NULL, NULL } };
  MusterDeliveryPage              *self = MUSTER_DELIVERY_PAGE (widget);

  adw_dialog_present (muster_record_dialog_new (session_of (self), &muster_delivery_info,
                                                entity_of (self), sections, _ ("Edit Delivery")),
                      widget);
}

static void
muster_delivery_page_print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (widget);
  const char         *ids[] = { self->id, NULL };

  if (self->delivery == NULL)
    return;

  muster_print_dialog_show (widget, session_of (self), MUSTER_PRINT_DELIVERY_NOTE, ids);
}

/* Of the units that have come with it. */
static void
muster_delivery_page_labels_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (widget);
  g_autoptr (GString) ids = g_string_new (NULL);

  for (unsigned i = 0; self->delivery != NULL && i < self->delivery->items->len; i++)
    {
      const char *id = muster_entity_get_string (self->delivery->items->pdata[i], "device_id");

      if (id != NULL)
        g_string_append_printf (ids, "%s%s", ids->len > 0 ? "," : "", id);
    }
  if (ids->len > 0)
    muster_print_units (MUSTER_PAGE (self), (const char *const[]){ "id", ids->str, NULL });
  else
    muster_session_tell (session_of (self), _ ("No unit of this delivery is received yet"));
}

static void
muster_delivery_page_copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          muster_entity_get_string (entity_of (self), "tracking_number"));
  muster_session_tell (session_of (self), _ ("Copied"));
}

static void
muster_delivery_page_order_cb (MusterDeliveryPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "(ss)", "order",
                              muster_entity_get_string (entity_of (self), "order_id"));
}

static void
muster_delivery_page_item_cb (MusterDeliveryPage *self, GtkListBoxRow *row)
{
  const char *device_id = g_object_get_data (G_OBJECT (row), "muster-device");

  if (device_id != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "(ss)", "device", device_id);
}

static void
muster_delivery_page_issue_cb (MusterDeliveryPage *self, MusterEntity *issue)
{
  if (self->delivery != NULL)
    adw_dialog_present (muster_issue_dialog_new (session_of (self), entity_of (self),
                                                 self->delivery->items, issue),
                        GTK_WIDGET (self));
}

/* A unit that is scanned while its incoming delivery is looked at is received by it. */
static gboolean
muster_delivery_page_scan (MusterPage *page, const char *code)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (page);
  MusterPage         *receive;

  if (self->delivery == NULL || !is_inbound (self) || !is_on_its_way (self) ||
      !muster_page_may (page, "scanDelivery"))
    return FALSE;
  receive = muster_receive_page_new (session_of (self), self->id);
  muster_page_push (page, receive);
  return muster_page_scan (receive, code);
}

/* --- life --- */

static void
muster_delivery_page_rights_changed (MusterPage *page)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (page);

  if (self->delivery != NULL)
    show_commands (self);
  muster_delivery_page_update_actions (self);
}

static void
muster_delivery_page_dispose (GObject *object)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (object);

  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  g_clear_handle_id (&self->reload_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_DELIVERY_PAGE);
  G_OBJECT_CLASS (muster_delivery_page_parent_class)->dispose (object);
}

static void
muster_delivery_page_finalize (GObject *object)
{
  MusterDeliveryPage *self = MUSTER_DELIVERY_PAGE (object);

  g_free (self->id);
  g_clear_pointer (&self->delivery, muster_record_items_free);
  G_OBJECT_CLASS (muster_delivery_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, number);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, status_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, steps);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, commands);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, order_row);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, tracking_row);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, items);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, issues);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, signature_group);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, signature);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, details);
  gtk_widget_class_bind_template_child (widget_class, MusterDeliveryPage, history);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "delivery.set-status", "s",
                                   muster_delivery_page_status_action);
  gtk_widget_class_install_action (widget_class, "delivery.confirm", NULL,
                                   muster_delivery_page_confirm_action);
  gtk_widget_class_install_action (widget_class, "delivery.receive", NULL,
                                   muster_delivery_page_receive_action);
  gtk_widget_class_install_action (widget_class, "delivery.announce", NULL,
                                   muster_delivery_page_announce_action);
  gtk_widget_class_install_action (widget_class, "delivery.report", NULL,
                                   muster_delivery_page_report_action);
  gtk_widget_class_install_action (widget_class, "delivery.edit", NULL,
                                   muster_delivery_page_edit_action);
  gtk_widget_class_install_action (widget_class, "delivery.print", NULL,
                                   muster_delivery_page_print_action);
  gtk_widget_class_install_action (widget_class, "delivery.print-labels", NULL,
                                   muster_delivery_page_labels_action);
  gtk_widget_class_install_action (widget_class, "page.print", NULL,
                                   muster_delivery_page_print_action);
  gtk_widget_class_install_action (widget_class, "delivery.copy-tracking", NULL,
                                   muster_delivery_page_copy_action);
}

static void
muster_delivery_page_class_init (MusterDeliveryPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_delivery_page_dispose;
  object_class->finalize = muster_delivery_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_delivery_page_refresh;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_delivery_page_rights_changed;
  MUSTER_PAGE_CLASS (klass)->scan = muster_delivery_page_scan;
  g_type_ensure (MUSTER_TYPE_COMMAND_BAR);
  g_type_ensure (MUSTER_TYPE_DELIVERY_ISSUES);
  g_type_ensure (MUSTER_TYPE_PROGRESS_STEPS);
  g_type_ensure (MUSTER_TYPE_RECORD_HISTORY);
  g_type_ensure (MUSTER_TYPE_SIGNATURE_PAD);
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_STATUS_CHIP);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/delivery-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, muster_delivery_page_order_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_delivery_page_item_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_delivery_page_issue_cb);
  install_actions (widget_class);
}

static void
muster_delivery_page_init (MusterDeliveryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  muster_signature_pad_set_read_only (self->signature, TRUE);
}

MusterPage *
muster_delivery_page_new (MusterSession *session, const char *delivery_id)
{
  MusterDeliveryPage *self =
    g_object_new (MUSTER_TYPE_DELIVERY_PAGE, "session", session, "title", _ ("Delivery"), NULL);

  self->id = g_strdup (delivery_id);
  muster_delivery_page_update_actions (self);
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_delivery_page_names_cb), self, G_CONNECT_SWAPPED);
  subscribe (self);
  muster_delivery_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}
