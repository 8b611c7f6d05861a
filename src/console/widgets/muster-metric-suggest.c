/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metric-suggest"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-page.h"
#include "client/muster-api-telemetry.h"
#include "muster-metric-suggest.h"
#include "muster-suggest.h"

#define KEY "muster-metric-names"
/* Many devices have metrics of the same name. */
#define MAX_ASKED 200
#define MAX_OFFERED 8

/* Where names come from that are not asked for. */
typedef struct
{
  MusterMetricNames names;
  gpointer          user_data;
} Known;

/* What of NAMES is offered to somebody who typed TYPED: each once. */
static DexFuture *
offer (GPtrArray *names, const char *typed)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GtkStringList *found = gtk_string_list_new (NULL);

  /* What is named in full needs no suggestion, though others begin like it. */
  if (g_ptr_array_find_with_equal_func (names, typed, g_str_equal, NULL))
    return dex_future_new_take_object (found);
  for (unsigned i = 0; i < names->len; i++)
    if (g_hash_table_add (seen, names->pdata[i]) && g_hash_table_size (seen) <= MAX_OFFERED)
      gtk_string_list_append (found, names->pdata[i]);
  return dex_future_new_take_object (found);
}

static DexFuture *
find_known (MusterSession *session, const char *text, gpointer user_data)
{
  const Known *known = user_data;
  g_autoptr (GPtrArray) names = known->names (known->user_data);
  g_autoptr (GPtrArray) fitting = g_ptr_array_new ();
  g_autofree char *needle = g_utf8_casefold (text, -1);

  for (unsigned i = 0; i < names->len; i++)
    {
      g_autofree char *name = g_utf8_casefold (names->pdata[i], -1);

      if (strstr (name, needle) != NULL)
        g_ptr_array_add (fitting, names->pdata[i]);
    }
  return offer (fitting, text);
}

static DexFuture *
take_names_cb (DexFuture *future, gpointer text)
{
  MusterApiPage *page = g_value_get_object (dex_future_get_value (future, NULL));
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    g_ptr_array_add (names,
                     (char *)muster_entity_get_string (muster_api_page_get (page, i), "name"));
  return offer (names, text);
}

static DexFuture *
find_asked (MusterSession *session, const char *text, gpointer user_data)
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

static const MusterSuggestSource known_source = { find_known, create_row, N_ ("Metrics") };
static const MusterSuggestSource asked_source = { find_asked, create_row, N_ ("Metrics") };

static void
muster_metric_suggest_chosen_cb (MusterSuggest *suggest, GObject *item)
{
  muster_suggest_set_text (suggest, gtk_string_object_get_string (GTK_STRING_OBJECT (item)));
}

void
muster_metric_suggest_attach (GtkWidget        *row,
                              MusterSession    *session,
                              MusterMetricNames names,
                              gpointer          user_data)
{
  MusterSuggest *suggest;
  Known         *known = NULL;

  g_return_if_fail (ADW_IS_ENTRY_ROW (row) && MUSTER_IS_SESSION (session));

  if (names != NULL)
    {
      known = g_new0 (Known, 1);
      known->names = names;
      known->user_data = user_data;
      g_object_set_data_full (G_OBJECT (row), KEY, known, g_free);
    }
  suggest =
    muster_suggest_attach (row, session, known != NULL ? &known_source : &asked_source, known);
  g_signal_connect (suggest, "chosen", G_CALLBACK (muster_metric_suggest_chosen_cb), NULL);
}
