/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/muster-api-client.h"
#include "client/muster-api-stream.h"
#include "model/muster-site.h"
#include "muster-access.h"
#include "muster-directory.h"

G_BEGIN_DECLS

/**
 * MusterSession:
 *
 * What all pages of a window share: the client of one site's daemon, the site's record, the
 * person's settings, what that person may do, and a way to tell the person something. Properties
 * `site`, `site-name`, `connected`, `rights`, `as-of` notify.
 *
 * Signal `message (char *text, MusterUndo *undo)`: something to show in passing; UNDO may be NULL.
 * Signal `names-changed ()`: people are called differently now, or known at last.
 * Signal `scan-report (char *code, gboolean taken, char *text)`: muster_session_report_scan().
 * Signal `switch (MusterApiClient *client)`: another site is wanted; NULL: this machine's.
 */
#define MUSTER_TYPE_SESSION (muster_session_get_type ())
G_DECLARE_FINAL_TYPE (MusterSession, muster_session, MUSTER, SESSION, GObject)

/* A way to take back what was just done: (transfer full) a future. */
typedef DexFuture *(*MusterUndoFunc) (MusterSession *session, gpointer user_data);

typedef struct _MusterUndo MusterUndo;
#define MUSTER_TYPE_UNDO (muster_undo_get_type ())
GType       muster_undo_get_type (void);
MusterUndo *muster_undo_ref (MusterUndo *self);
void        muster_undo_unref (MusterUndo *self);
/* Resolves when it is taken back. */
DexFuture *muster_undo_run (MusterUndo *self, MusterSession *session);

/* SETTINGS may be NULL: then nothing is remembered. */
MusterSession *muster_session_new (MusterApiClient *client, GSettings *settings);

MusterApiClient *muster_session_get_client (MusterSession *self);
MusterApiStream *muster_session_get_stream (MusterSession *self);
MusterSite      *muster_session_get_site (MusterSession *self); /* (nullable) */
const char      *muster_session_get_site_name (MusterSession *self);
gboolean         muster_session_is_connected (MusterSession *self);
/* The zone in which the site's times are shown: (transfer none). */
GTimeZone *muster_session_get_zone (MusterSession *self);
GSettings *muster_session_get_settings (MusterSession *self); /* (nullable) */

/* Who is at this console, and what that one may do. */
MusterAccess *muster_session_get_access (MusterSession *self);
/* Whether the person at this console may do OPERATION, an operationId of the API
 * ("updateDevice"). Asked again when `rights` notifies; muster_permission_guard() does so for a
 * widget. */
gboolean muster_session_may (MusterSession *self, const char *operation);
/* Why not, for a person ("Only operators and administrators may do this"): (transfer full), NULL
 * where it is allowed. */
char *muster_session_explain (MusterSession *self, const char *operation);

/* The moment that all rooms show, UTC microseconds; 0: the present. While it is of the past nothing
 * can be changed: muster_session_may() and muster_session_explain() say so, and `rights` notifies
 * when that begins and ends. `as-of` notifies. */
gint64 muster_session_get_as_of (MusterSession *self);
void   muster_session_set_as_of (MusterSession *self, gint64 at);

/* What those are called who appear in the journal. */
MusterDirectory *muster_session_get_directory (MusterSession *self);
/* ACTOR, as the journal keeps it (nullable), for a person: (transfer full). Asked again when the
 * signal `names-changed` is emitted. */
char *muster_session_dup_actor_name (MusterSession *self, const char *actor);

/* A site that only plays: shown as such wherever its name stands. */
gboolean muster_session_is_rehearsal (MusterSession *self);
void     muster_session_set_rehearsal (MusterSession *self, gboolean rehearsal);

/* Whether it is shown to whoever comes by: `muster --kiosk`. */
gboolean muster_session_is_kiosk (MusterSession *self);
void     muster_session_set_kiosk (MusterSession *self, gboolean kiosk);

/* Asks the application for a session of another site: that of CLIENT, or of this machine (NULL). */
void muster_session_switch (MusterSession *self, MusterApiClient *client);

/* What a page made of CODE, which was scanned and which MusterPage's vfunc `scan` took: whether it
 * was of use (TAKEN: one beep, and two where not), and what it was or did (nullable). Seen among
 * the last scans. */
void muster_session_report_scan (MusterSession *self,
                                 const char    *code,
                                 gboolean       taken,
                                 const char    *text);

/* Tells TEXT in passing. */
void muster_session_tell (MusterSession *self, const char *text);
/* Tells that WHAT ("could not rename the device") failed. A dropped future is not worth a word. */
void muster_session_tell_error (MusterSession *self, const char *what, const GError *error);
/* Tells TEXT with a button that takes it back by FUNC. */
void muster_session_offer_undo (MusterSession *self,
                                const char    *text,
                                MusterUndoFunc func,
                                gpointer       user_data,
                                GDestroyNotify destroy);
/* The same for the newest entry of the journal about a record. */
void muster_session_offer_journal_undo (MusterSession *self,
                                        const char    *text,
                                        const char    *entity,
                                        const char    *entity_id);
/* The same for the operation that the journal's entry SEQUENCE belongs to. */
void muster_session_offer_change_undo (MusterSession *self, const char *text, gint64 sequence);
/* Takes an entry of the journal back and tells so, or why not. Resolves when that is said. */
DexFuture *muster_session_undo_change (MusterSession *self, gint64 sequence);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterUndo, muster_undo_unref)

G_END_DECLS
