/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * MusterRowsEditor:
 *
 * A group of a form for a list of things of the same kind, kept as a JSON array of objects: each is
 * a row that opens to what is said of it. They are added by the button in the header, removed, and
 * moved up where their order counts.
 *
 * Signal `changed`.
 */
#define MUSTER_TYPE_ROWS_EDITOR (muster_rows_editor_get_type ())
G_DECLARE_DERIVABLE_TYPE (MusterRowsEditor,
                          muster_rows_editor,
                          MUSTER,
                          ROWS_EDITOR,
                          AdwPreferencesGroup)

struct _MusterRowsEditorClass
{
  AdwPreferencesGroupClass parent_class;

  unsigned    most;         /* how many there may be */
  const char *add_label;    /* N_() marked: "Add a step" */
  const char *remove_label; /* N_() marked */
  const char *move_label;   /* N_() marked, or NULL: their order does not count */
  /* The button was pressed: appends one or more. */
  void (*add) (MusterRowsEditor *self);
  /* Something is said otherwise: says anew in ROW, which is the INDEXth, what ITEM is. */
  void (*show) (MusterRowsEditor *self, unsigned index, gpointer item, AdwExpanderRow *row);
  /* Appends what OBJECT says. */
  void (*read) (MusterRowsEditor *self, JsonObject *object);
  JsonObject *(*write) (gpointer item); /* (transfer full) */
};

/* Makes the row of ITEM, which is taken and freed by g_free(), at the end. */
void muster_rows_editor_append (MusterRowsEditor *self, gpointer item);
/* PART, below the row of the last ITEM; what it says has changed when it emits SIGNAL. */
void muster_rows_editor_add_part (MusterRowsEditor *self, GtkWidget *part, const char *signal);
/* Opens the row of ITEM, with the keyboard in PART. */
void muster_rows_editor_open (MusterRowsEditor *self, gpointer item, GtkWidget *part);

/* Says anew what all are, after rows were made or filled otherwise than by a person. */
void muster_rows_editor_changed (MusterRowsEditor *self);

unsigned muster_rows_editor_get_length (MusterRowsEditor *self);
gpointer muster_rows_editor_get_item (MusterRowsEditor *self, unsigned index);

/* JSON (nullable): an array of objects; what is no object is left out, and anything else is none.
 */
void muster_rows_editor_set_json (MusterRowsEditor *self, const char *json);
/* (transfer full); NULL: there is none. */
char *muster_rows_editor_dup_json (MusterRowsEditor *self);
/* Says MESSAGE at the row of INDEX instead of what it is; NULL: nothing at all of them. */
void muster_rows_editor_set_error (MusterRowsEditor *self, unsigned index, const char *message);

G_END_DECLS
