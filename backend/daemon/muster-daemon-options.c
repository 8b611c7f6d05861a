/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-daemon-options"

#include "config.h"

#include "model/muster-error.h"
#include "muster-daemon-options.h"

#include <gio/gio.h>

void
muster_daemon_options_free (MusterDaemonOptions *self)
{
  if (self == NULL)
    return;
  g_free (self->data_dir);
  g_free (self->socket);
  g_strfreev (self->listen);
  g_strfreev (self->listen_plain);
  g_free (self->broker_listen);
  g_free (self->config);
  g_free (self->site_name);
  g_free (self);
}

gboolean
muster_daemon_options_split (const char *option,
                             const char *text,
                             char      **address,
                             guint16    *port,
                             GError    **error)
{
  const char      *colon, *number;
  g_autofree char *host = NULL;
  guint64          value;

  g_return_val_if_fail (text != NULL && address != NULL && port != NULL, FALSE);

  colon = strrchr (text, ':');
  number = colon != NULL ? colon + 1 : text;
  if (colon != NULL && colon > text)
    host = text[0] == '[' && colon[-1] == ']' ? g_strndup (text + 1, colon - text - 2)
                                              : g_strndup (text, colon - text);
  if (!g_ascii_string_to_unsigned (number, 10, 0, 65535, &value, NULL))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
                   "%s: %s has no port from 0 to 65535: write ADDRESS:PORT", option, text);
      return FALSE;
    }
  if (host != NULL && !g_hostname_is_ip_address (host))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
                   "%s: %s is no IP address: write ADDRESS:PORT, like 0.0.0.0:8443", option, host);
      return FALSE;
    }
  *address = g_steal_pointer (&host);
  *port = value;
  return TRUE;
}

static gboolean
check_list (const char *option, char **list, GError **error)
{
  guint16 port;

  for (char **text = list; text != NULL && *text != NULL; text++)
    {
      g_autofree char *address = NULL;

      if (!muster_daemon_options_split (option, *text, &address, &port, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_addresses (MusterDaemonOptions *self, GError **error)
{
  guint16 port;

  if (!check_list ("--listen", self->listen, error) ||
      !check_list ("--listen-plain", self->listen_plain, error))
    return FALSE;
  if (self->broker_listen != NULL)
    {
      g_autofree char *address = NULL;

      return muster_daemon_options_split ("--broker-listen", self->broker_listen, &address, &port,
                                          error);
    }
  return TRUE;
}

static void
fill_in (MusterDaemonOptions *self)
{
  if (self->data_dir == NULL)
    self->data_dir = g_build_filename (g_get_user_data_dir (), "muster", NULL);
  if (self->socket == NULL)
    self->socket = g_build_filename (g_get_user_runtime_dir (), "muster", "api.sock", NULL);
}

MusterDaemonOptions *
muster_daemon_options_parse (int *argc, char ***argv, GError **error)
{
  g_autoptr (MusterDaemonOptions) self = g_new0 (MusterDaemonOptions, 1);
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  const GOptionEntry entries[] = {
    { "data-dir", 'd', 0, G_OPTION_ARG_FILENAME, &self->data_dir,
      "Folder of the site's data (default: ~/.local/share/muster)", "DIR" },
    { "socket", 's', 0, G_OPTION_ARG_FILENAME, &self->socket,
      "Unix socket of the API (default: $XDG_RUNTIME_DIR/muster/api.sock)", "PATH" },
    { "listen", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &self->listen,
      "Serve the API by HTTPS there too; may be repeated", "ADDRESS:PORT" },
    { "listen-plain", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->listen_plain,
      "Serve it by plain HTTP there, for a proxy on this machine: loopback alone", "ADDRESS:PORT" },
    { "broker-listen", 'b', 0, G_OPTION_ARG_STRING, &self->broker_listen,
      "Where devices reach the broker (default: every address, port 8883)", "ADDRESS:PORT" },
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &self->config,
      "File whose [settings] override the site's", "FILE" },
    { "site-name", 0, 0, G_OPTION_ARG_STRING, &self->site_name,
      "Name of the site when it is made at this start", "TEXT" },
    { "no-mdns", 0, 0, G_OPTION_ARG_NONE, &self->no_mdns,
      "Neither look for devices by mDNS nor announce the site", NULL },
    { "headless", 0, 0, G_OPTION_ARG_NONE, &self->headless,
      "Serve until told to end (the default; for clarity in units)", NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &self->verbose, "Log what it does", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, "Print the version and end", NULL },
    { NULL },
  };

  g_option_context_set_summary (
    context,
    "Muster's daemon: finds, adopts and keeps the devices of one site, and serves its API.");
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return NULL;
  if (*argc > 1)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
                   "%s: there are no arguments, only options (see --help)", (*argv)[1]);
      return NULL;
    }
  if (!check_addresses (self, error))
    return NULL;
  fill_in (self);
  return g_steal_pointer (&self);
}
