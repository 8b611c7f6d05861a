/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-wall"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-inventory.h"
#include "client/muster-api-views.h"
#include "muster-wall-page.h"
#include "muster-wall.h"
#include "widgets/muster-saved-views.h"

#define SECONDS_A_SCREEN 20
#define IDLE_SECONDS 120
#define AGAIN_SECONDS 5 /* to reading the views again that could not be read */
#define MOST_DASHBOARDS 6
#define MOST_PRODUCTS 60 /* that are looked at for dashboards with something to show */
#define LEAST_SWIPE 200  /* pixels a second */
#define START_KEY "kiosk-wall"

struct _MusterWall
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) (nullable) */
  DexFuture     *reading; /* (owned) (nullable) */
  GPtrArray     *others;  /* (owned) (element-type MusterEntity): products whose turn may come */
  unsigned       turn_id; /* timeouts */
  unsigned       clock_id;
  unsigned       idle_id;
  unsigned       again_id;
  unsigned       screen;
  gboolean       was_fullscreen;

  /* Template children */
  GtkStack  *pages;
  GtkLabel  *title;
  GtkLabel  *position;
  GtkLabel  *clock;
  GtkWidget *hold;
  GtkWidget *start;
};

G_DEFINE_FINAL_TYPE (MusterWall, muster_wall, ADW_TYPE_BIN)

static void read_views (MusterWall *self);

static MusterWallPage *
get_page (MusterWall *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->pages);

  return MUSTER_IS_WALL_PAGE (page) ? MUSTER_WALL_PAGE (page) : NULL;
}

/* --- turning --- */

static void
show_position (MusterWall *self)
{
  MusterWallPage  *page = get_page (self);
  GtkWidget       *visible = gtk_stack_get_visible_child (self->pages);
  unsigned         screen = 0, n_screens = 0;
  g_autofree char *text = NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->pages)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (!MUSTER_IS_WALL_PAGE (child))
        continue;
      if (child == visible)
        screen = n_screens + self->screen + 1;
      n_screens += muster_wall_page_count_screens (MUSTER_WALL_PAGE (child));
    }
  if (n_screens > 1)
    text = g_strdup_printf (_ ("%u of %u"), screen, n_screens);
  gtk_label_set_label (self->position, text != NULL ? text : "");
  gtk_label_set_label (self->title, page != NULL ? muster_wall_page_get_title (page)
                                                 : muster_session_get_site_name (self->session));
}

/* The page after or before the visible one, in a circle; NULL: there is none. */
static GtkWidget *
find_neighbour (MusterWall *self, int direction)
{
  GtkWidget *visible = gtk_stack_get_visible_child (self->pages);
  GtkWidget *next;

  if (visible == NULL)
    return NULL;
  next =
    direction > 0 ? gtk_widget_get_next_sibling (visible) : gtk_widget_get_prev_sibling (visible);
  if (next == NULL)
    next = direction > 0 ? gtk_widget_get_first_child (GTK_WIDGET (self->pages))
                         : gtk_widget_get_last_child (GTK_WIDGET (self->pages));
  return next;
}

static void
turn (MusterWall *self, int direction)
{
  MusterWallPage *page = get_page (self);
  unsigned        n_screens = page != NULL ? muster_wall_page_count_screens (page) : 1;

  if (page == NULL)
    return;
  if (direction > 0 ? self->screen + 1 < n_screens : self->screen > 0)
    self->screen += direction;
  else
    {
      gtk_stack_set_visible_child (self->pages, find_neighbour (self, direction));
      page = get_page (self);
      self->screen = direction > 0 ? 0 : muster_wall_page_count_screens (page) - 1;
    }
  muster_wall_page_show_screen (page, self->screen);
  show_position (self);
}

static gboolean
muster_wall_turn_cb (gpointer user_data)
{
  MusterWall *self = user_data;

  if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->hold)))
    turn (self, 1);
  return G_SOURCE_CONTINUE;
}

static void
restart_turning (MusterWall *self)
{
  g_clear_handle_id (&self->turn_id, g_source_remove);
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    self->turn_id = g_timeout_add_seconds (SECONDS_A_SCREEN, muster_wall_turn_cb, self);
}

/* By hand: what was turned to stays its full time. */
static void
turn_by_hand (MusterWall *self, int direction)
{
  turn (self, direction);
  restart_turning (self);
}

static void
muster_wall_next_cb (MusterWall *self)
{
  turn_by_hand (self, 1);
}

static void
muster_wall_previous_cb (MusterWall *self)
{
  turn_by_hand (self, -1);
}

static void
muster_wall_leave_cb (MusterWall *self)
{
  muster_wall_leave (self);
}

static void
muster_wall_swipe_cb (MusterWall *self, double x, double y)
{
  if (ABS (x) > LEAST_SWIPE && ABS (x) > ABS (y))
    turn_by_hand (self, x < 0 ? 1 : -1);
}

static gboolean
muster_wall_tick_cb (gpointer user_data)
{
  MusterWall *self = user_data;
  g_autoptr (GDateTime) now = g_date_time_new_now (muster_session_get_zone (self->session));
  g_autofree char *text = g_date_time_format (now, "%H:%M");

  gtk_label_set_label (self->clock, text);
  /* What counts together gets its charts when the site answers. */
  if (get_page (self) != NULL)
    muster_wall_page_show_screen (get_page (self), self->screen);
  show_position (self);
  return G_SOURCE_CONTINUE;
}

/* --- what there is --- */

static GtkWidget *
add_page (MusterWall *self, const char *title, MusterChartView *view)
{
  GtkWidget *page = muster_wall_page_new (self->session, title, view);

  gtk_stack_add_child (self->pages, page);
  return page;
}

static void
clear_pages (MusterWall *self)
{
  GtkWidget *page;

  while ((page = gtk_widget_get_first_child (GTK_WIDGET (self->pages))) != NULL)
    gtk_stack_remove (self->pages, page);
  g_ptr_array_set_size (self->others, 0);
}

static void
muster_wall_again_cb (gpointer user_data)
{
  MusterWall *self = user_data;

  self->again_id = 0;
  read_views (self);
}

static void muster_wall_empty_cb (MusterWall *self, GtkWidget *page);

static void
add_next_dashboard (MusterWall *self)
{
  g_autoptr (MusterEntity) product =
              self->others->len > 0 ? g_ptr_array_steal_index (self->others, 0) : NULL;

  if (product != NULL)
    g_signal_connect_object (add_page (self, muster_entity_get_string (product, "name"),
                                       muster_chart_view_new_dashboard (
                                         muster_entity_get_id (product))),
                             "empty", G_CALLBACK (muster_wall_empty_cb), self, G_CONNECT_SWAPPED);
}

/* Nobody looks at a wall to see that there is nothing: another product has its turn. The last one
 * stays and says so. */
static void
muster_wall_empty_cb (MusterWall *self, GtkWidget *page)
{
  add_next_dashboard (self);
  if (gtk_widget_get_prev_sibling (page) == NULL && gtk_widget_get_next_sibling (page) == NULL)
    return;
  if (gtk_stack_get_visible_child (self->pages) == page)
    {
      gtk_stack_set_visible_child (self->pages, find_neighbour (self, 1));
      self->screen = 0;
    }
  gtk_stack_remove (self->pages, page);
  show_position (self);
}

static void
add_dashboards (MusterWall *self, MusterApiPage *products)
{
  for (unsigned i = 0; i < muster_api_page_get_length (products); i++)
    g_ptr_array_add (self->others, g_object_ref (muster_api_page_get (products, i)));
  for (unsigned i = 0; i < MOST_DASHBOARDS; i++)
    add_next_dashboard (self);
}

static void
add_views (MusterWall *self, MusterApiPage *views)
{
  for (unsigned i = 0; i < muster_api_page_get_length (views); i++)
    {
      MusterEntity *view = muster_api_page_get (views, i);
      g_auto (GStrv) filters = NULL;
      g_auto (GStrv) columns = NULL;

      muster_saved_view_read (view, &filters, &columns);
      add_page (self, muster_entity_get_string (view, "name"),
                muster_chart_view_new ((const char *const *)filters, (const char *const *)columns));
    }
}

static DexFuture *
muster_wall_products_cb (DexFuture *future, gpointer user_data)
{
  MusterWall   *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    add_dashboards (self, g_value_get_object (value));
  show_position (self);
  return dex_future_new_true ();
}

static DexFuture *
muster_wall_views_cb (DexFuture *future, gpointer user_data)
{
  MusterWall              *self = user_data;
  const GValue            *value = dex_future_get_value (future, NULL);
  static const char *const units[] = { "tracking", "serial", NULL };
  MusterApiListQuery       query = { .limit = MOST_PRODUCTS, .sort = "name", .filters = units };

  if (value == NULL)
    {
      /* At its start a kiosk may be faster than the site's service. */
      self->again_id = g_timeout_add_seconds_once (AGAIN_SECONDS, muster_wall_again_cb, self);
      return dex_future_new_true ();
    }
  clear_pages (self);
  add_views (self, g_value_get_object (value));
  show_position (self);
  if (muster_api_page_get_length (g_value_get_object (value)) > 0)
    return dex_future_new_true ();
  return dex_future_finally (muster_api_products_list (muster_session_get_client (self->session),
                                                       &query),
                             muster_wall_products_cb, self, NULL);
}

static void
read_views (MusterWall *self)
{
  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_views_list (muster_session_get_client (self->session),
                                               MUSTER_CHART_VIEW_ENTITY),
                        muster_wall_views_cb, self, NULL);
}

/* --- coming and going --- */

void
muster_wall_show (MusterWall *self)
{
  GtkRoot *root;

  g_return_if_fail (MUSTER_IS_WALL (self));
  g_return_if_fail (self->session != NULL);

  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    return;
  root = gtk_widget_get_root (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_widget_grab_focus (self->hold);
  if (GTK_IS_WINDOW (root))
    {
      self->was_fullscreen = gtk_window_is_fullscreen (GTK_WINDOW (root));
      gtk_window_fullscreen (GTK_WINDOW (root));
    }
  self->screen = 0;
  self->clock_id = g_timeout_add_seconds (5, muster_wall_tick_cb, self);
  muster_wall_tick_cb (self);
  restart_turning (self);
  read_views (self);
}

static void
stop (MusterWall *self)
{
  g_clear_handle_id (&self->turn_id, g_source_remove);
  g_clear_handle_id (&self->clock_id, g_source_remove);
  g_clear_handle_id (&self->again_id, g_source_remove);
  dex_clear (&self->reading);
}

void
muster_wall_leave (MusterWall *self)
{
  GtkRoot *root;

  g_return_if_fail (MUSTER_IS_WALL (self));

  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return;
  root = gtk_widget_get_root (GTK_WIDGET (self));
  stop (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  clear_pages (self);
  if (GTK_IS_WINDOW (root) && !self->was_fullscreen)
    gtk_window_unfullscreen (GTK_WINDOW (root));
}

static void
muster_wall_idle_cb (gpointer user_data)
{
  MusterWall *self = user_data;

  self->idle_id = 0;
  muster_wall_show (self);
}

static gboolean
muster_wall_touched_cb (MusterWall *self)
{
  g_clear_handle_id (&self->idle_id, g_source_remove);
  self->idle_id = g_timeout_add_seconds_once (IDLE_SECONDS, muster_wall_idle_cb, self);
  return GDK_EVENT_PROPAGATE;
}

void
muster_wall_return_when_idle (MusterWall *self)
{
  GtkEventController *watch = gtk_event_controller_legacy_new ();

  g_return_if_fail (MUSTER_IS_WALL (self));

  gtk_event_controller_set_propagation_phase (watch, GTK_PHASE_CAPTURE);
  g_signal_connect_object (watch, "event", G_CALLBACK (muster_wall_touched_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))), watch);
}

/* --- keys --- */

static void
muster_wall_turn_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  turn_by_hand (MUSTER_WALL (widget), g_variant_get_int32 (parameter));
}

static void
muster_wall_leave_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_wall_leave (MUSTER_WALL (widget));
}

static void
muster_wall_hold_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkToggleButton *hold = GTK_TOGGLE_BUTTON (MUSTER_WALL (widget)->hold);

  gtk_toggle_button_set_active (hold, !gtk_toggle_button_get_active (hold));
}

/* --- life --- */

static void
muster_wall_dispose (GObject *object)
{
  MusterWall *self = MUSTER_WALL (object);

  stop (self);
  g_clear_handle_id (&self->idle_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_WALL);
  g_clear_pointer (&self->others, g_ptr_array_unref);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_wall_parent_class)->dispose (object);
}

static void
muster_wall_class_init (MusterWallClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_wall_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/wall.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterWall, pages);
  gtk_widget_class_bind_template_child (widget_class, MusterWall, title);
  gtk_widget_class_bind_template_child (widget_class, MusterWall, position);
  gtk_widget_class_bind_template_child (widget_class, MusterWall, clock);
  gtk_widget_class_bind_template_child (widget_class, MusterWall, hold);
  gtk_widget_class_bind_template_child (widget_class, MusterWall, start);
  gtk_widget_class_bind_template_callback (widget_class, muster_wall_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_wall_previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_wall_leave_cb);
  gtk_widget_class_install_action (widget_class, "wall.turn", "i", muster_wall_turn_action);
  gtk_widget_class_install_action (widget_class, "wall.leave", NULL, muster_wall_leave_action);
  gtk_widget_class_install_action (widget_class, "wall.hold", NULL, muster_wall_hold_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Right, 0, "wall.turn", "i", 1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Down, 0, "wall.turn", "i", 1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, 0, "wall.turn", "i", -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Up, 0, "wall.turn", "i", -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "wall.leave", NULL);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
muster_wall_init (MusterWall *self)
{
  GtkGesture *swipe = gtk_gesture_swipe_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->others = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect_object (swipe, "swipe", G_CALLBACK (muster_wall_swipe_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (swipe));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Wall"),
                                  -1);
}

void
muster_wall_open (MusterWall *self, MusterSession *session)
{
  GSettings *settings = muster_session_get_settings (session);

  g_return_if_fail (MUSTER_IS_WALL (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  gtk_widget_set_visible (self->start, settings != NULL && muster_session_is_kiosk (session));
  if (settings != NULL)
    g_settings_bind (settings, START_KEY, self->start, "active", G_SETTINGS_BIND_DEFAULT);
}
