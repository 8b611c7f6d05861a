/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-profile"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-error.h"
#include "model/muster-metric.h"
#include "muster-families-resources.h"
#include "muster-family-profile-private.h"

#define FOLDER "/org/muster/mqtt-families"
#define LIST_MAX 500

typedef enum
{
  MEMBER_TEXT,
  MEMBER_TEXTS,
  MEMBER_VALUE,
  MEMBER_VALUES,
  MEMBER_FLAG,
  MEMBER_NUMBER,
  MEMBER_GLOB,
  MEMBER_PATTERN,
  MEMBER_CHOICE,
  MEMBER_LIST,
} MemberKind;

typedef struct _Shape Shape;

typedef struct
{
  const char        *name;
  MemberKind         kind;
  gsize              offset;
  const Shape       *shape;   /* of a list's elements */
  const char *const *choices; /* of a choice: NULL-terminated */
} Member;

/* A struct and the members of JSON that fill it. */
struct _Shape
{
  gsize         size;
  const Member *members;
  unsigned      n_members;
  void (*init) (gpointer self);                       /* (nullable) */
  gboolean (*finish) (gpointer self, GError **error); /* (nullable) */
};

#define FIELD(type, kind, field) { #field, kind, offsetof (type, field), NULL, NULL }
#define NAMED(type, name, kind, field) { name, kind, offsetof (type, field), NULL, NULL }
#define LIST(type, field, shape) { #field, MEMBER_LIST, offsetof (type, field), &shape, NULL }

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (MUSTER_ERROR, MUSTER_ERROR_INVALID, format, args);
  va_end (args);
  return FALSE;
}

/* --- the shapes --- */

/* clang-format off */
#define M MusterFamilyMetricRule
static const Member metric_members[] = {
  FIELD (M, MEMBER_TEXT, each), NAMED (M, "if", MEMBER_VALUE, condition), FIELD (M, MEMBER_VALUE, name),
  FIELD (M, MEMBER_VALUE, datatype), FIELD (M, MEMBER_VALUE, unit), FIELD (M, MEMBER_VALUE, minimum),
  FIELD (M, MEMBER_VALUE, maximum), FIELD (M, MEMBER_VALUE, writable), FIELD (M, MEMBER_VALUE, description),
  FIELD (M, MEMBER_VALUE, on), FIELD (M, MEMBER_VALUE, off), FIELD (M, MEMBER_VALUE, topic),
  FIELD (M, MEMBER_VALUE, template), FIELD (M, MEMBER_VALUE, expire_after),
  FIELD (M, MEMBER_VALUE, command_topic), FIELD (M, MEMBER_VALUE, command_template),
};
#undef M
static const Shape metric_shape = { sizeof (MusterFamilyMetricRule), metric_members, G_N_ELEMENTS (metric_members), NULL, NULL };

#define V MusterFamilyValueRule
static const Member value_members[] = {
  NAMED (V, "if", MEMBER_VALUE, condition), FIELD (V, MEMBER_VALUE, metric), FIELD (V, MEMBER_VALUE, value),
  FIELD (V, MEMBER_VALUE, flatten), FIELD (V, MEMBER_VALUE, prefix), FIELD (V, MEMBER_FLAG, declared),
};
#undef V
static const Shape value_shape = { sizeof (MusterFamilyValueRule), value_members, G_N_ELEMENTS (value_members), NULL, NULL };

#define L MusterFamilyLifeRule
static const Member life_members[] = {
  FIELD (L, MEMBER_TEXT, each), NAMED (L, "if", MEMBER_VALUE, condition), FIELD (L, MEMBER_VALUE, group),
  FIELD (L, MEMBER_VALUE, mode), FIELD (L, MEMBER_VALUE, topic), FIELD (L, MEMBER_VALUE, template),
  FIELD (L, MEMBER_VALUE, value), FIELD (L, MEMBER_VALUE, online), FIELD (L, MEMBER_VALUE, offline),
};
#undef L
static const Shape life_shape = { sizeof (MusterFamilyLifeRule), life_members, G_N_ELEMENTS (life_members), NULL, NULL };

#define P MusterFamilyMessage
static const Member message_members[] = {
  NAMED (P, "if", MEMBER_VALUE, condition), FIELD (P, MEMBER_VALUE, topic), FIELD (P, MEMBER_VALUE, payload),
};
#undef P
static const Shape message_shape = { sizeof (MusterFamilyMessage), message_members, G_N_ELEMENTS (message_members), NULL, NULL };

#define C MusterFamilyCommandRule
static const char *const confirms[] = { "state", "answer", "sent", NULL };
static const Member command_members[] = {
  FIELD (C, MEMBER_PATTERN, metric), FIELD (C, MEMBER_TEXT, action), NAMED (C, "if", MEMBER_VALUE, message.condition),
  NAMED (C, "topic", MEMBER_VALUE, message.topic), NAMED (C, "payload", MEMBER_VALUE, message.payload),
  { "confirm", MEMBER_CHOICE, offsetof (C, confirm), NULL, confirms },
};
#undef C
static const Shape command_shape = { sizeof (MusterFamilyCommandRule), command_members, G_N_ELEMENTS (command_members), NULL, NULL };

#define Q MusterFamilyQuantity
static const Member quantity_members[] = {
  NAMED (Q, "match", MEMBER_GLOB, glob), FIELD (Q, MEMBER_VALUE, unit), FIELD (Q, MEMBER_TEXT, datatype),
  FIELD (Q, MEMBER_TEXT, description), FIELD (Q, MEMBER_NUMBER, minimum), FIELD (Q, MEMBER_NUMBER, maximum),
  FIELD (Q, MEMBER_NUMBER, scale), FIELD (Q, MEMBER_FLAG, ignored),
};
#undef Q

static void
init_quantity (gpointer data)
{
  MusterFamilyQuantity *self = data;

  self->minimum = NAN;
  self->maximum = NAN;
  self->scale = 1;
}

static gboolean
finish_quantity (gpointer data, GError **error)
{
  MusterFamilyQuantity *self = data;

  if (self->glob == NULL)
    return refuse (error, "match: must be given");
  if (self->datatype != NULL && muster_enum_parse (&muster_datatype_enum, self->datatype) < 0)
    return refuse (error, "datatype: must be one of the datatypes of metrics");
  return TRUE;
}

static const Shape quantity_shape = { sizeof (MusterFamilyQuantity), quantity_members, G_N_ELEMENTS (quantity_members), init_quantity, finish_quantity };

#define R MusterFamilyRule
static const char *const formats[] = { "text", "json", NULL };
static const Member rule_members[] = {
  NAMED (R, "topic", MEMBER_VALUE, topic), { "format", MEMBER_CHOICE, offsetof (R, format), NULL, formats },
  FIELD (R, MEMBER_TEXT, hook), NAMED (R, "if", MEMBER_VALUE, condition), FIELD (R, MEMBER_TEXT, each),
  FIELD (R, MEMBER_VALUE, unit), FIELD (R, MEMBER_FLAG, describes), FIELD (R, MEMBER_FLAG, removes), FIELD (R, MEMBER_VALUES, facts),
  FIELD (R, MEMBER_VALUES, variables), LIST (R, metrics, metric_shape), LIST (R, values, value_shape),
  NAMED (R, "publish", MEMBER_LIST, messages), LIST (R, life, life_shape), FIELD (R, MEMBER_VALUE, time),
  FIELD (R, MEMBER_VALUE, answer), FIELD (R, MEMBER_VALUE, failure),
};
#undef R
/* clang-format on */

static gboolean
finish_rule (gpointer data, GError **error)
{
  MusterFamilyRule *self = data;
  g_autoptr (JsonNode) text = NULL;

  if (self->topic == NULL)
    return refuse (error, "topic: must be given");
  /* Of topics that are the same for all the pattern is known now. */
  if (muster_family_value_is_literal (self->topic))
    {
      g_autofree char *topic = muster_family_value_to_text (self->topic, NULL, NULL);

      if (topic == NULL)
        return refuse (error, "topic: must be text");
      self->pattern = muster_topic_pattern_new (topic, error);
      return self->pattern != NULL;
    }
  return TRUE;
}

static const Shape rule_shape = { sizeof (MusterFamilyRule), rule_members,
                                  G_N_ELEMENTS (rule_members), NULL, finish_rule };

/* clang-format off */
#define F MusterFamilyProfile
static const Member profile_members[] = {
  FIELD (F, MEMBER_TEXT, family), FIELD (F, MEMBER_TEXT, title), FIELD (F, MEMBER_TEXTS, account),
  FIELD (F, MEMBER_TEXTS, help), LIST (F, hello, message_shape), LIST (F, rules, rule_shape),
  LIST (F, topics, rule_shape), LIST (F, commands, command_shape), LIST (F, quantities, quantity_shape),
};
#undef F
/* clang-format on */

static gboolean
finish_profile (gpointer data, GError **error)
{
  MusterFamilyProfile *self = data;

  if (self->family == NULL || self->title == NULL)
    return refuse (error, "family, title: must be given");
  for (guint i = 0; i < self->rules->len; i++)
    {
      MusterFamilyRule *rule = self->rules->pdata[i];

      if (rule->pattern == NULL)
        return refuse (error, "rules/%u/topic: must be the same for all devices", i);
    }
  return TRUE;
}

static const Shape profile_shape = { sizeof (MusterFamilyProfile), profile_members,
                                     G_N_ELEMENTS (profile_members), NULL, finish_profile };

/* The shape of a list's elements; a `publish` is the one list that is not called as its field. */
static const Shape *
get_element_shape (const Member *member)
{
  return member->shape != NULL ? member->shape : &message_shape;
}

/* --- freeing --- */

static void free_members (const Shape *shape, gpointer self);

static void
free_list (const Shape *shape, GPtrArray *list)
{
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      free_members (shape, list->pdata[i]);
      g_free (list->pdata[i]);
    }
  g_clear_pointer (&list, g_ptr_array_unref);
}

static void
free_members (const Shape *shape, gpointer self)
{
  for (unsigned i = 0; i < shape->n_members; i++)
    {
      const Member *member = &shape->members[i];
      gpointer     *at = G_STRUCT_MEMBER_P (self, member->offset);

      switch (member->kind)
        {
        case MEMBER_TEXT:
          g_free (*at);
          break;
        case MEMBER_TEXTS:
          g_strfreev (*at);
          break;
        case MEMBER_VALUE:
          muster_family_value_free (*at);
          break;
        case MEMBER_VALUES:
          g_clear_pointer ((GHashTable **)at, g_hash_table_unref);
          break;
        case MEMBER_GLOB:
          g_clear_pointer ((GPatternSpec **)at, g_pattern_spec_free);
          break;
        case MEMBER_PATTERN:
          muster_topic_pattern_free (*at);
          break;
        case MEMBER_LIST:
          free_list (get_element_shape (member), *at);
          break;
        case MEMBER_FLAG:
        case MEMBER_NUMBER:
        case MEMBER_CHOICE:
        default:
          break;
        }
    }
  if (shape == &rule_shape)
    muster_topic_pattern_free (((MusterFamilyRule *)self)->pattern);
}

/* --- reading --- */

static gboolean
is_type (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

static gboolean
read_texts (JsonNode *node, char ***texts, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (unsigned i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      if (!is_type (json_array_get_element (array, i), G_TYPE_STRING))
        array = NULL;
      else
        g_strv_builder_add (builder, json_array_get_string_element (array, i));
    }
  if (array == NULL)
    return refuse (error, "must be an array of texts");
  *texts = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_values (JsonNode *node, GHashTable **values, GError **error)
{
  JsonObjectIter iter;
  const char    *name = NULL;
  JsonNode      *member = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, "must be an object");
  *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                   (GDestroyNotify)muster_family_value_free);
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      MusterFamilyValue *value = muster_family_value_new (member, error);

      if (value == NULL)
        {
          g_prefix_error (error, "%s: ", name);
          return FALSE;
        }
      g_hash_table_replace (*values, g_strdup (name), value);
    }
  return TRUE;
}

static gboolean
read_choice (JsonNode *node, const char *const *choices, int *choice, GError **error)
{
  g_autofree char *list = NULL;

  for (int i = 0; is_type (node, G_TYPE_STRING) && choices[i] != NULL; i++)
    if (g_str_equal (json_node_get_string (node), choices[i]))
      {
        *choice = i;
        return TRUE;
      }
  list = g_strjoinv (", ", (char **)choices);
  return refuse (error, "must be one of %s", list);
}

static gboolean read_struct (const Shape *shape, JsonNode *node, gpointer self, GError **error);

static gboolean
read_list (const Shape *shape, JsonNode *node, GPtrArray *list, GError **error)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) > LIST_MAX)
    return refuse (error, "must be an array of at most %u objects", LIST_MAX);
  for (unsigned i = 0; i < json_array_get_length (array); i++)
    {
      gpointer element = g_malloc0 (shape->size);

      g_ptr_array_add (list, element);
      if (!read_struct (shape, json_array_get_element (array, i), element, error))
        {
          g_prefix_error (error, "%u/", i);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_simple (const Member *member, JsonNode *node, gpointer at, GError **error)
{
  if (member->kind == MEMBER_FLAG)
    {
      if (!is_type (node, G_TYPE_BOOLEAN))
        return refuse (error, "must be true or false");
      *(gboolean *)at = json_node_get_boolean (node);
      return TRUE;
    }
  if (member->kind == MEMBER_NUMBER)
    {
      if (!is_type (node, G_TYPE_INT64) && !is_type (node, G_TYPE_DOUBLE))
        return refuse (error, "must be a number");
      *(double *)at = json_node_get_double (node);
      return TRUE;
    }
  if (member->kind == MEMBER_CHOICE)
    return read_choice (node, member->choices, at, error);
  if (!is_type (node, G_TYPE_STRING))
    return refuse (error, "must be text");
  if (member->kind == MEMBER_TEXT)
    *(char **)at = json_node_dup_string (node);
  else if (member->kind == MEMBER_GLOB)
    *(GPatternSpec **)at = g_pattern_spec_new (json_node_get_string (node));
  else
    *(MusterTopicPattern **)at = muster_topic_pattern_new (json_node_get_string (node), error);
  return *(gpointer *)at != NULL;
}

static gboolean
read_member (const Member *member, JsonNode *node, gpointer at, GError **error)
{
  if (member->kind == MEMBER_TEXTS)
    return read_texts (node, at, error);
  if (member->kind == MEMBER_VALUES)
    return read_values (node, at, error);
  if (member->kind == MEMBER_LIST)
    return read_list (get_element_shape (member), node, *(GPtrArray **)at, error);
  if (member->kind != MEMBER_VALUE)
    return read_simple (member, node, at, error);
  *(MusterFamilyValue **)at = muster_family_value_new (node, error);
  return *(gpointer *)at != NULL;
}

static const Member *
find_member (const Shape *shape, const char *name)
{
  for (unsigned i = 0; i < shape->n_members; i++)
    if (g_str_equal (shape->members[i].name, name))
      return &shape->members[i];
  return NULL;
}

static gboolean
read_struct (const Shape *shape, JsonNode *node, gpointer self, GError **error)
{
  JsonObjectIter iter;
  const char    *name = NULL;
  JsonNode      *value = NULL;

  /* Lists are there, if only empty. */
  for (unsigned i = 0; i < shape->n_members; i++)
    if (shape->members[i].kind == MEMBER_LIST)
      G_STRUCT_MEMBER (GPtrArray *, self, shape->members[i].offset) = g_ptr_array_new ();
  if (shape->init != NULL)
    shape->init (self);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, "must be an object");
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      const Member *member = find_member (shape, name);
      gpointer     *at = member != NULL ? G_STRUCT_MEMBER_P (self, member->offset) : NULL;

      if (member == NULL)
        return refuse (error, "%s: is no member", name);
      if (!read_member (member, value, at, error))
        {
          g_prefix_error (error, "%s%s", name, member->kind == MEMBER_LIST ? "/" : ": ");
          return FALSE;
        }
    }
  return shape->finish == NULL || shape->finish (self, error);
}

/* --- profiles --- */

G_DEFINE_BOXED_TYPE (MusterFamilyProfile,
                     muster_family_profile,
                     g_atomic_rc_box_acquire,
                     muster_family_profile_free)

static void
clear_profile (gpointer self)
{
  free_members (&profile_shape, self);
}

void
muster_family_profile_free (MusterFamilyProfile *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear_profile);
}

MusterFamilyProfile *
muster_family_profile_new_from_json (const char *json, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (MusterFamilyProfile) self = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (json != NULL, NULL);

  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_data (parser, json, length, &cause) ||
      json_parser_get_root (parser) == NULL)
    {
      refuse (error, "not JSON: %s", cause != NULL ? cause->message : "empty");
      return NULL;
    }
  self = g_atomic_rc_box_new0 (MusterFamilyProfile);
  if (!read_struct (&profile_shape, json_parser_get_root (parser), self, error))
    return NULL;
  return g_steal_pointer (&self);
}

GPtrArray *
muster_family_profiles_load (void)
{
  g_autoptr (GResource) resource = g_resource_ref (muster_families_get_resource ());
  GPtrArray *profiles = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_family_profile_free);
  g_auto (GStrv) names = g_resource_enumerate_children (resource, FOLDER, 0, NULL);

  for (unsigned i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (FOLDER "/", names[i], NULL);
      g_autoptr (GBytes) bytes = g_resource_lookup_data (resource, path, 0, NULL);
      g_autoptr (GError) error = NULL;
      MusterFamilyProfile *profile =
        muster_family_profile_new_from_json (g_bytes_get_data (bytes, NULL),
                                             g_bytes_get_size (bytes), &error);

      if (profile == NULL)
        g_error ("the built-in family %s cannot be read: %s", names[i], error->message);
      g_ptr_array_add (profiles, profile);
    }
  return profiles;
}

char **
muster_family_profiles_list_rules (const char *family, const char *username, gpointer profiles)
{
  const MusterFamilyProfile *profile = NULL;
  g_autoptr (GStrvBuilder) rules = g_strv_builder_new ();

  for (guint i = 0; i < ((GPtrArray *)profiles)->len && profile == NULL; i++)
    {
      profile = g_ptr_array_index ((GPtrArray *)profiles, i);
      if (!g_str_equal (profile->family, family))
        profile = NULL;
    }
  if (profile == NULL)
    return NULL;
  for (unsigned i = 0; profile->account != NULL && profile->account[i] != NULL; i++)
    {
      g_autoptr (GString) rule = g_string_new (profile->account[i]);

      g_string_replace (rule, "{user}", username, 0);
      g_strv_builder_add (rules, rule->str);
    }
  return g_strv_builder_end (rules);
}

const MusterFamilyQuantity *
muster_family_profile_find_quantity (const MusterFamilyProfile *self, const char *metric)
{
  g_return_val_if_fail (self != NULL && metric != NULL, NULL);

  for (guint i = 0; i < self->quantities->len; i++)
    {
      const MusterFamilyQuantity *quantity = self->quantities->pdata[i];

      if (g_pattern_spec_match_string (quantity->glob, metric))
        return quantity;
    }
  return NULL;
}
