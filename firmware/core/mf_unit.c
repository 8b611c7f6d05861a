/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_octets.h"
#include "mf_unit_private.h"

#define SAMPLES_HEAD 10u
#define SAMPLE_SIZE 10u
#define LOOK_MS 2u /* at what is being measured */

static void
link_send (void *user, const uint8_t *bytes, size_t size)
{
  struct mf_unit *self = user;

  self->ops->send (self->user, bytes, size);
}

static void
link_random (void *user, void *out, size_t size)
{
  struct mf_unit *self = user;

  self->ops->random (self->user, out, size);
}

static bool
link_key (void *user, struct mf_bytes serial, uint8_t key[MF_LINK_KEY])
{
  struct mf_unit *self = user;
  uint8_t         record[MF_UNIT_SERIAL_RECORD];
  bool            has =
    serial.size > 0 && self->ops->load (self->user, MF_UNIT_RECORD_SERIAL, record, sizeof record);

  if (has)
    memcpy (key, record + 1 + MF_LINK_SERIAL_MAX, MF_LINK_KEY);
  mf_forget (record, sizeof record);
  return has;
}

static bool
link_received (void *user, struct mf_bytes payload)
{
  return mf_unit_request (user, payload);
}

static void
link_delivered (void *user)
{
  struct mf_unit *self = user;

  self->first = (uint8_t)((self->first + self->in_flight) % self->capacity);
  self->count = (uint8_t)(self->count - self->in_flight);
  self->first_record += self->in_flight;
  self->in_flight = 0;
}

static void
link_changed (void *user, bool up)
{
  struct mf_unit *self = user;

  unsigned at;

  for (at = 0; at < self->n_metrics; at++)
    self->states[at].fell_back = false;
  self->in_flight = 0;
  self->greeting = up && !mf_unit_tell_identity (self);
}

static bool
link_provision (void *user, struct mf_bytes serial, const uint8_t key[MF_LINK_KEY])
{
  struct mf_unit *self = user;
  uint8_t         record[MF_UNIT_SERIAL_RECORD] = { 0 };
  bool            kept;

  record[0] = (uint8_t)serial.size;
  memcpy (record + 1, serial.data, serial.size);
  memcpy (record + 1 + MF_LINK_SERIAL_MAX, key, MF_LINK_KEY);
  kept = self->ops->save (self->user, MF_UNIT_RECORD_SERIAL, record, sizeof record);
  mf_forget (record, sizeof record);
  return kept;
}

static const struct mf_link_ops link_ops = {
  link_send, link_random, link_key, link_received, link_delivered, link_changed, link_provision,
};

size_t
mf_unit_config_record (const struct mf_unit *self,
                       unsigned              metric,
                       unsigned             *first,
                       enum mf_unit_record  *record)
{
  unsigned left = self->n_metrics - metric / MF_UNIT_CONFIGS * MF_UNIT_CONFIGS;

  *first = metric / MF_UNIT_CONFIGS * MF_UNIT_CONFIGS;
  *record = (enum mf_unit_record) (MF_UNIT_RECORD_CONFIG + metric / MF_UNIT_CONFIGS);
  return (left < MF_UNIT_CONFIGS ? left : MF_UNIT_CONFIGS) * sizeof *self->configs;
}

/* How every metric is sampled: as the board was made, or as it was told. */
static void
load_configs (struct mf_unit *self)
{
  struct mf_unit_metric info;
  enum mf_unit_record   record;
  unsigned              at, first;
  size_t                size;

  for (at = 0; at < self->n_metrics; at++)
    {
      self->ops->describe (self->user, at, &info);
      self->configs[at].period_ms = info.period_ms;
      self->states[at].has_safe = info.has_safe;
      if (info.has_safe)
        self->configs[at].fall_back_s = info.fall_back_s;
      else
        self->configs[at].deadband = info.deadband;
    }
  for (at = 0; at < self->n_metrics; at += MF_UNIT_CONFIGS)
    {
      size = mf_unit_config_record (self, at, &first, &record);
      self->ops->load (self->user, record, &self->configs[first], size);
    }
  for (at = 0; at < self->n_metrics; at++) /* who wrote them may have known deadbands alone */
    if (self->states[at].has_safe && self->configs[at].fall_back_s > MF_FALL_BACK_MOST_S)
      self->configs[at].fall_back_s = 0;
}

static bool
count_start (struct mf_unit *self)
{
  uint8_t         record[MF_UNIT_SERIAL_RECORD], count[4];
  struct mf_bytes serial = { record + 1, 0 };

  if (self->ops->load (self->user, MF_UNIT_RECORD_SERIAL, record, sizeof record))
    serial.size = record[0];
  if (self->ops->load (self->user, MF_UNIT_RECORD_BOOTS, count, sizeof count))
    self->boots = mf_get32 (count);
  mf_put32 (count, ++self->boots);
  mf_link_identify (&self->link, serial, self->boots);
  mf_forget (record, sizeof record);
  return self->ops->save (self->user, MF_UNIT_RECORD_BOOTS, count, sizeof count);
}

bool
mf_unit_init (struct mf_unit                *self,
              const struct mf_unit_ops      *ops,
              void                          *user,
              const struct mf_unit_identity *identity,
              struct mf_unit_state          *states,
              struct mf_unit_config         *configs,
              unsigned                       n_metrics,
              struct mf_unit_sample         *samples,
              unsigned                       n_samples,
              uint8_t                       *rx,
              size_t                         rx_size,
              uint8_t                       *tx,
              size_t                         tx_size)
{
  memset (self, 0, sizeof *self);
  memset (states, 0, n_metrics * sizeof *states);
  self->ops = ops;
  self->user = user;
  self->identity = *identity;
  self->states = states;
  self->configs = configs;
  self->n_metrics = (uint8_t)n_metrics;
  self->samples = samples;
  self->capacity = (uint8_t)n_samples;
  mf_link_init (&self->link, MF_LINK_UNIT, &link_ops, self, rx, rx_size, tx, tx_size);
  load_configs (self);
  return count_start (self);
}

/* Keeps a sample; the oldest that is not on its way makes room, and is counted. */
static void
keep (struct mf_unit *self, unsigned metric, uint32_t now_ms)
{
  const struct mf_unit_state *state = &self->states[metric];
  struct mf_unit_sample      *sample;

  if (self->count == self->capacity)
    {
      self->in_flight =
        0; /* its acknowledgement counts for nothing: the gateway knows the numbers */
      self->first = (uint8_t)((self->first + 1u) % self->capacity);
      self->first_record++;
      self->count--;
      self->dropped++;
    }
  sample = &self->samples[(self->first + self->count) % self->capacity];
  sample->time_ms = now_ms;
  sample->value = state->value.u;
  sample->metric = metric & 0x7F;
  sample->is_null = state->is_null;
  self->count++;
}

static float
number (unsigned type, union mf_unit_value value)
{
  if (type == MF_TYPE_FLOAT)
    return value.f;
  if (type <= MF_TYPE_INT32)
    return (float)value.i;
  return (float)value.u;
}

static bool
differs (unsigned type, float deadband, union mf_unit_value a, union mf_unit_value b)
{
  float distance = number (type, a) - number (type, b);

  if (a.u == b.u)
    return false;
  return deadband <= 0 || distance >= deadband || -distance >= deadband || distance != distance;
}

float
mf_unit_deadband (const struct mf_unit *self, unsigned metric)
{
  return self->states[metric].has_safe ? 0 : self->configs[metric].deadband;
}

void
mf_unit_sample (struct mf_unit *self, unsigned metric, bool always)
{
  struct mf_unit_state *state = &self->states[metric];
  struct mf_unit_metric info;
  union mf_unit_value   value = { 0 };
  enum mf_reading       reading;
  float                 deadband = mf_unit_deadband (self, metric);
  bool                  good, changed;

  always = always || state->owed;
  self->ops->describe (self->user, metric, &info);
  reading = self->ops->read (self->user, info.channel, &value);
  state->asked = reading == MF_READING_PENDING;
  state->owed = state->asked && always;
  if (state->asked)
    return;
  good = reading == MF_READING_GOOD;
  changed = !state->known || good == state->is_null ||
            (good && differs (info.type, deadband, state->value, value));
  if (!changed && !always)
    return;
  if (good)
    state->value = value;
  state->known = true;
  state->is_null = !good;
  keep (self, metric, self->ops->now_ms (self->user));
}

/* Whether the metric's time has come. Keeps the beat; after a long pause it starts anew. */
static bool
is_due (struct mf_unit_state *state, uint32_t period, uint32_t now_ms)
{
  if (state->known && (period == 0 || (int32_t)(now_ms - state->due_ms) < 0))
    return false;
  state->due_ms = now_ms - state->due_ms < period ? state->due_ms + period : now_ms + period;
  return true;
}

static uint32_t
sample_due (struct mf_unit *self, uint32_t now_ms)
{
  uint32_t wait = MF_LINK_KEEPALIVE_MS, left;
  unsigned at;

  for (at = 0; at < self->n_metrics; at++)
    {
      struct mf_unit_state *state = &self->states[at];
      uint32_t              period = self->configs[at].period_ms;

      if (state->asked || is_due (state, period, now_ms))
        mf_unit_sample (self, at, false);
      left = state->asked ? LOOK_MS : state->due_ms - now_ms;
      if ((state->asked || period > 0) && left < wait)
        wait = left;
    }
  return wait;
}

/* The output goes to what is safe; where the board cannot, that is tried again. */
static void
fall_back (struct mf_unit *self, unsigned metric)
{
  struct mf_unit_metric info;
  union mf_unit_value   value = { 0 };

  self->ops->describe (self->user, metric, &info);
  value.u = info.safe;
  self->states[metric].fell_back = self->ops->write (self->user, info.channel, &value);
}

/* Without a session, outputs fall back when their time has come. Returns in how many milliseconds
 * the next one's does. */
static uint32_t
fall_back_due (struct mf_unit *self, uint32_t now_ms)
{
  uint32_t unheard_ms = now_ms - self->link.heard_ms, wait = MF_LINK_KEEPALIVE_MS, after_ms;
  unsigned at;

  for (at = 0; at < self->n_metrics && self->link.state == MF_LINK_DOWN; at++)
    {
      after_ms = self->configs[at].fall_back_s * 1000u;
      if (!self->states[at].has_safe || self->states[at].fell_back || after_ms == 0)
        continue;
      if (unheard_ms >= after_ms)
        {
          fall_back (self, at);
          mf_unit_sample (self, at, false);
        }
      else if (after_ms - unheard_ms < wait)
        wait = after_ms - unheard_ms;
    }
  return wait;
}

/* Sends the oldest samples that wait, as many as one message holds. */
static void
send_samples (struct mf_unit *self, uint32_t now_ms)
{
  size_t   room = 0;
  uint8_t *out = self->count == 0 ? NULL : mf_link_open (&self->link, &room);
  unsigned n, at;

  if (out == NULL)
    return;
  n = (unsigned)((room - SAMPLES_HEAD) / SAMPLE_SIZE);
  n = n < self->count ? n : self->count;
  out[0] = MF_UNIT_SAMPLES;
  out[1] = (uint8_t)n;
  mf_put32 (out + 2, self->first_record);
  mf_put32 (out + 6, now_ms);
  out += SAMPLES_HEAD;
  for (at = 0; at < n; at++, out += SAMPLE_SIZE)
    {
      const struct mf_unit_sample *sample = &self->samples[(self->first + at) % self->capacity];

      out[0] = sample->metric;
      out[1] = sample->is_null;
      mf_put32 (out + 2, sample->time_ms);
      mf_put32 (out + 6, sample->value);
    }
  self->in_flight = (uint8_t)n;
  mf_link_close (&self->link, now_ms, SAMPLES_HEAD + n * SAMPLE_SIZE);
}

void
mf_unit_bytes (struct mf_unit *self, const uint8_t *bytes, size_t size)
{
  mf_link_bytes (&self->link, self->ops->now_ms (self->user), bytes, size);
}

uint32_t
mf_unit_step (struct mf_unit *self)
{
  uint32_t now_ms = self->ops->now_ms (self->user), wait, next;

  if (self->resetting && (int32_t)(now_ms - self->reset_due_ms) >= 0)
    self->ops->reset (self->user);
  if (self->blinking && (int32_t)(now_ms - self->blink_until_ms) >= 0)
    {
      self->blinking = false;
      self->ops->identify (self->user, false);
    }
  wait = sample_due (self, now_ms);
  if (self->greeting)
    self->greeting = !mf_unit_tell_identity (self);
  send_samples (self, now_ms);
  next = mf_link_step (&self->link, now_ms);
  wait = next < wait ? next : wait;
  next = fall_back_due (self, now_ms);
  return self->resetting || self->blinking ? 100 : next < wait ? next : wait;
}
