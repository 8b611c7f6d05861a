/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "mf_at.h"
#include "mf_mqtt.h"

/* What a modem says at its line, and what the broker says through it: the input goes to the modem's
 * end as it is, and to the client of MQTT as data of the connection. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

struct board
{
  struct mf_at   modem;
  struct mf_mqtt mqtt;
  uint8_t        tx[512], rx[MF_MQTT_RX_LEAST];
};

static void
send_bytes (void *user, const uint8_t *bytes, size_t size)
{
}

static void
receive (void *user, struct mf_bytes piece)
{
  mf_mqtt_bytes (&((struct board *)user)->mqtt, 0, piece.data, piece.size);
}

static void
be_closed (void *user)
{
  mf_mqtt_closed (&((struct board *)user)->mqtt);
}

static bool
open_stream (void *user, const struct mf_connect *how)
{
  return mf_at_open (&((struct board *)user)->modem, how);
}

static size_t
get_room (void *user)
{
  return mf_at_room (&((struct board *)user)->modem);
}

static void
write_stream (void *user, const uint8_t *bytes, size_t size)
{
  if (size > get_room (user))
    abort ();
  mf_at_write (&((struct board *)user)->modem, bytes, size);
}

static void
close_stream (void *user)
{
  mf_at_close (&((struct board *)user)->modem);
}

static void
connected (void *user)
{
  mf_mqtt_subscribe (&((struct board *)user)->mqtt, 0, "a/#", 1);
}

static void
disconnected (void *user)
{
}

static void
subscribed (void *user, bool granted)
{
}

/* It answers, as a node does. */
static void
message (void *user, const char *topic, struct mf_bytes payload)
{
  if (strlen (topic) == 0 || payload.size > MF_MQTT_RX_LEAST)
    abort ();
  mf_mqtt_publish (&((struct board *)user)->mqtt, 0, topic, payload, 0, false);
}

static const struct mf_at_ops   modem_ops = { send_bytes, receive, be_closed };
static const struct mf_mqtt_ops mqtt_ops = {
  open_stream, get_room, write_stream, close_stream, connected, disconnected, subscribed, message,
};

/* The first byte says where the modem stands. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const struct mf_at_network network = { "n", "p", true };
  static const struct mf_connect    how = {
       .host = "h",
       .tls_name = "",
       .client_id = "i",
       .username = "u",
       .password = "p",
       .will_topic = "w",
  };
  struct board board;

  if (size == 0)
    return 0;
  memset (&board, 0, sizeof board);
  mf_at_init (&board.modem, &modem_ops, &board, &network, board.tx, sizeof board.tx);
  mf_mqtt_init (&board.mqtt, &mqtt_ops, &board, board.rx, sizeof board.rx);
  mf_mqtt_connect (&board.mqtt, 0, &how);
  board.modem.state = (enum mf_at_state) (data[0] % (MF_AT_CLOSING + 1));
  if (data[0] & 0x40)
    board.mqtt.state = MF_MQTT_UP;
  if (data[0] & 0x80)
    mf_mqtt_bytes (&board.mqtt, 0, data + 1, size - 1);
  else
    mf_at_bytes (&board.modem, 0, data + 1, size - 1);
  mf_at_step (&board.modem, 10);
  mf_mqtt_step (&board.mqtt, 10);
  return 0;
}
