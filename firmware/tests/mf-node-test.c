/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "messaging/muster-sparkplug-payload.h"
#include "mf-test-board.h"

/* The edge node by the assertions of the Sparkplug B 3.0 specification; tck-id-… are their names
 * there. Payloads are read and commands made by the console's codec. */

#define KEPT 8

typedef struct
{
  MfTestBoard          *board;
  struct mf_store       store;
  struct mf_clock       clock;
  struct mf_credentials credentials;
  struct mf_metric      metrics[MF_TEST_N_METRICS];
  struct mf_sample      samples[KEPT];
  struct mf_node        node;
  guint8                tx[4096];
} Fixture;

static void
switch_on (Fixture *fixture, const MfTestCredentials *credentials)
{
  g_autoptr (GBytes) encoded = mf_test_credentials_encode (credentials);
  struct mf_bytes bytes = { 0 };

  bytes.data = g_bytes_get_data (encoded, &bytes.size);
  g_assert_cmpstr (mf_credentials_read (&fixture->credentials, bytes), ==, NULL);
  memset (fixture->metrics, 0, sizeof fixture->metrics);
  g_assert_true (mf_store_init (&fixture->store, &fixture->board->port));
  mf_clock_init (&fixture->clock, &fixture->board->port);
  mf_clock_at_least (&fixture->clock, 1700000000000);
  mf_node_init (&fixture->node, &fixture->board->port, &fixture->store, &fixture->clock,
                mf_test_infos, fixture->metrics, MF_TEST_N_METRICS, fixture->samples, KEPT,
                fixture->tx, sizeof fixture->tx);
  mf_node_start (&fixture->node, &fixture->credentials);
}

static Fixture *
fixture_new (const char *host_id)
{
  Fixture          *fixture = g_new0 (Fixture, 1);
  MfTestCredentials credentials = mf_test_credentials;

  credentials.host_id = host_id;
  fixture->board = mf_test_board_new ();
  switch_on (fixture, &credentials);
  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  mf_test_board_free (fixture->board);
  g_free (fixture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* Lets time pass in small steps, as a port does. */
static void
pass (Fixture *fixture, guint ms)
{
  for (guint end = ms / 50; end > 0; end--)
    {
      fixture->board->now_ms += 50;
      mf_node_step (&fixture->node);
    }
}

/* Steps until it wants to connect, and reports success. */
static void
let_connect (Fixture *fixture)
{
  for (guint i = 0; i < 2000 && fixture->node.state != MF_NODE_CONNECTING; i++)
    {
      mf_node_step (&fixture->node);
      fixture->board->now_ms += 20;
    }
  g_assert_cmpint (fixture->node.state, ==, MF_NODE_CONNECTING);
  mf_node_connected (&fixture->node);
}

static void
bring_online (Fixture *fixture)
{
  let_connect (fixture);
  mf_node_subscribed (&fixture->node, true);
  g_assert_cmpint (fixture->node.state, ==, MF_NODE_ONLINE);
}

static MusterSparkplugPayload *
decode (const MfTestEntry *entry)
{
  g_autoptr (GError) error = NULL;
  MusterSparkplugPayload *payload;

  g_assert_nonnull (entry);
  payload = muster_sparkplug_payload_decode (g_bytes_get_data (entry->payload, NULL),
                                             g_bytes_get_size (entry->payload), &error);
  g_assert_no_error (error);
  return payload;
}

static const MusterSparkplugMetric *
find (MusterSparkplugPayload *payload, const char *name)
{
  for (guint i = 0; i < payload->n_metrics; i++)
    if (g_strcmp0 (payload->metrics[i].name, name) == 0)
      return &payload->metrics[i];
  return NULL;
}

static gint64
integer (const MusterSparkplugMetric *metric)
{
  gint64 value = G_MININT64;

  g_assert_nonnull (metric);
  g_assert_true (muster_sparkplug_metric_get_integer (metric, &value));
  return value;
}

static const MfTestEntry *
last_published (Fixture *fixture)
{
  return mf_test_board_find (fixture->board, MF_TEST_PUBLISH, -1);
}

static void
command (Fixture *fixture, MusterSparkplugPayload *payload)
{
  g_autoptr (GBytes) bytes = muster_sparkplug_payload_encode (payload);
  struct mf_bytes view = { 0 };

  view.data = g_bytes_get_data (bytes, &view.size);
  mf_node_message (&fixture->node, "spBv1.0/plant/NCMD/node-1", view);
  mf_node_step (&fixture->node);
}

/* Sends a boolean by name. */
static void
command_boolean (Fixture *fixture, const char *name, gboolean value)
{
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  MusterSparkplugMetric *metric =
    muster_sparkplug_payload_add (payload, name, MUSTER_SPARKPLUG_BOOLEAN);

  metric->is_null = FALSE;
  metric->wire = MUSTER_SPARKPLUG_WIRE_BOOLEAN;
  metric->boolean = value;
  command (fixture, payload);
}

static MusterSparkplugMetric *
add_by_alias (MusterSparkplugPayload *payload,
              guint                   alias,
              MusterSparkplugDatatype type,
              MusterSparkplugWire     wire)
{
  MusterSparkplugMetric *metric = muster_sparkplug_payload_add (payload, NULL, type);

  metric->has_alias = TRUE;
  metric->alias = alias;
  metric->is_null = FALSE;
  metric->wire = wire;
  return metric;
}

static void
command_level (Fixture *fixture, gint64 value, MusterSparkplugWire wire)
{
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  MusterSparkplugMetric *metric =
    add_by_alias (payload, MF_TEST_LEVEL + 1, MUSTER_SPARKPLUG_INT32, wire);

  if (wire == MUSTER_SPARKPLUG_WIRE_DOUBLE)
    metric->number = (double)value;
  else
    metric->bits = wire == MUSTER_SPARKPLUG_WIRE_INT ? (guint32)value : (guint64)value;
  command (fixture, payload);
}

static void
host_says (Fixture *fixture, const char *host, gboolean online, guint64 time_ms)
{
  g_autofree char *topic = g_strconcat ("spBv1.0/STATE/", host, NULL);
  g_autofree char *json = g_strdup_printf ("{\"online\":%s,\"timestamp\":%" G_GUINT64_FORMAT "}",
                                           online ? "true" : "false", time_ms);
  struct mf_bytes  view = { (const guint8 *)json, strlen (json) };

  mf_node_message (&fixture->node, topic, view);
  mf_node_step (&fixture->node);
}

/* tck-id-message-flow-edge-node-birth-publish-will-message and its -topic, -payload,
 * -payload-bdSeq; tck-id-payloads-ndeath-bdseq, tck-id-payloads-ndeath-seq. QoS 1 and no retention
 * of the will are the port's word. */
static void
test_will (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autoptr (MusterSparkplugPayload) will = NULL;

  mf_node_step (&fixture->node);
  g_assert_cmpstr (mf_test_board_find (fixture->board, MF_TEST_CONNECT, 0)->topic, ==,
                   "spBv1.0/plant/NDEATH/node-1");
  will = decode (mf_test_board_find (fixture->board, MF_TEST_CONNECT, 0));
  g_assert_cmpint (will->seq, ==, -1);
  g_assert_cmpuint (will->n_metrics, ==, 1);
  g_assert_cmpstr (will->metrics[0].name, ==, "bdSeq");
  g_assert_cmpint (will->metrics[0].datatype, ==, MUSTER_SPARKPLUG_INT64);
  g_assert_cmpint (integer (&will->metrics[0]), ==, 0);
}

/* tck-id-message-flow-edge-node-birth-publish-connect,
 * tck-id-message-flow-edge-node-ncmd-subscribe, tck-id-topics-nbirth-topic, -mqtt;
 * tck-id-message-flow-edge-node-birth-publish-nbirth-qos, -retained. */
static void
test_subscribes_then_births (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  const MfTestEntry *entry;

  let_connect (fixture);
  pass (fixture, 2000);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_PUBLISH), ==, 0);
  entry = mf_test_board_find (fixture->board, MF_TEST_SUBSCRIBE, 0);
  g_assert_cmpstr (entry->topic, ==, "spBv1.0/plant/NCMD/node-1");
  g_assert_cmpint (entry->qos, ==, 1);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_SUBSCRIBE), ==, 1);
  mf_node_subscribed (&fixture->node, true);
  entry = mf_test_board_find (fixture->board, MF_TEST_PUBLISH, 0);
  g_assert_cmpstr (entry->topic, ==, "spBv1.0/plant/NBIRTH/node-1");
  g_assert_cmpint (entry->qos, ==, 0);
  g_assert_false (entry->retain);
}

/* tck-id-payloads-nbirth-seq, -nbirth-timestamp, -nbirth-bdseq, -nbirth-rebirth-req;
 * tck-id-topics-nbirth-metrics, -metric-reqs, -seq-num, -timestamp;
 * tck-id-payloads-name-birth-data-requirement, -alias-uniqueness, -alias-birth-requirement,
 * -metric-datatype-req; tck-id-operational-behavior-data-commands-rebirth-name, -datatype, -value,
 * -name-aliases. */
static void
test_birth (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autoptr (MusterSparkplugPayload) birth = NULL;
  g_autoptr (GHashTable) aliases = g_hash_table_new (NULL, NULL);
  const MusterSparkplugMetric *metric;

  bring_online (fixture);
  birth = decode (last_published (fixture));
  g_assert_cmpint (birth->seq, ==, 0);
  g_assert_cmpint (birth->time / 1000, ==, (gint64)mf_clock_now (&fixture->clock));
  g_assert_cmpint (integer (find (birth, "bdSeq")), ==, 0);
  metric = find (birth, "Node Control/Rebirth");
  g_assert_cmpint (metric->datatype, ==, MUSTER_SPARKPLUG_BOOLEAN);
  g_assert_false (metric->boolean);
  g_assert_false (metric->has_alias);
  for (guint i = 0; i < birth->n_metrics; i++)
    {
      metric = &birth->metrics[i];
      g_assert_nonnull (metric->name);
      g_assert_cmpint (metric->datatype, !=, MUSTER_SPARKPLUG_UNKNOWN);
      g_assert_cmpint (metric->time, >, 0);
      if (metric->has_alias)
        g_assert_true (g_hash_table_add (aliases, GUINT_TO_POINTER (metric->alias)));
    }
  g_assert_cmpuint (g_hash_table_size (aliases), ==, MF_TEST_N_METRICS);
}

static void
test_birth_properties (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autoptr (MusterSparkplugPayload) birth = NULL;
  const MusterSparkplugMetric *metric;

  bring_online (fixture);
  birth = decode (last_published (fixture));
  metric = find (birth, "Sensor/Temperature");
  g_assert_cmpstr (metric->unit, ==, "°C");
  g_assert_cmpfloat (metric->minimum, ==, -40);
  g_assert_cmpfloat (metric->maximum, ==, 125);
  g_assert_true (metric->has_read_only && metric->read_only);
  g_assert_cmpfloat (metric->number, ==, 20);
  metric = find (birth, "Output/Relay");
  g_assert_null (metric->unit);
  g_assert_true (metric->has_read_only && !metric->read_only);
  g_assert_cmpstr (find (birth, "Properties/Serial Number")->text, ==, "S-1");
  metric = find (birth, "Diagnostics/Reset Cause");
  g_assert_cmpstr (metric->text, ==, "power-on");
  g_assert_true (metric->has_read_only && metric->read_only);
}

/* tck-id-message-flow-edge-node-birth-publish-will-message-payload-bdSeq, -nbirth-payload-bdSeq:
 * one more with every CONNECT, over resets too, 0 after 255, the same in will and birth. */
static void
test_bd_seq (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);

  for (gint64 i = 0; i < 600; i++)
    {
      g_autoptr (MusterSparkplugPayload) will = NULL, birth = NULL;

      if (i % 3 == 2)
        switch_on (fixture, &mf_test_credentials);
      bring_online (fixture);
      will = decode (mf_test_board_find (fixture->board, MF_TEST_CONNECT, -1));
      birth = decode (last_published (fixture));
      g_assert_cmpint (integer (&will->metrics[0]), ==, i % 256);
      g_assert_cmpint (integer (find (birth, "bdSeq")), ==, i % 256);
      mf_node_disconnected (&fixture->node);
      mf_test_board_clear (fixture->board);
    }
}

/* tck-id-payloads-ndata-seq, -ndata-seq-inc, -ndata-timestamp;
 * tck-id-payloads-sequence-num-always-included, -zero-nbirth, -incrementing;
 * tck-id-payloads-alias-data-cmd-requirement; tck-id-topics-ndata-mqtt, -seq-num. */
static void
test_data (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);

  bring_online (fixture);
  for (int i = 1; i <= 300; i++)
    {
      g_autoptr (MusterSparkplugPayload) data = NULL;
      const MfTestEntry *entry;

      fixture->board->temperature = (float)i;
      mf_test_board_clear (fixture->board);
      pass (fixture, 1000);
      g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_PUBLISH), ==, 1);
      entry = last_published (fixture);
      g_assert_cmpstr (entry->topic, ==, "spBv1.0/plant/NDATA/node-1");
      g_assert_cmpint (entry->qos, ==, 0);
      g_assert_false (entry->retain);
      data = decode (entry);
      g_assert_cmpint (data->seq, ==, i % 256);
      g_assert_cmpuint (data->n_metrics, ==, 1);
      g_assert_null (data->metrics[0].name);
      g_assert_cmpuint (data->metrics[0].alias, ==, MF_TEST_TEMPERATURE + 1);
      g_assert_cmpint (data->metrics[0].datatype, ==, MUSTER_SPARKPLUG_UNKNOWN);
      g_assert_cmpint (data->metrics[0].time, >, 0);
      g_assert_cmpfloat (data->metrics[0].number, ==, (double)i);
    }
}

/* tck-id-operational-behavior-data-publish-nbirth-change: by exception. */
static void
test_by_exception (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);

  bring_online (fixture);
  mf_test_board_clear (fixture->board);
  pass (fixture, 10000);
  fixture->board->temperature += 0.05f; /* within the deadband */
  pass (fixture, 3000);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_PUBLISH), ==, 0);
  fixture->board->temperature += 0.1f;
  pass (fixture, 3000);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_PUBLISH), ==, 1);
}

/* tck-id-payloads-propertyset-quality-value-type, -value: a dead sensor is null, and bad. */
static void
test_dead_sensor (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autoptr (MusterSparkplugPayload) dead = NULL, birth = NULL, back = NULL;

  bring_online (fixture);
  fixture->board->broken = TRUE;
  pass (fixture, 5000);
  g_assert_cmpuint (mf_test_board_count_topic (fixture->board, "NDATA"), ==, 1);
  dead = decode (last_published (fixture));
  g_assert_true (dead->metrics[0].is_null);
  g_assert_cmpint (dead->metrics[0].flags & MUSTER_SAMPLE_BAD, !=, 0);
  command_boolean (fixture, "Node Control/Rebirth", TRUE);
  birth = decode (last_published (fixture));
  g_assert_true (find (birth, "Sensor/Temperature")->is_null);
  fixture->board->broken = FALSE;
  pass (fixture, 5000);
  back = decode (last_published (fixture));
  g_assert_false (back->metrics[0].is_null);
  g_assert_cmpint (back->metrics[0].flags & MUSTER_SAMPLE_BAD, ==, 0);
}

/* tck-id-operational-behavior-data-commands-rebirth-action-1, -2, -3: data stops, the birth comes
 * with the session's bdSeq. */
static void
test_rebirth (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autoptr (MusterSparkplugPayload) birth = NULL, data = NULL;

  bring_online (fixture);
  fixture->board->temperature = 30;
  pass (fixture, 1000);
  mf_test_board_clear (fixture->board);
  command_boolean (fixture, "Node Control/Rebirth", FALSE);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_PUBLISH), ==, 0);
  command_boolean (fixture, "Node Control/Rebirth", TRUE);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_PUBLISH), ==, 1);
  birth = decode (last_published (fixture));
  g_assert_cmpint (birth->seq, ==, 0);
  g_assert_cmpint (integer (find (birth, "bdSeq")), ==, 0);
  g_assert_cmpfloat (find (birth, "Sensor/Temperature")->number, ==, 30);
  fixture->board->temperature = 31;
  pass (fixture, 1000);
  data = decode (last_published (fixture));
  g_assert_cmpint (data->seq, ==, 1);
}

/* tck-id-operational-behavior-edge-node-intentional-disconnect-ndeath, -packet;
 * tck-id-topics-ndeath-payload, -seq. */
static void
test_leaves (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autoptr (MusterSparkplugPayload) death = NULL;
  const MfTestEntry *entry;

  bring_online (fixture);
  mf_test_board_clear (fixture->board);
  mf_node_stop (&fixture->node);
  entry = g_ptr_array_index (fixture->board->log, 0);
  g_assert_cmpstr (entry->topic, ==, "spBv1.0/plant/NDEATH/node-1");
  g_assert_cmpint (entry->qos, ==, 1);
  g_assert_false (entry->retain);
  death = decode (entry);
  g_assert_cmpint (death->seq, ==, -1);
  g_assert_cmpuint (death->n_metrics, ==, 1);
  g_assert_cmpint (integer (find (death, "bdSeq")), ==, 0);
  g_assert_cmpint (((MfTestEntry *)g_ptr_array_index (fixture->board->log, 1))->act, ==,
                   MF_TEST_DISCONNECT);
  pass (fixture, 60000);
  g_assert_cmpuint (fixture->board->log->len, ==, 2);
}

/* tck-id-message-flow-edge-node-birth-publish-phid-wait, -wait-id, -wait-online, -wait-timestamp.
 */
static void
test_waits_for_host (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("site");

  let_connect (fixture);
  g_assert_cmpstr (mf_test_board_find (fixture->board, MF_TEST_SUBSCRIBE, 1)->topic, ==,
                   "spBv1.0/STATE/site");
  g_assert_cmpint (mf_test_board_find (fixture->board, MF_TEST_SUBSCRIBE, 1)->qos, ==, 1);
  mf_node_subscribed (&fixture->node, true);
  mf_node_subscribed (&fixture->node, true);
  pass (fixture, 40000);
  host_says (fixture, "another", TRUE, 1700000000001);
  host_says (fixture, "site", FALSE, 1700000000005);
  host_says (fixture, "site", TRUE, 1700000000004); /* older than what is known */
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_PUBLISH), ==, 0);
  host_says (fixture, "site", TRUE, 1700000000005);
  g_assert_cmpuint (mf_test_board_count_topic (fixture->board, "NBIRTH"), ==, 1);
}

/* A retained STATE may overtake the SUBACK of its subscription. */
static void
test_host_before_suback (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("site");

  let_connect (fixture);
  mf_node_subscribed (&fixture->node, true);
  host_says (fixture, "site", TRUE, 1700000000005);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_PUBLISH), ==, 0);
  mf_node_subscribed (&fixture->node, true);
  g_assert_cmpuint (mf_test_board_count_topic (fixture->board, "NBIRTH"), ==, 1);
}

/* tck-id-message-flow-edge-node-birth-publish-phid-offline,
 * tck-id-operational-behavior-edge-node-termination-host-offline,
 * -termination-host-offline-timestamp, -reconnect. */
static void
test_host_goes (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("site");

  let_connect (fixture);
  mf_node_subscribed (&fixture->node, true);
  mf_node_subscribed (&fixture->node, true);
  host_says (fixture, "site", TRUE, 1700000000005);
  host_says (fixture, "site", FALSE, 1700000000004); /* of an earlier session */
  g_assert_cmpint (fixture->node.state, ==, MF_NODE_ONLINE);
  host_says (fixture, "site", FALSE, 1700000000005);
  g_assert_cmpint (fixture->node.state, ==, MF_NODE_WAITING);
  g_assert_cmpstr (last_published (fixture)->topic, ==, "spBv1.0/plant/NDEATH/node-1");
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_DISCONNECT), ==, 1);
  mf_test_board_clear (fixture->board);
  let_connect (fixture);
  mf_node_subscribed (&fixture->node, true);
  mf_node_subscribed (&fixture->node, true);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_PUBLISH), ==, 0);
}

/* tck-id-payloads-ncmd-…: writes by alias and by name, answered by the value. */
static void
test_writes (void)
{
  static const struct
  {
    gint64              value;
    MusterSparkplugWire wire;
    gint64              level;
  } cases[] = {
    { 42, MUSTER_SPARKPLUG_WIRE_INT, 42 },           { -17, MUSTER_SPARKPLUG_WIRE_INT, -17 },
    { -99, MUSTER_SPARKPLUG_WIRE_LONG, -99 },        { 100, MUSTER_SPARKPLUG_WIRE_LONG, 100 },
    { 101, MUSTER_SPARKPLUG_WIRE_INT, 100 },         { -101, MUSTER_SPARKPLUG_WIRE_INT, 100 },
    { G_MAXINT64, MUSTER_SPARKPLUG_WIRE_LONG, 100 }, { 7, MUSTER_SPARKPLUG_WIRE_DOUBLE, 100 },
  };
  g_autoptr (Fixture) fixture = fixture_new (NULL);

  bring_online (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterSparkplugPayload) echo = NULL;

      mf_test_board_clear (fixture->board);
      command_level (fixture, cases[i].value, cases[i].wire);
      g_assert_cmpint (fixture->board->level, ==, cases[i].level);
      g_assert_cmpuint (mf_test_board_count_topic (fixture->board, "NDATA"), ==, 1);
      echo = decode (last_published (fixture));
      g_assert_cmpuint (echo->metrics[0].alias, ==, MF_TEST_LEVEL + 1);
      g_assert_cmpint ((gint32)echo->metrics[0].bits, ==, cases[i].level);
    }
  g_assert_cmpuint (fixture->node.refused, ==, 4);
  command_boolean (fixture, "Output/Relay", TRUE);
  g_assert_true (fixture->board->relay);
}

/* Says after how many seconds an output falls back. */
static void
command_safe (Fixture *fixture, const char *name, guint64 seconds)
{
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  MusterSparkplugMetric *metric =
    muster_sparkplug_payload_add (payload, name, MUSTER_SPARKPLUG_UINT32);

  metric->is_null = FALSE;
  metric->wire = MUSTER_SPARKPLUG_WIRE_LONG;
  metric->bits = seconds;
  command (fixture, payload);
}

/* Without its host one output holds what it is, and the other goes to what is safe; that is told in
 * the birth, set by a command, and kept over a start. */
static void
test_fall_back (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autoptr (MusterSparkplugPayload) birth = NULL, echo = NULL, again = NULL;

  bring_online (fixture);
  birth = decode (last_published (fixture));
  g_assert_cmpint (integer (find (birth, "Output/Relay/Safe After")), ==, 300);
  g_assert_cmpint (integer (find (birth, "Output/Level/Safe After")), ==, 0);
  g_assert_null (find (birth, "Output/Note/Safe After"));
  command_safe (fixture, "Output/Relay/Safe After", 0);
  command_safe (fixture, "Output/Level/Safe After", MF_FALL_BACK_MOST_S + 1);
  g_assert_cmpuint (fixture->node.refused, ==, 1);
  command_safe (fixture, "Output/Level/Safe After", 40);
  echo = decode (last_published (fixture));
  g_assert_cmpint (integer (find (echo, "Output/Level/Safe After")), ==, 40);
  command_boolean (fixture, "Output/Relay", TRUE);
  command_level (fixture, 70, MUSTER_SPARKPLUG_WIRE_INT);
  pass (fixture, 100000); /* the host is enough */
  g_assert_cmpint (fixture->board->level, ==, 70);
  mf_node_disconnected (&fixture->node);
  pass (fixture, 39000);
  g_assert_cmpint (fixture->board->level, ==, 70);
  pass (fixture, 2000);
  g_assert_cmpint (fixture->board->level, ==, -5);
  g_assert_true (fixture->board->relay);
  bring_online (fixture);
  g_assert_cmpint (fixture->board->level, ==, -5);
  command_level (fixture, 60, MUSTER_SPARKPLUG_WIRE_INT);
  switch_on (fixture, &mf_test_credentials);
  fixture->credentials.host_id[0] = '\0';
  fixture->node.waits_for_host = false;
  pass (fixture, 41000); /* it has started, and nobody came */
  g_assert_cmpint (fixture->board->level, ==, -5);
  bring_online (fixture);
  again = decode (last_published (fixture));
  g_assert_cmpint (integer (find (again, "Output/Level/Safe After")), ==, 40);
}

static void
test_writes_text (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autofree char *longest = g_strnfill (MF_TEXT_MAX, 'x'),
                  *longer = g_strnfill (MF_TEXT_MAX + 1, 'y');
  const char *texts[] = { "", "größer", longest, longer };

  bring_online (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new (), echo = NULL;

      add_by_alias (payload, MF_TEST_NOTE + 1, MUSTER_SPARKPLUG_STRING,
                    MUSTER_SPARKPLUG_WIRE_STRING)
        ->text = texts[i];
      command (fixture, payload);
      echo = decode (last_published (fixture));
      g_assert_cmpstr (echo->metrics[0].text, ==, i < 3 ? texts[i] : longest);
    }
}

/* Commands that can be none leave everything as it is, and the node alive. */
static void
test_refuses (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  struct mf_bytes garbage = { (const guint8 *)"\x12\x05go", 4 };

  bring_online (fixture);
  command_boolean (fixture, "No/Such Metric", TRUE);
  command_boolean (fixture, "Properties/Serial Number", TRUE);
  add_by_alias (payload, 0, MUSTER_SPARKPLUG_BOOLEAN, MUSTER_SPARKPLUG_WIRE_BOOLEAN)->boolean =
    TRUE;
  add_by_alias (payload, MF_TEST_N_METRICS + 1, MUSTER_SPARKPLUG_BOOLEAN,
                MUSTER_SPARKPLUG_WIRE_BOOLEAN)
    ->boolean = TRUE;
  add_by_alias (payload, MF_TEST_TEMPERATURE + 1, MUSTER_SPARKPLUG_FLOAT,
                MUSTER_SPARKPLUG_WIRE_FLOAT)
    ->number = 3;
  add_by_alias (payload, MF_TEST_RELAY + 1, MUSTER_SPARKPLUG_BOOLEAN, MUSTER_SPARKPLUG_WIRE_NONE)
    ->is_null = TRUE;
  command (fixture, payload);
  mf_node_message (&fixture->node, "spBv1.0/plant/NCMD/node-1", garbage);
  g_assert_cmpuint (fixture->node.refused, ==, 7);
  g_assert_false (fixture->board->relay);
  mf_node_message (&fixture->node, "spBv1.0/plant/NCMD/node-2", garbage); /* not for this node */
  g_assert_cmpuint (fixture->node.refused, ==, 7);
  g_assert_cmpint (fixture->node.state, ==, MF_NODE_ONLINE);
}

static void
test_identify (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autoptr (MusterSparkplugPayload) on = NULL, off = NULL;

  bring_online (fixture);
  command_boolean (fixture, "Node Control/Identify", TRUE);
  g_assert_true (fixture->board->identifying);
  on = decode (last_published (fixture));
  g_assert_true (find (on, "Node Control/Identify")->boolean);
  pass (fixture, 9000);
  g_assert_true (fixture->board->identifying);
  pass (fixture, 1100);
  g_assert_false (fixture->board->identifying);
  off = decode (last_published (fixture));
  g_assert_false (find (off, "Node Control/Identify")->boolean);
}

static void
test_reboot (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autoptr (MusterSparkplugPayload) echo = NULL;
  const MfTestEntry *entry;

  bring_online (fixture);
  command_boolean (fixture, "Node Control/Reboot", TRUE);
  echo = decode (mf_test_board_find (fixture->board, MF_TEST_PUBLISH, -2));
  g_assert_true (find (echo, "Node Control/Reboot")->boolean);
  g_assert_cmpstr (last_published (fixture)->topic, ==, "spBv1.0/plant/NDEATH/node-1");
  entry = g_ptr_array_index (fixture->board->log, fixture->board->log->len - 1);
  g_assert_cmpint (entry->act, ==, MF_TEST_RESET);
  g_assert_cmpint (entry->qos, ==, MF_RESET_COMMAND);
}

static void
test_release (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);

  bring_online (fixture);
  command_boolean (fixture, "Node Control/Release", FALSE);
  g_assert_false (fixture->node.released);
  command_boolean (fixture, "Node Control/Release", TRUE);
  g_assert_true (fixture->node.released);
  g_assert_cmpstr (last_published (fixture)->topic, ==, "spBv1.0/plant/NDEATH/node-1");
  g_assert_cmpint (fixture->node.state, ==, MF_NODE_IDLE);
}

/* Counts what NDATA brought: values that are historical, in order, and the oldest of them. */
static guint
count_historical (Fixture *fixture, double *oldest)
{
  gint64 last = 0;
  guint  count = 0;

  for (int i = 0; mf_test_board_find (fixture->board, MF_TEST_PUBLISH, i) != NULL; i++)
    {
      const MfTestEntry *entry = mf_test_board_find (fixture->board, MF_TEST_PUBLISH, i);
      g_autoptr (MusterSparkplugPayload) data = decode (entry);

      for (guint at = 0; at < data->n_metrics; at++)
        if (data->metrics[at].flags & MUSTER_SAMPLE_HISTORICAL)
          {
            if (count++ == 0)
              *oldest = data->metrics[at].number;
            g_assert_cmpint (data->metrics[at].time, >, last);
            g_assert_null (data->metrics[at].name);
            last = data->metrics[at].time;
          }
    }
  return count;
}

/* tck-id-operational-behavior-… store and forward: kept while offline, then sent as historical,
 * oldest first; beyond the ring dropped and counted in the birth. */
static void
test_store_and_forward (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autoptr (MusterSparkplugPayload) birth = NULL;
  double oldest = 0;

  bring_online (fixture);
  mf_node_disconnected (&fixture->node);
  fixture->board->refuse_connect = TRUE;
  for (guint i = 1; i <= 12; i++)
    {
      fixture->board->temperature = 50 + (float)i;
      pass (fixture, 1000);
    }
  g_assert_cmpuint (fixture->node.ring.count, ==, KEPT);
  fixture->board->refuse_connect = FALSE;
  mf_test_board_clear (fixture->board);
  bring_online (fixture);
  birth = decode (last_published (fixture));
  g_assert_cmpint (integer (find (birth, "Diagnostics/Dropped Samples")), ==, 12 - KEPT);
  pass (fixture, 500);
  g_assert_cmpuint (count_historical (fixture, &oldest), ==, KEPT);
  g_assert_cmpfloat (oldest, ==, 50 + 12 - KEPT + 1);
  g_assert_cmpuint (fixture->node.ring.count, ==, 0);
}

/* What the transport does not take is kept, and no sequence number is lost over it. */
static void
test_slow_transport (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autoptr (MusterSparkplugPayload) data = NULL;
  double oldest = 0;

  bring_online (fixture);
  mf_test_board_clear (fixture->board);
  fixture->board->refuse_publish = TRUE;
  for (guint i = 1; i <= 4; i++)
    {
      fixture->board->temperature = 60 + (float)i;
      pass (fixture, 1000);
    }
  fixture->board->refuse_publish = FALSE;
  pass (fixture, 200);
  data = decode (mf_test_board_find (fixture->board, MF_TEST_PUBLISH, 0));
  g_assert_cmpint (data->seq, ==, 1);
  g_assert_cmpuint (count_historical (fixture, &oldest), ==, 3);
  g_assert_cmpfloat (oldest, ==, 61);
}

static void
test_retries (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  MfTestCredentials credentials = mf_test_credentials;

  credentials.hosts[1] = "192.0.2.2";
  switch_on (fixture, &credentials);
  fixture->board->refuse_connect = TRUE;
  pass (fixture, 10 * 60 * 1000);
  /* Ten minutes at 15 to 30 s each, after some quicker ones. */
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_CONNECT), >, 20);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_CONNECT), <, 60);
  g_assert_cmpstr (mf_test_board_find (fixture->board, MF_TEST_CONNECT, 0)->host, ==, "192.0.2.1");
  g_assert_cmpstr (mf_test_board_find (fixture->board, MF_TEST_CONNECT, 1)->host, ==, "192.0.2.2");
  g_assert_cmpstr (mf_test_board_find (fixture->board, MF_TEST_CONNECT, 2)->host, ==, "192.0.2.1");
  /* A connection that stays silent is given up too. */
  fixture->board->refuse_connect = FALSE;
  mf_test_board_clear (fixture->board);
  pass (fixture, 3 * 60 * 1000);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_CONNECT), >=, 3);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_DISCONNECT), >=, 2);
  g_assert_cmpuint (fixture->board->watchdogs, >, 1000);
}

static void
test_subscription_refused (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);

  let_connect (fixture);
  mf_node_subscribed (&fixture->node, false);
  g_assert_cmpint (fixture->node.state, ==, MF_NODE_WAITING);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_DISCONNECT), ==, 1);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_PUBLISH), ==, 0);
}

/* A session's number that cannot be kept is no session. */
static void
test_flash_fails (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);

  fixture->board->dark = TRUE;
  pass (fixture, 5000);
  g_assert_cmpuint (mf_test_board_count (fixture->board, MF_TEST_CONNECT), ==, 0);
  fixture->board->dark = FALSE;
  bring_online (fixture);
}

/* protoc agrees with the birth to the byte: decoded and encoded again it is the same. */
static void
test_birth_by_protoc (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL);
  g_autofree char *folder = g_path_get_dirname (g_getenv ("MUSTER_TEST_SPARKPLUG_PROTO"));
  g_autofree char *path = g_strconcat ("--proto_path=", folder, NULL);
  g_autoptr (GSubprocess) decoder = NULL, encoder = NULL;
  g_autoptr (GBytes) text = NULL, again = NULL;
  g_autoptr (GError) error = NULL;
  const GSubprocessFlags pipes = G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE;
  GBytes                *birth;

  bring_online (fixture);
  birth = last_published (fixture)->payload;
  decoder =
    g_subprocess_new (pipes, &error, g_getenv ("MUSTER_TEST_PROTOC"), path,
                      "--decode=org.eclipse.tahu.protobuf.Payload", "sparkplug_b.proto", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate (decoder, birth, NULL, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (text, NULL), (gssize)g_bytes_get_size (text),
                                  "name: \"Sensor/Temperature\""));
  g_assert_null (g_strstr_len (g_bytes_get_data (text, NULL), (gssize)g_bytes_get_size (text),
                               "\n  1: ")); /* a field that it does not know */
  encoder =
    g_subprocess_new (pipes, &error, g_getenv ("MUSTER_TEST_PROTOC"), path,
                      "--encode=org.eclipse.tahu.protobuf.Payload", "sparkplug_b.proto", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate (encoder, text, NULL, &again, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (again, NULL), g_bytes_get_size (again),
                   g_bytes_get_data (birth, NULL), g_bytes_get_size (birth));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/node/tck-id-message-flow-edge-node-birth-publish-will-message", test_will);
  g_test_add_func ("/node/tck-id-message-flow-edge-node-ncmd-subscribe",
                   test_subscribes_then_births);
  g_test_add_func ("/node/tck-id-payloads-nbirth", test_birth);
  g_test_add_func ("/node/birth-properties", test_birth_properties);
  g_test_add_func ("/node/birth-by-protoc", test_birth_by_protoc);
  g_test_add_func ("/node/tck-id-message-flow-edge-node-birth-publish-will-message-payload-bdSeq",
                   test_bd_seq);
  g_test_add_func ("/node/tck-id-payloads-ndata", test_data);
  g_test_add_func ("/node/tck-id-operational-behavior-data-publish-nbirth-change",
                   test_by_exception);
  g_test_add_func ("/node/tck-id-payloads-propertyset-quality-value-value", test_dead_sensor);
  g_test_add_func ("/node/tck-id-operational-behavior-data-commands-rebirth-action", test_rebirth);
  g_test_add_func ("/node/tck-id-operational-behavior-edge-node-intentional-disconnect-ndeath",
                   test_leaves);
  g_test_add_func ("/node/tck-id-message-flow-edge-node-birth-publish-phid-wait",
                   test_waits_for_host);
  g_test_add_func ("/node/host-before-suback", test_host_before_suback);
  g_test_add_func ("/node/tck-id-message-flow-edge-node-birth-publish-phid-offline",
                   test_host_goes);
  g_test_add_func ("/node/writes", test_writes);
  g_test_add_func ("/node/writes-text", test_writes_text);
  g_test_add_func ("/node/refuses", test_refuses);
  g_test_add_func ("/node/identify", test_identify);
  g_test_add_func ("/node/reboot", test_reboot);
  g_test_add_func ("/node/release", test_release);
  g_test_add_func ("/node/store-and-forward", test_store_and_forward);
  g_test_add_func ("/node/fall-back", test_fall_back);
  g_test_add_func ("/node/slow-transport", test_slow_transport);
  g_test_add_func ("/node/retries", test_retries);
  g_test_add_func ("/node/subscription-refused", test_subscription_refused);
  g_test_add_func ("/node/flash-fails", test_flash_fails);
  return g_test_run ();
}
