/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-stock"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-inventory.h"
#include "model/muster-loan.h"
#include "muster-device-stock.h"
#include "muster-inventory-actions.h"
#include "muster-permission.h"
#include "muster-stock-row.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-references.h"

#define MAX_MOVES 5

struct _MusterDeviceStock
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) (nullable) until it is shown */
  MusterEntity  *device;  /* (owned) (nullable) */
  MusterEntity  *loan;    /* (owned) (nullable) that is open */
  DexFuture     *loans;   /* (owned) (nullable) */
  DexFuture     *moving;  /* (owned) (nullable) */

  GtkListBox *rows;
  GtkWidget  *moves_group;
  GtkListBox *moves;
};

G_DEFINE_FINAL_TYPE (MusterDeviceStock, muster_device_stock, ADW_TYPE_BIN)

/* --- rows --- */

/* FIELD points at a record that has a page of its own. */
static void
add_link (MusterDeviceStock *self, const char *field, const char *entity)
{
  const MusterField *table =
    &muster_device_info.fields[muster_entity_info_find (&muster_device_info, field)];
  const char      *id = muster_entity_get_string (self->device, field);
  const char      *name = NULL;
  g_autofree char *action = NULL;

  if (id == NULL)
    return;
  name = muster_references_get_name (muster_references_get (self->session), entity, id);
  action = g_strdup_printf ("win.open(('%s','%s'))", entity, id);
  gtk_list_box_append (self->rows,
                       muster_link_row_new (_ (table->label), name != NULL ? name : "…", action));
}

static void
add_text (MusterDeviceStock *self, const char *field)
{
  int              index = muster_entity_info_find (&muster_device_info, field);
  g_autofree char *text = muster_record_format_index (self->session, self->device, index);

  if (text != NULL && *text != '\0')
    gtk_list_box_append (self->rows,
                         muster_detail_row_new (_ (muster_device_info.fields[index].label), text));
}

static void
add_date (MusterDeviceStock *self, const char *field)
{
  int              index = muster_entity_info_find (&muster_device_info, field);
  g_autofree char *text = NULL;

  if (muster_entity_is_null (self->device, field))
    return;
  text = muster_format_date (muster_entity_get_integer (self->device, field),
                             muster_session_get_zone (self->session));
  gtk_list_box_append (self->rows,
                       muster_detail_row_new (_ (muster_device_info.fields[index].label), text));
}

/* The order that a line is part of, where the line is known. */
static void
add_order (MusterDeviceStock *self, const char *field, const char *title)
{
  MusterReferences *references = muster_references_get (self->session);
  const char       *id = muster_entity_get_string (self->device, field);
  MusterEntity *line = id != NULL ? muster_references_lookup (references, "order_item", id) : NULL;
  const char   *order = line != NULL ? muster_entity_get_string (line, "order_id") : NULL;
  const char   *name = NULL;
  g_autofree char *action = NULL;

  if (order == NULL)
    return;
  name = muster_references_get_name (references, "order", order);
  action = g_strdup_printf ("win.open(('order','%s'))", order);
  gtk_list_box_append (self->rows, muster_link_row_new (title, name != NULL ? name : "…", action));
}

static void
muster_device_stock_return_cb (MusterDeviceStock *self)
{
  if (self->loan != NULL)
    muster_inventory_return_loan (self->session, muster_entity_get_id (self->loan));
}

static void
add_loan (MusterDeviceStock *self)
{
  g_autofree char *due = NULL;
  g_autofree char *text = NULL;
  GtkWidget       *row, *button;

  if (self->loan == NULL)
    return;
  due = muster_format_date (muster_entity_get_integer (self->loan, "due_at"),
                            muster_session_get_zone (self->session));
  text = g_strdup_printf (muster_entity_get_integer (self->loan, "due_at") < g_get_real_time ()
                            ? _ ("%s, was due %s")
                            : _ ("%s, until %s"),
                          muster_entity_get_string (self->loan, "borrower"), due);
  row = muster_detail_row_new (_ ("Lent to"), text);
  button = gtk_button_new_with_mnemonic (_ ("_Take Back"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", G_CALLBACK (muster_device_stock_return_cb), self,
                           G_CONNECT_SWAPPED);
  muster_permission_guard (self->session, button, "returnLoan");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_append (self->rows, row);
}

/* What is sold, reserved or broken is not the site's to lend. */
static gboolean
can_be_lent (MusterDeviceStock *self)
{
  int status = muster_entity_get_enum (self->device, "status");

  return status == MUSTER_DEVICE_STATUS_IN_STOCK || status == MUSTER_DEVICE_STATUS_DEPLOYED;
}

static void
update (MusterDeviceStock *self)
{
  if (self->device == NULL)
    return;
  muster_list_clear (self->rows);
  add_link (self, "product_id", "product");
  add_text (self, "location_id");
  add_text (self, "location");
  add_loan (self);
  add_text (self, "batch_id");
  add_text (self, "customer_id");
  add_order (self, "order_item_id", _ ("Order"));
  add_order (self, "purchase_item_id", _ ("Brought by"));
  add_date (self, "received_at");
  add_date (self, "warranty_until");
  add_link (self, "replaces_id", "device");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stock.lend",
                                 self->loan == NULL && can_be_lent (self) &&
                                   muster_session_may (self->session, "createLoan"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stock.move",
                                 muster_session_may (self->session, "updateDevice"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stock.replace",
                                 muster_session_may (self->session, "replaceDevice"));
}

/* --- reading --- */

static DexFuture *
muster_device_stock_loans_cb (DexFuture *future, gpointer user_data)
{
  MusterDeviceStock *self = user_data;
  const GValue      *value = dex_future_get_value (future, NULL);
  MusterApiPage     *page = value != NULL ? g_value_get_object (value) : NULL;

  g_set_object (&self->loan, page != NULL && muster_api_page_get_length (page) > 0
                               ? muster_api_page_get (page, 0)
                               : NULL);
  update (self);
  return dex_future_new_true ();
}

static DexFuture *
muster_device_stock_moves_cb (DexFuture *future, gpointer user_data)
{
  MusterDeviceStock *self = user_data;
  const GValue      *value = dex_future_get_value (future, NULL);
  MusterApiPage     *page = value != NULL ? g_value_get_object (value) : NULL;
  unsigned           length = page != NULL ? muster_api_page_get_length (page) : 0;

  muster_list_clear (self->moves);
  gtk_widget_set_visible (self->moves_group, length > 0);
  for (unsigned i = 0; i < length; i++)
    gtk_list_box_append (self->moves,
                         muster_stock_move_row_new (self->session, muster_api_page_get (page, i)));
  return dex_future_new_true ();
}

void
muster_device_stock_show (MusterDeviceStock *self, MusterSession *session, MusterDevice *device)
{
  const char              *id = NULL;
  MusterApiClient         *client = NULL;
  const char              *of_loans[] = { "device_id", NULL, "returned_at", "null", NULL };
  const char              *of_moves[] = { "device_id", NULL, NULL };
  const MusterApiListQuery loans = { .limit = 1, .filters = of_loans };
  const MusterApiListQuery moves = { .limit = MAX_MOVES,
                                     .sort = "-created_at",
                                     .filters = of_moves };

  g_return_if_fail (MUSTER_IS_DEVICE_STOCK (self));

  id = muster_entity_get_id (MUSTER_ENTITY (device));
  client = muster_session_get_client (session);
  of_loans[1] = of_moves[1] = id;
  if (g_set_object (&self->session, session))
    g_signal_connect_object (muster_references_get (session), "changed", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
  g_set_object (&self->device, MUSTER_ENTITY (device));
  update (self);
  dex_clear (&self->loans);
  dex_clear (&self->moving);
  self->loans = dex_future_finally (muster_api_loans_list (client, &loans),
                                    muster_device_stock_loans_cb, self, NULL);
  self->moving = dex_future_finally (muster_api_stock_moves_list (client, &moves),
                                     muster_device_stock_moves_cb, self, NULL);
}

/* --- doings --- */

/* NAME is "stock." and what is to be done. */
static void
muster_device_stock_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDeviceStock *self = MUSTER_DEVICE_STOCK (widget);
  const char        *id = self->device != NULL ? muster_entity_get_id (self->device) : NULL;
  char              *ids[] = { (char *)id, NULL };

  if (id == NULL)
    return;
  if (g_str_equal (name, "stock.move"))
    muster_inventory_move_units (self->session, widget, ids);
  else if (g_str_equal (name, "stock.lend"))
    muster_inventory_lend (self->session, widget, id);
  else
    muster_inventory_replace (self->session, widget, id);
}

/* --- life --- */

static void
muster_device_stock_dispose (GObject *object)
{
  MusterDeviceStock *self = MUSTER_DEVICE_STOCK (object);

  dex_clear (&self->loans);
  dex_clear (&self->moving);
  g_clear_object (&self->loan);
  g_clear_object (&self->device);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_device_stock_parent_class)->dispose (object);
}

static void
muster_device_stock_class_init (MusterDeviceStockClass *klass)
{
  static const char *const names[] = { "stock.move", "stock.lend", "stock.replace" };

  G_OBJECT_CLASS (klass)->dispose = muster_device_stock_dispose;
  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), names[i], NULL,
                                     muster_device_stock_action);
}

static GtkWidget *
create_button (const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static GtkListBox *
add_list (GtkWidget *box, const char *title, GtkWidget *suffix)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), suffix);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), list);
  gtk_box_append (GTK_BOX (box), group);
  return GTK_LIST_BOX (list);
}

static void
muster_device_stock_init (MusterDeviceStock *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);

  gtk_box_append (GTK_BOX (buttons), create_button (_ ("_Move…"), "stock.move"));
  gtk_box_append (GTK_BOX (buttons), create_button (_ ("_Lend…"), "stock.lend"));
  gtk_box_append (GTK_BOX (buttons), create_button (_ ("Re_place…"), "stock.replace"));
  self->rows = add_list (box, _ ("Stock"), buttons);
  gtk_list_box_set_placeholder (self->rows,
                                g_object_new (GTK_TYPE_LABEL, "label",
                                              _ ("It is a unit of no product yet."), "margin-top",
                                              16, "margin-bottom", 16, "css-classes",
                                              (const char *[]){ "dim-label", NULL }, NULL));
  self->moves = add_list (box, _ ("Moves"), NULL);
  self->moves_group = gtk_widget_get_last_child (box);
  gtk_widget_set_visible (self->moves_group, FALSE);
  adw_bin_set_child (ADW_BIN (self), box);
}
