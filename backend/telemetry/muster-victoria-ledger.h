/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "model/muster-sample.h"

G_BEGIN_DECLS

/**
 * MusterVictoriaLedger:
 *
 * What VictoriaMetrics cannot hold, in a file beside the samples: the texts that samples are of,
 * which life a device is in (those before were forgotten), and what is the newest of each metric,
 * so that it is known while the server is away. From any thread.
 */
typedef struct _MusterVictoriaLedger MusterVictoriaLedger;

/* A life of a device whose samples are to be deleted. */
typedef struct
{
  char  *device_id;
  gint64 life;
} MusterVictoriaGone;

/* Samples of a device that are safe, and were not there before. */
typedef struct
{
  gint64 n;
  gint64 life; /* of the device when they were sent */
} MusterVictoriaNew;

MusterVictoriaLedger *muster_victoria_ledger_open (const char *path, GError **error);
void                  muster_victoria_ledger_close (MusterVictoriaLedger *self);

gint64 muster_victoria_ledger_get_life (MusterVictoriaLedger *self, const char *device_id);
/* Begins a new life of the device. Durable when it returns TRUE. */
gboolean muster_victoria_ledger_forget (MusterVictoriaLedger *self,
                                        const char           *device_id,
                                        GError              **error);
/* (transfer full) (element-type MusterVictoriaGone) */
GPtrArray *muster_victoria_ledger_list_gone (MusterVictoriaLedger *self, GError **error);
gboolean   muster_victoria_ledger_drop_gone (MusterVictoriaLedger     *self,
                                             const MusterVictoriaGone *gone,
                                             GError                  **error);

/* Takes note of samples that are safe: LATEST (element-type MusterSampleBatch), the newest of them,
 * and N_NEW (element-type utf8 MusterVictoriaNew), how many there were. Durable when it returns
 * TRUE. */
gboolean muster_victoria_ledger_confirm (MusterVictoriaLedger *self,
                                         GPtrArray            *latest,
                                         GHashTable           *n_new,
                                         GError              **error);
/* The newest of DEVICE_IDS (nullable: all): (transfer full) (element-type MusterSampleBatch) */
GPtrArray *muster_victoria_ledger_list_latest (MusterVictoriaLedger *self,
                                               const char *const    *device_ids);
gint64     muster_victoria_ledger_count_samples (MusterVictoriaLedger *self);

/* The number of TEXT, made when new. */
gboolean muster_victoria_ledger_get_code (MusterVictoriaLedger *self,
                                          const char           *text,
                                          gint64               *code,
                                          GError              **error);
/* (transfer full): NULL where no text has that number. */
GRefString *muster_victoria_ledger_get_text (MusterVictoriaLedger *self,
                                             gint64                code,
                                             GError              **error);

/* Copies the file to the new file PATH. */
gboolean muster_victoria_ledger_backup (MusterVictoriaLedger *self,
                                        const char           *path,
                                        GCancellable         *cancellable,
                                        GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterVictoriaLedger, muster_victoria_ledger_close)

G_END_DECLS
