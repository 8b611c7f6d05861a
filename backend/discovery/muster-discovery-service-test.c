/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-discovery-service-test"

#include "config.h"

#include <string.h>

#include "core/http/muster-http-test-util.h"
#include "core/muster-journal.h"
#include "model/muster-ignored-candidate.h"
#include "model/muster-manual-address.h"
#include "muster-discovery-resource.h"
#include "muster-discovery-test-util.h"
#include "muster-fake-mdns.h"

#define START (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)
#define NODE_TXT "id=S1;mac=24a160b1c2d3;model=node-1;fw=1.0;pv=1;st=new;name=Lamp"
#define NODE_KEY "mac:24:a1:60:b1:c2:d3"
#define JSON "Content-Type: application/json\r\n"

/* A device at 127.0.0.1 that answers /pair, until it is switched off. */
#define TYPE_PAIRING_FETCH (pairing_fetch_get_type ())
G_DECLARE_FINAL_TYPE (PairingFetch, pairing_fetch, TEST, PAIRING_FETCH, MusterHttpFetch)

struct _PairingFetch
{
  MusterHttpFetch parent_instance;
  gboolean        is_off;
};

G_DEFINE_FINAL_TYPE (PairingFetch, pairing_fetch, MUSTER_TYPE_HTTP_FETCH)

static DexFuture *
pairing_fetch_send (MusterHttpFetch *fetch,
                    const char      *method,
                    const char      *uri,
                    GBytes          *body,
                    const char      *content_type,
                    gsize            max_size,
                    unsigned         timeout_ms)
{
  static const char json[] =
    "{\"serial\":\"S1\",\"mac\":\"24a160b1c2d3\",\"model\":\"node-1\",\"firmware\":\"1.0\",\"name\":\"Lamp\",\"pairing\":1,\"state\":\"new\"}";
  g_autoptr (GBytes) answer = g_bytes_new_static (json, strlen (json));

  if (TEST_PAIRING_FETCH (fetch)->is_off)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "no connection");
  return dex_future_new_take_boxed (MUSTER_TYPE_HTTP_REPLY,
                                    muster_http_reply_new (200, answer, "application/json", -1,
                                                           1000));
}

static void
pairing_fetch_class_init (PairingFetchClass *klass)
{
  MUSTER_HTTP_FETCH_CLASS (klass)->send = pairing_fetch_send;
}

static void
pairing_fetch_init (PairingFetch *self)
{
}

typedef struct
{
  MusterTestDir          *dir;
  MusterClock            *clock;
  MusterBus              *bus;
  MusterDatabase         *database;
  MusterRepository       *repository;
  MusterDeviceRegistry   *registry;
  MusterFakeMdns         *mdns;
  PairingFetch           *fetch;
  MusterDiscoveryService *service;
  MusterActor            *actor;
  GPtrArray              *events; /* (element-type utf8): subject, space, data */
} Fixture;

static void
event_cb (MusterEvent *event, gpointer user_data)
{
  GBytes *json = muster_event_get_json (event);

  g_assert_cmpstr (muster_event_get_coalesce_key (event), ==, muster_event_get_subject (event));
  g_ptr_array_add (user_data, g_strdup_printf ("%s %.*s", muster_event_get_subject (event),
                                               (int)g_bytes_get_size (json),
                                               (const char *)g_bytes_get_data (json, NULL)));
}

static void
fixture_init (Fixture *self)
{
  self->dir = muster_test_dir_new ();
  self->clock = muster_manual_clock_new (START);
  self->bus = muster_bus_new ();
  self->database = muster_test_database_new (self->dir, self->clock, self->bus);
  self->repository = muster_repository_new (self->database);
  self->registry = muster_device_registry_new (self->repository, self->bus, self->clock);
  self->mdns = muster_fake_mdns_new ();
  self->fetch = g_object_new (TYPE_PAIRING_FETCH, NULL);
  self->service =
    muster_discovery_service_new (MUSTER_MDNS (self->mdns), self->registry, self->repository,
                                  self->bus, self->clock, MUSTER_HTTP_FETCH (self->fetch));
  self->actor = muster_actor_new_system ("test");
  self->events = g_ptr_array_new_with_free_func (g_free);
  muster_bus_subscribe (self->bus, MUSTER_TOPIC_DISCOVERY, G_OBJECT (self->service), event_cb,
                        self->events);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->registry)));
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->service)));
}

static void
fixture_clear (Fixture *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->service)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->registry)));
  muster_test_sleep (5);
  g_object_unref (self->service);
  g_object_unref (self->registry);
  g_object_unref (self->repository);
  muster_test_database_free (self->database);
  g_object_unref (self->fetch);
  g_object_unref (self->mdns);
  g_object_unref (self->bus);
  g_object_unref (self->clock);
  muster_actor_unref (self->actor);
  g_ptr_array_unref (self->events);
  muster_test_dir_free (self->dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
announce (Fixture *self, const char *txt)
{
  muster_fake_mdns_announce (self->mdns, muster_test_record ("_muster-node._tcp", "Lamp",
                                                             "lamp.local", "192.0.2.7", 8099, txt));
}

static void
withdraw (Fixture *self)
{
  g_autoptr (MusterMdnsRecord) record =
              muster_test_record ("_muster-node._tcp", "Lamp", "", NULL, 0, NULL);

  muster_fake_mdns_withdraw (self->mdns, record);
}

static MusterEntity *
find (Fixture *self, const char *key)
{
  return (MusterEntity *)muster_discovery_service_find (self->service, key, NULL);
}

static void
assert_state (Fixture *self, const char *key, const char *expected)
{
  g_autoptr (MusterEntity) candidate = find (self, key);

  g_assert_nonnull (candidate);
  g_assert_cmpstr (muster_entity_get_string (candidate, "state"), ==, expected);
}

static void
assert_pairable (Fixture *self, gboolean expected)
{
  g_autoptr (MusterEntity) candidate = find (self, NODE_KEY);

  g_assert_cmpint (muster_entity_get_boolean (candidate, "pairable"), ==, expected);
}

/* Makes a record of the device: (transfer full). */
static char *
add_device (Fixture    *self,
            const char *field,
            const char *value,
            gboolean    has_secret,
            const char *adoption)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  g_autoptr (MusterEntity) stored = NULL;
  g_autoptr (GError) error = NULL;

  muster_entity_set_string (device, "name", "Lamp 3");
  muster_entity_set_string (device, field, value);
  muster_entity_set_string (device, "adoption", adoption);
  if (has_secret)
    muster_entity_set_string (device, "secret", "0000-0000-0000-0000-0000-0000-0000");
  stored = dex_await_object (muster_repository_insert (self->repository, self->actor, NULL, device),
                             &error);
  g_assert_no_error (error);
  /* The registry reads secrets a little later. */
  muster_test_sleep (150);
  return g_strdup (muster_entity_get_id (stored));
}

static char *
dup_live (Fixture *self, const char *id)
{
  g_autoptr (GString) json = g_string_new (NULL);

  muster_device_registry_encode_live (self->registry, id, json);
  return g_strdup (json->str);
}

/* --- matching --- */

static void
test_new (void)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture);
  announce (&fixture, NODE_TXT);
  /* On the bus at once: not a main loop turn lies between. */
  g_assert_cmpuint (fixture.events->len, ==, 1);
  g_assert_true (g_str_has_prefix (fixture.events->pdata[0], NODE_KEY " {\"id\":"));
  assert_state (&fixture, NODE_KEY, "new");
}

static void
test_states (void)
{
  static const struct
  {
    const char *field, *value;
    gboolean    has_secret;
    const char *adoption, *state;
  } cases[] = {
    { "mac", "24:a1:60:b1:c2:d3", FALSE, "none", "known" },
    { "serial", "S1", FALSE, "none", "known" },
    { "node_id", "S1", FALSE, "none", "known" },
    { "serial", "S1", TRUE, "none", "expected" },
    { "serial", "S1", TRUE, "adopted", "adopted" },
    { "serial", "S1", FALSE, "released", "known" },
    { "serial", "S2", TRUE, "none", "new" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_autofree char *id = NULL;

      g_test_message ("%s %s", cases[i].field, cases[i].state);
      fixture_init (&fixture);
      announce (&fixture, NODE_TXT);
      id = add_device (&fixture, cases[i].field, cases[i].value, cases[i].has_secret,
                       cases[i].adoption);
      assert_state (&fixture, NODE_KEY, cases[i].state);
      assert_pairable (&fixture, !g_str_equal (cases[i].state, "adopted"));
      if (!g_str_equal (cases[i].state, "new"))
        {
          g_autoptr (MusterCandidate) found =
                      muster_discovery_service_find (fixture.service, NULL, id);

          g_assert_nonnull (found);
        }
    }
}

static void
test_device_before_candidate (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char         *id = NULL;
  g_autofree char         *live = NULL;
  const MusterDeviceBrief *brief;

  fixture_init (&fixture);
  id = add_device (&fixture, "serial", "S1", TRUE, "none");
  announce (&fixture, NODE_TXT);
  assert_state (&fixture, NODE_KEY, "expected");
  live = dup_live (&fixture, id);
  g_assert_nonnull (strstr (live, "\"state\":\"online\""));
  g_assert_nonnull (strstr (live, "\"kind\":\"mdns\""));
  brief = muster_device_registry_get_brief (fixture.registry, id);
  g_assert_cmpstr (brief->address, ==, "192.0.2.7:8099");
}

static void
test_deleted_device (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *id = NULL;

  fixture_init (&fixture);
  announce (&fixture, NODE_TXT);
  id = add_device (&fixture, "serial", "S1", FALSE, "none");
  assert_state (&fixture, NODE_KEY, "known");
  muster_test_await (
    muster_repository_delete (fixture.repository, fixture.actor, NULL, &muster_device_info, id, 0));
  muster_test_sleep (20);
  assert_state (&fixture, NODE_KEY, "new");
}

static void
test_goodbye (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *id = NULL;
  g_autofree char *live = NULL;
  g_autoptr (MusterEntity) candidate = NULL;

  fixture_init (&fixture);
  id = add_device (&fixture, "serial", "S1", FALSE, "none");
  announce (&fixture, NODE_TXT);
  withdraw (&fixture);
  candidate = find (&fixture, NODE_KEY);
  g_assert_false (muster_entity_get_boolean (candidate, "present"));
  live = dup_live (&fixture, id);
  g_assert_null (strstr (live, "\"fresh\":true"));
}

static void
test_merged_away (void)
{
  g_auto (Fixture) fixture = { 0 };
  const char *last = NULL;

  fixture_init (&fixture);
  muster_fake_mdns_announce (fixture.mdns, muster_test_record ("_http._tcp", "page", "w.local",
                                                               "192.0.2.7", 80, NULL));
  muster_fake_mdns_announce (fixture.mdns, muster_test_record ("_wled._tcp", "w", "", "192.0.2.7",
                                                               80, "mac=a4cf12f03d5e"));
  g_ptr_array_set_size (fixture.events, 0);
  muster_fake_mdns_announce (fixture.mdns,
                             muster_test_record ("_esphomelib._tcp", "w", "w.local", "192.0.2.7",
                                                 80, "mac=a4cf12f03d5e"));
  last = fixture.events->pdata[0];
  g_assert_cmpstr (last, ==, "name:w {\"removed\":true}");
  g_assert_cmpuint (fixture.events->len, ==, 2);
}

static void
test_trouble (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GString) json = g_string_new (NULL);

  fixture_init (&fixture);
  g_assert_null (muster_service_get_trouble (MUSTER_SERVICE (fixture.service)));
  muster_fake_mdns_set_trouble (fixture.mdns, "avahi-daemon is not running");
  g_assert_cmpstr (muster_service_get_trouble (MUSTER_SERVICE (fixture.service)), ==,
                   "avahi-daemon is not running");
  muster_discovery_service_encode_status (fixture.service, json);
  g_assert_true (g_str_has_prefix (
    json->str, "{\"available\":false,\"trouble\":\"avahi-daemon is not running\",\"types\":"));
  g_assert_nonnull (strstr (json->str, ",\"interfaces\":["));
  g_assert_nonnull (strstr (json->str, "],\"networks\":["));
  muster_fake_mdns_set_trouble (fixture.mdns, NULL);
  g_assert_null (muster_service_get_trouble (MUSTER_SERVICE (fixture.service)));
}

/* --- ignoring --- */

static void
test_ignore_and_undo (void)
{
  g_auto (Fixture) fixture = { 0 };
  gint64 sequence;

  fixture_init (&fixture);
  announce (&fixture, NODE_TXT);
  muster_test_await (muster_discovery_service_ignore (fixture.service, fixture.actor, NODE_KEY));
  sequence = muster_database_get_sequence (fixture.database);
  muster_test_sleep (20);
  assert_state (&fixture, NODE_KEY, "ignored");
  /* Again is no second record. */
  muster_test_await (muster_discovery_service_ignore (fixture.service, fixture.actor, NODE_KEY));
  g_assert_cmpint (muster_database_get_sequence (fixture.database), ==, sequence);
  muster_test_await (muster_journal_undo (fixture.database, fixture.actor, sequence));
  muster_test_sleep (20);
  assert_state (&fixture, NODE_KEY, "new");
  muster_test_await (muster_discovery_service_ignore (fixture.service, fixture.actor, "serial:S1"));
  muster_test_sleep (20);
  assert_state (&fixture, NODE_KEY, "ignored");
  muster_test_await (muster_discovery_service_unignore (fixture.service, fixture.actor, NODE_KEY));
  muster_test_sleep (20);
  assert_state (&fixture, NODE_KEY, "new");
  muster_test_await (muster_discovery_service_unignore (fixture.service, fixture.actor, NODE_KEY));
}

static void
test_ignore_unknown (void)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture);
  g_error_free (muster_test_await_error (muster_discovery_service_ignore (fixture.service,
                                                                          fixture.actor, "mac:no"),
                                         MUSTER_ERROR_NOT_FOUND));
  g_error_free (
    muster_test_await_error (muster_discovery_service_unignore (fixture.service, fixture.actor,
                                                                "mac:no"),
                             MUSTER_ERROR_NOT_FOUND));
}

/* A record made before the start counts, whatever the candidate's key is now. */
static void
test_ignored_before (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (MusterEntity) record = muster_entity_new (&muster_ignored_candidate_info);

  fixture_init (&fixture);
  muster_entity_set_string (record, "key", "serial:S1");
  muster_test_await (muster_repository_insert (fixture.repository, fixture.actor, NULL, record));
  announce (&fixture, NODE_TXT);
  assert_state (&fixture, NODE_KEY, "ignored");
}

/* --- addresses --- */

static char *
add_address (Fixture *self, const char *address)
{
  g_autoptr (MusterEntity) entity = muster_entity_new (&muster_manual_address_info);
  g_autoptr (MusterEntity) stored = NULL;
  g_autoptr (GError) error = NULL;

  muster_entity_set_string (entity, "address", address);
  stored =
    dex_await_object (muster_discovery_service_add_address (self->service, self->actor, entity),
                      &error);
  g_assert_no_error (error);
  muster_test_sleep (30);
  return g_strdup (muster_entity_get_id (stored));
}

static void
test_address (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *id = NULL;
  g_autoptr (MusterEntity) candidate = NULL;
  g_autoptr (MusterEntity) after = NULL;

  fixture_init (&fixture);
  id = add_address (&fixture, "127.0.0.1:8099");
  candidate = find (&fixture, NODE_KEY);
  g_assert_nonnull (candidate);
  g_assert_cmpstr (muster_entity_get_string (candidate, "key"), ==, "address:127.0.0.1:8099");
  g_assert_true (muster_entity_get_boolean (candidate, "present"));
  g_assert_true (muster_entity_get_boolean (candidate, "pairable"));
  g_assert_cmpstr (muster_entity_get_string (candidate, "pairing_address"), ==, "127.0.0.1:8099");
  muster_test_await (muster_discovery_service_remove_address (fixture.service, fixture.actor, id));
  muster_test_sleep (20);
  after = find (&fixture, NODE_KEY);
  g_assert_false (muster_entity_get_boolean (after, "present"));
}

/* What was adopted here is not free any more, though at its address it still says so. */
static void
test_adopted_address (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *address = NULL;
  g_autofree char *device = NULL;

  fixture_init (&fixture);
  address = add_address (&fixture, "127.0.0.1:8099");
  assert_pairable (&fixture, TRUE);
  device = add_device (&fixture, "serial", "S1", TRUE, "adopted");
  assert_state (&fixture, NODE_KEY, "adopted");
  assert_pairable (&fixture, FALSE);
  muster_discovery_service_scan (fixture.service);
  muster_test_sleep (30);
  assert_pairable (&fixture, FALSE);
}

/* A device that nothing announces after a start is asked where it was last. */
static void
test_stored_address (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *id = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  fixture_init (&fixture);
  id = add_device (&fixture, "serial", "S9", FALSE, "none");
  address = g_strdup_printf ("127.0.0.1:%u", port);
  muster_device_registry_report_address (fixture.registry, id, address);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (fixture.service)));
  g_object_unref (fixture.service);
  fixture.service =
    muster_discovery_service_new (MUSTER_MDNS (fixture.mdns), fixture.registry, fixture.repository,
                                  fixture.bus, fixture.clock, MUSTER_HTTP_FETCH (fixture.fetch));
  muster_test_await (muster_service_start (MUSTER_SERVICE (fixture.service)));
  before = dup_live (&fixture, id);
  g_assert_null (strstr (before, "\"tcp\""));
  muster_discovery_service_scan (fixture.service);
  muster_test_sleep (100);
  after = dup_live (&fixture, id);
  g_assert_nonnull (strstr (after, "{\"kind\":\"tcp\""));
  g_assert_nonnull (strstr (after, address));
  /* A record that goes is asked no more. */
  muster_test_await (
    muster_repository_delete (fixture.repository, fixture.actor, NULL, &muster_device_info, id, 0));
  g_socket_listener_close (listener);
}

static void
test_silent_address (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *id = NULL;
  g_autoptr (MusterEntity) before = NULL;
  g_autoptr (MusterEntity) after = NULL;

  fixture_init (&fixture);
  fixture.fetch->is_off = TRUE;
  id = add_address (&fixture, "127.0.0.1:8099");
  before = find (&fixture, "address:127.0.0.1:8099");
  g_assert_nonnull (before);
  g_assert_false (muster_entity_get_boolean (before, "present"));
  /* It comes up, and somebody asks again. */
  fixture.fetch->is_off = FALSE;
  muster_discovery_service_scan (fixture.service);
  muster_test_sleep (30);
  g_assert_cmpuint (muster_fake_mdns_get_n_scans (fixture.mdns), ==, 2);
  after = find (&fixture, "address:127.0.0.1:8099");
  g_assert_true (muster_entity_get_boolean (after, "present"));
  g_assert_cmpstr (muster_entity_get_string (after, "serial"), ==, "S1");
}

/* --- publishing --- */

static void
test_publish (void)
{
  g_auto (Fixture) fixture = { 0 };
  MusterMdnsRecord *record;

  fixture_init (&fixture);
  muster_discovery_service_publish_site (fixture.service, "Hall 2", "site-1", 8443);
  record = muster_fake_mdns_find_published (fixture.mdns, "_muster._tcp");
  g_assert_cmpstr (record->name, ==, "Hall 2");
  g_assert_cmpuint (record->port, ==, 8443);
  g_assert_cmpstr (muster_txt_get_text (record->txt, "id"), ==, "site-1");
  g_assert_cmpstr (muster_txt_get_text (record->txt, "version"), ==, MUSTER_VERSION);
  muster_discovery_service_publish_broker (fixture.service, "Hall 2", 0, 8883);
  g_assert_null (muster_fake_mdns_find_published (fixture.mdns, "_mqtt._tcp"));
  g_assert_cmpuint (muster_fake_mdns_find_published (fixture.mdns, "_secure-mqtt._tcp")->port, ==,
                    8883);
  muster_discovery_service_publish_site (fixture.service, "Hall 3", "site-1", 8443);
  g_assert_cmpstr (muster_fake_mdns_find_published (fixture.mdns, "_muster._tcp")->name, ==,
                   "Hall 3");
  muster_discovery_service_publish_site (fixture.service, "Hall 3", "site-1", 0);
  g_assert_null (muster_fake_mdns_find_published (fixture.mdns, "_muster._tcp"));
}

/* --- the API --- */

static unsigned
ask (Fixture    *self,
     GIOStream  *stream,
     const char *method,
     const char *path,
     const char *body,
     const char *contains)
{
  g_autoptr (MusterTestAnswer) answer =
              muster_test_ask (stream, method, path, body != NULL ? JSON : "", body);

  g_test_message ("%s %s: %u %s", method, path, answer->status, answer->body);
  if (contains != NULL)
    g_assert_nonnull (strstr (answer->body, contains));
  return answer->status;
}

static void
test_resource (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *socket_path = NULL;
  g_autofree char *id = NULL;
  g_autofree char *address_path = NULL;
  g_autoptr (MusterRouter) router = muster_router_new ();
  g_autoptr (MusterHttpServer) server = NULL;
  g_autoptr (GIOStream) stream = NULL;

  fixture_init (&fixture);
  socket_path = muster_test_dir_build (fixture.dir, "api.sock");
  server = muster_http_server_new (router, fixture.bus, fixture.database);
  muster_discovery_resource_add (router, fixture.service, fixture.repository);
  muster_http_server_set_unix_path (server, socket_path);
  muster_test_await (muster_service_start (MUSTER_SERVICE (server)));
  stream = muster_test_connect_unix (socket_path);
  announce (&fixture, NODE_TXT);
  muster_fake_mdns_announce (fixture.mdns, muster_test_record ("_ipp._tcp", "Laser", "laser.local",
                                                               "192.0.2.9", 631, "UUID=u"));

  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery/", NULL,
                         "\"total\":2,\"next\":null}"),
                    ==, 200);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?kind=printer", NULL,
                         "\"total\":1,\"next\":null}"),
                    ==, 200);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?q=LASER&state=new&present=true", NULL,
                         "\"total\":1,"),
                    ==, 200);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?present=false", NULL,
                         "{\"items\":[],\"total\":0,"),
                    ==, 200);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?limit=1", NULL,
                         "\"total\":2,\"next\":\""),
                    ==, 200);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?sort=name&limit=1", NULL,
                         "\"name\":\"Lamp\""),
                    ==, 200);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?sort=-present,-name&limit=1", NULL,
                         "\"name\":\"Laser\""),
                    ==, 200);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?sort=-serial,mac&limit=1", NULL,
                         "\"serial\":\"S1\""),
                    ==, 200);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?sort=-last_seen", NULL, NULL), ==,
                    200);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?sort=colour", NULL, "colour"), ==,
                    422);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?sort=services", NULL, "services"), ==,
                    422);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?sort=name,kind,host,mac,serial", NULL,
                         "at most 4"),
                    ==, 422);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?limit=0", NULL, NULL), ==, 422);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?colour=red", NULL, "colour"), ==,
                    422);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery/status", NULL,
                         "\"available\":true,\"trouble\":null,"),
                    ==, 200);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery/mac%3A24%3Aa1%3A60%3Ab1%3Ac2%3Ad3",
                         NULL, "\"serial\":\"S1\""),
                    ==, 200);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery/mac:none", NULL, "mac:none"), ==,
                    404);
  g_assert_cmpuint (ask (&fixture, stream, "POST", "/discovery/scan", NULL, NULL), ==, 202);
  g_assert_cmpuint (muster_fake_mdns_get_n_scans (fixture.mdns), ==, 2);
  g_assert_cmpuint (ask (&fixture, stream, "POST", "/discovery/" NODE_KEY "/ignore", NULL, NULL),
                    ==, 204);
  muster_test_sleep (20);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery?state=ignored", NULL, "\"total\":1,"),
                    ==, 200);
  g_assert_cmpuint (ask (&fixture, stream, "POST", "/discovery/" NODE_KEY "/unignore", NULL, NULL),
                    ==, 204);
  g_assert_cmpuint (ask (&fixture, stream, "POST", "/discovery/mac:none/ignore", NULL, NULL), ==,
                    404);

  g_assert_cmpuint (ask (&fixture, stream, "POST", "/discovery/addresses",
                         "{\"address\":\"127.0.0.1:8099\",\"name\":\"Bench\"}",
                         "\"name\":\"Bench\""),
                    ==, 201);
  g_assert_cmpuint (ask (&fixture, stream, "POST", "/discovery/addresses",
                         "{\"address\":\"127.0.0.1:8099\"}", NULL),
                    ==, 409);
  g_assert_cmpuint (ask (&fixture, stream, "POST", "/discovery/addresses", "{\"address\":\"a b\"}",
                         "address"),
                    ==, 422);
  g_assert_cmpuint (ask (&fixture, stream, "POST", "/discovery/addresses", "{}", "address"), ==,
                    422);
  g_assert_cmpuint (ask (&fixture, stream, "GET", "/discovery/addresses", NULL, "\"total\":1,"), ==,
                    200);
  id = add_address (&fixture, "127.0.0.1:9000");
  address_path = g_strconcat ("/discovery/addresses/", id, NULL);
  g_assert_cmpuint (ask (&fixture, stream, "DELETE", address_path, NULL, NULL), ==, 204);
  g_assert_cmpuint (ask (&fixture, stream, "DELETE", address_path, NULL, NULL), ==, 404);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (server)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  muster_test_add_fiber ("/discovery-service/new", test_new);
  muster_test_add_fiber ("/discovery-service/states", test_states);
  muster_test_add_fiber ("/discovery-service/device-before-candidate",
                         test_device_before_candidate);
  muster_test_add_fiber ("/discovery-service/deleted-device", test_deleted_device);
  muster_test_add_fiber ("/discovery-service/goodbye", test_goodbye);
  muster_test_add_fiber ("/discovery-service/merged-away", test_merged_away);
  muster_test_add_fiber ("/discovery-service/trouble", test_trouble);
  muster_test_add_fiber ("/discovery-service/ignore-and-undo", test_ignore_and_undo);
  muster_test_add_fiber ("/discovery-service/ignore-unknown", test_ignore_unknown);
  muster_test_add_fiber ("/discovery-service/ignored-before", test_ignored_before);
  muster_test_add_fiber ("/discovery-service/address", test_address);
  muster_test_add_fiber ("/discovery-service/adopted-address", test_adopted_address);
  muster_test_add_fiber ("/discovery-service/stored-address", test_stored_address);
  muster_test_add_fiber ("/discovery-service/silent-address", test_silent_address);
  muster_test_add_fiber ("/discovery-service/publish", test_publish);
  muster_test_add_fiber ("/discovery-service/resource", test_resource);
  return g_test_run ();
}
