/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-channel-config.h"

static MusterSession *session;

static void
test_round_trip (void)
{
  static const struct
  {
    int         kind;
    const char *json;
  } cases[] = {
    { MUSTER_CHANNEL_EMAIL,
      "{\"host\":\"mail.example\",\"port\":587,\"security\":\"starttls\",\"user\":\"muster\","
      "\"from\":\"muster@example\",\"to\":[\"a@example\",\"b@example\"]}" },
    { MUSTER_CHANNEL_WEBHOOK, "{\"url\":\"https://hooks.example/x\"}" },
    { MUSTER_CHANNEL_SIREN,
      "{\"device_id\":\"d\",\"metric\":\"siren\",\"value\":true,\"off_value\":0,\"seconds\":90}" },
    { MUSTER_CHANNEL_SIREN, "{\"device_id\":\"d\",\"metric\":\"mode\",\"value\":\"loud\"}" },
    { MUSTER_CHANNEL_SMS,
      "{\"via\":\"http\",\"url\":\"https://sms.example\",\"number\":\"+49 1\"}" },
    /* What this version does not know stays. */
    { MUSTER_CHANNEL_WEBHOOK, "{\"url\":\"https://hooks.example/x\",\"later\":[1]}" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GtkWidget) config = g_object_ref_sink (muster_channel_config_new (session));
      g_autofree char *json = NULL;
      g_autoptr (JsonNode) before = json_from_string (cases[i].json, NULL);
      g_autoptr (JsonNode) after = NULL;

      muster_channel_config_set_kind (MUSTER_CHANNEL_CONFIG (config), cases[i].kind);
      muster_channel_config_set_json (MUSTER_CHANNEL_CONFIG (config), cases[i].json);
      json = muster_channel_config_dup_json (MUSTER_CHANNEL_CONFIG (config));
      g_test_message ("%s", json);
      after = json_from_string (json, NULL);
      g_assert_true (json_node_equal (before, after));
      g_assert_null (muster_channel_config_check (MUSTER_CHANNEL_CONFIG (config)));
    }
}

static void
test_missing (void)
{
  g_autoptr (GtkWidget) config = g_object_ref_sink (muster_channel_config_new (session));
  g_autofree char *missing = NULL;

  muster_channel_config_set_kind (MUSTER_CHANNEL_CONFIG (config), MUSTER_CHANNEL_NTFY);
  muster_channel_config_set_json (MUSTER_CHANNEL_CONFIG (config),
                                  "{\"url\":\"https://ntfy.example\"}");
  missing = muster_channel_config_check (MUSTER_CHANNEL_CONFIG (config));
  g_assert_cmpstr (missing, ==, "“Topic” is missing");
}

/* A console has nothing to set up. */
static void
test_none (void)
{
  g_autoptr (GtkWidget) config = g_object_ref_sink (muster_channel_config_new (session));

  muster_channel_config_set_kind (MUSTER_CHANNEL_CONFIG (config), MUSTER_CHANNEL_CONSOLE);
  muster_channel_config_set_json (MUSTER_CHANNEL_CONFIG (config), NULL);
  g_assert_null (muster_channel_config_dup_json (MUSTER_CHANNEL_CONFIG (config)));
  g_assert_null (muster_channel_config_check (MUSTER_CHANNEL_CONFIG (config)));
  g_assert_false (gtk_widget_get_visible (config));
}

int
main (int argc, char *argv[])
{
  g_autoptr (MusterApiClient) client = NULL;
  int status;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  client = muster_api_client_new_for_socket ("/nonexistent/api.sock");
  session = muster_session_new (client, NULL);
  g_test_add_func ("/channel-config/round-trip", test_round_trip);
  g_test_add_func ("/channel-config/missing", test_missing);
  g_test_add_func ("/channel-config/none", test_none);
  status = g_test_run ();
  g_clear_object (&session);
  return status;
}
