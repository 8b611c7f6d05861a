/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "core/muster-settings.h"

G_BEGIN_DECLS

/* What a file holds. The digests are lower-case hexadecimal digits. */
typedef struct
{
  gint64 size;
  char   sha256[65];
  char   sha1[41];
  char   md5[33];
} MusterFirmwareContent;

#define MUSTER_TYPE_FIRMWARE_CONTENT (muster_firmware_content_get_type ())
GType muster_firmware_content_get_type (void);

/* What is behind the name of a file in the name of its index. */
#define MUSTER_FIRMWARE_INDEX_SUFFIX ".index"

/**
 * MusterFirmwareStore:
 *
 * The bytes of firmware: FOLDER/ab/abcdef…, named by their SHA-256, 0600, and FOLDER/uploads/ID for
 * what is still on its way in. Beside an image may be its index, for as long as the image stays.
 * Equal files are kept once; none is ever held in memory as a whole. Bytes that no record names any
 * more stay for some days, so that undo brings firmware back whole.
 */
#define MUSTER_TYPE_FIRMWARE_STORE (muster_firmware_store_get_type ())
G_DECLARE_FINAL_TYPE (MusterFirmwareStore, muster_firmware_store, MUSTER, FIRMWARE_STORE, GObject)

/* FOLDER is made. */
MusterFirmwareStore *muster_firmware_store_new (const char *folder, GError **error);

/* Opens the file of SHA256 (64 digits) for reading: a descriptor, or -1 with
 * MUSTER_ERROR_NOT_FOUND. */
int muster_firmware_store_open (MusterFirmwareStore *self, const char *sha256, GError **error);
/* Where that file is: (transfer full). */
char *muster_firmware_store_build_path (MusterFirmwareStore *self, const char *sha256);

/* Keeps a copy of FD's bytes from its beginning to its end; FD stays the caller's and is not
 * moved. Resolves to a MusterFirmwareContent; rejects with MUSTER_ERROR_MALFORMED (no bytes),
 * _STORAGE_FULL, _FAILED. */
DexFuture *muster_firmware_store_put (MusterFirmwareStore *self, int fd);

/* A file without a name, for bytes that are on their way to being kept: a descriptor, or -1 with
 * MUSTER_ERROR_STORAGE_FULL or _FAILED. */
int muster_firmware_store_make_temporary (MusterFirmwareStore *self, GError **error);

/* --- uploads, which may come in pieces --- */

/* Writes what FD has to the upload ID at OFFSET. Resolves to a gint64: how many bytes are there
 * now, on the disk; rejects with MUSTER_ERROR_CONFLICT where OFFSET is not where the upload ends,
 * with MUSTER_ERROR_TOO_LARGE where it would grow beyond LIMIT bytes. */
DexFuture *muster_firmware_store_append (MusterFirmwareStore *self,
                                         const char          *id,
                                         gint64               offset,
                                         int                  fd,
                                         gint64               limit);
/* How many bytes of the upload ID are here; 0 where there is none. */
gint64 muster_firmware_store_get_received (MusterFirmwareStore *self, const char *id);
/* Opens what is here of the upload ID for reading: a descriptor, or -1 with MUSTER_ERROR_NOT_FOUND.
 */
int muster_firmware_store_open_upload (MusterFirmwareStore *self, const char *id, GError **error);
/* What the upload ID holds: resolves to a MusterFirmwareContent. SIZE: how many bytes it had when
 * it was looked at; SHA256 (nullable): what it must give; MUSTER_ERROR_INVALID at `/size` or
 * `/sha256` otherwise. MUSTER_ERROR_CONFLICT while a piece of it is on its way in. */
DexFuture *muster_firmware_store_weigh (MusterFirmwareStore *self,
                                        const char          *id,
                                        gint64               size,
                                        const char          *sha256);
/* The upload ID, which is still CONTENT, is a file that is kept, and stays an upload as well, so
 * that whoever cannot write it down can do so later; nothing is added to it any more.
 * MUSTER_ERROR_CONFLICT where it changed. Blocks; safe on any thread. */
gboolean muster_firmware_store_keep_upload (MusterFirmwareStore         *self,
                                            const char                  *id,
                                            const MusterFirmwareContent *content,
                                            GError                     **error);
/* Nobody needs the upload ID any more. */
void muster_firmware_store_drop (MusterFirmwareStore *self, const char *id);

/* --- removing what nobody needs --- */

/* Removes files that no firmware_file of DATABASE names and that were needed last DAYS ago, and
 * uploads that nobody went on with for as long. Resolves to a gint64: how many. */
DexFuture *muster_firmware_store_collect (MusterFirmwareStore *self,
                                          MusterDatabase      *database,
                                          int                  days);

G_END_DECLS
