/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "messaging/muster-sparkplug-payload.h"
#include "mf-test-board.h"
#include "mf-test-line.h"
#include "mf_gateway_private.h"
#include "mf_link_private.h"
#include "mf_octets.h"

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

  /* of a unit with one slot */
  struct mf_unit_ops unit_ops;
  struct mf_link     loader; /* its end of the line, while its loader has that */
  guint8             loader_buffers[2][MF_LINK_OVERHEAD + 512];
  gboolean           in_loader, is_whole, is_mute, answers;
  guint              starts, pages;
  guint32            wanted;
  guint8             header[MF_IMAGE_HEADER_SIZE];
  GByteArray        *program;
  GBytes            *file; /* what the server has */
  guint              fetches;
  gboolean           fetching;
  gssize             kept; /* bytes; -1: never any */
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

static bool
fetch (void *user, const char *url, uint32_t offset, uint32_t size)
{
  Fixture *self = user;

  g_assert_cmpstr (url, ==, "https://site/file");
  g_assert_cmpuint (offset + size, ==, g_bytes_get_size (self->file));
  self->fetches++;
  self->fetching = TRUE;
  return true;
}

static void
stop_fetching (void *user)
{
  ((Fixture *)user)->fetching = FALSE;
}

static void
keep (void *user, const void *bytes, size_t size)
{
  ((Fixture *)user)->kept = (gssize)size;
}

static const struct mf_gateway_ops ops = { send_bytes, find_key, fetch, stop_fetching, keep };

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
  g_clear_pointer (&self->program, g_byte_array_unref);
  g_clear_pointer (&self->file, g_bytes_unref);
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

/* --- a unit with one slot --- */

static void
boot_of_one_slot (void *user, struct mf_unit_boot *out)
{
  MfTestLine *line = user;

  out->can_update = MF_UNIT_UPDATED_BY_LOADER;
  out->slot = 0xFF;
  out->state = line->resets > 0 ? MF_SLOT_TRYING : MF_SLOT_CONFIRMED;
  out->security_counter = 1;
}

static enum mf_unit_status
update_of_one_slot (void                *user,
                    enum mf_unit_message step,
                    uint32_t             number,
                    struct mf_bytes      bytes,
                    uint32_t            *detail)
{
  return step == MF_UNIT_UPDATE_ACTIVATE || step == MF_UNIT_UPDATE_CONFIRM ? MF_UNIT_DONE
                                                                           : MF_UNIT_UNKNOWN;
}

static void
enter_loader (Fixture *self)
{
  self->starts = self->line->resets;
  if (self->unit_ops.boot == NULL)
    return; /* it has none */
  self->line->unit.ops = &self->unit_ops;
  self->in_loader = !self->is_mute;
}

static guint8
take_in_loader (Fixture *self, const uint8_t *frame)
{
  switch (frame[0])
    {
    case MF_LOADER_BEGIN:
      memcpy (self->header, frame + 1, sizeof self->header);
      self->is_whole = FALSE;
      self->wanted = 0;
      g_byte_array_set_size (self->program, 0);
      break;
    case MF_LOADER_DATA:
      g_assert_cmpuint (mf_get32 (frame + 1), ==, self->wanted);
      g_byte_array_append (self->program, frame + 5, 128);
      self->wanted += 128;
      self->pages++;
      break;
    case MF_LOADER_FINISH:
      self->is_whole = TRUE;
      break;
    case MF_LOADER_RUN:
      self->in_loader = !self->is_whole;
      self->line->unit.identity.firmware = "2.0.0";
      return self->is_whole ? MF_UNIT_DONE : MF_UNIT_NOT_NOW;
    default:
      break;
    }
  return MF_UNIT_DONE;
}

static bool
loader_frame (void *user, const uint8_t *frame, size_t size)
{
  Fixture *self = user;
  guint8   answer[15 + 4] = { MF_LOADER_ANSWER, MF_LINK_VERSION, frame[0] };

  if (frame[0] < MF_LOADER_ENQUIRE || frame[0] > MF_LOADER_RUN)
    return false;
  answer[3] = take_in_loader (self, frame);
  answer[4] = self->is_whole;
  mf_put32 (answer + 9, self->wanted);
  mf_put16 (answer + 13, 128);
  self->answers = TRUE;
  mf_link_put_aside (&self->loader, answer, 15);
  self->answers = FALSE;
  return true;
}

/* What the link would say of its own to HELLO is no loader's. */
static void
loader_send (void *user, const uint8_t *bytes, size_t size)
{
  Fixture *self = user;

  if (self->answers)
    g_byte_array_append (self->line->to_gateway, bytes, (guint)size);
}

static void
draw_nothing (void *user, void *out, size_t size)
{
  memset (out, 0, size);
}

static bool
no_key (void *user, struct mf_bytes serial, uint8_t key[MF_LINK_KEY])
{
  return false;
}

static const struct mf_link_ops loader_ops = { .send = loader_send,
                                               .random = draw_nothing,
                                               .key = no_key };

/* The server gives some of the file each time. */
static void
serve (Fixture *self)
{
  gsize           size = 0, at = self->gateway.update.at;
  const guint8   *data = g_bytes_get_data (self->file, &size);
  struct mf_bytes piece = { data + at, MIN (size - at, 700) };

  mf_gateway_feed (&self->gateway, piece);
  if (self->fetching && at + piece.size == size)
    {
      self->fetching = FALSE;
      mf_gateway_fetched (&self->gateway, MF_FETCH_WHOLE);
    }
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
      if (self->in_loader)
        mf_link_bytes (&self->loader, self->line->now_ms, down->data, down->len);
      else
        mf_unit_bytes (&self->line->unit, down->data, down->len);
      mf_gateway_bytes (&self->gateway, up->data, up->len);
      if (!self->in_loader)
        mf_unit_step (&self->line->unit);
      if (self->line->resets != self->starts)
        enter_loader (self);
      if (self->fetching)
        serve (self);
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

static void
order_safe (Fixture *self, guint64 seconds)
{
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  MusterSparkplugMetric *metric =
    muster_sparkplug_payload_add (payload, "Output/Level/Safe After", MUSTER_SPARKPLUG_UINT32);
  g_autoptr (GBytes) bytes = NULL;
  struct mf_bytes view = { 0 }, device = { (const guint8 *)"S-42", 4 };

  metric->is_null = FALSE;
  metric->wire = MUSTER_SPARKPLUG_WIRE_LONG;
  metric->bits = seconds;
  bytes = muster_sparkplug_payload_encode (payload);
  view.data = g_bytes_get_data (bytes, &view.size);
  g_assert_true (mf_gateway_command (&self->gateway, device, view));
}

/* What is published last of it: its value. */
static guint64
see_safe (Fixture *self, const char *part)
{
  const MfTestEntry *entry = NULL, *newest = NULL;
  g_autoptr (MusterSparkplugPayload) payload = NULL;

  for (guint nth = 0; (entry = published (self, part, nth)) != NULL; nth++)
    newest = entry;
  payload = decode (newest);
  g_assert_nonnull (find (payload, "Output/Level/Safe After"));
  return find (payload, "Output/Level/Safe After")->bits;
}

/* The host says by a metric of the device when an output of the unit falls back. */
static void
test_fall_back (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  bring_online (self);
  pass (self, 3000);
  g_assert_cmpuint (see_safe (self, "DBIRTH"), ==, 0);
  order (self, "Output/Level", FALSE, 55);
  pass (self, 1000);
  order_safe (self, 30);
  pass (self, 1000);
  g_assert_cmpuint (self->line->configs[MF_TEST_LINE_LEVEL].fall_back_s, ==, 30);
  g_assert_cmpuint (see_safe (self, "DDATA"), ==, 30);
  order_safe (self, MF_FALL_BACK_MOST_S + 1);
  pass (self, 1000);
  g_assert_cmpuint (self->gateway.refused, ==, 1);
  g_assert_cmpuint (see_safe (self, "DDATA"), ==, 30);
  self->line->cut = TRUE;
  pass (self, 32000);
  g_assert_cmpuint (self->line->channels[MF_TEST_LINE_LEVEL].u, ==, 10);
  self->line->cut = FALSE;
  mf_test_board_clear (self->board);
  pass (self, 30000);
  g_assert_cmpuint (see_safe (self, "DBIRTH"), ==, 30);
  g_assert_cmpint (see (self, MF_TEST_LINE_LEVEL + 1).last, ==, 10);
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

/* The line opens long after the gateway began to ask: it asks at once, and does not wait until it
 * is time again. */
static void
test_line_opened (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  self->line->cut = TRUE;
  bring_online (self);
  pass (self, 7000);
  self->line->cut = FALSE;
  mf_gateway_line_opened (&self->gateway);
  pass (self, 300);
  g_assert_cmpint (self->gateway.link.state, ==, MF_LINK_UP);
  mf_gateway_line_opened (&self->gateway); /* it was another one */
  g_assert_cmpint (self->gateway.link.state, ==, MF_LINK_DOWN);
  pass (self, 300);
  g_assert_cmpint (self->gateway.link.state, ==, MF_LINK_UP);
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

/* --- updates of a unit with one slot --- */

#define PAYLOAD 1500

static const guint8 seed[MF_ED25519_SEED_SIZE] = { 5 };

static void
hash (guint8 out[MF_SHA256_SIZE], const guint8 *bytes, gsize size)
{
  struct mf_sha256 state;

  mf_sha256_init (&state);
  mf_sha256_update (&state, bytes, size);
  mf_sha256_final (&state, out);
}

/* A gateway that trusts one key, with a unit of one slot, online. */
static Fixture *
make_one_slot (void)
{
  static guint8               trusted[1][MF_ED25519_KEY_SIZE];
  static struct mf_image_keys keys = { (const guint8 (*)[MF_ED25519_KEY_SIZE])trusted, 1 };
  Fixture                    *self = fixture_new ();

  mf_ed25519_public_key (trusted[0], seed);
  mf_gateway_trust (&self->gateway, &keys);
  self->unit_ops = *self->line->unit.ops;
  self->unit_ops.boot = boot_of_one_slot;
  self->unit_ops.update = update_of_one_slot;
  self->line->unit.ops = &self->unit_ops;
  self->program = g_byte_array_new ();
  self->is_whole = TRUE;
  self->kept = -1;
  mf_link_init (&self->loader, MF_LINK_UNIT, &loader_ops, self, self->loader_buffers[0],
                sizeof self->loader_buffers[0], self->loader_buffers[1],
                sizeof self->loader_buffers[1]);
  self->loader.aside = loader_frame;
  bring_online (self);
  pass (self, 3000);
  g_assert_true (mf_gateway_is_born (&self->gateway));
  return self;
}

/* Orders version 2.0.0, signed by that seed; ORDERED is the version that the order names. */
static void
order_image (Fixture *self, const guint8 signer[MF_ED25519_SEED_SIZE], const char *ordered)
{
  struct mf_image          image = { .model = "SN-1",
                                     .hardware_max = 9,
                                     .version = { 2, 0, 0 },
                                     .security_counter = 1,
                                     .payload_size = PAYLOAD };
  struct mf_update_command command = { .action = "install", .came = true, .has_hash = true };
  guint8                   file[MF_IMAGE_HEADER_SIZE + PAYLOAD];

  for (guint i = 0; i < PAYLOAD; i++)
    file[MF_IMAGE_HEADER_SIZE + i] = (guint8)(i * 3);
  hash (image.payload_sha256, file + MF_IMAGE_HEADER_SIZE, PAYLOAD);
  g_assert_true (mf_image_format (&image, file));
  mf_image_sign (file, signer, NULL);
  g_clear_pointer (&self->file, g_bytes_unref);
  self->file = g_bytes_new (file, sizeof file);
  g_strlcpy (command.order.id, ordered, sizeof command.order.id);
  g_strlcpy (command.order.url, "https://site/file", sizeof command.order.url);
  g_strlcpy (command.order.version, ordered, sizeof command.order.version);
  command.order.size = sizeof file;
  hash (command.order.sha256, file, sizeof file);
  g_assert_true (mf_gateway_update_act (&self->gateway, &command));
}

static void
test_one_slot (void)
{
  g_autoptr (Fixture) self = make_one_slot ();
  const guint8 *file = NULL;

  order_image (self, seed, "2.0.0");
  pass (self, 1000);
  g_assert_cmpint (self->gateway.update.state, ==, MF_UPDATE_INSTALLING);
  pass (self, 30000);
  g_assert_cmpint (self->gateway.update.state, ==, MF_UPDATE_CONFIRMED);
  file = g_bytes_get_data (self->file, NULL);
  g_assert_cmpmem (self->header, sizeof self->header, file, MF_IMAGE_HEADER_SIZE);
  g_assert_cmpmem (self->program->data, PAYLOAD, file + MF_IMAGE_HEADER_SIZE, PAYLOAD);
  g_assert_cmpstr (self->gateway.texts.firmware, ==, "2.0.0");
  g_assert_cmpuint (self->line->resets, ==, 1);
  g_assert_cmpuint (self->fetches, ==, 1);
  g_assert_cmpint (self->kept, ==, 0);
}

/* The same order once more may come from another address; it cannot be of a larger file by then. */
static void
test_same_order (void)
{
  g_autoptr (Fixture) self = make_one_slot ();
  struct mf_update_command command = { .action = "install", .came = true, .has_hash = true };

  order_image (self, seed, "2.0.0");
  command.order = self->gateway.update.order;
  command.order.size = 2 * MF_GATEWAY_FILE;
  g_assert_true (mf_gateway_update_act (&self->gateway, &command));
  g_assert_cmpuint (self->gateway.update.order.size, ==, MF_IMAGE_HEADER_SIZE + PAYLOAD);
  pass (self, 30000);
  g_assert_cmpint (self->gateway.update.state, ==, MF_UPDATE_CONFIRMED);
}

/* Nothing is asked of the unit before the file is found to be good. */
static void
test_one_slot_refused (void)
{
  static const guint8 stranger[MF_ED25519_SEED_SIZE] = { 6 };
  g_autoptr (Fixture) self = make_one_slot ();

  order_image (self, stranger, "2.0.0");
  pass (self, 20000);
  g_assert_cmpint (self->gateway.update.state, ==, MF_UPDATE_FAILED);
  g_assert_true (g_str_has_prefix (self->gateway.update.error, "unknown-key: "));
  order_image (self, seed, "2.0.1");
  pass (self, 20000);
  g_assert_cmpint (self->gateway.update.state, ==, MF_UPDATE_FAILED);
  g_assert_true (g_str_has_prefix (self->gateway.update.error, "wrong-file: "));
  g_assert_cmpuint (self->line->resets, ==, 0);
  g_assert_cmpint (self->kept, ==, -1);
}

/* A unit whose loader is never met goes on with what it has, and the update fails. */
static void
test_no_loader (void)
{
  g_autoptr (Fixture) self = make_one_slot ();

  self->is_mute = TRUE;
  order_image (self, seed, "2.0.0");
  pass (self, 120000);
  g_assert_cmpint (self->gateway.update.state, ==, MF_UPDATE_FAILED);
  g_assert_true (g_str_has_prefix (self->gateway.update.error, "flash-failed: "));
  g_assert_cmpuint (self->line->resets, ==, 6); /* asked once, and five times more */
  g_assert_cmpuint (self->pages, ==, 0);
  g_assert_cmpint (self->kept, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gateway/birth", test_birth);
  g_test_add_func ("/gateway/unknown", test_unknown);
  g_test_add_func ("/gateway/command", test_command);
  g_test_add_func ("/gateway/fall-back", test_fall_back);
  g_test_add_func ("/gateway/line-outage", test_line_outage);
  g_test_add_func ("/gateway/line-opened", test_line_opened);
  g_test_add_func ("/gateway/slow-unit", test_slow_unit);
  g_test_add_func ("/gateway/broker-outage", test_broker_outage);
  g_test_add_func ("/gateway/nonsense", test_nonsense);
  g_test_add_func ("/gateway/one-slot", test_one_slot);
  g_test_add_func ("/gateway/same-order", test_same_order);
  g_test_add_func ("/gateway/one-slot-refused", test_one_slot_refused);
  g_test_add_func ("/gateway/no-loader", test_no_loader);
  return g_test_run ();
}
