/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-http-fetch.h"
#include "model/muster-candidate.h"
#include "muster-device-links.h"
#include "muster-device-registry.h"
#include "muster-token-book.h"

G_BEGIN_DECLS

typedef struct
{
  const char              *group_id; /* Sparkplug group of the site's devices */
  const char              *host_id;  /* of the site's Sparkplug host application */
  const MusterDeviceLinks *links;    /* stays */
  gpointer                 links_data;
  MusterHttpFetch         *fetch; /* to pair by; referenced */
} MusterDeviceServiceOptions;

/* The candidate KEY, or (KEY NULL) the one that was matched with the record DEVICE_ID; NULL when
 * nothing of it is on the network: (transfer full). */
typedef MusterCandidate *(*MusterFindCandidate) (const char *key,
                                                 const char *device_id,
                                                 gpointer    user_data);

/* The rights at the broker of an account of FAMILY called USERNAME, as MusterBrokerAccount's rules:
 * (transfer full); NULL: there is no such family. */
typedef char **(*MusterListFamilyRules) (const char *family,
                                         const char *username,
                                         gpointer    user_data);

/**
 * MusterDeviceService:
 *
 * Adopts devices, releases them, and keeps what they sign in with. A pairing that is interrupted at
 * any moment, by a lost answer or the end of the daemon, leaves a state that the next attempt, or
 * the device's own first birth, completes.
 */
#define MUSTER_TYPE_DEVICE_SERVICE (muster_device_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceService,
                      muster_device_service,
                      MUSTER,
                      DEVICE_SERVICE,
                      MusterService)

MusterDeviceService *muster_device_service_new (MusterRepository                 *repository,
                                                MusterBus                        *bus,
                                                MusterClock                      *clock,
                                                MusterDeviceRegistry             *registry,
                                                const MusterDeviceServiceOptions *options);
/* Who knows what is on the network: until it is set, nothing is. */
void muster_device_service_set_find_candidate (MusterDeviceService *self,
                                               MusterFindCandidate  find,
                                               gpointer             user_data,
                                               GDestroyNotify       destroy);

/* Both resolve to the adopted MusterDevice, or reject with MUSTER_ERROR_NOT_FOUND, _CONFLICT (not
 * on the network, adopted already, a pairing under way), _INVALID (`/secret`), _FORBIDDEN (wrong
 * secret), _RATE_LIMITED, _UNAVAILABLE, _TIMED_OUT, _PROTOCOL, _FAILED. SECRET NULL: that of the
 * record. NAME and LOCATION may be NULL. */
DexFuture *muster_device_service_adopt_candidate (MusterDeviceService *self,
                                                  MusterActor         *actor,
                                                  const char          *key,
                                                  const char          *secret,
                                                  const char          *name,
                                                  const char          *location);
DexFuture *muster_device_service_adopt_device (MusterDeviceService *self,
                                               MusterActor         *actor,
                                               const char          *device_id,
                                               const char          *secret,
                                               const char          *name);
/* Tells the device that it is free where it can be reached, takes its account away and cuts its
 * session. Resolves to the MusterDevice. */
DexFuture *muster_device_service_release (MusterDeviceService *self,
                                          MusterActor         *actor,
                                          const char          *device_id);
/* An account for a device of another make, shown once: resolves to a JSON text (string) of
 * {username,password,host,port,ca_certificate,group_id,node_id,tls_name}. Asked again, it gets a
 * new password. FAMILY (nullable): whose topics it may use beside those of Sparkplug;
 * MUSTER_ERROR_INVALID (`/family`) when there is none of that name. */
DexFuture *muster_device_service_make_account (MusterDeviceService *self,
                                               MusterActor         *actor,
                                               const char          *device_id,
                                               const char          *family);
/* Who knows what accounts of a family may do: until it is set, there are no families. USER_DATA
 * must outlive the service. */
void muster_device_service_set_family_rules (MusterDeviceService  *self,
                                             MusterListFamilyRules list,
                                             gpointer              user_data);

/* A node of the site's group that no record knows was born: completes the interrupted pairing that
 * made its account. Whether there may be one. */
gboolean muster_device_service_note_birth (MusterDeviceService *self, const char *node_id);

const char           *muster_device_service_get_group_id (MusterDeviceService *self);
MusterDeviceRegistry *muster_device_service_get_registry (MusterDeviceService *self);
MusterTokenBook      *muster_device_service_get_tokens (MusterDeviceService *self);
MusterRepository     *muster_device_service_get_repository (MusterDeviceService *self);

G_END_DECLS
