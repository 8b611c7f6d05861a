/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-document-print.h"
#include "muster-pencil.h"

G_BEGIN_DECLS

typedef struct _MusterBlock MusterBlock;

/* How a kind of block is drawn. PART: what may not be broken over pages, such as a table's row. */
typedef struct
{
  unsigned (*count_parts) (MusterBlock *self);
  double (*measure) (MusterBlock *self, MusterPencil *pencil, unsigned part, double width);
  void (*draw) (MusterBlock  *self,
                MusterPencil *pencil,
                cairo_t      *cr,
                unsigned      part,
                double        x,
                double        y,
                double        width);
  /* (nullable): what stands above the first part on each page. */
  double (*measure_head) (MusterBlock *self, MusterPencil *pencil, double width);
  void (*draw_head) (MusterBlock  *self,
                     MusterPencil *pencil,
                     cairo_t      *cr,
                     double        x,
                     double        y,
                     double        width);
} MusterBlockClass;

struct _MusterBlock
{
  const MusterBlockClass *class;
  double          space;           /* above it */
  gboolean        stays_with_next; /* no page ends with it */
  MusterTextStyle style;           /* of a text */
  char           *label;           /* (owned) (nullable) */
  char           *text;            /* (owned) (nullable) */
  gboolean        strong;          /* of a total */
  JsonNode       *strokes;         /* (owned) (nullable): of a signature */
  GArray         *columns;         /* (owned) (nullable) (element-type MusterDocumentColumn) */
  GPtrArray      *rows;            /* (owned) (nullable) (element-type GStrv) */
};

MusterBlock *muster_block_new_text (MusterTextStyle style, const char *text);
MusterBlock *muster_block_new_pair (const char *label, const char *value);
MusterBlock *muster_block_new_table (const MusterDocumentColumn *columns);
MusterBlock *muster_block_new_total (const char *label, const char *amount, gboolean strong);
MusterBlock *muster_block_new_signature (const char *label, const char *name, JsonNode *strokes);
void         muster_block_free (gpointer data);
gboolean     muster_block_is_table (MusterBlock *self);
/* (element-type MusterBlock): borrowed, in order. */
GPtrArray *muster_document_print_get_blocks (MusterDocumentPrint *self);

G_END_DECLS
