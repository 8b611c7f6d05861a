/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_MQTT_H
#define MF_MQTT_H

#include "mf_port.h"

/*
 * An MQTT client (OASIS MQTT 3.1.1) for boards whose network gives a stream of bytes and no more: a
 * modem, or a TCP stack. It does what mf_node asks of a port's transport: one clean session with a
 * will, subscriptions and messages with QoS 0 and 1. With QoS 1 a message is sent once: what the
 * broker does not acknowledge ends with the session, and a node says it all anew in the next.
 */

/* The largest packet that must be received; longer ones are passed over and counted. */
#define MF_MQTT_RX_LEAST 256u

enum mf_mqtt_state
{
  MF_MQTT_CLOSED,
  MF_MQTT_CONNECTING,
  MF_MQTT_UP,
};

struct mf_mqtt_ops
{
  /* The stream. open() answers later, by bytes or by mf_mqtt_closed(); false: refused at once.
   * write() is called for what has room only, from open() on; the stream keeps it until it can be
   * sent. close() sends what is kept, then ends the stream; mf_mqtt_closed() need not follow. */
  bool (*open) (void *user, const struct mf_connect *how);
  size_t (*room) (void *user);
  void (*write) (void *user, const uint8_t *bytes, size_t size);
  void (*close) (void *user);

  /* What comes of it. */
  void (*connected) (void *user);
  void (*disconnected) (void *user);
  void (*subscribed) (void *user, bool granted);
  void (*message) (void *user, const char *topic, struct mf_bytes payload);
};

struct mf_mqtt
{
  const struct mf_mqtt_ops *ops;
  void                     *user;
  enum mf_mqtt_state        state;
  uint8_t                  *rx;
  uint16_t                  rx_size, rx_used;
  uint32_t                  skip; /* bytes that are left of a packet that is too long */
  uint16_t                  packet_id;
  uint32_t                  keepalive_ms;
  uint32_t                  said_ms;
  uint32_t                  pinged_ms;
  bool                      pinged; /* and not answered */
  uint32_t                  too_long;
};

/* `rx`, of at least MF_MQTT_RX_LEAST bytes, is the caller's. */
void mf_mqtt_init (struct mf_mqtt           *self,
                   const struct mf_mqtt_ops *ops,
                   void                     *user,
                   uint8_t                  *rx,
                   size_t                    rx_size);

/* As mf_port_ops has them. `now_ms` is monotonic and may wrap. */
bool mf_mqtt_connect (struct mf_mqtt *self, uint32_t now_ms, const struct mf_connect *how);
bool mf_mqtt_subscribe (struct mf_mqtt *self, uint32_t now_ms, const char *topic, int qos);
bool mf_mqtt_publish (struct mf_mqtt *self,
                      uint32_t        now_ms,
                      const char     *topic,
                      struct mf_bytes payload,
                      int             qos,
                      bool            retain);
void mf_mqtt_disconnect (struct mf_mqtt *self);

/* What the stream brought, and that it has ended. */
void mf_mqtt_bytes (struct mf_mqtt *self, uint32_t now_ms, const uint8_t *bytes, size_t size);
void mf_mqtt_closed (struct mf_mqtt *self);

/* Keeps the session alive; returns in how many milliseconds to come again at the latest. */
uint32_t mf_mqtt_step (struct mf_mqtt *self, uint32_t now_ms);

#endif
