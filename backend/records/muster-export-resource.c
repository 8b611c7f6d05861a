/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-export-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/muster-rows.h"
#include "muster-export-resource.h"
#include "muster-record-kinds.h"
#include "muster-spool.h"

#define MAX_COLUMNS 200

static const MusterEnumValue formats[] = {
  { "csv", N_ ("CSV") },
  { "ndjson", N_ ("JSON lines") },
  { NULL, NULL },
};
static const MusterEnum format_enum = { "ExportFormat", formats };
enum
{
  FORMAT_CSV,
  FORMAT_NDJSON,
};

/* What the handlers work with. */
#define MUSTER_TYPE_EXPORTER (muster_exporter_get_type ())
G_DECLARE_FINAL_TYPE (MusterExporter, muster_exporter, MUSTER, EXPORTER, GObject)

struct _MusterExporter
{
  GObject parent_instance;

  MusterRepository *repository; /* (owned) */
  char             *folder;     /* (owned) */
  /* (owned) (nullable): the export before. One at a time: there are few readers, and the lists that
   * people look at go first. */
  DexFuture *last;
};

G_DEFINE_FINAL_TYPE (MusterExporter, muster_exporter, G_TYPE_OBJECT)

static void
muster_exporter_finalize (GObject *object)
{
  MusterExporter *self = MUSTER_EXPORTER (object);

  dex_clear (&self->last);
  g_clear_object (&self->repository);
  g_clear_pointer (&self->folder, g_free);
  G_OBJECT_CLASS (muster_exporter_parent_class)->finalize (object);
}

static void
muster_exporter_class_init (MusterExporterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_exporter_finalize;
}

static void
muster_exporter_init (MusterExporter *self)
{
}

/* One export: put together on a reader, from one snapshot, then read as the client takes it, so
 * that a slow client holds up nobody. Passed from thread to thread, never shared. */
typedef struct
{
  MusterQuery *query;   /* (owned) */
  GArray      *columns; /* (owned) (element-type MusterColumn) */
  char        *folder;
  int          format;
  gboolean     bom;
  MusterSpool *spool; /* (owned) (nullable): once begun */
  GPtrArray   *names; /* (owned) (element-type utf8): of the columns */
} Export;

static void
export_clear (gpointer data)
{
  Export *self = data;

  g_clear_pointer (&self->query, muster_query_unref);
  g_clear_pointer (&self->columns, g_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->spool, muster_spool_free);
  g_free (self->folder);
}

static Export *
export_ref (Export *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
export_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, export_clear);
}

/* --- on the reader --- */

static void
export_append_header (Export *self)
{
  GString *text = muster_spool_get_buffer (self->spool);

  if (self->format != FORMAT_CSV)
    return;
  if (self->bom)
    g_string_append (text, "\xef\xbb\xbf");
  for (guint i = 0; i < self->names->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", (const char *)self->names->pdata[i]);
  g_string_append (text, "\r\n");
}

static void
export_append_csv (Export *self, const MusterValue *values)
{
  GString *text = muster_spool_get_buffer (self->spool);

  for (guint i = 0; i < self->columns->len; i++)
    {
      const MusterField *field = g_array_index (self->columns, MusterColumn, i).field;
      g_autofree char   *cell = muster_field_format_text (field, &values[i]);

      if (i > 0)
        g_string_append_c (text, ',');
      muster_csv_append_cell (text, cell, muster_field_is_text (field));
    }
  g_string_append (text, "\r\n");
}

static void
export_append_json (Export *self, const MusterValue *values)
{
  GString *text = muster_spool_get_buffer (self->spool);

  for (guint i = 0; i < self->columns->len; i++)
    {
      g_string_append_printf (text, "%c\"%s\":", i > 0 ? ',' : '{',
                              (const char *)self->names->pdata[i]);
      muster_field_encode_value (g_array_index (self->columns, MusterColumn, i).field, &values[i],
                                 text);
    }
  g_string_append (text, "}\n");
}

static gboolean
export_take_row (const MusterValue *values, gpointer data, GError **error)
{
  Export *self = data;

  if (self->format == FORMAT_CSV)
    export_append_csv (self, values);
  else
    export_append_json (self, values);
  return muster_spool_flush (self->spool, FALSE, error);
}

static gboolean
export_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Export *self = data;

  self->spool = muster_spool_new (self->folder, error);
  if (self->spool == NULL)
    return FALSE;
  export_append_header (self);
  return muster_transaction_each_row (transaction, self->query, self->columns, export_take_row,
                                      self, error) &&
         muster_spool_flush (self->spool, TRUE, error);
}

/* --- on the main thread --- */

static DexFuture *
start_export_cb (DexFuture *future, gpointer user_data)
{
  gpointer       *pair = user_data;
  MusterExporter *exporter = pair[0];

  return muster_database_read_as_of (muster_repository_get_database (exporter->repository),
                                     muster_query_get_as_of (((Export *)pair[1])->query),
                                     export_job, export_ref (pair[1]), export_unref);
}

static void
pair_free (gpointer data)
{
  gpointer *pair = data;

  g_object_unref (pair[0]);
  export_unref (pair[1]);
  g_free (pair);
}

static DexFuture *
muster_exporter_run (MusterExporter *self, Export *export)
{
  gpointer  *pair = g_new (gpointer, 2);
  DexFuture *before = self->last != NULL ? g_steal_pointer (&self->last) : dex_future_new_true ();

  pair[0] = g_object_ref (self);
  pair[1] = export_ref (export);
  self->last = dex_future_finally (before, start_export_cb, pair, pair_free);
  return dex_ref (self->last);
}

static void
name_file (MusterResponse *response, Export *export)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");
  g_autofree char *value = g_strdup_printf ("attachment; filename=\"%s-%s.%s\"",
                                            muster_query_get_info (export->query)->path, day,
                                            muster_enum_get_nick (&format_enum, export->format));

  muster_response_set_header (response, "Content-Disposition", value);
}

static DexFuture *
respond_cb (DexFuture *future, gpointer user_data)
{
  Export *export = user_data;
  gint64 length;
  g_autoptr (GInputStream) stream = muster_spool_read (export->spool, &length);
  MusterResponse *response = NULL;

  response = muster_response_new_stream (200,
                                         export->format == FORMAT_CSV
                                           ? "text/csv; charset=utf-8"
                                           : "application/x-ndjson; charset=utf-8",
                                         stream, length);
  name_file (response, export);
  return muster_response_resolve (response);
}

/* NULL where TEXT names what is no column. */
static GArray *
parse_columns (MusterDatabase         *database,
               const MusterEntityInfo *info,
               const char             *text,
               GError                **error)
{
  g_autoptr (GArray) columns = NULL;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_auto (GStrv) names = NULL;

  if (text == NULL)
    return muster_columns_list_all (info);
  columns = g_array_new (FALSE, FALSE, sizeof (MusterColumn));
  names = g_strsplit (text, ",", MAX_COLUMNS + 1);
  if (g_strv_length (names) > MAX_COLUMNS)
    muster_field_errors_add (errors, "columns", "must be at most %d", MAX_COLUMNS);
  for (unsigned i = 0; names[i] != NULL && i < MAX_COLUMNS; i++)
    {
      MusterColumn column;

      if (muster_column_parse (database, info, names[i], "columns", &column, errors))
        g_array_append_val (columns, column);
    }
  return muster_field_errors_check (errors, error) ? g_steal_pointer (&columns) : NULL;
}

static Export *
export_new (MusterExporter *self, MusterRequest *request, GError **error)
{
  MusterDatabase    *database = muster_repository_get_database (self->repository);
  MusterQuery       *query = muster_request_get_query (request);
  const MusterValue *format = muster_request_get_param (request, "format");
  GArray            *columns = parse_columns (database, muster_query_get_info (query),
                                              muster_request_get_param_text (request, "columns"), error);
  Export *export = NULL;

  if (columns == NULL)
    return NULL;
  export = g_atomic_rc_box_new0 (Export);
  export->query = muster_query_ref (query);
  export->columns = columns;
  export->folder = g_strdup (self->folder);
  export->format = format->is_null ? FORMAT_CSV : format->integer;
  export->bom = muster_request_get_param (request, "bom")->integer != 0;
  export->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < columns->len; i++)
    g_ptr_array_add (export->names,
                     muster_column_dup_name (&g_array_index (columns, MusterColumn, i)));
  return export;
}

static DexFuture *
export_records (MusterRequest *request, gpointer exporter)
{
  MusterQuery            *query = muster_request_get_query (request);
  const MusterRecordKind *kind = muster_record_kind_find (muster_query_get_info (query)->name);
  MusterActor            *actor = muster_request_get_actor (request);
  g_autoptr (GError) error = NULL;
  Export *export = NULL;

  if (muster_record_kind_is_owned (kind, muster_actor_get_role (actor)))
    muster_search_scope_restrict (&kind->scope, query, muster_actor_get_person_id (actor));
  export = export_new (exporter, request, &error);
  if (export == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_then (muster_exporter_run (exporter, export), respond_cb, export, export_unref);
}

/* --- the routes: one a kind of record, so that each takes the filters of its own list --- */

/* clang-format off */
static const MusterField parameters[] = {
  { "columns", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 1, 8000, .label = N_("Columns"), .doc = "Names of fields in the order of their columns, with commas; `location_id.path` is the path of the place that location_id points at. Every field unless told." },
  { "format", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &format_enum, .label = N_("Format"), .doc = "csv: RFC 4180, cells that a spreadsheet would take for formulas begin with an apostrophe; ndjson: one JSON object a line." },
  { "bom", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Byte order mark"), .doc = "Whether a CSV file begins with one, for programs that take it for another encoding than UTF-8 otherwise." },
};
/* clang-format on */

typedef struct
{
  MusterRoute route;
  MusterShape shape;
} ExportRoute;

static void
fill_route (ExportRoute *self, const MusterRecordKind *kind)
{
  const MusterEntityInfo *info = kind->scope.info;
  g_autofree char        *path = g_strconcat ("/exports/", info->path, NULL);

  self->shape = (MusterShape){
    .doc = "The list as a file.", .entity = info, .list = TRUE, .media_type = "text/csv"
  };
  self->route = (MusterRoute){
    .method = "GET",
    .path = g_intern_string (path),
    .operation = kind->export,
    .tag = "records",
    .summary = "The whole list as CSV or JSON lines, as its filters and order say",
    .handler = export_records,
    .flags = MUSTER_ROUTE_LIST,
    .query = parameters,
    .n_query = G_N_ELEMENTS (parameters),
    .response = &self->shape,
  };
}

void
muster_export_resource_add (MusterRouter *router, MusterRepository *repository, const char *folder)
{
  static ExportRoute *routes;
  static gsize        is_filled;
  g_autoptr (MusterExporter) exporter = g_object_new (MUSTER_TYPE_EXPORTER, NULL);

  exporter->repository = g_object_ref (repository);
  exporter->folder = g_strdup (folder);
  if (g_once_init_enter (&is_filled))
    {
      routes = g_new0 (ExportRoute, muster_n_record_kinds);
      for (unsigned i = 0; i < muster_n_record_kinds; i++)
        fill_route (&routes[i], &muster_record_kinds[i]);
      g_once_init_leave (&is_filled, 1);
    }
  for (unsigned i = 0; i < muster_n_record_kinds; i++)
    muster_router_add (router, &routes[i].route, 1, G_OBJECT (exporter));
}
