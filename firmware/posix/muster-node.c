/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node"

#include "config.h"

#include <signal.h>

#include <gio/gio.h>
#include <sodium.h>

#include "mf_device.h"
#include "muster-node-crypto.h"
#include "muster-node-flash.h"
#include "muster-node-gateway.h"
#include "muster-node-link.h"
#include "muster-node-pairing.h"
#include "muster-node-update.h"
#include "muster-node.h"

#define FACTORY_VERSION MUSTER_VERSION
#define HARDWARE_VERSION "sim-1"
#define BOOT_US G_USEC_PER_SEC /* a unit that was reset is away for so long */
#define TICK_MIN_MS 5
#define HOUSEKEEPING_US G_USEC_PER_SEC
#define TX_SIZE (16 * 1024)

struct _MusterNode
{
  MusterNodeHost        *host;
  struct mf_port         port;
  struct mf_device       device;
  struct mf_metric      *metrics; /* (owned) */
  struct mf_sample      *samples; /* (owned) */
  char                  *serial;
  char                  *mac;
  char                  *model;
  char                  *name;
  char                  *fault; /* (nullable): that it was started with */
  MusterNodeFlash        flash;
  MusterNodeUpdate       update;
  MusterNodeLink        *link;     /* (owned) */
  MusterNodePairing     *pairing;  /* (owned) */
  MusterNodeMdnsService *service;  /* (nullable) */
  MusterNodeGateways    *gateways; /* (owned) (nullable): it speaks for no other units */
  MusterNodeSensors      sensors;
  enum mf_reset_cause    cause;
  gint64                 due_us;
  gint64                 booted_us; /* 0: it is being reset */
  gboolean               announced_adopted;
  gboolean               bad; /* the version that runs brought its own fault */
};

struct _MusterNodeHost
{
  MusterNodeSettings  settings;
  char               *state_dir;
  char               *address;
  MusterNodeReactor  *reactor;
  MusterNodeShelf    *shelf;
  MusterNodeFetcher  *fetcher;
  MusterNodeCatalogue catalogue;
  GPtrArray          *nodes; /* element-type MusterNode, owned */
  guint8             *tx;
  gint64              housekeeping_us;
  guint               timer;
};

static void muster_node_host_schedule (MusterNodeHost *self, gint64 due_us);

/* The core is told things from outside its step, and may have something to do at once. */
static void
muster_node_wake (MusterNode *self)
{
  self->due_us = 0;
  muster_node_host_schedule (self->host, 0);
}

static uint64_t
port_monotonic_ms (void *user)
{
  return (uint64_t)g_get_monotonic_time () / 1000;
}

static bool
port_wall_ms (void *user, uint64_t *utc_ms)
{
  MusterNode *self = user;

  *utc_ms =
    (uint64_t)(g_get_real_time () / 1000 + muster_node_sensors_clock_offset_ms (&self->sensors));
  return true;
}

/* Once power has failed nothing is written or said any more, though the program runs on to the end
 * of its step: a unit must not note that its flash failed. */
static bool
has_power (MusterNode *self)
{
  return !muster_node_update_lost_power (&self->update);
}

static bool
port_connect (void *user, const struct mf_connect *how)
{
  return muster_node_link_connect (((MusterNode *)user)->link, how);
}

static bool
port_subscribe (void *user, const char *topic, int qos)
{
  return muster_node_link_subscribe (((MusterNode *)user)->link, topic, qos);
}

static bool
port_publish (void *user, const char *topic, struct mf_bytes payload, int qos, bool retain)
{
  MusterNode *self = user;

  return has_power (self) && muster_node_link_publish (self->link, topic, payload, qos, retain);
}

static void
port_disconnect (void *user)
{
  muster_node_link_disconnect (((MusterNode *)user)->link);
}

static bool
port_store_read (void *user, unsigned page, size_t offset, void *data, size_t size)
{
  return muster_node_flash_read (&((MusterNode *)user)->flash, page, offset, data, size);
}

static bool
port_store_write (void *user, unsigned page, size_t offset, const void *data, size_t size)
{
  MusterNode *self = user;

  return has_power (self) && muster_node_flash_write (&self->flash, page, offset, data, size);
}

static bool
port_store_erase (void *user, unsigned page)
{
  MusterNode *self = user;

  return has_power (self) && muster_node_flash_erase (&self->flash, page);
}

static void
port_reset (void *user, enum mf_reset_cause cause)
{
  MusterNode *self = user;

  g_message ("%s: reset", self->serial);
  self->cause = cause;
  self->booted_us = 0;
  muster_node_update_stop (&self->update);
}

static enum mf_reset_cause
port_reset_cause (void *user)
{
  return ((MusterNode *)user)->cause;
}

/* The main loop is the watchdog's: a process that hangs is for its supervisor. */
static void
port_watchdog (void *user)
{
}

static bool
port_read (void *user, unsigned channel, union mf_value *value)
{
  return muster_node_sensors_read (&((MusterNode *)user)->sensors, channel, value);
}

static bool
port_write (void *user, unsigned channel, const union mf_value *value)
{
  MusterNode      *self = user;
  g_autofree char *outputs = NULL;

  if (!muster_node_sensors_write (&self->sensors, channel, value))
    return false;
  outputs = muster_node_sensors_dup_outputs (&self->sensors);
  g_message ("%s: was told: %s", self->serial, outputs);
  return true;
}

static void
port_identify (void *user, bool on)
{
  MusterNode *self = user;

  self->sensors.identifying = on;
  g_message ("%s: %s", self->serial, on ? "blinks" : "blinks no more");
}

static void
muster_node_piece_cb (gpointer user_data, struct mf_bytes bytes)
{
  mf_device_feed (&((MusterNode *)user_data)->device, bytes);
}

static void
muster_node_fetched_cb (gpointer user_data, enum mf_fetch_result result, const char *why)
{
  MusterNode *self = user_data;

  if (result != MF_FETCH_WHOLE)
    g_message ("%s: the file does not come: %s", self->serial, why);
  mf_device_fetched (&self->device, result);
  muster_node_wake (self);
}

static bool
port_fetch (void *user, const char *url, uint32_t offset, uint32_t size)
{
  static const MusterNodeFetchEvents events = { muster_node_piece_cb, muster_node_fetched_cb };
  MusterNode                        *self = user;

  return self->device.adopted && muster_node_update_fetch (&self->update, &self->device.credentials,
                                                           url, offset, size, &events, self);
}

static void
port_fetch_stop (void *user)
{
  muster_node_update_stop (&((MusterNode *)user)->update);
}

static const char *
port_self_test (void *user)
{
  return muster_node_update_self_test (&((MusterNode *)user)->update);
}

static const struct mf_port_ops *
get_port_ops (void)
{
  static struct mf_port_ops ops = {
    .monotonic_ms = port_monotonic_ms,
    .wall_ms = port_wall_ms,
    .connect = port_connect,
    .subscribe = port_subscribe,
    .publish = port_publish,
    .disconnect = port_disconnect,
    .store_read = port_store_read,
    .store_write = port_store_write,
    .store_erase = port_store_erase,
    .reset = port_reset,
    .reset_cause = port_reset_cause,
    .watchdog = port_watchdog,
    .read = port_read,
    .write = port_write,
    .identify = port_identify,
    .fetch = port_fetch,
    .fetch_stop = port_fetch_stop,
    .self_test = port_self_test,
  };

  muster_node_crypto_fill (&ops);
  return &ops;
}

static void
muster_node_link_connected_cb (gpointer user_data)
{
  MusterNode *self = user_data;

  mf_node_connected (&self->device.node);
  muster_node_wake (self);
}

static void
muster_node_link_disconnected_cb (gpointer user_data, const char *why)
{
  MusterNode *self = user_data;

  g_message ("%s: connection lost: %s", self->serial, why);
  mf_node_disconnected (&self->device.node);
  muster_node_wake (self);
}

static void
muster_node_link_subscribed_cb (gpointer user_data, gboolean granted)
{
  MusterNode *self = user_data;

  mf_node_subscribed (&self->device.node, granted);
  muster_node_wake (self);
}

static void
muster_node_link_message_cb (gpointer user_data, const char *topic, struct mf_bytes payload)
{
  MusterNode *self = user_data;

  mf_node_message (&self->device.node, topic, payload);
  muster_node_wake (self);
}

static const MusterNodeLinkEvents link_events = {
  muster_node_link_connected_cb,
  muster_node_link_disconnected_cb,
  muster_node_link_subscribed_cb,
  muster_node_link_message_cb,
};

static char **
muster_node_make_txt (MusterNode *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_take (builder, g_strdup_printf ("id=%s", self->serial));
  g_strv_builder_take (builder, g_strdup_printf ("mac=%s", self->mac));
  g_strv_builder_take (builder, g_strdup_printf ("model=%s", self->model));
  g_strv_builder_take (builder, g_strdup_printf ("name=%s", self->name));
  g_strv_builder_take (builder, g_strdup_printf ("fw=%s", self->update.version));
  g_strv_builder_add_many (builder, "hw=" HARDWARE_VERSION, "pv=1",
                           self->device.adopted ? "st=adopted" : "st=new", NULL);
  return g_strv_builder_end (builder);
}

static void
muster_node_announce (MusterNode *self)
{
  MusterNodeMdns *mdns = self->host->settings.mdns;
  g_auto (GStrv) txt = NULL;
  g_autofree char *instance = NULL;

  if (mdns == NULL || (self->service != NULL && self->announced_adopted == self->device.adopted))
    return;
  txt = muster_node_make_txt (self);
  self->announced_adopted = self->device.adopted;
  if (self->service != NULL)
    {
      muster_node_mdns_update (mdns, self->service, (const char *const *)txt);
      return;
    }
  instance = g_strdup_printf ("%.40s %.20s", self->name, self->serial);
  self->service = muster_node_mdns_publish (mdns, instance, muster_node_get_pairing_port (self),
                                            (const char *const *)txt);
}

static gboolean
muster_node_ensure_secret (MusterNode *self, const char *label, GError **error)
{
  guint8   secret[MF_SECRET_SIZE], wanted[MF_SECRET_SIZE];
  gboolean has_secret = mf_device_secret (&self->device, secret);

  if (label != NULL && !mf_label_parse (&self->port, label, wanted))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "secret: has a typing error");
      return FALSE;
    }
  if (label == NULL && !has_secret)
    randombytes_buf (wanted, sizeof wanted);
  if (has_secret && (label == NULL || sodium_memcmp (secret, wanted, sizeof secret) == 0))
    return TRUE;
  if (mf_device_set_secret (&self->device, wanted))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: cannot be written", self->flash.path);
  return FALSE;
}

/* The fault that it was started with, unless the version that runs has one of its own. */
static void
muster_node_choose_fault (MusterNode *self)
{
  const char *fault = muster_node_update_get_fault (&self->update);

  if (fault != NULL)
    muster_node_sensors_set_fault (&self->sensors, fault);
  else if (self->bad)
    muster_node_sensors_set_fault (&self->sensors, self->fault != NULL ? self->fault : "none");
  self->bad = fault != NULL;
}

/* Power comes: the boot chooses an image, and the core starts from its flash. */
static gboolean
muster_node_boot (MusterNode *self, const char *label, GError **error)
{
  struct mf_identity identity = { self->serial,         self->mac,        self->model,
                                  self->update.version, HARDWARE_VERSION, self->name };
  MusterNodeHost    *host = self->host;

  self->booted_us = g_get_monotonic_time ();
  if (!muster_node_update_boot (&self->update))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "neither slot holds an image that may run");
      return FALSE;
    }
  muster_node_choose_fault (self);
  memset (self->metrics, 0, host->catalogue.n_infos * sizeof *self->metrics);
  if (!mf_device_init (&self->device, &self->port, &identity))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: cannot be used", self->flash.path);
      return FALSE;
    }
  if (!muster_node_ensure_secret (self, label, error))
    return FALSE;
  mf_device_set_metrics (&self->device, host->catalogue.infos, self->metrics,
                         host->catalogue.n_infos, self->samples, host->settings.kept, host->tx,
                         TX_SIZE + host->catalogue.n_infos * 128u);
  muster_node_update_begin (&self->update, &self->device, &self->port);
  if (self->gateways != NULL)
    muster_node_gateways_attach (self->gateways);
  if (mf_device_start (&self->device))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: cannot be read", self->flash.path);
  return FALSE;
}

static void
muster_node_paired_cb (gpointer user_data)
{
  muster_node_wake (user_data);
}

/* A serial number made up of the process' entropy, or a MAC of the serial's hash: locally
 * administered. */
static void
muster_node_name_itself (MusterNode *self, const MusterNodeSpec *spec)
{
  g_autofree char *hash = NULL;

  self->serial = g_strdup (spec->serial);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->serial, -1);
  self->mac = spec->mac != NULL ? g_strdup (spec->mac) : g_strdup_printf ("02%.10s", hash);
  self->model = g_strdup (spec->model != NULL ? spec->model : "MN-1");
  self->name = spec->name != NULL ? g_strdup (spec->name) : g_strdup ("Muster node");
  self->sensors.texts[0] = self->serial;
  self->sensors.texts[1] = self->mac;
  self->sensors.texts[2] = self->model;
  self->sensors.texts[3] = self->update.version;
  self->sensors.texts[4] = HARDWARE_VERSION;
}

static gboolean
muster_node_switch_on (MusterNode *self, const MusterNodeSpec *spec, GError **error)
{
  MusterNodeHost  *host = self->host;
  g_autofree char *file = g_strconcat (self->serial, ".flash", NULL);
  g_autofree char *path = g_build_filename (host->state_dir, file, NULL);

  muster_node_sensors_init (&self->sensors, g_str_hash (self->serial));
  if (spec->fault != NULL && !muster_node_sensors_set_fault (&self->sensors, spec->fault))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "fault: there is none called %s",
                   spec->fault);
      return FALSE;
    }
  self->fault = g_strdup (spec->fault);
  if (!muster_node_flash_init (&self->flash, path, host->settings.sync, error) ||
      !muster_node_update_init (&self->update, host->shelf, host->fetcher,
                                &host->settings.update_faults, self->serial, self->model,
                                HARDWARE_VERSION, FACTORY_VERSION, error) ||
      !muster_node_boot (self, spec->secret, error))
    return FALSE;
  self->pairing = muster_node_pairing_new (host->reactor, &self->device, host->address,
                                           spec->pairing_port, muster_node_paired_cb, self, error);
  return self->pairing != NULL;
}

static void
muster_node_free (MusterNode *self)
{
  g_clear_pointer (&self->gateways, muster_node_gateways_free);
  g_clear_pointer (&self->pairing, muster_node_pairing_free);
  muster_node_link_free (self->link);
  muster_node_flash_clear (&self->flash);
  muster_node_update_clear (&self->update);
  g_free (self->fault);
  g_free (self->metrics);
  g_free (self->samples);
  g_free (self->serial);
  g_free (self->mac);
  g_free (self->model);
  g_free (self->name);
  g_free (self);
}

/* Fails without a word, as hardware does, and comes back after a moment. */
static void
muster_node_check_crash (MusterNode *self, gint64 now)
{
  gint64   crash = muster_node_sensors_next_crash_us (&self->sensors, self->booted_us);
  gboolean lost_power = muster_node_update_lost_power (&self->update);

  if (!lost_power && (crash == 0 || now < crash))
    return;
  muster_node_link_cut (self->link);
  port_reset (self, lost_power ? MF_RESET_POWER_ON : MF_RESET_FAULT);
}

static gint64
muster_node_step (MusterNode *self, gint64 now)
{
  g_autoptr (GError) error = NULL;

  if (self->booted_us == 0)
    {
      if (self->due_us == 0)
        return now + BOOT_US;
      if (!muster_node_boot (self, NULL, &error))
        g_warning ("%s: does not start: %s", self->serial, error->message);
    }
  muster_node_check_crash (self, now);
  if (self->booted_us != 0)
    self->due_us = now + 1000 * (gint64)mf_device_step (&self->device);
  if (self->booted_us != 0 && self->gateways != NULL)
    self->due_us =
      MIN (self->due_us, now + 1000 * (gint64)muster_node_gateways_step (self->gateways));
  muster_node_announce (self);
  return self->booted_us == 0 ? now + BOOT_US : self->due_us;
}

static gboolean
muster_node_host_step_cb (gpointer user_data)
{
  MusterNodeHost *self = user_data;
  gint64          now = g_get_monotonic_time (), next = now + G_USEC_PER_SEC;
  gboolean        housekeeping = now >= self->housekeeping_us;

  self->timer = 0;
  if (housekeeping)
    self->housekeeping_us = now + HOUSEKEEPING_US;
  for (guint i = 0; i < self->nodes->len; i++)
    {
      MusterNode *node = g_ptr_array_index (self->nodes, i);

      if (node->due_us <= now)
        node->due_us = muster_node_step (node, now);
      if (housekeeping)
        {
          muster_node_link_tick (node->link);
          muster_node_pairing_tick (node->pairing);
        }
      next = MIN (next, node->due_us);
    }
  if (self->timer == 0)
    muster_node_host_schedule (self, next);
  return G_SOURCE_REMOVE;
}

/* One timer serves all; steps that are due within a few milliseconds are done in one go. */
static void
muster_node_host_schedule (MusterNodeHost *self, gint64 due_us)
{
  gint64 wait_ms = (due_us - g_get_monotonic_time ()) / 1000;

  if (self->timer != 0 && due_us == 0)
    g_source_remove (self->timer);
  else if (self->timer != 0)
    return;
  self->timer = g_timeout_add (due_us == 0 ? 0u : (guint)CLAMP (wait_ms, TICK_MIN_MS, 1000),
                               muster_node_host_step_cb, self);
}

MusterNodeHost *
muster_node_host_new (const MusterNodeSettings *settings, GError **error)
{
  MusterNodeHost *self = g_new0 (MusterNodeHost, 1);

  if (sodium_init () < 0)
    g_error ("libsodium does not work here");
  signal (SIGPIPE, SIG_IGN); /* a broker that goes away is an error of the connection, no more */
  self->settings = *settings;
  self->state_dir = g_strdup (settings->state_dir);
  self->address = g_strdup (settings->address);
  self->reactor = muster_node_reactor_new ();
  self->fetcher = muster_node_fetcher_new (settings->state_dir);
  muster_node_catalogue_init (&self->catalogue, settings->rate, settings->extras);
  self->tx = g_malloc (TX_SIZE + self->catalogue.n_infos * 128u);
  self->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_node_free);
  self->shelf =
    muster_node_shelf_new (settings->state_dir, settings->sync, settings->update_keys, error);
  if (self->shelf != NULL)
    return self;
  muster_node_host_free (self);
  return NULL;
}

void
muster_node_host_free (MusterNodeHost *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_ptr_array_unref (self->nodes);
  muster_node_fetcher_free (self->fetcher);
  g_clear_pointer (&self->shelf, muster_node_shelf_free);
  muster_node_reactor_free (self->reactor);
  muster_node_catalogue_clear (&self->catalogue);
  muster_node_link_shutdown ();
  g_free (self->tx);
  g_free (self->state_dir);
  g_free (self->address);
  g_free (self);
}

MusterNode *
muster_node_host_add (MusterNodeHost *self, const MusterNodeSpec *spec, GError **error)
{
  MusterNode *node = g_new0 (MusterNode, 1);

  node->host = self;
  node->port.ops = get_port_ops ();
  node->port.user = node;
  node->port.store_page_size = MUSTER_NODE_PAGE_SIZE;
  node->metrics = g_new0 (struct mf_metric, self->catalogue.n_infos);
  node->samples = g_new0 (struct mf_sample, self->settings.kept);
  node->link = muster_node_link_new (self->reactor, &link_events, node);
  muster_node_name_itself (node, spec);
  if (!muster_node_switch_on (node, spec, error))
    {
      muster_node_free (node);
      return NULL;
    }
  g_ptr_array_add (self->nodes, node);
  muster_node_wake (node);
  return node;
}

guint
muster_node_host_get_n_online (MusterNodeHost *self)
{
  guint n = 0;

  for (guint i = 0; i < self->nodes->len; i++)
    n += ((MusterNode *)g_ptr_array_index (self->nodes, i))->device.node.state == MF_NODE_ONLINE;
  return n;
}

void
muster_node_host_shutdown (MusterNodeHost *self)
{
  gint64 until = g_get_monotonic_time () + G_USEC_PER_SEC / 5;

  for (guint i = 0; i < self->nodes->len; i++)
    mf_node_stop (&((MusterNode *)g_ptr_array_index (self->nodes, i))->device.node);
  while (g_get_monotonic_time () < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

void
muster_node_release (MusterNode *self)
{
  mf_device_release (&self->device);
  muster_node_wake (self);
}

gboolean
muster_node_adopt (MusterNode *self, GBytes *credentials, GError **error)
{
  struct mf_bytes bytes = { 0 };
  const char     *trouble;

  bytes.data = g_bytes_get_data (credentials, &bytes.size);
  trouble = mf_device_adopt (&self->device, bytes);
  muster_node_wake (self);
  if (trouble == NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: %s", self->serial, trouble);
  return FALSE;
}

static void
muster_node_gateways_woken_cb (gpointer user_data)
{
  MusterNode *self = user_data;

  if (self->booted_us != 0)
    muster_node_wake (self);
}

gboolean
muster_node_speak_for (MusterNode *self, const char *const *lines, const char *keys, GError **error)
{
  self->gateways =
    muster_node_gateways_new (&self->device.node, self->host->fetcher, self->host->state_dir,
                              &muster_node_slots_get_config (self->update.slots)->keys,
                              muster_node_gateways_woken_cb, self);
  muster_node_gateways_attach (self->gateways);
  if (keys != NULL && !muster_node_gateways_load_keys (self->gateways, keys, error))
    return FALSE;
  for (guint i = 0; lines[i] != NULL; i++)
    if (!muster_node_gateways_add (self->gateways, lines[i], error))
      return FALSE;
  return TRUE;
}

char *
muster_node_dup_label (MusterNode *self)
{
  char  *label = g_malloc0 (MF_LABEL_SIZE);
  guint8 secret[MF_SECRET_SIZE];

  if (mf_device_secret (&self->device, secret))
    mf_label_format (&self->port, secret, label);
  sodium_memzero (secret, sizeof secret);
  return label;
}

const char *
muster_node_get_version (MusterNode *self)
{
  return self->update.version;
}

const char *
muster_node_get_serial (MusterNode *self)
{
  return self->serial;
}

const char *
muster_node_get_mac (MusterNode *self)
{
  return self->mac;
}

const char *
muster_node_get_model (MusterNode *self)
{
  return self->model;
}

const char *
muster_node_get_name (MusterNode *self)
{
  return self->name;
}

guint16
muster_node_get_pairing_port (MusterNode *self)
{
  return muster_node_pairing_get_port (self->pairing);
}
