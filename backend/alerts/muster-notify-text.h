/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "model/muster-notification.h"

G_BEGIN_DECLS

/* What people and programs are told of an alert. */
typedef struct
{
  char *subject; /* (owned) */
  char *body;    /* (owned) */
  char *data;    /* (owned): a JSON object */
} MusterNotifyText;

/* Of ALERT as it is now, for a notification of KIND; times by the clocks of ZONE. */
void muster_notify_text_init (MusterNotifyText      *self,
                              MusterTransaction     *transaction,
                              MusterEntity          *alert,
                              MusterNotificationKind kind,
                              GTimeZone             *zone);
void muster_notify_text_clear (MusterNotifyText *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterNotifyText, muster_notify_text_clear)

G_END_DECLS
