/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-site-group"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-site.h"
#include "muster-permission.h"
#include "muster-site-group.h"

struct _MusterSiteGroup
{
  MusterSettingsGroup parent_instance;

  GtkEditable *name;
  GtkEditable *timezone;
};

G_DEFINE_FINAL_TYPE (MusterSiteGroup, muster_site_group, MUSTER_TYPE_SETTINGS_GROUP)

static MusterSession *
session_of (MusterSiteGroup *self)
{
  return muster_settings_group_get_session (MUSTER_SETTINGS_GROUP (self));
}

static void
set_text (GtkEditable *editable, const char *text)
{
  if (text == NULL)
    text = "";
  if (g_strcmp0 (gtk_editable_get_text (editable), text) != 0)
    gtk_editable_set_text (editable, text);
}

static void
muster_site_group_show_cb (MusterSiteGroup *self)
{
  MusterSite *site = muster_session_get_site (session_of (self));

  if (site == NULL)
    return;
  set_text (self->name, muster_entity_get_string (MUSTER_ENTITY (site), "name"));
  set_text (self->timezone, muster_entity_get_string (MUSTER_ENTITY (site), "timezone"));
}

static DexFuture *
muster_site_group_saved_cb (DexFuture *future, gpointer user_data)
{
  MusterSiteGroup *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (session_of (self) == NULL)
    return dex_future_new_true ();
  if (value == NULL)
    {
      muster_session_tell_error (session_of (self), _ ("The site was not changed"), error);
      muster_site_group_show_cb (self);
    }
  else
    muster_session_offer_journal_undo (session_of (self), _ ("The site was changed"), "site",
                                       muster_entity_get_id (g_value_get_object (value)));
  return dex_future_new_true ();
}

static void
change_site (MusterSiteGroup *self, const char *member, const char *text)
{
  JsonObject *changes = json_object_new ();

  if (*text != '\0')
    json_object_set_string_member (changes, member, text);
  else
    json_object_set_null_member (changes, member);
  dex_future_disown (
    dex_future_finally (muster_api_site_update (muster_session_get_client (session_of (self)),
                                                changes, 0),
                        muster_site_group_saved_cb, g_object_ref (self), g_object_unref));
}

static void
muster_site_group_name_cb (MusterSiteGroup *self)
{
  change_site (self, "name", gtk_editable_get_text (self->name));
}

static void
muster_site_group_timezone_cb (MusterSiteGroup *self)
{
  change_site (self, "timezone", gtk_editable_get_text (self->timezone));
}

/* --- life --- */

static void
muster_site_group_constructed (GObject *object)
{
  MusterSiteGroup *self = MUSTER_SITE_GROUP (object);

  G_OBJECT_CLASS (muster_site_group_parent_class)->constructed (object);
  g_signal_connect_object (session_of (self), "notify::site",
                           G_CALLBACK (muster_site_group_show_cb), self, G_CONNECT_SWAPPED);
  muster_permission_guard (session_of (self), GTK_WIDGET (self->name), "updateSite");
  muster_permission_guard (session_of (self), GTK_WIDGET (self->timezone), "updateSite");
  muster_site_group_show_cb (self);
}

static void
muster_site_group_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_SITE_GROUP);
  G_OBJECT_CLASS (muster_site_group_parent_class)->dispose (object);
}

static void
muster_site_group_class_init (MusterSiteGroupClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_site_group_constructed;
  object_class->dispose = muster_site_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/site-group.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterSiteGroup, name);
  gtk_widget_class_bind_template_child (widget_class, MusterSiteGroup, timezone);
  gtk_widget_class_bind_template_callback (widget_class, muster_site_group_name_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_site_group_timezone_cb);
}

static void
muster_site_group_init (MusterSiteGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
