/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* SQLite's access to files with faults at a moment that the test chooses. Every write, sync,
 * truncation and deletion is one operation and has a number. What was written and not yet synced is
 * remembered, so that a loss of power can take it back. */

typedef enum
{
  FAULT_NONE,
  FAULT_STOP, /* from this operation on nothing is written any more: the process is killed */
  FAULT_TEAR, /* the same, and half of this write is done */
  FAULT_IO,   /* this operation fails, those after it do not */
  FAULT_FULL, /* the same, as on a disk that is full */
} Fault;

typedef enum
{
  LOSE_NOTHING,   /* the kernel goes on, the process does not */
  LOSE_UNSYNCED,  /* the power fails before the disk has seen any of it */
  LOSE_AT_RANDOM, /* the disk has seen some of it, in any order, parts of writes too */
} Loss;

/* Once, before any database is opened. */
void faulty_vfs_install (void);
/* Counts operations from now on, from 1; the FAULT comes at the operation AT. */
void faulty_vfs_arm (Fault fault, unsigned at);
/* How many there were. */
unsigned faulty_vfs_count (void);
/* Whether the fault has come. */
gboolean faulty_vfs_has_struck (void);
/* After all files are closed: applies LOSS and lets everything work again. */
void faulty_vfs_recover (Loss loss, guint32 seed);

G_END_DECLS
