/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rule-why"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-alert-rule.h"
#include "muster-rule-why.h"
#include "muster-rule-words.h"
#include "muster-why-list.h"
#include "widgets/muster-reference-row.h"

/* Evaluations have no event of their own. */
#define REFRESH_SECONDS 5

struct _MusterRuleWhy
{
  MusterPage parent_instance;

  MusterEntity  *rule; /* (owned) */
  GtkWidget     *device;
  MusterWhyList *list;
  unsigned       refresh_id; /* timeout, while mapped */
};

G_DEFINE_FINAL_TYPE (MusterRuleWhy, muster_rule_why, MUSTER_TYPE_PAGE)

static void
muster_rule_why_refresh (MusterPage *page)
{
  MusterRuleWhy *self = MUSTER_RULE_WHY (page);

  muster_why_list_show_rule (self->list, muster_page_get_session (page),
                             muster_entity_get_id (self->rule),
                             muster_reference_row_get_id (MUSTER_REFERENCE_ROW (self->device)));
}

static gboolean
muster_rule_why_refresh_cb (gpointer user_data)
{
  muster_rule_why_refresh (user_data);
  return G_SOURCE_CONTINUE;
}

static void
muster_rule_why_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (muster_rule_why_parent_class)->map (widget);
  MUSTER_RULE_WHY (widget)->refresh_id =
    g_timeout_add_seconds (REFRESH_SECONDS, muster_rule_why_refresh_cb, widget);
}

static void
muster_rule_why_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&MUSTER_RULE_WHY (widget)->refresh_id, g_source_remove);
  GTK_WIDGET_CLASS (muster_rule_why_parent_class)->unmap (widget);
}

static void
muster_rule_why_dispose (GObject *object)
{
  g_clear_handle_id (&MUSTER_RULE_WHY (object)->refresh_id, g_source_remove);
  g_clear_object (&MUSTER_RULE_WHY (object)->rule);
  G_OBJECT_CLASS (muster_rule_why_parent_class)->dispose (object);
}

static void
muster_rule_why_class_init (MusterRuleWhyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_rule_why_dispose;
  GTK_WIDGET_CLASS (klass)->map = muster_rule_why_map;
  GTK_WIDGET_CLASS (klass)->unmap = muster_rule_why_unmap;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_rule_why_refresh;
}

static void
muster_rule_why_init (MusterRuleWhy *self)
{
}

static GtkWidget *
create_content (MusterRuleWhy *self)
{
  GtkWidget       *page = adw_preferences_page_new ();
  GtkWidget       *group = adw_preferences_group_new ();
  GtkWidget       *why = adw_preferences_group_new ();
  g_autofree char *words = muster_rule_describe (self->rule);
  g_autofree char *title = g_markup_escape_text (words, -1);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  if (!muster_entity_get_boolean (self->rule, "enabled"))
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                           _ ("It is switched off: it looks at nothing."));
  self->device = muster_reference_row_new (muster_page_get_session (MUSTER_PAGE (self)), "device",
                                           _ ("Only of this device"), TRUE);
  if (muster_entity_get_enum (self->rule, "scope_kind") == MUSTER_ALERT_SCOPE_DEVICE)
    muster_reference_row_set_id (MUSTER_REFERENCE_ROW (self->device),
                                 muster_entity_get_string (self->rule, "scope_id"));
  g_signal_connect_object (self->device, "notify::record-id", G_CALLBACK (muster_rule_why_refresh),
                           self, G_CONNECT_SWAPPED);
  self->list = MUSTER_WHY_LIST (muster_why_list_new ());
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->device);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (why), GTK_WIDGET (self->list));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (why));
  return page;
}

MusterPage *
muster_rule_why_new (MusterSession *session, MusterEntity *rule)
{
  g_autofree char *title = g_strdup_printf (_ ("Why? %s"), muster_entity_get_string (rule, "name"));
  MusterRuleWhy   *self =
    g_object_new (MUSTER_TYPE_RULE_WHY, "session", session, "title", title, NULL);
  GtkWidget *view = adw_toolbar_view_new ();

  self->rule = g_object_ref (rule);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), create_content (self));
  adw_navigation_page_set_child (ADW_NAVIGATION_PAGE (self), view);
  muster_rule_why_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}
