/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-editor-save"

#include "config.h"

#include <stdlib.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-orders.h"
#include "model/muster-time.h"
#include "muster-order-draft.h"
#include "muster-order-editor-line.h"
#include "muster-order-editor-private.h"
#include "muster-order-page.h"
#include "widgets/muster-date-row.h"
#include "widgets/muster-text-row.h"

static void
set_member (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

/* Prices are the catalogue's where a customer orders. */
static void
drop_price (JsonArray *lines, unsigned index, JsonNode *node, gpointer user_data)
{
  json_object_remove_member (json_node_get_object (node), "unit_price");
}

/* All that is written, as the API takes it: (transfer full). */
static JsonObject *
write_order (MusterOrderEditor *self)
{
  JsonObject      *object = json_object_new ();
  g_autofree char *address = muster_text_row_dup_text (self->address);
  g_autofree char *notes = muster_text_row_dup_text (self->notes);
  gint64           due = muster_date_row_get_time (self->due);
  char             due_text[MUSTER_TIME_TEXT_LENGTH + 1];

  if (self->order == NULL && !self->own)
    json_object_set_string_member (object, "kind",
                                   muster_enum_get_nick (&muster_order_kind_enum, self->kind));
  if (!self->own)
    {
      json_object_set_string_member (object, "customer",
                                     muster_order_editor_get_text (self->customer));
      set_member (object, "customer_id", self->customer_id);
      set_member (object, "customer_email", muster_order_editor_get_text (self->email));
    }
  set_member (object, "reference", muster_order_editor_get_text (self->reference));
  set_member (object, "shipping_address", address);
  set_member (object, "due_at", due > 0 ? muster_time_format (due, due_text) : NULL);
  set_member (object, "notes", notes);
  if (muster_order_editor_can_change_lines (self))
    {
      JsonArray *lines = muster_order_draft_to_json (self->draft);

      if (self->own)
        json_array_foreach_element (lines, drop_price, NULL);
      json_object_set_string_member (object, "currency",
                                     muster_order_draft_get_currency (self->draft));
      json_object_set_array_member (object, "items", lines);
    }
  return object;
}

char *
muster_order_editor_dup_draft_key (MusterOrderEditor *self)
{
  return g_strconcat ("muster-order-draft-",
                      muster_enum_get_nick (&muster_order_kind_enum, self->kind), NULL);
}

void
muster_order_editor_keep_draft (MusterOrderEditor *self)
{
  g_autofree char *key = muster_order_editor_dup_draft_key (self);
  gboolean         worth =
    self->order == NULL && !self->done && muster_order_draft_get_length (self->draft) > 0;

  g_object_set_data_full (G_OBJECT (muster_order_editor_get_session (self)), key,
                          worth ? write_order (self) : NULL, (GDestroyNotify)json_object_unref);
}

/* Shows DETAIL at the field that POINTER means; FALSE where that is nowhere on the page. */
static gboolean
show_field_error (MusterOrderEditor *self, const char *pointer, const char *detail)
{
  g_auto (GStrv) path = g_strsplit (*pointer == '/' ? pointer + 1 : pointer, "/", -1);
  AdwEntryRow *row = NULL;

  if (g_strcmp0 (path[0], "items") == 0 && path[1] != NULL)
    {
      MusterDraftLine       *line = muster_order_draft_get_written (self->draft, atoi (path[1]));
      MusterOrderEditorLine *line_row =
        line != NULL ? muster_order_editor_find_row (self, line) : NULL;

      if (line_row != NULL)
        muster_order_editor_line_set_error (line_row, path[2], detail);
      return line_row != NULL;
    }
  if (g_strcmp0 (path[0], "customer") == 0)
    row = self->customer;
  else if (g_strcmp0 (path[0], "customer_email") == 0)
    row = self->email;
  else if (g_strcmp0 (path[0], "reference") == 0)
    row = self->reference;
  else if (g_strcmp0 (path[0], "shipping_address") == 0)
    {
      muster_text_row_set_error (self->address, detail);
      return TRUE;
    }
  else if (g_strcmp0 (path[0], "notes") == 0)
    {
      muster_text_row_set_error (self->notes, detail);
      return TRUE;
    }
  if (row == NULL)
    return FALSE;
  gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), detail);
  return FALSE;
}

/* What is refused is shown where it stands; all of it stays as it was written. */
static void
show_error (MusterOrderEditor *self, const GError *error)
{
  GPtrArray       *refused = muster_error_get_fields (error);
  g_autofree char *text = NULL;

  if (muster_page_tell_missed (MUSTER_PAGE (self), error))
    return;
  for (unsigned i = 0; i < refused->len; i++)
    {
      const MusterFieldError *row = refused->pdata[i];

      if (!show_field_error (self, row->pointer, row->detail) && text == NULL)
        text = g_strdup_printf ("%s: %s", row->pointer + (*row->pointer == '/'), row->detail);
    }
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_PRECONDITION))
    text = g_strdup (
      _ ("Somebody else changed it meanwhile. Go back, look at it again, then change it."));
  else if (refused->len == 0)
    text = g_strdup_printf (_ ("Not saved; everything stays as you wrote it. %s"), error->message);
  else if (text == NULL)
    text = g_strdup (_ ("Not saved: mend what is marked below."));
  adw_banner_set_title (self->banner, text);
  adw_banner_set_revealed (self->banner, TRUE);
}

static void
leave (MusterOrderEditor *self, const char *id)
{
  GtkWidget  *view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);
  MusterPage *page = NULL;

  if (view == NULL)
    return;
  if (self->order == NULL)
    page = muster_order_page_new (muster_order_editor_get_session (self), id);
  if (page != NULL && self->confirms)
    muster_order_page_confirm (MUSTER_ORDER_PAGE (page));
  adw_navigation_view_pop (ADW_NAVIGATION_VIEW (view));
  if (page != NULL)
    adw_navigation_view_push (ADW_NAVIGATION_VIEW (view), ADW_NAVIGATION_PAGE (page));
}

static DexFuture *
muster_order_editor_saved_cb (DexFuture *future, gpointer user_data)
{
  MusterOrderEditor *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  JsonObject      *order;
  g_autofree char *text = NULL, *id = NULL;

  dex_clear (&self->saving);
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  muster_order_editor_update_actions (self);
  if (value == NULL)
    {
      show_error (self, error);
      return dex_future_new_true ();
    }
  order = g_value_get_boxed (value);
  id = g_strdup (muster_api_json_get_string (order, "id"));
  self->done = TRUE;
  text = g_strdup_printf (self->order == NULL ? _ ("%s was added") : _ ("%s was changed"),
                          muster_api_json_get_string (order, "order_number"));
  /* Who left meanwhile does not see it be confirmed. */
  if (!self->confirms || !muster_page_is_shown (MUSTER_PAGE (self)))
    muster_session_offer_journal_undo (muster_order_editor_get_session (self), text, "order", id);
  muster_order_editor_keep_draft (self);
  leave (self, id);
  return dex_future_new_true ();
}

static void
muster_order_editor_save (MusterOrderEditor *self, gboolean confirms)
{
  MusterApiClient *client = muster_page_get_client (MUSTER_PAGE (self));
  DexFuture       *work;

  self->confirms = confirms;
  adw_banner_set_revealed (self->banner, FALSE);
  work = self->order == NULL ? muster_api_orders_create (client, write_order (self))
                             : muster_api_orders_update (client, muster_entity_get_id (self->order),
                                                         write_order (self),
                                                         muster_entity_get_revision (self->order));
  self->saving =
    dex_future_finally (work, muster_order_editor_saved_cb, g_object_ref (self), g_object_unref);
  muster_order_editor_update_actions (self);
}

static void
muster_order_editor_save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_order_editor_save (MUSTER_ORDER_EDITOR (widget), FALSE);
}

static void
muster_order_editor_confirm_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_order_editor_save (MUSTER_ORDER_EDITOR (widget), TRUE);
}

void
muster_order_editor_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "editor.save", NULL,
                                   muster_order_editor_save_action);
  gtk_widget_class_install_action (widget_class, "editor.save-and-confirm", NULL,
                                   muster_order_editor_confirm_action);
}
