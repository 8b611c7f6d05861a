/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-options"

#include "config.h"

#include <sys/resource.h>

#include <gio/gio.h>
#include <glib-unix.h>
#include <json-glib/json-glib.h>
#include <sodium.h>

#include "mf_proto.h"
#include "muster-node-options.h"

#define CREDENTIALS_MAX 2048

struct _MusterNodeOptions
{
  GOptionContext    *context;
  char              *state_dir;
  char              *address;
  char              *interface;
  char              *bus;
  char              *adopted_by;
  double             rate;
  int                extras;
  int                kept;
  gboolean           no_mdns;
  gboolean           no_sync;
  char             **update_keys;
  MusterNodeMdns    *mdns; /* (nullable) */
  JsonNode          *site; /* (nullable): of --adopted-by */
  MusterNodeSettings settings;
};

MusterNodeOptions *
muster_node_options_new (const char *program, const char *parameters, const GOptionEntry *entries)
{
  MusterNodeOptions *self = g_new0 (MusterNodeOptions, 1);
  const GOptionEntry common[] = {
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &self->state_dir,
      "Where the units keep their flash", "DIR" },
    { "address", 0, 0, G_OPTION_ARG_STRING, &self->address,
      "Address that pairing listens on (otherwise all)", "ADDRESS" },
    { "interface", 0, 0, G_OPTION_ARG_STRING, &self->interface,
      "Network interface to announce on (otherwise all)", "NAME" },
    { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &self->rate, "Readings of every sensor a second", "HZ" },
    { "metrics", 0, 0, G_OPTION_ARG_INT, &self->extras, "Sensors beside the usual ones", "N" },
    { "keep", 0, 0, G_OPTION_ARG_INT, &self->kept, "Samples kept while the broker is away", "N" },
    { "adopted-by", 0, 0, G_OPTION_ARG_FILENAME, &self->adopted_by,
      "Start adopted, by the site described in FILE", "FILE" },
    { "update-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->update_keys,
      "Public key of who signs firmware images; may be repeated", "FILE" },
    { "no-mdns", 0, 0, G_OPTION_ARG_NONE, &self->no_mdns, "Do not announce", NULL },
    { "no-sync", 0, 0, G_OPTION_ARG_NONE, &self->no_sync, "Do not wait for the disk", NULL },
    { "avahi-bus", 0, 0, G_OPTION_ARG_STRING, &self->bus, "Message bus of the Avahi daemon",
      "ADDRESS" },
    G_OPTION_ENTRY_NULL
  };

  self->rate = 1;
  self->kept = 1024;
  self->context = g_option_context_new (parameters);
  g_option_context_add_main_entries (self->context, common, NULL);
  g_option_context_add_main_entries (self->context, entries, NULL);
  g_set_prgname (program);
  return self;
}

void
muster_node_options_free (MusterNodeOptions *self)
{
  g_option_context_free (self->context);
  g_clear_pointer (&self->mdns, muster_node_mdns_free);
  g_clear_pointer (&self->site, json_node_unref);
  g_free (self->state_dir);
  g_free (self->address);
  g_free (self->interface);
  g_free (self->bus);
  g_free (self->adopted_by);
  g_strfreev (self->update_keys);
  g_free (self);
}

static gboolean
in_range (const char *name, double value, double low, double high, GError **error)
{
  if (value >= low && value <= high)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: must be %g to %g", name, low,
               high);
  return FALSE;
}

static gboolean
load_site (MusterNodeOptions *self, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  if (self->adopted_by == NULL)
    return TRUE;
  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_file (parser, self->adopted_by, error))
    return FALSE;
  self->site = json_parser_steal_root (parser);
  if (self->site != NULL && JSON_NODE_HOLDS_OBJECT (self->site))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: must hold a JSON object",
               self->adopted_by);
  return FALSE;
}

/* A fleet needs some descriptors a node. */
static void
raise_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max)
    {
      limit.rlim_cur = limit.rlim_max;
      setrlimit (RLIMIT_NOFILE, &limit);
    }
}

gboolean
muster_node_options_parse (MusterNodeOptions *self, int *argc, char ***argv, GError **error)
{
  if (!g_option_context_parse (self->context, argc, argv, error) ||
      !in_range ("--rate", self->rate, 0.001, 1000, error) ||
      !in_range ("--metrics", self->extras, 0, 1000, error) ||
      !in_range ("--keep", self->kept, 0, 10000000, error) || !load_site (self, error))
    return FALSE;
  if (self->state_dir == NULL)
    self->state_dir = g_build_filename (g_get_user_state_dir (), g_get_prgname (), NULL);
  if (g_mkdir_with_parents (self->state_dir, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", self->state_dir,
                   g_strerror (errno));
      return FALSE;
    }
  raise_limit ();
  if (self->bus != NULL)
    g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", self->bus, TRUE);
  if (!self->no_mdns)
    self->mdns = muster_node_mdns_new (self->interface);
  self->settings = (MusterNodeSettings){
    .state_dir = self->state_dir,
    .address = self->address,
    .rate = self->rate,
    .extras = (guint)self->extras,
    .kept = (guint)self->kept,
    .sync = !self->no_sync,
    .mdns = self->mdns,
    .update_keys = (const char *const *)self->update_keys,
  };
  return TRUE;
}

MusterNodeSettings *
muster_node_options_get_settings (MusterNodeOptions *self)
{
  return &self->settings;
}

char *
muster_node_options_get_serial (MusterNodeOptions *self)
{
  g_autofree char *path = g_build_filename (self->state_dir, "serial", NULL);
  char            *serial = NULL;

  if (g_file_get_contents (path, &serial, NULL, NULL))
    return g_strchomp (serial);
  serial = g_strdup_printf ("MN1-%08X", randombytes_random ());
  g_file_set_contents (path, serial, -1, NULL);
  return serial;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static void
write_optional (struct mf_writer *writer, guint32 field, const char *text)
{
  if (text[0] != '\0')
    mf_write_text (writer, field, text);
}

/* The body of the one certificate in `pem`. */
static guint8 *
decode_pem (const char *pem, gsize *size)
{
  const char *begin = strstr (pem, "-----BEGIN CERTIFICATE-----"),
             *end = strstr (pem, "-----END CERTIFICATE-----");
  g_autofree char *body = NULL;

  *size = 0;
  if (begin == NULL || end == NULL || end < begin)
    return NULL;
  begin += strlen ("-----BEGIN CERTIFICATE-----");
  body = g_strndup (begin, (gsize)(end - begin));
  return g_base64_decode (body, size);
}

/* muster.pairing.Credentials of one account. */
static GBytes *
make_credentials (JsonObject *site, JsonObject *account, const char *serial)
{
  JsonArray         *hosts = json_object_has_member (site, "broker_hosts")
                               ? json_object_get_array_member (site, "broker_hosts")
                               : NULL;
  g_autofree guint8 *der = NULL;
  guint8             buffer[CREDENTIALS_MAX];
  struct mf_writer   writer;
  struct mf_bytes    ca = { 0 };

  der = decode_pem (get_text (site, "ca_certificate"), &ca.size);
  ca.data = der;
  mf_writer_init (&writer, buffer, sizeof buffer);
  mf_write_text (&writer, 1, serial);
  write_optional (&writer, 2, get_text (site, "site_name"));
  for (guint i = 0; hosts != NULL && i < json_array_get_length (hosts); i++)
    mf_write_text (&writer, 3, json_array_get_string_element (hosts, i));
  mf_write_uint (&writer, 4,
                 (guint64)json_object_get_int_member_with_default (site, "broker_port", 8883));
  mf_write_text (&writer, 5, get_text (account, "username"));
  mf_write_text (&writer, 6, get_text (account, "password"));
  mf_write_bytes (&writer, 7, ca);
  mf_write_text (&writer, 8, get_text (site, "group_id"));
  write_optional (&writer, 9, get_text (site, "host_id"));
  mf_write_uint (&writer, 10, (guint64)g_get_real_time () / 1000);
  write_optional (&writer, 11, get_text (site, "tls_name"));
  return writer.full ? NULL : g_bytes_new (buffer, writer.used);
}

gboolean
muster_node_options_adopt (MusterNodeOptions *self, MusterNode *node, guint index, GError **error)
{
  JsonObject *site = self->site != NULL ? json_node_get_object (self->site) : NULL;
  JsonArray  *accounts;
  g_autoptr (GBytes) credentials = NULL;

  if (site == NULL)
    return TRUE;
  accounts = json_object_has_member (site, "accounts")
               ? json_object_get_array_member (site, "accounts")
               : NULL;
  if (accounts == NULL || index >= json_array_get_length (accounts))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "%s: accounts: has none for unit %u", self->adopted_by, index + 1);
      return FALSE;
    }
  credentials = make_credentials (site, json_array_get_object_element (accounts, index),
                                  muster_node_get_serial (node));
  if (credentials != NULL)
    return muster_node_adopt (node, credentials, error);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: does not fit a unit's memory",
               self->adopted_by);
  return FALSE;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

void
muster_node_options_run (MusterNodeOptions *self, GMainLoop *loop)
{
  guint term = g_unix_signal_add (SIGTERM, quit_cb, loop),
        interrupt = g_unix_signal_add (SIGINT, quit_cb, loop);

  g_main_loop_run (loop);
  g_source_remove (term);
  g_source_remove (interrupt);
}
