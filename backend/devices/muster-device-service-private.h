/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-account-projection.h"
#include "muster-device-service.h"

G_BEGIN_DECLS

struct _MusterDeviceService
{
  MusterService            parent_instance;
  MusterRepository        *repository; /* (owned) */
  MusterBus               *bus;        /* (owned) */
  MusterClock             *clock;      /* (owned) */
  MusterDeviceRegistry    *registry;   /* (owned) */
  MusterHttpFetch         *fetch;      /* (owned) */
  MusterAccountProjection *accounts;   /* (owned) */
  MusterTokenBook         *tokens;     /* (owned) */
  MusterActor             *actor;      /* (owned): the daemon itself */
  char                    *group_id;   /* (owned) */
  char                    *host_id;    /* (owned) */
  const MusterDeviceLinks *links;
  gpointer                 links_data;
  GHashTable              *releasing; /* (owned) set of names of nodes that release tells itself */
  GHashTable              *busy;      /* (owned) set of serial numbers that are being paired with */
  MusterFindCandidate      find_candidate;
  gpointer                 find_data;
  GDestroyNotify           find_destroy;
};

/* The first record whose FIELD is VALUE; NULL with or without ERROR. (transfer full) */
MusterEntity *muster_device_find_record (MusterTransaction      *transaction,
                                         const MusterEntityInfo *info,
                                         const char             *field,
                                         const char             *value,
                                         GError                **error);
/* A user name made of HINT that no device, account or pairing but the device DEVICE_ID (nullable)
 * and the pairing with SERIAL (nullable) has; NULL with ERROR. */
char *muster_device_choose_username (MusterTransaction *transaction,
                                     const char        *hint,
                                     const char        *device_id,
                                     const char        *serial,
                                     GError           **error);
/* Sets `adoption`, `node_id`, and the status where it may become deployed by that. */
void muster_device_mark_adopted (MusterEntity *device, const char *node_id);

/* Nobody was told anything by ATTEMPT: deletes it, as if the device had never been asked. */
gboolean muster_device_forget_attempt (MusterTransaction *transaction,
                                       MusterEntity      *attempt,
                                       GError           **error);

/* --- muster-adoption.c --- */

typedef struct
{
  MusterDeviceService *service;
  MusterActor         *actor;
  char                *key;       /* (nullable) */
  char                *device_id; /* (nullable) */
  char                *secret;    /* (nullable): as typed */
  char                *name;      /* (nullable) */
  char                *location;  /* (nullable) */
} MusterAdoptRequest;

/* Takes REQUEST. */
DexFuture *muster_adoption_run (MusterAdoptRequest *request);

/* --- muster-adoption-complete.c --- */

/* Turns the attempt ATTEMPT_ID into an adopted device and its account. Resolves to the
 * MusterDevice. */
DexFuture *muster_adoption_complete (MusterDeviceService *self,
                                     MusterActor         *actor,
                                     const char          *attempt_id,
                                     const char          *firmware);

/* For dex_future_then() of a future that resolves to the adopted MusterDevice: notes the event.
 * USER_DATA: the service. */
DexFuture *muster_adoption_note_done_cb (DexFuture *future, gpointer user_data);

/* --- muster-family-adoption.c --- */

/* Makes CANDIDATE, which speaks with the broker in its family's way, the adopted device DEVICE
 * (nullable: a new one). NAME and LOCATION may be NULL. Resolves to the MusterDevice. */
DexFuture *muster_adoption_take (MusterDeviceService *self,
                                 MusterActor         *actor,
                                 MusterEntity        *candidate,
                                 MusterEntity        *device,
                                 const char          *name,
                                 const char          *location);

G_END_DECLS
