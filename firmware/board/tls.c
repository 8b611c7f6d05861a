/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <mbedtls/memory_buffer_alloc.h>
#include <mbedtls/platform_time.h>
#include <mbedtls/platform_util.h>
#include <psa/crypto.h>

#include "board.h"
#include "tls.h"

#define HEAP (128u * 1024u) /* twice what two sessions were seen to take */
#define RECORD 1024u        /* of what is encrypted at once */
#define OVERHEAD 128u       /* of a record, at most */
#define DAY_S 86400

static _Alignas (8) uint8_t heap[HEAP];

/* --- what Mbed TLS asks of a board --- */

static int
draw (void *user, unsigned char *out, size_t size)
{
  (void)user;
  return board_entropy (out, size) ? 0 : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

psa_status_t
mbedtls_psa_external_get_random (mbedtls_psa_external_random_context_t *context,
                                 uint8_t                               *out,
                                 size_t                                 size,
                                 size_t                                *filled)
{
  (void)context;
  *filled = 0;
  if (!board_entropy (out, size))
    return PSA_ERROR_INSUFFICIENT_ENTROPY;
  *filled = size;
  return PSA_SUCCESS;
}

char *
strchr (const char *text, int c)
{
  for (; *text != (char)c; text++)
    if (*text == '\0')
      return NULL;
  return (char *)(uintptr_t)text;
}

mbedtls_ms_time_t
mbedtls_ms_time (void)
{
  return (mbedtls_ms_time_t)board_ms ();
}

time_t
time (time_t *out)
{
  uint64_t utc_ms = 0;
  time_t   now;

  board_wall_ms (&utc_ms);
  now = (time_t)(utc_ms / 1000);
  if (out != NULL)
    *out = now;
  return now;
}

/* The day of the calendar by counting from March, so that the day that some years have more is the
 * last: 400 years have 146,097 days, the fourth ones of a century 1,461. */
struct tm *
mbedtls_platform_gmtime_r (const mbedtls_time_t *when, struct tm *out)
{
  uint32_t days = (uint32_t)(*when / DAY_S) + 719468u, second = (uint32_t)(*when % DAY_S);
  uint32_t era = days / 146097u, day = days % 146097u;
  uint32_t year = (day - day / 1460u + day / 36524u - day / 146096u) / 365u;
  uint32_t month;

  day -= 365u * year + year / 4 - year / 100;
  month = (5 * day + 2) / 153;
  memset (out, 0, sizeof *out);
  out->tm_mday = (int)(day - (153 * month + 2) / 5 + 1);
  out->tm_mon = (int)(month < 10 ? month + 2 : month - 10);
  out->tm_year = (int)(era * 400 + year + (month < 10 ? 0 : 1)) - 1900;
  out->tm_hour = (int)(second / 3600);
  out->tm_min = (int)(second / 60 % 60);
  out->tm_sec = (int)(second % 60);
  return out;
}

/* False: this board cannot do TLS. */
static bool
begin_once (void)
{
  static bool tried, good;
  uint64_t    utc_ms;
  uint8_t     probe[16];

  if (tried)
    return good;
  tried = true;
  mbedtls_memory_buffer_alloc_init (heap, sizeof heap);
  good = board_wall_ms (&utc_ms) && board_entropy (probe, sizeof probe) &&
         psa_crypto_init () == PSA_SUCCESS;
  return good;
}

/* --- the wire below --- */

static int
pull (void *user, unsigned char *out, size_t size)
{
  struct tls     *self = user;
  struct mf_bytes piece = mf_queue_peek (&self->in, size);

  if (piece.size == 0)
    return MBEDTLS_ERR_SSL_WANT_READ;
  memcpy (out, piece.data, piece.size);
  mf_queue_drop (&self->in, piece.size);
  return (int)piece.size;
}

static int
push (void *user, const unsigned char *bytes, size_t size)
{
  struct tls *self = user;
  size_t      room = wire_room (&self->wire);

  if (room == 0)
    return MBEDTLS_ERR_SSL_WANT_WRITE;
  if (size > room)
    size = room;
  wire_write (&self->wire, bytes, size);
  return (int)size;
}

static void
forget (struct tls *self)
{
  mf_queue_drop (&self->in, self->in.used);
  mf_queue_drop (&self->out, self->out.used);
  mbedtls_platform_zeroize (self->tx, sizeof self->tx);
  mbedtls_ssl_free (&self->ssl);
  mbedtls_ssl_config_free (&self->config);
  mbedtls_x509_crt_free (&self->authority);
  self->open = self->shaken = self->leaving = false;
}

/* The connection is at its end; who opened it hears so, unless it has closed it. */
static void
end (struct tls *self, int error)
{
  bool told = self->open && !self->leaving;

  self->error = error;
  wire_close (&self->wire);
  forget (self);
  if (told)
    self->events->closed (self->user);
}

static bool
is_waiting (int result)
{
  return result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE;
}

/* Whether the handshake is at its end. A server that does not prove who it is ends the connection
 * here, before anything was said to it. */
static bool
shake (struct tls *self)
{
  int result;

  if (self->shaken)
    return true;
  result = mbedtls_ssl_handshake (&self->ssl);
  if (result == 0)
    self->shaken = true;
  else if (!is_waiting (result))
    end (self, result);
  return self->shaken;
}

/* Decrypts all that came. */
static void
decrypt (struct tls *self)
{
  uint8_t bytes[RECORD];

  while (self->open && shake (self))
    {
      int result = mbedtls_ssl_read (&self->ssl, bytes, sizeof bytes);

      if (is_waiting (result))
        break;
      if (result <= 0)
        end (self, result);
      else if (!self->leaving)
        {
          struct mf_bytes piece = { bytes, (size_t)result };

          self->events->received (self->user, piece);
        }
    }
  mbedtls_platform_zeroize (bytes, sizeof bytes);
}

/* A record at a time, and only when the wire has room for the whole of it. */
static void
encrypt (struct tls *self)
{
  while (self->open && self->shaken && self->out.used > 0 &&
         wire_room (&self->wire) >= RECORD + OVERHEAD)
    {
      struct mf_bytes piece = mf_queue_peek (&self->out, RECORD);
      int             result = mbedtls_ssl_write (&self->ssl, piece.data, piece.size);

      if (result > 0)
        mf_queue_drop (&self->out, (size_t)result);
      else if (is_waiting (result))
        break;
      else
        end (self, result);
    }
}

static void
wire_received (void *user, struct mf_bytes piece)
{
  struct tls *self = user;

  if (!self->open)
    return;
  if (piece.size > mf_queue_room (&self->in))
    {
      end (self, MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL);
      return;
    }
  mf_queue_put (&self->in, piece.data, piece.size);
  decrypt (self);
}

static void
wire_closed (void *user)
{
  end (user, MBEDTLS_ERR_SSL_CONN_EOF);
}

static const struct stream_events wire_ends = { wire_received, wire_closed };

/* --- tls.h --- */

void
tls_init (struct tls *self, const struct stream_events *events, void *user)
{
  self->events = events;
  self->user = user;
  mf_queue_init (&self->in, self->rx, sizeof self->rx);
  mf_queue_init (&self->out, self->tx, sizeof self->tx);
  wire_init (&self->wire, &wire_ends, self);
}

static int
set_up (struct tls *self, const char *name, struct mf_bytes ca)
{
  int result;

  mbedtls_ssl_init (&self->ssl);
  mbedtls_ssl_config_init (&self->config);
  mbedtls_x509_crt_init (&self->authority);
  result = mbedtls_x509_crt_parse_der (&self->authority, ca.data, ca.size);
  if (result == 0)
    result = mbedtls_ssl_config_defaults (&self->config, MBEDTLS_SSL_IS_CLIENT,
                                          MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
  if (result != 0)
    return result;
  mbedtls_ssl_conf_authmode (&self->config, MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_ca_chain (&self->config, &self->authority, NULL);
  mbedtls_ssl_conf_rng (&self->config, draw, NULL);
  mbedtls_ssl_set_bio (&self->ssl, self, push, pull, NULL);
  result = mbedtls_ssl_setup (&self->ssl, &self->config);
  return result != 0 ? result : mbedtls_ssl_set_hostname (&self->ssl, name);
}

bool
tls_open (struct tls *self, const char *host, uint16_t port, const char *name, struct mf_bytes ca)
{
  if (self->open || !begin_once () || !wire_open (&self->wire, host, port))
    return false;
  self->open = true;
  self->error = set_up (self, name[0] != '\0' ? name : host, ca);
  if (self->error == 0)
    return true;
  wire_close (&self->wire);
  forget (self);
  return false;
}

size_t
tls_room (const struct tls *self)
{
  return self->open && !self->leaving ? mf_queue_room (&self->out) : 0;
}

void
tls_write (struct tls *self, const uint8_t *bytes, size_t size)
{
  mf_queue_put (&self->out, bytes, size);
}

void
tls_close (struct tls *self)
{
  self->leaving = self->open;
}

/* What was written goes out first, as long as that can be. */
static void
leave (struct tls *self)
{
  if (self->shaken && self->out.used > 0)
    return;
  if (self->shaken)
    mbedtls_ssl_close_notify (&self->ssl);
  end (self, 0);
}

void
tls_step (struct tls *self)
{
  wire_step (&self->wire);
  if (self->open && self->wire.connected)
    decrypt (self);
  encrypt (self);
  if (self->open && self->leaving)
    leave (self);
  wire_step (&self->wire);
}
