/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-fleet"

#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "muster-node-options.h"
#include "muster-node.h"

#define NODES_MAX 10000

static char  *prefix, *labels_path, *model, *bad_version;
static int    report_s, seed;
static double failures, power_cuts;

static const GOptionEntry entries[] = {
  { "prefix", 0, 0, G_OPTION_ARG_STRING, &prefix, "Beginning of the serial numbers (default FLEET)",
    "TEXT" },
  { "print-labels", 0, 0, G_OPTION_ARG_FILENAME, &labels_path,
    "Write serial, MAC, secret and pairing port of each as a line of JSON", "FILE" },
  { "model", 0, 0, G_OPTION_ARG_STRING, &model, "Model of all (default: several)", "MODEL" },
  { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Chooses the units whose updates go wrong", "N" },
  { "update-failures", 0, 0, G_OPTION_ARG_DOUBLE, &failures,
    "Part of the units that are not well when they first try a version", "0-1" },
  { "update-power-cuts", 0, 0, G_OPTION_ARG_DOUBLE, &power_cuts,
    "Part of the units whose power fails during their first update", "0-1" },
  { "bad-version", 0, 0, G_OPTION_ARG_STRING, &bad_version,
    "A version with a fault: one of muster-node --fault, or no-confirm", "1.2.3=FAULT" },
  { "report", 0, 0, G_OPTION_ARG_INT, &report_s, "Print how many are online, every so many seconds",
    "SECONDS" },
  G_OPTION_ENTRY_NULL
};

static const char *const models[] = { "MN-1", "MN-1P", "MN-2" };

static void
append_label (GString *labels, MusterNode *node, const char *address)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *secret = muster_node_dup_label (node), *at = NULL, *line = NULL;
  const char      *members[][2] = {
    { "serial", muster_node_get_serial (node) },
    { "mac", muster_node_get_mac (node) },
    { "model", muster_node_get_model (node) },
    { "name", muster_node_get_name (node) },
    { "secret", secret },
  };

  at = g_strdup_printf ("%s:%u", address, muster_node_get_pairing_port (node));
  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      json_builder_set_member_name (builder, members[i][0]);
      json_builder_add_string_value (builder, members[i][1]);
    }
  json_builder_set_member_name (builder, "pairing");
  json_builder_add_string_value (builder, at);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  line = json_to_string (root, FALSE);
  g_string_append (labels, line);
  g_string_append_c (labels, '\n');
}

static gboolean
add_node (MusterNodeHost    *host,
          MusterNodeOptions *options,
          guint              index,
          GString           *labels,
          GError           **error)
{
  g_autofree char *serial =
    g_strdup_printf ("%s-%05u", prefix != NULL ? prefix : "FLEET", index + 1);
  g_autofree char *name = g_strdup_printf ("Node %u", index + 1);
  MusterNodeSpec   spec = { .serial = serial,
                            .model = model != NULL ? model : models[index % G_N_ELEMENTS (models)],
                            .name = name };
  MusterNode      *node = muster_node_host_add (host, &spec, error);
  const char      *address = muster_node_options_get_settings (options)->address;

  if (node == NULL || !muster_node_options_adopt (options, node, index, error))
    return FALSE;
  append_label (labels, node, address != NULL ? address : "127.0.0.1");
  return TRUE;
}

static gboolean
report_cb (gpointer user_data)
{
  g_print ("%u online\n", muster_node_host_get_n_online (user_data));
  return G_SOURCE_CONTINUE;
}

static guint
parse_count (int argc, char **argv, GError **error)
{
  guint64 count = 0;

  if (argc == 2)
    g_ascii_string_to_unsigned (argv[1], 10, 1, NODES_MAX, &count, error);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "give the number of nodes");
  return (guint)count;
}

static gboolean
set_faults (MusterNodeUpdateFaults *faults, GError **error)
{
  char *fault = bad_version != NULL ? strchr (bad_version, '=') : NULL;

  if (failures < 0 || failures > 1 || power_cuts < 0 || power_cuts > 1 ||
      (bad_version != NULL && (fault == NULL || !muster_node_update_is_fault (fault + 1))))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--update-failures and --update-power-cuts must be from 0 to 1, --bad-version a "
                   "version and a fault such as 1.2.3=no-confirm");
      return FALSE;
    }
  if (fault != NULL)
    *fault++ = '\0';
  *faults = (MusterNodeUpdateFaults){ (guint32)seed, failures, power_cuts, bad_version, fault };
  return TRUE;
}

static gboolean
run (MusterNodeOptions *options, int argc, char **argv, GError **error)
{
  g_autoptr (MusterNodeHost) host = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GString) labels = g_string_new (NULL);
  guint count, report;

  if (!muster_node_options_parse (options, &argc, &argv, error) ||
      (count = parse_count (argc, argv, error)) == 0 ||
      !set_faults (&muster_node_options_get_settings (options)->update_faults, error))
    return FALSE;
  host = muster_node_host_new (muster_node_options_get_settings (options), error);
  if (host == NULL)
    return FALSE;
  for (guint i = 0; i < count; i++)
    if (!add_node (host, options, i, labels, error))
      return FALSE;
  if (labels_path != NULL &&
      !g_file_set_contents_full (labels_path, labels->str, (gssize)labels->len,
                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    return FALSE;
  g_print ("%u nodes\n", count);
  report = report_s > 0 ? g_timeout_add_seconds ((guint)report_s, report_cb, host) : 0;
  muster_node_options_run (options, loop);
  g_clear_handle_id (&report, g_source_remove);
  muster_node_host_shutdown (host);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (MusterNodeOptions) options =
              muster_node_options_new ("muster-fleet", "N - many simulated devices", entries);
  g_autoptr (GError) error = NULL;

  setvbuf (stdout, NULL, _IOLBF, 0);
  if (run (options, argc, argv, &error))
    return EXIT_SUCCESS;
  g_printerr ("muster-fleet: %s\n", error->message);
  return EXIT_FAILURE;
}
