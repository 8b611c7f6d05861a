/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Values by text key within a budget: those not asked for the longest time go first. One thread at
 * a time. */
typedef struct _MusterLru MusterLru;

/* BUDGET: most that the values kept may cost together. */
MusterLru *muster_lru_new (gsize budget, GDestroyNotify free_value);
void       muster_lru_free (MusterLru *self);
/* Takes VALUE; replaces what stood under KEY. A value dearer than the whole budget is freed at
 * once. */
void muster_lru_insert (MusterLru *self, const char *key, gpointer value, gsize cost);
/* Borrowed, or NULL. */
gpointer muster_lru_lookup (MusterLru *self, const char *key);
/* Takes the value out: (transfer full) (nullable). */
gpointer muster_lru_steal (MusterLru *self, const char *key);
void     muster_lru_remove (MusterLru *self, const char *key);
void     muster_lru_clear (MusterLru *self);
unsigned muster_lru_get_count (MusterLru *self);
gsize    muster_lru_get_cost (MusterLru *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterLru, muster_lru_free)

G_END_DECLS
