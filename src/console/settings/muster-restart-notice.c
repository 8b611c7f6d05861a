/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-restart-notice"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-restart-notice.h"

#define KEY_NOTICE "muster-restart-notice"

struct _MusterRestartNotice
{
  GObject  parent_instance;
  gboolean needed;
};

G_DEFINE_FINAL_TYPE (MusterRestartNotice, muster_restart_notice, G_TYPE_OBJECT)

typedef enum
{
  PROP_NEEDED = 1,
} MusterRestartNoticeProperty;

static GParamSpec *properties[PROP_NEEDED + 1];

static void
muster_restart_notice_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  switch ((MusterRestartNoticeProperty)prop_id)
    {
    case PROP_NEEDED:
      g_value_set_boolean (value, MUSTER_RESTART_NOTICE (object)->needed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_restart_notice_class_init (MusterRestartNoticeClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = muster_restart_notice_get_property;
  properties[PROP_NEEDED] =
    g_param_spec_boolean ("needed", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), G_N_ELEMENTS (properties), properties);
}

static void
muster_restart_notice_init (MusterRestartNotice *self)
{
}

MusterRestartNotice *
muster_restart_notice_get (MusterSession *session)
{
  MusterRestartNotice *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);

  self = g_object_get_data (G_OBJECT (session), KEY_NOTICE);
  if (self == NULL)
    {
      self = g_object_new (MUSTER_TYPE_RESTART_NOTICE, NULL);
      g_object_set_data_full (G_OBJECT (session), KEY_NOTICE, self, g_object_unref);
    }
  return self;
}

void
muster_restart_notice_set_needed (MusterRestartNotice *self, gboolean needed)
{
  g_return_if_fail (MUSTER_IS_RESTART_NOTICE (self));

  if (self->needed == !!needed)
    return;
  self->needed = !!needed;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEEDED]);
}

static void
muster_restart_notice_clicked_cb (AdwBanner *banner, MusterRestartNotice *self)
{
  muster_restart_notice_set_needed (self, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (banner), "app.restart-service", NULL);
}

void
muster_restart_notice_show (MusterRestartNotice *self, AdwBanner *banner)
{
  GApplication *application = g_application_get_default ();
  gboolean      possible =
    application != NULL &&
    g_action_group_get_action_enabled (G_ACTION_GROUP (application), "restart-service");

  g_return_if_fail (MUSTER_IS_RESTART_NOTICE (self));
  g_return_if_fail (ADW_IS_BANNER (banner));

  adw_banner_set_use_markup (banner, FALSE);
  adw_banner_set_title (
    banner, _ ("What you changed takes effect when the site's service is started again"));
  adw_banner_set_button_label (banner, possible ? _ ("Start Again") : NULL);
  g_signal_connect_object (banner, "button-clicked", G_CALLBACK (muster_restart_notice_clicked_cb),
                           self, 0);
  g_object_bind_property (self, "needed", banner, "revealed", G_BINDING_SYNC_CREATE);
}
