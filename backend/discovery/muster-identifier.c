/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-identifier"

#include "config.h"

#include <json-glib/json-glib.h>

#include "model/muster-error.h"
#include "muster-identifier.h"

#define DEFAULT_PORT 80
#define MAX_ANSWER (64 * 1024)
#define TIMEOUT_MS 2500

/* Where an answer holds what a TXT member would say. */
typedef struct
{
  const char *key;
  const char *path; /* members joined by dots */
} Member;

/* One way of asking. The first member must be there. */
typedef struct
{
  const char *path;
  const char *type;
  const char *name; /* path of the name, or NULL */
  Member      members[10];
} Question;

/* clang-format off */
static const Question questions[] = {
  { "/pair", "_muster-node._tcp", "name",
    { { "pv", "pairing" }, { "id", "serial" }, { "mac", "mac" }, { "model", "model" }, { "fw", "firmware" }, { "hw", "hardware" }, { "st", "state" }, { "name", "name" } } },
  { "/shelly", "_shelly._tcp", "id",
    { { "mac", "mac" }, { "gen", "gen" }, { "app", "app" }, { "model", "model" }, { "model", "type" }, { "ver", "ver" }, { "ver", "fw" }, { "name", "name" } } },
  { "/json/info", "_wled._tcp", "name",
    { { "mac", "mac" }, { "ver", "ver" }, { "name", "name" }, { "product", "product" } } },
  { "/cm?cmnd=Status%200", "_http._tcp", "Status.DeviceName",
    { { "mac", "StatusNET.Mac" }, { "name", "Status.DeviceName" }, { "version", "StatusFWR.Version" }, { "module", "StatusFWR.Hardware" } } },
};
/* clang-format on */

static char *
read_member (JsonObject *object, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, ".", -1);

  for (unsigned i = 0; parts[i] != NULL; i++)
    {
      JsonNode *node = json_object_get_member (object, parts[i]);

      if (node == NULL)
        return NULL;
      if (parts[i + 1] != NULL && JSON_NODE_HOLDS_OBJECT (node))
        object = json_node_get_object (node);
      else if (parts[i + 1] != NULL)
        return NULL;
      else if (json_node_get_value_type (node) == G_TYPE_STRING)
        return g_strdup (json_node_get_string (node));
      else if (json_node_get_value_type (node) == G_TYPE_INT64)
        return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
    }
  return NULL;
}

static MusterTxt *
read_members (const Question *question, JsonObject *object)
{
  g_autoptr (MusterTxt) txt = muster_txt_new ();

  for (const Member *member = question->members; member->key != NULL; member++)
    {
      g_autofree char *value = read_member (object, member->path);

      if (value == NULL && member == question->members)
        return NULL;
      if (value != NULL)
        muster_txt_set (txt, member->key, value);
    }
  if (g_str_has_prefix (question->path, "/cm"))
    muster_txt_set (txt, "devicetype", "tasmota");
  return g_steal_pointer (&txt);
}

MusterMdnsRecord *
muster_identify_answer (const char *path,
                        const char *json,
                        gssize      length,
                        const char *host,
                        const char *ip,
                        guint16     port)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  const Question *question = NULL;
  JsonNode       *root;

  for (unsigned i = 0; i < G_N_ELEMENTS (questions); i++)
    if (g_str_equal (questions[i].path, path))
      question = &questions[i];
  g_return_val_if_fail (question != NULL, NULL);

  root =
    json_parser_load_from_data (parser, json, length, NULL) ? json_parser_get_root (parser) : NULL;
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  {
    g_autoptr (MusterTxt) txt = read_members (question, json_node_get_object (root));
    g_autofree char *name =
      txt != NULL ? read_member (json_node_get_object (root), question->name) : NULL;

    if (txt == NULL)
      return NULL;
    return muster_mdns_record_new_asked (question->type,
                                         name != NULL && *name != '\0' ? name : host, host, ip,
                                         port, txt);
  }
}

/* --- asking --- */

typedef struct
{
  MusterHttpFetch *fetch;
  char            *address;
} Inquiry;

static void
inquiry_free (gpointer data)
{
  Inquiry *self = data;

  g_object_unref (self->fetch);
  g_free (self->address);
  g_free (self);
}

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (object), result, &error);

  if (addresses != NULL)
    dex_promise_resolve_object (promise, g_object_ref (addresses->data));
  else
    dex_promise_reject (promise,
                        g_error_new (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                                     "address: the name is not known: %s", error->message));
  g_resolver_free_addresses (addresses);
}

/* Resolves to a GInetAddress. */
static DexFuture *
look_up (const char *host)
{
  g_autoptr (GInetAddress) literal = g_inet_address_new_from_string (host);
  g_autoptr (GResolver) resolver = NULL;
  DexPromise *promise;

  if (literal != NULL)
    return dex_future_new_take_object (g_steal_pointer (&literal));
  promise = dex_promise_new_cancellable ();
  resolver = g_resolver_get_default ();
  g_resolver_lookup_by_name_async (resolver, host, dex_promise_get_cancellable (promise),
                                   looked_up_cb, dex_ref (promise));
  return DEX_FUTURE (promise);
}

static gboolean
is_one_host (GInetAddress *address, GError **error)
{
  if (!g_inet_address_get_is_multicast (address) && !g_inet_address_get_is_any (address))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "address: must be that of one host");
  return FALSE;
}

static DexFuture *
inquiry_fiber (gpointer data)
{
  Inquiry *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable) parsed =
              g_network_address_parse (self->address, DEFAULT_PORT, &error);
  g_autoptr (GInetAddress) found = NULL;
  g_autofree char *ip = NULL;
  g_autofree char *endpoint = NULL;
  guint16          port;

  if (parsed == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_INVALID, "address: %s",
                                  error->message);
  port = g_network_address_get_port (G_NETWORK_ADDRESS (parsed));
  found = dex_await_object (look_up (g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed))),
                            &error);
  if (found == NULL || !is_one_host (found, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  ip = g_inet_address_to_string (found);
  endpoint = muster_format_endpoint (ip, port);
  for (unsigned i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autofree char *uri = g_strconcat ("http://", endpoint, questions[i].path, NULL);
      g_autoptr (MusterHttpReply) reply =
                  dex_await_boxed (muster_http_fetch_send (self->fetch, "GET", uri, NULL, NULL,
                                                           MAX_ANSWER, TIMEOUT_MS),
                                   &error);
      MusterMdnsRecord *record = NULL;

      /* Too much to be an answer to this question is an answer, though. */
      if (reply == NULL && !g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE))
        return dex_future_new_for_error (g_steal_pointer (&error));
      g_clear_error (&error);
      if (reply != NULL && reply->status == 200)
        record = muster_identify_answer (questions[i].path, g_bytes_get_data (reply->body, NULL),
                                         g_bytes_get_size (reply->body), self->address, ip, port);
      if (record != NULL)
        return dex_future_new_take_boxed (MUSTER_TYPE_MDNS_RECORD, record);
    }
  return dex_future_new_take_boxed (MUSTER_TYPE_MDNS_RECORD,
                                    muster_mdns_record_new_asked ("_http._tcp", self->address,
                                                                  self->address, ip, port, NULL));
}

DexFuture *
muster_identify_address (MusterHttpFetch *fetch, const char *address)
{
  Inquiry *self;

  g_return_val_if_fail (MUSTER_IS_HTTP_FETCH (fetch), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  self = g_new0 (Inquiry, 1);
  self->fetch = g_object_ref (fetch);
  self->address = g_strdup (address);
  return dex_scheduler_spawn (NULL, 0, inquiry_fiber, self, inquiry_free);
}
