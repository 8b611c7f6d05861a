/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-job-row.h"
#include "model/muster-job.h"
#include "muster-api-client.h"
#include "muster-api-page.h"

G_BEGIN_DECLS

/* Long work that the daemon does on many records. Hear of its progress on the live stream's topic
 * `jobs`: each event's data is a job (muster_entity_new_from_json with muster_job_info). */

/* What to do to which records. */
typedef struct
{
  const char        *kind;   /* "edit", "move", "status", "delete" */
  const char        *entity; /* "device" */
  const char *const *ids;    /* (nullable): these records; or else */
  const char        *filter; /* (nullable): those that match this query now: "status=sold&q=lamp" */
  JsonObject        *changes; /* (nullable): fields to set; for move {location_id}, for status
                                 {status}; none for delete. Borrowed */
  const char *title;          /* (nullable): made by the daemon unless given */
} MusterApiJobDraft;

/* QUERY as for any list: filters by `status`, `kind`, `entity`; sort by `-id` for the newest.
 * Resolves to a MusterApiPage of MusterJob. */
DexFuture *muster_api_jobs_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolve to the MusterJob. */
DexFuture *muster_api_jobs_get (MusterApiClient *client, const char *id);
/* MUSTER_ERROR_INVALID names the members refused (`/changes/status`); MUSTER_ERROR_FORBIDDEN when
 * the role may not do it to one of them either. */
DexFuture *muster_api_jobs_create (MusterApiClient *client, const MusterApiJobDraft *draft);
DexFuture *muster_api_jobs_pause (MusterApiClient *client, const char *id);
DexFuture *muster_api_jobs_resume (MusterApiClient *client, const char *id);
/* What it did stays, and is undone by the job's `first_sequence`. */
DexFuture *muster_api_jobs_cancel (MusterApiClient *client, const char *id);
/* The refused rows once more. */
DexFuture *muster_api_jobs_retry (MusterApiClient *client, const char *id);
/* In the order of QUERY (by `position`, say; filter by `status=failed`). Resolves to a
 * MusterApiPage of MusterJobRow. */
DexFuture *muster_api_jobs_list_rows (MusterApiClient          *client,
                                      const char               *id,
                                      const MusterApiListQuery *query);
/* The refused rows as CSV. Resolves to a GBytes. */
DexFuture *muster_api_jobs_get_failures (MusterApiClient *client, const char *id);

G_END_DECLS
