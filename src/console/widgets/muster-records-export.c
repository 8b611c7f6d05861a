/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-records-export"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-imports.h"
#include "model/muster-entity.h"
#include "muster-records-export.h"
#include "muster-save-file.h"

static char *
join_columns (const MusterEntityInfo *info, const char *const *columns)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (unsigned i = 0; columns[i] != NULL; i++)
    if (muster_entity_info_find (info, columns[i]) >= 0)
      g_string_append_printf (names, "%s%s", names->len > 0 ? "," : "", columns[i]);
  return g_string_free_and_steal (g_steal_pointer (&names));
}

typedef struct
{
  const MusterEntityInfo *info;
  char                   *columns; /* (owned) */
  char                  **filters; /* (owned) name, value … */
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_free (export->columns);
  g_strfreev (export->filters);
  g_free (export);
}

static DexFuture *
read_export (MusterApiClient *client, gpointer user_data)
{
  Export *export = user_data;
  const MusterApiListQuery query = { .filters = (const char *const *)export->filters };

  return muster_api_export (client, export->info->path, export->columns, "csv", FALSE, &query);
}

void
muster_records_export (MusterSession          *session,
                       GtkWidget              *parent,
                       const MusterEntityInfo *info,
                       const char *const      *columns,
                       const char *const      *parameters)
{
  g_autofree char *name = NULL;
  Export *export = NULL;

  g_return_if_fail (info != NULL);
  g_return_if_fail (columns != NULL && parameters != NULL);

  name = g_strdup_printf ("%s.csv", info->path);
  export = g_new0 (Export, 1);
  export->info = info;
  export->columns = join_columns (info, columns);
  export->filters = g_strdupv ((char **)parameters);
  muster_save_file (session, parent, _ ("Export"), name, read_export, export, export_free);
}
