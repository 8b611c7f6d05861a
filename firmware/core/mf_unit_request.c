/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_octets.h"
#include "mf_unit_private.h"

#define BLINK_MS 10000u
#define RESET_MS 500u /* so that the answer is out, and lost once at most */
#define PERIOD_LEAST_MS 20u

/* An answer under way: written from `at`; what does not fit is cut. */
struct answer
{
  uint8_t *data;
  size_t   size, used;
};

static void
put8 (struct answer *answer, unsigned byte)
{
  if (answer->used < answer->size)
    answer->data[answer->used++] = (uint8_t)byte;
}

static void
put32 (struct answer *answer, uint32_t word)
{
  put8 (answer, word & 0xFF);
  put8 (answer, word >> 8 & 0xFF);
  put8 (answer, word >> 16 & 0xFF);
  put8 (answer, word >> 24);
}

static void
put_float (struct answer *answer, float number)
{
  union mf_unit_value value;

  value.f = number;
  put32 (answer, value.u);
}

static void
put_bytes (struct answer *answer, const void *bytes, size_t size)
{
  const uint8_t *from = bytes;

  put8 (answer, (unsigned)size);
  while (size-- > 0)
    put8 (answer, *from++);
}

static void
put_text (struct answer *answer, const char *text)
{
  put_bytes (answer, text, strlen (text));
}

static void
put_identity (struct mf_unit *self, struct answer *answer)
{
  struct mf_unit_boot boot = { MF_UNIT_UPDATED_BY_CABLE, 0xFF, 0, 0 };

  self->ops->boot (self->user, &boot);
  put8 (answer, MF_UNIT_IDENTITY);
  put8 (answer, MF_LINK_VERSION);
  put32 (answer, self->boots);
  put32 (answer, self->ops->now_ms (self->user));
  put32 (answer, self->first_record);
  put32 (answer, self->dropped);
  put32 (answer, boot.security_counter);
  put8 (answer, self->ops->reset_cause (self->user));
  put8 (answer, self->n_metrics);
  put8 (answer, boot.can_update);
  put8 (answer, boot.slot);
  put8 (answer, boot.state);
  put_bytes (answer, self->link.serial, self->link.serial_size);
  put_text (answer, self->identity.model);
  put_text (answer, self->identity.hardware);
  put_text (answer, self->identity.firmware);
}

bool
mf_unit_tell_identity (struct mf_unit *self)
{
  struct answer answer = { 0 };

  answer.data = mf_link_open (&self->link, &answer.size);
  if (answer.data == NULL)
    return false;
  put_identity (self, &answer);
  mf_link_close (&self->link, self->ops->now_ms (self->user), answer.used);
  return true;
}

static enum mf_unit_status
put_metric (struct mf_unit *self, const struct mf_bytes *request, struct answer *answer)
{
  struct mf_unit_metric info;
  unsigned              index = request->data[1];

  if (index >= self->n_metrics)
    return MF_UNIT_NO_METRIC;
  self->ops->describe (self->user, index, &info);
  put8 (answer, MF_UNIT_METRIC);
  put8 (answer, index);
  put8 (answer, info.type);
  put8 (answer, (info.writable ? 1u : 0u) | (info.has_range ? 2u : 0u) | (info.has_safe ? 4u : 0u));
  put_float (answer, info.low);
  put_float (answer, info.high);
  put32 (answer, self->configs[index].period_ms);
  put_float (answer, mf_unit_deadband (self, index));
  put_text (answer, info.name);
  put_text (answer, info.unit);
  if (info.has_safe)
    {
      put8 (answer, info.safe);
      put32 (answer, self->configs[index].fall_back_s);
    }
  return MF_UNIT_DONE;
}

static enum mf_unit_status
put_check (struct mf_unit *self, const struct mf_bytes *request, struct answer *answer)
{
  struct mf_unit_check check;

  memset (&check, 0, sizeof check);
  if (!self->ops->check (self->user, request->data[1], &check))
    return MF_UNIT_NO_METRIC;
  put8 (answer, MF_UNIT_CHECK);
  put8 (answer, request->data[1]);
  put8 (answer, check.passed);
  put_float (answer, check.measured);
  put_float (answer, check.low);
  put_float (answer, check.high);
  put_text (answer, check.name);
  return MF_UNIT_DONE;
}

/* Whether `value` is one of its type, and in its range. */
static bool
in_range (const struct mf_unit_metric *info, union mf_unit_value value)
{
  float number = (float)value.u;

  if (info->type == MF_TYPE_FLOAT)
    number = value.f;
  else if (info->type <= MF_TYPE_INT32)
    number = (float)value.i;
  if (number - number != 0 || (info->type == MF_TYPE_BOOLEAN && value.u > 1) ||
      (info->type == MF_TYPE_UINT8 && value.u > UINT8_MAX) ||
      (info->type == MF_TYPE_UINT16 && value.u > UINT16_MAX) ||
      (info->type == MF_TYPE_INT8 && (value.i < INT8_MIN || value.i > INT8_MAX)) ||
      (info->type == MF_TYPE_INT16 && (value.i < INT16_MIN || value.i > INT16_MAX)))
    return false;
  return !info->has_range || (number >= info->low && number <= info->high);
}

static enum mf_unit_status
write_metric (struct mf_unit *self, const struct mf_bytes *request)
{
  struct mf_unit_metric info;
  union mf_unit_value   value;
  enum mf_unit_status   status = MF_UNIT_DONE;
  unsigned              index = request->data[1];

  if (index >= self->n_metrics)
    return MF_UNIT_NO_METRIC;
  self->ops->describe (self->user, index, &info);
  value.u = mf_get32 (request->data + 2);
  if (!info.writable)
    status = MF_UNIT_READ_ONLY;
  else if (!in_range (&info, value))
    status = MF_UNIT_RANGE;
  else if (!self->ops->write (self->user, info.channel, &value))
    status = MF_UNIT_FAILED;
  mf_unit_sample (self, index, true); /* whatever came of it, the gateway sees what now holds */
  return status;
}

/* Keeps what a metric is told, or, where the board cannot keep it, leaves it as it was. */
static enum mf_unit_status
keep_config (struct mf_unit *self, unsigned metric, const struct mf_unit_config *wanted)
{
  struct mf_unit_config *config = &self->configs[metric], before = *config;
  enum mf_unit_record    record;
  unsigned               first;
  size_t                 size;

  *config = *wanted;
  size = mf_unit_config_record (self, metric, &first, &record);
  if (self->ops->save (self->user, record, &self->configs[first], size))
    return MF_UNIT_DONE;
  *config = before;
  return MF_UNIT_FAILED;
}

static enum mf_unit_status
configure (struct mf_unit *self, const struct mf_bytes *request)
{
  struct mf_unit_config wanted;
  union mf_unit_value   deadband;
  enum mf_unit_status   status;
  unsigned              metric = request->data[1];

  if (metric >= self->n_metrics)
    return MF_UNIT_NO_METRIC;
  wanted = self->configs[metric];
  wanted.period_ms = mf_get32 (request->data + 2);
  deadband.u = mf_get32 (request->data + 6);
  if ((wanted.period_ms > 0 && wanted.period_ms < PERIOD_LEAST_MS) ||
      wanted.period_ms > INT32_MAX || !(deadband.f >= 0) || deadband.f - deadband.f != 0)
    return MF_UNIT_RANGE;
  if (!self->states[metric].has_safe)
    wanted.deadband = deadband.f;
  status = keep_config (self, metric, &wanted);
  if (status == MF_UNIT_DONE)
    self->states[metric].due_ms = self->ops->now_ms (self->user) + wanted.period_ms;
  return status;
}

static enum mf_unit_status
set_fall_back (struct mf_unit *self, const struct mf_bytes *request)
{
  struct mf_unit_config wanted;
  unsigned              metric = request->data[1];

  if (metric >= self->n_metrics)
    return MF_UNIT_NO_METRIC;
  if (!self->states[metric].has_safe)
    return MF_UNIT_READ_ONLY;
  wanted = self->configs[metric];
  wanted.fall_back_s = mf_get32 (request->data + 2);
  if (wanted.fall_back_s > MF_FALL_BACK_MOST_S)
    return MF_UNIT_RANGE;
  return keep_config (self, metric, &wanted);
}

static enum mf_unit_status
blink (struct mf_unit *self, const struct mf_bytes *request)
{
  self->blinking = request->data[1] != 0;
  self->blink_until_ms = self->ops->now_ms (self->user) + BLINK_MS;
  self->ops->identify (self->user, self->blinking);
  return MF_UNIT_DONE;
}

static void
reset_soon (struct mf_unit *self)
{
  self->resetting = true;
  self->reset_due_ms = self->ops->now_ms (self->user) + RESET_MS;
}

static enum mf_unit_status
update (struct mf_unit *self, const struct mf_bytes *request, uint32_t *detail)
{
  enum mf_unit_message step = (enum mf_unit_message)request->data[0];
  bool                 has_number = step <= MF_UNIT_UPDATE_DATA;
  struct mf_bytes      bytes = { request->data + 5, request->size - 5 };
  enum mf_unit_status  status;

  if (!has_number)
    bytes.size = 0;
  status = self->ops->update (self->user, step, has_number ? mf_get32 (request->data + 1) : 0,
                              bytes, detail);
  if (status == MF_UNIT_DONE && step == MF_UNIT_UPDATE_ACTIVATE)
    reset_soon (self);
  return status;
}

/* How long a request is; 0: it is none. */
static size_t
size_of (unsigned type)
{
  static const uint8_t sizes[] = { 0, 1, 2, 6, 10, 2, 1, 2, 2, 6 };

  if (type < sizeof sizes)
    return sizes[type];
  if (type == MF_UNIT_UPDATE_BEGIN || type == MF_UNIT_UPDATE_DATA)
    return 5;
  return type >= MF_UNIT_UPDATE_FINISH && type <= MF_UNIT_UPDATE_CANCEL ? 1 : 0;
}

static enum mf_unit_status
touch (struct mf_unit *self, const struct mf_bytes *request)
{
  if (request->data[1] >= self->n_metrics)
    return MF_UNIT_NO_METRIC;
  mf_unit_sample (self, request->data[1], true);
  return MF_UNIT_DONE;
}

static enum mf_unit_status
serve (struct mf_unit        *self,
       const struct mf_bytes *request,
       struct answer         *answer,
       uint32_t              *detail)
{
  unsigned type = request->data[0];
  size_t   size = size_of (type);

  if (size == 0)
    return MF_UNIT_UNKNOWN;
  if (type == MF_UNIT_UPDATE_DATA ? request->size <= size : request->size != size)
    return MF_UNIT_MALFORMED;
  switch (type)
    {
    case MF_UNIT_ASK_IDENTITY:
      put_identity (self, answer);
      return MF_UNIT_DONE;
    case MF_UNIT_ASK_METRIC:
      return put_metric (self, request, answer);
    case MF_UNIT_SELF_TEST:
      return put_check (self, request, answer);
    case MF_UNIT_WRITE:
      return write_metric (self, request);
    case MF_UNIT_CONFIGURE:
      return configure (self, request);
    case MF_UNIT_FALL_BACK:
      return set_fall_back (self, request);
    case MF_UNIT_BLINK:
      return blink (self, request);
    case MF_UNIT_READ:
      return touch (self, request);
    case MF_UNIT_REBOOT:
      reset_soon (self);
      return MF_UNIT_DONE;
    default:
      return update (self, request, detail);
    }
}

bool
mf_unit_request (struct mf_unit *self, struct mf_bytes request)
{
  struct answer       answer = { 0 };
  enum mf_unit_status status;
  uint32_t            detail = 0;

  answer.data = mf_link_open (&self->link, &answer.size);
  if (answer.data == NULL)
    return false;
  status = serve (self, &request, &answer, &detail);
  if (answer.used == 0)
    {
      put8 (&answer, MF_UNIT_RESULT);
      put8 (&answer, request.data[0]);
      put8 (&answer, status);
      put32 (&answer, detail);
    }
  mf_link_close (&self->link, self->ops->now_ms (self->user), answer.used);
  return true;
}
