/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/muster-entity.h"

G_BEGIN_DECLS

/* A time that has come: as the value of a chip, "due_at.max". */
#define MUSTER_FILTER_NOW "now"

/* A chip that lets records through. Chips of the same parameter add to each other. */
typedef struct
{
  const char *field;      /* parameter of the list: "status", "on_hand.max" */
  const char *value;      /* "in_stock" */
  const char *label;      /* N_() marked, or NULL: that of the enumeration */
  gboolean    apart;      /* a new sort of chip begins */
  const char *with_field; /* (nullable): asked for as well, unless another chip does: */
  const char *with_value;
} MusterFilterChip;

/**
 * MusterFilterBar:
 *
 * The filters of a list: chips to switch on and off, and conditions set by other parts of the
 * program. Signal `changed`.
 */
#define MUSTER_TYPE_FILTER_BAR (muster_filter_bar_get_type ())
G_DECLARE_FINAL_TYPE (MusterFilterBar, muster_filter_bar, MUSTER, FILTER_BAR, GtkWidget)

void muster_filter_bar_add_chips (MusterFilterBar        *self,
                                  const MusterEntityInfo *info,
                                  const MusterFilterChip *chips,
                                  unsigned                n_chips);
/* FIELD must be VALUE (NULL: whichever). LABEL stands on a chip that takes it away again; NULL: it
 * is not seen, and stays. */
void muster_filter_bar_set_condition (MusterFilterBar *self,
                                      const char      *field,
                                      const char      *value,
                                      const char      *label);
/* What is asked for: field, value, field, value … NULL: (transfer full). */
char **muster_filter_bar_list (MusterFilterBar *self);
/* Without what nobody sees: for a saved view. */
char **muster_filter_bar_list_visible (MusterFilterBar *self);
/* Whether anything is on that can be cleared. */
gboolean muster_filter_bar_is_active (MusterFilterBar *self);
/* Whether every value of FILTERS (field, value … NULL) has a chip. */
gboolean muster_filter_bar_has_chips (MusterFilterBar *self, const char *const *filters);
/* Makes chips and seen conditions as FILTERS (field, value … NULL; nullable) say. */
void muster_filter_bar_apply (MusterFilterBar *self, const char *const *filters);

G_END_DECLS
