/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_LINK_H
#define MF_LINK_H

#include "mf_port.h"

/*
 * A serial line between a small unit and its gateway, as ../LINK.md has it: frames by COBS with
 * CRC-32, a session that both sides prove a shared key for, HMAC-SHA256 on every frame of it, and
 * messages that arrive once and in order or not at all. One side may be a unit of two kilobytes:
 * one message is under way in each direction, and the memory is the caller's.
 */

#define MF_LINK_VERSION 1u
#define MF_LINK_KEY 32u
#define MF_LINK_NONCE 16u
#define MF_LINK_TAG 16u
#define MF_LINK_SERIAL_MAX 24u

/* What a frame takes beside its payload: kind, sequence, acknowledgement, tag, CRC. */
#define MF_LINK_OVERHEAD (1u + 4u + 4u + MF_LINK_TAG + 4u)
/* The least payload that both sides must take; a frame of the handshake fits in it. */
#define MF_LINK_PAYLOAD_LEAST 96u

#define MF_LINK_KEEPALIVE_MS 5000u /* a gateway with nothing to say says that */
#define MF_LINK_SILENCE_MS 15000u  /* after this much silence the session is over */
#define MF_LINK_RETRY_MS 400u      /* first retransmission; the pause doubles up to the next */
#define MF_LINK_RETRY_MOST_MS 3200u
#define MF_LINK_HELLO_MS 2000u /* a gateway without a session asks for one, ever more seldom */
#define MF_LINK_HELLO_MOST_MS 8000u

enum mf_link_role
{
  MF_LINK_UNIT = 0x80, /* also the bit that marks its frames */
  MF_LINK_GATEWAY = 0,
};

enum mf_link_state
{
  MF_LINK_DOWN,
  MF_LINK_OFFERED, /* the gateway has proved itself and waits for the first frame of the session */
  MF_LINK_UP,
};

struct mf_link_ops
{
  /* Puts bytes on the line, in this order, or loses them. */
  void (*send) (void *user, const uint8_t *bytes, size_t size);
  /* Fills with bytes as unpredictable as the board has. A gateway needs good ones; of a unit's
   * nonce they are only a part. */
  void (*random) (void *user, void *out, size_t size);
  /* The key of the unit with this serial; for a unit its own. False: none. */
  bool (*key) (void *user, struct mf_bytes serial, uint8_t key[MF_LINK_KEY]);
  /* A message of the session, once and in order. False: it cannot be taken now; it comes again. */
  bool (*received) (void *user, struct mf_bytes payload);
  /* The last message is acknowledged. */
  void (*delivered) (void *user);
  /* A session began or ended. */
  void (*changed) (void *user, bool up);
  /* A unit without a key is given one, with its serial. False: refused. NULL: never. */
  bool (*provision) (void *user, struct mf_bytes serial, const uint8_t key[MF_LINK_KEY]);
};

struct mf_link
{
  const struct mf_link_ops *ops;
  void                     *user;
  enum mf_link_role         role;
  enum mf_link_state        state;
  /* Of a gateway, set after mf_link_init(): a frame that is none of a session or a handshake,
   * without its CRC. False: nobody knows it. NULL: they are dropped. */
  bool (*aside) (void *user, const uint8_t *frame, size_t size);

  /* receiving: the frame so far, without its framing */
  uint8_t *rx;
  uint16_t rx_size, rx_used;
  uint8_t  rx_run;      /* bytes until the next code of COBS; 0 = a code comes */
  bool     rx_zero;     /* the run ends with a zero that the next code makes good */
  bool     rx_overlong; /* nothing until the next delimiter */

  /* sending: the frame that waits for its acknowledgement */
  uint8_t *tx;
  uint16_t tx_size, tx_used; /* tx_used 0: none waits */
  uint16_t tx_limit;         /* of tx_size, what the other side can take */
  uint32_t tx_due_ms;
  uint32_t tx_pause_ms; /* until the next try; without a session, of a gateway's HELLO */

  uint32_t send_seq;    /* of the next message to send */
  uint32_t receive_seq; /* of the next message to receive */
  uint32_t heard_ms, said_ms;
  bool     owes_ack;

  uint8_t  session[MF_LINK_KEY];
  uint8_t  mine[MF_LINK_NONCE], theirs[MF_LINK_NONCE]; /* of the handshake under way */
  bool     shaking;
  uint8_t  serial[MF_LINK_SERIAL_MAX];
  uint8_t  serial_size;
  uint32_t boots, handshakes;

  /* what came and was not taken */
  uint32_t bad_frames; /* CRC, length, kind */
  uint32_t bad_tags;   /* a forgery, or a frame of another session */
  uint32_t replays;    /* a sequence number that was not the next */
  uint32_t resent;
};

/* `rx` and `tx` hold MF_LINK_OVERHEAD and the largest payload that is to be received and sent; each
 * at least MF_LINK_OVERHEAD + MF_LINK_PAYLOAD_LEAST. */
void mf_link_init (struct mf_link           *self,
                   enum mf_link_role         role,
                   const struct mf_link_ops *ops,
                   void                     *user,
                   uint8_t                  *rx,
                   size_t                    rx_size,
                   uint8_t                  *tx,
                   size_t                    tx_size);

/* Who a unit is: its serial ("" = not provisioned) and how often it was started; a number that
 * never comes again with this key. */
void mf_link_identify (struct mf_link *self, struct mf_bytes serial, uint32_t boots);

/* Bytes that came. `now_ms` is monotonic and may wrap. */
void mf_link_bytes (struct mf_link *self, uint32_t now_ms, const uint8_t *bytes, size_t size);

/* Does what is due; returns in how many milliseconds to come again at the latest. */
uint32_t mf_link_step (struct mf_link *self, uint32_t now_ms);

/* Where the next message is to be written, and its room; NULL when there is no session or the last
 * message still waits. */
uint8_t *mf_link_open (struct mf_link *self, size_t *room);
/* Sends the `size` bytes that were written there. */
void mf_link_close (struct mf_link *self, uint32_t now_ms, size_t size);

/* Gives a unit without one its serial number and its key: a gateway at a bench. Whether it took
 * them shows by the next handshake. False: a serial number that none can have. */
bool mf_link_provision (struct mf_link *self,
                        uint32_t        now_ms,
                        struct mf_bytes serial,
                        const uint8_t   key[MF_LINK_KEY]);

/* There is a line now, on which nothing of before has come: a gateway without a session asks for
 * one at its next step. */
void mf_link_opened (struct mf_link *self);

/* Ends the session; a gateway asks for a new one at its next step. */
void mf_link_drop (struct mf_link *self);

#endif
