/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-views-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-views-page.h"

typedef struct
{
  /* Template children */
  AdwViewStack  *stack;
  GtkStack      *title_stack;
  GtkMenuButton *views_button;
} MusterViewsPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (MusterViewsPage, muster_views_page, MUSTER_TYPE_PAGE)

typedef enum
{
  PROP_VIEW = 1,
} MusterViewsPageProperty;

static GParamSpec *properties[PROP_VIEW + 1];

static MusterViewsPagePrivate *
priv (MusterViewsPage *self)
{
  return muster_views_page_get_instance_private (self);
}

static const MusterRoomView *
get_views (MusterViewsPage *self)
{
  return MUSTER_VIEWS_PAGE_GET_CLASS (self)->views;
}

/* --- the view in front --- */

/* NULL where nothing may be seen, and after disposal. */
static AdwViewStackPage *
get_front (MusterViewsPage *self)
{
  AdwViewStack *stack = priv (self)->stack;
  GtkWidget    *child = stack != NULL ? adw_view_stack_get_visible_child (stack) : NULL;

  return child != NULL ? adw_view_stack_get_page (stack, child) : NULL;
}

static AdwBin *
get_bin (MusterViewsPage *self)
{
  AdwViewStackPage *page = get_front (self);

  return page != NULL ? ADW_BIN (adw_view_stack_page_get_child (page)) : NULL;
}

GtkWidget *
muster_views_page_get_view (MusterViewsPage *self)
{
  AdwBin *bin;

  g_return_val_if_fail (MUSTER_IS_VIEWS_PAGE (self), NULL);

  bin = get_bin (self);
  return bin != NULL ? adw_bin_get_child (bin) : NULL;
}

static MusterRecordsView *
find_records (GtkWidget *widget)
{
  MusterRecordsView *found = NULL;

  if (MUSTER_IS_RECORDS_VIEW (widget))
    return MUSTER_RECORDS_VIEW (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_records (child);
  return found;
}

MusterRecordsView *
muster_views_page_get_records (MusterViewsPage *self)
{
  GtkWidget *view = muster_views_page_get_view (self);

  return view != NULL ? find_records (view) : NULL;
}

static void
ensure_view (MusterViewsPage *self, const char *name)
{
  MusterSession *session = muster_page_get_session (MUSTER_PAGE (self));

  if (session == NULL || muster_views_page_get_view (self) != NULL)
    return;
  for (const MusterRoomView *view = get_views (self); view->name != NULL; view++)
    if (g_strcmp0 (view->name, name) == 0)
      adw_bin_set_child (get_bin (self), view->create (session));
}

static void
muster_views_page_front_cb (MusterViewsPage *self)
{
  AdwViewStackPage *page = get_front (self);

  if (page == NULL)
    return;
  ensure_view (self, adw_view_stack_page_get_name (page));
  gtk_menu_button_set_label (priv (self)->views_button, adw_view_stack_page_get_title (page));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VIEW]);
}

void
muster_views_page_show_view (MusterViewsPage *self, const char *name)
{
  AdwViewStack *stack;

  g_return_if_fail (MUSTER_IS_VIEWS_PAGE (self));

  stack = priv (self)->stack;
  if (name != NULL && adw_view_stack_get_child_by_name (stack, name) != NULL)
    adw_view_stack_set_visible_child_name (stack, name);
}

void
muster_views_page_show_record (MusterViewsPage *self,
                               const char      *name,
                               const char      *id,
                               const char      *label)
{
  MusterRecordsView *records;

  g_return_if_fail (MUSTER_IS_VIEWS_PAGE (self) && id != NULL);

  muster_views_page_show_view (self, name);
  records = muster_views_page_get_records (self);
  if (records != NULL)
    muster_records_view_set_condition (records, "id", id, label);
}

/* --- as a page --- */

static void
muster_views_page_refresh (MusterPage *page)
{
  MusterRecordsView *records = muster_views_page_get_records (MUSTER_VIEWS_PAGE (page));

  if (records != NULL)
    muster_records_view_refresh (records);
}

static void
muster_views_page_search (MusterPage *page)
{
  MusterRecordsView *records = muster_views_page_get_records (MUSTER_VIEWS_PAGE (page));

  if (records != NULL)
    muster_records_view_search (records);
}

static void
muster_views_page_list (MusterPage *page, const char *const *filters)
{
  MusterViewsPage   *self = MUSTER_VIEWS_PAGE (page);
  gboolean           named = g_strcmp0 (filters[0], "view") == 0;
  MusterRecordsView *records;

  muster_views_page_show_view (self, named ? filters[1] : get_views (self)[0].name);
  records = muster_views_page_get_records (self);
  if (records != NULL && filters[named ? 2 : 0] != NULL)
    muster_records_view_show_only (records, named ? filters + 2 : filters);
}

static gboolean
is_there (MusterViewsPage *self, const MusterRoomView *view)
{
  return view->operation == NULL || muster_page_may (MUSTER_PAGE (self), view->operation);
}

/* The views that are there, in the switcher and in the menu. */
static void
muster_views_page_rights_changed (MusterPage *page)
{
  MusterViewsPage *self = MUSTER_VIEWS_PAGE (page);
  AdwViewStack    *stack = priv (self)->stack;
  g_autoptr (GMenu) menu = g_menu_new ();

  for (const MusterRoomView *view = get_views (self); view->name != NULL; view++)
    {
      GtkWidget       *bin = adw_view_stack_get_child_by_name (stack, view->name);
      g_autofree char *action = g_strdup_printf ("views.view::%s", view->name);

      adw_view_stack_page_set_visible (adw_view_stack_get_page (stack, bin), is_there (self, view));
      if (is_there (self, view))
        g_menu_append (menu, _ (view->title), action);
    }
  gtk_menu_button_set_menu_model (priv (self)->views_button, G_MENU_MODEL (menu));
}

static void
muster_views_page_do_list_action (MusterViewsPage *self, const char *name)
{
  MusterRecordsView *records = muster_views_page_get_records (self);

  if (records != NULL)
    muster_records_view_do_page_action (records, name);
}

static void
muster_views_page_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MUSTER_VIEWS_PAGE_GET_CLASS (widget)->do_list_action (MUSTER_VIEWS_PAGE (widget), name);
}

/* --- life --- */

static void
add_views (MusterViewsPage *self)
{
  MusterViewsPageClass *klass = MUSTER_VIEWS_PAGE_GET_CLASS (self);
  AdwBreakpoint        *narrow = adw_breakpoint_new (
    adw_breakpoint_condition_new_length (ADW_BREAKPOINT_CONDITION_MAX_WIDTH, klass->menu_below,
                                                ADW_LENGTH_UNIT_SP));

  for (const MusterRoomView *view = klass->views; view->name != NULL; view++)
    adw_view_stack_add_titled_with_icon (priv (self)->stack, adw_bin_new (), view->name,
                                         _ (view->title), view->icon_name);
  adw_breakpoint_add_setters (narrow, G_OBJECT (priv (self)->title_stack), "visible-child-name",
                              "menu", NULL);
  /* No template child: disposing of the template would take it from the page, which frees it. */
  adw_breakpoint_bin_add_breakpoint (ADW_BREAKPOINT_BIN (
                                       adw_navigation_page_get_child (ADW_NAVIGATION_PAGE (self))),
                                     narrow);
}

static void
muster_views_page_constructed (GObject *object)
{
  MusterViewsPage *self = MUSTER_VIEWS_PAGE (object);

  G_OBJECT_CLASS (muster_views_page_parent_class)->constructed (object);
  adw_navigation_page_set_tag (ADW_NAVIGATION_PAGE (self), MUSTER_VIEWS_PAGE_GET_CLASS (self)->tag);
  add_views (self);
  muster_views_page_rights_changed (MUSTER_PAGE (self));
  g_signal_connect_object (priv (self)->stack, "notify::visible-child-name",
                           G_CALLBACK (muster_views_page_front_cb), self, G_CONNECT_SWAPPED);
  muster_views_page_front_cb (self);
}

static void
muster_views_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_VIEWS_PAGE);
  G_OBJECT_CLASS (muster_views_page_parent_class)->dispose (object);
}

static void
muster_views_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AdwViewStackPage *front = get_front (MUSTER_VIEWS_PAGE (object));

  switch ((MusterViewsPageProperty)prop_id)
    {
    case PROP_VIEW:
      g_value_set_string (value, front != NULL ? adw_view_stack_page_get_name (front) : NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_views_page_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch ((MusterViewsPageProperty)prop_id)
    {
    case PROP_VIEW:
      muster_views_page_show_view (MUSTER_VIEWS_PAGE (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_views_page_class_init (MusterViewsPageClass *klass)
{
  static const char *const actions[] = { "page.new", "page.import", "page.export" };
  GObjectClass            *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass          *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_views_page_constructed;
  object_class->dispose = muster_views_page_dispose;
  object_class->get_property = muster_views_page_get_property;
  object_class->set_property = muster_views_page_set_property;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_views_page_refresh;
  MUSTER_PAGE_CLASS (klass)->list = muster_views_page_list;
  MUSTER_PAGE_CLASS (klass)->search = muster_views_page_search;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_views_page_rights_changed;
  klass->do_list_action = muster_views_page_do_list_action;
  properties[PROP_VIEW] =
    g_param_spec_string ("view", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/views-page.ui");
  gtk_widget_class_bind_template_child_private (widget_class, MusterViewsPage, stack);
  gtk_widget_class_bind_template_child_private (widget_class, MusterViewsPage, title_stack);
  gtk_widget_class_bind_template_child_private (widget_class, MusterViewsPage, views_button);
  gtk_widget_class_install_property_action (widget_class, "views.view", "view");
  for (unsigned i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, muster_views_page_list_action);
}

static void
muster_views_page_init (MusterViewsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
