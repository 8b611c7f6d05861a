/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-units-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "devices/muster-device-cells.h"
#include "devices/muster-device-page.h"
#include "model/muster-device.h"
#include "muster-inventory-actions.h"
#include "muster-page.h"
#include "muster-receive-dialog.h"
#include "muster-units-view.h"
#include "print/muster-print-dialog.h"
#include "widgets/muster-records-view.h"

struct _MusterUnitsView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterUnitsView, muster_units_view, ADW_TYPE_BIN)

static const MusterColumn columns[] = {
  { "name", 190, .flags = MUSTER_COLUMN_TITLE, .get_icon_name = muster_device_get_icon_name },
  { "status", 130 },
  { "serial", 130, 3 },
  { "product_id", 150, 4 },
  { "location_id", 190, 2 },
  { "batch_id", 90, 6 },
  { "customer_id", 130, 7, MUSTER_COLUMN_HIDDEN },
  { "order_item_id", 130, 7, MUSTER_COLUMN_HIDDEN },
  { "warranty_until", 110, 5, MUSTER_COLUMN_DATE },
  { "received_at", 110, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_DATE },
  { "model", 110, 7, MUSTER_COLUMN_HIDDEN },
  { "mac", 150, 7, MUSTER_COLUMN_HIDDEN },
  { "live_state", 105, 7, MUSTER_COLUMN_HIDDEN },
  { "firmware_version", 90, 7, MUSTER_COLUMN_HIDDEN },
  { "updated_at", 110, 7, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_AGE },
};

static const MusterFilterChip chips[] = {
  { "status", "in_stock" },    { "status", "reserved" },
  { "status", "sold" },        { "status", "deployed" },
  { "status", "maintenance" }, { "status", "defective" },
  { "status", "retired" },     { "location_id", "null", N_ ("Without a place"), TRUE },
};

static const char *const below[] = { "serial", "location_id", NULL };

/* --- what is done to them --- */

static const MusterRecordsAction actions[] = {
  { N_ ("_Move…"), "muster-move-symbolic", "units.move", "updateDevice" },
  { N_ ("Set _Status"), "muster-square-symbolic", "units.set-status", "setDeviceStatus",
    muster_device_create_status_menu },
  { N_ ("_Change…"), "document-edit-symbolic", "units.edit", "updateDevice" },
  { N_ ("_Labels…"), "printer-symbolic", "units.labels", "getDevice" },
  { N_ ("_Delete"), "user-trash-symbolic", "units.delete", "deleteDevice" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_device_info,
  .name = "units",
  .title = N_ ("Units"),
  .search = N_ ("Name, serial number, MAC address, model"),
  .sort = "name",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-devices-symbolic",
  .empty_title = N_ ("No Units Yet"),
  .empty_text = N_ ("Units come into stock by receiving them: a product, and their serial numbers "
                    "as they stand on the boxes."),
  .new_label = N_ ("_Receive Units…"),
  .new_operation = "receiveProduct",
  .import_operation = "createDevice",
};

/* NAME is "units." and what is to be done. */
static void
muster_units_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const char *const fields[] = { "product_id",     "batch_id",     "customer_id",
                                        "warranty_until", "manufacturer", "model",
                                        "kind",           "location",     NULL };
  MusterUnitsView         *self = MUSTER_UNITS_VIEW (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  if (ids[0] == NULL)
    return;
  if (g_str_equal (name, "units.move"))
    muster_inventory_move_units (self->session, widget, ids);
  else if (g_str_equal (name, "units.edit"))
    muster_inventory_edit (self->session, widget, &muster_device_info, fields, ids);
  else if (g_str_equal (name, "units.set-status"))
    muster_inventory_set_status (self->session, widget, &muster_device_info, ids,
                                 g_variant_get_string (parameter, NULL));
  else if (g_str_equal (name, "units.labels"))
    muster_print_dialog_show (widget, self->session, MUSTER_PRINT_DEVICE_LABELS,
                              (const char *const *)ids);
  else
    muster_inventory_delete (self->session, widget, &muster_device_info, ids);
  muster_records_view_end_selection (self->records);
}

static void
muster_units_view_delete_cb (MusterUnitsView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "units.delete", NULL);
}

static void
muster_units_view_activate_cb (MusterUnitsView *self, MusterIndexItem *item)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), MUSTER_TYPE_PAGE);

  muster_page_push (MUSTER_PAGE (page),
                    muster_device_page_new (self->session, muster_index_item_get_id (item)));
}

static void
muster_units_view_new_cb (MusterUnitsView *self)
{
  adw_dialog_present (muster_receive_dialog_new (self->session, NULL), GTK_WIDGET (self));
}

static void
muster_units_view_rights_cb (MusterUnitsView *self)
{
  static const struct
  {
    const char *action, *operation;
  } rights[] = {
    { "units.move", "updateDevice" },
    { "units.edit", "updateDevice" },
    { "units.set-status", "setDeviceStatus" },
    { "units.delete", "deleteDevice" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rights); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), rights[i].action,
                                   muster_session_may (self->session, rights[i].operation));
}

/* --- life --- */

static void
muster_units_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_UNITS_VIEW (object)->session);
  G_OBJECT_CLASS (muster_units_view_parent_class)->dispose (object);
}

static void
muster_units_view_class_init (MusterUnitsViewClass *klass)
{
  static const char *const names[] = { "units.move", "units.edit", "units.labels", "units.delete" };
  GtkWidgetClass          *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_units_view_dispose;
  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_class_install_action (widget_class, names[i], NULL, muster_units_view_action);
  gtk_widget_class_install_action (widget_class, "units.set-status", "s", muster_units_view_action);
}

static void
muster_units_view_init (MusterUnitsView *self)
{
}

GtkWidget *
muster_units_view_new (MusterSession *session)
{
  MusterUnitsView *self = g_object_new (MUSTER_TYPE_UNITS_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_units_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_units_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "delete", G_CALLBACK (muster_units_view_delete_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_units_view_rights_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_units_view_rights_cb (self);
  return GTK_WIDGET (self);
}

void
muster_units_view_set_places (MusterUnitsView *self, const char *ids)
{
  g_return_if_fail (MUSTER_IS_UNITS_VIEW (self));

  muster_records_view_set_condition (self->records, "location_id", ids, NULL);
}
