/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_text.h"
#include "mf_update_private.h"

#define RETRY_MIN_MS 1000u
#define RETRY_MAX_MS 60000u
#define REPORT_EVERY_MS 2000u
#define STEP_MAX_MS 1000u

static uint64_t
now (const struct mf_update *self)
{
  return self->port->ops->monotonic_ms (self->port->user);
}

void
mf_update_enter (struct mf_update *self, enum mf_update_state state)
{
  self->state = state;
  self->changed = true;
}

void
mf_update_set_error (struct mf_update *self, const char *code, const char *text)
{
  self->error[0] = '\0';
  mf_text_append (self->error, sizeof self->error, code);
  mf_text_append (self->error, sizeof self->error, ": ");
  mf_text_append (self->error, sizeof self->error, text);
}

void
mf_update_stop_fetching (struct mf_update *self)
{
  if (self->fetching)
    self->port->ops->fetch_stop (self->port->user);
  self->fetching = false;
}

void
mf_update_fail (struct mf_update *self, const char *code, const char *text)
{
  mf_update_stop_fetching (self);
  mf_update_set_error (self, code, text);
  mf_update_enter (self, MF_UPDATE_FAILED);
  mf_update_save (self);
}

/* The new image runs, on trial. */
static void
begin_trial (struct mf_update *self)
{
  uint32_t within_s = self->order.confirm_within_s;

  self->deadline_ms =
    now (self) + 1000u * (uint64_t)(within_s > 0 ? within_s : MF_UPDATE_CONFIRM_S);
  mf_update_enter (self, MF_UPDATE_CONFIRMING);
}

static void
settle (struct mf_update *self, enum mf_update_state state)
{
  mf_update_enter (self, state);
  mf_update_save (self);
}

static void
settle_reverted (struct mf_update *self)
{
  if (self->error[0] == '\0')
    mf_update_set_error (self, "not-confirmed", "it was started again before it had confirmed");
  settle (self, MF_UPDATE_REVERTED);
}

/* What the boot knows is truer than the record, which is written after it. */
static void
take_up (struct mf_update *self)
{
  enum mf_slot_state slot = self->boot->states[self->slot];
  bool               runs = self->running == self->slot;

  if (self->state == MF_UPDATE_IDLE || self->state >= MF_UPDATE_CONFIRMED)
    return;
  if (runs && slot == MF_SLOT_TRYING)
    begin_trial (self);
  else if (runs && slot == MF_SLOT_CONFIRMED)
    settle (self, MF_UPDATE_CONFIRMED);
  else if (slot == MF_SLOT_REVERTED && self->state != MF_UPDATE_DOWNLOADING)
    settle_reverted (self); /* while it downloads, that is still of what was there before */
  else if (slot == MF_SLOT_PENDING)
    {
      mf_update_enter (self, MF_UPDATE_REBOOTING);
      self->wants_reset = true;
    }
  else if (self->state == MF_UPDATE_REBOOTING || runs)
    mf_update_fail (self, "flash-failed", "the boot's records were lost");
  else if (self->state == MF_UPDATE_DOWNLOADING)
    mf_update_rewind (self);
}

void
mf_update_init (struct mf_update     *self,
                const struct mf_port *port,
                struct mf_store      *store,
                struct mf_boot       *boot,
                unsigned              running)
{
  memset (self, 0, sizeof *self);
  self->port = port;
  self->store = store;
  self->boot = boot;
  self->running = running;
  if (mf_update_load (self))
    {
      take_up (self);
      return;
    }
  memset (&self->order, 0, sizeof self->order);
  self->state = MF_UPDATE_IDLE;
  self->error[0] = '\0';
}

void
mf_update_set_delta (struct mf_update *self, struct mf_delta_block *blocks, uint32_t capacity)
{
  mf_delta_init (&self->delta, blocks, capacity);
}

static bool
is_same (const struct mf_update *self, const char *id)
{
  return strcmp (self->order.id, id) == 0;
}

/* The order for what is under way, or done, came once more. */
static bool
begin_again (struct mf_update *self, const struct mf_update_order *order)
{
  self->changed = true;
  if (self->state == MF_UPDATE_DOWNLOADED && !order->hold)
    return mf_update_activate (self, order->id);
  if (self->state == MF_UPDATE_DOWNLOADING)
    {
      self->order.hold = order->hold;
      if (strcmp (self->order.url, order->url) != 0)
        {
          memcpy (self->order.url, order->url, sizeof self->order.url);
          mf_update_stop_fetching (self);
          self->retry_ms = 0;
        }
      mf_update_save (self);
    }
  return true;
}

bool
mf_update_begin (struct mf_update *self, const struct mf_update_order *order)
{
  bool is_over = self->state == MF_UPDATE_FAILED || self->state == MF_UPDATE_REVERTED;

  if (is_same (self, order->id) && !is_over && self->state != MF_UPDATE_IDLE)
    return begin_again (self, order);
  if (self->state >= MF_UPDATE_INSTALLING && self->state <= MF_UPDATE_CONFIRMING)
    return false;
  mf_update_stop_fetching (self);
  self->order = *order;
  if (!mf_delta_has_room (&self->delta, order->index_size))
    self->order.index_size = 0;
  self->error[0] = '\0';
  self->fetched = 0;
  self->slot = mf_boot_spare (self->boot, self->running);
  self->attempts = 0;
  self->retry_ms = 0;
  mf_update_mark (self, 0);
  mf_update_rewind (self);
  mf_update_enter (self, MF_UPDATE_DOWNLOADING);
  if (order->size <= MF_IMAGE_HEADER_SIZE)
    mf_update_fail (self, "wrong-file", "the file is shorter than an image");
  else if (order->size > mf_update_flash (self)->size)
    mf_update_fail (self, mf_image_error_code (MF_IMAGE_TOO_LARGE),
                    mf_image_error_text (MF_IMAGE_TOO_LARGE));
  else if (self->boot->states[self->running] != MF_SLOT_CONFIRMED)
    mf_update_fail (self, "on-trial", "the image that runs has not been confirmed yet");
  else if (self->port->ops->fetch == NULL)
    mf_update_fail (self, "no-transport", "this unit cannot fetch files");
  else
    mf_update_save (self);
  return true;
}

bool
mf_update_activate (struct mf_update *self, const char *id)
{
  if (self->state != MF_UPDATE_DOWNLOADED || !is_same (self, id))
    return false;
  mf_update_enter (self, MF_UPDATE_INSTALLING);
  return true;
}

bool
mf_update_cancel (struct mf_update *self, const char *id)
{
  if ((self->state != MF_UPDATE_DOWNLOADING && self->state != MF_UPDATE_DOWNLOADED) ||
      !is_same (self, id))
    return false;
  mf_update_fail (self, "cancelled", "the update was called off");
  return true;
}

/* Each failure doubles the wait, drawn from its upper half: a rollout's nodes must not come in
 * step. */
void
mf_update_wait_and_retry (struct mf_update *self)
{
  uint32_t longest = RETRY_MAX_MS, random;

  if (self->attempts < 6)
    longest = RETRY_MIN_MS << self->attempts;
  if (longest > RETRY_MAX_MS)
    longest = RETRY_MAX_MS;
  self->port->ops->random (self->port->user, &random, sizeof random);
  self->attempts++;
  self->retry_ms = now (self) + longest / 2 + random % (longest / 2);
}

void
mf_update_fetched (struct mf_update *self, enum mf_fetch_result result)
{
  if (!self->fetching)
    return;
  self->fetching = false;
  if (self->way == MF_UPDATE_BY_INDEX)
    mf_update_index_fetched (self, result);
  else if (result == MF_FETCH_REFUSED)
    mf_update_fail (self, "not-found", "the server does not give the file");
  else if (result == MF_FETCH_IMPOSSIBLE)
    mf_update_fail (self, "no-transport", "this unit cannot fetch from such an address");
  else if (result == MF_FETCH_BROKEN || !self->fed)
    mf_update_wait_and_retry (self);
}

static bool
begin_fetch (struct mf_update *self)
{
  char url[MF_UPDATE_URL_SIZE + sizeof MF_UPDATE_INDEX_PATH];

  if (self->way != MF_UPDATE_BY_INDEX)
    return self->port->ops->fetch (self->port->user, self->order.url, self->at,
                                   self->until - self->at);
  url[0] = '\0';
  mf_text_append (url, sizeof url, self->order.url);
  mf_text_append (url, sizeof url, MF_UPDATE_INDEX_PATH);
  return self->port->ops->fetch (self->port->user, url, self->delta.taken,
                                 self->order.index_size - self->delta.taken);
}

/* The header alone where some of the payload is there already or may be had otherwise; then what is
 * missing. */
static void
fetch (struct mf_update *self)
{
  self->until = self->order.size;
  if (!self->has_header && (self->marked > 0 || self->order.index_size > 0))
    self->until = MF_IMAGE_HEADER_SIZE;
  else if (self->way == MF_UPDATE_BY_DIFFERENCE)
    self->until = self->at + mf_delta_missing (&self->delta, self->at);
  self->fetching = true;
  self->fed = false;
  if (begin_fetch (self))
    return;
  self->fetching = false;
  mf_update_wait_and_retry (self);
}

static uint32_t
download (struct mf_update *self)
{
  uint64_t time = now (self);

  if (self->has_header && self->at == self->order.size)
    {
      mf_update_stop_fetching (self);
      if (mf_update_verify_some (self))
        settle (self, self->order.hold ? MF_UPDATE_DOWNLOADED : MF_UPDATE_INSTALLING);
      return 0;
    }
  if (self->fetching)
    return STEP_MAX_MS;
  if (self->has_header && mf_update_work_on_delta (self))
    return 0;
  if (time >= self->retry_ms)
    fetch (self);
  return self->retry_ms > time && self->retry_ms - time < STEP_MAX_MS
           ? (uint32_t)(self->retry_ms - time)
           : STEP_MAX_MS;
}

/* The boot's record first: should power fail before ours, it says what is to come. */
static void
install (struct mf_update *self)
{
  if (!mf_boot_set_pending (self->boot, self->slot))
    {
      mf_update_fail (self, "flash-failed", "the boot's records cannot be written");
      return;
    }
  settle (self, MF_UPDATE_REBOOTING);
  self->wants_reset = true;
}

static void
confirm (struct mf_update *self)
{
  uint8_t         header[MF_IMAGE_HEADER_SIZE];
  struct mf_image image;

  if (mf_flash_read (mf_update_flash (self), 0, header, sizeof header) &&
      mf_image_parse (&image, header) == MF_IMAGE_OK &&
      mf_boot_confirm (self->boot, self->slot, &image))
    settle (self, MF_UPDATE_CONFIRMED);
}

/* It does not get well with the new image: back to the old one. */
static void
give_up (struct mf_update *self, const char *trouble)
{
  mf_update_set_error (self, "not-confirmed", trouble);
  self->state = MF_UPDATE_REBOOTING;
  mf_update_save (self);
  mf_boot_revert (self->boot, self->slot);
  self->wants_reset = true;
}

uint32_t
mf_update_step (struct mf_update *self, const char *trouble)
{
  switch (self->state)
    {
    case MF_UPDATE_DOWNLOADING:
      return download (self);
    case MF_UPDATE_INSTALLING:
      install (self);
      return 0;
    case MF_UPDATE_CONFIRMING:
      if (trouble == NULL)
        confirm (self);
      else if (now (self) >= self->deadline_ms)
        give_up (self, trouble);
      break;
    case MF_UPDATE_IDLE:
    case MF_UPDATE_DOWNLOADED:
    case MF_UPDATE_REBOOTING:
    case MF_UPDATE_CONFIRMED:
    case MF_UPDATE_REVERTED:
    case MF_UPDATE_FAILED:
    default:
      break;
    }
  return STEP_MAX_MS;
}

uint32_t
mf_update_get_space (const struct mf_update *self)
{
  return self->boot->config->slots[mf_boot_spare (self->boot, self->running)].size;
}

uint8_t
mf_update_progress (const struct mf_update *self)
{
  if (self->state == MF_UPDATE_IDLE)
    return 0;
  if (self->state >= MF_UPDATE_DOWNLOADED && self->state <= MF_UPDATE_CONFIRMED)
    return 100;
  return self->has_header ? (uint8_t)(100 * (uint64_t)self->at / self->order.size) : 0;
}

bool
mf_update_is_due (const struct mf_update *self)
{
  return self->changed || (self->state == MF_UPDATE_DOWNLOADING &&
                           mf_update_progress (self) != self->reported_progress &&
                           now (self) >= self->reported_ms + REPORT_EVERY_MS);
}

void
mf_update_reported (struct mf_update *self)
{
  self->changed = false;
  self->reported_progress = mf_update_progress (self);
  self->reported_ms = now (self);
}

const char *
mf_update_state_name (enum mf_update_state state)
{
  static const char *const names[] = { "idle",       "downloading", "downloaded",
                                       "installing", "rebooting",   "confirming",
                                       "confirmed",  "reverted",    "failed" };

  return names[state];
}
