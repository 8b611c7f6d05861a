/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-notification.h"

G_BEGIN_DECLS

/**
 * MusterNotice:
 *
 * One notification on its way out: its record, and what the record only points at. `retry_after`
 * and `left` are for the channel to set: the seconds after which the other side wants to be asked
 * again, and of several recipients those who were not reached yet.
 */
#define MUSTER_TYPE_NOTICE (muster_notice_get_type ())
G_DECLARE_FINAL_TYPE (MusterNotice, muster_notice, MUSTER, NOTICE, GObject)

struct _MusterNotice
{
  GObject parent_instance;

  MusterEntity *notification; /* (owned) */
  MusterEntity *channel;      /* (owned) (nullable): with its secret; NULL: it is gone */
  char         *site_name;    /* (owned) */
  char         *site_id;      /* (owned) */
  char         *person_name;  /* (owned) (nullable): whom it is for; NULL: whoever is reached */
  char         *email;        /* (owned) (nullable) */
  char         *phone;        /* (owned) (nullable) */
  char        **left; /* (owned) (nullable): recipients who are still to be told; NULL: all */
  int           retry_after; /* seconds, or 0 */
};

MusterNotice *muster_notice_new (MusterEntity *notification, MusterEntity *site);
const char   *muster_notice_get_id (MusterNotice *self);
int           muster_notice_get_kind (MusterNotice *self);
int           muster_notice_get_severity (MusterNotice *self);
const char   *muster_notice_get_subject (MusterNotice *self);
/* "" where there is none. */
const char *muster_notice_get_body (MusterNotice *self);
/* {"type":"alert.raised","timestamp":"…","data":{…}}: what programs are sent, by the Standard
 * Webhooks specification. (transfer full). */
char *muster_notice_make_json (MusterNotice *self);

G_END_DECLS
