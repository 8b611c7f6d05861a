/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_UPDATE_PRIVATE_H
#define MF_UPDATE_PRIVATE_H

#include "mf_update.h"

/* What mf_update.c (the way of an update), mf_update_write.c (from the network into the slot),
 * mf_update_delta.c (from the other slot into it) and mf_update_record.c (what survives a reset)
 * share. */

void mf_update_enter (struct mf_update *self, enum mf_update_state state);
void mf_update_fail (struct mf_update *self, const char *code, const char *text);
void mf_update_stop_fetching (struct mf_update *self);
void mf_update_wait_and_retry (struct mf_update *self);
void mf_update_set_error (struct mf_update *self, const char *code, const char *text);

/* The record of the update, and how far the slot is written. */
void mf_update_save (struct mf_update *self);
bool mf_update_load (struct mf_update *self);
void mf_update_mark (struct mf_update *self, uint32_t offset);

/* Begins to write where the mark is. */
void mf_update_rewind (struct mf_update *self);

/* Reads back some of what was written; true when all of it is as it should be and the header is in
 * place. */
bool mf_update_verify_some (struct mf_update *self);

const struct mf_flash *mf_update_flash (const struct mf_update *self);

/* Takes payload that came, or that was found in the image that runs. */
void mf_update_feed_payload (struct mf_update *self, struct mf_bytes piece);

/* --- mf_update_delta.c: by difference to the image that runs --- */

/* What came of the index, and that it is over. */
void mf_update_feed_index (struct mf_update *self, struct mf_bytes piece);
void mf_update_index_fetched (struct mf_update *self, enum mf_fetch_result result);
/* Once the header is there: decides where the payload is to come from, searches, or copies what was
 * found, some of it. False: there is nothing of this to do. */
bool mf_update_work_on_delta (struct mf_update *self);
/* The file was not what was ordered. True: the index may be why, and it begins anew without. */
bool mf_update_distrust_index (struct mf_update *self);

#endif
