/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TLS_H
#define TLS_H

#include <mbedtls/ssl.h>

#include "wire.h"

/*
 * TLS by Mbed TLS on a connection of wire.h: a client that has the server prove the name that it
 * was told by a certificate of the one authority that it was given. A board without a source of
 * entropy, or without a clock to check certificates by, does none.
 */

#define TLS_NAME_SIZE 64u

/* One connection; all zero before tls_init(). */
struct tls
{
  const struct stream_events *events; /* as of a wire, in clear */
  void                       *user;
  struct wire                 wire;
  mbedtls_ssl_context         ssl;
  mbedtls_ssl_config          config;
  mbedtls_x509_crt            authority;
  struct mf_queue             in;  /* came and is not decrypted yet */
  struct mf_queue             out; /* waits to be encrypted */
  bool                        open, shaken, leaving;
  int     error; /* of Mbed TLS: why the last connection ended; 0: no reason of its own */
  uint8_t rx[WIRE_PIECE_MAX], tx[WIRE_QUEUE];
};

void tls_init (struct tls *self, const struct stream_events *events, void *user);

/* `host`: an address; `name`: what its certificate must bear, "" = the address; `ca`: the
 * authority's certificate in DER. What is written before the connection stands waits for it. False:
 * that cannot be, or the connection before is not at its end. */
bool tls_open (struct tls     *self,
               const char     *host,
               uint16_t        port,
               const char     *name,
               struct mf_bytes ca);

/* As of a wire. */
size_t tls_room (const struct tls *self);
void   tls_write (struct tls *self, const uint8_t *bytes, size_t size);
void   tls_close (struct tls *self);
void   tls_step (struct tls *self);

#endif
