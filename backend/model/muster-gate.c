/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-gate"

#include "config.h"

#include "muster-gate.h"
#include "muster-number.h"

const char *const muster_gate_subjects[] = { "metric", "errors", "reboots", NULL };
const char *const muster_gate_directions[] = { "higher", "lower", NULL };
const char *const muster_gate_references[] = { "any", "before", "rest", NULL };
const char *const muster_gate_doubts[] = { "go_on", "stop", NULL };

static void
watch_clear (gpointer data)
{
  g_free (((MusterGateWatch *)data)->metric);
}

static void
refuse (MusterFieldErrors *errors, const char *pointer, const char *name, const char *what)
{
  g_autofree char *full = g_strdup_printf ("%s/%s", pointer, name);

  muster_field_errors_add (errors, full, "%s", what);
}

/* Which of WORDS the member NAME is; that at 0 where it is left out. */
static unsigned
read_word (JsonObject        *object,
           const char        *name,
           const char *const *words,
           const char        *pointer,
           MusterFieldErrors *errors)
{
  JsonNode        *node = json_object_get_member (object, name);
  g_autofree char *listed = NULL;
  g_autofree char *what = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return 0;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    for (unsigned i = 0; words[i] != NULL; i++)
      if (g_str_equal (words[i], json_node_get_string (node)))
        return i;
  listed = g_strjoinv (", ", (char **)words);
  what = g_strdup_printf ("must be one of %s", listed);
  refuse (errors, pointer, name, what);
  return 0;
}

static double
read_number (JsonObject        *object,
             const char        *name,
             double             least,
             double             most,
             double             otherwise,
             const char        *pointer,
             MusterFieldErrors *errors)
{
  JsonNode        *node = json_object_get_member (object, name);
  GType            type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;
  g_autofree char *low = muster_number_format (least, 6);
  g_autofree char *high = muster_number_format (most, 6);
  g_autofree char *what = g_strdup_printf ("must be a number from %s to %s", low, high);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return otherwise;
  if ((type == G_TYPE_INT64 || type == G_TYPE_DOUBLE) && json_node_get_double (node) >= least &&
      json_node_get_double (node) <= most)
    return json_node_get_double (node);
  refuse (errors, pointer, name, what);
  return otherwise;
}

static void
read_metric (MusterGateWatch   *watch,
             JsonObject        *object,
             const char        *pointer,
             MusterFieldErrors *errors)
{
  JsonNode   *node = json_object_get_member (object, "metric");
  const char *name = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
                       ? json_node_get_string (node)
                       : NULL;

  watch->metric = g_strdup (name);
  if (watch->subject == MUSTER_GATE_WATCH_METRIC &&
      (name == NULL || *name == '\0' || g_utf8_strlen (name, -1) > MUSTER_GATE_METRIC_MAX))
    refuse (errors, pointer, "metric", "must name a metric, of at most 200 characters");
  else if (watch->subject != MUSTER_GATE_WATCH_METRIC && node != NULL)
    refuse (errors, pointer, "metric", "is for a watch of a metric");
}

static void
check_members (JsonObject *object, const char *pointer, MusterFieldErrors *errors)
{
  static const char *const known[] = { "watch",  "metric",  "worse",  "tolerance", "alpha",
                                       "before", "against", "unsure", NULL };
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (known, member->data))
      refuse (errors, pointer, member->data, "is not known of a gate");
}

static void
read_watch (GArray *watches, JsonNode *node, const char *pointer, MusterFieldErrors *errors)
{
  MusterGateWatch watch = { 0 };
  JsonObject     *object = NULL;
  unsigned        reference;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      muster_field_errors_add (errors, pointer, "must be an object, or an array of objects");
      return;
    }
  object = json_node_get_object (node);
  check_members (object, pointer, errors);
  watch.subject = read_word (object, "watch", muster_gate_subjects, pointer, errors);
  read_metric (&watch, object, pointer, errors);
  watch.worse_is_lower = read_word (object, "worse", muster_gate_directions, pointer, errors) == 1;
  if (watch.worse_is_lower && watch.subject != MUSTER_GATE_WATCH_METRIC)
    refuse (errors, pointer, "worse", "is for a watch of a metric: more errors are worse");
  reference = read_word (object, "against", muster_gate_references, pointer, errors);
  watch.against_before = reference != 2;
  watch.against_rest = reference != 1;
  watch.stops_unsure = read_word (object, "unsure", muster_gate_doubts, pointer, errors) == 1;
  watch.tolerance =
    read_number (object, "tolerance", 0, MUSTER_GATE_TOLERANCE_MAX, 0, pointer, errors);
  watch.alpha = read_number (object, "alpha", MUSTER_GATE_ALPHA_MIN, MUSTER_GATE_ALPHA_MAX,
                             MUSTER_GATE_ALPHA_DEFAULT, pointer, errors);
  watch.before =
    (gint64)read_number (object, "before", MUSTER_GATE_BEFORE_MIN, MUSTER_GATE_BEFORE_MAX,
                         MUSTER_GATE_BEFORE_DEFAULT, pointer, errors) *
    G_USEC_PER_SEC;
  g_array_append_val (watches, watch);
}

static void
read_watches (GArray *watches, JsonArray *array, MusterFieldErrors *errors)
{
  unsigned n = json_array_get_length (array);

  if (n < 1 || n > MUSTER_GATE_WATCHES_MAX)
    muster_field_errors_add (errors, "/gate", "must have 1 to %d objects", MUSTER_GATE_WATCHES_MAX);
  for (unsigned i = 0; i < MIN (n, MUSTER_GATE_WATCHES_MAX); i++)
    {
      g_autofree char *pointer = g_strdup_printf ("/gate/%u", i);

      read_watch (watches, json_array_get_element (array, i), pointer, errors);
    }
}

GArray *
muster_gate_read (const char *gate, MusterFieldErrors *errors)
{
  g_autoptr (GArray) watches = g_array_new (FALSE, TRUE, sizeof (MusterGateWatch));
  g_autoptr (JsonNode) node = gate != NULL ? json_from_string (gate, NULL) : NULL;

  g_return_val_if_fail (errors != NULL, NULL);

  g_array_set_clear_func (watches, watch_clear);
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    read_watches (watches, json_node_get_array (node), errors);
  else if (node != NULL)
    read_watch (watches, node, "/gate", errors);
  return g_steal_pointer (&watches);
}
