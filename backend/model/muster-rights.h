/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-person.h"

G_BEGIN_DECLS

/* A set of roles: bit `1 << MUSTER_ROLE_…`, and one for those who do not say who they are. */
typedef unsigned MusterRoles;

#define MUSTER_ROLES_OF(role) (1u << (role))
#define MUSTER_ROLES_NOBODY (1u << (MUSTER_ROLE_PEER + 1))

/* A row of the table muster-rights.def. */
typedef struct
{
  const char *operation; /* operationId */
  MusterRoles roles;
} MusterRight;

/* All rows, in the order of the table; N_RIGHTS is set to their number. */
const MusterRight *muster_rights_list (unsigned *n_rights);
/* The row of OPERATION, or NULL where the table has none. */
const MusterRight *muster_rights_find (const char *operation);
/* Whether a caller of ROLE may call OPERATION; FALSE for an operation without a row. */
gboolean muster_rights_allow (const char *operation, MusterRole role);

/* Whether customers read records of ENTITY (its name) that are for them, by the field
 * `customer_id`. */
gboolean muster_rights_has_customers (const char *entity);

/* The names of ROLES for a person to read, "administrator, operator": (transfer full). */
char *muster_roles_to_string (MusterRoles roles);

G_END_DECLS
