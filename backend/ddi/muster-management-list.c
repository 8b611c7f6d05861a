/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management-list"

#include "config.h"

#include <string.h>

#include "muster-management-private.h"

#define DEFAULT_LIMIT 50
#define MAX_LIMIT 500

/* A list or some records, on their way through a thread of the database. */
typedef struct
{
  const MusterManagementKind *kind;
  char                       *base;     /* (owned) */
  MusterQuery                *query;    /* (owned) (nullable) */
  MusterRsql                 *filter;   /* (owned) (nullable) */
  GPtrArray                  *entities; /* (owned): those of the page */
  gint64                      offset;
  gint64                      limit;
  gint64                      total;
  gboolean                    is_list;
  GPtrArray                  *given; /* (owned) (nullable): what is no record, in its order */
  MusterManagementView        view;  /* while it runs */
} Page;

static void
page_free (gpointer data)
{
  Page *self = data;

  g_clear_pointer (&self->query, muster_query_unref);
  g_clear_pointer (&self->filter, muster_rsql_free);
  g_clear_pointer (&self->entities, g_ptr_array_unref);
  g_clear_pointer (&self->given, g_ptr_array_unref);
  g_free (self->base);
  g_free (self);
}

static Page *
page_new (MusterManagementCall *call, const MusterManagementKind *kind)
{
  Page *self = g_new0 (Page, 1);

  self->kind = kind;
  self->base = g_strdup (call->base);
  self->entities = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

/* --- filtering --- */

typedef struct
{
  Page         *page;
  MusterEntity *entity;
} Looking;

static const char *
find_field (const MusterManagementKind *kind, const char *name)
{
  for (const MusterManagementName *row = kind->names; row->name != NULL; row++)
    if (strcmp (row->name, name) == 0)
      return row->field;
  return NULL;
}

static char **
get_values (const char *name, gpointer user_data)
{
  Looking    *looking = user_data;
  Page       *page = looking->page;
  const char *field = find_field (page->kind, name);
  char      **values =
    page->kind->get != NULL ? page->kind->get (&page->view, looking->entity, name) : NULL;

  if (values != NULL || field == NULL)
    return values;
  return muster_rsql_take_value (muster_rsql_dup_field (looking->entity, field));
}

static gboolean
take_entity (MusterEntity *entity, gpointer data, GError **error)
{
  Page   *self = data;
  Looking looking = { self, entity };

  if (self->filter != NULL && !muster_rsql_matches (self->filter, get_values, &looking))
    return TRUE;
  if (self->total >= self->offset && self->entities->len < self->limit)
    g_ptr_array_add (self->entities, g_object_ref (entity));
  self->total++;
  return TRUE;
}

/* --- encoding --- */

static gboolean
encode_entities (Page *self, GString *json, GError **error)
{
  for (guint i = 0; i < self->entities->len; i++)
    {
      g_string_append (json, i > 0 ? ",{" : "{");
      if (!self->kind->encode (&self->view, self->entities->pdata[i], json, error))
        return FALSE;
      g_string_append_c (json, '}');
    }
  return TRUE;
}

/* Reads what belongs on the page. */
static gboolean
read_page (Page *self, GError **error)
{
  if (self->query != NULL)
    return muster_transaction_for_each (self->view.transaction, self->query, take_entity, self,
                                        error);
  for (guint i = 0; self->given != NULL && i < self->given->len; i++)
    take_entity (self->given->pdata[i], self, NULL);
  return TRUE;
}

static gboolean
page_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Page *self = data;
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (MusterTargetQuery) targets = muster_target_query_new (transaction);
  gboolean is_page = self->query != NULL || self->given != NULL;

  self->view = (MusterManagementView){ transaction, self->base, targets };
  if (!read_page (self, error))
    return FALSE;
  g_string_append (json, is_page ? "{\"content\":[" : self->is_list ? "[" : "");
  if (!encode_entities (self, json, error))
    return FALSE;
  if (is_page)
    g_string_append_printf (json, "],\"total\":%" G_GINT64_FORMAT ",\"size\":%u}", self->total,
                            self->entities->len);
  else if (self->is_list)
    g_string_append_c (json, ']');
  g_value_init (result, G_TYPE_STRING);
  g_value_set_string (result, json->str);
  return TRUE;
}

/* Takes PAGE. */
static MusterResponse *
run_page (MusterManagementCall *call, unsigned status, Page *page, GError **error)
{
  g_autofree char *text =
    dex_await_string (muster_database_read (muster_repository_get_database (call->repository),
                                            page_job, page, page_free),
                      error);

  return text != NULL ? muster_management_respond (status, g_string_new (text)) : NULL;
}

/* --- what is asked for --- */

static gboolean
take_sort (Page *page, const char *text, GError **error)
{
  g_autofree char *name = g_utf8_strdown (text, strcspn (text, ":"));
  const char      *field = find_field (page->kind, name);
  const char      *order = strchr (text, ':');
  g_autofree char *sort = NULL;

  if (field == NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "sort: there is no order by %s",
                   name);
      return FALSE;
    }
  sort =
    g_strconcat (order != NULL && g_ascii_strcasecmp (order, ":desc") == 0 ? "-" : "", field, NULL);
  muster_query_set_sort (page->query, sort);
  return TRUE;
}

static gint64
get_number (MusterManagementCall *call, const char *name, gint64 otherwise)
{
  const MusterValue *value = muster_request_get_param (call->request, name);

  return value->is_null ? otherwise : value->integer;
}

static gboolean
take_params (MusterManagementCall *call, Page *page, GError **error)
{
  const char *sort = muster_request_get_param_text (call->request, "sort");
  const char *q = muster_request_get_param_text (call->request, "q");

  page->offset = get_number (call, "offset", 0);
  page->limit = MIN (get_number (call, "limit", DEFAULT_LIMIT), MAX_LIMIT);
  if (q != NULL && *q != '\0')
    page->filter = muster_rsql_parse (q, error);
  if (q != NULL && *q != '\0' && page->filter == NULL)
    return FALSE;
  return page->query == NULL ||
         take_sort (page, sort != NULL && *sort != '\0' ? sort : page->kind->names[0].name, error);
}

MusterResponse *
muster_management_list (MusterManagementCall       *call,
                        const MusterManagementKind *kind,
                        const char                 *field,
                        const char                 *value,
                        GError                    **error)
{
  Page *page = page_new (call, kind);

  page->query = muster_query_new (kind->info);
  if (field != NULL)
    muster_query_where (page->query, field, value);
  muster_query_set_limit (page->query, 0);
  if (take_params (call, page, error))
    return run_page (call, 200, page, error);
  page_free (page);
  return NULL;
}

MusterResponse *
muster_management_list_given (MusterManagementCall       *call,
                              const MusterManagementKind *kind,
                              GPtrArray                  *entities,
                              GError                    **error)
{
  Page *page = page_new (call, kind);

  page->given = g_ptr_array_ref (entities);
  if (take_params (call, page, error))
    return run_page (call, 200, page, error);
  page_free (page);
  return NULL;
}

MusterResponse *
muster_management_show (MusterManagementCall       *call,
                        const MusterManagementKind *kind,
                        unsigned                    status,
                        GPtrArray                  *entities,
                        gboolean                    is_list,
                        GError                    **error)
{
  Page *page = page_new (call, kind);

  page->is_list = is_list;
  for (guint i = 0; i < entities->len; i++)
    g_ptr_array_add (page->entities, g_object_ref (entities->pdata[i]));
  return run_page (call, status, page, error);
}

MusterResponse *
muster_management_show_one (MusterManagementCall       *call,
                            const MusterManagementKind *kind,
                            unsigned                    status,
                            MusterEntity               *entity,
                            GError                    **error)
{
  Page *page = page_new (call, kind);

  g_ptr_array_add (page->entities, g_object_ref (entity));
  return run_page (call, status, page, error);
}

MusterEntity *
muster_management_find_one (MusterManagementCall   *call,
                            const MusterEntityInfo *info,
                            const char             *field,
                            const char             *value,
                            GError                **error)
{
  g_autoptr (GError) failure = NULL;
  MusterEntity *entity = muster_ddi_service_find (call->service, info, field, value, &failure);

  if (entity == NULL && failure == NULL)
    g_set_error (&failure, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no %s %s", info->name,
                 value);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return entity;
}

MusterEntity *
muster_management_get (MusterManagementCall       *call,
                       const MusterManagementKind *kind,
                       const char                 *name,
                       GError                    **error)
{
  return muster_management_find_one (call, kind->info, kind->names[0].field,
                                     muster_request_get_path_param (call->request, name), error);
}

MusterEntity *
muster_management_find (MusterTransaction      *transaction,
                        const MusterEntityInfo *info,
                        const char             *field,
                        const char             *value,
                        const char             *sort,
                        GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);

  muster_query_where (query, field, value);
  if (sort != NULL)
    muster_query_set_sort (query, sort);
  muster_query_set_limit (query, 1);
  return muster_transaction_find (transaction, query, error);
}
