/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-socket-filter"

#include "config.h"

#include <string.h>

#include "core/muster-journal.h"
#include "model/muster-error.h"
#include "muster-live-message.h"
#include "muster-socket-filter.h"
#include "muster-socket-packet.h"

typedef enum
{
  EVENT_MONITORING,
  EVENT_TELEMETRY,
  EVENT_ALERT,
  EVENT_DEVICE,
  EVENT_NOTIFICATION,
} SocketEvent;

static const char *const names[] = {
  [EVENT_MONITORING] = "monitoring", [EVENT_TELEMETRY] = "telemetry",       [EVENT_ALERT] = "alert",
  [EVENT_DEVICE] = "device",         [EVENT_NOTIFICATION] = "notification",
};

#define BIT(event) (1u << (event))

/* Which events may tell something of a topic. */
static const struct
{
  const char *topic;
  unsigned    events;
} topics[] = {
  { MUSTER_TOPIC_TELEMETRY, BIT (EVENT_MONITORING) | BIT (EVENT_TELEMETRY) },
  { MUSTER_TOPIC_JOURNAL, BIT (EVENT_ALERT) | BIT (EVENT_DEVICE) },
  { MUSTER_TOPIC_JOURNAL_MANY, BIT (EVENT_ALERT) | BIT (EVENT_DEVICE) },
  { MUSTER_TOPIC_LIVE, BIT (EVENT_DEVICE) },
  { MUSTER_TOPIC_NOTIFICATION, BIT (EVENT_NOTIFICATION) },
};

void
muster_socket_filter_init (MusterSocketFilter *self)
{
  *self = (MusterSocketFilter){ .events = BIT (EVENT_MONITORING) | BIT (EVENT_ALERT) |
                                          BIT (EVENT_DEVICE) | BIT (EVENT_NOTIFICATION) };
}

void
muster_socket_filter_clear (MusterSocketFilter *self)
{
  g_clear_pointer (&self->devices, g_hash_table_unref);
  g_clear_pointer (&self->metrics, g_hash_table_unref);
}

/* --- what the client asks for --- */

/* The texts of the member NAME, into SET; FALSE where it is left out, or wrong. */
static gboolean
read_set (JsonObject        *object,
          const char        *name,
          unsigned           maximum,
          GHashTable       **set,
          MusterFieldErrors *errors)
{
  JsonNode        *node = json_object_get_member (object, name);
  g_autofree char *pointer = g_strconcat ("/", name, NULL);
  JsonArray       *array = NULL;
  g_autoptr (GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  *set = NULL;
  if (node == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array != NULL && json_array_get_length (array) <= maximum)
    for (guint i = 0; i < json_array_get_length (array); i++)
      {
        JsonNode *element = json_array_get_element (array, i);

        if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_STRING)
          array = NULL;
        else
          g_hash_table_add (texts, g_strdup (json_node_get_string (element)));
        if (array == NULL)
          break;
      }
  if (array == NULL)
    {
      muster_field_errors_add (errors, pointer, "must be an array of at most %u texts, or null",
                               maximum);
      return FALSE;
    }
  *set = g_steal_pointer (&texts);
  return TRUE;
}

static void
read_events (GHashTable *set, unsigned *events, MusterFieldErrors *errors)
{
  unsigned n_known = 0;

  *events = set == NULL ? BIT (G_N_ELEMENTS (names)) - 1 : 0;
  for (guint i = 0; set != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_hash_table_contains (set, names[i]))
      {
        *events |= BIT (i);
        n_known++;
      }
  if (set != NULL && n_known < g_hash_table_size (set))
    muster_field_errors_add (errors, "/events",
                             "must be monitoring, telemetry, alert, device or notification");
}

gboolean
muster_socket_filter_read (MusterSocketFilter *self, JsonObject *object, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GHashTable) events = NULL;
  g_autoptr (GHashTable) devices = NULL;
  g_autoptr (GHashTable) metrics = NULL;
  gboolean has_events = read_set (object, "events", G_N_ELEMENTS (names), &events, errors);
  gboolean has_devices = read_set (object, "devices", MUSTER_LIVE_MAX_SUBJECTS, &devices, errors);
  gboolean has_metrics = read_set (object, "metrics", MUSTER_LIVE_MAX_DETAILS, &metrics, errors);
  unsigned bits = self->events;

  if (has_events)
    read_events (events, &bits, errors);
  if (!muster_field_errors_check (errors, error))
    return FALSE;
  self->events = bits;
  if (has_devices)
    {
      g_clear_pointer (&self->devices, g_hash_table_unref);
      self->devices = g_steal_pointer (&devices);
    }
  if (has_metrics)
    {
      g_clear_pointer (&self->metrics, g_hash_table_unref);
      self->metrics = g_steal_pointer (&metrics);
    }
  return TRUE;
}

/* --- what it is told --- */

static unsigned
get_events (const MusterSocketFilter *self, const char *topic)
{
  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    if (strcmp (topics[i].topic, topic) == 0)
      return topics[i].events & self->events;
  return 0;
}

gboolean
muster_socket_filter_listens (const MusterSocketFilter *self, const char *topic)
{
  return get_events (self, topic) != 0;
}

/* Those of EVENTS that EVENT is told as. */
static unsigned
narrow (const MusterSocketFilter *self, MusterEvent *event, unsigned events)
{
  const char *topic = muster_event_get_topic (event);
  const char *subject = muster_event_get_subject (event);

  if (strcmp (topic, MUSTER_TOPIC_JOURNAL) == 0)
    {
      const char *entity = muster_journal_entry_get_entity (muster_event_get_payload (event));

      if (strcmp (entity, "alert") == 0)
        return events & BIT (EVENT_ALERT);
      return strcmp (entity, "device") == 0 ? events & BIT (EVENT_DEVICE) : 0;
    }
  if (self->devices == NULL ||
      (strcmp (topic, MUSTER_TOPIC_TELEMETRY) != 0 && strcmp (topic, MUSTER_TOPIC_LIVE) != 0))
    return events;
  return subject != NULL && g_hash_table_contains (self->devices, subject) ? events : 0;
}

const char **
muster_socket_filter_list_names (const MusterSocketFilter *self, MusterEvent *event)
{
  unsigned     events = narrow (self, event, get_events (self, muster_event_get_topic (event)));
  const char **list = g_new0 (const char *, G_N_ELEMENTS (names) + 1);
  unsigned     n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (events & BIT (i))
      list[n++] = names[i];
  return list;
}

/* The members of the object TEXT behind those that JSON has. */
static void
append_members (GString *json, const char *text, gsize length)
{
  if (length > 2 && text[0] == '{')
    {
      g_string_append_c (json, ',');
      g_string_append_len (json, text + 1, length - 2);
    }
}

static void
append_entry (MusterJournalEntry *entry, GString *json)
{
  static const char *const actions[] = { [MUSTER_JOURNAL_INSERT] = "insert",
                                         [MUSTER_JOURNAL_UPDATE] = "update",
                                         [MUSTER_JOURNAL_DELETE] = "delete" };
  JsonObject              *after = muster_journal_entry_get_after (entry);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  g_string_append_printf (json, "{\"action\":\"%s\",\"sequence\":%" G_GINT64_FORMAT,
                          actions[muster_journal_entry_get_action (entry)],
                          muster_journal_entry_get_sequence (entry));
  if (after == NULL || !json_object_has_member (after, "id"))
    g_string_append_printf (json, ",\"id\":\"%s\"", muster_journal_entry_get_entity_id (entry));
  if (after != NULL)
    {
      node = json_node_new (JSON_NODE_OBJECT);
      json_node_set_object (node, after);
      text = json_to_string (node, FALSE);
      append_members (json, text, strlen (text));
    }
  g_string_append_c (json, '}');
}

static void
append_live (MusterEvent *event, GString *json)
{
  gsize       length;
  const char *text = g_bytes_get_data (muster_event_get_json (event), &length);

  g_string_append_printf (json, "{\"action\":\"live\",\"id\":\"%s\"",
                          muster_event_get_subject (event));
  append_members (json, text, length);
  g_string_append_c (json, '}');
}

char *
muster_socket_filter_format (const MusterSocketFilter *self, const char *name, MusterEvent *event)
{
  const char *topic = muster_event_get_topic (event);
  g_autoptr (GString) text = muster_socket_packet_begin (MUSTER_SOCKET_EVENT, "/", -1);

  g_string_append_printf (text, "[\"%s\",", name);
  if (strcmp (topic, MUSTER_TOPIC_JOURNAL) == 0)
    append_entry (muster_event_get_payload (event), text);
  else if (strcmp (topic, MUSTER_TOPIC_JOURNAL_MANY) == 0)
    g_string_append (text, "{\"action\":\"many\"}");
  else if (strcmp (topic, MUSTER_TOPIC_LIVE) == 0)
    append_live (event, text);
  else if (!muster_event_encode (event,
                                 strcmp (topic, MUSTER_TOPIC_TELEMETRY) == 0 ? self->metrics : NULL,
                                 text))
    return NULL;
  g_string_append_c (text, ']');
  return g_string_free_and_steal (g_steal_pointer (&text));
}

void
muster_socket_filter_append_names (const MusterSocketFilter *self, GString *json)
{
  gboolean is_first = TRUE;

  g_string_append_c (json, '[');
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (self->events & BIT (i))
      {
        g_string_append_printf (json, "%s\"%s\"", is_first ? "" : ",", names[i]);
        is_first = FALSE;
      }
  g_string_append_c (json, ']');
}
