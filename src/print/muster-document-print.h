/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "muster-barcode.h"
#include "muster-printable.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_COLUMN_START,
  MUSTER_COLUMN_END, /* numbers */
  MUSTER_COLUMN_TICK /* a box to be ticked by hand; the cell's text is left out */
} MusterColumnKind;

/* A column of a table; a NULL title ends a list of them. WEIGHT: its share of the width. */
typedef struct
{
  const char      *title; /* translated */
  double           weight;
  MusterColumnKind kind;
} MusterDocumentColumn;

/**
 * MusterDocument:
 *
 * A letter-like document made of blocks one below the other, with the sender and a title at its
 * head, and page numbers. Tables go over pages and repeat their header; totals and signatures stay
 * whole. All texts are copied.
 */
#define MUSTER_TYPE_DOCUMENT_PRINT (muster_document_print_get_type ())
G_DECLARE_FINAL_TYPE (MusterDocumentPrint,
                      muster_document_print,
                      MUSTER,
                      DOCUMENT_PRINT,
                      MusterPrintable)

/* SENDER: the site's name. KIND: "Delivery note". NUMBER (nullable) is also printed as a bar code
 * at the head. */
MusterDocumentPrint *muster_document_print_new (const char *sender,
                                                const char *kind,
                                                const char *number);

void muster_document_print_add_heading (MusterDocumentPrint *self, const char *text);
/* Any number of paragraphs; nothing for NULL and "". */
void muster_document_print_add_text (MusterDocumentPrint *self, const char *text);
/* LABEL beside VALUE; nothing where VALUE is NULL or "". */
void muster_document_print_add_pair (MusterDocumentPrint *self,
                                     const char          *label,
                                     const char          *value);
/* An empty table with COLUMNS; rows follow. */
void muster_document_print_add_table (MusterDocumentPrint        *self,
                                      const MusterDocumentColumn *columns);
/* A row of the table added last: as many cells as it has columns, NULL for an empty one. */
void muster_document_print_add_row (MusterDocumentPrint *self, const char *const *cells);
/* A line below the table, its amount at the end; STRONG for the last of them. */
void muster_document_print_add_total (MusterDocumentPrint *self,
                                      const char          *label,
                                      const char          *amount,
                                      gboolean             strong);
/* A line to sign on; STROKES (nullable): a list of strokes, each a list of [x, y] from 0 to 1; NAME
 * (nullable) below it. */
void muster_document_print_add_signature (MusterDocumentPrint *self,
                                          const char          *label,
                                          const char          *name,
                                          JsonNode            *strokes);

G_END_DECLS
