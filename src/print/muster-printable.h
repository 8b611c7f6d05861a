/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* A sheet or a piece of a roll. All lengths of this folder are points: 1/72 of an inch. */
typedef struct
{
  const char *name;  /* as PWG 5101.1 and GTK know it: "iso_a4" */
  const char *title; /* N_() marked */
  double      width;
  double      height;
  double      margin; /* left free on each side */
} MusterPaper;

#define MUSTER_POINTS_PER_MM (72.0 / 25.4)

/* A4, A5, Letter; NULL for any other name. */
const MusterPaper *muster_paper_find (const char *name);
/* What the locale's people write on. */
const MusterPaper *muster_paper_get_default (void);

/**
 * MusterPrintable:
 *
 * Something on paper: laid out for a paper once, then drawn page by page on whatever cairo draws
 * on, so that preview, printer and PDF are the same.
 */
#define MUSTER_TYPE_PRINTABLE (muster_printable_get_type ())
G_DECLARE_DERIVABLE_TYPE (MusterPrintable, muster_printable, MUSTER, PRINTABLE, GObject)

struct _MusterPrintableClass
{
  GObjectClass parent_class;

  unsigned (*layout) (MusterPrintable *self, const MusterPaper *paper);
  void (*draw) (MusterPrintable *self, cairo_t *cr, unsigned page);
};

/* What it is called as a file and in the printer's queue. */
const char *muster_printable_get_title (MusterPrintable *self);
void        muster_printable_set_title (MusterPrintable *self, const char *title);
/* What it is meant for; the console may choose another one. */
const MusterPaper *muster_printable_get_paper (MusterPrintable *self);
void               muster_printable_set_paper (MusterPrintable *self, const MusterPaper *paper);

/* For the paper set; the number of pages, at least 1. */
unsigned muster_printable_layout (MusterPrintable *self);
/* After the layout: PAGE from 0, its origin at CR's. */
void muster_printable_draw (MusterPrintable *self, cairo_t *cr, unsigned page);

/* Lays it out and draws it as a PDF file: (transfer full). G_IO_ERROR when that cannot be. */
GBytes *muster_printable_make_pdf (MusterPrintable *self, GError **error);
/* Lays it out and writes it to PATH. G_IO_ERROR when that cannot be. */
gboolean muster_printable_write_pdf (MusterPrintable *self, const char *path, GError **error);

G_END_DECLS
