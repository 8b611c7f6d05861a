/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-database.h"

G_BEGIN_DECLS

/* Files that are named by what they hold: FOLDER/ab/abcdef…, by their SHA-256, 0600. Equal ones are
 * kept once. What is on its way in lies in FOLDER/uploads until it is whole. The time of a file
 * tells when it was needed last. What was made of one lies beside it, by its name with a full stop
 * and a word behind, for as long as that is needed. */

/* Makes FOLDER and what is in it; MUSTER_ERROR_STORAGE_FULL, _FAILED. */
gboolean muster_content_folder_make (const char *folder, GError **error);
/* Where the file of SHA256 (64 digits) is: (transfer full). */
char *muster_content_folder_build_path (const char *folder, const char *sha256);
/* A new file of its own for what is on its way in: a descriptor to write by, or -1. PATH: where
 * (out) (transfer full). */
int muster_content_folder_begin (const char *folder, char **path, GError **error);
/* PATH, which is in FOLDER/uploads, whole, and synchronised, is kept as SHA256: it is there after a
 * power cut when this returns TRUE. */
gboolean muster_content_folder_keep (const char *folder,
                                     const char *path,
                                     const char *sha256,
                                     GError    **error);
/* Likewise, and PATH stays where it is: another name of the same bytes, which must not be written
 * to any more. Where the file system knows no such thing PATH is moved. */
gboolean muster_content_folder_keep_too (const char *folder,
                                         const char *path,
                                         const char *sha256,
                                         GError    **error);
/* It is needed now. */
void muster_content_folder_touch (const char *folder, const char *sha256);
/* A descriptor to read the file of SHA256 by, or -1 with MUSTER_ERROR_NOT_FOUND. */
int muster_content_folder_open (const char *folder, const char *sha256, GError **error);
/* Removes files that no INFO of DATABASE names in its field `sha256` and that were needed last DAYS
 * ago, and whatever lies in other folders for as long. ROOM: who does it; SUMMARY: what the journal
 * calls it. Resolves to a gint64: how many. */
DexFuture *muster_content_folder_collect (const char             *folder,
                                          MusterDatabase         *database,
                                          const MusterEntityInfo *info,
                                          int                     days,
                                          const char             *room,
                                          const char             *summary);

G_END_DECLS
