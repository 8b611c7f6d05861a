/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "muster-database.h"

G_BEGIN_DECLS

/* --- fibers --- */

/* Adds the test PATH, which runs FUNC in a fiber, so that FUNC may await, with a main loop of its
 * own. A test that takes longer than a minute fails; what is still pending on the main context
 * afterwards is run before the next one. */
void muster_test_add_fiber (const char *path, void (*func) (void));

/* In a fiber: awaits FUTURE (taken) and asserts that it resolves. */
void muster_test_await (DexFuture *future);
/* In a fiber: awaits FUTURE (taken) and asserts that it rejects with this code of MUSTER_ERROR:
 * (transfer full). */
GError *muster_test_await_error (DexFuture *future, int code);
/* In a fiber: awaits FUTURE (taken), which must resolve to a GObject: (transfer full). */
gpointer muster_test_await_object (DexFuture *future);
/* In a fiber: awaits FUTURE (taken), which must resolve to a GBytes: its text (transfer full). */
char *muster_test_await_text (DexFuture *future);
/* In a fiber: lets the main loop run for MSEC milliseconds. */
void muster_test_sleep (unsigned msec);

/* --- requests --- */

/* The parameters of the query string TEXT, decoded: (transfer full) (element-type utf8 utf8). */
GHashTable *muster_test_parse_params (const char *text);

/* --- mutations --- */

/* Makes one change to BYTES of a kind that parsers trip over: a byte, a piece gone, a piece twice,
 * a token put in. */
void muster_test_mutate (GString *bytes);

/* --- folders --- */

/* A fresh folder, removed with all that it holds when freed. */
typedef struct _MusterTestDir MusterTestDir;

MusterTestDir *muster_test_dir_new (void);
void           muster_test_dir_free (MusterTestDir *self);
const char    *muster_test_dir_get_path (MusterTestDir *self);
/* The path of NAME in it: (transfer full). */
char *muster_test_dir_build (MusterTestDir *self, const char *name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTestDir, muster_test_dir_free)

/* --- signals --- */

/* Counts the emissions of a signal ("notify::trouble", "changed") of OBJECT. */
typedef struct _MusterTestCounter MusterTestCounter;

MusterTestCounter *muster_test_counter_new (gpointer object, const char *detailed_signal);
void               muster_test_counter_free (MusterTestCounter *self);
/* How many since it was made, or since the last time this was asked. */
unsigned muster_test_counter_take (MusterTestCounter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTestCounter, muster_test_counter_free)

/* --- databases --- */

/* In a fiber: a database of every stored entity of model/ in DIR ("muster.db"), started. BUS may be
 * NULL; CLOCK NULL: the system's. */
MusterDatabase *muster_test_database_new (MusterTestDir *dir, MusterClock *clock, MusterBus *bus);
/* In a fiber: stops it and drops the last reference. */
void muster_test_database_free (MusterDatabase *self);
/* Writes as the system does. */
DexFuture *muster_test_submit (MusterDatabase *database, MusterDatabaseFunc job, gpointer data);
/* A job: inserts ENTITY. */
gboolean muster_test_insert_job (MusterTransaction *transaction,
                                 gpointer           entity,
                                 GValue            *result,
                                 GError           **error);

/* Such a database with its folder. In a fiber. */
typedef struct
{
  MusterTestDir  *dir;
  MusterDatabase *database;
} MusterTestStore;

MusterTestStore *muster_test_store_new (void);
void             muster_test_store_free (MusterTestStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTestStore, muster_test_store_free)

G_END_DECLS
