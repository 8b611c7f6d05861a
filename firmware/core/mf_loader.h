/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_LOADER_H
#define MF_LOADER_H

#include "mf_image.h"
#include "mf_link.h"
#include "mf_unit.h"

/*
 * The gateway's side of the loader of a unit with one slot (../LINK.md, "The loader"). It looks for
 * the loader, which listens for a moment after each start, has it take an image and run it. Once
 * the unit has given up the program that it had, there is no way but on: whatever fails then is
 * begun again, for as long as it takes.
 */

/* The largest frame, with the CRC for which send() has room. */
#define MF_LOADER_FRAME (1u + MF_IMAGE_HEADER_SIZE + MF_LINK_TAG + 4u)
#define MF_LOADER_PAGE_MAX 256u

enum mf_loader_kind
{
  MF_LOADER_ENQUIRE = 0x20,
  MF_LOADER_BEGIN = 0x21,
  MF_LOADER_DATA = 0x22,
  MF_LOADER_FINISH = 0x23,
  MF_LOADER_RUN = 0x24,
  MF_LOADER_ANSWER = 0xA0, /* the only one of the unit's */
};

struct mf_loader_ops
{
  /* Puts a frame on the line; behind it there is room for its CRC. */
  void (*send) (void *user, uint8_t *frame, size_t size);
  /* The unit has the image and runs it, or will not have it: then it runs what it ran before. */
  void (*ended) (void *user, enum mf_unit_status status);
};

struct mf_loader
{
  const struct mf_loader_ops *ops;
  void                       *user;
  struct mf_bytes             image; /* header and payload */
  uint8_t                     tag[MF_LINK_TAG];
  bool                        active;
  uint8_t  asked;   /* enum mf_loader_kind: what an answer is awaited to; 0: none */
  uint8_t  late;    /* what was asked before it, and may be answered still */
  bool     begun;   /* the unit has given up what it had */
  bool     sending; /* its loader was told what comes, and waits for it */
  uint16_t page;
  uint32_t at; /* the byte of the payload that is wanted next */
  uint32_t due_ms;
  unsigned rounds; /* that came to nothing */
};

void mf_loader_init (struct mf_loader *self, const struct mf_loader_ops *ops, void *user);

/* Looks for the loader and gives it `image`, which must stay where it is until the end and whose
 * signature the caller has verified; `key` is the unit's. */
void mf_loader_load (struct mf_loader *self,
                     uint32_t          now_ms,
                     struct mf_bytes   image,
                     const uint8_t     key[MF_LINK_KEY]);

/* The unit runs a program again; nothing more is sent to its loader. */
void mf_loader_stop (struct mf_loader *self);

/* The line was lost: what was asked last will not be answered. */
void mf_loader_lost (struct mf_loader *self, uint32_t now_ms);

/* A frame that came, without its CRC. False: it is no loader's. */
bool mf_loader_frame (struct mf_loader *self, uint32_t now_ms, const uint8_t *frame, size_t size);

/* Whether the loader is at work on something, and the line is to be left to it. */
bool mf_loader_has_line (const struct mf_loader *self);

/* Sends what is due; returns in how many milliseconds to come again at the latest. */
uint32_t mf_loader_step (struct mf_loader *self, uint32_t now_ms);

#endif
