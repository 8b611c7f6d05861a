/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_GATEWAY_PRIVATE_H
#define MF_GATEWAY_PRIVATE_H

#include "mf_gateway.h"
#include "mf_node_private.h"

/* What mf_gateway.c (the unit), mf_gateway_device.c (the device that it is made),
 * mf_gateway_update.c (its update) and mf_gateway_loader.c (that of a unit with one slot) share. */

enum mf_gateway_control
{
  MF_GATEWAY_REBOOT,
  MF_GATEWAY_IDENTIFY,
};

/* Whether the unit has said of each metric what it is and what it shows. */
bool mf_gateway_is_learnt (const struct mf_gateway *self);

/* A value of the unit's 32 bits as the node's metrics have it. */
union mf_value mf_gateway_widen (enum mf_type type, uint32_t bits);

/* Queues a request; false: there is no room for more. */
bool mf_gateway_order (struct mf_gateway *self, const uint8_t *bytes, uint8_t size);

/* What the device is told and says. */
void mf_gateway_publish_death (struct mf_gateway *self);
void mf_gateway_publish_control (struct mf_gateway *self, enum mf_gateway_control control, bool on);
/* After how many seconds an output falls back. */
void mf_gateway_publish_safe (struct mf_gateway *self, uint8_t metric);
/* Publishes the birth where it is due, then what waits; returns in how many milliseconds there is
 * more to do. */
uint32_t mf_gateway_report (struct mf_gateway *self);

/* --- mf_gateway_update.c --- */

/* A session stands and the unit has said who it is. */
void mf_gateway_update_session (struct mf_gateway *self);
/* The next request of the update: written to `out`, its size; 0: there is none now. */
uint8_t mf_gateway_update_request (struct mf_gateway *self,
                                   uint8_t           *out,
                                   size_t             room,
                                   uint16_t          *size);
/* The RESULT of one. */
void mf_gateway_update_answer (struct mf_gateway *self, const uint8_t *payload);
/* Does what was ordered. False: it was no order, or not the time for it. */
bool    mf_gateway_update_act (struct mf_gateway *self, const struct mf_update_command *command);
uint8_t mf_gateway_update_progress (const struct mf_gateway *self);
/* Whether there is something to report; then it counts as reported. */
bool     mf_gateway_update_is_due (struct mf_gateway *self);
uint64_t mf_gateway_update_now (const struct mf_gateway *self);
void     mf_gateway_update_enter (struct mf_gateway *self, enum mf_update_state state);
/* `error`: "code: text". */
void mf_gateway_update_fail (struct mf_gateway *self, const char *error);
/* In words, why the unit refuses an image. */
const char *mf_gateway_update_words (enum mf_unit_status status);
/* Fetches from byte `at` of the file on, if it is time to. */
void mf_gateway_update_fetch (struct mf_gateway *self, uint32_t at, uint32_t size);
/* The file is whole and good: it is installed, or waits to be. */
void mf_gateway_update_got (struct mf_gateway *self);

/* --- mf_gateway_loader.c --- */

void mf_gateway_loader_init (struct mf_gateway *self);
/* The order for a unit with one slot is there; it may fail at once. */
void mf_gateway_loader_begin (struct mf_gateway *self);
void mf_gateway_loader_feed (struct mf_gateway *self, struct mf_bytes piece);
/* The unit makes room for its loader. */
void mf_gateway_loader_load (struct mf_gateway *self);
/* Its program is there, and is not the one that was ordered. */
void mf_gateway_loader_again (struct mf_gateway *self);
/* The update is at its end, or the unit's program has taken over: the loader is left alone. */
void mf_gateway_loader_end (struct mf_gateway *self);
/* Does what is due; returns in how many milliseconds to come again at the latest. */
uint32_t mf_gateway_loader_step (struct mf_gateway *self);

#endif
