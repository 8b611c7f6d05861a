/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-announce-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-orders.h"
#include "model/muster-order-item.h"
#include "muster-announce-dialog.h"
#include "muster-announcement.h"
#include "scanning/muster-scan.h"
#include "widgets/muster-dialog.h"
#include "widgets/muster-open-file.h"
#include "widgets/muster-record-items.h"
#include "widgets/muster-text-row.h"

/* From the last key to the question what a short form stands for, in ms. */
#define DELAY 250
#define MAX_PROBLEMS 6

struct _MusterAnnounceDialog
{
  AdwDialog parent_instance;

  MusterSession      *session;      /* (owned) */
  MusterEntity       *delivery;     /* (owned) */
  GPtrArray          *lines;        /* (owned) (element-type MusterOrderItem) of goods */
  MusterAnnouncement *announcement; /* (owned) (nullable) */
  GStrv               serials;      /* (owned) (nullable) what a short form stands for */
  DexFuture          *expanding;    /* (owned) (nullable) */
  DexFuture          *sending;      /* (owned) (nullable) */
  unsigned            delay_id;     /* timeout */
  MusterTextRow      *text;

  /* Template children */
  GtkWidget           *announce;
  AdwBanner           *banner;
  AdwComboRow         *line;
  AdwPreferencesGroup *text_group;
  GtkLabel            *summary;
  GtkLabel            *problems;
};

G_DEFINE_FINAL_TYPE (MusterAnnounceDialog, muster_announce_dialog, ADW_TYPE_DIALOG)

static unsigned
count_units (MusterAnnounceDialog *self)
{
  if (self->announcement == NULL)
    return 0;
  if (self->announcement->form == MUSTER_ANNOUNCEMENT_RANGES)
    return self->serials != NULL ? g_strv_length (self->serials) : 0;
  return self->announcement->units->len;
}

static void
show_summary (MusterAnnounceDialog *self)
{
  unsigned n_units = count_units (self);
  unsigned n_secrets =
    self->announcement != NULL ? muster_announcement_count_secrets (self->announcement) : 0;
  g_autofree char *units = g_strdup_printf (ngettext ("%u unit", "%u units", n_units), n_units);
  g_autofree char *text = NULL;

  if (n_units > 0 && n_secrets > 0)
    text =
      g_strdup_printf (ngettext ("%s, %u with its secret", "%s, %u with their secrets", n_secrets),
                       units, n_secrets);
  gtk_label_set_label (self->summary, text != NULL ? text : n_units > 0 ? units : "");
}

static void
show_problems (MusterAnnounceDialog *self, GPtrArray *problems)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; i < problems->len && i < MAX_PROBLEMS; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (char *)problems->pdata[i]);
  if (problems->len > MAX_PROBLEMS)
    g_string_append_printf (text, "\n…");
  gtk_label_set_label (self->problems, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->problems), problems->len > 0);
}

static void
muster_announce_dialog_update (MusterAnnounceDialog *self)
{
  show_summary (self);
  gtk_widget_set_sensitive (self->announce, count_units (self) > 0 &&
                                              self->announcement->errors->len == 0 &&
                                              self->lines->len > 0 && self->sending == NULL);
}

/* --- the short form --- */

static DexFuture *
muster_announce_dialog_expanded_cb (DexFuture *future, gpointer user_data)
{
  MusterAnnounceDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *serials, *duplicates;

  dex_clear (&self->expanding);
  if (self->text_group == NULL || self->announcement == NULL)
    return dex_future_new_true ();
  if (value == NULL)
    g_ptr_array_add (problems, g_strdup (error->message));
  else
    {
      serials = muster_api_json_get_array (g_value_get_boxed (value), "serials");
      duplicates = muster_api_json_get_array (g_value_get_boxed (value), "duplicates");
      for (unsigned i = 0; serials != NULL && i < json_array_get_length (serials); i++)
        g_strv_builder_add (builder, json_array_get_string_element (serials, i));
      for (unsigned i = 0; duplicates != NULL && i < json_array_get_length (duplicates); i++)
        {
          JsonObject *row = muster_api_json_as_object (json_array_get_element (duplicates, i));

          if (row != NULL)
            g_ptr_array_add (problems, g_strdup_printf (_ ("%s is here already: %s"),
                                                        muster_api_json_get_string (row, "serial"),
                                                        muster_api_json_get_string (row, "name")));
        }
      g_clear_pointer (&self->serials, g_strfreev);
      self->serials = g_strv_builder_end (builder);
    }
  show_problems (self, problems);
  muster_announce_dialog_update (self);
  return dex_future_new_true ();
}

static gboolean
muster_announce_dialog_read_cb (gpointer user_data)
{
  MusterAnnounceDialog *self = user_data;
  g_autofree char      *text = muster_text_row_dup_text (self->text);

  self->delay_id = 0;
  dex_clear (&self->expanding);
  g_clear_pointer (&self->announcement, muster_announcement_free);
  g_clear_pointer (&self->serials, g_strfreev);
  self->announcement = muster_announcement_parse (text);
  if (self->announcement->form == MUSTER_ANNOUNCEMENT_RANGES)
    self->expanding =
      dex_future_finally (muster_api_serials_expand (muster_session_get_client (self->session),
                                                     text, NULL),
                          muster_announce_dialog_expanded_cb, g_object_ref (self), g_object_unref);
  show_problems (self, self->announcement->errors);
  muster_announce_dialog_update (self);
  return G_SOURCE_REMOVE;
}

static void
muster_announce_dialog_text_cb (MusterAnnounceDialog *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  self->delay_id = g_timeout_add (DELAY, muster_announce_dialog_read_cb, self);
  gtk_widget_set_sensitive (self->announce, FALSE);
}

static gboolean
muster_announce_dialog_scanned (GtkWidget *widget, const char *code, gpointer user_data)
{
  MusterAnnounceDialog *self = MUSTER_ANNOUNCE_DIALOG (widget);
  g_autofree char      *text = muster_text_row_dup_text (self->text);
  g_autofree char *longer = *text != '\0' ? g_strconcat (text, "\n", code, NULL) : g_strdup (code);

  muster_text_row_set_text (self->text, longer);
  return TRUE;
}

/* --- sending --- */

static JsonObject *
write_unit (const char *item_id, const char *serial, const char *secret, const char *mac)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "order_item_id", item_id);
  json_object_set_string_member (object, "serial", serial);
  if (secret != NULL)
    json_object_set_string_member (object, "secret", secret);
  if (mac != NULL)
    json_object_set_string_member (object, "mac", mac);
  return object;
}

static JsonObject *
write_items (MusterAnnounceDialog *self)
{
  MusterEntity *item = self->lines->pdata[adw_combo_row_get_selected (self->line)];
  const char   *item_id = muster_entity_get_id (item);
  JsonObject   *object = json_object_new ();
  JsonArray    *items = json_array_new ();

  for (unsigned i = 0; i < self->announcement->units->len; i++)
    {
      const MusterAnnouncedUnit *unit = self->announcement->units->pdata[i];

      json_array_add_object_element (items,
                                     write_unit (item_id, unit->serial, unit->secret, unit->mac));
    }
  for (unsigned i = 0; self->serials != NULL && self->serials[i] != NULL; i++)
    json_array_add_object_element (items, write_unit (item_id, self->serials[i], NULL, NULL));
  json_object_set_array_member (object, "items", items);
  return object;
}

static DexFuture *
muster_announce_dialog_sent_cb (DexFuture *future, gpointer user_data)
{
  MusterAnnounceDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  unsigned         n_units;
  g_autofree char *text = NULL;

  dex_clear (&self->sending);
  if (self->text_group == NULL)
    return dex_future_new_true ();
  muster_announce_dialog_update (self);
  if (value == NULL)
    {
      GPtrArray *rows = muster_error_get_fields (error);

      if (rows->len > 0)
        {
          const MusterFieldError *first = rows->pdata[0];

          g_set_str (&error->message, first->detail);
        }
      muster_dialog_refuse (ADW_DIALOG (self), self->banner, self->session, error);
      return dex_future_new_true ();
    }
  n_units = count_units (self);
  text =
    g_strdup_printf (ngettext ("%u unit is expected now", "%u units are expected now", n_units),
                     n_units);
  muster_session_tell (self->session, text);
  muster_dialog_end (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static void
muster_announce_dialog_announce_cb (MusterAnnounceDialog *self)
{
  adw_banner_set_revealed (self->banner, FALSE);
  self->sending =
    dex_future_finally (muster_api_deliveries_add_items (muster_session_get_client (self->session),
                                                         muster_entity_get_id (self->delivery),
                                                         write_items (self)),
                        muster_announce_dialog_sent_cb, g_object_ref (self), g_object_unref);
  muster_announce_dialog_update (self);
}

static DexFuture *
muster_announce_dialog_file_fiber (gpointer user_data)
{
  MusterAnnounceDialog *self = user_data;
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  gtk_file_dialog_set_title (dialog, _ ("Serial Numbers"));
  file = dex_await_object (muster_open_file (dialog, GTK_WIDGET (self)), NULL);
  if (file == NULL)
    return dex_future_new_true ();
  bytes = dex_await_boxed (dex_file_load_contents_bytes (file), &error);
  if (self->text_group == NULL)
    return dex_future_new_true ();
  if (bytes == NULL)
    {
      muster_dialog_refuse (ADW_DIALOG (self), self->banner, self->session, error);
      return dex_future_new_true ();
    }
  text = g_utf8_make_valid (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  muster_text_row_set_text (self->text, text);
  return dex_future_new_true ();
}

static void
muster_announce_dialog_file_cb (MusterAnnounceDialog *self)
{
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_announce_dialog_file_fiber,
                                          g_object_ref (self), g_object_unref));
}

static void
muster_announce_dialog_cancel_cb (MusterAnnounceDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

/* The lines of goods of the delivery's order. */
static DexFuture *
muster_announce_dialog_load_fiber (gpointer user_data)
{
  MusterAnnounceDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object =
              dex_await_boxed (muster_api_orders_get (muster_session_get_client (self->session),
                                                      muster_entity_get_string (self->delivery,
                                                                                "order_id")),
                               &error);
  g_autoptr (MusterRecordItems) order = NULL;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  if (object != NULL)
    order = muster_record_items_new_from_json (object, &muster_order_info, &muster_order_item_info,
                                               &error);
  if (self->text_group == NULL)
    return dex_future_new_true ();
  if (order == NULL)
    {
      muster_dialog_refuse (ADW_DIALOG (self), self->banner, self->session, error);
      return dex_future_new_true ();
    }
  for (unsigned i = 0; i < order->items->len; i++)
    {
      MusterEntity *item = order->items->pdata[i];
      const char   *name = muster_entity_get_string (item, "description");

      if (muster_entity_get_enum (item, "kind") != MUSTER_ORDER_LINE_KIND_ITEM)
        continue;
      g_ptr_array_add (self->lines, g_object_ref (item));
      gtk_string_list_append (names, name != NULL ? name : _ ("Goods"));
    }
  adw_combo_row_set_model (self->line, G_LIST_MODEL (names));
  muster_announce_dialog_update (self);
  return dex_future_new_true ();
}

/* --- life --- */

static void
muster_announce_dialog_dispose (GObject *object)
{
  MusterAnnounceDialog *self = MUSTER_ANNOUNCE_DIALOG (object);

  g_clear_handle_id (&self->delay_id, g_source_remove);
  dex_clear (&self->expanding);
  dex_clear (&self->sending);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_ANNOUNCE_DIALOG);
  G_OBJECT_CLASS (muster_announce_dialog_parent_class)->dispose (object);
}

static void
muster_announce_dialog_finalize (GObject *object)
{
  MusterAnnounceDialog *self = MUSTER_ANNOUNCE_DIALOG (object);

  g_clear_object (&self->session);
  g_clear_object (&self->delivery);
  g_ptr_array_unref (self->lines);
  g_clear_pointer (&self->announcement, muster_announcement_free);
  g_clear_pointer (&self->serials, g_strfreev);
  G_OBJECT_CLASS (muster_announce_dialog_parent_class)->finalize (object);
}

static void
muster_announce_dialog_class_init (MusterAnnounceDialogClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_announce_dialog_dispose;
  object_class->finalize = muster_announce_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/announce-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterAnnounceDialog, announce);
  gtk_widget_class_bind_template_child (widget_class, MusterAnnounceDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterAnnounceDialog, line);
  gtk_widget_class_bind_template_child (widget_class, MusterAnnounceDialog, text_group);
  gtk_widget_class_bind_template_child (widget_class, MusterAnnounceDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, MusterAnnounceDialog, problems);
  gtk_widget_class_bind_template_callback (widget_class, muster_announce_dialog_announce_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_announce_dialog_file_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_announce_dialog_cancel_cb);
}

static void
muster_announce_dialog_init (MusterAnnounceDialog *self)
{
  self->lines = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->text = MUSTER_TEXT_ROW (muster_text_row_new (_ ("Serial numbers")));
  muster_text_row_set_lines (self->text, 6);
  adw_preferences_group_add (self->text_group, GTK_WIDGET (self->text));
  g_signal_connect_object (self->text, "changed", G_CALLBACK (muster_announce_dialog_text_cb), self,
                           G_CONNECT_SWAPPED);
  muster_scan_claim (GTK_WIDGET (self), muster_announce_dialog_scanned, NULL, NULL);
}

AdwDialog *
muster_announce_dialog_new (MusterSession *session, MusterEntity *delivery)
{
  MusterAnnounceDialog *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (delivery != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_ANNOUNCE_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->delivery = g_object_ref (delivery);
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->text));
  muster_announce_dialog_update (self);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_announce_dialog_load_fiber,
                                          g_object_ref (self), g_object_unref));
  return ADW_DIALOG (self);
}
