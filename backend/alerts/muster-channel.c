/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-channel"

#include "config.h"

#include "core/http/muster-http-fetch.h"
#include "model/muster-error.h"
#include "muster-channel.h"

#define POST_MILLISECONDS 15000
/* Of what the other side says when it refuses. */
#define MAX_SAID 200

const MusterChannel *
muster_channel_get (MusterChannelKind kind)
{
  static const MusterChannel *const channels[] = {
    [MUSTER_CHANNEL_CONSOLE] = &muster_console_channel,
    [MUSTER_CHANNEL_DESKTOP] = &muster_desktop_channel,
    [MUSTER_CHANNEL_KIOSK] = &muster_kiosk_channel,
    [MUSTER_CHANNEL_SIREN] = &muster_siren_channel,
    [MUSTER_CHANNEL_EMAIL] = &muster_email_channel,
    [MUSTER_CHANNEL_WEBHOOK] = &muster_webhook_channel,
    [MUSTER_CHANNEL_NTFY] = &muster_ntfy_channel,
    [MUSTER_CHANNEL_SMS] = &muster_sms_channel,
  };

  g_return_val_if_fail (kind < G_N_ELEMENTS (channels), NULL);

  return channels[kind];
}

/* --- settings --- */

static const MusterField *
find_field (const MusterChannel *self, const char *name)
{
  for (unsigned i = 0; i < self->n_fields; i++)
    if (g_str_equal (self->fields[i].name, name))
      return &self->fields[i];
  return NULL;
}

/* The settings of RECORD; an empty object where it has none: (transfer full). */
static JsonObject *
dup_config (MusterEntity *record, MusterFieldErrors *errors)
{
  const char *text = muster_entity_get_string (record, "config");
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_dup_object (node);
  if (text != NULL && errors != NULL)
    muster_field_errors_add (errors, "/config", "must be an object");
  return json_object_new ();
}

static void
check_members (const MusterChannel *self, JsonObject *config, MusterFieldErrors *errors)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *node;

  for (unsigned i = 0; i < self->n_fields; i++)
    if ((self->fields[i].flags & MUSTER_FIELD_REQUIRED) &&
        !json_object_has_member (config, self->fields[i].name))
      {
        g_autofree char *pointer = g_strconcat ("/config/", self->fields[i].name, NULL);

        muster_field_errors_add (errors, pointer, "is required");
      }
  json_object_iter_init_ordered (&iter, config);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      const MusterField *field = find_field (self, name);
      g_autofree char   *pointer = muster_json_pointer_append ("/config", name);
      MusterValue        value = { .is_null = TRUE };

      if (field == NULL)
        muster_field_errors_add (errors, pointer, "is no setting of this kind of channel");
      else
        {
          muster_field_decode_value (field, node, pointer, &value, errors);
          muster_value_clear (field, &value);
        }
    }
}

void
muster_channel_check (MusterEntity *record, MusterFieldErrors *errors)
{
  const MusterChannel *self = muster_channel_get (muster_entity_get_enum (record, "kind"));
  g_autoptr (JsonObject) config = dup_config (record, errors);
  unsigned n_errors = muster_field_errors_get_count (errors);

  check_members (self, config, errors);
  /* What it is made of is right: then the whole can be looked at. */
  if (self->check != NULL && muster_field_errors_get_count (errors) == n_errors)
    self->check (config, errors);
  if (!self->takes_secret && !muster_entity_is_null (record, "secret"))
    muster_field_errors_add (errors, "/secret",
                             "is not used by this kind of channel: leave it out");
}

const char *
muster_channel_get_text (JsonObject *config, const char *name)
{
  JsonNode   *node = json_object_get_member (config, name);
  const char *text =
    node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
      ? json_node_get_string (node)
      : NULL;

  return text != NULL && *text != '\0' ? text : NULL;
}

void
muster_channel_check_url (JsonObject *config, const char *name, MusterFieldErrors *errors)
{
  const char *text = muster_channel_get_text (config, name);
  g_autoptr (GUri) uri = text != NULL ? g_uri_parse (text, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autofree char *pointer = g_strconcat ("/config/", name, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      (!g_str_equal (g_uri_get_scheme (uri), "https") &&
       !g_str_equal (g_uri_get_scheme (uri), "http")))
    muster_field_errors_add (errors, pointer,
                             "must be an address like https://hooks.example.org/muster");
  else if (g_uri_get_userinfo (uri) != NULL)
    muster_field_errors_add (errors, pointer,
                             "must not hold a password, which everybody could read here");
}

/* --- delivering --- */

DexFuture *
muster_channel_deliver (MusterEntity *record, const MusterChannelParts *parts, MusterNotice *notice)
{
  const MusterChannel *self = NULL;
  g_autoptr (JsonObject) config = NULL;

  g_return_val_if_fail (MUSTER_IS_NOTIFICATION_CHANNEL (record), NULL);
  g_return_val_if_fail (parts != NULL && MUSTER_IS_NOTICE (notice), NULL);

  self = muster_channel_get (muster_entity_get_enum (record, "kind"));
  config = dup_config (record, NULL);
  return self->deliver (parts, record, config, notice);
}

gboolean
muster_channel_error_is_final (const GError *error)
{
  return g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND) ||
         g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_INVALID) ||
         g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNSUPPORTED);
}

/* What REPLY says, in one line: (transfer full). */
static char *
describe_reply (const MusterHttpReply *reply)
{
  gsize            size;
  const char      *data = g_bytes_get_data (reply->body, &size);
  g_autofree char *text = g_utf8_make_valid (data != NULL ? data : "", data != NULL ? size : 0);
  g_autofree char *start = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_SAID));

  g_strdelimit (start, "\r\n\t", ' ');
  g_strstrip (start);
  return *start != '\0' ? g_strdup_printf ("HTTP %u: %s", reply->status, start)
                        : g_strdup_printf ("HTTP %u", reply->status);
}

/* Which statuses may be another one later (RFC 9110 §15.5, RFC 6585, RFC 8470); the wrong token is
 * mended by whoever looks after the channel. */
static gboolean
status_may_change (unsigned status)
{
  return status >= 500 || status == 401 || status == 403 || status == 408 || status == 425 ||
         status == 429;
}

static DexFuture *
muster_channel_posted_cb (DexFuture *future, gpointer user_data)
{
  MusterNotice          *notice = user_data;
  const MusterHttpReply *reply = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_autofree char       *said = describe_reply (reply);

  if (reply->status >= 200 && reply->status < 300)
    return dex_future_new_take_string (g_steal_pointer (&said));
  if (reply->retry_after > 0)
    notice->retry_after = reply->retry_after;
  return dex_future_new_reject (MUSTER_ERROR,
                                status_may_change (reply->status) ? MUSTER_ERROR_UNAVAILABLE
                                                                  : MUSTER_ERROR_UNSUPPORTED,
                                "it was not taken: %s", said);
}

DexFuture *
muster_channel_post (const MusterChannelParts *parts,
                     JsonObject               *config,
                     const char               *url,
                     const char *const        *headers,
                     char                     *body,
                     MusterNotice             *notice)
{
  MusterCurlPost post = { .url = url,
                          .headers = headers,
                          .body = body,
                          .ca_file = muster_channel_get_text (config, "ca_file"),
                          .timeout_ms = POST_MILLISECONDS };
  DexFuture     *future = muster_curl_post (parts->curl, &post);

  g_free (body);
  return dex_future_then (future, muster_channel_posted_cb, g_object_ref (notice), g_object_unref);
}

char *
muster_channel_find_obstacle (const MusterChannel *channel, MusterEntity *person)
{
  const char *name = muster_entity_get_string (person, "name");

  g_return_val_if_fail (channel->person_field != NULL, NULL);

  if (muster_entity_get_boolean (person, "disabled"))
    return g_strdup_printf ("%s is disabled", name);
  if (muster_entity_is_null (person, channel->person_field))
    return g_strdup_printf ("%s has no %s: add one to the person's record", name,
                            channel->person_field);
  return NULL;
}
