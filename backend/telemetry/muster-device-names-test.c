/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/muster-core-test-util.h"
#include "core/muster-repository.h"
#include "model/muster-device.h"
#include "muster-device-names.h"

typedef struct
{
  MusterTestDir     *dir;
  MusterBus         *bus;
  MusterDatabase    *database;
  MusterRepository  *repository;
  MusterActor       *actor;
  MusterDeviceNames *names;
} Fixture;

static void
set_up (Fixture *fixture)
{
  fixture->dir = muster_test_dir_new ();
  fixture->bus = muster_bus_new ();
  fixture->database = muster_test_database_new (fixture->dir, NULL, fixture->bus);
  fixture->repository = muster_repository_new (fixture->database);
  fixture->actor = muster_actor_new_system ("test");
  fixture->names = muster_device_names_new (fixture->database, fixture->bus);
}

static void
tear_down (Fixture *fixture)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (fixture->names)));
  g_assert_finalize_object (fixture->names);
  muster_actor_unref (fixture->actor);
  g_object_unref (fixture->repository);
  muster_test_database_free (fixture->database);
  g_object_unref (fixture->bus);
  muster_test_dir_free (fixture->dir);
}

/* (transfer full): its identifier. */
static char *
insert (Fixture *fixture, const char *name, const char *serial, const char *node)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  g_autoptr (MusterEntity) inserted = NULL;

  muster_entity_set_string (device, "name", name);
  muster_entity_set_string (device, "serial", serial);
  muster_entity_set_string (device, "node_id", node);
  inserted = muster_test_await_object (
    muster_repository_insert (fixture->repository, fixture->actor, NULL, device));
  return g_strdup (muster_entity_get_id (inserted));
}

static void
patch (Fixture *fixture, const char *id, const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);

  muster_test_await (muster_repository_patch (fixture->repository, fixture->actor, NULL,
                                              &muster_device_info, id, json_node_get_object (node),
                                              0));
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
  muster_test_await (
    muster_repository_delete (fixture.repository, fixture.actor, NULL, &muster_device_info, c, 0));
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
