/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MusterWedge:
 *
 * Tells a hand scanner, which types like a keyboard (a "keyboard wedge"), from a person: a scanner
 * types faster than anybody can, and ends with Enter or Tab. Pure logic: knows no clock, no events
 * and no screen.
 *
 * Keys that may belong to a scan are held back by whoever asks, in the order in which they came.
 * As soon as it is clear that a person types, all of them are handed on, so that nothing is lost
 * and nothing changes places.
 */
typedef struct _MusterWedge MusterWedge;

typedef struct
{
  unsigned    gap;     /* the longest time between two keys of a scanner, in ms */
  unsigned    minimum; /* the fewest characters of a code without a prefix */
  const char *prefix;  /* what the scanner sends before each code (nullable) */
  const char *suffix;  /* after each code; NULL: Enter or Tab */
} MusterWedgeOptions;

/* 35 ms: the fastest typists have 60 between most keys; a slow scanner has 20. */
#define MUSTER_WEDGE_DEFAULTS { .gap = 35, .minimum = 4 }
/* The longest code, in characters: more is no scan. */
#define MUSTER_WEDGE_LONGEST 512

/* What to do with a key. */
typedef enum
{
  MUSTER_WEDGE_PASS,   /* nothing to do with a scan, and nothing is held */
  MUSTER_WEDGE_HOLD,   /* keep it until there is another answer */
  MUSTER_WEDGE_REPLAY, /* a person typed: hand on what is held, then this */
  MUSTER_WEDGE_RENEW,  /* a person typed what is held: hand it on, but hold this */
  MUSTER_WEDGE_SCAN,   /* a code is complete: forget what is held, and this */
  MUSTER_WEDGE_DROP,   /* what is left of a scan: forget it */
} MusterWedgeAnswer;

/* Copies OPTIONS. */
MusterWedge *muster_wedge_new (const MusterWedgeOptions *options);
void         muster_wedge_free (MusterWedge *self);

/* The key KEYCODE went down at TIME (ms, from any beginning). CHARACTER: what it types, '\r' for
 * Enter, '\t' for Tab, 0 for a key that types nothing (arrows, Escape, shortcuts). Keys that only
 * change others, such as Shift, are not told. */
MusterWedgeAnswer muster_wedge_press (MusterWedge *self,
                                      unsigned     keycode,
                                      gunichar     character,
                                      gint64       time);
/* And up again. */
MusterWedgeAnswer muster_wedge_release (MusterWedge *self, unsigned keycode);
/* No key came for a while; asked muster_wedge_get_gap() after each key that is held. */
MusterWedgeAnswer muster_wedge_expire (MusterWedge *self);
/* The keyboard went elsewhere: which keys are down is not known any more. */
void     muster_wedge_reset (MusterWedge *self);
unsigned muster_wedge_get_gap (MusterWedge *self); /* in ms */
/* After MUSTER_WEDGE_SCAN: the code without prefix and suffix. Borrowed until the next key. */
const char *muster_wedge_get_code (MusterWedge *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterWedge, muster_wedge_free)

G_END_DECLS
