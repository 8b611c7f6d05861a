/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-editor"

#include "config.h"

#include <stdlib.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "model/muster-product.h"
#include "muster-order-draft.h"
#include "muster-order-editor-line.h"
#include "muster-order-editor-private.h"
#include "muster-totals-view.h"
#include "widgets/muster-date-row.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-references.h"
#include "widgets/muster-text-row.h"

#define DEFAULT_CURRENCY "EUR"

G_DEFINE_FINAL_TYPE (MusterOrderEditor, muster_order_editor, MUSTER_TYPE_PAGE)

MusterSession *
muster_order_editor_get_session (MusterOrderEditor *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

const char *
muster_order_editor_get_text (AdwEntryRow *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

gboolean
muster_order_editor_can_change_lines (MusterOrderEditor *self)
{
  return self->order == NULL ||
         muster_entity_get_enum (self->order, "status") == MUSTER_ORDER_STATUS_PENDING;
}

/* --- what is shown --- */

static MusterOrderEditorLine *
get_row (MusterOrderEditor *self, int index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->lines, index);

  return row != NULL ? MUSTER_ORDER_EDITOR_LINE (row) : NULL;
}

MusterOrderEditorLine *
muster_order_editor_find_row (MusterOrderEditor *self, MusterDraftLine *line)
{
  MusterOrderEditorLine *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    if (muster_order_editor_line_get_line (row) == line)
      return row;
  return NULL;
}

/* Whether all that is typed can be read and sums to something. */
static gboolean
is_sound (MusterOrderEditor *self)
{
  MusterOrderEditorLine *row;
  MusterDraftTotals      totals;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    if (!muster_order_editor_line_is_valid (row))
      return FALSE;
  return muster_order_draft_sum (self->draft, &totals, NULL);
}

void
muster_order_editor_update_actions (MusterOrderEditor *self)
{
  const char *operation = self->order != NULL ? "updateOrder" : "createOrder";
  gboolean    ready = self->saving == NULL && is_sound (self) &&
                   (self->own || *muster_order_editor_get_text (self->customer) != '\0') &&
                   muster_order_draft_get_length (self->draft) > 0 &&
                   muster_page_may (MUSTER_PAGE (self), operation);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", ready);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save-and-confirm",
                                 ready && muster_page_may (MUSTER_PAGE (self), "setOrderStatus"));
}

/* The one place that says what all of it comes to. */
static void
muster_order_editor_sum (MusterOrderEditor *self)
{
  const char            *currency = muster_order_draft_get_currency (self->draft);
  MusterDraftTotals      totals = { 0 };
  MusterDraftLine       *failed = NULL;
  MusterOrderEditorLine *row;
  g_autofree char       *amount = NULL, *text = NULL;

  if (muster_order_draft_sum (self->draft, &totals, &failed))
    {
      amount = muster_format_money (totals.total, currency);
      text = g_strdup_printf (_ ("Total %s"), amount);
    }
  else if (failed != NULL && muster_order_editor_find_row (self, failed) != NULL)
    muster_order_editor_line_set_error (muster_order_editor_find_row (self, failed), "unit_price",
                                        _ ("That is more money than there can be"));
  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    muster_order_editor_line_update (row);
  muster_totals_view_set (self->totals, &totals, currency);
  gtk_label_set_label (self->total, text != NULL ? text : "");
  muster_order_editor_update_actions (self);
}

/* --- lines --- */

/* Enter in a line leads to the next one, and from the last to the entry that adds another. */
static void
muster_order_editor_next_cb (MusterOrderEditor *self, MusterOrderEditorLine *row)
{
  int                    index = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
  MusterOrderEditorLine *next = get_row (self, index + 1);

  if (next != NULL)
    muster_order_editor_line_focus (next);
  else
    gtk_widget_grab_focus (self->add);
}

static void
muster_order_editor_remove_cb (MusterOrderEditor *self, MusterOrderEditorLine *row)
{
  int                    index = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
  MusterDraftLine       *line = muster_order_editor_line_get_line (row);
  MusterOrderEditorLine *next;

  gtk_list_box_remove (self->lines, GTK_WIDGET (row));
  muster_order_draft_remove (self->draft, line);
  next = get_row (self, index);
  if (next != NULL)
    muster_order_editor_line_focus (next);
  else
    gtk_widget_grab_focus (self->add);
  muster_order_editor_sum (self);
}

static MusterOrderEditorLine *
add_row (MusterOrderEditor *self, MusterDraftLine *line)
{
  GtkWidget *row =
    muster_order_editor_line_new (muster_order_editor_get_session (self), self->draft, line,
                                  self->kind == MUSTER_ORDER_KIND_SALES && !self->own);

  g_signal_connect_object (row, "changed", G_CALLBACK (muster_order_editor_sum), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove", G_CALLBACK (muster_order_editor_remove_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "next", G_CALLBACK (muster_order_editor_next_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_append (self->lines, row);
  return MUSTER_ORDER_EDITOR_LINE (row);
}

/* More of what is there already is no other line. */
static MusterOrderEditorLine *
add_product (MusterOrderEditor *self, MusterEntity *product, gint64 quantity)
{
  const char            *id = muster_entity_get_id (product);
  MusterDraftLine       *line = muster_order_draft_find_product (self->draft, id);
  MusterOrderEditorLine *row;

  if (muster_order_draft_get_length (self->draft) == 0)
    muster_order_draft_set_currency (self->draft, muster_entity_get_string (product, "currency"));
  if (line != NULL)
    {
      line->quantity += quantity;
      row = muster_order_editor_find_row (self, line);
    }
  else
    {
      line = muster_order_draft_add (self->draft, MUSTER_ORDER_LINE_KIND_ITEM);
      muster_draft_line_set_product (line, product);
      line->quantity = quantity;
      row = add_row (self, line);
    }
  muster_order_editor_sum (self);
  return row;
}

static void
muster_order_editor_product_cb (MusterOrderEditor *self, GObject *product)
{
  gint64           quantity;
  g_autofree char *term =
    muster_line_entry_parse (gtk_editable_get_text (GTK_EDITABLE (self->add)), &quantity);

  muster_references_keep (muster_references_get (muster_order_editor_get_session (self)),
                          MUSTER_ENTITY (product));
  add_product (self, MUSTER_ENTITY (product), quantity);
  muster_suggest_set_text (self->suggest_product, "");
  gtk_widget_grab_focus (self->add);
  gtk_accessible_announce (GTK_ACCESSIBLE (self),
                           muster_entity_get_string (MUSTER_ENTITY (product), "name"),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
muster_order_editor_unknown_cb (MusterOrderEditor *self, const char *text)
{
  g_autofree char *message = g_strdup_printf (_ ("No product in the catalogue fits “%s”"), text);

  muster_session_tell (muster_order_editor_get_session (self), message);
}

static void
muster_order_editor_charge_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterOrderEditor *self = MUSTER_ORDER_EDITOR (widget);
  int                kind =
    muster_enum_parse (&muster_order_line_kind_enum, g_variant_get_string (parameter, NULL));

  muster_order_editor_line_focus (add_row (self, muster_order_draft_add (self->draft, kind)));
  muster_order_editor_sum (self);
}

/* Products of the lines as they are known now: what is in stock changes while somebody types. */
static void
muster_order_editor_names_cb (MusterOrderEditor *self)
{
  MusterReferences *references = muster_references_get (muster_order_editor_get_session (self));
  GHashTableIter    iter;
  gpointer          id, quantity;

  for (unsigned i = 0; i < muster_order_draft_get_length (self->draft); i++)
    {
      MusterDraftLine *line = muster_order_draft_get (self->draft, i);
      MusterEntity    *product = line->product_id != NULL
                                   ? muster_references_lookup (references, "product", line->product_id)
                                   : NULL;

      if (product != NULL)
        muster_order_draft_refresh_product (self->draft, product);
    }
  g_hash_table_iter_init (&iter, self->awaited);
  while (g_hash_table_iter_next (&iter, &id, &quantity))
    {
      MusterEntity *product = muster_references_lookup (references, "product", id);

      if (product == NULL)
        continue;
      add_product (self, product, *(gint64 *)quantity);
      g_hash_table_iter_remove (&iter);
    }
  muster_order_editor_sum (self);
}

void
muster_order_editor_add_product (MusterOrderEditor *self, const char *product_id, gint64 quantity)
{
  g_return_if_fail (MUSTER_IS_ORDER_EDITOR (self));
  g_return_if_fail (product_id != NULL && quantity > 0);

  g_hash_table_insert (self->awaited, g_strdup (product_id),
                       g_memdup2 (&quantity, sizeof quantity));
  muster_order_editor_names_cb (self);
}

/* --- the customer --- */

static void
muster_order_editor_customer_changed_cb (MusterOrderEditor *self)
{
  if (self->filling)
    return;
  /* Another name is somebody else. */
  g_clear_pointer (&self->customer_id, g_free);
  gtk_widget_remove_css_class (GTK_WIDGET (self->customer), "error");
  muster_order_editor_update_actions (self);
}

static void
fill_customer (MusterOrderEditor *self,
               const char        *name,
               const char        *id,
               const char        *email,
               const char        *address)
{
  g_autofree char *old = muster_text_row_dup_text (self->address);

  self->filling = TRUE;
  muster_suggest_set_text (self->suggest_customer, name);
  if (email != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->email), email);
  if (address != NULL && *old == '\0')
    muster_text_row_set_text (self->address, address);
  self->filling = FALSE;
  g_set_str (&self->customer_id, id);
  gtk_widget_grab_focus (self->add);
  muster_order_editor_update_actions (self);
}

static void
muster_order_editor_customer_cb (MusterOrderEditor *self, GObject *item)
{
  MusterEntity *entity = MUSTER_ENTITY (item);

  if (MUSTER_IS_PERSON (item))
    fill_customer (self, muster_entity_get_string (entity, "name"), muster_entity_get_id (entity),
                   muster_entity_get_string (entity, "email"),
                   muster_entity_get_string (entity, "address"));
  else
    fill_customer (self, muster_entity_get_string (entity, "customer"),
                   muster_entity_get_string (entity, "customer_id"),
                   muster_entity_get_string (entity, "customer_email"),
                   muster_entity_get_string (entity, "shipping_address"));
}

/* Somebody who is not known yet. */
static void
muster_order_editor_stranger_cb (MusterOrderEditor *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->email));
}

/* --- what was written before --- */

static void
show_draft_lines (MusterOrderEditor *self)
{
  muster_list_clear (self->lines);
  for (unsigned i = 0; i < muster_order_draft_get_length (self->draft); i++)
    add_row (self, muster_order_draft_get (self->draft, i));
}

/* Fills the fields from ORDER, which need not be complete. */
static void
fill_fields (MusterOrderEditor *self, MusterEntity *order)
{
  static const struct
  {
    const char *field;
    gsize       offset;
  } rows[] = {
    { "customer", G_STRUCT_OFFSET (MusterOrderEditor, customer) },
    { "customer_email", G_STRUCT_OFFSET (MusterOrderEditor, email) },
    { "reference", G_STRUCT_OFFSET (MusterOrderEditor, reference) },
  };

  self->filling = TRUE;
  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char  *text = muster_entity_get_string (order, rows[i].field);
      GtkEditable *row = G_STRUCT_MEMBER (GtkEditable *, self, rows[i].offset);

      gtk_editable_set_text (row, text != NULL ? text : "");
    }
  muster_suggest_set_text (self->suggest_customer, muster_entity_get_string (order, "customer"));
  self->filling = FALSE;
  g_set_str (&self->customer_id, muster_entity_get_string (order, "customer_id"));
  muster_text_row_set_text (self->address, muster_entity_get_string (order, "shipping_address"));
  muster_text_row_set_text (self->notes, muster_entity_get_string (order, "notes"));
  muster_date_row_set_time (self->due, muster_entity_get_integer (order, "due_at"));
  if (muster_entity_get_string (order, "currency") != NULL)
    muster_order_draft_set_currency (self->draft, muster_entity_get_string (order, "currency"));
}

static void
restore_draft (MusterOrderEditor *self)
{
  g_autofree char *key = muster_order_editor_dup_draft_key (self);
  JsonObject *kept = g_object_get_data (G_OBJECT (muster_order_editor_get_session (self)), key);
  g_autoptr (MusterEntity) order = NULL;

  if (kept == NULL)
    return;
  order = muster_entity_new_from_json (&muster_order_info, kept, NULL);
  if (order == NULL)
    return;
  fill_fields (self, order);
  muster_order_draft_restore (self->draft, muster_api_json_get_array (kept, "items"));
  for (unsigned i = 0; i < muster_order_draft_get_length (self->draft); i++)
    g_clear_pointer (&muster_order_draft_get (self->draft, i)->id, g_free);
  show_draft_lines (self);
  adw_banner_set_revealed (self->restored, TRUE);
}

static void
muster_order_editor_anew_cb (MusterOrderEditor *self)
{
  g_autoptr (MusterEntity) blank = muster_entity_new (&muster_order_info);
  g_autofree char *key = muster_order_editor_dup_draft_key (self);

  g_object_set_data (G_OBJECT (muster_order_editor_get_session (self)), key, NULL);
  adw_banner_set_revealed (self->restored, FALSE);
  muster_list_clear (self->lines);
  while (muster_order_draft_get_length (self->draft) > 0)
    muster_order_draft_remove (self->draft, muster_order_draft_get (self->draft, 0));
  fill_fields (self, blank);
  muster_order_editor_sum (self);
}

/* --- life --- */

static gboolean
muster_order_editor_scan (MusterPage *page, const char *code)
{
  MusterOrderEditor *self = MUSTER_ORDER_EDITOR (page);

  if (!muster_order_editor_can_change_lines (self))
    return FALSE;
  muster_suggest_take (self->suggest_product, code);
  return TRUE;
}

static void
muster_order_editor_hidden (AdwNavigationPage *page)
{
  muster_order_editor_keep_draft (MUSTER_ORDER_EDITOR (page));
  ADW_NAVIGATION_PAGE_CLASS (muster_order_editor_parent_class)->hidden (page);
}

static void
muster_order_editor_dispose (GObject *object)
{
  MusterOrderEditor *self = MUSTER_ORDER_EDITOR (object);

  dex_clear (&self->saving);
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_ORDER_EDITOR);
  G_OBJECT_CLASS (muster_order_editor_parent_class)->dispose (object);
}

static void
muster_order_editor_finalize (GObject *object)
{
  MusterOrderEditor *self = MUSTER_ORDER_EDITOR (object);

  g_clear_object (&self->order);
  g_clear_pointer (&self->draft, muster_order_draft_free);
  g_clear_pointer (&self->awaited, g_hash_table_unref);
  g_free (self->customer_id);
  G_OBJECT_CLASS (muster_order_editor_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, restored);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, total);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, confirm);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, customer_group);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, customer);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, email);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, reference);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, lines_group);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, lines);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, adding);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, add);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, charges);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, totals);
  gtk_widget_class_bind_template_child (widget_class, MusterOrderEditor, details);
}

static void
muster_order_editor_class_init (MusterOrderEditorClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_order_editor_dispose;
  object_class->finalize = muster_order_editor_finalize;
  ADW_NAVIGATION_PAGE_CLASS (klass)->hidden = muster_order_editor_hidden;
  MUSTER_PAGE_CLASS (klass)->scan = muster_order_editor_scan;
  g_type_ensure (MUSTER_TYPE_TOTALS_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/order-editor.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, muster_order_editor_customer_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_order_editor_anew_cb);
  muster_order_editor_install_actions (widget_class);
  gtk_widget_class_install_action (widget_class, "editor.add-charge", "s",
                                   muster_order_editor_charge_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "editor.save",
                                       NULL);
}

static void
muster_order_editor_init (MusterOrderEditor *self)
{
  self->draft = muster_order_draft_new (DEFAULT_CURRENCY);
  self->awaited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

static const char *
get_title (MusterOrderKind kind)
{
  switch (kind)
    {
    case MUSTER_ORDER_KIND_PURCHASE:
      return _ ("New Purchase");
    case MUSTER_ORDER_KIND_RETURN:
      return _ ("New Return");
    case MUSTER_ORDER_KIND_SALES:
    default:
      return _ ("New Order");
    }
}

static void
add_detail_rows (MusterOrderEditor *self)
{
  self->address = MUSTER_TEXT_ROW (muster_text_row_new (_ ("Shipping address")));
  self->due = MUSTER_DATE_ROW (
    muster_date_row_new (_ ("Due"),
                         muster_session_get_zone (muster_order_editor_get_session (self))));
  self->notes = MUSTER_TEXT_ROW (muster_text_row_new (_ ("Notes")));
  adw_preferences_group_add (self->details, GTK_WIDGET (self->address));
  adw_preferences_group_add (self->details, GTK_WIDGET (self->due));
  adw_preferences_group_add (self->details, GTK_WIDGET (self->notes));
}

/* A customer is who orders, at the catalogue's prices. */
static void
show_for_role (MusterOrderEditor *self)
{
  MusterAccess *access = muster_session_get_access (muster_order_editor_get_session (self));

  self->own = muster_access_get_role (access) == MUSTER_ROLE_CUSTOMER;
  gtk_widget_set_visible (GTK_WIDGET (self->customer_group), !self->own);
  gtk_widget_set_visible (self->charges, !self->own);
  gtk_widget_set_visible (self->confirm, !self->own && self->order == NULL);
  if (self->kind == MUSTER_ORDER_KIND_PURCHASE)
    {
      adw_preferences_group_set_title (self->customer_group, _ ("Supplier"));
      adw_preferences_group_set_title (self->details, _ ("Arrival"));
    }
}

static MusterOrderEditor *
create (MusterSession *session, MusterOrderKind kind, const char *title, MusterEntity *order)
{
  MusterOrderEditor *self =
    g_object_new (MUSTER_TYPE_ORDER_EDITOR, "session", session, "title", title, NULL);

  self->kind = kind;
  self->order = order != NULL ? g_object_ref (order) : NULL;
  add_detail_rows (self);
  self->suggest_product = muster_suggest_attach (self->add, session, &muster_product_source, self);
  self->suggest_customer =
    muster_suggest_attach (GTK_WIDGET (self->customer), session, &muster_customer_source, self);
  g_signal_connect_object (self->suggest_product, "chosen",
                           G_CALLBACK (muster_order_editor_product_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->suggest_product, "entered",
                           G_CALLBACK (muster_order_editor_unknown_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->suggest_customer, "chosen",
                           G_CALLBACK (muster_order_editor_customer_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->suggest_customer, "entered",
                           G_CALLBACK (muster_order_editor_stranger_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_order_editor_names_cb), self, G_CONNECT_SWAPPED);
  show_for_role (self);
  return self;
}

MusterPage *
muster_order_editor_new (MusterSession *session, MusterOrderKind kind)
{
  MusterOrderEditor *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);

  self = create (session, kind, get_title (kind), NULL);
  restore_draft (self);
  muster_order_editor_names_cb (self);
  return MUSTER_PAGE (self);
}

MusterPage *
muster_order_editor_new_for_order (MusterSession *session, MusterEntity *order, GPtrArray *items)
{
  MusterOrderEditor *self;
  g_autofree char   *title = NULL;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (MUSTER_IS_ORDER (order), NULL);

  title = g_strdup_printf (_ ("Edit %s"), muster_entity_get_string (order, "order_number"));
  self = create (session, muster_entity_get_enum (order, "kind"), title, order);
  muster_order_draft_take_items (self->draft, items);
  fill_fields (self, order);
  gtk_widget_set_visible (self->adding, muster_order_editor_can_change_lines (self));
  gtk_widget_set_sensitive (GTK_WIDGET (self->lines), muster_order_editor_can_change_lines (self));
  if (!muster_order_editor_can_change_lines (self))
    adw_preferences_group_set_description (
      self->lines_group, _ ("What was agreed on stays. Reopen the order to change its lines."));
  show_draft_lines (self);
  muster_order_editor_names_cb (self);
  return MUSTER_PAGE (self);
}
