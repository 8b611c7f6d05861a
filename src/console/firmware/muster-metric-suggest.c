/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metric-suggest"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-page.h"
#include "client/muster-api-telemetry.h"
#include "muster-metric-suggest.h"
#include "widgets/muster-suggest.h"

/* Many devices have metrics of the same name. */
#define MAX_ASKED 200
#define MAX_OFFERED 8

static DexFuture *
take_names_cb (DexFuture *future, gpointer user_data)
{
  const char    *typed = user_data;
  MusterApiPage *page = g_value_get_object (dex_future_get_value (future, NULL));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GtkStringList *found = gtk_string_list_new (NULL);

  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    {
      const char *name = muster_entity_get_string (muster_api_page_get (page, i), "name");

      /* What is named in full needs no suggestion. */
      if (g_str_equal (name, typed))
        {
          gtk_string_list_splice (found, 0, g_list_model_get_n_items (G_LIST_MODEL (found)), NULL);
          break;
        }
      if (g_hash_table_add (seen, (gpointer)name) && g_hash_table_size (seen) <= MAX_OFFERED)
        gtk_string_list_append (found, name);
    }
  return dex_future_new_take_object (found);
}

static DexFuture *
find (MusterSession *session, const char *text, gpointer user_data)
{
  const MusterApiListQuery query = { .q = text, .sort = "name", .limit = MAX_ASKED };

  return dex_future_then (muster_api_metrics_list (muster_session_get_client (session), &query),
                          take_names_cb, g_strdup (text), g_free);
}

static GtkWidget *
create_row (MusterSession *session, GObject *item, gpointer user_data)
{
  return muster_suggest_row_new (gtk_string_object_get_string (GTK_STRING_OBJECT (item)), NULL,
                                 NULL);
}

static const MusterSuggestSource source = { find, create_row, N_ ("Metrics") };

static void
muster_metric_suggest_chosen_cb (MusterSuggest *suggest, GObject *item)
{
  muster_suggest_set_text (suggest, gtk_string_object_get_string (GTK_STRING_OBJECT (item)));
}

void
muster_metric_suggest_attach (GtkWidget *row, MusterSession *session)
{
  g_return_if_fail (ADW_IS_ENTRY_ROW (row) && MUSTER_IS_SESSION (session));

  g_signal_connect (muster_suggest_attach (row, session, &source, NULL), "chosen",
                    G_CALLBACK (muster_metric_suggest_chosen_cb), NULL);
}
