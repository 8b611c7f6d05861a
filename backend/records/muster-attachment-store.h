/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "core/muster-settings.h"

G_BEGIN_DECLS

#define MUSTER_SETTING_ATTACHMENT_LIMIT "attachments.limit"
#define MUSTER_SETTING_ATTACHMENT_KEEP_DAYS "attachments.keep-days"

/* The room's settings; ended by a NULL key. */
extern const MusterSetting muster_attachment_settings[];

/* The largest body that is taken whatever the setting says, in bytes. */
#define MUSTER_ATTACHMENT_MAX_BYTES (64 * 1024 * 1024)

/**
 * MusterAttachmentStore:
 *
 * The bytes of attachments: FOLDER/ab/abcdef…, named by their SHA-256, 0600. Equal ones are kept
 * once. Bytes that no record names any more stay for some days, so that undo brings the attachment
 * back whole, and are then removed.
 */
#define MUSTER_TYPE_ATTACHMENT_STORE (muster_attachment_store_get_type ())
G_DECLARE_FINAL_TYPE (MusterAttachmentStore,
                      muster_attachment_store,
                      MUSTER,
                      ATTACHMENT_STORE,
                      GObject)

/* Before DATABASE starts: adds its rules. FOLDER is made. */
MusterAttachmentStore *muster_attachment_store_new (MusterDatabase *database,
                                                    const char     *folder,
                                                    GError        **error);
/* SETTINGS: loaded. Begins to remove what nobody needs, now and every day. */
void              muster_attachment_store_start (MusterAttachmentStore *self,
                                                 MusterRepository      *repository,
                                                 MusterSettings        *settings);
MusterRepository *muster_attachment_store_get_repository (MusterAttachmentStore *self);
/* The largest file that is taken, in bytes. */
gint64 muster_attachment_store_get_limit (MusterAttachmentStore *self);

/* What was put into the store. */
typedef struct
{
  char        sha256[65];
  const char *media_type; /* (interned): as the bytes say */
  gint64      size;
} MusterAttachmentContent;
#define MUSTER_TYPE_ATTACHMENT_CONTENT (muster_attachment_content_get_type ())
GType muster_attachment_content_get_type (void);

/* Copies the file open as FD (not taken) into the store, off the main thread. Resolves to a
 * MusterAttachmentContent; MUSTER_ERROR_UNSUPPORTED when its bytes are of no type that is kept. */
DexFuture *muster_attachment_store_put (MusterAttachmentStore *self, int fd);
/* A descriptor to read the bytes of SHA256 from, or -1 with MUSTER_ERROR_NOT_FOUND. */
int muster_attachment_store_open (MusterAttachmentStore *self, const char *sha256, GError **error);
/* Removes what no record names and nobody can bring back. Resolves to how many files (int64). */
DexFuture *muster_attachment_store_collect (MusterAttachmentStore *self);

/* NAME as a file may be called anywhere: without folders, control characters and what file systems
 * do not take; never empty. (transfer full) */
char *muster_attachment_clean_name (const char *name);

G_END_DECLS
