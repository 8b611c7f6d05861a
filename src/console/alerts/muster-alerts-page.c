/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alerts-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-alerts-page.h"
#include "muster-alerts-view.h"
#include "muster-channels-view.h"
#include "muster-deliveries-log.h"
#include "muster-duty-view.h"
#include "muster-escalations-view.h"
#include "muster-rules-view.h"
#include "muster-silences-view.h"
#include "widgets/muster-records-view.h"

struct _MusterAlertsPage
{
  MusterPage parent_instance;

  /* Template children */
  AdwViewStack  *stack;
  GtkStack      *title_stack;
  GtkMenuButton *views_button;
};

G_DEFINE_FINAL_TYPE (MusterAlertsPage, muster_alerts_page, MUSTER_TYPE_PAGE)

/* A view is made when it is looked at first. */
static const struct
{
  const char *name;
  GtkWidget *(*create) (MusterSession *session);
} views[] = {
  { "alerts", muster_alerts_view_new },           { "rules", muster_rules_view_new },
  { "silences", muster_silences_view_new },       { "channels", muster_channels_view_new },
  { "escalations", muster_escalations_view_new }, { "duty", muster_duty_view_new },
  { "log", muster_deliveries_log_new },
};

static AdwBin *
get_bin (MusterAlertsPage *self)
{
  return ADW_BIN (adw_view_stack_get_visible_child (self->stack));
}

/* The list in front, or NULL: borrowed. */
static MusterRecordsView *
get_records (MusterAlertsPage *self)
{
  GtkWidget *view = adw_bin_get_child (get_bin (self));
  GtkWidget *child = view != NULL ? adw_bin_get_child (ADW_BIN (view)) : NULL;

  return MUSTER_IS_RECORDS_VIEW (child) ? MUSTER_RECORDS_VIEW (child) : NULL;
}

static void
ensure_view (MusterAlertsPage *self)
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
muster_alerts_page_view_cb (MusterAlertsPage *self)
{
  AdwViewStackPage *page;

  if (self->stack == NULL || adw_view_stack_get_visible_child (self->stack) == NULL)
    return;
  ensure_view (self);
  page = adw_view_stack_get_page (self->stack, adw_view_stack_get_visible_child (self->stack));
  gtk_menu_button_set_label (self->views_button, adw_view_stack_page_get_title (page));
}

void
muster_alerts_page_show_view (MusterAlertsPage *self, const char *name)
{
  g_return_if_fail (MUSTER_IS_ALERTS_PAGE (self));

  if (adw_view_stack_get_child_by_name (self->stack, name) != NULL)
    adw_view_stack_set_visible_child_name (self->stack, name);
}

void
muster_alerts_page_show_silence (MusterAlertsPage *self, const char *id)
{
  g_return_if_fail (MUSTER_IS_ALERTS_PAGE (self) && id != NULL);

  muster_alerts_page_show_view (self, "silences");
  muster_records_view_set_condition (get_records (self), "id", id, _ ("One silence"));
}

static void
muster_alerts_page_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_alerts_page_show_view (MUSTER_ALERTS_PAGE (widget),
                                g_variant_get_string (parameter, NULL));
}

static void
muster_alerts_page_refresh (MusterPage *page)
{
  MusterRecordsView *records = get_records (MUSTER_ALERTS_PAGE (page));

  if (records != NULL)
    muster_records_view_refresh (records);
}

static void
muster_alerts_page_search (MusterPage *page)
{
  MusterRecordsView *records = get_records (MUSTER_ALERTS_PAGE (page));

  if (records != NULL)
    muster_records_view_search (records);
}

static void
muster_alerts_page_list (MusterPage *page, const char *const *filters)
{
  MusterAlertsPage  *self = MUSTER_ALERTS_PAGE (page);
  gboolean           view = g_strcmp0 (filters[0], "view") == 0;
  MusterRecordsView *records;

  muster_alerts_page_show_view (self, view ? filters[1] : "alerts");
  records = get_records (self);
  if (records != NULL && filters[view ? 2 : 0] != NULL)
    muster_records_view_show_only (records, view ? filters + 2 : filters);
}

static void
muster_alerts_page_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRecordsView *records = get_records (MUSTER_ALERTS_PAGE (widget));

  if (records != NULL)
    muster_records_view_do_page_action (records, name);
}

/* --- life --- */

static void
muster_alerts_page_constructed (GObject *object)
{
  G_OBJECT_CLASS (muster_alerts_page_parent_class)->constructed (object);
  muster_alerts_page_view_cb (MUSTER_ALERTS_PAGE (object));
}

static void
muster_alerts_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_ALERTS_PAGE);
  G_OBJECT_CLASS (muster_alerts_page_parent_class)->dispose (object);
}

static void
muster_alerts_page_class_init (MusterAlertsPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_alerts_page_constructed;
  object_class->dispose = muster_alerts_page_dispose;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_alerts_page_refresh;
  MUSTER_PAGE_CLASS (klass)->list = muster_alerts_page_list;
  MUSTER_PAGE_CLASS (klass)->search = muster_alerts_page_search;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/alerts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterAlertsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertsPage, title_stack);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertsPage, views_button);
  gtk_widget_class_bind_template_callback (widget_class, muster_alerts_page_view_cb);
  gtk_widget_class_install_action (widget_class, "alerts.view", "s",
                                   muster_alerts_page_view_action);
  gtk_widget_class_install_action (widget_class, "page.new", NULL, muster_alerts_page_list_action);
  gtk_widget_class_install_action (widget_class, "page.export", NULL,
                                   muster_alerts_page_list_action);
}

static void
muster_alerts_page_init (MusterAlertsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
