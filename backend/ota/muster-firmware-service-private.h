/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-firmware-facts.h"
#include "muster-firmware-service.h"

G_BEGIN_DECLS

/* The path of the module that tokens are reached by beside those of the machine: (transfer full)
 * (nullable). */
char *muster_firmware_service_dup_token_module (MusterFirmwareService *self);

/* In a fiber: muster_firmware_facts_read() on a thread of the pool, by the site's keys. */
gboolean muster_firmware_service_read_facts (MusterFirmwareService *self,
                                             int                    fd,
                                             MusterFirmwareFacts   *facts,
                                             GError               **error);

/* The main file of an artifact gets the bytes of FD in place of its own, which are those of SHA256.
 * Resolves to the artifact; MUSTER_ERROR_CONFLICT as long as an update under way needs it, and
 * where it has other bytes by now. */
DexFuture *muster_firmware_service_replace_file (MusterFirmwareService *self,
                                                 MusterActor           *actor,
                                                 const char            *artifact_id,
                                                 const char            *sha256,
                                                 int                    fd);

/* --- one call --- */

typedef struct
{
  MusterFirmwareService *service; /* (owned) */
  MusterActor           *actor;   /* (owned) */
  char                  *id;      /* of an artifact, or an upload */
  char                  *name;    /* (nullable): of a file, or the hash of what is replaced */
  JsonObject            *members; /* (owned) (nullable) */
  int                    fd;      /* (owned); -1: none */
  gint64                 offset;
} MusterFirmwareCall;

/* FD: a copy of it is kept; -1: none. */
MusterFirmwareCall *muster_firmware_call_new (MusterFirmwareService *service,
                                              MusterActor           *actor,
                                              const char            *id,
                                              int                    fd);
void                muster_firmware_call_free (gpointer data);
/* Runs FUNC in a fiber. Takes SELF. */
DexFuture *muster_firmware_call_run (MusterFirmwareCall *self, DexFiberFunc func);

/* --- a file that an artifact gets --- */

typedef struct
{
  char                 *artifact_id; /* (nullable): of one that is there */
  MusterEntity         *artifact;    /* (owned) (nullable): or a new one */
  char                 *name;        /* of the file */
  char                 *upload_id;   /* (nullable): is done then */
  MusterFirmwareStore  *store;       /* (owned) (nullable): where that is */
  char                 *instead_of;  /* (nullable): the hash of what it replaces */
  MusterFirmwareContent content;
  MusterFirmwareFacts   facts;
  gboolean              wants_artifact; /* resolves to that, not to the file */
} MusterFirmwareAddition;

void muster_firmware_addition_free (gpointer data);
/* Writes it down. Takes ADDITION. Resolves to the file, or to the artifact. */
DexFuture *muster_firmware_addition_run (MusterFirmwareService  *self,
                                         MusterActor            *actor,
                                         MusterFirmwareAddition *addition);

/* A key may have been revoked since a file was looked at: *TRUST is what its signature by KEY_ID
 * (empty: by none of the site's) is worth now. On the thread of TRANSACTION. */
gboolean muster_firmware_settle_trust (MusterTransaction   *transaction,
                                       const char          *key_id,
                                       MusterArtifactTrust *trust,
                                       GError             **error);
/* What a person says and what the file says must not differ where a device would refuse it. */
gboolean muster_firmware_check_facts (MusterEntity              *artifact,
                                      const MusterFirmwareFacts *facts,
                                      GError                   **error);
/* ARTIFACT gets FILE_NAME, of CONTENT and FACTS, as its main file. */
void muster_firmware_apply_facts (MusterEntity                *artifact,
                                  const char                  *file_name,
                                  const MusterFirmwareContent *content,
                                  const MusterFirmwareFacts   *facts);

/* Whether `models` is an array of texts, and `hardware_from` is not beyond `hardware_to`. */
gboolean muster_firmware_check_artifact (MusterEntity *artifact, GError **error);

/* Every key of the site: (transfer full) (element-type MusterFirmwareKey). */
GArray *muster_firmware_keys_list (MusterTransaction *transaction, GError **error);

G_END_DECLS
