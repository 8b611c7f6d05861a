/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-records-delete"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "muster-doing.h"
#include "muster-records-delete.h"
#include "widgets/muster-references.h"

static char *
describe (MusterRecordsView *view, const char *id)
{
  MusterIndexItem *item = muster_index_model_find (muster_records_view_get_model (view), id);
  MusterEntity    *record = item != NULL ? muster_index_item_get_entity (item) : NULL;

  return record != NULL
           ? g_strdup_printf (_ ("“%s” was deleted"), muster_reference_get_title (record))
           : g_strdup (_ ("Deleted"));
}

void
muster_records_delete_chosen (MusterSession          *session,
                              MusterRecordsView      *view,
                              const MusterEntityInfo *info)
{
  g_auto (GStrv) ids = muster_records_view_list_chosen (view);

  for (unsigned i = 0; ids[i] != NULL; i++)
    muster_do_and_offer (session,
                         muster_api_collection_delete (muster_session_get_client (session), info,
                                                       ids[i], 0),
                         info->name, ids[i], describe (view, ids[i]), _ ("Could not delete it"));
  muster_records_view_end_selection (view);
}
