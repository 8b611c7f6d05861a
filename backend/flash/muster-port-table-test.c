/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "core/muster-core-test-util.h"
#include "muster-port-table.h"

static void
count_cb (unsigned *count)
{
  ++*count;
}

static void
test_one_holder (void)
{
  MusterPortTable *table = muster_port_table_new ();
  unsigned         n_freed = 0;
  g_autofree char *said = NULL;

  g_signal_connect_swapped (table, "freed", G_CALLBACK (count_cb), &n_freed);
  g_assert_null (muster_port_table_describe (table, "/dev/a"));
  g_assert_true (muster_port_table_claim (table, "/dev/a", MUSTER_PORT_MADE, "unit", "Friday"));
  g_assert_false (muster_port_table_claim (table, "/dev/a", MUSTER_PORT_TESTED, "run", "Heater"));
  g_assert_true (muster_port_table_claim (table, "/dev/b", MUSTER_PORT_TESTED, "run", "Heater"));
  said = muster_port_table_describe (table, "/dev/a");
  g_assert_cmpstr (said, ==, "“Friday” makes a unit there");
  g_assert_cmpstr (muster_port_table_get_holder (table, "/dev/b"), ==, "run");
  /* What others do not have they cannot let go of. */
  muster_port_table_release (table, "/dev/a", "run");
  g_assert_cmpuint (n_freed, ==, 0);
  muster_port_table_release (table, "/dev/a", "unit");
  g_assert_cmpuint (n_freed, ==, 1);
  g_assert_true (muster_port_table_claim (table, "/dev/a", MUSTER_PORT_WRITTEN, "flash", NULL));
  g_assert_finalize_object (table);
}

/* A unit and the tool that writes its firmware have the port together: it is free after both. */
static void
test_together (void)
{
  MusterPortTable *table = muster_port_table_new ();

  g_assert_true (muster_port_table_claim (table, "/dev/a", MUSTER_PORT_MADE, "unit", "Friday"));
  g_assert_true (muster_port_table_claim (table, "/dev/a", MUSTER_PORT_WRITTEN, "unit", "Friday"));
  muster_port_table_release (table, "/dev/a", "unit");
  g_assert_false (muster_port_table_claim (table, "/dev/a", MUSTER_PORT_TESTED, "run", "Heater"));
  muster_port_table_release (table, "/dev/a", "unit");
  g_assert_true (muster_port_table_claim (table, "/dev/a", MUSTER_PORT_TESTED, "run", "Heater"));
  g_assert_finalize_object (table);
}

/* The link by which a board is known comes and goes with it. */
static void
test_names (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *port = muster_test_dir_build (dir, "ttyUSB0");
  g_autofree char *link = muster_test_dir_build (dir, "usb-Arduino");
  MusterPortTable *table = muster_port_table_new ();
  g_auto (GStrv) held = NULL;

  g_assert_true (g_file_set_contents (port, "", 0, NULL));
  g_assert_cmpint (symlink (port, link), ==, 0);
  g_assert_true (muster_port_table_claim (table, link, MUSTER_PORT_MADE, "unit", "Friday"));
  g_assert_false (muster_port_table_claim (table, port, MUSTER_PORT_TESTED, "run", "Heater"));
  held = muster_port_table_list (table);
  g_assert_cmpuint (g_strv_length (held), ==, 1);
  g_assert_cmpstr (held[0], ==, link);
  g_assert_cmpint (g_unlink (link), ==, 0);
  g_assert_false (muster_port_table_claim (table, link, MUSTER_PORT_TESTED, "run", "Heater"));
  muster_port_table_release (table, link, "unit");
  g_assert_true (muster_port_table_claim (table, port, MUSTER_PORT_TESTED, "run", "Heater"));

  g_assert_true (
    muster_port_table_claim (table, "tcp:bench:2217", MUSTER_PORT_MADE, "unit", "Friday"));
  g_assert_false (
    muster_port_table_claim (table, "net:bench:2217", MUSTER_PORT_WRITTEN, "flash", "Spare"));
  g_assert_finalize_object (table);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/port-table/one-holder", test_one_holder);
  g_test_add_func ("/port-table/together", test_together);
  g_test_add_func ("/port-table/names", test_names);
  return g_test_run ();
}
