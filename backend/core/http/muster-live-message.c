/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-live-message"

#include "config.h"

#include "core/muster-bus.h"
#include "model/muster-error.h"
#include "muster-json-body.h"
#include "muster-live-message.h"

#define MAX_TEXT 260

static const char *const topics[] = {
  MUSTER_TOPIC_JOURNAL, MUSTER_TOPIC_TELEMETRY, MUSTER_TOPIC_DISCOVERY,    MUSTER_TOPIC_LIVE,
  MUSTER_TOPIC_EVENTS,  MUSTER_TOPIC_JOBS,      MUSTER_TOPIC_NOTIFICATION, MUSTER_TOPIC_ALERTS,
};
static const char *const ops[] = { [MUSTER_LIVE_SUBSCRIBE] = "subscribe",
                                   [MUSTER_LIVE_UNSUBSCRIBE] = "unsubscribe",
                                   [MUSTER_LIVE_PING] = "ping" };

void
muster_live_message_free (MusterLiveMessage *self)
{
  g_clear_pointer (&self->subjects, g_hash_table_unref);
  g_clear_pointer (&self->details, g_hash_table_unref);
  g_free (self->id);
  g_free (self);
}

static const char *
node_get_text (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

/* The member NAME as one of N_CHOICES, or -1. */
static int
read_choice (JsonObject        *object,
             const char        *name,
             const char *const *choices,
             unsigned           n_choices,
             MusterFieldErrors *errors)
{
  const char      *text = node_get_text (json_object_get_member (object, name));
  g_autofree char *pointer = g_strdup_printf ("/%s", name);
  g_autoptr (GString) list = g_string_new (NULL);

  for (unsigned i = 0; i < n_choices; i++)
    {
      if (g_strcmp0 (text, choices[i]) == 0)
        return i;
      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", choices[i]);
    }
  muster_field_errors_add (errors, pointer, "must be one of %s", list->str);
  return -1;
}

/* The member NAME as a set of at most MAXIMUM texts; NULL when it is not there. */
static GHashTable *
read_set (JsonObject *object, const char *name, unsigned maximum, MusterFieldErrors *errors)
{
  JsonNode *node = json_object_get_member (object, name);
  g_autoptr (GHashTable) set = NULL;
  g_autofree char *pointer = g_strdup_printf ("/%s", name);
  JsonArray       *array;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array == NULL || json_array_get_length (array) == 0 ||
      json_array_get_length (array) > maximum)
    {
      muster_field_errors_add (errors, pointer, "must be an array of 1 to %u texts", maximum);
      return NULL;
    }
  set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *text = node_get_text (json_array_get_element (array, i));

      if (text == NULL || *text == '\0' || g_utf8_strlen (text, -1) > MAX_TEXT)
        {
          muster_field_errors_add (errors, pointer, "must hold texts of 1 to %d characters",
                                   MAX_TEXT);
          return NULL;
        }
      g_hash_table_add (set, g_strdup (text));
    }
  return g_steal_pointer (&set);
}

static gint64
read_since (JsonObject *object, MusterFieldErrors *errors)
{
  JsonNode *node = json_object_get_member (object, "since");

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return -1;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64 &&
      json_node_get_int (node) >= 0)
    return json_node_get_int (node);
  muster_field_errors_add (errors, "/since", "must be a sequence number of the journal");
  return -1;
}

static char *
read_id (JsonObject *object, MusterFieldErrors *errors)
{
  const char *id = node_get_text (json_object_get_member (object, "id"));

  if (id != NULL && *id != '\0' && g_utf8_strlen (id, -1) <= 64)
    return g_strdup (id);
  muster_field_errors_add (errors, "/id", "must be a text of 1 to 64 characters");
  return NULL;
}

static void
refuse_unknown (JsonObject *object, MusterFieldErrors *errors)
{
  static const char *const known[] = { "op", "id", "topic", "subjects", "details", "since", NULL };
  JsonObjectIter           iter;
  const char              *name;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    if (!g_strv_contains (known, name))
      {
        g_autofree char *pointer = g_strdup_printf ("/%s", name);

        muster_field_errors_add (errors, pointer, "is not known here");
      }
}

static void
muster_live_message_read (MusterLiveMessage *self, JsonObject *object, MusterFieldErrors *errors)
{
  int op = read_choice (object, "op", ops, G_N_ELEMENTS (ops), errors);
  int topic;

  self->since = -1;
  if (op >= 0)
    self->op = op;
  if (op >= 0 && op != MUSTER_LIVE_PING)
    self->id = read_id (object, errors);
  if (op == MUSTER_LIVE_SUBSCRIBE)
    {
      topic = read_choice (object, "topic", topics, G_N_ELEMENTS (topics), errors);
      self->topic = topic >= 0 ? topics[topic] : NULL;
      self->subjects = read_set (object, "subjects", MUSTER_LIVE_MAX_SUBJECTS, errors);
      self->details = read_set (object, "details", MUSTER_LIVE_MAX_DETAILS, errors);
      self->since = read_since (object, errors);
      if (self->since >= 0 && g_strcmp0 (self->topic, MUSTER_TOPIC_JOURNAL) != 0)
        muster_field_errors_add (errors, "/since", "is for the topic journal alone");
    }
  refuse_unknown (object, errors);
}

MusterLiveMessage *
muster_live_message_parse (GBytes *frame, char **id, GError **error)
{
  g_autoptr (MusterLiveMessage) self = g_new0 (MusterLiveMessage, 1);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (JsonNode) node = muster_json_body_parse (frame, error);

  *id = NULL;
  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "the message must be a JSON object");
      return NULL;
    }
  muster_live_message_read (self, json_node_get_object (node), errors);
  if (muster_field_errors_check (errors, error))
    return g_steal_pointer (&self);
  *id = g_steal_pointer (&self->id);
  return NULL;
}
