/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-factory-batches-view.h"
#include "muster-factory-page.h"
#include "muster-flash-view.h"
#include "muster-plans-view.h"
#include "muster-runs-view.h"
#include "widgets/muster-records-view.h"

struct _MusterFactoryPage
{
  MusterPage parent_instance;

  /* Template children */
  AdwViewStack  *stack;
  GtkStack      *title_stack;
  GtkMenuButton *views_button;
};

G_DEFINE_FINAL_TYPE (MusterFactoryPage, muster_factory_page, MUSTER_TYPE_PAGE)

/* A view is made when it is looked at first. */
static const struct
{
  const char *name;
  const char *operation; /* the right without which it is not there */
  GtkWidget *(*create) (MusterSession *session);
} views[] = {
  { "batches", "listFactoryBatches", muster_factory_batches_view_new },
  { "plans", "listTestPlans", muster_plans_view_new },
  { "tests", "listTestRuns", muster_runs_view_new },
  { "flashing", "listFlashBatches", muster_flash_view_new },
};

static AdwBin *
get_bin (MusterFactoryPage *self)
{
  return ADW_BIN (adw_view_stack_get_visible_child (self->stack));
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

/* The list in front, or NULL: borrowed. */
static MusterRecordsView *
get_records (MusterFactoryPage *self)
{
  return find_records (GTK_WIDGET (get_bin (self)));
}

static void
ensure_view (MusterFactoryPage *self)
{
  const char    *name = adw_view_stack_get_visible_child_name (self->stack);
  MusterSession *session = muster_page_get_session (MUSTER_PAGE (self));

  if (session == NULL || adw_bin_get_child (get_bin (self)) != NULL)
    return;
  for (unsigned i = 0; i < G_N_ELEMENTS (views); i++)
    if (g_strcmp0 (views[i].name, name) == 0)
      adw_bin_set_child (get_bin (self), views[i].create (session));
}

static void
muster_factory_page_view_cb (MusterFactoryPage *self)
{
  AdwViewStackPage *page;

  if (self->stack == NULL || adw_view_stack_get_visible_child (self->stack) == NULL)
    return;
  ensure_view (self);
  page = adw_view_stack_get_page (self->stack, adw_view_stack_get_visible_child (self->stack));
  gtk_menu_button_set_label (self->views_button, adw_view_stack_page_get_title (page));
}

static void
show_view (MusterFactoryPage *self, const char *name)
{
  if (adw_view_stack_get_child_by_name (self->stack, name) != NULL)
    adw_view_stack_set_visible_child_name (self->stack, name);
}

static void
muster_factory_page_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_view (MUSTER_FACTORY_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
muster_factory_page_refresh (MusterPage *page)
{
  MusterRecordsView *records = get_records (MUSTER_FACTORY_PAGE (page));

  if (records != NULL)
    muster_records_view_refresh (records);
}

static void
muster_factory_page_search (MusterPage *page)
{
  MusterRecordsView *records = get_records (MUSTER_FACTORY_PAGE (page));

  if (records != NULL)
    muster_records_view_search (records);
}

static void
muster_factory_page_list (MusterPage *page, const char *const *filters)
{
  MusterFactoryPage *self = MUSTER_FACTORY_PAGE (page);
  gboolean           view = g_strcmp0 (filters[0], "view") == 0;
  MusterRecordsView *records;

  show_view (self, view ? filters[1] : "batches");
  records = get_records (self);
  if (records != NULL && filters[view ? 2 : 0] != NULL)
    muster_records_view_show_only (records, view ? filters + 2 : filters);
}

static void
muster_factory_page_rights_changed (MusterPage *page)
{
  MusterFactoryPage *self = MUSTER_FACTORY_PAGE (page);

  for (unsigned i = 0; i < G_N_ELEMENTS (views); i++)
    adw_view_stack_page_set_visible (
      adw_view_stack_get_page (self->stack,
                               adw_view_stack_get_child_by_name (self->stack, views[i].name)),
      muster_page_may (page, views[i].operation));
}

static void
muster_factory_page_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRecordsView *records = get_records (MUSTER_FACTORY_PAGE (widget));

  if (records != NULL)
    muster_records_view_do_page_action (records, name);
}

/* --- life --- */

static void
muster_factory_page_constructed (GObject *object)
{
  G_OBJECT_CLASS (muster_factory_page_parent_class)->constructed (object);
  muster_factory_page_rights_changed (MUSTER_PAGE (object));
  muster_factory_page_view_cb (MUSTER_FACTORY_PAGE (object));
}

static void
muster_factory_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_FACTORY_PAGE);
  G_OBJECT_CLASS (muster_factory_page_parent_class)->dispose (object);
}

static void
muster_factory_page_class_init (MusterFactoryPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_factory_page_constructed;
  object_class->dispose = muster_factory_page_dispose;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_factory_page_refresh;
  MUSTER_PAGE_CLASS (klass)->list = muster_factory_page_list;
  MUSTER_PAGE_CLASS (klass)->search = muster_factory_page_search;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_factory_page_rights_changed;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/factory-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryPage, title_stack);
  gtk_widget_class_bind_template_child (widget_class, MusterFactoryPage, views_button);
  gtk_widget_class_bind_template_callback (widget_class, muster_factory_page_view_cb);
  gtk_widget_class_install_action (widget_class, "factory.view", "s",
                                   muster_factory_page_view_action);
  gtk_widget_class_install_action (widget_class, "page.new", NULL, muster_factory_page_list_action);
  gtk_widget_class_install_action (widget_class, "page.export", NULL,
                                   muster_factory_page_list_action);
}

static void
muster_factory_page_init (MusterFactoryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
