/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-handlers"

#include "config.h"

#include "core/muster-journal-words.h"
#include "core/muster-repository.h"
#include "muster-request-private.h"

/* MAKE's response for FUTURE's (taken) value, at once when that is known already. */
static DexFuture *
respond_with (DexFuture *future, DexFutureCallback make)
{
  g_autoptr (DexFuture) known = NULL;

  if (dex_future_is_pending (future))
    return dex_future_then (future, make, NULL, NULL);
  known = future;
  return dex_future_is_resolved (known) ? make (known, NULL) : g_steal_pointer (&known);
}

/* The entity of REQUEST's route: its own, else that of what it answers, else of what it takes. */
static const MusterEntityInfo *
get_entity_info (MusterRequest *request)
{
  const MusterRoute *route = request->entry->route;

  if (route->entity != NULL)
    return route->entity;
  if (route->response != NULL && route->response->entity != NULL)
    return route->response->entity;
  return route->request->entity;
}

/* "Add device Lamp 3": for the journal. */
static char *
describe_operation (const char *verb, MusterEntity *entity)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  const char             *title =
    info->title_field != NULL ? muster_entity_get_string (entity, info->title_field) : NULL;

  return muster_journal_describe (verb, info, title);
}

static DexFuture *
respond_bytes_cb (DexFuture *future, gpointer user_data)
{
  GBytes *bytes = g_value_get_boxed (dex_future_get_value (future, NULL));

  return muster_response_resolve (muster_response_new_bytes (200, "application/json", bytes));
}

static DexFuture *
respond_entity_cb (DexFuture *future, gpointer status)
{
  return muster_response_resolve (
    muster_response_new_entity (GPOINTER_TO_UINT (status),
                                g_value_get_object (dex_future_get_value (future, NULL))));
}

DexFuture *
muster_response_resolve_entity (DexFuture *future, unsigned status)
{
  return dex_future_then (future, respond_entity_cb, GUINT_TO_POINTER (status), NULL);
}

DexFuture *
muster_handle_list (MusterRequest *request, gpointer repository)
{
  return respond_with (muster_repository_list_json (repository, request->query), respond_bytes_cb);
}

typedef struct
{
  MusterRequest    *request;    /* (owned) */
  MusterRepository *repository; /* (owned) */
  const char       *field;
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
list_of_cb (DexFuture *owner, gpointer user_data)
{
  Listing *self = user_data;

  muster_query_where (self->request->query, self->field,
                      muster_request_get_path_param (self->request, "id"));
  return muster_handle_list (self->request, self->repository);
}

DexFuture *
muster_handle_list_of (MusterRequest          *request,
                       gpointer                repository,
                       const MusterEntityInfo *owner,
                       const char             *field)
{
  Listing *listing = g_new (Listing, 1);

  *listing = (Listing){ g_object_ref (request), g_object_ref (repository), field };
  return dex_future_then (
    muster_repository_get_json (repository, owner, muster_request_get_path_param (request, "id")),
    list_of_cb, listing, listing_free);
}

DexFuture *
muster_handle_list_ids (MusterRequest *request, gpointer repository)
{
  return respond_with (muster_repository_list_ids (repository, request->query), respond_bytes_cb);
}

static DexFuture *
respond_document_cb (DexFuture *future, gpointer user_data)
{
  const MusterDocument *document = g_value_get_boxed (dex_future_get_value (future, NULL));
  MusterResponse *response = muster_response_new_bytes (200, "application/json", document->json);

  muster_response_set_revision (response, document->revision);
  return muster_response_resolve (response);
}

DexFuture *
muster_handle_get (MusterRequest *request, gpointer repository)
{
  const char *id = muster_request_get_path_param (request, "id");

  return respond_with (muster_repository_get_json_as_of (repository, get_entity_info (request), id,
                                                         request->as_of),
                       respond_document_cb);
}

static DexFuture *
respond_created_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (201, g_value_get_object (dex_future_get_value (future, NULL))));
}

DexFuture *
muster_handle_create (MusterRequest *request, gpointer repository)
{
  g_autofree char *operation = describe_operation ("Add", request->entity);

  return respond_with (muster_repository_insert (repository, request->actor, operation,
                                                 request->entity),
                       respond_created_cb);
}

static DexFuture *
respond_updated_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (200, g_value_get_object (dex_future_get_value (future, NULL))));
}

DexFuture *
muster_handle_update (MusterRequest *request, gpointer repository)
{
  const MusterEntityInfo *info = get_entity_info (request);
  g_autofree char        *operation = muster_journal_describe ("Change", info, NULL);

  return respond_with (muster_repository_patch (repository, request->actor, operation, info,
                                                muster_request_get_path_param (request, "id"),
                                                json_node_get_object (request->json),
                                                request->expected_revision),
                       respond_updated_cb);
}

static DexFuture *
respond_deleted_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (muster_response_new (204));
}

DexFuture *
muster_handle_delete (MusterRequest *request, gpointer repository)
{
  const MusterEntityInfo *info = get_entity_info (request);
  g_autofree char        *operation = muster_journal_describe ("Delete", info, NULL);

  return respond_with (muster_repository_delete (repository, request->actor, operation, info,
                                                 muster_request_get_path_param (request, "id"),
                                                 request->expected_revision),
                       respond_deleted_cb);
}
