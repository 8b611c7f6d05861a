/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-board"

#include "config.h"

#include <inttypes.h>

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-journal.h"
#include "client/muster-api-orders.h"
#include "muster-hindsight.h"
#include "muster-order-board.h"
#include "muster-order-card.h"
#include "widgets/muster-list.h"

/* More cards than anybody reads; the head of the column says how many there are. */
#define MAX_CARDS 50
#define N_COLUMNS 5
#define COLUMN_WIDTH 184
#define RELOAD_DELAY 150

typedef struct
{
  MusterOrderBoard *board;
  int               status;
  GtkWidget        *box;
  GtkLabel         *count;
  GtkListBox       *cards;
  GtkLabel         *more;
} Column;

struct _MusterOrderBoard
{
  GtkWidget parent_instance;

  MusterSession         *session; /* (owned) */
  MusterApiSubscription *journal; /* (owned) */
  char                  *kind;    /* (owned) (nullable) */
  unsigned               loads;   /* so many were begun: the newest counts */
  unsigned               reload_id;
  GtkWidget             *scroller;
  Column                 columns[N_COLUMNS];
};

G_DEFINE_FINAL_TYPE (MusterOrderBoard, muster_order_board, GTK_TYPE_WIDGET)

enum
{
  ACTIVATE,
  SHIP,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* --- moving --- */

typedef struct
{
  MusterOrderBoard *board;
  MusterEntity     *order;
  int               status;
} Move;

static void
move_free (gpointer data)
{
  Move *move = data;

  g_object_unref (move->board);
  g_object_unref (move->order);
  g_free (move);
}

static DexFuture *
muster_order_board_move_fiber (gpointer user_data)
{
  Move             *move = user_data;
  MusterOrderBoard *self = move->board;
  const char       *id = muster_entity_get_id (move->order);
  const char       *number = muster_entity_get_string (move->order, "order_number");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) order = dex_await_boxed (
    muster_api_orders_set_status (muster_session_get_client (self->session), id, move->status),
    &error);
  g_autofree char *text =
    g_strdup_printf (_ ("%s: %s"), number,
                     _ (muster_enum_get_label (&muster_order_status_enum, move->status)));

  if (order != NULL)
    muster_session_offer_journal_undo (self->session, text, "order", id);
  else
    muster_session_tell_error (self->session, number, error);
  if (self->scroller != NULL)
    muster_order_board_refresh (self);
  return dex_future_new_true ();
}

/* What leaves, and with whom, is asked; all else just happens. */
static void
move_order (MusterOrderBoard *self, MusterEntity *order, int status)
{
  Move *move;
  int   now = muster_entity_get_enum (order, "status");

  if (now == status)
    return;
  if (status == MUSTER_ORDER_STATUS_SHIPPED &&
      muster_entity_get_enum (order, "kind") == MUSTER_ORDER_KIND_SALES)
    {
      g_signal_emit (self, signals[SHIP], 0, order);
      return;
    }
  move = g_new0 (Move, 1);
  move->board = g_object_ref (self);
  move->order = g_object_ref (order);
  move->status = status;
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_order_board_move_fiber, move, move_free));
}

static void
muster_order_board_card_move_cb (MusterOrderBoard *self, int status, MusterOrderCard *card)
{
  move_order (self, muster_order_card_get_order (card), status);
}

/* --- dropping --- */

static gboolean
accepts (Column *column, const GValue *value)
{
  MusterEntity *order =
    value != NULL && G_VALUE_HOLDS (value, MUSTER_TYPE_ORDER) ? g_value_get_object (value) : NULL;

  return order != NULL && muster_entity_get_enum (order, "status") != column->status &&
         muster_state_machine_allows (&muster_order_status_machine,
                                      muster_entity_get_enum (order, "status"), column->status);
}

static GdkDragAction
muster_order_board_motion_cb (GtkDropTarget *target, double x, double y, gpointer column)
{
  return accepts (column, gtk_drop_target_get_value (target)) ? GDK_ACTION_MOVE : 0;
}

static gboolean
muster_order_board_drop_cb (GtkDropTarget *target,
                            const GValue  *value,
                            double         x,
                            double         y,
                            gpointer       user_data)
{
  Column *column = user_data;

  if (!accepts (column, value))
    return FALSE;
  move_order (column->board, g_value_get_object (value), column->status);
  return TRUE;
}

/* --- reading --- */

static void
show_column (Column *column, MusterApiPage *page)
{
  MusterOrderBoard *self = column->board;
  gint64            total = muster_api_page_get_total (page);
  unsigned          length = muster_api_page_get_length (page);
  g_autofree char  *count = g_strdup_printf ("%" G_GINT64_FORMAT, MAX (total, length));
  g_autofree char  *more = NULL;
  g_autofree char  *label = NULL;

  muster_list_clear (column->cards);
  for (unsigned i = 0; i < length; i++)
    {
      GtkWidget *card = muster_order_card_new (self->session, muster_api_page_get (page, i));

      g_signal_connect_object (card, "move", G_CALLBACK (muster_order_board_card_move_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_list_box_append (column->cards, card);
    }
  gtk_label_set_label (column->count, count);
  if (total > length)
    more = g_strdup_printf (_ ("and %" PRId64 " more: see the list"), total - length);
  gtk_label_set_label (column->more, more != NULL ? more : "");
  gtk_widget_set_visible (GTK_WIDGET (column->more), more != NULL);
  /* Translators: a column of the board and how many orders are in it. */
  label =
    g_strdup_printf (_ ("%s: %s"),
                     _ (muster_enum_get_label (&muster_order_status_enum, column->status)), count);
  gtk_accessible_update_property (GTK_ACCESSIBLE (column->cards), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static DexFuture *
muster_order_board_load_fiber (gpointer user_data)
{
  MusterOrderBoard *self = user_data;
  const unsigned    number = self->loads;

  for (unsigned i = 0; i < N_COLUMNS; i++)
    {
      const char *filters[] = {
        "status", muster_enum_get_nick (&muster_order_status_enum, self->columns[i].status),
        self->kind != NULL ? "kind" : NULL, self->kind, NULL
      };
      const MusterApiListQuery query = { .sort = "-updated_at",
                                         .limit = MAX_CARDS,
                                         .filters = filters };
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterApiPage) page = dex_await_object (
        muster_api_orders_list (muster_session_get_client (self->session), &query), &error);

      if (self->scroller == NULL || number != self->loads)
        return dex_future_new_true ();
      if (page != NULL)
        show_column (&self->columns[i], page);
      else
        g_message ("could not read the orders of a column: %s", error->message);
    }
  return dex_future_new_true ();
}

void
muster_order_board_refresh (MusterOrderBoard *self)
{
  g_return_if_fail (MUSTER_IS_ORDER_BOARD (self));

  muster_hindsight_note (GTK_WIDGET (self));
  self->loads++;
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_order_board_load_fiber,
                                          g_object_ref (self), g_object_unref));
}

void
muster_order_board_set_kind (MusterOrderBoard *self, const char *kind)
{
  g_return_if_fail (MUSTER_IS_ORDER_BOARD (self));

  if (g_set_str (&self->kind, kind))
    muster_order_board_refresh (self);
}

static void
muster_order_board_moment_cb (GtkWidget *widget)
{
  muster_order_board_refresh (MUSTER_ORDER_BOARD (widget));
}

static gboolean
muster_order_board_reload_cb (gpointer user_data)
{
  MUSTER_ORDER_BOARD (user_data)->reload_id = 0;
  muster_order_board_refresh (user_data);
  return G_SOURCE_REMOVE;
}

static void
muster_order_board_journal_cb (MusterOrderBoard *self,
                               const char       *topic,
                               const char       *subject,
                               JsonObject       *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change != NULL && self->reload_id == 0 &&
      g_strcmp0 (muster_api_change_get_entity (change), "order") == 0)
    self->reload_id = g_timeout_add (RELOAD_DELAY, muster_order_board_reload_cb, self);
}

static void
muster_order_board_activated_cb (MusterOrderBoard *self, GtkListBoxRow *row)
{
  g_signal_emit (self, signals[ACTIVATE], 0, muster_order_card_get_order (MUSTER_ORDER_CARD (row)));
}

/* --- building --- */

static GtkWidget *
create_head (Column *column)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *title =
    gtk_label_new (_ (muster_enum_get_label (&muster_order_status_enum, column->status)));

  column->count = GTK_LABEL (gtk_label_new ("–"));
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (GTK_WIDGET (column->count), "badge");
  gtk_widget_set_valign (GTK_WIDGET (column->count), GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (column->count));
  return head;
}

static GtkWidget *
create_column (MusterOrderBoard *self, Column *column, int status)
{
  GtkWidget     *scroller = gtk_scrolled_window_new ();
  GtkWidget     *inner = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkDropTarget *target = gtk_drop_target_new (MUSTER_TYPE_ORDER, GDK_ACTION_MOVE);

  column->board = self;
  column->status = status;
  column->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  column->cards = GTK_LIST_BOX (gtk_list_box_new ());
  column->more = GTK_LABEL (gtk_label_new (NULL));
  gtk_list_box_set_selection_mode (column->cards, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (column->cards), "cards");
  gtk_widget_add_css_class (GTK_WIDGET (column->more), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (column->more), "dim-label");
  gtk_widget_set_visible (GTK_WIDGET (column->more), FALSE);
  gtk_widget_add_css_class (column->box, "board-column");
  gtk_widget_set_size_request (column->box, COLUMN_WIDTH, -1);
  gtk_widget_set_hexpand (column->box, TRUE);
  gtk_box_append (GTK_BOX (inner), GTK_WIDGET (column->cards));
  gtk_box_append (GTK_BOX (inner), GTK_WIDGET (column->more));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), inner);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (column->box), create_head (column));
  gtk_box_append (GTK_BOX (column->box), scroller);
  g_signal_connect_object (column->cards, "row-activated",
                           G_CALLBACK (muster_order_board_activated_cb), self, G_CONNECT_SWAPPED);
  /* Whether it may go there is known only by what it is. */
  gtk_drop_target_set_preload (target, TRUE);
  g_signal_connect (target, "motion", G_CALLBACK (muster_order_board_motion_cb), column);
  g_signal_connect (target, "enter", G_CALLBACK (muster_order_board_motion_cb), column);
  g_signal_connect (target, "drop", G_CALLBACK (muster_order_board_drop_cb), column);
  gtk_widget_add_controller (column->box, GTK_EVENT_CONTROLLER (target));
  return column->box;
}

static void
muster_order_board_dispose (GObject *object)
{
  MusterOrderBoard *self = MUSTER_ORDER_BOARD (object);

  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  g_clear_handle_id (&self->reload_id, g_source_remove);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->session);
  g_clear_pointer (&self->kind, g_free);
  G_OBJECT_CLASS (muster_order_board_parent_class)->dispose (object);
}

static void
muster_order_board_class_init (MusterOrderBoardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType           type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_order_board_dispose;
  signals[ACTIVATE] = g_signal_new ("activate", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, MUSTER_TYPE_ORDER);
  signals[SHIP] = g_signal_new ("ship", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, MUSTER_TYPE_ORDER);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "board");
}

static void
muster_order_board_init (MusterOrderBoard *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->scroller = gtk_scrolled_window_new ();
  for (unsigned i = 0; i < N_COLUMNS; i++)
    gtk_box_append (GTK_BOX (box), create_column (self, &self->columns[i], i));
  gtk_widget_add_css_class (box, "board");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), box);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

GtkWidget *
muster_order_board_new (MusterSession *session)
{
  MusterOrderBoard *self = g_object_new (MUSTER_TYPE_ORDER_BOARD, NULL);

  self->session = g_object_ref (session);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_order_board_journal_cb), self,
                           G_CONNECT_SWAPPED);
  muster_hindsight_follow (GTK_WIDGET (self), session, muster_order_board_moment_cb);
  muster_order_board_refresh (self);
  return GTK_WIDGET (self);
}
