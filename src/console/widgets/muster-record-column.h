/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_COLUMN_PLAIN = 0,
  MUSTER_COLUMN_TITLE = 1 << 0,    /* names the record: takes the room that is left, always there */
  MUSTER_COLUMN_HIDDEN = 1 << 1,   /* shown only when chosen */
  MUSTER_COLUMN_UNSORTED = 1 << 2, /* the daemon cannot sort by it */
  MUSTER_COLUMN_AGE = 1 << 3,      /* TIME: how long ago rather than when */
  MUSTER_COLUMN_DATE = 1 << 4,     /* TIME: the day alone */
  MUSTER_COLUMN_NUMBER = 1 << 5,   /* SHOW shows a number, at the end of its cell */
} MusterColumnFlags;

/**
 * MusterColumn:
 *
 * A column of a list of records. What it shows follows from the field's type: chips for states that
 * have a look, names for references, amounts with their currency, numbers to the right. CREATE and
 * SHOW make a cell of its own kind.
 */
typedef struct
{
  const char       *field; /* of the entity, or an id of its own where SHOW is given */
  int               width; /* pixels; of MUSTER_COLUMN_TITLE the least */
  unsigned          keep;  /* 0: always there; the greater, the sooner it gives way to narrowness */
  MusterColumnFlags flags;
  const char       *title;                       /* N_() marked, or NULL: the field's label */
  const char       *icon_name;                   /* TITLE: before it, or NULL */
  GtkWidget *(*create) (MusterSession *session); /* (transfer floating) (nullable): a label */
  void (*show) (GtkWidget *cell, MusterEntity *record, MusterSession *session); /* (nullable) */
  /* TITLE: what names one record, instead of the field: (transfer full). */
  char *(*dup_title) (MusterEntity *record); /* (nullable) */
  /* TITLE: the icon of one record (nullable). */
  const char *(*get_icon_name) (MusterEntity *record);
  /* TITLE: the attachment that shows one record (nullable), instead of its icon. */
  const char *(*get_picture) (MusterEntity *record);
} MusterColumn;

/* Sets up COLUMN as TABLE says for records of INFO in cells of [class@Muster.IndexItem]. OWNER: its
 * property `narrow` shows those of BELOW (field names up to NULL, nullable) that no column shows as
 * a second line of the title. */
void muster_record_column_set_up (GtkColumnViewColumn    *column,
                                  const MusterColumn     *table,
                                  const MusterEntityInfo *info,
                                  const char *const      *below,
                                  MusterSession          *session,
                                  GObject                *owner);
/* Makes COLUMN the check boxes of a selection. */
void muster_record_column_set_up_marks (GtkColumnViewColumn *column);
/* Whether COLUMN, which was set up, shows numbers: they stand at its end. */
gboolean muster_record_column_is_number (GtkColumnViewColumn *column);
/* What stands in its header: (transfer none). */
const char *muster_column_get_title (const MusterColumn *self, const MusterEntityInfo *info);
/* The position of the row that WIDGET, of such a list, is part of, or GTK_INVALID_LIST_POSITION. */
unsigned muster_record_column_find_position (GtkWidget *widget);

G_END_DECLS
