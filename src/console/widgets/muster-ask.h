/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Called with the rows when the person says yes. */
typedef void (*MusterAskFunc) (GtkWidget *const *rows, gpointer user_data);

/* A question with a few rows to answer it by. ROWS: up to NULL, floating ones are taken; VERB: of
 * the button, with mnemonic. DESTROY (nullable) frees USER_DATA once it is closed. (transfer
 * none). */
AdwDialog *muster_ask (GtkWidget        *parent,
                       const char       *heading,
                       const char       *body,
                       GtkWidget *const *rows,
                       const char       *verb,
                       MusterAskFunc     func,
                       gpointer          user_data,
                       GDestroyNotify    destroy);
/* Whether it can be said yes to now. */
void muster_ask_set_ready (AdwDialog *dialog, gboolean ready);

G_END_DECLS
