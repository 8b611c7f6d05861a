/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-editor-line"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "model/muster-money.h"
#include "model/muster-product.h"
#include "muster-order-editor-line.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-references.h"
#include "widgets/muster-stock-label.h"
#include "widgets/muster-suggest.h"

#define MAX_UNITS 12

struct _MusterOrderEditorLine
{
  GtkListBoxRow parent_instance;

  MusterSession    *session; /* (owned) */
  MusterOrderDraft *draft;   /* borrowed */
  MusterDraftLine  *line;    /* borrowed */
  gboolean          stocked;
  gboolean          filling; /* its widgets are set, not touched */
  gboolean          readable;
  GtkWidget        *stock;        /* child of facts */
  GtkWidget        *unit_popover; /* (nullable) of the unit button */

  /* Template children */
  GtkLabel      *name;
  AdwWrapBox    *facts;
  GtkLabel      *about;
  GtkLabel      *subtotal;
  GtkSpinButton *quantity;
  GtkWidget     *times;
  GtkEntry      *price;
  GtkMenuButton *unit;
  GtkLabel      *error;
};

G_DEFINE_FINAL_TYPE (MusterOrderEditorLine, muster_order_editor_line, GTK_TYPE_LIST_BOX_ROW)

enum
{
  CHANGED,
  REMOVE,
  NEXT,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static gboolean
is_item (MusterOrderEditorLine *self)
{
  return self->line->kind == MUSTER_ORDER_LINE_KIND_ITEM;
}

/* --- the very unit --- */

static DexFuture *
find_units (MusterSession *session, const char *text, gpointer user_data)
{
  MusterOrderEditorLine *self = user_data;
  const char *filters[] = { "product_id", self->line->product_id, "status", "in_stock", NULL };
  const MusterApiListQuery query = {
    .q = *text != '\0' ? text : NULL, .sort = "received_at", .limit = MAX_UNITS, .filters = filters
  };

  return muster_api_devices_list (muster_session_get_client (session), &query);
}

static GtkWidget *
create_unit_row (MusterSession *session, GObject *device, gpointer user_data)
{
  static const char *const fields[] = { "name", "location_id", "received_at", NULL };
  const char              *serial = muster_entity_get_string (MUSTER_ENTITY (device), "serial");
  g_autofree char *about = muster_record_format_line (session, MUSTER_ENTITY (device), fields);

  return muster_suggest_row_new (serial != NULL
                                   ? serial
                                   : muster_entity_get_string (MUSTER_ENTITY (device), "name"),
                                 about, NULL);
}

static const MusterSuggestSource unit_source = { find_units, create_unit_row,
                                                 N_ ("Units in stock") };

static void
set_unit (MusterOrderEditorLine *self, MusterEntity *device)
{
  const char *serial = device != NULL ? muster_entity_get_string (device, "serial") : NULL;

  g_set_str (&self->line->device_id, device != NULL ? muster_entity_get_id (device) : NULL);
  if (device != NULL)
    {
      self->line->quantity = 1;
      muster_references_keep (muster_references_get (self->session), device);
    }
  gtk_menu_button_set_label (self->unit, device == NULL   ? _ ("Any Unit")
                                         : serial != NULL ? serial
                                                          : _ ("This Unit"));
  gtk_menu_button_popdown (self->unit);
  muster_order_editor_line_update (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_order_editor_line_unit_cb (MusterOrderEditorLine *self, GObject *device)
{
  set_unit (self, MUSTER_ENTITY (device));
}

static void
muster_order_editor_line_any_unit_cb (MusterOrderEditorLine *self)
{
  set_unit (self, NULL);
}

/* Made when somebody asks for it: most lines take any unit. */
static void
muster_order_editor_line_unit_popover_cb (GtkMenuButton *button, gpointer user_data)
{
  MusterOrderEditorLine *self = user_data;
  GtkWidget             *box, *entry, *any;
  MusterSuggest         *suggest;

  if (self->unit_popover != NULL)
    return;
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  entry = gtk_entry_new ();
  any = gtk_button_new_with_mnemonic (_ ("_Any Unit, the Oldest First"));
  self->unit_popover = gtk_popover_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("Serial number, or scan"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Serial number"), -1);
  gtk_widget_add_css_class (any, "flat");
  suggest = muster_suggest_attach (entry, self->session, &unit_source, self);
  muster_suggest_set_eager (suggest, TRUE);
  g_signal_connect_object (suggest, "chosen", G_CALLBACK (muster_order_editor_line_unit_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (any, "clicked", G_CALLBACK (muster_order_editor_line_any_unit_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), any);
  gtk_popover_set_child (GTK_POPOVER (self->unit_popover), box);
  gtk_menu_button_set_popover (button, self->unit_popover);
}

/* --- what is typed --- */

static void
muster_order_editor_line_quantity_cb (MusterOrderEditorLine *self)
{
  if (self->filling)
    return;
  self->line->quantity = gtk_spin_button_get_value_as_int (self->quantity);
  muster_order_editor_line_set_error (self, "quantity", NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_order_editor_line_price_cb (MusterOrderEditorLine *self)
{
  gint64 amount = 0;
  int    rate = 0, what;

  if (self->filling)
    return;
  what = muster_charge_parse (gtk_editable_get_text (GTK_EDITABLE (self->price)), &amount, &rate);
  self->readable = what == 1 || (what == 2 && !is_item (self));
  muster_order_editor_line_set_error (
    self, "unit_price",
    self->readable   ? NULL
    : is_item (self) ? _ ("An amount of money is wanted here, for instance 12.50")
                     : _ ("An amount or a part is wanted here, for instance 12.50 or 19 %"));
  if (!self->readable)
    return;
  self->line->has_rate = what == 2;
  if (what == 2)
    self->line->rate = rate;
  else
    self->line->unit_price = amount;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_order_editor_line_next_cb (MusterOrderEditorLine *self)
{
  gtk_spin_button_update (self->quantity);
  g_signal_emit (self, signals[NEXT], 0);
}

static void
muster_order_editor_line_remove_cb (MusterOrderEditorLine *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

static gboolean
muster_order_editor_line_remove_shortcut (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  g_signal_emit (widget, signals[REMOVE], 0);
  return TRUE;
}

/* --- life --- */

static void
muster_order_editor_line_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_ORDER_EDITOR_LINE);
  G_OBJECT_CLASS (muster_order_editor_line_parent_class)->dispose (object);
}

static void
muster_order_editor_line_finalize (GObject *object)
{
  g_clear_object (&MUSTER_ORDER_EDITOR_LINE (object)->session);
  G_OBJECT_CLASS (muster_order_editor_line_parent_class)->finalize (object);
}

static void
muster_order_editor_line_class_init (MusterOrderEditorLineClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType           type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = muster_order_editor_line_dispose;
  object_class->finalize = muster_order_editor_line_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVE] =
    g_signal_new ("remove", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[NEXT] =
    g_signal_new ("next", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Delete, GDK_CONTROL_MASK,
                                muster_order_editor_line_remove_shortcut, NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/order-editor-line.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditorLine, name);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditorLine, facts);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditorLine, about);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditorLine, subtotal);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditorLine, quantity);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditorLine, times);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditorLine, price);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditorLine, unit);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditorLine, error);
  gtk_widget_class_bind_template_callback (widget_class, muster_order_editor_line_remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_order_editor_line_quantity_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_order_editor_line_price_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_order_editor_line_next_cb);
}

static void
muster_order_editor_line_init (MusterOrderEditorLine *self)
{
  self->readable = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->stock = muster_stock_label_new ();
  adw_wrap_box_append (self->facts, self->stock);
  gtk_menu_button_set_create_popup_func (self->unit, muster_order_editor_line_unit_popover_cb, self,
                                         NULL);
}

/* What is there of the product, for this line, or -1 where nobody asks or knows. */
static gint64
get_available (MusterOrderEditorLine *self)
{
  MusterEntity *product = self->line->product;
  gint64        others;

  if (!self->stocked || !is_item (self) || product == NULL)
    return -1;
  /* What other lines of the same order take is gone for this one. */
  others =
    muster_order_draft_count_product (self->draft, self->line->product_id) - self->line->quantity;
  return MAX (muster_entity_get_integer (product, "on_hand") -
                muster_entity_get_integer (product, "reserved") - others,
              0);
}

static char *
describe (MusterOrderEditorLine *self)
{
  MusterEntity *product = self->line->product;

  if (product != NULL && muster_entity_get_string (product, "sku") != NULL)
    return g_strdup (muster_entity_get_string (product, "sku"));
  if (product != NULL && muster_entity_get_string (product, "model") != NULL)
    return g_strdup (muster_entity_get_string (product, "model"));
  return NULL;
}

static const char *
get_name (MusterOrderEditorLine *self)
{
  if (self->line->description != NULL)
    return self->line->description;
  return _ (muster_enum_get_label (&muster_order_line_kind_enum, self->line->kind));
}

static char *
format_price (MusterOrderEditorLine *self)
{
  if (self->line->has_rate)
    return muster_rate_format (self->line->rate);
  return muster_money_format (self->line->unit_price);
}

static void
fill (MusterOrderEditorLine *self)
{
  g_autofree char *price = format_price (self);

  self->filling = TRUE;
  gtk_spin_button_set_value (self->quantity, self->line->quantity);
  gtk_editable_set_text (GTK_EDITABLE (self->price), price);
  self->filling = FALSE;
}

GtkWidget *
muster_order_editor_line_new (MusterSession    *session,
                              MusterOrderDraft *draft,
                              MusterDraftLine  *line,
                              gboolean          stocked)
{
  MusterOrderEditorLine *self = g_object_new (MUSTER_TYPE_ORDER_EDITOR_LINE, NULL);

  self->session = g_object_ref (session);
  self->draft = draft;
  self->line = line;
  self->stocked = stocked;
  if (!is_item (self))
    {
      gtk_widget_set_visible (GTK_WIDGET (self->quantity), FALSE);
      gtk_widget_set_visible (self->times, FALSE);
      gtk_entry_set_placeholder_text (self->price, _ ("12.50 or 19 %"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->price), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      get_name (self), -1);
    }
  /* Customers buy at the catalogue's price. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->price),
                            muster_access_get_role (muster_session_get_access (session)) !=
                              MUSTER_ROLE_CUSTOMER);
  fill (self);
  muster_order_editor_line_update (self);
  return GTK_WIDGET (self);
}

MusterDraftLine *
muster_order_editor_line_get_line (MusterOrderEditorLine *self)
{
  g_return_val_if_fail (MUSTER_IS_ORDER_EDITOR_LINE (self), NULL);

  return self->line;
}

void
muster_order_editor_line_update (MusterOrderEditorLine *self)
{
  g_autofree char *about = NULL, *subtotal = NULL;
  MusterEntity    *product;

  g_return_if_fail (MUSTER_IS_ORDER_EDITOR_LINE (self));

  product = self->line->product;
  about = describe (self);
  subtotal =
    muster_format_money (self->line->subtotal, muster_order_draft_get_currency (self->draft));
  gtk_label_set_label (self->name, get_name (self));
  gtk_label_set_label (self->about, about != NULL ? about : "");
  gtk_widget_set_visible (GTK_WIDGET (self->about), about != NULL);
  gtk_label_set_label (self->subtotal, subtotal);
  muster_stock_label_set (self->stock, self->line->device_id != NULL ? -1 : get_available (self),
                          self->line->quantity);
  gtk_widget_set_visible (GTK_WIDGET (self->facts),
                          about != NULL || gtk_widget_get_visible (self->stock));
  gtk_widget_set_visible (GTK_WIDGET (self->unit),
                          self->stocked && is_item (self) && product != NULL &&
                            muster_entity_get_enum (product, "tracking") ==
                              MUSTER_TRACKING_SERIAL &&
                            muster_session_may (self->session, "listDevices"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->quantity), self->line->device_id == NULL);
  self->filling = TRUE;
  gtk_spin_button_set_value (self->quantity, self->line->quantity);
  self->filling = FALSE;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  get_name (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtotal,
                                  -1);
}

void
muster_order_editor_line_set_error (MusterOrderEditorLine *self,
                                    const char            *member,
                                    const char            *message)
{
  GtkWidget *field;

  g_return_if_fail (MUSTER_IS_ORDER_EDITOR_LINE (self));

  field =
    g_strcmp0 (member, "quantity") == 0 ? GTK_WIDGET (self->quantity) : GTK_WIDGET (self->price);
  if (message != NULL && member != NULL)
    gtk_widget_add_css_class (field, "error");
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->quantity), "error");
      gtk_widget_remove_css_class (GTK_WIDGET (self->price), "error");
    }
  gtk_label_set_label (self->error, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), message != NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_STATE_INVALID,
                               message != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                               : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

gboolean
muster_order_editor_line_is_valid (MusterOrderEditorLine *self)
{
  g_return_val_if_fail (MUSTER_IS_ORDER_EDITOR_LINE (self), FALSE);

  return self->readable;
}

void
muster_order_editor_line_focus (MusterOrderEditorLine *self)
{
  g_return_if_fail (MUSTER_IS_ORDER_EDITOR_LINE (self));

  gtk_widget_grab_focus (is_item (self) ? GTK_WIDGET (self->quantity) : GTK_WIDGET (self->price));
}
