/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_at.h"

#include <string.h>

#include "mf_text.h"

#define REST_MS 2000u
#define PATIENCE_MS 5000u
#define JOIN_PATIENCE_MS                                                                           \
  30000u /* of AT+CWJAP, which says so after 15 s by itself, and of a TLS handshake */
#define BUSY_MS 200u
#define STEP_MS 100u
#define IDLE_MS 1000u

void
mf_at_init (struct mf_at               *self,
            const struct mf_at_ops     *ops,
            void                       *user,
            const struct mf_at_network *network,
            uint8_t                    *tx,
            size_t                      tx_size)
{
  memset (self, 0, sizeof *self);
  self->ops = ops;
  self->user = user;
  self->network = *network;
  mf_queue_init (&self->tx, tx, tx_size);
  self->entered_ms = 0u - REST_MS;
}

/* --- commands --- */

static void
say (struct mf_at *self, const char *text)
{
  self->ops->send (self->user, (const uint8_t *)text, strlen (text));
}

/* A text as a parameter of a command: in quotes, with what would end it escaped. */
static void
say_quoted (struct mf_at *self, const char *text)
{
  say (self, "\"");
  for (; *text != '\0'; text++)
    {
      if (*text == '"' || *text == '\\' || *text == ',')
        say (self, "\\");
      self->ops->send (self->user, (const uint8_t *)text, 1);
    }
  say (self, "\"");
}

static void
say_number (struct mf_at *self, uint32_t number)
{
  char    digits[10];
  uint8_t at = sizeof digits;

  do
    {
      digits[--at] = (char)('0' + number % 10);
      number /= 10;
    }
  while (number > 0);
  self->ops->send (self->user, (const uint8_t *)digits + at, sizeof digits - at);
}

static void
say_join (struct mf_at *self)
{
  say (self, "AT+CWJAP=");
  say_quoted (self, self->network.ssid);
  say (self, ",");
  say_quoted (self, self->network.password != NULL ? self->network.password : "");
}

static void
say_open (struct mf_at *self)
{
  say (self, self->network.tls ? "AT+CIPSTART=\"SSL\"," : "AT+CIPSTART=\"TCP\",");
  say_quoted (self, self->host);
  say (self, ",");
  say_number (self, self->port);
}

static void
say_command (struct mf_at *self)
{
  static const char *const fixed[] = {
    [MF_AT_RESET] = "AT+RST",
    [MF_AT_ECHO_OFF] = "ATE0",
    [MF_AT_STATION] = "AT+CWMODE=1",
    [MF_AT_SINGLE] = "AT+CIPMUX=0",
    [MF_AT_TRUST] = "AT+CIPSSLCCONF=2,0,0",
    [MF_AT_CLOSING] = "AT+CIPCLOSE",
  };

  if (self->state == MF_AT_JOIN)
    say_join (self);
  else if (self->state == MF_AT_NAME)
    {
      say (self, "AT+CIPSSLCSNI=");
      say_quoted (self, self->name);
    }
  else if (self->state == MF_AT_OPENING)
    say_open (self);
  else if (self->state == MF_AT_ASKING)
    {
      say (self, "AT+CIPSEND=");
      say_number (self, self->chunk);
    }
  else
    say (self, fixed[self->state]);
  say (self, "\r\n");
}

static bool
is_command (enum mf_at_state state)
{
  return state != MF_AT_RESTING && state != MF_AT_READY && state != MF_AT_OPEN &&
         state != MF_AT_SENDING;
}

static void
enter (struct mf_at *self, uint32_t now_ms, enum mf_at_state state)
{
  self->state = state;
  self->entered_ms = now_ms;
  self->busy = false;
  if (is_command (state))
    say_command (self);
}

/* --- the connection --- */

/* The connection is over, or cannot be had. */
static void
lose (struct mf_at *self)
{
  bool told = self->wanted && !self->leaving;

  self->wanted = self->leaving = false;
  mf_queue_drop (&self->tx, self->tx.used);
  self->data_left = 0;
  if (told)
    self->ops->closed (self->user);
}

/* The modem does not do what it should: all anew, after a pause. */
static void
rest (struct mf_at *self, uint32_t now_ms)
{
  enter (self, now_ms, MF_AT_RESTING);
  lose (self);
}

bool
mf_at_open (struct mf_at *self, const struct mf_connect *how)
{
  const char *name = how->tls_name[0] != '\0' ? how->tls_name : how->host;

  if (self->wanted || self->state > MF_AT_READY ||
      !mf_text_copy (self->host, sizeof self->host, mf_text_bytes (how->host)) ||
      !mf_text_copy (self->name, sizeof self->name, mf_text_bytes (name)))
    return false;
  self->port = how->port;
  self->wanted = true;
  return true;
}

size_t
mf_at_room (const struct mf_at *self)
{
  return self->wanted && !self->leaving ? mf_queue_room (&self->tx) : 0;
}

void
mf_at_write (struct mf_at *self, const uint8_t *bytes, size_t size)
{
  mf_queue_put (&self->tx, bytes, size);
}

void
mf_at_close (struct mf_at *self)
{
  self->leaving = self->wanted;
  if (self->state < MF_AT_OPENING)
    lose (self);
}

/* In two pieces where the queue goes round. */
static void
send_chunk (struct mf_at *self, uint32_t now_ms)
{
  size_t left = self->chunk;

  while (left > 0)
    {
      struct mf_bytes piece = mf_queue_peek (&self->tx, left);

      self->ops->send (self->user, piece.data, piece.size);
      mf_queue_drop (&self->tx, piece.size);
      left -= piece.size;
    }
  enter (self, now_ms, MF_AT_SENDING);
}

/* --- what the modem says --- */

static bool
is_line (const struct mf_at *self, const char *text)
{
  return strcmp (self->line, text) == 0;
}

static bool
begins (const char *line, const char *text)
{
  return strncmp (line, text, strlen (text)) == 0;
}

/* What comes after a command that was carried out. */
static enum mf_at_state
after (const struct mf_at *self)
{
  if (self->state == MF_AT_STATION && self->network.ssid == NULL)
    return MF_AT_SINGLE;
  if ((self->state == MF_AT_SINGLE && !self->network.tls) ||
      (self->state == MF_AT_NAME && !self->wanted))
    return MF_AT_READY;
  return (enum mf_at_state) (self->state + 1);
}

static void
take_answer (struct mf_at *self, uint32_t now_ms, bool done)
{
  bool setting_up = self->state >= MF_AT_ECHO_OFF && self->state < MF_AT_READY;

  if (done && (setting_up || self->state == MF_AT_NAME || self->state == MF_AT_OPENING))
    enter (self, now_ms, after (self));
  else if (self->state == MF_AT_CLOSING) /* ERROR: it was closed already */
    {
      enter (self, now_ms, MF_AT_READY);
      lose (self);
    }
  else if (!done && (self->state == MF_AT_NAME || self->state == MF_AT_OPENING))
    {
      enter (self, now_ms, MF_AT_READY);
      lose (self);
    }
  else if (!done && self->state != MF_AT_RESTING && self->state != MF_AT_READY)
    rest (self, now_ms);
}

static void
take_line (struct mf_at *self, uint32_t now_ms)
{
  if (is_line (self, "OK"))
    take_answer (self, now_ms, true);
  else if (is_line (self, "ERROR") || is_line (self, "FAIL") || is_line (self, "SEND FAIL"))
    take_answer (self, now_ms, false);
  else if (is_line (self, "SEND OK") && self->state == MF_AT_SENDING)
    enter (self, now_ms, MF_AT_OPEN);
  else if (is_line (self, "CLOSED") && self->state >= MF_AT_OPEN)
    {
      enter (self, now_ms, MF_AT_READY);
      lose (self);
    }
  else if (is_line (self, "ready")) /* it has started, and knows nothing of before */
    {
      lose (self);
      enter (self, now_ms, MF_AT_ECHO_OFF);
    }
  else if (begins (self->line, "busy ") && is_command (self->state))
    self->busy = true;
  else if (is_line (self, "WIFI DISCONNECT") && self->state > MF_AT_JOIN)
    rest (self, now_ms);
}

/* "+IPD,12" before a colon: twelve bytes of the connection follow. */
static void
take_announcement (struct mf_at *self)
{
  const char *at = self->line + 5;
  uint32_t    size = 0;

  for (; *at >= '0' && *at <= '9' && size <= UINT16_MAX; at++)
    size = size * 10 + (uint32_t)(*at - '0');
  self->data_left = *at == '\0' && size <= UINT16_MAX ? size : 0;
}

static void
end_line (struct mf_at *self)
{
  self->line[self->line_used] = '\0';
  self->line_used = 0;
}

static void
take_byte (struct mf_at *self, uint32_t now_ms, uint8_t byte)
{
  if (byte == '\n')
    {
      end_line (self);
      if (!self->line_long)
        take_line (self, now_ms);
      self->line_long = false;
      return;
    }
  if (byte == '\r' || byte == '\0')
    return;
  if (self->line_used == MF_AT_LINE_MAX - 1)
    {
      self->line_long = true;
      return;
    }
  self->line[self->line_used++] = (char)byte;
  if (byte == '>' && self->line_used == 1 && self->state == MF_AT_ASKING)
    {
      self->line_used = 0;
      send_chunk (self, now_ms);
    }
  else if (byte == ':' && begins (self->line, "+IPD,"))
    {
      self->line_used--;
      end_line (self);
      take_announcement (self);
    }
}

void
mf_at_bytes (struct mf_at *self, uint32_t now_ms, const uint8_t *bytes, size_t size)
{
  while (size > 0)
    {
      struct mf_bytes piece = { bytes, size < self->data_left ? size : self->data_left };
      size_t          taken = piece.size > 0 ? piece.size : 1;

      self->data_left -= (uint32_t)piece.size;
      if (piece.size == 0)
        take_byte (self, now_ms, *bytes);
      else if (self->wanted && !self->leaving)
        self->ops->received (self->user, piece);
      bytes += taken;
      size -= taken;
    }
}

/* --- what is due --- */

static uint32_t
patience (const struct mf_at *self)
{
  if (self->state == MF_AT_RESTING)
    return REST_MS;
  if (self->busy)
    return BUSY_MS;
  return self->state == MF_AT_JOIN || self->state == MF_AT_OPENING ? JOIN_PATIENCE_MS : PATIENCE_MS;
}

uint32_t
mf_at_step (struct mf_at *self, uint32_t now_ms)
{
  bool waits = self->state != MF_AT_READY && self->state != MF_AT_OPEN;

  if (waits && now_ms - self->entered_ms < patience (self))
    return STEP_MS;
  if (self->state == MF_AT_RESTING)
    enter (self, now_ms, MF_AT_RESET);
  else if (self->busy)
    enter (self, now_ms, self->state);
  else if (waits)
    rest (self, now_ms);
  else if (self->state == MF_AT_READY && self->wanted)
    enter (self, now_ms, self->network.tls ? MF_AT_NAME : MF_AT_OPENING);
  else if (self->state == MF_AT_OPEN && self->tx.used > 0)
    {
      self->chunk = (uint16_t)(self->tx.used < MF_AT_CHUNK_MAX ? self->tx.used : MF_AT_CHUNK_MAX);
      enter (self, now_ms, MF_AT_ASKING);
    }
  else if (self->state == MF_AT_OPEN && self->leaving)
    enter (self, now_ms, MF_AT_CLOSING);
  else
    return IDLE_MS;
  return STEP_MS;
}
