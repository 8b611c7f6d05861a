/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>

#include "mf-fuzz-http.h"
#include "mf_http.h"

#define WANTED 64u
#define LONG_MS 40000u

typedef struct
{
  struct mf_http http;
  gsize          given;
  guint          ends;
  gboolean       open;
  gboolean       stops; /* in the midst of a piece */
} Client;

static bool
open_stream (void *user, const struct mf_connect *how)
{
  Client *self = user;

  if (self->open)
    g_error ("a connection is opened twice");
  self->open = TRUE;
  return true;
}

static size_t
get_room (void *user)
{
  return MF_HTTP_REQUEST_MAX;
}

static void
write_stream (void *user, const uint8_t *bytes, size_t size)
{
  if (!((Client *)user)->open || size == 0 || size > MF_HTTP_REQUEST_MAX)
    g_error ("what is written has no room");
}

static void
close_stream (void *user)
{
  ((Client *)user)->open = FALSE;
}

static void
take_piece (void *user, struct mf_bytes piece)
{
  Client *self = user;

  self->given += piece.size;
  if (piece.size == 0 || self->given > WANTED || self->ends > 0)
    g_error ("more is given than was asked for");
  if (self->stops && self->given > WANTED / 2)
    {
      mf_http_stop (&self->http);
      self->ends++;
    }
}

static void
be_done (void *user, enum mf_fetch_result result)
{
  Client *self = user;

  if (self->ends++ > 0)
    g_error ("a fetch ends twice");
  if (result == MF_FETCH_WHOLE && self->given < WANTED)
    g_error ("it is whole, and is not");
}

static void
fetch (Client *self, const guint8 *data, gsize size, gsize piece, guint32 offset)
{
  self->given = self->ends = 0;
  if (!mf_http_fetch (&self->http, 0, "https://h:1/f", offset, WANTED))
    g_error ("it does not begin");
  mf_http_step (&self->http, 0);
  for (gsize at = 0; at < size && self->open; at += piece)
    mf_http_bytes (&self->http, 1, data + at, MIN (piece, size - at));
  if (self->open && self->ends == 0)
    {
      self->open = FALSE;
      mf_http_closed (&self->http);
    }
  mf_http_step (&self->http, LONG_MS);
  if (self->ends != 1)
    g_error ("a fetch has no end");
}

int
mf_fuzz_http (const uint8_t *data, size_t size)
{
  static const struct mf_http_ops    ops = { open_stream,  get_room,   write_stream,
                                             close_stream, take_piece, be_done };
  static const struct mf_http_server server = { true, "n", { NULL, 0 } };
  Client                             self = { 0 };

  if (size < 2)
    return 0;
  mf_http_init (&self.http, &ops, &self, &server);
  self.stops = (data[1] & 0x80) != 0;
  fetch (&self, data + 2, size - 2, 1u + data[0], data[1] & 0x7F);
  fetch (&self, data + 2, size - 2, 1u + data[0], data[1] & 0x7F);
  return 0;
}
