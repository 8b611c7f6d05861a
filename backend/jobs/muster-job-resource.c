/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-job-resource.h"
#include "muster-job-service-private.h"

#define BODY_LIMIT (64 * 1024 * 1024)

/* --- commands --- */

static DexFuture *
respond_created_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (201, g_value_get_object (dex_future_get_value (future, NULL))));
}

static DexFuture *
create_job (MusterRequest *request, gpointer service)
{
  return dex_future_then (muster_job_service_create (service, muster_request_get_actor (request),
                                                     json_node_get_object (
                                                       muster_request_get_json (request))),
                          respond_created_cb, NULL, NULL);
}

static DexFuture *
respond_changed_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (200, g_value_get_object (dex_future_get_value (future, NULL))));
}

static DexFuture *
change_job (MusterRequest    *request,
            MusterJobService *service,
            DexFuture *(*change) (MusterJobService *, MusterActor *, const char *))
{
  return dex_future_then (change (service, muster_request_get_actor (request),
                                  muster_request_get_path_param (request, "id")),
                          respond_changed_cb, NULL, NULL);
}

static DexFuture *
pause_job (MusterRequest *request, gpointer service)
{
  return change_job (request, service, muster_job_service_pause);
}

static DexFuture *
resume_job (MusterRequest *request, gpointer service)
{
  return change_job (request, service, muster_job_service_resume);
}

static DexFuture *
cancel_job (MusterRequest *request, gpointer service)
{
  return change_job (request, service, muster_job_service_cancel);
}

static DexFuture *
retry_job (MusterRequest *request, gpointer service)
{
  return change_job (request, service, muster_job_service_retry);
}

/* --- rows --- */

static DexFuture *
respond_csv_cb (DexFuture *future, gpointer user_data)
{
  GBytes         *bytes = g_value_get_boxed (dex_future_get_value (future, NULL));
  MusterResponse *response = muster_response_new_bytes (200, "text/csv; charset=utf-8", bytes);

  muster_response_set_header (response, "Content-Disposition",
                              "attachment; filename=\"failed.csv\"");
  return muster_response_resolve (response);
}

static DexFuture *
get_failures (MusterRequest *request, gpointer service)
{
  MusterJobReading *reading = g_new (MusterJobReading, 1);

  *reading = (MusterJobReading){ g_strdup (muster_request_get_path_param (request, "id")),
                                 muster_actor_ref (muster_request_get_actor (request)) };
  return dex_future_then (muster_database_read (muster_job_service_get_database (service),
                                                muster_job_failures_run, reading,
                                                muster_job_reading_free),
                          respond_csv_cb, NULL, NULL);
}

/* What follows once it is known that the job is there. */
typedef struct
{
  MusterRequest    *request;    /* (owned) */
  MusterRepository *repository; /* (owned) */
} Listing;

static void
listing_free (gpointer data)
{
  Listing *self = data;

  g_object_unref (self->request);
  g_object_unref (self->repository);
  g_free (self);
}

static DexFuture *
list_rows_cb (DexFuture *job, gpointer user_data)
{
  Listing *listing = user_data;
  g_autoptr (GError) error = NULL;

  if (!muster_job_check_reader (g_value_get_object (dex_future_get_value (job, NULL)),
                                muster_request_get_actor (listing->request), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  muster_query_where (muster_request_get_query (listing->request), "job_id",
                      muster_request_get_path_param (listing->request, "id"));
  return muster_handle_list (listing->request, listing->repository);
}

static DexFuture *
list_rows (MusterRequest *request, gpointer repository)
{
  Listing *listing = g_new (Listing, 1);

  *listing = (Listing){ g_object_ref (request), g_object_ref (repository) };
  return dex_future_then (muster_repository_get (repository, &muster_job_info,
                                                 muster_request_get_path_param (request, "id")),
                          list_rows_cb, listing, listing_free);
}

/* clang-format off */
static const MusterEnumValue kind_values[] = {
  { "edit", N_("Edit") }, { "move", N_("Move") }, { "status", N_("Status") }, { "delete", N_("Delete") }, { NULL, NULL },
};
static const MusterEnum kind_enum = { "JobKind", kind_values };

static const MusterField request_fields[] = {
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &kind_enum, .label = N_("Kind"), .doc = "What is done to each record." },
  { "entity", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 64, .label = N_("Kind of record"), .doc = "For instance device." },
  { "ids", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Records"), .doc = "Array of ids; or else filter." },
  { "filter", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 4000, .label = N_("Filter"), .doc = "The records that match this query of the list now, for instance status=in_stock&q=lamp; empty: all of them." },
  { "changes", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Changes"), .doc = "Object of the fields to set: for move {location_id}, for status {status}." },
  { "title", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Title"), .doc = "What is done, in words; made when left out." },
};
static const MusterShape request_shape = { .schema = "NewJob", .doc = "What to do to which records.", .fields = request_fields, .n_fields = G_N_ELEMENTS (request_fields) };
static const MusterShape job_shape = { .doc = "A job.", .entity = &muster_job_info };
static const MusterShape jobs_shape = { .doc = "Jobs.", .entity = &muster_job_info, .list = TRUE };
static const MusterShape rows_shape = { .doc = "Rows.", .entity = &muster_job_row_info, .list = TRUE };
static const MusterShape csv_shape = { .doc = "The refused rows, each with its reason.", .media_type = "text/csv" };

static const MusterRoute record_routes[] = {
  { "GET", "/jobs", "listJobs", "jobs", "Long work, done and under way", muster_handle_list, MUSTER_ROUTE_LIST, .response = &jobs_shape },
  { "GET", "/jobs/{id:uuid}", "getJob", "jobs", "One job and how far it is", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &job_shape },
  { "GET", "/jobs/{id:uuid}/rows", "listJobRows", "jobs", "Its rows and what became of them", list_rows, MUSTER_ROUTE_LIST, .response = &rows_shape },
};

static const MusterRoute routes[] = {
  { "POST", "/jobs", "createJob", "jobs", "Change, move or delete many records", create_job, MUSTER_ROUTE_PLAIN, .request = &request_shape, .response = &job_shape, .status = 201, .body_limit = BODY_LIMIT },
  { "POST", "/jobs/{id:uuid}/pause", "pauseJob", "jobs", "Let it rest", pause_job, MUSTER_ROUTE_PLAIN, .response = &job_shape },
  { "POST", "/jobs/{id:uuid}/resume", "resumeJob", "jobs", "Go on with it", resume_job, MUSTER_ROUTE_PLAIN, .response = &job_shape },
  { "POST", "/jobs/{id:uuid}/cancel", "cancelJob", "jobs", "End it; what is done stays and can be undone", cancel_job, MUSTER_ROUTE_PLAIN, .response = &job_shape },
  { "POST", "/jobs/{id:uuid}/retry", "retryJob", "jobs", "Do the refused rows again", retry_job, MUSTER_ROUTE_PLAIN, .response = &job_shape },
  { "GET", "/jobs/{id:uuid}/failed.csv", "getJobFailures", "jobs", "The refused rows as a file", get_failures, MUSTER_ROUTE_PLAIN, .response = &csv_shape },
};
/* clang-format on */

void
muster_job_resource_add (MusterRouter     *router,
                         MusterJobService *service,
                         MusterRepository *repository)
{
  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes), G_OBJECT (repository));
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}
