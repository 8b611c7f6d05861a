/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The folder of one site's data, locked for one daemon. */
typedef struct _MusterDataDir MusterDataDir;

/* Makes PATH (0700) where it is missing. MUSTER_ERROR_CONFLICT when another daemon works on it. */
MusterDataDir *muster_data_dir_open (const char *path, GError **error);
void           muster_data_dir_close (MusterDataDir *self);
/* (transfer full) */
char *muster_data_dir_build (MusterDataDir *self, const char *name);
/* Makes the folder NAME in it (0700) where it is missing: its path (transfer full). */
char *muster_data_dir_make (MusterDataDir *self, const char *name, GError **error);
/* The site's access token for HTTPS, made at the first start and kept 0600 in the file `token`:
 * (transfer full). */
char *muster_data_dir_load_token (MusterDataDir *self, GError **error);

/* The key that seals the journal, made at the first start and kept 0600 in `keys/journal.key`:
 * (transfer full). IS_FRESH: it was made now and is not confirmed yet. */
GBytes *muster_data_dir_load_journal_key (MusterDataDir *self, gboolean *is_fresh, GError **error);
/* The journal is sealed with the fresh key. */
gboolean muster_data_dir_confirm_journal_key (MusterDataDir *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterDataDir, muster_data_dir_close)

G_END_DECLS
