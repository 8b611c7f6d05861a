/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/muster-core-test-util.h"
#include "core/muster-journal.h"
#include "devices/muster-live-status.h"
#include "model/muster-alert-rule.h"
#include "model/muster-alert-silence.h"
#include "model/muster-alert.h"
#include "model/muster-location.h"
#include "model/muster-metric.h"
#include "model/muster-product.h"
#include "muster-alert-actions.h"
#include "muster-alert-service.h"
#include "muster-forget.h"
#include "telemetry/muster-sample-store.h"

#define START G_GINT64_CONSTANT (1772452800000000) /* 2026-03-02T12:00:00Z */

/* --- a store that keeps nothing --- */

#define TEST_TYPE_STORE (test_store_get_type ())
G_DECLARE_FINAL_TYPE (TestStore, test_store, TEST, STORE, GObject)

struct _TestStore
{
  GObject parent_instance;
};

static DexFuture *
store_append (MusterSampleStore *self, MusterSampleBatch *batch)
{
  return dex_future_new_for_int64 (0);
}

static DexFuture *
store_query_latest (MusterSampleStore *self, const char *const *device_ids)
{
  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_ptr_array_new ());
}

static void
store_iface_init (MusterSampleStoreInterface *iface)
{
  iface->append = store_append;
  iface->query_latest = store_query_latest;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestStore,
                               test_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MUSTER_TYPE_SAMPLE_STORE, store_iface_init))

static void
test_store_class_init (TestStoreClass *klass)
{
}

static void
test_store_init (TestStore *self)
{
}

/* --- a site on a clock that stands --- */

typedef struct
{
  MusterTestDir      *dir;
  MusterClock        *clock;
  MusterBus          *bus;
  MusterDatabase     *database;
  MusterRepository   *repository;
  MusterTelemetry    *telemetry;
  MusterAlertService *service;
  MusterActor        *actor;
} Fixture;

static void
start_service (Fixture *self)
{
  const MusterAlertParts parts = { self->repository, self->bus, self->clock,
                                   self->telemetry,  NULL,      NULL };

  self->service = muster_alert_service_new (&parts);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->service)));
}

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);
  g_autoptr (TestStore) store = g_object_new (TEST_TYPE_STORE, NULL);

  self->dir = muster_test_dir_new ();
  self->clock = muster_manual_clock_new (START);
  self->bus = muster_bus_new ();
  self->database = muster_test_database_new (self->dir, self->clock, self->bus);
  self->repository = muster_repository_new (self->database);
  self->telemetry = muster_telemetry_new (MUSTER_SAMPLE_STORE (store), self->bus);
  self->actor = muster_actor_new (MUSTER_ACTOR_LOCAL, "operator", "Operator", 0);
  start_service (self);
  return self;
}

static void
stop_service (Fixture *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->service)));
  g_clear_object (&self->service);
}

static void
fixture_free (Fixture *self)
{
  stop_service (self);
  g_clear_object (&self->telemetry);
  g_clear_object (&self->repository);
  muster_test_database_free (self->database);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  muster_actor_unref (self->actor);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* A record of INFO with the JSON MEMBERS: its id (transfer full). */
static char *
add (Fixture *self, const MusterEntityInfo *info, const char *members)
{
  g_autoptr (JsonNode) node = json_from_string (members, NULL);
  g_autoptr (MusterEntity) entity = muster_entity_new (info);
  g_autoptr (MusterEntity) made = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (node);
  muster_entity_decode (entity, json_node_get_object (node), MUSTER_DECODE_TRUSTED, "", &error);
  g_assert_no_error (error);
  made = muster_test_await_object (
    muster_repository_insert (self->repository, self->actor, "Add", entity));
  return g_strdup (muster_entity_get_id (made));
}

static gboolean
add_devices_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GPtrArray *devices = data;

  for (guint i = 0; i < devices->len; i++)
    if (!muster_transaction_insert (transaction, devices->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* N devices reached through GATEWAY (nullable) at PLACE (nullable): (transfer full) (element-type
 * MusterEntity). */
static GPtrArray *
add_devices (Fixture *self, unsigned n, const char *gateway, const char *place)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned i = 0; i < n; i++)
    {
      MusterEntity    *device = muster_entity_new (&muster_device_info);
      g_autofree char *name = g_strdup_printf ("Device %u", i);

      muster_entity_set_string (device, "name", name);
      muster_entity_set_string (device, "gateway_id", gateway);
      muster_entity_set_string (device, "location_id", place);
      g_ptr_array_add (devices, device);
    }
  muster_test_await (muster_database_write (self->database, self->actor, "Add devices",
                                            add_devices_job, devices, NULL));
  return devices;
}

/* Told now, and so for SECONDS. */
static void
set_live_for (Fixture *self, const char *device_id, MusterLiveState state, gint64 seconds)
{
  const MusterLiveness liveness = {
    .state = state, .since = muster_clock_get_now (self->clock) - seconds * G_USEC_PER_SEC
  };
  const MusterMoment moment = { muster_clock_get_now (self->clock),
                                muster_clock_get_monotonic (self->clock) };
  g_autoptr (MusterLiveStatus) status = muster_live_status_new (device_id, &liveness, moment);
  g_autoptr (MusterEvent) event = muster_live_status_make_event (status);

  muster_bus_publish (self->bus, event);
}

static void
set_live (Fixture *self, const char *device_id, MusterLiveState state)
{
  set_live_for (self, device_id, state, 0);
}

static void
set_lives (Fixture *self, GPtrArray *devices, unsigned from, unsigned to, MusterLiveState state)
{
  for (unsigned i = from; i < to; i++)
    set_live (self, muster_entity_get_id (devices->pdata[i]), state);
}

static void
go_on (Fixture *self, unsigned seconds)
{
  for (unsigned i = 0; i < seconds; i++)
    {
      muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (self->clock), G_USEC_PER_SEC);
      muster_alert_service_tick (self->service);
    }
  muster_test_await (muster_alert_service_settle (self->service));
}

static void
send (Fixture *self, const char *device_id, double value)
{
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (device_id);

  muster_sample_batch_add_double (batch, "temperature", muster_clock_get_now (self->clock), value,
                                  MUSTER_SAMPLE_PLAIN);
  muster_test_await (muster_telemetry_ingest (self->telemetry, batch));
  muster_test_await (muster_alert_service_settle (self->service));
}

/* Those that match the query string: (transfer full). */
static GPtrArray *
list (Fixture *self, const MusterEntityInfo *info, const char *filter)
{
  g_autoptr (GHashTable) params = muster_test_parse_params (filter);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterQuery) query = muster_query_new_from_params (info, params, NULL, &error);
  GPtrArray *found = NULL;

  g_assert_no_error (error);
  muster_query_set_limit (query, 0);
  found = dex_await_boxed (muster_repository_select (self->repository, query), &error);
  g_assert_no_error (error);
  return found;
}

static unsigned
count (Fixture *self, const char *filter)
{
  g_autoptr (GPtrArray) alerts = list (self, &muster_alert_info, filter);

  return alerts->len;
}

/* How many operations changed alerts. */
static unsigned
count_operations (Fixture *self)
{
  const MusterOperationFilter filter = { .entity = "alert", .limit = 100 };
  g_autofree char            *text =
    muster_test_await_text (muster_journal_list_operations (self->database, &filter));
  unsigned n = 0;

  for (const char *at = text; (at = strstr (at, "\"operation\":")) != NULL; at++)
    n++;
  return n;
}

/* --- folding --- */

static void
test_gateway (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *rule =
    add (fixture, &muster_alert_rule_info, "{\"name\":\"Offline\",\"kind\":\"offline\"}");
  g_autofree char *gateway =
    add (fixture, &muster_device_info, "{\"name\":\"Hall gateway\",\"kind\":\"gateway\"}");
  g_autoptr (GPtrArray) devices = add_devices (fixture, 500, gateway, NULL);
  g_autoptr (GPtrArray) told = NULL;

  set_live (fixture, gateway, MUSTER_LIVE_ONLINE);
  set_lives (fixture, devices, 0, 500, MUSTER_LIVE_ONLINE);
  go_on (fixture, 10);
  g_assert_cmpuint (count (fixture, ""), ==, 0);
  /* A few are noticed first, the gateway itself last. */
  set_lives (fixture, devices, 0, 20, MUSTER_LIVE_OFFLINE);
  go_on (fixture, 1);
  set_lives (fixture, devices, 20, 500, MUSTER_LIVE_OFFLINE);
  set_live (fixture, gateway, MUSTER_LIVE_OFFLINE);
  g_assert_cmpuint (count (fixture, ""), ==, 0); /* they wait for what explains them */
  go_on (fixture, 3);
  g_assert_cmpuint (count (fixture, ""), ==, 501);
  told = list (fixture, &muster_alert_info, "cause_id=null");
  g_assert_cmpuint (told->len, ==, 1);
  g_assert_cmpstr (muster_entity_get_string (told->pdata[0], "device_id"), ==, gateway);
  g_assert_cmpstr (muster_entity_get_string (told->pdata[0], "cause_kind"), ==, "gateway");
  g_assert_cmpint (muster_entity_get_integer (told->pdata[0], "children"), ==, 500);
  g_assert_cmpuint (count_operations (fixture), <=, 2);
  /* It comes back, and most with it; what stays away stands for itself. */
  set_live (fixture, gateway, MUSTER_LIVE_ONLINE);
  set_lives (fixture, devices, 0, 490, MUSTER_LIVE_ONLINE);
  go_on (fixture, 5);
  g_assert_cmpuint (count (fixture, "status=open"), ==, 10);
  g_assert_cmpuint (count (fixture, "status=open&cause_id=null"), ==, 0);
  go_on (fixture, 40);
  g_assert_cmpuint (count (fixture, "status=open&cause_id=null"), ==, 10);
}

static void
test_place (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *rule =
    add (fixture, &muster_alert_rule_info, "{\"name\":\"Offline\",\"kind\":\"offline\"}");
  g_autofree char *place = add (fixture, &muster_location_info,
                                "{\"name\":\"Hall 3\",\"kind\":\"hall\",\"path\":\"Hall 3\"}");
  g_autoptr (GPtrArray) here = add_devices (fixture, 10, NULL, place);
  g_autoptr (GPtrArray) there = add_devices (fixture, 10, NULL, NULL);
  g_autoptr (GPtrArray) told = NULL;

  set_lives (fixture, here, 0, 10, MUSTER_LIVE_ONLINE);
  set_lives (fixture, there, 0, 10, MUSTER_LIVE_ONLINE);
  set_lives (fixture, here, 0, 2, MUSTER_LIVE_OFFLINE);
  go_on (fixture, 5);
  g_assert_cmpuint (count (fixture, "cause_id=null"), ==, 2); /* two devices are two devices */
  set_lives (fixture, here, 2, 9, MUSTER_LIVE_OFFLINE);
  set_lives (fixture, there, 0, 1, MUSTER_LIVE_OFFLINE);
  go_on (fixture, 5);
  g_assert_cmpuint (count (fixture, "cause_id=null"), ==, 2); /* the place, and the one elsewhere */
  told = list (fixture, &muster_alert_info, "cause_kind=place");
  g_assert_cmpuint (told->len, ==, 1);
  g_assert_cmpstr (muster_entity_get_string (told->pdata[0], "title"), ==,
                   "Hall 3 is not reached: 9 of 10 devices");
  g_assert_cmpint (muster_entity_get_integer (told->pdata[0], "children"), ==, 9);
  g_assert_cmpstr (muster_entity_get_string (told->pdata[0], "location_id"), ==, place);
  set_lives (fixture, here, 0, 10, MUSTER_LIVE_ONLINE);
  go_on (fixture, 5);
  g_assert_cmpuint (count (fixture, "status=open"), ==, 1);
}

static void
test_broker (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *rule = add (
    fixture, &muster_alert_rule_info,
    "{\"name\":\"Silent\",\"kind\":\"missing\",\"metric\":\"temperature\",\"missing_seconds\":20}");
  g_autofree char *device = add (fixture, &muster_device_info, "{\"name\":\"Pump\"}");

  send (fixture, device, 20);
  muster_alert_service_set_broker_down (fixture->service, TRUE);
  go_on (fixture, 5);
  g_assert_cmpuint (count (fixture, "cause_kind=broker&status=open"), ==, 1);
  go_on (fixture, 30);
  g_assert_cmpuint (count (fixture, "status=open"), ==, 2);
  g_assert_cmpuint (count (fixture, "cause_id=null"), ==, 1);
  muster_alert_service_set_broker_down (fixture->service, FALSE);
  send (fixture, device, 20);
  go_on (fixture, 5);
  g_assert_cmpuint (count (fixture, "status=open"), ==, 0);
}

static void
test_back_before_told (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *rule =
    add (fixture, &muster_alert_rule_info, "{\"name\":\"Offline\",\"kind\":\"offline\"}");
  g_autofree char *device = add (fixture, &muster_device_info, "{\"name\":\"Pump\"}");

  set_live (fixture, device, MUSTER_LIVE_ONLINE);
  set_live (fixture, device, MUSTER_LIVE_OFFLINE);
  go_on (fixture, 1);
  set_live (fixture, device, MUSTER_LIVE_ONLINE);
  go_on (fixture, 10);
  g_assert_cmpuint (count (fixture, ""), ==, 0);
}

/* --- a storm of samples --- */

static void
test_storm (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *rule =
    add (fixture, &muster_alert_rule_info,
         "{\"name\":\"Hot\",\"kind\":\"threshold\",\"metric\":\"temperature\",\"value\":80}");
  g_autoptr (GPtrArray) devices = add_devices (fixture, 500, NULL, NULL);

  for (guint i = 0; i < devices->len; i++)
    {
      g_autoptr (MusterSampleBatch) batch =
                  muster_sample_batch_new (muster_entity_get_id (devices->pdata[i]));

      muster_sample_batch_add_double (batch, "temperature", muster_clock_get_now (fixture->clock),
                                      99, MUSTER_SAMPLE_PLAIN);
      dex_future_disown (muster_telemetry_ingest (fixture->telemetry, batch));
    }
  muster_test_await (muster_alert_service_settle (fixture->service));
  muster_test_sleep (50);
  muster_test_await (muster_alert_service_settle (fixture->service));
  g_assert_cmpuint (count (fixture, "status=open"), ==, 500);
  g_assert_cmpuint (count_operations (fixture), <=, 5);
}

/* --- restarts, explanations, silences, default rules --- */

static void
test_restart (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *rule =
    add (fixture, &muster_alert_rule_info,
         "{\"name\":\"Hot\",\"kind\":\"threshold\",\"metric\":\"temperature\",\"value\":80}");
  g_autofree char *device = add (fixture, &muster_device_info, "{\"name\":\"Pump\"}");

  send (fixture, device, 99);
  stop_service (fixture);
  start_service (fixture);
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (fixture->clock), G_USEC_PER_SEC);
  send (fixture, device, 99);
  g_assert_cmpuint (count (fixture, "status=open"), ==, 1);
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (fixture->clock), G_USEC_PER_SEC);
  send (fixture, device, 20);
  g_assert_cmpuint (count (fixture, "status=resolved"), ==, 1);
  g_assert_cmpuint (count (fixture, ""), ==, 1);
}

static void
test_explained_after_restart (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *rule =
    add (fixture, &muster_alert_rule_info,
         "{\"name\":\"Hot\",\"kind\":\"threshold\",\"metric\":\"temperature\",\"value\":80}");
  g_autofree char *device = add (fixture, &muster_device_info, "{\"name\":\"Pump\"}");
  g_autoptr (MusterEntity) record = muster_test_await_object (
    muster_repository_get (fixture->repository, &muster_device_info, device));
  g_autoptr (MusterEntity) changed = NULL;
  g_autoptr (GPtrArray) alerts = NULL;

  muster_entity_set_string (record, "firmware_version", "1.4.2");
  changed = muster_test_await_object (
    muster_repository_update (fixture->repository, fixture->actor, "Flash", record, 0));
  stop_service (fixture);
  start_service (fixture);
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (fixture->clock), 12 * G_TIME_SPAN_MINUTE);
  send (fixture, device, 99);
  alerts = list (fixture, &muster_alert_info, "");
  g_assert_cmpuint (alerts->len, ==, 1);
  g_assert_cmpstr (muster_entity_get_string (alerts->pdata[0], "explanation"), ==,
                   "12 min after firmware 1.4.2");
  g_assert_cmpint (muster_entity_get_integer (alerts->pdata[0], "journal_sequence"), >, 0);
}

static unsigned n_warnings;

static void
notice_cb (MusterEvent *event, gpointer user_data)
{
  n_warnings++;
}

static void
test_recurring_silence (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *rule =
    add (fixture, &muster_alert_rule_info,
         "{\"name\":\"Hot\",\"kind\":\"threshold\",\"metric\":\"temperature\",\"value\":80}");
  g_autofree char *device = add (fixture, &muster_device_info, "{\"name\":\"Pump\"}");
  g_autofree char *site = add (fixture, muster_database_find_entity (fixture->database, "site"),
                               "{\"name\":\"Works\",\"timezone\":\"UTC\"}");
  g_autofree char *silence =
    add (fixture, &muster_alert_silence_info,
         "{\"reason\":\"Cleaning\",\"from_time\":\"12:01\",\"to_time\":\"12:03\",\"author\":\"a\","
         "\"warn_before_seconds\":60}");
  g_autoptr (GPtrArray) alerts = NULL;

  n_warnings = 0;
  muster_bus_subscribe (fixture->bus, MUSTER_TOPIC_ALERTS, G_OBJECT (fixture->repository),
                        notice_cb, NULL);
  send (fixture, device, 99);
  g_assert_cmpuint (count (fixture, "silenced_until=null"), ==, 1);
  go_on (fixture, 61);
  alerts = list (fixture, &muster_alert_info, "");
  g_assert_cmpint (muster_entity_get_integer (alerts->pdata[0], "silenced_until"), ==,
                   START + 3 * G_TIME_SPAN_MINUTE);
  g_assert_cmpuint (n_warnings, ==, 0);
  go_on (fixture, 65);
  g_assert_cmpuint (n_warnings, ==, 1);
}

static void
test_default_rules (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char  *product = add (fixture, &muster_product_info, "{\"name\":\"Pump MP-1\"}");
  g_autofree char  *members = g_strdup_printf ("{\"name\":\"A\",\"product_id\":\"%s\"}", product);
  g_autofree char  *first = add (fixture, &muster_device_info, members);
  g_autofree char  *second = add (fixture, &muster_device_info, members);
  const char *const ids[] = { first, second };
  g_autoptr (GPtrArray) rules = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *metric =
        g_strdup_printf ("{\"device_id\":\"%s\",\"name\":\"flow\",\"minimum\":0,\"maximum\":50}",
                         ids[i]);
      g_autofree char *id = add (fixture, &muster_metric_info, metric);

      muster_test_sleep (700);
    }
  rules = list (fixture, &muster_alert_rule_info, "sort=kind");
  g_assert_cmpuint (rules->len, ==, 2); /* once a product */
  g_assert_cmpstr (muster_entity_get_string (rules->pdata[0], "kind"), ==, "offline");
  g_assert_cmpstr (muster_entity_get_string (rules->pdata[1], "name"), ==, "Pump MP-1: flow");
  g_assert_cmpfloat (muster_entity_get_double (rules->pdata[1], "value_high"), ==, 50);
  g_assert_true (muster_entity_get_boolean (rules->pdata[1], "is_default"));
}

static gint64
make_again (Fixture *self, const char *product)
{
  g_autoptr (GError) error = NULL;
  gint64 n_made =
    dex_await_int64 (muster_alert_service_add_defaults (self->service, self->actor, product),
                     &error);

  g_assert_no_error (error);
  return n_made;
}

/* What people took away comes back, what they changed stays, and what has no range is known by its
 * name. */
static void
test_default_rules_again (void)
{
  static const char *const metrics[] = {
    "\"name\":\"flow\",\"minimum\":0,\"maximum\":50",
    "\"name\":\"power/battery\",\"unit\":\"%\"",
    "\"name\":\"Water leak\",\"datatype\":\"boolean\"",
    "\"name\":\"battery/voltage\",\"unit\":\"V\"",
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *product = add (fixture, &muster_product_info, "{\"name\":\"Pump MP-1\"}");
  g_autofree char *members = g_strdup_printf ("{\"name\":\"A\",\"product_id\":\"%s\"}", product);
  g_autofree char *device = add (fixture, &muster_device_info, members);
  g_autoptr (GPtrArray) rules = NULL;
  g_autoptr (GPtrArray) again = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (metrics); i++)
    {
      g_autofree char *metric = g_strdup_printf ("{\"device_id\":\"%s\",%s}", device, metrics[i]);
      g_autofree char *id = add (fixture, &muster_metric_info, metric);
    }
  muster_test_sleep (700);
  rules = list (fixture, &muster_alert_rule_info, "sort=name");
  g_assert_cmpuint (rules->len, ==, 4);
  g_assert_cmpstr (muster_entity_get_string (rules->pdata[0], "kind"), ==, "range");
  g_assert_cmpfloat (muster_entity_get_double (rules->pdata[0], "hysteresis"), ==, 1);
  g_assert_cmpstr (muster_entity_get_string (rules->pdata[2], "metric"), ==, "power/battery");
  g_assert_cmpfloat (muster_entity_get_double (rules->pdata[2], "value"), ==, 15);
  g_assert_cmpfloat (muster_entity_get_double (rules->pdata[2], "hysteresis"), ==, 3);
  g_assert_cmpstr (muster_entity_get_string (rules->pdata[3], "kind"), ==, "state");
  g_assert_cmpint (make_again (fixture, product), ==, 0);
  muster_test_await (muster_repository_delete (fixture->repository, fixture->actor, "Delete",
                                               &muster_alert_rule_info,
                                               muster_entity_get_id (rules->pdata[2]), 0));
  g_assert_cmpint (make_again (fixture, product), ==, 1);
  again = list (fixture, &muster_alert_rule_info, "metric=power/battery");
  g_assert_cmpuint (again->len, ==, 1);
}

/* What comes back soon is the same alert, and as well known as before. */
static void
test_comes_back (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *rule =
    add (fixture, &muster_alert_rule_info,
         "{\"name\":\"Hot\",\"kind\":\"threshold\",\"metric\":\"temperature\",\"value\":80}");
  g_autofree char *device = add (fixture, &muster_device_info, "{\"name\":\"Pump\"}");
  g_autoptr (GPtrArray) alerts = NULL;
  g_autoptr (GPtrArray) back = NULL;
  const char *id = NULL;

  send (fixture, device, 99);
  alerts = list (fixture, &muster_alert_info, "");
  id = muster_entity_get_id (alerts->pdata[0]);
  go_on (fixture, 10);
  send (fixture, device, 70);
  g_assert_cmpuint (count (fixture, "status=resolved"), ==, 1);
  go_on (fixture, 60);
  send (fixture, device, 85);
  back = list (fixture, &muster_alert_info, "");
  g_assert_cmpuint (back->len, ==, 1);
  g_assert_cmpstr (muster_entity_get_id (back->pdata[0]), ==, id);
  g_assert_cmpstr (muster_entity_get_string (back->pdata[0], "status"), ==, "open");
  g_assert_cmpint (muster_entity_get_integer (back->pdata[0], "occurrences"), ==, 2);
  g_assert_cmpfloat (muster_entity_get_double (back->pdata[0], "value"), ==, 85);
  g_assert_true (muster_entity_is_null (back->pdata[0], "resolved_at"));
  /* Whoever knew of it knows; also after a restart. */
  muster_test_await (
    muster_alert_act (fixture->database, fixture->actor, id,
                      &(MusterAlertAction){ .verb = MUSTER_ALERT_VERB_ACKNOWLEDGE }));
  go_on (fixture, 1);
  send (fixture, device, 70);
  stop_service (fixture);
  start_service (fixture);
  go_on (fixture, 60);
  send (fixture, device, 85);
  g_assert_cmpuint (count (fixture, "status=acknowledged"), ==, 1);
  /* Later it is another. */
  send (fixture, device, 70);
  go_on (fixture, 301);
  send (fixture, device, 85);
  g_assert_cmpuint (count (fixture, "status=resolved"), ==, 1);
  g_assert_cmpuint (count (fixture, "status=open"), ==, 1);
}

static void
test_resolved_by_a_person_is_over (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *rule =
    add (fixture, &muster_alert_rule_info,
         "{\"name\":\"Hot\",\"kind\":\"threshold\",\"metric\":\"temperature\",\"value\":80}");
  g_autofree char *device = add (fixture, &muster_device_info, "{\"name\":\"Pump\"}");
  g_autoptr (GPtrArray) alerts = NULL;

  send (fixture, device, 99);
  alerts = list (fixture, &muster_alert_info, "");
  muster_test_await (muster_alert_act (fixture->database, fixture->actor,
                                       muster_entity_get_id (alerts->pdata[0]),
                                       &(MusterAlertAction){ .verb = MUSTER_ALERT_VERB_RESOLVE }));
  go_on (fixture, 1);
  send (fixture, device, 70);
  go_on (fixture, 1);
  send (fixture, device, 99);
  g_assert_cmpuint (count (fixture, ""), ==, 2);
}

/* In more than one slice, and with those that others point at. */
/* How long a device has been offline outlives the service: what a rule waits for goes on. */
static void
test_offline_for (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *rule = add (fixture, &muster_alert_rule_info,
                               "{\"name\":\"Gone\",\"kind\":\"offline\",\"for_seconds\":600}");
  g_autofree char *device =
    add (fixture, &muster_device_info, "{\"name\":\"Pump\",\"adoption\":\"adopted\"}");

  set_live (fixture, device, MUSTER_LIVE_ONLINE);
  go_on (fixture, 10);
  set_live (fixture, device, MUSTER_LIVE_OFFLINE);
  go_on (fixture, 300);
  stop_service (fixture);
  start_service (fixture);
  go_on (fixture, 60);
  g_assert_cmpuint (count (fixture, ""), ==, 0);
  set_live_for (fixture, device, MUSTER_LIVE_OFFLINE, 360);
  go_on (fixture, 200);
  g_assert_cmpuint (count (fixture, ""), ==, 0);
  go_on (fixture, 60);
  g_assert_cmpuint (count (fixture, "status=open"), ==, 1);
}

static void
test_forget (void)
{
  static const MusterForget forgotten = { &muster_alert_info, "resolved_at", "resolved",
                                          "Forget old alerts", "they are old" };
  g_autoptr (Fixture) fixture = fixture_new ();
  gboolean         is_stopping = FALSE;
  g_autofree char *cause = NULL;

  for (unsigned i = 0; i < 450; i++)
    {
      const char      *resolved = i < 420 ? "2025-01-01T00:00:00Z" : "2026-03-02T00:00:00Z";
      g_autofree char *members = g_strdup_printf (
        "{\"title\":\"A\",\"dedupe_key\":\"%u\",\"status\":\"resolved\",\"raised_at\":\"%s\","
        "\"last_at\":\"%s\",\"resolved_at\":\"%s\",\"cause_id\":%s%s%s}",
        i, resolved, resolved, resolved, cause != NULL ? "\"" : "", cause != NULL ? cause : "null",
        cause != NULL ? "\"" : "");
      g_autofree char *id = add (fixture, &muster_alert_info, members);

      if (cause == NULL)
        cause = g_steal_pointer (&id);
    }
  muster_test_await (muster_forget_old (fixture->repository, &forgotten, 400, &is_stopping,
                                        G_OBJECT (fixture->repository)));
  g_assert_cmpuint (count (fixture, ""), ==, 30);
  g_assert_cmpuint (count (fixture, "cause_id=null"), ==, 30);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/alert-service/gateway", test_gateway);
  muster_test_add_fiber ("/alert-service/place", test_place);
  muster_test_add_fiber ("/alert-service/broker", test_broker);
  muster_test_add_fiber ("/alert-service/back-before-told", test_back_before_told);
  muster_test_add_fiber ("/alert-service/storm", test_storm);
  muster_test_add_fiber ("/alert-service/restart", test_restart);
  muster_test_add_fiber ("/alert-service/explained-after-restart", test_explained_after_restart);
  muster_test_add_fiber ("/alert-service/recurring-silence", test_recurring_silence);
  muster_test_add_fiber ("/alert-service/default-rules", test_default_rules);
  muster_test_add_fiber ("/alert-service/default-rules-again", test_default_rules_again);
  muster_test_add_fiber ("/alert-service/comes-back", test_comes_back);
  muster_test_add_fiber ("/alert-service/resolved-by-a-person", test_resolved_by_a_person_is_over);
  muster_test_add_fiber ("/alert-service/forget", test_forget);
  muster_test_add_fiber ("/alert-service/offline-for", test_offline_for);
  return g_test_run ();
}
