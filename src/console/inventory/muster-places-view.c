/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-places-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-inventory.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "model/muster-stock-level.h"
#include "imports/muster-import-dialog.h"
#include "muster-doing.h"
#include "muster-hindsight.h"
#include "muster-inventory-actions.h"
#include "muster-page.h"
#include "muster-place-item.h"
#include "muster-places-view.h"
#include "muster-stocktake-page.h"
#include "muster-units-view.h"
#include "print/muster-print-dialog.h"
#include "widgets/muster-ask.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-dialog.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-reference-row.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-trouble-view.h"

/* A request at a time; a site with more places than MAX_PLACES is none. */
#define AT_A_TIME 1000
#define MAX_PAGES 20
#define SETTLE_MSEC 250
/* One request names so many at most. */
#define MAX_SCOPE 800

struct _MusterPlacesView
{
  AdwBin parent_instance;

  MusterSession         *session;   /* (owned) */
  GListModel            *roots;     /* (owned) (nullable) (element-type MusterPlaceItem) */
  GtkSingleSelection    *selection; /* (owned) (nullable) of GtkTreeListRow */
  char                  *chosen;    /* (owned) (nullable) id */
  MusterApiSubscription *journal;   /* (owned) */
  MusterUnitsView       *list;      /* (nullable) until a place is chosen */
  unsigned               settle_id; /* timeout */
  gboolean               alive;
  unsigned               loads; /* until now */

  /* Template children */
  AdwNavigationSplitView *split;
  AdwNavigationPage      *content_page;
  GtkStack               *tree_stack;
  MusterTroubleView      *trouble;
  GtkListView            *tree;
  AdwWindowTitle         *place_title;
  GtkStack               *content_stack;
  GtkRevealer            *goods_revealer;
  GtkListBox             *goods;
  AdwBin                 *units;
};

G_DEFINE_FINAL_TYPE (MusterPlacesView, muster_places_view, ADW_TYPE_BIN)

static MusterPlaceItem *
get_chosen (MusterPlacesView *self)
{
  return self->roots != NULL && self->chosen != NULL
           ? muster_place_tree_find (self->roots, self->chosen)
           : NULL;
}

static void
update_actions (MusterPlacesView *self)
{
  static const struct
  {
    const char *action, *operation;
    gboolean    of_one;
  } rights[] = {
    { "places.add", "createLocation", FALSE },    { "places.edit", "updateLocation", TRUE },
    { "places.move", "updateLocation", TRUE },    { "places.delete", "deleteLocation", TRUE },
    { "places.count", "createStocktake", TRUE },  { "places.label", "getLocation", TRUE },
    { "places.import", "createLocation", FALSE },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rights); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), rights[i].action,
                                   (!rights[i].of_one || get_chosen (self) != NULL) &&
                                     muster_session_may (self->session, rights[i].operation));
}

/* --- what lies there --- */

typedef struct
{
  GWeakRef view;
  char    *id;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_weak_ref_clear (&look->view);
  g_free (look->id);
  g_free (look);
}

static void
add_goods (MusterPlacesView *self, JsonObject *goods)
{
  const char      *name = muster_api_json_get_string (goods, "name");
  const char      *place = muster_api_json_get_string (goods, "location");
  const char      *batch = muster_api_json_get_string (goods, "batch");
  g_autofree char *quantity =
    g_strdup_printf ("%d", (int)muster_api_json_get_integer (goods, "quantity", 0));
  g_autofree char *subtitle =
    g_strdup_printf ("%s%s%s", place != NULL ? place : "", batch != NULL ? " · " : "",
                     batch != NULL ? batch : "");
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                 name != NULL ? name : "", "subtitle", subtitle, NULL);
  GtkWidget *label = gtk_label_new (quantity);

  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_list_box_append (self->goods, row);
}

static DexFuture *
muster_places_view_goods_cb (DexFuture *future, gpointer user_data)
{
  Look *look = user_data;
  g_autoptr (MusterPlacesView) self = g_weak_ref_get (&look->view);
  const GValue *value = dex_future_get_value (future, NULL);
  JsonArray    *goods = NULL;

  if (self == NULL || !self->alive || g_strcmp0 (self->chosen, look->id) != 0)
    return dex_future_new_true ();
  if (value != NULL)
    goods =
      muster_api_json_get_array (muster_api_page_get_json (g_value_get_object (value)), "goods");
  muster_list_clear (self->goods);
  for (unsigned i = 0; goods != NULL && i < json_array_get_length (goods); i++)
    add_goods (self, json_array_get_object_element (goods, i));
  gtk_revealer_set_reveal_child (self->goods_revealer,
                                 goods != NULL && json_array_get_length (goods) > 0);
  return dex_future_new_true ();
}

static void
read_goods (MusterPlacesView *self)
{
  const MusterApiListQuery query = { .limit = 1 };
  Look                    *look = g_new0 (Look, 1);

  g_weak_ref_init (&look->view, self);
  look->id = g_strdup (self->chosen);
  dex_future_disown (
    dex_future_finally (muster_api_locations_list_contents (
                          muster_session_get_client (self->session), self->chosen, TRUE, &query),
                        muster_places_view_goods_cb, look, look_free));
}

static void
show_place (MusterPlacesView *self)
{
  MusterPlaceItem *item = get_chosen (self);
  g_auto (GStrv) ids = NULL;
  g_autofree char *scope = NULL;
  MusterEntity    *place;

  update_actions (self);
  gtk_stack_set_visible_child_name (self->content_stack, item != NULL ? "place" : "none");
  if (item == NULL)
    {
      adw_window_title_set_title (self->place_title, "");
      adw_window_title_set_subtitle (self->place_title, "");
      return;
    }
  place = muster_place_item_get_place (item);
  adw_window_title_set_title (self->place_title, muster_entity_get_string (place, "name"));
  adw_window_title_set_subtitle (self->place_title, muster_entity_get_string (place, "path"));
  adw_navigation_page_set_title (self->content_page, muster_entity_get_string (place, "name"));
  if (self->list == NULL)
    {
      self->list = MUSTER_UNITS_VIEW (muster_units_view_new (self->session));
      adw_bin_set_child (self->units, GTK_WIDGET (self->list));
    }
  ids = muster_place_item_list_ids (item);
  if (g_strv_length (ids) > MAX_SCOPE)
    g_clear_pointer (&ids[MAX_SCOPE], g_free);
  scope = g_strjoinv (",", ids);
  muster_units_view_set_places (self->list, scope);
  read_goods (self);
}

/* --- the tree --- */

static GListModel *
create_children (gpointer item, gpointer user_data)
{
  GListModel *children = muster_place_item_get_children (item);

  return g_list_model_get_n_items (children) > 0 ? g_object_ref (children) : NULL;
}

static void
muster_places_view_selected_cb (MusterPlacesView *self)
{
  GtkTreeListRow *row = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr (MusterPlaceItem) item = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;

  if (item == NULL || !g_set_str (&self->chosen, muster_place_item_get_id (item)))
    return;
  show_place (self);
}

static void
muster_places_view_activate_cb (MusterPlacesView *self, unsigned position)
{
  gtk_single_selection_set_selected (self->selection, position);
  muster_places_view_selected_cb (self);
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

static void
select_chosen (MusterPlacesView *self)
{
  GListModel *rows = G_LIST_MODEL (self->selection);

  for (unsigned i = 0; self->chosen != NULL && i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (GtkTreeListRow) row = g_list_model_get_item (rows, i);
      g_autoptr (MusterPlaceItem) item = gtk_tree_list_row_get_item (row);

      if (g_strcmp0 (muster_place_item_get_id (item), self->chosen) != 0)
        continue;
      gtk_single_selection_set_selected (self->selection, i);
      return;
    }
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
}

static void
take_tree (MusterPlacesView *self, GPtrArray *places, GHashTable *counts)
{
  g_autoptr (GtkTreeListModel) tree = NULL;

  g_clear_object (&self->roots);
  self->roots = muster_place_tree_new (places, counts);
  tree =
    gtk_tree_list_model_new (g_object_ref (self->roots), FALSE, TRUE, create_children, NULL, NULL);
  g_clear_object (&self->selection);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_steal_pointer (&tree)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  select_chosen (self);
  g_signal_connect_object (self->selection, "notify::selected",
                           G_CALLBACK (muster_places_view_selected_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->tree, GTK_SELECTION_MODEL (self->selection));
  gtk_stack_set_visible_child_name (self->tree_stack, places->len > 0 ? "content" : "empty");
  show_place (self);
}

/* Every record of INFO, or NULL: (transfer full) (element-type MusterEntity). In a fiber. */
static GPtrArray *
read_all (MusterPlacesView *self, const MusterEntityInfo *info, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *cursor = NULL;

  for (unsigned n = 0; n == 0 || (cursor != NULL && n < MAX_PAGES); n++)
    {
      const MusterApiListQuery query = { .limit = AT_A_TIME, .cursor = cursor };
      g_autoptr (MusterApiPage) page = dex_await_object (
        muster_api_collection_list (muster_session_get_client (self->session), info, &query),
        error);

      if (page == NULL)
        return NULL;
      for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
        g_ptr_array_add (all, g_object_ref (muster_api_page_get (page, i)));
      g_set_str (&cursor, muster_api_page_get_next (page));
    }
  return g_steal_pointer (&all);
}

static GHashTable *
count_levels (GPtrArray *levels)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (unsigned i = 0; levels != NULL && i < levels->len; i++)
    {
      const char *id = muster_entity_get_string (levels->pdata[i], "location_id");
      gint64     *count = id != NULL ? g_hash_table_lookup (counts, id) : NULL;

      if (id != NULL && count == NULL)
        {
          count = g_new0 (gint64, 1);
          g_hash_table_insert (counts, g_strdup (id), count);
        }
      if (count != NULL)
        *count += muster_entity_get_integer (levels->pdata[i], "quantity");
    }
  return counts;
}

static DexFuture *
muster_places_view_load_fiber (gpointer user_data)
{
  MusterPlacesView *self = user_data;
  const unsigned    number = self->loads;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) places = read_all (self, &muster_location_info, &error);
  g_autoptr (GPtrArray) levels = NULL;
  g_autoptr (GHashTable) counts = NULL;

  if (places != NULL && self->alive && number == self->loads)
    levels = read_all (self, &muster_stock_level_info, NULL);
  if (!self->alive || number != self->loads)
    return dex_future_new_true ();
  if (places == NULL && self->roots == NULL)
    {
      muster_trouble_view_set_error (self->trouble, _ ("The Places Could Not Be Read"), error);
      gtk_stack_set_visible_child_name (self->tree_stack, "error");
    }
  if (places == NULL)
    return dex_future_new_true ();
  counts = count_levels (levels);
  take_tree (self, places, counts);
  return dex_future_new_true ();
}

static void
load (MusterPlacesView *self)
{
  self->loads++;
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_places_view_load_fiber,
                                          g_object_ref (self), g_object_unref));
}

static void
muster_places_view_moment_cb (GtkWidget *widget)
{
  load (MUSTER_PLACES_VIEW (widget));
}

static void
muster_places_view_settled_cb (gpointer user_data)
{
  MusterPlacesView *self = user_data;

  self->settle_id = 0;
  load (self);
}

static void
muster_places_view_journal_cb (MusterPlacesView *self,
                               const char       *topic,
                               const char       *subject,
                               JsonObject       *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);
  const char *entity = change != NULL ? muster_api_change_get_entity (change) : NULL;

  if (self->settle_id == 0 &&
      (g_strcmp0 (entity, "location") == 0 || g_strcmp0 (entity, "stock_move") == 0))
    self->settle_id = g_timeout_add_once (SETTLE_MSEC, muster_places_view_settled_cb, self);
}

static void
muster_places_view_ready_cb (MusterPlacesView *self, gboolean resumed)
{
  if (!resumed)
    load (self);
}

/* --- rows of the tree --- */

static MusterPlaceItem *
get_item (GtkListItem *list_item)
{
  GtkTreeListRow *row = gtk_list_item_get_item (list_item);

  return row != NULL ? gtk_tree_list_row_get_item (row) : NULL;
}

static void
put_into (MusterPlacesView *self, MusterPlaceItem *item, const char *parent_id)
{
  JsonObject *changes = json_object_new ();
  const char *name = muster_entity_get_string (muster_place_item_get_place (item), "name");

  if (parent_id != NULL)
    json_object_set_string_member (changes, "parent_id", parent_id);
  else
    json_object_set_null_member (changes, "parent_id");
  muster_do_and_offer (self->session,
                       muster_api_locations_update (muster_session_get_client (self->session),
                                                    muster_place_item_get_id (item), changes, 0),
                       "location", muster_place_item_get_id (item),
                       g_strdup_printf (_ ("%s is moved"), name), _ ("Could not move it"));
}

static GdkContentProvider *
muster_places_view_drag_cb (GtkDragSource *source, double x, double y, GtkListItem *list_item)
{
  g_autoptr (MusterPlaceItem) item = get_item (list_item);

  return item != NULL ? gdk_content_provider_new_typed (MUSTER_TYPE_PLACE_ITEM, item) : NULL;
}

/* A place is put into another one, but not into itself or what is within it. */
static gboolean
muster_places_view_drop_cb (GtkDropTarget *target,
                            const GValue  *value,
                            double         x,
                            double         y,
                            GtkListItem   *list_item)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target));
  GtkWidget *view = gtk_widget_get_ancestor (widget, MUSTER_TYPE_PLACES_VIEW);
  g_autoptr (MusterPlaceItem) onto = get_item (list_item);
  MusterPlaceItem *item = g_value_get_object (value);

  if (onto == NULL || item == NULL ||
      muster_place_item_contains (item, muster_place_item_get_id (onto)))
    return FALSE;
  put_into (MUSTER_PLACES_VIEW (view), item, muster_place_item_get_id (onto));
  return TRUE;
}

static const char *
get_icon_name (MusterEntity *place)
{
  static const char *const icons[] = { "muster-inventory-symbolic", "muster-inventory-symbolic",
                                       "muster-inventory-symbolic", "muster-place-symbolic",
                                       "muster-shelf-symbolic",     "muster-shelf-symbolic",
                                       "muster-product-symbolic",   "muster-vehicle-symbolic",
                                       "muster-instrument-symbolic" };
  int                      kind = muster_entity_get_enum (place, "kind");

  return kind >= 0 && (unsigned)kind < G_N_ELEMENTS (icons) ? icons[kind] : icons[3];
}

static void
muster_places_view_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget     *expander = gtk_tree_expander_new ();
  GtkWidget     *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget     *label = gtk_label_new (NULL);
  GtkWidget     *count = gtk_label_new (NULL);
  GtkDragSource *drag = gtk_drag_source_new ();
  GtkDropTarget *drop = gtk_drop_target_new (MUSTER_TYPE_PLACE_ITEM, GDK_ACTION_COPY);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (count, "numeric");
  gtk_widget_add_css_class (count, "dim-label");
  gtk_box_append (GTK_BOX (box), gtk_image_new ());
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), count);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), box);
  g_signal_connect (drag, "prepare", G_CALLBACK (muster_places_view_drag_cb), list_item);
  g_signal_connect (drop, "drop", G_CALLBACK (muster_places_view_drop_cb), list_item);
  gtk_widget_add_controller (expander, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (expander, GTK_EVENT_CONTROLLER (drop));
  gtk_list_item_set_child (list_item, expander);
}

static void
muster_places_view_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (list_item));
  GtkWidget       *image = gtk_widget_get_first_child (gtk_tree_expander_get_child (expander));
  GtkWidget       *label = gtk_widget_get_next_sibling (image);
  g_autoptr (MusterPlaceItem) item = get_item (list_item);
  MusterEntity    *place = muster_place_item_get_place (item);
  gint64           count = muster_place_item_get_count (item);
  g_autofree char *text = count > 0 ? g_strdup_printf ("%d", (int)count) : g_strdup ("");
  g_autofree char *spoken = g_strdup_printf (ngettext ("%s, %d piece", "%s, %d pieces", count),
                                             muster_entity_get_string (place, "name"), (int)count);

  gtk_tree_expander_set_list_row (expander, gtk_list_item_get_item (list_item));
  gtk_image_set_from_icon_name (GTK_IMAGE (image), get_icon_name (place));
  gtk_label_set_label (GTK_LABEL (label), muster_entity_get_string (place, "name"));
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (label)), text);
  gtk_list_item_set_accessible_label (list_item, spoken);
}

/* --- doings --- */

static void
muster_places_view_add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const char *const fields[] = { "name", "kind", "parent_id", "code", "notes", NULL };
  static const MusterRecordSection sections[] = { { NULL, fields }, { NULL, NULL } };
  MusterPlacesView                *self = MUSTER_PLACES_VIEW (widget);
  AdwDialog *dialog = muster_record_dialog_new (self->session, &muster_location_info, NULL,
                                                sections, _ ("Add a Place"));

  if (get_chosen (self) != NULL)
    muster_record_dialog_preset (MUSTER_RECORD_DIALOG (dialog), "parent_id", self->chosen);
  adw_dialog_present (dialog, widget);
}

static void
muster_places_view_edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const char *const fields[] = { "name", "kind", "parent_id", "code", "notes", NULL };
  static const MusterRecordSection sections[] = { { NULL, fields }, { NULL, NULL } };
  MusterPlacesView                *self = MUSTER_PLACES_VIEW (widget);
  MusterPlaceItem                 *item = get_chosen (self);

  if (item != NULL)
    adw_dialog_present (muster_record_dialog_new (self->session, &muster_location_info,
                                                  muster_place_item_get_place (item), sections,
                                                  _ ("Edit Place")),
                        widget);
}

static void
muster_places_view_move_cb (GtkWidget *const *rows, gpointer user_data)
{
  MusterPlacesView *self = user_data;
  MusterPlaceItem  *item = get_chosen (self);

  if (item != NULL)
    put_into (self, item, muster_reference_row_get_id (MUSTER_REFERENCE_ROW (rows[0])));
}

static void
muster_places_view_move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterPlacesView *self = MUSTER_PLACES_VIEW (widget);
  MusterPlaceItem  *item = get_chosen (self);
  GtkWidget        *rows[2] = { NULL };
  g_autofree char  *heading = NULL;

  if (item == NULL)
    return;
  heading = g_strdup_printf (_ ("Move %s"),
                             muster_entity_get_string (muster_place_item_get_place (item), "name"));
  rows[0] = muster_reference_row_new (self->session, "location", _ ("Into"), TRUE);
  muster_ask (widget, heading, NULL, rows, _ ("_Move"), muster_places_view_move_cb,
              g_object_ref (self), g_object_unref);
}

static void
muster_places_view_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterPlacesView *self = MUSTER_PLACES_VIEW (widget);
  MusterPlaceItem  *item = get_chosen (self);

  if (item != NULL)
    muster_do_and_offer (
      self->session,
      muster_api_locations_delete (muster_session_get_client (self->session),
                                   muster_place_item_get_id (item), 0),
      "location", muster_place_item_get_id (item),
      g_strdup_printf (_ ("%s is deleted"),
                       muster_entity_get_string (muster_place_item_get_place (item), "name")),
      _ ("Could not delete it"));
}

static void
muster_places_view_label_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterPlacesView *self = MUSTER_PLACES_VIEW (widget);
  const char       *ids[] = { self->chosen, NULL };

  if (self->chosen != NULL)
    muster_print_dialog_show (widget, self->session, MUSTER_PRINT_PLACE_LABELS, ids);
}

static void
muster_places_view_import_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  adw_dialog_present (muster_import_dialog_new (MUSTER_PLACES_VIEW (widget)->session,
                                                &muster_location_info, NULL),
                      widget);
}

static void
muster_places_view_counted_cb (MusterPlacesView *self, MusterEntity *stocktake)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), MUSTER_TYPE_PAGE);

  muster_page_push (MUSTER_PAGE (page),
                    muster_stocktake_page_new (self->session, muster_entity_get_id (stocktake)));
}

static void
muster_places_view_count_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterPlacesView *self = MUSTER_PLACES_VIEW (widget);
  MusterPlaceItem  *item = get_chosen (self);
  AdwDialog        *dialog;
  g_autofree char  *title = NULL;

  if (item == NULL)
    return;
  title = g_strdup_printf (_ ("Count of %s"),
                           muster_entity_get_string (muster_place_item_get_place (item), "name"));
  dialog = muster_record_dialog_new (self->session, &muster_stocktake_info, NULL, NULL,
                                     _ ("Start a Count"));
  muster_record_dialog_preset (MUSTER_RECORD_DIALOG (dialog), "location_id", self->chosen);
  muster_record_dialog_preset (MUSTER_RECORD_DIALOG (dialog), "name", title);
  g_signal_connect_object (dialog, "saved", G_CALLBACK (muster_places_view_counted_cb), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, widget);
}

static gboolean
muster_places_view_key_cb (GtkWidget *tree, GVariant *arguments, gpointer action)
{
  return gtk_widget_activate_action (tree, action, NULL);
}

/* --- life --- */

static void
muster_places_view_dispose (GObject *object)
{
  MusterPlacesView *self = MUSTER_PLACES_VIEW (object);

  self->alive = FALSE;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  /* Disposing of the template takes a child that it names away without the bin's knowing. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_PLACES_VIEW);
  g_clear_object (&self->selection);
  g_clear_object (&self->roots);
  G_OBJECT_CLASS (muster_places_view_parent_class)->dispose (object);
}

static void
muster_places_view_finalize (GObject *object)
{
  MusterPlacesView *self = MUSTER_PLACES_VIEW (object);

  g_clear_object (&self->session);
  g_free (self->chosen);
  G_OBJECT_CLASS (muster_places_view_parent_class)->finalize (object);
}

static void
muster_places_view_class_init (MusterPlacesViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const struct
  {
    const char                 *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "places.add", muster_places_view_add_action },
    { "places.edit", muster_places_view_edit_action },
    { "places.move", muster_places_view_move_action },
    { "places.delete", muster_places_view_delete_action },
    { "places.label", muster_places_view_label_action },
    { "places.count", muster_places_view_count_action },
    { "places.import", muster_places_view_import_action },
  };

  G_OBJECT_CLASS (klass)->dispose = muster_places_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_places_view_finalize;
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/places-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterPlacesView, split);
  gtk_widget_class_bind_template_child (widget_class, MusterPlacesView, content_page);
  gtk_widget_class_bind_template_child (widget_class, MusterPlacesView, tree_stack);
  gtk_widget_class_bind_template_child (widget_class, MusterPlacesView, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterPlacesView, tree);
  gtk_widget_class_bind_template_child (widget_class, MusterPlacesView, place_title);
  gtk_widget_class_bind_template_child (widget_class, MusterPlacesView, content_stack);
  gtk_widget_class_bind_template_child (widget_class, MusterPlacesView, goods_revealer);
  gtk_widget_class_bind_template_child (widget_class, MusterPlacesView, goods);
  gtk_widget_class_bind_template_child (widget_class, MusterPlacesView, units);
  for (unsigned i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
}

/* F2 renames, Delete deletes, as in every tree. */
static void
add_keys (MusterPlacesView *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  static const struct
  {
    unsigned    key;
    const char *action;
  } table[] = { { GDK_KEY_F2, "places.edit" }, { GDK_KEY_Delete, "places.delete" } };

  for (unsigned i = 0; i < G_N_ELEMENTS (table); i++)
    gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (table[i].key, 0),
                        gtk_callback_action_new (muster_places_view_key_cb,
                                                 (gpointer)table[i].action, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->tree), keys);
}

static void
muster_places_view_init (MusterPlacesView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  self->alive = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (muster_places_view_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (muster_places_view_bind_cb), NULL);
  gtk_list_view_set_factory (self->tree, factory);
  g_signal_connect_object (self->tree, "activate", G_CALLBACK (muster_places_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  add_keys (self);
}

GtkWidget *
muster_places_view_new (MusterSession *session)
{
  MusterPlacesView *self = g_object_new (MUSTER_TYPE_PLACES_VIEW, NULL);

  self->session = g_object_ref (session);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_places_view_journal_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_places_view_ready_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  muster_hindsight_follow (GTK_WIDGET (self), session, muster_places_view_moment_cb);
  update_actions (self);
  load (self);
  muster_import_accept_drops (GTK_WIDGET (self), session, &muster_location_info, "createLocation");
  return GTK_WIDGET (self);
}

void
muster_places_view_choose (MusterPlacesView *self, const char *id)
{
  g_return_if_fail (MUSTER_IS_PLACES_VIEW (self));

  g_set_str (&self->chosen, id);
  if (self->selection != NULL)
    select_chosen (self);
  show_place (self);
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}
