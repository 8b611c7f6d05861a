/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-receive-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-inventory.h"
#include "client/muster-api-json.h"
#include "model/muster-device.h"
#include "muster-receive-dialog.h"
#include "widgets/muster-dialog.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-reference-row.h"
#include "widgets/muster-references.h"
#include "widgets/muster-text-row.h"

/* After the last key, before the site is asked what it stands for. */
#define DELAY_MSEC 200
/* More duplicates than anybody reads. */
#define MAX_DUPLICATES 20

struct _MusterReceiveDialog
{
  AdwDialog parent_instance;

  MusterSession *session;   /* (owned) */
  DexFuture     *expanding; /* (owned) (nullable) */
  DexFuture     *receiving; /* (owned) (nullable) */
  unsigned       expand_id; /* timeout */
  unsigned       n_serials; /* that can be received as they are */

  /* Rows */
  MusterReferenceRow *product;
  MusterTextRow      *serials;
  AdwSpinRow         *quantity;
  MusterReferenceRow *place;
  GtkEditable        *batch;
  GtkEditable        *notes;

  /* Template children */
  GtkButton           *receive;
  AdwBanner           *banner;
  AdwPreferencesGroup *what;
  AdwPreferencesGroup *serials_group;
  AdwPreferencesGroup *preview_group;
  GtkListBox          *preview;
  AdwPreferencesGroup *where;
};

G_DEFINE_FINAL_TYPE (MusterReceiveDialog, muster_receive_dialog, ADW_TYPE_DIALOG)

/* --- what it stands for --- */

static gboolean
is_by_quantity (MusterReceiveDialog *self)
{
  MusterEntity *product = muster_reference_row_get_id (self->product) != NULL
                            ? muster_reference_row_get_record (self->product)
                            : NULL;

  return product != NULL &&
         muster_entity_get_enum (product, "tracking") == MUSTER_TRACKING_QUANTITY;
}

static void
update (MusterReceiveDialog *self)
{
  gboolean goods = is_by_quantity (self);
  unsigned count = goods ? (unsigned)adw_spin_row_get_value (self->quantity) : self->n_serials;
  g_autofree char *label =
    goods ? g_strdup_printf (_ ("_Receive %u"), count)
          : g_strdup_printf (ngettext ("_Receive %u Unit", "_Receive %u Units", count), count);

  gtk_widget_set_visible (GTK_WIDGET (self->serials_group), !goods);
  gtk_widget_set_visible (GTK_WIDGET (self->quantity), goods);
  if (goods)
    gtk_widget_set_visible (GTK_WIDGET (self->preview_group), FALSE);
  gtk_button_set_label (self->receive, count > 0 ? label : _ ("_Receive"));
  gtk_button_set_use_underline (self->receive, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->receive),
                            count > 0 && self->receiving == NULL &&
                              muster_reference_row_get_id (self->product) != NULL);
}

static void
add_line (MusterReceiveDialog *self, const char *title, const char *subtitle, const char *icon_name)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle", subtitle, "subtitle-lines", 3, NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);

  gtk_widget_add_css_class (icon, g_str_equal (icon_name, "muster-online-symbolic") ? "success"
                                                                                    : "error");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_list_box_append (self->preview, row);
}

/* "A10, A11, A12, A13 … A17": (transfer full). */
static char *
list_serials (JsonArray *serials)
{
  unsigned length = json_array_get_length (serials);
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; i < MIN (length, 6); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            json_array_get_string_element (serials, i));
  if (length > 7)
    g_string_append (text, " …");
  if (length > 6)
    g_string_append_printf (text, "%s%s", length > 7 ? " " : ", ",
                            json_array_get_string_element (serials, length - 1));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
add_duplicate (MusterReceiveDialog *self, JsonObject *duplicate)
{
  const char *serial = muster_api_json_get_string (duplicate, "serial");
  const char *name = muster_api_json_get_string (duplicate, "name");
  const char *place = muster_api_json_get_string (duplicate, "location");
  int         status = muster_enum_parse (&muster_device_status_enum,
                                          muster_api_json_get_string (duplicate, "status"));
  const char *state = status >= 0 ? _ (muster_enum_get_label (&muster_device_status_enum, status))
                                  : _ ("Given twice");
  g_autofree char *title = g_strdup_printf (_ ("%s is taken"), serial != NULL ? serial : "");
  g_autofree char *subtitle =
    g_strdup_printf ("%s%s%s%s%s", name != NULL ? name : "", name != NULL ? " · " : "", state,
                     place != NULL ? " · " : "", place != NULL ? place : "");

  add_line (self, title, subtitle, "muster-cross-symbolic");
}

static void
show_expansion (MusterReceiveDialog *self, JsonObject *expansion)
{
  JsonArray       *serials = muster_api_json_get_array (expansion, "serials");
  JsonArray       *duplicates = muster_api_json_get_array (expansion, "duplicates");
  unsigned         n_serials = serials != NULL ? json_array_get_length (serials) : 0;
  unsigned         n_duplicates = duplicates != NULL ? json_array_get_length (duplicates) : 0;
  g_autofree char *title = NULL;
  g_autofree char *line = NULL;

  if (n_serials > 0)
    {
      title = g_strdup_printf (ngettext ("%u unit", "%u units", n_serials), n_serials);
      line = list_serials (serials);
      add_line (self, title, line, "muster-online-symbolic");
    }
  for (unsigned i = 0; i < MIN (n_duplicates, MAX_DUPLICATES); i++)
    add_duplicate (self, json_array_get_object_element (duplicates, i));
  self->n_serials = n_duplicates == 0 ? n_serials : 0;
}

static DexFuture *
muster_receive_dialog_expanded_cb (DexFuture *future, gpointer user_data)
{
  MusterReceiveDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  muster_list_clear (self->preview);
  self->n_serials = 0;
  if (value != NULL)
    show_expansion (self, g_value_get_boxed (value));
  else
    {
      GPtrArray  *fields = muster_error_get_fields (error);
      const char *detail =
        fields->len > 0 ? ((MusterFieldError *)fields->pdata[0])->detail : error->message;
      g_autofree char *text = muster_format_sentence (detail);

      add_line (self, text, NULL, "muster-cross-symbolic");
    }
  gtk_widget_set_visible (GTK_WIDGET (self->preview_group), TRUE);
  update (self);
  return dex_future_new_true ();
}

static void
muster_receive_dialog_expand_cb (gpointer user_data)
{
  MusterReceiveDialog *self = user_data;
  g_autofree char     *text = muster_text_row_dup_text (self->serials);

  self->expand_id = 0;
  dex_clear (&self->expanding);
  if (*text == '\0')
    {
      self->n_serials = 0;
      gtk_widget_set_visible (GTK_WIDGET (self->preview_group), FALSE);
      update (self);
      return;
    }
  self->expanding = dex_future_finally (
    muster_api_serials_expand_for (muster_session_get_client (self->session), text,
                                   muster_reference_row_get_id (self->product), 0),
    muster_receive_dialog_expanded_cb, self, NULL);
}

static void
muster_receive_dialog_typed_cb (MusterReceiveDialog *self)
{
  /* Until the site has said what it is, it is not to be received. */
  self->n_serials = 0;
  update (self);
  g_clear_handle_id (&self->expand_id, g_source_remove);
  self->expand_id = g_timeout_add_once (DELAY_MSEC, muster_receive_dialog_expand_cb, self);
}

/* --- receiving --- */

static void
tell_done (MusterReceiveDialog *self, JsonObject *received)
{
  JsonArray       *devices = muster_api_json_get_array (received, "devices");
  gint64           quantity = muster_api_json_get_integer (received, "quantity", 0);
  MusterEntity    *product = muster_reference_row_get_record (self->product);
  g_autofree char *text =
    g_strdup_printf (_ ("Received: %d × %s"), (int)quantity,
                     product != NULL ? muster_entity_get_string (product, "name") : "");
  const char *move_id = muster_api_json_get_string (received, "move_id");

  if (move_id != NULL)
    muster_session_offer_journal_undo (self->session, text, "stock_move", move_id);
  else if (devices != NULL && json_array_get_length (devices) > 0)
    muster_session_offer_journal_undo (
      self->session, text, "device",
      muster_api_json_get_string (json_array_get_object_element (devices, 0), "id"));
}

static DexFuture *
muster_receive_dialog_received_cb (DexFuture *future, gpointer user_data)
{
  MusterReceiveDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  dex_clear (&self->receiving);
  update (self);
  if (value == NULL)
    {
      muster_dialog_refuse (ADW_DIALOG (self), self->banner, self->session, error);
      return dex_future_new_true ();
    }
  tell_done (self, g_value_get_boxed (value));
  muster_dialog_end (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static void
add_text (JsonObject *receipt, const char *member, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_string_member (receipt, member, text);
}

static void
muster_receive_dialog_receive_cb (MusterReceiveDialog *self)
{
  JsonObject      *receipt = json_object_new ();
  g_autofree char *serials = muster_text_row_dup_text (self->serials);

  if (is_by_quantity (self))
    json_object_set_int_member (receipt, "quantity",
                                (gint64)adw_spin_row_get_value (self->quantity));
  else
    {
      add_text (receipt, "serials", serials);
      json_object_set_int_member (receipt, "quantity", self->n_serials);
    }
  add_text (receipt, "location_id", muster_reference_row_get_id (self->place));
  add_text (receipt, "batch", gtk_editable_get_text (self->batch));
  add_text (receipt, "notes", gtk_editable_get_text (self->notes));
  adw_banner_set_revealed (self->banner, FALSE);
  self->receiving =
    dex_future_finally (muster_api_products_receive (muster_session_get_client (self->session),
                                                     muster_reference_row_get_id (self->product),
                                                     receipt),
                        muster_receive_dialog_received_cb, g_object_ref (self), g_object_unref);
  update (self);
}

static void
muster_receive_dialog_cancel_cb (MusterReceiveDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

/* --- life --- */

static void
muster_receive_dialog_dispose (GObject *object)
{
  MusterReceiveDialog *self = MUSTER_RECEIVE_DIALOG (object);

  g_clear_handle_id (&self->expand_id, g_source_remove);
  dex_clear (&self->expanding);
  dex_clear (&self->receiving);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_RECEIVE_DIALOG);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_receive_dialog_parent_class)->dispose (object);
}

static void
muster_receive_dialog_class_init (MusterReceiveDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_receive_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/receive-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterReceiveDialog, receive);
  gtk_widget_class_bind_template_child (widget_class, MusterReceiveDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterReceiveDialog, what);
  gtk_widget_class_bind_template_child (widget_class, MusterReceiveDialog, serials_group);
  gtk_widget_class_bind_template_child (widget_class, MusterReceiveDialog, preview_group);
  gtk_widget_class_bind_template_child (widget_class, MusterReceiveDialog, preview);
  gtk_widget_class_bind_template_child (widget_class, MusterReceiveDialog, where);
  gtk_widget_class_bind_template_callback (widget_class, muster_receive_dialog_receive_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_receive_dialog_cancel_cb);
}

static void
muster_receive_dialog_init (MusterReceiveDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
create_rows (MusterReceiveDialog *self, const char *product_id)
{
  GtkWidget *product = muster_reference_row_new (self->session, "product", _ ("Product"), FALSE);
  GtkWidget *serials = muster_text_row_new (_ ("Serial numbers"));
  GtkWidget *quantity = adw_spin_row_new_with_range (1, 1000000, 1);
  GtkWidget *place = muster_reference_row_new (self->session, "location", _ ("Place"), TRUE);
  GtkWidget *batch = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Batch"), NULL);
  GtkWidget *notes = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Notes"), NULL);

  self->product = MUSTER_REFERENCE_ROW (product);
  self->serials = MUSTER_TEXT_ROW (serials);
  self->quantity = ADW_SPIN_ROW (quantity);
  self->place = MUSTER_REFERENCE_ROW (place);
  self->batch = GTK_EDITABLE (batch);
  self->notes = GTK_EDITABLE (notes);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (quantity), _ ("Quantity"));
  muster_reference_row_set_id (self->product, product_id);
  adw_preferences_group_add (self->what, product);
  adw_preferences_group_add (self->what, quantity);
  adw_preferences_group_add (self->serials_group, serials);
  adw_preferences_group_add (self->where, place);
  adw_preferences_group_add (self->where, batch);
  adw_preferences_group_add (self->where, notes);
}

static void
muster_receive_dialog_product_cb (MusterReceiveDialog *self)
{
  muster_receive_dialog_typed_cb (self);
}

AdwDialog *
muster_receive_dialog_new (MusterSession *session, const char *product_id)
{
  MusterReceiveDialog *self = g_object_new (MUSTER_TYPE_RECEIVE_DIALOG, NULL);

  g_return_val_if_fail (MUSTER_IS_SESSION (session), ADW_DIALOG (self));

  self->session = g_object_ref (session);
  create_rows (self, product_id);
  g_signal_connect_object (self->product, "notify::record-id",
                           G_CALLBACK (muster_receive_dialog_product_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->serials, "changed", G_CALLBACK (muster_receive_dialog_typed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->quantity, "notify::value", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_set_focus (ADW_DIALOG (self), product_id != NULL ? GTK_WIDGET (self->serials)
                                                              : GTK_WIDGET (self->product));
  update (self);
  return ADW_DIALOG (self);
}
