/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/muster-api-client.h"
#include "model/muster-person.h"

G_BEGIN_DECLS

/**
 * MusterAccess:
 *
 * What the person at this console may do, as the site says. Until it has said so, everything is
 * allowed on this machine and nothing elsewhere. Property `rights` notifies.
 */
#define MUSTER_TYPE_ACCESS (muster_access_get_type ())
G_DECLARE_FINAL_TYPE (MusterAccess, muster_access, MUSTER, ACCESS, GObject)

MusterAccess *muster_access_new (MusterApiClient *client);

/* Asks the site anew: somebody else may be at the console, or have been given another role.
 * Resolves to TRUE, also where it could not be read. */
DexFuture *muster_access_reload (MusterAccess *self);

/* OPERATION: an operationId of the API, "updateDevice". */
gboolean muster_access_may (MusterAccess *self, const char *operation);
/* Whether OPERATION would change something, rather than ask. */
gboolean muster_access_changes (const char *operation);
/* Who may do it, for a person who may not: (transfer full), or NULL where it is allowed. */
char *muster_access_explain (MusterAccess *self, const char *operation);
/* A MusterRole, or -1 where it is not known. */
int muster_access_get_role (MusterAccess *self);
/* (nullable): who it is; NULL also for a program's key and for this machine's own user. */
MusterPerson *muster_access_get_person (MusterAccess *self);
/* What the person, program or user of this machine is called (nullable). */
const char *muster_access_get_name (MusterAccess *self);
/* The same as the journal writes it (nullable): "person:<id>". */
const char *muster_access_get_actor (MusterAccess *self);

G_END_DECLS
