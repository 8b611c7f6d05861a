/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-ddi-service.h"

G_BEGIN_DECLS

/* One request of an update client, in a fiber. */
typedef struct
{
  MusterRequest    *request; /* (owned) */
  MusterDdiService *service; /* (owned) */
  const char       *controller_id;
  MusterEntity     *target;    /* (owned) (nullable): no record knows it */
  const char       *device_id; /* (nullable): of target */
  char             *base;      /* (owned): of links: "http://host/DEFAULT/controller/v1/dev1" */
} MusterDdiCall;

/* NULL with ERROR, which the client is told in its API's ways. */
typedef MusterResponse *(*MusterDdiFunc) (MusterDdiCall *call, GError **error);

typedef enum
{
  MUSTER_DDI_ADMIT_KNOWN,    /* a device of the site asks */
  MUSTER_DDI_ADMIT_STRANGER, /* others may ask too */
  MUSTER_DDI_ADMIT_DOWNLOAD, /* a device; it may need no token */
} MusterDdiAdmission;

/* Lets REQUEST in as ADMISSION says and answers it by FUNC. */
DexFuture *muster_ddi_call_run (MusterRequest     *request,
                                MusterDdiService  *service,
                                MusterDdiAdmission admission,
                                MusterDdiFunc      func);

/* How these routes refuse. */
extern const MusterDialect muster_ddi_dialect;

/* JSON (taken) with an ETag of its bytes, as HAL where the client asks for that. */
MusterResponse *muster_ddi_call_respond (MusterDdiCall *call, GString *json);
/* A refusal that has no error code of ours: 405, 410. */
MusterResponse *muster_ddi_refuse (unsigned status, const char *message);

/* The update of the path's number, which is the caller's own: (transfer full). NULL with
 * MUSTER_ERROR_NOT_FOUND. */
MusterEntity *muster_ddi_call_get_update (MusterDdiCall *call, GError **error);
/* Notes FEEDBACK on UPDATE: FALSE with ERROR. */
gboolean muster_ddi_call_note (MusterDdiCall     *call,
                               MusterEntity      *update,
                               MusterFeedbackKind kind,
                               int                progress,
                               const char *const *messages,
                               GError           **error);
/* Keeps what the call changed of its target. */
gboolean muster_ddi_call_update_target (MusterDdiCall *call, const char *operation, GError **error);

/* --- what the answers are made of: muster-ddi-answer.c --- */

/* {"download":…,"update":…[,"maintenanceWindow":…],"chunks":[…]} of UPDATE. */
gboolean muster_ddi_append_deployment (MusterDdiCall *call,
                                       MusterEntity  *update,
                                       GString       *json,
                                       GError       **error);
/* [{"filename":…}…] of PART. */
void muster_ddi_append_artifacts (MusterDdiCall *call, MusterUpdatePart *part, GString *json);
/* ,"actionHistory":{…}, as far as the client asks for it. */
gboolean muster_ddi_append_history (MusterDdiCall *call,
                                    MusterEntity  *update,
                                    GString       *json,
                                    GError       **error);
/* A number that is another whenever what UPDATE's deployment says is another. */
unsigned muster_ddi_get_checksum (MusterDdiCall *call, MusterEntity *update);
/* Whether the client may hear of UPDATE, which is open, now: by its rollout, its window, and what
 * the client makes of one that is not to be installed yet. */
gboolean muster_ddi_may_tell (MusterDdiCall *call, MusterEntity *update);
/* The parts of UPDATE: (transfer full) (element-type MusterUpdatePart). */
GPtrArray *muster_ddi_list_parts (MusterDdiCall *call, MusterEntity *update, GError **error);

/* --- the handlers: muster-ddi-base.c, muster-ddi-actions.c, muster-ddi-artifacts.c --- */

DexFuture *muster_ddi_handle_base (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_config_data (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_deployment (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_deployment_feedback (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_cancel (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_cancel_feedback (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_installed (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_put_installed (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_artifacts (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_download (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_consent_base (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_consent (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_consent_feedback (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_auto_confirm (MusterRequest *request, gpointer service);
DexFuture *muster_ddi_handle_stop_auto_confirm (MusterRequest *request, gpointer service);

G_END_DECLS
