/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "mf_mqtt.h"
#include "mf_node.h"
#include "mf_octets.h"
#include "node_update.h"
#include "stream.h"

/* The program of a board that is a node of the site itself, by what stream.h finds on it. What it
 * must know of the network and of the site is put into its flash at the bench. */

#define N_SAMPLES 256u
#define PAYLOAD 2048u
#define LEAVING_MS 500u /* before a reset, for what was said to be sent */

enum channel
{
  UPTIME,
  RELAY,
  LEVEL,
  MODEL,
  FIRMWARE,
  HARDWARE,
  N_CHANNELS,
};

static const struct mf_metric_info metrics[N_CHANNELS] = {
  { .name = "Uptime",
    .unit = "s",
    .type = MF_TYPE_UINT32,
    .channel = UPTIME,
    .period_ms = 1000,
    .keeps = true },
  { .name = "Output/Relay",
    .type = MF_TYPE_BOOLEAN,
    .channel = RELAY,
    .writable = true,
    .has_safe = true,
    .fall_back_s = 300 },
  { .name = "Output/Level",
    .unit = "%",
    .type = MF_TYPE_UINT8,
    .channel = LEVEL,
    .writable = true,
    .has_range = true,
    .low = 0,
    .high = 100,
    .has_safe = true },
  { .name = "Properties/Model", .type = MF_TYPE_STRING, .channel = MODEL },
  { .name = "Properties/Firmware Version", .type = MF_TYPE_STRING, .channel = FIRMWARE },
  { .name = "Properties/Hardware Version", .type = MF_TYPE_STRING, .channel = HARDWARE },
};

/* What the bench has written: each text with its NUL, the credentials as the console gives them. */
struct bench
{
  char    ssid[33];
  char    password[64];
  uint8_t tls;
  uint8_t mac[6];
  uint8_t size[4]; /* of the credentials */
  uint8_t credentials[MF_STORE_VALUE_MAX];
};

static struct mf_store       store;
static struct mf_clock       clock;
static struct mf_node        node;
static struct mf_mqtt        mqtt;
static struct mf_credentials credentials;
static struct bench          bench;
static struct mf_metric      states[N_CHANNELS];
static struct mf_sample      samples[N_SAMPLES];
static uint8_t               payload[PAYLOAD];
static uint8_t               rx[1024];
static uint8_t               level;
static bool                  relay;
static bool                  leaving;
static uint32_t              leaving_ms;

static uint64_t
monotonic_ms (void *user)
{
  static uint64_t since_start;

  (void)user;
  since_start += (uint32_t)(board_ms () - (uint32_t)since_start);
  return since_start;
}

static bool
wall_ms (void *user, uint64_t *utc_ms)
{
  (void)user;
  return board_wall_ms (utc_ms);
}

/* --- the session --- */

static bool
connect (void *user, const struct mf_connect *how)
{
  (void)user;
  return mf_mqtt_connect (&mqtt, board_ms (), how);
}

static bool
subscribe (void *user, const char *topic, int qos)
{
  (void)user;
  return mf_mqtt_subscribe (&mqtt, board_ms (), topic, qos);
}

static bool
publish (void *user, const char *topic, struct mf_bytes bytes, int qos, bool retain)
{
  (void)user;
  return mf_mqtt_publish (&mqtt, board_ms (), topic, bytes, qos, retain);
}

static void
disconnect (void *user)
{
  (void)user;
  mf_mqtt_disconnect (&mqtt);
}

static bool
open_stream (void *user, const struct mf_connect *how)
{
  (void)user;
  return stream_open (STREAM_BROKER, how);
}

static size_t
get_room (void *user)
{
  (void)user;
  return stream_room (STREAM_BROKER);
}

static void
write_stream (void *user, const uint8_t *bytes, size_t size)
{
  (void)user;
  stream_write (STREAM_BROKER, bytes, size);
}

static void
close_stream (void *user)
{
  (void)user;
  stream_close (STREAM_BROKER);
}

static void
connected (void *user)
{
  (void)user;
  mf_node_connected (&node);
}

static void
disconnected (void *user)
{
  (void)user;
  mf_node_disconnected (&node);
}

static void
subscribed (void *user, bool granted)
{
  (void)user;
  mf_node_subscribed (&node, granted);
}

static void
message (void *user, const char *topic, struct mf_bytes bytes)
{
  (void)user;
  mf_node_message (&node, topic, bytes);
}

static const struct mf_mqtt_ops mqtt_ops = {
  open_stream, get_room, write_stream, close_stream, connected, disconnected, subscribed, message,
};

static void
received (void *user, struct mf_bytes piece)
{
  (void)user;
  mf_mqtt_bytes (&mqtt, board_ms (), piece.data, piece.size);
}

static void
closed (void *user)
{
  (void)user;
  mf_mqtt_closed (&mqtt);
}

/* --- what it keeps --- */

static bool
store_read (void *user, unsigned page, size_t offset, void *data, size_t size)
{
  (void)user;
  return mf_flash_read (&board_records, page * board_records.erase_size + (uint32_t)offset, data,
                        (uint32_t)size);
}

/* The store's records are of any length, which the flash of a node's board takes. */
static bool
store_write (void *user, unsigned page, size_t offset, const void *data, size_t size)
{
  (void)user;
  return board_records.ops->program (board_records.user,
                                     page * board_records.erase_size + (uint32_t)offset, data,
                                     (uint32_t)size);
}

static bool
store_erase (void *user, unsigned page)
{
  (void)user;
  return mf_flash_erase (&board_records, page * board_records.erase_size);
}

/* In a moment: what was said before is on its way still. */
static void
reset (void *user, enum mf_reset_cause cause)
{
  (void)user;
  (void)cause;
  leaving = true;
  leaving_ms = board_ms ();
}

static enum mf_reset_cause
reset_cause (void *user)
{
  (void)user;
  return board_reset_cause ();
}

static void
feed_watchdog (void *user)
{
  (void)user;
  board_feed_watchdog ();
}

static void
draw (void *user, void *out, size_t size)
{
  (void)user;
  board_random (out, size);
}

/* --- what it measures and does --- */

static bool
read_channel (void *user, unsigned channel, union mf_value *value)
{
  if (channel == UPTIME)
    value->u = monotonic_ms (user) / 1000;
  else if (channel == RELAY)
    value->b = relay;
  else if (channel == LEVEL)
    value->u = level;
  else
    value->s = channel == MODEL      ? board_model
               : channel == FIRMWARE ? board_version
                                     : board_hardware;
  return true;
}

static bool
write_channel (void *user, unsigned channel, const union mf_value *value)
{
  (void)user;
  if (channel == RELAY)
    board_relay (relay = value->b);
  else
    board_level (level = (uint8_t)value->u);
  return true;
}

static void
identify (void *user, bool on)
{
  (void)user;
  board_led (on);
}

/* Cryptography is for pairing over the network, which a board prepared at the bench does not do;
 * TLS is the stream's. */
static const struct mf_port_ops port_ops = {
  .monotonic_ms = monotonic_ms,
  .wall_ms = wall_ms,
  .connect = connect,
  .subscribe = subscribe,
  .publish = publish,
  .disconnect = disconnect,
  .store_read = store_read,
  .store_write = store_write,
  .store_erase = store_erase,
  .reset = reset,
  .reset_cause = reset_cause,
  .watchdog = feed_watchdog,
  .random = draw,
  .read = read_channel,
  .write = write_channel,
  .identify = identify,
  .fetch = node_update_fetch,
  .fetch_stop = node_update_stop,
};

static struct mf_port port = { &port_ops, NULL, 0 };

/* False: the bench has not prepared this board. */
static bool
read_bench (void)
{
  struct mf_bytes bytes = { bench.credentials, 0 };

  if (!mf_flash_read (&board_bench, 0, &bench, sizeof bench) || bench.ssid[32] != '\0' ||
      bench.password[63] != '\0')
    return false;
  bytes.size = mf_get32 (bench.size);
  return bytes.size <= sizeof bench.credentials &&
         mf_credentials_read (&credentials, bytes) == NULL;
}

static void
begin (void)
{
  static const struct stream_events events = { received, closed };
  struct stream_network             network = { bench.ssid, bench.password, bench.tls != 0, { 0 } };

  port.store_page_size = board_records.erase_size;
  mf_store_init (&store, &port);
  mf_clock_init (&clock, &port);
  mf_clock_at_least (&clock, credentials.time_ms);
  memcpy (network.mac, bench.mac, sizeof network.mac);
  stream_init (&network);
  stream_listen (STREAM_BROKER, &events, NULL);
  mf_mqtt_init (&mqtt, &mqtt_ops, NULL, rx, sizeof rx);
  mf_node_init (&node, &port, &store, &clock, metrics, states, N_CHANNELS, samples, N_SAMPLES,
                payload, sizeof payload);
  node_update_init (&node, &credentials);
  mf_node_start (&node, &credentials);
}

static void
pass (void)
{
  stream_step ();
  if (leaving && board_ms () - leaving_ms >= LEAVING_MS)
    board_reset ();
  if (leaving)
    return;
  mf_node_step (&node);
  mf_mqtt_step (&mqtt, board_ms ());
  node_update_step ();
}

int
main (void)
{
  bool prepared;

  board_init ();
  prepared = read_bench ();
  if (prepared)
    begin ();
  for (;;)
    {
      if (prepared)
        pass ();
      board_feed_watchdog ();
      board_idle ();
    }
}
