/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-registry-test"

#include "config.h"

#include <string.h>

#include "core/muster-journal.h"
#include "muster-live-status.h"
#include "muster-test-site.h"

#define START G_GINT64_CONSTANT (1767225600000000)

/* A site on a clock that stands. */
typedef struct
{
  MusterTestDir        *dir;
  MusterClock          *clock;
  MusterBus            *bus;
  MusterDatabase       *database;
  MusterRepository     *repository;
  MusterDeviceRegistry *registry;
  MusterActor          *actor;
  GPtrArray            *published; /* (element-type MusterLiveStatus) */
} Fixture;

static void
live_cb (MusterEvent *event, gpointer user_data)
{
  g_ptr_array_add (((Fixture *)user_data)->published,
                   g_object_ref (muster_event_get_payload (event)));
}

static void
start_registry (Fixture *self)
{
  self->registry = muster_device_registry_new (self->repository, self->bus, self->clock);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->registry)));
}

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->dir = muster_test_dir_new ();
  self->clock = muster_manual_clock_new (START);
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (self->clock), G_TIME_SPAN_SECOND);
  self->bus = muster_bus_new ();
  self->database = muster_test_database_new (self->dir, self->clock, self->bus);
  self->repository = muster_repository_new (self->database);
  self->actor = muster_actor_new (MUSTER_ACTOR_LOCAL, "operator", "Operator", 0);
  self->published = g_ptr_array_new_with_free_func (g_object_unref);
  start_registry (self);
  muster_bus_subscribe (self->bus, MUSTER_TOPIC_LIVE, G_OBJECT (self->repository), live_cb, self);
  return self;
}

static void
stop_registry (Fixture *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->registry)));
  g_clear_object (&self->registry);
}

static void
fixture_free (Fixture *self)
{
  stop_registry (self);
  g_clear_object (&self->repository);
  muster_test_database_free (self->database);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  muster_actor_unref (self->actor);
  g_ptr_array_unref (self->published);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static char *
add (Fixture *self, const char *name, const char *serial, const char *mac, gboolean adopted)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  g_autoptr (MusterEntity) stored = NULL;
  g_autoptr (GError) error = NULL;

  muster_entity_set_string (device, "name", name);
  muster_entity_set_string (device, "serial", serial);
  muster_entity_set_string (device, "mac", mac);
  if (adopted)
    {
      muster_entity_set_enum (device, "adoption", MUSTER_ADOPTION_ADOPTED);
      muster_entity_set_string (device, "node_id", serial);
    }
  stored =
    dex_await_object (muster_repository_insert (self->repository, self->actor, "Add", device),
                      &error);
  g_assert_no_error (error);
  return g_strdup (muster_entity_get_id (stored));
}

static void
change (Fixture *self, const char *id, const char *name, const char *value)
{
  g_autoptr (JsonObject) object = json_object_new ();

  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
  muster_test_await (muster_repository_patch (self->repository, self->actor, "Change",
                                              &muster_device_info, id, object, 0));
}

static void
pass (Fixture *self, gint64 seconds)
{
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (self->clock), seconds * G_TIME_SPAN_SECOND);
  muster_device_registry_tick (self->registry);
}

static void
report (Fixture *self, const char *id, MusterProofKind kind)
{
  muster_device_registry_report_proof (self->registry, id, kind, muster_clock_get_now (self->clock),
                                       NULL);
}

static void
assert_live (Fixture *self, const char *id, MusterLiveState state)
{
  g_assert_cmpint (muster_device_registry_get_brief (self->registry, id)->live_state, ==, state);
}

/* The kinds of the stored events, oldest first: "online offline". */
static char *
list_events (Fixture *self)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_event_info);
  g_autoptr (GPtrArray) events = NULL;
  GString *text = g_string_new (NULL);

  muster_test_await (
    muster_device_event_log_flush (muster_device_registry_get_event_log (self->registry)));
  muster_query_set_sort (query, "id");
  muster_query_set_limit (query, 0);
  events = dex_await_boxed (muster_repository_select (self->repository, query), NULL);
  for (guint i = 0; i < events->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            muster_entity_get_string (events->pdata[i], "kind"));
  return g_string_free_and_steal (text);
}

static void
test_keys (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char         *id = add (self, "Lamp", "MN-1", "a4:cf:12:00:33:44", FALSE);
  const MusterDeviceBrief *brief = muster_device_registry_get_brief (self->registry, id);

  g_assert_cmpstr (brief->name, ==, "Lamp");
  g_assert_false (brief->has_secret);
  g_assert_cmpstr (muster_device_registry_find_by_serial (self->registry, "MN-1"), ==, id);
  g_assert_cmpstr (muster_device_registry_find_by_mac (self->registry, "a4:cf:12:00:33:44"), ==,
                   id);
  g_assert_null (muster_device_registry_find_by_node (self->registry, "MN-1"));
  g_assert_null (muster_device_registry_find_by_serial (self->registry, NULL));
  change (self, id, "serial", "MN-2");
  change (self, id, "mac", NULL);
  g_assert_null (muster_device_registry_find_by_serial (self->registry, "MN-1"));
  g_assert_cmpstr (muster_device_registry_find_by_serial (self->registry, "MN-2"), ==, id);
  g_assert_null (muster_device_registry_find_by_mac (self->registry, "a4:cf:12:00:33:44"));
  muster_test_await (
    muster_repository_delete (self->repository, self->actor, "Delete", &muster_device_info, id, 0));
  g_assert_null (muster_device_registry_find_by_serial (self->registry, "MN-2"));
  g_assert_null (muster_device_registry_get_brief (self->registry, id));
  muster_test_await (muster_journal_undo (self->database, self->actor,
                                          muster_database_get_sequence (self->database)));
  g_assert_cmpstr (muster_device_registry_find_by_serial (self->registry, "MN-2"), ==, id);
}

/* The journal does not tell secrets, but whether there is one counts. */
static void
test_secret (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = add (self, "Lamp", "MN-1", NULL, FALSE);

  change (self, id, "secret", "0000-0000-0000-0000-0000-0000-00EE");
  for (unsigned i = 0;
       i < 200 && !muster_device_registry_get_brief (self->registry, id)->has_secret; i++)
    muster_test_sleep (5);
  g_assert_true (muster_device_registry_get_brief (self->registry, id)->has_secret);
  change (self, id, "secret", NULL);
  for (unsigned i = 0; i < 200 && muster_device_registry_get_brief (self->registry, id)->has_secret;
       i++)
    muster_test_sleep (5);
  g_assert_false (muster_device_registry_get_brief (self->registry, id)->has_secret);
}

static void
test_loaded_at_start (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = add (self, "Lamp", "MN-1", NULL, TRUE);

  stop_registry (self);
  start_registry (self);
  g_assert_cmpstr (muster_device_registry_find_by_node (self->registry, "MN-1"), ==, id);
  assert_live (self, id, MUSTER_LIVE_UNKNOWN);
}

static void
test_transitions (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = add (self, "Lamp", "MN-1", NULL, TRUE);
  g_autoptr (MusterEntity) stored = NULL;
  g_autofree char *events = NULL;
  g_autoptr (GString) json = g_string_new (NULL);

  report (self, id, MUSTER_PROOF_MQTT);
  report (self, id, MUSTER_PROOF_TCP);
  assert_live (self, id, MUSTER_LIVE_ONLINE);
  muster_device_registry_withdraw_proof (self->registry, id, MUSTER_PROOF_MQTT,
                                         "its session ended");
  assert_live (self, id, MUSTER_LIVE_ONLINE);
  pass (self, 5);
  assert_live (self, id, MUSTER_LIVE_OFFLINE);
  g_assert_cmpuint (self->published->len, ==, 4);
  g_assert_cmpint (muster_live_status_get_state (self->published->pdata[3]), ==,
                   MUSTER_LIVE_OFFLINE);
  g_assert_cmpstr (muster_live_status_get_device_id (self->published->pdata[3]), ==, id);
  events = list_events (self);
  g_assert_cmpstr (events, ==, "online offline");
  muster_device_registry_encode_live (self->registry, id, json);
  g_assert_nonnull (strstr (
    json->str,
    "{\"state\":\"offline\",\"since\":\"2026-01-01T00:00:06.000Z\",\"proofs\":[{\"kind\":\"mqtt\""));
  stop_registry (self);
  stored =
    dex_await_object (muster_repository_get (self->repository, &muster_device_info, id), NULL);
  g_assert_cmpstr (muster_entity_get_string (stored, "live_state"), ==, "offline");
  g_assert_cmpint (muster_entity_get_integer (stored, "last_seen"), ==, START + G_TIME_SPAN_SECOND);
  start_registry (self);
}

static void
test_death_is_at_once (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = add (self, "Lamp", "MN-1", NULL, TRUE);

  report (self, id, MUSTER_PROOF_MQTT);
  muster_device_registry_withdraw_proof (self->registry, id, MUSTER_PROOF_MQTT, "will");
  assert_live (self, id, MUSTER_LIVE_OFFLINE);
  muster_device_registry_report_proof (self->registry, "nobody", MUSTER_PROOF_MQTT, START, NULL);
  muster_device_registry_withdraw_proof (self->registry, "nobody", MUSTER_PROOF_MQTT, NULL);
}

/* As it was told last. */
static gint64
get_since (Fixture *self, const char *id)
{
  for (guint i = self->published->len; i-- > 0;)
    if (g_str_equal (muster_live_status_get_device_id (self->published->pdata[i]), id))
      return muster_live_status_get_since (self->published->pdata[i]);
  return 0;
}

/* The broker's end makes nobody offline, and its return nobody's history longer. */
static void
test_broker_away (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *by_broker = add (self, "Lamp", "MN-1", NULL, TRUE);
  g_autofree char *by_tcp = add (self, "Plug", "MN-2", NULL, FALSE);
  g_autofree char *lost = add (self, "Valve", "MN-3", NULL, TRUE);
  g_autofree char *events = NULL;

  report (self, by_broker, MUSTER_PROOF_MQTT);
  report (self, by_tcp, MUSTER_PROOF_TCP);
  report (self, lost, MUSTER_PROOF_MQTT);
  muster_device_registry_reset_mqtt (self->registry);
  assert_live (self, by_broker, MUSTER_LIVE_UNKNOWN);
  assert_live (self, by_tcp, MUSTER_LIVE_ONLINE);
  pass (self, 10);
  report (self, by_broker, MUSTER_PROOF_MQTT);
  pass (self, 60);
  assert_live (self, by_broker, MUSTER_LIVE_ONLINE);
  assert_live (self, lost, MUSTER_LIVE_OFFLINE);
  events = list_events (self);
  g_assert_cmpstr (events, ==, "online online online offline");
  g_assert_cmpuint (muster_device_registry_count (self->registry, MUSTER_LIVE_ONLINE), ==, 2);
  g_assert_cmpuint (muster_device_registry_count (self->registry, MUSTER_LIVE_OFFLINE), ==, 1);
}

/* A restart of the daemon is no event of the devices. */
static void
test_restart_is_no_event (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = add (self, "Lamp", "MN-1", NULL, TRUE);
  g_autofree char *events = NULL;

  report (self, id, MUSTER_PROOF_MQTT);
  stop_registry (self);
  start_registry (self);
  report (self, id, MUSTER_PROOF_MQTT);
  events = list_events (self);
  g_assert_cmpstr (events, ==, "online");
}

/* What was offline stays so since then, however often the daemon starts anew meanwhile; and what
 * was heard again is offline from the next time on. */
static void
test_offline_since (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = add (self, "Lamp", "MN-1", NULL, TRUE);
  g_autofree char *events = NULL;
  gint64           since;

  report (self, id, MUSTER_PROOF_MQTT);
  muster_device_registry_withdraw_proof (self->registry, id, MUSTER_PROOF_MQTT, "will");
  since = muster_clock_get_now (self->clock);
  /* Events are stored a moment later. */
  g_free (list_events (self));
  pass (self, 600);
  for (unsigned i = 0; i < 3; i++)
    {
      stop_registry (self);
      start_registry (self);
      assert_live (self, id, MUSTER_LIVE_UNKNOWN);
      /* The second one ends before it knows. */
      if (i != 1)
        pass (self, 120);
    }
  assert_live (self, id, MUSTER_LIVE_OFFLINE);
  g_assert_cmpint (get_since (self, id), ==, since - since % 1000);
  report (self, id, MUSTER_PROOF_MQTT);
  pass (self, 60);
  muster_device_registry_withdraw_proof (self->registry, id, MUSTER_PROOF_MQTT, "will");
  g_assert_cmpint (get_since (self, id), ==, muster_clock_get_now (self->clock));
  events = list_events (self);
  g_assert_cmpstr (events, ==, "online offline online offline");
}

static void
test_address (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = add (self, "Lamp", "MN-1", NULL, FALSE);
  g_autoptr (MusterEntity) stored = NULL;
  gint64 sequence = muster_database_get_sequence (self->database);

  muster_device_registry_report_address (self->registry, id, "192.0.2.7:80");
  g_assert_cmpstr (muster_device_registry_get_brief (self->registry, id)->address, ==,
                   "192.0.2.7:80");
  stop_registry (self);
  stored =
    dex_await_object (muster_repository_get (self->repository, &muster_device_info, id), NULL);
  g_assert_cmpstr (muster_entity_get_string (stored, "address"), ==, "192.0.2.7:80");
  g_assert_cmpint (muster_database_get_sequence (self->database), ==, sequence);
  start_registry (self);
}

static void
test_samples_are_proofs (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = add (self, "Meter", "M-1", NULL, FALSE);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (id);
  g_autoptr (MusterEvent) event =
              muster_event_new (MUSTER_TOPIC_TELEMETRY, id, NULL, 0, G_OBJECT (batch), NULL);

  muster_bus_publish (self->bus, event);
  assert_live (self, id, MUSTER_LIVE_ONLINE);
  pass (self, 180);
  assert_live (self, id, MUSTER_LIVE_OFFLINE);
}

static gboolean
insert_many (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GPtrArray *ids = data;

  for (unsigned i = 0; i < 10000; i++)
    {
      g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

      muster_entity_set_string (device, "name", "One of many");
      if (!muster_transaction_insert (transaction, device, error))
        return FALSE;
      g_ptr_array_add (ids, g_strdup (muster_entity_get_id (device)));
    }
  return TRUE;
}

/* A look at 10,000 devices costs the main loop next to nothing. */
static void
test_many (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  gint64 began = 0, took = 0;

  muster_test_await (
    muster_database_write (self->database, self->actor, "Add many", insert_many, ids, NULL));
  for (guint i = 0; i < ids->len; i++)
    report (self, ids->pdata[i], MUSTER_PROOF_TCP);
  g_assert_cmpuint (muster_device_registry_count (self->registry, MUSTER_LIVE_ONLINE), ==, 10000);
  began = g_get_monotonic_time ();
  for (unsigned i = 0; i < 10; i++)
    muster_device_registry_tick (self->registry);
  took = (g_get_monotonic_time () - began) / 10;
  g_test_message ("a tick over 10,000 devices takes %" G_GINT64_FORMAT " µs", took);
  g_assert_cmpint (took, <, 50000);
}

static gboolean
linger_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_usleep (200 * 1000);
  return TRUE;
}

/* A change that is told before the devices are loaded leaves none of them half known. */
static void
test_changed_while_loading (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = add (self, "Lamp", "L-1", NULL, FALSE);
  g_autoptr (GPtrArray) reads = g_ptr_array_new_with_free_func (dex_unref);
  DexFuture *started = NULL;

  stop_registry (self);
  /* No reader is free for a while. */
  for (unsigned i = 0; i < 8; i++)
    g_ptr_array_add (reads, muster_database_read (self->database, linger_job, NULL, NULL));
  self->registry = muster_device_registry_new (self->repository, self->bus, self->clock);
  started = muster_service_start (MUSTER_SERVICE (self->registry));
  change (self, id, "notes", "Moved");
  g_assert_true (dex_future_is_pending (started));
  report (self, id, MUSTER_PROOF_HTTP);
  muster_test_await (started);
  g_assert_cmpstr (muster_device_registry_find_by_serial (self->registry, "L-1"), ==, id);
  g_assert_cmpstr (muster_device_registry_get_brief (self->registry, id)->name, ==, "Lamp");
  g_assert_cmpint (muster_device_registry_get_brief (self->registry, id)->live_state, ==,
                   MUSTER_LIVE_ONLINE);
  muster_test_await (dex_future_allv ((DexFuture *const *)reads->pdata, reads->len));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/device-registry/keys", test_keys);
  muster_test_add_fiber ("/device-registry/secret", test_secret);
  muster_test_add_fiber ("/device-registry/loaded-at-start", test_loaded_at_start);
  muster_test_add_fiber ("/device-registry/transitions", test_transitions);
  muster_test_add_fiber ("/device-registry/death-is-at-once", test_death_is_at_once);
  muster_test_add_fiber ("/device-registry/broker-away", test_broker_away);
  muster_test_add_fiber ("/device-registry/restart-is-no-event", test_restart_is_no_event);
  muster_test_add_fiber ("/device-registry/offline-since", test_offline_since);
  muster_test_add_fiber ("/device-registry/address", test_address);
  muster_test_add_fiber ("/device-registry/changed-while-loading", test_changed_while_loading);
  muster_test_add_fiber ("/device-registry/samples-are-proofs", test_samples_are_proofs);
  muster_test_add_fiber ("/device-registry/many", test_many);
  return g_test_run ();
}
