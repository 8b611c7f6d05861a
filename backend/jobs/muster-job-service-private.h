/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-job-service.h"

G_BEGIN_DECLS

/* A kind and what it was added with. */
typedef struct
{
  const MusterJobKind *kind;
  gpointer             data;
} MusterJobKindEntry;

extern const MusterJobKind muster_job_edit_kind;
extern const MusterJobKind muster_job_move_kind;
extern const MusterJobKind muster_job_status_kind;
extern const MusterJobKind muster_job_delete_kind;

/* NULL where records of ENTITY are not changed in bulk. */
const MusterJobTarget *muster_job_service_find_target (MusterJobService *self, const char *entity);
gboolean muster_job_service_may (MusterJobService *self, MusterActor *actor, const char *operation);

/* Whether CHANGES may be made to many records of INFO by KIND: MUSTER_ERROR_INVALID names the
 * members refused. */
gboolean muster_job_check_changes (const MusterEntityInfo *info,
                                   const char             *kind,
                                   JsonObject             *changes,
                                   GError                **error);
/* CHANGES, which were checked, into RECORD. */
gboolean muster_job_decode_changes (const MusterEntityInfo *info,
                                    const char             *kind,
                                    JsonObject             *changes,
                                    MusterEntity           *record,
                                    GError                **error);

/* --- on the writer's thread (muster-job-slice.c) --- */

/* What the slices of a run know of each other: in an atomic reference counted box, each member to
 * be read and written as an atomic. */
typedef struct
{
  int is_careful; /* rows may be refused: each slice sees to it that the others stay */
  int gave_up;    /* number of the slice that met such a row last, and left nothing behind */
} MusterJobMood;

/* One slice of work. What it holds is not changed while it runs. */
typedef struct
{
  char                     *id;       /* (owned): of the job */
  const MusterEntityInfo   *info;     /* (nullable) of the records it changes */
  const MusterJobKindEntry *kind;     /* (nullable) */
  const MusterJobTarget    *target;   /* (nullable) */
  gint64                    started;  /* monotonic µs: when this run began, for the rate */
  gint64                    n_before; /* rows looked at in this run before this slice */
  MusterJobMood            *mood;     /* (owned) */
  int                       number;   /* of the slice in its run, from 1 */
} MusterJobSlice;

/* Works on the next rows. Most jobs have no row that is refused, and to be able to take back some
 * rows and keep others costs a third of the writing; so a slice begins in the hope that none is,
 * and where one is it fails, named by `gave_up`, and the next one does the same rows with care.
 * Resolves to the job as it is then, which has ended where nothing is left. A MusterDatabaseFunc;
 * DATA is a MusterJobSlice. */
gboolean muster_job_slice_run (MusterTransaction *transaction,
                               gpointer           data,
                               GValue            *result,
                               GError           **error);
/* How many rows JOB has looked at. */
gint64 muster_job_count_settled (MusterEntity *job);

/* --- on the writer's thread (muster-job-store.c) --- */

typedef struct
{
  char           *id;
  MusterJobStatus status;
  char           *error; /* (nullable): why it stops */
  gboolean        retry; /* refused rows are to be done again */
} MusterJobChange;

void muster_job_change_free (gpointer data);
/* MusterDatabaseFuncs. DATA: a MusterJobChange; resolves to the job. */
gboolean muster_job_change_run (MusterTransaction *transaction,
                                gpointer           data,
                                GValue            *result,
                                GError           **error);
/* DATA: a gint64 of days. Deletes what ended longer ago. */
gboolean muster_job_prune_run (MusterTransaction *transaction,
                               gpointer           data,
                               GValue            *result,
                               GError           **error);
/* Jobs that are to be worked on: resolves to a GPtrArray (element-type MusterEntity). */
gboolean muster_job_list_open_run (MusterTransaction *transaction,
                                   gpointer           data,
                                   GValue            *result,
                                   GError           **error);
/* A MusterUndoGuardFunc. */
gboolean muster_job_guard_undo (MusterTransaction *transaction,
                                const char        *operation,
                                gpointer           data,
                                GError           **error);

/* --- failed rows as a file (muster-job-failures.c) --- */

/* What the rows of a job say of people is for those who may list people: MUSTER_ERROR_FORBIDDEN. */
gboolean muster_job_check_reader (MusterEntity *job, MusterActor *actor, GError **error);

/* Whose failures for whom. */
typedef struct
{
  char        *id;    /* (owned): of the job */
  MusterActor *actor; /* (owned) */
} MusterJobReading;

void muster_job_reading_free (gpointer data);
/* DATA: a MusterJobReading. Resolves to a GBytes of text/csv. */
gboolean muster_job_failures_run (MusterTransaction *transaction,
                                  gpointer           data,
                                  GValue            *result,
                                  GError           **error);

G_END_DECLS
