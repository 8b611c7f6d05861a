/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How the daemon was started. */
typedef struct
{
  char    *data_dir;      /* (owned): the site's one folder */
  char    *socket;        /* (owned): path of the API's Unix socket */
  char   **listen;        /* (owned) (nullable): "ADDRESS:PORT" of the API by HTTPS */
  char   **listen_plain;  /* (owned) (nullable): likewise by HTTP, on loopback alone */
  char    *broker_listen; /* (owned) (nullable): "ADDRESS:PORT" of the broker */
  char    *config;        /* (owned) (nullable): path of the configuration file */
  char    *site_name;     /* (owned) (nullable): of a site made at this start */
  gboolean no_mdns;       /* neither look for devices nor announce the site */
  gboolean headless;
  gboolean verbose;
  gboolean version;
} MusterDaemonOptions;

/* Reads ARGV, fills what was left out; NULL with ERROR that names the option and the fix. */
MusterDaemonOptions *muster_daemon_options_parse (int *argc, char ***argv, GError **error);
void                 muster_daemon_options_free (MusterDaemonOptions *self);

/* "192.0.2.1:8443", "[::]:0", ":8443" (every address), "8443": FALSE with an error that names
 * OPTION. ADDRESS (nullable: every address) is (transfer full). */
gboolean muster_daemon_options_split (const char *option,
                                      const char *text,
                                      char      **address,
                                      guint16    *port,
                                      GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterDaemonOptions, muster_daemon_options_free)

G_END_DECLS
