/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-test-steps"

#include "config.h"

#include <json-glib/json-glib.h>
#include <math.h>

#include "model/muster-entity.h"
#include "muster-test-steps.h"

#define NAME_MAX_LENGTH 120
#define METRIC_MAX_LENGTH 64
#define UNIT_MAX_LENGTH 16
#define TEXT_MAX_LENGTH 400
#define TIMEOUT_LEAST 100
#define TIMEOUT_MOST 3600000
/* A board answers within milliseconds, or after what is lost on its line was sent again, or not; a
 * person may be at the next bench. */
#define TIMEOUT_BOARD 15000
#define TIMEOUT_REBOOT 30000
#define TIMEOUT_PERSON 600000

/* Members that a step may have beside `name`, `action` and `timeout_ms`. */
typedef enum
{
  TAKES_NOTHING = 0,
  TAKES_METRIC = 1 << 0,
  TAKES_VALUE = 1 << 1,
  TAKES_LIMITS = 1 << 2, /* and the unit that they are in */
  TAKES_TEXT = 1 << 3,
  NEEDS_TEXT = 1 << 4,
} StepMembers;

static const struct
{
  const char *nick;
  unsigned    members;
  unsigned    timeout;
} actions[MUSTER_STEP_N_ACTIONS] = {
  [MUSTER_STEP_IDENTITY] = { "identity", TAKES_NOTHING, TIMEOUT_BOARD },
  [MUSTER_STEP_SELF_TEST] = { "self-test", TAKES_NOTHING, TIMEOUT_BOARD },
  [MUSTER_STEP_READ] = { "read", TAKES_METRIC | TAKES_LIMITS, TIMEOUT_BOARD },
  [MUSTER_STEP_WRITE] = { "write", TAKES_METRIC | TAKES_VALUE, TIMEOUT_BOARD },
  [MUSTER_STEP_BLINK] = { "blink", TAKES_TEXT, TIMEOUT_PERSON },
  [MUSTER_STEP_ASK] = { "ask", TAKES_TEXT | NEEDS_TEXT, TIMEOUT_PERSON },
  [MUSTER_STEP_REBOOT] = { "reboot", TAKES_NOTHING, TIMEOUT_REBOOT },
};

static const struct
{
  const char *name;
  unsigned    taken_by; /* 0: by every step */
} members[] = {
  { "name", 0 },
  { "action", 0 },
  { "timeout_ms", 0 },
  { "metric", TAKES_METRIC },
  { "value", TAKES_VALUE },
  { "minimum", TAKES_LIMITS },
  { "maximum", TAKES_LIMITS },
  { "unit", TAKES_LIMITS },
  { "text", TAKES_TEXT },
};

/* One step while it is read. */
typedef struct
{
  JsonObject        *object;
  const char        *pointer;
  MusterFieldErrors *errors;
} Reading;

const char *
muster_step_action_get_nick (MusterStepAction action)
{
  g_return_val_if_fail (action < MUSTER_STEP_N_ACTIONS, NULL);

  return actions[action].nick;
}

static void
test_step_free (gpointer data)
{
  MusterTestStep *self = data;

  g_free (self->name);
  g_free (self->metric);
  g_free (self->unit);
  g_free (self->text);
  g_free (self);
}

static void G_GNUC_PRINTF (3, 4)
  refuse (Reading *reading, const char *name, const char *format, ...)
{
  g_autofree char *pointer = muster_json_pointer_append (reading->pointer, name);
  g_autofree char *detail = NULL;
  va_list          args;

  va_start (args, format);
  detail = g_strdup_vprintf (format, args);
  va_end (args);
  muster_field_errors_add (reading->errors, pointer, "%s", detail);
}

/* The member, where it is there and not null. */
static JsonNode *
get_member (Reading *reading, const char *name)
{
  JsonNode *node = json_object_get_member (reading->object, name);

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

static char *
read_text (Reading *reading, const char *name, glong maximum, gboolean is_needed)
{
  JsonNode   *node = get_member (reading, name);
  const char *text = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
                       ? json_node_get_string (node)
                       : NULL;

  if (node == NULL && !is_needed)
    return NULL;
  if (text != NULL && *text != '\0' && g_utf8_strlen (text, -1) <= maximum)
    return g_strdup (text);
  refuse (reading, name, "must be a text of 1 to %ld characters", maximum);
  return NULL;
}

static double
read_number (Reading *reading, const char *name, gboolean is_needed)
{
  JsonNode *node = get_member (reading, name);
  GType     type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (node == NULL && !is_needed)
    return NAN;
  if (type == G_TYPE_BOOLEAN && is_needed)
    return json_node_get_boolean (node);
  if ((type == G_TYPE_INT64 || type == G_TYPE_DOUBLE) && isfinite (json_node_get_double (node)))
    return json_node_get_double (node);
  refuse (reading, name, is_needed ? "must be a number, true or false" : "must be a number");
  return NAN;
}

static gboolean
read_action (Reading *reading, MusterStepAction *action)
{
  JsonNode   *node = get_member (reading, "action");
  const char *nick = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
                       ? json_node_get_string (node)
                       : NULL;

  for (unsigned i = 0; i < MUSTER_STEP_N_ACTIONS; i++)
    if (g_strcmp0 (nick, actions[i].nick) == 0)
      {
        *action = i;
        return TRUE;
      }
  refuse (reading, "action", "must be identity, self-test, read, write, blink, ask or reboot");
  return FALSE;
}

static unsigned
read_timeout (Reading *reading, MusterStepAction action)
{
  JsonNode *node = get_member (reading, "timeout_ms");
  gint64    timeout =
    node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : -1;

  if (node == NULL)
    return actions[action].timeout;
  if (timeout < TIMEOUT_LEAST || timeout > TIMEOUT_MOST)
    refuse (reading, "timeout_ms", "must be a whole number from %d to %d", TIMEOUT_LEAST,
            TIMEOUT_MOST);
  return (unsigned)CLAMP (timeout, TIMEOUT_LEAST, TIMEOUT_MOST);
}

/* No member that is none, or that this sort of step does not heed: it would seem to be checked. */
static void
check_members (Reading *reading, unsigned taken, const char *nick)
{
  JsonObjectIter iter;
  const char    *name = NULL;

  json_object_iter_init (&iter, reading->object);
  while (json_object_iter_next (&iter, &name, NULL))
    {
      unsigned i = 0;

      while (i < G_N_ELEMENTS (members) && !g_str_equal (members[i].name, name))
        i++;
      if (i == G_N_ELEMENTS (members))
        refuse (reading, name, "is no member of a step");
      else if (members[i].taken_by != 0 && (members[i].taken_by & taken) == 0 &&
               get_member (reading, name) != NULL)
        refuse (reading, name, "is not for a step that is %s", nick);
    }
}

static void
read_limits (Reading *reading, MusterTestStep *step)
{
  step->minimum = read_number (reading, "minimum", FALSE);
  step->maximum = read_number (reading, "maximum", FALSE);
  step->unit = read_text (reading, "unit", UNIT_MAX_LENGTH, FALSE);
  if (step->minimum > step->maximum)
    refuse (reading, "minimum", "must not be above maximum");
}

static MusterTestStep *
read_step (Reading *reading)
{
  MusterTestStep *step = g_new0 (MusterTestStep, 1);
  unsigned        taken = 0;

  step->minimum = step->maximum = step->value = NAN;
  step->name = read_text (reading, "name", NAME_MAX_LENGTH, TRUE);
  if (!read_action (reading, &step->action))
    return step;
  taken = actions[step->action].members;
  check_members (reading, taken, actions[step->action].nick);
  step->timeout = read_timeout (reading, step->action);
  if (taken & TAKES_METRIC)
    step->metric = read_text (reading, "metric", METRIC_MAX_LENGTH, TRUE);
  if (taken & TAKES_VALUE)
    step->value = read_number (reading, "value", TRUE);
  if (taken & TAKES_LIMITS)
    read_limits (reading, step);
  if (taken & TAKES_TEXT)
    step->text = read_text (reading, "text", TEXT_MAX_LENGTH, (taken & NEEDS_TEXT) != 0);
  return step;
}

static void
read_steps (JsonArray *array, GPtrArray *steps, MusterFieldErrors *errors)
{
  guint n_steps = json_array_get_length (array);

  if (n_steps == 0 || n_steps > MUSTER_TEST_STEPS_MAX)
    muster_field_errors_add (errors, "/steps", "must have 1 to %d steps", MUSTER_TEST_STEPS_MAX);
  for (guint i = 0; i < MIN (n_steps, MUSTER_TEST_STEPS_MAX); i++)
    {
      JsonNode        *element = json_array_get_element (array, i);
      g_autofree char *pointer = g_strdup_printf ("/steps/%u", i);
      Reading          reading = { NULL, pointer, errors };

      if (!JSON_NODE_HOLDS_OBJECT (element))
        {
          muster_field_errors_add (errors, pointer, "must be an object");
          continue;
        }
      reading.object = json_node_get_object (element);
      g_ptr_array_add (steps, read_step (&reading));
    }
}

GPtrArray *
muster_test_steps_parse (const char *json, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (test_step_free);
  g_autoptr (JsonNode) node = json != NULL ? json_from_string (json, NULL) : NULL;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    read_steps (json_node_get_array (node), steps, errors);
  else
    muster_field_errors_add (errors, "/steps", "must be an array of steps");
  return muster_field_errors_check (errors, error) ? g_steal_pointer (&steps) : NULL;
}

gboolean
muster_test_step_is_within (const MusterTestStep *self, double measured)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return isfinite (measured) && !(measured < self->minimum) && !(measured > self->maximum);
}
