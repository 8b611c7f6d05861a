/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-daemon"

#include "config.h"

#include <sodium.h>

#include "core/http/muster-http-server.h"
#include "core/muster-journal.h"
#include "core/muster-repository.h"
#include "core/muster-settings.h"
#include "devices/muster-device-registry.h"
#include "model/muster-error.h"
#include "muster-daemon.h"
#include "muster-data-dir.h"
#include "muster-entities.h"
#include "muster-site-record.h"
#include "telemetry/muster-sqlite-sample-store.h"
#include "telemetry/muster-telemetry-resource.h"

struct _MusterDaemon
{
  GObject                    parent_instance;
  const MusterDaemonOptions *options;
  MusterDataDir             *data_dir; /* (owned) (nullable) */
  char                      *token;    /* (owned) (nullable): of HTTPS */
  MusterClock               *clock;
  MusterBus                 *bus;
  MusterRouter              *router;
  GPtrArray                 *running; /* (element-type MusterService) in order of their start */

  MusterSettings       *settings;
  MusterDatabase       *database;
  MusterRepository     *repository;
  MusterSampleStore    *store;
  MusterTelemetry      *telemetry;
  MusterDeviceRegistry *registry;
  MusterHttpServer     *http;
  char                 *site_name;
};

G_DEFINE_FINAL_TYPE (MusterDaemon, muster_daemon, G_TYPE_OBJECT)

static void
muster_daemon_finalize (GObject *object)
{
  MusterDaemon *self = MUSTER_DAEMON (object);

  g_clear_object (&self->http);
  g_clear_object (&self->registry);
  g_clear_object (&self->telemetry);
  g_clear_object (&self->store);
  g_clear_object (&self->settings);
  g_clear_object (&self->repository);
  g_clear_object (&self->database);
  g_clear_object (&self->router);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->running, g_ptr_array_unref);
  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->site_name, g_free);
  g_clear_pointer (&self->data_dir, muster_data_dir_close);
  G_OBJECT_CLASS (muster_daemon_parent_class)->finalize (object);
}

static void
muster_daemon_class_init (MusterDaemonClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_daemon_finalize;
}

static void
muster_daemon_init (MusterDaemon *self)
{
  self->clock = muster_clock_new ();
  self->bus = muster_bus_new ();
  self->router = muster_router_new ();
  self->running = g_ptr_array_new_with_free_func (g_object_unref);
}

MusterDaemon *
muster_daemon_new (const MusterDaemonOptions *options)
{
  MusterDaemon *self;

  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_DAEMON, NULL);
  self->options = options;
  return self;
}

/* In a fiber. */
static gboolean
start_service (MusterDaemon *self, gpointer service, GError **error)
{
  if (!dex_await (muster_service_start (service), error))
    {
      g_prefix_error (error, "%s: ", muster_service_get_name (service));
      return FALSE;
    }
  g_ptr_array_add (self->running, g_object_ref (service));
  return TRUE;
}

/* (transfer full) (nullable): NULL without an error where no file was given. */
static GKeyFile *
read_config (MusterDaemon *self, GError **error)
{
  g_autoptr (GKeyFile) config = NULL;

  if (self->options->config == NULL)
    return NULL;
  config = g_key_file_new ();
  if (!g_key_file_load_from_file (config, self->options->config, G_KEY_FILE_NONE, error))
    {
      g_prefix_error (error, "--config %s: ", self->options->config);
      return NULL;
    }
  return g_steal_pointer (&config);
}

/* In a fiber. */
static gboolean
load_settings (MusterDaemon *self, GError **error)
{
  g_autoptr (GError)   cause = NULL;
  g_autoptr (GKeyFile) config = read_config (self, &cause);

  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  self->settings = muster_settings_new (self->database);
  return dex_await (muster_settings_load (self->settings, config), error);
}

static gboolean
start_records (MusterDaemon *self, GError **error)
{
  g_autofree char *path = muster_data_dir_build (self->data_dir, "muster.db");

  self->database = muster_database_new (path, self->clock, self->bus);
  muster_database_register_entities (self->database, muster_entities);
  if (!start_service (self, self->database, error))
    return FALSE;
  self->repository = muster_repository_new (self->database);
  self->site_name =
    dex_await_string (muster_site_record_ensure (self->database, self->options->site_name), error);
  return self->site_name != NULL && load_settings (self, error);
}

static gboolean
start_samples (MusterDaemon *self, GError **error)
{
  g_autofree char *path = muster_data_dir_build (self->data_dir, "samples.db");

  self->store = MUSTER_SAMPLE_STORE (muster_sqlite_sample_store_new (path, self->clock));
  self->telemetry = muster_telemetry_new (self->store, self->bus);
  return start_service (self, self->store, error) && start_service (self, self->telemetry, error);
}

static gboolean
start_devices (MusterDaemon *self, GError **error)
{
  self->registry = muster_device_registry_new (self->repository, self->bus, self->clock);
  return start_service (self, self->registry, error);
}

static DexFuture *
authenticate (const char *token, gpointer user_data)
{
  MusterDaemon *self = user_data;
  gsize         length = strlen (self->token);

  if (strlen (token) == length && sodium_memcmp (token, self->token, length) == 0)
    return dex_future_new_take_boxed (MUSTER_TYPE_ACTOR,
                                      muster_actor_new (MUSTER_ACTOR_TOKEN, "token", "Access token",
                                                        0));
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                                "the token is not valid here");
}

static gboolean
start_http (MusterDaemon *self, GError **error)
{
  muster_telemetry_resource_add (self->router, self->telemetry, self->repository);
  self->http = muster_http_server_new (self->router, self->bus, self->database);
  muster_http_server_set_authenticate (self->http, authenticate, self, NULL);
  muster_http_server_set_unix_path (self->http, self->options->socket);
  return start_service (self, self->http, error);
}

static DexFuture *
muster_daemon_start_fiber (gpointer user_data)
{
  MusterDaemon *self = user_data;
  g_autoptr (GError) error = NULL;

  self->data_dir = muster_data_dir_open (self->options->data_dir, &error);
  if (self->data_dir != NULL)
    self->token = muster_data_dir_load_token (self->data_dir, &error);
  if (self->token != NULL && start_records (self, &error) && start_samples (self, &error) &&
      start_devices (self, &error) && start_http (self, &error))
    return dex_future_new_true ();
  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
muster_daemon_start (MusterDaemon *self)
{
  g_return_val_if_fail (MUSTER_IS_DAEMON (self), NULL);

  return dex_scheduler_spawn (NULL, 0, muster_daemon_start_fiber, g_object_ref (self),
                              g_object_unref);
}

DexFuture *
muster_daemon_stop (MusterDaemon *self)
{
  g_return_val_if_fail (MUSTER_IS_DAEMON (self), NULL);

  return muster_services_stop (self->running);
}

void
muster_daemon_reload (MusterDaemon *self)
{
  g_return_if_fail (MUSTER_IS_DAEMON (self));
}
