/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-moves-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "devices/muster-device-page.h"
#include "model/muster-stock-move.h"
#include "muster-inventory-actions.h"
#include "muster-moves-view.h"
#include "muster-page.h"
#include "muster-product-page.h"
#include "widgets/muster-path-label.h"
#include "widgets/muster-records-view.h"
#include "widgets/muster-references.h"

struct _MusterMovesView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterMovesView, muster_moves_view, ADW_TYPE_BIN)

/* --- cells --- */

static const char *
get_icon_name (MusterEntity *move)
{
  if (muster_entity_get_boolean (move, "outside_from"))
    return "muster-arrive-symbolic";
  return muster_entity_get_boolean (move, "outside_to") ? "muster-leave-symbolic"
                                                        : "muster-move-symbolic";
}

static GtkWidget *
create_place (MusterSession *session)
{
  return muster_path_label_new ();
}

/* "Outside" and "no place" are not the same. */
static void
show_place (GtkWidget     *cell,
            MusterEntity  *move,
            MusterSession *session,
            const char    *field,
            const char    *outside)
{
  const char *id = muster_entity_get_string (move, field);
  const char *name = NULL;

  if (id != NULL)
    name = muster_references_get_name (muster_references_get (session), "location", id);
  else if (muster_entity_get_boolean (move, outside))
    name = _ ("Outside");
  else if (muster_entity_get_enum (move, "reason") == MUSTER_MOVE_REASON_RESERVE)
    name = ""; /* what is set aside stays where it is */
  else
    name = _ ("No place");
  muster_path_label_set_path (MUSTER_PATH_LABEL (cell), name != NULL ? name : "…");
}

static void
show_from (GtkWidget *cell, MusterEntity *move, MusterSession *session)
{
  show_place (cell, move, session, "from_location_id", "outside_from");
}

static void
show_to (GtkWidget *cell, MusterEntity *move, MusterSession *session)
{
  show_place (cell, move, session, "to_location_id", "outside_to");
}

static const MusterColumn columns[] = {
  { "product_id", 180, .flags = MUSTER_COLUMN_TITLE, .get_icon_name = get_icon_name },
  { "reason", 100 },
  { "quantity", 80 },
  { "device_id", 140, 3 },
  { "from_location_id", 170, 2, .create = create_place, .show = show_from },
  { "to_location_id", 170, 1, .create = create_place, .show = show_to },
  { "created_at", 100, 4, MUSTER_COLUMN_AGE, N_ ("When") },
  { "actor", 100, 6, MUSTER_COLUMN_HIDDEN },
  { "batch_id", 90, 6, MUSTER_COLUMN_HIDDEN },
  { "order_id", 130, 6, MUSTER_COLUMN_HIDDEN },
  { "delivery_id", 130, 6, MUSTER_COLUMN_HIDDEN },
  { "stocktake_id", 130, 6, MUSTER_COLUMN_HIDDEN },
  { "note", 150, 5 },
};

static const MusterFilterChip chips[] = {
  { "reason", "receive" }, { "reason", "put_away" }, { "reason", "move" },
  { "reason", "reserve" }, { "reason", "pick" },     { "reason", "ship" },
  { "reason", "return" },  { "reason", "adjust" },   { "reason", "scrap" },
};

static const char *const below[] = { "device_id", "to_location_id", "created_at", NULL };

static const MusterRecordsSpec spec = {
  .info = &muster_stock_move_info,
  .name = "moves",
  .title = N_ ("Stock moves"),
  .search = N_ ("Note"),
  .sort = "-created_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .empty_icon = "muster-move-symbolic",
  .empty_title = N_ ("Nothing Has Moved Yet"),
  .empty_text = N_ ("Whatever comes, goes, or is put somewhere else stands here: quantities and "
                    "places are the sum of it."),
  .new_label = N_ ("_Move Goods…"),
  .new_operation = "createStockMove",
};

/* The unit where there is one, else the product. */
static void
muster_moves_view_activate_cb (MusterMovesView *self, MusterIndexItem *item)
{
  MusterPage   *page = MUSTER_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (self), MUSTER_TYPE_PAGE));
  MusterEntity *move = muster_index_item_get_entity (item);

  if (move == NULL)
    return;
  if (!muster_entity_is_null (move, "device_id"))
    muster_page_push (page, muster_device_page_new (self->session,
                                                    muster_entity_get_string (move, "device_id")));
  else
    muster_page_push (page,
                      muster_product_page_new (self->session,
                                               muster_entity_get_string (move, "product_id")));
}

static void
muster_moves_view_new_cb (MusterMovesView *self)
{
  muster_inventory_move_goods (self->session, GTK_WIDGET (self), NULL, NULL);
}

static void
muster_moves_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_MOVES_VIEW (object)->session);
  G_OBJECT_CLASS (muster_moves_view_parent_class)->dispose (object);
}

static void
muster_moves_view_class_init (MusterMovesViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_moves_view_dispose;
}

static void
muster_moves_view_init (MusterMovesView *self)
{
}

GtkWidget *
muster_moves_view_new (MusterSession *session)
{
  MusterMovesView *self = g_object_new (MUSTER_TYPE_MOVES_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_moves_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_moves_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  return GTK_WIDGET (self);
}
