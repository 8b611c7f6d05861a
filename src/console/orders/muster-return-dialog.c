/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-return-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-json.h"
#include "client/muster-api-orders.h"
#include "model/muster-money.h"
#include "model/muster-order-item.h"
#include "muster-return-dialog.h"
#include "muster-unit-lines.h"
#include "widgets/muster-dialog.h"

struct _MusterReturnDialog
{
  AdwDialog parent_instance;

  MusterSession   *session; /* (owned) */
  MusterEntity    *order;   /* (owned) */
  GPtrArray       *items;   /* (owned) (element-type MusterOrderItem) that were shipped */
  MusterUnitLines *lines;   /* (owned) */
  DexFuture       *making;  /* (owned) (nullable) */

  /* Template children */
  GtkWidget           *create;
  AdwBanner           *banner;
  AdwPreferencesGroup *lines_group;
  GtkWidget           *scan_group;
  AdwEntryRow         *scan;
  GtkLabel            *scanned;
  AdwEntryRow         *reason;
};

G_DEFINE_FINAL_TYPE (MusterReturnDialog, muster_return_dialog, ADW_TYPE_DIALOG)

#define MAX_UNITS 1000

static const MusterUnitWords words = {
  N_ ("%s comes back"),
  N_ ("%s was not shipped with this order"),
};

static void
muster_return_dialog_update (MusterReturnDialog *self)
{
  gtk_widget_set_sensitive (self->create,
                            muster_unit_lines_get_total (self->lines) > 0 && self->making == NULL);
}

static void
copy_text (JsonObject *line, MusterEntity *item, const char *field)
{
  const char *text = muster_entity_get_string (item, field);

  if (text != NULL)
    json_object_set_string_member (line, field, text);
}

/* UNIT (nullable): the very unit that comes back. */
static JsonObject *
write_line (MusterEntity *item, MusterEntity *unit, gint64 quantity)
{
  g_autofree char *price = muster_money_format (muster_entity_get_integer (item, "unit_price"));
  JsonObject      *line = json_object_new ();

  json_object_set_string_member (line, "kind", "item");
  copy_text (line, item, "product_id");
  copy_text (line, item, "description");
  if (unit != NULL)
    json_object_set_string_member (line, "device_id", muster_entity_get_id (unit));
  else
    copy_text (line, item, "device_id");
  json_object_set_int_member (line, "quantity", quantity);
  json_object_set_string_member (line, "unit_price", price);
  return line;
}

/* A line for each unit, so that it is known which one is waited for. */
static JsonArray *
write_lines (MusterReturnDialog *self)
{
  JsonArray *lines = json_array_new ();

  for (unsigned i = 0; i < muster_unit_lines_get_length (self->lines); i++)
    {
      MusterEntity *item = muster_unit_lines_get_item (self->lines, i);
      gint64        quantity = muster_unit_lines_get_quantity (self->lines, i);
      g_autoptr (GPtrArray) units = muster_unit_lines_list_chosen (self->lines, i);

      for (unsigned j = 0; units != NULL && j < units->len; j++)
        json_array_add_object_element (lines, write_line (item, units->pdata[j], 1));
      if (units == NULL && quantity > 0)
        json_array_add_object_element (lines, write_line (item, NULL, quantity));
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
      muster_dialog_refuse (ADW_DIALOG (self), self->banner, self->session, error);
      return dex_future_new_true ();
    }
  id = muster_api_json_get_string (g_value_get_boxed (value), "id");
  text = g_strdup_printf (_ ("%s was added"),
                          muster_api_json_get_string (g_value_get_boxed (value), "order_number"));
  muster_session_offer_journal_undo (self->session, text, "order", id);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "(ss)", "order", id);
  muster_dialog_end (ADW_DIALOG (self));
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
  if (self->lines != NULL)
    muster_unit_lines_clear (self->lines);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_RETURN_DIALOG);
  G_OBJECT_CLASS (muster_return_dialog_parent_class)->dispose (object);
}

static void
muster_return_dialog_finalize (GObject *object)
{
  MusterReturnDialog *self = MUSTER_RETURN_DIALOG (object);

  g_clear_object (&self->session);
  g_clear_object (&self->order);
  g_clear_object (&self->lines);
  g_ptr_array_unref (self->items);
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
  gtk_widget_class_bind_template_child (widget_class, MusterReturnDialog, scan_group);
  gtk_widget_class_bind_template_child (widget_class, MusterReturnDialog, scan);
  gtk_widget_class_bind_template_child (widget_class, MusterReturnDialog, scanned);
  gtk_widget_class_bind_template_child (widget_class, MusterReturnDialog, reason);
  gtk_widget_class_bind_template_callback (widget_class, muster_return_dialog_create_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_return_dialog_cancel_cb);
}

static void
muster_return_dialog_init (MusterReturnDialog *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Which units went out on each line: those that are back in stock belong to no line any more. */
static DexFuture *
muster_return_dialog_load_fiber (gpointer user_data)
{
  MusterReturnDialog *self = user_data;
  MusterApiClient    *client = muster_session_get_client (self->session);

  for (unsigned i = 0; i < self->items->len; i++)
    {
      MusterEntity            *item = self->items->pdata[i];
      gint64                   most = MAX (muster_entity_get_integer (item, "delivered"),
                                           muster_entity_get_integer (item, "shipped"));
      const char              *filters[] = { "order_item_id", muster_entity_get_id (item), "status",
                                             "sold,deployed,maintenance,defective", NULL };
      const MusterApiListQuery query = { .sort = "serial", .limit = MAX_UNITS, .filters = filters };
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterApiPage) page =
                  dex_await_object (muster_api_devices_list (client, &query), &error);

      if (self->lines_group == NULL)
        return dex_future_new_true ();
      if (page == NULL)
        {
          muster_dialog_refuse (ADW_DIALOG (self), self->banner, self->session, error);
        }
      else if (muster_api_page_get_length (page) > 0)
        muster_unit_lines_add_units (self->lines, item, muster_api_page_get_items (page), FALSE);
      else
        muster_unit_lines_add_quantity (self->lines, item, most, 0);
    }
  return dex_future_new_true ();
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
  self->lines = muster_unit_lines_new (session, self->lines_group);
  muster_unit_lines_attach_scan (self->lines, GTK_WIDGET (self), self->scan_group, self->scan,
                                 self->scanned, &words);
  g_signal_connect_object (self->lines, "changed", G_CALLBACK (muster_return_dialog_update), self,
                           G_CONNECT_SWAPPED);
  for (unsigned i = 0; i < items->len; i++)
    if (muster_entity_get_enum (items->pdata[i], "kind") == MUSTER_ORDER_LINE_KIND_ITEM &&
        muster_entity_get_integer (items->pdata[i], "shipped") > 0)
      g_ptr_array_add (self->items, g_object_ref (items->pdata[i]));
  muster_return_dialog_update (self);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_return_dialog_load_fiber,
                                          g_object_ref (self), g_object_unref));
  return ADW_DIALOG (self);
}
