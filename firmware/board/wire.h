/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_H
#define WIRE_H

#include "mf_queue.h"
#include "stream.h"

/*
 * TCP by lwIP and the board's Ethernet, which gets its address by DHCP: wire_lwip.c. On it lie the
 * streams of a node, plain (stream_lwip.c) or by TLS (tls.c).
 */

#define WIRE_QUEUE 4096u
#define WIRE_PIECE_MAX 1536u /* what comes at once */

struct tcp_pcb;

/* One connection; all zero before wire_init(). */
struct wire
{
  const struct stream_events *events;
  void                       *user;
  struct tcp_pcb             *pcb; /* NULL: none, or not yet */
  struct mf_queue             queue;
  uint32_t                    address; /* of IPv4, as on the network */
  uint16_t                    port;
  bool                        wanted, leaving, connected;
  uint8_t                     tx[WIRE_QUEUE];
};

/* Once for all connections; then again and again. */
void wire_network_start (const uint8_t mac[6]);
void wire_network_step (void);

void wire_init (struct wire *self, const struct stream_events *events, void *user);

/* `host`: an address. What is written before the connection stands waits for it. False: it is no
 * address, or the connection before is not at its end. */
bool wire_open (struct wire *self, const char *host, uint16_t port);

/* How much may be written now. */
size_t wire_room (const struct wire *self);
void   wire_write (struct wire *self, const uint8_t *bytes, size_t size);

/* Ends it when all is sent; nothing is heard of it any more. */
void wire_close (struct wire *self);
void wire_step (struct wire *self);

#endif
