/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_http_private.h"

#define PATIENCE_MS 30000u /* without a word from the server, its name's proof included */
#define KEEP_MS 5000u      /* for a next request */

void
mf_http_init (struct mf_http              *self,
              const struct mf_http_ops    *ops,
              void                        *user,
              const struct mf_http_server *server)
{
  memset (self, 0, sizeof *self);
  self->ops = ops;
  self->user = user;
  self->server = server;
}

static void
leave (struct mf_http *self)
{
  if (self->open)
    self->ops->close (self->user);
  self->open = false;
}

/* Nothing is known any more of where in what it says the server is, unless all was said. */
static void
finish (struct mf_http *self, uint32_t now_ms, enum mf_fetch_result result, bool keep)
{
  self->stage = MF_HTTP_RESTING;
  self->heard_ms = now_ms;
  if (!keep)
    leave (self);
  self->ops->done (self->user, result);
}

static void
fail (struct mf_http *self)
{
  finish (self, self->heard_ms, MF_FETCH_BROKEN, false);
}

enum mf_fetch_result
mf_http_judge (unsigned status)
{
  return status >= 400 && status < 500 && status != 408 && status != 425 && status != 429
           ? MF_FETCH_REFUSED
           : MF_FETCH_BROKEN;
}

/* --- asking --- */

static void
put (struct mf_http *self, const char *text, size_t size)
{
  self->ops->write (self->user, (const uint8_t *)text, size);
}

static void
put_text (struct mf_http *self, const char *text)
{
  if (*text != '\0')
    put (self, text, strlen (text));
}

static void
put_number (struct mf_http *self, uint32_t number)
{
  char   digits[10];
  size_t at = sizeof digits;

  do
    digits[--at] = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  put (self, digits + at, sizeof digits - at);
}

static const char *
get_name (const struct mf_http *self, const struct mf_http_target *target)
{
  return self->server->tls && self->server->name[0] != '\0' ? self->server->name : target->host;
}

/* At most MF_HTTP_REQUEST_MAX bytes: URL, name and 160 bytes of what is here. */
static void
ask (struct mf_http *self, const struct mf_http_target *target)
{
  put_text (self, "GET ");
  put_text (self, target->path[0] != '\0' ? target->path : "/");
  put_text (self, " HTTP/1.1\r\nHost: ");
  put_text (self, get_name (self, target));
  if (target->port_size > 0)
    put (self, target->port_text, target->port_size);
  put_text (self, "\r\nUser-Agent: muster-board\r\nAccept-Encoding: identity\r\nRange: bytes=");
  put_number (self, self->offset);
  put_text (self, "-");
  put_number (self, self->offset + self->size - 1);
  put_text (self, "\r\n\r\n");
}

/* Whether the connection to the target is there. One to another server gives way. */
static bool
reach (struct mf_http *self, const struct mf_http_target *target)
{
  const struct mf_connect how = {
    .host = target->host,
    .port = target->port,
    .tls_name = self->server->name,
    .ca = self->server->ca,
  };

  if (self->open && (self->port != target->port || strcmp (self->host, target->host) != 0))
    leave (self);
  if (self->open)
    return true;
  if (!self->ops->open (self->user, &how))
    return false;
  self->open = self->fresh = true;
  memcpy (self->host, target->host, sizeof self->host);
  self->port = target->port;
  return true;
}

static void
begin_line (struct mf_http *self, enum mf_http_stage stage)
{
  self->stage = stage;
  self->line_used = 0;
  self->line_long = self->line_return = false;
}

static void
begin (struct mf_http *self, uint32_t now_ms)
{
  struct mf_http_target target;

  if (!mf_http_parse_url (&target, self->url, self->server->tls))
    {
      finish (self, now_ms, MF_FETCH_IMPOSSIBLE, false);
      return;
    }
  if (!reach (self, &target) || self->ops->room (self->user) < MF_HTTP_REQUEST_MAX)
    return;
  ask (self, &target);
  self->head_left = MF_HTTP_HEAD_MAX;
  self->fields = 0;
  self->left = self->size;
  begin_line (self, MF_HTTP_STATUS);
}

bool
mf_http_fetch (struct mf_http *self,
               uint32_t        now_ms,
               const char     *url,
               uint32_t        offset,
               uint32_t        size)
{
  size_t length = strlen (url);

  if (self->stage != MF_HTTP_RESTING || length >= sizeof self->url || size == 0 ||
      size - 1 > UINT32_MAX - offset)
    return false;
  memcpy (self->url, url, length + 1);
  self->offset = offset;
  self->size = size;
  self->heard_ms = now_ms;
  self->stage = MF_HTTP_WANTED;
  return true;
}

void
mf_http_stop (struct mf_http *self)
{
  if (self->stage > MF_HTTP_WANTED)
    leave (self);
  self->stage = MF_HTTP_RESTING;
}

/* --- the head of a response --- */

/* A response without a length lasts as long as its connection. */
static bool
begin_body (struct mf_http *self)
{
  const struct mf_http_head *head = &self->head;
  uint64_t                   size = UINT64_MAX;

  if (head->has_length && head->is_chunked)
    return false;
  if (head->status == 206)
    size = head->last - head->first + 1;
  else if (head->has_length)
    size = head->length;
  if (head->has_length && head->length != size)
    return false;
  self->head.closes |= !head->is_chunked && !head->has_length;
  if (head->is_chunked)
    begin_line (self, MF_HTTP_CHUNK_SIZE);
  else
    self->stage = MF_HTTP_BODY;
  self->body = size;
  return true;
}

/* The file, from where it was asked for: its range, or the whole of it from its beginning. */
static bool
is_file (const struct mf_http *self)
{
  const struct mf_http_head *head = &self->head;

  if (head->is_coded)
    return false;
  if (head->status == 206)
    return head->has_range && head->first == self->offset && head->last - head->first < self->size;
  return head->status == 200 && self->offset == 0 &&
         (!head->has_length || head->length >= self->size);
}

/* False: the response is not as HTTP has it. */
static bool
end_head (struct mf_http *self)
{
  unsigned status = self->head.status;

  if (status < 200)
    {
      begin_line (self, MF_HTTP_STATUS);
      return status != 101;
    }
  if (is_file (self))
    return begin_body (self);
  finish (self, self->heard_ms, status == 206 ? MF_FETCH_BROKEN : mf_http_judge (status), false);
  return true;
}

/* --- its body --- */

/* All of the body was said. */
static void
end_body (struct mf_http *self)
{
  finish (self, self->heard_ms, self->left == 0 ? MF_FETCH_WHOLE : MF_FETCH_BROKEN,
          !self->head.closes);
}

/* Gives what of the body is wanted; returns how much was used up. */
static size_t
take_body (struct mf_http *self, const uint8_t *bytes, size_t size)
{
  enum mf_http_stage stage = self->stage;
  struct mf_bytes    piece = { bytes, size };

  if (piece.size > self->body)
    piece.size = (size_t)self->body;
  size = piece.size;
  self->body -= size;
  if (piece.size > self->left)
    piece.size = self->left;
  self->left -= (uint32_t)piece.size;
  if (piece.size > 0)
    self->ops->piece (self->user, piece);
  if (self->stage != stage) /* it was stopped from within */
    return size;
  if (self->body == 0 && stage == MF_HTTP_BODY)
    end_body (self);
  else if (self->left == 0 && self->head.status == 200)
    finish (self, self->heard_ms, MF_FETCH_WHOLE, false); /* the rest was not asked for */
  else if (self->body == 0)
    begin_line (self, MF_HTTP_CHUNK_END);
  return size;
}

static bool
begin_chunk (struct mf_http *self)
{
  if (!mf_http_parse_chunk_size (&self->body, self->line, self->line_long))
    return false;
  if (self->body == 0)
    begin_line (self, MF_HTTP_TRAILER);
  else
    self->stage = MF_HTTP_CHUNK;
  return self->body <= self->left || self->head.status == 200;
}

/* --- lines --- */

/* A whole line. False: it may not stand there. */
static bool
take_line (struct mf_http *self)
{
  bool is_empty = self->line_used == 0, good = true;

  switch (self->stage)
    {
    case MF_HTTP_STATUS:
      good = mf_http_parse_status (&self->head, self->line);
      begin_line (self, MF_HTTP_FIELDS);
      break;
    case MF_HTTP_FIELDS:
      if (is_empty)
        return end_head (self);
      good = ++self->fields <= MF_HTTP_FIELDS_MAX &&
             mf_http_parse_field (&self->head, self->line, self->line_long);
      begin_line (self, MF_HTTP_FIELDS);
      break;
    case MF_HTTP_CHUNK_SIZE:
      return begin_chunk (self);
    case MF_HTTP_CHUNK_END:
      begin_line (self, MF_HTTP_CHUNK_SIZE);
      return is_empty;
    case MF_HTTP_TRAILER:
      if (is_empty)
        end_body (self);
      else
        begin_line (self, MF_HTTP_TRAILER);
      break;
    case MF_HTTP_RESTING:
    case MF_HTTP_WANTED:
    case MF_HTTP_BODY:
    case MF_HTTP_CHUNK:
    default:
      break;
    }
  return good;
}

/* One byte of a line, which ends with CR and LF and holds no other control characters than tabs. */
static bool
take_byte (struct mf_http *self, char c)
{
  if (self->head_left-- == 0)
    return false;
  if (self->line_return)
    {
      self->line[self->line_used] = '\0';
      return c == '\n' && take_line (self);
    }
  if (c == '\r')
    self->line_return = true;
  else if (((unsigned char)c < ' ' && c != '\t') || c == '\x7F')
    return false;
  else if (self->line_used < MF_HTTP_LINE_MAX)
    self->line[self->line_used++] = c;
  else
    self->line_long = true;
  return true;
}

void
mf_http_bytes (struct mf_http *self, uint32_t now_ms, const uint8_t *bytes, size_t size)
{
  while (size > 0 && self->open)
    {
      size_t used = 1;

      if (self->stage <= MF_HTTP_WANTED) /* it was asked nothing */
        {
          leave (self);
          break;
        }
      self->heard_ms = now_ms;
      self->fresh = false;
      if (self->stage == MF_HTTP_BODY || self->stage == MF_HTTP_CHUNK)
        used = take_body (self, bytes, size);
      else if (!take_byte (self, (char)*bytes))
        fail (self);
      bytes += used;
      size -= used;
    }
}

/* A connection that was kept may have ended just when it was used again: that is no failure. */
void
mf_http_closed (struct mf_http *self)
{
  bool was_kept = !self->fresh;

  self->open = false;
  if (self->stage <= MF_HTTP_WANTED)
    return;
  if (self->stage == MF_HTTP_STATUS && was_kept && self->head_left == MF_HTTP_HEAD_MAX)
    self->stage = MF_HTTP_WANTED;
  else
    fail (self);
}

void
mf_http_step (struct mf_http *self, uint32_t now_ms)
{
  if (self->stage == MF_HTTP_WANTED)
    begin (self, now_ms);
  if (self->stage == MF_HTTP_RESTING && now_ms - self->heard_ms >= KEEP_MS)
    leave (self);
  else if (self->stage != MF_HTTP_RESTING && now_ms - self->heard_ms >= PATIENCE_MS)
    finish (self, now_ms, MF_FETCH_BROKEN, false);
}
