/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metric-entry"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "muster-metric-entry.h"
#include "widgets/muster-suggest.h"

static DexFuture *
find (MusterSession *session, const char *text, gpointer preview)
{
  g_autoptr (GPtrArray) metrics = muster_rule_preview_list_metrics (preview);
  g_autofree char *needle = g_utf8_casefold (text, -1);
  GtkStringList   *found = gtk_string_list_new (NULL);

  /* What is named in full needs no suggestion, though others begin like it. */
  if (g_ptr_array_find_with_equal_func (metrics, text, g_str_equal, NULL))
    return dex_future_new_take_object (found);
  for (unsigned i = 0; i < metrics->len; i++)
    {
      g_autofree char *name = g_utf8_casefold (metrics->pdata[i], -1);

      if (strstr (name, needle) != NULL)
        gtk_string_list_append (found, metrics->pdata[i]);
    }
  return dex_future_new_take_object (found);
}

static GtkWidget *
create_row (MusterSession *session, GObject *item, gpointer preview)
{
  return muster_suggest_row_new (gtk_string_object_get_string (GTK_STRING_OBJECT (item)), NULL,
                                 NULL);
}

static const MusterSuggestSource source = { find, create_row, N_ ("Metrics") };

static void
muster_metric_entry_chosen_cb (MusterSuggest *suggest, GObject *item)
{
  muster_suggest_set_text (suggest, gtk_string_object_get_string (GTK_STRING_OBJECT (item)));
}

void
muster_metric_entry_attach (GtkWidget *row, MusterSession *session, MusterRulePreview *preview)
{
  MusterSuggest *suggest;

  g_return_if_fail (ADW_IS_ENTRY_ROW (row));

  suggest = muster_suggest_attach (row, session, &source, preview);
  g_signal_connect (suggest, "chosen", G_CALLBACK (muster_metric_entry_chosen_cb), NULL);
}
