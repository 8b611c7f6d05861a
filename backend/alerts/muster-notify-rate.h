/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What goes out now. */
typedef enum
{
  MUSTER_NOTIFY_SINGLE, /* the first of those that wait */
  MUSTER_NOTIFY_DIGEST, /* all of them, in one */
  MUSTER_NOTIFY_WAIT,   /* nothing, until WAIT_UNTIL */
} MusterNotifyChoice;

/* How much one recipient was told over one channel in the last minute. */
typedef struct _MusterNotifyRate MusterNotifyRate;

MusterNotifyRate *muster_notify_rate_new (void);
void              muster_notify_rate_free (MusterNotifyRate *self);
/* NOW: monotonic µs, here and below. */
void muster_notify_rate_add (MusterNotifyRate *self, gint64 now);
/* N_WAITING (at least 1) messages wait, and LIMIT may go out in a minute. What would exceed that
 * goes together, and so does what had to wait; the last ones are as fresh as the first. WAIT_UNTIL
 * (out): monotonic µs.
 */
MusterNotifyChoice muster_notify_rate_choose (MusterNotifyRate *self,
                                              unsigned          n_waiting,
                                              unsigned          limit,
                                              gint64            now,
                                              gint64           *wait_until);

G_END_DECLS
