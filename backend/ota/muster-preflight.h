/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "model/muster-device.h"
#include "model/muster-firmware-artifact.h"
#include "muster-reserves.h"

G_BEGIN_DECLS

/* What stands against updating a device. */
typedef enum
{
  MUSTER_PREFLIGHT_NOT_ADOPTED = 1 << 0, /* the site has no way to tell it */
  MUSTER_PREFLIGHT_MODEL = 1 << 1,
  MUSTER_PREFLIGHT_HARDWARE = 1 << 2,
  MUSTER_PREFLIGHT_SAME = 1 << 3, /* it runs this version already */
  MUSTER_PREFLIGHT_DOWNGRADE =
    1 << 4,                          /* it runs a newer one, and the firmware does not allow that */
  MUSTER_PREFLIGHT_TOO_OLD = 1 << 5, /* it runs one that is older than what is required */
  MUSTER_PREFLIGHT_COUNTER = 1 << 6, /* it ran a higher security counter, and would refuse it */
  MUSTER_PREFLIGHT_RETIRED = 1 << 7, /* retired or defective */
  MUSTER_PREFLIGHT_BUSY = 1 << 8,    /* another update is open: this one waits for it */
  MUSTER_PREFLIGHT_OFFLINE = 1 << 9, /* it is told once it is back */
  MUSTER_PREFLIGHT_BARRED =
    1 << 10, /* nobody may be given the firmware: it was withdrawn, or its key */
  MUSTER_PREFLIGHT_WINDOW = 1 << 11, /* the maintenance window opens later */
  MUSTER_PREFLIGHT_POWER = 1 << 12,  /* its battery is lower than the site asks for */
  MUSTER_PREFLIGHT_SPACE = 1 << 13,  /* the image is larger than what it has room for */
} MusterPreflight;

/* Those that keep a device out; the others only make it wait. */
#define MUSTER_PREFLIGHT_NEVER                                                                     \
  (MUSTER_PREFLIGHT_NOT_ADOPTED | MUSTER_PREFLIGHT_MODEL | MUSTER_PREFLIGHT_HARDWARE |             \
   MUSTER_PREFLIGHT_SAME | MUSTER_PREFLIGHT_DOWNGRADE | MUSTER_PREFLIGHT_TOO_OLD |                 \
   MUSTER_PREFLIGHT_COUNTER | MUSTER_PREFLIGHT_RETIRED | MUSTER_PREFLIGHT_BARRED |                 \
   MUSTER_PREFLIGHT_POWER | MUSTER_PREFLIGHT_SPACE)

/* What devices would be given. */
typedef struct
{
  MusterEntity *record; /* (owned) (nullable): an artifact or a set; NULL: it is not chosen yet */
  GPtrArray    *parts;  /* (owned) (nullable) (element-type MusterFirmwareArtifact) */
  char         *barred; /* (owned) (nullable): why nobody may be given it, if that is looked at */
  char         *opens;  /* (owned) (nullable): when its window opens, by the clocks of the site */
} MusterPreflightGift;

/* What ROLLOUT brings; that nothing is chosen is no error. MUSTER_ERROR_INVALID. */
gboolean muster_preflight_gift_read (MusterPreflightGift *self,
                                     MusterTransaction   *transaction,
                                     MusterEntity        *rollout,
                                     GError             **error);
void     muster_preflight_gift_clear (MusterPreflightGift *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterPreflightGift, muster_preflight_gift_clear)

/* Everything that stands against giving GIFT to DEVICE, which has RESERVE; N_OPEN: its other open
 * updates; ASKS: it has an update client, which asks by itself. Pure. */
MusterPreflight muster_preflight_check (MusterEntity              *device,
                                        const MusterPreflightGift *gift,
                                        const MusterReserve       *reserve,
                                        gint64                     n_open,
                                        gboolean                   asks);

/* A sentence for each of REASONS: (transfer full) (array zero-terminated=1). */
char **muster_preflight_describe (MusterPreflight            reasons,
                                  MusterEntity              *device,
                                  const MusterPreflightGift *gift,
                                  const MusterReserve       *reserve);

/* Adds the devices of a group, by name and by its filter, to DEVICES: (element-type utf8
 * MusterDevice), by the id of each. */
gboolean muster_preflight_add_group (MusterTransaction *transaction,
                                     const char        *group_id,
                                     GHashTable        *devices,
                                     GError           **error);
/* Every device that ROLLOUT is for, in the order of their creation: (transfer full) (element-type
 * MusterDevice). ONLY: (nullable): no others than these, by their ids. MUSTER_ERROR_INVALID at
 * `/filter`. On the thread of TRANSACTION. */
GPtrArray *muster_preflight_list_targets (MusterTransaction *transaction,
                                          MusterEntity      *rollout,
                                          GHashTable        *only,
                                          GError           **error);
/* Whether DEVICE has an update client, into *ASKS. */
gboolean muster_preflight_find_client (MusterTransaction *transaction,
                                       const char        *device_id,
                                       gboolean          *asks,
                                       GError           **error);
/* How many open updates DEVICE has; -1 with ERROR. */
gint64 muster_preflight_count_open (MusterTransaction *transaction,
                                    const char        *device_id,
                                    GError           **error);

/* What a rollout is looked at by. */
typedef struct
{
  MusterEntity   *rollout;  /* (owned) */
  GTimeZone      *zone;     /* (owned): of the site */
  MusterReserves *reserves; /* (owned) */
  gint64          now;      /* UTC µs */
  gboolean        needs_signature;
} MusterPreflightQuestion;

void muster_preflight_question_free (gpointer data);

/* DATA: a MusterPreflightQuestion. Resolves to a GBytes: {"items":[{"device_id","name","verdict":
 * "ready"|"later"|"never","reasons":["…"]}],"total","ready","later","never"}. */
gboolean muster_preflight_run (MusterTransaction *transaction,
                               gpointer           data,
                               GValue            *result,
                               GError           **error);

G_END_DECLS
