/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "messaging/muster-sparkplug-payload.h"
#include "mf-test-board.h"
#include "mf-test-line.h"
#include "mf_gateway.h"

/* A serial unit of the core, on a line with a gateway of the core, whose node is on a board in
 * memory: what the broker gets is read by the console's codec. */

#define KEPT 64
#define DEVICE "/S-42"

typedef struct
{
  MfTestBoard          *board;
  MfTestLine           *line;
  struct mf_store       store;
  struct mf_clock       clock;
  struct mf_credentials credentials;
  struct mf_metric      metrics[MF_TEST_N_METRICS];
  struct mf_node        node;
  struct mf_gateway     gateway;
  struct mf_sample      samples[KEPT];
  guint8                tx[4096];
  gboolean              has_key;
  gboolean              slow; /* the unit is given one frame at a time */
} Fixture;

static void
send_bytes (void *user, const uint8_t *bytes, size_t size)
{
  Fixture *self = user;

  if (!self->line->cut)
    g_byte_array_append (self->line->to_unit, bytes, (guint)size);
}

static bool
find_key (void *user, struct mf_bytes serial, uint8_t key[MF_LINK_KEY])
{
  Fixture *self = user;

  if (!self->has_key || serial.size != 4 || memcmp (serial.data, "S-42", 4) != 0)
    return false;
  memcpy (key, mf_test_line_key, MF_LINK_KEY);
  return true;
}

static const struct mf_gateway_ops ops = { send_bytes, find_key, NULL, NULL };

static void
device_command (void *user, struct mf_bytes device, struct mf_bytes payload)
{
  g_assert_true (mf_gateway_command (&((Fixture *)user)->gateway, device, payload));
}

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);
  g_autoptr (GBytes) encoded = mf_test_credentials_encode (&mf_test_credentials);
  struct mf_bytes bytes = { 0 };

  self->board = mf_test_board_new ();
  self->line = mf_test_line_new (TRUE);
  self->has_key = TRUE;
  bytes.data = g_bytes_get_data (encoded, &bytes.size);
  g_assert_cmpstr (mf_credentials_read (&self->credentials, bytes), ==, NULL);
  self->credentials.host_id[0] = '\0';
  g_assert_true (mf_store_init (&self->store, &self->board->port));
  mf_clock_init (&self->clock, &self->board->port);
  mf_clock_at_least (&self->clock, 1700000000000);
  mf_node_init (&self->node, &self->board->port, &self->store, &self->clock, mf_test_infos,
                self->metrics, MF_TEST_N_METRICS, NULL, 0, self->tx, sizeof self->tx);
  self->node.device_command = device_command;
  self->node.device_user = self;
  mf_gateway_init (&self->gateway, &ops, self, &self->node, self->samples, KEPT);
  mf_node_start (&self->node, &self->credentials);
  return self;
}

static void
fixture_free (Fixture *self)
{
  mf_test_board_free (self->board);
  mf_test_line_free (self->line);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* Takes what is on the line to the unit: all, or the oldest frame. */
static GByteArray *
take_down (Fixture *self)
{
  GByteArray   *all = g_steal_pointer (&self->line->to_unit), *rest = g_byte_array_new ();
  const guint8 *end = self->slow && all->len > 0 ? memchr (all->data, 0, all->len) : NULL;

  if (end != NULL)
    {
      guint size = (guint)(end + 1 - all->data);

      g_byte_array_append (rest, all->data + size, all->len - size);
      g_byte_array_set_size (all, size);
    }
  self->line->to_unit = rest;
  return all;
}

/* Lets `ms` pass for the unit, the line, the gateway and its node. */
static void
pass (Fixture *self, guint ms)
{
  for (guint passed = 0; passed < ms; passed += 20)
    {
      g_autoptr (GByteArray) down = take_down (self);
      g_autoptr (GByteArray) up = g_steal_pointer (&self->line->to_gateway);

      self->line->to_gateway = g_byte_array_new ();
      mf_unit_bytes (&self->line->unit, down->data, down->len);
      mf_gateway_bytes (&self->gateway, up->data, up->len);
      mf_unit_step (&self->line->unit);
      self->board->now_ms += 20;
      self->line->now_ms += 20;
      mf_node_step (&self->node);
      mf_gateway_step (&self->gateway);
    }
}

/* The broker takes the node. */
static void
bring_online (Fixture *self)
{
  for (guint i = 0; i < 3000 && self->node.state != MF_NODE_CONNECTING; i++)
    pass (self, 20);
  mf_node_connected (&self->node);
  mf_node_subscribed (&self->node, true);
  g_assert_cmpint (self->node.state, ==, MF_NODE_SUBSCRIBING);
  mf_node_subscribed (&self->node, true);
  g_assert_cmpint (self->node.state, ==, MF_NODE_ONLINE);
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

/* The nth publication about the unit whose topic holds PART. */
static const MfTestEntry *
published (Fixture *self, const char *part, guint nth)
{
  const MfTestEntry *entry = NULL;
  g_autofree char   *topic = g_strconcat (part, "/", NULL);

  for (int i = 0; (entry = mf_test_board_find (self->board, MF_TEST_PUBLISH, i)) != NULL; i++)
    if (strstr (entry->topic, topic) != NULL && g_str_has_suffix (entry->topic, DEVICE) &&
        nth-- == 0)
      return entry;
  return NULL;
}

typedef struct
{
  guint  count, historical;
  gint64 first_ms, last_ms;
  gint64 last;
} Seen;

/* The samples by ALIAS of all DDATA about the unit. */
static Seen
see (Fixture *self, guint64 alias)
{
  Seen               seen = { 0 };
  const MfTestEntry *entry = NULL;

  for (guint nth = 0; (entry = published (self, "DDATA", nth)) != NULL; nth++)
    {
      g_autoptr (MusterSparkplugPayload) payload = decode (entry);

      for (guint i = 0; i < payload->n_metrics; i++)
        if (payload->metrics[i].has_alias && payload->metrics[i].alias == alias)
          {
            seen.last_ms = payload->metrics[i].time / 1000;
            if (seen.count++ == 0)
              seen.first_ms = seen.last_ms;
            seen.historical += (payload->metrics[i].flags & MUSTER_SAMPLE_HISTORICAL) != 0;
            muster_sparkplug_metric_get_integer (&payload->metrics[i], &seen.last);
          }
    }
  return seen;
}

static void
warm_up (Fixture *self, guint seconds)
{
  for (guint i = 0; i < seconds; i++)
    {
      self->line->channels[MF_TEST_LINE_TEMPERATURE].f += 1;
      pass (self, 1000);
    }
}

static void
test_birth (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterSparkplugPayload) birth = NULL;
  const MusterSparkplugMetric *level = NULL;

  bring_online (self);
  pass (self, 3000);
  birth = decode (published (self, "DBIRTH", 0));
  g_assert_null (published (self, "DBIRTH", 1));
  g_assert_cmpint (birth->seq, ==, 1); /* of the node's own numbers */
  level = find (birth, "Output/Level");
  g_assert_nonnull (level);
  g_assert_cmpuint (level->datatype, ==, MUSTER_SPARKPLUG_UINT8);
  g_assert_cmpuint (level->alias, ==, MF_TEST_LINE_LEVEL + 1);
  g_assert_nonnull (find (birth, "Air/Temperature"));
  g_assert_cmpstr (find (birth, "Properties/Serial Number")->text, ==, "S-42");
  g_assert_cmpstr (find (birth, "Properties/Model")->text, ==, "SN-1");
  g_assert_cmpstr (find (birth, "Properties/Firmware Version")->text, ==, "1.4.0");
  g_assert_nonnull (find (birth, "Device Control/Reboot"));
  /* A new birth of the node is one of its devices. */
  mf_node_disconnected (&self->node);
  bring_online (self);
  pass (self, 100);
  g_assert_nonnull (published (self, "DBIRTH", 1));
}

static void
test_unknown (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  self->has_key = FALSE;
  bring_online (self);
  pass (self, 10000);
  g_assert_null (published (self, "DBIRTH", 0));
  self->has_key = TRUE;
  pass (self, MF_LINK_HELLO_MOST_MS + 3000);
  g_assert_nonnull (published (self, "DBIRTH", 0));
}

static void
order (Fixture *self, const char *name, gboolean is_boolean, guint64 value)
{
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  MusterSparkplugMetric *metric =
    muster_sparkplug_payload_add (payload, name,
                                  is_boolean ? MUSTER_SPARKPLUG_BOOLEAN : MUSTER_SPARKPLUG_UINT8);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *topic = g_strdup_printf ("spBv1.0/%s/DCMD/%s" DEVICE, self->credentials.group_id,
                                            self->credentials.username);
  struct mf_bytes  view = { 0 };

  metric->is_null = FALSE;
  metric->wire = is_boolean ? MUSTER_SPARKPLUG_WIRE_BOOLEAN : MUSTER_SPARKPLUG_WIRE_INT;
  if (is_boolean)
    metric->boolean = value != 0;
  else
    metric->bits = value;
  bytes = muster_sparkplug_payload_encode (payload);
  view.data = g_bytes_get_data (bytes, &view.size);
  mf_node_message (&self->node, topic, view);
}

static void
test_command (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  bring_online (self);
  pass (self, 3000);
  mf_test_board_clear (self->board);
  order (self, "Output/Level", FALSE, 55);
  pass (self, 2000);
  g_assert_cmpuint (self->line->channels[MF_TEST_LINE_LEVEL].u, ==, 55);
  g_assert_cmpint (see (self, MF_TEST_LINE_LEVEL + 1).last, ==, 55);
  /* What is refused is answered by the value that stands. */
  order (self, "Output/Level", FALSE, 101);
  pass (self, 2000);
  g_assert_cmpuint (self->line->channels[MF_TEST_LINE_LEVEL].u, ==, 55);
  g_assert_cmpuint (see (self, MF_TEST_LINE_LEVEL + 1).count, ==, 2);
  order (self, "Device Control/Identify", TRUE, 1);
  pass (self, 2000);
  g_assert_true (self->line->blinking);
  order (self, "Device Control/Reboot", TRUE, 1);
  pass (self, 20000);
  g_assert_cmpuint (self->line->resets, ==, 1);
  g_assert_nonnull (published (self, "DDEATH", 0));
  g_assert_nonnull (published (self, "DBIRTH", 0));
}

/* The line is cut: the device dies, and what it measured meanwhile comes when it is back. */
static void
test_line_outage (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  Seen seen;

  bring_online (self);
  warm_up (self, 10);
  self->line->cut = TRUE;
  warm_up (self, 18);
  g_assert_nonnull (published (self, "DDEATH", 0));
  mf_test_board_clear (self->board);
  self->line->cut = FALSE;
  warm_up (self, 20);
  g_assert_nonnull (published (self, "DBIRTH", 0));
  seen = see (self, MF_TEST_LINE_TEMPERATURE + 1);
  g_assert_cmpuint (seen.count, >=, 37);
  g_assert_cmpuint (seen.count, <=, 40);
  g_assert_cmpuint (seen.historical, >=, 13);
  g_assert_cmpuint (seen.historical, <=, 18 + MF_LINK_HELLO_MOST_MS / 1000 + 2);
  g_assert_cmpint (seen.last_ms - seen.first_ms, >=, 36000);
}

/* A unit that is slow sends its samples before it has read what it is asked: neither may then wait
 * for the other. */
static void
test_slow_unit (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  Seen seen;

  self->slow = TRUE;
  bring_online (self);
  warm_up (self, 10);
  g_assert_true (mf_gateway_is_born (&self->gateway));
  self->line->cut = TRUE;
  warm_up (self, 18);
  g_assert_false (mf_gateway_is_born (&self->gateway));
  self->line->cut = FALSE;
  warm_up (self, 20);
  g_assert_true (mf_gateway_is_born (&self->gateway));
  seen = see (self, MF_TEST_LINE_TEMPERATURE + 1);
  g_assert_cmpuint (seen.count, >=, 46);
  g_assert_cmpint (seen.last_ms - seen.first_ms, >=, 45000);
}

/* The broker is away: the gateway keeps what the unit says, and the unit what the gateway cannot.
 */
static void
test_broker_outage (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  Seen seen;

  bring_online (self);
  warm_up (self, 5);
  mf_node_disconnected (&self->node);
  mf_test_board_clear (self->board);
  warm_up (self, 80);
  g_assert_cmpuint (self->gateway.ring.dropped, ==, 0);
  g_assert_cmpuint (self->gateway.ring.count, <=, KEPT);
  bring_online (self);
  warm_up (self, 10);
  seen = see (self, MF_TEST_LINE_TEMPERATURE + 1);
  g_assert_cmpuint (seen.count, >=, 88);
  g_assert_cmpint (seen.last_ms - seen.first_ms, >=, 87000);
}

/* What a unit with the key may say, and is no such message: the gateway goes on with what it has.
 */
static void
test_nonsense (void)
{
  static const struct
  {
    guint8 bytes[60];
    gsize  size;
  } seeds[] = {
    { { MF_UNIT_IDENTITY, 1, 1, 0, 0, 0, [23] = 4, [24] = 1, [27] = 4, 'S', '-', '4', '2', 1, 'm',
        1, 'h', 1, 'f' },
      38 },
    { { MF_UNIT_METRIC, 1, MF_TYPE_FLOAT, 3, [20] = 4, 'n', 'a', 'm', 'e', 1, 'V' }, 27 },
    { { MF_UNIT_SAMPLES, 2, 200, 0, 0, 0, 0, 0, 0, 0, 1, 0, 9, 9, 9, 9, 1, 2, 3, 4, 3, 1 }, 30 },
    { { MF_UNIT_RESULT, MF_UNIT_UPDATE_DATA, 0, 1, 1, 1, 1 }, 7 },
    { { MF_UNIT_CHECK, 0, 1, [15] = 2, 'o', 'k' }, 18 },
  };
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  bring_online (self);
  pass (self, 3000);
  for (guint round = 0; round < 3000; round++)
    {
      guint   which = (guint)g_rand_int_range (random, 0, G_N_ELEMENTS (seeds));
      size_t  room = 0;
      guint8 *out = mf_link_open (&self->line->unit.link, &room);
      gsize   size = seeds[which].size;

      if (out == NULL)
        {
          pass (self, 20);
          continue;
        }
      memcpy (out, seeds[which].bytes, size);
      for (gint changes = g_rand_int_range (random, 0, 4); changes > 0; changes--)
        out[g_rand_int_range (random, 0, (gint32)size)] = (guint8)g_rand_int (random);
      if (g_rand_int_range (random, 0, 4) == 0)
        size = (gsize)g_rand_int_range (random, 1, (gint32)size + 1);
      mf_link_close (&self->line->unit.link, self->line->now_ms, size);
      pass (self, 40);
      g_assert_cmpuint (self->gateway.n_metrics, <=, MF_GATEWAY_METRICS);
      g_assert_cmpuint (self->gateway.ring.count, <=, KEPT);
    }
  /* A new session, and all is as before. */
  mf_test_line_start_unit (self->line);
  mf_gateway_line_lost (&self->gateway);
  pass (self, 30000);
  g_assert_true (mf_gateway_is_born (&self->gateway));
  g_assert_cmpuint (self->gateway.n_metrics, ==, MF_TEST_LINE_METRICS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gateway/birth", test_birth);
  g_test_add_func ("/gateway/unknown", test_unknown);
  g_test_add_func ("/gateway/command", test_command);
  g_test_add_func ("/gateway/line-outage", test_line_outage);
  g_test_add_func ("/gateway/slow-unit", test_slow_unit);
  g_test_add_func ("/gateway/broker-outage", test_broker_outage);
  g_test_add_func ("/gateway/nonsense", test_nonsense);
  return g_test_run ();
}
