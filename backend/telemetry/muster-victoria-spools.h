/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-victoria-spool.h"

G_BEGIN_DECLS

/**
 * MusterVictoriaSpools:
 *
 * All spools of a store, in their order: those of before, those on their way, and the current one,
 * which samples are appended to. What is appended may become durable after the next one was opened:
 * a spool is complete, and goes on its way, when nothing is pending on it any more.
 */
typedef struct _MusterVictoriaSpools MusterVictoriaSpools;

/* The spool that an append began on. */
typedef struct _MusterVictoriaCurrent MusterVictoriaCurrent;

/* SPOOL is complete. */
typedef void (*MusterVictoriaSpoolFunc) (MusterVictoriaSpool *spool, gpointer user_data);

/* Beside the samples in PATH. COMPLETE is called on the main thread. */
MusterVictoriaSpools *muster_victoria_spools_new (const char             *path,
                                                  MusterVictoriaSpoolFunc complete,
                                                  gpointer                user_data);
/* Nothing is pending any more. */
void muster_victoria_spools_free (MusterVictoriaSpools *self);

/* On a fiber: opens those of before. */
gboolean muster_victoria_spools_open (MusterVictoriaSpools *self, GError **error);
/* Tells COMPLETE of those of before; samples are taken from now on. */
void muster_victoria_spools_begin (MusterVictoriaSpools *self);
/* Samples are taken no more. What is pending may still become durable. */
void muster_victoria_spools_close (MusterVictoriaSpools *self);
/* Begins a new one, if the current one has samples. */
void muster_victoria_spools_rotate (MusterVictoriaSpools *self);
/* Microseconds since the current one was begun. */
gint64 muster_victoria_spools_get_age (MusterVictoriaSpools *self);

/* (nullable): NULL while samples are not taken. */
MusterVictoriaCurrent *muster_victoria_spools_get_current (MusterVictoriaSpools *self);
MusterSampleEngine    *muster_victoria_current_get_engine (MusterVictoriaCurrent *current);
/* An append to it has begun: the other one once it is durable, or has failed. */
void muster_victoria_current_hold (MusterVictoriaCurrent *current);
void muster_victoria_spools_release (MusterVictoriaSpools *self, MusterVictoriaCurrent *current);

/* From any thread. */

/* (transfer full) (element-type MusterVictoriaSpool) */
GPtrArray *muster_victoria_spools_list (MusterVictoriaSpools *self);
void       muster_victoria_spools_remove (MusterVictoriaSpools *self, MusterVictoriaSpool *spool);
/* Bytes of their files. */
gint64 muster_victoria_spools_measure (MusterVictoriaSpools *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterVictoriaSpools, muster_victoria_spools_free)

G_END_DECLS
