/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-daemon"

#include "config.h"

#include <sodium.h>

#include "accounts/muster-accounts-resource.h"
#include "alerts/muster-alert-resource.h"
#include "alerts/muster-notify-resource.h"
#include "core/http/muster-http-fetch.h"
#include "core/http/muster-http-policy.h"
#include "core/http/muster-http-server.h"
#include "core/muster-journal.h"
#include "core/muster-repository.h"
#include "core/muster-settings.h"
#include "ddi/muster-ddi-resource.h"
#include "ddi/muster-management.h"
#include "devices/muster-device-resource.h"
#include "discovery/muster-avahi.h"
#include "discovery/muster-discovery-resource.h"
#include "discovery/muster-silent-mdns.h"
#include "families/muster-family-resource.h"
#include "inventory/muster-inventory-resource.h"
#include "jobs/muster-job-resource.h"
#include "messaging/muster-messaging-resource.h"
#include "messaging/muster-messaging.h"
#include "model/muster-entities.h"
#include "model/muster-error.h"
#include "model/muster-person.h"
#include "operations/muster-journal-resource.h"
#include "operations/muster-operations.h"
#include "operations/muster-settings-resource.h"
#include "operations/muster-site-resource.h"
#include "orders/muster-order-resource.h"
#include "telemetry/muster-retention-service.h"
#include "muster-daemon-jobs.h"
#include "muster-daemon-metrics.h"
#include "muster-daemon-ota.h"
#include "muster-daemon-records.h"
#include "muster-daemon-rules.h"
#include "muster-daemon-samples.h"
#include "muster-daemon-settings.h"
#include "muster-daemon.h"
#include "muster-data-dir.h"
#include "muster-site-announcement.h"
#include "muster-site-record.h"

/* The Sparkplug group of the devices that a site adopts. */
#define MUSTER_GROUP_ID "muster"

struct _MusterDaemon
{
  GObject                    parent_instance;
  const MusterDaemonOptions *options;
  MusterDataDir             *data_dir; /* (owned) (nullable) */
  char                      *token;    /* (owned) (nullable): of HTTPS */
  MusterDaemonRecords       *records;  /* (owned) (nullable) */
  MusterClock               *clock;
  MusterBus                 *bus;
  MusterRouter              *router;
  GPtrArray                 *running; /* (element-type MusterService) in order of their start */

  MusterDatabase             *database;
  MusterRepository           *repository;
  MusterJobService           *jobs;
  MusterSettings             *settings;
  MusterEntity               *site;
  MusterAccounts             *accounts;
  MusterDaemonSamples        *samples;   /* (owned) (nullable) */
  MusterTelemetry            *telemetry; /* of `samples` */
  MusterHttpFetch            *fetch;
  MusterDeviceRegistry       *registry;
  MusterCertificateAuthority *authority;
  MusterMessaging            *messaging;
  MusterDeviceService        *devices;
  MusterNodeService          *nodes;
  MusterCommandService       *commands;
  MusterDiscoveryService     *discovery;
  GPtrArray                  *profiles; /* (element-type MusterFamilyProfile) */
  MusterFamilyService        *families;
  MusterAlertService         *alerts;
  MusterNotifyService        *notifications;
  MusterDaemonOta            *ota; /* (owned) (nullable) */
  MusterDdiService           *ddi;
  MusterInventoryService     *inventory;
  MusterMetrics              *metrics;
  MusterOperations           *operations;
  MusterHttpServer           *http;
  MusterSiteAnnouncement     *announcement;

  DexFuture *start; /* (owned) (nullable) */
  gboolean   stopping;
};

G_DEFINE_FINAL_TYPE (MusterDaemon, muster_daemon, G_TYPE_OBJECT)

static void
muster_daemon_finalize (GObject *object)
{
  MusterDaemon *self = MUSTER_DAEMON (object);

  dex_clear (&self->start);
  g_clear_object (&self->announcement);
  g_clear_object (&self->http);
  g_clear_object (&self->operations);
  g_clear_object (&self->metrics);
  g_clear_object (&self->inventory);
  g_clear_object (&self->ddi);
  g_clear_pointer (&self->ota, muster_daemon_ota_free);
  g_clear_object (&self->notifications);
  g_clear_object (&self->alerts);
  g_clear_object (&self->families);
  g_clear_pointer (&self->profiles, g_ptr_array_unref);
  g_clear_object (&self->discovery);
  g_clear_object (&self->commands);
  g_clear_object (&self->nodes);
  g_clear_object (&self->devices);
  g_clear_object (&self->messaging);
  g_clear_object (&self->authority);
  g_clear_object (&self->registry);
  g_clear_object (&self->fetch);
  g_clear_pointer (&self->samples, muster_daemon_samples_free);
  g_clear_object (&self->accounts);
  g_clear_object (&self->site);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->records, muster_daemon_records_free);
  g_clear_object (&self->jobs);
  g_clear_object (&self->repository);
  g_clear_object (&self->database);
  g_clear_object (&self->router);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->running, g_ptr_array_unref);
  g_clear_pointer (&self->token, g_free);
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
  if (self->stopping)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "told to end while it started");
      return FALSE;
    }
  if (!dex_await (muster_service_start (service), error))
    {
      g_prefix_error (error, "%s: ", muster_service_get_name (service));
      return FALSE;
    }
  g_ptr_array_add (self->running, g_object_ref (service));
  return TRUE;
}

static gboolean
start_services (MusterDaemon *self, GPtrArray *services, GError **error)
{
  for (guint i = 0; i < services->len; i++)
    if (!start_service (self, services->pdata[i], error))
      return FALSE;
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

static void
muster_daemon_setting_changed_cb (MusterSettings *settings, const char *key, gpointer user_data)
{
  if (muster_settings_needs_restart (settings, key))
    g_message ("%s has changed: it is used from the next start on", key);
}

/* In a fiber. */
static gboolean
load_settings (MusterDaemon *self, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GKeyFile) config = read_config (self, &cause);

  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  self->settings = muster_settings_new (self->database);
  muster_settings_register (self->settings, muster_retention_settings);
  muster_settings_register (self->settings, muster_daemon_settings);
  muster_settings_register (self->settings, muster_accounts_settings);
  muster_settings_register (self->settings, muster_http_settings);
  muster_settings_register (self->settings, muster_job_settings);
  muster_settings_register (self->settings, muster_alert_settings);
  muster_settings_register (self->settings, muster_notify_settings);
  muster_settings_register (self->settings, muster_attachment_settings);
  muster_settings_register (self->settings, muster_firmware_settings);
  muster_settings_register (self->settings, muster_ddi_settings);
  muster_settings_register (self->settings, muster_flash_settings);
  muster_settings_register (self->settings, muster_label_settings);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (muster_daemon_setting_changed_cb),
                           self, 0);
  return dex_await (muster_settings_load (self->settings, config), error);
}

static gboolean
start_records (MusterDaemon *self, GError **error)
{
  gboolean is_fresh = FALSE;
  g_autoptr (GBytes) key = muster_data_dir_load_journal_key (self->data_dir, &is_fresh, error);
  g_autofree char *path = muster_data_dir_build (self->data_dir, "muster.db");

  if (key == NULL)
    return FALSE;
  self->database = muster_database_new (path, self->clock, self->bus);
  muster_database_set_journal_key (self->database, key, is_fresh);
  muster_database_register_entities (self->database, muster_entities);
  muster_daemon_rules_add (self->database, self->data_dir);
  self->jobs = muster_daemon_jobs_new (self->database, self->bus);
  self->records = muster_daemon_records_new (self->data_dir, self->database, self->jobs, error);
  if (self->records == NULL)
    return FALSE;
  if (!start_service (self, self->database, error) ||
      (is_fresh && !muster_data_dir_confirm_journal_key (self->data_dir, error)))
    return FALSE;
  self->repository = muster_repository_new (self->database);
  self->site =
    dex_await_object (muster_site_record_ensure (self->database, self->options->site_name), error);
  return self->site != NULL && load_settings (self, error);
}

static gboolean
start_samples (MusterDaemon *self, GError **error)
{
  const MusterDaemonSamplesParts parts = {
    self->database, self->repository, self->settings, muster_entity_get_id (self->site),
    self->bus,      self->clock,
  };
  g_autofree char *path = muster_data_dir_build (self->data_dir, "samples.db");

  self->samples = muster_daemon_samples_new (path, &parts);
  self->telemetry = muster_daemon_samples_get_telemetry (self->samples);
  return start_services (self, muster_daemon_samples_get_services (self->samples), error);
}

static gboolean
start_registry (MusterDaemon *self, GError **error)
{
  self->fetch = muster_http_fetch_new ();
  self->registry = muster_device_registry_new (self->repository, self->bus, self->clock);
  return start_service (self, self->registry, error);
}

/* "" for a setting that was never given. */
static const char *
get_text (MusterDaemon *self, const char *key)
{
  const char *text = muster_settings_get_string (self->settings, key);

  return text != NULL && *text != '\0' ? text : NULL;
}

static gboolean
make_messaging (MusterDaemon *self, GError **error)
{
  g_autofree char       *directory = muster_data_dir_build (self->data_dir, "broker");
  g_autofree char       *address = NULL;
  guint16                port = 0;
  MusterMessagingOptions options = {
    .broker = { .directory = directory },
    .host_id = muster_entity_get_id (self->site),
    .external_uri = get_text (self, MUSTER_SETTING_BROKER_URI),
    .external_user = get_text (self, MUSTER_SETTING_BROKER_USER),
    .external_password = get_text (self, MUSTER_SETTING_BROKER_PASSWORD),
    .external_ca_file = get_text (self, MUSTER_SETTING_BROKER_CA_FILE),
  };

  if (self->options->broker_listen != NULL &&
      !muster_daemon_options_split ("--broker-listen", self->options->broker_listen, &address,
                                    &port, error))
    return FALSE;
  options.broker.address = address;
  options.broker.port = port;
  if (muster_settings_get_boolean (self->settings, MUSTER_SETTING_BROKER_PLAIN))
    options.broker.plain_port =
      muster_settings_get_integer (self->settings, MUSTER_SETTING_BROKER_PLAIN_PORT);
  self->messaging = muster_messaging_new (&options, self->authority, self->clock);
  return TRUE;
}

static gboolean
start_authority (MusterDaemon *self, GError **error)
{
  g_autofree char *directory = muster_data_dir_build (self->data_dir, "tls");

  self->authority =
    muster_certificate_authority_new (directory, muster_entity_get_string (self->site, "name"),
                                      NULL, self->clock);
  return start_service (self, self->authority, error);
}

static MusterCandidate *
find_candidate (const char *key, const char *device_id, gpointer user_data)
{
  return muster_discovery_service_find (user_data, key, device_id);
}

/* Other makes are heard from the connection's first moment on. */
static gboolean
start_families (MusterDaemon *self, GError **error)
{
  self->families =
    muster_family_service_new (muster_messaging_get_side_client (self->messaging),
                               muster_entity_get_id (self->site), self->profiles, self->devices,
                               self->discovery, self->telemetry, self->bus, self->clock);
  muster_command_service_set_route (self->commands, &muster_family_service_route, self->families);
  g_signal_connect_object (muster_messaging_get_client (self->messaging), "connected",
                           G_CALLBACK (muster_family_service_report_all), self->families,
                           G_CONNECT_SWAPPED);
  return start_service (self, self->families, error);
}

static gboolean
start_devices (MusterDaemon *self, GError **error)
{
  MusterDeviceServiceOptions options = {
    .group_id = MUSTER_GROUP_ID,
    .host_id = muster_entity_get_id (self->site),
    .links = &muster_device_messaging_links,
    .links_data = self->messaging,
    .fetch = self->fetch,
  };

  self->devices =
    muster_device_service_new (self->repository, self->bus, self->clock, self->registry, &options);
  self->profiles = muster_family_profiles_load ();
  muster_device_service_set_family_rules (self->devices, muster_family_profiles_list_rules,
                                          self->profiles);
  self->nodes = muster_node_service_new (self->devices, self->telemetry, self->bus, self->clock,
                                         options.links, options.links_data);
  self->commands = muster_command_service_new (self->devices, self->nodes, self->clock,
                                               options.links, options.links_data);
  muster_sparkplug_host_add_listener (muster_messaging_get_host (self->messaging),
                                      &muster_node_service_listener, G_OBJECT (self->nodes),
                                      self->nodes);
  /* The broker starts with the accounts that the devices' service knows. */
  return start_service (self, self->devices, error) && start_service (self, self->nodes, error) &&
         start_service (self, self->messaging, error) &&
         start_service (self, self->commands, error);
}

static gboolean
start_discovery (MusterDaemon *self, GError **error)
{
  g_autoptr (MusterMdns) mdns =
              self->options->no_mdns ? muster_silent_mdns_new () : muster_avahi_new ();

  self->discovery = muster_discovery_service_new (mdns, self->registry, self->repository, self->bus,
                                                  self->clock, self->fetch);
  muster_device_service_set_find_candidate (self->devices, find_candidate, self->discovery, NULL);
  return start_service (self, self->discovery, error);
}

static void
messaging_trouble_cb (MusterService *messaging, GParamSpec *pspec, MusterAlertService *alerts)
{
  muster_alert_service_set_broker_down (alerts, muster_service_get_trouble (messaging) != NULL);
}

static gboolean
start_alerts (MusterDaemon *self, GError **error)
{
  const MusterAlertParts parts = { self->repository, self->bus,      self->clock,
                                   self->telemetry,  self->registry, self->settings };

  self->alerts = muster_alert_service_new (&parts);
  g_signal_connect_object (self->messaging, "notify::trouble", G_CALLBACK (messaging_trouble_cb),
                           self->alerts, 0);
  messaging_trouble_cb (MUSTER_SERVICE (self->messaging), NULL, self->alerts);
  return start_service (self, self->alerts, error);
}

/* Writes VALUE to a device that is a siren or a light. */
static DexFuture *
write_siren (const char *device_id, const char *metric, const char *value, gpointer user_data)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("notifications");
  g_autoptr (MusterEntity) command = muster_entity_new (&muster_device_command_info);

  muster_entity_set_enum (command, "kind", MUSTER_COMMAND_WRITE);
  muster_entity_set_string (command, "metric", metric);
  muster_entity_set_string (command, "value", value);
  return muster_command_service_give (user_data, actor, device_id, command);
}

static gboolean
start_notifications (MusterDaemon *self, GError **error)
{
  self->notifications = muster_notify_service_new (self->repository, self->bus, self->settings);
  muster_notify_service_set_siren (self->notifications, write_siren, self->commands);
  return start_service (self, self->notifications, error);
}

/* The port of the first HTTPS address, 0 where there is none. */
static guint16
get_https_port (MusterDaemon *self)
{
  g_auto (GStrv) uris = muster_http_server_list_uris (self->http);

  for (char **uri = uris; uri != NULL && *uri != NULL; uri++)
    {
      g_autoptr (GUri) parsed = g_uri_parse (*uri, G_URI_FLAGS_NONE, NULL);

      if (parsed != NULL && g_strcmp0 (g_uri_get_scheme (parsed), "https") == 0)
        return g_uri_get_port (parsed);
    }
  return 0;
}

/* The address by which devices reach the daemon over HTTPS: (transfer full) (nullable). */
static char *
make_base_uri (gpointer user_data)
{
  MusterDaemon *self = user_data;
  MusterBroker *broker = muster_messaging_get_broker (self->messaging);
  const char   *given = get_text (self, MUSTER_SETTING_FIRMWARE_BASE_URI);
  guint16       port = self->http != NULL ? get_https_port (self) : 0;
  g_auto (GStrv) hosts = broker != NULL ? muster_broker_list_hosts (broker) : NULL;
  const char *host = hosts != NULL && hosts[0] != NULL ? hosts[0] : NULL;

  if (given != NULL)
    return g_strdup (given);
  if (port == 0 || host == NULL)
    return NULL;
  return strchr (host, ':') != NULL ? g_strdup_printf ("https://[%s]:%u", host, port)
                                    : g_strdup_printf ("https://%s:%u", host, port);
}

static gboolean
start_ota (MusterDaemon *self, GError **error)
{
  const MusterDaemonOtaParts parts = {
    self->repository,
    self->settings,
    self->registry,
    muster_messaging_get_host (self->messaging),
    muster_daemon_samples_get_store (self->samples),
    MUSTER_GROUP_ID,
    self->bus,
    self->clock,
    make_base_uri,
    self,
  };

  self->ota = muster_daemon_ota_new (self->data_dir, &parts, error);
  return self->ota != NULL &&
         start_services (self, muster_daemon_ota_get_services (self->ota), error);
}

static gboolean
start_ddi (MusterDaemon *self, GError **error)
{
  const MusterDdiParts parts = { muster_daemon_ota_get_updates (self->ota),
                                 muster_daemon_ota_get_rollouts (self->ota),
                                 self->registry,
                                 self->discovery,
                                 self->settings,
                                 self->clock };

  self->ddi = muster_ddi_service_new (&parts);
  return start_service (self, self->ddi, error);
}

/* Whose TOKEN is that is no person's. */
static MusterActor *
find_holder (const char *token, gpointer user_data)
{
  MusterDaemon *self = user_data;
  gsize         length = strlen (self->token);
  const char   *device = NULL;

  if (strlen (token) == length && sodium_memcmp (token, self->token, length) == 0)
    return muster_actor_new (MUSTER_ACTOR_TOKEN, "token", "Access token",
                             MUSTER_ROLE_ADMINISTRATOR);
  device = muster_token_book_verify (muster_device_service_get_tokens (self->devices), token);
  return device != NULL ? muster_actor_new (MUSTER_ACTOR_DEVICE, device, device, MUSTER_ROLE_DEVICE)
                        : NULL;
}

static DexFuture *
authenticate (const char *token, gpointer user_data)
{
  return muster_accounts_authenticate (MUSTER_DAEMON (user_data)->accounts, token);
}

/* LOCAL: by the peer credentials; an administrator is the daemon's own user, or root. */
static DexFuture *
identify (MusterActor *local, gpointer user_data)
{
  int role = muster_actor_get_role (local);

  return muster_accounts_identify (MUSTER_DAEMON (user_data)->accounts, muster_actor_get_id (local),
                                   role == MUSTER_ROLE_ADMINISTRATOR, role);
}

static gboolean
start_accounts (MusterDaemon *self, GError **error)
{
  g_autofree char      *key_file = muster_data_dir_build (self->data_dir, "keys/accounts");
  MusterAccountsOptions options = { .key_file = key_file,
                                    .issuer = muster_entity_get_id (self->site) };

  self->accounts = muster_accounts_new (self->repository, self->settings, &options);
  muster_accounts_set_fallback (self->accounts, find_holder, self);
  return start_service (self, self->accounts, error);
}

/* Last: what goes on with the work of before needs all the others' rules. */
static gboolean
start_jobs (MusterDaemon *self, GError **error)
{
  muster_job_service_set_settings (self->jobs, self->settings);
  return start_service (self, self->jobs, error);
}

static DexFuture *
release_device (MusterActor *actor, const char *device_id, gpointer user_data)
{
  return muster_device_service_release (user_data, actor, device_id);
}

static void
add_inventory (MusterDaemon *self)
{
  self->inventory = muster_inventory_service_new (self->repository);
  muster_inventory_service_set_release (self->inventory, release_device, self->devices);
  muster_inventory_resource_add (self->router, self->inventory);
}

static DexFuture *
authenticate_basic (const char *user, const char *password, const char *remote, gpointer user_data)
{
  MusterAccounts *accounts = MUSTER_DAEMON (user_data)->accounts;

  return user != NULL ? muster_accounts_authenticate_basic (accounts, user, password, remote)
                      : muster_accounts_authenticate (accounts, password);
}

static void
add_ddi (MusterDaemon *self)
{
  g_autoptr (MusterManagement) management =
              muster_management_new (self->ddi, authenticate_basic, self);

  muster_ddi_resource_add (self->router, self->ddi);
  muster_update_target_resource_add (self->router, self->ddi);
  muster_management_resource_add (self->router, management);
}

static void
add_resources (MusterDaemon *self)
{
  MusterDeviceParts parts = { self->devices, self->nodes, self->commands, self->telemetry };

  muster_daemon_samples_add_resources (self->samples, self->router, self->alerts);
  muster_device_resource_add_all (self->router, &parts);
  muster_discovery_resource_add (self->router, self->discovery, self->repository);
  muster_messaging_resource_add (self->router, self->messaging);
  muster_family_resource_add (self->router, self->families);
  muster_alert_resource_add_all (self->router, self->alerts);
  muster_notify_resource_add (self->router, self->notifications);
  muster_daemon_ota_add_resources (self->ota, self->router);
  add_ddi (self);
  muster_job_resource_add (self->router, self->jobs, self->repository);
  add_inventory (self);
  muster_journal_resource_add (self->router, self->database);
  muster_settings_resource_add (self->router, self->settings);
  muster_orders_resource_add_all (self->router, self->repository);
  muster_site_resource_add (self->router, self->repository);
  muster_accounts_resource_add (self->router, self->accounts);
  muster_daemon_records_add (self->records, self->router, self->repository, self->settings);
}

static void
muster_daemon_client_authorities_changed_cb (MusterSettings *settings,
                                             const char     *key,
                                             gpointer        user_data)
{
  muster_http_server_set_asks (MUSTER_DAEMON (user_data)->http,
                               muster_settings_get_string (settings,
                                                           MUSTER_SETTING_DDI_CLIENT_AUTHORITIES) !=
                                 NULL);
}

static gboolean
add_listeners (MusterDaemon *self, GError **error)
{
  g_autoptr (GTlsCertificate) certificate = NULL;

  muster_http_server_set_unix_path (self->http, self->options->socket);
  g_signal_connect_object (self->settings, "changed::" MUSTER_SETTING_DDI_CLIENT_AUTHORITIES,
                           G_CALLBACK (muster_daemon_client_authorities_changed_cb), self, 0);
  muster_daemon_client_authorities_changed_cb (self->settings,
                                               MUSTER_SETTING_DDI_CLIENT_AUTHORITIES, self);
  for (char **text = self->options->listen; text != NULL && *text != NULL; text++)
    {
      g_autofree char *address = NULL;
      guint16          port;

      if (certificate == NULL)
        certificate = muster_certificate_authority_dup_tls_certificate (self->authority, error);
      if (certificate == NULL ||
          !muster_daemon_options_split ("--listen", *text, &address, &port, error))
        return FALSE;
      muster_http_server_add_tcp (self->http, address != NULL ? address : "::", port, certificate);
    }
  for (char **text = self->options->listen_plain; text != NULL && *text != NULL; text++)
    {
      g_autofree char *address = NULL;
      guint16          port;

      if (!muster_daemon_options_split ("--listen-plain", *text, &address, &port, error))
        return FALSE;
      muster_http_server_add_tcp (self->http, address != NULL ? address : "127.0.0.1", port, NULL);
    }
  return TRUE;
}

static void
add_operations (MusterDaemon *self)
{
  g_autofree char  *backups = muster_data_dir_build (self->data_dir, "backups");
  g_autofree char  *attachments = muster_data_dir_build (self->data_dir, "attachments");
  g_autofree char  *broker = muster_data_dir_build (self->data_dir, "broker");
  g_autofree char  *firmware = muster_data_dir_build (self->data_dir, "firmware");
  g_autofree char  *keys = muster_data_dir_build (self->data_dir, "keys");
  g_autofree char  *tls = muster_data_dir_build (self->data_dir, "tls");
  const char *const folders[] = { attachments, broker, firmware, keys, tls, NULL };

  self->metrics = muster_metrics_new ();
  self->operations = muster_operations_new (self->running, self->database, self->metrics, backups);
  muster_operations_set_copy_samples (self->operations,
                                      G_OBJECT (muster_daemon_samples_get_store (self->samples)),
                                      (MusterOperationsCopy)muster_sample_store_backup);
  muster_operations_set_folders (self->operations, folders);
  muster_operations_resource_add (self->router, self->operations);
  muster_http_server_add_metrics (self->http, self->metrics);
  muster_notify_service_add_metrics (self->notifications, self->metrics);
  muster_daemon_samples_add_metrics (self->samples, self->metrics);
  muster_daemon_metrics_add (self->metrics, self->telemetry, self->messaging,
                             self->options->data_dir);
}

static gboolean
start_http (MusterDaemon *self, GError **error)
{
  self->http = muster_http_server_new (self->router, self->bus, self->database);
  muster_http_server_set_spool_folder (self->http, muster_daemon_records_get_spool (self->records));
  add_resources (self);
  add_operations (self);
  muster_http_server_set_authenticate (self->http, authenticate, self, NULL);
  g_signal_connect_object (self->accounts, "changed", G_CALLBACK (muster_http_server_recheck_live),
                           self->http, G_CONNECT_SWAPPED);
  muster_http_server_set_identify (self->http, identify, self);
  muster_http_server_set_settings (self->http, self->settings);
  if (!muster_router_check_rights (self->router, error) || !add_listeners (self, error) ||
      !start_service (self, self->http, error))
    return FALSE;
  self->announcement = muster_site_announcement_new (self->discovery, self->messaging, self->bus,
                                                     self->site, get_https_port (self));
  return TRUE;
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
      start_registry (self, &error) && start_authority (self, &error) &&
      make_messaging (self, &error) && start_devices (self, &error) &&
      start_discovery (self, &error) && start_families (self, &error) &&
      start_alerts (self, &error) && start_notifications (self, &error) &&
      start_ota (self, &error) && start_ddi (self, &error) && start_accounts (self, &error) &&
      start_jobs (self, &error) && start_http (self, &error))
    return dex_future_new_true ();
  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
muster_daemon_start (MusterDaemon *self)
{
  g_return_val_if_fail (MUSTER_IS_DAEMON (self), NULL);

  self->start =
    dex_scheduler_spawn (NULL, 0, muster_daemon_start_fiber, g_object_ref (self), g_object_unref);
  return dex_ref (self->start);
}

/* What is being started is awaited: stopping beside it would leave it running. */
static DexFuture *
muster_daemon_stop_fiber (gpointer user_data)
{
  MusterDaemon *self = user_data;

  if (self->start != NULL)
    dex_await (dex_ref (self->start), NULL);
  return muster_services_stop (self->running);
}

DexFuture *
muster_daemon_stop (MusterDaemon *self)
{
  g_return_val_if_fail (MUSTER_IS_DAEMON (self), NULL);

  self->stopping = TRUE;
  return dex_scheduler_spawn (NULL, 0, muster_daemon_stop_fiber, g_object_ref (self),
                              g_object_unref);
}

/* --- configuration --- */

static DexFuture *
muster_daemon_reloaded_cb (DexFuture *future, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    g_warning ("the configuration stays as it was: %s", error->message);
  else
    g_message ("the configuration was read again");
  return dex_future_new_true ();
}

DexFuture *
muster_daemon_reload (MusterDaemon *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GKeyFile) config = NULL;
  DexFuture *future;

  g_return_val_if_fail (MUSTER_IS_DAEMON (self), NULL);

  if (self->start == NULL || !dex_future_is_resolved (self->start) || self->stopping)
    return dex_future_new_true ();
  config = read_config (self, &error);
  future = error != NULL ? dex_future_new_for_error (g_steal_pointer (&error))
                         : muster_settings_reload (self->settings, config);
  return dex_future_finally (future, muster_daemon_reloaded_cb, NULL, NULL);
}
