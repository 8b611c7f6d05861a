/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-reorder-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-inventory.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "client/muster-api-orders.h"
#include "muster-hindsight.h"
#include "muster-permission.h"
#include "muster-reorder-view.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-trouble-view.h"

#define SETTLE_MSEC 500
#define KEY_ROWS "muster-rows"
#define KEY_ITEM "muster-item"

struct _MusterReorderView
{
  AdwBin parent_instance;

  MusterSession         *session;   /* (owned) */
  MusterApiSubscription *journal;   /* (owned) */
  DexFuture             *reading;   /* (owned) (nullable) */
  unsigned               settle_id; /* timeout */

  /* Template children */
  GtkStack          *stack;
  MusterTroubleView *trouble;
  GtkBox            *groups;
};

G_DEFINE_FINAL_TYPE (MusterReorderView, muster_reorder_view, ADW_TYPE_BIN)

/* --- ordering --- */

static const char *
get_text (JsonObject *item, const char *member, const char *fallback)
{
  const char *text = muster_api_json_get_string (item, member);

  return text != NULL ? text : fallback;
}

static DexFuture *
muster_reorder_view_ordered_cb (DexFuture *future, gpointer session)
{
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  JsonObject      *order = NULL;
  g_autofree char *text = NULL;

  if (value == NULL)
    {
      muster_session_tell_error (session, _ ("Could not make the order"), error);
      return dex_future_new_true ();
    }
  order = g_value_get_boxed (value);
  text = g_strdup_printf (_ ("Purchase order %s is made"), get_text (order, "order_number", ""));
  muster_session_offer_journal_undo (session, text, "order", get_text (order, "id", ""));
  return dex_future_new_true ();
}

/* An order line of what ROW says, or NULL where it is left out. */
static JsonObject *
make_line (GtkWidget *row)
{
  JsonObject *item = g_object_get_data (G_OBJECT (row), KEY_ITEM);
  gint64      quantity = (gint64)adw_spin_row_get_value (ADW_SPIN_ROW (row));
  JsonObject *line;

  if (quantity == 0)
    return NULL;
  line = json_object_new ();
  json_object_set_string_member (line, "product_id", get_text (item, "product_id", ""));
  json_object_set_int_member (line, "quantity", quantity);
  return line;
}

static void
muster_reorder_view_order_cb (MusterReorderView *self, GtkWidget *button)
{
  GPtrArray  *rows = g_object_get_data (G_OBJECT (button), KEY_ROWS);
  JsonObject *first = g_object_get_data (G_OBJECT (rows->pdata[0]), KEY_ITEM);
  g_autoptr (JsonObject) order = json_object_new ();
  JsonArray *items = json_array_new ();

  for (unsigned i = 0; i < rows->len; i++)
    {
      JsonObject *line = make_line (rows->pdata[i]);

      if (line != NULL)
        json_array_add_object_element (items, line);
    }
  if (json_array_get_length (items) == 0)
    {
      json_array_unref (items);
      muster_session_tell (self->session, _ ("Nothing is chosen to be ordered"));
      return;
    }
  json_object_set_string_member (order, "kind", "purchase");
  json_object_set_string_member (order, "customer",
                                 get_text (first, "supplier", _ ("Supplier to be chosen")));
  json_object_set_string_member (order, "currency", get_text (first, "currency", "EUR"));
  json_object_set_array_member (order, "items", items);
  dex_future_disown (dex_future_finally (
    muster_api_orders_create (muster_session_get_client (self->session), g_steal_pointer (&order)),
    muster_reorder_view_ordered_cb, g_object_ref (self->session), g_object_unref));
}

/* --- what is shown --- */

static GtkWidget *
create_row (JsonObject *item)
{
  GtkWidget       *row = adw_spin_row_new_with_range (0, 1000000, 1);
  gint64           on_order = muster_api_json_get_integer (item, "on_order", 0);
  g_autofree char *ordered =
    on_order > 0 ? g_strdup_printf (_ (", %d on order"), (int)on_order) : g_strdup ("");
  g_autofree char *subtitle =
    g_strdup_printf (_ ("%s · %d available of at least %d%s"), get_text (item, "sku", "–"),
                     (int)muster_api_json_get_integer (item, "available", 0),
                     (int)muster_api_json_get_integer (item, "reorder_point", 0), ordered);

  g_object_set (row, "use-markup", FALSE, "title", get_text (item, "name", ""), "subtitle",
                subtitle, NULL);
  adw_spin_row_set_value (ADW_SPIN_ROW (row), muster_api_json_get_integer (item, "suggested", 1));
  g_object_set_data_full (G_OBJECT (row), KEY_ITEM, json_object_ref (item),
                          (GDestroyNotify)json_object_unref);
  return row;
}

static AdwPreferencesGroup *
create_group (MusterReorderView *self, const char *supplier, GPtrArray *rows)
{
  GtkWidget       *group = adw_preferences_group_new ();
  GtkWidget       *button = gtk_button_new_with_mnemonic (_ ("_Make Purchase Order"));
  g_autofree char *label = g_strdup_printf (_ ("Make a purchase order to %s"), supplier);
  g_autofree char *title = g_markup_escape_text (supplier, -1);

  g_object_set_data_full (G_OBJECT (button), KEY_ROWS, g_ptr_array_ref (rows),
                          (GDestroyNotify)g_ptr_array_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (muster_reorder_view_order_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  label, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  muster_permission_guard (self->session, button, "createOrder");
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), button);
  return ADW_PREFERENCES_GROUP (group);
}

/* The items come by supplier; those without come last. */
static void
show_items (MusterReorderView *self, JsonArray *items)
{
  g_autoptr (GHashTable) groups = g_hash_table_new (g_str_hash, g_str_equal);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->groups))) != NULL)
    gtk_box_remove (self->groups, child);
  for (unsigned i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject          *item = json_array_get_object_element (items, i);
      const char          *supplier = get_text (item, "supplier", _ ("Without a supplier"));
      AdwPreferencesGroup *group = g_hash_table_lookup (groups, supplier);
      GtkWidget           *row = create_row (item);

      if (group == NULL)
        {
          g_autoptr (GPtrArray) rows = g_ptr_array_new ();

          group = create_group (self, supplier, rows);
          g_object_set_data_full (G_OBJECT (group), KEY_ROWS, g_ptr_array_ref (rows),
                                  (GDestroyNotify)g_ptr_array_unref);
          g_hash_table_insert (groups, (gpointer)supplier, group);
          gtk_box_append (self->groups, GTK_WIDGET (group));
        }
      g_ptr_array_add (g_object_get_data (G_OBJECT (group), KEY_ROWS), row);
      adw_preferences_group_add (group, row);
    }
  gtk_stack_set_visible_child_name (self->stack,
                                    json_array_get_length (items) > 0 ? "content" : "empty");
}

static DexFuture *
muster_reorder_view_read_cb (DexFuture *future, gpointer user_data)
{
  MusterReorderView *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  JsonArray    *items =
    value != NULL ? muster_api_json_get_array (g_value_get_boxed (value), "items") : NULL;

  if (items != NULL)
    show_items (self, items);
  else if (error != NULL)
    {
      muster_trouble_view_set_error (self->trouble, _ ("The List Could Not Be Read"), error);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  return dex_future_new_true ();
}

void
muster_reorder_view_refresh (MusterReorderView *self)
{
  g_return_if_fail (MUSTER_IS_REORDER_VIEW (self));

  muster_hindsight_note (GTK_WIDGET (self));
  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_reorder_list (muster_session_get_client (self->session)),
                        muster_reorder_view_read_cb, self, NULL);
}

static void
muster_reorder_view_moment_cb (GtkWidget *widget)
{
  muster_reorder_view_refresh (MUSTER_REORDER_VIEW (widget));
}

static void
muster_reorder_view_settled_cb (gpointer user_data)
{
  MusterReorderView *self = user_data;

  self->settle_id = 0;
  muster_reorder_view_refresh (self);
}

static void
muster_reorder_view_journal_cb (MusterReorderView *self,
                                const char        *topic,
                                const char        *subject,
                                JsonObject        *data)
{
  static const char *const entities[] = { "product", "stock_move", "order", "order_item", NULL };
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change != NULL && self->settle_id == 0 &&
      g_strv_contains (entities, muster_api_change_get_entity (change)))
    self->settle_id = g_timeout_add_once (SETTLE_MSEC, muster_reorder_view_settled_cb, self);
}

static void
muster_reorder_view_ready_cb (MusterReorderView *self, gboolean resumed)
{
  if (!resumed)
    muster_reorder_view_refresh (self);
}

/* --- life --- */

static void
muster_reorder_view_dispose (GObject *object)
{
  MusterReorderView *self = MUSTER_REORDER_VIEW (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  dex_clear (&self->reading);
  /* Disposing of the template takes a child that it names away without the bin's knowing. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_REORDER_VIEW);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_reorder_view_parent_class)->dispose (object);
}

static void
muster_reorder_view_class_init (MusterReorderViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_reorder_view_dispose;
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/reorder-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterReorderView, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterReorderView, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterReorderView, groups);
}

static void
muster_reorder_view_init (MusterReorderView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
muster_reorder_view_new (MusterSession *session)
{
  MusterReorderView *self = g_object_new (MUSTER_TYPE_REORDER_VIEW, NULL);

  self->session = g_object_ref (session);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_reorder_view_journal_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_reorder_view_ready_cb), self,
                           G_CONNECT_SWAPPED);
  muster_hindsight_follow (GTK_WIDGET (self), session, muster_reorder_view_moment_cb);
  muster_reorder_view_refresh (self);
  return GTK_WIDGET (self);
}
