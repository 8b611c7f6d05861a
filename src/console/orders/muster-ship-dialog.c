/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ship-dialog"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-json.h"
#include "client/muster-api-orders.h"
#include "model/muster-order-item.h"
#include "muster-ship-dialog.h"
#include "muster-unit-lines.h"
#include "widgets/muster-dialog.h"

#define MAX_UNITS 1000

struct _MusterShipDialog
{
  AdwDialog parent_instance;

  MusterSession   *session;  /* (owned) */
  MusterEntity    *order;    /* (owned) */
  GPtrArray       *items;    /* (owned) (element-type MusterOrderItem) of which something is left */
  MusterUnitLines *lines;    /* (owned) */
  DexFuture       *shipping; /* (owned) (nullable) */

  /* Template children */
  GtkWidget           *ship;
  AdwBanner           *banner;
  AdwPreferencesGroup *lines_group;
  GtkWidget           *scan_group;
  AdwEntryRow         *scan;
  GtkLabel            *scanned;
  AdwEntryRow         *carrier;
  AdwEntryRow         *tracking;
};

G_DEFINE_FINAL_TYPE (MusterShipDialog, muster_ship_dialog, ADW_TYPE_DIALOG)

static const MusterUnitWords words = {
  N_ ("%s goes along"),
  N_ ("%s is not set aside for this order"),
};

/* The one place that says whether it can go. */
static void
muster_ship_dialog_update (MusterShipDialog *self)
{
  gint64           total = muster_unit_lines_get_total (self->lines);
  g_autofree char *label = NULL;

  /* Translators: a button; the number is that of the units. */
  label = total > 0 ? g_strdup_printf (_ ("_Ship %" PRId64), total) : g_strdup (_ ("_Ship"));
  gtk_button_set_label (GTK_BUTTON (self->ship), label);
  gtk_widget_set_sensitive (self->ship, total > 0 && self->shipping == NULL);
}

/* Which units are set aside for each line: the records of the units know. */
static DexFuture *
muster_ship_dialog_load_fiber (gpointer user_data)
{
  MusterShipDialog *self = user_data;
  MusterApiClient  *client = muster_session_get_client (self->session);

  for (unsigned i = 0; i < self->items->len; i++)
    {
      MusterEntity *item = self->items->pdata[i];
      const char *filters[] = { "order_item_id", muster_entity_get_id (item), "status", "reserved",
                                NULL };
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
        muster_unit_lines_add_units (self->lines, item, muster_api_page_get_items (page), TRUE);
      else
        muster_unit_lines_add_quantity (self->lines, item,
                                        muster_entity_get_integer (item, "reserved"),
                                        muster_entity_get_integer (item, "reserved"));
    }
  muster_ship_dialog_update (self);
  return dex_future_new_true ();
}

/* --- shipping --- */

static JsonObject *
write_line (MusterShipDialog *self, unsigned line)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GPtrArray) units = muster_unit_lines_list_chosen (self->lines, line);
  JsonArray *ids = units != NULL ? json_array_new () : NULL;

  json_object_set_string_member (object, "order_item_id",
                                 muster_entity_get_id (
                                   muster_unit_lines_get_item (self->lines, line)));
  json_object_set_int_member (object, "quantity",
                              muster_unit_lines_get_quantity (self->lines, line));
  for (unsigned i = 0; units != NULL && i < units->len; i++)
    json_array_add_string_element (ids, muster_entity_get_id (units->pdata[i]));
  if (ids != NULL)
    json_object_set_array_member (object, "device_ids", ids);
  return object;
}

static JsonObject *
write_shipment (MusterShipDialog *self)
{
  JsonObject *object = json_object_new ();
  JsonArray  *lines = json_array_new ();
  const char *carrier = gtk_editable_get_text (GTK_EDITABLE (self->carrier));
  const char *tracking = gtk_editable_get_text (GTK_EDITABLE (self->tracking));

  for (unsigned i = 0; i < muster_unit_lines_get_length (self->lines); i++)
    if (muster_unit_lines_get_quantity (self->lines, i) > 0)
      json_array_add_object_element (lines, write_line (self, i));
  json_object_set_array_member (object, "lines", lines);
  if (*carrier != '\0')
    json_object_set_string_member (object, "carrier", carrier);
  if (*tracking != '\0')
    json_object_set_string_member (object, "tracking_number", tracking);
  return object;
}

static DexFuture *
muster_ship_dialog_shipped_cb (DexFuture *future, gpointer user_data)
{
  MusterShipDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  g_autofree char *text = NULL;

  dex_clear (&self->shipping);
  if (self->lines_group == NULL)
    return dex_future_new_true ();
  muster_ship_dialog_update (self);
  if (value == NULL)
    {
      muster_dialog_refuse (ADW_DIALOG (self), self->banner, self->session, error);
      return dex_future_new_true ();
    }
  text =
    g_strdup_printf (_ ("%s is on its way"),
                     muster_api_json_get_string (g_value_get_boxed (value), "delivery_number"));
  muster_session_offer_journal_undo (self->session, text, "delivery",
                                     muster_api_json_get_string (g_value_get_boxed (value), "id"));
  muster_dialog_end (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static void
muster_ship_dialog_ship_cb (MusterShipDialog *self)
{
  adw_banner_set_revealed (self->banner, FALSE);
  self->shipping =
    dex_future_finally (muster_api_orders_ship (muster_session_get_client (self->session),
                                                muster_entity_get_id (self->order),
                                                write_shipment (self)),
                        muster_ship_dialog_shipped_cb, g_object_ref (self), g_object_unref);
  muster_ship_dialog_update (self);
}

static void
muster_ship_dialog_cancel_cb (MusterShipDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

/* --- life --- */

static void
muster_ship_dialog_dispose (GObject *object)
{
  MusterShipDialog *self = MUSTER_SHIP_DIALOG (object);

  dex_clear (&self->shipping);
  if (self->lines != NULL)
    muster_unit_lines_clear (self->lines);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_SHIP_DIALOG);
  G_OBJECT_CLASS (muster_ship_dialog_parent_class)->dispose (object);
}

static void
muster_ship_dialog_finalize (GObject *object)
{
  MusterShipDialog *self = MUSTER_SHIP_DIALOG (object);

  g_clear_object (&self->session);
  g_clear_object (&self->order);
  g_clear_object (&self->lines);
  g_ptr_array_unref (self->items);
  G_OBJECT_CLASS (muster_ship_dialog_parent_class)->finalize (object);
}

static void
muster_ship_dialog_class_init (MusterShipDialogClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_ship_dialog_dispose;
  object_class->finalize = muster_ship_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/ship-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, ship);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, lines_group);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, scan_group);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, scan);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, scanned);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, carrier);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, tracking);
  gtk_widget_class_bind_template_callback (widget_class, muster_ship_dialog_ship_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_ship_dialog_cancel_cb);
}

static void
muster_ship_dialog_init (MusterShipDialog *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
muster_ship_dialog_new (MusterSession *session, MusterEntity *order, GPtrArray *items)
{
  MusterShipDialog *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (items != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_SHIP_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->order = g_object_ref (order);
  self->lines = muster_unit_lines_new (session, self->lines_group);
  muster_unit_lines_attach_scan (self->lines, GTK_WIDGET (self), self->scan_group, self->scan,
                                 self->scanned, &words);
  g_signal_connect_object (self->lines, "changed", G_CALLBACK (muster_ship_dialog_update), self,
                           G_CONNECT_SWAPPED);
  for (unsigned i = 0; i < items->len; i++)
    if (muster_entity_get_enum (items->pdata[i], "kind") == MUSTER_ORDER_LINE_KIND_ITEM &&
        muster_entity_get_integer (items->pdata[i], "reserved") > 0)
      g_ptr_array_add (self->items, g_object_ref (items->pdata[i]));
  muster_ship_dialog_update (self);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_ship_dialog_load_fiber,
                                          g_object_ref (self), g_object_unref));
  return ADW_DIALOG (self);
}
