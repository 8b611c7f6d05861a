/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "muster-update-rules.h"

G_BEGIN_DECLS

/* Work on the writer's thread. Each resolves to a GPtrArray (boxed, element-type MusterEntity) of
 * the updates that it made or changed, the one that was asked for first. */

typedef struct
{
  MusterEntity      *update; /* (owned): a new one */
  MusterUpdateOthers others;
  gboolean           needs_signature; /* Muster images must be signed by a key of the site */
  gboolean           checks_fit;      /* whether the device could run it; else the caller knows */
} MusterUpdateGift;

void     muster_update_gift_free (gpointer data);
gboolean muster_update_store_give (MusterTransaction *transaction,
                                   gpointer           data,
                                   GValue            *result,
                                   GError           **error);

/* For whoever does more in the same transaction: gives one, which goes first into UPDATES, with
 * those of the device's others that changed behind it; cancels one, at once with CLOSE; tries one
 * again. */
gboolean muster_update_store_give_one (MusterTransaction      *transaction,
                                       const MusterUpdateGift *gift,
                                       GPtrArray              *updates,
                                       GError                **error);
gboolean muster_update_store_cancel_one (MusterTransaction *transaction,
                                         MusterEntity      *update,
                                         gboolean           close,
                                         GError           **error);
/* Whether it is worth trying UPDATE again, which ended, into *IS_WANTED: its device is there, runs
 * something else, and is given it by no other update. */
gboolean muster_update_store_is_wanted (MusterTransaction *transaction,
                                        MusterEntity      *update,
                                        gboolean          *is_wanted,
                                        GError           **error);
/* MUSTER_ERROR_CONFLICT: it did not end so, another is open, or it may not be given any more. */
gboolean muster_update_store_retry_one (MusterTransaction *transaction,
                                        MusterEntity      *update,
                                        GError           **error);

typedef enum
{
  MUSTER_UPDATE_DO_CANCEL,
  MUSTER_UPDATE_DO_CLOSE, /* cancelled at once */
  MUSTER_UPDATE_DO_RETRY,
  MUSTER_UPDATE_DO_FORCE,
  MUSTER_UPDATE_DO_TELL, /* it is told now: runs, by `delivery` */
} MusterUpdateDeed;

typedef struct
{
  char                *id;
  MusterUpdateDeed     deed;
  MusterUpdateDelivery delivery;
} MusterUpdateChange;

void     muster_update_change_free (gpointer data);
gboolean muster_update_store_change (MusterTransaction *transaction,
                                     gpointer           data,
                                     GValue            *result,
                                     GError           **error);

/* What a device said, or of mere progress what it said last. */
typedef struct
{
  char                *id;
  MusterFeedbackKind   kind;
  MusterUpdateDelivery delivery;
  int                  progress; /* -1: not told */
  gint64               fetched;  /* 0: not told */
  char                *messages; /* (nullable): JSON */
  gboolean             has_code;
  int                  code;
  gint64               at;
} MusterUpdateReport;

MusterUpdateReport *muster_update_report_new (const char           *id,
                                              const MusterFeedback *feedback,
                                              gint64                at);
void                muster_update_report_free (gpointer data);
gboolean            muster_update_store_report (MusterTransaction *transaction,
                                                gpointer           data,
                                                GValue            *result,
                                                GError           **error);

/* Writes the volatile fields of DATA, a MusterEntity: an update that is being downloaded; of one
 * that is further by now only how much of it was fetched. */
gboolean muster_update_store_progress (MusterTransaction *transaction,
                                       gpointer           data,
                                       GValue            *result,
                                       GError           **error);

/* Every open update: resolves as above. DATA is not used. */
gboolean muster_update_store_list_open (MusterTransaction *transaction,
                                        gpointer           data,
                                        GValue            *result,
                                        GError           **error);

/* What a device says that it runs. */
typedef struct
{
  char  *device_id;
  char  *version;          /* (nullable) */
  char  *hardware;         /* (nullable) */
  gint64 security_counter; /* -1: not told */
} MusterInstalled;

void     muster_installed_free (gpointer data);
gboolean muster_update_store_installed (MusterTransaction *transaction,
                                        gpointer           data,
                                        GValue            *result,
                                        GError           **error);

/* DATA: a MusterEntity, the update. Resolves to a GPtrArray (boxed, element-type MusterUpdatePart).
 */
gboolean muster_update_store_list_parts (MusterTransaction *transaction,
                                         gpointer           data,
                                         GValue            *result,
                                         GError           **error);

G_END_DECLS
