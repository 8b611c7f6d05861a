/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-test-words"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "client/muster-api-json.h"
#include "muster-test-words.h"
#include "widgets/muster-format.h"

static const MusterEnumValue actions[] = {
  { "identity", N_ ("Ask who it is") },
  { "self-test", N_ ("Self-test") },
  { "read", N_ ("Read") },
  { "write", N_ ("Set") },
  { "blink", N_ ("Blink") },
  { "ask", N_ ("Ask the operator") },
  { "reboot", N_ ("Restart") },
  { NULL, NULL },
};
const MusterEnum muster_step_action_enum = { "TestStepAction", actions };

static const struct
{
  const char *icon_name;
  const char *css_class;
} looks[] = {
  [MUSTER_VERDICT_WAITING] = { "muster-unknown-symbolic", "dim-label" },
  [MUSTER_VERDICT_RUNNING] = { "muster-ring-symbolic", "accent" },
  [MUSTER_VERDICT_PASSED] = { "muster-online-symbolic", "success" },
  [MUSTER_VERDICT_FAILED] = { "muster-cross-symbolic", "error" },
  [MUSTER_VERDICT_SKIPPED] = { "muster-square-symbolic", "dim-label" },
};

const char *
muster_verdict_get_icon_name (MusterVerdict verdict)
{
  return looks[verdict].icon_name;
}

const char *
muster_verdict_get_css_class (MusterVerdict verdict)
{
  return looks[verdict].css_class;
}

/* --- plans --- */

/* The value that a step sets, for a person: (transfer full) (nullable). */
static char *
describe_value (JsonObject *step)
{
  JsonNode *node = json_object_get_member (step, "value");

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? _ ("on") : _ ("off"));
  return muster_format_number (json_node_get_double (node));
}

static void
append (GString *text, const char *part)
{
  if (part != NULL && *part != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
}

char *
muster_step_describe (JsonObject *step)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char      *nick = muster_api_json_get_string (step, "action");
  int              action = nick != NULL ? muster_enum_parse (&muster_step_action_enum, nick) : -1;
  g_autofree char *limits = muster_step_describe_limits (step);
  g_autofree char *value = describe_value (step);

  append (text, action >= 0 ? _ (muster_enum_get_label (&muster_step_action_enum, action)) : nick);
  append (text, muster_api_json_get_string (step, "metric"));
  append (text, value);
  append (text, limits);
  append (text, muster_api_json_get_string (step, "text"));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

gboolean
muster_number_read (const char *text, double *number)
{
  g_autofree char *word = g_strdelimit (g_strstrip (g_strdup (text)), ",", '.');
  char            *end = NULL;

  *number = NAN;
  if (*word == '\0')
    return TRUE;
  *number = g_ascii_strtod (word, &end);
  return *end == '\0' && isfinite (*number);
}

JsonNode *
muster_value_read (const char *text)
{
  static const char *const yes[] = { "on", "true", "yes", NULL };
  static const char *const no[] = { "off", "false", "no", NULL };
  g_autofree char         *word = g_ascii_strdown (text, -1);
  double                   number;

  g_strstrip (word);
  if (g_strv_contains (yes, word) || g_strv_contains (no, word))
    return json_node_init_boolean (json_node_alloc (), g_strv_contains (yes, word));
  if (*word == '\0' || !muster_number_read (word, &number))
    return NULL;
  return json_node_init_double (json_node_alloc (), number);
}
