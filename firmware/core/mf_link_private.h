/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_LINK_PRIVATE_H
#define MF_LINK_PRIVATE_H

#include "mf_link.h"

/* What mf_link.c (frames and the session) and mf_link_handshake.c (how one begins) share. */

#define MF_LINK_HEAD 9u

/* The first byte of a frame, without the bit of its direction. */
enum mf_link_kind
{
  MF_LINK_HELLO = 0x01,
  MF_LINK_CHALLENGE = 0x02,
  MF_LINK_START = 0x03,
  MF_LINK_PROVISION = 0x04,
  MF_LINK_DATA = 0x10,
  MF_LINK_ACK = 0x11,
};

/* Sends `size` bytes of `frame`, in which there is room for the CRC behind them. */
void mf_link_put (struct mf_link *self, uint32_t now_ms, uint8_t *frame, size_t size);

/* The same, of a frame that does not count as having been said to the unit's program. */
void mf_link_put_aside (struct mf_link *self, uint8_t *frame, size_t size);

/* A frame outside a session, without its CRC. False: it is none. */
bool mf_link_handshake (struct mf_link *self, uint32_t now_ms, const uint8_t *frame, size_t size);

/* A gateway asks for a session. */
void mf_link_hello (struct mf_link *self, uint32_t now_ms);

/* Enters `state` with a session just agreed on; session[] is set after it. */
void mf_link_begin (struct mf_link *self, uint32_t now_ms, enum mf_link_state state);

/* The unit has a session: says so, for the gateway knows by the first frame of it. */
void mf_link_greet (struct mf_link *self, uint32_t now_ms);

#endif
