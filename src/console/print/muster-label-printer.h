/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <libdex.h>

#include "print/muster-printable.h"

G_BEGIN_DECLS

/* The printer of this window's labels: asked for once, by the desktop's own dialog, and kept in a
 * file of the person's configuration. */

/* Prints LABEL, laid out, over the window of WIDGET without asking, where the printer is known;
 * AGAIN asks in any case. Resolves to TRUE; rejects with GTK_PRINT_ERROR, or G_IO_ERROR_CANCELLED
 * (the person chose none). */
DexFuture *muster_label_printer_print (GtkWidget *widget, MusterPrintable *label, gboolean again);

/* Prints PRINTABLE, which it lays out, on the paper that is its own. */
GtkPrintOperation *muster_print_operation_new (MusterPrintable *printable);

G_END_DECLS
