/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_NODE_H
#define MF_NODE_H

#include "mf_clock.h"
#include "mf_credentials.h"
#include "mf_ring.h"
#include "mf_sparkplug.h"
#include "mf_store.h"
#include "mf_update.h"

/* A Sparkplug B 3.0 edge node. All the metrics of its tables are the node's own; what it says for
 * devices behind it is made by who owns them (mf_gateway.h). */

#define MF_TOPIC_MAX 192u
#define MF_KEEPALIVE_S 30u

enum mf_node_state
{
  MF_NODE_IDLE,    /* not started, or at its end */
  MF_NODE_WAITING, /* until it is time to connect */
  MF_NODE_CONNECTING,
  MF_NODE_SUBSCRIBING,
  MF_NODE_WAITING_HOST, /* connected, the primary host is not */
  MF_NODE_ONLINE,       /* born */
};

/* What a command asked for that is done by the next step. */
enum mf_node_wish
{
  MF_WISH_NONE,
  MF_WISH_REBIRTH,
  MF_WISH_REBOOT,
  MF_WISH_RELEASE,
};

/* A command for one of the devices that the node speaks for. */
typedef void (*mf_node_device_command) (void           *user,
                                        struct mf_bytes device,
                                        struct mf_bytes payload);

struct mf_node
{
  /* Set by mf_node_init(). */
  const struct mf_port        *port;
  struct mf_store             *store;
  struct mf_clock             *clock;
  const struct mf_metric_info *infos;
  struct mf_metric            *metrics;
  uint16_t                     n_metrics;
  struct mf_ring               ring;
  uint8_t          *tx; /* where payloads are made; may be shared by nodes of one thread */
  size_t            tx_size;
  struct mf_update *update; /* NULL: it cannot be updated; set after mf_node_init() */

  const struct mf_credentials *credentials;
  bool                         waits_for_host;
  enum mf_node_state           state;
  enum mf_node_wish            wish;
  bool     released;    /* Node Control/Release came: the owner forgets the credentials */
  uint64_t deadline_ms; /* monotonic: of the state */
  uint64_t flush_ms;    /* monotonic: when more of the ring may go */
  unsigned broker;      /* index of the host to try */
  unsigned attempts;    /* since it was last online */
  unsigned awaited;     /* subscriptions not yet confirmed */
  uint8_t  bd_seq;
  uint8_t  seq;
  uint64_t host_time_ms; /* of the newest STATE */
  bool     host_online;
  bool     identifying;
  uint64_t identify_until_ms;
  uint64_t online_ms; /* monotonic: when the host was there last; at first, when it began */
  uint32_t refused;   /* commands that were none, or out of range */
  uint32_t births; /* NBIRTHs since mf_node_init(): after each, every device is to be born again */

  mf_node_device_command device_command; /* NULL: it has no devices; set after mf_node_init() */
  void                  *device_user;
};

/* Nothing of it is allocated: `infos`, `metrics` (zeroed), `samples` and `tx` are the caller's and
 * live as long. `tx` must hold a birth, and MF_STORE_VALUE_MAX bytes. */
void mf_node_init (struct mf_node              *self,
                   const struct mf_port        *port,
                   struct mf_store             *store,
                   struct mf_clock             *clock,
                   const struct mf_metric_info *infos,
                   struct mf_metric            *metrics,
                   uint16_t                     n_metrics,
                   struct mf_sample            *samples,
                   uint32_t                     n_samples,
                   uint8_t                     *tx,
                   size_t                       tx_size);

/* Takes up work with these credentials, which must live until mf_node_stop(). */
void mf_node_start (struct mf_node *self, const struct mf_credentials *credentials);

/* Says NDEATH where it was born, and leaves. */
void mf_node_stop (struct mf_node *self);

/* Does what is due and returns in how many milliseconds to come again at the latest. */
uint32_t mf_node_step (struct mf_node *self);

/* Publishes what there is to say of the update, where the node is online. */
void mf_node_report_update (struct mf_node *self);

/* Does what is due of the update, which the node must have, tells of it, and resets the unit when
 * the boot is to go on. Returns in how many milliseconds to come again at the latest. */
uint32_t mf_node_step_update (struct mf_node *self);

/* A message for a device behind the node: begin, write metrics, publish as "DBIRTH", "DDATA" or
 * "DDEATH". False: the node is not online, the message did not fit, or the transport took nothing.
 */
void mf_node_begin_device (struct mf_node *self, struct mf_writer *writer);
bool mf_node_publish_device (struct mf_node   *self,
                             struct mf_writer *writer,
                             const char       *kind,
                             const char       *device);

/* Reads the metric anew and publishes it, changed or not. */
void mf_node_touch (struct mf_node *self, uint16_t metric);

/* What the transport reports. */
void mf_node_connected (struct mf_node *self);
void mf_node_disconnected (struct mf_node *self);
void mf_node_subscribed (struct mf_node *self, bool granted);
void mf_node_message (struct mf_node *self, const char *topic, struct mf_bytes payload);

#endif
