/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-pace.h"
#include "core/muster-bus.h"
#include "core/muster-repository.h"
#include "core/muster-service.h"
#include "core/muster-settings.h"
#include "devices/muster-device-registry.h"
#include "model/muster-firmware-update.h"
#include "model/muster-update-event.h"
#include "muster-firmware-service.h"

G_BEGIN_DECLS

/**
 * MusterUpdateService:
 *
 * The devices' updates: given by people and rollouts, told by whatever way a device has (the node's
 * command, a poll of DDI, a cable), and brought forward by what devices say. All ways report
 * through muster_update_service_feedback(), so that an update means the same however it went.
 *
 * An update is a `firmware_update`: `status` is journalled, `phase`, `progress` and `reported_at`
 * are live. Those that are open (waiting, running, cancelling) are kept in memory: the getters
 * answer at once, and lend entities that hold until the next main loop turn. Main thread only.
 *
 * Signal `changed (MusterEntity *update)`: an update was made or changed, live fields too.
 */
#define MUSTER_TYPE_UPDATE_SERVICE (muster_update_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterUpdateService,
                      muster_update_service,
                      MUSTER,
                      UPDATE_SERVICE,
                      MusterService)

MusterUpdateService   *muster_update_service_new (MusterFirmwareService *firmware,
                                                  MusterDeviceRegistry  *registry,
                                                  MusterBus             *bus,
                                                  MusterClock           *clock);
MusterRepository      *muster_update_service_get_repository (MusterUpdateService *self);
MusterFirmwareService *muster_update_service_get_firmware (MusterUpdateService *self);

/* --- giving --- */

/* What becomes of the other open updates of the device. */
typedef enum
{
  MUSTER_OTHERS_STAY,   /* it is done after them, by weight, then by age */
  MUSTER_OTHERS_CANCEL, /* the device is asked to cancel them: hawkBit's rule */
  MUSTER_OTHERS_CLOSE,  /* they are cancelled at once, whatever the device is doing */
} MusterUpdateOthers;

/* UPDATE: a new MusterFirmwareUpdate with device_id, artifact_id or set_id, and what else of kind,
 * force_at, weight, window, confirm_within, rollout_id, rollout_group_id and confirmation (`none`
 * or `needed`) is to be said. Resolves to the update; rejects with MUSTER_ERROR_INVALID
 * (`/device_id`, `/artifact_id`: no such record), MUSTER_ERROR_CONFLICT (firmware that is not
 * ready; the device has the same update open; CHECKS_FIT: it could not run it, by its model, its
 * hardware or its security counter). */
DexFuture *muster_update_service_give (MusterUpdateService *self,
                                       MusterActor         *actor,
                                       MusterEntity        *update,
                                       MusterUpdateOthers   others,
                                       gboolean             checks_fit);
/* The device is asked to cancel; one that was never told is cancelled at once. FORCE: so is one
 * that is being cancelled already (MUSTER_ERROR_CONFLICT for one that is not). Resolves to the
 * update; MUSTER_ERROR_CONFLICT for one that has ended. */
DexFuture *muster_update_service_cancel (MusterUpdateService *self,
                                         MusterActor         *actor,
                                         const char          *id,
                                         gboolean             force);
/* One that failed, reverted or was cancelled is done again, under a new number. */
DexFuture *muster_update_service_retry (MusterUpdateService *self,
                                        MusterActor         *actor,
                                        const char          *id);
/* Cancels those open updates of the device whose windows do not open any more. Resolves once
 * that is written. */
DexFuture *muster_update_service_end_lapsed (MusterUpdateService *self, const char *device_id);
/* A soft one becomes forced. */
DexFuture *muster_update_service_force (MusterUpdateService *self,
                                        MusterActor         *actor,
                                        const char          *id);

/* --- asking --- */

/* The open update of ID, of NUMBER, or that whose download address holds SECRET: (transfer none)
 * (nullable). */
MusterEntity *muster_update_service_find (MusterUpdateService *self, const char *id);
MusterEntity *muster_update_service_find_number (MusterUpdateService *self, gint64 number);
MusterEntity *muster_update_service_find_secret (MusterUpdateService *self, const char *secret);
/* What the device is to do next, of its open updates: one being cancelled first, then by weight,
 * then the oldest. One of a rollout that is paused, or whose turn has not come, is none. (transfer
 * none) (nullable). */
MusterEntity *muster_update_service_get_next (MusterUpdateService *self, const char *device_id);
/* Its open updates: (transfer container) (element-type MusterEntity). */
GPtrArray *muster_update_service_list_open (MusterUpdateService *self, const char *device_id);

/* What the device may do of UPDATE now. */
typedef struct
{
  gboolean    may_begin;   /* its rollout, its window and the limits let it begin or go on */
  gboolean    may_install; /* not beyond the download, outside of its window */
  gboolean    has_window;
  gboolean    is_forced; /* forced, or time-forced and the time has come */
  gboolean    is_over;   /* its window does not open any more */
  gint64      opens_at;  /* UTC microseconds: when the window opens next; 0: it is open, or never */
  MusterPace *pace; /* (nullable) (transfer none): how fast its files are sent, by its rollout */
} MusterUpdateLeave;
MusterUpdateLeave muster_update_service_get_leave (MusterUpdateService *self, MusterEntity *update);

/* What a file of an update is, by its artifact: resolves to a GPtrArray (boxed, element-type
 * MusterUpdatePart) of everything the update brings, in the order of the set. */
typedef struct
{
  MusterEntity *artifact; /* (owned) */
  GPtrArray    *files;    /* (owned) (element-type MusterFirmwareFile) by name */
  GPtrArray    *notes; /* (owned) (element-type MusterFirmwareNote) by key: those that are told */
} MusterUpdatePart;
void       muster_update_part_free (gpointer data);
DexFuture *muster_update_service_list_parts (MusterUpdateService *self, MusterEntity *update);

/* --- what devices say --- */

typedef enum
{
  MUSTER_FEEDBACK_TOLD,        /* it knows of it (DDI: it read the deployment) */
  MUSTER_FEEDBACK_DOWNLOAD,    /* it asked for the file */
  MUSTER_FEEDBACK_DOWNLOADING, /* with `progress` */
  MUSTER_FEEDBACK_DOWNLOADED,  /* closes a download-only update */
  MUSTER_FEEDBACK_INSTALLING,
  MUSTER_FEEDBACK_REBOOTING,
  MUSTER_FEEDBACK_CONFIRMING,     /* it runs it and tests itself */
  MUSTER_FEEDBACK_RUNNING,        /* goes on, whatever it says */
  MUSTER_FEEDBACK_WARNING,        /* goes on, but something is wrong (DDI: rejected) */
  MUSTER_FEEDBACK_CONFIRMED,      /* ends well */
  MUSTER_FEEDBACK_FAILED,         /* ends */
  MUSTER_FEEDBACK_REVERTED,       /* ends: it runs the old one again */
  MUSTER_FEEDBACK_CANCELLED,      /* ends: it gave up by itself, or agreed to cancel */
  MUSTER_FEEDBACK_CANCEL_REFUSED, /* one being cancelled goes on */
  MUSTER_FEEDBACK_CANCEL_FAILED,  /* likewise, with an error */
  MUSTER_FEEDBACK_CONSENT_GIVEN,
  MUSTER_FEEDBACK_CONSENT_DENIED, /* it keeps waiting */
} MusterFeedbackKind;

typedef struct
{
  MusterFeedbackKind   kind;
  MusterUpdateDelivery delivery; /* by which way it came */
  int                  progress; /* percent; -1: not told */
  gint64               fetched;  /* bytes; 0: not told */
  const char *const
          *messages; /* (nullable) NULL-terminated: each kept up to 512 bytes, the first 50 */
  gboolean has_code;
  int      code;
} MusterFeedback;

/* Notes what the device said of its update ID: the event, the status that follows, and at the end
 * what the device runs now. Reports of mere progress are kept in memory, told on the bus, and
 * written from time to time. Saying the same end twice changes nothing and succeeds. Resolves to
 * the update as it is then; rejects with MUSTER_ERROR_NOT_FOUND, with MUSTER_ERROR_CONFLICT for one
 * that has ended otherwise (DDI: 410) or that cannot go there (a refusal to cancel where nothing is
 * being cancelled), with MUSTER_ERROR_RATE_LIMITED beyond 1000 events of one attempt. */
DexFuture *muster_update_service_feedback (MusterUpdateService  *self,
                                           MusterActor          *actor,
                                           const char           *id,
                                           const MusterFeedback *feedback);

/* The device says that it runs VERSION (nullable), of which HARDWARE (nullable) it is, and its
 * SECURITY_COUNTER (-1: not told): kept with its record; a version that no update brought makes its
 * origin `outside`. Resolves to TRUE. */
DexFuture *muster_update_service_note_installed (MusterUpdateService *self,
                                                 const char          *device_id,
                                                 const char          *version,
                                                 const char          *hardware,
                                                 gint64               security_counter);

G_END_DECLS
