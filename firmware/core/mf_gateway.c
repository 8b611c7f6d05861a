/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_gateway_private.h"
#include "mf_octets.h"
#include "mf_text.h"

#define SAMPLE_SIZE 10u
#define SAMPLES_HEAD 10u
#define METRIC_HEAD 20u
#define IDENTITY_HEAD 27u
#define RESULT_SIZE 7u
#define SAFE_SIZE 5u
#define SLOWEST_CLOCK 256u /* loses one part in so many */
#define BLINK_MS 10000u
#define RESET_MS 700u

static uint32_t
now32 (const struct mf_gateway *self)
{
  return (uint32_t)self->node->port->ops->monotonic_ms (self->node->port->user);
}

/* --- reading messages --- */

/* Takes a text with its length before it. False: it is none, or too long for `out`. */
static bool
take_text (struct mf_bytes *bytes, char *out, size_t size)
{
  struct mf_bytes text;

  if (bytes->size < 1 || bytes->size < 1u + bytes->data[0])
    return false;
  text.data = bytes->data + 1;
  text.size = bytes->data[0];
  bytes->data += 1 + text.size;
  bytes->size -= 1 + text.size;
  return mf_text_is_utf8 (text) && mf_text_copy (out, size, text);
}

static float
get_float (const uint8_t *bytes)
{
  union mf_unit_value value;

  value.u = mf_get32 (bytes);
  return value.f;
}

union mf_value
mf_gateway_widen (enum mf_type type, uint32_t bits)
{
  union mf_value      value;
  union mf_unit_value narrow;

  memset (&value, 0, sizeof value);
  narrow.u = bits;
  if (type == MF_TYPE_FLOAT)
    value.f = narrow.f;
  else if (type == MF_TYPE_BOOLEAN)
    value.b = bits != 0;
  else if (type <= MF_TYPE_INT32)
    value.i = narrow.i;
  else
    value.u = bits;
  return value;
}

static bool
is_type (uint8_t type)
{
  return (type >= MF_TYPE_INT8 && type <= MF_TYPE_UINT32 && type != MF_TYPE_INT64) ||
         type == MF_TYPE_FLOAT || type == MF_TYPE_BOOLEAN;
}

/* --- who it is --- */

static uint64_t
utc_now (const struct mf_gateway *self)
{
  return mf_clock_now (self->node->clock);
}

/* UTC when the unit's clock said, or will say, `unit_ms`; that clock wraps. */
static uint64_t
utc_of (const struct mf_gateway *self, uint32_t unit_ms)
{
  return self->utc_ms + (uint64_t)(int64_t)(int32_t)(unit_ms - self->unit_ms);
}

/* The unit's clock says `unit_ms` now, or said so when the message was made. A message is late at
 * most, so what has it begun earliest is the best known; what speaks for a later beginning may be a
 * clock that goes slow, and moves it on by no more than such a clock would. */
static void
note_clock (struct mf_gateway *self, uint32_t unit_ms)
{
  uint64_t utc_ms = utc_now (self), known_ms = utc_of (self, unit_ms), lag = 0;
  uint32_t now_ms = now32 (self), drift = (now_ms - self->clock_ms) / SLOWEST_CLOCK;

  if (utc_ms < known_ms)
    known_ms = utc_ms;
  else
    lag = utc_ms - known_ms;
  self->utc_ms = known_ms + (lag < drift ? lag : drift);
  self->unit_ms = unit_ms;
  self->clock_ms = now_ms;
}

static bool
same_texts (const struct mf_gateway_texts *a, const struct mf_gateway_texts *b)
{
  return strcmp (a->serial, b->serial) == 0 && strcmp (a->model, b->model) == 0 &&
         strcmp (a->hardware, b->hardware) == 0 && strcmp (a->firmware, b->firmware) == 0;
}

static void
take_identity (struct mf_gateway *self, struct mf_bytes payload)
{
  struct mf_gateway_texts texts;
  struct mf_bytes         rest = { payload.data + IDENTITY_HEAD, 0 };
  uint32_t                starts;

  if (payload.size < IDENTITY_HEAD)
    return;
  rest.size = payload.size - IDENTITY_HEAD;
  if (!take_text (&rest, texts.serial, sizeof texts.serial) ||
      !take_text (&rest, texts.model, sizeof texts.model) ||
      !take_text (&rest, texts.hardware, sizeof texts.hardware) ||
      !take_text (&rest, texts.firmware, sizeof texts.firmware) ||
      !mf_text_is_topic_level (texts.serial))
    return;
  /* Samples that wait name metrics of the table as it was. */
  if (!same_texts (&self->texts, &texts))
    {
      mf_ring_drop_oldest (&self->ring, self->ring.count);
      memset (self->infos, 0, sizeof self->infos);
      memset (self->has_safe, 0, sizeof self->has_safe);
    }
  starts = mf_get32 (payload.data + 2);
  if (starts != self->starts || strcmp (texts.serial, self->texts.serial) != 0)
    {
      self->next_sample = 0;
      self->utc_ms = utc_now (self);
      self->unit_ms = mf_get32 (payload.data + 6);
    }
  self->texts = texts;
  self->starts = starts;
  note_clock (self, mf_get32 (payload.data + 6));
  self->dropped = mf_get32 (payload.data + 14);
  self->security_counter = mf_get32 (payload.data + 18);
  self->cause = payload.data[22];
  self->has_loader = payload.data[24] == MF_UNIT_UPDATED_BY_LOADER;
  self->can_update = (payload.data[24] == MF_UNIT_UPDATED_BY_MESSAGES || self->has_loader) &&
                     self->ops->fetch != NULL;
  self->slot = payload.data[25];
  self->boot_state = payload.data[26];
  self->n_metrics =
    payload.data[23] < MF_GATEWAY_METRICS ? payload.data[23] : (uint8_t)MF_GATEWAY_METRICS;
  self->learnt = 0;
  self->known = true;
  mf_gateway_update_session (self);
}

/* --- what it measures --- */

static void
take_metric (struct mf_gateway *self, struct mf_bytes payload)
{
  struct mf_bytes        rest = { payload.data + METRIC_HEAD, 0 };
  struct mf_metric_info *info;
  uint8_t                index;

  if (payload.size < METRIC_HEAD || payload.data[1] >= self->n_metrics ||
      !is_type (payload.data[2]))
    return;
  index = payload.data[1];
  rest.size = payload.size - METRIC_HEAD;
  if (!take_text (&rest, self->names[index], sizeof self->names[index]) ||
      !take_text (&rest, self->units[index], sizeof self->units[index]))
    return;
  info = &self->infos[index];
  memset (info, 0, sizeof *info);
  info->name = self->names[index];
  info->unit = self->units[index][0] != '\0' ? self->units[index] : NULL;
  info->type = (enum mf_type)payload.data[2];
  info->writable = (payload.data[3] & 1u) != 0;
  info->has_range = (payload.data[3] & 2u) != 0;
  info->low = (double)get_float (payload.data + 4);
  info->high = (double)get_float (payload.data + 8);
  info->keeps = true;
  self->has_safe[index] = (payload.data[3] & 4u) != 0 && rest.size >= SAFE_SIZE;
  if (self->has_safe[index])
    self->metrics[index].fall_back_s = mf_get32 (rest.data + 1);
  self->metrics[index].is_null = true;
  self->metrics[index].dirty = true; /* nothing is known of it yet */
  self->metrics[index].time_ms = utc_now (self);
}

/* --- samples --- */

/* Kept as the unit's 32 bits: what they are may become known later, and is at the latest when they
 * are published. */
static void
take_sample (struct mf_gateway *self, const uint8_t *bytes)
{
  struct mf_sample  sample = { .metric = bytes[0], .is_null = (bytes[1] & 1u) != 0 };
  struct mf_metric *metric;

  if (bytes[0] >= self->n_metrics)
    return;
  metric = &self->metrics[bytes[0]];
  sample.time_ms = utc_of (self, mf_get32 (bytes + 2));
  sample.value.u = mf_get32 (bytes + 6);
  metric->value = mf_gateway_widen (self->infos[bytes[0]].type, mf_get32 (bytes + 6));
  metric->is_null = sample.is_null;
  metric->dirty = false;
  metric->time_ms = sample.time_ms;
  mf_ring_push (&self->ring, &sample);
}

/* False: there is no room for them now. A unit whose samples wait cannot answer, so while its table
 * is asked for they are taken whatever the room: the oldest give way. */
static bool
take_samples (struct mf_gateway *self, struct mf_bytes payload)
{
  uint32_t number;
  uint8_t  at;

  if (payload.size < SAMPLES_HEAD || payload.size != SAMPLES_HEAD + payload.data[1] * SAMPLE_SIZE)
    return true;
  if (mf_gateway_is_learnt (self) && self->ring.count + payload.data[1] > self->ring.capacity)
    return false;
  number = mf_get32 (payload.data + 2);
  note_clock (self, mf_get32 (payload.data + 6));
  for (at = 0; at < payload.data[1]; at++)
    if (number + at >= self->next_sample)
      {
        take_sample (self, payload.data + SAMPLES_HEAD + at * SAMPLE_SIZE);
        self->next_sample = number + at + 1;
      }
  return true;
}

/* --- asking --- */

/* The session ends with the unit's reset, of which nothing else is heard. */
static void
expect_reset (struct mf_gateway *self)
{
  self->resetting = true;
  self->reset_ms = now32 (self) + RESET_MS;
}

/* The unit was told when an output is to fall back; whatever came of it, the host sees what holds.
 */
static void
take_safe (struct mf_gateway *self, bool done)
{
  if (self->asked != MF_UNIT_FALL_BACK || self->asked_metric >= self->n_metrics)
    return;
  if (done)
    self->metrics[self->asked_metric].fall_back_s = self->asked_s;
  else
    self->refused++;
  mf_gateway_publish_safe (self, self->asked_metric);
}

static void
take_result (struct mf_gateway *self, const uint8_t *payload)
{
  bool done = payload[2] == MF_UNIT_DONE;

  if ((payload[1] == MF_UNIT_REBOOT || payload[1] == MF_UNIT_UPDATE_ACTIVATE) && done)
    expect_reset (self);
  if (payload[1] == MF_UNIT_REBOOT && done)
    mf_gateway_publish_control (self, MF_GATEWAY_REBOOT, true);
  else if (payload[1] == MF_UNIT_BLINK && done)
    {
      self->blinking = true;
      self->blink_until_ms =
        self->node->port->ops->monotonic_ms (self->node->port->user) + BLINK_MS;
      mf_gateway_publish_control (self, MF_GATEWAY_IDENTIFY, true);
    }
  else if (payload[1] == MF_UNIT_FALL_BACK)
    take_safe (self, done);
  else if (payload[1] >= MF_UNIT_UPDATE_BEGIN)
    mf_gateway_update_answer (self, payload);
  else if (!done)
    self->refused++;
}

static bool
received (void *user, struct mf_bytes payload)
{
  struct mf_gateway *self = user;

  switch (payload.data[0])
    {
    case MF_UNIT_SAMPLES:
      return !self->known || take_samples (self, payload);
    case MF_UNIT_IDENTITY:
      take_identity (self, payload);
      break;
    case MF_UNIT_METRIC:
      take_metric (self, payload);
      break;
    case MF_UNIT_RESULT:
      if (payload.size >= RESULT_SIZE)
        take_result (self, payload.data);
      break;
    default:
      break;
    }
  if (payload.data[0] != MF_UNIT_IDENTITY && payload.data[0] != MF_UNIT_SAMPLES && self->asked != 0)
    {
      self->asked = 0;
      if (!mf_gateway_is_learnt (self))
        self->learnt++;
      self->learnt_ms = now32 (self);
    }
  return true;
}

/* Whatever was asked is done when it is answered. */
static void
delivered (void *user)
{
  (void)user;
}

static void
changed (void *user, bool up)
{
  struct mf_gateway *self = user;

  self->known = false;
  self->resetting = false;
  self->asked = 0;
  self->n_orders = 0;
  if (!up)
    mf_gateway_publish_death (self);
}

static void
send_bytes (void *user, const uint8_t *bytes, size_t size)
{
  struct mf_gateway *self = user;

  self->ops->send (self->user, bytes, size);
}

static void
fill_random (void *user, void *out, size_t size)
{
  struct mf_gateway *self = user;

  self->node->port->ops->random (self->node->port->user, out, size);
}

static bool
find_key (void *user, struct mf_bytes serial, uint8_t key[MF_LINK_KEY])
{
  struct mf_gateway *self = user;

  return self->ops->key (self->user, serial, key);
}

static const struct mf_link_ops link_ops = {
  send_bytes, fill_random, find_key, received, delivered, changed, NULL,
};

void
mf_gateway_init (struct mf_gateway           *self,
                 const struct mf_gateway_ops *ops,
                 void                        *user,
                 struct mf_node              *node,
                 struct mf_sample            *samples,
                 uint32_t                     n_samples)
{
  memset (self, 0, sizeof *self);
  self->ops = ops;
  self->user = user;
  self->node = node;
  mf_ring_init (&self->ring, samples, n_samples);
  mf_link_init (&self->link, MF_LINK_GATEWAY, &link_ops, self, self->rx, sizeof self->rx, self->tx,
                sizeof self->tx);
  mf_gateway_loader_init (self);
}

void
mf_gateway_bytes (struct mf_gateway *self, const uint8_t *bytes, size_t size)
{
  mf_link_bytes (&self->link, now32 (self), bytes, size);
}

void
mf_gateway_line_lost (struct mf_gateway *self)
{
  mf_loader_lost (&self->update.loader, now32 (self));
  mf_link_drop (&self->link);
}

void
mf_gateway_line_opened (struct mf_gateway *self)
{
  mf_loader_lost (&self->update.loader, now32 (self));
  mf_link_opened (&self->link);
}

bool
mf_gateway_order (struct mf_gateway *self, const uint8_t *bytes, uint8_t size)
{
  struct mf_gateway_order *order = &self->orders[self->n_orders];

  if (self->n_orders == MF_GATEWAY_ORDERS || size > sizeof order->bytes)
    return false;
  memcpy (order->bytes, bytes, size);
  order->size = size;
  self->n_orders++;
  return true;
}

bool
mf_gateway_is_learnt (const struct mf_gateway *self)
{
  return self->learnt >= 2 * self->n_metrics;
}

/* What to ask next: first what the unit measures, then what that is, then what people want. */
static uint16_t
next_request (struct mf_gateway *self, uint8_t *out, size_t room)
{
  uint16_t size;

  if (!mf_gateway_is_learnt (self))
    {
      bool reads = self->learnt >= self->n_metrics;

      out[0] = reads ? MF_UNIT_READ : MF_UNIT_ASK_METRIC;
      out[1] = (uint8_t)(reads ? self->learnt - self->n_metrics : self->learnt);
      return 2;
    }
  if (self->n_orders == 0)
    return self->update.step != 0 && mf_gateway_update_request (self, out, room, &size) != 0 ? size
                                                                                             : 0;
  size = self->orders[0].size;
  memcpy (out, self->orders[0].bytes, size);
  self->n_orders--;
  memmove (&self->orders[0], &self->orders[1], self->n_orders * sizeof self->orders[0]);
  return size;
}

static void
ask (struct mf_gateway *self, uint32_t now_ms)
{
  uint8_t *out;
  size_t   room;
  uint16_t size;

  if (!self->known || self->resetting || self->asked != 0 ||
      (out = mf_link_open (&self->link, &room)) == NULL)
    return;
  size = next_request (self, out, room);
  if (size == 0)
    return;
  self->asked = out[0];
  if (out[0] == MF_UNIT_FALL_BACK)
    {
      self->asked_metric = out[1];
      self->asked_s = mf_get32 (out + 2);
    }
  mf_link_close (&self->link, now_ms, size);
}

uint32_t
mf_gateway_step (struct mf_gateway *self)
{
  uint32_t now_ms = now32 (self), wait, more;

  if (self->resetting && (int32_t)(now_ms - self->reset_ms) >= 0)
    mf_link_drop (&self->link);
  wait = mf_gateway_loader_step (self);
  if (!mf_loader_has_line (&self->update.loader))
    {
      more = mf_link_step (&self->link, now_ms);
      wait = more < wait ? more : wait;
    }
  ask (self, now_ms);
  more = mf_gateway_report (self);
  return more < wait ? more : wait;
}
