/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/muster-records-test-util.h"
#include "core/muster-repository.h"
#include "model/muster-device.h"
#include "muster-device-names.h"

typedef struct
{
  MusterTestRecords  records;
  MusterDeviceNames *names;
} Fixture;

static void
set_up (Fixture *fixture)
{
  muster_test_records_set_up (&fixture->records);
  fixture->names = muster_device_names_new (fixture->records.database, fixture->records.bus);
}

static void
tear_down (Fixture *fixture)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (fixture->names)));
  g_assert_finalize_object (fixture->names);
  muster_test_records_tear_down (&fixture->records);
}

/* (transfer full): its identifier. */
static char *
insert (Fixture *fixture, const char *name, const char *serial, const char *node)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

  muster_entity_set_string (device, "name", name);
  muster_entity_set_string (device, "serial", serial);
  muster_entity_set_string (device, "node_id", node);
  return muster_test_records_insert (&fixture->records, device);
}

static void
patch (Fixture *fixture, const char *id, const char *json)
{
  muster_test_records_patch (&fixture->records, &muster_device_info, id, json);
}

static void
assert_means (Fixture *fixture, const char *key, const char *id)
{
  g_assert_cmpstr (muster_device_names_lookup (fixture->names, key), ==, id);
}

static void
test_lookup (void)
{
  Fixture          fixture;
  g_autofree char *lamp = NULL;
  g_autofree char *meter = NULL;

  set_up (&fixture);
  lamp = insert (&fixture, "Lamp", "SN-1", "node-1");
  muster_test_await (muster_service_start (MUSTER_SERVICE (fixture.names)));
  /* Its name is the serial number of another: the serial number goes first. */
  meter = insert (&fixture, "SN-1", "SN-2", NULL);
  assert_means (&fixture, lamp, lamp);
  assert_means (&fixture, "Lamp", lamp);
  assert_means (&fixture, "node-1", lamp);
  assert_means (&fixture, "SN-1", lamp);
  assert_means (&fixture, "SN-2", meter);
  assert_means (&fixture, "lamp", NULL);
  assert_means (&fixture, "", NULL);
  tear_down (&fixture);
}

static void
test_changes (void)
{
  Fixture          fixture;
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  g_autofree char *c = NULL;

  set_up (&fixture);
  muster_test_await (muster_service_start (MUSTER_SERVICE (fixture.names)));
  a = insert (&fixture, "Lamp", NULL, NULL);
  b = insert (&fixture, "Lamp", "SN-2", NULL);
  c = insert (&fixture, "Lamp", NULL, NULL);
  assert_means (&fixture, "Lamp", NULL);
  patch (&fixture, b, "{\"name\":\"Lamp 2\",\"serial\":null}");
  assert_means (&fixture, "Lamp 2", b);
  assert_means (&fixture, "SN-2", NULL);
  assert_means (&fixture, "Lamp", NULL);
  muster_test_records_remove (&fixture.records, &muster_device_info, c);
  assert_means (&fixture, "Lamp", a);
  assert_means (&fixture, c, NULL);
  patch (&fixture, a, "{\"name\":\"Lamp 1\"}");
  assert_means (&fixture, "Lamp", NULL);
  assert_means (&fixture, "Lamp 1", a);
  tear_down (&fixture);
}

/* Changes that come while it loads are neither lost nor taken back. */
static void
test_changed_while_loading (void)
{
  Fixture          fixture;
  g_autofree char *old = NULL;
  g_autofree char *new = NULL;
  DexFuture *start;

  set_up (&fixture);
  old = insert (&fixture, "Lamp", NULL, NULL);
  start = muster_service_start (MUSTER_SERVICE (fixture.names));
  patch (&fixture, old, "{\"name\":\"Old lamp\"}");
  new = insert (&fixture, "Lamp", NULL, NULL);
  muster_test_await (start);
  assert_means (&fixture, "Old lamp", old);
  assert_means (&fixture, "Lamp", new);
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/device-names/lookup", test_lookup);
  muster_test_add_fiber ("/device-names/changes", test_changes);
  muster_test_add_fiber ("/device-names/changed-while-loading", test_changed_while_loading);
  return g_test_run ();
}
