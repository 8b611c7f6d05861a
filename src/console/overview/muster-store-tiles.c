/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-store-tiles"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-inventory.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "client/muster-api-subscription.h"
#include "model/muster-alert.h"
#include "model/muster-delivery.h"
#include "model/muster-job.h"
#include "model/muster-order.h"
#include "model/muster-time.h"
#include "muster-hindsight.h"
#include "muster-store-tiles.h"
#include "muster-tile-grid.h"
#include "muster-tile.h"

/* Many records change at once: counted when they pause. */
#define SETTLE_MSEC 400

typedef enum
{
  TILE_ALERTS,
  TILE_ORDERS,
  TILE_DELIVERIES,
  TILE_REORDER,
  TILE_JOBS,
  N_TILES,
} Tile;

struct _MusterStoreTiles
{
  AdwBin parent_instance;

  MusterSession         *session;        /* (owned) (nullable) */
  MusterApiSubscription *journal, *jobs; /* (owned) (nullable) */
  unsigned               counts;         /* so many were begun: the newest goes to its end */
  unsigned               settle_id;      /* timeout */
  MusterTileGrid        *box;
  MusterTile            *tiles[N_TILES];
};

G_DEFINE_FINAL_TYPE (MusterStoreTiles, muster_store_tiles, ADW_TYPE_BIN)

static const struct
{
  const char *title;
  const char *icon_name;
  const char *operation; /* the right to see what is counted */
  const char *room;      /* NULL: it opens the window's list of jobs */
  const char *filters[5];
} tiles[N_TILES] = {
  [TILE_ALERTS] = { N_ ("Alerts"),
                    "muster-alert-symbolic",
                    "listAlerts",
                    "alerts",
                    { "status", "open,acknowledged", "cause_id", "null" } },
  [TILE_ORDERS] = { N_ ("Orders Waiting"),
                    "muster-orders-symbolic",
                    "listOrders",
                    "orders",
                    { "status", "pending,confirmed,processing" } },
  [TILE_DELIVERIES] = { N_ ("On the Way"),
                        "muster-deliveries-symbolic",
                        "listDeliveries",
                        "deliveries",
                        { "status", "shipped,in_transit" } },
  [TILE_REORDER] = { N_ ("To Reorder"),
                     "muster-reorder-symbolic",
                     "listReorders",
                     "inventory",
                     { "view", "reorder" } },
  [TILE_JOBS] = { N_ ("Jobs Running"), "muster-service-symbolic", "listJobs", NULL, { NULL } },
};

static gboolean
may (MusterStoreTiles *self, Tile tile)
{
  return muster_session_may (self->session, tiles[tile].operation);
}

/* --- counting --- */

/* How many records of INFO FILTERS let through; -1: it could not be asked. Awaits. */
static gint64
count (MusterStoreTiles *self, const MusterEntityInfo *info, const char *const *filters)
{
  const MusterApiListQuery query = { .limit = 1, .filters = filters };
  g_autoptr (MusterApiPage) page = dex_await_object (
    muster_api_collection_list (muster_session_get_client (self->session), info, &query), NULL);

  return page != NULL ? muster_api_page_get_total (page) : -1;
}

static void
show (MusterStoreTiles *self, Tile tile, gint64 n, const char *detail)
{
  g_autofree char *text = n >= 0 ? g_strdup_printf ("%'" G_GINT64_FORMAT, n) : g_strdup ("–");

  muster_tile_set (self->tiles[tile], text, detail, n);
}

static void
count_alerts (MusterStoreTiles *self)
{
  gint64           n_all = count (self, &muster_alert_info, tiles[TILE_ALERTS].filters);
  gint64           n_open = count (self, &muster_alert_info,
                                   (const char *const[]){ "status", "open", "cause_id", "null", NULL });
  g_autofree char *detail =
    n_open > 0 ? g_strdup_printf (ngettext ("%d not acknowledged", "%d not acknowledged", n_open),
                                  (int)n_open)
               : g_strdup (n_all > 0 ? _ ("all acknowledged") : _ ("all is well"));

  show (self, TILE_ALERTS, n_all, detail);
}

static void
count_orders (MusterStoreTiles *self)
{
  gint64 n_new =
    count (self, &muster_order_info, (const char *const[]){ "status", "pending", NULL });
  gint64           n_open = count (self, &muster_order_info,
                                   (const char *const[]){ "status", "confirmed,processing", NULL });
  g_autofree char *detail =
    g_strdup_printf (_ ("%d to confirm, %d to ship"), (int)MAX (n_new, 0), (int)MAX (n_open, 0));

  show (self, TILE_ORDERS, n_new < 0 || n_open < 0 ? -1 : n_new + n_open, detail);
}

static void
count_deliveries (MusterStoreTiles *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now (muster_session_get_zone (self->session));
  g_autoptr (GDateTime) day =
              g_date_time_new (muster_session_get_zone (self->session), g_date_time_get_year (now),
                               g_date_time_get_month (now), g_date_time_get_day_of_month (now), 0,
                               0, 0);
  char             begin[MUSTER_TIME_TEXT_LENGTH + 1];
  gint64           n_late, n_sent;
  g_autofree char *detail = NULL;

  muster_time_format (g_date_time_to_unix (day) * G_USEC_PER_SEC, begin);
  n_sent = count (self, &muster_delivery_info, tiles[TILE_DELIVERIES].filters);
  n_late = count (self, &muster_delivery_info,
                  (const char *const[]){ "status", "pending,shipped,in_transit", "expected_at.max",
                                         begin, NULL });
  if (n_late > 0)
    detail = g_strdup_printf (ngettext ("%d late", "%d late", n_late), (int)n_late);
  show (self, TILE_DELIVERIES, n_sent, detail != NULL ? detail : _ ("none late"));
  muster_tile_set_list (self->tiles[TILE_DELIVERIES], "deliveries",
                        n_late > 0 ? (const char *const[]){ "view", "late", NULL }
                                   : tiles[TILE_DELIVERIES].filters);
}

static void
count_reorders (MusterStoreTiles *self)
{
  g_autoptr (JsonObject) list =
              dex_await_boxed (muster_api_reorder_list (muster_session_get_client (self->session)),
                               NULL);
  JsonArray *items = list != NULL ? muster_api_json_get_array (list, "items") : NULL;

  show (self, TILE_REORDER, items != NULL ? (gint64)json_array_get_length (items) : -1,
        _ ("below their reorder point"));
}

static void
count_jobs (MusterStoreTiles *self)
{
  show (self, TILE_JOBS,
        count (self, &muster_job_info, (const char *const[]){ "status", "queued,running", NULL }),
        NULL);
}

static DexFuture *
muster_store_tiles_count_fiber (gpointer user_data)
{
  static void (*const counts[N_TILES]) (MusterStoreTiles *self) = {
    [TILE_ALERTS] = count_alerts,
    [TILE_ORDERS] = count_orders,
    [TILE_DELIVERIES] = count_deliveries,
    [TILE_REORDER] = count_reorders,
    [TILE_JOBS] = count_jobs,
  };
  MusterStoreTiles *self = user_data;
  const unsigned    number = self->counts;

  for (unsigned i = 0; i < N_TILES && self->session != NULL && number == self->counts; i++)
    if (may (self, i))
      counts[i](self);
  return dex_future_new_true ();
}

static void
muster_store_tiles_settled_cb (gpointer user_data)
{
  MusterStoreTiles *self = user_data;

  self->settle_id = 0;
  self->counts++;
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_store_tiles_count_fiber,
                                          g_object_ref (self), g_object_unref));
}

static void
recount (MusterStoreTiles *self, unsigned delay)
{
  if (self->session != NULL && self->settle_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->settle_id = g_timeout_add_once (delay, muster_store_tiles_settled_cb, self);
}

static void
muster_store_tiles_journal_cb (MusterStoreTiles *self,
                               const char       *topic,
                               const char       *subject,
                               JsonObject       *data)
{
  static const char *const entities[] = { "order",   "order_item", "delivery", "stock_move",
                                          "product", "device",     "alert",    NULL };
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change != NULL && g_strv_contains (entities, muster_api_change_get_entity (change)))
    recount (self, SETTLE_MSEC);
}

static void
muster_store_tiles_changed_cb (MusterStoreTiles *self)
{
  recount (self, SETTLE_MSEC);
}

static void
muster_store_tiles_moment_cb (GtkWidget *widget)
{
  recount (MUSTER_STORE_TILES (widget), 0);
}

static void
muster_store_tiles_rights_cb (MusterStoreTiles *self)
{
  gboolean any = FALSE;

  for (unsigned i = 0; i < N_TILES; i++)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->tiles[i]), may (self, i));
      any |= may (self, i);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), any);
  recount (self, 0);
}

/* --- life --- */

static void
muster_store_tiles_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (muster_store_tiles_parent_class)->map (widget);
  recount (MUSTER_STORE_TILES (widget), 0);
}

static void
close_subscription (MusterApiSubscription **subscription)
{
  if (*subscription != NULL)
    muster_api_subscription_close (*subscription);
  g_clear_object (subscription);
}

static void
muster_store_tiles_dispose (GObject *object)
{
  MusterStoreTiles *self = MUSTER_STORE_TILES (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  close_subscription (&self->journal);
  close_subscription (&self->jobs);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_store_tiles_parent_class)->dispose (object);
}

static void
muster_store_tiles_class_init (MusterStoreTilesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_store_tiles_dispose;
  GTK_WIDGET_CLASS (klass)->map = muster_store_tiles_map;
}

static void
muster_store_tiles_init (MusterStoreTiles *self)
{
  self->box = g_object_new (MUSTER_TYPE_TILE_GRID, "spacing", 12, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Store"), -1);
  for (unsigned i = 0; i < N_TILES; i++)
    {
      GtkWidget *tile =
        muster_tile_new (_ (tiles[i].title), tiles[i].icon_name, tiles[i].room, FALSE);

      self->tiles[i] = MUSTER_TILE (tile);
      if (tiles[i].room != NULL)
        muster_tile_set_list (self->tiles[i], tiles[i].room, tiles[i].filters);
      else
        muster_tile_set_action (self->tiles[i], "win.jobs");
      muster_tile_grid_append (self->box, tile);
    }
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}

void
muster_store_tiles_set_session (MusterStoreTiles *self, MusterSession *session)
{
  MusterApiStream *stream = NULL;

  g_return_if_fail (MUSTER_IS_STORE_TILES (self) && self->session == NULL);
  g_return_if_fail (MUSTER_IS_SESSION (session));

  self->session = g_object_ref (session);
  stream = muster_session_get_stream (session);
  self->journal = muster_api_stream_subscribe (stream, "journal", NULL, NULL, -1);
  self->jobs = muster_api_stream_subscribe (stream, "jobs", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_store_tiles_journal_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->jobs, "event", G_CALLBACK (muster_store_tiles_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_store_tiles_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_store_tiles_rights_cb),
                           self, G_CONNECT_SWAPPED);
  muster_hindsight_follow (GTK_WIDGET (self), session, muster_store_tiles_moment_cb);
  muster_store_tiles_rights_cb (self);
}
