/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "model/muster-factory-batch.h"
#include "model/muster-factory-unit.h"
#include "model/muster-test-run.h"
#include "muster-bench.h"

G_BEGIN_DECLS

/* The transactions of the room: functions for muster_database_write(), or _read() where said, with
 * a MusterFactoryCall as data. */

typedef struct
{
  const MusterEntityInfo *info;  /* of what `id` names, where that may be a unit or a test run */
  char                   *id;    /* (owned) (nullable) */
  char                  **ports; /* (owned) (nullable) */
  char                  **flash_ports;    /* (owned) (nullable): "": the same */
  char                   *step;           /* (owned) (nullable) */
  char                   *error;          /* (owned) (nullable) */
  char                   *question;       /* (owned) (nullable) */
  char                   *report;         /* (owned) (nullable): stays */
  char                   *serial;         /* (owned) (nullable) */
  char                   *device_id;      /* (owned) (nullable) */
  char                   *flash_batch_id; /* (owned) (nullable) */
  char                   *flash_run_id;   /* (owned) (nullable) */
  char                   *waits_for;      /* (owned) (nullable) */
  MusterBenchStatus       status;
  MusterUnitLabel         label;
  MusterUnitIdentity      identity;
} MusterFactoryCall;

MusterFactoryCall *muster_factory_call_new (const MusterEntityInfo *info, const char *id);
void               muster_factory_call_free (gpointer self);

/* Boards at `ports` in the batch `id`: gives them (element-type MusterFactoryUnit). */
gboolean muster_factory_store_add (MusterTransaction *transaction,
                                   gpointer           data,
                                   GValue            *result,
                                   GError           **error);
/* The plan `id` is to be run against the board at the first of `ports`: gives the MusterTestRun. */
gboolean muster_factory_store_add_run (MusterTransaction *transaction,
                                       gpointer           data,
                                       GValue            *result,
                                       GError           **error);
/* What failed, or was cancelled, waits again: gives it. */
gboolean muster_factory_store_retry (MusterTransaction *transaction,
                                     gpointer           data,
                                     GValue            *result,
                                     GError           **error);
/* What waits is cancelled; what is under way is the caller's to stop: gives it. */
gboolean muster_factory_store_cancel (MusterTransaction *transaction,
                                      gpointer           data,
                                      GValue            *result,
                                      GError           **error);
/* It becomes `status`, at `step`; of a test run also `serial` and `device_id`: gives it. CONFLICT
 * where it is to begin, and does not wait any more; or where it is not under way. */
gboolean muster_factory_store_progress (MusterTransaction *transaction,
                                        gpointer           data,
                                        GValue            *result,
                                        GError           **error);
/* Its question is answered: gives it. CONFLICT where there is none. */
gboolean muster_factory_store_answer (MusterTransaction *transaction,
                                      gpointer           data,
                                      GValue            *result,
                                      GError           **error);
/* The unit's firmware is written by `flash_run_id` of `flash_batch_id`: gives it. */
gboolean muster_factory_store_note_flash (MusterTransaction *transaction,
                                          gpointer           data,
                                          GValue            *result,
                                          GError           **error);
/* The unit gets the next serial number of its batch, and a key, unless it has them: gives it. */
gboolean muster_factory_store_assign (MusterTransaction *transaction,
                                      gpointer           data,
                                      GValue            *result,
                                      GError           **error);
/* The unit passed, with `report`: it gets the record of a device, of `identity`: gives it. */
gboolean muster_factory_store_finish (MusterTransaction *transaction,
                                      gpointer           data,
                                      GValue            *result,
                                      GError           **error);
/* It waits for whom `waits_for` names, if it waits at all. */
gboolean muster_factory_store_hold (MusterTransaction *transaction,
                                    gpointer           data,
                                    GValue            *result,
                                    GError           **error);
/* The label of the unit becomes `label`, with `error`: gives it. CONFLICT where it did not pass. */
gboolean muster_factory_store_set_label (MusterTransaction *transaction,
                                         gpointer           data,
                                         GValue            *result,
                                         GError           **error);
/* The units with keys of the batch `id` (NULL: of all); with `device_id`, a gateway, those that are
 * reached through it, CONFLICT without any: (element-type MusterFactoryUnit). It is noted that
 * their keys were read. */
gboolean muster_factory_store_read_keys (MusterTransaction *transaction,
                                         gpointer           data,
                                         GValue            *result,
                                         GError           **error);
/* Read. The units whose labels wait for the site's printer: (element-type MusterFactoryUnit). */
gboolean muster_factory_store_list_labels (MusterTransaction *transaction,
                                           gpointer           data,
                                           GValue            *result,
                                           GError           **error);
/* What was under way when the daemon ended waits again. */
gboolean muster_factory_store_settle (MusterTransaction *transaction,
                                      gpointer           data,
                                      GValue            *result,
                                      GError           **error);
/* Read. The units and test runs that wait, the oldest first: (element-type MusterEntity). */
gboolean muster_factory_store_list_waiting (MusterTransaction *transaction,
                                            gpointer           data,
                                            GValue            *result,
                                            GError           **error);
/* Read. The unit with `serial`, or NULL. */
gboolean muster_factory_store_find_serial (MusterTransaction *transaction,
                                           gpointer           data,
                                           GValue            *result,
                                           GError           **error);
/* Read. The units of the batch `id` (NULL: of all) in order: (element-type MusterFactoryUnit). */
gboolean muster_factory_store_list_units (MusterTransaction *transaction,
                                          gpointer           data,
                                          GValue            *result,
                                          GError           **error);

/* The key of UNIT; FALSE: it has none. Wipe it after use. */
gboolean muster_factory_unit_read_key (MusterEntity *unit, guint8 key[MUSTER_BENCH_KEY_SIZE]);
/* The secret on the label of a unit with KEY, as firmware/LINK.md has it: (transfer full), to be
 * wiped. */
char *muster_factory_derive_secret (const guint8 key[MUSTER_BENCH_KEY_SIZE]);

G_END_DECLS
