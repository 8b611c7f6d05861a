/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node"

#include "config.h"

#include <glib-unix.h>

#include "muster-node-options.h"
#include "muster-node.h"

static char    *serial, *mac, *model, *name, *secret, *fault, *unit_keys;
static char   **lines;
static int      pairing_port;
static gboolean reset;

static const GOptionEntry entries[] = {
  { "serial", 0, 0, G_OPTION_ARG_STRING, &serial, "Serial number", "TEXT" },
  { "mac", 0, 0, G_OPTION_ARG_STRING, &mac, "MAC address, 12 hexadecimal digits", "TEXT" },
  { "model", 0, 0, G_OPTION_ARG_STRING, &model, "Model", "TEXT" },
  { "name", 0, 0, G_OPTION_ARG_STRING, &name, "Name", "TEXT" },
  { "secret", 0, 0, G_OPTION_ARG_STRING, &secret,
    "Secret of the label (otherwise made at first start)", "TEXT" },
  { "pairing-port", 0, 0, G_OPTION_ARG_INT, &pairing_port,
    "Port to be adopted at (otherwise any free)", "PORT" },
  { "fault", 0, 0, G_OPTION_ARG_STRING, &fault,
    "Start with a fault: spike, drift, stuck, broken, silent, reboot-loop, clock-jump", "KIND" },
  { "gateway", 0, 0, G_OPTION_ARG_STRING_ARRAY, &lines,
    "Speak for the unit on a serial line: a port, or tcp:HOST:PORT; may be repeated", "LINE" },
  { "unit-keys", 0, 0, G_OPTION_ARG_FILENAME, &unit_keys,
    "Keys of units on serial lines: SERIAL and 64 hexadecimal digits a line", "FILE" },
  { "reset", 0, 0, G_OPTION_ARG_NONE, &reset, "Forget the site, as the reset button does", NULL },
  G_OPTION_ENTRY_NULL
};

static gboolean
release_cb (gpointer user_data)
{
  muster_node_release (user_data);
  return G_SOURCE_CONTINUE;
}

static void
print_label (MusterNode *node)
{
  g_autofree char *label = muster_node_dup_label (node);

  g_print ("%s  %s\n"
           "serial  %s\n"
           "MAC     %s\n"
           "secret  %s\n"
           "pairing port %u\n",
           muster_node_get_name (node), muster_node_get_model (node), muster_node_get_serial (node),
           muster_node_get_mac (node), label, muster_node_get_pairing_port (node));
}

int
main (int argc, char **argv)
{
  g_autoptr (MusterNodeOptions) options =
              muster_node_options_new ("muster-node", "- a simulated device", entries);
  g_autoptr (MusterNodeHost) host = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  MusterNodeSpec spec;
  MusterNode    *node;

  if (!muster_node_options_parse (options, &argc, &argv, &error))
    {
      g_printerr ("muster-node: %s\n", error->message);
      return 2;
    }
  if (serial == NULL)
    serial = muster_node_options_get_serial (options);
  host = muster_node_host_new (muster_node_options_get_settings (options), &error);
  spec = (MusterNodeSpec){
    serial, mac, model, name, secret, fault, (guint16)CLAMP (pairing_port, 0, G_MAXUINT16)
  };
  node = host != NULL ? muster_node_host_add (host, &spec, &error) : NULL;
  if (node == NULL || !muster_node_options_adopt (options, node, 0, &error) ||
      (lines != NULL &&
       !muster_node_speak_for (node, (const char *const *)lines, unit_keys, &error)))
    {
      g_printerr ("muster-node: %s\n", error->message);
      return 1;
    }
  if (reset)
    muster_node_release (node);
  print_label (node);
  g_unix_signal_add (SIGUSR1, release_cb, node);
  muster_node_options_run (options, loop);
  muster_node_host_shutdown (host);
  return 0;
}
