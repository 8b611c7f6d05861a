/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-receive-page"

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-error.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "client/muster-api-orders.h"
#include "model/muster-adoption-code.h"
#include "model/muster-delivery-item.h"
#include "muster-confirm-dialog.h"
#include "muster-receive-page.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-items.h"
#include "widgets/muster-references.h"
#include "widgets/muster-tick.h"

/* The last scans that stay in view. */
#define MAX_SCANS 10
/* Until a code is sent again after the site could not be reached, in ms. */
#define AGAIN 2000

/* A code that waits to be sent. */
typedef struct
{
  char  *code;
  gint64 quantity;
} Waiting;

struct _MusterReceivePage
{
  MusterPage parent_instance;

  char              *id;       /* (owned) (nullable) of the delivery */
  MusterEntity      *order;    /* (owned) (nullable) whose delivery is to be found or made */
  MusterRecordItems *delivery; /* (owned) (nullable) */
  GQueue             waiting;  /* (element-type Waiting) */
  gboolean           sending;
  char              *last_item; /* (owned) (nullable) that the last scan received */

  /* Template children */
  GtkLabel       *progress_label;
  GtkEntry       *entry;
  GtkSpinButton  *quantity;
  GtkRevealer    *card_revealer;
  GtkWidget      *card;
  GtkImage       *card_icon;
  GtkLabel       *card_title;
  GtkLabel       *card_text;
  GtkWidget      *undo;
  GtkProgressBar *bar;
  GtkListBox     *items;
  GtkWidget      *unexpected_group;
  GtkListBox     *unexpected;
  GtkWidget      *scans_group;
  GtkListBox     *scans;
};

G_DEFINE_FINAL_TYPE (MusterReceivePage, muster_receive_page, MUSTER_TYPE_PAGE)

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  g_free (waiting->code);
  g_free (waiting);
}

static MusterSession *
session_of (MusterReceivePage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterApiClient *
client_of (MusterReceivePage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

/* A code as a person may see it: never the secret that a label's code holds. */
static char *
dup_shown (const char *code)
{
  g_autofree char *serial = NULL, *secret = NULL;

  if (!muster_adoption_code_is_one (code) ||
      !muster_adoption_code_parse (code, &serial, &secret, NULL))
    return g_strdup (code);
  memset (secret, 0, strlen (secret));
  return g_steal_pointer (&serial);
}

/* --- what is shown --- */

static const char *
get_product_name (MusterReceivePage *self, MusterEntity *item)
{
  const char *id = muster_entity_get_string (item, "product_id");

  return id != NULL
           ? muster_references_get_name (muster_references_get (session_of (self)), "product", id)
           : NULL;
}

static GtkWidget *
create_item_row (MusterReceivePage *self, MusterEntity *item)
{
  const char *serial = muster_entity_get_string (item, "serial");
  const char *product = get_product_name (self, item);
  GtkWidget  *tick = muster_tick_new ();
  GtkWidget  *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                  serial != NULL    ? serial
                  : product != NULL ? product
                                    : _ ("Goods"),
                  "subtitle", serial != NULL && product != NULL ? product : "", NULL);

  muster_tick_set (tick, _ ("Received"), muster_entity_get_integer (item, "received"),
                   muster_entity_get_integer (item, "quantity"));
  gtk_widget_set_valign (tick, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), tick);
  return row;
}

/* What is still to come stands first: that is what one looks for. */
static void
show_items (MusterReceivePage *self)
{
  gint64           received = 0, expected = 0;
  g_autofree char *text = NULL;

  muster_list_clear (self->items);
  for (unsigned pass = 0; pass < 2; pass++)
    for (unsigned i = 0; i < self->delivery->items->len; i++)
      {
        MusterEntity *item = self->delivery->items->pdata[i];
        gint64        done = muster_entity_get_integer (item, "received");
        gint64        wanted = muster_entity_get_integer (item, "quantity");

        if ((done >= wanted) != (pass == 1))
          continue;
        received += done;
        expected += wanted;
        gtk_list_box_append (self->items, create_item_row (self, item));
      }
  text = g_strdup_printf (_ ("%" PRId64 " of %" PRId64 " received"), received, expected);
  gtk_label_set_label (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->bar,
                                 expected > 0 ? MIN ((double)received / expected, 1) : 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
}

static void
muster_receive_page_update_actions (MusterReceivePage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "receive.undo",
                                 self->last_item != NULL &&
                                   muster_page_may (MUSTER_PAGE (self), "undoChange"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "receive.confirm",
                                 self->delivery != NULL && self->waiting.length == 0 &&
                                   muster_page_may (MUSTER_PAGE (self), "confirmDelivery"));
}

static void
show_delivery (MusterReceivePage *self)
{
  g_autofree char *title =
    g_strdup_printf (_ ("Receive %s"),
                     muster_entity_get_string (self->delivery->record, "delivery_number"));

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), title);
  show_items (self);
  muster_receive_page_update_actions (self);
}

static GtkWidget *
create_scan_row (const char *title, const char *text, const char *icon_name, const char *tone)
{
  GtkWidget *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle", text, NULL);
  GtkWidget *image = gtk_image_new_from_icon_name (icon_name);

  gtk_widget_add_css_class (image, tone);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  return row;
}

/* One scan, large above and as the newest of the last ones below. */
static void
show_scan (MusterReceivePage *self, const char *title, const char *text, gboolean taken)
{
  const char    *icon_name = taken ? "object-select-symbolic" : "dialog-warning-symbolic";
  const char    *tone = taken ? "success" : "warning";
  const char    *classes[] = { "card", "report", tone, NULL };
  GtkListBoxRow *oldest;

  gtk_label_set_label (self->card_title, title);
  gtk_label_set_label (self->card_text, text);
  gtk_image_set_from_icon_name (self->card_icon, icon_name);
  gtk_widget_set_css_classes (self->card, classes);
  gtk_widget_set_visible (self->undo, taken);
  gtk_revealer_set_reveal_child (self->card_revealer, TRUE);
  gtk_list_box_prepend (self->scans, create_scan_row (title, text, icon_name, tone));
  oldest = gtk_list_box_get_row_at_index (self->scans, MAX_SCANS);
  if (oldest != NULL)
    gtk_list_box_remove (self->scans, GTK_WIDGET (oldest));
  gtk_widget_set_visible (self->scans_group, TRUE);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
show_unexpected (MusterReceivePage *self, const char *title, const char *text)
{
  gtk_list_box_append (self->unexpected,
                       create_scan_row (title, text, "dialog-warning-symbolic", "warning"));
  gtk_widget_set_visible (self->unexpected_group, TRUE);
}

static void
muster_receive_page_names_cb (MusterReceivePage *self)
{
  if (self->delivery != NULL)
    show_items (self);
}

/* --- reading --- */

static gboolean
take_delivery (MusterReceivePage *self, JsonObject *object, GError **error)
{
  MusterRecordItems *delivery =
    muster_record_items_new_from_json (object, &muster_delivery_info, &muster_delivery_item_info,
                                       error);

  if (delivery == NULL)
    return FALSE;
  g_clear_pointer (&self->delivery, muster_record_items_free);
  self->delivery = delivery;
  g_set_str (&self->id, muster_entity_get_id (delivery->record));
  show_delivery (self);
  return TRUE;
}

/* The delivery of the order that is open, else a new one of it: its JSON (transfer full). */
static JsonObject *
await_delivery_of_order (MusterReceivePage *self, GError **error)
{
  const char *order_id = muster_entity_get_id (self->order);
  const char *filters[] = { "order_id", order_id, "status", "pending,shipped,in_transit", NULL };
  const MusterApiListQuery query = { .limit = 1, .filters = filters };
  g_autoptr (MusterApiPage) page =
              dex_await_object (muster_api_deliveries_list (client_of (self), &query), error);
  JsonObject *members;

  if (page == NULL)
    return NULL;
  if (muster_api_page_get_length (page) > 0)
    return dex_await_boxed (muster_api_deliveries_get (client_of (self),
                                                       muster_entity_get_id (
                                                         muster_api_page_get (page, 0))),
                            error);
  members = json_object_new ();
  json_object_set_string_member (members, "order_id", order_id);
  return dex_await_boxed (muster_api_deliveries_create (client_of (self), members), error);
}

static DexFuture *
muster_receive_page_load_fiber (gpointer user_data)
{
  MusterReceivePage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = NULL;

  if (self->id == NULL)
    object = await_delivery_of_order (self, &error);
  else
    object = dex_await_boxed (muster_api_deliveries_get (client_of (self), self->id), &error);
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (object == NULL || !take_delivery (self, object, &error))
    muster_session_tell_error (session_of (self), _ ("The delivery could not be read"), error);
  return dex_future_new_true ();
}

static void
muster_receive_page_refresh (MusterPage *page)
{
  muster_page_run (page, muster_receive_page_load_fiber);
}

/* --- scanning --- */

/* What the site says that a code was. */
static void
take_answer (MusterReceivePage *self, const char *shown, JsonObject *answer)
{
  const char *result = muster_api_json_get_string (answer, "result");
  const char *detail = muster_api_json_get_string (answer, "detail");
  const char *what = muster_api_json_get_string (answer, "description");

  g_clear_pointer (&self->last_item, g_free);
  if (g_strcmp0 (result, "received") == 0 || g_strcmp0 (result, "counted") == 0)
    {
      g_autofree char *text = g_strdup_printf (_ ("%s · %" PRId64 " of %" PRId64 " received"),
                                               what != NULL ? what : _ ("Goods"),
                                               muster_api_json_get_integer (answer, "received", 0),
                                               muster_api_json_get_integer (answer, "quantity", 0));

      self->last_item = g_strdup (muster_api_json_get_string (answer, "delivery_item_id"));
      show_scan (self, shown, text, TRUE);
    }
  else if (g_strcmp0 (result, "again") == 0)
    show_scan (self, shown, _ ("Was received before: nothing has changed"), FALSE);
  else if (g_strcmp0 (result, "product") == 0)
    show_scan (self, shown, _ ("That is the product: now scan the serial number of the unit"),
               FALSE);
  else
    {
      detail = detail != NULL ? detail : _ ("Nothing that this delivery should bring");
      show_scan (self, shown, detail, FALSE);
      show_unexpected (self, shown, detail);
    }
}

/* Sends what waits, one after the other, in the order of the scans. */
static DexFuture *
muster_receive_page_send_fiber (gpointer user_data)
{
  MusterReceivePage *self = user_data;

  while (muster_page_is_alive (MUSTER_PAGE (self)) && self->waiting.length > 0)
    {
      Waiting         *waiting = g_queue_peek_head (&self->waiting);
      g_autofree char *shown = dup_shown (waiting->code);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) answer = NULL;

      if (self->id != NULL)
        answer = dex_await_boxed (muster_api_deliveries_scan (client_of (self), self->id,
                                                              waiting->code, waiting->quantity),
                                  &error);
      else
        error = g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "not there yet");
      if (!muster_page_is_alive (MUSTER_PAGE (self)))
        break;
      if (answer == NULL && muster_api_error_is_passing (error))
        {
          g_autofree char *text =
            g_strdup_printf (ngettext ("%u scan waits for the site", "%u scans wait for the site",
                                       self->waiting.length),
                             self->waiting.length);

          gtk_label_set_label (self->progress_label, text);
          dex_await (dex_timeout_new_msec (AGAIN), NULL);
          continue;
        }
      waiting_free (g_queue_pop_head (&self->waiting));
      if (answer != NULL)
        take_answer (self, shown, answer);
      else
        {
          g_clear_pointer (&self->last_item, g_free);
          show_scan (self, shown, error->message, FALSE);
          show_unexpected (self, shown, error->message);
        }
      muster_receive_page_update_actions (self);
      muster_receive_page_refresh (MUSTER_PAGE (self));
    }
  self->sending = FALSE;
  return dex_future_new_true ();
}

static void
take_code (MusterReceivePage *self, const char *code, gint64 quantity)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->code = g_strstrip (g_strdup (code));
  waiting->quantity = quantity;
  g_queue_push_tail (&self->waiting, waiting);
  muster_receive_page_update_actions (self);
  if (self->sending)
    return;
  self->sending = TRUE;
  muster_page_run (MUSTER_PAGE (self), muster_receive_page_send_fiber);
}

static void
muster_receive_page_entry_cb (MusterReceivePage *self)
{
  g_autofree char *code = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));

  if (*code == '\0')
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  take_code (self, code, gtk_spin_button_get_value_as_int (self->quantity));
  gtk_spin_button_set_value (self->quantity, 1);
}

static gboolean
muster_receive_page_scan (MusterPage *page, const char *code)
{
  MusterReceivePage *self = MUSTER_RECEIVE_PAGE (page);

  take_code (self, code, gtk_spin_button_get_value_as_int (self->quantity));
  gtk_spin_button_set_value (self->quantity, 1);
  return TRUE;
}

/* --- taking back --- */

/* The newest change of what was received last, with all that came with it. */
static DexFuture *
muster_receive_page_undo_fiber (gpointer user_data)
{
  MusterReceivePage *self = user_data;
  g_autofree char   *item = g_steal_pointer (&self->last_item);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterApiPage) page = NULL;
  gint64 sequence = 0;

  if (item == NULL)
    return dex_future_new_true ();
  muster_receive_page_update_actions (self);
  page = dex_await_object (muster_api_journal_list (client_of (self), "delivery_item", item, 0, 1),
                           &error);
  if (page != NULL && muster_api_page_get_length (page) > 0)
    sequence = muster_api_change_get_sequence (muster_api_page_get (page, 0));
  if (sequence > 0)
    dex_await (muster_api_journal_undo (client_of (self), sequence), &error);
  else if (error == NULL)
    g_set_error_literal (&error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                         _ ("nothing is known of it"));
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (error != NULL)
    muster_session_tell_error (session_of (self), _ ("Could not take it back"), error);
  /* What was scanned meanwhile stands on the card now. */
  else if (self->last_item == NULL)
    {
      gtk_label_set_label (self->card_text, _ ("Taken back"));
      gtk_widget_set_visible (self->undo, FALSE);
    }
  muster_receive_page_refresh (MUSTER_PAGE (self));
  return dex_future_new_true ();
}

static void
muster_receive_page_undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_page_run (MUSTER_PAGE (widget), muster_receive_page_undo_fiber);
}

static void
muster_receive_page_confirm_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterReceivePage *self = MUSTER_RECEIVE_PAGE (widget);

  adw_dialog_present (muster_confirm_dialog_new (session_of (self), self->delivery->record),
                      widget);
}

/* --- life --- */

static void
muster_receive_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_RECEIVE_PAGE);
  G_OBJECT_CLASS (muster_receive_page_parent_class)->dispose (object);
}

static void
muster_receive_page_finalize (GObject *object)
{
  MusterReceivePage *self = MUSTER_RECEIVE_PAGE (object);

  g_free (self->id);
  g_free (self->last_item);
  g_clear_object (&self->order);
  g_clear_pointer (&self->delivery, muster_record_items_free);
  g_queue_clear_full (&self->waiting, waiting_free);
  G_OBJECT_CLASS (muster_receive_page_parent_class)->finalize (object);
}

static void
muster_receive_page_class_init (MusterReceivePageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_receive_page_dispose;
  object_class->finalize = muster_receive_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_receive_page_refresh;
  MUSTER_PAGE_CLASS (klass)->scan = muster_receive_page_scan;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/receive-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, progress_label);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, entry);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, quantity);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, card_revealer);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, card);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, card_icon);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, card_title);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, card_text);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, undo);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, bar);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, items);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, unexpected_group);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, unexpected);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, scans_group);
  gtk_widget_class_bind_template_child (widget_class, MusterReceivePage, scans);
  gtk_widget_class_bind_template_callback (widget_class, muster_receive_page_entry_cb);
  gtk_widget_class_install_action (widget_class, "receive.undo", NULL,
                                   muster_receive_page_undo_action);
  gtk_widget_class_install_action (widget_class, "receive.confirm", NULL,
                                   muster_receive_page_confirm_action);
}

static void
muster_receive_page_init (MusterReceivePage *self)
{
  g_queue_init (&self->waiting);
  gtk_widget_init_template (GTK_WIDGET (self));
}

static MusterReceivePage *
create (MusterSession *session)
{
  MusterReceivePage *self =
    g_object_new (MUSTER_TYPE_RECEIVE_PAGE, "session", session, "title", _ ("Receive"), NULL);

  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_receive_page_names_cb), self, G_CONNECT_SWAPPED);
  muster_receive_page_update_actions (self);
  return self;
}

MusterPage *
muster_receive_page_new (MusterSession *session, const char *delivery_id)
{
  MusterReceivePage *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (delivery_id != NULL, NULL);

  self = create (session);
  self->id = g_strdup (delivery_id);
  muster_receive_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}

MusterPage *
muster_receive_page_new_for_order (MusterSession *session, MusterEntity *order)
{
  MusterReceivePage *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (order != NULL, NULL);

  self = create (session);
  self->order = g_object_ref (order);
  muster_receive_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}
