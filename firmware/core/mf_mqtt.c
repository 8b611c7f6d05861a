/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_mqtt.h"

#include <string.h>

#define PING_PATIENCE_MS 10000u
#define IDLE_MS 60000u
#define HEAD_MAX 5u /* kind, and the remaining length in one to four bytes */
#define REMAINING_MAX 268435455u

/* MQTT 3.1.1, section 2.2.1, with the flags that section 2.2.2 wants. */
enum packet
{
  CONNECT = 0x10,
  CONNACK = 0x20,
  PUBLISH = 0x30,
  PUBACK = 0x40,
  SUBSCRIBE = 0x82,
  SUBACK = 0x90,
  PINGREQ = 0xC0,
  PINGRESP = 0xD0,
  DISCONNECT = 0xE0,
};

void
mf_mqtt_init (struct mf_mqtt           *self,
              const struct mf_mqtt_ops *ops,
              void                     *user,
              uint8_t                  *rx,
              size_t                    rx_size)
{
  memset (self, 0, sizeof *self);
  self->ops = ops;
  self->user = user;
  self->rx = rx;
  self->rx_size = (uint16_t)rx_size;
}

/* --- writing --- */

static void
put (struct mf_mqtt *self, const void *bytes, size_t size)
{
  if (size > 0)
    self->ops->write (self->user, bytes, size);
}

static void
put_number (struct mf_mqtt *self, uint16_t number)
{
  const uint8_t bytes[] = { (uint8_t)(number >> 8), (uint8_t)number };

  put (self, bytes, sizeof bytes);
}

static void
put_field (struct mf_mqtt *self, const void *bytes, size_t size)
{
  put_number (self, (uint16_t)size);
  put (self, bytes, size);
}

static void
put_text (struct mf_mqtt *self, const char *text)
{
  put_field (self, text, strlen (text));
}

/* Begins a packet. False: there is no room for all of it. */
static bool
begin (struct mf_mqtt *self, uint32_t now_ms, unsigned kind, size_t size)
{
  uint8_t head[HEAD_MAX];
  size_t  used = 1, left = size;

  if (size > REMAINING_MAX || self->ops->room (self->user) < HEAD_MAX + size)
    return false;
  head[0] = (uint8_t)kind;
  do
    {
      head[used++] = (uint8_t)((left & 0x7F) | (left > 0x7F ? 0x80u : 0u));
      left >>= 7;
    }
  while (left > 0);
  put (self, head, used);
  self->said_ms = now_ms;
  return true;
}

static size_t
field_size (const char *text)
{
  return 2 + strlen (text);
}

/* Section 3.1: a clean session, a will with QoS 1, user name and password. */
static bool
greet (struct mf_mqtt *self, uint32_t now_ms, const struct mf_connect *how)
{
  static const uint8_t protocol[] = {
    0, 4, 'M', 'Q', 'T', 'T', 4, 0x80 | 0x40 | 0x08 | 0x04 | 0x02
  };

  if (!begin (self, now_ms, CONNECT,
              sizeof protocol + 2 + field_size (how->client_id) + field_size (how->will_topic) + 2 +
                how->will.size + field_size (how->username) + field_size (how->password)))
    return false;
  put (self, protocol, sizeof protocol);
  put_number (self, how->keepalive_s);
  put_text (self, how->client_id);
  put_text (self, how->will_topic);
  put_field (self, how->will.data, how->will.size);
  put_text (self, how->username);
  put_text (self, how->password);
  return true;
}

static uint16_t
next_id (struct mf_mqtt *self)
{
  if (++self->packet_id == 0)
    self->packet_id = 1;
  return self->packet_id;
}

bool
mf_mqtt_connect (struct mf_mqtt *self, uint32_t now_ms, const struct mf_connect *how)
{
  if (self->state != MF_MQTT_CLOSED || !self->ops->open (self->user, how))
    return false;
  self->rx_used = 0;
  self->skip = 0;
  self->pinged = false;
  self->keepalive_ms = how->keepalive_s * 1000u;
  if (!greet (self, now_ms, how))
    {
      self->ops->close (self->user);
      return false;
    }
  self->state = MF_MQTT_CONNECTING;
  return true;
}

bool
mf_mqtt_subscribe (struct mf_mqtt *self, uint32_t now_ms, const char *topic, int qos)
{
  const uint8_t wanted = (uint8_t)qos;

  if (self->state != MF_MQTT_UP || !begin (self, now_ms, SUBSCRIBE, 2 + field_size (topic) + 1))
    return false;
  put_number (self, next_id (self));
  put_text (self, topic);
  put (self, &wanted, 1);
  return true;
}

bool
mf_mqtt_publish (struct mf_mqtt *self,
                 uint32_t        now_ms,
                 const char     *topic,
                 struct mf_bytes payload,
                 int             qos,
                 bool            retain)
{
  unsigned kind = PUBLISH | (qos > 0 ? 2u : 0u) | (retain ? 1u : 0u);

  if (self->state != MF_MQTT_UP ||
      !begin (self, now_ms, kind, field_size (topic) + (qos > 0 ? 2u : 0u) + payload.size))
    return false;
  put_text (self, topic);
  if (qos > 0)
    put_number (self, next_id (self));
  put (self, payload.data, payload.size);
  return true;
}

void
mf_mqtt_disconnect (struct mf_mqtt *self)
{
  if (self->state == MF_MQTT_CLOSED)
    return;
  if (self->state == MF_MQTT_UP)
    begin (self, self->said_ms, DISCONNECT, 0);
  self->state = MF_MQTT_CLOSED;
  self->ops->close (self->user);
}

void
mf_mqtt_closed (struct mf_mqtt *self)
{
  if (self->state == MF_MQTT_CLOSED)
    return;
  self->state = MF_MQTT_CLOSED;
  self->ops->disconnected (self->user);
}

static void
fail (struct mf_mqtt *self)
{
  self->ops->close (self->user);
  mf_mqtt_closed (self);
}

/* --- reading --- */

static uint16_t
get_number (const uint8_t *bytes)
{
  return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* Section 3.3. The topic moves onto the byte before it, so that a NUL has room behind. */
static bool
take_message (struct mf_mqtt *self, uint32_t now_ms, unsigned kind, uint8_t *body, size_t size)
{
  unsigned        qos = kind >> 1 & 3u;
  struct mf_bytes payload;
  size_t          topic = size < 2 ? 0 : get_number (body), at = 2 + topic;
  uint16_t        id = 0;

  if (size < at + (qos > 0 ? 2u : 0u) || topic == 0 || qos > 1)
    return false;
  if (qos > 0)
    {
      id = get_number (body + at);
      at += 2;
    }
  memmove (body + 1, body + 2, topic);
  body[1 + topic] = 0;
  if (strlen ((const char *)body + 1) != topic)
    return false;
  payload.data = body + at;
  payload.size = size - at;
  if (qos > 0 && begin (self, now_ms, PUBACK, 2))
    put_number (self, id);
  self->ops->message (self->user, (const char *)body + 1, payload);
  return true;
}

/* A whole packet. False: it is none that a broker may send now. */
static bool
take_packet (struct mf_mqtt *self, uint32_t now_ms, uint8_t *body, size_t size)
{
  unsigned kind = self->rx[0];

  if (self->state == MF_MQTT_CONNECTING)
    {
      if (kind != CONNACK || size != 2 || body[1] != 0)
        return false;
      self->state = MF_MQTT_UP;
      self->ops->connected (self->user);
      return true;
    }
  if ((kind & 0xF0u) == PUBLISH)
    return take_message (self, now_ms, kind, body, size);
  if (kind == SUBACK && size == 3)
    self->ops->subscribed (self->user, body[2] < 0x80);
  else if (kind == PINGRESP && size == 0)
    self->pinged = false;
  else
    return kind == PUBACK && size == 2;
  return true;
}

/* The length of the packet that rx holds the beginning of: its head in `head`, what follows in
 * `body`. False: that cannot be said yet; with `head` 0 it never can. */
static bool
measure (const struct mf_mqtt *self, size_t *head, uint32_t *body)
{
  size_t at;

  *body = 0;
  *head = 1;
  for (at = 1; at < HEAD_MAX && at < self->rx_used; at++)
    {
      *body |= (uint32_t)(self->rx[at] & 0x7Fu) << (7 * (at - 1));
      if ((self->rx[at] & 0x80u) == 0)
        {
          *head = at + 1;
          return true;
        }
    }
  if (at == HEAD_MAX)
    *head = 0;
  return false;
}

/* Takes one byte. False: the session cannot go on. */
static bool
take_byte (struct mf_mqtt *self, uint32_t now_ms, uint8_t byte)
{
  size_t   head;
  uint32_t body;

  self->rx[self->rx_used++] = byte;
  if (!measure (self, &head, &body))
    return head != 0;
  if (head + body > self->rx_size)
    {
      self->too_long++;
      self->skip = body;
      self->rx_used = 0;
    }
  else if (self->rx_used == head + body)
    {
      self->rx_used = 0;
      return take_packet (self, now_ms, self->rx + head, body);
    }
  return true;
}

void
mf_mqtt_bytes (struct mf_mqtt *self, uint32_t now_ms, const uint8_t *bytes, size_t size)
{
  for (; size > 0 && self->state != MF_MQTT_CLOSED; bytes++, size--)
    if (self->skip > 0)
      self->skip--;
    else if (!take_byte (self, now_ms, *bytes))
      fail (self);
}

static uint32_t
since (uint32_t now_ms, uint32_t then_ms)
{
  return now_ms - then_ms;
}

uint32_t
mf_mqtt_step (struct mf_mqtt *self, uint32_t now_ms)
{
  uint32_t wait;

  if (self->state != MF_MQTT_UP || self->keepalive_ms == 0)
    return IDLE_MS;
  if (self->pinged && since (now_ms, self->pinged_ms) >= PING_PATIENCE_MS)
    {
      fail (self);
      return IDLE_MS;
    }
  wait = self->keepalive_ms / 2;
  if (!self->pinged && since (now_ms, self->said_ms) >= wait && begin (self, now_ms, PINGREQ, 0))
    {
      self->pinged = true;
      self->pinged_ms = now_ms;
    }
  return self->pinged ? PING_PATIENCE_MS : wait;
}
