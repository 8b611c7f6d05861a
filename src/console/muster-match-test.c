/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>

#include "muster-match.h"

static MusterDevice *
create_device (const char *name, const char *serial, const char *address)
{
  MusterEntity *device = muster_entity_new (&muster_device_info);

  muster_entity_set_string (device, "name", name);
  muster_entity_set_string (device, "serial", serial);
  muster_entity_set_string (device, "address", address);
  return MUSTER_DEVICE (device);
}

static unsigned
rank (const char *name, const char *serial, const char *address, const char *text)
{
  g_autoptr (MusterDevice) device = create_device (name, serial, address);

  return muster_match_rank (device, text);
}

static void
test_closeness (void)
{
  /* Equal before beginning before containing before nothing. */
  g_assert_cmpuint (rank ("Node 3", NULL, NULL, "Node 3"), <,
                    rank ("Node 31", NULL, NULL, "Node 3"));
  g_assert_cmpuint (rank ("Node 3", NULL, NULL, "node"), <, rank ("My node", NULL, NULL, "node"));
  g_assert_cmpuint (rank ("My node", NULL, NULL, "node"), <, rank ("Other", NULL, NULL, "node"));
  g_assert_cmpuint (rank ("Node 1", NULL, "127.0.0.1:46193", "Node 3"), ==,
                    rank ("Other", NULL, NULL, "Node 3"));
}

static void
test_fields (void)
{
  /* Of equal closeness the name wins; a whole serial number is closer than a part of a name. */
  g_assert_cmpuint (rank ("A7", NULL, NULL, "a7"), <, rank ("Pump", "A7", NULL, "a7"));
  g_assert_cmpuint (rank ("Pump", "A7", NULL, "a7"), <, rank ("A7 pump", "B1", NULL, "a7"));
  g_assert_cmpuint (rank ("Pump", "A7", NULL, "a7"), <, rank ("Pump", NULL, "A7", "a7"));
}

static void
test_spelling (void)
{
  /* Neither case nor blanks around count. */
  g_assert_cmpuint (rank ("KÜCHE", NULL, NULL, "  küche "), ==, 0);
  g_assert_cmpuint (rank ("Node 3", NULL, NULL, "NODE 3"), ==, 0);
}

static void
test_sort (void)
{
  static const struct
  {
    const char *name;
    const char *address;
  } devices[] = { { "Node 1", "10.0.0.3" },
                  { "Node 10", NULL },
                  { "Node 30", NULL },
                  { "Node 3", NULL },
                  { "Node 4", NULL } };
  static const char *const order[] = { "Node 3", "Node 30", "Node 1", "Node 4", "Node 10" };
  g_autoptr (GPtrArray) array = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned i = 0; i < G_N_ELEMENTS (devices); i++)
    g_ptr_array_add (array, create_device (devices[i].name, NULL, devices[i].address));
  muster_match_sort (array, "node 3");
  for (unsigned i = 0; i < G_N_ELEMENTS (order); i++)
    g_assert_cmpstr (muster_entity_get_string (array->pdata[i], "name"), ==, order[i]);
}

static void
test_names (void)
{
  g_assert_cmpint (muster_match_compare_names ("Node 2", "Node 10"), <, 0);
  g_assert_cmpint (muster_match_compare_names ("Node 10", "Node 2"), >, 0);
  g_assert_cmpint (muster_match_compare_names ("Node 2", "Node 2"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/match/closeness", test_closeness);
  g_test_add_func ("/match/fields", test_fields);
  g_test_add_func ("/match/spelling", test_spelling);
  g_test_add_func ("/match/sort", test_sort);
  g_test_add_func ("/match/names", test_names);
  return g_test_run ();
}
