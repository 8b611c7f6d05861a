/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_loader.h"

#include <string.h>

#include "mf_hmac.h"
#include "mf_octets.h"
#include "mf_text.h"

#define ANSWER_SIZE 15u
#define DATA_HEAD 5u
#define ENQUIRE_EVERY_MS 100u /* a loader listens for half a second after a start */
#define PATIENCE_MS 10000u    /* with a small board's HMAC, and its flash */
#define FINISH_PATIENCE_MS 60000u
#define RUN_PATIENCE_MS 1000u
#define PAUSE_MIN_MS 1000u
#define PAUSE_DOUBLINGS 6u
#define IDLE_MS 1000u

void
mf_loader_init (struct mf_loader *self, const struct mf_loader_ops *ops, void *user)
{
  memset (self, 0, sizeof *self);
  self->ops = ops;
  self->user = user;
}

static uint32_t
payload_size (const struct mf_loader *self)
{
  return (uint32_t)self->image.size - MF_IMAGE_HEADER_SIZE;
}

static void
mark (struct mf_loader *self, const uint8_t key[MF_LINK_KEY])
{
  const struct mf_bytes secret = { key, MF_LINK_KEY };
  struct mf_bytes       parts[2];
  uint8_t               code[MF_SHA256_SIZE];

  parts[0] = mf_text_bytes ("muster loader image");
  parts[1].data = self->image.data;
  parts[1].size = MF_IMAGE_HEADER_SIZE;
  mf_hmac_sha256 (code, secret, parts, 2);
  memcpy (self->tag, code, sizeof self->tag);
}

void
mf_loader_load (struct mf_loader *self,
                uint32_t          now_ms,
                struct mf_bytes   image,
                const uint8_t     key[MF_LINK_KEY])
{
  self->image = image;
  self->active = image.size > MF_IMAGE_HEADER_SIZE;
  self->asked = self->late = 0;
  self->begun = self->sending = false;
  self->at = 0;
  self->rounds = 0;
  self->due_ms = now_ms;
  if (self->active)
    mark (self, key);
}

void
mf_loader_stop (struct mf_loader *self)
{
  self->active = false;
  self->asked = 0;
}

void
mf_loader_lost (struct mf_loader *self, uint32_t now_ms)
{
  self->asked = self->late = 0;
  self->due_ms = now_ms;
}

bool
mf_loader_has_line (const struct mf_loader *self)
{
  return self->active && self->asked > MF_LOADER_ENQUIRE;
}

/* --- asking --- */

static uint32_t
patience (uint8_t kind)
{
  switch (kind)
    {
    case MF_LOADER_ENQUIRE:
      return ENQUIRE_EVERY_MS;
    case MF_LOADER_FINISH:
      return FINISH_PATIENCE_MS;
    case MF_LOADER_RUN:
      return RUN_PATIENCE_MS;
    default:
      return PATIENCE_MS;
    }
}

static size_t
put_page (const struct mf_loader *self, uint8_t *out)
{
  uint32_t left = payload_size (self) - self->at, n = left < self->page ? left : self->page;

  mf_put32 (out, self->at);
  memset (out + 4, 0xFF, self->page);
  memcpy (out + 4, self->image.data + MF_IMAGE_HEADER_SIZE + self->at, n);
  return 4u + self->page;
}

static void
ask (struct mf_loader *self, uint32_t now_ms, uint8_t kind)
{
  uint8_t frame[MF_LOADER_FRAME];
  size_t  size = 1;

  frame[0] = kind;
  if (kind == MF_LOADER_BEGIN)
    {
      memcpy (frame + 1, self->image.data, MF_IMAGE_HEADER_SIZE);
      memcpy (frame + 1 + MF_IMAGE_HEADER_SIZE, self->tag, MF_LINK_TAG);
      size += MF_IMAGE_HEADER_SIZE + MF_LINK_TAG;
    }
  else if (kind == MF_LOADER_DATA)
    size += put_page (self, frame + 1);
  if (kind != MF_LOADER_ENQUIRE)
    self->late = 0;
  else if (self->asked > MF_LOADER_ENQUIRE)
    self->late = self->asked;
  self->asked = kind;
  self->due_ms = now_ms + patience (kind);
  self->ops->send (self->user, frame, size);
}

/* It went wrong although the loader is there: begins anew, after ever longer pauses. */
static void
begin_again (struct mf_loader *self, uint32_t now_ms)
{
  unsigned doublings = self->rounds < PAUSE_DOUBLINGS ? self->rounds : PAUSE_DOUBLINGS;

  self->rounds++;
  self->sending = false;
  self->at = 0;
  self->asked = self->late = 0;
  self->due_ms = now_ms + (PAUSE_MIN_MS << doublings);
}

static void
go_on (struct mf_loader *self, uint32_t now_ms)
{
  ask (self, now_ms, self->at < payload_size (self) ? MF_LOADER_DATA : MF_LOADER_FINISH);
}

static void
end (struct mf_loader *self, enum mf_unit_status status)
{
  mf_loader_stop (self);
  self->ops->ended (self->user, status);
}

/* --- what it answers --- */

struct answer
{
  uint8_t  kind, status;
  bool     is_whole;
  uint32_t wanted;
  uint16_t page;
};

/* Where the loader is, after a silence: a start of its own may lie in it. */
static void
take_up (struct mf_loader *self, uint32_t now_ms, const struct answer *answer)
{
  if (self->begun && answer->is_whole)
    ask (self, now_ms, MF_LOADER_RUN);
  else if (self->sending && answer->wanted > 0 && answer->page == self->page)
    {
      self->at = answer->wanted;
      go_on (self, now_ms);
    }
  else
    ask (self, now_ms, MF_LOADER_BEGIN);
}

static void
begun (struct mf_loader *self, uint32_t now_ms, const struct answer *answer)
{
  if (answer->status != MF_UNIT_DONE && !self->begun)
    {
      end (self, (enum mf_unit_status)answer->status);
      return;
    }
  if (answer->status != MF_UNIT_DONE || answer->page == 0 || answer->page > MF_LOADER_PAGE_MAX)
    {
      begin_again (self, now_ms);
      return;
    }
  self->begun = self->sending = true;
  self->page = answer->page;
  self->at = answer->wanted;
  go_on (self, now_ms);
}

static void
page_taken (struct mf_loader *self, uint32_t now_ms, const struct answer *answer)
{
  bool moves = answer->wanted != self->at;

  if ((answer->status == MF_UNIT_DONE || answer->status == MF_UNIT_NOT_NOW) && moves)
    {
      self->at = answer->wanted;
      go_on (self, now_ms);
    }
  else
    begin_again (self, now_ms);
}

static void
take (struct mf_loader *self, uint32_t now_ms, const struct answer *answer)
{
  switch (answer->kind)
    {
    case MF_LOADER_ENQUIRE:
      take_up (self, now_ms, answer);
      break;
    case MF_LOADER_BEGIN:
      begun (self, now_ms, answer);
      break;
    case MF_LOADER_DATA:
      page_taken (self, now_ms, answer);
      break;
    case MF_LOADER_FINISH:
      if (answer->status == MF_UNIT_DONE)
        ask (self, now_ms, MF_LOADER_RUN);
      else
        begin_again (self, now_ms);
      break;
    case MF_LOADER_RUN:
      if (answer->status == MF_UNIT_DONE)
        end (self, MF_UNIT_DONE);
      else
        begin_again (self, now_ms);
      break;
    default:
      break;
    }
}

bool
mf_loader_frame (struct mf_loader *self, uint32_t now_ms, const uint8_t *frame, size_t size)
{
  struct answer answer;

  if (size != ANSWER_SIZE || frame[0] != MF_LOADER_ANSWER || frame[1] != MF_LINK_VERSION)
    return false;
  answer.kind = frame[2];
  answer.status = frame[3];
  answer.is_whole = frame[4] != 0;
  answer.wanted = mf_get32 (frame + 9);
  answer.page = mf_get16 (frame + 13);
  /* An answer that nobody waits for any more is one too many: to act on it as well would be to
   * speak twice at a time from then on. */
  if (self->active && (answer.kind == self->asked ||
                       (self->asked == MF_LOADER_ENQUIRE && answer.kind == self->late)))
    take (self, now_ms, &answer);
  return true;
}

uint32_t
mf_loader_step (struct mf_loader *self, uint32_t now_ms)
{
  if (!self->active)
    return IDLE_MS;
  if ((int32_t)(now_ms - self->due_ms) >= 0)
    ask (self, now_ms, MF_LOADER_ENQUIRE);
  return self->due_ms - now_ms;
}
