/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mf-test-flash.h"
#include "mf_update.h"

G_BEGIN_DECLS

#define MF_TEST_BLOCKS 64u

/* A unit that can be updated: the boot, the agent, a server that has one file. Time passes only as
 * the agent waits for it. */
typedef struct
{
  MfTestFlash     *flash; /* (owned) */
  struct mf_port   port;
  struct mf_store  store;
  struct mf_boot   boot;
  struct mf_update update;
  struct mf_image  image;   /* that runs */
  unsigned         running; /* MF_BOOT_NONE: it does not start */
  guint64          now_ms;

  struct mf_delta_block blocks[MF_TEST_BLOCKS];
  guint32               n_blocks; /* of them that the agent is given */

  GBytes  *file;    /* (owned) (nullable): that the server has; without one it refuses */
  GBytes  *index;   /* (owned) (nullable): that the server has of the file */
  guint    breaks;  /* so many fetches break after a third of what was asked for */
  guint    fetches; /* begun */
  guint    stops;
  guint64  fetched; /* bytes given */
  gboolean asked;
  gboolean wants_index; /* it is the index that was asked for */
  guint32  offset;
  guint32  size;
} MfTestUnit;

/* The unit runs version 1.1.0 from slot 0, confirmed. */
MfTestUnit *mf_test_unit_new (guint32 slot_size, guint32 erase_size, guint32 program_size);
void        mf_test_unit_free (MfTestUnit *self);

/* Power comes, or the program begins anew. */
void mf_test_unit_start (MfTestUnit *self);

/* Puts the file on the server, and makes the order for it. */
void mf_test_unit_offer (MfTestUnit *self, GBytes *file, struct mf_update_order *order);

/* The index of a file, as the site's server makes it. */
GBytes *mf_test_index_new (GBytes *file);

/* Puts an index of the file that is offered on the server, and names it in the order. */
void mf_test_unit_offer_index (MfTestUnit *self, GBytes *index, struct mf_update_order *order);

/* An image with the next security counter, whose payload is that of the unit's own one with
 * `inserted` bytes put in at `at`. */
GBytes *mf_test_unit_derive (MfTestUnit *self, guint16 version, guint32 at, guint32 inserted);

/* Answers what the agent asked for, if anything. */
void mf_test_unit_serve (MfTestUnit *self);

/* Lets the agent work, with what the unit lacks (NULL: it is well), until it wants a reset, has
 * come to an end, or waits for the host; or until power is off. */
void mf_test_unit_run (MfTestUnit *self, const char *trouble);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MfTestUnit, mf_test_unit_free)

G_END_DECLS
