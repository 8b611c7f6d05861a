/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-email-channel"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-device-event.h"
#include "model/muster-error.h"
#include "muster-channel.h"
#include "muster-mail.h"

#define MAIL_MILLISECONDS 30000
#define MAX_RECIPIENTS 100

/* clang-format off */
static const MusterEnumValue securities[] = {
  { "none", N_("None") }, { "starttls", N_("STARTTLS") }, { "tls", N_("TLS") }, { NULL, NULL },
};
static const MusterEnum security_enum = { "MailSecurity", securities };

static const MusterField fields[] = {
  { "host", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 253, .label = N_("Mail server"), .doc = "Host name or address of the SMTP server." },
  { "port", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 65535, .label = N_("Port"), .doc = "Left out: 587 with STARTTLS, 465 with TLS, 25 without." },
  { "security", MUSTER_FIELD_ENUM, MUSTER_FIELD_NULLABLE, .enumeration = &security_enum, .label = N_("Security"), .doc = "Left out: STARTTLS." },
  { "user", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 254, .label = N_("User"), .doc = "Whom it signs in as; left out: it does not." },
  { "from", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 3, 254, .format = "email", .label = N_("From"), .doc = "The sender's address." },
  { "to", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 20000, .label = N_("To"), .doc = "Addresses of those who are told where an escalation names no people." },
  { "ca_file", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Certificate authority"), .doc = "PEM file on the daemon's machine of the authority that signed that server; left out: those of the machine." },
};
/* clang-format on */

static const char *const destination[] = { "host", "port", "security", "user", "ca_file", NULL };

static const MusterField address_field = { "to", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 3,
                                           254,  .format = "email" };

/* The addresses of the array NAME of OBJECT: (transfer full). */
static char **
list_addresses (JsonObject *object, const char *name)
{
  JsonNode  *node = object != NULL ? json_object_get_member (object, name) : NULL;
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
        g_strv_builder_add (addresses, json_node_get_string (element));
    }
  return g_strv_builder_end (addresses);
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_str_equal (host, "localhost") ||
         (address != NULL && g_inet_address_get_is_loopback (address));
}

static void
check (JsonObject *config, MusterFieldErrors *errors)
{
  JsonNode   *node = json_object_get_member (config, "to");
  const char *host = muster_channel_get_text (config, "host");
  JsonArray  *array;

  if (strpbrk (host, "/@?# \r\n") != NULL || (strchr (host, ':') != NULL && host[0] != '['))
    muster_field_errors_add (errors, "/config/host", "must be a host name or an address alone");
  if (muster_channel_get_text (config, "user") != NULL && !is_loopback (host) &&
      g_strcmp0 (muster_channel_get_text (config, "security"), "none") == 0)
    muster_field_errors_add (errors, "/config/security",
                             "must be starttls or tls where it signs in: others could read the "
                             "password");
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return;
  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array == NULL || json_array_get_length (array) > MAX_RECIPIENTS)
    {
      muster_field_errors_add (errors, "/config/to", "must be an array of at most %d addresses",
                               MAX_RECIPIENTS);
      return;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *pointer = g_strdup_printf ("/config/to/%u", i);
      MusterValue      value = { .is_null = TRUE };

      muster_field_decode_value (&address_field, json_array_get_element (array, i), pointer, &value,
                                 errors);
      muster_value_clear (&address_field, &value);
    }
}

static char *
make_url (JsonObject *config, gboolean *needs_tls)
{
  const char *security = muster_channel_get_text (config, "security");
  gboolean    is_tls = g_strcmp0 (security, "tls") == 0;
  gboolean    is_open = g_strcmp0 (security, "none") == 0;
  gint64      port = json_object_get_int_member_with_default (config, "port", 0);

  *needs_tls = !is_open;
  if (port <= 0)
    port = is_tls ? 465 : is_open ? 25 : 587;
  return g_strdup_printf ("%s://%s:%d", is_tls ? "smtps" : "smtp",
                          muster_channel_get_text (config, "host"), (int)port);
}

/* Those who are still to be told. */
static char **
list_recipients (JsonObject *config, MusterNotice *notice)
{
  const char *const only[] = { notice->email, NULL };

  if (notice->left != NULL)
    return g_strdupv (notice->left);
  return notice->person_name != NULL ? g_strdupv ((char **)only) : list_addresses (config, "to");
}

static DexFuture *
mailed_cb (DexFuture *future, gpointer user_data)
{
  MusterNotice               *notice = user_data;
  const MusterCurlMailResult *result = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_autofree char            *refused = g_strjoinv ("; ", result->refused);

  g_strfreev (notice->left);
  notice->left = result->later[0] != NULL ? g_strdupv (result->later) : NULL;
  return dex_future_new_take_string (g_steal_pointer (&refused));
}

static DexFuture *
deliver (const MusterChannelParts *parts,
         MusterEntity             *record,
         JsonObject               *config,
         MusterNotice             *notice)
{
  g_auto (GStrv) to = list_recipients (config, notice);
  int              kind = muster_notice_get_kind (notice);
  g_autofree char *message = NULL;
  g_autofree char *url = NULL;
  MusterCurlMail   mail = { .from = muster_channel_get_text (config, "from"),
                            .user = muster_channel_get_text (config, "user"),
                            .password = muster_entity_get_string (record, "secret"),
                            .to = (const char *const *)to,
                            .ca_file = muster_channel_get_text (config, "ca_file"),
                            .timeout_ms = MAIL_MILLISECONDS };
  MusterMail       text = { .id = muster_notice_get_id (notice),
                            .from = mail.from,
                            .from_name = notice->site_name,
                            .to = mail.to,
                            .subject = muster_notice_get_subject (notice),
                            .body = muster_notice_get_body (notice),
                            .at = muster_entity_get_integer (notice->notification, "created_at"),
                            .is_urgent = muster_notice_get_severity (notice) == MUSTER_SEVERITY_ERROR &&
                                         kind != MUSTER_NOTIFICATION_RESOLVE };

  if (to[0] == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_INVALID,
                                  "nobody is to be told: give the channel addresses in `to`, or "
                                  "the step of the escalation people");
  message = muster_mail_compose (&text);
  mail.message = message;
  mail.url = url = make_url (config, &mail.needs_tls);
  return dex_future_then (muster_curl_send_mail (parts->curl, &mail), mailed_cb,
                          g_object_ref (notice), g_object_unref);
}

const MusterChannel muster_email_channel = {
  .kind = MUSTER_CHANNEL_EMAIL,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .takes_secret = TRUE,
  .person_field = "email",
  .destination = destination,
  .check = check,
  .deliver = deliver,
};
