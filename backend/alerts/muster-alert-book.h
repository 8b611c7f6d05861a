/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-alert.h"

G_BEGIN_DECLS

/* An alert that is not resolved. */
typedef struct
{
  char             *id;        /* (owned) */
  char             *key;       /* (owned): its dedupe_key */
  char             *rule_id;   /* (owned) (nullable) */
  char             *device_id; /* (owned) (nullable) */
  char             *metric;    /* (owned) (nullable) */
  char             *cause_id;  /* (owned) (nullable) */
  char             *title;     /* (owned) */
  MusterAlertStatus status;
  MusterAlertCause  cause_kind;
  int               severity;
  gint64            raised_at;
  gint64            silenced_until; /* 0: not */
  gint64            children;
  gboolean is_reach; /* whether it says that something is not reached, so that causes count */
} MusterAlertEntry;

/**
 * MusterAlertBook:
 *
 * The unresolved alerts in memory, by what they are about. Main thread only.
 */
typedef struct _MusterAlertBook MusterAlertBook;

MusterAlertBook *muster_alert_book_new (void);
void             muster_alert_book_free (MusterAlertBook *self);
/* Takes note of ALERT as it is; of one that is resolved, that it is gone. Borrowed, or NULL. */
MusterAlertEntry *muster_alert_book_put (MusterAlertBook *self, MusterEntity *alert);
/* From the members that a journal entry says have changed. */
void muster_alert_book_apply (MusterAlertBook *self, const char *id, JsonObject *members);
void muster_alert_book_remove (MusterAlertBook *self, const char *id);
/* ENTRY says that something is not reached. */
void muster_alert_book_mark_reach (MusterAlertBook *self, MusterAlertEntry *entry);
/* The alert that says that a device as a whole is not reached, or NULL. */
MusterAlertEntry *muster_alert_book_find_offline (MusterAlertBook *self, const char *device_id);
MusterAlertEntry *muster_alert_book_find (MusterAlertBook *self, const char *key);
MusterAlertEntry *muster_alert_book_get (MusterAlertBook *self, const char *id);
/* (element-type MusterAlertEntry): by id, borrowed. */
GHashTable *muster_alert_book_get_all (MusterAlertBook *self);

/* What KEY was about ended by itself at AT as alert ID: it may come back as that. */
void muster_alert_book_note_ended (MusterAlertBook *self,
                                   const char      *key,
                                   const char      *id,
                                   gint64           at);
/* The alert of KEY that ended after AFTER, which is no longer known then: (transfer full)
 * (nullable). */
char *muster_alert_book_take_ended (MusterAlertBook *self, const char *key, gint64 after);
/* What ended by BEFORE comes back as another. */
void muster_alert_book_forget_ended (MusterAlertBook *self, gint64 before);

/* "rule:<rule>:<device>:<metric>": (transfer full). */
char *muster_alert_make_rule_key (const char *rule_id, const char *device_id, const char *metric);
/* "cause:<kind>:<id>": (transfer full). */
char *muster_alert_make_cause_key (MusterAlertCause kind, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterAlertBook, muster_alert_book_free)

G_END_DECLS
