/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-error.h"
#include "muster-daemon-options.h"

static MusterDaemonOptions *
parse (const char *line, GError **error)
{
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autofree char **copy = g_memdup2 (argv, sizeof (char *) * (g_strv_length (argv) + 1));
  int               argc = g_strv_length (argv);

  return muster_daemon_options_parse (&argc, &copy, error);
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterDaemonOptions) options = parse ("musterd", &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (options->data_dir, "/muster"));
  g_assert_true (g_str_has_suffix (options->socket, "/muster/api.sock"));
  g_assert_null (options->listen);
  g_assert_false (options->no_mdns);
}

static void
test_all (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterDaemonOptions) options = parse (
    "musterd --headless -d /x -s /y.sock -l 127.0.0.1:0 -l [::1]:8443 --listen-plain 127.0.0.1:8080 -b :8883 --site-name Hall --no-mdns -v",
    &error);

  g_assert_no_error (error);
  g_assert_cmpstr (options->data_dir, ==, "/x");
  g_assert_cmpstr (options->socket, ==, "/y.sock");
  g_assert_cmpuint (g_strv_length (options->listen), ==, 2);
  g_assert_cmpstr (options->listen_plain[0], ==, "127.0.0.1:8080");
  g_assert_cmpstr (options->broker_listen, ==, ":8883");
  g_assert_cmpstr (options->site_name, ==, "Hall");
  g_assert_true (options->no_mdns && options->verbose && options->headless);
}

static void
test_refusals (void)
{
  static const char *const rows[][2] = {
    { "musterd --listen localhost:80",
      "--listen: localhost is no IP address: write ADDRESS:PORT, like 0.0.0.0:8443" },
    { "musterd --listen 127.0.0.1:x",
      "--listen: 127.0.0.1:x has no port from 0 to 65535: write ADDRESS:PORT" },
    { "musterd --listen-plain 127.0.0.1",
      "--listen-plain: 127.0.0.1 has no port from 0 to 65535: write ADDRESS:PORT" },
    { "musterd --broker-listen 127.0.0.1:70000",
      "--broker-listen: 127.0.0.1:70000 has no port from 0 to 65535: write ADDRESS:PORT" },
    { "musterd start", "start: there are no arguments, only options (see --help)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (rows[i][0], &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, rows[i][1]);
    }
}

static void
test_split (void)
{
  static const struct
  {
    const char *text;
    const char *address;
    guint16     port;
  } rows[] = {
    { "8443", NULL, 8443 },
    { ":0", NULL, 0 },
    { "127.0.0.1:443", "127.0.0.1", 443 },
    { "[::1]:443", "::1", 443 },
    { "[::]:65535", "::", 65535 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *address = NULL;
      guint16          port = 1;

      g_assert_true (muster_daemon_options_split ("--x", rows[i].text, &address, &port, NULL));
      g_assert_cmpstr (address, ==, rows[i].address);
      g_assert_cmpuint (port, ==, rows[i].port);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/daemon-options/defaults", test_defaults);
  g_test_add_func ("/daemon-options/all", test_all);
  g_test_add_func ("/daemon-options/refusals", test_refusals);
  g_test_add_func ("/daemon-options/split", test_split);
  return g_test_run ();
}
