/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_UPDATE_H
#define MF_UPDATE_H

#include "mf_boot.h"
#include "mf_delta.h"
#include "mf_store.h"

/*
 * The update agent: brings an image into the slot that does not run, checks it there, has the boot
 * try it, and confirms it when the unit is well with it. It takes the file in ranges, in order,
 * from whoever brings them, keeps its way in the store, and goes on after a reset where it was.
 * Only the header is held in memory.
 *
 * The header comes first and is checked before anything is erased; it is programmed last, when the
 * payload was read back and found to be the one that was signed.
 *
 * Where the order names an index, and there is memory for it, what the image that runs has already
 * is copied from its slot, and only the rest is fetched. The file is checked in the same way, so a
 * wrong index costs no more than time: then it is fetched whole.
 */

enum mf_update_state
{
  MF_UPDATE_IDLE,
  MF_UPDATE_DOWNLOADING,
  MF_UPDATE_DOWNLOADED, /* checked, and waits to be activated */
  MF_UPDATE_INSTALLING,
  MF_UPDATE_REBOOTING,
  MF_UPDATE_CONFIRMING, /* the new image runs, on trial */
  MF_UPDATE_CONFIRMED,
  MF_UPDATE_REVERTED,
  MF_UPDATE_FAILED,
};

#define MF_UPDATE_ID_SIZE 40u
#define MF_UPDATE_URL_SIZE 256u
#define MF_UPDATE_VERSION_SIZE 24u
#define MF_UPDATE_ERROR_SIZE 96u
#define MF_UPDATE_CONFIRM_S 600u /* where the order says nothing */
#define MF_UPDATE_INDEX_PATH "/index"

/* What to install. Texts end with NUL. */
struct mf_update_order
{
  char     id[MF_UPDATE_ID_SIZE];
  char     url[MF_UPDATE_URL_SIZE];
  char     version[MF_UPDATE_VERSION_SIZE]; /* "": whatever the image says */
  uint32_t size;                            /* of the whole file */
  uint32_t index_size; /* of its index, at the URL with MF_UPDATE_INDEX_PATH behind; 0 = none */
  uint8_t  sha256[MF_SHA256_SIZE]; /* of the whole file */
  uint32_t confirm_within_s;       /* 0 = MF_UPDATE_CONFIRM_S */
  bool     hold;                   /* only download; mf_update_activate() comes later */
};

/* Where the payload comes from. */
enum mf_update_way
{
  MF_UPDATE_UNDECIDED,
  MF_UPDATE_WHOLE,
  MF_UPDATE_BY_INDEX,  /* which is being fetched */
  MF_UPDATE_SEARCHING, /* the image that runs, for what the new one has in common with it */
  MF_UPDATE_BY_DIFFERENCE,
};

struct mf_update
{
  const struct mf_port  *port;
  struct mf_store       *store;
  struct mf_boot        *boot;
  unsigned               running; /* the slot that runs */
  unsigned               slot;    /* the slot that is written, or was */
  struct mf_update_order order;
  enum mf_update_state   state;
  char                   error[MF_UPDATE_ERROR_SIZE]; /* code: text; "" = none */

  uint32_t at;      /* the next byte of the file that is wanted */
  uint32_t until;   /* of the file, to where it is being fetched */
  uint32_t fetched; /* bytes that came, of file and index, since the order */
  uint32_t marked;  /* up to here the slot is written for certain; whole erase units */
  uint32_t erased;  /* up to here it is erased or written */
  uint32_t in_page;
  bool     has_header;
  bool     fetching;
  bool     fed; /* something came since the fetch began */
  unsigned attempts;
  uint64_t retry_ms; /* monotonic: when to fetch again */
  uint8_t  header[MF_IMAGE_HEADER_SIZE];
  uint8_t  page[MF_FLASH_PROGRAM_MAX]; /* of what came, less than a program unit */

  struct mf_delta    delta;
  enum mf_update_way way;
  unsigned           index_tries;

  uint32_t         checked; /* bytes of the file read back; 0 = not that far */
  struct mf_sha256 file_hash;
  struct mf_sha256 payload_hash;

  uint64_t deadline_ms; /* monotonic: to confirm by */
  bool     wants_reset; /* the owner resets the unit as soon as it has told the host */
  bool     changed;     /* the state, since it was reported */
  uint8_t  reported_progress;
  uint64_t reported_ms;
};

/* `boot` has been read (mf_boot_init()); `running` is the slot that this program came from. Takes
 * up what the store knows of an update. */
void mf_update_init (struct mf_update     *self,
                     const struct mf_port *port,
                     struct mf_store      *store,
                     struct mf_boot       *boot,
                     unsigned              running);

/* After mf_update_init(): memory for an index of so many blocks, for as long as the agent lives.
 * Without, files are fetched whole. */
void mf_update_set_delta (struct mf_update *self, struct mf_delta_block *blocks, uint32_t capacity);

/* Orders from the host. The same order may come again and is then no new one, unless the first has
 * failed. False: refused as things stand, and nothing has changed. */
bool mf_update_begin (struct mf_update *self, const struct mf_update_order *order);
bool mf_update_activate (struct mf_update *self, const char *id);
bool mf_update_cancel (struct mf_update *self, const char *id);

/* What the fetch of the port brings: bytes in order, and its end. */
void mf_update_feed (struct mf_update *self, struct mf_bytes piece);
void mf_update_fetched (struct mf_update *self, enum mf_fetch_result result);

/* Does what is due, a little at a time; returns in how many milliseconds to come again. `trouble`
 * is NULL when the unit is connected and well, or says what it lacks. */
uint32_t mf_update_step (struct mf_update *self, const char *trouble);

/* Whether there is something to report: a new state at once, progress now and then. Then
 * mf_update_reported(). */
bool mf_update_is_due (const struct mf_update *self);
void mf_update_reported (struct mf_update *self);

/* Bytes of the largest file that there is room for. */
uint32_t mf_update_get_space (const struct mf_update *self);

/* In per cent of the file. */
uint8_t     mf_update_progress (const struct mf_update *self);
const char *mf_update_state_name (enum mf_update_state state);

#endif
