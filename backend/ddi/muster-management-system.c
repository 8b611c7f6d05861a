/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management-system"

#include "config.h"

#include <string.h>

#include "core/muster-time-window.h"
#include "muster-ddi-message.h"
#include "muster-management-private.h"

/* How the value of a setting is told there. */
typedef enum
{
  AS_SLEEP, /* "00:05:00" */
  AS_BOOLEAN,
  AS_TEXT,
} Form;

static const struct
{
  const char *key;
  const char *setting;
  Form        form;
} configs[] = {
  { "pollingTime", MUSTER_SETTING_DDI_POLLING_TIME, AS_SLEEP },
  { "pollingOverdueTime", MUSTER_SETTING_DDI_OVERDUE_TIME, AS_SLEEP },
  { "authentication.targettoken.enabled", MUSTER_SETTING_DDI_TARGET_TOKENS, AS_BOOLEAN },
  { "authentication.gatewaytoken.enabled", MUSTER_SETTING_DDI_GATEWAY_TOKENS, AS_BOOLEAN },
  { "authentication.gatewaytoken.key", MUSTER_SETTING_DDI_GATEWAY_TOKEN, AS_TEXT },
  { "authentication.header.enabled", MUSTER_SETTING_DDI_PROXY_HEADERS, AS_BOOLEAN },
  { "authentication.header.authority", MUSTER_SETTING_DDI_PROXY_AUTHORITIES, AS_TEXT },
  { "rollout.approval.enabled", MUSTER_SETTING_DDI_APPROVE_ROLLOUTS, AS_BOOLEAN },
  { "anonymous.download.enabled", MUSTER_SETTING_DDI_OPEN_DOWNLOADS, AS_BOOLEAN },
};

static int
find_config (MusterManagementCall *call, GError **error)
{
  const char *key = muster_request_get_path_param (call->request, "key");

  for (gsize i = 0; i < G_N_ELEMENTS (configs); i++)
    if (strcmp (configs[i].key, key) == 0)
      return i;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no configuration %s", key);
  return -1;
}

static void
add_value (MusterManagementCall *call, int index, GString *json)
{
  MusterSettings *settings = muster_ddi_service_get_parts (call->service)->settings;
  const char     *text = NULL;
  char            sleep[9];

  switch (configs[index].form)
    {
    case AS_BOOLEAN:
      muster_management_add_boolean (json, "value",
                                     muster_settings_get_boolean (settings,
                                                                  configs[index].setting));
      return;
    case AS_SLEEP:
      muster_ddi_format_sleep (muster_settings_get_integer (settings, configs[index].setting),
                               sleep);
      muster_management_add_text (json, "value", sleep);
      return;
    case AS_TEXT:
    default:
      text = muster_settings_get_string (settings, configs[index].setting);
      muster_management_add_text (json, "value", text != NULL ? text : "");
    }
}

static MusterResponse *
respond_config (MusterManagementCall *call, int index)
{
  GString *json = g_string_new ("{");

  add_value (call, index, json);
  muster_management_add_boolean (json, "global", FALSE);
  g_string_append_c (json, '}');
  return muster_management_respond (200, json);
}

static MusterResponse *
answer_list (MusterManagementCall *call, GError **error)
{
  GString *json = g_string_new ("{");

  for (gsize i = 0; i < G_N_ELEMENTS (configs); i++)
    {
      muster_management_add_raw (json, configs[i].key, "{");
      add_value (call, i, json);
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, '}');
  return muster_management_respond (200, json);
}
MUSTER_MANAGEMENT_HANDLER (list)

static MusterResponse *
answer_get (MusterManagementCall *call, GError **error)
{
  int index = find_config (call, error);

  return index >= 0 ? respond_config (call, index) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (get)

/* The setting's text for the value of OBJECT: (transfer full); NULL with ERROR. */
static char *
read_value (JsonObject *object, int index, GError **error)
{
  JsonNode   *node = json_object_get_member (object, "value");
  const char *text = muster_management_get_text (object, "value");
  gint64      seconds;

  if (configs[index].form == AS_BOOLEAN && node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  seconds = configs[index].form == AS_SLEEP ? muster_time_window_parse_span (text) : -1;
  if (configs[index].form == AS_SLEEP && seconds > 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT, seconds);
  if (configs[index].form != AS_SLEEP && text != NULL)
    return g_strdup (text);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "value must be %s",
               configs[index].form == AS_SLEEP     ? "a time like 00:05:00"
               : configs[index].form == AS_BOOLEAN ? "true or false"
                                                   : "a text");
  return NULL;
}

static MusterResponse *
set_config (MusterManagementCall *call, int index, const char *text, GError **error)
{
  return dex_await (
           muster_settings_set_text (muster_ddi_service_get_parts (call->service)->settings,
                                     call->actor, configs[index].setting, text),
           error)
           ? respond_config (call, index)
           : NULL;
}

static MusterResponse *
answer_put (MusterManagementCall *call, GError **error)
{
  int index = find_config (call, error);
  g_autoptr (GPtrArray) objects = index >= 0 ? muster_management_list_objects (call, error) : NULL;
  g_autofree char *text = NULL;

  if (objects == NULL)
    return NULL;
  if (objects->len > 0)
    text = read_value (objects->pdata[0], index, error);
  return text != NULL ? set_config (call, index, *text != '\0' ? text : NULL, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (put)

static MusterResponse *
answer_delete (MusterManagementCall *call, GError **error)
{
  int             index = find_config (call, error);
  MusterResponse *response = index >= 0 ? set_config (call, index, NULL, error) : NULL;

  if (response == NULL)
    return NULL;
  g_object_unref (response);
  return muster_response_new (204);
}
MUSTER_MANAGEMENT_HANDLER (delete)

static MusterResponse *
answer_user (MusterManagementCall *call, GError **error)
{
  MusterSettings *settings = muster_ddi_service_get_parts (call->service)->settings;
  GString        *json = g_string_new ("{");

  muster_management_add_text (json, "tenant",
                              muster_settings_get_string (settings, MUSTER_SETTING_DDI_TENANT));
  muster_management_add_text (json, "username", muster_actor_get_name (call->actor));
  g_string_append_c (json, '}');
  return muster_management_respond (200, json);
}
MUSTER_MANAGEMENT_HANDLER (user)

/* clang-format off */
static const MusterRoute routes[] = {
  { "GET", "/rest/v1/userinfo", "managementGetUser", "management", "Management: who calls", handle_user, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/system/configs", "managementListConfigs", "management", "Management: the configuration of update clients", handle_list, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/system/configs/{key}", "managementGetConfig", "management", "Management: one part of the configuration", handle_get, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "PUT", "/rest/v1/system/configs/{key}", "managementSetConfig", "management", "Management: change the configuration", handle_put, MUSTER_ROUTE_RAW, .request = &muster_management_body, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "DELETE", "/rest/v1/system/configs/{key}", "managementResetConfig", "management", "Management: back to what it is by itself", handle_delete, MUSTER_ROUTE_PLAIN, .dialect = &muster_management_dialect },
};
/* clang-format on */

void
muster_management_system_add (MusterRouter *router, MusterManagement *management)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (management));
}
