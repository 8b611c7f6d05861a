/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "node_update.h"

#include "board.h"
#include "mf_http.h"
#include "stream.h"

#define INDEX_BLOCKS 512u /* 20 bytes each, for as many KiB of an image */

static struct mf_node       *node;
static struct mf_boot        boot;
static struct mf_update      update;
static struct mf_delta_block blocks[INDEX_BLOCKS];
static struct mf_http        http;
static struct mf_http_server server;

/* --- the files' stream --- */

static bool
open_stream (void *user, const struct mf_connect *how)
{
  (void)user;
  return stream_open (STREAM_FILES, how);
}

static size_t
get_room (void *user)
{
  (void)user;
  return stream_room (STREAM_FILES);
}

static void
write_stream (void *user, const uint8_t *bytes, size_t size)
{
  (void)user;
  stream_write (STREAM_FILES, bytes, size);
}

static void
close_stream (void *user)
{
  (void)user;
  stream_close (STREAM_FILES);
}

static void
take_piece (void *user, struct mf_bytes piece)
{
  (void)user;
  mf_update_feed (&update, piece);
}

static void
be_done (void *user, enum mf_fetch_result result)
{
  (void)user;
  mf_update_fetched (&update, result);
}

static const struct mf_http_ops http_ops = {
  open_stream, get_room, write_stream, close_stream, take_piece, be_done,
};

static void
received (void *user, struct mf_bytes piece)
{
  (void)user;
  mf_http_bytes (&http, board_ms (), piece.data, piece.size);
}

static void
closed (void *user)
{
  (void)user;
  mf_http_closed (&http);
}

/* --- node_update.h --- */

/* A node whose boot records cannot be read stays one, and takes no updates. */
void
node_update_init (struct mf_node *owner, const struct mf_credentials *site)
{
  static const struct stream_events events = { received, closed };

  if (!mf_boot_init (&boot, &board_boot_config))
    return;
  server.tls = stream_is_tls;
  server.name = site->tls_name;
  server.ca = (struct mf_bytes){ site->ca, site->ca_size };
  stream_listen (STREAM_FILES, &events, NULL);
  mf_http_init (&http, &http_ops, NULL, &server);
  mf_update_init (&update, owner->port, owner->store, &boot, board_slot ());
  mf_update_set_delta (&update, blocks, INDEX_BLOCKS);
  owner->update = &update;
  node = owner;
}

void
node_update_step (void)
{
  if (node == NULL)
    return;
  mf_http_step (&http, board_ms ());
  mf_node_step_update (node);
}

bool
node_update_fetch (void *user, const char *url, uint32_t offset, uint32_t size)
{
  (void)user;
  return mf_http_fetch (&http, board_ms (), url, offset, size);
}

void
node_update_stop (void *user)
{
  (void)user;
  mf_http_stop (&http);
}
