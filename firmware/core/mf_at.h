/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_AT_H
#define MF_AT_H

#include "mf_queue.h"

/*
 * One TCP or TLS connection through a Wi-Fi modem at a serial line, which speaks Espressif's AT
 * commands (ESP-AT User Guide, releases 2.x to 4.x, "Wi-Fi AT Commands" and "TCP/IP AT Commands").
 * A board without a stack of its own becomes a node of the site by it. The modem does TLS; the
 * site's authority is in its partition `client_ca` (key client_ca.0), put there at the bench, and
 * it refuses a broker that the authority does not vouch for.
 */

#define MF_AT_LINE_MAX 96u
#define MF_AT_CHUNK_MAX 2048u /* of one AT+CIPSEND, on the smallest of these modems */

struct mf_at_ops
{
  /* Puts bytes on the line to the modem. */
  void (*send) (void *user, const uint8_t *bytes, size_t size);
  /* What the connection brought, and that it has ended or never began. */
  void (*received) (void *user, struct mf_bytes piece);
  void (*closed) (void *user);
};

struct mf_at_network
{
  const char *ssid; /* NULL: the modem joins a network by itself */
  const char *password;
  bool        tls; /* false: plain TCP, for a test at the bench */
};

/* In this order the modem is made ready; from MF_AT_READY on it is. */
enum mf_at_state
{
  MF_AT_RESTING, /* after a failure, until it is tried again */
  MF_AT_RESET,
  MF_AT_ECHO_OFF,
  MF_AT_STATION,
  MF_AT_JOIN,
  MF_AT_SINGLE,
  MF_AT_TRUST,
  MF_AT_READY,
  MF_AT_NAME, /* which certificate the server must show */
  MF_AT_OPENING,
  MF_AT_OPEN,
  MF_AT_ASKING,  /* to be given a chunk */
  MF_AT_SENDING, /* it, until the modem has it out */
  MF_AT_CLOSING,
};

struct mf_at
{
  const struct mf_at_ops *ops;
  void                   *user;
  struct mf_at_network    network;
  enum mf_at_state        state;
  uint32_t                entered_ms;
  bool                    busy; /* it took no command now: the same again in a moment */

  /* what is to be opened */
  bool     wanted;  /* open, or to be opened as soon as the modem is ready */
  bool     leaving; /* closes when all is sent */
  char     host[64];
  char     name[64]; /* in the server's certificate */
  uint16_t port;

  struct mf_queue tx;
  uint16_t        chunk; /* of it, that the modem was told of */

  /* what comes: lines, and the data between them */
  char     line[MF_AT_LINE_MAX];
  uint8_t  line_used;
  bool     line_long;
  uint32_t data_left;
};

/* `network` and `tx` live as long; `tx` holds what one moment has to say, at least a CONNECT and a
 * birth. */
void mf_at_init (struct mf_at               *self,
                 const struct mf_at_ops     *ops,
                 void                       *user,
                 const struct mf_at_network *network,
                 uint8_t                    *tx,
                 size_t                      tx_size);

/* Opens a connection to `how`'s host, as soon as the modem is ready. False: the one before is not
 * yet over. */
bool   mf_at_open (struct mf_at *self, const struct mf_connect *how);
size_t mf_at_room (const struct mf_at *self);
/* `size`: at most the room. */
void mf_at_write (struct mf_at *self, const uint8_t *bytes, size_t size);
/* Sends what is queued, then closes; nothing more is reported. */
void mf_at_close (struct mf_at *self);

/* Bytes from the modem. `now_ms` is monotonic and may wrap. */
void mf_at_bytes (struct mf_at *self, uint32_t now_ms, const uint8_t *bytes, size_t size);

/* Does what is due; returns in how many milliseconds to come again at the latest. */
uint32_t mf_at_step (struct mf_at *self, uint32_t now_ms);

#endif
