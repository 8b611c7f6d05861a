/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-devices"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "client/muster-api-devices.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-record.h"

#define PAGE 1000

static const MusterCtlColumn columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("LIVE"), MUSTER_CTL_COLUMN_COLORED },
                                           { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                           { N_ ("KIND"), 0 },
                                           { N_ ("MODEL"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("SERIAL"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("PLACE"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("SEEN"), 0 },
                                           { NULL, 0 } };
static const char *const     fields[] = { "name",   "live_state", "status",    "kind", "model",
                                          "serial", "location",   "last_seen", NULL };

/* One page, or (ALL) as many as there are. */
static GPtrArray *
fetch (MusterCtl *ctl, MusterApiListQuery query, gboolean all, GError **error)
{
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func (g_object_unref);

  do
    {
      MusterApiPage *page = dex_await_object (muster_api_devices_list (ctl->client, &query), error);

      if (page == NULL)
        return NULL;
      g_ptr_array_add (pages, page);
      query.cursor = muster_api_page_get_next (page);
    }
  while (all && query.cursor != NULL);
  return g_steal_pointer (&pages);
}

static void
print_pages (MusterCtl *ctl, GPtrArray *pages)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new ();
  MusterApiPage *last = pages->pdata[pages->len - 1];
  gint64         total = muster_api_page_get_total (last);

  for (unsigned i = 0; i < pages->len; i++)
    g_ptr_array_extend (devices, muster_api_page_get_items (pages->pdata[i]), NULL, NULL);
  muster_ctl_print_page (ctl, devices, columns, fields,
                         _ ("No devices. musterctl discover shows what could become one."));
  if (muster_api_page_get_next (last) != NULL)
    muster_ctl_print (_ ("%u of %" PRId64 "; --all shows the rest\n"), devices->len, total);
}

gboolean
muster_ctl_devices_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_auto (GStrv) filters = NULL;
  g_autofree char *q = NULL;
  g_autofree char *sort = NULL;
  g_autoptr (GPtrArray) pages = NULL;
  int      limit = 0;
  gboolean all = FALSE;

  const GOptionEntry entries[] = {
    { "q", 'q', 0, G_OPTION_ARG_STRING, &q, N_ ("Only those that hold these words"), N_ ("WORDS") },
    { "sort", 's', 0, G_OPTION_ARG_STRING, &sort, N_ ("Order, as in -last_seen,name"),
      N_ ("FIELDS") },
    { "limit", 'n', 0, G_OPTION_ARG_INT, &limit, N_ ("At most so many"), N_ ("NUMBER") },
    { "all", 'a', 0, G_OPTION_ARG_NONE, &all, N_ ("All of them"), NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!muster_ctl_parse (ctl, command, entries, &positional, 0, -1, error) ||
      (filters = muster_ctl_read_filters (positional + 1, error)) == NULL)
    return FALSE;
  pages = fetch (ctl,
                 (MusterApiListQuery){ .q = q,
                                       .sort = sort != NULL ? sort : "name",
                                       .limit = all ? PAGE : MAX (limit, 0),
                                       .filters = (const char *const *)filters },
                 all, error);
  if (pages == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_pages_json (pages);
  else
    print_pages (ctl, pages);
  return TRUE;
}
