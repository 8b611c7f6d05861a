/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/muster-core-test-util.h"
#include "core/muster-journal.h"
#include "discovery/muster-fake-mdns.h"
#include "model/muster-entities.h"
#include "model/muster-site.h"
#include "muster-site-announcement.h"
#include "muster-site-record.h"

static void
assert_announced (MusterFakeMdns *mdns, const char *name)
{
  MusterMdnsRecord *record = muster_fake_mdns_find_published (mdns, "_muster._tcp");

  g_assert_nonnull (record);
  g_assert_cmpstr (record->name, ==, name);
  g_assert_cmpstr (muster_txt_get_text (record->txt, "name"), ==, name);
  g_assert_cmpuint (record->port, ==, 8443);
}

static void
rename_site (MusterRepository *repository, MusterEntity *site, const char *name, const char *notes)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");
  g_autoptr (MusterEntity) newer = muster_entity_copy (site);

  muster_entity_set_string (newer, "name", name);
  muster_entity_set_string (newer, "notes", notes);
  muster_test_await (muster_repository_update (repository, actor, NULL, newer, 0));
}

static void
test_renamed (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterClock) clock = muster_clock_new ();
  g_autoptr (MusterBus) bus = muster_bus_new ();
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autoptr (MusterDatabase) database = muster_database_new (path, clock, bus);
  g_autoptr (MusterHttpFetch) fetch = muster_http_fetch_new ();
  g_autoptr (MusterFakeMdns) mdns = muster_fake_mdns_new ();
  g_autoptr (GPtrArray) services = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  muster_database_register_entities (database, muster_entities);
  g_ptr_array_add (services, database);
  muster_test_await (muster_services_start (services));
  {
    g_autoptr (MusterRepository) repository = muster_repository_new (database);
    g_autoptr (MusterDeviceRegistry) registry = muster_device_registry_new (repository, bus, clock);
    g_autoptr (MusterDiscoveryService) discovery =
                muster_discovery_service_new (MUSTER_MDNS (mdns), registry, repository, bus, clock,
                                              fetch);
    g_autoptr (MusterEntity) site =
                dex_await_object (muster_site_record_ensure (database, "Plant"), &error);
    g_autoptr (MusterSiteAnnouncement) announcement = NULL;

    g_assert_no_error (error);
    muster_test_await (muster_service_start (MUSTER_SERVICE (registry)));
    muster_test_await (muster_service_start (MUSTER_SERVICE (discovery)));
    announcement = muster_site_announcement_new (discovery, NULL, bus, site, 8443);
    assert_announced (mdns, "Plant");
    rename_site (repository, site, "Depot", NULL);
    assert_announced (mdns, "Depot");
    g_assert_cmpstr (muster_entity_get_string (site, "name"), ==, "Depot");
    /* What is not announced changes nothing. */
    rename_site (repository, site, "Depot", "By the river");
    assert_announced (mdns, "Depot");
    muster_test_await (muster_service_stop (MUSTER_SERVICE (discovery)));
    /* Nothing is announced by what no longer runs. */
    rename_site (repository, site, "Shop", NULL);
    muster_test_await (muster_service_stop (MUSTER_SERVICE (registry)));
  }
  muster_test_await (muster_services_stop (services));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/site-announcement/renamed", test_renamed);
  return g_test_run ();
}
