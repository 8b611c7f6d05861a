/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_node.h"
#include "mf_node_private.h"
#include "mf_text.h"

#define CONNECT_TIMEOUT_MS 30000u
#define SUBSCRIBE_TIMEOUT_MS 15000u
#define HOST_TIMEOUT_MS 15000u
#define RETRY_MIN_MS 500u
#define RETRY_MAX_MS 30000u
#define FLUSH_EVERY_MS 20u
#define STEP_MAX_MS 1000u

uint64_t
mf_node_now (const struct mf_node *self)
{
  return self->port->ops->monotonic_ms (self->port->user);
}

void
mf_node_init (struct mf_node              *self,
              const struct mf_port        *port,
              struct mf_store             *store,
              struct mf_clock             *clock,
              const struct mf_metric_info *infos,
              struct mf_metric            *metrics,
              uint16_t                     n_metrics,
              struct mf_sample            *samples,
              uint32_t                     n_samples,
              uint8_t                     *tx,
              size_t                       tx_size)
{
  memset (self, 0, sizeof *self);
  self->port = port;
  self->store = store;
  self->clock = clock;
  self->infos = infos;
  self->metrics = metrics;
  self->n_metrics = n_metrics;
  self->tx = tx;
  self->tx_size = tx_size;
  mf_ring_init (&self->ring, samples, n_samples);
  self->online_ms = mf_node_now (self);
  mf_node_load_safe (self);
}

static void
enter (struct mf_node *self, enum mf_node_state state, uint32_t timeout_ms)
{
  self->state = state;
  self->deadline_ms = mf_node_now (self) + timeout_ms;
}

/* Twice as long after each failure; every wait is drawn from its upper half, so that a site's nodes
 * do not come in step. */
static void
wait_and_retry (struct mf_node *self)
{
  uint32_t longest = RETRY_MAX_MS, random;

  if (self->attempts < 6)
    longest = RETRY_MIN_MS << self->attempts;
  if (longest > RETRY_MAX_MS)
    longest = RETRY_MAX_MS;
  self->port->ops->random (self->port->user, &random, sizeof random);
  self->attempts++;
  enter (self, MF_NODE_WAITING, longest / 2 + random % (longest / 2));
}

/* Samples that were read but not published are kept like those read offline. */
static void
keep_unsent (struct mf_node *self)
{
  uint16_t index;

  for (index = 0; index < self->n_metrics; index++)
    {
      struct mf_metric *metric = &self->metrics[index];

      if (metric->dirty && self->infos[index].keeps)
        mf_node_keep (self, index);
      metric->dirty = false;
    }
}

void
mf_node_start (struct mf_node *self, const struct mf_credentials *credentials)
{
  uint16_t index;

  self->credentials = credentials;
  self->waits_for_host = credentials->host_id[0] != '\0';
  self->released = false;
  self->wish = MF_WISH_NONE;
  self->attempts = 0;
  self->broker = 0;
  self->host_time_ms = 0;
  for (index = 0; index < self->n_metrics; index++)
    mf_node_read (self, index);
  enter (self, MF_NODE_WAITING, 0);
}

/* Leaves the broker as the specification wants it: the death first, since the will stays unsaid. */
static void
leave (struct mf_node *self)
{
  if (self->state == MF_NODE_ONLINE)
    mf_node_publish_death (self);
  if (self->state >= MF_NODE_CONNECTING)
    self->port->ops->disconnect (self->port->user);
  keep_unsent (self);
}

void
mf_node_stop (struct mf_node *self)
{
  leave (self);
  self->state = MF_NODE_IDLE;
  self->wish = MF_WISH_NONE;
}

static void
next_broker (struct mf_node *self)
{
  self->broker = (self->broker + 1) % self->credentials->n_hosts;
}

/* The number of the session goes to the flash before the broker hears of it: no two sessions share
 * one. */
static bool
count_session (struct mf_node *self)
{
  uint8_t  record[9];
  uint64_t now = mf_clock_now (self->clock);
  int      at;

  self->bd_seq = mf_store_get (self->store, MF_KEY_SESSION, record, sizeof record) == sizeof record
                   ? (uint8_t)(record[0] + 1)
                   : 0;
  record[0] = self->bd_seq;
  for (at = 0; at < 8; at++)
    record[1 + at] = (uint8_t)(now >> (8 * at));
  return mf_store_set (self->store, MF_KEY_SESSION, record, sizeof record);
}

static void
connect_now (struct mf_node *self)
{
  const struct mf_credentials *credentials = self->credentials;
  uint8_t                      will[64];
  char                         topic[MF_TOPIC_MAX];
  struct mf_connect            how = {
               .host = credentials->hosts[self->broker],
               .port = credentials->port,
               .tls_name = credentials->tls_name,
               .ca = { credentials->ca, credentials->ca_size },
               .client_id = credentials->username,
               .username = credentials->username,
               .password = credentials->password,
               .keepalive_s = MF_KEEPALIVE_S,
               .will_topic = topic,
  };

  if (!count_session (self))
    {
      wait_and_retry (self);
      return;
    }
  mf_node_topic (self, "NDEATH", topic);
  how.will = mf_node_death (self, will, sizeof will);
  enter (self, MF_NODE_CONNECTING, CONNECT_TIMEOUT_MS);
  if (!self->port->ops->connect (self->port->user, &how))
    {
      next_broker (self);
      wait_and_retry (self);
    }
}

static bool
subscribe (struct mf_node *self)
{
  const struct mf_port *port = self->port;
  char                  topic[MF_TOPIC_MAX];

  self->awaited = 1u + (self->device_command != NULL ? 1u : 0u) + (self->waits_for_host ? 1u : 0u);
  mf_node_topic (self, "NCMD", topic);
  if (!port->ops->subscribe (port->user, topic, 1))
    return false;
  if (self->device_command != NULL)
    {
      mf_node_topic (self, "DCMD", topic);
      if (!mf_text_append (topic, sizeof topic, "/+") ||
          !port->ops->subscribe (port->user, topic, 1))
        return false;
    }
  if (!self->waits_for_host)
    return true;
  mf_node_state_topic (self, topic);
  return port->ops->subscribe (port->user, topic, 1);
}

static void
fail (struct mf_node *self)
{
  self->port->ops->disconnect (self->port->user);
  keep_unsent (self);
  next_broker (self);
  wait_and_retry (self);
}

void
mf_node_connected (struct mf_node *self)
{
  if (self->state != MF_NODE_CONNECTING)
    return;
  enter (self, MF_NODE_SUBSCRIBING, SUBSCRIBE_TIMEOUT_MS);
  self->host_time_ms = 0;
  self->host_online = false;
  if (!subscribe (self))
    fail (self);
}

void
mf_node_disconnected (struct mf_node *self)
{
  if (self->state < MF_NODE_CONNECTING)
    return;
  keep_unsent (self);
  if (self->state != MF_NODE_ONLINE)
    next_broker (self);
  wait_and_retry (self);
}

static void
come_online (struct mf_node *self)
{
  if (!mf_node_publish_birth (self))
    {
      fail (self);
      return;
    }
  self->attempts = 0;
  self->flush_ms = 0;
  enter (self, MF_NODE_ONLINE, 0);
}

void
mf_node_subscribed (struct mf_node *self, bool granted)
{
  if (self->state != MF_NODE_SUBSCRIBING || self->awaited == 0)
    return;
  if (!granted)
    {
      fail (self);
      return;
    }
  if (--self->awaited > 0)
    return;
  /* A retained STATE may have come before its SUBACK. */
  if (self->waits_for_host && !self->host_online)
    enter (self, MF_NODE_WAITING_HOST, HOST_TIMEOUT_MS);
  else
    come_online (self);
}

static void
host_state (struct mf_node *self, struct mf_bytes payload)
{
  uint64_t time_ms;
  bool     online;

  if (!mf_sparkplug_state (payload, &online, &time_ms) || time_ms < self->host_time_ms)
    return;
  self->host_time_ms = time_ms;
  self->host_online = online;
  mf_clock_at_least (self->clock, time_ms);
  if (online && self->state == MF_NODE_WAITING_HOST)
    come_online (self);
  else if (!online && self->state == MF_NODE_ONLINE)
    {
      leave (self);
      next_broker (self);
      wait_and_retry (self);
    }
}

/* A command for a device behind the node; false: `topic` is that of none. */
static bool
device_command (struct mf_node *self, const char *topic, struct mf_bytes payload)
{
  char            prefix[MF_TOPIC_MAX];
  struct mf_bytes device;
  size_t          size;

  if (self->device_command == NULL)
    return false;
  mf_node_topic (self, "DCMD", prefix);
  mf_text_append (prefix, sizeof prefix, "/");
  size = strlen (prefix);
  if (strncmp (topic, prefix, size) != 0)
    return false;
  device = mf_text_bytes (topic + size);
  if (self->state == MF_NODE_ONLINE)
    self->device_command (self->device_user, device, payload);
  return true;
}

void
mf_node_message (struct mf_node *self, const char *topic, struct mf_bytes payload)
{
  char known[MF_TOPIC_MAX];

  if (self->state < MF_NODE_SUBSCRIBING)
    return;
  if (self->waits_for_host)
    {
      mf_node_state_topic (self, known);
      if (strcmp (topic, known) == 0)
        {
          host_state (self, payload);
          return;
        }
    }
  if (device_command (self, topic, payload))
    return;
  mf_node_topic (self, "NCMD", known);
  if (strcmp (topic, known) == 0 && self->state == MF_NODE_ONLINE)
    mf_node_command (self, payload);
}

/* What of a state's time is over. */
static void
check_deadline (struct mf_node *self, uint64_t now)
{
  if (now < self->deadline_ms)
    return;
  switch (self->state)
    {
    case MF_NODE_WAITING:
      connect_now (self);
      break;
    case MF_NODE_CONNECTING:
    case MF_NODE_SUBSCRIBING:
      fail (self);
      break;
    case MF_NODE_WAITING_HOST:
      /* The host may be at another broker. */
      if (self->credentials->n_hosts > 1)
        fail (self);
      else
        enter (self, MF_NODE_WAITING_HOST, HOST_TIMEOUT_MS);
      break;
    case MF_NODE_IDLE:
    case MF_NODE_ONLINE:
    default:
      break;
    }
}

static void
grant_wish (struct mf_node *self)
{
  enum mf_node_wish wish = self->wish;

  self->wish = MF_WISH_NONE;
  switch (wish)
    {
    case MF_WISH_REBIRTH:
      if (!mf_node_publish_birth (self))
        fail (self);
      break;
    case MF_WISH_REBOOT:
      mf_node_publish_control (self, MF_CONTROL_REBOOT, true);
      mf_node_stop (self);
      self->port->ops->reset (self->port->user, MF_RESET_COMMAND);
      break;
    case MF_WISH_RELEASE:
      mf_node_publish_control (self, MF_CONTROL_RELEASE, true);
      mf_node_stop (self);
      self->released = true;
      break;
    case MF_WISH_NONE:
    default:
      break;
    }
}

static void
work_online (struct mf_node *self, uint64_t now)
{
  if (self->identifying && now >= self->identify_until_ms)
    mf_node_identify (self, false);
  mf_node_publish_dirty (self);
  if (self->ring.count > 0 && now >= self->flush_ms)
    {
      mf_node_publish_kept (self);
      self->flush_ms = now + FLUSH_EVERY_MS;
    }
}

static uint32_t
until (uint64_t now, uint64_t due, uint32_t least)
{
  uint64_t left = due > now ? due - now : 0;

  return left < least ? (uint32_t)left : least;
}

uint32_t
mf_node_step (struct mf_node *self)
{
  uint64_t now = mf_node_now (self);
  uint32_t wait;
  uint16_t index;

  self->port->ops->watchdog (self->port->user);
  wait = mf_node_fall_back (self, now);
  if (self->state == MF_NODE_IDLE)
    return wait;
  check_deadline (self, now);
  for (index = 0; index < self->n_metrics; index++)
    {
      mf_node_sample (self, index, now);
      if (self->metrics[index].due_ms > 0)
        wait = until (now, self->metrics[index].due_ms, wait);
    }
  if (self->state == MF_NODE_ONLINE)
    {
      grant_wish (self);
      if (self->state == MF_NODE_ONLINE)
        work_online (self, now);
      if (self->ring.count > 0)
        wait = until (now, self->flush_ms, wait);
    }
  else if (self->state != MF_NODE_IDLE)
    wait = until (now, self->deadline_ms, wait);
  return wait;
}
