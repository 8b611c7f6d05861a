/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-broker-files"

#include "config.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-broker-files.h"
#include "muster-sparkplug-topic.h"

#define HASH_ROUNDS 101 /* mosquitto's own default; enough for random passwords of 128 bits */
#define SALT_SIZE 12
#define HASH_SIZE 64
#define MAX_USERNAME 128 /* bytes */
#define MAX_RULE 400     /* bytes */

MusterBrokerAccount *
muster_broker_account_new (const char *username,
                           const char *password_hash,
                           const char *group_id,
                           const char *node_id)
{
  MusterBrokerAccount *self = g_new0 (MusterBrokerAccount, 1);

  self->username = g_strdup (username);
  self->password_hash = g_strdup (password_hash);
  self->group_id = g_strdup (group_id);
  self->node_id = g_strdup (node_id);
  return self;
}

void
muster_broker_account_free (MusterBrokerAccount *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->username);
  g_free (self->password_hash);
  g_free (self->group_id);
  g_free (self->node_id);
  g_free (self->family);
  g_strfreev (self->rules);
  g_free (self);
}

char *
muster_broker_hash_password (const char *password)
{
  guint8           salt[SALT_SIZE], hash[HASH_SIZE];
  gnutls_datum_t   key = { (guint8 *)password, password ? strlen (password) : 0 };
  gnutls_datum_t   salt_datum = { salt, sizeof salt };
  g_autofree char *salt_text = NULL;
  g_autofree char *hash_text = NULL;

  g_return_val_if_fail (password != NULL && *password != '\0', NULL);

  if (gnutls_rnd (GNUTLS_RND_NONCE, salt, sizeof salt) < 0 ||
      gnutls_pbkdf2 (GNUTLS_MAC_SHA512, &key, &salt_datum, HASH_ROUNDS, hash, sizeof hash) < 0)
    g_error ("no random numbers or no SHA-512");
  salt_text = g_base64_encode (salt, sizeof salt);
  hash_text = g_base64_encode (hash, sizeof hash);
  return g_strdup_printf ("$7$%d$%s$%s", HASH_ROUNDS, salt_text, hash_text);
}

char *
muster_broker_make_password (void)
{
  static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789"; /* 32: five bits each */
  guint8            random[32];
  char              text[sizeof random + 1] = "";

  if (gnutls_rnd (GNUTLS_RND_KEY, random, sizeof random) < 0)
    g_error ("no random numbers");
  for (unsigned i = 0; i < sizeof random; i++)
    text[i] = letters[random[i] % 32];
  return g_strdup (text);
}

/* --- checks --- */

static gboolean
is_one_line (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if ((guchar)*c < 0x20 || *c == 0x7f)
      return FALSE;
  return g_utf8_validate (text, -1, NULL) && !g_ascii_isspace (text[0]) &&
         (text[0] == '\0' || !g_ascii_isspace (text[strlen (text) - 1]));
}

static gboolean
is_username (const char *text)
{
  return text != NULL && *text != '\0' && *text != '#' && strlen (text) <= MAX_USERNAME &&
         is_one_line (text) && strpbrk (text, ":'\"") == NULL &&
         !g_str_equal (text, MUSTER_BROKER_CORE_USER);
}

static gboolean
is_hash (const char *text)
{
  return text != NULL && g_str_has_prefix (text, "$7$") && strlen (text) < 200 &&
         strspn (text, "$0123456789+/=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
           strlen (text);
}

static gboolean
is_rule (const char *text)
{
  const char *topic = strchr (text, ' ');

  return topic != NULL && strlen (text) <= MAX_RULE && is_one_line (text) && topic[1] != '\0' &&
         topic[1] != '$' && strcmp (topic, " #") != 0 &&
         (g_str_has_prefix (text, "read ") || g_str_has_prefix (text, "write ") ||
          g_str_has_prefix (text, "readwrite "));
}

static gboolean
refuse (GError **error, const char *field, const char *detail)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "%s: %s", field, detail);
  return FALSE;
}

gboolean
muster_broker_account_check (const MusterBrokerAccount *account, GError **error)
{
  g_return_val_if_fail (account != NULL, FALSE);

  if (!is_username (account->username))
    return refuse (
      error, "username",
      "must be 1 to 128 bytes of text without colon, quotes or a leading #, and not \"core\"");
  if (!is_hash (account->password_hash))
    return refuse (error, "password_hash", "must be of the form $7$rounds$salt$hash");
  if ((account->group_id == NULL) != (account->node_id == NULL))
    return refuse (error, "node_id", "goes together with group_id");
  if (account->group_id != NULL &&
      (!muster_sparkplug_id_is_valid (account->group_id) || !is_one_line (account->group_id)))
    return refuse (error, "group_id", "must be text without + / # and without spaces at its ends");
  if (account->node_id != NULL &&
      (!muster_sparkplug_id_is_valid (account->node_id) || !is_one_line (account->node_id)))
    return refuse (error, "node_id", "must be text without + / # and without spaces at its ends");
  for (unsigned i = 0; account->rules != NULL && account->rules[i] != NULL; i++)
    if (!is_rule (account->rules[i]))
      return refuse (
        error, "rules",
        "must be \"read\", \"write\" or \"readwrite\", a space, and a topic that is not # or $…");
  return TRUE;
}

/* --- the files --- */

static void
append_listener (GString *text, const char *address, int port)
{
  g_string_append_printf (text, "listener %d%s%s\n", port, address ? " " : "",
                          address ? address : "");
}

char *
muster_broker_make_config (const char *user,
                           const char *socket,
                           const char *address,
                           int         port,
                           int         plain_port)
{
  GString *text = g_string_new ("# Written at every start: changes here are lost.\n");
  /* Who may sign in without TLS is told apart from who may with it, and then each listener says. */
  const char *accounts = "allow_anonymous false\npassword_file password\nacl_file acl\n";

  if (user != NULL)
    g_string_append_printf (text, "user %s\n", user);
  g_string_append_printf (text, "per_listener_settings %s\n", plain_port > 0 ? "true" : "false");
  g_string_append (text, plain_port > 0 ? "" : accounts);
  g_string_append (text, "persistence true\n"
                         "persistence_location ./\n"
                         "autosave_interval 60\n"
                         "persistent_client_expiration 14d\n"
                         "max_packet_size 1100000\n"
                         "max_queued_messages 100000\n"
                         "max_queued_bytes 67108864\n"
                         "max_inflight_messages 200\n"
                         "memory_limit 268435456\n"
                         "set_tcp_nodelay true\n"
                         "sys_interval 10\n"
                         "log_dest stderr\n"
                         "log_timestamp false\n"
                         "log_type error\n"
                         "log_type warning\n"
                         "log_type notice\n"
                         "connection_messages true\n");
  g_string_append_printf (text, "listener 0 %s\n", socket);
  g_string_append (text, plain_port > 0 ? accounts : "");
  append_listener (text, address, port);
  g_string_append (text, plain_port > 0 ? accounts : "");
  g_string_append (text, "cafile authority.pem\n"
                         "certfile server.pem\n"
                         "keyfile server.key\n"
                         "tls_version tlsv1.2\n");
  if (plain_port > 0)
    {
      append_listener (text, address, plain_port);
      g_string_append (text, "allow_anonymous false\n"
                             "password_file password-plain\n"
                             "acl_file acl-plain\n");
    }
  return g_string_free (text, FALSE);
}

static void
append_password (GString *text, const MusterBrokerAccount *account, gboolean only_family)
{
  if (!only_family || account->family != NULL)
    g_string_append_printf (text, "%s:%s\n", account->username, account->password_hash);
}

char *
muster_broker_make_passwords (GPtrArray *accounts, const char *core_hash)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, MUSTER_BROKER_CORE_USER ":%s\n", core_hash);
  for (guint i = 0; i < accounts->len; i++)
    append_password (text, accounts->pdata[i], FALSE);
  return g_string_free (text, FALSE);
}

char *
muster_broker_make_plain_passwords (GPtrArray *accounts)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < accounts->len; i++)
    append_password (text, accounts->pdata[i], TRUE);
  return g_string_free (text, FALSE);
}

/* A node writes what is its own and reads what is meant for it, and the state of hosts. */
static void
append_node (GString *text, const char *group, const char *node)
{
  static const char *const written[] = { "NBIRTH", "NDEATH", "NDATA" };
  static const char *const written_for_devices[] = { "DBIRTH", "DDEATH", "DDATA" };

  for (unsigned i = 0; i < G_N_ELEMENTS (written); i++)
    g_string_append_printf (text, "topic write " MUSTER_SPARKPLUG_NAMESPACE "/%s/%s/%s\n", group,
                            written[i], node);
  for (unsigned i = 0; i < G_N_ELEMENTS (written_for_devices); i++)
    g_string_append_printf (text, "topic write " MUSTER_SPARKPLUG_NAMESPACE "/%s/%s/%s/+\n", group,
                            written_for_devices[i], node);
  g_string_append_printf (text, "topic read " MUSTER_SPARKPLUG_NAMESPACE "/%s/NCMD/%s/#\n", group,
                          node);
  g_string_append_printf (text, "topic read " MUSTER_SPARKPLUG_NAMESPACE "/%s/DCMD/%s/#\n", group,
                          node);
  g_string_append (text, "topic read " MUSTER_SPARKPLUG_NAMESPACE "/STATE/#\n");
}

static void
append_rules (GString *text, const MusterBrokerAccount *account)
{
  for (unsigned i = 0; account->rules != NULL && account->rules[i] != NULL; i++)
    g_string_append_printf (text, "topic %s\n", account->rules[i]);
}

char *
muster_broker_make_acl (GPtrArray *accounts)
{
  GString *text =
    g_string_new ("user " MUSTER_BROKER_CORE_USER "\ntopic readwrite #\ntopic read $SYS/#\n");

  for (guint i = 0; i < accounts->len; i++)
    {
      const MusterBrokerAccount *account = accounts->pdata[i];

      g_string_append_printf (text, "user %s\n", account->username);
      if (account->node_id != NULL)
        append_node (text, account->group_id, account->node_id);
      append_rules (text, account);
    }
  return g_string_free (text, FALSE);
}

char *
muster_broker_make_plain_acl (GPtrArray *accounts)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < accounts->len; i++)
    {
      const MusterBrokerAccount *account = accounts->pdata[i];

      if (account->family == NULL)
        continue;
      g_string_append_printf (text, "user %s\n", account->username);
      append_rules (text, account);
    }
  return g_string_free (text, FALSE);
}
