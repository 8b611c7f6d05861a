/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "core/muster-bus.h"
#include "core/muster-repository.h"
#include "core/muster-settings.h"
#include "model/muster-job-row.h"
#include "model/muster-job.h"

G_BEGIN_DECLS

#define MUSTER_SETTING_JOBS_KEEP_DAYS "jobs.keep-days"

/* The room's settings; ended by a NULL key. */
extern const MusterSetting muster_job_settings[];

/* What became of a row. */
typedef enum
{
  MUSTER_JOB_REFUSED, /* with an error: the row's changes are taken back, the job goes on */
  MUSTER_JOB_DONE,
  MUSTER_JOB_UNCHANGED, /* there was nothing to change */
} MusterJobOutcome;

typedef struct _MusterJobTarget MusterJobTarget;

/* One job at its work, on the writer's thread. */
typedef struct
{
  const MusterEntityInfo *info;       /* what kind of record it changes */
  MusterEntity           *job;        /* the record of the job */
  JsonObject             *parameters; /* (nullable) */
  const MusterJobTarget  *target;     /* (nullable): what the record's room said of it */
  gpointer                state;      /* what the kind's `prepare` made */
  gpointer                data;       /* the kind's own */
} MusterJobRun;

/**
 * MusterJobKind:
 *
 * A sort of work: what is done to one row. A slice of rows is one transaction, in which the rows'
 * records and what became of the rows change together: whatever happens, a row is done once or not
 * at all. Each row stands or falls by itself.
 */
typedef struct
{
  const char *name; /* "edit": of the job's field `kind` */
  /* Before the first row of a slice, on the writer's thread: state for its rows. FALSE with ERROR
   * fails the whole job. (nullable) */
  gboolean (*prepare) (MusterTransaction *transaction, MusterJobRun *run, GError **error);
  /* ROW is the MusterJobRow: its fields `entity_id` and `title` may be set. Refused with
   * MUSTER_ERROR_FAILED, _STORAGE_FULL or _CORRUPT, the job pauses and the row stays to be done. */
  MusterJobOutcome (*run) (MusterTransaction  *transaction,
                           const MusterJobRun *run,
                           MusterEntity       *row,
                           GError            **error);
  /* After the last row of the slice. (nullable) */
  void (*release) (MusterJobRun *run);
} MusterJobKind;

/* What may be done in bulk to one kind of record, as the operations of the API that it stands for:
 * NULL where it may not. */
struct _MusterJobTarget
{
  const MusterEntityInfo *info;
  const char             *update; /* "updateDevice" */
  const char             *status; /* "setDeviceStatus" */
  const char             *remove; /* "deleteDevice" */
  /* What the room checks or does beyond its rules when such a record is changed; RECORD has the
   * changes. (nullable) */
  gboolean (*change) (MusterTransaction *transaction,
                      MusterEntity      *record,
                      JsonObject        *changes,
                      gpointer           data,
                      GError           **error);
  gpointer data;
  /* Does the work of a step of the record's life, instead of merely noting its status, for the kind
   * "status": CHANGES is {"status"}; *CHANGED: whether there was anything to do. (nullable) */
  gboolean (*step) (MusterTransaction *transaction,
                    const char        *id,
                    JsonObject        *changes,
                    gboolean          *changed,
                    GError           **error);
};

/* Whether ACTOR may call OPERATION of the API. */
typedef gboolean (*MusterJobMayFunc) (MusterActor *actor, const char *operation, gpointer data);

/**
 * MusterJobService:
 *
 * Long work on many records, kept in the database: it goes on where it was after a pause, a crash
 * or a restart. What a job changes is one operation of the journal, undone as one; while it runs or
 * is paused, it cannot be undone. Between two slices other writers have their turn. Progress is
 * published on the bus: topic `jobs`, the job's record as payload.
 */
#define MUSTER_TYPE_JOB_SERVICE (muster_job_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterJobService, muster_job_service, MUSTER, JOB_SERVICE, MusterService)

/* Before the database starts (it adds a guard to it). */
MusterJobService *muster_job_service_new (MusterDatabase *database, MusterBus *bus);
/* SETTINGS: of muster_job_settings, loaded. */
void muster_job_service_set_settings (MusterJobService *self, MusterSettings *settings);
/* Before the start. KIND and TARGET stay. */
void muster_job_service_add_kind (MusterJobService *self, const MusterJobKind *kind, gpointer data);
void muster_job_service_add_target (MusterJobService *self, const MusterJobTarget *target);
/* Who may do what; without it everybody may. */
void muster_job_service_set_may (MusterJobService *self, MusterJobMayFunc may, gpointer data);
MusterDatabase *muster_job_service_get_database (MusterJobService *self);

/* Puts the rows of a new job in, on the writer's thread, by muster_job_add_row(). */
typedef gboolean (*MusterJobFillFunc) (MusterTransaction *transaction,
                                       MusterEntity      *job,
                                       gpointer           data,
                                       GError           **error);

/* Keeps JOB (a MusterJob with kind, title, entity and parameters set) with the rows that FILL
 * gives, and begins with it. DATA is destroyed on the main thread. Resolves to the job. Roles are
 * the caller's to check. */
DexFuture *muster_job_service_add (MusterJobService *self,
                                   MusterActor      *actor,
                                   MusterEntity     *job,
                                   MusterJobFillFunc fill,
                                   gpointer          data,
                                   GDestroyNotify    destroy);
/* One row more, from FILL. ENTITY_ID and INPUT may be NULL. POSITION counts from 1, unique. */
gboolean muster_job_add_row (MusterTransaction *transaction,
                             MusterEntity      *job,
                             gint64             position,
                             const char        *entity_id,
                             const char        *input,
                             GError           **error);

/* A bulk job as POST /jobs asks for it: REQUEST is {kind, entity, ids | filter, changes, title}.
 * Checks all of it and ACTOR's right. Resolves to the job. */
DexFuture *muster_job_service_create (MusterJobService *self,
                                      MusterActor      *actor,
                                      JsonObject       *request);

/* Resolve to the job; MUSTER_ERROR_CONFLICT names the states that it may go to. */
DexFuture *muster_job_service_pause (MusterJobService *self, MusterActor *actor, const char *id);
DexFuture *muster_job_service_resume (MusterJobService *self, MusterActor *actor, const char *id);
/* What it has done stays done, and can be undone. */
DexFuture *muster_job_service_cancel (MusterJobService *self, MusterActor *actor, const char *id);
/* The refused rows once more. */
DexFuture *muster_job_service_retry (MusterJobService *self, MusterActor *actor, const char *id);

G_END_DECLS
