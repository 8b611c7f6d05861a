/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-service-test"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-metric.h"
#include "muster-command-service.h"
#include "muster-test-site.h"

/* --- a store that only keeps what it was given --- */

#define TEST_TYPE_STORE (test_store_get_type ())
G_DECLARE_FINAL_TYPE (TestStore, test_store, TEST, STORE, GObject)

struct _TestStore
{
  GObject  parent_instance;
  GString *kept; /* "device metric=value;" */
};

static DexFuture *
test_store_append (MusterSampleStore *store, MusterSampleBatch *batch)
{
  TestStore          *self = TEST_STORE (store);
  unsigned            n = 0;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);

  for (unsigned i = 0; i < n; i++)
    {
      g_string_append_printf (self->kept, "%s=", samples[i].metric);
      muster_sample_encode_value (&samples[i], self->kept);
      g_string_append_c (self->kept, ';');
    }
  return dex_future_new_for_int64 (0);
}

static void
test_store_iface_init (MusterSampleStoreInterface *iface)
{
  iface->append = test_store_append;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestStore,
                               test_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MUSTER_TYPE_SAMPLE_STORE,
                                                      test_store_iface_init))

static void
test_store_finalize (GObject *object)
{
  g_string_free (TEST_STORE (object)->kept, TRUE);
  G_OBJECT_CLASS (test_store_parent_class)->finalize (object);
}

static void
test_store_class_init (TestStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_store_finalize;
}

static void
test_store_init (TestStore *self)
{
  self->kept = g_string_new (NULL);
}

/* --- a site with one adopted device --- */

typedef struct
{
  MusterTestSite       *site;
  TestStore            *store;
  MusterTelemetry      *telemetry;
  MusterNodeService    *nodes;
  MusterCommandService *commands;
  char                 *id;
} Fixture;

static const MusterSparkplugSource node = { "hall-3", "Boiler", NULL };
static const MusterSparkplugSource behind = { "hall-3", "Boiler", "pump" };

static const MusterSparkplugMetricInfo metrics[] = {
  { .name = "bdSeq", .datatype = MUSTER_SPARKPLUG_INT64, .minimum = NAN, .maximum = NAN },
  { .name = "Node Control/Reboot",
    .datatype = MUSTER_SPARKPLUG_BOOLEAN,
    .minimum = NAN,
    .maximum = NAN,
    .writable = TRUE },
  { .name = "temperature",
    .datatype = MUSTER_SPARKPLUG_FLOAT,
    .unit = "°C",
    .description = "Flow",
    .minimum = -20,
    .maximum = 120 },
  { .name = "setpoint",
    .datatype = MUSTER_SPARKPLUG_INT32,
    .unit = "°C",
    .minimum = 10,
    .maximum = 90,
    .writable = TRUE },
};

static Fixture *
fixture_new (void)
{
  Fixture         *self = g_new0 (Fixture, 1);
  g_autofree char *account = NULL;

  self->site = muster_test_site_new ();
  self->store = g_object_new (TEST_TYPE_STORE, NULL);
  self->telemetry = muster_telemetry_new (MUSTER_SAMPLE_STORE (self->store), self->site->bus);
  self->nodes = muster_node_service_new (self->site->service, self->telemetry, self->site->bus,
                                         self->site->clock, &muster_test_links, self->site);
  self->commands = muster_command_service_new (self->site->service, self->nodes, self->site->clock,
                                               &muster_test_links, self->site);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->telemetry)));
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->nodes)));
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->commands)));
  self->id = muster_test_site_add_device (self->site, "Boiler", NULL);
  account =
    dex_await_string (muster_device_service_make_account (self->site->service, self->site->actor,
                                                          self->id, NULL),
                      NULL);
  g_assert_nonnull (account);
  return self;
}

static void
fixture_free (Fixture *self)
{
  muster_test_site_settle (self->site);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->commands)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->nodes)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->telemetry)));
  g_clear_object (&self->commands);
  g_clear_object (&self->nodes);
  g_clear_object (&self->telemetry);
  g_clear_object (&self->store);
  g_free (self->id);
  muster_test_site_free (self->site);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
be_born (Fixture *self, const MusterSparkplugSource *source, gboolean rebirth)
{
  muster_node_service_listener.birth (source, metrics, G_N_ELEMENTS (metrics),
                                      muster_clock_get_now (self->site->clock), rebirth,
                                      self->nodes);
  muster_test_site_settle (self->site);
}

static void
send (Fixture                     *self,
      const MusterSparkplugSource *source,
      const char                  *metric,
      double                       value,
      MusterSampleFlags            flags)
{
  const MusterSample sample = { .metric = metric,
                                .time = muster_clock_get_now (self->site->clock),
                                .type = MUSTER_SAMPLE_DOUBLE,
                                .flags = flags,
                                .number = value };

  muster_node_service_listener.data (source, &sample, 1, self->nodes);
}

static MusterLiveState
get_state (Fixture *self)
{
  return muster_device_registry_get_brief (self->site->registry, self->id)->live_state;
}

/* --- births, data, deaths --- */

static void
test_birth (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (GPtrArray) first = NULL;
  gint64 sequence = 0;

  be_born (self, &node, FALSE);
  g_assert_cmpint (get_state (self), ==, MUSTER_LIVE_ONLINE);
  first = muster_test_site_list (self->site, &muster_metric_info);
  g_assert_cmpuint (first->len, ==, 2);
  g_assert_cmpstr (muster_entity_get_string (first->pdata[0], "name"), ==, "setpoint");
  g_assert_cmpstr (muster_entity_get_string (first->pdata[0], "datatype"), ==, "int32");
  g_assert_true (muster_entity_get_boolean (first->pdata[0], "writable"));
  g_assert_cmpstr (muster_entity_get_string (first->pdata[1], "unit"), ==, "°C");
  g_assert_cmpfloat (muster_entity_get_double (first->pdata[1], "maximum"), ==, 120);
  /* The same again writes nothing. */
  sequence = muster_database_get_sequence (self->site->database);
  be_born (self, &node, TRUE);
  g_assert_cmpint (muster_database_get_sequence (self->site->database), ==, sequence);
}

static const char *
find_behind (Fixture *self)
{
  return muster_device_registry_find_by_node_device (self->site->registry, "Boiler/pump");
}

static void
assert_text (MusterEntity *record, const char *field, const char *text)
{
  g_assert_cmpstr (muster_entity_get_string (record, field), ==, text);
}

/* A device that a known node speaks for is a device of its own, below it. */
static void
test_behind (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  const MusterSample model = { .metric = "Properties/Model",
                               .time = muster_clock_get_now (self->site->clock),
                               .type = MUSTER_SAMPLE_STRING,
                               .text = "P-2" };
  const MusterSample serial = { .metric = "Properties/Serial Number",
                                .time = muster_clock_get_now (self->site->clock),
                                .type = MUSTER_SAMPLE_STRING,
                                .text = "P-0815" };
  const MusterSample firmware = { .metric = "Properties/Firmware Version",
                                  .time = muster_clock_get_now (self->site->clock),
                                  .type = MUSTER_SAMPLE_STRING,
                                  .text = "1.2" };
  const MusterSample properties[] = { model, serial, firmware };
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (GPtrArray) found = NULL;

  /* What it says before its record is written is kept for it. */
  muster_node_service_listener.birth (&behind, metrics, G_N_ELEMENTS (metrics),
                                      muster_clock_get_now (self->site->clock), FALSE, self->nodes);
  muster_node_service_listener.data (&behind, properties, G_N_ELEMENTS (properties), self->nodes);
  send (self, &behind, "temperature", 40, MUSTER_SAMPLE_HISTORICAL);
  muster_test_site_settle (self->site);
  g_assert_cmpstr (self->store->kept->str, ==,
                   "Properties/Model=\"P-2\";Properties/Serial Number=\"P-0815\";"
                   "Properties/Firmware Version=\"1.2\";temperature=40;");
  g_assert_nonnull (find_behind (self));
  device = muster_test_site_get_device (self->site, find_behind (self));
  assert_text (device, "name", "pump");
  assert_text (device, "gateway_id", self->id);
  assert_text (device, "adoption", "adopted");
  assert_text (device, "status", "deployed");
  assert_text (device, "model", "P-2");
  assert_text (device, "serial", "P-0815");
  assert_text (device, "firmware_version", "1.2");
  found = muster_test_site_list (self->site, &muster_metric_info);
  g_assert_cmpuint (found->len, ==, 2);
  assert_text (found->pdata[0], "device_id", muster_entity_get_id (device));
}

/* Its life ends with its gateway's word, or with its gateway. */
static void
test_behind_life (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  const MusterSparkplugDeath ends[] = { MUSTER_SPARKPLUG_DEATH_DEVICE, MUSTER_SPARKPLUG_DEATH_NODE,
                                        MUSTER_SPARKPLUG_DEATH_NOT_REBORN };

  be_born (self, &node, FALSE);
  for (unsigned i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      be_born (self, &behind, FALSE);
      g_assert_cmpint (
        muster_device_registry_get_brief (self->site->registry, find_behind (self))->live_state, ==,
        MUSTER_LIVE_ONLINE);
      muster_node_service_listener.death (&behind, ends[i], 0, self->nodes);
      g_assert_cmpint (
        muster_device_registry_get_brief (self->site->registry, find_behind (self))->live_state, ==,
        MUSTER_LIVE_OFFLINE);
    }
  g_assert_cmpint (get_state (self), ==, MUSTER_LIVE_ONLINE);
}

/* What stands in the house already, by its serial number, is that unit. */
static void
test_behind_known (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *shelf = muster_test_site_add_device (self->site, "pump", NULL);
  g_autoptr (MusterEntity) device = muster_test_site_get_device (self->site, shelf);
  g_autoptr (MusterEntity) released = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autofree char *other = NULL;

  muster_entity_set_string (device, "serial", "pump");
  muster_test_await (
    muster_repository_update (self->site->repository, self->site->actor, NULL, device, 0));
  be_born (self, &behind, FALSE);
  g_assert_cmpstr (find_behind (self), ==, shelf);
  all = muster_test_site_list (self->site, &muster_device_info);
  g_assert_cmpuint (all->len, ==, 2);
  /* Released, it stays so, whatever its gateway says. */
  released =
    dex_await_object (muster_device_service_release (self->site->service, self->site->actor, shelf),
                      NULL);
  assert_text (released, "adoption", "released");
  send (self, &behind, "temperature", 40, MUSTER_SAMPLE_PLAIN);
  be_born (self, &behind, TRUE);
  muster_test_site_settle (self->site);
  g_assert_cmpstr (self->store->kept->str, ==, "");
}

static void
test_data (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  const MusterSample firmware = { .metric = "Properties/Firmware Version",
                                  .time = muster_clock_get_now (self->site->clock),
                                  .type = MUSTER_SAMPLE_STRING,
                                  .text = "2.4.0" };
  g_autoptr (MusterEntity) device = NULL;

  be_born (self, &node, FALSE);
  send (self, &node, "temperature", 21.5, MUSTER_SAMPLE_PLAIN);
  send (self, &node, "Node Control/Reboot", 0, MUSTER_SAMPLE_PLAIN);
  muster_node_service_listener.data (&node, &firmware, 1, self->nodes);
  muster_test_site_settle (self->site);
  g_assert_cmpstr (self->store->kept->str, ==,
                   "temperature=21.5;Properties/Firmware Version=\"2.4.0\";");
  device = muster_test_site_get_device (self->site, self->id);
  g_assert_cmpstr (muster_entity_get_string (device, "firmware_version"), ==, "2.4.0");
}

static void
test_death (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  be_born (self, &node, FALSE);
  send (self, &node, "temperature", 21.5, MUSTER_SAMPLE_PLAIN);
  muster_test_site_settle (self->site);
  muster_node_service_listener.death (&node, MUSTER_SPARKPLUG_DEATH_NODE, 0, self->nodes);
  g_assert_cmpint (get_state (self), ==, MUSTER_LIVE_OFFLINE);
  be_born (self, &node, FALSE);
  g_assert_cmpint (get_state (self), ==, MUSTER_LIVE_ONLINE);
  muster_node_service_listener.death (&node, MUSTER_SPARKPLUG_DEATH_DISCONNECTED, 0, self->nodes);
  g_assert_cmpint (get_state (self), ==, MUSTER_LIVE_ONLINE);
}

/* Who said nothing since the connection was made is asked to introduce itself. */
static void
test_silent_nodes (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  muster_node_service_listener.connection (TRUE, self->nodes);
  muster_node_service_ask_silent (self->nodes);
  g_assert_cmpuint (self->site->n_rebirths, ==, 1);
  be_born (self, &node, FALSE);
  muster_node_service_ask_silent (self->nodes);
  g_assert_cmpuint (self->site->n_rebirths, ==, 1);
  muster_node_service_listener.connection (FALSE, self->nodes);
  muster_node_service_listener.connection (TRUE, self->nodes);
  muster_node_service_ask_silent (self->nodes);
  g_assert_cmpuint (self->site->n_rebirths, ==, 2);
}

static void
test_unknown_nodes (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  const MusterSparkplugSource stranger = { "hall-3", "Stranger", NULL };
  const MusterSparkplugSource elsewhere = { "hall-4", "Boiler", NULL };
  g_autofree char            *id = NULL;
  g_autofree char            *account = NULL;
  g_autoptr (GString) json = g_string_new (NULL);

  be_born (self, &stranger, FALSE);
  send (self, &stranger, "temperature", 1, MUSTER_SAMPLE_PLAIN);
  send (self, &elsewhere, "temperature", 1, MUSTER_SAMPLE_PLAIN);
  muster_test_site_settle (self->site);
  g_assert_cmpuint (muster_node_service_count_unknown (self->nodes), ==, 2);
  muster_node_service_encode_unknown (self->nodes, json);
  g_assert_true (g_str_has_prefix (json->str, "[{\"group_id\":\"hall-4\",\"node_id\":\"Boiler\""));
  g_assert_nonnull (strstr (json->str, "\"node_id\":\"Stranger\""));
  g_assert_nonnull (strstr (json->str, "\"messages\":2}"));
  g_assert_cmpstr (self->store->kept->str, ==, "");
  /* As soon as a record knows it, it is asked who it is. */
  id = muster_test_site_add_device (self->site, "Stranger", NULL);
  account = dex_await_string (muster_device_service_make_account (self->site->service,
                                                                  self->site->actor, id, NULL),
                              NULL);
  g_assert_cmpuint (self->site->n_rebirths, ==, 1);
  g_assert_cmpuint (muster_node_service_count_unknown (self->nodes), ==, 1);
}

/* --- commands --- */

static MusterEntity *
make_command (MusterCommandKind kind, const char *metric, const char *value)
{
  MusterEntity *command = muster_entity_new (&muster_device_command_info);

  muster_entity_set_enum (command, "kind", kind);
  muster_entity_set_string (command, "metric", metric);
  muster_entity_set_string (command, "value", value);
  return command;
}

/* Gives the command to the device ID and waits until it is over: "state: error". */
static char *
run_command_of (Fixture          *self,
                const char       *id,
                MusterCommandKind kind,
                const char       *metric,
                const char       *value)
{
  g_autoptr (MusterEntity) command = make_command (kind, metric, value);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) given = dex_await_object (
    muster_command_service_give (self->commands, self->site->actor, id, command), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (muster_entity_get_string (given, "state"), ==, "pending");
  for (unsigned i = 0; i < 200; i++)
    {
      g_autoptr (MusterEntity) now =
                  dex_await_object (muster_repository_get (self->site->repository,
                                                           &muster_device_command_info,
                                                           muster_entity_get_id (given)),
                                    NULL);

      if (!muster_entity_is_null (now, "finished_at"))
        return g_strjoin (": ", muster_entity_get_string (now, "state"),
                          muster_entity_get_string (now, "error"), NULL);
      muster_test_sleep (5);
    }
  return g_strdup ("never over");
}

static char *
run_command (Fixture *self, MusterCommandKind kind, const char *metric, const char *value)
{
  return run_command_of (self, self->id, kind, metric, value);
}

static void
test_write (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *confirmed = NULL;
  g_autofree char *failed = NULL;
  g_autofree char *late = NULL;

  be_born (self, &node, FALSE);
  confirmed = run_command (self, MUSTER_COMMAND_WRITE, "setpoint", "55");
  g_assert_cmpstr (confirmed, ==, "confirmed");
  g_assert_cmpstr (self->site->written->str, ==, "hall-3/Boiler/ setpoint=55;");
  self->site->write_error =
    g_error_new (MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "the node is offline");
  failed = run_command (self, MUSTER_COMMAND_WRITE, "setpoint", "56");
  g_assert_cmpstr (failed, ==, "failed: the node is offline");
  self->site->write_error->code = MUSTER_ERROR_TIMED_OUT;
  late = run_command (self, MUSTER_COMMAND_WRITE, "setpoint", "57");
  g_assert_cmpstr (late, ==, "timed_out: the node is offline");
}

/* A device behind a node is told through it. */
static void
test_write_behind (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = NULL;
  g_autofree char *state = NULL;
  g_autofree char *identified = NULL;

  be_born (self, &behind, FALSE);
  id = g_strdup (find_behind (self));
  state = run_command_of (self, id, MUSTER_COMMAND_WRITE, "setpoint", "55");
  identified = run_command_of (self, id, MUSTER_COMMAND_IDENTIFY, NULL, NULL);
  g_assert_cmpstr (state, ==, "confirmed");
  g_assert_cmpstr (self->site->written->str, ==,
                   "hall-3/Boiler/pump setpoint=55;"
                   "hall-3/Boiler/pump Device Control/Identify=true;");
}

static void
test_controls (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *identified = run_command (self, MUSTER_COMMAND_IDENTIFY, NULL, NULL);
  g_autofree char *reborn = run_command (self, MUSTER_COMMAND_REBIRTH, NULL, NULL);

  g_assert_cmpstr (identified, ==, "confirmed");
  g_assert_cmpstr (self->site->written->str, ==, "hall-3/Boiler/ Node Control/Identify=true;");
  g_assert_cmpstr (reborn, ==, "confirmed");
  g_assert_cmpuint (self->site->n_rebirths, ==, 1);
}

/* What is sent to a restarting device never comes back; the device does. */
static void
test_reboot (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) command = make_command (MUSTER_COMMAND_REBOOT, NULL, NULL);
  g_autoptr (MusterEntity) given = NULL;
  g_autoptr (MusterEntity) sent = NULL;
  g_autoptr (MusterEntity) confirmed = NULL;

  be_born (self, &node, FALSE);
  self->site->write_answer = dex_promise_new ();
  given = dex_await_object (muster_command_service_give (self->commands, self->site->actor,
                                                         self->id, command),
                            NULL);
  muster_test_site_settle (self->site);
  sent =
    dex_await_object (muster_repository_get (self->site->repository, &muster_device_command_info,
                                             muster_entity_get_id (given)),
                      NULL);
  g_assert_cmpstr (muster_entity_get_string (sent, "state"), ==, "sent");
  be_born (self, &node, TRUE);
  confirmed =
    dex_await_object (muster_repository_get (self->site->repository, &muster_device_command_info,
                                             muster_entity_get_id (given)),
                      NULL);
  g_assert_cmpstr (muster_entity_get_string (confirmed, "state"), ==, "confirmed");
}

static void
assert_refused (Fixture          *self,
                const char       *device_id,
                MusterCommandKind kind,
                const char       *metric,
                const char       *value,
                int               code)
{
  g_autoptr (MusterEntity) command = make_command (kind, metric, value);
  g_autoptr (GError) error = muster_test_await_error (
    muster_command_service_give (self->commands, self->site->actor, device_id, command), code);

  g_assert_nonnull (error);
}

static void
test_command_refusals (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *shelf = muster_test_site_add_device (self->site, "On the shelf", NULL);
  g_autoptr (GPtrArray) commands = NULL;

  be_born (self, &node, FALSE);
  assert_refused (self, "0199a1b2-0000-7000-8000-000000000009", MUSTER_COMMAND_IDENTIFY, NULL, NULL,
                  MUSTER_ERROR_NOT_FOUND);
  assert_refused (self, shelf, MUSTER_COMMAND_IDENTIFY, NULL, NULL, MUSTER_ERROR_CONFLICT);
  assert_refused (self, self->id, MUSTER_COMMAND_WRITE, NULL, "1", MUSTER_ERROR_INVALID);
  assert_refused (self, self->id, MUSTER_COMMAND_WRITE, "nothing", "1", MUSTER_ERROR_INVALID);
  assert_refused (self, self->id, MUSTER_COMMAND_WRITE, "temperature", "1", MUSTER_ERROR_CONFLICT);
  assert_refused (self, self->id, MUSTER_COMMAND_WRITE, "setpoint", "91", MUSTER_ERROR_INVALID);
  assert_refused (self, self->id, MUSTER_COMMAND_WRITE, "setpoint", NULL, MUSTER_ERROR_INVALID);
  assert_refused (self, self->id, MUSTER_COMMAND_REBOOT, "setpoint", NULL, MUSTER_ERROR_INVALID);
  commands = muster_test_site_list (self->site, &muster_device_command_info);
  g_assert_cmpuint (commands->len, ==, 0);
  g_assert_cmpstr (self->site->written->str, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/node-service/birth", test_birth);
  muster_test_add_fiber ("/node-service/data", test_data);
  muster_test_add_fiber ("/node-service/death", test_death);
  muster_test_add_fiber ("/node-service/behind", test_behind);
  muster_test_add_fiber ("/node-service/behind-life", test_behind_life);
  muster_test_add_fiber ("/node-service/behind-known", test_behind_known);
  muster_test_add_fiber ("/node-service/silent-nodes", test_silent_nodes);
  muster_test_add_fiber ("/node-service/unknown-nodes", test_unknown_nodes);
  muster_test_add_fiber ("/command-service/write", test_write);
  muster_test_add_fiber ("/command-service/write-behind", test_write_behind);
  muster_test_add_fiber ("/command-service/controls", test_controls);
  muster_test_add_fiber ("/command-service/reboot", test_reboot);
  muster_test_add_fiber ("/command-service/refusals", test_command_refusals);
  return g_test_run ();
}
