/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_HTTP_H
#define MF_HTTP_H

#include "mf_port.h"

/*
 * A client of HTTP/1.1 (RFC 9110, RFC 9112) that does one thing: it fetches a range of a file by a
 * stream of bytes, for boards that fetch their updates themselves. The connection is kept for a
 * moment, for an update by difference asks for many ranges. It follows no redirection: the server
 * is the one that was ordered. What a server says is read strictly and within limits; whoever
 * breaks them is not listened to any further.
 */

#define MF_HTTP_URL_SIZE 272u /* an order's URL with what is appended to it for its index */
#define MF_HTTP_HOST_SIZE 64u
#define MF_HTTP_LINE_MAX 128u  /* of a line that must be understood; longer ones are passed over */
#define MF_HTTP_HEAD_MAX 8192u /* bytes before, between and behind the parts of a body */
#define MF_HTTP_FIELDS_MAX 64u
#define MF_HTTP_REQUEST_MAX 640u /* bytes of a request: the room that a stream must have */

/* Who has the files. */
struct mf_http_server
{
  bool            tls;  /* URLs are https:, and else http: */
  const char     *name; /* to check in its certificate, whatever the URL's host; "" = that host */
  struct mf_bytes ca;   /* DER */
};

struct mf_http_ops
{
  /* The stream, as mf_mqtt_ops has it, but for open(): false, it cannot be opened now, and is tried
   * again. Of `how` it gets host, port, tls_name and ca. */
  bool (*open) (void *user, const struct mf_connect *how);
  size_t (*room) (void *user);
  void (*write) (void *user, const uint8_t *bytes, size_t size);
  void (*close) (void *user);

  /* What comes of it: bytes in order, at most as many as were asked for; then the end. */
  void (*piece) (void *user, struct mf_bytes piece);
  void (*done) (void *user, enum mf_fetch_result result);
};

/* In this order but for the last four, of which a body consists that comes in chunks. */
enum mf_http_stage
{
  MF_HTTP_RESTING,
  MF_HTTP_WANTED, /* the request is to be sent */
  MF_HTTP_STATUS,
  MF_HTTP_FIELDS,
  MF_HTTP_BODY,
  MF_HTTP_CHUNK_SIZE,
  MF_HTTP_CHUNK,
  MF_HTTP_CHUNK_END,
  MF_HTTP_TRAILER,
};

/* What the fields of a response say. */
struct mf_http_head
{
  unsigned status;
  bool     has_length, has_range, is_chunked, closes, is_coded;
  uint64_t length;
  uint64_t first, last; /* of Content-Range */
};

struct mf_http
{
  const struct mf_http_ops    *ops;
  void                        *user;
  const struct mf_http_server *server;

  /* what is wanted */
  enum mf_http_stage stage;
  char               url[MF_HTTP_URL_SIZE];
  uint32_t           offset, size;

  /* the connection */
  bool     open;
  bool     fresh; /* nothing was answered on it yet */
  char     host[MF_HTTP_HOST_SIZE];
  uint16_t port;
  uint32_t heard_ms;

  /* the response */
  struct mf_http_head head;
  uint64_t            body; /* bytes that are left of it, or of a chunk */
  uint32_t            left; /* bytes that are left to give */
  uint32_t            head_left;
  uint16_t            fields;
  char                line[MF_HTTP_LINE_MAX + 1];
  uint8_t             line_used;
  bool                line_long, line_return;
};

/* `server` lives as long. */
void mf_http_init (struct mf_http              *self,
                   const struct mf_http_ops    *ops,
                   void                        *user,
                   const struct mf_http_server *server);

/* As mf_port_ops has fetch() and fetch_stop(). `now_ms` is monotonic and may wrap. */
bool mf_http_fetch (struct mf_http *self,
                    uint32_t        now_ms,
                    const char     *url,
                    uint32_t        offset,
                    uint32_t        size);
void mf_http_stop (struct mf_http *self);

/* What the stream brought, and that it has ended. */
void mf_http_bytes (struct mf_http *self, uint32_t now_ms, const uint8_t *bytes, size_t size);
void mf_http_closed (struct mf_http *self);

/* Does what is due; to be called often. */
void mf_http_step (struct mf_http *self, uint32_t now_ms);

/* What a response with this status, which is not the file, says of another try. */
enum mf_fetch_result mf_http_judge (unsigned status);

#endif
