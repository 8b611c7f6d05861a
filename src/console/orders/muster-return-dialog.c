/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-return-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-orders.h"
#include "model/muster-money.h"
#include "model/muster-order-item.h"
#include "muster-return-dialog.h"

struct _MusterReturnDialog
{
  AdwDialog parent_instance;

  MusterSession *session; /* (owned) */
  MusterEntity  *order;   /* (owned) */
  GPtrArray     *rows;    /* (owned) (element-type AdwSpinRow) borrowed, each with its line */
  DexFuture     *making;  /* (owned) (nullable) */

  /* Template children */
  GtkWidget           *create;
  AdwBanner           *banner;
  AdwPreferencesGroup *lines_group;
  AdwEntryRow         *reason;
};

G_DEFINE_FINAL_TYPE (MusterReturnDialog, muster_return_dialog, ADW_TYPE_DIALOG)

static MusterEntity *
get_item (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "muster-item");
}

static void
muster_return_dialog_update (MusterReturnDialog *self)
{
  double total = 0;

  for (unsigned i = 0; i < self->rows->len; i++)
    total += adw_spin_row_get_value (self->rows->pdata[i]);
  gtk_widget_set_sensitive (self->create, total > 0 && self->making == NULL);
}

static JsonArray *
write_lines (MusterReturnDialog *self)
{
  JsonArray *lines = json_array_new ();

  for (unsigned i = 0; i < self->rows->len; i++)
    {
      MusterEntity    *item = get_item (self->rows->pdata[i]);
      gint64           quantity = adw_spin_row_get_value (self->rows->pdata[i]);
      g_autofree char *price = muster_money_format (muster_entity_get_integer (item, "unit_price"));
      JsonObject      *line;

      if (quantity == 0)
        continue;
      line = json_object_new ();
      json_object_set_string_member (line, "kind", "item");
      if (muster_entity_get_string (item, "product_id") != NULL)
        json_object_set_string_member (line, "product_id",
                                       muster_entity_get_string (item, "product_id"));
      if (muster_entity_get_string (item, "device_id") != NULL)
        json_object_set_string_member (line, "device_id",
                                       muster_entity_get_string (item, "device_id"));
      if (muster_entity_get_string (item, "description") != NULL)
        json_object_set_string_member (line, "description",
                                       muster_entity_get_string (item, "description"));
      json_object_set_int_member (line, "quantity", quantity);
      json_object_set_string_member (line, "unit_price", price);
      json_array_add_object_element (lines, line);
    }
  return lines;
}

static JsonObject *
write_return (MusterReturnDialog *self)
{
  static const char *const copied[] = { "customer", "customer_id", "customer_email", "currency" };
  JsonObject              *object = json_object_new ();
  const char              *reason = gtk_editable_get_text (GTK_EDITABLE (self->reason));

  json_object_set_string_member (object, "kind", "return");
  json_object_set_string_member (object, "origin_order_id", muster_entity_get_id (self->order));
  for (unsigned i = 0; i < G_N_ELEMENTS (copied); i++)
    if (muster_entity_get_string (self->order, copied[i]) != NULL)
      json_object_set_string_member (object, copied[i],
                                     muster_entity_get_string (self->order, copied[i]));
  if (*reason != '\0')
    json_object_set_string_member (object, "notes", reason);
  json_object_set_array_member (object, "items", write_lines (self));
  return object;
}

static DexFuture *
muster_return_dialog_made_cb (DexFuture *future, gpointer user_data)
{
  MusterReturnDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  const char      *id;
  g_autofree char *text = NULL;

  dex_clear (&self->making);
  if (self->lines_group == NULL)
    return dex_future_new_true ();
  muster_return_dialog_update (self);
  if (value == NULL)
    {
      adw_banner_set_title (self->banner, error->message);
      adw_banner_set_revealed (self->banner, TRUE);
      return dex_future_new_true ();
    }
  id = muster_api_json_get_string (g_value_get_boxed (value), "id");
  text = g_strdup_printf (_ ("%s was added"),
                          muster_api_json_get_string (g_value_get_boxed (value), "order_number"));
  muster_session_offer_journal_undo (self->session, text, "order", id);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "(ss)", "order", id);
  adw_dialog_close (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static void
muster_return_dialog_create_cb (MusterReturnDialog *self)
{
  adw_banner_set_revealed (self->banner, FALSE);
  self->making =
    dex_future_finally (muster_api_orders_create (muster_session_get_client (self->session),
                                                  write_return (self)),
                        muster_return_dialog_made_cb, g_object_ref (self), g_object_unref);
  muster_return_dialog_update (self);
}

static void
muster_return_dialog_cancel_cb (MusterReturnDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
muster_return_dialog_dispose (GObject *object)
{
  MusterReturnDialog *self = MUSTER_RETURN_DIALOG (object);

  dex_clear (&self->making);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_RETURN_DIALOG);
  G_OBJECT_CLASS (muster_return_dialog_parent_class)->dispose (object);
}

static void
muster_return_dialog_finalize (GObject *object)
{
  MusterReturnDialog *self = MUSTER_RETURN_DIALOG (object);

  g_clear_object (&self->session);
  g_clear_object (&self->order);
  g_ptr_array_unref (self->rows);
  G_OBJECT_CLASS (muster_return_dialog_parent_class)->finalize (object);
}

static void
muster_return_dialog_class_init (MusterReturnDialogClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_return_dialog_dispose;
  object_class->finalize = muster_return_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/return-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterReturnDialog, create);
  gtk_widget_class_bind_template_child (widget_class, MusterReturnDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterReturnDialog, lines_group);
  gtk_widget_class_bind_template_child (widget_class, MusterReturnDialog, reason);
  gtk_widget_class_bind_template_callback (widget_class, muster_return_dialog_create_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_return_dialog_cancel_cb);
}

static void
muster_return_dialog_init (MusterReturnDialog *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
add_row (MusterReturnDialog *self, MusterEntity *item)
{
  gint64     most = MAX (muster_entity_get_integer (item, "delivered"),
                         muster_entity_get_integer (item, "shipped"));
  GtkWidget *row = adw_spin_row_new_with_range (0, most, 1);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 muster_entity_get_string (item, "description"));
  g_object_set_data_full (G_OBJECT (row), "muster-item", g_object_ref (item), g_object_unref);
  g_signal_connect_object (row, "notify::value", G_CALLBACK (muster_return_dialog_update), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->lines_group, row);
  g_ptr_array_add (self->rows, row);
}

AdwDialog *
muster_return_dialog_new (MusterSession *session, MusterEntity *order, GPtrArray *items)
{
  MusterReturnDialog *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (items != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_RETURN_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->order = g_object_ref (order);
  for (unsigned i = 0; i < items->len; i++)
    if (muster_entity_get_enum (items->pdata[i], "kind") == MUSTER_ORDER_LINE_KIND_ITEM &&
        muster_entity_get_integer (items->pdata[i], "shipped") > 0)
      add_row (self, items->pdata[i]);
  muster_return_dialog_update (self);
  return ADW_DIALOG (self);
}
