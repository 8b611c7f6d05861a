/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-print-units"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "muster-print-dialog.h"
#include "muster-print-units.h"

/* More labels at once are a mistake. */
#define MAX_UNITS 1000

static DexFuture *
muster_print_units_cb (DexFuture *future, gpointer user_data)
{
  MusterPage    *page = user_data;
  MusterSession *session = muster_page_get_session (page);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;

  if (value == NULL)
    {
      muster_session_tell_error (session, _ ("The units could not be read"), error);
      return dex_future_new_true ();
    }
  for (unsigned i = 0; i < muster_api_page_get_length (g_value_get_object (value)); i++)
    g_strv_builder_add (builder,
                        muster_entity_get_id (muster_api_page_get (g_value_get_object (value), i)));
  ids = g_strv_builder_end (builder);
  if (ids[0] == NULL)
    muster_session_tell (session, _ ("There are no units whose labels could be printed"));
  else if (muster_page_is_alive (page))
    muster_print_dialog_show (GTK_WIDGET (page), session, MUSTER_PRINT_DEVICE_LABELS,
                              (const char *const *)ids);
  return dex_future_new_true ();
}

void
muster_print_units (MusterPage *page, const char *const *filters)
{
  const MusterApiListQuery query = { .sort = "serial", .limit = MAX_UNITS, .filters = filters };

  g_return_if_fail (MUSTER_IS_PAGE (page));
  g_return_if_fail (filters != NULL);

  dex_future_disown (
    dex_future_finally (muster_api_devices_list (muster_page_get_client (page), &query),
                        muster_print_units_cb, g_object_ref (page), g_object_unref));
}
