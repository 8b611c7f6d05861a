/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-service"

#include "config.h"

#include "model/muster-error.h"
#include "muster-service.h"

typedef enum
{
  STATE_IDLE,
  STATE_STARTING,
  STATE_RUNNING,
  STATE_STOPPED,
} State;

typedef struct
{
  State state;
  char *trouble; /* (owned) (nullable) */
} MusterServicePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (MusterService, muster_service, G_TYPE_OBJECT)

typedef enum
{
  PROP_TROUBLE = 1,
} MusterServiceProperty;

static GParamSpec *properties[PROP_TROUBLE + 1];

static MusterServicePrivate *
priv (MusterService *self)
{
  return muster_service_get_instance_private (self);
}

static void
muster_service_finalize (GObject *object)
{
  g_free (priv (MUSTER_SERVICE (object))->trouble);
  G_OBJECT_CLASS (muster_service_parent_class)->finalize (object);
}

static void
muster_service_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MusterServiceProperty)prop_id)
    {
    case PROP_TROUBLE:
      g_value_set_string (value, muster_service_get_trouble (MUSTER_SERVICE (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_service_class_init (MusterServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = muster_service_finalize;
  object_class->get_property = muster_service_get_property;
  properties[PROP_TROUBLE] =
    g_param_spec_string ("trouble", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
muster_service_init (MusterService *self)
{
}

static DexFuture *
muster_service_started_cb (DexFuture *future, gpointer user_data)
{
  MusterService *self = user_data;

  priv (self)->state = dex_future_is_resolved (future) ? STATE_RUNNING : STATE_STOPPED;
  if (priv (self)->state == STATE_RUNNING)
    {
      g_debug ("%s: running", muster_service_get_name (self));
      return dex_future_new_true ();
    }
  return dex_ref (future);
}

DexFuture *
muster_service_start (MusterService *self)
{
  DexFuture *future = NULL;

  g_return_val_if_fail (MUSTER_IS_SERVICE (self), NULL);

  if (priv (self)->state != STATE_IDLE)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s was started before",
                                  muster_service_get_name (self));
  priv (self)->state = STATE_STARTING;
  if (MUSTER_SERVICE_GET_CLASS (self)->start != NULL)
    future = MUSTER_SERVICE_GET_CLASS (self)->start (self);
  if (future == NULL)
    future = dex_future_new_true ();
  return dex_future_finally (future, muster_service_started_cb, g_object_ref (self),
                             g_object_unref);
}

static DexFuture *
muster_service_stopped_cb (DexFuture *future, gpointer user_data)
{
  MusterService *self = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    g_warning ("%s: could not stop cleanly: %s", muster_service_get_name (self), error->message);
  g_debug ("%s: stopped", muster_service_get_name (self));
  return dex_future_new_true ();
}

DexFuture *
muster_service_stop (MusterService *self)
{
  DexFuture *future = NULL;

  g_return_val_if_fail (MUSTER_IS_SERVICE (self), NULL);

  if (priv (self)->state != STATE_RUNNING)
    return dex_future_new_true ();
  priv (self)->state = STATE_STOPPED;
  if (MUSTER_SERVICE_GET_CLASS (self)->stop != NULL)
    future = MUSTER_SERVICE_GET_CLASS (self)->stop (self);
  if (future == NULL)
    future = dex_future_new_true ();
  return dex_future_finally (future, muster_service_stopped_cb, g_object_ref (self),
                             g_object_unref);
}

gboolean
muster_service_is_running (MusterService *self)
{
  g_return_val_if_fail (MUSTER_IS_SERVICE (self), FALSE);

  return priv (self)->state == STATE_RUNNING;
}

const char *
muster_service_get_name (MusterService *self)
{
  g_return_val_if_fail (MUSTER_IS_SERVICE (self), NULL);

  return MUSTER_SERVICE_GET_CLASS (self)->name ? MUSTER_SERVICE_GET_CLASS (self)->name
                                               : G_OBJECT_TYPE_NAME (self);
}

const char *
muster_service_get_trouble (MusterService *self)
{
  g_return_val_if_fail (MUSTER_IS_SERVICE (self), NULL);

  return priv (self)->trouble;
}

void
muster_service_set_trouble (MusterService *self, const char *trouble)
{
  g_return_if_fail (MUSTER_IS_SERVICE (self));

  if (!g_set_str (&priv (self)->trouble, trouble))
    return;
  if (trouble != NULL)
    g_message ("%s: %s", muster_service_get_name (self), trouble);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TROUBLE]);
}

static DexFuture *
services_stop_fiber (gpointer user_data)
{
  GPtrArray *services = user_data;

  for (guint i = services->len; i > 0; i--)
    dex_await (muster_service_stop (services->pdata[i - 1]), NULL);
  return dex_future_new_true ();
}

static DexFuture *
services_start_fiber (gpointer user_data)
{
  GPtrArray *services = user_data;

  for (guint i = 0; i < services->len; i++)
    {
      g_autoptr (GError) error = NULL;

      if (dex_await (muster_service_start (services->pdata[i]), &error))
        continue;
      g_prefix_error (&error, "%s: ", muster_service_get_name (services->pdata[i]));
      dex_await (muster_services_stop (services), NULL);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  return dex_future_new_true ();
}

DexFuture *
muster_services_start (GPtrArray *services)
{
  g_return_val_if_fail (services != NULL, NULL);

  return dex_scheduler_spawn (NULL, 0, services_start_fiber, g_ptr_array_ref (services),
                              (GDestroyNotify)g_ptr_array_unref);
}

DexFuture *
muster_services_stop (GPtrArray *services)
{
  g_return_val_if_fail (services != NULL, NULL);

  return dex_scheduler_spawn (NULL, 0, services_stop_fiber, g_ptr_array_ref (services),
                              (GDestroyNotify)g_ptr_array_unref);
}
