/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-template"

#include "config.h"

#include <string.h>

#include "muster-template-private.h"

struct _MusterTemplate
{
  MusterTerm *term; /* (owned) */
};

#define ARGUMENTS_MAX 8

/* One evaluation on its way. */
typedef struct
{
  MusterTemplateLookup lookup;
  gpointer             user_data;
  GHashTable          *locals; /* (owned) (nullable): by {% set %} */
} Evaluation;

static gboolean evaluate (Evaluation       *self,
                          const MusterTerm *term,
                          JsonNode        **result,
                          GError          **error);

static gboolean
evaluate_name (Evaluation *self, const char *name, JsonNode **result)
{
  JsonNode *local = self->locals != NULL ? g_hash_table_lookup (self->locals, name) : NULL;

  *result = local != NULL ? json_node_ref (local) : self->lookup (name, self->user_data);
  return TRUE;
}

/* What is not there is undefined, and so is whatever lies in it. */
static JsonNode *
get_member (JsonNode *node, const char *name)
{
  gint64 index = 0;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonNode *member = json_object_get_member (json_node_get_object (node), name);

      return member != NULL ? json_node_ref (member) : NULL;
    }
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) ||
      !g_ascii_string_to_signed (name, 10, -G_MAXINT, G_MAXINT, &index, NULL))
    return NULL;
  if (index < 0)
    index += json_array_get_length (json_node_get_array (node));
  return index >= 0 && index < json_array_get_length (json_node_get_array (node))
           ? json_node_ref (json_array_get_element (json_node_get_array (node), index))
           : NULL;
}

static gboolean
evaluate_index (Evaluation *self, const MusterTerm *term, JsonNode **result, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) index = NULL;
  g_autofree char *name = NULL;

  if (!evaluate (self, term->terms->pdata[0], &node, error))
    return FALSE;
  if (term->kind == MUSTER_TERM_MEMBER)
    *result = get_member (node, term->name);
  else if (!evaluate (self, term->terms->pdata[1], &index, error))
    return FALSE;
  else
    {
      name = muster_template_value_to_text (index);
      *result = get_member (node, name);
    }
  return TRUE;
}

static gboolean
evaluate_list (Evaluation *self, const MusterTerm *term, JsonNode **result, GError **error)
{
  g_autoptr (JsonArray) array = json_array_new ();

  for (guint i = 0; i < term->terms->len; i++)
    {
      JsonNode *element = NULL;

      if (!evaluate (self, term->terms->pdata[i], &element, error))
        return FALSE;
      json_array_add_element (array, element != NULL ? element : json_node_new (JSON_NODE_NULL));
    }
  *result = json_node_alloc ();
  json_node_init_array (*result, array);
  return TRUE;
}

static gboolean
evaluate_logic (Evaluation *self, const MusterTerm *term, JsonNode **result, GError **error)
{
  g_autoptr (JsonNode) first = NULL;

  if (!evaluate (self, term->terms->pdata[0], &first, error))
    return FALSE;
  if (muster_template_value_is_true (first) != (term->kind == MUSTER_TERM_AND))
    {
      *result = g_steal_pointer (&first);
      return TRUE;
    }
  return evaluate (self, term->terms->pdata[1], result, error);
}

static gboolean
evaluate_unary (Evaluation *self, const MusterTerm *term, JsonNode **result, GError **error)
{
  g_autoptr (JsonNode) value = NULL;
  g_autoptr (JsonNode) zero = muster_template_make_integer (0);

  if (!evaluate (self, term->terms->pdata[0], &value, error))
    return FALSE;
  if (term->kind == MUSTER_TERM_NEGATE)
    return muster_template_operate (MUSTER_OPERATOR_SUBTRACT, zero, value, result, error);
  *result = muster_template_make_boolean (!muster_template_value_is_true (value));
  return TRUE;
}

static gboolean
evaluate_operation (Evaluation *self, const MusterTerm *term, JsonNode **result, GError **error)
{
  g_autoptr (JsonNode) a = NULL;
  g_autoptr (JsonNode) b = NULL;

  return evaluate (self, term->terms->pdata[0], &a, error) &&
         evaluate (self, term->terms->pdata[1], &b, error) &&
         muster_template_operate (term->operation, a, b, result, error);
}

static gboolean
evaluate_choice (Evaluation *self, const MusterTerm *term, JsonNode **result, GError **error)
{
  g_autoptr (JsonNode) condition = NULL;

  if (!evaluate (self, term->terms->pdata[0], &condition, error))
    return FALSE;
  return evaluate (self, term->terms->pdata[muster_template_value_is_true (condition) ? 1 : 2],
                   result, error);
}

static gboolean
evaluate_test (Evaluation *self, const MusterTerm *term, JsonNode **result, GError **error)
{
  g_autoptr (JsonNode) value = NULL;
  double   number = 0;
  gboolean holds = FALSE;

  if (!evaluate (self, term->terms->pdata[0], &value, error))
    return FALSE;
  switch (term->test)
    {
    case MUSTER_TEST_NONE:
      holds = value != NULL && JSON_NODE_HOLDS_NULL (value);
      break;
    case MUSTER_TEST_NUMBER:
      holds = muster_template_read_number (value, FALSE, &number);
      break;
    case MUSTER_TEST_STRING:
      holds = value != NULL && JSON_NODE_HOLDS_VALUE (value) &&
              json_node_get_value_type (value) == G_TYPE_STRING;
      break;
    case MUSTER_TEST_DEFINED:
    default:
      holds = value != NULL;
    }
  *result = muster_template_make_boolean (holds);
  return TRUE;
}

static gboolean
evaluate_filter (Evaluation *self, const MusterTerm *term, JsonNode **result, GError **error)
{
  JsonNode *arguments[ARGUMENTS_MAX] = { NULL };
  unsigned  n = term->terms->len;
  unsigned  n_read = 0;
  gboolean  ok = n <= ARGUMENTS_MAX ||
                muster_template_refuse (error, "template: a filter with too many arguments");

  for (; ok && n_read < n; n_read++)
    ok = evaluate (self, term->terms->pdata[n_read], &arguments[n_read], error);
  ok = ok && term->filter (arguments, n, result, error);
  for (unsigned i = 0; i < n_read; i++)
    g_clear_pointer (&arguments[i], json_node_unref);
  return ok;
}

static gboolean
evaluate_set (Evaluation *self, const MusterTerm *term, JsonNode **result, GError **error)
{
  JsonNode *value = NULL;

  if (!evaluate (self, term->terms->pdata[0], &value, error))
    return FALSE;
  if (self->locals == NULL)
    self->locals =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)json_node_unref);
  if (value != NULL)
    g_hash_table_insert (self->locals, term->name, value);
  *result = NULL;
  return TRUE;
}

static gboolean
evaluate_text (Evaluation *self, const MusterTerm *term, JsonNode **result, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < term->terms->len; i++)
    {
      g_autoptr (JsonNode) part = NULL;
      g_autofree char *piece = NULL;

      if (!evaluate (self, term->terms->pdata[i], &part, error))
        return FALSE;
      piece = muster_template_value_to_text (part);
      if (text->len + strlen (piece) > MUSTER_TEMPLATE_MAX_VALUE)
        return muster_template_refuse (error, "template: a text became too long");
      g_string_append (text, piece);
    }
  *result = muster_template_make_string (text->str);
  return TRUE;
}

static gboolean
evaluate (Evaluation *self, const MusterTerm *term, JsonNode **result, GError **error)
{
  switch (term->kind)
    {
    case MUSTER_TERM_LITERAL:
      *result = json_node_ref (term->literal);
      return TRUE;
    case MUSTER_TERM_NAME:
      return evaluate_name (self, term->name, result);
    case MUSTER_TERM_LIST:
      return evaluate_list (self, term, result, error);
    case MUSTER_TERM_MEMBER:
    case MUSTER_TERM_INDEX:
      return evaluate_index (self, term, result, error);
    case MUSTER_TERM_NOT:
    case MUSTER_TERM_NEGATE:
      return evaluate_unary (self, term, result, error);
    case MUSTER_TERM_AND:
    case MUSTER_TERM_OR:
      return evaluate_logic (self, term, result, error);
    case MUSTER_TERM_OPERATION:
      return evaluate_operation (self, term, result, error);
    case MUSTER_TERM_IF:
      return evaluate_choice (self, term, result, error);
    case MUSTER_TERM_TEST:
      return evaluate_test (self, term, result, error);
    case MUSTER_TERM_FILTER:
      return evaluate_filter (self, term, result, error);
    case MUSTER_TERM_SET:
      return evaluate_set (self, term, result, error);
    case MUSTER_TERM_TEXT:
      return evaluate_text (self, term, result, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

MusterTemplate *
muster_template_new (const char *text, GError **error)
{
  MusterTerm     *term = NULL;
  MusterTemplate *self = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  term = muster_template_parse (text, error);
  if (term == NULL)
    return NULL;
  self = g_new0 (MusterTemplate, 1);
  self->term = term;
  return self;
}

void
muster_template_free (MusterTemplate *self)
{
  if (self == NULL)
    return;
  muster_term_free (self->term);
  g_free (self);
}

gboolean
muster_template_evaluate (const MusterTemplate *self,
                          MusterTemplateLookup  lookup,
                          gpointer              user_data,
                          JsonNode            **result,
                          GError              **error)
{
  Evaluation evaluation = { .lookup = lookup, .user_data = user_data };
  gboolean   ok = FALSE;

  g_return_val_if_fail (self != NULL && lookup != NULL && result != NULL, FALSE);

  *result = NULL;
  ok = evaluate (&evaluation, self->term, result, error);
  g_clear_pointer (&evaluation.locals, g_hash_table_unref);
  return ok;
}

char *
muster_template_render (const MusterTemplate *self,
                        MusterTemplateLookup  lookup,
                        gpointer              user_data,
                        GError              **error)
{
  g_autoptr (JsonNode) result = NULL;

  if (!muster_template_evaluate (self, lookup, user_data, &result, error))
    return NULL;
  return muster_template_value_to_text (result);
}
