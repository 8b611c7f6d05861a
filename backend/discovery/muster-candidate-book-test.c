/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-candidate-book-test"

#include "config.h"

#include "core/muster-core-test-util.h"
#include "muster-candidate-book.h"
#include "muster-discovery-test-util.h"

#define NOW (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

typedef struct
{
  MusterCandidateBook *book;
  MusterTestCounter   *changed;
  MusterTestCounter   *removed;
} Fixture;

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MusterFamilies) families = muster_families_new ();

  fixture->book = muster_candidate_book_new (families);
  fixture->changed = muster_test_counter_new (fixture->book, "changed");
  fixture->removed = muster_test_counter_new (fixture->book, "removed");
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  muster_test_counter_free (fixture->changed);
  muster_test_counter_free (fixture->removed);
  g_assert_finalize_object (fixture->book);
}

static MusterEntity *
add (Fixture    *fixture,
     const char *type,
     const char *name,
     const char *host,
     const char *address,
     const char *txt,
     gint64      now)
{
  g_autoptr (MusterMdnsRecord) record = muster_test_record (type, name, host, address, 80, txt);

  return (MusterEntity *)muster_candidate_book_add (fixture->book, record, now);
}

static MusterEntity *
take_away (Fixture *fixture, const char *type, const char *name, gint64 now)
{
  g_autoptr (MusterMdnsRecord) record = muster_test_record (type, name, "", NULL, 0, NULL);

  return (MusterEntity *)muster_candidate_book_remove (fixture->book, record, now);
}

static void
assert_text (MusterEntity *candidate, const char *field, const char *expected)
{
  g_assert_nonnull (candidate);
  g_assert_cmpstr (muster_entity_get_string (candidate, field), ==, expected);
}

static unsigned
count_services (MusterEntity *candidate)
{
  g_autoptr (JsonNode) node =
              json_from_string (muster_entity_get_string (candidate, "services"), NULL);

  return json_array_get_length (json_node_get_array (node));
}

static void
test_node (Fixture *fixture, gconstpointer data)
{
  MusterEntity *candidate =
    add (fixture, "_muster-node._tcp", "Lamp", "n.local", "192.0.2.7",
         "id=S1;mac=24a160b1c2d3;model=node-1;fw=1.2;pv=1;st=new;name=Lamp", NOW);

  assert_text (candidate, "key", "mac:24:a1:60:b1:c2:d3");
  assert_text (candidate, "family", "muster");
  assert_text (candidate, "serial", "S1");
  assert_text (candidate, "mac", "24:a1:60:b1:c2:d3");
  assert_text (candidate, "firmware_version", "1.2");
  assert_text (candidate, "host", "n.local");
  assert_text (candidate, "addresses", "[\"192.0.2.7\"]");
  assert_text (candidate, "pairing_address", "192.0.2.7:80");
  assert_text (candidate, "state", "new");
  g_assert_true (muster_entity_get_boolean (candidate, "pairable"));
  g_assert_true (muster_entity_get_boolean (candidate, "present"));
  g_assert_cmpint (muster_entity_get_integer (candidate, "first_seen"), ==, NOW);
  g_assert_cmpuint (muster_test_counter_take (fixture->changed), ==, 1);
  g_assert_nonnull (muster_candidate_book_find (fixture->book, "serial:S1"));
}

static void
test_adopted_node_is_not_pairable (Fixture *fixture, gconstpointer data)
{
  MusterEntity *candidate =
    add (fixture, "_muster-node._tcp", "Lamp", "n.local", "192.0.2.7", "id=S1;pv=1;st=new", NOW);

  g_assert_true (muster_entity_get_boolean (candidate, "pairable"));
  candidate = add (fixture, "_muster-node._tcp", "Lamp", "n.local", "192.0.2.7",
                   "id=S1;pv=1;st=adopted", NOW + 1);
  g_assert_false (muster_entity_get_boolean (candidate, "pairable"));
  assert_text (candidate, "pairing_address", "192.0.2.7:80");
  candidate = add (fixture, "_muster-node._tcp", "Lamp", "n.local", "192.0.2.7",
                   "id=S1;pv=2;st=new", NOW + 2);
  g_assert_false (muster_entity_get_boolean (candidate, "pairable"));
  assert_text (candidate, "pairing_address", NULL);
}

static void
test_merge_by_mac (Fixture *fixture, gconstpointer data)
{
  MusterEntity *candidate;

  add (fixture, "_esphomelib._tcp", "kitchen", "kitchen.local", "192.0.2.7",
       "mac=a4cf12f03d5e;friendly_name=Kitchen", NOW);
  candidate = add (fixture, "_wled._tcp", "other name", "elsewhere.local", "192.0.2.8",
                   "mac=A4:CF:12:F0:3D:5E", NOW + 1);
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 1);
  g_assert_cmpuint (count_services (candidate), ==, 2);
  /* The row that comes first in the table knows most. */
  assert_text (candidate, "family", "esphome");
  assert_text (candidate, "name", "Kitchen");
  assert_text (candidate, "addresses", "[\"192.0.2.7\",\"192.0.2.8\"]");
}

/* What introduces itself at the broker and what announces itself on the network are one unit. */
static void
test_merge_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MusterTxt) txt = muster_txt_new ();
  g_autoptr (MusterMdnsRecord) told = NULL;
  g_autoptr (MusterMdnsRecord) announced =
              muster_test_record ("_http._tcp", "plug-0837", "plug-0837.local", "192.0.2.7", 80,
                                  "devicetype=tasmota;mac=A8032AB12345");
  MusterEntity *candidate = NULL;

  muster_txt_set (txt, "key", "tasmota:A8032AB12345");
  muster_txt_set (txt, "id", "A8032AB12345");
  muster_txt_set (txt, "mac", "A8032AB12345");
  muster_txt_set (txt, "name", "Saw");
  told = muster_mdns_record_new_told ("_tasmota._mqtt", "A8032AB12345", "192.0.2.7", txt);
  candidate = (MusterEntity *)muster_candidate_book_add (fixture->book, announced, NOW);
  assert_text (candidate, "family_key", NULL);
  candidate = (MusterEntity *)muster_candidate_book_add (fixture->book, told, NOW + 1);
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 1);
  g_assert_cmpuint (count_services (candidate), ==, 2);
  assert_text (candidate, "key", "mac:a8:03:2a:b1:23:45");
  assert_text (candidate, "family_key", "tasmota:A8032AB12345");
  assert_text (candidate, "name", "Saw");
  assert_text (candidate, "host", "plug-0837.local");
  g_assert_true (muster_candidate_book_is_announced (fixture->book, MUSTER_CANDIDATE (candidate)));
  /* Gone from the network it is still there, but nothing announces it. */
  candidate = (MusterEntity *)muster_candidate_book_remove (fixture->book, announced, NOW + 2);
  g_assert_true (muster_entity_get_boolean (candidate, "present"));
  g_assert_false (muster_candidate_book_is_announced (fixture->book, MUSTER_CANDIDATE (candidate)));
  candidate = (MusterEntity *)muster_candidate_book_remove (fixture->book, told, NOW + 3);
  g_assert_false (muster_entity_get_boolean (candidate, "present"));
  assert_text (candidate, "family_key", NULL);
}

static void
test_merge_by_host (Fixture *fixture, gconstpointer data)
{
  MusterEntity *candidate =
    add (fixture, "_http._tcp", "page", "Printer.local", "192.0.2.7", NULL, NOW);

  assert_text (candidate, "key", "name:printer");
  candidate = add (fixture, "_ipp._tcp", "Laser", "printer.local", "192.0.2.7",
                   "UUID=u-1;ty=Laser 400", NOW + 1);
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 1);
  assert_text (candidate, "key", "name:printer");
  assert_text (candidate, "family", "printer");
  g_assert_cmpuint (muster_test_counter_take (fixture->removed), ==, 0);
}

static void
test_later_record_links_two (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old_id = NULL;
  MusterEntity    *candidate =
    add (fixture, "_http._tcp", "page", "thing.local", "192.0.2.7", NULL, NOW);

  assert_text (candidate, "key", "name:thing");
  candidate = add (fixture, "_wled._tcp", "w", "", "192.0.2.7", "mac=a4cf12f03d5e", NOW + 1);
  old_id = g_strdup (muster_entity_get_id (candidate));
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 2);
  candidate = add (fixture, "_esphomelib._tcp", "thing", "thing.local", "192.0.2.7",
                   "mac=a4cf12f03d5e", NOW + 2);
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 1);
  g_assert_cmpuint (muster_test_counter_take (fixture->removed), ==, 1);
  /* The better key stays, and the older sight. */
  assert_text (candidate, "key", "mac:a4:cf:12:f0:3d:5e");
  assert_text (candidate, "id", old_id);
  g_assert_cmpint (muster_entity_get_integer (candidate, "first_seen"), ==, NOW);
  g_assert_cmpuint (count_services (candidate), ==, 3);
  g_assert_true (muster_candidate_book_find (fixture->book, "name:thing") ==
                 (MusterCandidate *)candidate);
  g_assert_true (
    muster_candidate_book_is_known_by (fixture->book, (MusterCandidate *)candidate, "name:thing"));
  g_assert_false (
    muster_candidate_book_is_known_by (fixture->book, (MusterCandidate *)candidate, "name:other"));
}

static void
test_many_nodes_on_one_host (Fixture *fixture, gconstpointer data)
{
  for (unsigned i = 0; i < 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("node %u", i);
      g_autofree char *txt = g_strdup_printf ("id=S%u;mac=24a160b1c2%02x;pv=1;st=new", i, i);

      add (fixture, "_muster-node._tcp", name, "fleet.local", "192.0.2.7", txt, NOW);
    }
  add (fixture, "_ssh._tcp", "fleet", "fleet.local", "192.0.2.7", NULL, NOW);
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 11);
}

static void
test_print_server (Fixture *fixture, gconstpointer data)
{
  MusterEntity *first = add (fixture, "_ipp._tcp", "A", "server.local", "192.0.2.7", "UUID=a", NOW);
  MusterEntity *second;

  assert_text (first, "key", "serial:printer:a");
  second = add (fixture, "_ipp._tcp", "B", "server.local", "192.0.2.7", "UUID=b", NOW);
  assert_text (second, "key", "serial:printer:b");
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 2);
  /* The same printer by another service. */
  second = add (fixture, "_printer._tcp", "B", "server.local", "192.0.2.7", "UUID=b", NOW);
  g_assert_cmpuint (count_services (second), ==, 2);
}

static void
test_host_with_two_cards (Fixture *fixture, gconstpointer data)
{
  add (fixture, "_workstation._tcp", "pc [1c:69:7a:01:02:03]", "pc.local", "192.0.2.7", NULL, NOW);
  add (fixture, "_workstation._tcp", "pc [1c:69:7a:01:02:04]", "pc.local", "192.0.2.8", NULL, NOW);
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 1);
}

static void
test_interfaces_are_one_service (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MusterMdnsRecord) one = muster_mdns_record_new ("_http._tcp", "x", "local", 2, 4,
                                                            "x.local", "192.0.2.7", 80, NULL);
  g_autoptr (MusterMdnsRecord) two = muster_mdns_record_new ("_http._tcp", "x", "local", 3, 6,
                                                            "x.local", "fe80::1%eth1", 80, NULL);
  g_autoptr (MusterMdnsRecord) three = muster_mdns_record_new ("_http._tcp", "x", "local", 3, 4,
                                                              "x.local", "192.0.2.7", 80, NULL);
  g_autoptr (MusterMdnsRecord) four = muster_mdns_record_new ("_http._tcp", "x", "local", 2, 6,
                                                             "x.local", "2001:db8::1", 80, NULL);
  MusterEntity *candidate;

  muster_candidate_book_add (fixture->book, two, NOW);
  muster_candidate_book_add (fixture->book, four, NOW);
  muster_candidate_book_add (fixture->book, three, NOW);
  candidate = (MusterEntity *)muster_candidate_book_add (fixture->book, one, NOW);
  g_assert_cmpuint (count_services (candidate), ==, 1);
  assert_text (candidate, "addresses", "[\"192.0.2.7\",\"2001:db8::1\",\"fe80::1%eth1\"]");
  candidate = (MusterEntity *)muster_candidate_book_remove (fixture->book, one, NOW);
  g_assert_true (muster_entity_get_boolean (candidate, "present"));
}

static void
test_goodbye (Fixture *fixture, gconstpointer data)
{
  MusterEntity *candidate;

  add (fixture, "_wled._tcp", "w", "w.local", "192.0.2.7", "mac=a4cf12f03d5e;ver=1", NOW);
  add (fixture, "_http._tcp", "w", "w.local", "192.0.2.7", NULL, NOW);
  candidate = take_away (fixture, "_wled._tcp", "w", NOW + 5);
  g_assert_true (muster_entity_get_boolean (candidate, "present"));
  candidate = take_away (fixture, "_http._tcp", "w", NOW + 6);
  g_assert_false (muster_entity_get_boolean (candidate, "present"));
  g_assert_cmpint (muster_entity_get_integer (candidate, "last_seen"), ==, NOW + 6);
  /* What was known stays. */
  assert_text (candidate, "mac", "a4:cf:12:f0:3d:5e");
  assert_text (candidate, "firmware_version", "1");
  assert_text (candidate, "addresses", "[\"192.0.2.7\"]");
  assert_text (candidate, "services", "[]");
  g_assert_null (take_away (fixture, "_http._tcp", "w", NOW + 7));
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 1);
  candidate = add (fixture, "_http._tcp", "w", "w.local", "192.0.2.9", NULL, NOW + 8);
  g_assert_true (muster_entity_get_boolean (candidate, "present"));
  assert_text (candidate, "key", "mac:a4:cf:12:f0:3d:5e");
  g_assert_cmpuint (muster_test_counter_take (fixture->removed), ==, 0);
}

static void
test_same_again_says_nothing (Fixture *fixture, gconstpointer data)
{
  add (fixture, "_http._tcp", "w", "w.local", "192.0.2.7", "a=1", NOW);
  add (fixture, "_http._tcp", "w", "w.local", "192.0.2.7", "a=1", NOW + 1);
  g_assert_cmpuint (muster_test_counter_take (fixture->changed), ==, 1);
  add (fixture, "_http._tcp", "w", "w.local", "192.0.2.7", "a=2", NOW + 2);
  g_assert_cmpuint (muster_test_counter_take (fixture->changed), ==, 1);
}

/* A device that took over the name of another is not that one. */
static void
test_replaced_device (Fixture *fixture, gconstpointer data)
{
  MusterEntity *candidate;

  add (fixture, "_wled._tcp", "lamp", "one.local", "192.0.2.7", "mac=a4cf12f03d5e", NOW);
  candidate =
    add (fixture, "_wled._tcp", "lamp", "two.local", "192.0.2.8", "mac=a4cf12f03d5f", NOW + 1);
  assert_text (candidate, "key", "mac:a4:cf:12:f0:3d:5f");
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 2);
  candidate = (MusterEntity *)muster_candidate_book_find (fixture->book, "mac:a4:cf:12:f0:3d:5e");
  g_assert_false (muster_entity_get_boolean (candidate, "present"));
}

static void
test_asked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MusterTxt) txt = muster_txt_new ();
  g_autoptr (MusterMdnsRecord) silent =
              muster_mdns_record_new_asked ("", "192.0.2.7:80", "192.0.2.7:80", NULL, 80, NULL);
  g_autoptr (MusterMdnsRecord) answer = NULL;
  MusterEntity *candidate = (MusterEntity *)muster_candidate_book_add (fixture->book, silent, NOW);

  assert_text (candidate, "key", "address:192.0.2.7:80");
  assert_text (candidate, "host", NULL);
  muster_txt_set (txt, "mac", "a4cf12f03d5e");
  answer =
    muster_mdns_record_new_asked ("_wled._tcp", "Desk", "192.0.2.7:80", "192.0.2.7", 80, txt);
  candidate = (MusterEntity *)muster_candidate_book_add (fixture->book, answer, NOW + 1);
  assert_text (candidate, "key", "address:192.0.2.7:80");
  assert_text (candidate, "mac", "a4:cf:12:f0:3d:5e");
  /* The same device announces itself, too. */
  candidate =
    add (fixture, "_wled._tcp", "Desk", "desk.local", "192.0.2.7", "mac=a4cf12f03d5e", NOW + 2);
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 1);
  g_assert_cmpuint (muster_test_counter_take (fixture->removed), ==, 0);
}

static void
decorate_cb (MusterCandidate *candidate, gpointer user_data)
{
  const char *const *device_id = user_data;

  muster_entity_set_string (MUSTER_ENTITY (candidate), "device_id", *device_id);
}

static void
test_ageing (Fixture *fixture, gconstpointer data)
{
  const char *device_id = "0190a6b0-0000-7000-8000-000000000001";

  muster_candidate_book_set_decorate (fixture->book, decorate_cb, &device_id);
  add (fixture, "_wled._tcp", "matched", "m.local", "192.0.2.6", "mac=a4cf12f03d5d", NOW);
  take_away (fixture, "_wled._tcp", "matched", NOW);
  device_id = NULL;
  add (fixture, "_wled._tcp", "absent", "a.local", "192.0.2.7", "mac=a4cf12f03d5e", NOW);
  take_away (fixture, "_wled._tcp", "absent", NOW);
  add (fixture, "_wled._tcp", "present", "p.local", "192.0.2.8", "mac=a4cf12f03d5f", NOW);
  muster_candidate_book_age (fixture->book, NOW + MUSTER_CANDIDATE_KEEP);
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 3);
  muster_candidate_book_age (fixture->book, NOW + MUSTER_CANDIDATE_KEEP + 1);
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, 2);
  g_assert_null (muster_candidate_book_find (fixture->book, "name:a"));
  g_assert_cmpuint (muster_test_counter_take (fixture->removed), ==, 1);
}

static void
test_refresh (Fixture *fixture, gconstpointer data)
{
  const char *device_id = NULL;

  muster_candidate_book_set_decorate (fixture->book, decorate_cb, &device_id);
  add (fixture, "_wled._tcp", "w", "w.local", "192.0.2.6", NULL, NOW);
  muster_test_counter_take (fixture->changed);
  muster_candidate_book_refresh (fixture->book);
  g_assert_cmpuint (muster_test_counter_take (fixture->changed), ==, 0);
  device_id = "0190a6b0-0000-7000-8000-000000000001";
  muster_candidate_book_refresh (fixture->book);
  g_assert_cmpuint (muster_test_counter_take (fixture->changed), ==, 1);
}

static void
test_flood_of_devices (Fixture *fixture, gconstpointer data)
{
  for (unsigned i = 0; i < 10000; i++)
    {
      g_autofree char *host = g_strdup_printf ("host-%u.local", i);

      add (fixture, "_http._tcp", host, host, "192.0.2.7", NULL, NOW + i);
    }
  g_assert_cmpuint (muster_candidate_book_get_count (fixture->book), ==, MUSTER_CANDIDATE_BOOK_MAX);
  g_assert_cmpuint (muster_candidate_book_get_n_dropped (fixture->book), ==,
                    10000 - MUSTER_CANDIDATE_BOOK_MAX);
  /* One that went makes room for one that comes. */
  take_away (fixture, "_http._tcp", "host-5.local", NOW);
  g_assert_nonnull (add (fixture, "_http._tcp", "new", "new.local", "192.0.2.7", NULL, NOW));
  g_assert_null (muster_candidate_book_find (fixture->book, "name:host-5"));
}

static void
test_flood_of_services (Fixture *fixture, gconstpointer data)
{
  MusterEntity *candidate;

  for (unsigned i = 0; i < 10000; i++)
    {
      g_autofree char *name = g_strdup_printf ("service %u", i);
      g_autofree char *address = g_strdup_printf ("192.0.%u.%u", i / 256 % 256, i % 256);

      add (fixture, "_http._tcp", name, "host.local", address, NULL, NOW);
    }
  candidate = (MusterEntity *)muster_candidate_book_find (fixture->book, "name:host");
  g_assert_cmpuint (count_services (candidate), ==, MUSTER_CANDIDATE_MAX_SERVICES);
  g_assert_cmpuint (muster_candidate_book_get_n_dropped (fixture->book), ==,
                    10000 - MUSTER_CANDIDATE_MAX_SERVICES);
}

/* Records whose identities link everything with everything: no key is left behind, whatever the
 * order. */
static void
test_random_links (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (GPtrArray) list = NULL;

  for (unsigned i = 0; i < 5000; i++)
    {
      g_autofree char *name = g_strdup_printf ("s%d", g_rand_int_range (random, 0, 200));
      g_autofree char *host = g_strdup_printf ("h%d.local", g_rand_int_range (random, 0, 60));
      g_autofree char *txt =
        g_strdup_printf ("mac=a4cf12f03d%02x;UUID=%d", g_rand_int_range (random, 0, 60),
                         g_rand_int_range (random, 0, 60));
      const char *type = g_rand_boolean (random) ? "_ipp._tcp" : "_wled._tcp";

      if (g_rand_int_range (random, 0, 3) == 0)
        take_away (fixture, type, name, NOW + i);
      else
        add (fixture, type, name, host, "192.0.2.7", g_rand_boolean (random) ? txt : NULL, NOW + i);
    }
  list = muster_candidate_book_list (fixture->book);
  g_assert_cmpuint (list->len, ==, muster_candidate_book_get_count (fixture->book));
  for (guint i = 0; i < list->len; i++)
    g_assert_true (muster_candidate_book_find (fixture->book,
                                               muster_entity_get_string (list->pdata[i], "key")) ==
                   list->pdata[i]);
}

static void
test_probe (Fixture *fixture, gconstpointer data)
{
  g_autofree char *address = NULL;
  MusterProbe      probe = MUSTER_PROBE_NONE;
  guint16          port = 0;

  add (fixture, "_device-info._tcp", "x", "x.local", "192.0.2.7", NULL, NOW);
  g_assert_false (
    muster_candidate_book_get_probe (fixture->book, "name:x", &probe, &address, &port));
  add (fixture, "_http._tcp", "x", "x.local", "192.0.2.7", NULL, NOW);
  g_assert_true (
    muster_candidate_book_get_probe (fixture->book, "name:x", &probe, &address, &port));
  g_assert_cmpint (probe, ==, MUSTER_PROBE_HTTP);
  g_assert_cmpstr (address, ==, "192.0.2.7");
  g_assert_cmpuint (port, ==, 80);
}

static void
add_test (const char *path, void (*func) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/candidate-book/node", test_node);
  add_test ("/candidate-book/adopted-node-is-not-pairable", test_adopted_node_is_not_pairable);
  add_test ("/candidate-book/merge-by-mac", test_merge_by_mac);
  add_test ("/candidate-book/merge-told", test_merge_told);
  add_test ("/candidate-book/merge-by-host", test_merge_by_host);
  add_test ("/candidate-book/later-record-links-two", test_later_record_links_two);
  add_test ("/candidate-book/many-nodes-on-one-host", test_many_nodes_on_one_host);
  add_test ("/candidate-book/print-server", test_print_server);
  add_test ("/candidate-book/host-with-two-cards", test_host_with_two_cards);
  add_test ("/candidate-book/interfaces-are-one-service", test_interfaces_are_one_service);
  add_test ("/candidate-book/goodbye", test_goodbye);
  add_test ("/candidate-book/same-again-says-nothing", test_same_again_says_nothing);
  add_test ("/candidate-book/replaced-device", test_replaced_device);
  add_test ("/candidate-book/asked", test_asked);
  add_test ("/candidate-book/ageing", test_ageing);
  add_test ("/candidate-book/refresh", test_refresh);
  add_test ("/candidate-book/flood-of-devices", test_flood_of_devices);
  add_test ("/candidate-book/flood-of-services", test_flood_of_services);
  add_test ("/candidate-book/random-links", test_random_links);
  add_test ("/candidate-book/probe", test_probe);
  return g_test_run ();
}
