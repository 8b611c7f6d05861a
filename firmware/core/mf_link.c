/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_crc32.h"
#include "mf_hmac.h"
#include "mf_link_private.h"
#include "mf_octets.h"
#include "mf_text.h"

#define HEAD MF_LINK_HEAD
#define CRC 4u

void
mf_link_init (struct mf_link           *self,
              enum mf_link_role         role,
              const struct mf_link_ops *ops,
              void                     *user,
              uint8_t                  *rx,
              size_t                    rx_size,
              uint8_t                  *tx,
              size_t                    tx_size)
{
  memset (self, 0, sizeof *self);
  self->ops = ops;
  self->user = user;
  self->role = role;
  self->rx = rx;
  self->rx_size = (uint16_t)rx_size;
  self->tx = tx;
  self->tx_size = self->tx_limit = (uint16_t)tx_size;
}

void
mf_link_identify (struct mf_link *self, struct mf_bytes serial, uint32_t boots)
{
  self->serial_size =
    (uint8_t)(serial.size > MF_LINK_SERIAL_MAX ? MF_LINK_SERIAL_MAX : serial.size);
  memcpy (self->serial, serial.data, self->serial_size);
  self->boots = boots;
}

/* Puts a frame on the line by COBS: each run of bytes other than zero behind a code that says where
 * the next zero stands. */
static void
put_frame (struct mf_link *self, const uint8_t *frame, size_t size)
{
  static const uint8_t delimiter = 0;
  size_t               at = 0;

  for (;;)
    {
      size_t  run = 0;
      uint8_t code;

      while (run < 254 && at + run < size && frame[at + run] != 0)
        run++;
      code = (uint8_t)(run + 1);
      self->ops->send (self->user, &code, 1);
      self->ops->send (self->user, frame + at, run);
      at += run;
      if (at == size)
        break;
      if (run < 254)
        at++; /* the zero, which the code stands for */
    }
  self->ops->send (self->user, &delimiter, 1);
}

void
mf_link_put_aside (struct mf_link *self, uint8_t *frame, size_t size)
{
  mf_put32 (frame + size, mf_crc32 (0, frame, size));
  put_frame (self, frame, size + CRC);
}

void
mf_link_put (struct mf_link *self, uint32_t now_ms, uint8_t *frame, size_t size)
{
  mf_link_put_aside (self, frame, size);
  self->said_ms = now_ms;
}

static void
tag (const struct mf_link *self, const uint8_t *frame, size_t size, uint8_t out[MF_LINK_TAG])
{
  const struct mf_bytes key = { self->session, sizeof self->session }, part = { frame, size };
  uint8_t               mac[32];

  mf_hmac_sha256 (mac, key, &part, 1);
  memcpy (out, mac, MF_LINK_TAG);
}

static void
send_ack (struct mf_link *self, uint32_t now_ms)
{
  uint8_t frame[MF_LINK_OVERHEAD];

  frame[0] = (uint8_t)((unsigned)MF_LINK_ACK | (unsigned)self->role);
  mf_put32 (frame + 1, 0);
  mf_put32 (frame + 5, self->receive_seq);
  tag (self, frame, HEAD, frame + HEAD);
  mf_link_put (self, now_ms, frame, HEAD + MF_LINK_TAG);
  self->owes_ack = false;
}

static void
send_data (struct mf_link *self, uint32_t now_ms)
{
  mf_put32 (self->tx + 5, self->receive_seq);
  tag (self, self->tx, self->tx_used, self->tx + self->tx_used);
  mf_link_put (self, now_ms, self->tx, self->tx_used + MF_LINK_TAG);
  self->owes_ack = false;
  self->tx_due_ms = now_ms + self->tx_pause_ms;
}

uint8_t *
mf_link_open (struct mf_link *self, size_t *room)
{
  if (self->state != MF_LINK_UP || self->tx_used > 0)
    return NULL;
  *room = self->tx_limit - MF_LINK_OVERHEAD;
  return self->tx + HEAD;
}

void
mf_link_close (struct mf_link *self, uint32_t now_ms, size_t size)
{
  self->tx[0] = (uint8_t)((unsigned)MF_LINK_DATA | (unsigned)self->role);
  mf_put32 (self->tx + 1, self->send_seq++);
  self->tx_used = (uint16_t)(HEAD + size);
  self->tx_pause_ms = MF_LINK_RETRY_MS;
  send_data (self, now_ms);
}

void
mf_link_drop (struct mf_link *self)
{
  bool was_up = self->state == MF_LINK_UP;

  self->state = MF_LINK_DOWN;
  self->tx_used = 0;
  self->owes_ack = false;
  mf_forget (self->session, sizeof self->session);
  if (was_up)
    self->ops->changed (self->user, false);
}

void
mf_link_opened (struct mf_link *self)
{
  mf_link_drop (self);
  self->shaking = false;
}

void
mf_link_begin (struct mf_link *self, uint32_t now_ms, enum mf_link_state state)
{
  mf_link_drop (self);
  self->state = state;
  self->shaking = false;
  self->send_seq = self->receive_seq = 1;
  self->heard_ms = now_ms;
}

/* The other side has all up to `ack`. */
static void
acknowledged (struct mf_link *self, uint32_t ack)
{
  if (self->tx_used == 0 || ack != self->send_seq)
    return;
  self->tx_used = 0;
  self->ops->delivered (self->user);
}

static void
data (struct mf_link *self, uint32_t seq, struct mf_bytes payload)
{
  if (seq == self->receive_seq - 1)
    {
      self->owes_ack = true; /* ours was lost */
      self->replays++;
      return;
    }
  if (seq != self->receive_seq)
    {
      self->replays++;
      return;
    }
  /* An answer that goes out from within received() already acknowledges this message. */
  self->receive_seq++;
  self->owes_ack = true;
  if (payload.size > 0 && !self->ops->received (self->user, payload))
    {
      self->receive_seq--;
      self->owes_ack = false;
    }
}

void
mf_link_greet (struct mf_link *self, uint32_t now_ms)
{
  self->ops->changed (self->user, true);
  if (self->tx_used == 0)
    send_ack (self, now_ms);
}

/* A frame of the session: `frame` without its CRC. */
static void
session_frame (struct mf_link *self, uint32_t now_ms, const uint8_t *frame, size_t size)
{
  uint8_t         expected[MF_LINK_TAG];
  struct mf_bytes payload;

  if (size < HEAD + MF_LINK_TAG || self->state == MF_LINK_DOWN)
    {
      self->bad_frames++;
      return;
    }
  size -= MF_LINK_TAG;
  tag (self, frame, size, expected);
  if (!mf_bytes_same_secret (expected, frame + size, MF_LINK_TAG))
    {
      self->bad_tags++;
      return;
    }
  self->heard_ms = now_ms;
  if (self->state == MF_LINK_OFFERED)
    {
      self->state = MF_LINK_UP;
      self->ops->changed (self->user, true);
    }
  acknowledged (self, mf_get32 (frame + 5));
  payload.data = frame + HEAD;
  payload.size = size - HEAD;
  if ((frame[0] & 0x7Fu) == MF_LINK_DATA)
    data (self, mf_get32 (frame + 1), payload);
  if (self->owes_ack)
    send_ack (self, now_ms);
}

static void
frame_ended (struct mf_link *self, uint32_t now_ms)
{
  const uint8_t *frame = self->rx;
  size_t         size = self->rx_used;
  uint8_t        kind;

  if (size == 0 && !self->rx_overlong)
    return; /* a delimiter between frames */
  if (self->rx_overlong || self->rx_run > 0 || size < 1 + CRC ||
      mf_get32 (frame + size - CRC) != mf_crc32 (0, frame, size - CRC) ||
      (frame[0] & 0x80u) == (unsigned)self->role)
    {
      self->bad_frames++;
      return;
    }
  kind = frame[0] & 0x7Fu;
  if (kind == MF_LINK_DATA || kind == MF_LINK_ACK)
    session_frame (self, now_ms, frame, size - CRC);
  else if (!mf_link_handshake (self, now_ms, frame, size - CRC) &&
           (self->aside == NULL || !self->aside (self->user, frame, size - CRC)))
    self->bad_frames++;
}

static void
store (struct mf_link *self, uint8_t byte)
{
  if (self->rx_used == self->rx_size)
    self->rx_overlong = true;
  else
    self->rx[self->rx_used++] = byte;
}

void
mf_link_bytes (struct mf_link *self, uint32_t now_ms, const uint8_t *bytes, size_t size)
{
  for (; size > 0; bytes++, size--)
    if (*bytes == 0)
      {
        frame_ended (self, now_ms);
        self->rx_used = self->rx_run = 0;
        self->rx_zero = self->rx_overlong = false;
      }
    else if (self->rx_overlong)
      continue;
    else if (self->rx_run == 0)
      {
        if (self->rx_zero)
          store (self, 0);
        self->rx_run = (uint8_t)(*bytes - 1);
        self->rx_zero = *bytes != 0xFF;
      }
    else
      {
        store (self, *bytes);
        self->rx_run--;
      }
}

static bool
is_due (uint32_t now_ms, uint32_t due_ms)
{
  return (int32_t)(now_ms - due_ms) >= 0;
}

static uint32_t
until (uint32_t now_ms, uint32_t due_ms)
{
  return is_due (now_ms, due_ms) ? 0 : due_ms - now_ms;
}

/* Sends again what nobody acknowledged. */
static uint32_t
retransmit (struct mf_link *self, uint32_t now_ms)
{
  if (!is_due (now_ms, self->tx_due_ms))
    return until (now_ms, self->tx_due_ms);
  if (self->tx_pause_ms < MF_LINK_RETRY_MOST_MS)
    self->tx_pause_ms *= 2;
  self->resent++;
  send_data (self, now_ms);
  return self->tx_pause_ms;
}

/* Each HELLO makes the one before void, so a unit that takes its time gets ever more of it. */
static void
ask_for_session (struct mf_link *self, uint32_t now_ms)
{
  if (self->state == MF_LINK_DOWN && !self->shaking)
    self->tx_pause_ms = MF_LINK_HELLO_MS;
  else if (!is_due (now_ms, self->said_ms + self->tx_pause_ms))
    return;
  else if (self->tx_pause_ms < MF_LINK_HELLO_MOST_MS)
    self->tx_pause_ms *= 2;
  mf_link_hello (self, now_ms);
}

uint32_t
mf_link_step (struct mf_link *self, uint32_t now_ms)
{
  uint32_t wait = MF_LINK_KEEPALIVE_MS, next;

  if (self->state != MF_LINK_DOWN && is_due (now_ms, self->heard_ms + MF_LINK_SILENCE_MS))
    mf_link_drop (self);
  if (self->state == MF_LINK_UP && self->tx_used > 0)
    wait = retransmit (self, now_ms);
  if (self->role == MF_LINK_UNIT)
    return wait;
  if (self->state == MF_LINK_UP)
    {
      if (self->tx_used == 0 && is_due (now_ms, self->said_ms + MF_LINK_KEEPALIVE_MS))
        mf_link_close (self, now_ms, 0);
      next = until (now_ms, self->said_ms + MF_LINK_KEEPALIVE_MS);
    }
  else
    {
      ask_for_session (self, now_ms);
      next = until (now_ms, self->said_ms + self->tx_pause_ms);
    }
  return next < wait ? next : wait;
}
