/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-person-resource"

#include "config.h"

#include "model/muster-person.h"
#include "muster-person-resource.h"

static DexFuture *
respond_deleted_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (muster_response_new (204));
}

static DexFuture *
delete_person (MusterRequest *request, gpointer repository)
{
  return dex_future_then (muster_repository_delete (repository, muster_request_get_actor (request),
                                                    "Delete a person", &muster_person_info,
                                                    muster_request_get_path_param (request, "id"),
                                                    muster_request_get_expected_revision (request)),
                          respond_deleted_cb, NULL, NULL);
}

/* clang-format off */
static const MusterShape person_shape = { .doc = "A person.", .entity = &muster_person_info };
static const MusterShape people_shape = { .doc = "People.", .entity = &muster_person_info, .list = TRUE };

static const MusterRoute routes[] = {
  { "GET", "/people", "listPeople", "accounts", "List people", muster_handle_list, MUSTER_ROUTE_LIST, .response = &people_shape },
  { "POST", "/people", "createPerson", "accounts", "Add a person", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &person_shape, .response = &person_shape, .status = 201 },
  { "GET", "/people/{id:uuid}", "getPerson", "accounts", "One person", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &person_shape },
  { "PUT", "/people/{id:uuid}", "updatePerson", "accounts", "Change a person", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &person_shape, .response = &person_shape },
  { "DELETE", "/people/{id:uuid}", "deletePerson", "accounts", "Delete a person", delete_person, MUSTER_ROUTE_UPDATE },
};
/* clang-format on */

void
muster_person_resource_add (MusterRouter *router, MusterRepository *repository)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (repository));
}
