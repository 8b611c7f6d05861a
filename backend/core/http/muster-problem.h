/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-router.h"

G_BEGIN_DECLS

/* One kind of problem document. `type` is a reference to its section of /docs. */
typedef struct
{
  unsigned    status;
  const char *name; /* "invalid": the end of `type` */
  const char *title;
} MusterProblemKind;

/* How ERROR is told to a client. */
const MusterProblemKind *muster_problem_find (const GError *error);
/* Every kind, ended by a status of 0. */
const MusterProblemKind *muster_problem_list (void);

/* The problem document of ERROR (RFC 9457): `type`, `title`, `status`, `detail`, `instance` =
 * REQUEST_ID (nullable), and where ERROR has them `errors` [{pointer, detail}], `allowed`,
 * `blockers`. Errors of other domains give no inner detail. */
void            muster_problem_encode (const GError *error, const char *request_id, GString *json);
MusterResponse *muster_problem_new_response (const GError *error, const char *request_id);

G_END_DECLS
