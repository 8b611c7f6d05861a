/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-overview-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-json.h"
#include "client/muster-api-operations.h"
#include "discovery/muster-candidate-model.h"
#include "model/muster-device.h"
#include "muster-overview-page.h"
#include "muster-store-tiles.h"
#include "muster-tile-grid.h"
#include "muster-tile.h"
#include "widgets/muster-event-row.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-trouble-view.h"

/* Rates have no event of their own; an overview that nobody looks at asks for nothing. */
#define REFRESH_SECONDS 2

struct _MusterOverviewPage
{
  MusterPage parent_instance;

  DexFuture  *reading;    /* (owned) (nullable) */
  DexFuture  *naming;     /* (owned) (nullable) names of devices */
  GHashTable *names;      /* (owned) id to name of devices that events are about */
  JsonArray  *shown;      /* (owned) (nullable) events */
  char       *counts;     /* (owned) (nullable) devices by status as shown */
  char       *newest;     /* (owned) (nullable) id of the newest event shown */
  unsigned    refresh_id; /* timeout, while mapped */
  MusterTile *total, *online, *offline, *found, *rate;

  MusterCandidateModel *candidates; /* (owned) (nullable) */

  /* Template children */
  GtkStack          *stack;
  MusterTroubleView *trouble;
  MusterTileGrid    *tiles;
  MusterStoreTiles  *store;
  GtkWidget         *statuses_group;
  GtkListBox        *statuses;
  GtkListBox        *events;
};

G_DEFINE_FINAL_TYPE (MusterOverviewPage, muster_overview_page, MUSTER_TYPE_PAGE)

static void
set_count (MusterTile *tile, gint64 count, const char *detail)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, count);

  muster_tile_set (tile, text, detail, count);
}

static void
show_figures (MusterOverviewPage *self, JsonObject *overview)
{
  JsonObject *devices = muster_api_json_get_object (overview, "devices");
  JsonObject *adoption =
    devices != NULL ? muster_api_json_get_object (devices, "by_adoption") : NULL;
  JsonObject *live = muster_api_json_get_object (overview, "by_live_state");
  gint64      total = devices != NULL ? muster_api_json_get_integer (devices, "total", 0) : 0;
  gint64      adopted = adoption != NULL ? muster_api_json_get_integer (adoption, "adopted", 0) : 0;
  gint64      unknown = live != NULL ? muster_api_json_get_integer (live, "unknown", 0) : 0;
  double      rate = muster_api_json_get_double (overview, "samples_per_second", 0);
  g_autofree char *adopted_text =
    g_strdup_printf (ngettext ("%d adopted", "%d adopted", adopted), (int)adopted);
  g_autofree char *unknown_text =
    unknown > 0
      ? g_strdup_printf (ngettext ("%d more not known", "%d more not known", unknown), (int)unknown)
      : NULL;
  g_autofree char *rate_text =
    muster_format_number (rate < 10 ? ((int)(rate * 10 + 0.5)) / 10.0 : (int)(rate + 0.5));

  set_count (self->total, total, adopted_text);
  set_count (self->online, live != NULL ? muster_api_json_get_integer (live, "online", 0) : 0,
             unknown_text);
  set_count (self->offline, live != NULL ? muster_api_json_get_integer (live, "offline", 0) : 0,
             NULL);
  muster_tile_set (self->rate, rate_text, _ ("samples a second"), rate);
}

static GtkWidget *
create_status_row (int status, gint64 count, gint64 total)
{
  GtkWidget       *row = gtk_list_box_row_new ();
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget       *chip = muster_status_chip_new ();
  GtkWidget       *place = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget       *bar = gtk_progress_bar_new ();
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, count);
  GtkWidget       *label = gtk_label_new (text);
  const char *filters[] = { "status", muster_enum_get_nick (&muster_device_status_enum, status),
                            NULL };

  muster_status_chip_set_status (MUSTER_STATUS_CHIP (chip), status);
  gtk_box_append (GTK_BOX (place), chip);
  gtk_widget_set_size_request (place, 130, -1);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar), total > 0 ? (double)count / total : 0);
  gtk_widget_set_hexpand (bar, TRUE);
  gtk_widget_add_css_class (bar, "share");
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_label_set_width_chars (GTK_LABEL (label), 6);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "value");
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 14);
  gtk_widget_set_margin_top (box, 9);
  gtk_widget_set_margin_bottom (box, 9);
  gtk_box_append (GTK_BOX (box), place);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "(s^as)", "devices", filters);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.list");
  return row;
}

static void
show_statuses (MusterOverviewPage *self, JsonObject *overview)
{
  JsonObject *devices = muster_api_json_get_object (overview, "devices");
  JsonObject *statuses = devices != NULL ? muster_api_json_get_object (devices, "by_status") : NULL;
  gint64      total = devices != NULL ? muster_api_json_get_integer (devices, "total", 0) : 0;

  /* Rows that say the same stay, and with them the focus. */
  if (devices != NULL)
    {
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), devices);
      g_autofree char *text = json_to_string (node, FALSE);

      if (!g_set_str (&self->counts, text))
        return;
    }
  gtk_widget_set_visible (self->statuses_group, total > 0);
  gtk_list_box_remove_all (self->statuses);
  for (unsigned i = 0; statuses != NULL && i < muster_enum_get_count (&muster_device_status_enum);
       i++)
    {
      gint64 count =
        muster_api_json_get_integer (statuses, muster_enum_get_nick (&muster_device_status_enum, i),
                                     0);

      if (count > 0)
        gtk_list_box_append (self->statuses, create_status_row (i, count, total));
    }
}

static void
add_event (MusterOverviewPage *self, JsonObject *object)
{
  g_autoptr (MusterEntity) event =
              object != NULL ? muster_entity_new_from_json (&muster_device_event_info, object, NULL)
                             : NULL;
  const char *device_id;
  GtkWidget  *row, *last;

  if (event == NULL)
    return;
  last = muster_list_get_last_row (self->events);
  if (last != NULL && muster_event_row_fold (last, MUSTER_DEVICE_EVENT (event)))
    return;
  device_id = muster_entity_get_string (event, "device_id");
  row =
    muster_event_row_new (muster_page_get_session (MUSTER_PAGE (self)), MUSTER_DEVICE_EVENT (event),
                          g_hash_table_lookup (self->names, device_id));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", device_id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-device");
  gtk_list_box_append (self->events, row);
}

static void
fill_events (MusterOverviewPage *self)
{
  muster_list_clear (self->events);
  for (unsigned i = 0; i < json_array_get_length (self->shown); i++)
    add_event (self, muster_api_json_as_object (json_array_get_element (self->shown, i)));
}

static DexFuture *
muster_overview_page_named_cb (DexFuture *future, gpointer user_data)
{
  MusterOverviewPage *self = user_data;
  const GValue       *value = dex_future_get_value (future, NULL);

  for (unsigned i = 0; value != NULL && i < muster_api_page_get_length (g_value_get_object (value));
       i++)
    {
      MusterEntity *device = muster_api_page_get (g_value_get_object (value), i);

      g_hash_table_replace (self->names, g_strdup (muster_entity_get_id (device)),
                            g_strdup (muster_entity_get_string (device, "name")));
    }
  fill_events (self);
  return dex_future_new_true ();
}

/* Events know their devices by id; what those are called is asked for once. */
static void
ask_names (MusterOverviewPage *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;

  for (unsigned i = 0; i < json_array_get_length (self->shown); i++)
    {
      JsonObject *event = muster_api_json_as_object (json_array_get_element (self->shown, i));
      const char *id = event != NULL ? muster_api_json_get_string (event, "device_id") : NULL;

      if (id != NULL && !g_hash_table_contains (self->names, id))
        g_strv_builder_add (builder, id);
    }
  ids = g_strv_builder_end (builder);
  if (ids[0] == NULL)
    return;
  dex_clear (&self->naming);
  self->naming =
    dex_future_finally (muster_api_devices_list_by_ids (muster_page_get_client (MUSTER_PAGE (self)),
                                                        (const char *const *)ids),
                        muster_overview_page_named_cb, self, NULL);
}

static void
show_events (MusterOverviewPage *self, JsonObject *overview)
{
  JsonArray  *events = muster_api_json_get_array (overview, "events");
  JsonObject *first = events != NULL && json_array_get_length (events) > 0
                        ? muster_api_json_as_object (json_array_get_element (events, 0))
                        : NULL;

  /* Rows that stay keep their place, their age and the focus. */
  if (first == NULL || !g_set_str (&self->newest, muster_api_json_get_string (first, "id")))
    return;
  g_clear_pointer (&self->shown, json_array_unref);
  self->shown = json_array_ref (events);
  fill_events (self);
  ask_names (self);
}

static DexFuture *
muster_overview_page_read_cb (DexFuture *future, gpointer user_data)
{
  MusterOverviewPage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    {
      show_figures (self, g_value_get_boxed (value));
      show_statuses (self, g_value_get_boxed (value));
      show_events (self, g_value_get_boxed (value));
      gtk_stack_set_visible_child_name (self->stack, "content");
    }
  else if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "content") != 0 &&
           muster_session_is_connected (muster_page_get_session (MUSTER_PAGE (self))))
    {
      muster_trouble_view_set_error (self->trouble, _ ("The Overview Could Not Be Read"), error);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  return dex_future_new_true ();
}

static void
muster_overview_page_refresh (MusterPage *page)
{
  MusterOverviewPage *self = MUSTER_OVERVIEW_PAGE (page);

  if (self->reading != NULL && dex_future_is_pending (self->reading))
    return;
  dex_clear (&self->reading);
  self->reading = dex_future_finally (muster_api_overview_get (muster_page_get_client (page)),
                                      muster_overview_page_read_cb, self, NULL);
}

static gboolean
muster_overview_page_refresh_cb (gpointer user_data)
{
  muster_overview_page_refresh (user_data);
  return G_SOURCE_CONTINUE;
}

static void
muster_overview_page_map (GtkWidget *widget)
{
  MusterOverviewPage *self = MUSTER_OVERVIEW_PAGE (widget);

  GTK_WIDGET_CLASS (muster_overview_page_parent_class)->map (widget);
  muster_overview_page_refresh (MUSTER_PAGE (self));
  self->refresh_id = g_timeout_add_seconds (REFRESH_SECONDS, muster_overview_page_refresh_cb, self);
}

static void
muster_overview_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&MUSTER_OVERVIEW_PAGE (widget)->refresh_id, g_source_remove);
  GTK_WIDGET_CLASS (muster_overview_page_parent_class)->unmap (widget);
}

static MusterTile *
add_tile (MusterOverviewPage *self, const char *title, const char *icon_name, const char *room)
{
  MusterTile *tile = MUSTER_TILE (muster_tile_new (title, icon_name, room, TRUE));

  muster_tile_grid_append (self->tiles, GTK_WIDGET (tile));
  return tile;
}

static void
muster_overview_page_found_cb (MusterOverviewPage *self)
{
  unsigned n = muster_candidate_model_count_adoptable (self->candidates);

  set_count (self->found, n, n > 0 ? _ ("on the network") : _ ("none on the network"));
}

/* Whoever may not see what is on the network has no figure of it. */
static void
muster_overview_page_rights_changed (MusterPage *page)
{
  MusterOverviewPage *self = MUSTER_OVERVIEW_PAGE (page);
  gboolean            may = muster_page_may (page, "listCandidates");

  gtk_widget_set_visible (GTK_WIDGET (self->found), may);
  gtk_widget_set_visible (GTK_WIDGET (self->rate), muster_page_may (page, "getSamples"));
  if (!may || self->candidates != NULL)
    return;
  self->candidates = muster_candidate_model_new (muster_page_get_session (page));
  g_signal_connect_object (self->candidates, "changed", G_CALLBACK (muster_overview_page_found_cb),
                           self, G_CONNECT_SWAPPED);
  muster_overview_page_found_cb (self);
}

static void
muster_overview_page_constructed (GObject *object)
{
  MusterOverviewPage *self = MUSTER_OVERVIEW_PAGE (object);

  G_OBJECT_CLASS (muster_overview_page_parent_class)->constructed (object);
  self->total = add_tile (self, _ ("Devices"), "muster-devices-symbolic", "devices");
  self->online = add_tile (self, _ ("Online"), "muster-online-symbolic", "devices");
  self->offline = add_tile (self, _ ("Offline"), "muster-offline-symbolic", "devices");
  self->found = add_tile (self, _ ("Ready to Adopt"), "muster-discover-symbolic", "discover");
  self->rate = add_tile (self, _ ("Telemetry"), "muster-instrument-symbolic", "telemetry");
  muster_tile_set_list (self->online, "devices",
                        (const char *const[]){ "live_state", "online", NULL });
  muster_tile_set_list (self->offline, "devices",
                        (const char *const[]){ "live_state", "offline", NULL });
  muster_store_tiles_set_session (self->store, muster_page_get_session (MUSTER_PAGE (self)));
  g_signal_connect_object (muster_page_get_session (MUSTER_PAGE (self)), "notify::connected",
                           G_CALLBACK (muster_overview_page_refresh), self, G_CONNECT_SWAPPED);
  muster_overview_page_rights_changed (MUSTER_PAGE (self));
}

static void
muster_overview_page_dispose (GObject *object)
{
  MusterOverviewPage *self = MUSTER_OVERVIEW_PAGE (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  dex_clear (&self->reading);
  g_clear_object (&self->candidates);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_OVERVIEW_PAGE);
  dex_clear (&self->naming);
  g_clear_pointer (&self->newest, g_free);
  g_clear_pointer (&self->counts, g_free);
  g_clear_pointer (&self->shown, json_array_unref);
  g_clear_pointer (&self->names, g_hash_table_unref);
  G_OBJECT_CLASS (muster_overview_page_parent_class)->dispose (object);
}

static void
muster_overview_page_class_init (MusterOverviewPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_overview_page_constructed;
  object_class->dispose = muster_overview_page_dispose;
  widget_class->map = muster_overview_page_map;
  widget_class->unmap = muster_overview_page_unmap;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_overview_page_refresh;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_overview_page_rights_changed;
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_STORE_TILES);
  g_type_ensure (MUSTER_TYPE_TILE_GRID);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterOverviewPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterOverviewPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterOverviewPage, tiles);
  gtk_widget_class_bind_template_child (widget_class, MusterOverviewPage, store);
  gtk_widget_class_bind_template_child (widget_class, MusterOverviewPage, statuses_group);
  gtk_widget_class_bind_template_child (widget_class, MusterOverviewPage, statuses);
  gtk_widget_class_bind_template_child (widget_class, MusterOverviewPage, events);
}

static void
muster_overview_page_init (MusterOverviewPage *self)
{
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}
