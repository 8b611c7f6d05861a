/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/muster-api-client.h"

G_BEGIN_DECLS

/**
 * MusterDirectory:
 *
 * What those are called who appear in the journal. Signal `changed ()`.
 */
#define MUSTER_TYPE_DIRECTORY (muster_directory_get_type ())
G_DECLARE_FINAL_TYPE (MusterDirectory, muster_directory, MUSTER, DIRECTORY, GObject)

MusterDirectory *muster_directory_new (MusterApiClient *client);
/* Asks the site anew. */
void muster_directory_reload (MusterDirectory *self);
/* ACTOR as the journal keeps it ("person:<id>", "local:alice"; nullable) for a person: (transfer
 * full). */
char *muster_directory_dup_name (MusterDirectory *self, const char *actor);
/* Who is known, in the order of their names: pairs of actor and name up to NULL. (transfer full) */
char **muster_directory_list (MusterDirectory *self);
/* Those one can switch to by PIN: pairs of id and name up to NULL. (transfer full) */
char **muster_directory_list_with_pin (MusterDirectory *self);

G_END_DECLS
