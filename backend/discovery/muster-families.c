/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-families"

#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "model/muster-device.h"
#include "muster-discovery-resources.h"
#include "muster-families.h"

#define MAX_ROWS 1000
#define MAX_TITLE 200
#define MAX_TEXT 120
#define MAX_SERIAL 64
#define MAX_VERSION 64

typedef struct
{
  char         *key;
  GPatternSpec *glob;
  int           kind; /* of a `kinds` rule */
} Rule;

typedef struct
{
  MusterFamily public; /* first: handed out */
  char        **types;
  GPatternSpec *name;    /* (nullable) */
  GPtrArray    *txt;     /* (element-type Rule) */
  GPtrArray    *kinds;   /* (element-type Rule) */
  GRegex       *pattern; /* (nullable) */
  char        **mac;
  char        **serial;
  char        **id;
  char        **title;
  char        **maker;
  char        **model;
  char        **version;
} Row;

struct _MusterFamilies
{
  GObject    parent_instance;
  GPtrArray *rows;  /* (element-type Row) */
  GPtrArray *types; /* (element-type utf8), NULL-terminated */
  Row       *unknown;
};

G_DEFINE_FINAL_TYPE (MusterFamilies, muster_families, G_TYPE_OBJECT)

static void
rule_free (gpointer data)
{
  Rule *rule = data;

  g_free (rule->key);
  g_pattern_spec_free (rule->glob);
  g_free (rule);
}

static Row *
row_new (void)
{
  Row *row = g_new0 (Row, 1);

  row->txt = g_ptr_array_new_with_free_func (rule_free);
  row->kinds = g_ptr_array_new_with_free_func (rule_free);
  row->public.kind = muster_enum_parse (&muster_device_kind_enum, "other");
  return row;
}

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free ((char *)row->public.family);
  g_free ((char *)row->public.manufacturer);
  g_strfreev (row->types);
  g_clear_pointer (&row->name, g_pattern_spec_free);
  g_ptr_array_unref (row->txt);
  g_ptr_array_unref (row->kinds);
  g_clear_pointer (&row->pattern, g_regex_unref);
  g_strfreev (row->mac);
  g_strfreev (row->serial);
  g_strfreev (row->id);
  g_strfreev (row->title);
  g_strfreev (row->maker);
  g_strfreev (row->model);
  g_strfreev (row->version);
  g_free (row);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Row, row_free)

/* --- loading --- */

static GPatternSpec *
new_glob (const char *glob)
{
  g_autofree char *lower = g_utf8_strdown (glob, -1);

  return g_pattern_spec_new (lower);
}

static gboolean
refuse (GError **error, const char *member, const char *what)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "%s: %s", member, what);
  return FALSE;
}

static const char *
read_text (JsonNode *node, const char *member, GError **error)
{
  const char *text =
    json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;

  if (text == NULL || *text == '\0')
    {
      refuse (error, member, "must be a text that is not empty");
      return NULL;
    }
  return text;
}

static gboolean
read_list (JsonNode *node, const char *member, char ***list, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) == 0)
    return refuse (error, member, "must be an array that is not empty");
  array = json_node_get_array (node);
  for (unsigned i = 0; i < json_array_get_length (array); i++)
    {
      const char *text = read_text (json_array_get_element (array, i), member, error);

      if (text == NULL)
        return FALSE;
      g_strv_builder_add (builder, text);
    }
  *list = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_kind (JsonNode *node, const char *member, int *kind, GError **error)
{
  const char *nick = read_text (node, member, error);

  if (nick == NULL)
    return FALSE;
  *kind = muster_enum_parse (&muster_device_kind_enum, nick);
  return *kind >= 0 || refuse (error, member, "must be a kind of device");
}

static gboolean
read_txt (JsonNode *node, Row *row, GError **error)
{
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, "txt", "must be an object of key to glob");
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      const char *glob = read_text (value, "txt", error);
      Rule       *rule;

      if (glob == NULL)
        return FALSE;
      rule = g_new0 (Rule, 1);
      rule->key = g_strdup (key);
      rule->glob = new_glob (glob);
      g_ptr_array_add (row->txt, rule);
    }
  return TRUE;
}

static gboolean
read_kinds (JsonNode *node, Row *row, GError **error)
{
  JsonObject    *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode      *map = object != NULL ? json_object_get_member (object, "map") : NULL;
  JsonNode      *key_node = object != NULL ? json_object_get_member (object, "key") : NULL;
  const char    *key = key_node != NULL ? read_text (key_node, "kinds", error) : NULL;
  JsonObjectIter iter;
  const char    *glob;
  JsonNode      *value;

  if (key_node != NULL && key == NULL)
    return FALSE;
  if (key == NULL || map == NULL || !JSON_NODE_HOLDS_OBJECT (map) ||
      json_object_get_size (object) != 2)
    return refuse (error, "kinds", "must be an object of key and map");
  json_object_iter_init_ordered (&iter, json_node_get_object (map));
  while (json_object_iter_next_ordered (&iter, &glob, &value))
    {
      int   kind;
      Rule *rule;

      if (!read_kind (value, "kinds", &kind, error))
        return FALSE;
      rule = g_new0 (Rule, 1);
      rule->key = g_strdup (key);
      rule->glob = new_glob (glob);
      rule->kind = kind;
      g_ptr_array_add (row->kinds, rule);
    }
  return TRUE;
}

/* Of what introduces itself, at the broker or by asking for updates: nothing that DNS-SD could
 * browse. */
static gboolean
is_told (const char *type)
{
  return g_str_has_suffix (type, "._mqtt") || g_str_has_suffix (type, "._http");
}

static gboolean
read_types (JsonNode *node, Row *row, GError **error)
{
  if (!read_list (node, "types", &row->types, error))
    return FALSE;
  for (unsigned i = 0; row->types[i] != NULL; i++)
    if (!g_str_equal (row->types[i], "*") &&
        !(row->types[i][0] == '_' &&
          (g_str_has_suffix (row->types[i], "._tcp") || g_str_has_suffix (row->types[i], "._udp") ||
           is_told (row->types[i]))))
      return refuse (error, "types", "must be service types like _http._tcp");
  return TRUE;
}

static gboolean
read_choice (JsonNode          *node,
             const char        *member,
             const char *const *choices,
             const char        *what,
             int               *choice,
             GError           **error)
{
  const char *text = read_text (node, member, error);

  if (text == NULL)
    return FALSE;
  for (int i = 0; choices[i] != NULL; i++)
    if (g_str_equal (choices[i], text))
      {
        *choice = i;
        return TRUE;
      }
  return refuse (error, member, what);
}

static gboolean
read_pattern (JsonNode *node, Row *row, GError **error)
{
  const char *text = read_text (node, "pattern", error);
  g_autoptr (GError) cause = NULL;

  if (text == NULL)
    return FALSE;
  row->pattern = g_regex_new (text, G_REGEX_CASELESS, 0, &cause);
  return row->pattern != NULL || refuse (error, "pattern", cause->message);
}

static gboolean
read_port (JsonNode *node, Row *row, GError **error)
{
  gint64 port = json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;

  if (port < 1 || port > G_MAXUINT16)
    return refuse (error, "port", "must be a number from 1 to 65535");
  row->public.port = port;
  return TRUE;
}

static gboolean
read_rule_member (Row *row, const char *member, JsonNode *node, GError **error)
{
  static const char *const host_links[] = { "unless_conflict", "always", "never", NULL };
  static const char *const probes[] = { "tcp", "http", "none", NULL };
  const char              *text = NULL;
  int                      choice = 0;

  if (g_str_equal (member, "kind"))
    return read_kind (node, "kind", &row->public.kind, error);
  if (g_str_equal (member, "kinds"))
    return read_kinds (node, row, error);
  if (g_str_equal (member, "txt"))
    return read_txt (node, row, error);
  if (g_str_equal (member, "pattern"))
    return read_pattern (node, row, error);
  if (g_str_equal (member, "port"))
    return read_port (node, row, error);
  if (g_str_equal (member, "host"))
    {
      if (!read_choice (node, member, host_links, "must be unless_conflict, always or never",
                        &choice, error))
        return FALSE;
      row->public.host_link = choice;
      return TRUE;
    }
  if (g_str_equal (member, "probe"))
    {
      if (!read_choice (node, member, probes, "must be tcp, http or none", &choice, error))
        return FALSE;
      row->public.probe = choice;
      return TRUE;
    }
  text = read_text (node, member, error);
  if (text == NULL)
    return FALSE;
  if (g_str_equal (member, "family"))
    row->public.family = g_strdup (text);
  else if (g_str_equal (member, "manufacturer"))
    row->public.manufacturer = g_strdup (text);
  else if (g_str_equal (member, "name"))
    row->name = new_glob (text);
  else
    return refuse (error, member, "is no member of a row");
  return TRUE;
}

static gboolean
read_member (Row *row, const char *member, JsonNode *node, GError **error)
{
  const struct
  {
    const char *member;
    char     ***list;
  } lists[] = {
    { "mac", &row->mac },         { "serial", &row->serial }, { "id", &row->id },
    { "title", &row->title },     { "maker", &row->maker },   { "model", &row->model },
    { "version", &row->version },
  };

  if (g_str_equal (member, "types"))
    return read_types (node, row, error);
  for (unsigned i = 0; i < G_N_ELEMENTS (lists); i++)
    if (g_str_equal (lists[i].member, member))
      return read_list (node, member, lists[i].list, error);
  return read_rule_member (row, member, node, error);
}

static Row *
read_row (JsonNode *node, GError **error)
{
  g_autoptr (Row) row = row_new ();
  JsonObjectIter iter;
  const char    *member;
  JsonNode      *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "must be an object");
      return NULL;
    }
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &member, &value))
    if (!read_member (row, member, value, error))
      return NULL;
  if (row->public.family == NULL || row->types == NULL ||
      !json_object_has_member (json_node_get_object (node), "kind"))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "must have family, kind and types");
      return NULL;
    }
  return g_steal_pointer (&row);
}

static void
muster_families_collect_types (MusterFamilies *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = self->rows->pdata[i];

      for (unsigned j = 0; row->types[j] != NULL; j++)
        if (!g_str_equal (row->types[j], "*") && !is_told (row->types[j]) &&
            g_hash_table_add (seen, row->types[j]))
          g_ptr_array_add (self->types, row->types[j]);
    }
}

MusterFamilies *
muster_families_new_from_json (const char *json, gssize length, GError **error)
{
  g_autoptr (MusterFamilies) self = g_object_new (MUSTER_TYPE_FAMILIES, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) cause = NULL;
  JsonArray *rows;

  g_return_val_if_fail (json != NULL, NULL);

  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_data (parser, json, length, &cause))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "families: not JSON: %s",
                   cause->message);
      return NULL;
    }
  if (json_parser_get_root (parser) == NULL ||
      !JSON_NODE_HOLDS_ARRAY (json_parser_get_root (parser)))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                   "families: must be an array of rows");
      return NULL;
    }
  rows = json_node_get_array (json_parser_get_root (parser));
  if (json_array_get_length (rows) > MAX_ROWS)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE, "families: must be at most %u rows",
                   MAX_ROWS);
      return NULL;
    }
  for (unsigned i = 0; i < json_array_get_length (rows); i++)
    {
      Row *row = read_row (json_array_get_element (rows, i), error);

      if (row == NULL)
        {
          g_prefix_error (error, "families: /%u: ", i);
          return NULL;
        }
      row->public.rank = i;
      g_ptr_array_add (self->rows, row);
    }
  self->unknown->public.rank = self->rows->len;
  muster_families_collect_types (self);
  return g_steal_pointer (&self);
}

MusterFamilies *
muster_families_new (void)
{
  g_autoptr (GBytes) bytes = g_resource_lookup_data (muster_discovery_get_resource (),
                                                    "/org/muster/discovery/families.json", 0, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterFamilies) self = NULL;

  g_assert (bytes != NULL);
  self = muster_families_new_from_json (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                        &error);
  if (self == NULL)
    g_error ("the built-in table cannot be read: %s", error->message);
  return g_steal_pointer (&self);
}

/* --- classifying --- */

static gboolean
glob_matches (GPatternSpec *glob, const char *text)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);

  return g_pattern_spec_match_string (glob, lower);
}

static gboolean
rule_matches (const Rule *rule, MusterTxt *txt)
{
  const char *text = muster_txt_get_text (txt, rule->key);

  return muster_txt_has (txt, rule->key) && glob_matches (rule->glob, text != NULL ? text : "");
}

static gboolean
row_matches (const Row *row, MusterMdnsRecord *record)
{
  gboolean has_type = FALSE;

  for (unsigned i = 0; row->types[i] != NULL && !has_type; i++)
    has_type =
      g_str_equal (row->types[i], "*") || g_ascii_strcasecmp (row->types[i], record->type) == 0;
  if (!has_type)
    return FALSE;
  for (guint i = 0; i < row->txt->len; i++)
    if (!rule_matches (row->txt->pdata[i], record->txt))
      return FALSE;
  return row->name == NULL || glob_matches (row->name, record->name);
}

static char *
shorten (const char *text, glong max)
{
  return g_utf8_strlen (text, -1) <= max ? g_strdup (text) : g_utf8_substring (text, 0, max);
}

static char *
pick (char **keys, MusterTxt *txt, const char *found, glong max)
{
  for (unsigned i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      const char *text = muster_txt_get_text (txt, keys[i]);

      if (text != NULL)
        return shorten (text, max);
    }
  return found != NULL && *found != '\0' ? shorten (found, max) : NULL;
}

static char *
fetch (GMatchInfo *match, const char *group)
{
  return match != NULL && g_match_info_matches (match) ? g_match_info_fetch_named (match, group)
                                                       : NULL;
}

static char *
find_mac (const Row *row, MusterMdnsRecord *record, const char *found)
{
  g_autofree char *label = g_strndup (record->host, strcspn (record->host, "."));
  char            *mac = NULL;

  for (unsigned i = 0; mac == NULL && row->mac != NULL && row->mac[i] != NULL; i++)
    {
      const char *text = muster_txt_get_text (record->txt, row->mac[i]);

      mac = text != NULL ? muster_mac_normalize (text) : NULL;
    }
  if (mac == NULL && found != NULL)
    mac = muster_mac_normalize (found);
  if (mac == NULL)
    mac = muster_mac_from_tail (record->name);
  if (mac == NULL && row->public.host_link != MUSTER_HOST_NEVER)
    mac = muster_mac_from_tail (label);
  return mac;
}

static int
find_kind (const Row *row, MusterTxt *txt)
{
  for (guint i = 0; i < row->kinds->len; i++)
    {
      const Rule *rule = row->kinds->pdata[i];

      if (rule_matches (rule, txt))
        return rule->kind;
    }
  return row->public.kind;
}

static MusterClassification *
row_read (const Row *row, MusterMdnsRecord *record)
{
  MusterClassification *result = g_new0 (MusterClassification, 1);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *mac = NULL;
  g_autofree char *serial = NULL;
  g_autofree char *id = NULL;
  g_autofree char *model = NULL;
  g_autofree char *name = NULL;

  if (row->pattern != NULL)
    g_regex_match (row->pattern, record->name, 0, &match);
  mac = fetch (match, "mac");
  serial = fetch (match, "serial");
  id = fetch (match, "id");
  model = fetch (match, "model");
  name = fetch (match, "name");
  result->family = &row->public;
  result->kind = find_kind (row, record->txt);
  result->mac = find_mac (row, record, mac);
  result->serial = pick (row->serial, record->txt, serial, MAX_SERIAL);
  result->id = pick (row->id, record->txt, id, MAX_TEXT);
  result->name =
    pick (row->title, record->txt, name != NULL && *name != '\0' ? name : record->name, MAX_TITLE);
  result->manufacturer = pick (row->maker, record->txt, row->public.manufacturer, MAX_TEXT);
  result->model = pick (row->model, record->txt, model, MAX_TEXT);
  result->version = pick (row->version, record->txt, NULL, MAX_VERSION);
  if (result->name == NULL)
    result->name = shorten (*record->host != '\0' ? record->host : record->type, MAX_TITLE);
  return result;
}

void
muster_classification_free (MusterClassification *self)
{
  g_free (self->mac);
  g_free (self->serial);
  g_free (self->id);
  g_free (self->name);
  g_free (self->manufacturer);
  g_free (self->model);
  g_free (self->version);
  g_free (self);
}

MusterClassification *
muster_families_classify (MusterFamilies *self, MusterMdnsRecord *record)
{
  g_return_val_if_fail (MUSTER_IS_FAMILIES (self), NULL);
  g_return_val_if_fail (record != NULL, NULL);

  for (guint i = 0; i < self->rows->len; i++)
    if (row_matches (self->rows->pdata[i], record))
      return row_read (self->rows->pdata[i], record);
  return row_read (self->unknown, record);
}

unsigned
muster_families_get_count (MusterFamilies *self)
{
  g_return_val_if_fail (MUSTER_IS_FAMILIES (self), 0);

  return self->rows->len;
}

const MusterFamily *
muster_families_get (MusterFamilies *self, unsigned index)
{
  g_return_val_if_fail (MUSTER_IS_FAMILIES (self), NULL);
  g_return_val_if_fail (index < self->rows->len, NULL);

  return &((const Row *)self->rows->pdata[index])->public;
}

const char *const *
muster_families_list_types (MusterFamilies *self)
{
  g_return_val_if_fail (MUSTER_IS_FAMILIES (self), NULL);

  return (const char *const *)self->types->pdata;
}

static void
muster_families_finalize (GObject *object)
{
  MusterFamilies *self = MUSTER_FAMILIES (object);

  g_ptr_array_unref (self->types);
  g_ptr_array_unref (self->rows);
  row_free (self->unknown);
  G_OBJECT_CLASS (muster_families_parent_class)->finalize (object);
}

static void
muster_families_class_init (MusterFamiliesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_families_finalize;
}

static void
muster_families_init (MusterFamilies *self)
{
  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->types = g_ptr_array_new_null_terminated (100, NULL, TRUE);
  self->unknown = row_new ();
  self->unknown->public.family = g_strdup ("unknown");
}
