/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mf-test-flash.h"
#include "mf_update.h"

G_BEGIN_DECLS

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

  GBytes  *file;    /* (owned) (nullable): that the server has; without one it refuses */
  guint    breaks;  /* so many fetches break after a third of what was asked for */
  guint    fetches; /* begun */
  guint    stops;
  guint64  fetched; /* bytes given */
  gboolean asked;
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

/* Lets the agent work, with what the unit lacks (NULL: it is well), until it wants a reset, has
 * come to an end, or waits for the host; or until power is off. */
void mf_test_unit_run (MfTestUnit *self, const char *trouble);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MfTestUnit, mf_test_unit_free)

G_END_DECLS
