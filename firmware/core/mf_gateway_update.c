/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_gateway_private.h"
#include "mf_octets.h"
#include "mf_text.h"

/*
 * An update of the unit, ordered and told as ../IMAGE.md has it for nodes. The gateway fetches the
 * file in pieces that it can hold and hands them on as the unit takes them; the unit alone judges
 * the image. Nothing of this is kept over a start of the gateway: the host orders again, and what
 * the unit says of itself shows how far it is. For a unit with one slot, mf_gateway_loader.c does
 * what is between the order and the start of the new program.
 */

#define DATA_HEAD 5u
#define RETRY_MIN_MS 1000u
#define RETRY_MAX_MS 60000u
#define REPORT_EVERY_MS 2000u

uint64_t
mf_gateway_update_now (const struct mf_gateway *self)
{
  return self->node->port->ops->monotonic_ms (self->node->port->user);
}

void
mf_gateway_update_enter (struct mf_gateway *self, enum mf_update_state state)
{
  self->update.state = state;
  self->update.changed = true;
}

static void
stop_fetching (struct mf_gateway *self)
{
  if (self->update.fetching && self->ops->fetch_stop != NULL)
    self->ops->fetch_stop (self->user);
  self->update.fetching = false;
}

static void
end (struct mf_gateway *self, enum mf_update_state state, const char *error)
{
  stop_fetching (self);
  mf_gateway_loader_end (self);
  self->update.step = 0;
  self->update.error[0] = '\0';
  mf_text_append (self->update.error, sizeof self->update.error, error);
  mf_gateway_update_enter (self, state);
}

void
mf_gateway_update_fail (struct mf_gateway *self, const char *error)
{
  end (self, MF_UPDATE_FAILED, error);
}

/* --- what the unit answers --- */

const char *
mf_gateway_update_words (enum mf_unit_status status)
{
  static const char *const words[] = {
    [MF_UNIT_UNKNOWN] = "no-transport: the unit cannot be updated over its line",
    [MF_UNIT_MALFORMED] = "flash-failed: the unit did not understand its gateway",
    [MF_UNIT_FAILED] = "flash-failed: the unit could not write it",
    [MF_UNIT_NOT_NOW] = "on-trial: the image that runs is not confirmed itself",
    [MF_UNIT_SIGNATURE] = "bad-signature: no key that the unit trusts has signed it",
    [MF_UNIT_FOREIGN] = "wrong-model: it is for another model, hardware or slot",
    [MF_UNIT_OLDER] = "rolled-back: its security counter is below the unit's",
    [MF_UNIT_CORRUPT] = "bad-payload: its bytes are not what its header says",
    [MF_UNIT_TOO_LARGE] = "too-large: it does not fit the unit",
  };

  return status < sizeof words / sizeof *words && words[status] != NULL
           ? words[status]
           : "flash-failed: the unit refused it";
}

static void
data_taken (struct mf_gateway *self, enum mf_unit_status status, uint32_t wanted)
{
  struct mf_gateway_update *update = &self->update;
  uint32_t                  until = update->at + update->held;

  if (status == MF_UNIT_NOT_NOW && wanted == update->at)
    status = MF_UNIT_FAILED; /* it asks for what it was just given */
  if (status != MF_UNIT_DONE && status != MF_UNIT_NOT_NOW)
    {
      mf_gateway_update_fail (self, mf_gateway_update_words (status));
      return;
    }
  if (wanted >= update->at && wanted <= until)
    {
      update->held = (uint16_t)(until - wanted);
      memmove (update->piece, update->piece + (wanted - update->at), update->held);
    }
  else
    {
      stop_fetching (self);
      update->held = 0;
    }
  update->at = wanted;
  update->step = wanted < update->order.size ? MF_UNIT_UPDATE_DATA : MF_UNIT_UPDATE_FINISH;
}

void
mf_gateway_update_got (struct mf_gateway *self)
{
  self->update.step = self->update.order.hold ? 0 : MF_UNIT_UPDATE_ACTIVATE;
  mf_gateway_update_enter (self,
                           self->update.order.hold ? MF_UPDATE_DOWNLOADED : MF_UPDATE_INSTALLING);
}

static void
finished (struct mf_gateway *self, enum mf_unit_status status)
{
  if (status != MF_UNIT_DONE)
    mf_gateway_update_fail (self, mf_gateway_update_words (status));
  else
    mf_gateway_update_got (self);
}

static void
activated (struct mf_gateway *self, enum mf_unit_status status)
{
  if (self->update.step != MF_UNIT_UPDATE_ACTIVATE)
    return; /* nobody has asked for it */
  self->update.step = 0;
  if (status != MF_UNIT_DONE)
    mf_gateway_update_fail (self, mf_gateway_update_words (status));
  else if (self->update.by_loader)
    mf_gateway_loader_load (self);
  else
    mf_gateway_update_enter (self, MF_UPDATE_REBOOTING);
}

void
mf_gateway_update_answer (struct mf_gateway *self, const uint8_t *payload)
{
  enum mf_unit_status status = (enum mf_unit_status)payload[2];
  uint32_t            detail = mf_get32 (payload + 3);

  if (self->update.by_loader && payload[1] < MF_UNIT_UPDATE_ACTIVATE)
    return; /* such a unit was not asked that */
  switch (payload[1])
    {
    case MF_UNIT_UPDATE_BEGIN:
      if (status == MF_UNIT_DONE)
        data_taken (self, status, detail);
      else
        mf_gateway_update_fail (self, mf_gateway_update_words (status));
      break;
    case MF_UNIT_UPDATE_DATA:
      data_taken (self, status, detail);
      break;
    case MF_UNIT_UPDATE_FINISH:
      finished (self, status);
      break;
    case MF_UNIT_UPDATE_ACTIVATE:
      activated (self, status);
      break;
    case MF_UNIT_UPDATE_CONFIRM:
      end (self, status == MF_UNIT_DONE ? MF_UPDATE_CONFIRMED : MF_UPDATE_FAILED,
           status == MF_UNIT_DONE ? "" : mf_gateway_update_words (status));
      break;
    default:
      break;
    }
}

/* --- sessions --- */

static bool
runs_it (const struct mf_gateway *self)
{
  const struct mf_gateway_update *update = &self->update;

  return update->order.version[0] != '\0'
           ? strcmp (update->order.version, self->texts.firmware) == 0
           : strcmp (update->from, self->texts.firmware) != 0;
}

/* The unit runs what was ordered: on trial, or for good. */
static void
settle (struct mf_gateway *self)
{
  mf_gateway_loader_end (self);
  if (self->boot_state == MF_SLOT_TRYING)
    {
      self->update.step = MF_UNIT_UPDATE_CONFIRM;
      mf_gateway_update_enter (self, MF_UPDATE_CONFIRMING);
    }
  else
    end (self, MF_UPDATE_CONFIRMED, "");
}

/* Another unit has been plugged in: what is kept is not for it. */
static bool
is_for_another (const struct mf_gateway *self)
{
  return self->update.kept.size > 0 &&
         strcmp (self->update.kept.unit.serial, self->texts.serial) != 0;
}

void
mf_gateway_update_session (struct mf_gateway *self)
{
  if (is_for_another (self))
    return;
  switch (self->update.state)
    {
    case MF_UPDATE_DOWNLOADING:
      if (self->update.by_loader)
        break; /* it has no part in it yet */
      /* The line was lost, or the unit started anew: it says from where to go on. */
      self->update.step = MF_UNIT_UPDATE_BEGIN;
      stop_fetching (self);
      self->update.held = 0;
      self->update.at = 0;
      break;
    case MF_UPDATE_INSTALLING:
    case MF_UPDATE_REBOOTING:
    case MF_UPDATE_CONFIRMING:
      if (runs_it (self))
        settle (self);
      else if (self->update.by_loader)
        mf_gateway_loader_again (self);
      else if (self->starts != self->update.starts)
        end (self, MF_UPDATE_REVERTED,
             "not-confirmed: it was started again before it had confirmed");
      break;
    case MF_UPDATE_DOWNLOADED:
    case MF_UPDATE_IDLE:
    case MF_UPDATE_CONFIRMED:
    case MF_UPDATE_REVERTED:
    case MF_UPDATE_FAILED:
    default:
      break;
    }
}

/* --- orders --- */

static bool
begin (struct mf_gateway *self, const struct mf_update_order *order)
{
  struct mf_gateway_update *update = &self->update;
  bool                      same = strcmp (update->order.id, order->id) == 0;

  if (self->ops->fetch == NULL)
    return false;
  if (update->state >= MF_UPDATE_INSTALLING && update->state <= MF_UPDATE_CONFIRMING)
    return same;
  if (same && (update->state == MF_UPDATE_DOWNLOADING || update->state == MF_UPDATE_CONFIRMED ||
               update->state == MF_UPDATE_DOWNLOADED))
    {
      /* What is under way is of the file that was ordered first. */
      update->order.hold = order->hold;
      memcpy (update->order.url, order->url, sizeof update->order.url);
      if (update->state == MF_UPDATE_DOWNLOADED && !order->hold)
        {
          update->step = MF_UNIT_UPDATE_ACTIVATE;
          mf_gateway_update_enter (self, MF_UPDATE_INSTALLING);
        }
      update->changed = true;
      return true;
    }
  stop_fetching (self);
  update->order = *order;
  update->error[0] = '\0';
  update->at = 0;
  update->held = 0;
  update->fetched = 0;
  update->attempts = 0;
  update->retry_ms = 0;
  update->starts = self->starts;
  update->by_loader = self->has_loader;
  memcpy (update->from, self->texts.firmware, sizeof update->from);
  if (runs_it (self))
    {
      settle (self);
      return true;
    }
  mf_gateway_update_enter (self, MF_UPDATE_DOWNLOADING);
  update->step = update->by_loader ? 0 : MF_UNIT_UPDATE_BEGIN;
  if (update->by_loader)
    mf_gateway_loader_begin (self);
  return true;
}

static bool
cancel (struct mf_gateway *self)
{
  if (self->update.state != MF_UPDATE_DOWNLOADING && self->update.state != MF_UPDATE_DOWNLOADED)
    return false;
  mf_gateway_update_fail (self, "cancelled: by the host");
  self->update.step = self->update.by_loader ? 0 : MF_UNIT_UPDATE_CANCEL;
  return true;
}

bool
mf_gateway_update_act (struct mf_gateway *self, const struct mf_update_command *command)
{
  struct mf_update_order order = command->order;

  if (command->broken || order.id[0] == '\0' || !self->can_update)
    return false;
  if (strcmp (command->action, "cancel") == 0)
    return strcmp (order.id, self->update.order.id) == 0 && cancel (self);
  if (strcmp (command->action, "activate") == 0)
    {
      if (strcmp (order.id, self->update.order.id) != 0 ||
          self->update.state != MF_UPDATE_DOWNLOADED)
        return false;
      order = self->update.order;
      order.hold = false;
      return begin (self, &order);
    }
  order.hold = strcmp (command->action, "download") == 0;
  if (!order.hold && strcmp (command->action, "install") != 0)
    return false;
  return command->has_hash && order.url[0] != '\0' && begin (self, &order);
}

/* --- the file --- */

void
mf_gateway_feed (struct mf_gateway *self, struct mf_bytes piece)
{
  struct mf_gateway_update *update = &self->update;

  update->attempts = 0;
  update->fetched += (uint32_t)piece.size;
  if (update->by_loader)
    {
      mf_gateway_loader_feed (self, piece);
      return;
    }
  if (piece.size > sizeof update->piece - update->held)
    piece.size = sizeof update->piece - update->held; /* more than was asked for */
  memcpy (update->piece + update->held, piece.data, piece.size);
  update->held = (uint16_t)(update->held + piece.size);
}

void
mf_gateway_fetched (struct mf_gateway *self, enum mf_fetch_result result)
{
  struct mf_gateway_update *update = &self->update;
  uint32_t                  wait = RETRY_MIN_MS;

  update->fetching = false;
  if (result == MF_FETCH_WHOLE || update->state != MF_UPDATE_DOWNLOADING)
    return;
  if (result == MF_FETCH_REFUSED)
    {
      mf_gateway_update_fail (self, "not-found: the server does not have it for this unit");
      return;
    }
  if (update->attempts < 6)
    wait <<= update->attempts++;
  else
    wait = RETRY_MAX_MS;
  update->retry_ms = mf_gateway_update_now (self) + wait;
}

void
mf_gateway_update_fetch (struct mf_gateway *self, uint32_t at, uint32_t size)
{
  struct mf_gateway_update *update = &self->update;

  if (update->fetching || mf_gateway_update_now (self) < update->retry_ms)
    return;
  update->fetching = self->ops->fetch (self->user, update->order.url, at, size);
  if (!update->fetching)
    mf_gateway_update_fail (self,
                            "no-transport: its address is none that the gateway can fetch from");
}

/* Sees to it that there is something to hand on. */
static void
fetch (struct mf_gateway *self)
{
  struct mf_gateway_update *update = &self->update;
  uint32_t                  left = update->order.size - update->at;

  if (update->step == MF_UNIT_UPDATE_DATA && update->held == 0)
    mf_gateway_update_fetch (self, update->at,
                             left < sizeof update->piece ? left : sizeof update->piece);
}

uint8_t
mf_gateway_update_request (struct mf_gateway *self, uint8_t *out, size_t room, uint16_t *size)
{
  struct mf_gateway_update *update = &self->update;
  size_t                    bytes;

  fetch (self);
  out[0] = update->step;
  *size = 1;
  switch (update->step)
    {
    case MF_UNIT_UPDATE_BEGIN:
      mf_put32 (out + 1, update->order.size);
      *size = DATA_HEAD;
      break;
    case MF_UNIT_UPDATE_DATA:
      bytes = update->held < room - DATA_HEAD ? update->held : room - DATA_HEAD;
      if (bytes == 0)
        return 0;
      mf_put32 (out + 1, update->at);
      memcpy (out + DATA_HEAD, update->piece, bytes);
      *size = (uint16_t)(DATA_HEAD + bytes);
      break;
    case MF_UNIT_UPDATE_CANCEL:
      update->step = 0;
      return MF_UNIT_UPDATE_CANCEL;
    case MF_UNIT_UPDATE_CONFIRM:
      /* Well is a unit whose site hears it. */
      return mf_gateway_is_born (self) ? MF_UNIT_UPDATE_CONFIRM : 0;
    default:
      break;
    }
  return out[0];
}

/* --- telling --- */

uint8_t
mf_gateway_update_progress (const struct mf_gateway *self)
{
  const struct mf_gateway_update *update = &self->update;

  if (update->state == MF_UPDATE_DOWNLOADING && update->order.size > 0)
    return (uint8_t)((uint64_t)update->at * 100u / update->order.size);
  return update->state >= MF_UPDATE_DOWNLOADED && update->state <= MF_UPDATE_CONFIRMED ? 100 : 0;
}

bool
mf_gateway_update_is_due (struct mf_gateway *self)
{
  struct mf_gateway_update *update = &self->update;
  uint8_t                   progress = mf_gateway_update_progress (self);

  if (!update->changed && (progress == update->reported_progress ||
                           mf_gateway_update_now (self) < update->reported_ms + REPORT_EVERY_MS))
    return false;
  update->changed = false;
  update->reported_progress = progress;
  update->reported_ms = mf_gateway_update_now (self);
  return true;
}
