/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MUSTER_CTL_COLUMN_PLAIN = 0,
  MUSTER_CTL_COLUMN_RIGHT = 1 << 0,   /* numbers */
  MUSTER_CTL_COLUMN_ELIDE = 1 << 1,   /* may be cut short to fit the terminal */
  MUSTER_CTL_COLUMN_COLORED = 1 << 2, /* a state: coloured by its word */
} MusterCtlColumnFlags;

typedef struct
{
  const char          *title;
  MusterCtlColumnFlags flags;
} MusterCtlColumn;

/* Rows in aligned columns for a person. Cells never hold control characters: a device's name cannot
 * drive the terminal. */
typedef struct _MusterCtlTable MusterCtlTable;

/* COLUMNS ends with a NULL title and stays. */
MusterCtlTable *muster_ctl_table_new (const MusterCtlColumn *columns);
void            muster_ctl_table_free (MusterCtlTable *self);
/* One cell a column; NULL is shown as a dash. */
void     muster_ctl_table_add (MusterCtlTable *self, const char *const *cells);
unsigned muster_ctl_table_get_length (MusterCtlTable *self);
/* WIDTH: columns of the terminal, 0: any. (transfer full) */
char *muster_ctl_table_format (MusterCtlTable *self, unsigned width, gboolean color);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterCtlTable, muster_ctl_table_free)

G_END_DECLS
