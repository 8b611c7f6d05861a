/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Where suggestions come from. */
typedef struct
{
  /* What fits TEXT (not empty): (transfer full) a future that resolves to a GListModel. */
  DexFuture *(*find) (MusterSession *session, const char *text, gpointer user_data);
  /* How ITEM looks among them: (transfer floating). */
  GtkWidget *(*create_row) (MusterSession *session, GObject *item, gpointer user_data);
  /* What a screen reader calls the list; N_() marked. */
  const char *label;
} MusterSuggestSource;

/**
 * MusterSuggest:
 *
 * Suggests while somebody types into an entry: arrows go through what fits, Enter takes it, Escape
 * closes it. Who types and presses Enter faster than the site answers gets the first that fits as
 * soon as it is there.
 *
 * Signals: `chosen (GObject *item)`; `entered (char *text)`: Enter, and nothing fits.
 */
#define MUSTER_TYPE_SUGGEST (muster_suggest_get_type ())
G_DECLARE_FINAL_TYPE (MusterSuggest, muster_suggest, MUSTER, SUGGEST, GObject)

/* For ENTRY, a GtkEditable that keeps it for as long as it lives: borrowed. */
MusterSuggest *muster_suggest_attach (GtkWidget                 *entry,
                                      MusterSession             *session,
                                      const MusterSuggestSource *source,
                                      gpointer                   user_data);
/* Sets the entry's text without suggesting anything. */
void muster_suggest_set_text (MusterSuggest *self, const char *text);
/* Takes what fits TEXT first, as if it had been typed with Enter: it was scanned, say. */
void muster_suggest_take (MusterSuggest *self, const char *text);
/* Looks at once for what fits "": for a list that shows itself before anything is typed. Off at
 * first. */
void muster_suggest_set_eager (MusterSuggest *self, gboolean eager);

/* A row of a title, a line below it and something at its end (nullable, taken): what create_row()
 * usually makes. */
GtkWidget *muster_suggest_row_new (const char *title, const char *subtitle, GtkWidget *suffix);

G_END_DECLS
