/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-broker-files.h"

#define HASH "$7$101$c2FsdHNhbHRzYWx0$aGFzaA=="

static MusterBrokerAccount *
make_account (const char *username, const char *group, const char *node, const char *rule)
{
  MusterBrokerAccount *account = muster_broker_account_new (username, HASH, group, node);

  if (rule != NULL)
    account->rules = g_strdupv ((char *[]){ (char *)rule, NULL });
  return account;
}

typedef struct
{
  const char *username, *group, *node, *rule;
  const char *field; /* NULL: taken */
} AccountCase;

static const AccountCase cases[] = {
  { "node-1", "plant", "node-1", NULL, NULL },
  { "Gerät 7", "Halle Süd", "Gerät 7", "readwrite dev/7/#", NULL },
  { "reader", NULL, NULL, "read spBv1.0/#", NULL },
  { "", NULL, NULL, NULL, "username" },
  { "core", NULL, NULL, NULL, "username" },
  { "#comment", NULL, NULL, NULL, "username" },
  { "a:b", NULL, NULL, NULL, "username" },
  { "it's", NULL, NULL, NULL, "username" },
  { " lead", NULL, NULL, NULL, "username" },
  { "trail ", NULL, NULL, NULL, "username" },
  { "new\nuser core", NULL, NULL, NULL, "username" },
  { "bad\xff", NULL, NULL, NULL, "username" },
  { "n", "g/#", "n", NULL, "group_id" },
  { "n", "+", "n", NULL, "group_id" },
  { "n", "g", "n\ntopic readwrite #", NULL, "node_id" },
  { "n", "g", "#", NULL, "node_id" },
  { "n", "g", NULL, NULL, "node_id" },
  { "n", NULL, NULL, "readwrite #", "rules" },
  { "n", NULL, NULL, "read $SYS/#", "rules" },
  { "n", NULL, NULL, "deny a", "rules" },
  { "n", NULL, NULL, "read a\nuser core", "rules" },
  { "n", NULL, NULL, "read ", "rules" },
};

static void
test_accounts (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterBrokerAccount) account =
                  make_account (cases[i].username, cases[i].group, cases[i].node, cases[i].rule);
      g_autoptr (GError) error = NULL;

      g_test_message ("%u", i);
      g_assert_cmpint (muster_broker_account_check (account, &error), ==, cases[i].field == NULL);
      if (cases[i].field == NULL)
        continue;
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      g_assert_true (g_str_has_prefix (error->message, cases[i].field));
    }
}

static void
test_bad_hash (void)
{
  g_autoptr (MusterBrokerAccount) account = muster_broker_account_new ("n", "plain", NULL, NULL);
  g_autoptr (MusterBrokerAccount) multi =
              muster_broker_account_new ("n", "$7$101$a$b\nx:", NULL, NULL);

  g_assert_false (muster_broker_account_check (account, NULL));
  g_assert_false (muster_broker_account_check (multi, NULL));
}

static void
test_hash (void)
{
  g_autofree char *first = muster_broker_hash_password ("secret");
  g_autofree char *second = muster_broker_hash_password ("secret");
  g_autofree char *password = muster_broker_make_password ();
  g_autofree char *other = muster_broker_make_password ();
  g_auto (GStrv) parts = g_strsplit (first, "$", -1);
  gsize              size;
  g_autofree guint8 *salt = g_base64_decode (parts[3], &size);

  g_assert_cmpuint (g_strv_length (parts), ==, 5);
  g_assert_cmpstr (parts[1], ==, "7");
  g_assert_cmpstr (parts[2], ==, "101");
  g_assert_cmpuint (size, ==, 12);
  g_assert_cmpuint (strlen (parts[4]), ==, 88);
  g_assert_cmpstr (first, !=, second);
  g_assert_cmpuint (strlen (password), ==, 32);
  g_assert_cmpstr (password, !=, other);
}

static void
test_texts (void)
{
  g_autoptr (GPtrArray) accounts =
              g_ptr_array_new_with_free_func ((GDestroyNotify)muster_broker_account_free);
  g_autofree char *passwords = NULL;
  g_autofree char *acl = NULL;
  g_autofree char *config = muster_broker_make_config (NULL, "core-1.sock", "127.0.0.1", 18883, 0);

  g_ptr_array_add (accounts, make_account ("n1", "plant", "n1", "read a/#"));
  passwords = muster_broker_make_passwords (accounts, "$7$core");
  acl = muster_broker_make_acl (accounts);
  g_assert_cmpstr (passwords, ==, "core:$7$core\nn1:" HASH "\n");
  g_assert_cmpstr (
    acl, ==,
    "user core\ntopic readwrite #\ntopic read $SYS/#\n"
    "user n1\n"
    "topic write spBv1.0/plant/NBIRTH/n1\ntopic write spBv1.0/plant/NDEATH/n1\ntopic write spBv1.0/plant/NDATA/n1\n"
    "topic write spBv1.0/plant/DBIRTH/n1/+\ntopic write spBv1.0/plant/DDEATH/n1/+\ntopic write spBv1.0/plant/DDATA/n1/+\n"
    "topic read spBv1.0/plant/NCMD/n1/#\ntopic read spBv1.0/plant/DCMD/n1/#\ntopic read spBv1.0/STATE/#\n"
    "topic read a/#\n");
  g_assert_nonnull (strstr (config, "\nlistener 18883 127.0.0.1\n"));
  g_assert_nonnull (strstr (config, "\nallow_anonymous false\n"));
  g_assert_null (strstr (config, "max_keepalive"));
  g_assert_null (strstr (config, "user "));
  g_assert_nonnull (strstr (config, "\nper_listener_settings false\n"));
  g_assert_null (strstr (config, "plain"));
}

/* What is told in the clear opens nothing but a family's own topics. */
static void
test_plain (void)
{
  g_autoptr (GPtrArray) accounts =
              g_ptr_array_new_with_free_func ((GDestroyNotify)muster_broker_account_free);
  MusterBrokerAccount *plug = make_account ("plug", "plant", "plug", "readwrite stat/plug/#");
  g_autofree char     *passwords = NULL;
  g_autofree char     *acl = NULL;
  g_autofree char     *config = muster_broker_make_config (NULL, "core-1.sock", NULL, 18883, 1883);
  g_auto (GStrv) listeners = g_strsplit (config, "\nlistener ", -1);

  plug->family = g_strdup ("tasmota");
  g_ptr_array_add (accounts, make_account ("n1", "plant", "n1", "read a/#"));
  g_ptr_array_add (accounts, plug);
  passwords = muster_broker_make_plain_passwords (accounts);
  acl = muster_broker_make_plain_acl (accounts);
  g_assert_cmpstr (passwords, ==, "plug:" HASH "\n");
  g_assert_cmpstr (acl, ==, "user plug\ntopic readwrite stat/plug/#\n");
  g_assert_cmpuint (g_strv_length (listeners), ==, 4);
  g_assert_nonnull (strstr (listeners[0], "\nper_listener_settings true"));
  for (unsigned i = 1; i < 4; i++)
    g_assert_nonnull (strstr (listeners[i], "\nallow_anonymous false\n"));
  g_assert_nonnull (strstr (listeners[1], "\nacl_file acl"));
  g_assert_nonnull (strstr (listeners[2], "\nacl_file acl\n"));
  g_assert_true (g_str_has_prefix (listeners[3], "1883\n"));
  g_assert_nonnull (strstr (listeners[3], "\npassword_file password-plain\nacl_file acl-plain\n"));
  g_assert_null (strstr (listeners[3], "certfile"));
}

typedef struct
{
  const char         *text;
  MusterBrokerLogKind kind;
  const char         *client_id, *username, *address, *detail;
} LogCase;

static const LogCase lines[] = {
  { "New client connected from 192.0.2.7:50112 as node-1 (p2, c1, k30, u'n1').",
    MUSTER_BROKER_LOG_CONNECTED, "node-1", "n1", "192.0.2.7:50112", NULL },
  { "New client connected from broker.sock:0 as muster core (p2, c1, k60, u'core').",
    MUSTER_BROKER_LOG_CONNECTED, "muster core", "core", "broker.sock:0", NULL },
  { "New client connected from 192.0.2.7:1 as anyone (p5, c0, k60).", MUSTER_BROKER_LOG_CONNECTED,
    "anyone", NULL, "192.0.2.7:1", NULL },
  { "New client connected from 192.0.2.7:1 as x (p2, c1, k60, u'victim'). (p2, c1, k60, u'thief').",
    MUSTER_BROKER_LOG_CONNECTED, "x (p2, c1, k60, u'victim').", "thief", "192.0.2.7:1", NULL },
  { "Client node-1 disconnected.", MUSTER_BROKER_LOG_DISCONNECTED, "node-1", NULL, NULL, "closed" },
  { "Client node-1 closed its connection.", MUSTER_BROKER_LOG_DISCONNECTED, "node-1", NULL, NULL,
    "connection lost" },
  { "Client a has exceeded timeout, disconnecting.", MUSTER_BROKER_LOG_DISCONNECTED, "a", NULL,
    NULL, "silent for too long" },
  { "Client a b already connected, closing old connection.", MUSTER_BROKER_LOG_DISCONNECTED, "a b",
    NULL, NULL, "taken over" },
  { "Client a disconnected: Protocol error.", MUSTER_BROKER_LOG_DISCONNECTED, "a", NULL, NULL,
    "Protocol error." },
  { "Client victim disconnected. closed its connection.", MUSTER_BROKER_LOG_DISCONNECTED,
    "victim disconnected.", NULL, NULL, "connection lost" },
  { "Client victim disconnected, not authorised.", MUSTER_BROKER_LOG_OTHER, NULL, NULL, NULL,
    NULL },
  { "Error: Address already in use", MUSTER_BROKER_LOG_ERROR, NULL, NULL, NULL,
    "Address already in use" },
  { "mosquitto version 2.0.21 starting", MUSTER_BROKER_LOG_OTHER, NULL, NULL, NULL, NULL },
  { "New client connected from nowhere", MUSTER_BROKER_LOG_OTHER, NULL, NULL, NULL, NULL },
  { "", MUSTER_BROKER_LOG_OTHER, NULL, NULL, NULL, NULL },
};

static void
test_log (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (MusterBrokerLogLine) line = { 0 };

      g_test_message ("%s", lines[i].text);
      muster_broker_log_parse (&line, lines[i].text);
      g_assert_cmpint (line.kind, ==, lines[i].kind);
      g_assert_cmpstr (line.client_id, ==, lines[i].client_id);
      g_assert_cmpstr (line.username, ==, lines[i].username);
      g_assert_cmpstr (line.address, ==, lines[i].address);
      g_assert_cmpstr (line.detail, ==, lines[i].detail);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/broker-files/accounts", test_accounts);
  g_test_add_func ("/broker-files/bad-hash", test_bad_hash);
  g_test_add_func ("/broker-files/hash", test_hash);
  g_test_add_func ("/broker-files/texts", test_texts);
  g_test_add_func ("/broker-files/plain", test_plain);
  g_test_add_func ("/broker-files/log", test_log);
  return g_test_run ();
}
