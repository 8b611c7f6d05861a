/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-silence-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-alert-silence.h"
#include "muster-alert-resource.h"

static DexFuture *
create_silence (MusterRequest *request, gpointer repository)
{
  muster_entity_set_string (muster_request_get_entity (request), "author",
                            muster_actor_get_name (muster_request_get_actor (request)));
  return muster_handle_create (request, repository);
}

/* clang-format off */
static const MusterShape silence_shape = { .doc = "A silence.", .entity = &muster_alert_silence_info };
static const MusterShape silences_shape = { .doc = "Silences.", .entity = &muster_alert_silence_info, .list = TRUE };

static const MusterRoute record_routes[] = {
  { "GET", "/alert-silences", "listAlertSilences", "alerts", "List silences", muster_handle_list, MUSTER_ROUTE_LIST, .response = &silences_shape },
  { "GET", "/alert-silences/ids", "listAlertSilenceIds", "alerts", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &silences_shape },
  { "POST", "/alert-silences", "createAlertSilence", "alerts", "Tell nobody of some alerts for a time", create_silence, MUSTER_ROUTE_PLAIN, .request = &silence_shape, .response = &silence_shape, .status = 201 },
  { "GET", "/alert-silences/{id:uuid}", "getAlertSilence", "alerts", "One silence", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &silence_shape },
  { "PUT", "/alert-silences/{id:uuid}", "updateAlertSilence", "alerts", "Change a silence", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &silence_shape, .response = &silence_shape },
  { "DELETE", "/alert-silences/{id:uuid}", "deleteAlertSilence", "alerts", "End a silence", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_alert_silence_info },
};
/* clang-format on */

void
muster_alert_silence_resource_add (MusterRouter *router, MusterAlertService *service)
{
  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes),
                     G_OBJECT (muster_alert_service_get_repository (service)));
}
