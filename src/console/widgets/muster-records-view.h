/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-filter-bar.h"
#include "muster-index-model.h"
#include "muster-record-column.h"

G_BEGIN_DECLS

/* Something to do to the records that are chosen: a button of the selection bar and an item of the
 * menu of a row. The widget around the view has the action. */
typedef struct
{
  const char *label;     /* N_() marked, with mnemonic */
  const char *icon_name; /* in the bar; NULL: the label alone */
  const char *action;    /* detailed name: "units.move"; with CREATE_MENU that of its items */
  const char *operation; /* the right it takes, "createStockMove", or NULL */
  GMenuModel *(*create_menu) (
    const char *action); /* what to choose from (transfer full), or NULL */
  gboolean single;       /* of one record: not offered for several */
} MusterRecordsAction;

/* A change of ENTITY in the journal touches the record that its FIELD names, though that one's own
 * fields did not change. */
typedef struct
{
  const char *entity;
  const char *field; /* (nullable): touches all */
} MusterRecordsTouch;

/* What a list of records is made of. All arrays and strings are static. */
typedef struct
{
  const MusterEntityInfo *info;
  const char             *name;   /* "products": of the choice of columns in the settings */
  const char             *title;  /* N_() marked: "Products" */
  const char             *search; /* N_() marked: what can be searched for */
  const char             *sort;   /* as it begins: "name", "-created_at" */
  const MusterColumn     *columns;
  unsigned                n_columns;
  const char *const      *below; /* fields up to NULL: second line where it is narrow (nullable) */
  const MusterFilterChip *chips;
  unsigned                n_chips;
  const MusterRecordsAction *actions;
  unsigned                   n_actions;
  const MusterRecordsTouch  *touches; /* up to a NULL entity (nullable) */
  /* Where there is nothing yet. Titles and texts N_() marked. */
  const char *empty_icon;
  const char *empty_title;
  const char *empty_text;
  const char
    *new_label; /* N_() marked, with mnemonic: "_Add a Product…"; NULL: none are made here */
  const char *new_operation;    /* the right it takes: "createProduct" */
  const char *import_operation; /* the right to import such records from a file; NULL: they are
                                   not imported */
  /* A better way to the first ones than making one, as a button before that (nullable). */
  const char *way_label;  /* N_() marked, with mnemonic */
  const char *way_action; /* detailed name: "win.room::discover" */
} MusterRecordsSpec;

/**
 * MusterRecordsView:
 *
 * A list of records of one kind over the API: searched, filtered, sorted, chosen from, with the
 * columns that the person likes, as many as there is room for; exported as it is shown. States:
 * loading, nothing yet, nothing matches, trouble, content.
 *
 * Signals: `activate (MusterIndexItem *)`; `new ()`; `delete ()`: the Delete key, for
 * muster_records_view_list_chosen(); `asked ()`: for other records than before.
 *
 * Actions of its own: `records.select`, `records.select-all`, `records.clear-filters`,
 * `records.new`, `records.import`, `records.export`. Property `narrow`.
 */
#define MUSTER_TYPE_RECORDS_VIEW (muster_records_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterRecordsView, muster_records_view, MUSTER, RECORDS_VIEW, GtkWidget)

GtkWidget *muster_records_view_new (MusterSession *session, const MusterRecordsSpec *spec);

/* --- for the page around it --- */

/* Asks again. */
void muster_records_view_refresh (MusterRecordsView *self);
/* Puts the keyboard into the search. */
void muster_records_view_search (MusterRecordsView *self);
/* See muster_filter_bar_set_condition(). */
void muster_records_view_set_condition (MusterRecordsView *self,
                                        const char        *field,
                                        const char        *value,
                                        const char        *label);
/* Shows what FILTERS (field, value … NULL; nullable) let through, and nothing else is asked for. */
void muster_records_view_show_only (MusterRecordsView *self, const char *const *filters);
/* The same with TEXT (nullable) in the search. */
void muster_records_view_show (MusterRecordsView *self,
                               const char        *text,
                               const char *const *filters);
/* Whether the chips can say what FILTERS do. */
gboolean muster_records_view_has_chips (MusterRecordsView *self, const char *const *filters);
/* What is searched for. */
const char *muster_records_view_get_text (MusterRecordsView *self);
/* The filters that are seen (field, value … NULL): (transfer full). */
char **muster_records_view_list_filters (MusterRecordsView *self);
/* Ids of what an action is about: the rows marked, or the one whose menu is open or that has the
 * focus: (transfer full), may be empty. */
char **muster_records_view_list_chosen (MusterRecordsView *self);
/* Out of selection mode, after something was done. */
void muster_records_view_end_selection (MusterRecordsView *self);
/* The model, for a page that patches rows: borrowed. */
MusterIndexModel *muster_records_view_get_model (MusterRecordsView *self);
/* Does for a page what its action NAME ("page.export") is called after: `records.export`. */
void muster_records_view_do_page_action (MusterRecordsView *self, const char *name);
/* A widget beside the search: at the end of the bar. */
void muster_records_view_add_tool (MusterRecordsView *self, GtkWidget *tool);
/* A button of the selection bar, before those of the actions. */
void muster_records_view_add_bulk_tool (MusterRecordsView *self, GtkWidget *tool);
/* An item of its menu. */
void muster_records_view_add_menu (MusterRecordsView *self, GMenuModel *section);

G_END_DECLS
