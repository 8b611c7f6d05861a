/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-settings.h"
#include "discovery/muster-discovery-service.h"
#include "model/muster-update-target.h"
#include "ota/muster-rollout-service.h"
#include "ota/muster-update-service.h"

G_BEGIN_DECLS

/* The family of devices that are known by their polls, and what stands before their ids in
 * `family_key`. */
#define MUSTER_DDI_FAMILY "ddi"
#define MUSTER_DDI_KEY_PREFIX "ddi:"

#define MUSTER_SETTING_DDI_TENANT "ddi.tenant"
#define MUSTER_SETTING_DDI_TARGET_TOKENS "ddi.target-tokens"
#define MUSTER_SETTING_DDI_GATEWAY_TOKENS "ddi.gateway-tokens"
#define MUSTER_SETTING_DDI_GATEWAY_TOKEN "ddi.gateway-token"
#define MUSTER_SETTING_DDI_PROXY_HEADERS "ddi.proxy-headers"
#define MUSTER_SETTING_DDI_PROXIES "ddi.proxies"
#define MUSTER_SETTING_DDI_PROXY_AUTHORITIES "ddi.proxy-authorities"
#define MUSTER_SETTING_DDI_CLIENT_AUTHORITIES "ddi.client-authorities"
#define MUSTER_SETTING_DDI_OPEN_DOWNLOADS "ddi.open-downloads"
#define MUSTER_SETTING_DDI_POLLING_TIME "ddi.polling-time"
#define MUSTER_SETTING_DDI_OVERDUE_TIME "ddi.overdue-time"
#define MUSTER_SETTING_DDI_APPROVE_ROLLOUTS "ddi.approve-rollouts"
#define MUSTER_SETTING_DDI_WINDOW_POLICY "ddi.window-policy"

/* The room's settings; ended by a NULL key. */
extern const MusterSetting muster_ddi_settings[];

/* What the service works with; each is referenced. */
typedef struct
{
  MusterUpdateService    *updates;
  MusterRolloutService   *rollouts;
  MusterDeviceRegistry   *registry;
  MusterDiscoveryService *discovery;
  MusterSettings         *settings;
  MusterClock            *clock;
} MusterDdiParts;

/**
 * MusterDdiService:
 *
 * The devices that ask for updates by themselves, as hawkBit's clients do: who they are, and what
 * they may have. Those that no record knows are told to discovery, for somebody to adopt them.
 */
#define MUSTER_TYPE_DDI_SERVICE (muster_ddi_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterDdiService, muster_ddi_service, MUSTER, DDI_SERVICE, MusterService)

/* Before DATABASE starts: a device of the family has a target, with a token of its own. */
void muster_ddi_rules_add (MusterDatabase *database);
/* A token that nobody can guess: (transfer full). */
char *muster_ddi_make_token (void);

MusterDdiService     *muster_ddi_service_new (const MusterDdiParts *parts);
const MusterDdiParts *muster_ddi_service_get_parts (MusterDdiService *self);
MusterRepository     *muster_ddi_service_get_repository (MusterDdiService *self);
/* Who notes what devices say of themselves. */
MusterActor *muster_ddi_service_get_actor (MusterDdiService *self);

/* --- in a fiber --- */

/* The only record of INFO whose FIELD has VALUE: (transfer full). NULL without ERROR: there is
 * none. */
MusterEntity *muster_ddi_service_find (MusterDdiService       *self,
                                       const MusterEntityInfo *info,
                                       const char             *field,
                                       const char             *value,
                                       GError                **error);
/* The update that put onto DEVICE_ID what it runs, as far as updates brought it: (transfer full)
 * (nullable). */
MusterEntity *muster_ddi_service_find_installed (MusterDdiService *self,
                                                 const char       *device_id,
                                                 GError          **error);

/* --- polls --- */

/* TARGET's device asked, from ADDRESS. */
void muster_ddi_service_note_poll (MusterDdiService *self,
                                   MusterEntity     *target,
                                   const char       *address);
/* Something that no record knows asked, under the name CONTROLLER_ID. */
void muster_ddi_service_note_stranger (MusterDdiService *self,
                                       const char       *controller_id,
                                       const char       *address);
/* What it said of itself (a JSON object of texts); NULL: nothing yet. */
const char *muster_ddi_service_get_stranger (MusterDdiService *self, const char *controller_id);
void        muster_ddi_service_set_stranger (MusterDdiService *self,
                                             const char       *controller_id,
                                             const char       *attributes);
/* Whether CERTIFICATE, which an update client has shown by TLS, says that it is CONTROLLER_ID: one
 * that an authority of the settings has signed. */
gboolean muster_ddi_service_knows_certificate (MusterDdiService *self,
                                               GTlsCertificate  *certificate,
                                               const char       *controller_id);
/* Whether TARGET is told of updates that it may only download yet. */
gboolean muster_ddi_service_tells_early (MusterDdiService *self, MusterEntity *target);

G_END_DECLS
