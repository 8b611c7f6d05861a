/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-product-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-inventory.h"
#include "client/muster-api-journal.h"
#include "model/muster-stock-level.h"
#include "model/muster-stock-move.h"
#include "client/muster-api-alerts.h"
#include "devices/muster-derived-list.h"
#include "muster-doing.h"
#include "muster-inventory-actions.h"
#include "muster-inventory-page.h"
#include "muster-product-page.h"
#include "muster-receive-dialog.h"
#include "muster-stock-row.h"
#include "print/muster-print-units.h"
#include "widgets/muster-attachments.h"
#include "widgets/muster-record-history.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-kind-icon.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-dialog.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-references.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-trouble-view.h"

#define MAX_ROWS 20

struct _MusterProductPage
{
  MusterPage parent_instance;

  char                  *id;      /* (owned) */
  MusterEntity          *product; /* (owned) (nullable) */
  MusterApiSubscription *journal; /* (owned) */

  /* Template children */
  AdwBanner           *low;
  GtkStack            *stack;
  MusterTroubleView   *trouble;
  GtkImage            *icon;
  GtkPicture          *picture;
  GtkLabel            *name;
  GtkLabel            *subtitle;
  GtkLabel            *description;
  GtkWidget           *move_button;
  GtkWidget           *units_button;
  GtkLabel            *on_hand;
  GtkLabel            *reserved;
  GtkLabel            *available;
  GtkListBox          *levels;
  GtkListBox          *details;
  GtkWidget           *specifications_group;
  GtkListBox          *specifications;
  MusterAttachments   *attachments;
  GtkWidget           *batches_group;
  GtkListBox          *batches;
  GtkListBox          *moves;
  MusterRecordHistory *history;
  MusterDerivedList   *derived;
};

G_DEFINE_FINAL_TYPE (MusterProductPage, muster_product_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterProductPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterApiClient *
client_of (MusterProductPage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

/* --- the form --- */

AdwDialog *
muster_product_dialog_new (MusterSession *session, MusterEntity *record)
{
  static const char *const what[] = { "name",  "sku",          "tracking", "kind",        "type",
                                      "model", "manufacturer", "gtin",     "description", NULL };
  static const char *const trade[] = { "unit_price",       "currency",
                                       "supplier",         "reorder_point",
                                       "reorder_quantity", "warranty_months",
                                       "discontinued",     NULL };
  static const char *const more[] = { "specifications", NULL };
  static const MusterRecordSection sections[] = {
    { NULL, what }, { N_ ("Buying and selling"), trade }, { NULL, more }, { NULL, NULL }
  };

  return muster_record_dialog_new (session, &muster_product_info, record, sections,
                                   record != NULL ? _ ("Edit Product") : _ ("Add a Product"));
}

/* --- what is shown --- */

static gboolean
is_by_quantity (MusterProductPage *self)
{
  return self->product != NULL &&
         muster_entity_get_enum (self->product, "tracking") == MUSTER_TRACKING_QUANTITY;
}

static void
muster_product_page_update_actions (MusterProductPage *self)
{
  static const struct
  {
    const char *action, *operation;
  } rights[] = {
    { "product.edit", "updateProduct" },     { "product.delete", "deleteProduct" },
    { "product.receive", "receiveProduct" }, { "product.move", "createStockMove" },
    { "product.reorder", "createOrder" },    { "product.default-rules", "makeDefaultAlertRules" },
    { "product.dashboard", "getSamples" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rights); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), rights[i].action,
                                   self->product != NULL &&
                                     muster_page_may (MUSTER_PAGE (self), rights[i].operation));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.print",
                                 self->product != NULL && !is_by_quantity (self));
  gtk_widget_set_visible (self->move_button, is_by_quantity (self));
  gtk_widget_set_visible (self->units_button, !is_by_quantity (self));
}

static void
show_number (GtkLabel *label, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  gtk_label_set_label (label, text);
}

static void
show_stock (MusterProductPage *self)
{
  gint64   on_hand = muster_entity_get_integer (self->product, "on_hand");
  gint64   reserved = muster_entity_get_integer (self->product, "reserved");
  gint64   available = on_hand - reserved;
  gint64   point = muster_entity_get_integer (self->product, "reorder_point");
  gboolean low = !muster_entity_is_null (self->product, "reorder_point") &&
                 !muster_entity_get_boolean (self->product, "discontinued") && available < point;
  g_autofree char *text =
    g_strdup_printf (ngettext ("Only %d available: fewer than the reorder point of %d",
                               "Only %d available: fewer than the reorder point of %d", available),
                     (int)available, (int)point);

  show_number (self->on_hand, on_hand);
  show_number (self->reserved, reserved);
  show_number (self->available, available);
  adw_banner_set_title (self->low, text);
  adw_banner_set_revealed (self->low, low);
}

static void
show_specifications (MusterProductPage *self)
{
  const char *text = muster_entity_get_string (self->product, "specifications");
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;
  gboolean       any = node != NULL && JSON_NODE_HOLDS_OBJECT (node);

  muster_list_clear (self->specifications);
  gtk_widget_set_visible (self->specifications_group, any);
  if (!any)
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      GType type =
        JSON_NODE_HOLDS_VALUE (member) ? json_node_get_value_type (member) : G_TYPE_INVALID;
      g_autofree char *value = NULL;

      if (type == G_TYPE_STRING)
        value = g_strdup (json_node_get_string (member));
      else if (type == G_TYPE_BOOLEAN)
        value = g_strdup (json_node_get_boolean (member) ? _ ("Yes") : _ ("No"));
      else
        value = json_to_string (member, FALSE);
      gtk_list_box_append (self->specifications, muster_detail_row_new (name, value));
    }
}

/* It stands for the product where there is one. */
static void
muster_product_page_picture_cb (MusterProductPage *self, GdkTexture *texture)
{
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_widget_set_visible (GTK_WIDGET (self->picture), texture != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), texture == NULL);
}

static void
show_product (MusterProductPage *self)
{
  static const char *const line[] = { "sku", "model", "manufacturer", "unit_price", NULL };
  static const char *const details[] = { "type",
                                         "kind",
                                         "tracking",
                                         "gtin",
                                         "supplier",
                                         "reorder_point",
                                         "reorder_quantity",
                                         "warranty_months",
                                         "discontinued",
                                         "created_at",
                                         NULL };
  g_autofree char *subtitle = muster_record_format_line (session_of (self), self->product, line);
  const char      *description = muster_entity_get_string (self->product, "description");

  gtk_image_set_from_icon_name (self->icon,
                                is_by_quantity (self)
                                  ? "muster-product-symbolic"
                                  : muster_kind_get_icon_name (
                                      muster_entity_get_string (self->product, "kind")));
  gtk_label_set_label (self->name, muster_entity_get_string (self->product, "name"));
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self),
                                 muster_entity_get_string (self->product, "name"));
  gtk_label_set_label (self->subtitle, subtitle);
  gtk_label_set_label (self->description, description != NULL ? description : "");
  gtk_widget_set_visible (GTK_WIDGET (self->description), description != NULL);
  muster_detail_rows_show (self->details, session_of (self), self->product, details);
  show_specifications (self);
  show_stock (self);
  muster_attachments_show (self->attachments, session_of (self), "product", self->id);
  muster_derived_list_show (self->derived, session_of (self), NULL, self->id);
  muster_product_page_update_actions (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

/* --- reading --- */

static DexFuture *
muster_product_page_load_fiber (gpointer user_data)
{
  MusterProductPage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) product =
              dex_await_object (muster_api_products_get (client_of (self), self->id), &error);
  gboolean gone = g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND);

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (product != NULL)
    {
      g_set_object (&self->product, product);
      show_product (self);
      return dex_future_new_true ();
    }
  if (!gone)
    muster_trouble_view_set_error (self->trouble, _ ("The Product Could Not Be Read"), error);
  if (gone || self->product == NULL)
    gtk_stack_set_visible_child_name (self->stack, gone ? "gone" : "error");
  return dex_future_new_true ();
}

/* The newest records of INFO about this product, or NULL with a word in the log: (transfer full).
 * In a fiber. */
static MusterApiPage *
read_about (MusterProductPage *self, const MusterEntityInfo *info, const char *sort)
{
  const char *const        filters[] = { "product_id", self->id, NULL };
  const MusterApiListQuery query = { .sort = sort, .limit = MAX_ROWS, .filters = filters };
  g_autoptr (GError) error = NULL;
  MusterApiPage *page =
    dex_await_object (muster_api_collection_list (client_of (self), info, &query), &error);

  if (page == NULL)
    g_message ("could not read %s: %s", info->path, error->message);
  if (page != NULL && !muster_page_is_alive (MUSTER_PAGE (self)))
    g_clear_object (&page);
  return page;
}

static DexFuture *
muster_product_page_stock_fiber (gpointer user_data)
{
  MusterProductPage *self = user_data;
  g_autoptr (MusterApiPage) levels = read_about (self, &muster_stock_level_info, "-quantity");
  g_autoptr (MusterApiPage) moves = NULL;
  g_autoptr (MusterApiPage) batches = NULL;

  if (levels != NULL)
    {
      muster_list_clear (self->levels);
      for (unsigned i = 0; i < muster_api_page_get_length (levels); i++)
        if (muster_entity_get_integer (muster_api_page_get (levels, i), "quantity") != 0)
          gtk_list_box_append (self->levels,
                               muster_stock_level_row_new (session_of (self),
                                                           muster_api_page_get (levels, i)));
    }
  moves = read_about (self, &muster_stock_move_info, "-created_at");
  if (moves != NULL)
    {
      muster_list_clear (self->moves);
      for (unsigned i = 0; i < muster_api_page_get_length (moves); i++)
        gtk_list_box_append (self->moves,
                             muster_stock_move_row_new (session_of (self),
                                                        muster_api_page_get (moves, i)));
    }
  batches = read_about (self, &muster_batch_info, "-received_at");
  if (batches != NULL)
    {
      static const char *const fields[] = { "received_at", "expires_at", "supplier", NULL };

      muster_list_clear (self->batches);
      gtk_widget_set_visible (self->batches_group, muster_api_page_get_length (batches) > 0);
      for (unsigned i = 0; i < muster_api_page_get_length (batches); i++)
        {
          MusterEntity    *batch = muster_api_page_get (batches, i);
          g_autofree char *text = muster_record_format_line (session_of (self), batch, fields);

          gtk_list_box_append (self->batches,
                               muster_detail_row_new (muster_entity_get_string (batch, "number"),
                                                      text));
        }
    }
  return dex_future_new_true ();
}

static void
muster_product_page_refresh (MusterPage *page)
{
  muster_page_run (page, muster_product_page_load_fiber);
  muster_page_run (page, muster_product_page_stock_fiber);
  muster_record_history_show (MUSTER_PRODUCT_PAGE (page)->history, muster_page_get_session (page),
                              "product", MUSTER_PRODUCT_PAGE (page)->id);
}

static void
muster_product_page_rights_changed (MusterPage *page)
{
  muster_product_page_update_actions (MUSTER_PRODUCT_PAGE (page));
}

/* --- changes as they happen --- */

static gboolean
is_about (MusterProductPage *self, MusterApiChange *change)
{
  JsonObject *members = muster_api_change_get_after (change) != NULL
                          ? muster_api_change_get_after (change)
                          : muster_api_change_get_before (change);

  return g_strcmp0 (muster_api_change_get_entity_id (change), self->id) == 0 ||
         (g_strcmp0 (muster_api_change_get_entity (change), "stock_move") == 0 && members != NULL &&
          g_strcmp0 (json_object_get_string_member_with_default (members, "product_id", NULL),
                     self->id) == 0);
}

static void
muster_product_page_journal_cb (MusterProductPage *self,
                                const char        *topic,
                                const char        *subject,
                                JsonObject        *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change != NULL && is_about (self, change))
    muster_product_page_refresh (MUSTER_PAGE (self));
}

static void
muster_product_page_ready_cb (MusterProductPage *self, gboolean resumed)
{
  if (!resumed)
    muster_product_page_refresh (MUSTER_PAGE (self));
}

/* --- doings --- */

static void
muster_product_page_edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterProductPage *self = MUSTER_PRODUCT_PAGE (widget);

  adw_dialog_present (muster_product_dialog_new (session_of (self), self->product), widget);
}

static void
muster_product_page_receive_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterProductPage *self = MUSTER_PRODUCT_PAGE (widget);

  adw_dialog_present (muster_receive_dialog_new (session_of (self), self->id), widget);
}

static void
muster_product_page_move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterProductPage *self = MUSTER_PRODUCT_PAGE (widget);

  muster_inventory_move_goods (session_of (self), widget, self->id, NULL);
}

/* The labels of its units in stock. */
static void
muster_product_page_print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterProductPage *self = MUSTER_PRODUCT_PAGE (widget);
  const char        *filters[] = { "product_id", self->id, "status", "in_stock", NULL };

  muster_print_units (MUSTER_PAGE (self), filters);
}

static AdwNavigationView *
get_view (GtkWidget *widget)
{
  return ADW_NAVIGATION_VIEW (gtk_widget_get_ancestor (widget, ADW_TYPE_NAVIGATION_VIEW));
}

/* The room's own page below, if this stands in that room. */
static MusterInventoryPage *
get_room (GtkWidget *widget)
{
  AdwNavigationPage *page = adw_navigation_view_find_page (get_view (widget), "inventory");

  return page != NULL ? MUSTER_INVENTORY_PAGE (page) : NULL;
}

static void
muster_product_page_units_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterProductPage   *self = MUSTER_PRODUCT_PAGE (widget);
  MusterInventoryPage *room = get_room (widget);

  if (room == NULL || self->product == NULL)
    return;
  muster_inventory_page_show_units (room, "product_id", self->id,
                                    muster_entity_get_string (self->product, "name"));
  adw_navigation_view_pop_to_page (get_view (widget), ADW_NAVIGATION_PAGE (room));
}

/* What its devices measure. */
static void
muster_product_page_dashboard_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.open", "(ss)", "product_dashboard",
                              MUSTER_PRODUCT_PAGE (widget)->id);
}

static void
muster_product_page_reorder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterInventoryPage *room = get_room (widget);

  if (room == NULL)
    return;
  muster_views_page_show_view (MUSTER_VIEWS_PAGE (room), "reorder");
  adw_navigation_view_pop_to_page (get_view (widget), ADW_NAVIGATION_PAGE (room));
}

static DexFuture *
muster_product_page_made_cb (DexFuture *future, gpointer session)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  int           made =
    value != NULL ? (int)json_object_get_int_member (g_value_get_boxed (value), "made") : 0;
  g_autofree char *text =
    made > 0 ? g_strdup_printf (ngettext ("%d alert rule was made", "%d alert rules were made",
                                          (unsigned long)made),
                                made)
             : g_strdup (_ ("It has all of its default alert rules"));

  if (value != NULL)
    muster_session_tell (session, text);
  else
    muster_session_tell_error (session, _ ("Could not make the rules"), error);
  return dex_future_new_true ();
}

static void
muster_product_page_rules_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterProductPage *self = MUSTER_PRODUCT_PAGE (widget);

  dex_future_disown (
    dex_future_finally (muster_api_alert_rules_make_defaults (client_of (self), self->id),
                        muster_product_page_made_cb, g_object_ref (session_of (self)),
                        g_object_unref));
}

static void
muster_product_page_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterProductPage *self = MUSTER_PRODUCT_PAGE (widget);

  muster_do_and_offer (session_of (self),
                       muster_api_products_delete (client_of (self), self->id, 0), "product",
                       self->id,
                       g_strdup_printf (_ ("%s is deleted"),
                                        muster_entity_get_string (self->product, "name")),
                       _ ("Could not delete it"));
}

/* --- life --- */

static void
muster_product_page_dispose (GObject *object)
{
  MusterProductPage *self = MUSTER_PRODUCT_PAGE (object);

  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_PRODUCT_PAGE);
  G_OBJECT_CLASS (muster_product_page_parent_class)->dispose (object);
}

static void
muster_product_page_finalize (GObject *object)
{
  MusterProductPage *self = MUSTER_PRODUCT_PAGE (object);

  g_free (self->id);
  g_clear_object (&self->product);
  G_OBJECT_CLASS (muster_product_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  g_type_ensure (MUSTER_TYPE_ATTACHMENTS);
  g_type_ensure (MUSTER_TYPE_DERIVED_LIST);
  g_type_ensure (MUSTER_TYPE_RECORD_HISTORY);
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (klass, "/org/muster/Muster/product-page.ui");
  gtk_widget_class_bind_template_child (klass, MusterProductPage, low);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, stack);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, trouble);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, icon);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, picture);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, name);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, subtitle);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, description);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, move_button);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, units_button);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, on_hand);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, reserved);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, available);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, levels);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, details);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, specifications_group);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, specifications);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, attachments);
  gtk_widget_class_bind_template_callback (klass, muster_product_page_picture_cb);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, batches_group);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, batches);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, moves);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, history);
  gtk_widget_class_bind_template_child (klass, MusterProductPage, derived);
}

static void
muster_product_page_class_init (MusterProductPageClass *klass)
{
  static const struct
  {
    const char                 *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "product.edit", muster_product_page_edit_action },
    { "product.receive", muster_product_page_receive_action },
    { "page.print", muster_product_page_print_action },
    { "product.move", muster_product_page_move_action },
    { "product.units", muster_product_page_units_action },
    { "product.reorder", muster_product_page_reorder_action },
    { "product.default-rules", muster_product_page_rules_action },
    { "product.dashboard", muster_product_page_dashboard_action },
    { "product.delete", muster_product_page_delete_action },
  };

  G_OBJECT_CLASS (klass)->dispose = muster_product_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_product_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_product_page_refresh;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_product_page_rights_changed;
  bind_template (GTK_WIDGET_CLASS (klass));
  for (unsigned i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), actions[i].name, NULL,
                                     actions[i].activate);
}

static void
muster_product_page_init (MusterProductPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

MusterPage *
muster_product_page_new (MusterSession *session, const char *product_id)
{
  MusterProductPage *self = g_object_new (MUSTER_TYPE_PRODUCT_PAGE, "session", session, NULL);

  self->id = g_strdup (product_id);
  muster_product_page_update_actions (self);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_product_page_journal_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_product_page_ready_cb), self,
                           G_CONNECT_SWAPPED);
  muster_product_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}
