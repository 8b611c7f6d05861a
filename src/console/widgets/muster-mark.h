/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  MUSTER_MARK_EXCLUDED, /* values that are left out: a range, shaded */
  MUSTER_MARK_NOTE,     /* what somebody remarked */
  MUSTER_MARK_INFO,     /* alerts, by their severity */
  MUSTER_MARK_WARNING,
  MUSTER_MARK_CRITICAL,
  MUSTER_N_MARKS,
} MusterMarkKind;

/**
 * MusterMark:
 *
 * Something on a chart that is no value: a moment or a range with its text. Immutable.
 */
#define MUSTER_TYPE_MARK (muster_mark_get_type ())
G_DECLARE_FINAL_TYPE (MusterMark, muster_mark, MUSTER, MARK, GObject)

/* UTC microseconds; UNTIL is FROM where it is one moment, and G_MAXINT64 while it goes on. ID is
 * that of the record it stands for (nullable). */
MusterMark *muster_mark_new (MusterMarkKind kind,
                             gint64         from,
                             gint64         until,
                             const char    *text,
                             const char    *id);

MusterMarkKind muster_mark_get_kind (MusterMark *self);
gint64         muster_mark_get_from (MusterMark *self);
gint64         muster_mark_get_until (MusterMark *self);
const char    *muster_mark_get_text (MusterMark *self);
const char    *muster_mark_get_id (MusterMark *self); /* (nullable) */

G_END_DECLS
