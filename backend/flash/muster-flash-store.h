/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "model/muster-flash-batch.h"
#include "model/muster-flash-run.h"

G_BEGIN_DECLS

/* The transactions of the room: functions for muster_database_write(), with a MusterFlashCall as
 * data. */

typedef struct
{
  MusterEntity        *batch;     /* (owned) (nullable): a new one */
  char               **ports;     /* (owned) (nullable) */
  char                *id;        /* (owned) (nullable): of a batch or a run */
  char                *error;     /* (owned) (nullable) */
  char                *unit_id;   /* (owned) (nullable): that new runs are for */
  char                *waits_for; /* (owned) (nullable) */
  MusterFlashRunStatus status;
} MusterFlashCall;

MusterFlashCall *muster_flash_call_new (const char *id);
void             muster_flash_call_free (gpointer self);

/* Stores `batch` with a run for each of `ports`: gives the batch. */
gboolean muster_flash_store_create (MusterTransaction *transaction,
                                    gpointer           data,
                                    GValue            *result,
                                    GError           **error);
/* Adds runs for `ports` to the batch `id`, which is under way again then: gives the batch. */
gboolean muster_flash_store_add (MusterTransaction *transaction,
                                 gpointer           data,
                                 GValue            *result,
                                 GError           **error);
/* What failed, or was cancelled, waits again; nothing else: gives the batch. */
gboolean muster_flash_store_retry (MusterTransaction *transaction,
                                   gpointer           data,
                                   GValue            *result,
                                   GError           **error);
/* What waits is cancelled; what is being written is the caller's to stop: gives the batch. */
gboolean muster_flash_store_cancel (MusterTransaction *transaction,
                                    gpointer           data,
                                    GValue            *result,
                                    GError           **error);
/* The run `id` waits for whom `waits_for` names, if it waits at all. */
gboolean muster_flash_store_hold (MusterTransaction *transaction,
                                  gpointer           data,
                                  GValue            *result,
                                  GError           **error);
/* The run `id`, where it waits, is cancelled: gives the run. */
gboolean muster_flash_store_cancel_run (MusterTransaction *transaction,
                                        gpointer           data,
                                        GValue            *result,
                                        GError           **error);
/* The run `id` becomes `status`, with `error`; its batch counts it: gives the run. */
gboolean muster_flash_store_progress (MusterTransaction *transaction,
                                      gpointer           data,
                                      GValue            *result,
                                      GError           **error);
/* What was being written when the daemon ended waits again. */
gboolean muster_flash_store_settle (MusterTransaction *transaction,
                                    gpointer           data,
                                    GValue            *result,
                                    GError           **error);
/* The runs that wait, the oldest first: (element-type MusterFlashRun). */
gboolean muster_flash_store_list_waiting (MusterTransaction *transaction,
                                          gpointer           data,
                                          GValue            *result,
                                          GError           **error);

G_END_DECLS
