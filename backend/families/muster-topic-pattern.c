/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-topic-pattern"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-topic-pattern.h"

/* A level: PREFIX NAME SUFFIX, or the text PREFIX alone. */
typedef struct
{
  char    *prefix;
  char    *suffix;
  gboolean captures;
  gboolean is_rest; /* this level and all behind it */
} Level;

struct _MusterTopicPattern
{
  Level      levels[MUSTER_TOPIC_MAX_LEVELS];
  unsigned   n_levels;
  char      *filter;
  GPtrArray *names; /* (element-type utf8), NULL-terminated */
};

gboolean
muster_topic_is_level (const char *text)
{
  return text != NULL && *text != '\0' && strpbrk (text, "/+#") == NULL;
}

gboolean
muster_topic_is_name (const char *text)
{
  return text != NULL && *text != '\0' && *text != '$' && strlen (text) <= MUSTER_TOPIC_MAX &&
         strpbrk (text, "+#") == NULL && g_utf8_validate (text, -1, NULL);
}

static gboolean
refuse (GError **error, const char *text, const char *why)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "topic %s: %s", text, why);
  return FALSE;
}

static gboolean
read_level (MusterTopicPattern *self, const char *text, const char *part, GError **error)
{
  Level           *level = &self->levels[self->n_levels++];
  const char      *open = strchr (part, '{');
  const char      *close = open != NULL ? strchr (open, '}') : NULL;
  g_autofree char *name = NULL;

  if (open == NULL)
    {
      level->prefix = g_strdup (part);
      level->suffix = g_strdup ("");
      return strpbrk (part, "}+#") == NULL || refuse (error, text, "names stand in { }");
    }
  level->prefix = g_strndup (part, open - part);
  level->suffix = g_strdup (close != NULL ? close + 1 : "");
  level->captures = TRUE;
  if (close == NULL || strpbrk (level->suffix, "{}+#") != NULL ||
      strpbrk (level->prefix, "}+#") != NULL)
    return refuse (error, text, "one name in { } a level, and no wildcards");
  name = g_strndup (open + 1, close - open - 1);
  level->is_rest = g_str_has_suffix (name, "...");
  if (level->is_rest)
    name[strlen (name) - 3] = '\0';
  if (*name == '\0' || self->names->len >= MUSTER_TOPIC_MAX_CAPTURES)
    return refuse (error, text, "names are not empty, and at most 16");
  if (level->is_rest && (*level->prefix != '\0' || *level->suffix != '\0'))
    return refuse (error, text, "a name for the rest stands alone");
  g_ptr_array_add (self->names, g_steal_pointer (&name));
  return TRUE;
}

static char *
make_filter (MusterTopicPattern *self)
{
  GString *filter = g_string_new (NULL);

  for (unsigned i = 0; i < self->n_levels; i++)
    {
      const Level *level = &self->levels[i];

      g_string_append (filter, i > 0 ? "/" : "");
      g_string_append (filter, level->is_rest ? "#" : level->captures ? "+" : level->prefix);
    }
  return g_string_free (filter, FALSE);
}

MusterTopicPattern *
muster_topic_pattern_new (const char *text, GError **error)
{
  g_autoptr (MusterTopicPattern) self = NULL;
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (MusterTopicPattern, 1);
  self->names = g_ptr_array_new_null_terminated (4, g_free, TRUE);
  parts = g_strsplit (text, "/", MUSTER_TOPIC_MAX_LEVELS + 1);
  if (*text == '\0' || strlen (text) > MUSTER_TOPIC_MAX || !g_utf8_validate (text, -1, NULL) ||
      g_strv_length (parts) > MUSTER_TOPIC_MAX_LEVELS)
    {
      refuse (error, "", "must be text of 1 to 32 levels");
      return NULL;
    }
  for (unsigned i = 0; parts[i] != NULL; i++)
    {
      if (!read_level (self, text, parts[i], error))
        return NULL;
      if (self->levels[i].is_rest && parts[i + 1] != NULL)
        {
          refuse (error, text, "a name for the rest stands at the end");
          return NULL;
        }
    }
  self->filter = make_filter (self);
  return g_steal_pointer (&self);
}

void
muster_topic_pattern_free (MusterTopicPattern *self)
{
  if (self == NULL)
    return;
  for (unsigned i = 0; i < self->n_levels; i++)
    {
      g_free (self->levels[i].prefix);
      g_free (self->levels[i].suffix);
    }
  g_ptr_array_unref (self->names);
  g_free (self->filter);
  g_free (self);
}

const char *
muster_topic_pattern_get_filter (const MusterTopicPattern *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->filter;
}

const char *const *
muster_topic_pattern_get_names (const MusterTopicPattern *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *)self->names->pdata;
}

/* What LEVEL's name stands for in the LENGTH bytes at TEXT; NULL: they do not match. "" where the
 * level has no name. */
static char *
match_level (const Level *level, const char *text, gsize length)
{
  gsize before = strlen (level->prefix);
  gsize behind = strlen (level->suffix);

  if (!level->captures)
    return length == before && memcmp (text, level->prefix, length) == 0 ? g_strdup ("") : NULL;
  if (length <= before + behind || memcmp (text, level->prefix, before) != 0 ||
      memcmp (text + length - behind, level->suffix, behind) != 0)
    return NULL;
  return g_strndup (text + before, length - before - behind);
}

char **
muster_topic_pattern_match (const MusterTopicPattern *self, const char *topic)
{
  g_autoptr (GStrvBuilder) captures = NULL;
  const char *at = topic;

  g_return_val_if_fail (self != NULL && topic != NULL, NULL);

  captures = g_strv_builder_new ();
  for (unsigned i = 0; i < self->n_levels; i++)
    {
      const Level     *level = &self->levels[i];
      gsize            length = level->is_rest ? strlen (at) : strcspn (at, "/");
      g_autofree char *capture = match_level (level, at, length);

      if (capture == NULL)
        return NULL;
      if (level->captures)
        g_strv_builder_add (captures, capture);
      at += length;
      if ((*at == '/') != (i + 1 < self->n_levels))
        return NULL;
      at += *at == '/';
    }
  return g_strv_builder_end (captures);
}

/* --- many of them --- */

typedef struct
{
  const MusterTopicPattern *pattern;
  gpointer                  data;
  guint64                   order;
} Entry;

typedef struct _Node Node;
struct _Node
{
  GHashTable *children; /* (owned) (nullable): text of a level → Node */
  Node       *any;      /* (owned) (nullable): of a level with a name */
  GArray     *entries;  /* (owned) (nullable): patterns that end here */
  GArray     *rests;    /* (owned) (nullable): patterns whose rest begins here */
};

struct _MusterTopicTree
{
  Node   *root;
  guint64 n_added;
};

static void
node_free (gpointer data)
{
  Node *self = data;

  if (self == NULL)
    return;
  g_clear_pointer (&self->children, g_hash_table_unref);
  node_free (self->any);
  g_clear_pointer (&self->entries, g_array_unref);
  g_clear_pointer (&self->rests, g_array_unref);
  g_free (self);
}

MusterTopicTree *
muster_topic_tree_new (void)
{
  MusterTopicTree *self = g_new0 (MusterTopicTree, 1);

  self->root = g_new0 (Node, 1);
  return self;
}

void
muster_topic_tree_free (MusterTopicTree *self)
{
  if (self == NULL)
    return;
  node_free (self->root);
  g_free (self);
}

static Node *
node_ensure_child (Node *self, const Level *level)
{
  Node *child = NULL;

  if (level->captures)
    {
      if (self->any == NULL)
        self->any = g_new0 (Node, 1);
      return self->any;
    }
  if (self->children == NULL)
    self->children = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, node_free);
  child = g_hash_table_lookup (self->children, level->prefix);
  if (child == NULL)
    {
      child = g_new0 (Node, 1);
      g_hash_table_insert (self->children, g_strdup (level->prefix), child);
    }
  return child;
}

void
muster_topic_tree_add (MusterTopicTree *self, const MusterTopicPattern *pattern, gpointer data)
{
  Entry    entry = { .pattern = pattern, .data = data };
  Node    *node = NULL;
  GArray **list = NULL;

  g_return_if_fail (self != NULL && pattern != NULL);

  entry.order = self->n_added++;
  node = self->root;
  for (unsigned i = 0; i < pattern->n_levels && !pattern->levels[i].is_rest; i++)
    node = node_ensure_child (node, &pattern->levels[i]);
  list = pattern->levels[pattern->n_levels - 1].is_rest ? &node->rests : &node->entries;
  if (*list == NULL)
    *list = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_append_val (*list, entry);
}

static gboolean
node_is_empty (const Node *self)
{
  return self->any == NULL && self->entries == NULL && self->rests == NULL &&
         (self->children == NULL || g_hash_table_size (self->children) == 0);
}

static void
list_remove (GArray **list, const MusterTopicPattern *pattern, gpointer data)
{
  for (guint i = 0; *list != NULL && i < (*list)->len; i++)
    if (g_array_index (*list, Entry, i).pattern == pattern &&
        g_array_index (*list, Entry, i).data == data)
      {
        g_array_remove_index (*list, i);
        if ((*list)->len == 0)
          g_clear_pointer (list, g_array_unref);
        return;
      }
}

/* Empty nodes go with the last pattern in them. */
static void
node_remove (Node *self, const MusterTopicPattern *pattern, unsigned depth, gpointer data)
{
  const Level *level = &pattern->levels[depth];
  Node        *child = NULL;

  if (depth == pattern->n_levels || level->is_rest)
    {
      list_remove (depth == pattern->n_levels ? &self->entries : &self->rests, pattern, data);
      return;
    }
  child = level->captures          ? self->any
          : self->children != NULL ? g_hash_table_lookup (self->children, level->prefix)
                                   : NULL;
  if (child == NULL)
    return;
  node_remove (child, pattern, depth + 1, data);
  if (!node_is_empty (child))
    return;
  if (level->captures)
    g_clear_pointer (&self->any, node_free);
  else
    g_hash_table_remove (self->children, level->prefix);
}

void
muster_topic_tree_remove (MusterTopicTree *self, const MusterTopicPattern *pattern, gpointer data)
{
  g_return_if_fail (self != NULL && pattern != NULL);

  node_remove (self->root, pattern, 0, data);
}

static void
collect (GArray *list, GArray *found)
{
  if (list != NULL)
    g_array_append_vals (found, list->data, list->len);
}

static void
node_match (const Node *self, const char *at, unsigned depth, GArray *found)
{
  gsize            length = strcspn (at, "/");
  g_autofree char *level = NULL;
  const Node      *next[2] = { self->any, NULL };

  collect (self->rests, found);
  if (depth >= MUSTER_TOPIC_MAX_LEVELS)
    return;
  if (self->children != NULL)
    {
      level = g_strndup (at, length);
      next[1] = g_hash_table_lookup (self->children, level);
    }
  for (unsigned i = 0; i < G_N_ELEMENTS (next); i++)
    if (next[i] != NULL && at[length] == '/')
      node_match (next[i], at + length + 1, depth + 1, found);
    else if (next[i] != NULL)
      collect (next[i]->entries, found);
}

void
muster_topic_match_free (MusterTopicMatch *self)
{
  g_strfreev (self->captures);
  g_free (self);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = a;
  const Entry *y = b;

  return x->order < y->order ? -1 : x->order > y->order;
}

GPtrArray *
muster_topic_tree_match (MusterTopicTree *self, const char *topic)
{
  g_autoptr (GArray) found = NULL;
  GPtrArray *matches = NULL;

  g_return_val_if_fail (self != NULL && topic != NULL, NULL);

  found = g_array_new (FALSE, FALSE, sizeof (Entry));
  node_match (self->root, topic, 0, found);
  g_array_sort (found, compare_entries);
  for (guint i = 0; i < found->len; i++)
    {
      const Entry      *entry = &g_array_index (found, Entry, i);
      char            **captures = muster_topic_pattern_match (entry->pattern, topic);
      MusterTopicMatch *match = NULL;

      if (captures == NULL)
        continue;
      match = g_new (MusterTopicMatch, 1);
      *match = (MusterTopicMatch){ entry->pattern, entry->data, captures };
      if (matches == NULL)
        matches = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_topic_match_free);
      g_ptr_array_add (matches, match);
    }
  return matches;
}
