/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-device.h"

G_BEGIN_DECLS

/* How sources of one group speak together. */
typedef enum
{
  MUSTER_FAMILY_LIFE_LATEST, /* the last word counts */
  MUSTER_FAMILY_LIFE_ALL,    /* online when all of them say so */
  MUSTER_FAMILY_LIFE_ANY,    /* online when one of them says so */
} MusterFamilyLifeMode;

/**
 * MusterFamilyLife:
 *
 * Whether a unit is there: a pure state machine of words and time. Words are what topics of
 * availability say (wills among them); where none has spoken, values count: a unit is gone when
 * nothing came for three times the period at which it used to speak. Before the first word or value
 * nothing is known. A unit behind a gateway is gone while the gateway is. Times are monotonic
 * microseconds.
 */
typedef struct _MusterFamilyLife MusterFamilyLife;

MusterFamilyLife *muster_family_life_new (void);
void              muster_family_life_free (MusterFamilyLife *self);

/* A source that may speak: of one that is there already group and mode change. A unit is online
 * when one of its groups says so. */
void muster_family_life_add_source (MusterFamilyLife    *self,
                                    const char          *source,
                                    const char          *group,
                                    MusterFamilyLifeMode mode);
void muster_family_life_remove_source (MusterFamilyLife *self, const char *source);
/* What a source says now. */
void muster_family_life_note_word (MusterFamilyLife *self, const char *source, gboolean online);
/* A value came that was not old. */
void muster_family_life_note_value (MusterFamilyLife *self, gint64 monotonic);
/* Without a value for so long it is gone, whatever the words say; 0: not known. */
void muster_family_life_set_expiry (MusterFamilyLife *self, gint64 expiry);
/* Of the gateway it is behind; UNKNOWN: none, or nothing is known of it. */
void muster_family_life_set_parent (MusterFamilyLife *self, MusterLiveState state);
/* The connection is gone: nothing is known any more, but the period. */
void muster_family_life_reset (MusterFamilyLife *self);

/* Draws the conclusion; whether the state changed. */
gboolean        muster_family_life_update (MusterFamilyLife *self, gint64 monotonic);
MusterLiveState muster_family_life_get_state (const MusterFamilyLife *self);
/* Why, for a person: borrowed. */
const char *muster_family_life_get_reason (const MusterFamilyLife *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterFamilyLife, muster_family_life_free)

G_END_DECLS
