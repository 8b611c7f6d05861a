/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-search-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-person.h"
#include "muster-record-kinds.h"
#include "muster-search-resource.h"

#define DEFAULT_LIMIT 8
#define MAX_LIMIT 50

/* What is asked, on its way to a reader and back. */
typedef struct
{
  char      *text;
  char      *owner; /* (nullable): the person who asks */
  MusterRole role;
  char     **kinds; /* (nullable): all */
  unsigned   limit; /* of each kind */
} Question;

/* The hits of one kind. */
typedef struct
{
  const MusterRecordKind *kind;
  GPtrArray              *hits; /* (element-type MusterSearchHit) */
} Group;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_free (self->text);
  g_free (self->owner);
  g_strfreev (self->kinds);
  g_free (self);
}

static void
group_clear (gpointer data)
{
  g_ptr_array_unref (((Group *)data)->hits);
}

static gboolean
question_asks_for (const Question *self, const MusterRecordKind *kind)
{
  if (!kind->is_searched || !muster_record_kind_may_list (kind, self->role))
    return FALSE;
  return self->kinds == NULL ||
         g_strv_contains ((const char *const *)self->kinds, kind->scope.info->name);
}

static MusterSearchRank
group_get_rank (const Group *self)
{
  return ((const MusterSearchHit *)self->hits->pdata[0])->rank;
}

/* Those with the best hit first; otherwise in the order of the table. */
static int
compare_groups (gconstpointer a, gconstpointer b)
{
  const Group *first = a;
  const Group *second = b;

  if (group_get_rank (first) != group_get_rank (second))
    return (int)group_get_rank (first) - (int)group_get_rank (second);
  return first->kind < second->kind ? -1 : 1;
}

/* --- as JSON --- */

static const char *
get_text (MusterEntity *entity, const char *name)
{
  const char *text = muster_entity_get_string (entity, name);

  return text != NULL && *text != '\0' ? text : NULL;
}

static void
append_member (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, ",\"%s\":", name);
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

static void
append_title (const MusterRecordKind *kind, MusterEntity *entity, GString *json)
{
  const char *title = NULL;

  for (const char *const *name = kind->title; title == NULL && *name != NULL; name++)
    title = get_text (entity, *name);
  append_member (json, "title", title != NULL ? title : muster_entity_get_id (entity));
}

static void
append_subtitle (const MusterRecordKind *kind, MusterEntity *entity, GString *json)
{
  g_autoptr (GString) subtitle = g_string_new (NULL);

  for (const char *const *name = kind->subtitle; *name != NULL; name++)
    {
      const char *text = get_text (entity, *name);

      if (text != NULL)
        g_string_append_printf (subtitle, "%s%s", subtitle->len > 0 ? " · " : "", text);
    }
  append_member (json, "subtitle", subtitle->len > 0 ? subtitle->str : NULL);
}

static void
append_hit (const MusterRecordKind *kind, const MusterSearchHit *hit, GString *json)
{
  int              index = muster_entity_info_find (kind->scope.info, hit->field->name);
  g_autofree char *value =
    muster_field_format_text (hit->field, muster_entity_peek (hit->entity, index));

  g_string_append_printf (json, "{\"kind\":\"%s\",\"id\":\"%s\"", kind->scope.info->name,
                          muster_entity_get_id (hit->entity));
  append_title (kind, hit->entity, json);
  append_subtitle (kind, hit->entity, json);
  append_member (json, "status",
                 kind->status != NULL ? get_text (hit->entity, kind->status) : NULL);
  append_member (json, "field", hit->field->name);
  append_member (json, "value", value);
  append_member (json, "rank", muster_enum_get_nick (&muster_search_rank_enum, hit->rank));
  g_string_append_c (json, '}');
}

static void
append_group (const Group *group, unsigned limit, GString *json)
{
  g_string_append_printf (json, "{\"kind\":\"%s\",\"more\":%s,\"items\":[",
                          group->kind->scope.info->name,
                          group->hits->len > limit ? "true" : "false");
  for (guint i = 0; i < MIN (group->hits->len, limit); i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      append_hit (group->kind, group->hits->pdata[i], json);
    }
  g_string_append (json, "]}");
}

/* --- the question --- */

static gboolean
question_collect (const Question    *self,
                  MusterTransaction *transaction,
                  GArray            *groups,
                  GError           **error)
{
  for (unsigned i = 0; i < muster_n_record_kinds; i++)
    {
      const MusterRecordKind *kind = &muster_record_kinds[i];
      Group                   group = { kind, NULL };
      gboolean                owned = muster_record_kind_is_owned (kind, self->role);

      if (!question_asks_for (self, kind))
        continue;
      group.hits = muster_transaction_search (transaction, &kind->scope, self->text,
                                              owned ? self->owner : NULL, self->limit, error);
      if (group.hits == NULL)
        return FALSE;
      if (group.hits->len > 0)
        g_array_append_val (groups, group);
      else
        group_clear (&group);
    }
  return TRUE;
}

static gboolean
search_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const Question *question = data;
  g_autoptr (GArray) groups = g_array_new (FALSE, FALSE, sizeof (Group));
  g_autoptr (GString) json = g_string_new ("{\"q\":");

  g_array_set_clear_func (groups, group_clear);
  if (!question_collect (question, transaction, groups, error))
    return FALSE;
  g_array_sort (groups, compare_groups);
  muster_json_append_string (json, question->text, -1);
  g_string_append (json, ",\"groups\":[");
  for (guint i = 0; i < groups->len; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      append_group (&g_array_index (groups, Group, i), question->limit, json);
    }
  g_string_append (json, "]}");
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (g_steal_pointer (&json)));
  return TRUE;
}

static DexFuture *
respond_cb (DexFuture *future, gpointer user_data)
{
  GBytes *bytes = g_value_get_boxed (dex_future_get_value (future, NULL));

  return muster_response_resolve (muster_response_new_bytes (200, "application/json", bytes));
}

/* NULL where KINDS names one that is not searched. */
static char **
parse_kinds (const char *text, GError **error)
{
  g_auto (GStrv) names = g_strsplit (text, ",", -1);

  for (unsigned i = 0; names[i] != NULL; i++)
    {
      const MusterRecordKind *kind = muster_record_kind_find (names[i]);

      if (kind == NULL || !kind->is_searched)
        {
          g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

          muster_field_errors_add (errors, "kinds", "%s is not a kind of record that is searched",
                                   names[i]);
          muster_field_errors_check (errors, error);
          return NULL;
        }
      g_set_str (&names[i], kind->scope.info->name);
    }
  return g_steal_pointer (&names);
}

static DexFuture *
search (MusterRequest *request, gpointer repository)
{
  const MusterValue *limit = muster_request_get_param (request, "limit");
  const char        *kinds = muster_request_get_param_text (request, "kinds");
  MusterActor       *actor = muster_request_get_actor (request);
  Question          *question = NULL;
  g_auto (GStrv) names = NULL;
  g_autoptr (GError) error = NULL;

  if (kinds != NULL && (names = parse_kinds (kinds, &error)) == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  question = g_new0 (Question, 1);
  question->text = g_strdup (muster_request_get_param_text (request, "q"));
  question->kinds = g_steal_pointer (&names);
  question->limit = limit->is_null ? DEFAULT_LIMIT : limit->integer;
  question->role = muster_actor_get_role (actor);
  question->owner = g_strdup (muster_actor_get_person_id (actor));
  return dex_future_then (muster_database_read_as_of (muster_repository_get_database (repository),
                                                      muster_request_get_as_of (request),
                                                      search_job, question, question_free),
                          respond_cb, NULL, NULL);
}

/* clang-format off */
static const MusterField parameters[] = {
  { "q", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 200, .label = N_("Text"), .doc = "What to look for: a serial number, a name, an order number, a place … One or two characters are looked for at the beginning of numbers and names, more of them anywhere." },
  { "limit", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, MAX_LIMIT, .label = N_("Limit"), .doc = "How many of each kind; 8 unless told." },
  { "kinds", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 1, 400, .label = N_("Kinds"), .doc = "Kinds of records to look among, with commas: device, order, delivery, product, location, batch, device_group, person." },
};
static const MusterField fields[] = {
  { "q", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Text"), .doc = "What was looked for." },
  { "groups", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Kinds"), .doc = "Kinds of records with hits, the one with the best first: {kind, more, items}. An item has kind, id, title, subtitle, status, the field where it was found with its value, and rank: exact, prefix, word or part." },
};
static const MusterShape shape = { .schema = "SearchResult", .doc = "What was found, grouped by kind of record, best first.", .fields = fields, .n_fields = G_N_ELEMENTS (fields) };

static const MusterRoute routes[] = {
  { "GET", "/search", "search", "records", "Look for a number, name or word in all records", search, MUSTER_ROUTE_PAST, parameters, G_N_ELEMENTS (parameters), .response = &shape },
};
/* clang-format on */

void
muster_search_resource_add (MusterRouter *router, MusterRepository *repository)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (repository));
}
