/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-unknown-nodes"

#include "config.h"

#include "model/muster-entity.h"
#include "model/muster-time.h"
#include "muster-unknown-nodes.h"

#define MAX_NODES 1000

typedef struct
{
  char   *group_id;
  char   *node_id;
  gint64  first_seen;
  gint64  last_seen;
  guint64 n_messages;
  GList   link; /* in the order of silence */
} Node;

struct _MusterUnknownNodes
{
  GHashTable *nodes;  /* (owned) (owned) Node, its own key */
  GQueue      recent; /* newest first */
};

static guint
node_hash (gconstpointer key)
{
  const Node *node = key;

  return g_str_hash (node->group_id) * 31 + g_str_hash (node->node_id);
}

static gboolean
node_equal (gconstpointer a, gconstpointer b)
{
  const Node *one = a, *other = b;

  return g_str_equal (one->group_id, other->group_id) && g_str_equal (one->node_id, other->node_id);
}

static void
node_free (gpointer data)
{
  Node *node = data;

  g_free (node->group_id);
  g_free (node->node_id);
  g_free (node);
}

MusterUnknownNodes *
muster_unknown_nodes_new (void)
{
  MusterUnknownNodes *self = g_new0 (MusterUnknownNodes, 1);

  self->nodes = g_hash_table_new_full (node_hash, node_equal, NULL, node_free);
  g_queue_init (&self->recent);
  return self;
}

void
muster_unknown_nodes_free (MusterUnknownNodes *self)
{
  g_hash_table_unref (self->nodes);
  g_free (self);
}

static Node *
find_node (MusterUnknownNodes *self, const char *group_id, const char *node_id)
{
  const Node key = { .group_id = (char *)group_id, .node_id = (char *)node_id };

  return g_hash_table_lookup (self->nodes, &key);
}

static void
drop_node (MusterUnknownNodes *self, Node *node)
{
  g_queue_unlink (&self->recent, &node->link);
  g_hash_table_remove (self->nodes, node);
}

void
muster_unknown_nodes_note (MusterUnknownNodes *self,
                           const char         *group_id,
                           const char         *node_id,
                           gint64              now)
{
  Node *node = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (group_id != NULL && node_id != NULL);

  node = find_node (self, group_id, node_id);
  if (node == NULL)
    {
      if (self->recent.length >= MAX_NODES)
        drop_node (self, self->recent.tail->data);
      node = g_new0 (Node, 1);
      node->group_id = g_strdup (group_id);
      node->node_id = g_strdup (node_id);
      node->first_seen = now;
      node->link.data = node;
      g_hash_table_add (self->nodes, node);
    }
  else
    g_queue_unlink (&self->recent, &node->link);
  g_queue_push_head_link (&self->recent, &node->link);
  node->last_seen = now;
  node->n_messages++;
}

gboolean
muster_unknown_nodes_remove (MusterUnknownNodes *self, const char *group_id, const char *node_id)
{
  Node *node = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  node = find_node (self, group_id, node_id);
  if (node != NULL)
    drop_node (self, node);
  return node != NULL;
}

unsigned
muster_unknown_nodes_count (MusterUnknownNodes *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->recent.length;
}

static void
encode_node (const Node *node, GString *json)
{
  char time[MUSTER_TIME_TEXT_LENGTH + 1];

  g_string_append (json, "{\"group_id\":");
  muster_json_append_string (json, node->group_id, -1);
  g_string_append (json, ",\"node_id\":");
  muster_json_append_string (json, node->node_id, -1);
  g_string_append_printf (json, ",\"first_seen\":\"%s\"",
                          muster_time_format (node->first_seen, time));
  g_string_append_printf (json, ",\"last_seen\":\"%s\"",
                          muster_time_format (node->last_seen, time));
  g_string_append_printf (json, ",\"messages\":%" G_GUINT64_FORMAT "}", node->n_messages);
}

void
muster_unknown_nodes_encode (MusterUnknownNodes *self, unsigned limit, GString *json)
{
  unsigned n = 0;

  g_return_if_fail (self != NULL && json != NULL);

  g_string_append_c (json, '[');
  for (GList *link = self->recent.head; link != NULL && n < limit; link = link->next, n++)
    {
      g_string_append (json, n > 0 ? "," : "");
      encode_node (link->data, json);
    }
  g_string_append_c (json, ']');
}
