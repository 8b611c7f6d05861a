/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-settings-group"

#include "config.h"

#include "muster-settings-group.h"

typedef struct
{
  MusterSession *session; /* (owned) (nullable) */
} MusterSettingsGroupPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (MusterSettingsGroup,
                                     muster_settings_group,
                                     ADW_TYPE_PREFERENCES_GROUP)

typedef enum
{
  PROP_SESSION = 1,
} MusterSettingsGroupProperty;

static GParamSpec *properties[PROP_SESSION + 1];

static MusterSettingsGroupPrivate *
priv (MusterSettingsGroup *self)
{
  return muster_settings_group_get_instance_private (self);
}

static void
muster_settings_group_dispose (GObject *object)
{
  g_clear_object (&priv (MUSTER_SETTINGS_GROUP (object))->session);
  G_OBJECT_CLASS (muster_settings_group_parent_class)->dispose (object);
}

static void
muster_settings_group_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  switch ((MusterSettingsGroupProperty)prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, priv (MUSTER_SETTINGS_GROUP (object))->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_settings_group_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  switch ((MusterSettingsGroupProperty)prop_id)
    {
    case PROP_SESSION:
      priv (MUSTER_SETTINGS_GROUP (object))->session = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_settings_group_class_init (MusterSettingsGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_settings_group_dispose;
  object_class->get_property = muster_settings_group_get_property;
  object_class->set_property = muster_settings_group_set_property;
  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, MUSTER_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
muster_settings_group_init (MusterSettingsGroup *self)
{
}

GtkWidget *
muster_settings_group_new (GType type, MusterSession *session)
{
  g_return_val_if_fail (g_type_is_a (type, MUSTER_TYPE_SETTINGS_GROUP), NULL);
  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);

  return g_object_new (type, "session", session, NULL);
}

MusterSession *
muster_settings_group_get_session (MusterSettingsGroup *self)
{
  g_return_val_if_fail (MUSTER_IS_SETTINGS_GROUP (self), NULL);

  return priv (self)->session;
}

void
muster_settings_group_refresh (MusterSettingsGroup *self)
{
  g_return_if_fail (MUSTER_IS_SETTINGS_GROUP (self));

  if (MUSTER_SETTINGS_GROUP_GET_CLASS (self)->refresh != NULL)
    MUSTER_SETTINGS_GROUP_GET_CLASS (self)->refresh (self);
}
